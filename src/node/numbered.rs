//! The entries along a place with their numbers, by which the places that they lead to can be
//! named later.

use super::end::Entry;
use super::entries::Entries;
use super::lazy_place::LazyPlace;
use super::place::{LentNode, Place};
use super::spot::Spot;
use super::view::NodeRef;

/// What is yet to be visited of the entries at and below a place. Their suffixes start at the root
/// of the node.
pub(crate) struct Numbered<'a, V> {
    node: NodeRef<'a, V>,
    /// How far below the node's root the place is.
    depth: usize,
    entries: Entries<'a, V>,
}

impl<'a, V> Numbered<'a, V> {
    /// The root of the node, if there is a value.
    #[inline]
    pub(crate) fn valued_root(&self) -> Option<LazyPlace<'a, V>> {
        self.node.own().map(|_| LazyPlace::at_spot(Some((self.node, Spot::ROOT))))
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
    /// The entries at and below the place. Some that go on by a byte before `branch` may be left
    /// out.
    pub(crate) fn numbered_from(self, branch: u8) -> Numbered<'a, V> {
        let (node, depth) = (self.node, self.spot.depth());
        let Spot { lo, hi, .. } = self.spot;
        // The entries of a wide node are numbered by their first bytes.
        let lo = if depth == 0 && node.is_wide() { branch.into() } else { lo as usize };
        Numbered { node, depth, entries: node.entries(lo, hi as usize) }
    }
}

impl<'a, V> LentNode<'a, V> {
    /// All entries of the node.
    #[inline]
    pub(crate) fn numbered(self) -> Numbered<'a, V> {
        let node = self.view();
        Numbered { node, depth: 0, entries: node.entries(0, 256) }
    }

    /// True iff the node has more than one owner, so that more than one path may lead to it.
    #[inline]
    pub(crate) fn is_shared(self) -> bool {
        self.view().is_shared()
    }
}
