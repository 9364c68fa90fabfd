//! Building maps by several threads: each builds maps of its own, which are then joined in order.

use rayon::iter::{FromParallelIterator, IntoParallelIterator, ParallelExtend, ParallelIterator};

use super::algebra::par_combined;
use crate::algebra::{AlgebraicResult, COUNTER_IDENT, Operation, SELF_IDENT};
use crate::trie::{PathMap, Sorted};

/// A join where the right side's value stays: what comes later in a sequence of entries.
struct Later;

impl<V> Operation<V> for Later {
    const LEFT: bool = true;
    const RIGHT: bool = true;
    const TIPS: bool = true;
    const TWINS: Option<u64> = Some(SELF_IDENT | COUNTER_IDENT);

    fn values(&mut self, _: &V, _: &V) -> AlgebraicResult<V> {
        AlgebraicResult::Identity(COUNTER_IDENT)
    }
}

fn later<V: Clone + Send + Sync>(first: PathMap<V>, second: PathMap<V>) -> PathMap<V> {
    par_combined(&first, &second, || Later)
}

impl<V: Clone + Send + Sync> PathMap<V> {
    /// [`from_sorted_iter`](Self::from_sorted_iter) by the threads of rayon's current pool (feature `rayon`). Of equal paths
    /// the last wins. Entries may come out of order: the result is right all the same, and takes longer.
    ///
    /// Beside the maps that are being built, each thread holds no more than a path.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use rayon::prelude::*;
    ///
    /// let map = PathMap::par_from_sorted((0..1_000u32).into_par_iter().map(|i| (i.to_be_bytes(), i)));
    /// assert_eq!(map.len(), 1_000);
    /// assert_eq!(map.get(7u32.to_be_bytes()), Some(&7));
    /// ```
    #[must_use]
    pub fn par_from_sorted<K, I>(entries: I) -> Self
    where
        K: AsRef<[u8]> + Send,
        I: IntoParallelIterator<Item = (K, V)>,
    {
        let pieces = entries.into_par_iter().fold(Sorted::new, |mut piece, (key, value)| {
            piece.push(key.as_ref(), value);
            piece
        });
        pieces.map(Sorted::finish).reduce(Self::new, later)
    }
}

impl<V: Clone + Send + Sync, K: AsRef<[u8]> + Send> FromParallelIterator<(K, V)> for PathMap<V> {
    /// Of equal paths the last in the order of the iterator wins, as it does where one thread collects.
    fn from_par_iter<I: IntoParallelIterator<Item = (K, V)>>(entries: I) -> Self {
        let pieces = entries.into_par_iter().fold(Self::new, |mut piece, (key, value)| {
            piece.insert(key, value);
            piece
        });
        pieces.reduce(Self::new, later)
    }
}

impl<V: Clone + Send + Sync, K: AsRef<[u8]> + Send> ParallelExtend<(K, V)> for PathMap<V> {
    /// Of equal paths the last in the order of the iterator wins. If the iterator panics, the map is as it was.
    fn par_extend<I: IntoParallelIterator<Item = (K, V)>>(&mut self, entries: I) {
        /// Up to so many entries are put in one by one, which copies nothing that is not shared.
        const FEW: usize = 1_000;

        let new = Self::from_par_iter(entries);
        match new.val_count() <= FEW {
            true => self.extend(new),
            false => *self = par_combined(self, &new, || Later),
        }
    }
}
