//! The memory that a node uses, and its owners, for statistics.

use super::view::{Kind, NodeRef};

impl<V> NodeRef<'_, V> {
    /// The bytes of the node's allocation that hold anything; the rest is room for inserts.
    pub(crate) fn used_bytes(self) -> usize {
        match self.kind() {
            Kind::List(list) => list.need(0, 0),
            Kind::Wide(wide) => wide.need(0, 0),
        }
    }

    /// The number of owners, those outside the trie in question included. Other threads may
    /// change it meanwhile.
    pub(crate) fn owners(self) -> usize {
        self.header().refs.load(std::sync::atomic::Ordering::Relaxed) as usize
    }
}
