//! The focus, for callers that only look.

use crate::bytes::ByteMask;
use crate::node::{NodeRef, Place, Spot, count_tips, count_values};
use crate::trie::look_up_many;

/// A place on the way to the focus from which nothing can be shared, so that a writer's proof
/// stays valid (S3).
pub(in crate::zipper) struct Sight<'a, V> {
    node: NodeRef<'a, V>,
    spot: Spot,
}

impl<'a, V> Sight<'a, V> {
    pub(super) fn new((node, spot): (NodeRef<'a, V>, Spot)) -> Self {
        Self { node, spot }
    }

    #[inline]
    fn place(self) -> Place<'a, V> {
        self.node.place_at(self.spot)
    }

    #[inline]
    pub(in crate::zipper) fn val(self) -> Option<&'a V> {
        self.node.value_at(self.spot)
    }

    /// The value at `path` from here.
    pub(in crate::zipper) fn val_at(self, path: &[u8]) -> Option<&'a V> {
        self.place().value_at(path)
    }

    /// The values at many paths from here, in the order of the paths.
    pub(in crate::zipper) fn vals_at<K: AsRef<[u8]>>(self, paths: &[K]) -> Vec<Option<&'a V>> {
        look_up_many(Some(self.place()), paths, |value| value)
    }

    #[inline]
    pub(in crate::zipper) fn child_mask(self) -> ByteMask {
        self.place().child_mask()
    }

    /// The number of values here and below.
    pub(in crate::zipper) fn val_count(self) -> usize {
        count_values(self.place())
    }

    /// The number of locations here and below with nothing below them.
    pub(in crate::zipper) fn tip_count(self) -> usize {
        count_tips(self.place())
    }

    /// True iff nothing is here or below.
    pub(in crate::zipper) fn is_empty(self) -> bool {
        self.place().is_empty()
    }

    /// True iff nothing is below.
    #[inline]
    pub(in crate::zipper) fn is_tip(self) -> bool {
        self.node.is_tip(self.spot)
    }

    /// How deep in the node the nearest strict ancestor is that has a value or branches.
    pub(in crate::zipper) fn fork_above(self) -> Option<usize> {
        self.node.nearest_fork(self.node.known(self.spot))
    }

    /// If this is the root of a node: the node's id, and whether it has several owners.
    pub(in crate::zipper) fn node_id(self) -> Option<(usize, bool)> {
        let place = self.place();
        place.whole().map(|node| (node.id(), place.is_shared()))
    }
}
