//! Building a trie from entries that come in path order.
//!
//! What differs from the last path before its end can get no more entries, and is built at once.
//! So no more is held than the last path, and what branches off on the way to it:
//!
//! ```text
//! last path    r o m a n u s
//! levels             ^   ^      "rom" has items that go on otherwise, and so has "roman"
//! items           ulus   e      their suffixes from there
//! ```
//! When a path leaves the last one, the levels below that place are closed from the deepest on.
//! What fits a list is moved to the level above, entry by entry, since the node above may have
//! room for it. What does not is made a node.

use crate::bytes::common_prefix;
use crate::node::{Bundle, End, EndOwned, Shape, Shared, Stored, list_entries};
use crate::trie::PathMap;

/// A suffix longer than this goes on in a node of its own, so that long paths are not held until
/// their node is built.
const LONG: usize = 2_000;

/// Entries that come in path order, most of them in nodes already.
///
/// An entry that comes out of order is inserted, and so are all after it.
pub(crate) struct Sorted<V> {
    last: Vec<u8>,
    /// The value at the last path. None only if there is no entry.
    value: Option<V>,
    levels: Vec<Level>,
    /// The items of all levels, in path order.
    items: Vec<Item<V>>,
    /// The suffixes of the items, back to back.
    bytes: Vec<u8>,
    spare: Vec<u8>,
    /// The map, once an entry has come out of order.
    map: Option<PathMap<V>>,
}

/// A place on the way to the last path where items branch off, or where one is.
struct Level {
    /// The length of the path to the place.
    depth: usize,
    /// Its first item.
    first: usize,
}

/// An entry that is finished, or a subtrie.
struct Item<V> {
    /// Where its suffix ends; it starts where the one before ends. It leads from the place of the
    /// item's level.
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

    /// Adds an entry. Of equal paths the last wins.
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

    /// The map of all entries.
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

    /// Finishes what leaves the way to the last path below its first `len` bytes, the last entry
    /// too.
    fn branch(&mut self, len: usize) {
        let Some(value) = self.value.take() else { return };
        if self.levels.last().is_none_or(|level| level.depth < len) {
            self.levels.push(Level { depth: len, first: self.items.len() });
        }
        let depth = self.levels.last().map_or(0, |level| level.depth);
        self.push_item(depth, self.last.len(), End::Value(Stored::new(value)));
        while let Some(Level { depth, first }) = self.levels.pop_if(|level| level.depth > len) {
            let above = self.levels.last().map_or(0, |level| level.depth);
            let to = above.max(len);
            self.close(first, to, depth);
            if self.levels.last().is_none_or(|level| level.depth < to) {
                self.levels.push(Level { depth: to, first });
            }
        }
    }

    /// Adds an item, the suffix of which is the bytes `from..to` of the last path.
    fn push_item(&mut self, from: usize, to: usize, payload: EndOwned<V>) {
        let (suffix, payload) = match to - from > LONG {
            false => (from..to, payload),
            true => {
                let node = Bundle::node(&self.last[from + LONG..to], payload);
                (from..from + LONG, End::Child(node))
            }
        };
        self.bytes.extend_from_slice(&self.last[suffix]);
        self.items.push(Item { end: self.bytes.len(), payload });
    }

    /// Where the suffix of an item starts.
    fn start(&self, item: usize) -> usize {
        item.checked_sub(1).map_or(0, |before| self.items[before].end)
    }

    /// Makes the items from `first` on, whose level is at `depth`, items of the place `to` bytes
    /// down the last path.
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

    /// True iff the items from `first` on fit a list, each behind `prefix` bytes more.
    fn fit_list(&self, first: usize, prefix: usize) -> bool {
        let items = &self.items[first..];
        if items.len() > list_entries() {
            return false;
        }
        let mut shape = Shape::default();
        let mut start = self.start(first);
        for item in items {
            // All begin with the prefix, so that a wide node is out of question.
            shape.add(0, prefix - 1 + item.end - start, item.payload.kind());
            start = item.end;
        }
        shape.form::<V>(0).is_some()
    }

    /// Builds the items from `first` on as nodes of their own, and removes them.
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
