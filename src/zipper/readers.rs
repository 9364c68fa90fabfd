//! The three zippers that only read.

use std::fmt;
use std::marker::PhantomData;

use super::delegate::walk_zipper;
use super::head::ReadLease;
use super::iterators::{ReadZipperIter, ReadZipperPathIter};
use super::root::{Borrowed, Kept, Root};
use super::stack::Walk;
use super::traits::*;
use super::trie_ref::{TrieRef, TrieRefBorrowed, TrieRefOwned};
use crate::bytes::ByteMask;
use crate::node::Shared;
use crate::trie::PathMap;

/// A reader of a borrowed map. Its values live as long as the borrow.
#[must_use = "a zipper does nothing until it is used"]
pub struct ReadZipperUntracked<'a, 'path, V> {
    walk: Walk<V, Borrowed<'a, V>>,
    path: PhantomData<&'path [u8]>,
}

walk_zipper!(['a, 'path, V] ReadZipperUntracked<'a, 'path, V>, descend_to, reset);

impl<'a, 'path, V> ReadZipperUntracked<'a, 'path, V> {
    pub(crate) fn new(root: &'a Option<Shared<V>>, path: &[u8]) -> Self {
        let root = Borrowed(root.as_ref().map(Shared::lent));
        Self { walk: Walk::new(root, path.to_vec(), 0, true), path: PhantomData }
    }

    /// A reader whose root is the focus of another zipper.
    pub(super) fn fork<R: Root<V>>(walk: &'a Walk<V, R>) -> Self {
        let path = walk.origin_path().to_vec();
        let (node, base, exists) = match walk.disclose() {
            Some(place) => (Some(place.node()), path.len() - place.depth(), true),
            None => (None, path.len(), walk.exists()),
        };
        let fork = Walk::new(Borrowed(node), path, base, exists).hiding(walk.hidden());
        Self { walk: fork, path: PhantomData }
    }

    /// A reader whose root is a place.
    pub(crate) fn at(place: &TrieRefBorrowed<'a, V>) -> Self {
        Self { walk: place.walk(), path: PhantomData }
    }

    pub(super) fn of_walk(walk: Walk<V, Borrowed<'a, V>>) -> Self {
        Self { walk, path: PhantomData }
    }

    #[inline]
    pub(super) fn walk(&self) -> &Walk<V, Borrowed<'a, V>> {
        &self.walk
    }

    #[inline]
    pub(super) fn walk_mut(&mut self) -> &mut Walk<V, Borrowed<'a, V>> {
        &mut self.walk
    }

    /// The path from the origin to the focus, without a copy.
    #[must_use]
    pub fn into_path(self) -> Vec<u8> {
        self.walk.into_path()
    }

    /// Iterates over the tips after the focus, in path order: the locations with nothing below them, whether they hold a
    /// value or dangle. Values on the way to others are passed by; [`IntoIterator`] gives those too.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("rom", 1), ("romane", 2)]);
    /// map.create_path("rubens");
    /// let tips: Vec<_> = map.read_zipper().into_path_iter().collect();
    /// assert_eq!(tips, [b"romane", b"rubens"]);
    /// ```
    pub fn into_path_iter(self) -> ReadZipperPathIter<'a, 'path, V> {
        ReadZipperPathIter::new(self)
    }
}

impl<V> Clone for ReadZipperUntracked<'_, '_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone(), path: PhantomData }
    }
}

impl<'a, V> ZipperReadOnlyValues<'a, V> for ReadZipperUntracked<'a, '_, V> {
    #[inline]
    fn get_val(&self) -> Option<&'a V> {
        self.walk.val_in_trie()
    }

    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'a V> {
        self.walk.focus_in_trie()?.value_at(path.as_ref())
    }
}

impl<'a, V> ZipperReadOnlyIteration<'a, V> for ReadZipperUntracked<'a, '_, V> {}

impl<'a, V> ZipperReadOnlyConditionalValues<'a, V> for ReadZipperUntracked<'a, '_, V> {
    type WitnessT = ();

    fn witness<'w>(&self) {}

    fn get_val_with_witness<'w>(&self, (): &'w ()) -> Option<&'w V>
    where
        'a: 'w,
    {
        self.get_val()
    }
}

impl<'a, V> ZipperReadOnlyConditionalIteration<'a, V> for ReadZipperUntracked<'a, '_, V> {}

impl<'a, V: Clone> ZipperReadOnlySubtries<'a, V> for ReadZipperUntracked<'a, '_, V> {
    type TrieRefT
        = TrieRefBorrowed<'a, V>
    where
        V: 'a;

    fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefBorrowed<'a, V> {
        TrieRefBorrowed::new(self.walk.focus_in_trie(), self.walk.exists()).below(path.as_ref())
    }

    fn known_prefix(&self) -> &[u8] {
        self.root_prefix_path()
    }
}

impl<'a, 'path, V> IntoIterator for ReadZipperUntracked<'a, 'path, V> {
    type Item = (Vec<u8>, &'a V);
    type IntoIter = ReadZipperIter<'a, 'path, V>;

    /// Iterates over the values after the focus, with their paths from the root.
    fn into_iter(self) -> Self::IntoIter {
        ReadZipperIter::new(self)
    }
}

/// What keeps the values of a counted reader alive: one more owner of its trie.
///
/// Made by [`witness`](ZipperReadOnlyConditionalValues::witness).
pub struct ReadZipperWitness<V>(pub(super) Option<Shared<V>>);

impl<V> fmt::Debug for ReadZipperWitness<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadZipperWitness").finish_non_exhaustive()
    }
}

/// Implements what readers that count their trie have in common.
macro_rules! counted_reader {
    ([$($generics:tt)*] $life:lifetime, $zipper:ty) => {
        walk_zipper!([$($generics)*] $zipper, descend_to, reset);

        impl<$($generics)*> ZipperReadOnlyConditionalValues<$life, V> for $zipper {
            type WitnessT = ReadZipperWitness<V>;

            fn witness<'w>(&self) -> ReadZipperWitness<V> {
                ReadZipperWitness(self.walk.root().0.clone())
            }

            #[inline]
            fn get_val_with_witness<'w>(&self, witness: &'w ReadZipperWitness<V>) -> Option<&'w V>
            where
                $life: 'w,
            {
                self.walk.val_in_witness(&witness.0)
            }
        }

        impl<$($generics)*> ZipperReadOnlyConditionalIteration<$life, V> for $zipper {}

        impl<$($generics)*> ZipperReadOnlySubtries<$life, V> for $zipper
        where
            V: Clone,
        {
            type TrieRefT
                = TrieRefOwned<V>
            where
                V: $life;

            fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefOwned<V> {
                TrieRefBorrowed::new(self.walk.disclose(), self.walk.exists()).below(path.as_ref()).to_owned()
            }

            fn known_prefix(&self) -> &[u8] {
                self.root_prefix_path()
            }
        }
    };
}

/// A reader given out by a head: no writer is at, above or below its root while it lives.
///
/// It is an owner of the nodes that it reads, so writers elsewhere in the map neither free nor change them. A clone
/// counts as one reader more. It is `Send` if the values are `Send` and `Sync`.
#[must_use = "a zipper that is dropped gives its path back at once"]
pub struct ReadZipperTracked<'a, 'path, V> {
    walk: Walk<V, Kept<V>>,
    lease: ReadLease<'a, V>,
    path: PhantomData<&'path [u8]>,
}

counted_reader!(['a, 'path, V] 'a, ReadZipperTracked<'a, 'path, V>);

impl<'a, V> ReadZipperTracked<'a, '_, V> {
    pub(super) fn new(walk: Walk<V, Kept<V>>, lease: ReadLease<'a, V>) -> Self {
        Self { walk, lease, path: PhantomData }
    }
}

impl<V> Clone for ReadZipperTracked<'_, '_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone(), lease: self.lease.clone(), path: PhantomData }
    }
}

/// A reader that owns its map.
#[must_use = "a zipper does nothing until it is used"]
pub struct ReadZipperOwned<V> {
    walk: Walk<V, Kept<V>>,
}

counted_reader!(['a, V] 'a, ReadZipperOwned<V>);

impl<V> ReadZipperOwned<V> {
    pub(crate) fn new(root: Option<Shared<V>>, path: &[u8]) -> Self {
        Self { walk: Walk::new(Kept(root), path.to_vec(), 0, true) }
    }

    /// A reader whose root is a place that is shown as `prefix`. None if it cannot be: the place is within a node, and the
    /// bytes that lead to it there do not agree with the prefix.
    pub(crate) fn at(place: TrieRef<'_, V>, prefix: &[u8]) -> Option<Self> {
        let (place, exists) = place.into_owned().into_parts();
        let Some(place) = place else {
            let walk = Walk::new(Kept(None), prefix.to_vec(), prefix.len(), exists);
            return Some(Self { walk });
        };
        let (root, spelled) = place.into_trie();
        let walk = if prefix.ends_with(&spelled) {
            Walk::new(Kept(Some(root)), prefix.to_vec(), prefix.len() - spelled.len(), true)
        } else if spelled.ends_with(prefix) {
            let hidden = spelled.len() - prefix.len();
            Walk::new(Kept(Some(root)), spelled, 0, true).hiding(hidden)
        } else {
            return None;
        };
        Some(Self { walk })
    }

    /// The map, of which it gives up its ownership. O(1).
    #[must_use]
    pub fn into_map(self) -> PathMap<V> {
        PathMap::from_root(self.walk.into_root().0)
    }
}

impl<V> Clone for ReadZipperOwned<V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}
