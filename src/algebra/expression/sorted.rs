//! The entries below the places of all frames, sorted.

use super::walk::Member;
use crate::bytes::ByteMask;
use crate::node::{Entry, Place, Start, for_each_start, place_along};

/// An entry below one of the places of a frame.
pub(super) struct SortedEntry<'a, V> {
    pub(super) entry: Entry<'a, V>,
    /// The number of the entry in its node.
    at: u16,
    /// The number of the operand.
    pub(super) operand: u8,
    /// The number of the place among those of the frame.
    pub(super) member: u8,
}

/// The position of an entry in the order of its frame: the start of its suffix, the number of the
/// entry among all, and its operand. Of entries with equal suffixes, that of the first operand is
/// first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position(u128);

/// The entries of all frames, those of the lowest frame last.
pub(super) struct SortedEntries<'a, V> {
    entries: Vec<SortedEntry<'a, V>>,
    order: Vec<Position>,
}

impl Position {
    #[inline(always)]
    fn new(start: Start, entry: usize, operand: u8) -> Self {
        Self(u128::from(start.word()) << 64 | (entry as u128) << 8 | u128::from(operand))
    }

    #[inline(always)]
    pub(super) fn start(self) -> Start {
        Start::from_word((self.0 >> 64) as u64)
    }

    #[inline(always)]
    pub(super) fn head(self) -> u8 {
        self.start().head()
    }

    /// Returns the bit of the operand.
    #[inline(always)]
    pub(super) fn bit(self) -> u64 {
        1 << (self.0 as u8 & 63)
    }

    #[inline(always)]
    fn entry(self) -> usize {
        self.0 as u64 as usize >> 8
    }
}

impl<'a, V> SortedEntry<'a, V> {
    /// Returns the place `len` bytes along the suffix, given the place below which the entry is.
    #[inline]
    pub(super) fn place(&self, below: Place<'a, V>, len: usize) -> Place<'a, V> {
        match self.entry.end.child() {
            Some(child) if self.entry.suffix.len() == len => child.place(),
            _ => place_along(below, self.at, len),
        }
    }
}

impl<'a, V> SortedEntries<'a, V> {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), order: Vec::new() }
    }

    /// Returns the number of all entries.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Discards all entries from a number on.
    pub(super) fn truncate(&mut self, len: usize) {
        self.entries.truncate(len);
        self.order.truncate(len);
    }

    /// Adds the entries below all members, sorted. If there is a mask, only the entries with these
    /// first bytes.
    pub(super) fn extend(&mut self, members: &[Member<'a, V>], heads: Option<&ByteMask>) {
        let (first, mut all_exact) = (self.order.len(), true);
        for (member, &Member { place, operand, .. }) in (0..).zip(members) {
            for_each_start(place, heads, |entry, start, at| {
                all_exact &= start.is_exact();
                self.order.push(Position::new(start, self.entries.len(), operand));
                self.entries.push(SortedEntry { entry, at, operand, member });
            });
        }
        let order = &mut self.order[first..];
        order.sort_unstable();
        if all_exact {
            return;
        }
        let entries = &self.entries;
        for equal in order.chunk_by_mut(|x, y| x.start() == y.start()) {
            if equal.len() > 1 && !equal[0].start().is_exact() {
                let suffix = |position: Position| entries[position.entry()].entry.suffix;
                equal.sort_unstable_by(|x, y| suffix(*x).cmp(&suffix(*y)).then(x.cmp(y)));
            }
        }
    }

    /// Returns the positions from a number on.
    #[inline(always)]
    pub(super) fn from(&self, first: usize) -> &[Position] {
        &self.order[first..]
    }

    #[inline(always)]
    pub(super) fn get(&self, position: Position) -> &SortedEntry<'a, V> {
        &self.entries[position.entry()]
    }

    /// Returns the entry with a number in the order.
    #[inline(always)]
    pub(super) fn nth(&self, number: usize) -> &SortedEntry<'a, V> {
        self.get(self.order[number])
    }

    /// Moves the entries of some operands in a range of the order to its end. Returns where they
    /// begin.
    pub(super) fn only(&mut self, range: std::ops::Range<usize>, operands: u64) -> usize {
        let mut to = range.end;
        for from in range.rev() {
            if self.order[from].bit() & operands != 0 {
                to -= 1;
                self.order[to] = self.order[from];
            }
        }
        to
    }
}
