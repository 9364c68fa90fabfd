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

/// The number of entries at and below a place, if each is a value. The root of a wide node is never
/// taken for a leaf.
#[inline(always)]
pub(crate) fn leaf_values<V>(Place { node, spot }: Place<'_, V>) -> Option<usize> {
    match node.kind() {
        Kind::List(list) => {
            let (lo, hi, bits) = (spot.lo as usize, spot.hi as usize, list.bits());
            ((bits.child | bits.bare) & low_bits(hi) >> lo << lo == 0).then_some(hi - lo)
        }
        Kind::Wide(wide) => {
            let byte = spot.lo as u8;
            let is_value = || !wide.is_child(byte) && wide.tail(wide.tail_rank(byte)).is_valued();
            (spot.depth() > 0 && is_value()).then_some(1)
        }
    }
}

/// Visits the entries strictly below a place, of which [`leaf_values`] has returned the number, in
/// order. Their suffixes start from the place.
///
/// # Panics
/// Panics if an entry is no value, or if the place is the root of a wide node.
#[inline(always)]
pub(crate) fn for_each_leaf_value<'a, V>(
    Place { node, spot }: Place<'a, V>,
    mut visit: impl FnMut(Suffix<'a>, LeafValue<'a, V>),
) {
    let depth = spot.depth();
    match node.kind() {
        Kind::List(list) if depth == 0 => of_list::<_, false>(list, 0..list.len(), 0, visit),
        Kind::List(list) => {
            let (lo, hi) = list.below(spot);
            of_list::<_, true>(list, lo..hi, depth, visit);
        }
        Kind::Wide(wide) => {
            let byte = spot.lo as u8;
            assert!(depth > 0 && !wide.is_child(byte), "the place is in a tail");
            let rank = wide.tail_rank(byte);
            let tail = wide.tail(rank);
            assert!(tail.is_valued(), "the tail has a value");
            if let Some(suffix) = Suffix::of(&tail.rest()[depth - 1..]) {
                let place = wide.value_place(rank + wide.has_own() as usize);
                // SAFETY: the tail has a value, which lies there (N4), and nobody writes the node
                // during 'a.
                visit(suffix, unsafe { LeafValue::new(place) });
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
    let (n, bits) = (list.len(), list.bits());
    assert!(range.end <= n && INSIDE == (depth > 0), "the entries are there");
    assert!(
        (bits.child | bits.bare) & low_bits(range.end) >> range.start << range.start == 0,
        "each entry has a value"
    );
    let (mut stop, values) = match range.start {
        0 => (0, list.has_own() as usize),
        lo => (list.start(lo), list.value_rank(lo)),
    };
    let mut place = list.first_place().wrapping_sub(values * Column::<V>::STRIDE);
    let (heads, ends) = (list.byte(HEADER), list.byte(HEADER + n).cast::<u16>());
    let heap = list.byte(list.heap_at());
    for i in range {
        let start = stop + depth;
        // The rest is at least as long as `depth`: the place lies on the way to the entry, and is
        // not its end. The values before `place` are those of the entries before.
        //
        // SAFETY: the entry is there and has a value, so the columns hold its head, its rest (N2),
        // and its value (N4), and nobody writes them during 'a (N5).
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
