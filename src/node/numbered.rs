//! The entries along a place with their numbers, by which the places that they lead to can be named later.

use super::entries::Entries;
use super::lazy_place::LazyPlace;
use super::place::Place;
use super::view::{Entry, NodeRef, Spot};

/// What is yet to be visited of the entries at and below a place. Their suffixes start at the root of the node.
pub(crate) struct Numbered<'a, V> {
    node: NodeRef<'a, V>,
    /// How far below the node's root the place is.
    depth: usize,
    entries: Entries<'a, V>,
}

impl<'a, V> Numbered<'a, V> {
    /// All entries of a node.
    #[inline]
    pub(crate) fn all(node: NodeRef<'a, V>) -> Self {
        Self { node, depth: 0, entries: node.entries(0, 256) }
    }

    /// How far above the place the suffixes start.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The byte by which an entry goes on from the place, unless it ends there.
    #[inline]
    pub(crate) fn branch(&self, entry: &Entry<'a, V>) -> Option<u8> {
        (self.depth < entry.suffix.len()).then(|| entry.suffix.at(self.depth))
    }

    /// The location at the end of an entry, whose suffix has `len` bytes.
    #[inline]
    pub(crate) fn end(&self, entry: usize, len: usize) -> LazyPlace<'a, V> {
        LazyPlace::at_end(self.node, entry, len)
    }

    /// The location `len` bytes down an entry, where other entries part from it. It has no value.
    #[inline]
    pub(crate) fn fork(&self, entry: usize, len: usize) -> LazyPlace<'a, V> {
        LazyPlace::at_fork(self.node, entry, len)
    }
}

impl<'a, V> Iterator for Numbered<'a, V> {
    type Item = (usize, Entry<'a, V>);

    #[inline(always)]
    fn next(&mut self) -> Option<(usize, Entry<'a, V>)> {
        let at = self.entries.at();
        self.entries.next().map(|entry| (at, entry))
    }
}

impl<'a, V> Place<'a, V> {
    /// The entries at and below the place. Some that go on by a byte before `branch` may be left out.
    pub(crate) fn numbered_from(self, branch: u8) -> Numbered<'a, V> {
        let (node, depth) = (self.node, self.spot.depth());
        let Spot { lo, hi, .. } = self.spot;
        // The entries of a wide node are numbered by their first bytes.
        let lo = if depth == 0 && node.is_wide() { branch.into() } else { lo as usize };
        Numbered { node, depth, entries: node.entries(lo, hi as usize) }
    }
}

impl<'a, V> From<NodeRef<'a, V>> for LazyPlace<'a, V> {
    /// The root of a node.
    #[inline]
    fn from(node: NodeRef<'a, V>) -> Self {
        Self::at_spot(Some((node, Spot::ROOT)))
    }
}
