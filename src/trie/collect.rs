//! Builds maps from many entries, and removes entries at either end.

use super::sorted::Sorted;
use super::walk::WalkOwned;
use crate::node::{Shared, SpanMut};
use crate::trie::PathMap;

impl<V: Clone> PathMap<V> {
    /// Builds a map from entries in path order.
    ///
    /// Each node is built once, at its final size. If several entries have one path, the last of
    /// them wins.
    ///
    /// The first entry that is out of order and all entries after it are inserted one by one, so
    /// the result is correct for any order.
    ///
    /// # Complexity
    /// O(bytes). Besides the map itself, memory is needed for the last path, and for the entries
    /// that branch off on the way to it.
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

    /// Moves all entries of `other` into this map, and leaves `other` empty.
    ///
    /// Where both maps have a value, the value of `other` wins, as in
    /// [`BTreeMap::append`](std::collections::BTreeMap::append).
    ///
    /// Dangling paths are moved too. O(1) if this map holds nothing, not even a dangling path.
    ///
    /// # Panics
    /// Panics only if a value's `Clone` or `Drop` panics. This map then holds the entries that
    /// were moved before the panic, and the other entries are dropped.
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

    /// Removes the first path that has a value, and returns the path and the value.
    pub fn pop_first(&mut self) -> Option<(Vec<u8>, V)> {
        let (path, _) = self.first_key_value()?;
        self.remove(&path).map(|value| (path, value))
    }

    /// Removes the last path that has a value, and returns the path and the value.
    pub fn pop_last(&mut self) -> Option<(Vec<u8>, V)> {
        let (path, _) = self.last_key_value()?;
        self.remove(&path).map(|value| (path, value))
    }
}

impl<V> PathMap<V> {
    /// Releases the memory that nodes reserve for future inserts. O(nodes).
    ///
    /// Nodes that other maps share are left as they are.
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
