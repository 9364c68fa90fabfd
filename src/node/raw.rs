//! A node without a lifetime, to be kept beside the owner that keeps it alive.

use std::ptr::NonNull;

use super::header::Header;

/// A [`NodeRef`](super::NodeRef) without its lifetime and its type of values: whoever turns it back
/// vouches for both.
#[derive(Clone, Copy)]
pub(crate) struct RawNode {
    at: NonNull<Header>,
}

impl RawNode {
    #[inline]
    pub(super) fn new(at: NonNull<Header>) -> Self {
        Self { at }
    }

    #[inline]
    pub(super) fn at(self) -> NonNull<Header> {
        self.at
    }
}

// SAFETY: a RawNode can do nothing until `NodeRef::from_raw`, whose caller vouches that the thread
// may read the node.
unsafe impl Send for RawNode {}
// SAFETY: as above.
unsafe impl Sync for RawNode {}
