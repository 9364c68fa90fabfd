//! What is given where a zipper is asked for: the messages say where zippers come from.

use bytetrie::PathMap;
use bytetrie::zipper::*;

fn walk<Z: ZipperIteration>(_: Z) {}

fn main() {
    let mut map = PathMap::from([("figs", 1u32)]);
    let other = map.clone();
    map.write_zipper().graft(&other);
    walk(&other);
}
