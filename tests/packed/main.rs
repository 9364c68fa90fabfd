//! Packed tries: the movement suite, look-ups, views, damaged bytes.

#[macro_use]
#[path = "../common/movement_suite/mod.rs"]
mod movement_suite;
#[path = "../common/tries.rs"]
mod tries;

mod damage;
mod movement;
mod reads;
mod sources;

use bytetrie::PathMap;
use bytetrie::file::{Packed, Stored};

/// A map, saved and opened again.
fn packed<V: Stored>(map: &PathMap<V>) -> Packed<'static, V> {
    let mut bytes = Vec::new();
    map.save(&mut bytes).unwrap();
    Packed::new(bytes).unwrap()
}
