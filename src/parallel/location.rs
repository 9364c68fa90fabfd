//! [`Location`]: the argument of a visitor.

use std::fmt;

use crate::bytes::{ByteMask, Text};
use crate::node::LazyPlace;

/// A location that a walk visits, lent for the time of the visit.
pub struct Location<'a, V> {
    path: &'a [u8],
    root_len: usize,
    place: LazyPlace<'a, V>,
}

impl<'a, V> Location<'a, V> {
    /// The location at `path`, the first `root_len` bytes of which lead to the walk's root.
    #[inline]
    pub(super) fn new(path: &'a [u8], root_len: usize, place: LazyPlace<'a, V>) -> Self {
        Self { path, root_len, place }
    }

    /// Returns the whole path to the location.
    ///
    /// It starts at the root of the map or of the head that the walk was made of, or at the origin
    /// of the zipper.
    #[must_use]
    #[inline]
    pub fn path(&self) -> &'a [u8] {
        self.path
    }

    /// Returns the number of bytes from the walk's root to the location.
    ///
    /// The number is 0 at a root.
    #[must_use]
    #[inline]
    pub fn depth(&self) -> usize {
        self.path.len() - self.root_len
    }

    /// Returns the value at the location. There always is one in a walk that visits only locations
    /// with a value.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Option<&'a V> {
        self.place.value()
    }

    /// Returns the bytes by which a path can go on from the location.
    ///
    /// Each call computes the bytes again.
    #[must_use]
    pub fn child_mask(&self) -> ByteMask {
        self.place.child_mask()
    }
}

impl<V> fmt::Debug for Location<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location")
            .field("path", &Text(self.path))
            .field("depth", &self.depth())
            .field("is_val", &self.value().is_some())
            .finish_non_exhaustive()
    }
}
