//! The join of two tries, without building it.

use std::fmt;

use super::fork::ForkedZipper;
use super::made::{Pick, Values};
use super::pair::{Pair, ascend_until_fork, union_zipper};
use super::walking::count_values;
use crate::algebra::Lattice;
use crate::bytes::{ByteMask, Text};
use crate::zipper::traits::*;

/// The join of what two zippers stand in, read without building it.
///
/// It has the locations of both. Where both have a value, the value is their
/// [`pjoin`](Lattice::pjoin), made when somebody asks for it and kept until the zipper moves;
/// where that is one of the two, as with plain values, it is lent from there. Join is for values
/// what [`OverlayZipper`](super::OverlayZipper) leaves to a closure.
///
/// Asking for values at many paths below one focus ([`val_at`](ZipperValues::val_at)) keeps those
/// that had to be made, and looks for them one after another.
///
/// The zippers must be [`Clone`], since counting is done by clones.
///
/// # Complexity
/// Each move is one of either zipper; `ascend_until` and its like go byte by byte. `val_count`
/// walks what is below the focus.
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
    values: Values<V>,
}

impl<V, A, B> JoinZipper<V, A, B>
where
    A: ZipperMoving + ZipperValues<V>,
    B: ZipperMoving + ZipperValues<V>,
{
    /// The join of what is at and below the roots of both. They are reset; the root and origin are
    /// those of `a`.
    pub fn new(a: A, b: B) -> Self {
        Self { pair: Pair::new(a, b), values: Values::new() }
    }
}

impl<V, A, B> JoinZipper<V, A, B> {
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
        // What only one side has has the values of that side.
        match (self.pair.a.path_exists(), self.pair.b.path_exists()) {
            (true, false) => self.pair.a.val_count(),
            (false, true) => self.pair.b.val_count(),
            _ => count_values(self.clone()),
        }
    }
}

impl<V, A: Clone, B: Clone> Clone for JoinZipper<V, A, B> {
    fn clone(&self) -> Self {
        Self { pair: self.pair.clone(), values: self.values.clone() }
    }
}

fn pick<V: Lattice>(left: Option<&V>, right: Option<&V>) -> Pick<V> {
    match (left, right) {
        (Some(left), Some(right)) => left.pjoin(right).into(),
        (Some(_), None) => Pick::Left,
        (None, _) => Pick::Right,
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
        self.values.here(left, right, || pick(left, right))
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&V> {
        let path = path.as_ref();
        let (left, right) = (self.pair.a.val_at(path), self.pair.b.val_at(path));
        self.values.below(path, left, right, || pick(left, right))
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
