//! The entries of places below which no child lies, one after another. A walk over two such places
//! never goes down, and keeps what it needs in a few registers.

use std::marker::PhantomData;

use super::column::Column;
use super::header::HEADER;
use super::list::{ListRef, low_bits};
use super::place::Place;
use super::suffix::Suffix;
use super::view::Kind;

/// The entries strictly below a place without children that are yet to be visited. Their suffixes
/// start from the place.
pub(crate) struct Leaf<'a, V> {
    /// The number of the present entry. The entry is there if it is less than `end`.
    at: usize,
    end: usize,
    /// The suffix of the present entry, if there is one.
    suffix: Suffix<'a>,
    /// The place of the first value from the present entry on.
    place: *const u8,
    /// One bit for each entry, which is set if the entry is a dangling tip.
    bare: u32,
    /// How many bytes lead to the place from the root of its node.
    depth: usize,
    /// The columns of the list. A tail is the only entry of its leaf, and needs none.
    columns: Columns,
    life: PhantomData<&'a V>,
}

/// The columns of a list, and where the rest of the present entry ends in its heap.
struct Columns {
    heads: *const u8,
    ends: *const u16,
    heap: *const u8,
    stop: usize,
}

impl<'a, V> Leaf<'a, V> {
    /// The entries below a place, if none of them leads to a child. The root of a wide node is
    /// never taken for a leaf.
    #[inline(always)]
    pub(crate) fn of(Place { node, spot }: Place<'a, V>) -> Option<Self> {
        let (depth, lo, hi) = (spot.depth(), spot.lo as usize, spot.hi as usize);
        match node.kind() {
            Kind::List(list) => {
                if list.bits().child & low_bits(hi) >> lo << lo != 0 {
                    return None;
                }
                // The first entry may end at the place, which is its value or the tip that it is.
                let at = lo + (depth > 0 && list.suffix_len(lo) == depth) as usize;
                Some(Self::of_list(list, at, hi, depth))
            }
            Kind::Wide(wide) => {
                let byte = lo as u8;
                if depth == 0 || wide.is_child(byte) {
                    return None;
                }
                let rank = wide.tail_rank(byte);
                let tail = wide.tail(rank);
                let suffix = Suffix::of(&tail.rest()[depth - 1..]);
                Some(Self {
                    at: 0,
                    end: suffix.is_some() as usize,
                    suffix: suffix.unwrap_or(Suffix::byte(byte)),
                    place: wide.value_place(rank + wide.has_own() as usize),
                    bare: !tail.is_valued() as u32,
                    depth,
                    columns: Columns::NONE,
                    life: PhantomData,
                })
            }
        }
    }

    #[inline(always)]
    fn of_list(list: ListRef<'a, V>, at: usize, end: usize, depth: usize) -> Self {
        assert!(end <= list.len(), "the entries are there");
        let stop = if at < end { list.start(at) } else { 0 };
        let heads = list.byte(HEADER);
        let ends = heads.wrapping_add(list.len());
        let heap = ends.wrapping_add(2 * list.len());
        let mut leaf = Self {
            at,
            end,
            suffix: Suffix::byte(0),
            place: list.first_place().wrapping_sub(list.value_rank(at) * Column::<V>::STRIDE),
            bare: list.bits().bare,
            depth,
            columns: Columns { heads, ends: ends.cast(), heap, stop },
            life: PhantomData,
        };
        leaf.read();
        leaf
    }

    /// The suffix of the present entry.
    #[inline(always)]
    pub(crate) fn suffix(&self) -> Option<Suffix<'a>> {
        (self.at < self.end).then_some(self.suffix)
    }

    /// True iff the present entry is a dangling tip.
    #[inline(always)]
    pub(crate) fn is_bare(&self) -> bool {
        self.bare >> self.at & 1 != 0
    }

    /// The value of the present entry; `None` if it is a dangling tip.
    ///
    /// # Panics
    /// Panics if there is no entry.
    #[inline(always)]
    pub(crate) fn value(&self) -> Option<&'a V> {
        // SAFETY: an entry that is no child and no tip has a value in its place (N4), and nobody
        // writes the node during 'a.
        self.value_place().map(|place| unsafe { Column::get(place) })
    }

    /// The place of the value of the present entry; `None` if it is a dangling tip.
    ///
    /// # Panics
    /// Panics if there is no entry.
    #[inline(always)]
    pub(super) fn value_place(&self) -> Option<*const u8> {
        assert!(self.at < self.end, "there is an entry");
        (!self.is_bare()).then_some(self.place)
    }

    /// Goes on to the next entry.
    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        let values = !self.is_bare() as usize;
        self.place = self.place.wrapping_sub(values * Column::<V>::STRIDE);
        self.at += 1;
        self.read();
    }

    /// Reads the suffix of the present entry, if there is one.
    #[inline(always)]
    fn read(&mut self) {
        if self.at >= self.end {
            return;
        }
        let Columns { heads, ends, heap, stop } = self.columns;
        // SAFETY: only a list has an entry to read here, and it has more than `at` entries: a tail
        // is read before. So the columns are there (N2), and the rest starts where that of the
        // entry before ends. Nobody writes the node during 'a.
        let (head, rest) = unsafe {
            let end = ends.add(self.at).read_unaligned() as usize;
            debug_assert!(stop <= end);
            self.columns.stop = end;
            (heads.add(self.at).read(), std::slice::from_raw_parts(heap.add(stop), end - stop))
        };
        self.suffix = match self.depth {
            0 => Suffix { head, rest },
            depth => Suffix { head: rest[depth - 1], rest: &rest[depth..] },
        };
    }
}

impl Columns {
    const NONE: Self =
        Self { heads: std::ptr::null(), ends: std::ptr::null(), heap: std::ptr::null(), stop: 0 };
}
