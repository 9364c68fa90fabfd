//! Trees in files of both formats: the movement suite, files of `pathmap`, damage, merges.

#[macro_use]
#[path = "../common/movement_suite/mod.rs"]
mod movement_suite;
#[path = "../common/tries.rs"]
mod tries;

mod damage;
mod encode;
mod files;
mod golden;
mod movement;
mod reads;

use bytetrie::PathMap;
use bytetrie::arena_compact::{ACTMmap, ACTVec};

/// A tree of a map in the format of this crate.
fn tree(map: &PathMap<u64>) -> ACTVec {
    ACTVec::from_zipper(map.read_zipper(), |&value| value)
}

/// A tree of a map in the format of `pathmap`.
fn arena(map: &PathMap<u64>, style: encode::Style) -> ACTMmap {
    ACTMmap::from_data(encode::encode(map, style)).unwrap()
}

/// A file that `pathmap` wrote.
fn golden_file(name: &str) -> Vec<u8> {
    let file = format!("{}/tests/arena_compact/golden/{name}.act", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(file).unwrap()
}
