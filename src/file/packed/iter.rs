//! Iterators over the paths and values of a packed trie.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Bound, RangeBounds};

use super::trie::{Lent, Packed};
use super::zipper::PackedZipper;
use crate::bytes::Text;
use crate::file::stored::Stored;
use crate::zipper::{Zipper, ZipperIteration, ZipperMoving};

/// An iterator over paths of a [`Packed`] trie and their values, in path order; see
/// [`Packed::iter`] and [`Packed::range`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct PackedIter<'p, V> {
    front: PackedZipper<'p, V>,
    back: PackedZipper<'p, V>,
    from: Bound<Vec<u8>>,
    to: Bound<Vec<u8>>,
    /// Whether each end has moved to its first path.
    has_front: bool,
    has_back: bool,
    is_done: bool,
}

fn owned<K: AsRef<[u8]> + ?Sized>(bound: Bound<&K>) -> Bound<Vec<u8>> {
    bound.map(|path| path.as_ref().to_vec())
}

impl<'p, V: Stored> PackedIter<'p, V> {
    /// An iterator over the paths within bounds, which are given from the root of `zipper`.
    fn new(zipper: PackedZipper<'p, V>, from: Bound<Vec<u8>>, to: Bound<Vec<u8>>) -> Self {
        let back = zipper.clone();
        Self { front: zipper, back, from, to, has_front: false, has_back: false, is_done: false }
    }

    /// Moves the front to the next path, if it is not beyond the end; returns the value there.
    #[inline]
    fn advance(&mut self) -> Option<Lent<'p, V>> {
        if self.is_done {
            return None;
        }
        let value = if self.has_front { self.front.walk.next_value() } else { self.first() };
        let front = &self.front;
        let is_before_end = match &self.to {
            Bound::Included(path) => front.path() <= path.as_slice(),
            Bound::Excluded(path) => front.path() < path.as_slice(),
            Bound::Unbounded => true,
        };
        let is_within = is_before_end && (!self.has_back || front.path() < self.back.path());
        let value = if is_within { value } else { None };
        self.is_done = value.is_none();
        value
    }

    /// Moves the front to the first path, which may be beyond the end.
    #[cold]
    fn first(&mut self) -> Option<Lent<'p, V>> {
        self.has_front = true;
        let front = &mut self.front;
        let may_stay = match &self.from {
            Bound::Included(path) | Bound::Excluded(path) => {
                front.descend_to(path);
                matches!(self.from, Bound::Included(_))
            }
            Bound::Unbounded => true,
        };
        let value = if may_stay { front.stored_val() } else { None };
        value.or_else(|| front.walk.next_value())
    }

    /// Moves the back to the path before, if it is not before the start.
    fn advance_back(&mut self) -> bool {
        if self.is_done {
            return false;
        }
        let back = &mut self.back;
        let is_first = !std::mem::replace(&mut self.has_back, true);
        // From the root the zipper would move to the last value.
        let is_at_start = match &self.to {
            Bound::Included(path) | Bound::Excluded(path) if is_first => {
                back.descend_to(path);
                path.is_empty()
            }
            _ => !is_first && back.at_root(),
        };
        let may_stay = is_first && matches!(self.to, Bound::Included(_));
        let moved = may_stay && back.is_val() || !is_at_start && back.to_prev_val();
        // The root is the first path, and no path is before it.
        let found = moved || back.at_root() && !is_at_start && back.is_val();
        let is_after_start = match &self.from {
            Bound::Included(path) => back.path() >= path.as_slice(),
            Bound::Excluded(path) => back.path() > path.as_slice(),
            Bound::Unbounded => true,
        };
        let found = found && is_after_start && (!self.has_front || self.front.path() < back.path());
        self.is_done = !found;
        found
    }

    /// Returns the next path, lent until the next call, and its value.
    ///
    /// Unlike [`next`](Iterator::next), copies no path.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("a", 1u8), ("ab", 2)]).save(&mut bytes)?;
    /// let packed = Packed::<u8>::new(bytes)?;
    /// let (mut entries, mut len) = (packed.iter(), 0);
    /// while let Some((path, _value)) = entries.lend_next() {
    ///     len += path.len();
    /// }
    /// assert_eq!(len, 3);
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn lend_next(&mut self) -> Option<(&[u8], Lent<'p, V>)> {
        let value = self.advance()?;
        Some((self.front.whole_path(), value))
    }
}

impl<'p, V: Stored> Iterator for PackedIter<'p, V> {
    type Item = (Vec<u8>, Lent<'p, V>);

    fn next(&mut self) -> Option<Self::Item> {
        self.lend_next().map(|(path, value)| (path.to_vec(), value))
    }
}

impl<V: Stored> DoubleEndedIterator for PackedIter<'_, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if !self.advance_back() {
            return None;
        }
        let value = self.back.stored_val()?;
        Some((self.back.whole_path().to_vec(), value))
    }
}

impl<V: Stored> FusedIterator for PackedIter<'_, V> {}

impl<V> Clone for PackedIter<'_, V> {
    fn clone(&self) -> Self {
        let (front, back) = (self.front.clone(), self.back.clone());
        let (from, to) = (self.from.clone(), self.to.clone());
        Self { front, back, from, to, ..*self }
    }
}

impl<V: Stored> fmt::Debug for PackedIter<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedIter")
            .field("front", &self.front)
            .field("back", &self.back)
            .finish_non_exhaustive()
    }
}

/// An iterator over the stored prefixes of a path and their values, the shortest first; see
/// [`Packed::prefixes_of`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct PackedPrefixesOf<'p, 'path, V> {
    zipper: PackedZipper<'p, V>,
    path: &'path [u8],
    /// The length of the prefix that was checked last; `None` if none was.
    len: Option<usize>,
}

impl<'p, 'path, V: Stored> Iterator for PackedPrefixesOf<'p, 'path, V> {
    type Item = (&'path [u8], Lent<'p, V>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.len.is_none() {
            self.len = Some(0);
            if let Some(value) = self.zipper.stored_val() {
                return Some((&[], value));
            }
        }
        let len = self.len?;
        let moved = self.zipper.descend_to_val(&self.path[len..]);
        self.len = Some(len + moved);
        let value = if moved > 0 { self.zipper.stored_val() } else { None };
        value.map(|value| (&self.path[..len + moved], value))
    }
}

impl<V: Stored> FusedIterator for PackedPrefixesOf<'_, '_, V> {}

impl<V> fmt::Debug for PackedPrefixesOf<'_, '_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedPrefixesOf").field("path", &Text(self.path)).finish_non_exhaustive()
    }
}

impl<V: Stored> Packed<'_, V> {
    /// Returns an iterator over the paths that have values and their values, in path order.
    ///
    /// Each path is copied; [`lend_next`](PackedIter::lend_next) lends it instead. The iterator
    /// can be walked from both ends.
    ///
    /// # Complexity
    /// Making the iterator is O(1). Each step is O(path), and a whole iteration is O(nodes and
    /// values).
    pub fn iter(&self) -> PackedIter<'_, V> {
        PackedIter::new(self.read_zipper(), Bound::Unbounded, Bound::Unbounded)
    }

    /// Returns an iterator over the paths within bounds and their values, in path order.
    ///
    /// Bounds that exclude every path yield an empty iterator. Only the nodes on the way to the
    /// bounds are read.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("a", 1u8), ("ab", 2), ("b", 3), ("c", 4)]).save(&mut bytes)?;
    /// let packed = Packed::<u8>::new(bytes)?;
    /// let found: Vec<_> = packed.range("ab".."c").map(|(_, value)| *value).collect();
    /// assert_eq!(found, [2, 3]);
    /// assert_eq!(packed.range("b"..).next_back(), Some((b"c".to_vec(), &4)));
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn range<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&self, range: R) -> PackedIter<'_, V> {
        PackedIter::new(self.read_zipper(), owned(range.start_bound()), owned(range.end_bound()))
    }

    /// Returns an iterator over the paths that begin with `prefix`, in path order.
    ///
    /// `prefix` itself is included if it is stored. Paths are whole.
    pub fn prefix<K: AsRef<[u8]>>(&self, prefix: K) -> PackedIter<'_, V> {
        PackedIter::new(self.read_zipper_at_path(prefix), Bound::Unbounded, Bound::Unbounded)
    }

    /// Returns an iterator over the stored prefixes of `path` and their values, the shortest
    /// first.
    ///
    /// `path` itself is included if it is stored. O(path) for all of them.
    pub fn prefixes_of<'path, K: AsRef<[u8]> + ?Sized>(
        &self,
        path: &'path K,
    ) -> PackedPrefixesOf<'_, 'path, V> {
        PackedPrefixesOf { zipper: self.read_zipper(), path: path.as_ref(), len: None }
    }

    /// Returns the longest stored prefix of `path`, and its value. O(path).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("/", 1u8), ("/api/", 2), ("/app/", 3)]).save(&mut bytes)?;
    /// let packed = Packed::<u8>::new(bytes)?;
    /// assert_eq!(packed.longest_prefix_of("/api/users"), Some((&b"/api/"[..], &2)));
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    #[must_use]
    pub fn longest_prefix_of<'path, K: AsRef<[u8]> + ?Sized>(
        &self,
        path: &'path K,
    ) -> Option<(&'path [u8], Lent<'_, V>)> {
        self.prefixes_of(path).last()
    }
}

impl<'p, V: Stored> IntoIterator for &'p Packed<'_, V> {
    type Item = (Vec<u8>, Lent<'p, V>);
    type IntoIter = PackedIter<'p, V>;

    fn into_iter(self) -> PackedIter<'p, V> {
        self.iter()
    }
}
