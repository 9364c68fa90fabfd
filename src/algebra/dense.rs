//! The fast path for dense nodes, in which single bytes lead to values and to nothing else. It
//! has the result of the general walk, but needs no frames and compares no suffixes.

use super::build::{Built, Held, HeldValue, Outcome};
use super::operation::{Operation, values};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::node::{Dense, Place, for_each_of_many, for_each_of_two, node_of_bytes};

/// Combines two places if both are dense nodes; returns `None` if they are not. `own` is the
/// result's own value, and `same` a mask of the operands that the result equals so far.
pub(super) fn combine_dense<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    operation: &mut O,
) -> Option<Outcome<Built<V>>> {
    let (x, y) = (Dense::of(left)?, Dense::of(right)?);
    if x.exceeds(y) {
        same &= if O::LEFT { SELF_IDENT } else { COUNTER_IDENT };
    }
    if y.exceeds(x) {
        same &= if O::RIGHT { COUNTER_IDENT } else { SELF_IDENT };
    }
    let mut bytes = ByteMask::EMPTY;
    let mut kept: Vec<HeldValue<'a, V>> = Vec::with_capacity(256);
    for_each_of_two(x, y, [O::LEFT, O::RIGHT], |byte, x, y| {
        let value = match (x, y) {
            (Some(x), Some(y)) => {
                let (value, equal) = values(operation, x, y);
                same &= equal;
                value
            }
            (one, other) => one.or(other).map(Held::Lent),
        };
        if let Some(value) = value {
            bytes.set_bit(byte);
            kept.push(value);
        }
    });
    Some(if same != 0 { Outcome::Same(same) } else { build(own.take(), &bytes, kept) })
}

/// Joins many places if all are dense nodes; returns `None` if they are not. `own` is the
/// result's own value, and `same` a mask of the places that the result equals so far. `join`
/// joins values, each given with the number of its place.
pub(super) fn join_dense<'a, V: Clone>(
    places: impl Iterator<Item = Place<'a, V>>,
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    mut join: impl FnMut(&[(usize, &'a V)]) -> (Option<HeldValue<'a, V>>, u64),
) -> Option<Outcome<Built<V>>> {
    let nodes: Vec<Dense<'a, V>> = places.map(Dense::of).collect::<Option<_>>()?;
    let (mut bytes, mut kept) = (ByteMask::EMPTY, Vec::with_capacity(256));
    for_each_of_many(&nodes, |byte, found| {
        let (value, equal) = join(found);
        same &= equal;
        if let Some(value) = value {
            bytes.set_bit(byte);
            kept.push(value);
        }
    });
    Some(if same != 0 { Outcome::Same(same) } else { build(own.take(), &bytes, kept) })
}

/// Builds a result from an own value and the values of the bytes in a mask, in order.
fn build<V: Clone>(
    own: Option<HeldValue<'_, V>>,
    bytes: &ByteMask,
    kept: Vec<HeldValue<'_, V>>,
) -> Outcome<Built<V>> {
    let own = own.map(Held::into_stored);
    if kept.is_empty() {
        return own.map_or(Outcome::Nothing, |own| Outcome::New(Built::Value(own)));
    }
    let values: Vec<_> = kept.into_iter().map(Held::into_stored).collect();
    Outcome::New(Built::Node(node_of_bytes(own, bytes, values)))
}
