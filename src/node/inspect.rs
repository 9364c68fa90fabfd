//! What a node takes and what of it is in use, for pictures and statistics.

use super::place::Place;
use super::view::{Kind, NodeRef};

/// What a node is, for those who look at nodes from outside.
pub(crate) struct Inspection {
    /// The name of its kind.
    pub(crate) kind: &'static str,
    pub(crate) entries: usize,
    /// The entries that lead to other nodes.
    pub(crate) children: usize,
    /// The values in it, its own among them.
    pub(crate) values: usize,
    /// The bytes of its allocation.
    pub(crate) bytes: usize,
    /// The bytes of the allocation that hold anything; the rest is room for inserts.
    pub(crate) used_bytes: usize,
    /// The bytes of boxes of values that do not lie in it.
    pub(crate) boxed_bytes: usize,
    /// Its owners, among them those outside of what is looked at. Others may come and go
    /// meanwhile.
    pub(crate) owners: usize,
}

impl Inspection {
    /// What the node is in which a place lies.
    pub(crate) fn of<V>(Place { node, .. }: Place<'_, V>) -> Self {
        Self {
            kind: if node.is_wide() { "wide" } else { "list" },
            entries: node.entry_count(),
            children: node.child_count(),
            values: node.value_count(),
            bytes: node.size(),
            used_bytes: used_bytes(node),
            boxed_bytes: node.boxed_bytes(),
            owners: node.header().refs.load(std::sync::atomic::Ordering::Relaxed) as usize,
        }
    }
}

fn used_bytes<V>(node: NodeRef<'_, V>) -> usize {
    match node.kind() {
        Kind::List(list) => list.need(0, 0),
        Kind::Wide(wide) => wide.need(0, 0),
    }
}
