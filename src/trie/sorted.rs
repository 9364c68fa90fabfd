//! Builds a trie from entries in path order.
//!
//! Once the entries have passed a subtrie, no more entries can be added to it, so it is built at
//! once. The builder holds only the last path and the items that branch off on the way to it:
//!
//! ```text
//! last path    r o m a n u s
//! levels             ^   ^      "rom" has items that go on otherwise, and so has "roman"
//! items           ulus   e      their suffixes from there
//! ```
//! When a path branches off the last path, the levels below that place are closed, the deepest
//! first. If the items of a level fit in a list, they are moved to the level above, since the node
//! above may have room for them. Otherwise they are built as a node.

use crate::bytes::common_prefix;
use crate::node::{Bundle, End, EndOwned, Shape, Shared, Stored, list_entries};
use crate::trie::PathMap;

/// The longest suffix of an item. The rest of a longer suffix is built as a node at once, so that
/// long paths are not held until the item's node is built.
const LONG: usize = 2_000;

/// A builder of a map from entries in path order. Most entries are already in nodes.
///
/// The first entry that is out of order, and all entries after it, are inserted one by one.
pub(crate) struct Sorted<V> {
    last: Vec<u8>,
    /// The value at the last path. `None` only if there is no entry.
    value: Option<V>,
    levels: Vec<Junction>,
    /// The items of all levels, in path order.
    items: Vec<Completed<V>>,
    /// The suffixes of the items, back to back.
    bytes: Vec<u8>,
    spare: Vec<u8>,
    /// The map, after an entry was out of order.
    map: Option<PathMap<V>>,
}

/// A place on the way to the last path at which an item branches off or ends.
struct Junction {
    /// The length of the path to the place.
    depth: usize,
    /// The index of its first item.
    first: usize,
}

/// An entry or a subtrie that is complete.
struct Completed<V> {
    /// The end of its suffix, which starts at the end of the suffix before. The suffix leads from
    /// the place of the item's level to the item.
    end: usize,
    payload: EndOwned<V>,
}

impl<V: Clone> Sorted<V> {
    pub(crate) fn new() -> Self {
        Self {
            last: Vec::new(),
            value: None,
            levels: Vec::new(),
            items: Vec::new(),
            bytes: Vec::new(),
            spare: Vec::new(),
            map: None,
        }
    }

    /// Adds an entry. If several entries have one path, the last of them wins.
    pub(crate) fn push(&mut self, key: &[u8], value: V) {
        if let Some(map) = &mut self.map {
            map.insert(key, value);
            return;
        }
        let same = common_prefix(&self.last, key);
        if self.value.is_some() {
            if same == key.len() {
                if same == self.last.len() {
                    self.value = Some(value);
                    return;
                }
                return self.insert(key, value);
            }
            if self.last.get(same) > key.get(same) {
                return self.insert(key, value);
            }
            self.branch(same);
        }
        self.last.truncate(same);
        self.last.extend_from_slice(&key[same..]);
        self.value = Some(value);
    }

    /// Adds an entry that is out of order.
    #[cold]
    fn insert(&mut self, key: &[u8], value: V) {
        let mut map = std::mem::replace(self, Self::new()).finish();
        map.insert(key, value);
        self.map = Some(map);
    }

    /// Returns the map of all entries.
    pub(crate) fn finish(mut self) -> PathMap<V> {
        if let Some(map) = self.map {
            return map;
        }
        if self.value.is_some() {
            self.branch(0);
            return PathMap::from_root(Some(self.pack(0)));
        }
        PathMap::new()
    }

    /// Completes the last entry, and closes all levels more than `len` bytes down the last path.
    fn branch(&mut self, len: usize) {
        let Some(value) = self.value.take() else { return };
        if self.levels.last().is_none_or(|level| level.depth < len) {
            self.levels.push(Junction { depth: len, first: self.items.len() });
        }
        let depth = self.levels.last().map_or(0, |level| level.depth);
        self.push_item(depth, self.last.len(), End::Value(Stored::new(value)));
        while let Some(Junction { depth, first }) = self.levels.pop_if(|level| level.depth > len) {
            let above = self.levels.last().map_or(0, |level| level.depth);
            let to = above.max(len);
            self.close(first, to, depth);
            if self.levels.last().is_none_or(|level| level.depth < to) {
                self.levels.push(Junction { depth: to, first });
            }
        }
    }

    /// Adds an item whose suffix is the bytes `from..to` of the last path.
    fn push_item(&mut self, from: usize, to: usize, payload: EndOwned<V>) {
        let (suffix, payload) = match to - from > LONG {
            false => (from..to, payload),
            true => {
                let node = Bundle::node(&self.last[from + LONG..to], payload);
                (from..from + LONG, End::Child(node))
            }
        };
        self.bytes.extend_from_slice(&self.last[suffix]);
        self.items.push(Completed { end: self.bytes.len(), payload });
    }

    /// Returns the start of the suffix of an item.
    fn start(&self, item: usize) -> usize {
        item.checked_sub(1).map_or(0, |before| self.items[before].end)
    }

    /// Moves the items from `first` on, whose level is at `depth`, to the place `to` bytes down
    /// the last path.
    fn close(&mut self, first: usize, to: usize, depth: usize) {
        if !self.fit_list(first, depth - to) {
            let node = self.pack(first);
            return self.push_item(to, depth, End::Child(node));
        }
        let prefix = &self.last[to..depth];
        let mut start = self.start(first);
        self.spare.clear();
        self.spare.extend_from_slice(&self.bytes[start..]);
        self.bytes.truncate(start);
        let mut rest = &self.spare[..];
        for item in &mut self.items[first..] {
            let (suffix, after) = rest.split_at(item.end - start);
            (rest, start) = (after, item.end);
            self.bytes.extend_from_slice(prefix);
            self.bytes.extend_from_slice(suffix);
            item.end = self.bytes.len();
        }
    }

    /// Returns true iff the items from `first` on fit in a list, each after `prefix` additional
    /// bytes.
    fn fit_list(&self, first: usize, prefix: usize) -> bool {
        let items = &self.items[first..];
        if items.len() > list_entries() {
            return false;
        }
        let mut shape = Shape::default();
        let mut start = self.start(first);
        for item in items {
            // All items begin with the prefix, so a wide node is impossible.
            shape.add(0, prefix - 1 + item.end - start, item.payload.kind());
            start = item.end;
        }
        shape.form::<V>(0).is_some()
    }

    /// Removes the items from `first` on, and builds them as a node.
    fn pack(&mut self, first: usize) -> Shared<V> {
        let from = self.start(first);
        let mut start = from;
        let mut bundle = Bundle::new(None);
        bundle.reserve(self.items.len() - first);
        for item in self.items.drain(first..) {
            bundle.push(&self.bytes[start..item.end], item.payload);
            start = item.end;
        }
        self.bytes.truncate(from);
        bundle.pack()
    }
}
