//! The fast path for two leaves: places below which no child lies. Nothing has to be entered below
//! them, so it has the result of the general walk, but needs no frame.

use std::cmp::Ordering;

use super::build::{Above, Built, Held, HeldValue, Notes, Outcome};
use super::operation::{Operation, values};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::bytes::common_prefix;
use crate::node::{Chosen, End, Leaf, Place, Suffix};

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
    let mut chosen = Chosen::new();
    while let (Some(x), Some(y)) = (left.suffix(), right.suffix()) {
        match compare(x, y) {
            (Ordering::Less, passes) => {
                keep_left::<V, O>(&mut same, &mut chosen, passes, &left);
                left.advance();
            }
            (Ordering::Greater, passes) => {
                keep_right::<V, O>(&mut same, &mut chosen, passes, &right);
                right.advance();
            }
            (Ordering::Equal, _) => {
                combine_entries(operation, &left, &right, &mut same, &mut chosen);
                left.advance();
                right.advance();
            }
        }
    }
    while left.suffix().is_some() && keep_left::<V, O>(&mut same, &mut chosen, false, &left) {
        left.advance();
    }
    while right.suffix().is_some() && keep_right::<V, O>(&mut same, &mut chosen, false, &right) {
        right.advance();
    }
    if same != 0 {
        return Some(Outcome::Same(same));
    }
    Some(build(&mut chosen, own.take(), above, notes))
}

/// Chooses an entry that only the left side has, if the operation keeps it. `passes` is true if
/// the right side has locations further down. Returns whether the entry was chosen.
#[inline(always)]
fn keep_left<'a, V, O: Operation<V>>(
    same: &mut u64,
    chosen: &mut Chosen<'a, V>,
    passes: bool,
    leaf: &Leaf<'a, V>,
) -> bool {
    // The result has no tip here if the other side extends it.
    let keeps = O::LEFT && !(passes && leaf.is_bare());
    if keeps {
        chosen.push(leaf);
    }
    *same &= if keeps { SELF_IDENT } else { COUNTER_IDENT };
    keeps
}

/// Like [`keep_left`], for an entry that only the right side has.
#[inline(always)]
fn keep_right<'a, V, O: Operation<V>>(
    same: &mut u64,
    chosen: &mut Chosen<'a, V>,
    passes: bool,
    leaf: &Leaf<'a, V>,
) -> bool {
    let keeps = O::RIGHT && !(passes && leaf.is_bare());
    if keeps {
        chosen.push(leaf);
    }
    *same &= if keeps { COUNTER_IDENT } else { SELF_IDENT };
    keeps
}

/// Chooses from two entries with equal suffixes, or combines their values.
#[inline(always)]
fn combine_entries<'a, V, O: Operation<V>>(
    operation: &mut O,
    left: &Leaf<'a, V>,
    right: &Leaf<'a, V>,
    same: &mut u64,
    chosen: &mut Chosen<'a, V>,
) {
    match (left.value(), right.value()) {
        (Some(x), Some(y)) => {
            let (value, equal) = values(operation, x, y);
            *same &= equal;
            match value {
                Some(Held::Lent(_)) if equal & SELF_IDENT != 0 => chosen.push(left),
                Some(Held::Lent(_)) => chosen.push(right),
                Some(Held::New(value)) => chosen.push_with(left, value),
                None => {}
            }
        }
        (None, None) if O::TIPS => chosen.push(left),
        (Some(_), None) if O::LEFT => {
            *same &= SELF_IDENT;
            chosen.push(left);
        }
        (None, Some(_)) if O::RIGHT => {
            *same &= COUNTER_IDENT;
            chosen.push(right);
        }
        _ => *same = 0,
    }
}

/// Builds a result from an own value and the chosen entries.
pub(super) fn build<'a, V: Clone>(
    chosen: &mut Chosen<'a, V>,
    own: Option<HeldValue<'a, V>>,
    above: Above<'a>,
    notes: &mut Notes<'a, V>,
) -> Outcome<Built<V>> {
    let (shape, own_values) = (chosen.shape(), own.is_some() as usize);
    let small = match above {
        Above::Nothing => false,
        Above::Suffix { wide, .. } => shape.is_small(own_values, wide),
    };
    if !chosen.is_empty() && !small && shape.form::<V>(own_values).is_some() {
        let own = own.map(Held::into_stored);
        return Outcome::New(Built::Node(chosen.build(own)));
    }
    let since = notes.mark();
    chosen.for_each(|suffix, value, new| {
        let value = new.map(Held::New).or(value.map(Held::Lent));
        notes.push(suffix, value.map_or(End::Bare, End::Value));
    });
    notes.close(since, own, above)
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
