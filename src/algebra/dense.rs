//! The shortcut for two wide nodes of plain values: what the general walk does, a word of the masks at a time.

use super::build::{Built, End, Outcome};
use super::combine::values;
use super::operation::Operation;
use super::place::Place;
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::bytes::ByteMask;
use crate::node::{Bundle, Payload, Shape};

/// The most entries that are left to the one decision between the kinds of node.
const FEW: usize = 32;

/// What two places become that are wide nodes of plain values; none if they are not. Given are the result's own value, and
/// the operands that the result equals so far.
pub(super) fn combine_plain<'a, V: Clone, O: Operation<V>>(
    left: Place<'a, V>,
    right: Place<'a, V>,
    own: &mut Option<End<'a, V>>,
    mut same: u64,
    operation: &mut O,
) -> Option<Outcome<Built<V>>> {
    if O::COVERS || !left.is_node() || !right.is_node() {
        return None;
    }
    let (x, y) = (left.node().plain()?, right.node().plain()?);
    let mut mask = ByteMask::EMPTY;
    let mut kept: Vec<End<'a, V>> = Vec::with_capacity(256);
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
            let end = match (x & bit != 0, y & bit != 0) {
                (true, true) => {
                    let x = left.node().plain_value(rank(x, x_rank));
                    let y = right.node().plain_value(rank(y, y_rank));
                    let (end, equal) = values(operation, x, y);
                    same &= equal;
                    end
                }
                (true, false) => Some(End::Kept(left.node().plain_value(rank(x, x_rank)))),
                _ => Some(End::Kept(right.node().plain_value(rank(y, y_rank)))),
            };
            if let Some(end) = end {
                mask.0[word] |= bit;
                kept.push(end);
            }
        }
        x_rank += x.count_ones() as usize;
        y_rank += y.count_ones() as usize;
    }
    if same != 0 {
        return Some(Outcome::Same(same));
    }
    let own = own.take().map(End::into_value);
    if kept.is_empty() && own.is_none() {
        return Some(Outcome::Nothing);
    }
    let values: Vec<V> = kept.into_iter().map(End::into_value).collect();
    if values.len() > FEW {
        return Some(Outcome::New(Built::Node(Shape::build_plain(own, &mask, values))));
    }
    let mut bundle = Bundle::new(own);
    for (byte, value) in mask.iter().zip(values) {
        bundle.push(&[byte], Payload::Value(value));
    }
    Some(Outcome::New(match bundle.into_own() {
        Ok(value) => Built::Value(value),
        Err(bundle) => Built::Node(bundle.pack()),
    }))
}
