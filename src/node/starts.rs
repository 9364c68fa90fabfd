//! The entries below a place, each with the first bytes of its suffix in one word. Sorting the
//! entries of many places by these words reads little memory.

use super::column::Column;
use super::end::{End, Entry};
use super::list::ListRef;
use super::place::Place;
use super::spot::Spot;
use super::suffix::Suffix;
use super::view::Kind;
use super::wide::WideRef;
use crate::bytes::{ByteMask, first_word};

/// The first bytes of a suffix and its length, in one word. Words are in the order of the suffixes.
///
/// From the highest byte on, it has the first [`Self::EXACT`] bytes, zeros if the suffix is
/// shorter, and the length, at most one more. So suffixes of up to that length are compared
/// without their memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Start(u64);

impl Start {
    /// The maximum length of suffixes that are equal if their starts are.
    const EXACT: usize = 7;

    /// The start of a suffix, given its rest and the first bytes of the rest as a little-endian
    /// word. If the rest is shorter than the word, the higher bytes are zero.
    #[inline(always)]
    fn new(head: u8, rest: &[u8], word: u64) -> Self {
        let len = (rest.len() + 1).min(Self::EXACT + 1);
        Self(u64::from(head) << 56 | word.swap_bytes() >> 16 << 8 | len as u64)
    }

    #[inline]
    pub(crate) fn from_word(word: u64) -> Self {
        Self(word)
    }

    #[inline]
    pub(crate) fn word(self) -> u64 {
        self.0
    }

    /// The first byte.
    #[inline(always)]
    pub(crate) fn head(self) -> u8 {
        (self.0 >> 56) as u8
    }

    /// True iff suffixes with this start are equal.
    #[inline(always)]
    pub(crate) fn is_exact(self) -> bool {
        self.0 as u8 as usize <= Self::EXACT
    }
}

/// Visits the entries strictly below a place, in order, each with its start and its
/// [number](super::Below::at). If there is a mask, only the entries with these first bytes.
#[inline]
pub(crate) fn for_each_start<'a, V>(
    Place { node, spot }: Place<'a, V>,
    heads: Option<&ByteMask>,
    visit: impl FnMut(Entry<'a, V>, Start, u16),
) {
    match node.kind() {
        Kind::List(list) => of_list(list, spot, heads, visit),
        Kind::Wide(wide) => of_wide(wide, spot, heads, visit),
    }
}

#[inline(always)]
fn of_list<'a, V>(
    list: ListRef<'a, V>,
    spot: Spot,
    heads: Option<&ByteMask>,
    mut visit: impl FnMut(Entry<'a, V>, Start, u16),
) {
    let depth = spot.depth();
    let (lo, hi) = if depth == 0 { (0, list.len()) } else { list.below(spot) };
    let (mut stop, bits) = (list.start(lo), list.bits());
    let mut value = list.first_place().wrapping_sub(list.value_rank(lo) * Column::<V>::STRIDE);
    let mut child_rank = if lo == 0 { 0 } else { list.child_rank(lo) };
    let first_child = if bits.child == 0 { std::ptr::null() } else { list.child_place(0) };
    for i in lo..hi {
        let (head, start) = (list.heads()[i], stop);
        stop = list.end(i);
        debug_assert!(start <= stop);
        // SAFETY: the heap follows the ends, and the rest lies in it from the end of the rest
        // before (N2).
        let rest = unsafe { std::slice::from_raw_parts(list.byte(list.heap_at() + start), stop - start) };
        // SAFETY: `child_rank` children are before the entry, and the place of the value is behind
        // those of the values before it. So both are filled if the entry is of that kind (N3, N4),
        // and nobody writes the node during 'a.
        let end = unsafe {
            if bits.child >> i & 1 != 0 {
                child_rank += 1;
                End::Child(&*first_child.wrapping_sub(child_rank - 1))
            } else if bits.bare >> i & 1 != 0 {
                End::Bare
            } else {
                let at = value;
                value = value.wrapping_sub(Column::<V>::STRIDE);
                End::Value(Column::get(at))
            }
        };
        let suffix = match depth {
            0 => Suffix { head, rest },
            _ => Suffix { head: rest[depth - 1], rest: &rest[depth..] },
        };
        if heads.is_some_and(|heads| !heads.test_bit(suffix.head)) {
            continue;
        }
        let word = match suffix.rest.len() {
            0 => 0,
            len @ 1..=8 => list.rest_word(stop, len),
            _ => first_word(suffix.rest),
        };
        visit(Entry { suffix, end }, Start::new(suffix.head, suffix.rest, word), i as u16);
    }
}

fn of_wide<'a, V>(
    wide: WideRef<'a, V>,
    spot: Spot,
    heads: Option<&ByteMask>,
    mut visit: impl FnMut(Entry<'a, V>, Start, u16),
) {
    let mut visit = |entry: Entry<'a, V>, at: u8| {
        let Suffix { head, rest } = entry.suffix;
        visit(entry, Start::new(head, rest, first_word(rest)), at.into());
    };
    if spot.depth() == 0 {
        let bytes = heads.map_or(wide.mask(), |heads| wide.mask() & *heads);
        return bytes.iter().for_each(|byte| visit(wide.entry(byte), byte));
    }
    let Entry { suffix, end } = wide.entry(spot.lo as u8);
    if let Some(suffix) = suffix.after(spot.depth())
        && heads.is_none_or(|heads| heads.test_bit(suffix.head))
    {
        visit(Entry { suffix, end }, spot.lo as u8);
    }
}
