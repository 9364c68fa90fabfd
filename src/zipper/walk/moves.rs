//! Movement, written once for all zippers in a real trie.
//!
//! [`Walk`] is such a zipper itself. The public zippers wrap it and forward to it
//! (`delegate.rs`).

use crate::bytes::{ByteMask, common_prefix};
use crate::zipper::root::Root;
use crate::zipper::stack::{Sight, Walk};
use crate::zipper::traits::*;

impl<V, R: Root<V>> Zipper for Walk<V, R> {
    #[inline]
    fn path_exists(&self) -> bool {
        self.exists()
    }

    #[inline]
    fn is_val(&self) -> bool {
        self.val().is_some()
    }

    #[inline]
    fn child_count(&self) -> usize {
        match self.next_on_edge() {
            Some(next) => next.is_some() as usize,
            None => self.mask_of_frame().count_bits(),
        }
    }

    #[inline]
    fn child_mask(&self) -> ByteMask {
        // All masks are behind a pointer, so that there is one copy, in vector registers.
        let found;
        *match self.next_on_edge() {
            Some(Some(byte)) => ByteMask::single(byte),
            Some(None) => &ByteMask::EMPTY,
            None => {
                found = self.mask_of_frame();
                &found
            }
        }
    }
}

impl<V, R: Root<V>> ZipperMoving for Walk<V, R> {
    #[inline]
    fn path(&self) -> &[u8] {
        &self.whole_path()[self.root_len()..]
    }

    fn val_count(&self) -> usize {
        self.focus().map_or(0, Sight::val_count)
    }

    fn tip_count(&self) -> Option<usize> {
        Some(match self.focus() {
            Some(focus) => focus.tip_count(),
            // An empty map's root.
            None => self.exists() as usize,
        })
    }

    // Readers search the trie at once. Writers search only when a query needs the result, because
    // most writes need none.
    #[inline]
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        if R::WRITES {
            self.descend_lazily(k.as_ref());
        } else {
            self.descend_eagerly(k.as_ref());
        }
    }

    #[inline]
    fn at_tip(&self) -> bool {
        match self.next_on_edge() {
            Some(next) => next.is_none(),
            None => self.frame_is_tip(),
        }
    }

    #[inline]
    fn descend_to_check_or_tip(&mut self, k: &[u8]) -> Result<bool, usize> {
        self.descend_checked(k)
    }

    #[inline]
    fn descend_beyond(&mut self, bytes: &[u8]) {
        self.push_absent(bytes);
    }

    #[inline]
    fn replace_beyond(&mut self, bytes: &[u8]) {
        self.replace_absent(bytes);
    }

    fn descend_to_check<K: AsRef<[u8]>>(&mut self, k: K) -> bool {
        let k = k.as_ref();
        match self.descend_checked(k) {
            Ok(exists) => exists,
            Err(moved) if moved == k.len() => true,
            Err(moved) => {
                self.push_absent(&k[moved..]);
                false
            }
        }
    }

    #[inline]
    fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.depth();
        let len = self.whole_path().len() - steps.min(depth);
        self.truncate(len);
        steps <= depth
    }

    fn ascend_until(&mut self) -> bool {
        if self.at_root() {
            return false;
        }
        self.settle();
        let len = self.fork_above();
        self.truncate(len);
        true
    }

    fn ascend_until_branch(&mut self) -> bool {
        let mut moved = false;
        while self.ascend_until() {
            moved = true;
            if self.child_count() > 1 {
                break;
            }
        }
        moved
    }

    #[inline]
    fn at_root(&self) -> bool {
        self.depth() == 0
    }

    // Writers remember the old focus, so that descending there again is cheap.
    #[inline]
    fn reset(&mut self) {
        if R::WRITES {
            self.rewind();
        } else {
            self.truncate(self.root_len());
        }
    }

    fn move_to_path<K: AsRef<[u8]>>(&mut self, path: K) -> usize {
        let path = path.as_ref();
        let shared = common_prefix(self.path(), path);
        self.truncate(self.root_len() + shared);
        self.descend_eagerly(&path[shared..]);
        shared
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        self.settle();
        if !self.is_here() {
            return 0;
        }
        let start = self.here();
        let left = self.follow_edge(k.as_ref());
        if !left.is_empty() && self.next_on_edge().is_none() {
            self.descend_lazily(left);
            self.settle();
            self.truncate(self.here());
        }
        self.here() - start
    }

    #[inline]
    fn descend_to_byte(&mut self, k: u8) {
        // A step off the trail leaves it: the next write would start from there as well.
        if R::WRITES && self.trail_goes_on(k) {
            return self.descend_lazily(&[k]);
        }
        if !self.descend_to_existing_byte(k) {
            self.push_byte(k);
        }
    }

    #[inline]
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        self.step_on_edge(k) || self.descend_branch(k)
    }

    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        let byte = match self.next_on_edge() {
            Some(next) => next.filter(|_| idx == 0),
            None => self.mask_of_frame().indexed_bit::<true>(idx),
        };
        byte.is_some_and(|byte| self.descend_to_existing_byte(byte))
    }

    #[inline]
    fn descend_first_byte(&mut self) -> bool {
        self.descend_first_branch()
    }

    fn descend_last_byte(&mut self) -> bool {
        match self.child_mask().indexed_bit::<false>(0) {
            Some(byte) => self.descend_to_existing_byte(byte),
            None => false,
        }
    }

    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        self.descend_to_stop(max_bytes)
    }

    #[inline]
    fn ascend_byte(&mut self) -> bool {
        if self.at_root() {
            return false;
        }
        self.ascend_branch();
        true
    }

    #[inline]
    fn to_next_sibling_byte(&mut self) -> bool {
        match self.to_next_branch() {
            Some(moved) => moved,
            None => self.to_sibling(ByteMask::next_bit),
        }
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        self.to_sibling(ByteMask::prev_bit)
    }

    fn to_next_step(&mut self) -> bool {
        if self.descend_first_byte() {
            return true;
        }
        self.settle();
        if self.to_next_branch() == Some(true) {
            return true;
        }
        let found = self.here() >= self.root_len() && self.to_next_beside();
        if !found {
            self.truncate(self.root_len());
        }
        found
    }
}

impl<V, R: Root<V>> ZipperAbsolutePath for Walk<V, R> {
    fn origin_path(&self) -> &[u8] {
        &self.whole_path()[self.hidden()..]
    }

    fn root_prefix_path(&self) -> &[u8] {
        &self.whole_path()[self.hidden()..self.root_len()]
    }
}

#[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
impl<V, R: Root<V>> ZipperPathBuffer for Walk<V, R> {
    unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8] {
        // SAFETY: the origin path has had `len` bytes in this buffer, as the caller promises.
        unsafe { self.path_buffer(len) }
    }

    fn prepare_buffers(&mut self) {
        self.reserve(128, 16);
    }

    fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize) {
        self.reserve(path_len, stack_depth);
    }
}

impl<V, R: Root<V>> Walk<V, R> {
    /// The length of the path from the root to the focus.
    pub(in crate::zipper) fn depth(&self) -> usize {
        self.path_len() - self.root_len()
    }

    /// Descends by `key`, and searches the trie for the new focus at once.
    #[inline]
    fn descend_eagerly(&mut self, key: &[u8]) {
        self.settle();
        let left = self.follow_edge(key);
        self.descend_lazily(left);
        self.settle();
    }

    fn to_sibling(&mut self, neighbour: impl Fn(&ByteMask, u8) -> Option<u8>) -> bool {
        let Some(&byte) = self.path().last() else { return false };
        self.settle();
        let here = self.whole_path().len();
        if self.here() + 1 < here {
            // The parent does not exist either.
            return false;
        }
        self.truncate(here - 1);
        let found = neighbour(&self.child_mask(), byte);
        self.descend_to_byte(found.unwrap_or(byte));
        found.is_some()
    }
}
