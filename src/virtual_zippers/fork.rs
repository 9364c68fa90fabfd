//! Forks of virtual zippers.

use std::fmt;

use super::lens::lens_focus;
use super::pair::ascend_until_fork;
use crate::bytes::Text;
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// A copy of a virtual zipper whose root is the focus of the original.
///
/// Made by [`fork_read_zipper`](ZipperForking::fork_read_zipper) of a zipper that reads no real
/// trie.
///
/// # Complexity
/// Making a fork clones the zipper. Moves are as fast as those of the clone, except that iteration
/// also compares paths with the path of the root.
#[derive(Clone)]
#[must_use = "a zipper does nothing until it is used"]
pub struct ForkedZipper<Z> {
    zipper: Z,
    /// The path from the inner zipper's root to this zipper's root.
    root: Vec<u8>,
}

impl<Z: ZipperMoving> ForkedZipper<Z> {
    /// A fork whose root is the focus of `zipper`.
    pub(super) fn new(zipper: Z) -> Self {
        Self { root: zipper.path().to_vec(), zipper }
    }

    /// The length of the path from the root to the focus.
    fn depth(&self) -> usize {
        self.zipper.path().len() - self.root.len()
    }

    /// Whether the inner zipper is below the root, after a move that may have left it.
    fn is_below(&self) -> bool {
        self.zipper.path().len() > self.root.len() && self.zipper.path().starts_with(&self.root)
    }

    /// Ends a step of iteration: returns to the root, and returns false, if the inner zipper has
    /// not moved or is not below the root.
    fn stay_below(&mut self, moved: bool) -> bool {
        let below = moved && self.is_below();
        if !below {
            self.zipper.move_to_path(&self.root);
        }
        below
    }
}

lens_focus!([Z] ForkedZipper<Z>, Z, self => self.zipper);
forward! {
    impl[Z,] ForkedZipper<Z> as Z, self => self.zipper;
    #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
    ZipperPathBuffer;
}

forward! {
    impl[Z] ForkedZipper<Z>, self => self.zipper;
    ZipperMoving where [Z: ZipperMoving] instead {
        #[inline]
        fn path(&self) -> &[u8] {
            &self.zipper.path()[self.root.len()..]
        }
        #[inline]
        fn ascend(&mut self, steps: usize) -> bool {
            let depth = self.depth();
            self.zipper.ascend(steps.min(depth));
            steps <= depth
        }
        fn ascend_until(&mut self) -> bool {
            ascend_until_fork(self, true)
        }
        fn ascend_until_branch(&mut self) -> bool {
            ascend_until_fork(self, false)
        }
        fn to_next_sibling_byte(&mut self) -> bool {
            !self.at_root() && self.zipper.to_next_sibling_byte()
        }
        fn to_prev_sibling_byte(&mut self) -> bool {
            !self.at_root() && self.zipper.to_prev_sibling_byte()
        }
        fn to_next_step(&mut self) -> bool {
            // A step that leaves the subtrie at the root moves to a sibling of the root or of an
            // ancestor.
            let below = self.zipper.to_next_step() && self.zipper.path().len() > self.root.len();
            if !below {
                self.zipper.move_to_path(&self.root);
            }
            below
        }
    };
    ZipperIteration where [Z: ZipperIteration] instead {
        fn to_next_val(&mut self) -> bool {
            let moved = self.zipper.to_next_val();
            self.stay_below(moved)
        }
        fn to_prev_step(&mut self) -> bool {
            if self.at_root() {
                return self.descend_last_path();
            }
            let moved = self.zipper.to_prev_step();
            self.stay_below(moved)
        }
        fn to_next_k_path(&mut self, k: usize) -> bool {
            if k > self.depth() {
                self.reset();
                return false;
            }
            self.zipper.to_next_k_path(k)
        }
    };
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
