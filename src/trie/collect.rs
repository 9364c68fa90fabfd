//! Building a map from many entries, and taking it apart.

use crate::node::{Bundle, Payload, Shared, Stored};
use crate::trie::PathMap;
use crate::trie::items::items;

impl<V: Clone> PathMap<V> {
    /// A map of entries that come in path order: builds each node once, full. Of equal paths the last wins.
    ///
    /// O(bytes). Entries that come out of order are inserted one by one, so the result is right all the same.
    #[must_use]
    pub fn from_sorted_iter<K: AsRef<[u8]>, I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut entries = entries.into_iter();
        let mut bundle = Bundle::new(None);
        bundle.reserve(entries.size_hint().0);
        let mut late = None;
        for (key, value) in entries.by_ref() {
            let key = key.as_ref();
            let last = bundle.last_suffix().unwrap_or_default();
            if key > last {
                bundle.push(key, Payload::Value(Stored::new(value)));
            } else if key < last {
                late = Some((key.to_vec(), value));
                break;
            } else if key.is_empty() {
                *bundle.own_mut() = Some(Stored::new(value));
            } else if let Some(payload) = bundle.last_payload_mut() {
                *payload = Payload::Value(Stored::new(value));
            }
        }
        let mut map = Self::from_root((!bundle.is_empty()).then(|| bundle.pack()));
        map.extend(late);
        map.extend(entries);
        map
    }

    /// Moves all of `other` into this map, and leaves it empty. Where both have a value, the other's wins, as std has it.
    pub fn append(&mut self, other: &mut Self) {
        let other = std::mem::take(other);
        let tips: Vec<_> = items(other.root.as_ref().map(Shared::view))
            .filter_map(|(path, value)| value.is_none().then_some(path))
            .collect();
        self.extend(other);
        for path in tips {
            self.create_path(path);
        }
    }

    /// Keeps the values for which `keep` says so, and prunes the paths of the others.
    pub fn retain<F: FnMut(&[u8], &mut V) -> bool>(&mut self, mut keep: F) {
        let lost: Vec<_> =
            self.iter_mut().filter_map(|(path, value)| (!keep(&path, value)).then_some(path)).collect();
        for path in lost {
            self.remove(path);
        }
    }

    /// Removes the first path that has a value; returns both.
    pub fn pop_first(&mut self) -> Option<(Vec<u8>, V)> {
        let path = self.keys().next()?;
        self.remove(&path).map(|value| (path, value))
    }

    /// Removes the last path that has a value; returns both.
    pub fn pop_last(&mut self) -> Option<(Vec<u8>, V)> {
        let path = self.keys().next_back()?;
        self.remove(&path).map(|value| (path, value))
    }
}

impl<V> PathMap<V> {
    /// Gives back the memory that nodes keep for inserts. Nodes that other maps share are left alone. O(nodes).
    pub fn shrink_to_fit(&mut self) {
        let mut todo: Vec<&mut Shared<V>> = self.root.as_mut().into_iter().collect();
        while let Some(slot) = todo.pop() {
            if let Some(mut node) = slot.try_unique() {
                node.shrink_to_fit();
                node.for_each_child_mut(|child| todo.push(child));
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
