//! Iteration in a packed trie: over values entry by entry, not byte by byte.

use std::ops::Deref;

use super::walk::Walk;
use crate::file::stored::Stored;
use crate::zipper::{Zipper, ZipperIteration, ZipperMoving};

impl<D: Deref<Target = [u8]>, V: Stored> ZipperIteration for Walk<D, V> {
    #[inline]
    fn to_next_val(&mut self) -> bool {
        let next = match self.onward() {
            Some((_, run, _)) => Some(run.start),
            None if self.exists() => None,
            None => return self.to_value_after_absent(),
        };
        let found = next.is_some_and(|next| self.forward(next));
        if !found {
            self.to_root();
        }
        found
    }

    fn descend_last_path(&mut self) -> bool {
        let start = self.path.len();
        while self.descend_last_byte() {
            self.descend_until();
        }
        self.path.len() > start
    }
}

impl<D: Deref<Target = [u8]>, V: Stored> Walk<D, V> {
    /// Moves to the next value from a focus that does not exist.
    fn to_value_after_absent(&mut self) -> bool {
        if self.here < self.root_len {
            self.path.truncate(self.root_len);
            return false;
        }
        // What follows begins at a sibling of the first byte that leads nowhere.
        self.path.truncate(self.here + 1);
        loop {
            if self.to_next_sibling_byte() {
                return self.is_val() || self.to_next_val();
            }
            if !self.ascend_byte() {
                return false;
            }
        }
    }
}
