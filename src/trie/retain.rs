//! Removes the values that a closure chooses.
//!
//! A walk collects the paths of the values to be removed, up to a few thousand bytes. Then these
//! values are removed by their paths, and another walk starts after the last path visited. So the
//! map is whole whenever the closure runs, no node is copied unless a value below it is removed,
//! and the memory needed does not grow with the map.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Bound, RangeBounds};

use super::walk::{WalkMut, WalkRef};
use crate::node::Shared;
use crate::trie::PathMap;

/// The paths of the values to be removed, in path order.
#[derive(Default)]
struct Refused {
    /// The paths, back to back.
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Refused {
    /// The limits on what is collected before values are removed. A single path may be longer.
    const BYTES: usize = 4_096;
    const PATHS: usize = 512;

    /// Collects the paths of the values from `next` for which `keep` returns false. Returns true
    /// if there are no more values, false if a limit is reached and the values should be removed.
    fn gather<W, T>(
        &mut self,
        walk: &mut W,
        next: impl for<'n> Fn(&'n mut W) -> Option<(&'n [u8], T)>,
        mut keep: impl FnMut(&[u8], T) -> bool,
    ) -> bool {
        self.bytes.clear();
        self.ends.clear();
        while self.bytes.len() < Self::BYTES && self.ends.len() < Self::PATHS {
            let Some((path, value)) = next(walk) else { return true };
            if !keep(path, value) {
                self.bytes.extend_from_slice(path);
                self.ends.push(self.bytes.len());
            }
        }
        false
    }

    fn paths(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        (0..self.ends.len()).map(|i| {
            let start = i.checked_sub(1).map_or(0, |before| self.ends[before]);
            &self.bytes[start..self.ends[i]]
        })
    }

    /// Returns the lower bound that excludes everything up to the last path, or no bound if there
    /// is no path.
    fn behind(&self) -> Bound<&[u8]> {
        self.paths().next_back().map_or(Bound::Unbounded, Bound::Excluded)
    }
}

impl<V: Clone> PathMap<V> {
    /// Keeps the values for which `keep` returns true, and removes all other values and their
    /// paths.
    ///
    /// `keep` is called in path order. Only shared nodes on the way to a value that is removed are
    /// copied: if nothing is removed, the map still shares all nodes with its clones. To change
    /// values on the way, use [`retain_mut`](Self::retain_mut).
    ///
    /// # Complexity
    /// O(nodes and values) for the walk, and O(path) for each value that is removed.
    ///
    /// # Panics
    /// Panics only if `keep`, or a value's `Clone` or `Drop`, panics. The map is then valid. It
    /// holds all values for which `keep` has not returned false, and possibly the last few values
    /// for which it has.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("a", 1), ("ab", 2), ("b", 3)]);
    /// map.retain(|path, value| path.starts_with(b"a") && *value > 1);
    /// assert_eq!(map, PathMap::from([("ab", 2)]));
    /// ```
    pub fn retain<F: FnMut(&[u8], &V) -> bool>(&mut self, mut keep: F) {
        let mut refused = Refused::default();
        loop {
            let root = self.root.as_ref().map(Shared::lent);
            let mut walk: WalkRef<'_, V> = WalkRef::range(root, refused.behind(), Bound::Unbounded);
            let done = refused.gather(&mut walk, |walk| walk.next(), &mut keep);
            for path in refused.paths() {
                self.remove(path);
            }
            if done {
                return;
            }
        }
    }

    /// Keeps the values for which `keep` returns true, and removes all other values and their
    /// paths. `keep` may change the values.
    ///
    /// Like [`retain`](Self::retain), but all nodes that other maps share are copied.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut stock = PathMap::from([("apples", 1), ("pears", 3)]);
    /// stock.retain_mut(|_, left| {
    ///     *left -= 1;
    ///     *left > 0
    /// });
    /// assert_eq!(stock, PathMap::from([("pears", 2)]));
    /// ```
    pub fn retain_mut<F: FnMut(&[u8], &mut V) -> bool>(&mut self, mut keep: F) {
        let mut refused = Refused::default();
        loop {
            let root = self.root.as_mut();
            let mut walk: WalkMut<'_, V> = WalkMut::range(root, refused.behind(), Bound::Unbounded);
            let done = refused.gather(&mut walk, |walk| walk.next(), &mut keep);
            for path in refused.paths() {
                self.remove(path);
            }
            if done {
                return;
            }
        }
    }

    /// Returns an iterator that removes the values within a range for which `pred` returns true,
    /// and yields them in path order.
    ///
    /// As for std's `BTreeMap`, `pred` may change the values, and values that the iterator has not
    /// reached when it is dropped are kept. Nodes that other maps share are copied when the
    /// iterator reaches them.
    ///
    /// # Panics
    /// The iterator panics if `pred` panics. The value passed to `pred` is then kept, and the
    /// iterator is exhausted.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map: PathMap<u8> = (0..8).map(|i| ([i], i)).collect();
    /// let odd: Vec<_> = map.extract_if([2u8].., |_, value| *value % 2 == 1).map(|(_, value)| value).collect();
    /// assert_eq!(odd, [3, 5, 7]);
    /// assert_eq!(map.into_values().collect::<Vec<_>>(), [0, 1, 2, 4, 6]);
    /// ```
    pub fn extract_if<K, R, F>(&mut self, range: R, pred: F) -> ExtractIf<'_, V, F>
    where
        K: AsRef<[u8]> + ?Sized,
        R: RangeBounds<K>,
        F: FnMut(&[u8], &mut V) -> bool,
    {
        let own = |bound: Bound<&K>| bound.map(|key| key.as_ref().to_vec());
        let (from, to) = (own(range.start_bound()), own(range.end_bound()));
        ExtractIf { map: self, pred, from, to, goes_on: true }
    }
}

/// An iterator that removes values from a map and yields them with their paths. Returned by
/// [`PathMap::extract_if`].
#[must_use = "iterators are lazy and do nothing unless consumed; use `retain` to remove and drop values"]
pub struct ExtractIf<'a, V, F> {
    map: &'a mut PathMap<V>,
    pred: F,
    from: Bound<Vec<u8>>,
    to: Bound<Vec<u8>>,
    goes_on: bool,
}

fn lent(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    bound.as_ref().map(|path| &path[..])
}

impl<V: Clone, F: FnMut(&[u8], &mut V) -> bool> Iterator for ExtractIf<'_, V, F> {
    type Item = (Vec<u8>, V);

    fn next(&mut self) -> Option<(Vec<u8>, V)> {
        // The iterator is exhausted after a panic, and at its end.
        if !std::mem::take(&mut self.goes_on) {
            return None;
        }
        let mut walk: WalkMut<'_, V> =
            WalkMut::range(self.map.root.as_mut(), lent(&self.from), lent(&self.to));
        loop {
            let (path, value) = walk.next()?;
            if (self.pred)(path, value) {
                break;
            }
        }
        let path = walk.path().to_vec();
        // The walk is dropped before the value is removed, because it borrows the map.
        drop(walk);
        let value = self.map.remove(&path)?;
        self.from = Bound::Excluded(path.clone());
        self.goes_on = true;
        Some((path, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, (!self.goes_on).then_some(0))
    }
}

impl<V: Clone, F: FnMut(&[u8], &mut V) -> bool> FusedIterator for ExtractIf<'_, V, F> {}

impl<V, F> fmt::Debug for ExtractIf<'_, V, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtractIf").finish_non_exhaustive()
    }
}
