//! The iterators of a map.

use std::cmp::Ordering;
use std::fmt;
use std::iter::FusedIterator;
use std::ops::{Bound, RangeBounds};

use super::unfold::{End, Part, Queue, Unfold};
use crate::bytes::common_prefix;
use crate::node::{NodeRef, Shared};
use crate::trie::PathMap;

/// Declares an iterator over a [`Queue`] and what each item is made of.
macro_rules! iterator {
    (
        $(#[$doc:meta])*
        $name:ident [$($generics:tt)*] [$($args:tt)*], $node:ty, $item:ty, |$path:ident, $value:ident| $make:expr
        $(, where $($bound:tt)*)?
    ) => {
        $(#[$doc])*
        ///
        /// It may be taken from both ends. Its exact size is counted when it is asked for: O(nodes left).
        #[must_use = "iterators are lazy and do nothing unless consumed"]
        pub struct $name<$($args)*> $(where $($bound)*)? {
            queue: Queue<$node>,
        }

        impl<$($generics)*> Iterator for $name<$($args)*> $(where $($bound)*)? {
            type Item = $item;

            fn next(&mut self) -> Option<$item> {
                self.queue.pop(End::Front).map(|($path, $value)| $make)
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                let len = self.queue.len();
                (len, Some(len))
            }

            fn count(self) -> usize {
                self.queue.len()
            }

            fn last(mut self) -> Option<$item> {
                self.next_back()
            }
        }

        impl<$($generics)*> DoubleEndedIterator for $name<$($args)*> $(where $($bound)*)? {
            fn next_back(&mut self) -> Option<$item> {
                self.queue.pop(End::Back).map(|($path, $value)| $make)
            }
        }

        impl<$($generics)*> ExactSizeIterator for $name<$($args)*> $(where $($bound)*)? {}

        impl<$($generics)*> FusedIterator for $name<$($args)*> $(where $($bound)*)? {}

        impl<$($generics)*> fmt::Debug for $name<$($args)*> $(where $($bound)*)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).field("len", &self.queue.len()).finish_non_exhaustive()
            }
        }
    };
}

iterator! {
    /// Iterates over the paths and values of a map in path order. Made by [`PathMap::iter`] and [`PathMap::range`].
    Iter ['a, V] ['a, V], NodeRef<'a, V>, (Vec<u8>, &'a V), |path, value| (path.to_vec(), value)
}

iterator! {
    /// Iterates over the paths of a map's values in order. Made by [`PathMap::keys`].
    Keys ['a, V] ['a, V], NodeRef<'a, V>, Vec<u8>, |path, _value| path.to_vec()
}

iterator! {
    /// Iterates over the values of a map in path order. Made by [`PathMap::values`].
    Values ['a, V] ['a, V], NodeRef<'a, V>, &'a V, |_path, value| value
}

iterator! {
    /// Iterates over the paths and values of a map, the values to be changed. Made by [`PathMap::iter_mut`].
    IterMut ['a, V: Clone] ['a, V], &'a mut Shared<V>, (Vec<u8>, &'a mut V),
    |path, value| (path.to_vec(), value),
    where V: Clone
}

iterator! {
    /// Iterates over the values of a map, to be changed. Made by [`PathMap::values_mut`].
    ValuesMut ['a, V: Clone] ['a, V], &'a mut Shared<V>, &'a mut V, |_path, value| value,
    where V: Clone
}

iterator! {
    /// Iterates over the paths and values of a map that it owns. Values that no other map shares are moved out.
    IntoIter [V: Clone] [V], Shared<V>, (Vec<u8>, V), |path, value| (path.to_vec(), value),
    where V: Clone
}

impl<V> Clone for Iter<'_, V> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<V> Clone for Keys<'_, V> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<V> Clone for Values<'_, V> {
    fn clone(&self) -> Self {
        Self { queue: self.queue.clone() }
    }
}

impl<V> PathMap<V> {
    fn queue(&self) -> Queue<NodeRef<'_, V>> {
        Queue::new(self.root.as_ref().map(Shared::view))
    }

    /// Iterates over the paths and values in path order.
    ///
    /// Each item allocates its path; a [reader](Self::read_zipper) that walks with
    /// [`to_next_val`](crate::zipper::ZipperIteration::to_next_val) lends it, and is several times as fast.
    pub fn iter(&self) -> Iter<'_, V> {
        Iter { queue: self.queue() }
    }

    /// Iterates over the paths of the values, in order.
    pub fn keys(&self) -> Keys<'_, V> {
        Keys { queue: self.queue() }
    }

    /// Iterates over the values in path order.
    pub fn values(&self) -> Values<'_, V> {
        Values { queue: self.queue() }
    }

    /// Iterates over the paths and values within bounds, in path order. Bounds that exclude everything give nothing.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map: PathMap<u8> = [("a", 1), ("ab", 2), ("b", 3), ("c", 4)].into_iter().collect();
    /// let found: Vec<_> = map.range("ab".."c").map(|(_, value)| *value).collect();
    /// assert_eq!(found, [2, 3]);
    /// ```
    pub fn range<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(&self, range: R) -> Iter<'_, V> {
        let mut queue = self.queue();
        trim(&mut queue, End::Front, as_bytes(range.start_bound()));
        trim(&mut queue, End::Back, as_bytes(range.end_bound()));
        Iter { queue }
    }

    /// The first path that has a value, and the value.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.iter().next()
    }

    /// The last path that has a value, and the value.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(Vec<u8>, &V)> {
        self.iter().next_back()
    }
}

fn as_bytes<K: AsRef<[u8]> + ?Sized>(bound: Bound<&K>) -> Bound<&[u8]> {
    bound.map(|key| key.as_ref())
}

/// Takes away at one end what its bound excludes. Only nodes on the way to the bound are unfolded.
fn trim<N: Unfold>(queue: &mut Queue<N>, end: End, bound: Bound<&[u8]>) {
    let (Bound::Included(key) | Bound::Excluded(key)) = bound else { return };
    let outside = match end {
        End::Front => Ordering::Less,
        End::Back => Ordering::Greater,
    };
    // How many bytes of the path and the bound agree. The rest decides on all that is at and below the path.
    let mut agreed = 0;
    while let Some((kept, path, part)) = queue.peek(end) {
        agreed = agreed.min(kept);
        agreed += common_prefix(&path[agreed..], &key[agreed..]);
        let order = path[agreed..].cmp(&key[agreed..]);
        match part {
            Part::Node(_) if agreed == path.len() => queue.unfold(end),
            _ if order == outside => queue.skip(end),
            _ if order.is_eq() && matches!(bound, Bound::Excluded(_)) => queue.skip(end),
            _ => return,
        }
    }
}

impl<V: Clone> PathMap<V> {
    /// Iterates over the paths and values, the values to be changed. Nodes that other maps share are copied as they are
    /// reached.
    pub fn iter_mut(&mut self) -> IterMut<'_, V> {
        IterMut { queue: Queue::new(self.root.as_mut()) }
    }

    /// Iterates over the values, to be changed. Nodes that other maps share are copied as they are reached.
    pub fn values_mut(&mut self) -> ValuesMut<'_, V> {
        ValuesMut { queue: Queue::new(self.root.as_mut()) }
    }
}

impl<V: Clone> IntoIterator for PathMap<V> {
    type Item = (Vec<u8>, V);
    type IntoIter = IntoIter<V>;

    fn into_iter(self) -> IntoIter<V> {
        IntoIter { queue: Queue::new(self.root) }
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
