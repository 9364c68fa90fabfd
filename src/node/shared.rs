//! The three ways to hold a node: counted, borrowed, unique.

use std::marker::PhantomData;
use std::mem;
use std::ptr::NonNull;
use std::sync::atomic::Ordering;

use super::bin::Bin;
use super::drop::free;
use super::edit::NodeMut;
use super::header::Header;
use super::view::NodeRef;
use crate::reached::{Mark, reached};

/// One of the owners of a node. Cloning it is O(1) and copies nothing.
#[repr(transparent)]
pub(crate) struct Shared<V> {
    at: NonNull<Header>,
    owns: PhantomData<V>,
}

// SAFETY: as for `Arc`: a `Shared` gives `&V` to any thread that holds one, and drops or moves out the V where the last
// one is. All of the node but its count is written only where the count is proven one (N5).
unsafe impl<V: Send + Sync> Send for Shared<V> {}
// SAFETY: as above.
unsafe impl<V: Send + Sync> Sync for Shared<V> {}

/// From here on a count is stuck: such a node is never freed, and the count can never wrap.
///
/// A clone that finds half of this moves the count to the middle of the stuck range, two to the thirtieth away from both
/// ends. A release that sees a stuck count leaves it alone. So the count could leave the range only by that many threads,
/// each stopped between its look at the count and its step.
const STUCK: u32 = 1 << 31;

impl<V> Shared<V> {
    /// # Safety
    /// `at` is a well-formed node (N1 to N4) of which the caller hands over one count.
    pub(super) unsafe fn from_raw(at: NonNull<Header>) -> Self {
        Self { at, owns: PhantomData }
    }

    /// Hands out the pointer with its count.
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
    /// As for [`from_raw`](Self::from_raw); and the present node is gone already, its memory with it.
    #[inline]
    pub(super) unsafe fn put_raw(&mut self, at: NonNull<Header>) {
        self.at = at;
    }

    #[inline]
    pub(crate) fn view(&self) -> NodeRef<'_, V> {
        // SAFETY: the count that this owner holds keeps the node alive, and while it is borrowed nobody can prove the
        // count one, and so write (N5).
        unsafe { NodeRef::new(self.at) }
    }

    /// True iff there is no other owner.
    #[inline]
    pub(crate) fn is_unique(&self) -> bool {
        // Acquire pairs with the Release of the owners that have gone: what they read is read before we write.
        // SAFETY: the node is alive.
        unsafe { self.at.as_ref() }.refs.load(Ordering::Acquire) == 1
    }

    /// Makes this the only owner, by a copy of the one node if need be, and gives the node to be edited.
    ///
    /// The owner that was goes to the bin, for it may be the last by now: a clone may have dropped the others. If a clone
    /// panics, nothing has changed.
    #[inline]
    pub(crate) fn unique(&mut self, bin: &mut Bin<V>) -> NodeMut<'_, V>
    where
        V: Clone,
    {
        if !self.is_unique() {
            self.copy(bin);
        }
        // SAFETY: the count is one, and this owner is borrowed mutably (N5).
        unsafe { NodeMut::new(self) }
    }

    /// Makes this the only owner, as [`unique`](Self::unique) does; true iff the node was copied.
    #[inline]
    pub(crate) fn part(&mut self, bin: &mut Bin<V>) -> bool
    where
        V: Clone,
    {
        let shared = !self.is_unique();
        if shared {
            self.copy(bin);
        }
        shared
    }

    #[cold]
    fn copy(&mut self, bin: &mut Bin<V>)
    where
        V: Clone,
    {
        reached(Mark::UnsharedOnTheWay);
        let copy = super::copy::copy(self.view());
        bin.put(mem::replace(self, copy));
    }

    /// Gives up this owner; returns it if it was the last.
    pub(super) fn give_up(self) -> Option<Self> {
        let at = self.into_raw();
        // SAFETY: this owner held a count. If that was the last, the node is nobody else's, and the count is put back.
        unsafe {
            release(at).then(|| {
                at.as_ref().refs.store(1, Ordering::Relaxed);
                Self::from_raw(at)
            })
        }
    }

    /// The node to be edited, if this is its only owner.
    pub(crate) fn try_unique(&mut self) -> Option<NodeMut<'_, V>> {
        // SAFETY: as in `unique`.
        if self.is_unique() { Some(unsafe { NodeMut::new(self) }) } else { None }
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

impl<V> Drop for Shared<V> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the node is alive, for this owner counts; `release` says true to the last owner only.
        unsafe {
            if release(self.at) {
                free::<V>(self.at);
            }
        }
    }
}

/// Gives up one count; true iff it was the last.
///
/// # Safety
/// The caller holds one count of a living node, and loses it.
#[inline]
pub(super) unsafe fn release(at: NonNull<Header>) -> bool {
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
    // Release pairs with the Acquire of whoever is left alone with the node. A load and not a fence, for thread sanitizers
    // know no fences.
    refs.fetch_sub(1, Ordering::Release) == 1 && refs.load(Ordering::Acquire) == 0
}
