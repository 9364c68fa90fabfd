//! The fast path for two leaves: places below which no child lies. Nothing has to be entered below
//! them, so it has the result of the general walk, but needs no frame.

use std::cmp::Ordering;

use super::build::{Above, Built, HeldValue, Notes, Outcome};
use super::operation::{Operation, combine_entries, keep_left, keep_right};
use crate::bytes::common_prefix;
use crate::node::{Leaf, Suffix};

/// Combines two leaves. `own` is the result's own value, and `same` a mask of the operands that
/// the result equals so far.
pub(super) fn combine_leaves<'a, V: Clone, O: Operation<V>>(
    [mut left, mut right]: [Leaf<'a, V>; 2],
    own: Option<HeldValue<'a, V>>,
    mut same: u64,
    operation: &mut O,
    above: Above<'a>,
    notes: &mut Notes<'a, V>,
) -> Outcome<Built<V>> {
    let since = notes.mark();
    while let (Some(x), Some(y)) = (left.suffix(), right.suffix()) {
        let (order, passes) = compare(x, y);
        match order {
            Ordering::Less => {
                keep_left::<V, O>(&mut same, notes, passes, || left.entry());
                left.advance();
            }
            Ordering::Greater => {
                keep_right::<V, O>(&mut same, notes, passes, || right.entry());
                right.advance();
            }
            Ordering::Equal => {
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
        return Outcome::Same(same);
    }
    notes.close(since, own, above)
}

/// Compares two suffixes. The flag is true if the lesser one begins the greater one.
#[inline(always)]
fn compare(x: Suffix<'_>, y: Suffix<'_>) -> (Ordering, bool) {
    if x.head != y.head {
        return (x.head.cmp(&y.head), false);
    }
    let shared = common_prefix(x.rest, y.rest);
    match (x.rest.get(shared), y.rest.get(shared)) {
        (Some(x), Some(y)) => (x.cmp(y), false),
        (x, y) => (x.cmp(&y), x.is_some() != y.is_some()),
    }
}
