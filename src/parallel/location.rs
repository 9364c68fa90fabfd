//! What a visitor is shown.

use std::fmt;

use crate::bytes::ByteMask;
use crate::node::{NodeRef, Spot};

/// A location that a walk has come to. It is lent for the time of a visit.
pub struct Location<'a, V> {
    path: &'a [u8],
    root_len: usize,
    place: Option<(NodeRef<'a, V>, Spot)>,
}

impl<'a, V> Location<'a, V> {
    /// At `path`, the first `root_len` bytes of which lead to the walk's root.
    #[inline]
    pub(super) fn new(path: &'a [u8], root_len: usize, place: Option<(NodeRef<'a, V>, Spot)>) -> Self {
        Self { path, root_len, place }
    }

    /// The whole path: from the root of the map, of the head, or from the origin of the zipper that the walk was made
    /// of.
    #[inline]
    pub fn path(&self) -> &'a [u8] {
        self.path
    }

    /// How many bytes of the path lead here from the root of the walk that this is below. 0 at the root itself.
    #[inline]
    pub fn depth(&self) -> usize {
        self.path.len() - self.root_len
    }

    /// The value here. There always is one where a walk visits values only.
    #[inline]
    pub fn value(&self) -> Option<&'a V> {
        let (node, spot) = self.place?;
        node.value_at(spot)
    }

    /// The bytes by which the path can go on. It is worked out when it is asked for.
    pub fn child_mask(&self) -> ByteMask {
        match self.place {
            Some((node, spot)) => node.child_mask(node.known(spot)),
            None => ByteMask::EMPTY,
        }
    }
}

impl<V> fmt::Debug for Location<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location")
            .field("path", &self.path.escape_ascii().to_string())
            .field("depth", &self.depth())
            .field("is_val", &self.value().is_some())
            .finish_non_exhaustive()
    }
}
