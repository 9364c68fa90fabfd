//! The table of the nodes that a store has written: where each lies in the file, how many values
//! and locations it has, and the digest of its content.
//!
//! The nodes are named by their addresses. That is sound because the store keeps the map of its
//! last commit: its nodes live on, and they are not written to, since each has an owner here.
//!
//! After a commit the nodes that only the map before had must leave the table, because their
//! addresses will be those of other nodes. So each entry counts the links that lead to its node
//! from nodes in the table, and one more for the root of the map that is kept. A new map
//! [enters](Table::enter) by counting the links of its new nodes, and an old one
//! [leaves](Table::leave) by taking back those of the nodes that no link leads to any more. Both
//! cost O(links of the nodes that only one of the two maps has).
//!
//! A record of a file may become several nodes, of which only the first is in the table. So a link
//! may be taken back that was not counted. Then a node leaves too early, and is written again when
//! a new node needs it. No node ever leaves too late, since each link that was counted is taken
//! back when its node leaves.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::file::save::{Table as Saved, Written};
use crate::fold::{NodeDigest, NodeDigests};
use crate::node::LentNode;

/// A node of the table.
struct Entry {
    written: Written,
    /// What the content hash needs, once it was computed.
    digest: Option<NodeDigest>,
    /// The number of links that lead to the node; 0 until the node's own links are counted.
    links: u32,
}

/// Spreads addresses, which differ in some middle bits, over all bits.
#[derive(Default)]
pub(super) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_usize(byte.into()));
    }

    #[inline]
    fn write_usize(&mut self, n: usize) {
        let product = u128::from(self.0 ^ n as u64) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

/// Where the nodes of the last committed map lie.
#[derive(Default)]
pub(super) struct Table {
    entries: HashMap<usize, Entry, BuildHasherDefault<AddressHasher>>,
    /// The nodes that were written since a map entered.
    fresh: Vec<usize>,
}

impl Saved for Table {
    #[inline]
    fn get<V>(&self, node: LentNode<'_, V>) -> Option<Written> {
        self.entries.get(&node.id()).map(|entry| entry.written)
    }

    #[inline]
    fn insert<V>(&mut self, node: LentNode<'_, V>, written: Written) {
        self.fresh.push(node.id());
        self.entries.insert(node.id(), Entry { written, digest: None, links: 0 });
    }
}

impl NodeDigests for Table {
    fn get(&self, node: usize) -> Option<&NodeDigest> {
        self.entries.get(&node)?.digest.as_ref()
    }

    fn keep(&mut self, node: usize, digest: NodeDigest) {
        if let Some(entry) = self.entries.get_mut(&node) {
            entry.digest = Some(digest);
        }
    }
}

impl Table {
    /// Removes the nodes that were written since a map entered, which is never to enter.
    pub(super) fn forget_fresh(&mut self) {
        for id in self.fresh.drain(..) {
            self.entries.remove(&id);
        }
    }

    /// Counts the links of all nodes that were written for the map with this root, and removes
    /// those that no link leads to.
    ///
    /// Such nodes are not in the map: when it was loaded, records were built to other nodes than
    /// they were made of. Nobody holds them, so others may come to lie at their addresses.
    pub(super) fn enter<V>(&mut self, root: LentNode<'_, V>) {
        let mut todo = Vec::new();
        self.link(root, &mut todo);
        while let Some(node) = todo.pop() {
            node.children().for_each(|child| self.link(child, &mut todo));
        }
        for id in self.fresh.drain(..) {
            if self.entries.get(&id).is_some_and(|entry| entry.links == 0) {
                self.entries.remove(&id);
            }
        }
    }

    fn link<'a, V>(&mut self, node: LentNode<'a, V>, todo: &mut Vec<LentNode<'a, V>>) {
        if let Some(entry) = self.entries.get_mut(&node.id()) {
            if entry.links == 0 {
                todo.push(node);
            }
            // A count that cannot grow is never taken back to 0 by fewer links than were counted,
            // so a map has at most this many links to one node.
            entry.links = entry.links.checked_add(1).expect("a node has fewer than 2³² links");
        }
    }

    /// Takes back the link to the root of a map that is kept no more, and removes the nodes that no
    /// link leads to.
    pub(super) fn leave<V>(&mut self, root: LentNode<'_, V>) {
        let mut todo = Vec::new();
        self.unlink(root, &mut todo);
        while let Some(node) = todo.pop() {
            node.children().for_each(|child| self.unlink(child, &mut todo));
        }
    }

    fn unlink<'a, V>(&mut self, node: LentNode<'a, V>, todo: &mut Vec<LentNode<'a, V>>) {
        if let Some(entry) = self.entries.get_mut(&node.id()) {
            entry.links -= 1;
            if entry.links == 0 {
                self.entries.remove(&node.id());
                todo.push(node);
            }
        }
    }

    /// Gives each node the place in another file that `moved` returns for its old offset, and
    /// removes all nodes if one has none.
    pub(super) fn translate(&mut self, moved: impl Fn(u64) -> Option<Written>) {
        for entry in self.entries.values_mut() {
            match moved(entry.written.offset) {
                Some(written) => entry.written = written,
                None => return self.entries.clear(),
            }
        }
    }

    /// The number of nodes.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }
}
