//! Copies of maps that share no nodes.

use bytetrie::PathMap;
use bytetrie::testing::ops::ProgramValue;
use bytetrie::zipper::*;

/// Returns a map of equal content that shares no nodes, built in reverse order.
pub(crate) fn rebuilt<V: ProgramValue>(map: &PathMap<V>) -> PathMap<V> {
    let mut locations = Vec::new();
    let mut reader = map.read_zipper();
    while reader.to_next_step() {
        locations.push(reader.path().to_vec());
    }
    let mut copy = PathMap::new();
    locations.push(Vec::new());
    for path in locations.into_iter().rev() {
        copy.create_path(&path);
        if let Some(value) = map.get(&path) {
            copy.insert(&path, value.clone());
        }
    }
    assert_eq!(copy, *map);
    copy
}
