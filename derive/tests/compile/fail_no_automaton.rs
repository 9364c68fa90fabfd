//! What is given where an automaton is asked for: the message says how it becomes one.

use bytetrie::PathMap;

fn main() {
    let map = PathMap::from([("figs", 1u32)]);
    let _ = map.search("fi");
}
