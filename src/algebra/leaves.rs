//! The fast path for many leaves: places below which each entry is a value. It has the result of
//! the general walk, but needs no frame.
//!
//! The entries of all leaves are chained by their first bytes. Most chains have one entry, which is
//! kept or not. The others are sorted.

use super::build::{Above, Built, Held, HeldValue, Notes, Outcome};
use super::leaf::build;
use crate::bytes::ByteMask;
use crate::node::{Chosen, LeafValue, NumberedStart, Place, Start, Suffix, for_each_leaf_value, leaf_values};

/// An entry of a leaf.
struct LeafEntry<'a, V> {
    suffix: Suffix<'a>,
    value: LeafValue<'a, V>,
    /// The number of the leaf's operand.
    operand: u8,
    /// One more than the number of the entry before it in its chain; 0 if there is none.
    before: u8,
}

/// The entries of some leaves, at most [`Chosen::MOST`].
pub(super) struct Leaves<'a, V> {
    entries: Vec<LeafEntry<'a, V>>,
    /// For each first byte one more than the number of the last entry of its chain; 0 if there is
    /// no chain.
    last: [u8; 256],
    /// The first bytes of all chains.
    heads: ByteMask,
    /// The entries of a chain in order.
    chain: Vec<NumberedStart>,
}

/// How the entries of leaves are combined. The masks are of operands.
pub(super) struct LeafRule<H, F> {
    /// The maximum number of entries.
    pub(super) most: usize,
    /// Returns a mask if all entries of the result begin with bytes of the mask.
    pub(super) heads: H,
    /// The operands whose entries are kept if no other operand has them, and those whose entries
    /// are not.
    pub(super) kept_alone: u64,
    pub(super) dropped_alone: u64,
    /// Combines the values of some operands at one path. Returns the result, and the operands that
    /// have it.
    pub(super) values: F,
}

impl<'a, V> Leaves<'a, V> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), last: [0; 256], heads: ByteMask::EMPTY, chain: Vec::new() }
    }

    /// Reads the entries below places, which are given with the numbers of their operands in
    /// ascending order. If `heads` returns a mask, reads only the entries with these first bytes.
    /// Returns the operands that have others, or `None` if not all places are leaves or if they
    /// have more than `most` entries.
    fn read(
        &mut self,
        places: impl Iterator<Item = (u8, Place<'a, V>)> + Clone,
        most: usize,
        heads: impl FnOnce() -> Option<ByteMask>,
    ) -> Option<u64> {
        let mut count = 0;
        let is_leaf = |(_, place)| {
            count += leaf_values(place).unwrap_or(most + 1);
            count <= most
        };
        if !places.clone().all(is_leaf) {
            return None;
        }
        let (wanted, mut skipped) = (heads(), 0);
        self.entries.clear();
        let Self { entries, last, heads, .. } = self;
        for (operand, place) in places {
            for_each_leaf_value(place, |suffix, value| {
                if wanted.is_some_and(|wanted| !wanted.test_bit(suffix.head)) {
                    skipped |= 1 << operand;
                    return;
                }
                let last = &mut last[usize::from(suffix.head)];
                if *last == 0 {
                    heads.set_bit(suffix.head);
                }
                entries.push(LeafEntry { suffix, value, operand, before: *last });
                *last = entries.len() as u8;
            });
        }
        Some(skipped)
    }

    /// Takes the chain of a first byte. Its entries are sorted; of those with equal suffixes, that
    /// of the first operand is first.
    fn take_chain(&mut self, mut last: u8) {
        self.chain.clear();
        while let Some(number) = last.checked_sub(1) {
            let entry = &self.entries[usize::from(number)];
            self.chain.push(NumberedStart::new(Start::of(entry.suffix), number.into()));
            last = entry.before;
        }
        // The last entry is the first one in a chain.
        self.chain.reverse();
        NumberedStart::sort(&mut self.chain, |number| self.entries[number as usize].suffix.rest);
    }
}

/// Combines many places if all are leaves; returns `None` if they are not. The places are given
/// with the numbers of their operands in ascending order. `own` is the result's own value, and
/// `same` a mask of the operands that the result equals so far.
pub(super) fn combine_many_leaves<'a, V: Clone>(
    leaves: &mut Leaves<'a, V>,
    places: impl Iterator<Item = (u8, Place<'a, V>)> + Clone,
    own: &mut Option<HeldValue<'a, V>>,
    mut same: u64,
    mut rule: LeafRule<
        impl FnOnce() -> Option<ByteMask>,
        impl FnMut(&[(usize, &'a V)]) -> (Option<HeldValue<'a, V>>, u64),
    >,
    above: Above<'a>,
    notes: &mut Notes<'a, V>,
) -> Option<Outcome<Built<V>>> {
    same &= !leaves.read(places, rule.most.min(Chosen::<V>::MOST), rule.heads)?;
    let (mut chosen, mut found) = (Chosen::new(), Vec::new());
    let (kept, dropped) = (rule.kept_alone, rule.dropped_alone);
    // Handles an entry that no other operand has, unless it takes the whole expression to do so.
    let keep_or_drop = |entry: &LeafEntry<'a, V>, same: &mut u64, chosen: &mut Chosen<'a, V>| {
        let bit = 1 << entry.operand;
        if bit & kept != 0 {
            *same &= bit;
            chosen.push_value(entry.suffix, entry.value, None);
        } else if bit & dropped != 0 {
            *same &= !bit;
        }
        bit & (kept | dropped) != 0
    };
    for head in std::mem::take(&mut leaves.heads).iter() {
        let last = std::mem::take(&mut leaves.last[usize::from(head)]);
        let entry = &leaves.entries[usize::from(last) - 1];
        if entry.before == 0 && keep_or_drop(entry, &mut same, &mut chosen) {
            continue;
        }
        leaves.take_chain(last);
        let entry = |start: &NumberedStart| &leaves.entries[start.number() as usize];
        let are_equal = |x: &NumberedStart, y: &NumberedStart| {
            x.start() == y.start() && (x.start().is_exact() || entry(x).suffix.rest == entry(y).suffix.rest)
        };
        for equal in leaves.chain.chunk_by(are_equal) {
            let first = entry(&equal[0]);
            if equal.len() == 1 && keep_or_drop(first, &mut same, &mut chosen) {
                continue;
            }
            found.clear();
            let entries = equal.iter().map(entry);
            found.extend(entries.clone().map(|entry| (usize::from(entry.operand), entry.value.get())));
            let (value, mask) = (rule.values)(&found);
            same &= mask;
            match value {
                None => {}
                Some(Held::New(value)) => chosen.push_value(first.suffix, first.value, Some(value)),
                Some(Held::Lent(value)) => {
                    let lender = entries.clone().find(|entry| std::ptr::eq(entry.value.get(), value));
                    chosen.push_value(first.suffix, lender.unwrap_or(first).value, None);
                }
            }
        }
    }
    Some(if same != 0 { Outcome::Same(same) } else { build(&mut chosen, own.take(), above, notes) })
}
