//! The entries below a place, each with the first bytes of its suffix in one word. Sorting the
//! entries of many places by these words reads little memory.

use std::ops::Range;
use std::ptr;

use super::column::Column;
use super::end::{End, EndRef, Entry};
use super::header::HEADER;
use super::list::ListRef;
use super::place::Place;
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

    pub(crate) fn of(suffix: Suffix<'_>) -> Self {
        Self::new(suffix, first_word(suffix.rest))
    }

    /// The start of a suffix, given the first bytes of its rest as a little-endian word. If the
    /// rest is shorter than the word, the higher bytes are zero.
    #[inline(always)]
    fn new(suffix: Suffix<'_>, word: u64) -> Self {
        let len = suffix.len().min(Self::EXACT + 1);
        Self(u64::from(suffix.head) << 56 | word.swap_bytes() >> 16 << 8 | len as u64)
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

/// A suffix's start and a number. Of equal starts, that with the least number is first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct NumberedStart(u128);

impl NumberedStart {
    #[inline(always)]
    pub(crate) fn new(start: Start, number: u32) -> Self {
        Self(u128::from(start.0) << 64 | u128::from(number))
    }

    #[inline(always)]
    pub(crate) fn start(self) -> Start {
        Start((self.0 >> 64) as u64)
    }

    #[inline(always)]
    pub(crate) fn number(self) -> u32 {
        self.0 as u32
    }

    /// Sorts suffixes by their bytes, then by their numbers. `rest` returns the rest of the suffix
    /// with a number.
    #[inline]
    pub(crate) fn sort<'a>(starts: &mut [Self], rest: impl Fn(u32) -> &'a [u8]) {
        starts.sort_unstable();
        for equal in starts.chunk_by_mut(|x, y| x.start() == y.start() && !x.start().is_exact()) {
            if equal.len() > 1 {
                equal.sort_unstable_by(|x, y| rest(x.number()).cmp(rest(y.number())).then(x.cmp(y)));
            }
        }
    }
}

/// Visits the entries strictly below a place, in order, each with its start and its
/// [number](super::Below::at). If there is a mask, visits only the entries with these first bytes,
/// and returns whether there are others.
#[inline(always)]
pub(crate) fn for_each_start<'a, V>(
    Place { node, spot }: Place<'a, V>,
    heads: Option<&ByteMask>,
    mut visit: impl FnMut(Suffix<'a>, EndRef<'a, V>, Start, u16),
) -> bool {
    let depth = spot.depth();
    match node.kind() {
        Kind::List(list) => {
            let (lo, hi) = if depth == 0 { (0, list.len()) } else { list.below(spot) };
            of_list(list, lo..hi, depth, heads, &mut visit)
        }
        Kind::Wide(wide) if depth == 0 => of_wide(wide, heads, visit),
        Kind::Wide(wide) => {
            let Entry { suffix, end } = wide.entry(spot.lo as u8);
            let Some(suffix) = suffix.after(depth) else { return false };
            let is_wanted = heads.is_none_or(|heads| heads.test_bit(suffix.head));
            if is_wanted {
                visit(suffix, end, Start::of(suffix), spot.lo);
            }
            !is_wanted
        }
    }
}

#[inline(always)]
fn of_list<'a, V>(
    list: ListRef<'a, V>,
    range: Range<usize>,
    depth: usize,
    heads: Option<&ByteMask>,
    visit: &mut impl FnMut(Suffix<'a>, EndRef<'a, V>, Start, u16),
) -> bool {
    let mut skips = false;
    assert!(range.end <= list.len(), "the entries are there");
    let bits = list.bits();
    let (mut stop, values, mut child) = match range.start {
        0 => (0, list.has_own() as usize, 0),
        lo => (list.start(lo), list.value_rank(lo), list.child_rank(lo)),
    };
    let mut value = list.first_place().wrapping_sub(values * Column::<V>::STRIDE);
    let (first_head, first_end) = (list.byte(HEADER), list.byte(HEADER + list.len()).cast::<u16>());
    let heap = list.byte(list.heap_at());
    let first_child = if bits.child == 0 { ptr::null() } else { list.child_place(0) };
    for i in range {
        let start = stop + depth;
        // The rest is longer than `depth`, if the place is inside the node. `child` children, and
        // the values up to `value`, are those of the entries before.
        //
        // SAFETY: the entry is there, so the columns hold its head, its rest (N2), and its child or
        // its value (N3, N4), and nobody writes them during 'a (N5).
        let (suffix, end) = unsafe {
            stop = first_end.add(i).read_unaligned() as usize;
            debug_assert!(start <= stop && stop == list.end(i));
            let head = if depth == 0 { first_head.add(i).read() } else { heap.add(start - 1).read() };
            let rest = std::slice::from_raw_parts(heap.add(start), stop - start);
            let end = if (bits.child | bits.bare) >> i & 1 == 0 {
                let place = value;
                value = value.wrapping_sub(Column::<V>::STRIDE);
                End::Value(Column::get(place))
            } else if bits.child >> i & 1 != 0 {
                child += 1;
                End::Child(&*first_child.wrapping_sub(child - 1))
            } else {
                End::Bare
            };
            (Suffix { head, rest }, end)
        };
        if heads.is_none_or(|heads| heads.test_bit(suffix.head)) {
            // SAFETY: each rest ends within the heap (N2).
            let start = Start::new(suffix, unsafe { list.first_word(start, stop) });
            visit(suffix, end, start, i as u16);
        } else {
            skips = true;
        }
    }
    skips
}

/// All entries of a wide node, or those that begin with the bytes of a mask.
fn of_wide<'a, V>(
    wide: WideRef<'a, V>,
    heads: Option<&ByteMask>,
    mut visit: impl FnMut(Suffix<'a>, EndRef<'a, V>, Start, u16),
) -> bool {
    let wanted = heads.map_or(wide.mask(), |heads| wide.mask() & *heads);
    let (mut child, mut tail, all) = (0, 0, wide.child_count());
    for byte in wanted.iter() {
        if wide.is_child(byte) {
            let rank = if heads.is_none() { child } else { wide.child_rank(byte) };
            child += 1;
            let suffix = Suffix::byte(byte);
            assert!(rank < all);
            // SAFETY: as was just seen, there are more children than `rank`.
            let end = End::Child(unsafe { wide.ranked_child(rank) });
            visit(suffix, end, Start::new(suffix, 0), byte.into());
        } else {
            let rank = if heads.is_none() { tail } else { wide.tail_rank(byte) };
            tail += 1;
            let Entry { suffix, end } = wide.tail_entry(byte, rank);
            visit(suffix, end, Start::of(suffix), byte.into());
        }
    }
    wanted != wide.mask()
}
