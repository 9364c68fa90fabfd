//! Iterators made from zippers.

use std::fmt;

use super::readers::ReadZipperUntracked;
use super::traits::*;
use crate::trie::IntoIter;

impl<'a, 'path, V> ReadZipperUntracked<'a, 'path, V> {
    /// Iterates over the tips after the focus, in path order.
    ///
    /// A tip is a location with nothing below it; it holds a value or dangles. Values with
    /// locations below them are skipped. [`IntoIterator`] iterates over all values.
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

impl<'a, 'path, V> IntoIterator for ReadZipperUntracked<'a, 'path, V> {
    type Item = (Vec<u8>, &'a V);
    type IntoIter = ReadZipperIter<'a, 'path, V>;

    /// Iterates over the values after the focus, with their paths from the root. At the root, the
    /// root's value comes first.
    fn into_iter(self) -> Self::IntoIter {
        ReadZipperIter::new(self)
    }
}

/// An iterator over the values after a reader's focus, with their paths from its root.
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ReadZipperIter<'a, 'path, V> {
    zipper: Option<ReadZipperUntracked<'a, 'path, V>>,
    /// Whether the value at the root must still be returned; `to_next_val` does not visit it.
    at_root: bool,
}

impl<'a, 'path, V> ReadZipperIter<'a, 'path, V> {
    pub(super) fn new(zipper: ReadZipperUntracked<'a, 'path, V>) -> Self {
        let at_root = zipper.at_root() && zipper.is_val();
        Self { zipper: Some(zipper), at_root }
    }
}

impl<'a, V> Iterator for ReadZipperIter<'a, '_, V> {
    type Item = (Vec<u8>, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        let zipper = self.zipper.as_mut()?;
        let value =
            if std::mem::take(&mut self.at_root) { zipper.get_val() } else { zipper.to_next_get_val() };
        match value {
            Some(value) => Some((zipper.path().to_vec(), value)),
            None => {
                self.zipper = None;
                None
            }
        }
    }
}

impl<V> std::iter::FusedIterator for ReadZipperIter<'_, '_, V> {}

impl<V> fmt::Debug for ReadZipperIter<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadZipperIter").field("zipper", &self.zipper).finish_non_exhaustive()
    }
}

/// An iterator over the paths of the tips after a reader's focus.
///
/// Made by [`ReadZipperUntracked::into_path_iter`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ReadZipperPathIter<'a, 'path, V> {
    zipper: Option<ReadZipperUntracked<'a, 'path, V>>,
    last: Option<&'a V>,
}

impl<'a, 'path, V> ReadZipperPathIter<'a, 'path, V> {
    pub(super) fn new(zipper: ReadZipperUntracked<'a, 'path, V>) -> Self {
        Self { zipper: Some(zipper), last: None }
    }

    /// The value at the last path that the iterator returned; `None` if that path dangles.
    #[must_use]
    pub fn val(&self) -> Option<&V> {
        self.last
    }
}

impl<V> Iterator for ReadZipperPathIter<'_, '_, V> {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        self.last = None;
        let zipper = self.zipper.as_mut()?;
        if !zipper.to_next_step() {
            self.zipper = None;
            return None;
        }
        while zipper.descend_until() || zipper.descend_first_byte() {}
        self.last = zipper.get_val();
        Some(zipper.path().to_vec())
    }
}

impl<V> std::iter::FusedIterator for ReadZipperPathIter<'_, '_, V> {}

impl<V> fmt::Debug for ReadZipperPathIter<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadZipperPathIter").field("zipper", &self.zipper).finish_non_exhaustive()
    }
}

/// An iterator over the values of a map that it owns. A value that no other map shares is moved
/// out, not cloned.
pub type OwnedZipperIter<V> = IntoIter<V>;
