//! Counted owners of a node.

use std::marker::PhantomData;
use std::mem;
use std::ptr::NonNull;
use std::sync::atomic::Ordering;

use super::header::Header;
use crate::reached::asks_for_owners;

/// One of the owners of a node. Cloning it is O(1) and copies nothing.
#[repr(transparent)]
pub(crate) struct Shared<V> {
    at: NonNull<Header>,
    owns: PhantomData<V>,
}

// SAFETY: as for `Arc`: a `Shared` gives `&V` to any thread that holds one, and the last one
// drops or moves out the V. All of the node except its count is written only where the count is
// proven one (N5).
unsafe impl<V: Send + Sync> Send for Shared<V> {}
// SAFETY: as above.
unsafe impl<V: Send + Sync> Sync for Shared<V> {}

/// A count of this much or more is stuck: the node is never freed, and the count never wraps.
///
/// A clone that finds half of this moves the count to the middle of the stuck range, 2³⁰ away
/// from both ends. A release that finds a stuck count leaves it alone. So the count could leave
/// the range only by 2³⁰ threads, each stopped between reading the count and changing it.
const STUCK: u32 = 1 << 31;

impl<V> Shared<V> {
    /// Makes an owner of a count.
    ///
    /// # Safety
    /// `at` is a well-formed node (N1 to N4), and the caller hands over one of its counts.
    pub(super) unsafe fn from_raw(at: NonNull<Header>) -> Self {
        Self { at, owns: PhantomData }
    }

    /// Returns the pointer, with the count that this owner held.
    pub(super) fn into_raw(self) -> NonNull<Header> {
        let at = self.at;
        mem::forget(self);
        at
    }

    #[inline]
    pub(super) fn as_raw(&self) -> NonNull<Header> {
        self.at
    }

    /// Puts another node in place of the present one.
    ///
    /// # Safety
    /// As for [`from_raw`](Self::from_raw). The present node is gone already, and its memory with
    /// it.
    #[inline]
    pub(super) unsafe fn put_raw(&mut self, at: NonNull<Header>) {
        self.at = at;
    }

    /// True iff there is no other owner.
    #[inline]
    pub(crate) fn is_unique(&self) -> bool {
        asks_for_owners();
        // Acquire pairs with the Release of the owners that are gone: their reads happen before
        // our writes. SAFETY: the node is alive.
        unsafe { self.at.as_ref() }.refs.load(Ordering::Acquire) == 1
    }

    /// Gives up this owner; returns it if it was the last.
    pub(super) fn give_up(self) -> Option<Self> {
        let at = self.into_raw();
        // SAFETY: this owner held a count. If that was the last, the node is nobody else's, and
        // the count is put back.
        unsafe {
            release(at).then(|| {
                at.as_ref().refs.store(1, Ordering::Relaxed);
                Self::from_raw(at)
            })
        }
    }
}

impl<V> Clone for Shared<V> {
    #[inline]
    fn clone(&self) -> Self {
        // Relaxed: a new owner is made from an old one, which keeps the node alive meanwhile.
        // SAFETY: the node is alive.
        let refs = unsafe { &self.at.as_ref().refs };
        if refs.fetch_add(1, Ordering::Relaxed) >= STUCK / 2 {
            refs.store(STUCK + STUCK / 2, Ordering::Relaxed);
        }
        Self { at: self.at, owns: PhantomData }
    }
}

/// Gives up one count; returns true iff it was the last.
///
/// # Safety
/// The caller holds one count of a living node, and loses it.
#[inline]
pub(super) unsafe fn release(at: NonNull<Header>) -> bool {
    asks_for_owners();
    // SAFETY: the node is alive.
    let refs = unsafe { &at.as_ref().refs };
    let seen = refs.load(Ordering::Acquire);
    // A node that has one owner needs no read-modify-write: nobody else can reach the count.
    if seen == 1 {
        return true;
    }
    if seen >= STUCK {
        return false;
    }
    // Release pairs with the Acquire of the last owner. A load and not a fence, since thread
    // sanitizers do not understand fences.
    refs.fetch_sub(1, Ordering::Release) == 1 && refs.load(Ordering::Acquire) == 0
}
