//! Several walks that write one path.
//!
//! The factors of a product are walks whose paths follow one another. Only the last walk moves. It
//! holds the buffer of the whole path, whose first bytes lead to its root:
//!
//! ```text
//! the path's buffer:   a b │ c d │ e ▲
//! walk 0, lent at 2:   a b                root at 0
//! walk 1, lent at 4:         c d          root at 2
//! walk 2, the holder:              e      root at 4
//! ```
//!
//! A walk that has lent its path stays where it is, and answers what it is asked about its focus.
//! If the path that it has lent is not empty, it panics if it is moved down or asked for its path,
//! which has no buffer.

use super::super::root::Root;
use super::edge::Edge;
use super::{Stepped, Walk};
use crate::reached::{Mark, reached};

impl<V, R: Root<V>> Walk<V, R> {
    /// True iff the root of the walk is the root of its trie, so that the walk can take over the
    /// path of another one.
    pub(in crate::zipper) fn starts_at_trie(&self) -> bool {
        self.base == self.root_len
    }

    /// Lends the path to a walk at its root, whose root is put at the focus of this one.
    #[inline]
    pub(in crate::zipper) fn lend_path(&mut self, below: &mut Self) {
        debug_assert!(below.starts_at_trie() && !R::WRITES);
        // What asks for the focus of an explored walk reads no byte of the path.
        self.settle();
        self.path.lend_to(&mut below.path);
        below.hidden = self.hidden;
        below.put_root_at(self.path.len());
    }

    /// Takes the path back from the walk that it was lent to, which returns to its root.
    #[inline]
    pub(in crate::zipper) fn reclaim_path(&mut self, below: &mut Self) {
        debug_assert!(below.root_len == self.path.len() && self.is_here());
        below.path.give_back(&mut self.path);
        below.hidden = 0;
        below.put_root_at(0);
    }

    /// Moves to the next location whose path has the length of the present path and the same bytes
    /// before the last `k`, if it is a value that the next entry of the node leads to. Returns
    /// whether the new focus is a tip, or `None` if the walk has not moved.
    ///
    /// The path is lent to another walk, which is at its root, and stays there.
    #[inline]
    pub(in crate::zipper) fn step_above(&mut self, below: &mut Self, k: usize) -> Option<bool> {
        debug_assert!(below.root_len == self.path.len() && below.path.len() == self.path.len());
        let len = self.path.len();
        let above = len.checked_sub(k).filter(|&above| above >= self.root_len)?;
        self.path.exchange(&mut below.path);
        let stepped = self.step_where(above, |end| end == len);
        self.path.exchange(&mut below.path);
        if !matches!(stepped, Stepped::There) {
            return None;
        }
        reached(Mark::SteppedAboveSeam);
        self.landed().map(|entry| self.ends_at(entry))
    }

    /// Moves the root of the walk, and the walk to its root. The path has `len` bytes.
    #[inline]
    fn put_root_at(&mut self, len: usize) {
        // The first frame, if there is one, is that of the trie's root node.
        self.frames.truncate(1);
        if let Some(root) = self.frames.first_mut() {
            root.start = len;
        }
        self.edge = Edge::NONE;
        (self.base, self.root_len, self.here) = (len, len, len);
        // Without a frame the trie either has no node, or was never looked at.
        self.explored = !self.frames.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use crate::PathMap;
    use crate::zipper::readers::ReadZipperOwned;
    use crate::zipper::*;

    fn reader(paths: &[&str]) -> ReadZipperOwned<u8> {
        paths
            .iter()
            .zip(1..)
            .map(|(path, value)| (*path, value))
            .collect::<PathMap<u8>>()
            .into_read_zipper("")
    }

    #[test]
    fn a_walk_that_has_lent_its_path_answers_and_goes_on_when_it_is_back() {
        let (mut above, mut below) = (reader(&["abc", "abd", "x"]), reader(&["12", "13"]));
        above.descend_to("abd");
        above.enter_below(&mut below);
        below.descend_to("13");
        assert_eq!((above.val(), above.child_count(), above.val_count()), (Some(&2), 0, 1));
        assert_eq!((below.path(), below.val()), (&b"13"[..], Some(&2)));
        assert_eq!((above.path_in(&below), below.origin_path()), (&b"abd13"[..], &b"abd13"[..]));
        above.leave_below(&mut below);
        assert_eq!((above.path(), below.path(), below.child_count()), (&b"abd"[..], &b""[..], 1));
        above.ascend_byte();
        assert!(above.descend_to_check("c"));
        assert!(below.descend_to_check("12"));
        assert_eq!((above.val(), below.val()), (Some(&1), Some(&1)));
    }

    #[test]
    fn a_walk_that_has_lent_its_path_panics_when_the_path_would_be_written() {
        type Move = fn(&mut ReadZipperOwned<u8>);
        let moves: [Move; 5] = [
            |zipper| zipper.descend_to("xyz"),
            |zipper| zipper.descend_to_byte(b'x'),
            |zipper| zipper.descend_beyond(b"x"),
            |zipper| _ = zipper.to_next_val(),
            |zipper| zipper.reserve_buffers(64, 8),
        ];
        for moves in moves {
            let (mut above, mut below) = (reader(&["ab", "c"]), reader(&["1"]));
            above.descend_to("ab");
            above.enter_below(&mut below);
            assert!(catch_unwind(AssertUnwindSafe(|| moves(&mut above))).is_err());
        }
    }
}
