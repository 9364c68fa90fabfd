//! Folds up the tree: what they ask of an algebra, and their calls.

use std::marker::PhantomData;
use std::vec;

use super::climb::{self, Algebra};
use crate::parallel::location::Location;
use crate::parallel::walk::WalkParallel;
use crate::parallel::walked::Walked;

/// What folds up the tree came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoldedUp<T> {
    /// The path and the result of each root of the walk that exists, in path order. A root whose fold was stopped is
    /// missing.
    pub roots: Vec<(Vec<u8>, T)>,
    /// Whether that is all.
    pub walked: Walked,
}

impl<T> FoldedUp<T> {
    /// The result of the first root: of the only one, where the walk has but one.
    #[must_use]
    pub fn into_value(self) -> Option<T> {
        self.roots.into_iter().next().map(|(_, result)| result)
    }
}

/// What the stops right below a stop came to, each with the bytes that lead there, in path order.
#[derive(Debug)]
pub struct Branches<'a, T> {
    results: vec::Drain<'a, T>,
    ends: std::slice::Iter<'a, usize>,
    suffixes: &'a [u8],
    start: usize,
}

impl<'a, T> Branches<'a, T> {
    pub(in crate::parallel) fn new(results: &'a mut Vec<T>, ends: &'a [usize], suffixes: &'a [u8]) -> Self {
        Self { results: results.drain(..), ends: ends.iter(), suffixes, start: 0 }
    }
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

/// An algebra that sees where it is.
struct Seeing<T, F>(F, PhantomData<fn() -> T>);

impl<V, T, F> Algebra<V> for Seeing<T, F>
where
    T: Send,
    F: Fn(&Location<'_, V>, Branches<'_, T>) -> T + Sync,
{
    type Result = T;
    const SHARED: bool = false;

    fn ask(&self, location: &Location<'_, V>, branches: Branches<'_, T>) -> T {
        (self.0)(location, branches)
    }

    fn copy(&self, _: &T) -> T {
        unreachable!("what paths tell apart is not shared")
    }
}

/// An algebra that does not, so that a subtrie comes to the same wherever it is.
struct Blind<T, F>(F, PhantomData<fn() -> T>);

impl<V, T, F> Algebra<V> for Blind<T, F>
where
    T: Clone + Send,
    F: Fn(Option<&V>, Branches<'_, T>) -> T + Sync,
{
    type Result = T;
    const SHARED: bool = true;

    fn ask(&self, location: &Location<'_, V>, branches: Branches<'_, T>) -> T {
        (self.0)(location.value(), branches)
    }

    fn copy(&self, result: &T) -> T {
        result.clone()
    }
}

impl<V: Send + Sync> WalkParallel<'_, V> {
    /// Folds from the tips to the roots: what a location comes to is made of what is right below it.
    ///
    /// `algebra` is asked at *stops*: at the roots, and below them at each location that has a value, or several
    /// branches, or nothing below it. It gets the location, and for each stop right below it the bytes that lead there
    /// and what it came to, in path order. A path without values and branches is one step, however long. Which locations
    /// are stops depends on the content alone, and what is asked for does not depend on how the work was divided; so
    /// the result is that of one thread, whatever the algebra is.
    ///
    /// The whole of each root is folded: values or all locations, and the greatest depth, do not matter here.
    ///
    /// # Complexity
    /// O(stops), and the bytes that lead to them.
    ///
    /// # Panics
    /// As `algebra` does.
    ///
    /// # Examples
    /// How deep the tree is, counted in stops, and its longest path:
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::parallel::Branches;
    ///
    /// let map: PathMap<()> = ["romane", "romanus", "rubens"].map(|word| (word, ())).into_iter().collect();
    /// let folded = map.walk_parallel().fold_up(|location, branches: Branches<'_, (usize, usize)>| {
    ///     let own = (1, location.path().len());
    ///     branches.fold(own, |(stops, longest), (_, below)| (stops.max(below.0 + 1), longest.max(below.1)))
    /// });
    /// // The root, "r", "roman", and "romane" or "romanus".
    /// assert_eq!(folded.into_value(), Some((4, 7)));
    /// ```
    pub fn fold_up<T, F>(&self, algebra: F) -> FoldedUp<T>
    where
        T: Send,
        F: Fn(&Location<'_, V>, Branches<'_, T>) -> T + Sync,
    {
        climb::fold(self, &Seeing(algebra, PhantomData))
    }

    /// Folds from the tips to the roots without regard to paths, and each subtrie that is shared once.
    ///
    /// As [`fold_up`](Self::fold_up), but the algebra gets the value alone and not the location; so what a subtrie comes
    /// to does not depend on where it is, and where the trie has one and the same node in several places, a clone of its
    /// result serves for all of them.
    ///
    /// # Complexity
    /// O(stops), and the bytes that lead to them, in nodes that are told apart. A trie made by grafting may have far more
    /// paths than that.
    ///
    /// # Panics
    /// As `algebra` does, or the clone of a result.
    ///
    /// # Examples
    /// The sum of four billion values, most of which are the same in memory:
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::zipper::ZipperWriting;
    ///
    /// let mut map: PathMap<u64> = PathMap::single("", 1);
    /// for _ in 0..16 {
    ///     let below = map;
    ///     map = PathMap::new();
    ///     for byte in b"acgt" {
    ///         map.write_zipper_at_path(&[*byte]).graft_map(below.clone());
    ///     }
    /// }
    /// let folded = map.walk_parallel().fold_shared(|value, branches| {
    ///     value.copied().unwrap_or(0) + branches.map(|(_, sum)| sum).sum::<u64>()
    /// });
    /// assert_eq!(folded.into_value(), Some(1 << 32));
    /// ```
    pub fn fold_shared<T, F>(&self, algebra: F) -> FoldedUp<T>
    where
        T: Clone + Send,
        F: Fn(Option<&V>, Branches<'_, T>) -> T + Sync,
    {
        climb::fold(self, &Blind(algebra, PhantomData))
    }
}
