//! Methods of a reader for parallel walks: skipping a subtrie, and dividing a walk.

use crate::bytes::ByteMask;
use crate::node::{LazyPlace, LentNode};
use crate::trie::Subtrie;
use crate::zipper::readers::ReadZipperUntracked;
use crate::zipper::root::{Borrowed, Root};
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;

impl<V, R: Root<V>> Walk<V, R> {
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
        self.walk().lazy_place_in_trie()
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
        self.walk_mut().to_value_beyond()
    }

    /// Moves to the first location after the focus that is not below it. If there is none, resets
    /// and returns false.
    pub(crate) fn to_next_step_beyond(&mut self) -> bool {
        self.walk_mut().to_next_step_beyond()
    }
}
