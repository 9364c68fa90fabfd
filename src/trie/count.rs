//! Measuring the memory of maps.

use crate::node::{LentNode, Shared, allocated_bytes, for_each_node};
use crate::trie::PathMap;

/// The bytes of all nodes, each counted once.
fn heap_size<'a, V: 'a>(roots: impl IntoIterator<Item = LentNode<'a, V>>) -> usize {
    let mut bytes = 0usize;
    for_each_node(roots, |node| bytes += allocated_bytes(node));
    bytes
}

impl<V> PathMap<V> {
    /// Returns the bytes that the map's nodes take, with the boxes of values too large to lie in
    /// them.
    ///
    /// What the values own elsewhere is not known. A node shared with other maps counts in full:
    /// to add up several maps use [`heap_size_of_all`](Self::heap_size_of_all). O(nodes).
    #[must_use]
    pub fn heap_size(&self) -> usize {
        heap_size(self.root.as_ref().map(Shared::lent))
    }

    /// Returns the bytes that the nodes of several maps take together, each node counted once.
    ///
    /// Maps that were cloned from each other share most of their nodes, and the sum of their
    /// [`heap_size`](Self::heap_size) may be many times what they take. O(nodes), each counted
    /// once.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let old: PathMap<u32> = (0..10_000u32).map(|i| (i.to_be_bytes(), i)).collect();
    /// let mut new = old.clone();
    /// new.insert("more", 1);
    /// let together = PathMap::heap_size_of_all([&old, &new]);
    /// assert!(together < old.heap_size() * 11 / 10);
    /// ```
    pub fn heap_size_of_all<'a, I: IntoIterator<Item = &'a Self>>(maps: I) -> usize
    where
        V: 'a,
    {
        heap_size(maps.into_iter().filter_map(|map| map.root.as_ref().map(Shared::lent)))
    }
}
