//! Measures the memory that maps take.

use crate::node::{LentNode, Shared, allocated_bytes, for_each_node};
use crate::trie::PathMap;

/// Returns the bytes of all nodes below the roots, each node counted once.
fn heap_size<'a, V: 'a>(roots: impl IntoIterator<Item = LentNode<'a, V>>) -> usize {
    let mut bytes = 0usize;
    for_each_node(roots, |node| bytes += allocated_bytes(node));
    bytes
}

impl<V> PathMap<V> {
    /// Returns the bytes that the map's nodes take, including the boxes of large values. O(nodes).
    ///
    /// Memory that the values themselves own is not included. A node that other maps share is
    /// counted in full: for the size of several maps together, use
    /// [`heap_size_of_all`](Self::heap_size_of_all).
    #[must_use]
    pub fn heap_size(&self) -> usize {
        heap_size(self.root.as_ref().map(Shared::lent))
    }

    /// Returns the bytes that the nodes of several maps take together, with each node counted
    /// once.
    ///
    /// Clones of a map share most of their nodes, so the sum of their
    /// [`heap_size`](Self::heap_size)s may be many times the memory that they take together.
    /// O(nodes), with shared nodes visited once.
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
