//! Which locations of the first of two zippers stay: one type for each operation.

use super::made::Pick;
use crate::algebra::{AlgebraicResult, DistributiveLattice, Lattice, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::zipper::traits::*;

/// An operation on two zippers in step that leaves a part of the first.
///
/// A location stays iff it leads to one that [`stays`](Self::stays), or is it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no operation on two zippers with values of type `{V}`",
    note = "the operations are those of `MeetZipper`, `SubtractZipper` and `RestrictZipper`"
)]
pub trait Selection<V, A, B> {
    /// A value of the second keeps all of the first that is at and below it.
    const COVERS: bool = false;

    /// Of a location of the first, not yet covered: does it stay for what it is itself?
    #[must_use]
    fn stays(a: &A, b: &B) -> bool;

    /// Of a location of the first: does all that is at and below it stay?
    #[must_use]
    fn stays_whole(a: &A, b: &B) -> bool;

    /// Whether something at or below may stay.
    #[must_use]
    fn may_lead(a: &A, b: &B) -> bool;

    /// The bytes by which something may stay.
    #[must_use]
    fn branches(a: &A, b: &B) -> ByteMask;

    /// The second's value, if values are combined.
    #[must_use]
    fn right(b: &B) -> Option<&V>;

    /// The second's value at `path` below, if values are combined.
    #[must_use]
    fn right_at<'z>(b: &'z B, path: &[u8]) -> Option<&'z V>;

    /// What becomes of two values at one path, which is not covered.
    fn value(left: &V, right: &V) -> AlgebraicResult<V>;

    /// What becomes of the first's value where the second has none.
    const ALONE: bool;
}

/// The value at one path.
pub(super) fn pick<V, A, B, O: Selection<V, A, B>>(left: Option<&V>, right: Option<&V>) -> Pick<V> {
    match (left, right) {
        (Some(left), Some(right)) => O::value(left, right).into(),
        (Some(_), None) if O::ALONE => Pick::Left,
        _ => Pick::Nothing,
    }
}

/// What [`MeetZipper`](super::MeetZipper) does.
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
            // A tip that dangles in both.
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

/// What [`SubtractZipper`](super::SubtractZipper) does.
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
            // What only the first has leads to a value, or to a tip that dangles: either stays.
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

/// What [`RestrictZipper`](super::RestrictZipper) does.
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
