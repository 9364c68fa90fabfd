//! The iterators of a map.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Bound, RangeBounds};

use super::walk::{WalkMut, WalkOwned, WalkPassing, WalkRef};
use crate::node::{End, LentNode, Shared, last_below};
use crate::trie::PathMap;

/// The initial capacity of a path. Most paths are no longer, so they need one allocation.
const SHORT: usize = 32;

/// Declares an iterator over a walk, with an expression for its items.
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

            /// O(1). The lower bound is 0, because the number of values is not known without
            /// counting nodes.
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

/// Adds the lending methods to an iterator.
macro_rules! lends {
    ($name:ident [$($generics:tt)*] [$($args:tt)*], $value:ty $(, where $($bound:tt)*)?) => {
        impl<$($generics)*> $name<$($args)*> $(where $($bound)*)? {
            /// Returns the next path and its value. The path is lent until the next call.
            ///
            /// Like [`next`](Iterator::next), but allocates nothing, since the path lies in a
            /// buffer of the iterator. The two methods can be mixed.
            #[inline]
            pub fn lend_next(&mut self) -> Option<(&[u8], $value)> {
                self.walk.next()
            }

            /// Returns the next path from the back and its value. The path is lent until the next
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
    /// An iterator over the paths and values of a map, in path order. Returned by
    /// [`PathMap::iter`] and [`PathMap::range`].
    ///
    /// Each item owns its path. [`lend_next`](Self::lend_next) lends the path instead.
    Iter ['a, V] ['a, V], WalkRef<'a, V>, (Vec<u8>, &'a V), |path, value| (path.to_vec(), value),
    count |left| left.count()
}

lends! { Iter ['a, V] ['a, V], &'a V }

iterator! {
    /// An iterator over the paths that have values, in path order. Returned by [`PathMap::keys`].
    Keys ['a, V] ['a, V], WalkRef<'a, V>, Vec<u8>, |path, _value| path.to_vec(),
    count |left| left.count()
}

iterator! {
    /// An iterator over the values of a map, in path order. Returned by [`PathMap::values`].
    Values ['a, V] ['a, V], WalkRef<'a, V, ()>, &'a V, |_path, value| value,
    count |left| left.count()
}

iterator! {
    /// A mutable iterator over the paths and values of a map, in path order. Returned by
    /// [`PathMap::iter_mut`] and [`PathMap::range_mut`].
    ///
    /// Nodes that other maps share are copied when the iterator reaches them. If a value's `Clone`
    /// panics during the copy, the map remains valid, and the iterator continues after that node.
    IterMut ['a, V: Clone] ['a, V], WalkMut<'a, V>, (Vec<u8>, &'a mut V),
    |path, value| (path.to_vec(), value),
    count |left| left.count(),
    where V: Clone
}

lends! { IterMut ['a, V: Clone] ['a, V], &'a mut V, where V: Clone }

iterator! {
    /// A mutable iterator over the values of a map, in path order. Returned by
    /// [`PathMap::values_mut`].
    ///
    /// Nodes that other maps share are copied, as in [`IterMut`].
    ValuesMut ['a, V: Clone] ['a, V], WalkMut<'a, V, ()>, &'a mut V, |_path, value| value,
    count |left| left.count(),
    where V: Clone
}

iterator! {
    /// An owning iterator over the paths and values of a map, in path order. Returned by the map's
    /// [`IntoIterator`] implementation.
    ///
    /// Values that no other map shares are moved out, and their nodes are freed one by one. Other
    /// values are cloned when the iterator reaches them. If a value's `Clone` panics, the iterator
    /// continues after that value.
    IntoIter [V: Clone] [V], WalkOwned<V>, (Vec<u8>, V), |path, value| (path.to_vec(), value),
    count |left| passed(left),
    where V: Clone
}

lends! { IntoIter [V: Clone] [V], V, where V: Clone }

iterator! {
    /// An owning iterator over the paths that have values, in path order. Returned by
    /// [`PathMap::into_keys`].
    ///
    /// Values are not cloned. Values that no other map shares are dropped one by one.
    IntoKeys [V] [V], WalkPassing<V>, Vec<u8>, |path, _value| path.to_vec(),
    count |left| passed(left)
}

iterator! {
    /// An owning iterator over the values of a map, in path order. Returned by
    /// [`PathMap::into_values`].
    ///
    /// Values that no other map shares are moved out. Other values are cloned, as in [`IntoIter`].
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

/// Counts the values of a walk by walking to its end.
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
    /// Returns an iterator over the paths and values, in path order.
    ///
    /// Each item owns its path, which is one allocation. To avoid the allocations, call
    /// [`lend_next`](Iter::lend_next), or move a [read zipper](Self::read_zipper).
    ///
    /// # Complexity
    /// Making the iterator is O(1). Each step is O(path), and a whole iteration is O(nodes and
    /// values). `size_hint` is O(1); [`count`](Iterator::count) is O(nodes left). Dangling paths
    /// before the next value are skipped one by one. A trie that shares its nodes may have
    /// exponentially many dangling paths.
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
        Iter { walk: WalkRef::new(self.lent()) }
    }

    /// Returns an iterator over the paths that have values, in path order.
    pub fn keys(&self) -> Keys<'_, V> {
        Keys { walk: WalkRef::new(self.lent()) }
    }

    /// Returns an iterator over the values, in path order. No step allocates memory for a path.
    pub fn values(&self) -> Values<'_, V> {
        Values { walk: WalkRef::new(self.lent()) }
    }

    /// Returns an iterator over the paths within bounds and their values, in path order.
    ///
    /// Bounds that exclude every path yield an empty iterator. Unlike std's maps, this method
    /// never panics for a range whose start is after its end. Making the iterator is O(length of
    /// the bounds), since only the nodes on the way to them are read.
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
        Iter { walk: WalkRef::range(self.lent(), as_bytes(range.start_bound()), as_bytes(range.end_bound())) }
    }

    /// Returns the first path that has a value, and the value. O(path) if no dangling path comes
    /// before it.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.straight_to::<false>().or_else(|| self.iter().next())
    }

    /// Returns the last path that has a value, and the value. O(path) if no dangling path comes
    /// after it.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.straight_to::<true>().or_else(|| self.iter().next_back())
    }

    /// Fast path: returns the value at one end of the map, unless the way there ends at a dangling
    /// tip. Cheaper than an iterator, which keeps two paths.
    fn straight_to<const BACK: bool>(&self) -> Option<(Vec<u8>, &V)> {
        let mut place = self.lent()?.place();
        let mut path = Vec::with_capacity(SHORT);
        loop {
            // A node's own value comes before its entries.
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

    /// Consumes the map and returns an iterator over the paths that have values, in path order.
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
    /// Returns a mutable iterator over the paths and values, in path order.
    ///
    /// Nodes that other maps share are copied when the iterator reaches them.
    pub fn iter_mut(&mut self) -> IterMut<'_, V> {
        IterMut { walk: WalkMut::new(self.root.as_mut()) }
    }

    /// Returns a mutable iterator over the values, in path order.
    ///
    /// Nodes that other maps share are copied when the iterator reaches them.
    pub fn values_mut(&mut self) -> ValuesMut<'_, V> {
        ValuesMut { walk: WalkMut::new(self.root.as_mut()) }
    }

    /// Returns a mutable iterator over the paths within bounds and their values, in path order.
    ///
    /// Bounds that exclude every path yield an empty iterator, as for [`range`](Self::range).
    /// Nodes that other maps share are copied on the way to the bounds, and when the iterator
    /// reaches them.
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

    /// Consumes the map and returns an iterator over its values, in path order.
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
