//! The union of two tries, with values that a closure chooses.

use std::fmt;
use std::marker::PhantomData;

use super::fork::ForkedZipper;
use super::pair::{Pair, ascend_until_fork, union_zipper};
use super::walking::{count_tips, count_values};
use crate::bytes::{ByteMask, Text};
use crate::zipper::traits::*;

/// The union of the tries of two zippers, with values that a closure chooses.
///
/// A location exists if either trie has it. The closure receives the values of both sides, and
/// returns one of them, a part of one, any reference that lives as long, or `None`, even if there
/// are values. [`new`](Self::new) prefers the value of the first zipper. The closure is called each
/// time a value is read, and must return the same value for the same operands. For values that are
/// computed from both operands see [`JoinZipper`](super::JoinZipper).
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
/// use bytetrie::zipper::*;
///
/// let defaults: PathMap<u32> = [("color", 1), ("depth", 8)].into_iter().collect();
/// let chosen: PathMap<u32> = [("depth", 16)].into_iter().collect();
/// let settings = OverlayZipper::new(chosen.read_zipper(), defaults.read_zipper());
/// assert_eq!((settings.val_at("depth"), settings.val_at("color")), (Some(&16), Some(&1)));
/// assert_eq!(settings.val_count(), 2);
/// ```
#[must_use = "a zipper does nothing until it is used"]
pub struct OverlayZipper<AV, BV, OutV, AZipper, BZipper, Mapping>
where
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    pair: Pair<AZipper, BZipper>,
    mapping: Mapping,
    values: PhantomData<fn(&AV, &BV) -> OutV>,
}

/// The type of the mapping that prefers the first of two values.
type First<V> = for<'a> fn(Option<&'a V>, Option<&'a V>) -> Option<&'a V>;

fn first<'a, V>(a: Option<&'a V>, b: Option<&'a V>) -> Option<&'a V> {
    a.or(b)
}

impl<V, AZipper, BZipper> OverlayZipper<V, V, V, AZipper, BZipper, First<V>>
where
    AZipper: ZipperMoving,
    BZipper: ZipperMoving,
{
    /// The union of `a` and `b`. If both have a value at a path, the value of `a` is shown.
    ///
    /// Both zippers are reset. The root and the origin are those of `a`.
    pub fn new(a: AZipper, b: BZipper) -> Self {
        Self::with_mapping(a, b, first)
    }
}

impl<AV, BV, OutV, AZipper, BZipper, Mapping> OverlayZipper<AV, BV, OutV, AZipper, BZipper, Mapping>
where
    AZipper: ZipperMoving,
    BZipper: ZipperMoving,
    Mapping: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    /// The union of `a` and `b`, with values that `mapping` chooses.
    ///
    /// Both zippers are reset. The root and the origin are those of `a`.
    pub fn with_mapping(a: AZipper, b: BZipper, mapping: Mapping) -> Self {
        Self { pair: Pair::new(a, b), mapping, values: PhantomData }
    }
}

impl<AV, BV, OutV, A, B, M> OverlayZipper<AV, BV, OutV, A, B, M>
where
    A: ZipperMoving + ZipperValues<AV> + Clone,
    B: ZipperMoving + ZipperValues<BV> + Clone,
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn count_values(&self) -> usize {
        count_values(self.clone_to_count())
    }

    fn count_tips(&self) -> usize {
        count_tips(self.clone_to_count())
    }

    /// A zipper at the same focus, which borrows the mapping.
    fn clone_to_count(&self) -> OverlayZipper<AV, BV, OutV, A, B, &M> {
        OverlayZipper { pair: self.pair.clone(), mapping: &self.mapping, values: PhantomData }
    }
}

impl<AV, BV, OutV, A, B, M> OverlayZipper<AV, BV, OutV, A, B, M>
where
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    /// Called before each move. No values are cached, so nothing is forgotten.
    fn moves(&mut self) {}
}

impl<AV, BV, OutV, A: Clone, B: Clone, M> Clone for OverlayZipper<AV, BV, OutV, A, B, M>
where
    M: Clone + for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn clone(&self) -> Self {
        Self { pair: self.pair.clone(), mapping: self.mapping.clone(), values: PhantomData }
    }
}

impl<AV, BV, OutV, A, B, M> ZipperValues<OutV> for OverlayZipper<AV, BV, OutV, A, B, M>
where
    A: ZipperValues<AV>,
    B: ZipperValues<BV>,
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn val(&self) -> Option<&OutV> {
        (self.mapping)(self.pair.a.val(), self.pair.b.val())
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&OutV> {
        let path = path.as_ref();
        (self.mapping)(self.pair.a.val_at(path), self.pair.b.val_at(path))
    }
}

impl<'t, AV: 't, BV: 't, OutV, A, B, M> ZipperReadOnlyValues<'t, OutV>
    for OverlayZipper<AV, BV, OutV, A, B, M>
where
    A: ZipperReadOnlyValues<'t, AV>,
    B: ZipperReadOnlyValues<'t, BV>,
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn get_val(&self) -> Option<&'t OutV> {
        (self.mapping)(self.pair.a.get_val(), self.pair.b.get_val())
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'t OutV> {
        let path = path.as_ref();
        (self.mapping)(self.pair.a.get_val_at(path), self.pair.b.get_val_at(path))
    }
}

impl<'t, AV: 't, BV: 't, OutV, A, B, M> ZipperReadOnlyIteration<'t, OutV>
    for OverlayZipper<AV, BV, OutV, A, B, M>
where
    A: ZipperMoving + ZipperReadOnlyValues<'t, AV> + Clone,
    B: ZipperMoving + ZipperReadOnlyValues<'t, BV> + Clone,
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
}

impl<'t, AV: 't, BV: 't, OutV, A, B, M> ZipperReadOnlyConditionalValues<'t, OutV>
    for OverlayZipper<AV, BV, OutV, A, B, M>
where
    A: ZipperReadOnlyConditionalValues<'t, AV>,
    B: ZipperReadOnlyConditionalValues<'t, BV>,
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    type WitnessT = (A::WitnessT, B::WitnessT);

    fn witness<'w>(&self) -> Self::WitnessT {
        (self.pair.a.witness(), self.pair.b.witness())
    }
    fn get_val_with_witness<'w>(&self, (a, b): &'w Self::WitnessT) -> Option<&'w OutV>
    where
        't: 'w,
    {
        (self.mapping)(self.pair.a.get_val_with_witness(a), self.pair.b.get_val_with_witness(b))
    }
}

impl<'t, AV: 't, BV: 't, OutV, A, B, M> ZipperReadOnlyConditionalIteration<'t, OutV>
    for OverlayZipper<AV, BV, OutV, A, B, M>
where
    A: ZipperMoving + ZipperReadOnlyConditionalValues<'t, AV> + Clone,
    B: ZipperMoving + ZipperReadOnlyConditionalValues<'t, BV> + Clone,
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
}

union_zipper!([AV, BV, OutV, A, B, M] OverlayZipper<AV, BV, OutV, A, B, M>,
    [
        A: ZipperMoving + ZipperValues<AV> + Clone, B: ZipperMoving + ZipperValues<BV> + Clone,
        M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
    ],
    [A: ZipperAbsolutePath,], [A: ZipperPathBuffer,]);

impl<AV, BV, OutV, A, B, M> ZipperForking<OutV> for OverlayZipper<AV, BV, OutV, A, B, M>
where
    A: ZipperAbsolutePath + ZipperValues<AV> + Clone,
    B: ZipperMoving + ZipperValues<BV> + Clone,
    M: Clone + for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    type ReadZipperT<'z>
        = ForkedZipper<Self>
    where
        Self: 'z;

    fn fork_read_zipper(&self) -> ForkedZipper<Self> {
        ForkedZipper::new(self.clone())
    }
}

impl<AV, BV, OutV, A: ZipperMoving, B, M> fmt::Debug for OverlayZipper<AV, BV, OutV, A, B, M>
where
    M: for<'a> Fn(Option<&'a AV>, Option<&'a BV>) -> Option<&'a OutV>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OverlayZipper").field("path", &Text(self.pair.a.path())).finish_non_exhaustive()
    }
}
