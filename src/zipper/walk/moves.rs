//! Movement, written once for every zipper that stands in a real trie.

use crate::bytes::{ByteMask, common_prefix};
use crate::node::{Place, Spot};
use crate::trie::PathMap;
use crate::zipper::root::Root;
use crate::zipper::stack::{Sight, Walk};

impl<V, R: Root<V>> Walk<V, R> {
    pub(in crate::zipper) fn depth(&self) -> usize {
        self.origin_path().len() - self.root_len()
    }

    pub(in crate::zipper) fn at_root(&self) -> bool {
        self.depth() == 0
    }

    #[inline]
    pub(in crate::zipper) fn val(&self) -> Option<&V> {
        self.focus()?.val()
    }

    pub(in crate::zipper) fn val_at(&self, path: &[u8]) -> Option<&V> {
        self.focus()?.val_at(path)
    }

    #[inline]
    pub(in crate::zipper) fn child_mask(&self) -> ByteMask {
        match self.next_on_edge() {
            Some(Some(byte)) => return ByteMask::from(byte),
            Some(None) => return ByteMask::EMPTY,
            None => {}
        }
        match self.focus() {
            Some(focus) => focus.child_mask(),
            None => ByteMask::EMPTY,
        }
    }

    pub(in crate::zipper) fn child_count(&self) -> usize {
        self.child_mask().count_bits()
    }

    pub(in crate::zipper) fn val_count(&self) -> usize {
        self.focus().map_or(0, Sight::val_count)
    }

    /// The number of locations at the focus and below with nothing below them.
    pub(in crate::zipper) fn tip_count(&self) -> usize {
        match self.focus() {
            Some(focus) => focus.tip_count(),
            // An empty map's root.
            None => self.exists() as usize,
        }
    }

    #[inline]
    pub(in crate::zipper) fn descend_to(&mut self, key: &[u8]) {
        self.settle();
        self.descend_lazily(key);
        self.settle();
    }

    #[inline]
    pub(in crate::zipper) fn descend_to_byte(&mut self, byte: u8) {
        if R::WRITES && self.is_trailing() {
            return self.descend_lazily(&[byte]);
        }
        if !self.descend_to_existing_byte(byte) {
            self.push_byte(byte);
        }
    }

    #[inline]
    pub(in crate::zipper) fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        self.descend_branch(byte)
    }

    pub(in crate::zipper) fn descend_to_existing(&mut self, key: &[u8]) -> usize {
        self.settle();
        if !self.is_here() {
            return 0;
        }
        let start = self.here();
        self.descend_to(key);
        let moved = self.here() - start;
        self.truncate(start + moved);
        moved
    }

    pub(in crate::zipper) fn descend_to_val(&mut self, key: &[u8]) -> usize {
        for (moved, &byte) in key.iter().enumerate() {
            if !self.descend_to_existing_byte(byte) {
                return moved;
            }
            if self.val().is_some() {
                return moved + 1;
            }
        }
        key.len()
    }

    pub(in crate::zipper) fn descend_indexed_byte(&mut self, index: usize) -> bool {
        match self.child_mask().indexed_bit::<true>(index) {
            Some(byte) => self.descend_to_existing_byte(byte),
            None => false,
        }
    }

    pub(in crate::zipper) fn descend_first_byte(&mut self) -> bool {
        self.settle();
        if !self.is_here() {
            return false;
        }
        if let Some(next) = self.next_on_edge() {
            return next.is_some_and(|byte| self.descend_branch(byte));
        }
        let first = self.top().and_then(|(node, spot)| node.first_below(node.known(spot)));
        first.is_some_and(|(entry, byte)| self.descend_entry(entry, byte))
    }

    pub(in crate::zipper) fn descend_last_byte(&mut self) -> bool {
        match self.child_mask().indexed_bit::<false>(0) {
            Some(byte) => self.descend_to_existing_byte(byte),
            None => false,
        }
    }

    pub(in crate::zipper) fn descend_until(&mut self, max_bytes: usize) -> bool {
        self.settle();
        let start = self.here();
        if !self.is_here() {
            return false;
        }
        while self.here() - start < max_bytes
            && let Some((node, spot)) = self.top()
            && let Some(below) = node.unbranched(node.known(spot))
        {
            let left = max_bytes - (self.here() - start);
            let depth = below.depth().min(spot.depth().saturating_add(left));
            self.push_suffix(below.lo as usize, depth);
            self.advance(Spot::new(below.lo, below.hi, depth));
            if self.val().is_some() {
                break;
            }
        }
        self.here() > start
    }

    #[inline]
    pub(in crate::zipper) fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.depth();
        let len = self.origin_path().len() - steps.min(depth);
        self.truncate(len);
        steps <= depth
    }

    #[inline]
    pub(in crate::zipper) fn ascend_byte(&mut self) -> bool {
        if self.at_root() {
            return false;
        }
        self.ascend_branch();
        true
    }

    #[inline]
    pub(in crate::zipper) fn reset(&mut self) {
        self.truncate(self.root_len());
    }

    /// The length of the path to the nearest strict ancestor that has a value or branches, or to the root.
    fn fork_above(&self) -> usize {
        let root = self.root_len();
        if !self.is_here() && self.here() >= root {
            // Nothing hangs between the focus and where the trie ends; whether that is a fork is its own matter.
            if let Some((node, spot)) = self.top() {
                let spot = node.known(spot);
                if node.value_at(spot).is_some() || node.child_mask(spot).count_bits() > 1 {
                    return self.here();
                }
            }
        }
        for (spot, start) in self.nodes_up() {
            let fork = spot.fork_above().map(|depth| start + depth);
            match fork {
                Some(fork) => return fork.max(root),
                None if start <= root => return root,
                None => {}
            }
        }
        root
    }

    pub(in crate::zipper) fn ascend_until(&mut self) -> bool {
        if self.at_root() {
            return false;
        }
        self.settle();
        let len = self.fork_above();
        self.truncate(len);
        true
    }

    pub(in crate::zipper) fn ascend_until_branch(&mut self) -> bool {
        let mut moved = false;
        while self.ascend_until() {
            moved = true;
            if self.child_count() > 1 {
                break;
            }
        }
        moved
    }

    pub(in crate::zipper) fn move_to_path(&mut self, path: &[u8]) -> usize {
        let shared = common_prefix(self.path(), path);
        self.truncate(self.root_len() + shared);
        self.descend_to(&path[shared..]);
        shared
    }

    fn to_sibling(&mut self, neighbour: impl Fn(&ByteMask, u8) -> Option<u8>) -> bool {
        let Some(&byte) = self.path().last() else { return false };
        self.settle();
        let here = self.origin_path().len();
        if self.here() + 1 < here {
            // The parent does not exist either.
            return false;
        }
        self.truncate(here - 1);
        let found = neighbour(&self.child_mask(), byte);
        self.descend_to_byte(found.unwrap_or(byte));
        found.is_some()
    }

    pub(in crate::zipper) fn to_next_sibling_byte(&mut self) -> bool {
        self.to_sibling(ByteMask::next_bit)
    }

    pub(in crate::zipper) fn to_prev_sibling_byte(&mut self) -> bool {
        self.to_sibling(ByteMask::prev_bit)
    }

    /// The id of the node whose root the focus is.
    pub(in crate::zipper) fn node_id(&self) -> Option<(usize, bool)> {
        self.focus()?.node_id()
    }

    /// The subtrie at the focus as a map.
    pub(in crate::zipper) fn make_map(&self) -> PathMap<V>
    where
        V: Clone,
    {
        PathMap::from_root(self.disclose().and_then(Place::to_trie))
    }
}
