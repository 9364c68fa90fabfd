//! The operations of the lockstep walk: one type for each.

use super::build::{Held, HeldValue, Notes};
use super::lattice::{DistributiveLattice, Lattice};
use super::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
use crate::node::{End, Entry, Stored};

/// An operation on two subtries: which entries it keeps, and how it combines two values.
pub(crate) trait Operation<V> {
    /// Entries that only the left side has are kept.
    const LEFT: bool;
    /// Entries that only the right side has are kept.
    const RIGHT: bool;
    /// A dangling tip that both sides have is kept.
    const TIPS: bool;
    /// The operands that the result equals if both operands are one subtrie in memory; 0 if the
    /// result is then empty. `None` if the walk must combine all values of such a subtrie.
    const TWINS: Option<u64>;

    /// Equal inputs have equal results, so the walk may reuse the result of a pair of places.
    const PURE: bool = true;

    /// Combines two values at one path.
    fn values(&mut self, left: &V, right: &V) -> AlgebraicResult<V>;
}

const BOTH: u64 = SELF_IDENT | COUNTER_IDENT;

pub(crate) struct Join;

impl<V: Lattice> Operation<V> for Join {
    const LEFT: bool = true;
    const RIGHT: bool = true;
    const TIPS: bool = true;
    const TWINS: Option<u64> = if V::IDEMPOTENT { Some(BOTH) } else { None };

    #[inline]
    fn values(&mut self, left: &V, right: &V) -> AlgebraicResult<V> {
        left.pjoin(right)
    }
}

pub(crate) struct Meet;

impl<V: Lattice> Operation<V> for Meet {
    const LEFT: bool = false;
    const RIGHT: bool = false;
    const TIPS: bool = true;
    const TWINS: Option<u64> = if V::IDEMPOTENT { Some(BOTH) } else { None };

    #[inline]
    fn values(&mut self, left: &V, right: &V) -> AlgebraicResult<V> {
        left.pmeet(right)
    }
}

pub(crate) struct Subtract;

impl<V: DistributiveLattice> Operation<V> for Subtract {
    const LEFT: bool = true;
    const RIGHT: bool = false;
    const TIPS: bool = false;
    const TWINS: Option<u64> = if V::IDEMPOTENT { Some(0) } else { None };

    #[inline]
    fn values(&mut self, left: &V, right: &V) -> AlgebraicResult<V> {
        left.psubtract(right)
    }
}

/// The symmetric difference: keeps the paths that only one side has.
pub(crate) struct SymmetricDifference;

impl<V> Operation<V> for SymmetricDifference {
    const LEFT: bool = true;
    const RIGHT: bool = true;
    const TIPS: bool = false;
    const TWINS: Option<u64> = Some(0);

    fn values(&mut self, _: &V, _: &V) -> AlgebraicResult<V> {
        AlgebraicResult::None
    }
}

/// An operation with a closure for the values. It is called for each pair of values, so subtries
/// that both sides share are walked too.
pub(crate) struct With<F, const LEFT: bool, const RIGHT: bool, const TIPS: bool>(pub(crate) F);

/// The join, with a closure for two values.
pub(crate) type JoinWith<F> = With<F, true, true, true>;
/// The meet, with a closure for two values.
pub(crate) type MeetWith<F> = With<F, false, false, true>;
/// The difference, with a closure for two values.
pub(crate) type SubtractWith<F> = With<F, true, false, false>;

impl<V, F, R, const LEFT: bool, const RIGHT: bool, const TIPS: bool> Operation<V>
    for With<F, LEFT, RIGHT, TIPS>
where
    F: FnMut(&V, &V) -> R,
    R: Into<AlgebraicResult<V>>,
{
    const LEFT: bool = LEFT;
    const RIGHT: bool = RIGHT;
    const TIPS: bool = TIPS;
    const TWINS: Option<u64> = None;
    const PURE: bool = false;

    #[inline]
    fn values(&mut self, left: &V, right: &V) -> AlgebraicResult<V> {
        (self.0)(left, right).into()
    }
}

/// Combines two values. Returns the result, and a mask of the operands that it equals.
pub(super) fn values<'a, V, O: Operation<V>>(
    operation: &mut O,
    left: &'a V,
    right: &'a V,
) -> (Option<HeldValue<'a, V>>, u64) {
    match operation.values(left, right) {
        AlgebraicResult::None => (None, 0),
        AlgebraicResult::Identity(mask) if mask & (SELF_IDENT | COUNTER_IDENT) == 0 => {
            panic!("the identity mask {mask:#b} names neither operand")
        }
        AlgebraicResult::Identity(mask) if mask & SELF_IDENT != 0 => (Some(Held::Lent(left)), mask),
        AlgebraicResult::Identity(mask) => (Some(Held::Lent(right)), mask),
        AlgebraicResult::Element(value) => (Some(Held::New(Stored::new(value))), 0),
    }
}

/// Notes an entry that only the left side has, if the operation keeps it. `passes` is true if the
/// right side has locations further down. Returns whether the entry was kept.
#[inline(always)]
pub(super) fn keep_left<'a, V, O: Operation<V>>(
    same: &mut u64,
    notes: &mut Notes<'a, V>,
    passes: bool,
    entry: impl FnOnce() -> Entry<'a, V>,
) -> bool {
    keep_alone(O::LEFT, (SELF_IDENT, COUNTER_IDENT), same, notes, passes, entry)
}

/// Like [`keep_left`], for an entry that only the right side has.
#[inline(always)]
pub(super) fn keep_right<'a, V, O: Operation<V>>(
    same: &mut u64,
    notes: &mut Notes<'a, V>,
    passes: bool,
    entry: impl FnOnce() -> Entry<'a, V>,
) -> bool {
    keep_alone(O::RIGHT, (COUNTER_IDENT, SELF_IDENT), same, notes, passes, entry)
}

/// Like [`keep_left`], for either side, given whether the operation keeps its entries, and the
/// identities of this side and of the other.
#[inline(always)]
fn keep_alone<'a, V>(
    keeps: bool,
    (this, other): (u64, u64),
    same: &mut u64,
    notes: &mut Notes<'a, V>,
    passes: bool,
    entry: impl FnOnce() -> Entry<'a, V>,
) -> bool {
    if keeps {
        let entry = entry();
        // The result has no tip here if the other side extends it.
        if !(passes && entry.end.is_bare()) {
            *same &= this;
            notes.keep(&entry);
            return true;
        }
    }
    *same &= other;
    false
}

/// Notes the combination of two entries with equal suffixes. At most one of them is a child, and
/// then the other is a dangling tip.
#[inline(always)]
pub(super) fn combine_entries<'a, V, O: Operation<V>>(
    operation: &mut O,
    left: &Entry<'a, V>,
    right: &Entry<'a, V>,
    same: &mut u64,
    notes: &mut Notes<'a, V>,
) {
    match (left.end, right.end) {
        (End::Value(x), End::Value(y)) => {
            let (value, mask) = values(operation, x, y);
            *same &= mask;
            if let Some(value) = value {
                notes.push(left.suffix, End::Value(value));
            }
        }
        (End::Bare, End::Bare) if O::TIPS => notes.keep(left),
        (End::Bare, End::Bare) => *same = 0,
        (_, End::Bare) if O::LEFT => {
            *same &= SELF_IDENT;
            notes.keep(left);
        }
        (End::Bare, _) if O::RIGHT => {
            *same &= COUNTER_IDENT;
            notes.keep(right);
        }
        _ => *same = 0,
    }
}
