//! The nodes of a map.

use std::collections::BTreeMap;

use bytetrie::PathMap;
use bytetrie::zipper::*;

/// Returns the nodes of a map by the paths of their roots.
pub(crate) fn nodes<V>(map: &PathMap<V>) -> BTreeMap<Vec<u8>, u64> {
    let mut reader = map.read_zipper();
    let mut nodes = BTreeMap::new();
    loop {
        nodes.extend(reader.shared_node_id().map(|id| (reader.path().to_vec(), id)));
        if !reader.to_next_step() {
            return nodes;
        }
    }
}
