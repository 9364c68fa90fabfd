//! Forks of virtual zippers.

use std::fmt;

use super::lens::lens_focus;
use crate::bytes::Text;
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// A copy of a virtual zipper that stays at and below where it was made.
///
/// Made by [`fork_read_zipper`](ZipperForking::fork_read_zipper) of a zipper that stands in no
/// real trie. Its root is the focus of the zipper that it was made from.
///
/// # Complexity
/// Making it is a clone. Moves are as fast as the copied zipper's; those that a walk leaves the
/// root by, and the backward ones, compare the root's path.
#[derive(Clone)]
#[must_use = "a zipper does nothing until it is used"]
pub struct ForkedZipper<Z> {
    zipper: Z,
    /// The path from the copied zipper's root to this one's.
    root: Vec<u8>,
}

impl<Z: ZipperMoving> ForkedZipper<Z> {
    /// Makes the focus of `zipper` the root.
    pub(super) fn new(zipper: Z) -> Self {
        Self { root: zipper.path().to_vec(), zipper }
    }

    fn depth(&self) -> usize {
        self.zipper.path().len() - self.root.len()
    }

    /// Whether the zipper stands below the root, after a move that may have left it.
    fn is_below(&self) -> bool {
        self.zipper.path().len() > self.root.len() && self.zipper.path().starts_with(&self.root)
    }

    /// Stays where a walk has come to, or goes back to the root if that is nowhere below it.
    fn stay(&mut self, moved: bool) -> bool {
        let stays = moved && self.is_below();
        if !stays {
            self.zipper.move_to_path(&self.root);
        }
        stays
    }
}

lens_focus!([Z] ForkedZipper<Z>, Z, self => self.zipper);
forward! {
    impl[Z,] ForkedZipper<Z> as Z, self => self.zipper;
    #[allow(unsafe_code, reason = "an unsafe signature; the body hands the promise on")]
    ZipperPathBuffer;
}

impl<Z: ZipperMoving> ZipperMoving for ForkedZipper<Z> {
    #[inline]
    fn path(&self) -> &[u8] {
        &self.zipper.path()[self.root.len()..]
    }
    fn val_count(&self) -> usize {
        self.zipper.val_count()
    }
    fn tip_count(&self) -> Option<usize> {
        self.zipper.tip_count()
    }
    #[inline]
    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        self.zipper.descend_to(k);
    }
    #[inline]
    fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.depth();
        self.zipper.ascend(steps.min(depth));
        steps <= depth
    }
    fn ascend_until(&mut self) -> bool {
        let moved = self.ascend_byte();
        while !self.at_root() && !self.is_val() && self.child_count() < 2 {
            self.ascend_byte();
        }
        moved
    }
    fn ascend_until_branch(&mut self) -> bool {
        let moved = self.ascend_byte();
        while !self.at_root() && self.child_count() < 2 {
            self.ascend_byte();
        }
        moved
    }
    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        self.zipper.descend_to_existing(k)
    }
    fn descend_to_val<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        self.zipper.descend_to_val(k)
    }
    #[inline]
    fn descend_to_byte(&mut self, k: u8) {
        self.zipper.descend_to_byte(k);
    }
    #[inline]
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        self.zipper.descend_to_existing_byte(k)
    }
    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        self.zipper.descend_indexed_byte(idx)
    }
    fn descend_first_byte(&mut self) -> bool {
        self.zipper.descend_first_byte()
    }
    fn descend_last_byte(&mut self) -> bool {
        self.zipper.descend_last_byte()
    }
    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        self.zipper.descend_until_max_bytes(max_bytes)
    }
    fn to_next_sibling_byte(&mut self) -> bool {
        !self.at_root() && self.zipper.to_next_sibling_byte()
    }
    fn to_prev_sibling_byte(&mut self) -> bool {
        !self.at_root() && self.zipper.to_prev_sibling_byte()
    }
    fn to_next_step(&mut self) -> bool {
        // A step that leaves what is below the root is one to a sibling of the root or of an
        // ancestor.
        let below = self.zipper.to_next_step() && self.zipper.path().len() > self.root.len();
        if !below {
            self.zipper.move_to_path(&self.root);
        }
        below
    }
}

impl<Z: ZipperIteration> ZipperIteration for ForkedZipper<Z> {
    fn to_next_val(&mut self) -> bool {
        let moved = self.zipper.to_next_val();
        self.stay(moved)
    }
    fn to_prev_step(&mut self) -> bool {
        if self.at_root() {
            return self.descend_last_path();
        }
        let moved = self.zipper.to_prev_step();
        self.stay(moved)
    }
    fn descend_last_path(&mut self) -> bool {
        self.zipper.descend_last_path()
    }
    fn descend_first_k_path(&mut self, k: usize) -> bool {
        self.zipper.descend_first_k_path(k)
    }
    fn to_next_k_path(&mut self, k: usize) -> bool {
        if k > self.depth() {
            self.reset();
            return false;
        }
        self.zipper.to_next_k_path(k)
    }
}

impl<'t, V, Z> ZipperReadOnlyIteration<'t, V> for ForkedZipper<Z> where
    Z: ZipperIteration + ZipperReadOnlyValues<'t, V>
{
}

impl<'t, V, Z> ZipperReadOnlyConditionalIteration<'t, V> for ForkedZipper<Z> where
    Z: ZipperIteration + ZipperReadOnlyConditionalValues<'t, V>
{
}

impl<Z: ZipperAbsolutePath> ZipperAbsolutePath for ForkedZipper<Z> {
    fn origin_path(&self) -> &[u8] {
        self.zipper.origin_path()
    }
    fn root_prefix_path(&self) -> &[u8] {
        &self.zipper.origin_path()[..self.zipper.root_prefix_path().len() + self.root.len()]
    }
}

impl<V, Z> ZipperForking<V> for ForkedZipper<Z>
where
    Z: ZipperAbsolutePath + ZipperIteration + ZipperValues<V> + Clone,
{
    type ReadZipperT<'z>
        = ForkedZipper<Z>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> ForkedZipper<Z> {
        Self::new(self.zipper.clone())
    }
}

impl<Z: ZipperMoving> fmt::Debug for ForkedZipper<Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForkedZipper")
            .field("root", &Text(&self.root))
            .field("path", &Text(self.path()))
            .finish_non_exhaustive()
    }
}
