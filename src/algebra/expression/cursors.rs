//! The entries below many places, side by side.

use crate::bytes::first_word;
use crate::node::{Below, Entry, Place, Suffix};

/// One of the places of a frame, and what is yet to be visited below it.
pub(super) struct Cursor<'a, V> {
    pub(super) place: Place<'a, V>,
    /// The places of the frame above that lead here.
    pub(super) above: u64,
    below: Below<'a, V>,
}

/// The cursors of all frames, those of the lowest frame last.
pub(super) struct Cursors<'a, V> {
    all: Vec<Cursor<'a, V>>,
    /// The start of each cursor's next suffix.
    starts: Vec<Start>,
    /// The cursors of each frame in the order of their starts, numbered from the frame's first.
    order: Vec<u8>,
}

/// The first bytes of a suffix and its length, in one word. Words are in the order of the suffixes.
///
/// From the highest byte on, it has the first [`Self::EXACT`] bytes, zeros if the suffix is
/// shorter, and the length, at most one more. So suffixes of up to that length are compared
/// without their memory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Start(u64);

impl Start {
    /// The start of a cursor that has no entries left, which is greater than all others.
    pub(super) const DONE: Self = Self(u64::MAX);
    /// The maximum length of suffixes that are equal if their starts are.
    const EXACT: usize = 7;

    #[inline(always)]
    fn of(suffix: Suffix<'_>) -> Self {
        let rest = first_word(suffix.rest).swap_bytes() >> 16 << 8;
        Self(u64::from(suffix.head) << 56 | rest | suffix.len().min(Self::EXACT + 1) as u64)
    }

    /// Returns the first byte, or 256 for [`DONE`](Self::DONE).
    #[inline(always)]
    pub(super) fn head(self) -> u16 {
        if self == Self::DONE { 256 } else { (self.0 >> 56) as u16 }
    }

    /// Returns the length of the suffix if it is not greater than [`EXACT`](Self::EXACT).
    #[inline(always)]
    pub(super) fn exact_len(self) -> Option<usize> {
        Some(self.0 as u8 as usize).filter(|len| *len <= Self::EXACT)
    }

    /// Returns a bound for the starts of suffixes that share the first `len` bytes with this one.
    /// `len` is from 1 to [`EXACT`](Self::EXACT). The bound is less than [`DONE`](Self::DONE).
    #[inline(always)]
    pub(super) fn last(self, len: usize) -> Self {
        Self((self.0 | ((1 << (64 - 8 * len)) - 1)) - 1)
    }
}

/// Iterates over the bits of a mask.
pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (bit < 64).then_some(bit)
    })
}

impl<'a, V> Cursors<'a, V> {
    pub(super) fn new() -> Self {
        Self { all: Vec::new(), starts: Vec::new(), order: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.all.truncate(len);
        self.starts.truncate(len);
        self.order.truncate(len);
    }

    /// Adds a cursor over everything below a place to the frame whose first cursor is `first`.
    /// Returns whether its node is large.
    pub(super) fn push(&mut self, first: usize, place: Place<'a, V>, above: u64) -> bool {
        let below = place.below();
        let large = below.is_in_large_node();
        let start = start(&below);
        let mut at = self.all.len();
        self.order.push((at - first) as u8);
        while at > first && self.starts[first + usize::from(self.order[at - 1])] > start {
            self.order.swap(at, at - 1);
            at -= 1;
        }
        self.starts.push(start);
        self.all.push(Cursor { place, above, below });
        large
    }

    /// Returns the cursors from `first` on.
    pub(super) fn from(&self, first: usize) -> &[Cursor<'a, V>] {
        &self.all[first..]
    }

    /// Returns the least start from cursor `first` on.
    #[inline]
    pub(super) fn least(&self, first: usize) -> Start {
        self.starts[first + usize::from(self.order[first])]
    }

    /// Returns the cursors from `first` on whose starts are not greater than `last`.
    #[inline]
    pub(super) fn until(&self, first: usize, last: Start) -> u64 {
        let (order, starts) = (&self.order[first..], &self.starts[first..]);
        let until = order.iter().take_while(|&&i| starts[usize::from(i)] <= last);
        until.fold(0, |mask, &i| mask | 1 << i)
    }

    /// Updates the start of a cursor that has moved on.
    #[inline]
    fn moved(&mut self, first: usize, i: usize) {
        let (order, starts) = (&mut self.order[first..], &mut self.starts[first..]);
        let start = start(&self.all[first + i].below);
        starts[i] = start;
        let mut at = order.iter().position(|&other| usize::from(other) == i).unwrap_or(0);
        while let Some(&next) = order.get(at + 1)
            && starts[usize::from(next)] < start
        {
            order[at] = next;
            at += 1;
        }
        order[at] = i as u8;
    }

    /// Returns the greatest head of the cursors in a mask.
    #[inline]
    pub(super) fn greatest(&self, first: usize, mask: u64) -> u16 {
        bits(mask).map(|i| self.head(first + i)).max().unwrap_or(0)
    }

    /// Skips the entries of all cursors before a head. Returns the cursors with such entries.
    pub(super) fn skip_to(&mut self, first: usize, head: u16) -> u64 {
        let mut skipped = 0;
        for i in 0..self.starts.len() - first {
            if self.head(first + i) < head {
                skipped |= 1 << i;
                self.skip(first, i, head);
            }
        }
        skipped
    }

    /// Skips the entries of cursor `first + i` before a head.
    pub(super) fn skip(&mut self, first: usize, i: usize, head: u16) {
        let below = &mut self.all[first + i].below;
        while below.now().is_some_and(|entry| u16::from(entry.suffix.head) < head) {
            match u8::try_from(head) {
                Ok(head) => below.skip_to(head),
                Err(_) => below.finish(),
            }
        }
        self.moved(first, i);
    }

    /// Returns the first byte of a cursor's next entry, or 256 if it has none.
    #[inline]
    pub(super) fn head(&self, i: usize) -> u16 {
        self.starts[i].head()
    }

    /// Returns the next entry of a cursor that has one.
    #[inline]
    pub(super) fn entry(&self, i: usize) -> &Entry<'a, V> {
        self.all[i].below.now().expect("the cursor has an entry")
    }

    #[inline]
    pub(super) fn advance(&mut self, first: usize, i: usize) {
        self.all[first + i].below.advance();
        self.moved(first, i);
    }

    /// Returns the place `len` bytes along the next entry of a cursor, and skips all entries there.
    #[inline]
    pub(super) fn enter(&mut self, first: usize, i: usize, len: usize) -> Place<'a, V> {
        let below = &mut self.all[first + i].below;
        below.prefetch();
        let place = below.place(len);
        below.pass(place);
        self.moved(first, i);
        place
    }

    /// Skips the entries of a cursor that begin with a suffix, of which the next one is the first.
    pub(super) fn pass(&mut self, first: usize, i: usize, suffix: Suffix<'_>) {
        let entry = self.entry(first + i);
        if entry.end.is_child() && entry.suffix.len() == suffix.len() {
            // The child's memory is not touched.
            self.advance(first, i);
        } else {
            self.enter(first, i, suffix.len());
        }
    }
}

#[inline(always)]
fn start<V>(below: &Below<'_, V>) -> Start {
    below.now().map_or(Start::DONE, |entry| Start::of(entry.suffix))
}
