//! Parallel iterators over a map.

use std::fmt;

use rayon::iter::plumbing::{UnindexedConsumer, bridge_unindexed};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::parts::{GiveEntries, GiveKeys, GiveValues, Pieces};
use crate::node::{LentNode, Shared};
use crate::trie::PathMap;

/// Declares a parallel iterator over the pieces of a trie.
macro_rules! parallel_iterator {
    ($(#[$doc:meta])* $name:ident [$($args:tt)*] [$($bounds:tt)*], $node:ty, $gives:ty, $item:ty) => {
        $(#[$doc])*
        #[must_use = "iterators are lazy and do nothing unless consumed"]
        pub struct $name<$($args)*> {
            root: Option<$node>,
        }

        impl<$($args)*> ParallelIterator for $name<$($args)*>
        where
            V: $($bounds)*,
        {
            type Item = $item;

            fn drive_unindexed<C: UnindexedConsumer<$item>>(self, consumer: C) -> C::Result {
                bridge_unindexed(Pieces::<$node, $gives>::new(self.root), consumer)
            }
        }

        impl<$($args)*> fmt::Debug for $name<$($args)*> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

parallel_iterator! {
    /// A parallel iterator over the paths and values of a map, made by rayon's `par_iter` (feature
    /// `rayon`).
    ParIter ['a, V] [Send + Sync], LentNode<'a, V>, GiveEntries, (Vec<u8>, &'a V)
}

parallel_iterator! {
    /// A parallel iterator over the paths of a map's values, made by [`PathMap::par_keys`]
    /// (feature `rayon`).
    ParKeys ['a, V] [Send + Sync], LentNode<'a, V>, GiveKeys, Vec<u8>
}

parallel_iterator! {
    /// A parallel iterator over the values of a map, made by [`PathMap::par_values`] (feature
    /// `rayon`).
    ParValues ['a, V] [Send + Sync], LentNode<'a, V>, GiveValues, &'a V
}

parallel_iterator! {
    /// A parallel iterator over the paths and mutable values of a map, made by rayon's
    /// `par_iter_mut` (feature `rayon`).
    ParIterMut ['a, V] [Clone + Send + Sync], &'a mut Shared<V>, GiveEntries, (Vec<u8>, &'a mut V)
}

parallel_iterator! {
    /// A parallel iterator that owns the paths and values of a map, made by rayon's
    /// `into_par_iter` (feature `rayon`).
    IntoParIter [V] [Clone + Send + Sync], Shared<V>, GiveEntries, (Vec<u8>, V)
}

impl<V> Clone for ParIter<'_, V> {
    fn clone(&self) -> Self {
        Self { root: self.root }
    }
}

impl<V> Clone for ParKeys<'_, V> {
    fn clone(&self) -> Self {
        Self { root: self.root }
    }
}

impl<V> Clone for ParValues<'_, V> {
    fn clone(&self) -> Self {
        Self { root: self.root }
    }
}

impl<V: Send + Sync> PathMap<V> {
    /// Returns a parallel iterator over the paths of the values (feature `rayon`).
    ///
    /// Collected paths are in order.
    pub fn par_keys(&self) -> ParKeys<'_, V> {
        ParKeys { root: self.root.as_ref().map(Shared::lent) }
    }

    /// Returns a parallel iterator over the values (feature `rayon`).
    ///
    /// Collected values are in path order.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use rayon::prelude::*;
    ///
    /// let map: PathMap<u64> = (0..1_000u64).map(|i| (i.to_be_bytes(), i)).collect();
    /// assert_eq!(map.par_values().sum::<u64>(), 499_500);
    /// let big: Vec<_> = map.par_iter().filter(|(_, value)| **value > 997).collect();
    /// assert_eq!(big, [(998u64.to_be_bytes().to_vec(), &998), (999u64.to_be_bytes().to_vec(), &999)]);
    /// ```
    pub fn par_values(&self) -> ParValues<'_, V> {
        ParValues { root: self.root.as_ref().map(Shared::lent) }
    }
}

impl<'a, V: Send + Sync> IntoParallelIterator for &'a PathMap<V> {
    type Item = (Vec<u8>, &'a V);
    type Iter = ParIter<'a, V>;

    fn into_par_iter(self) -> ParIter<'a, V> {
        ParIter { root: self.root.as_ref().map(Shared::lent) }
    }
}

impl<'a, V: Clone + Send + Sync> IntoParallelIterator for &'a mut PathMap<V> {
    type Item = (Vec<u8>, &'a mut V);
    type Iter = ParIterMut<'a, V>;

    fn into_par_iter(self) -> ParIterMut<'a, V> {
        ParIterMut { root: self.root.as_mut() }
    }
}

impl<V: Clone + Send + Sync> IntoParallelIterator for PathMap<V> {
    type Item = (Vec<u8>, V);
    type Iter = IntoParIter<V>;

    fn into_par_iter(self) -> IntoParIter<V> {
        IntoParIter { root: self.root }
    }
}
