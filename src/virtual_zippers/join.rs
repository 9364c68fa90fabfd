//! The join of two tries, which is not built.

use std::fmt;

use super::fork::ForkedZipper;
use super::pair::{Pair, ascend_until_fork, union_zipper};
use super::value_cache::{Choice, ValueCache};
use super::walking::{count_tips, count_values};
use crate::algebra::Lattice;
use crate::bytes::{ByteMask, Text};
use crate::zipper::traits::*;

/// The join of the tries of two zippers, read without building it.
///
/// The join has the locations of both tries. If both have a value at a path, the value of the join
/// is their [`pjoin`](Lattice::pjoin). A joined value is computed when it is first read, and kept
/// until the zipper moves. If it equals the value of one operand, as for plain values, it is
/// borrowed from that operand. An [`OverlayZipper`](super::OverlayZipper) lets a closure choose
/// between the two values instead.
///
/// Reading values at many paths below one focus ([`val_at`](ZipperValues::val_at)) keeps all
/// values that were computed, in a list that is searched linearly.
///
/// The zippers must be [`Clone`], because counting walks clones.
///
/// # Complexity
/// Each move takes one move of each zipper; `ascend_until` and `ascend_until_branch` move byte by
/// byte. `val_count` walks all locations below the focus.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::algebra::Sum;
/// use bytetrie::zipper::*;
///
/// let a: PathMap<Sum<u32>> = [("x", Sum(1)), ("y", Sum(2))].into_iter().collect();
/// let b: PathMap<Sum<u32>> = [("y", Sum(3))].into_iter().collect();
/// let mut both = JoinZipper::new(a.read_zipper(), b.read_zipper());
/// assert_eq!(both.val_at("y"), Some(&Sum(5)));
/// assert!(both.to_next_val());
/// assert_eq!((both.path(), both.val()), (&b"x"[..], Some(&Sum(1))));
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct JoinZipper<V, A, B> {
    pair: Pair<A, B>,
    values: ValueCache<V>,
}

impl<V, A, B> JoinZipper<V, A, B>
where
    A: ZipperMoving + ZipperValues<V>,
    B: ZipperMoving + ZipperValues<V>,
{
    /// The join of the tries at the roots of `a` and `b`. Both are reset. The root and the origin
    /// are those of `a`.
    pub fn new(a: A, b: B) -> Self {
        Self { pair: Pair::new(a, b), values: ValueCache::new() }
    }
}

impl<V, A, B> JoinZipper<V, A, B> {
    /// Called before each move.
    fn moves(&mut self) {
        self.values.clear();
    }
}

impl<V, A, B> JoinZipper<V, A, B>
where
    V: Lattice,
    A: ZipperMoving + ZipperValues<V> + Clone,
    B: ZipperMoving + ZipperValues<V> + Clone,
{
    fn count_values(&self) -> usize {
        // If only one side has the focus, the join is that side there.
        match (self.pair.a.path_exists(), self.pair.b.path_exists()) {
            (true, false) => self.pair.a.val_count(),
            (false, true) => self.pair.b.val_count(),
            _ => count_values(self.clone()),
        }
    }

    fn count_tips(&self) -> usize {
        count_tips(self.clone())
    }
}

impl<V, A: Clone, B: Clone> Clone for JoinZipper<V, A, B> {
    fn clone(&self) -> Self {
        Self { pair: self.pair.clone(), values: self.values.clone() }
    }
}

/// The value of the join at one path, given the values of the two sides.
fn choose<V: Lattice>(left: Option<&V>, right: Option<&V>) -> Choice<V> {
    match (left, right) {
        (Some(left), Some(right)) => left.pjoin(right).into(),
        (Some(_), None) => Choice::Left,
        (None, _) => Choice::Right,
    }
}

impl<V, A, B> ZipperValues<V> for JoinZipper<V, A, B>
where
    V: Lattice,
    A: ZipperValues<V>,
    B: ZipperValues<V>,
{
    fn val(&self) -> Option<&V> {
        let (left, right) = (self.pair.a.val(), self.pair.b.val());
        self.values.here(left, right, || choose(left, right))
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        let path = path.as_ref();
        let (left, right) = (self.pair.a.val_at(path), self.pair.b.val_at(path));
        self.values.below(path, left, right, || choose(left, right))
    }
}

union_zipper!([V, A, B] JoinZipper<V, A, B>,
    [V: Lattice, A: ZipperMoving + ZipperValues<V> + Clone, B: ZipperMoving + ZipperValues<V> + Clone,],
    [A: ZipperAbsolutePath,], [A: ZipperPathBuffer,]);

impl<V, A, B> ZipperForking<V> for JoinZipper<V, A, B>
where
    V: Lattice,
    A: ZipperAbsolutePath + ZipperValues<V> + Clone,
    B: ZipperMoving + ZipperValues<V> + Clone,
{
    type ReadZipperT<'z>
        = ForkedZipper<Self>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> ForkedZipper<Self> {
        ForkedZipper::new(self.clone())
    }
}

impl<V, A: ZipperMoving, B> fmt::Debug for JoinZipper<V, A, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinZipper").field("path", &Text(self.pair.a.path())).finish_non_exhaustive()
    }
}
