//! The three zippers that only read.

use std::fmt;
use std::marker::PhantomData;

use super::delegate::walk_zipper;
use super::head::{ReadLease, RootedTrie};
use super::methods::forward;
use super::root::{Borrowed, Root, SharedRoot};
use super::stack::{Walk, ZipperBuffers};
use super::traits::*;
use super::trie_ref::{TrieRef, TrieRefBorrowed, TrieRefOwned};
use crate::node::{Place, Shared};
use crate::trie::{PathMap, Subtrie};

/// A reader of a borrowed map. Its values live as long as the borrow.
#[must_use = "a zipper does nothing until it is used"]
pub struct ReadZipperUntracked<'a, 'path, V> {
    walk: Walk<V, Borrowed<'a, V>>,
    path: PhantomData<&'path [u8]>,
}

walk_zipper!(['a, 'path, V] ReadZipperUntracked<'a, 'path, V>);
forward! {
    impl['a, 'path, V] ReadZipperUntracked<'a, 'path, V>, self => self.walk;
    ZipperReadOnlyValues<'a, V>;
    ZipperReadOnlyIteration<'a, V>;
    ZipperReadOnlyConditionalValues<'a, V> with { type WitnessT = (); };
    ZipperReadOnlyConditionalIteration<'a, V>;
    ZipperReadOnlySubtries<'a, V> where [V: Clone] with { type TrieRefT = TrieRefBorrowed<'a, V> where V: 'a; };
}

impl<'a, 'path, V> ReadZipperUntracked<'a, 'path, V> {
    pub(crate) fn new(root: &'a Option<Shared<V>>, path: &[u8]) -> Self {
        Self::with_buffers(ZipperBuffers::new(), root, path)
    }

    /// A reader that uses the given buffers.
    pub(super) fn with_buffers(buffers: ZipperBuffers, root: &'a Option<Shared<V>>, path: &[u8]) -> Self {
        let trie = Subtrie::present(root.as_ref().map(Shared::lent));
        Self { walk: Walk::in_trie(buffers, trie, path), path: PhantomData }
    }

    /// A reader whose root is the focus of `walk`.
    pub(super) fn fork<R: Root<V>>(walk: &'a Walk<V, R>) -> Self {
        let path = walk.whole_path().to_vec();
        let focus = walk.disclose();
        let base = path.len() - focus.node().map_or(0, |place| place.depth());
        let fork = Walk::lazy(Borrowed(focus.map(Place::node)), path, base).hiding(walk.hidden());
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

    /// Consumes the reader and returns the path from the origin to the focus. Copies nothing.
    #[must_use]
    pub fn into_path(self) -> Vec<u8> {
        self.walk.into_path()
    }

    /// Consumes the reader and returns its buffers, for the next zipper.
    #[must_use]
    pub fn into_buffers(self) -> ZipperBuffers {
        self.walk.into_buffers()
    }
}

impl<V> Clone for ReadZipperUntracked<'_, '_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone(), path: PhantomData }
    }
}

/// Keeps the values of a reader alive, as one more owner of its trie.
///
/// Made by [`witness`](ZipperReadOnlyConditionalValues::witness).
pub struct ReadZipperWitness<V>(pub(super) Option<Shared<V>>);

impl<V> fmt::Debug for ReadZipperWitness<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadZipperWitness").finish_non_exhaustive()
    }
}

/// Implements the traits of readers that are owners of their trie.
macro_rules! counted_reader {
    ([$($generics:tt)*] $life:lifetime, $zipper:ty) => {
        $crate::zipper::methods::forward! {
            impl[$($generics)*] $zipper, self => self.walk;
            ZipperReadOnlyConditionalValues<$life, V> with { type WitnessT = ReadZipperWitness<V>; };
            ZipperReadOnlyConditionalIteration<$life, V>;
            ZipperReadOnlySubtries<$life, V> where [V: Clone] instead {
                type TrieRefT = TrieRefOwned<V> where V: $life;

                // A result of the type `Self::TrieRefT` would require `V: 'a`.
                fn trie_ref_at_path<K: AsRef<[u8]>>(&self, path: K) -> TrieRefOwned<V> {
                    self.walk.trie_ref_at_path(path)
                }
            };
        }
    };
}

/// A reader made by a head: no writer is at, above or below its root while it lives.
///
/// The reader is an owner of the nodes that it reads, so writers elsewhere in the map neither free
/// nor change them. A clone counts as one more reader. The reader is `Send` if the values are
/// `Send` and `Sync`.
#[must_use = "a zipper that is dropped frees its path at once"]
pub struct ReadZipperTracked<'a, 'path, V> {
    walk: Walk<V, SharedRoot<V>>,
    lease: ReadLease<'a, V>,
    path: PhantomData<&'path [u8]>,
}

walk_zipper!(['a, 'path, V] ReadZipperTracked<'a, 'path, V>);
counted_reader!(['a, 'path, V] 'a, ReadZipperTracked<'a, 'path, V>);

impl<'a, V> ReadZipperTracked<'a, '_, V> {
    /// A reader of the subtrie that its head shares with it.
    pub(super) fn new(lease: ReadLease<'a, V>, rooted: RootedTrie<V>) -> Self {
        let RootedTrie { trie, start, path, hidden } = rooted;
        let walk = Walk::new(SharedRoot(trie), path, start).hiding(hidden);
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
    walk: Walk<V, SharedRoot<V>>,
}

walk_zipper!([V] ReadZipperOwned<V>);
counted_reader!(['a, V] 'a, ReadZipperOwned<V>);

impl<V> ReadZipperOwned<V> {
    pub(crate) fn new(trie: Subtrie<Shared<V>>, path: &[u8]) -> Self {
        Self { walk: Walk::new(SharedRoot(trie), path.to_vec(), 0) }
    }

    /// A reader whose root is `place` and whose root path is `prefix`.
    ///
    /// Returns `None` if this is impossible: the place is inside a node, and the bytes that lead to
    /// it in the node differ from the end of the prefix.
    pub(crate) fn at(place: TrieRef<'_, V>, prefix: &[u8]) -> Option<Self> {
        let (root, spelled) = match place.into_owned().into_subtrie() {
            Subtrie::Absent => (Subtrie::Absent, Vec::new()),
            Subtrie::Bare => (Subtrie::Bare, Vec::new()),
            Subtrie::Node(place) => {
                let (node, spelled) = place.into_trie();
                (Subtrie::Node(node), spelled)
            }
        };
        let root = SharedRoot(root);
        let walk = if prefix.ends_with(&spelled) {
            Walk::new(root, prefix.to_vec(), prefix.len() - spelled.len())
        } else if spelled.ends_with(prefix) {
            let hidden = spelled.len() - prefix.len();
            Walk::new(root, spelled, 0).hiding(hidden)
        } else {
            return None;
        };
        Some(Self { walk })
    }

    /// True iff the root of the reader is the root of a node, or no node is there.
    pub(crate) fn starts_at_node(&self) -> bool {
        self.walk.starts_at_trie()
    }

    /// Puts the root of another reader, which starts at a node, at the focus of this one. The other
    /// reader holds the path of both until [`leave_below`](Self::leave_below).
    #[inline]
    pub(crate) fn enter_below(&mut self, below: &mut Self) {
        self.walk.lend_path(&mut below.walk);
    }

    /// Undoes [`enter_below`](Self::enter_below): the other reader returns to its root.
    #[inline]
    pub(crate) fn leave_below(&mut self, below: &mut Self) {
        self.walk.reclaim_path(&mut below.walk);
    }

    /// Moves this reader to the next location of the same length below all but the last `k` bytes
    /// of its path, if that is a value close by. Returns whether it is a tip, or `None` if the
    /// reader has not moved.
    ///
    /// The path is held by another reader, which is at its root and stays there.
    #[inline]
    pub(crate) fn step_above(&mut self, below: &mut Self, k: usize) -> Option<bool> {
        self.walk.step_above(&mut below.walk, k)
    }

    /// The part below this reader's root of a path that another reader holds.
    #[inline]
    pub(crate) fn path_in<'h>(&self, holder: &'h Self) -> &'h [u8] {
        &holder.walk.whole_path()[self.walk.root_len()..]
    }

    /// The part down to this reader's root of a path that another reader holds.
    pub(crate) fn root_prefix_in<'h>(&self, holder: &'h Self) -> &'h [u8] {
        &holder.walk.whole_path()[self.walk.hidden()..self.walk.root_len()]
    }

    /// Consumes the reader and returns its map. O(1).
    #[must_use]
    pub fn into_map(self) -> PathMap<V> {
        self.walk.into_root().0.into_map()
    }
}

impl<V> Clone for ReadZipperOwned<V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}
