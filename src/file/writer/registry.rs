//! A bounded table of the nodes that were written last, so that equal ones are written once.

/// The number of nodes among which the one that was used least recently is replaced.
const WAYS: usize = 4;

/// The most bytes of a node that is kept, so that the table has a bound. Nearly all nodes are
/// smaller, unless their values are large.
const LONGEST: usize = 4_096;

/// A node that was written.
#[derive(Clone, Default)]
struct Cell {
    hash: u64,
    /// The offset of its record; 0 if there is no node, since a file begins with its header.
    offset: u64,
    content: Vec<u8>,
}

/// A table of at most a given number of nodes, by their content.
///
/// The hash of its content leads a node to a bucket of four cells, which are in the order of their
/// last use. Contents are compared byte by byte, so no choice of keys and values can make nodes
/// equal that are not.
pub(super) struct Registry {
    buckets: Vec<[Cell; WAYS]>,
}

impl Registry {
    /// A table of `nodes` nodes, rounded up to a multiple of four.
    pub(super) fn new(nodes: usize) -> Self {
        Self { buckets: vec![Default::default(); nodes.div_ceil(WAYS)] }
    }

    /// True iff nothing is ever found.
    pub(super) fn is_off(&self) -> bool {
        self.buckets.is_empty()
    }

    /// The bucket of a hash. There is one.
    fn bucket(&mut self, hash: u64) -> &mut [Cell; WAYS] {
        let index = (u128::from(hash) * self.buckets.len() as u128) >> 64;
        &mut self.buckets[index as usize]
    }

    /// The offset of the node with this content, whose hash is `hash`.
    pub(super) fn find(&mut self, hash: u64, content: &[u8]) -> Option<u64> {
        let bucket = self.bucket(hash);
        let is_it = |cell: &Cell| cell.hash == hash && cell.offset != 0 && cell.content == content;
        let found = bucket.iter().position(is_it)?;
        bucket[..=found].rotate_right(1);
        Some(bucket[0].offset)
    }

    /// Adds a node that was not found, in place of the one of its bucket that was used least
    /// recently.
    pub(super) fn add(&mut self, hash: u64, content: &[u8], offset: u64) {
        if content.len() > LONGEST {
            return;
        }
        let bucket = self.bucket(hash);
        bucket.rotate_right(1);
        let cell = &mut bucket[0];
        (cell.hash, cell.offset) = (hash, offset);
        cell.content.clear();
        cell.content.reserve_exact(content.len());
        cell.content.extend_from_slice(content);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_node_that_was_used_least_recently_is_replaced() {
        let mut registry = Registry::new(4);
        for node in 1..=4u8 {
            registry.add(7, &[node], node.into());
        }
        assert_eq!(registry.find(7, &[1]), Some(1));
        registry.add(7, &[5], 5);
        assert_eq!(
            [1, 2, 3, 4, 5].map(|node| registry.find(7, &[node])),
            [Some(1), None, Some(3), Some(4), Some(5)]
        );
    }

    #[test]
    fn equal_hashes_are_not_enough() {
        let mut registry = Registry::new(100);
        registry.add(u64::MAX, b"a", 1);
        assert_eq!(registry.find(u64::MAX, b"b"), None);
        assert_eq!(registry.find(u64::MAX, b"a"), Some(1));
        assert_eq!(registry.find(0, b""), None);
    }

    #[test]
    fn large_nodes_are_not_kept() {
        let mut registry = Registry::new(1);
        registry.add(1, &[0; LONGEST + 1], 1);
        assert_eq!(registry.find(1, &[0; LONGEST + 1]), None);
        assert!(Registry::new(0).is_off());
    }
}
