//! The fast path for dense nodes, in which single bytes lead to values and to nothing else. It
//! has the result of the general walk, but needs no frames and compares no suffixes.

use super::build::{Built, Held, HeldValue, Outcome};
use super::operation::{Operation, values};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::node::{Dense, DenseChoice, DensePair, Place, for_each_of_many, node_of_bytes};

/// Combines two places if both are dense nodes; returns `None` if they are not. `own` is the
/// result's own value, and `same` a mask of the operands that the result equals so far.
pub(super) fn combine_dense<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    operation: &mut O,
) -> Option<Outcome<Built<V>>> {
    let pair = DensePair::of(left, right)?;
    let [x, y] = pair.bytes();
    if x | y != y {
        same &= if O::LEFT { SELF_IDENT } else { COUNTER_IDENT };
    }
    if x | y != x {
        same &= if O::RIGHT { COUNTER_IDENT } else { SELF_IDENT };
    }
    let alone = |keeps: bool, bytes: ByteMask| if keeps { bytes } else { ByteMask::EMPTY };
    let (left, right) = (alone(O::LEFT, x & !y), alone(O::RIGHT, y & !x));
    let mut choice = DenseChoice { left, right, new: Vec::new() };
    pair.for_each_of_both(|byte, x, y| {
        let (value, equal) = values(operation, x, y);
        same &= equal;
        match value {
            Some(Held::Lent(_)) if equal & SELF_IDENT != 0 => choice.left.set_bit(byte),
            Some(Held::Lent(_)) => choice.right.set_bit(byte),
            Some(Held::New(value)) => choice.new.push((byte, value)),
            None => {}
        }
    });
    if same != 0 {
        return Some(Outcome::Same(same));
    }
    let own = own.take().map(Held::into_stored);
    let nothing = (choice.left | choice.right).is_empty_mask() && choice.new.is_empty();
    Some(match own {
        Some(own) if nothing => Outcome::New(Built::Value(own)),
        None if nothing => Outcome::Nothing,
        own => Outcome::New(Built::Node(pair.build(own, choice))),
    })
}

/// Joins many places if all are dense nodes; returns `None` if they are not. `own` is the
/// result's own value, and `same` a mask of the places that the result equals so far. `join`
/// joins values, each given with the number of its place. The numbers ascend.
pub(super) fn join_dense<'a, V: Clone>(
    places: impl Iterator<Item = (usize, Place<'a, V>)>,
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    mut join: impl FnMut(&[(usize, &'a V)]) -> (Option<HeldValue<'a, V>>, u64),
) -> Option<Outcome<Built<V>>> {
    let dense = |(number, place)| Some((number, Dense::of(place)?));
    let nodes: Vec<(usize, Dense<'a, V>)> = places.map(dense).collect::<Option<_>>()?;
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
