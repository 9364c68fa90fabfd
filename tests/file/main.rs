//! Maps in files: round trips, damaged bytes, limits, and sources that fail.

#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/stack.rs"]
mod stack;
#[path = "../common/tries.rs"]
mod tries;

mod damage;
mod encoded;
mod hostile;
mod replace;
mod round_trips;
mod store;
mod streams;
mod writer;

use bytetrie::PathMap;
use bytetrie::file::Stored;

/// The bytes of a saved map.
fn saved<V: Stored>(map: &PathMap<V>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let len = map.save(&mut bytes).unwrap();
    assert_eq!(len, bytes.len() as u64);
    bytes
}
