//! The three ways to hold a node: counted, borrowed, unique.

use std::marker::PhantomData;
use std::mem;
use std::ptr::NonNull;
use std::sync::atomic::Ordering;

use super::drop::free;
use super::edit::NodeMut;
use super::header::Header;
use super::view::NodeRef;

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

/// Beyond this a count is stuck: such a node is never freed, and the count can never wrap.
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
    /// A value's clone may panic; then nothing has changed.
    #[inline]
    pub(crate) fn unique(&mut self) -> NodeMut<'_, V>
    where
        V: Clone,
    {
        if !self.is_unique() {
            *self = super::copy::copy(self.view());
        }
        // SAFETY: the count is one, and this owner is borrowed mutably (N5).
        unsafe { NodeMut::new(self) }
    }

    /// Makes this the only owner, as [`unique`](Self::unique) does; returns the owner that was, if the node was copied. It
    /// may be the last by now, and its drop is the caller's to time.
    pub(crate) fn part(&mut self) -> Option<Self>
    where
        V: Clone,
    {
        if self.is_unique() {
            return None;
        }
        let copy = super::copy::copy(self.view());
        Some(std::mem::replace(self, copy))
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
        if refs.fetch_add(1, Ordering::Relaxed) >= STUCK {
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
    // A node that has one owner needs no read-modify-write: nobody else can reach the count.
    if refs.load(Ordering::Acquire) == 1 {
        return true;
    }
    // Release pairs with the Acquire of whoever is left alone with the node.
    let before = refs.fetch_sub(1, Ordering::Release);
    if before >= STUCK {
        refs.store(STUCK + STUCK / 2, Ordering::Relaxed);
        return false;
    }
    // A load, not a fence: thread sanitizers know no fences.
    before == 1 && refs.load(Ordering::Acquire) == 0
}
