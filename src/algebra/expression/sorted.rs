//! The entries below the places of all frames, sorted.

use std::ops::Range;

use crate::bytes::ByteMask;
use crate::node::{End, EndRef, Entry, NumberedStart, Place, Start, Suffix, for_each_start, place_along};

/// A place of a frame, or one of a frame that is about to be opened.
pub(super) struct Member<'a, V> {
    pub(super) place: Place<'a, V>,
    pub(super) operand: u8,
    /// The operands of the frame above that lead here.
    pub(super) above: u64,
}

/// An entry below one of the places of a frame.
pub(super) struct SortedEntry<'a, V> {
    start: Start,
    rest: &'a [u8],
    pub(super) end: EndRef<'a, V>,
    /// The number of the entry in its node, and in the higher bytes the numbers of its operand and
    /// of its place among those of the frame.
    origin: u32,
}

/// The entries of a frame that begin with one byte.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// The operands of these entries.
    pub(super) present: u64,
    /// The end of the run in the order of all entries.
    pub(super) end: usize,
}

/// The entries of all frames, those of the lowest frame last.
pub(super) struct SortedEntries<'a, V> {
    /// The entries of each frame, those of its first place first.
    entries: Vec<SortedEntry<'a, V>>,
    /// The numbers of the entries, each run in order.
    order: Vec<u32>,
    runs: Vec<Run>,
    /// For each first byte the operands and the number of the entries that are not sorted yet.
    heads: Box<[(u64, u32); 256]>,
    /// The entries of a long run that is being sorted.
    starts: Vec<NumberedStart>,
}

/// The number of the first entry and of the first run of a frame.
#[derive(Clone, Copy)]
pub(super) struct SortedMark {
    pub(super) entry: usize,
    pub(super) run: usize,
}

impl<'a, V> SortedEntry<'a, V> {
    #[inline(always)]
    pub(super) fn suffix(&self) -> Suffix<'a> {
        Suffix { head: self.start.head(), rest: self.rest }
    }

    #[inline(always)]
    pub(super) fn entry(&self) -> Entry<'a, V> {
        Entry { suffix: self.suffix(), end: self.end }
    }

    /// Returns the number of the operand.
    #[inline(always)]
    pub(super) fn operand(&self) -> u8 {
        (self.origin >> 16) as u8
    }

    /// Returns the number of the place among those of the frame.
    #[inline(always)]
    pub(super) fn member(&self) -> usize {
        (self.origin >> 24) as usize
    }

    /// Returns the bit of the operand.
    #[inline(always)]
    pub(super) fn bit(&self) -> u64 {
        1 << (self.operand() & 63)
    }

    /// Returns whether the suffixes of two entries are equal.
    #[inline(always)]
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.start == other.start && (self.start.is_exact() || self.rest == other.rest)
    }

    #[inline(always)]
    fn is_before(&self, other: &Self) -> bool {
        self.start < other.start
            || self.start == other.start && !self.start.is_exact() && self.rest < other.rest
    }

    /// Returns the place `len` bytes along the suffix, given the place below which the entry is.
    #[inline]
    pub(super) fn place(&self, below: Place<'a, V>, len: usize) -> Place<'a, V> {
        match self.end {
            End::Child(child) if self.rest.len() + 1 == len => child.place(),
            _ => place_along(below, self.origin as u16, len),
        }
    }
}

impl<'a, V> SortedEntries<'a, V> {
    pub(super) fn new() -> Self {
        Self {
            entries: Vec::new(),
            order: Vec::new(),
            runs: Vec::new(),
            heads: Box::new([(0, 0); 256]),
            starts: Vec::new(),
        }
    }

    /// Returns the number of all entries and of all runs.
    #[inline]
    pub(super) fn mark(&self) -> SortedMark {
        SortedMark { entry: self.order.len(), run: self.runs.len() }
    }

    /// Discards all entries of the frame that begins there.
    pub(super) fn truncate(&mut self, SortedMark { entry, run }: SortedMark) {
        self.entries.truncate(entry);
        self.order.truncate(entry);
        self.runs.truncate(run);
    }

    /// Adds the entries below all members. If there is a mask, adds only the entries with these
    /// first bytes, and returns the operands that have others.
    pub(super) fn extend(&mut self, members: &[Member<'a, V>], heads: Option<&ByteMask>) -> u64 {
        let Self { entries, order, runs, heads: counts, .. } = self;
        let (first, mut met, mut skipped) = (entries.len(), ByteMask::EMPTY, 0);
        for (member, &Member { place, operand, .. }) in (0..).zip(members) {
            let (bit, origin) = (1 << operand, u32::from(operand) << 16 | member << 24);
            let skips = for_each_start(place, heads, |Suffix { head, rest }, end, start, at| {
                let (present, count) = &mut counts[usize::from(head)];
                if *count == 0 {
                    met.set_bit(head);
                }
                *present |= bit;
                *count += 1;
                entries.push(SortedEntry { start, rest, end, origin: origin | u32::from(at) });
            });
            skipped |= if skips { bit } else { 0 };
        }
        let mut at = first;
        for head in met.iter() {
            let (present, count) = &mut counts[usize::from(head)];
            let begin = at as u32;
            at += *count as usize;
            runs.push(Run { present: *present, end: at });
            (*present, *count) = (0, begin);
        }
        order.resize(at, 0);
        for (i, entry) in (first as u32..).zip(&entries[first..]) {
            let (_, place) = &mut counts[usize::from(entry.start.head())];
            order[*place as usize] = i;
            *place += 1;
        }
        met.iter().for_each(|head| counts[usize::from(head)].1 = 0);
        skipped
    }

    /// Returns a run, given its number.
    #[inline(always)]
    pub(super) fn run(&self, number: usize) -> Option<Run> {
        self.runs.get(number).copied()
    }

    /// Returns the entries in a range of the order.
    #[inline(always)]
    pub(super) fn entries(&self, range: Range<usize>) -> impl Iterator<Item = &SortedEntry<'a, V>> {
        self.order[range].iter().map(|&i| &self.entries[i as usize])
    }

    /// Returns the entry with a number in the order.
    #[inline(always)]
    pub(super) fn get(&self, number: usize) -> &SortedEntry<'a, V> {
        &self.entries[self.order[number] as usize]
    }

    /// Sorts a run. Of entries with equal suffixes, that of the first operand is first.
    pub(super) fn sort(&mut self, range: Range<usize>) {
        let (order, entries) = (&mut self.order[range], &self.entries);
        let entry = |i: u32| &entries[i as usize];
        if order.len() > 16 {
            self.starts.clear();
            self.starts.extend(order.iter().map(|&i| NumberedStart::new(entry(i).start, i)));
            NumberedStart::sort(&mut self.starts, |i| entry(i).rest);
            order.iter_mut().zip(&self.starts).for_each(|(i, start)| *i = start.number());
            return;
        }
        let Some(mut last) = order.first().map(|&i| entry(i)) else { return };
        for i in 1..order.len() {
            let moved = order[i];
            if !entry(moved).is_before(last) {
                last = entry(moved);
                continue;
            }
            let mut at = i;
            while at > 0 && entry(moved).is_before(entry(order[at - 1])) {
                order[at] = order[at - 1];
                at -= 1;
            }
            order[at] = moved;
        }
    }

    /// Moves the entries of some operands in a range of the order to its end. Returns where they
    /// begin.
    pub(super) fn only(&mut self, range: Range<usize>, operands: u64) -> usize {
        let mut to = range.end;
        for from in range.rev() {
            if self.get(from).bit() & operands != 0 {
                to -= 1;
                self.order[to] = self.order[from];
            }
        }
        to
    }
}
