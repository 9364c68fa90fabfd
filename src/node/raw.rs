//! A node without a lifetime, for those who keep one beside what holds it.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::header::Header;

/// A [`NodeRef`](super::NodeRef) whose lifetime somebody else answers for.
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
}

// SAFETY: a RawNode can do nothing until `NodeRef::from_raw`, whose caller answers for it; it is sent as a NodeRef is.
unsafe impl<V: Send + Sync> Send for RawNode<V> {}
// SAFETY: as above.
unsafe impl<V: Send + Sync> Sync for RawNode<V> {}
