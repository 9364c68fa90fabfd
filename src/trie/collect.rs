//! Building a map from many entries, and taking entries out at its ends.

use super::sorted::Sorted;
use super::walk::WalkOwned;
use crate::node::{Shared, SpanMut};
use crate::trie::PathMap;

impl<V: Clone> PathMap<V> {
    /// A map of entries that come in path order: builds each node once, full. Of equal paths the
    /// last wins.
    ///
    /// Entries that come out of order are inserted one by one, so the result is right all the
    /// same.
    ///
    /// # Complexity
    /// O(bytes). Beside the map it holds no more than the last path, and the entries that branch
    /// off on the way to it.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from_sorted_iter((0..1_000u32).map(|i| (i.to_be_bytes(), i)));
    /// assert_eq!(map.get(7u32.to_be_bytes()), Some(&7));
    /// ```
    pub fn from_sorted_iter<K: AsRef<[u8]>, I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut sorted = Sorted::new();
        for (key, value) in entries {
            sorted.push(key.as_ref(), value);
        }
        sorted.finish()
    }

    /// Moves all of `other` into this map, and leaves it empty. Where both have a value, the
    /// other's wins, as std has it.
    ///
    /// Dangling paths are moved too. O(1) if this map has nothing at all.
    ///
    /// # Panics
    /// Only if a value's `Clone` or `Drop` does. Then this map has what had been moved, and the
    /// rest is dropped.
    pub fn append(&mut self, other: &mut Self) {
        let other = std::mem::take(other);
        if self.root.is_none() {
            *self = other;
            return;
        }
        let mut walk: WalkOwned<V> = WalkOwned::new(other.root);
        while let Some((path, value)) = walk.next_item() {
            match value {
                Some(value) => drop(self.insert(path, value)),
                None => drop(self.create_path(path)),
            }
        }
    }

    /// Removes the first path that has a value; returns both.
    pub fn pop_first(&mut self) -> Option<(Vec<u8>, V)> {
        let (path, _) = self.first_key_value()?;
        self.remove(&path).map(|value| (path, value))
    }

    /// Removes the last path that has a value; returns both.
    pub fn pop_last(&mut self) -> Option<(Vec<u8>, V)> {
        let (path, _) = self.last_key_value()?;
        self.remove(&path).map(|value| (path, value))
    }
}

impl<V> PathMap<V> {
    /// Gives back the memory that nodes keep for inserts. Nodes that other maps share are left
    /// alone. O(nodes).
    pub fn shrink_to_fit(&mut self) {
        let mut todo: Vec<&mut Shared<V>> = self.root.as_mut().into_iter().collect();
        while let Some(slot) = todo.pop() {
            if let Some(mut node) = slot.try_unique() {
                node.shrink_to_fit();
                let mut span = SpanMut::new(node);
                todo.extend(std::iter::from_fn(|| span.next_child()));
            }
        }
    }
}

impl<V: Clone, K: AsRef<[u8]>> Extend<(K, V)> for PathMap<V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<'a, V: Clone, K: AsRef<[u8]>> Extend<&'a (K, V)> for PathMap<V> {
    fn extend<I: IntoIterator<Item = &'a (K, V)>>(&mut self, entries: I) {
        self.extend(entries.into_iter().map(|(key, value)| (key, value.clone())));
    }
}

impl<V: Clone, K: AsRef<[u8]>> FromIterator<(K, V)> for PathMap<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<'a, V: Clone, K: AsRef<[u8]>> FromIterator<&'a (K, V)> for PathMap<V> {
    fn from_iter<I: IntoIterator<Item = &'a (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<V, K: AsRef<[u8]>> From<(K, V)> for PathMap<V> {
    fn from((key, value): (K, V)) -> Self {
        Self::single(key, value)
    }
}

impl<V: Clone, K: AsRef<[u8]>, const N: usize> From<[(K, V); N]> for PathMap<V> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}
