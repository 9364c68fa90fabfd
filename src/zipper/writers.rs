//! The three zippers that write.

use std::fmt;
use std::marker::PhantomData;

use super::delegate::walk_zipper;
use super::head::{WriteLease, ZipperHead};
use super::iterators::OwnedZipperIter;
use super::methods::forward;
use super::readers::{ReadZipperOwned, ReadZipperTracked, ReadZipperUntracked};
use super::root::{Lent, Owned};
use super::stack::{Walk, ZipperBuffers};
use super::traits::ZipperWriting;
use super::traits::*;
use super::trie_ref::TrieRefBorrowed;
use crate::algebra::{AlgebraicResult, AlgebraicStatus, DistributiveLattice, Lattice};
use crate::bytes::ByteMask;
use crate::node::Shared;
use crate::trie::{PathMap, Subtrie};

/// A writer of a map that is borrowed mutably.
#[must_use = "a zipper does nothing until it is used"]
pub struct WriteZipperUntracked<'a, 'path, V> {
    walk: Walk<V, Lent<'a, V>>,
    path: PhantomData<&'path [u8]>,
}

walk_zipper!(['a, 'path, V] WriteZipperUntracked<'a, 'path, V>);
forward! {
    impl['a, 'path, V] WriteZipperUntracked<'a, 'path, V>, self => self.walk;
    ZipperWriting<V> where [V: Clone] with { type ZipperHead<'z> = ZipperHead<'z, 'a, V> where Self: 'z; };
}

impl<'a, V> WriteZipperUntracked<'a, '_, V> {
    pub(crate) fn new(root: &'a mut Option<Shared<V>>, path: &[u8]) -> Self {
        Self::with_buffers(ZipperBuffers::new(), root, path)
    }

    /// A writer that uses the given buffers.
    pub(super) fn with_buffers(buffers: ZipperBuffers, root: &'a mut Option<Shared<V>>, path: &[u8]) -> Self {
        Self { walk: Walk::lazy_in(buffers.at(path), Lent(root), 0), path: PhantomData }
    }

    /// Consumes the writer and returns its buffers, for the next zipper.
    #[must_use]
    pub fn into_buffers(self) -> ZipperBuffers {
        self.walk.into_buffers()
    }

    /// Consumes the writer and returns a reader with the same root and focus. O(path).
    ///
    /// The reader lives as long as the writer's borrow of the map.
    pub fn into_read_zipper(self) -> ReadZipperUntracked<'a, 'static, V> {
        let (root, path) = (self.walk.root_prefix_path().to_vec(), self.walk.path().to_vec());
        let mut reader = ReadZipperUntracked::new(self.walk.into_root().0, &root);
        reader.descend_to(path);
        reader
    }
}

/// A writer made by a head: no other zipper is at, above or below its root while it lives.
///
/// The writer owns the subtrie at its root, so its work needs no lock. Dropping the writer puts
/// the subtrie back into the map. A writer that wrote nothing leaves the map unchanged. The writer
/// is `Send` if the values are `Send` and `Sync`.
///
/// If the writer is forgotten ([`std::mem::forget`]), its subtrie leaks, and its path remains
/// taken while the head lives.
#[must_use = "a zipper that is dropped frees its path at once"]
pub struct WriteZipperTracked<'a, 'path, V> {
    walk: Walk<V, Owned<V>>,
    lease: Option<WriteLease<'a, V>>,
    path: PhantomData<&'path [u8]>,
}

walk_zipper!(['a, 'path, V] WriteZipperTracked<'a, 'path, V>);
forward! {
    impl['a, 'path, V] WriteZipperTracked<'a, 'path, V>, self => self.walk;
    ZipperWriting<V> where [V: Clone] with { type ZipperHead<'z> = ZipperHead<'z, 'a, V> where Self: 'z; };
}

impl<'a, V> WriteZipperTracked<'a, '_, V> {
    pub(super) fn new(walk: Walk<V, Owned<V>>, lease: WriteLease<'a, V>) -> Self {
        Self { walk, lease: Some(lease), path: PhantomData }
    }

    /// Puts the subtrie back and returns a reader of it with the writer's root and focus. No other
    /// zipper can take the path in between.
    pub fn into_read_zipper(mut self) -> ReadZipperTracked<'a, 'static, V> {
        let lease = self.lease.take().expect("the lease is given back once");
        let path = self.walk.path().to_vec();
        let (lease, reading) = lease.into_reader(self.walk.take_root());
        let mut reader = ReadZipperTracked::new(lease, reading);
        reader.descend_to(path);
        reader
    }
}

impl<V> Drop for WriteZipperTracked<'_, '_, V> {
    fn drop(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.give_back(self.walk.take_root());
        }
    }
}

/// A writer that owns its map.
#[must_use = "a zipper does nothing until it is used"]
pub struct WriteZipperOwned<V> {
    walk: Walk<V, Owned<V>>,
}

walk_zipper!([V] WriteZipperOwned<V>);
forward! {
    impl[V] WriteZipperOwned<V>, self => self.walk;
    ZipperWriting<V> where [V: Clone] with { type ZipperHead<'z> = ZipperHead<'z, 'static, V> where Self: 'z; };
}

impl<V> WriteZipperOwned<V> {
    /// A writer that owns a new, empty map.
    pub fn new() -> Self {
        Self::at(Subtrie::Bare, &[])
    }

    pub(crate) fn at(trie: Subtrie<Shared<V>>, path: &[u8]) -> Self {
        Self { walk: Walk::lazy(Owned(trie), path.to_vec(), 0) }
    }

    /// Consumes the writer and returns its map. O(1).
    #[must_use]
    pub fn into_map(mut self) -> PathMap<V> {
        self.walk.take_root().into_map()
    }

    /// Consumes the writer and returns a reader of its map with the same root and focus. O(path).
    pub fn into_read_zipper(mut self) -> ReadZipperOwned<V> {
        let (root, path) = (self.walk.root_prefix_path().to_vec(), self.walk.path().to_vec());
        let mut reader = ReadZipperOwned::new(self.walk.take_root(), &root);
        reader.descend_to(path);
        reader
    }
}

impl<V> Default for WriteZipperOwned<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> Clone for WriteZipperOwned<V> {
    /// Copies the writer. The two maps share all nodes until one of them is written. O(path).
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}

impl<V: Clone> IntoIterator for WriteZipperOwned<V> {
    type Item = (Vec<u8>, V);
    type IntoIter = OwnedZipperIter<V>;

    /// Iterates over the values at and below the focus, with their paths from the focus.
    fn into_iter(self) -> OwnedZipperIter<V> {
        self.walk.make_map().into_iter()
    }
}
