//! Nodes in which single bytes lead to values and to nothing else, side by side: a walk by the
//! words of their masks.

use super::build::Shape;
use super::column::Stored;
use super::end::End;
use super::limits::list_entries;
use super::pack::Bundle;
use super::place::Place;
use super::shared::Shared;
use super::wide::WideRef;
use crate::bytes::ByteMask;

/// All entries of a node, each of which is one byte that leads to a value.
pub(crate) struct Dense<'a, V> {
    node: WideRef<'a, V>,
    bytes: ByteMask,
}

impl<V> Clone for Dense<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Dense<'_, V> {}

impl<'a, V> Dense<'a, V> {
    /// The entries of a place, if it is a large node of this form.
    #[inline]
    pub(crate) fn of(place: Place<'a, V>) -> Option<Self> {
        let node = if place.is_node() { place.node.plain()? } else { return None };
        Some(Self { node, bytes: node.mask() })
    }

    /// True iff a byte leads to a value here, and to none in `other`.
    #[inline]
    pub(crate) fn exceeds(self, other: Self) -> bool {
        self.bytes.0.iter().zip(other.bytes.0).any(|(here, there)| here & !there != 0)
    }

    /// The value at this rank.
    #[inline]
    fn value(self, rank: usize) -> &'a V {
        // With this known, the tail at the rank need not be looked at.
        assert!(!self.node.has_tails(), "all entries are single bytes");
        self.node.tail_value(rank)
    }
}

/// Visits the bytes of two nodes in order, each with its values on the left and the right: those
/// on both sides, and on request those on one side alone.
#[inline]
pub(crate) fn for_each_of_two<'a, V>(
    left: Dense<'a, V>,
    right: Dense<'a, V>,
    [left_alone, right_alone]: [bool; 2],
    mut visit: impl FnMut(u8, Option<&'a V>, Option<&'a V>),
) {
    let (mut x_rank, mut y_rank) = (0, 0);
    for word in 0..4 {
        let (x, y) = (left.bytes.0[word], right.bytes.0[word]);
        let mut todo = x & y | if left_alone { x } else { 0 } | if right_alone { y } else { 0 };
        while todo != 0 {
            let bit = todo & todo.wrapping_neg();
            todo ^= bit;
            let rank = |of: u64, before: usize| before + (of & (bit - 1)).count_ones() as usize;
            let x = (x & bit != 0).then(|| left.value(rank(x, x_rank)));
            let y = (y & bit != 0).then(|| right.value(rank(y, y_rank)));
            visit((word * 64) as u8 + bit.trailing_zeros() as u8, x, y);
        }
        x_rank += x.count_ones() as usize;
        y_rank += y.count_ones() as usize;
    }
}

/// Visits the bytes of many nodes in order, each with the values to which it leads and the numbers
/// of their nodes.
pub(crate) fn for_each_of_many<'a, V>(nodes: &[Dense<'a, V>], mut visit: impl FnMut(u8, &[(usize, &'a V)])) {
    let mut ranks = vec![0; nodes.len()];
    let mut found = Vec::with_capacity(nodes.len());
    for word in 0..4 {
        let mut todo = nodes.iter().fold(0, |all, node| all | node.bytes.0[word]);
        while todo != 0 {
            let bit = todo & todo.wrapping_neg();
            todo ^= bit;
            found.clear();
            for (i, (node, rank)) in nodes.iter().zip(&mut ranks).enumerate() {
                if node.bytes.0[word] & bit != 0 {
                    found.push((i, node.value(*rank)));
                    *rank += 1;
                }
            }
            visit((word * 64) as u8 + bit.trailing_zeros() as u8, &found);
        }
    }
}

/// A node of these values, which the bytes of a mask lead to in order, and a value of its own.
/// There is at least one value.
pub(crate) fn node_of_bytes<V>(
    own: Option<Stored<V>>,
    bytes: &ByteMask,
    values: Vec<Stored<V>>,
) -> Shared<V> {
    if values.len() > list_entries() {
        return Shape::build_plain(own, bytes, values);
    }
    let mut bundle = Bundle::new(own);
    for (byte, value) in bytes.iter().zip(values) {
        bundle.push(&[byte], End::Value(value));
    }
    bundle.pack()
}
