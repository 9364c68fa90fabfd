//! Results of stops: collected below the stop above, and handed to the algebra.

use std::vec;

use crate::parallel::walked::Walked;

/// The results of a fold from the tips to the roots.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoldedUp<T> {
    /// The path and the result of each root of the walk that exists, in path order. A root whose
    /// fold was stopped is missing.
    pub roots: Vec<(Vec<u8>, T)>,
    /// How the walk ended, and whether it was complete.
    pub walked: Walked,
}

impl<T> FoldedUp<T> {
    /// Returns the result of the first root, which is the only root in a walk of a whole map.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        self.roots.into_iter().next().map(|(_, result)| result)
    }
}

/// An iterator over the results of the stops right below a stop, in path order, each with the
/// bytes that lead to it.
#[derive(Debug)]
pub struct Branches<'a, T> {
    results: vec::Drain<'a, T>,
    ends: std::slice::Iter<'a, usize>,
    suffixes: &'a [u8],
    start: usize,
}

impl<'a, T> Iterator for Branches<'a, T> {
    type Item = (&'a [u8], T);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let result = self.results.next()?;
        let end = *self.ends.next()?;
        let suffix = &self.suffixes[self.start..end];
        self.start = end;
        Some((suffix, result))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.results.size_hint()
    }
}

impl<T> ExactSizeIterator for Branches<'_, T> {}

impl<T> std::iter::FusedIterator for Branches<'_, T> {}

/// Results, and the bytes that lead from the stop above to each.
#[derive(Debug)]
pub(super) struct Results<T> {
    values: Vec<T>,
    /// Where the bytes of each result end in `suffixes`.
    ends: Vec<usize>,
    suffixes: Vec<u8>,
}

impl<T> Results<T> {
    pub(super) const fn new() -> Self {
        Self { values: Vec::new(), ends: Vec::new(), suffixes: Vec::new() }
    }

    /// One result.
    pub(super) fn one(suffix: &[u8], value: T) -> Self {
        let mut results = Self::new();
        results.push(suffix, value);
        results
    }

    #[inline]
    pub(super) fn push(&mut self, suffix: &[u8], value: T) {
        self.suffixes.extend_from_slice(suffix);
        self.ends.push(self.suffixes.len());
        self.values.push(value);
    }

    /// Takes all results out, in order. [`cleared`](Self::cleared) must follow before the next
    /// result is pushed.
    pub(super) fn branches(&mut self) -> Branches<'_, T> {
        Branches {
            results: self.values.drain(..),
            ends: self.ends.iter(),
            suffixes: &self.suffixes,
            start: 0,
        }
    }

    /// An empty collection that reuses this one's memory.
    pub(super) fn cleared(mut self) -> Self {
        self.values.clear();
        self.ends.clear();
        self.suffixes.clear();
        self
    }

    /// Moves all results of `other` behind these.
    pub(super) fn append(&mut self, other: &mut Self) {
        for (suffix, value) in other.branches() {
            self.push(suffix, value);
        }
    }

    /// Sorts the results by path. No two begin with the same byte.
    pub(super) fn sort(&mut self) {
        let mut pairs: Vec<(Vec<u8>, T)> =
            self.branches().map(|(suffix, value)| (suffix.to_vec(), value)).collect();
        pairs.sort_unstable_by_key(|(suffix, _)| suffix.first().copied());
        *self = Self::new();
        for (suffix, value) in pairs {
            self.push(&suffix, value);
        }
    }

    /// Returns the only result.
    pub(super) fn into_only(mut self) -> Option<T> {
        self.values.pop()
    }
}
