//! Builds a map from entries in path order.

use super::spine::Spine;
use crate::bytes::common_prefix;
use crate::node::InMemory;
use crate::trie::PathMap;

/// A builder of a map from entries in path order. Most entries are already in nodes.
///
/// The first entry that is out of order, and all entries after it, are inserted one by one.
pub(crate) struct Sorted<V> {
    spine: Spine<InMemory<V>>,
    /// The map, after an entry was out of order.
    map: Option<PathMap<V>>,
}

impl<V: Clone> Sorted<V> {
    pub(crate) fn new() -> Self {
        Self { spine: Spine::new(InMemory::new()), map: None }
    }

    /// Adds an entry. If several entries have one path, the last of them wins.
    pub(crate) fn push(&mut self, key: &[u8], value: V) {
        if let Some(map) = &mut self.map {
            map.insert(key, value);
            return;
        }
        let mut same = 0;
        if let Some(last) = self.spine.last() {
            same = common_prefix(last, key);
            if same == key.len() {
                if same == last.len() {
                    return self.spine.replace_tip(Some(value));
                }
                return self.insert(key, value);
            }
            if last.get(same) > key.get(same) {
                return self.insert(key, value);
            }
        }
        self.spine.push(same, key, Some(value));
    }

    /// Adds an entry that is out of order.
    #[cold]
    fn insert(&mut self, key: &[u8], value: V) {
        let mut map = std::mem::replace(self, Self::new()).finish();
        map.insert(key, value);
        self.map = Some(map);
    }

    /// Returns the map of all entries.
    pub(crate) fn finish(self) -> PathMap<V> {
        match self.map {
            Some(map) => map,
            None => PathMap::from_root(self.spine.finish().1),
        }
    }
}
