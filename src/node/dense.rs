//! Nodes in which single bytes lead to values and to nothing else, side by side: a walk by the
//! words of their masks.

use super::build::{build_plain, for_each_byte};
use super::column::{Column, Stored};
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

    /// The value at this rank.
    #[inline]
    fn value(self, rank: usize) -> &'a V {
        // With this known, the tail at the rank need not be looked at.
        assert!(!self.node.has_tails(), "all entries are single bytes");
        self.node.tail_value(rank)
    }

    /// The place of the value of the first byte.
    fn first_place(self) -> *const u8 {
        self.node.value_place(self.node.has_own() as usize)
    }
}

/// For each byte the number of bytes of a mask before it. A table of all ranks takes fewer
/// instructions than counting the bits before each byte.
fn ranks(mask: &ByteMask) -> [u8; 256] {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const DIAGONAL: u64 = 0x8040_2010_0804_0201;
    let mut ranks = [0; 256];
    let mut before = 0;
    for (eight, bits) in
        ranks.as_chunks_mut::<8>().0.iter_mut().zip(mask.0.map(u64::to_le_bytes).as_flattened())
    {
        // One byte for each of eight bits, which is 1 if the bit is set.
        let set = ((((u64::from(*bits) * ONES) & DIAGONAL) + 0x7f * ONES) >> 7) & ONES;
        // The n-th byte of the product is the sum of the first n bytes.
        let up_to = set.wrapping_mul(ONES);
        *eight = (up_to - set + before * ONES).to_le_bytes();
        before += up_to >> 56;
    }
    ranks
}

/// The entries of two nodes in which single bytes lead to values.
pub(crate) struct DensePair<'a, V> {
    nodes: [Dense<'a, V>; 2],
    ranks: [[u8; 256]; 2],
}

/// The values for a new node: the bytes whose values are those of the left node and of the right
/// node of a pair, and new values, each with its byte, in order. No byte occurs twice.
pub(crate) struct DenseChoice<V> {
    pub(crate) left: ByteMask,
    pub(crate) right: ByteMask,
    pub(crate) new: Vec<(u8, Stored<V>)>,
}

impl<'a, V> DensePair<'a, V> {
    /// The entries of two places, if both are large nodes of this form.
    #[inline]
    pub(crate) fn of(left: Place<'a, V>, right: Place<'a, V>) -> Option<Self> {
        let nodes = [Dense::of(left)?, Dense::of(right)?];
        Some(Self { nodes, ranks: nodes.map(|node| ranks(&node.bytes)) })
    }

    /// The bytes of the left node and of the right one.
    pub(crate) fn bytes(&self) -> [ByteMask; 2] {
        self.nodes.map(|node| node.bytes)
    }

    /// Visits the bytes of both nodes in order, each with its values on the left and the right.
    #[inline]
    pub(crate) fn for_each_of_both(&self, mut visit: impl FnMut(u8, &'a V, &'a V)) {
        let places = self.nodes.map(Dense::first_place);
        for_each_byte(&(self.nodes[0].bytes & self.nodes[1].bytes), |byte| {
            let place = |side: usize| self.place(places, side, byte);
            // SAFETY: the byte is in both masks, so it leads to a value in both nodes (N4), which
            // are not written during 'a.
            let (x, y) = unsafe { (Column::get(place(0)), Column::get(place(1))) };
            visit(byte, x, y);
        });
    }

    /// The place of a byte's value on one side, given the places of the first values.
    #[inline(always)]
    fn place(&self, first: [*const u8; 2], side: usize, byte: u8) -> *const u8 {
        first[side].wrapping_sub(self.ranks[side][byte as usize] as usize * Column::<V>::STRIDE)
    }

    /// A node of the chosen values, and a value of its own. There is at least one chosen value.
    ///
    /// # Panics
    /// Panics if a byte is chosen from a node that does not have it, or if a clone panics.
    pub(crate) fn build(&self, own: Option<Stored<V>>, choice: DenseChoice<V>) -> Shared<V>
    where
        V: Clone,
    {
        let DenseChoice { left, right, new } = choice;
        let [x, y] = self.bytes();
        assert!((left | x, right | y) == (x, y), "values are chosen from nodes that have them");
        let places = self.nodes.map(Dense::first_place);
        let kept = left | right;
        if new.is_empty() && kept.count_bits() > list_entries() {
            // SAFETY: a byte of the mask leads to a value on the side that is chosen (N4).
            return unsafe {
                build_plain(own, &kept, |byte, to| {
                    let side = right.test_bit(byte) as usize;
                    Column::<V>::share_to(self.place(places, side, byte), to);
                })
            };
        }
        let mut bytes = kept;
        new.iter().for_each(|&(byte, _)| bytes.set_bit(byte));
        assert!(bytes.count_bits() == kept.count_bits() + new.len(), "a byte is chosen once");
        let mut new = new.into_iter();
        let values = bytes.iter().map(|byte| {
            let side = right.test_bit(byte) as usize;
            if kept.test_bit(byte) {
                // SAFETY: as above.
                return unsafe { Column::<V>::share(self.place(places, side, byte)) };
            }
            new.next().expect("there is a new value for each other byte").1
        });
        let values = values.collect();
        node_of_bytes(own, &bytes, values)
    }
}

/// Visits the bytes of many nodes in order, each with the values to which it leads and the numbers
/// of their nodes.
pub(crate) fn for_each_of_many<'a, V>(
    nodes: &[(usize, Dense<'a, V>)],
    mut visit: impl FnMut(u8, &[(usize, &'a V)]),
) {
    let mut ranks = vec![0; nodes.len()];
    let mut found = Vec::with_capacity(nodes.len());
    for word in 0..4 {
        let mut todo = nodes.iter().fold(0, |all, (_, node)| all | node.bytes.0[word]);
        while todo != 0 {
            let bit = todo & todo.wrapping_neg();
            todo ^= bit;
            found.clear();
            for ((number, node), rank) in nodes.iter().zip(&mut ranks) {
                if node.bytes.0[word] & bit != 0 {
                    found.push((*number, node.value(*rank)));
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
        let mut values = values.into_iter();
        // SAFETY: the place is filled with the next value.
        return unsafe {
            build_plain(own, bytes, |_, to| {
                Column::write(to, values.next().expect("there is a value for each byte"))
            })
        };
    }
    let mut bundle = Bundle::new(own);
    for (byte, value) in bytes.iter().zip(values) {
        bundle.push(&[byte], End::Value(value));
    }
    bundle.pack()
}
