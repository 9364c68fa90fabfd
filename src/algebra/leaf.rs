//! The fast path for two leaves: places below which no child lies. Nothing has to be entered below
//! them, so it has the result of the general walk, but needs no frame.

use std::cmp::Ordering;

use super::build::{Above, Built, HeldValue, Notes, Outcome};
use super::operation::{Operation, combine_entries, keep_left, keep_right};
use crate::bytes::common_prefix;
use crate::node::{Leaf, Place, Suffix};

/// Combines two places if both are leaves; returns `None` if they are not. `own` is the result's
/// own value, and `same` a mask of the operands that the result equals so far.
pub(super) fn combine_leaves<'a, V: Clone, O: Operation<V>>(
    [left, right]: [Place<'a, V>; 2],
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    operation: &mut O,
    above: Above<'a>,
    notes: &mut Notes<'a, V>,
) -> Option<Outcome<Built<V>>> {
    let (mut left, mut right) = (Leaf::of(left)?, Leaf::of(right)?);
    let since = notes.mark();
    while let (Some(x), Some(y)) = (left.suffix(), right.suffix()) {
        match compare(x, y) {
            (Ordering::Less, passes) => {
                keep_left::<V, O>(&mut same, notes, passes, || left.entry());
                left.advance();
            }
            (Ordering::Greater, passes) => {
                keep_right::<V, O>(&mut same, notes, passes, || right.entry());
                right.advance();
            }
            (Ordering::Equal, _) => {
                combine_entries(operation, &left.entry(), &right.entry(), &mut same, notes);
                left.advance();
                right.advance();
            }
        }
    }
    while left.suffix().is_some() && keep_left::<V, O>(&mut same, notes, false, || left.entry()) {
        left.advance();
    }
    while right.suffix().is_some() && keep_right::<V, O>(&mut same, notes, false, || right.entry()) {
        right.advance();
    }
    if same != 0 {
        notes.forget(since);
        return Some(Outcome::Same(same));
    }
    Some(notes.close(since, own.take(), above))
}

/// Compares two suffixes. The flag is true if the lesser one begins the greater one.
#[inline(always)]
fn compare(x: Suffix<'_>, y: Suffix<'_>) -> (Ordering, bool) {
    if x.head < y.head {
        return (Ordering::Less, false);
    }
    if x.head > y.head {
        return (Ordering::Greater, false);
    }
    let shared = common_prefix(x.rest, y.rest);
    match (x.rest.get(shared), y.rest.get(shared)) {
        (Some(x), Some(y)) if x < y => (Ordering::Less, false),
        (Some(_), Some(_)) => (Ordering::Greater, false),
        (None, Some(_)) => (Ordering::Less, true),
        (Some(_), None) => (Ordering::Greater, true),
        (None, None) => (Ordering::Equal, false),
    }
}
