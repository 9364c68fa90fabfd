//! What a node takes and what of it is in use, for those who look at nodes from outside.

use super::list::{back_size, front_size};
use super::view::{Kind, NodeRef};
use super::wide::wide_size;

impl<V> NodeRef<'_, V> {
    /// The bytes of the node's allocation that hold anything; the rest is room for inserts.
    pub(crate) fn used_bytes(self) -> usize {
        match self.kind() {
            Kind::List(list) => {
                front_size(list.len(), list.heap_len())
                    + back_size::<V>(list.value_count(), list.child_count())
            }
            Kind::Wide(wide) => {
                wide_size::<V>(wide.child_count(), wide.tail_count(), wide.has_tails(), wide.has_own())
            }
        }
    }

    /// The number of owners, among them those outside of what is looked at. Others may come and go meanwhile.
    pub(crate) fn owners(self) -> usize {
        self.header().refs.load(std::sync::atomic::Ordering::Relaxed) as usize
    }
}
