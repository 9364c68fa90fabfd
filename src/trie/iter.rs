//! The iterators of a map.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Bound, RangeBounds};

use super::walk::{Walk, WalkMut, WalkOwned, WalkPassing};
use crate::node::{End, LentNode, Shared, last_below};
use crate::trie::PathMap;

/// Room for a path that is no longer than most, so that it is put together in one allocation.
const SHORT: usize = 32;

/// Declares an iterator over a walk, and what each item is made of.
macro_rules! iterator {
    (
        $(#[$doc:meta])*
        $name:ident [$($generics:tt)*] [$($args:tt)*], $walk:ty, $item:ty, |$path:ident, $value:ident| $make:expr,
        count |$left:ident| $count:expr
        $(, where $($bound:tt)*)?
    ) => {
        $(#[$doc])*
        #[must_use = "iterators are lazy and do nothing unless consumed"]
        pub struct $name<$($args)*> $(where $($bound)*)? {
            walk: $walk,
        }

        impl<$($generics)*> Iterator for $name<$($args)*> $(where $($bound)*)? {
            type Item = $item;

            #[inline]
            fn next(&mut self) -> Option<$item> {
                self.walk.next().map(|($path, $value)| $make)
            }

            /// O(1): the number of values is not known without a count of nodes.
            #[inline]
            fn size_hint(&self) -> (usize, Option<usize>) {
                (0, self.walk.is_done().then_some(0))
            }

            fn count(self) -> usize {
                let $left = self.walk;
                $count
            }

            fn nth(&mut self, n: usize) -> Option<$item> {
                for _ in 0..n {
                    self.walk.next()?;
                }
                self.next()
            }

            fn last(mut self) -> Option<$item> {
                self.next_back()
            }
        }

        impl<$($generics)*> DoubleEndedIterator for $name<$($args)*> $(where $($bound)*)? {
            #[inline]
            fn next_back(&mut self) -> Option<$item> {
                self.walk.next_back().map(|($path, $value)| $make)
            }

            fn nth_back(&mut self, n: usize) -> Option<$item> {
                for _ in 0..n {
                    self.walk.next_back()?;
                }
                self.next_back()
            }
        }

        impl<$($generics)*> FusedIterator for $name<$($args)*> $(where $($bound)*)? {}

        impl<$($generics)*> fmt::Debug for $name<$($args)*> $(where $($bound)*)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

/// Declares that an iterator lends its paths too.
macro_rules! lends {
    ($name:ident [$($generics:tt)*] [$($args:tt)*], $value:ty $(, where $($bound:tt)*)?) => {
        impl<$($generics)*> $name<$($args)*> $(where $($bound)*)? {
            /// Returns the next path and its value, and lends the path until the next call.
            ///
            /// Like [`next`](Iterator::next), but allocates nothing: the path lies in a buffer of
            /// the iterator. Calls of either kind can be mixed.
            #[inline]
            pub fn lend_next(&mut self) -> Option<(&[u8], $value)> {
                self.walk.next()
            }

            /// Returns the last path that is left and its value, and lends the path until the next
            /// call.
            ///
            /// Like [`next_back`](DoubleEndedIterator::next_back), but allocates nothing.
            #[inline]
            pub fn lend_next_back(&mut self) -> Option<(&[u8], $value)> {
                self.walk.next_back()
            }
        }
    };
}

iterator! {
    /// Iterates over the paths and values of a map in path order. Made by [`PathMap::iter`] and
    /// [`PathMap::range`].
    ///
    /// It can be taken from both ends. Each item owns its path; [`lend_next`](Self::lend_next)
    /// lends it instead.
    Iter ['a, V] ['a, V], Walk<'a, V>, (Vec<u8>, &'a V), |path, value| (path.to_vec(), value),
    count |left| left.count()
}

lends! { Iter ['a, V] ['a, V], &'a V }

iterator! {
    /// Iterates over the paths of a map's values in order. Made by [`PathMap::keys`].
    Keys ['a, V] ['a, V], Walk<'a, V>, Vec<u8>, |path, _value| path.to_vec(),
    count |left| left.count()
}

iterator! {
    /// Iterates over the values of a map in path order. Made by [`PathMap::values`].
    Values ['a, V] ['a, V], Walk<'a, V, ()>, &'a V, |_path, value| value,
    count |left| left.count()
}

iterator! {
    /// Iterates over the paths and values of a map, the values to be changed. Made by
    /// [`PathMap::iter_mut`] and [`PathMap::range_mut`].
    ///
    /// Nodes that other maps share are copied when the iterator comes to them. If a value's
    /// `Clone` panics there, the map is whole, and the iterator goes on behind that node.
    IterMut ['a, V: Clone] ['a, V], WalkMut<'a, V>, (Vec<u8>, &'a mut V),
    |path, value| (path.to_vec(), value),
    count |left| left.count(),
    where V: Clone
}

lends! { IterMut ['a, V: Clone] ['a, V], &'a mut V, where V: Clone }

iterator! {
    /// Iterates over the values of a map, to be changed. Made by [`PathMap::values_mut`].
    ///
    /// Nodes that other maps share are copied, as [`IterMut`] does.
    ValuesMut ['a, V: Clone] ['a, V], WalkMut<'a, V, ()>, &'a mut V, |_path, value| value,
    count |left| left.count(),
    where V: Clone
}

iterator! {
    /// Iterates over the paths and values of a map that it owns.
    ///
    /// Values that no other map shares are moved out, and their nodes freed one by one. Others are
    /// cloned when they are reached. If a value's `Clone` panics, the iterator goes on behind that
    /// value.
    IntoIter [V: Clone] [V], WalkOwned<V>, (Vec<u8>, V), |path, value| (path.to_vec(), value),
    count |left| passed(left),
    where V: Clone
}

lends! { IntoIter [V: Clone] [V], V, where V: Clone }

iterator! {
    /// Iterates over the paths of a map that it owns. Made by [`PathMap::into_keys`].
    ///
    /// Values are not cloned. Those that no other map shares are dropped one by one.
    IntoKeys [V] [V], WalkPassing<V>, Vec<u8>, |path, _value| path.to_vec(),
    count |left| passed(left)
}

iterator! {
    /// Iterates over the values of a map that it owns, in path order. Made by
    /// [`PathMap::into_values`].
    ///
    /// Values that no other map shares are moved out. Others are cloned, as [`IntoIter`] does.
    IntoValues [V: Clone] [V], WalkOwned<V, ()>, V, |_path, value| value,
    count |left| passed(left),
    where V: Clone
}

impl<V> Clone for Iter<'_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}

impl<V> Clone for Keys<'_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}

impl<V> Clone for Values<'_, V> {
    fn clone(&self) -> Self {
        Self { walk: self.walk.clone() }
    }
}

/// The number of values that a walk passes.
fn passed<S: crate::node::Spanning, P: super::track::Track>(mut walk: super::walk::TwoEnded<S, P>) -> usize {
    let mut count = 0;
    while walk.next().is_some() {
        count += 1;
    }
    count
}

fn as_bytes<K: AsRef<[u8]> + ?Sized>(bound: Bound<&K>) -> Bound<&[u8]> {
    bound.map(|key| key.as_ref())
}

impl<V> PathMap<V> {
    /// Iterates over the paths and values in path order.
    ///
    /// Each item owns its path, which is one allocation. To allocate nothing, drive the iterator
    /// by [`lend_next`](Iter::lend_next), or walk with a [reader](Self::read_zipper).
    ///
    /// # Complexity
    /// Making the iterator is O(1). Each step is O(path), and a whole iteration is O(nodes and
    /// values). `size_hint` is O(1); [`count`](Iterator::count) is O(nodes left). Dangling paths
    /// on the way to the next value are passed by one after another, also where a trie shares its
    /// nodes so often that they are beyond number.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
    /// let page: Vec<_> = map.iter().take(2).collect();
    /// assert_eq!(page, [(b"a".to_vec(), &1), (b"b".to_vec(), &2)]);
    ///
    /// let mut entries = map.iter();
    /// let mut bytes = 0;
    /// while let Some((path, _value)) = entries.lend_next() {
    ///     bytes += path.len();
    /// }
    /// assert_eq!(bytes, 3);
    /// ```
    pub fn iter(&self) -> Iter<'_, V> {
        Iter { walk: Walk::new(self.lent()) }
    }

    /// Iterates over the paths of the values, in order.
    pub fn keys(&self) -> Keys<'_, V> {
        Keys { walk: Walk::new(self.lent()) }
    }

    /// Iterates over the values in path order. Allocates nothing for a value.
    pub fn values(&self) -> Values<'_, V> {
        Values { walk: Walk::new(self.lent()) }
    }

    /// Iterates over the paths and values within bounds, in path order.
    ///
    /// Bounds that exclude everything give nothing, where std's maps panic. Making the iterator is
    /// O(bounds): only the nodes on the way to them are looked at.
    ///
    /// # Examples
    /// ```
    /// use std::ops::Bound::{Excluded, Unbounded};
    ///
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("a", 1), ("ab", 2), ("b", 3), ("c", 4)]);
    /// let found: Vec<_> = map.range("ab".."c").map(|(_, value)| *value).collect();
    /// assert_eq!(found, [2, 3]);
    /// // The first path after another.
    /// let next = map.range::<str, _>((Excluded("ab"), Unbounded)).next();
    /// assert_eq!(next, Some((b"b".to_vec(), &3)));
    /// ```
    pub fn range<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&self, range: R) -> Iter<'_, V> {
        Iter { walk: Walk::range(self.lent(), as_bytes(range.start_bound()), as_bytes(range.end_bound())) }
    }

    /// Returns the first path that has a value, and the value. O(path), where no dangling path
    /// comes before it.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.straight_to::<false>().or_else(|| self.iter().next())
    }

    /// Returns the last path that has a value, and the value. O(path), where no dangling path
    /// comes after it.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.straight_to::<true>().or_else(|| self.iter().next_back())
    }

    /// The value at an end, if the way there comes to no dangling tip; without an iterator, which
    /// keeps more than one path.
    fn straight_to<const BACK: bool>(&self) -> Option<(Vec<u8>, &V)> {
        let mut place = self.lent()?.place();
        let mut path = Vec::with_capacity(SHORT);
        loop {
            // An own value comes before all entries.
            let entry =
                if BACK { last_below(place) } else { place.below().next().filter(|_| place.own().is_none()) };
            let Some(entry) = entry else { return place.own().map(|own| (path, own)) };
            entry.suffix.append_to(&mut path);
            match entry.end {
                End::Value(value) => return Some((path, value)),
                End::Bare => return None,
                End::Child(child) => place = child.place(),
            }
        }
    }

    /// Consumes the map and iterates over its paths, in order.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("b", 2), ("a", 1)]);
    /// assert_eq!(map.into_keys().collect::<Vec<_>>(), [b"a", b"b"]);
    /// ```
    pub fn into_keys(self) -> IntoKeys<V> {
        IntoKeys { walk: WalkPassing::new(self.root) }
    }

    fn lent(&self) -> Option<LentNode<'_, V>> {
        self.root.as_ref().map(Shared::lent)
    }
}

impl<V: Clone> PathMap<V> {
    /// Iterates over the paths and values, the values to be changed.
    ///
    /// Nodes that other maps share are copied when the iterator comes to them.
    pub fn iter_mut(&mut self) -> IterMut<'_, V> {
        IterMut { walk: WalkMut::new(self.root.as_mut()) }
    }

    /// Iterates over the values, to be changed.
    ///
    /// Nodes that other maps share are copied when the iterator comes to them.
    pub fn values_mut(&mut self) -> ValuesMut<'_, V> {
        ValuesMut { walk: WalkMut::new(self.root.as_mut()) }
    }

    /// Iterates over the paths and values within bounds, the values to be changed.
    ///
    /// Bounds that exclude everything give nothing, where std's maps panic. Nodes that other maps
    /// share are copied on the way to the bounds, and when the iterator comes to them.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map = PathMap::from([("a", 1), ("b", 2), ("c", 3)]);
    /// for (_, value) in map.range_mut("b"..) {
    ///     *value *= 10;
    /// }
    /// assert_eq!(map.into_values().collect::<Vec<_>>(), [1, 20, 30]);
    /// ```
    pub fn range_mut<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&mut self, range: R) -> IterMut<'_, V> {
        self.range_of_bytes_mut(as_bytes(range.start_bound()), as_bytes(range.end_bound()))
    }

    pub(super) fn range_of_bytes_mut(&mut self, from: Bound<&[u8]>, to: Bound<&[u8]>) -> IterMut<'_, V> {
        IterMut { walk: WalkMut::range(self.root.as_mut(), from, to) }
    }

    /// Consumes the map and iterates over its values, in path order.
    pub fn into_values(self) -> IntoValues<V> {
        IntoValues { walk: WalkOwned::new(self.root) }
    }
}

impl<V: Clone> IntoIterator for PathMap<V> {
    type Item = (Vec<u8>, V);
    type IntoIter = IntoIter<V>;

    fn into_iter(self) -> IntoIter<V> {
        IntoIter { walk: WalkOwned::new(self.root) }
    }
}

impl<'a, V> IntoIterator for &'a PathMap<V> {
    type Item = (Vec<u8>, &'a V);
    type IntoIter = Iter<'a, V>;

    fn into_iter(self) -> Iter<'a, V> {
        self.iter()
    }
}

impl<'a, V: Clone> IntoIterator for &'a mut PathMap<V> {
    type Item = (Vec<u8>, &'a mut V);
    type IntoIter = IterMut<'a, V>;

    fn into_iter(self) -> IterMut<'a, V> {
        self.iter_mut()
    }
}
