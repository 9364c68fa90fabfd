//! The entries of places below which each entry is a value: many such leaves are combined without
//! a look at the kinds of their entries.

use std::marker::PhantomData;
use std::ops::Range;
use std::ptr::NonNull;

use super::column::Column;
use super::header::HEADER;
use super::list::{ListRef, low_bits};
use super::place::Place;
use super::suffix::Suffix;
use super::view::Kind;
use super::wide::WideRef;

/// The entries strictly below a place, each of which is a value. Their suffixes start from the
/// place.
pub(crate) enum LeafValues<'a, V> {
    List {
        list: ListRef<'a, V>,
        range: Range<usize>,
        depth: usize,
    },
    /// The tail at this rank, and its suffix from the place on, if it has one.
    Tail {
        wide: WideRef<'a, V>,
        rank: usize,
        suffix: Option<Suffix<'a>>,
    },
}

/// The value of an entry, where it lies in its node.
pub(crate) struct LeafValue<'a, V> {
    place: NonNull<u8>,
    life: PhantomData<&'a V>,
}

impl<V> Clone for LeafValue<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for LeafValue<'_, V> {}

impl<'a, V> LeafValue<'a, V> {
    /// # Safety
    /// The place is that of an entry's value, in a node that nobody writes during 'a.
    #[inline(always)]
    unsafe fn new(place: *const u8) -> Self {
        // SAFETY: a value lies within the allocation of its node (N2).
        Self { place: unsafe { NonNull::new_unchecked(place.cast_mut()) }, life: PhantomData }
    }

    #[inline(always)]
    pub(crate) fn get(self) -> &'a V {
        // SAFETY: the place is that of an entry's value (`new`, N4), and nobody writes its node
        // during 'a.
        unsafe { Column::get(self.place.as_ptr()) }
    }

    #[inline(always)]
    pub(super) fn place(self) -> NonNull<u8> {
        self.place
    }
}

impl<'a, V> LeafValues<'a, V> {
    /// The entries below a place, if each is a value. The root of a wide node is never taken for a
    /// leaf.
    #[inline(always)]
    pub(crate) fn of(Place { node, spot }: Place<'a, V>) -> Option<Self> {
        let depth = spot.depth();
        match node.kind() {
            Kind::List(list) => {
                let (lo, hi) = (spot.lo as usize, spot.hi as usize);
                let bits = list.bits();
                if (bits.child | bits.bare) & low_bits(hi) >> lo << lo != 0 {
                    return None;
                }
                let (lo, hi) = if depth == 0 { (0, list.len()) } else { list.below(spot) };
                Some(Self::List { list, range: lo..hi, depth })
            }
            Kind::Wide(wide) => {
                let byte = spot.lo as u8;
                if depth == 0 || wide.is_child(byte) {
                    return None;
                }
                let rank = wide.tail_rank(byte);
                let tail = wide.tail(rank);
                let suffix = Suffix::of(&tail.rest()[depth - 1..]);
                tail.is_valued().then_some(Self::Tail { wide, rank, suffix })
            }
        }
    }

    /// The number of entries.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::List { range, .. } => range.len(),
            Self::Tail { suffix, .. } => suffix.is_some() as usize,
        }
    }

    /// Visits the entries in order.
    #[inline(always)]
    pub(crate) fn for_each(self, mut visit: impl FnMut(Suffix<'a>, LeafValue<'a, V>)) {
        match self {
            Self::List { list, range, depth: 0 } => of_list::<_, false>(list, range, 0, visit),
            Self::List { list, range, depth } => of_list::<_, true>(list, range, depth, visit),
            Self::Tail { wide, rank, suffix } => {
                if let Some(suffix) = suffix {
                    let place = wide.value_place(rank + wide.has_own() as usize);
                    // SAFETY: the tail has a value (`of`), which lies there (N4), and nobody writes
                    // the node during 'a.
                    visit(suffix, unsafe { LeafValue::new(place) });
                }
            }
        }
    }
}

/// Visits entries of a list, each of which is a value. `INSIDE` is true if the depth is not 0.
#[inline(always)]
fn of_list<'a, V, const INSIDE: bool>(
    list: ListRef<'a, V>,
    range: Range<usize>,
    depth: usize,
    mut visit: impl FnMut(Suffix<'a>, LeafValue<'a, V>),
) {
    let n = list.len();
    assert!(range.end <= n && INSIDE == (depth > 0), "the entries are there");
    let (mut stop, values) = match range.start {
        0 => (0, list.has_own() as usize),
        lo => (list.start(lo), list.value_rank(lo)),
    };
    let mut place = list.first_place().wrapping_sub(values * Column::<V>::STRIDE);
    let (heads, ends) = (list.byte(HEADER), list.byte(HEADER + n).cast::<u16>());
    let heap = list.byte(list.heap_at());
    for i in range {
        let start = stop + depth;
        // SAFETY: the entry is there, so its head and the end of its rest are in the columns, and
        // the rest starts where the rest before ends (N2). It is at least as long as `depth`: the
        // place lies on the way to the entry, and is not its end. The entry has a value, so its
        // place is behind those of the values before it (N4). Nobody writes the node during 'a.
        let (suffix, value) = unsafe {
            stop = ends.add(i).read_unaligned() as usize;
            debug_assert!(start <= stop && stop == list.end(i));
            let head = if INSIDE { heap.add(start - 1).read() } else { heads.add(i).read() };
            let rest = std::slice::from_raw_parts(heap.add(start), stop - start);
            (Suffix { head, rest }, LeafValue::new(place))
        };
        place = place.wrapping_sub(Column::<V>::STRIDE);
        visit(suffix, value);
    }
}
