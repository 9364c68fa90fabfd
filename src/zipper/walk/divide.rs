//! What a parallel walk asks of a reader: to go on beside a subtrie, and to be divided.

use crate::bytes::ByteMask;
use crate::node::{LazyPlace, Shared};
use crate::zipper::readers::ReadZipperUntracked;
use crate::zipper::root::{Borrowed, Root};
use crate::zipper::stack::Walk;

impl<V, R: Root<V>> Walk<V, R> {
    /// Goes to the first value after the focus that is not below it; when there is none, resets
    /// and returns false.
    fn to_next_val_beyond(&mut self) -> bool {
        self.settle();
        if self.at_root() || self.here() < self.root_len() {
            self.reset();
            return false;
        }
        let next = match self.top() {
            // At a node's root: behind the entry that led to it.
            Some((_, spot)) if self.is_here() && spot.depth() == 0 => None,
            Some((node, spot)) if self.is_here() => node.next_entry(node.known(spot).hi as usize),
            // Where no location is nothing is below.
            _ => return self.to_next_val(),
        };
        self.next_val_from(next)
    }

    /// Goes to the first location after the focus that is not below it; when there is none, resets
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

    /// Where, from the path's first `from` bytes down, the path to the focus first has siblings
    /// after it: the length of the path to their parent, and the bytes that lead to them.
    ///
    /// O(nodes down to there), whatever is above and below.
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
            // The last entry of the run leaves the path first.
            let level = if node.is_wide() {
                0
            } else {
                let (here, last) = (node.entry(spot.lo as usize), node.entry(run.hi as usize - 1));
                here.suffix.common_with(last.suffix)
            };
            let mask = node.child_mask(node.widen(spot, level));
            let byte = self.origin_path()[start + level];
            let after = mask
                .and(&ByteMask::from_range((std::ops::Bound::Excluded(byte), std::ops::Bound::Unbounded)));
            if !after.is_empty_mask() {
                return Some((start + level, after));
            }
        }
        None
    }
}

/// Paths and their lengths are from the origin here, and nothing of them is hidden.
impl<'a, V> ReadZipperUntracked<'a, 'static, V> {
    /// A reader whose root is at `path`, the first `base` bytes of which lead to where the trie
    /// begins; `exists` tells whether that place does if no node is there.
    pub(crate) fn over(trie: Option<&'a Shared<V>>, path: &[u8], base: usize, exists: bool) -> Self {
        Self::of_walk(Walk::new(Borrowed(trie.map(Shared::lent)), path.to_vec(), base, exists))
    }

    /// The focus, for as long as the trie is borrowed.
    #[inline]
    pub(crate) fn lazy_place(&self) -> LazyPlace<'a, V> {
        match self.walk().landed_in_trie() {
            Some((node, entry, depth)) => LazyPlace::at_end(node, entry, depth),
            None => LazyPlace::at_spot(self.walk().spot_in_trie()),
        }
    }

    /// The path from the origin, and how much of it leads to the zipper's root.
    #[inline]
    pub(crate) fn whole_path(&self) -> (&[u8], usize) {
        (self.walk().origin_path(), self.walk().root_len())
    }

    /// Makes the location at the path's first `len` bytes the root. O(1).
    pub(crate) fn confine(&mut self, len: usize) {
        self.walk_mut().confine(len);
    }

    /// [`Walk::siblings_after`].
    pub(crate) fn siblings_after(&self, from: usize) -> Option<(usize, ByteMask)> {
        self.walk().siblings_after(from)
    }

    /// Goes to the first value after the focus that is not below it; when there is none, resets
    /// and returns false.
    pub(crate) fn to_next_val_beyond(&mut self) -> bool {
        self.walk_mut().to_next_val_beyond()
    }

    /// Goes to the first location after the focus that is not below it; when there is none, resets
    /// and returns false.
    pub(crate) fn to_next_step_beyond(&mut self) -> bool {
        self.walk_mut().to_next_step_beyond()
    }
}
