//! Methods of a reader for parallel walks: skipping a subtrie, and dividing a walk.

use crate::bytes::ByteMask;
use crate::node::{LazyPlace, LentNode};
use crate::trie::Subtrie;
use crate::zipper::readers::ReadZipperUntracked;
use crate::zipper::root::{Borrowed, Root};
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;

impl<V, R: Root<V>> Walk<V, R> {
    /// Moves to the first value after the focus that is not below it. If there is none, resets and
    /// returns false.
    fn to_next_val_beyond(&mut self) -> bool {
        self.settle();
        if self.at_root() || self.here() < self.root_len() {
            self.reset();
            return false;
        }
        let next = match self.top() {
            // At a node's root, the search continues after the entry that leads to it.
            Some((_, spot)) if self.is_here() && spot.depth() == 0 => None,
            Some((node, spot)) if self.is_here() => node.next_entry(node.known(spot).hi as usize),
            // Nothing is below a focus that does not exist.
            _ => return self.to_next_val(),
        };
        self.next_val_from(next)
    }

    /// Moves to the first location after the focus that is not below it. If there is none, resets
    /// and returns false.
    fn to_next_step_beyond(&mut self) -> bool {
        loop {
            if self.to_next_sibling_byte() {
                return true;
            }
            if !self.ascend_byte() {
                return false;
            }
        }
    }

    /// The first level, at least `from` bytes down the path, at which locations branch off after
    /// the path: the length of the path to their parent, and the bytes that lead to them.
    ///
    /// Takes O(nodes above that level).
    fn siblings_after(&self, from: usize) -> Option<(usize, ByteMask)> {
        for (node, spot, start) in self.nodes_down(from) {
            let spot = node.known(spot);
            let shared = from.saturating_sub(start);
            if spot.depth() <= shared {
                continue;
            }
            let run = node.widen(spot, shared);
            if run.hi <= spot.hi {
                continue;
            }
            // No entry of the run has a shorter common prefix with the path than the last one.
            let level = if node.is_wide() {
                0
            } else {
                let (here, last) = (node.entry(spot.lo as usize), node.entry(run.hi as usize - 1));
                here.suffix.common_with(last.suffix)
            };
            let mask = node.child_mask(node.widen(spot, level));
            let byte = self.whole_path()[start + level];
            let after = mask
                .and(&ByteMask::from_range((std::ops::Bound::Excluded(byte), std::ops::Bound::Unbounded)));
            if !after.is_empty_mask() {
                return Some((start + level, after));
            }
        }
        None
    }
}

/// In these methods, paths and their lengths start at the origin, and no byte is hidden.
impl<'a, V> ReadZipperUntracked<'a, 'static, V> {
    /// A reader of `trie` whose root is at `path`. The path's first `base` bytes lead to the root
    /// of the trie.
    pub(crate) fn over(trie: Subtrie<LentNode<'a, V>>, path: &[u8], base: usize) -> Self {
        Self::of_walk(Walk::new(Borrowed(trie), path.to_vec(), base))
    }

    /// The focus, for as long as the trie is borrowed.
    #[inline]
    pub(crate) fn lazy_place(&self) -> LazyPlace<'a, V> {
        match self.walk().landed_in_trie() {
            Some((node, entry, depth)) => LazyPlace::at_end(node, entry, depth),
            None => LazyPlace::at_spot(self.walk().spot_in_trie()),
        }
    }

    /// The path from the origin to the focus, and the length of the path to the zipper's root.
    #[inline]
    pub(crate) fn whole_path(&self) -> (&[u8], usize) {
        (self.walk().whole_path(), self.walk().root_len())
    }

    /// Makes the location at the path's first `len` bytes the root. O(1).
    pub(crate) fn confine(&mut self, len: usize) {
        self.walk_mut().confine(len);
    }

    /// The first level, at least `from` bytes down the path, at which locations branch off after
    /// the path; see [`Walk::siblings_after`].
    pub(crate) fn siblings_after(&self, from: usize) -> Option<(usize, ByteMask)> {
        self.walk().siblings_after(from)
    }

    /// Moves to the first value after the focus that is not below it. If there is none, resets and
    /// returns false.
    pub(crate) fn to_next_val_beyond(&mut self) -> bool {
        self.walk_mut().to_next_val_beyond()
    }

    /// Moves to the first location after the focus that is not below it. If there is none, resets
    /// and returns false.
    pub(crate) fn to_next_step_beyond(&mut self) -> bool {
        self.walk_mut().to_next_step_beyond()
    }
}
