//! Building maps on several threads. Each builds maps of its own, which are then joined in order.

use rayon::iter::{FromParallelIterator, IntoParallelIterator, ParallelExtend, ParallelIterator};

use super::algebra::par_combined;
use crate::algebra::{AlgebraicResult, COUNTER_IDENT, Operation, SELF_IDENT};
use crate::trie::{PathMap, Sorted};

/// A join that keeps the value of the right side, which is later in a sequence of entries.
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
    /// Like [`from_sorted_iter`](Self::from_sorted_iter), on the threads of rayon's current pool
    /// (feature `rayon`).
    ///
    /// Of equal paths the last one wins. Entries may come out of order, but then the call takes
    /// longer. Besides the maps that are being built, each thread holds only one path.
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
    /// Collects entries. Of equal paths, the last one in the order of the iterator wins, as on one
    /// thread.
    fn from_par_iter<I: IntoParallelIterator<Item = (K, V)>>(entries: I) -> Self {
        let pieces = entries.into_par_iter().fold(Self::new, |mut piece, (key, value)| {
            piece.insert(key, value);
            piece
        });
        pieces.reduce(Self::new, later)
    }
}

impl<V: Clone + Send + Sync, K: AsRef<[u8]> + Send> ParallelExtend<(K, V)> for PathMap<V> {
    /// Adds entries. Of equal paths, the last one in the order of the iterator wins. If the
    /// iterator panics, the map does not change.
    fn par_extend<I: IntoParallelIterator<Item = (K, V)>>(&mut self, entries: I) {
        /// Up to this many entries are inserted one by one, which copies only shared nodes.
        const FEW: usize = 1_000;

        let new = Self::from_par_iter(entries);
        match new.val_count() <= FEW {
            true => self.extend(new),
            false => *self = par_combined(self, &new, || Later),
        }
    }
}
