//! A node without a lifetime, for those who keep one beside what holds it.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::header::Header;
use super::shared::Shared;
use super::view::{Kind, NodeRef};
use super::wide;

/// A [`NodeRef`] whose lifetime somebody else answers for.
pub(crate) struct RawNode<V> {
    at: NonNull<Header>,
    life: PhantomData<V>,
}

impl<V> Clone for RawNode<V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for RawNode<V> {}

impl<V> RawNode<V> {
    #[inline]
    pub(super) fn new(at: NonNull<Header>) -> Self {
        Self { at, life: PhantomData }
    }

    #[inline]
    pub(super) fn at(self) -> NonNull<Header> {
        self.at
    }

    /// The place of the child of entry `i`.
    ///
    /// # Safety
    /// The node lives, nothing borrows it, and entry `i` is a child.
    pub(crate) unsafe fn child_place(self, i: usize) -> *mut Shared<V> {
        // SAFETY: the node lives. The place is reached from the node's own pointer, not from the borrow of it.
        unsafe {
            let node = NodeRef::<V>::new(self.at);
            match node.kind() {
                Kind::List(list) => list.child_place(list.child_rank(i)).cast_mut().cast(),
                Kind::Wide(wide) => {
                    let rank = wide.child_rank(i as u8);
                    self.at.as_ptr().cast::<u8>().add(wide::CHILDREN).cast::<Shared<V>>().add(rank)
                }
            }
        }
    }
}

// SAFETY: a RawNode can do nothing until `NodeRef::from_raw`, whose caller answers for it; it is sent as a NodeRef is.
unsafe impl<V: Send + Sync> Send for RawNode<V> {}
// SAFETY: as above.
unsafe impl<V: Send + Sync> Sync for RawNode<V> {}
