//! Iteration, written once for all zippers in a real trie.
//!
//! A walk over values moves entry by entry, not byte by byte. The moves along the entries of nodes
//! are in the stack.

use crate::zipper::root::Root;
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;

impl<V, R: Root<V>> ZipperIteration for Walk<V, R> {
    #[inline]
    fn to_next_val(&mut self) -> bool {
        self.to_value_after()
    }

    fn to_prev_step(&mut self) -> bool {
        if self.at_root() {
            return self.descend_last_path();
        }
        self.settle();
        if self.here() < self.root_len() {
            self.truncate(self.root_len());
            return false;
        }
        if !self.is_here() {
            // The path leaves the trie at `here`. The location before the focus is the last one
            // at or below the previous sibling of the first absent byte, or else `here` itself.
            self.truncate(self.here() + 1);
            if !self.to_prev_sibling_byte() {
                self.ascend_byte();
                return !self.at_root();
            }
            self.descend_last_path();
            return true;
        }
        if self.to_prev_sibling_byte() {
            self.descend_last_path();
            return true;
        }
        self.ascend_byte();
        !self.at_root()
    }

    fn descend_last_path(&mut self) -> bool {
        let start = self.depth();
        while self.descend_last_byte() {
            self.descend_until();
        }
        self.depth() > start
    }

    fn descend_first_k_path(&mut self, k: usize) -> bool {
        self.to_first_of_len(k)
    }

    #[inline]
    fn to_next_k_path(&mut self, k: usize) -> bool {
        self.to_next_of_len(k)
    }

    #[inline]
    fn to_next_val_or_tip(&mut self) -> bool {
        self.to_value_or_tip_after()
    }

    fn descend_first_k_path_or_tip(&mut self, k: usize) -> bool {
        self.to_first_of_len_or_tip(k)
    }

    #[inline]
    fn to_next_k_path_or_tip(&mut self, above: usize, len: usize) -> bool {
        self.to_next_of_len_or_tip(above, len)
    }
}
