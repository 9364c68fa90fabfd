//! Heads: many zippers in one map at once, exclusive by path.
//!
//! For any path there is either one writer or any number of readers. A head checks this rule when
//! it makes a zipper. The *ledger* decides and has no pointers. The *guarded* trie has the
//! pointers and knows no rules. The *gate* joins the two under one lock. The lock is held while a
//! zipper is made and while one is dropped, never while a zipper works.

mod create;
mod future;
mod gate;
mod guarded;
mod lease;
mod ledger;
mod make;
mod owned;

#[cfg(all(test, not(loom)))]
mod gate_tests;
#[cfg(test)]
mod ledger_tests;
#[cfg(all(test, loom))]
mod loom_tests;
#[cfg(test)]
mod test_calls;

use std::fmt;
use std::marker::PhantomData;

use gate::Gate;
use guarded::Guarded;

use super::root::{RootLink, RootMut};
use super::stack::Walk;
use crate::bytes::Text;
use crate::node::Shared;
use crate::trie::{PathMap, Subtrie};

pub use create::ZipperCreation;
pub use future::{ReadZipperFuture, WriteZipperFuture};
pub(super) use guarded::RootedTrie;
pub(super) use lease::{ReadLease, WriteLease};

/// Makes zippers in a map that it borrows, by the methods of [`ZipperCreation`].
///
/// If the values are `Send` and `Sync`, the head may be shared between threads, and its zippers
/// may be sent to them.
///
/// Dropping the head puts the trie back into the map, with all changes that its zippers have made.
/// If the head is *forgotten* ([`std::mem::forget`]), the map is empty, like a `Vec` whose drain is
/// forgotten.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let mut map = PathMap::new();
/// let head = map.zipper_head();
/// let mut left = head.write_zipper_at_exclusive_path("left.").unwrap();
/// let mut right = head.write_zipper_at_exclusive_path("right.").unwrap();
/// assert!(head.read_zipper_at_path("").is_err());
/// std::thread::scope(|scope| {
///     scope.spawn(|| left.set_val(1));
///     scope.spawn(|| right.set_val(2));
/// });
/// drop((left, right));
/// drop(head);
/// assert_eq!(map.get("left."), Some(&1));
/// ```
#[must_use = "a head does nothing until it makes a zipper"]
pub struct ZipperHead<'parent, 'trie, V> {
    gate: Gate<Guarded<V>>,
    /// Where the trie is put back when the head is dropped.
    parent: RootLink<'parent, V>,
    trie: PhantomData<&'trie ()>,
}

impl<'parent, V> ZipperHead<'parent, '_, V> {
    pub(crate) fn new(map: &'parent mut Option<Shared<V>>) -> Self {
        Self::over(RootLink::Map(map), Vec::new())
    }

    /// A head at the focus of a writer.
    pub(super) fn nested<R: RootMut<V>>(walk: &'parent mut Walk<V, R>) -> Self {
        let base = walk.path_from_base().to_vec();
        Self::over(walk.edit_root(), base)
    }

    fn over(mut parent: RootLink<'parent, V>, base: Vec<u8>) -> Self {
        let guarded = Guarded::new(parent.vacate(), base);
        Self { gate: Gate::new(guarded), parent, trie: PhantomData }
    }
}

impl<V> Drop for ZipperHead<'_, '_, V> {
    fn drop(&mut self) {
        self.parent.put(self.gate.get_mut().root.vacate());
    }
}

impl<V> fmt::Debug for ZipperHead<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_head(&self.gate, "ZipperHead", f)
    }
}

/// Makes zippers in a map that it owns, for threads and tasks that outlive the scope that starts
/// them.
///
/// A borrow of the head makes zippers by the methods of [`ZipperCreation`], like any head. An
/// [`Arc`](std::sync::Arc) of the head also makes zippers that borrow nothing: each is one more
/// owner of the head.
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
#[must_use = "a head does nothing until it makes a zipper"]
pub struct ZipperHeadOwned<V> {
    gate: Gate<Guarded<V>>,
}

impl<V> ZipperHeadOwned<V> {
    pub(crate) fn new(trie: Subtrie<Shared<V>>, path: &[u8]) -> Self {
        Self { gate: Gate::new(Guarded::new(trie, path.to_vec())) }
    }

    /// Consumes the head and returns its map, with all changes that its zippers have made. O(1).
    #[must_use]
    pub fn into_map(self) -> PathMap<V> {
        self.gate.into_inner().root.into_map()
    }
}

impl<V> fmt::Debug for ZipperHeadOwned<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug_head(&self.gate, "ZipperHeadOwned", f)
    }
}

/// Shows the paths of the living zippers.
fn debug_head<V>(gate: &Gate<Guarded<V>>, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (readers, writers) = gate.with(|_, ledger| {
        let show = |(path, count): (&[u8], usize)| format!("{count} at {}", Text(path));
        (ledger.readers().map(show).collect::<Vec<_>>(), ledger.writers().map(show).collect::<Vec<_>>())
    });
    f.debug_struct(name).field("readers", &readers).field("writers", &writers).finish_non_exhaustive()
}
