//! The shortcut for wide nodes of plain values: what the general walk does, a word of the masks at a time.

use super::build::{Built, Held, HeldValue, Outcome};
use super::combine::values;
use super::operation::Operation;
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::node::{Bundle, End, NodeRef, Place, Shape, list_entries};

/// What two places become that are wide nodes of plain values; none if they are not. Given are the result's own value, and
/// the operands that the result equals so far.
pub(super) fn combine_plain<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    operation: &mut O,
) -> Option<Outcome<Built<V>>> {
    if O::COVERS || !left.is_node() || !right.is_node() {
        return None;
    }
    let (x, y) = (left.node().plain()?, right.node().plain()?);
    let mut mask = ByteMask::EMPTY;
    let mut kept: Vec<HeldValue<'a, V>> = Vec::with_capacity(256);
    let (mut x_rank, mut y_rank) = (0, 0);
    for word in 0..4 {
        let (x, y) = (x.0[word], y.0[word]);
        if x & !y != 0 {
            same &= if O::LEFT { SELF_IDENT } else { COUNTER_IDENT };
        }
        if y & !x != 0 {
            same &= if O::RIGHT { COUNTER_IDENT } else { SELF_IDENT };
        }
        let mut visit = x & y | if O::LEFT { x } else { 0 } | if O::RIGHT { y } else { 0 };
        while visit != 0 {
            let bit = visit & visit.wrapping_neg();
            visit ^= bit;
            let rank = |of: u64, before: usize| before + (of & (bit - 1)).count_ones() as usize;
            let value = match (x & bit != 0, y & bit != 0) {
                (true, true) => {
                    let x = left.node().plain_value(rank(x, x_rank));
                    let y = right.node().plain_value(rank(y, y_rank));
                    let (value, equal) = values(operation, x, y);
                    same &= equal;
                    value
                }
                (true, false) => Some(Held::Lent(left.node().plain_value(rank(x, x_rank)))),
                _ => Some(Held::Lent(right.node().plain_value(rank(y, y_rank)))),
            };
            if let Some(value) = value {
                mask.0[word] |= bit;
                kept.push(value);
            }
        }
        x_rank += x.count_ones() as usize;
        y_rank += y.count_ones() as usize;
    }
    if same != 0 {
        return Some(Outcome::Same(same));
    }
    Some(build(own.take(), &mask, kept))
}

/// The values of the bytes in a mask, in order, and a value of its own as a result.
fn build<V: Clone>(
    own: Option<HeldValue<'_, V>>,
    mask: &ByteMask,
    kept: Vec<HeldValue<'_, V>>,
) -> Outcome<Built<V>> {
    let own = own.map(Held::into_stored);
    if kept.is_empty() && own.is_none() {
        return Outcome::Nothing;
    }
    let values: Vec<_> = kept.into_iter().map(Held::into_stored).collect();
    if values.len() > list_entries() {
        return Outcome::New(Built::Node(Shape::build_plain(own, mask, values)));
    }
    let mut bundle = Bundle::new(own);
    for (byte, value) in mask.iter().zip(values) {
        bundle.push(&[byte], End::Value(value));
    }
    Outcome::New(match bundle.into_own() {
        Ok(value) => Built::Value(value),
        Err(bundle) => Built::Node(bundle.pack()),
    })
}

/// What many places become by a join that are all wide nodes of plain values; none if they are not. Given are the result's
/// own value, the places that the result equals so far, and what joins the values of some places, each with the place's
/// number.
pub(super) fn join_plain<'a, V: Clone>(
    places: impl Iterator<Item = Place<'a, V>> + Clone,
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    mut join: impl FnMut(&[(usize, &'a V)]) -> (Option<HeldValue<'a, V>>, u64),
) -> Option<Outcome<Built<V>>> {
    if !places.clone().all(|place| place.is_node() && place.node().plain().is_some()) {
        return None;
    }
    // Of each node the bytes, and the rank of the next value.
    let mut nodes: Vec<(NodeRef<'a, V>, ByteMask, usize)> =
        places.filter_map(|place| Some((place.node(), place.node().plain()?, 0))).collect();
    let (mut mask, mut kept, mut found) = (ByteMask::EMPTY, Vec::with_capacity(256), Vec::new());
    for word in 0..4 {
        let mut visit = nodes.iter().fold(0, |all, (_, bytes, _)| all | bytes.0[word]);
        while visit != 0 {
            let bit = visit & visit.wrapping_neg();
            visit ^= bit;
            found.clear();
            for (i, (node, bytes, rank)) in nodes.iter_mut().enumerate() {
                if bytes.0[word] & bit != 0 {
                    found.push((i, node.plain_value(*rank)));
                    *rank += 1;
                }
            }
            let (value, equal) = join(&found);
            same &= equal;
            if let Some(value) = value {
                mask.0[word] |= bit;
                kept.push(value);
            }
        }
    }
    Some(if same != 0 { Outcome::Same(same) } else { build(own.take(), &mask, kept) })
}
