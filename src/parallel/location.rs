//! [`Location`]: what a visitor is called with.

use std::fmt;

use crate::bytes::{ByteMask, Text};
use crate::node::LazyPlace;

/// A location that a walk has come to. It is lent for the time of a visit.
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

    /// Returns the number of bytes that lead here from the walk's root above. It is 0 at the root
    /// itself.
    #[must_use]
    #[inline]
    pub fn depth(&self) -> usize {
        self.path.len() - self.root_len
    }

    /// Returns the value at the location. A walk that visits values only always finds one.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Option<&'a V> {
        self.place.value()
    }

    /// Returns the bytes by which a path can go on from the location. They are looked for at each
    /// call.
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
