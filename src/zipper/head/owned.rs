//! A head that owns its map.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::create::{Asking, read, write};
use super::debug_head;
use super::future::{ReadZipperFuture, WriteZipperFuture};
use super::gate::Gate;
use super::lease::Home;
use super::state::State;
use crate::error::Conflict;
use crate::node::Shared;
use crate::trie::{PathMap, Subtrie};
use crate::zipper::readers::ReadZipperTracked;
use crate::zipper::writers::WriteZipperTracked;

/// Gives out zippers in a map that it owns, for threads and tasks that outlive the place where they are started.
///
/// From a borrow of it come zippers by [`ZipperCreation`](super::ZipperCreation), as from any head. From an [`Arc`] of
/// it come zippers that borrow nothing: each is one more owner of the head.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let head = Arc::new(PathMap::new().into_zipper_head([]));
/// let mut writer = head.take_owned_write_zipper_at_exclusive_path("jobs/").unwrap();
/// std::thread::spawn(move || writer.set_val(7)).join().unwrap();
/// let map = Arc::into_inner(head).unwrap().into_map();
/// assert_eq!(map.get("jobs/"), Some(&7));
/// ```
#[must_use = "a head does nothing until it is asked for a zipper"]
pub struct ZipperHeadOwned<V> {
    pub(super) gate: Gate<State<V>>,
}

impl<V> ZipperHeadOwned<V> {
    pub(crate) fn new(trie: Subtrie<Shared<V>>, path: &[u8]) -> Self {
        Self { gate: Gate::new(State::new(trie, path.to_vec())) }
    }

    /// The map, with all that the head's zippers wrote. O(1).
    #[must_use]
    pub fn into_map(self) -> PathMap<V> {
        self.gate.into_inner().root.into_map()
    }
}

impl<V: Clone> ZipperHeadOwned<V> {
    /// A reader at `path` that is one more owner of the head.
    ///
    /// # Errors
    /// [`Conflict`] if a writer lives at a prefix of `path`, at it or below it.
    pub fn take_owned_read_zipper_at_path<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> Result<ReadZipperTracked<'static, 'static, V>, Conflict> {
        read(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Now)
    }

    /// The same, waiting up to `timeout` for the writers in its way.
    ///
    /// # Errors
    /// [`Conflict`] when the time is over.
    pub fn take_owned_read_zipper_at_path_timeout<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
        timeout: Duration,
    ) -> Result<ReadZipperTracked<'static, 'static, V>, Conflict> {
        read(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Waiting(timeout))
    }

    /// A future of a reader at `path` that is one more owner of the head; the future is one too. It waits as that of
    /// [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async) does.
    ///
    /// # Panics
    /// As for [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async).
    pub fn take_owned_read_zipper_at_path_async<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> ReadZipperFuture<'static, V> {
        ReadZipperFuture::new(Home::Counted(Arc::clone(self)), path.as_ref())
    }

    /// A writer at `path` that is one more owner of the head.
    ///
    /// # Errors
    /// [`Conflict`] if any zipper lives at a prefix of `path`, at it or below it.
    pub fn take_owned_write_zipper_at_exclusive_path<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> Result<WriteZipperTracked<'static, 'static, V>, Conflict> {
        write(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Now)
    }

    /// The same, waiting up to `timeout` for the zippers in its way.
    ///
    /// # Errors
    /// [`Conflict`] when the time is over.
    pub fn take_owned_write_zipper_at_exclusive_path_timeout<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
        timeout: Duration,
    ) -> Result<WriteZipperTracked<'static, 'static, V>, Conflict> {
        write(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Waiting(timeout))
    }

    /// A future of a writer at `path` that is one more owner of the head; the future is one too. It waits as that of
    /// [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async) does.
    ///
    /// # Panics
    /// As for [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async).
    pub fn take_owned_write_zipper_at_exclusive_path_async<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> WriteZipperFuture<'static, V> {
        WriteZipperFuture::new(Home::Counted(Arc::clone(self)), path.as_ref())
    }
}

impl<V> fmt::Debug for ZipperHeadOwned<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_head(&self.gate, "ZipperHeadOwned", f)
    }
}
