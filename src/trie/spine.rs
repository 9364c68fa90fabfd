//! Builds nodes from entries in path order.
//!
//! Once the entries have passed a subtrie, no more entries can be added to it, so it is built at
//! once. The spine holds only the last path and the items that branch off on the way to it:
//!
//! ```text
//! last path    r o m a n u s
//! levels             ^   ^      "rom" has items that go on otherwise, and so has "roman"
//! items           ulus   e      their suffixes from there
//! ```
//! When a path branches off the last path, the levels below that place are closed, the deepest
//! first. If the items of a level fit in a list, they are moved to the level above, since the node
//! above may have room for them. Otherwise they are built as a node.

use crate::node::{BundleFor, End, Make, Shape, list_entries};

/// The longest suffix of an item. The rest of a longer suffix is built as a node at once, so that
/// long paths are not held until the item's node is built.
const LONG: usize = 2_000;

/// The value at a path, or nothing if the path dangles.
type Tip<T> = Option<T>;

/// The entries of a trie that are not in nodes yet, while entries arrive in path order.
pub(crate) struct Spine<M: Make> {
    make: M,
    last: Vec<u8>,
    /// What is at the last path. `None` only if there is no entry.
    tip: Option<Tip<M::Of>>,
    levels: Vec<Junction>,
    /// The items of all levels, in path order.
    items: Vec<Completed<M>>,
    /// The suffixes of the items, back to back.
    bytes: Vec<u8>,
    spare: Vec<u8>,
}

/// A place on the way to the last path at which an item branches off or ends.
struct Junction {
    /// The length of the path to the place.
    depth: usize,
    /// The index of its first item.
    first: usize,
}

/// An entry or a subtrie that is complete.
struct Completed<M: Make> {
    /// The end of its suffix, which starts at the end of the suffix before. The suffix leads from
    /// the place of the item's level to the item.
    end: usize,
    payload: End<M::Value, M::Node>,
}

impl<M: Make> Spine<M> {
    /// A spine without entries.
    pub(crate) fn new(make: M) -> Self {
        Self {
            make,
            last: Vec::new(),
            tip: None,
            levels: Vec::new(),
            items: Vec::new(),
            bytes: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// The path of the last entry.
    #[inline]
    pub(crate) fn last(&self) -> Option<&[u8]> {
        self.tip.is_some().then_some(&self.last[..])
    }

    /// What makes the nodes.
    #[inline]
    pub(crate) fn make(&mut self) -> &mut M {
        &mut self.make
    }

    /// Replaces the value at the last path, of which there is one. Without a value the path
    /// dangles.
    pub(crate) fn replace_tip(&mut self, tip: Option<M::Of>) {
        self.tip = Some(tip);
    }

    /// Adds an entry whose path is greater than the last one, with which it shares the first
    /// `same` bytes, and no more. Without a value the path dangles.
    #[inline]
    pub(crate) fn push(&mut self, same: usize, key: &[u8], tip: Option<M::Of>) {
        self.branch(same);
        self.last.truncate(same);
        self.last.extend_from_slice(&key[same..]);
        self.tip = Some(tip);
    }

    /// Makes the nodes that are still to be made; returns what made them, and the root. There is
    /// no root if there are no entries, or only a dangling path of no bytes.
    pub(crate) fn finish(mut self) -> (M, Option<M::Node>) {
        let is_empty = match &self.tip {
            None => true,
            Some(tip) => tip.is_none() && self.last.is_empty(),
        };
        if is_empty {
            return (self.make, None);
        }
        self.branch(0);
        let root = self.pack(0);
        (self.make, Some(root))
    }

    /// Completes the last entry, and closes all levels more than `len` bytes down the last path.
    fn branch(&mut self, len: usize) {
        let Some(tip) = self.tip.take() else { return };
        let payload = match tip {
            Some(value) => End::Value(M::value(value)),
            // The last path is no tip any more.
            None if len == self.last.len() => return,
            None => End::Bare,
        };
        if self.levels.last().is_none_or(|level| level.depth < len) {
            self.levels.push(Junction { depth: len, first: self.items.len() });
        }
        let depth = self.levels.last().map_or(0, |level| level.depth);
        self.push_item(depth, self.last.len(), payload);
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
    fn push_item(&mut self, from: usize, to: usize, payload: End<M::Value, M::Node>) {
        let (suffix, payload) = match to - from > LONG {
            false => (from..to, payload),
            true => {
                let node = BundleFor::node_by(&self.last[from + LONG..to], payload, &mut self.make);
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
        shape.form::<M::Of>(0).is_some()
    }

    /// Removes the items from `first` on, and builds them as a node.
    fn pack(&mut self, first: usize) -> M::Node {
        let from = self.start(first);
        let mut start = from;
        let mut bundle = BundleFor::new(None);
        bundle.reserve(self.items.len() - first);
        for item in self.items.drain(first..) {
            bundle.push(&self.bytes[start..item.end], item.payload);
            start = item.end;
        }
        self.bytes.truncate(from);
        bundle.pack_by(&mut self.make)
    }
}
