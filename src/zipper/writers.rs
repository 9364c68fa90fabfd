//! The three zippers that write.

use std::fmt;
use std::marker::PhantomData;

use super::delegate::{walk_writer, walk_zipper};
use super::head::{WriteLease, ZipperHead};
use super::iterators::OwnedZipperIter;
use super::readers::{ReadZipperOwned, ReadZipperTracked, ReadZipperUntracked};
use super::root::{Lent, Owned};
use super::stack::Walk;
use super::traits::ZipperWriting;
use super::traits::*;
use super::trie_ref::{TrieRef, TrieRefBorrowed};
use super::walk::edits::Source;
use crate::algebra::{
    AlgebraicResult, AlgebraicStatus, DistributiveLattice, JoinWith, Lattice, Meet, MeetWith, Subtract,
    SubtractWith, With,
};
use crate::bytes::ByteMask;
use crate::node::Shared;
use crate::trie::PathMap;

/// A writer of a map that is borrowed mutably.
#[must_use = "a zipper does nothing until it is used"]
pub struct WriteZipperUntracked<'a, 'path, V> {
    walk: Walk<V, Lent<'a, V>>,
    path: PhantomData<&'path [u8]>,
}

walk_zipper!(['a, 'path, V] WriteZipperUntracked<'a, 'path, V>, descend_lazily, rewind);
walk_writer!(['a, 'path, V] WriteZipperUntracked<'a, 'path, V>, ZipperHead<'z, 'a, V>);

impl<'a, V> WriteZipperUntracked<'a, '_, V> {
    pub(crate) fn new(root: &'a mut Option<Shared<V>>, path: &[u8]) -> Self {
        Self { walk: Walk::lazy(Lent(root), path.to_vec(), 0, true), path: PhantomData }
    }

    /// A reader with the same root and focus, for as long as the map is borrowed. O(path).
    pub fn into_read_zipper(self) -> ReadZipperUntracked<'a, 'static, V> {
        let (root, path) = (self.walk.root_prefix_path().to_vec(), self.walk.path().to_vec());
        let mut reader = ReadZipperUntracked::new(self.walk.into_root().0, &root);
        reader.descend_to(path);
        reader
    }
}

/// A writer given out by a head: no other zipper is at, above or below its root while it lives.
///
/// It owns the subtrie at its root, so its work needs no lock; dropping it puts the subtrie back into the map. A
/// writer that wrote nothing leaves the map exactly as it was. It is `Send` if the values are `Send` and `Sync`.
///
/// A writer that is forgotten ([`std::mem::forget`]) leaks its subtrie, and keeps its path while the head lives.
#[must_use = "a zipper that is dropped gives its path back at once"]
pub struct WriteZipperTracked<'a, 'path, V> {
    walk: Walk<V, Owned<V>>,
    lease: Option<WriteLease<'a, V>>,
    path: PhantomData<&'path [u8]>,
}

walk_zipper!(['a, 'path, V] WriteZipperTracked<'a, 'path, V>, descend_lazily, rewind);
walk_writer!(['a, 'path, V] WriteZipperTracked<'a, 'path, V>, ZipperHead<'z, 'a, V>);

impl<'a, V> WriteZipperTracked<'a, '_, V> {
    pub(super) fn new(walk: Walk<V, Owned<V>>, lease: WriteLease<'a, V>) -> Self {
        Self { walk, lease: Some(lease), path: PhantomData }
    }

    /// Puts the subtrie back and reads it from now on, at the same focus, without a moment in which another zipper could slip in.
    pub fn into_read_zipper(mut self) -> ReadZipperTracked<'a, 'static, V> {
        let lease = self.lease.take().expect("the lease is given back once");
        let (rooted, path) = (self.walk.is_rooted(), self.walk.path().to_vec());
        let mut reader = lease.into_reader(self.walk.take_root(), rooted);
        reader.descend_to(path);
        reader
    }
}

impl<V> Drop for WriteZipperTracked<'_, '_, V> {
    fn drop(&mut self) {
        if let Some(lease) = self.lease.take() {
            let rooted = self.walk.is_rooted();
            lease.give_back(self.walk.take_root(), rooted);
        }
    }
}

/// A writer that owns its map.
#[must_use = "a zipper does nothing until it is used"]
pub struct WriteZipperOwned<V> {
    walk: Walk<V, Owned<V>>,
}

walk_zipper!([V] WriteZipperOwned<V>, descend_lazily, rewind);
walk_writer!([V] WriteZipperOwned<V>, ZipperHead<'z, 'static, V>);

impl<V> WriteZipperOwned<V> {
    /// A writer of an empty map of its own.
    pub fn new() -> Self {
        Self::at(None, &[])
    }

    pub(crate) fn at(root: Option<Shared<V>>, path: &[u8]) -> Self {
        Self { walk: Walk::lazy(Owned(root), path.to_vec(), 0, true) }
    }

    /// The map. O(1).
    #[must_use]
    pub fn into_map(mut self) -> PathMap<V> {
        PathMap::from_root(self.walk.take_root())
    }

    /// A reader of the same map with the same root and focus. O(path).
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
    /// O(path): the two maps share all nodes until one is written.
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}

impl<V: Clone> IntoIterator for WriteZipperOwned<V> {
    type Item = (Vec<u8>, V);
    type IntoIter = OwnedZipperIter<V>;

    /// Iterates over the values at and below the focus, with their paths from there.
    fn into_iter(self) -> OwnedZipperIter<V> {
        self.walk.make_map().into_iter()
    }
}
