//! The operations that keep a part of the first of two tries: one type for each operation.

use super::value_cache::Choice;
use crate::algebra::{AlgebraicResult, DistributiveLattice, Lattice, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::zipper::traits::*;

/// An operation on two zippers at one path that keeps a part of the first zipper's trie.
///
/// Below, *the first* and *the second* are the tries of the two zippers.
///
/// A location is kept iff [`stays`](Self::stays) is true for it or for a location below it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an operation on two zippers with values of type `{V}`",
    note = "the operations are those of `MeetZipper`, `SubtractZipper` and `RestrictZipper`"
)]
pub trait Selection<V, A, B> {
    /// True for an operation that keeps all of the first trie at and below each value of the
    /// second. What is kept by this rule is *covered*.
    const COVERS: bool = false;

    /// Whether a location of the first, which is not covered, is kept even if nothing below it is.
    #[must_use]
    fn stays(a: &A, b: &B) -> bool;

    /// Whether everything at and below a location of the first is kept.
    #[must_use]
    fn stays_whole(a: &A, b: &B) -> bool;

    /// Whether a location at or below the focus may be kept.
    #[must_use]
    fn may_lead(a: &A, b: &B) -> bool;

    /// The bytes that lead to children that may be kept.
    #[must_use]
    fn branches(a: &A, b: &B) -> ByteMask;

    /// The second's value at the focus, if the operation combines values.
    #[must_use]
    fn right(b: &B) -> Option<&V>;

    /// The second's value at `path` below the focus, if the operation combines values.
    #[must_use]
    fn right_at<'z>(b: &'z B, path: &[u8]) -> Option<&'z V>;

    /// The result for two values at one path, which is not covered.
    fn value(left: &V, right: &V) -> AlgebraicResult<V>;

    /// Whether a value of the first is kept if the second has no value at its path.
    const ALONE: bool;
}

/// The value of the result at one path, given the values of the two operands.
pub(super) fn choose<V, A, B, O: Selection<V, A, B>>(left: Option<&V>, right: Option<&V>) -> Choice<V> {
    match (left, right) {
        (Some(left), Some(right)) => O::value(left, right).into(),
        (Some(_), None) if O::ALONE => Choice::Left,
        _ => Choice::Nothing,
    }
}

/// The operation of a [`MeetZipper`](super::MeetZipper).
#[derive(Clone, Copy, Debug)]
pub struct Meeting;

impl<V, A, B> Selection<V, A, B> for Meeting
where
    V: Lattice,
    A: Zipper + ZipperValues<V>,
    B: Zipper + ZipperValues<V>,
{
    fn stays(a: &A, b: &B) -> bool {
        match (a.val(), b.val()) {
            (Some(left), Some(right)) => !matches!(left.pmeet(right), AlgebraicResult::None),
            // A tip that dangles in both tries is kept.
            (None, None) => a.child_count() == 0 && b.child_count() == 0,
            _ => false,
        }
    }
    fn stays_whole(_a: &A, _b: &B) -> bool {
        false
    }
    fn may_lead(a: &A, b: &B) -> bool {
        a.path_exists() && b.path_exists()
    }
    fn branches(a: &A, b: &B) -> ByteMask {
        a.child_mask() & b.child_mask()
    }
    fn right(b: &B) -> Option<&V> {
        b.val()
    }
    fn right_at<'z>(b: &'z B, path: &[u8]) -> Option<&'z V> {
        b.val_at(path)
    }
    fn value(left: &V, right: &V) -> AlgebraicResult<V> {
        left.pmeet(right)
    }
    const ALONE: bool = false;
}

/// The operation of a [`SubtractZipper`](super::SubtractZipper).
#[derive(Clone, Copy, Debug)]
pub struct Subtracting;

impl<V, A, B> Selection<V, A, B> for Subtracting
where
    V: DistributiveLattice,
    A: Zipper + ZipperValues<V>,
    B: Zipper + ZipperValues<V>,
{
    fn stays(a: &A, b: &B) -> bool {
        match (a.val(), b.val()) {
            (Some(left), Some(right)) => !matches!(left.psubtract(right), AlgebraicResult::None),
            (Some(_), None) => true,
            // A location that only the first has leads to a value or to a dangling tip. Either is
            // kept.
            (None, _) => !b.path_exists(),
        }
    }
    fn stays_whole(_a: &A, b: &B) -> bool {
        !b.path_exists()
    }
    fn may_lead(a: &A, _b: &B) -> bool {
        a.path_exists()
    }
    fn branches(a: &A, _b: &B) -> ByteMask {
        a.child_mask()
    }
    fn right(b: &B) -> Option<&V> {
        b.val()
    }
    fn right_at<'z>(b: &'z B, path: &[u8]) -> Option<&'z V> {
        b.val_at(path)
    }
    fn value(left: &V, right: &V) -> AlgebraicResult<V> {
        left.psubtract(right)
    }
    const ALONE: bool = true;
}

/// The operation of a [`RestrictZipper`](super::RestrictZipper).
#[derive(Clone, Copy, Debug)]
pub struct Restricting;

impl<V, A, B> Selection<V, A, B> for Restricting
where
    A: Zipper + ZipperValues<V>,
    B: Zipper,
{
    const COVERS: bool = true;

    fn stays(_a: &A, b: &B) -> bool {
        b.is_val()
    }
    fn stays_whole(_a: &A, _b: &B) -> bool {
        false
    }
    fn may_lead(a: &A, b: &B) -> bool {
        a.path_exists() && b.path_exists()
    }
    fn branches(a: &A, b: &B) -> ByteMask {
        a.child_mask() & b.child_mask()
    }
    fn right(_b: &B) -> Option<&V> {
        None
    }
    fn right_at<'z>(_b: &'z B, _path: &[u8]) -> Option<&'z V> {
        None
    }
    fn value(_left: &V, _right: &V) -> AlgebraicResult<V> {
        AlgebraicResult::Identity(SELF_IDENT)
    }
    const ALONE: bool = false;
}
