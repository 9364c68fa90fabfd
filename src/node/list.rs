//! Reading a list: a sorted block of multi-byte entries.
//!
//! ```text
//! front   header · heads [u8; n] · ends [u16; n] · heap (the rests, back to back)
//!         … slack …
//! back    children [pointer; c] · values [V; v], each column with its first element last
//! ```
//! An entry's suffix is its head and its rest. The front grows upwards and the back downwards. So
//! an insert moves only what lies behind its place in each column, and no padding separates bytes
//! from values.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::column::Column;
use super::end::{End, EndRef, Entry};
use super::header::{ALIGN, HEADER, Header, ListBits, OWN};
use super::shared::Shared;
use super::suffix::Suffix;

/// The end of the bytes that are always initialised, so that heads are compared sixteen at a time.
const FRONT_MIN: usize = HEADER + 16;

/// The bytes of the front of a list with `n` entries and `heap` bytes of rests.
#[inline]
pub(super) fn front_size(n: usize, heap: usize) -> usize {
    (HEADER + 3 * n + heap).max(FRONT_MIN)
}

/// The bytes of the back of a list with `values` values and `children` children.
#[inline]
pub(super) fn back_size<V>(values: usize, children: usize) -> usize {
    (values * Column::<V>::STRIDE).next_multiple_of(ALIGN) + children * size_of::<Shared<V>>()
}

/// The lowest `n` bits.
#[inline]
pub(super) fn low_bits(n: usize) -> u32 {
    ((1u64 << n) - 1) as u32
}

/// The numbers of ones in two words. Without an instruction for it, both are counted at once.
#[inline]
fn count_ones(a: u32, b: u32) -> (usize, usize) {
    if cfg!(any(target_feature = "popcnt", target_arch = "aarch64")) {
        return (a.count_ones() as usize, b.count_ones() as usize);
    }
    count_at_once(a, b)
}

#[inline]
fn count_at_once(a: u32, b: u32) -> (usize, usize) {
    let mut sums = u64::from(a) | u64::from(b) << 32;
    sums -= sums >> 1 & 0x5555_5555_5555_5555;
    sums = (sums & 0x3333_3333_3333_3333) + (sums >> 2 & 0x3333_3333_3333_3333);
    sums = (sums + (sums >> 4)) & 0x0f0f_0f0f_0f0f_0f0f;
    // The highest byte of each half becomes the sum of its four bytes.
    sums = sums.wrapping_mul(0x0101_0101);
    ((sums >> 24 & 0xff) as usize, (sums >> 56) as usize)
}

/// A list that nobody writes during `'a`.
pub(super) struct ListRef<'a, V> {
    at: NonNull<Header>,
    life: PhantomData<&'a V>,
}

impl<V> Clone for ListRef<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for ListRef<'_, V> {}

// SAFETY: it reads what a `NodeRef` does (N5).
unsafe impl<V: Send + Sync> Send for ListRef<'_, V> {}
// SAFETY: as above.
unsafe impl<V: Send + Sync> Sync for ListRef<'_, V> {}

impl<'a, V> ListRef<'a, V> {
    /// # Safety
    /// `at` is a list that lives, and that nobody writes, during `'a`.
    #[inline]
    pub(super) unsafe fn new(at: NonNull<Header>) -> Self {
        Self { at, life: PhantomData }
    }

    #[inline]
    fn header(self) -> &'a Header {
        // SAFETY: the node lives and is not written during 'a (`new`).
        unsafe { self.at.as_ref() }
    }

    #[inline]
    pub(super) fn byte(self, offset: usize) -> *const u8 {
        // SAFETY: callers pass offsets within the allocation (N2).
        unsafe { self.at.as_ptr().cast::<u8>().add(offset) }
    }

    #[inline]
    pub(super) fn len(self) -> usize {
        self.header().n as usize
    }

    #[inline]
    pub(super) fn bits(self) -> ListBits {
        // SAFETY: the node is a list, and its header was written as one (N1).
        unsafe { self.header().kind.list }
    }

    pub(super) fn size(self) -> usize {
        self.header().units as usize * ALIGN
    }

    #[inline]
    pub(super) fn flags(self) -> u8 {
        self.header().flags
    }

    #[inline]
    pub(super) fn has_own(self) -> bool {
        self.header().flags & OWN != 0
    }

    #[inline]
    pub(super) fn is_child(self, i: usize) -> bool {
        self.bits().child >> i & 1 != 0
    }

    #[inline]
    pub(super) fn is_bare(self, i: usize) -> bool {
        self.bits().bare >> i & 1 != 0
    }

    /// The set of entries that have a value, one bit each.
    #[inline]
    pub(super) fn value_bits(self) -> u32 {
        !(self.bits().child | self.bits().bare) & low_bits(self.len())
    }

    /// True iff entry `i` is there and has a value.
    #[inline]
    pub(super) fn has_value(self, i: usize) -> bool {
        i < 32 && self.value_bits() >> i & 1 != 0
    }

    /// The number of values before entry `i`, the node's own included.
    #[inline]
    pub(super) fn value_rank(self, i: usize) -> usize {
        let ListBits { child, bare } = self.bits();
        if child | bare == 0 {
            // Most lists that hold many values hold nothing else, and counting bits takes a dozen
            // instructions without a target feature.
            return i + self.has_own() as usize;
        }
        (self.value_bits() & low_bits(i)).count_ones() as usize + self.has_own() as usize
    }

    /// The number of children before entry `i`.
    #[inline]
    pub(super) fn child_rank(self, i: usize) -> usize {
        (self.bits().child & low_bits(i)).count_ones() as usize
    }

    /// The number of values, the node's own included.
    #[inline]
    pub(super) fn value_count(self) -> usize {
        self.value_rank(self.len())
    }

    pub(super) fn child_count(self) -> usize {
        self.child_rank(self.len())
    }

    #[inline]
    pub(super) fn heads(self) -> &'a [u8] {
        // SAFETY: `n` heads follow the header (N2).
        unsafe { std::slice::from_raw_parts(self.byte(HEADER), self.len()) }
    }

    /// Where the rests end in the heap, in the byte order of the machine.
    #[inline]
    pub(super) fn ends(self) -> &'a [[u8; 2]] {
        // SAFETY: `n` ends follow the heads (N2), at any alignment.
        unsafe { std::slice::from_raw_parts(self.byte(HEADER + self.len()).cast(), self.len()) }
    }

    /// Where the rest of entry `i` ends in the heap.
    #[inline]
    pub(super) fn end(self, i: usize) -> usize {
        assert!(i < self.len());
        // SAFETY: `n` ends follow the heads (N2), at any alignment.
        unsafe { self.byte(HEADER + self.len() + 2 * i).cast::<u16>().read_unaligned() as usize }
    }

    /// Where the rest of entry `i` starts in the heap.
    #[inline]
    pub(super) fn start(self, i: usize) -> usize {
        if i == 0 { 0 } else { self.end(i - 1) }
    }

    /// Where the rest of entry `i` starts and ends in the heap.
    #[inline(always)]
    pub(super) fn bounds(self, i: usize) -> (usize, usize) {
        assert!(i < self.len());
        // SAFETY: the entry is there, as was asserted.
        unsafe { self.bounds_unchecked(i) }
    }

    /// # Safety
    /// Entry `i` is there.
    #[inline(always)]
    pub(super) unsafe fn bounds_unchecked(self, i: usize) -> (usize, usize) {
        debug_assert!(i < self.len());
        // SAFETY: as in `end`. The two bytes before the first end are heads, or the last byte of
        // the header and the only head. They are initialised, and nobody writes them (N5).
        unsafe {
            let end = self.byte(HEADER + self.len() + 2 * i).cast::<u16>();
            // Read for the first entry too, and replaced by zero: a branch would be mispredicted.
            let before = end.sub(1).read_unaligned();
            let start = if i == 0 { 0 } else { before };
            (start as usize, end.read_unaligned() as usize)
        }
    }

    /// The offset of the heap.
    #[inline(always)]
    pub(super) fn heap_at(self) -> usize {
        HEADER + 3 * self.len()
    }

    /// The last `len` bytes, at most eight, before `end` in the heap, the first of them lowest. If
    /// there is one, all higher bytes are zero; if there is none, the word has no meaning.
    ///
    /// # Safety
    /// `end` is at most the length of the heap.
    #[inline(always)]
    pub(super) unsafe fn rest_word(self, end: usize, len: usize) -> u64 {
        debug_assert!(len <= 8 && len <= end);
        // SAFETY: the caller's promise.
        (unsafe { self.word_before(end) }) >> ((64 - 8 * len) & 63)
    }

    /// The eight bytes before `end` in the heap, the last of them highest. What lies before the
    /// heap has no meaning.
    ///
    /// # Safety
    /// `end` is at most the length of the heap.
    #[inline(always)]
    pub(super) unsafe fn word_before(self, end: usize) -> u64 {
        debug_assert!(end <= self.heap_len());
        // SAFETY: the heap ends there or later (the caller). Before it lie at least three bytes of
        // heads and ends (N2), and the header's last eight bytes, which nobody writes now (N5).
        u64::from_le_bytes(unsafe { *self.byte(self.heap_at() + end - 8).cast::<[u8; 8]>() })
    }

    /// The rest of entry `i` as a number, and the length of the rest. If that is at most seven, the
    /// number consists of the rest's bytes, the first one highest, zeros behind them, and in the
    /// lowest byte the length. So such numbers are in the order of the rests. Otherwise it has no
    /// meaning.
    #[inline(always)]
    pub(super) fn ordered_rest(self, i: usize) -> (u64, usize) {
        let (start, end) = self.bounds(i);
        let len = end - start;
        // SAFETY: each rest ends within the heap (N2).
        let word = unsafe { self.word_before(end) }.swap_bytes();
        // In two steps, since a shift by 64 bits would shift nothing.
        let bytes = word << ((56 - 8 * len as isize) & 63) << 8;
        (bytes | len as u64, len)
    }

    /// The first eight bytes of a rest that starts and ends there in the heap, the first of them
    /// lowest. If the rest is shorter, the higher bytes are zero.
    ///
    /// # Safety
    /// `end` is at most the length of the heap.
    #[inline(always)]
    pub(super) unsafe fn first_word(self, start: usize, end: usize) -> u64 {
        debug_assert!(start <= end && end <= self.heap_len());
        // SAFETY: the word ends with the rest if that is shorter than eight bytes, and otherwise
        // lies in it. The rest ends within the heap (the caller).
        let word = unsafe { self.word_before(end.min(start + 8)) };
        // In two steps, since the shift may be that of a whole word.
        let half = 4 * 8usize.saturating_sub(end - start);
        word >> half >> half
    }

    /// The length of the heap.
    pub(super) fn heap_len(self) -> usize {
        self.start(self.len())
    }

    /// What follows the head in the suffix of entry `i`.
    #[inline]
    pub(super) fn rest(self, i: usize) -> &'a [u8] {
        let (start, end) = self.bounds(i);
        // SAFETY: the heap follows the ends, and `start <= end <= heap_len` (N2).
        unsafe { std::slice::from_raw_parts(self.byte(HEADER + 3 * self.len() + start), end - start) }
    }

    /// The rests of the entries `lo..hi`, back to back.
    pub(super) fn rests(self, lo: usize, hi: usize) -> &'a [u8] {
        let (start, end) = (self.start(lo), self.start(hi));
        // SAFETY: the heap follows the ends, and `start <= end <= heap_len` (N2).
        unsafe { std::slice::from_raw_parts(self.byte(HEADER + 3 * self.len() + start), end - start) }
    }

    /// Calls `each` with the byte at `depth`, behind the head, of each of the entries `lo..hi`.
    /// Their suffixes are longer than `depth`.
    #[inline(always)]
    pub(super) fn for_each_byte_at(self, lo: usize, hi: usize, depth: usize, mut each: impl FnMut(u8)) {
        let n = self.len();
        assert!(lo <= hi && hi <= n);
        // SAFETY: the heap follows the heads and the ends, and has this length (N2).
        let heap = unsafe { std::slice::from_raw_parts(self.byte(HEADER + 3 * n), self.heap_len()) };
        let mut start = self.start(lo);
        for i in lo..hi {
            each(heap[start + depth - 1]);
            // SAFETY: as in `end`.
            start = unsafe { self.byte(HEADER + n + 2 * i).cast::<u16>().read_unaligned() as usize };
        }
    }

    /// The suffix of entry `i`.
    #[inline]
    pub(super) fn suffix(self, i: usize) -> Suffix<'a> {
        Suffix { head: self.heads()[i], rest: self.rest(i) }
    }

    /// The length of the suffix of entry `i`.
    #[inline]
    pub(super) fn suffix_len(self, i: usize) -> usize {
        let (start, end) = self.bounds(i);
        1 + end - start
    }

    /// The size of this list with `values` values and `children` children more.
    #[inline]
    pub(super) fn need(self, values: usize, children: usize) -> usize {
        front_size(self.len(), self.heap_len())
            + back_size::<V>(self.value_count() + values, self.child_count() + children)
    }

    /// The offset of the value column.
    #[inline]
    pub(super) fn values_at(self) -> usize {
        self.size() - self.value_count() * Column::<V>::STRIDE
    }

    /// The offset of the child column.
    #[inline]
    pub(super) fn children_at(self) -> usize {
        self.values_at() / ALIGN * ALIGN - self.child_count() * size_of::<Shared<V>>()
    }

    /// The place of the value at this rank.
    #[inline]
    pub(super) fn value_place(self, rank: usize) -> *const u8 {
        debug_assert!(rank < self.value_count());
        self.byte(self.size() - (rank + 1) * Column::<V>::STRIDE)
    }

    /// The place of the first value, if there is one.
    #[inline]
    pub(super) fn first_place(self) -> *const u8 {
        self.at.as_ptr().cast::<u8>().wrapping_add(self.size() - Column::<V>::STRIDE)
    }

    /// # Safety
    /// There are more values than `rank`.
    #[inline]
    unsafe fn value(self, rank: usize) -> &'a V {
        // SAFETY: the column holds `value_count` values (N4), and is not written during 'a.
        unsafe { Column::get(self.value_place(rank)) }
    }

    #[inline]
    pub(super) fn own(self) -> Option<&'a V> {
        // SAFETY: the own value is the first (N4).
        self.has_own().then(|| unsafe { self.value(0) })
    }

    /// The value of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry has none.
    #[inline]
    pub(super) fn entry_value(self, i: usize) -> &'a V {
        assert!(self.has_value(i), "the entry has a value");
        // SAFETY: the entry has a value.
        unsafe { self.entry_value_unchecked(i) }
    }

    /// # Safety
    /// Entry `i` is there and has a value.
    #[inline]
    pub(super) unsafe fn entry_value_unchecked(self, i: usize) -> &'a V {
        // SAFETY: its rank is the number of values before it (N4).
        unsafe { self.value(self.value_rank(i)) }
    }

    /// The child of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry is no child.
    #[inline]
    pub(super) fn entry_child(self, i: usize) -> &'a Shared<V> {
        assert!(i < 32 && self.is_child(i), "the entry is a child");
        // SAFETY: the entry is a child.
        unsafe { self.entry_child_unchecked(i) }
    }

    /// # Safety
    /// Entry `i` is there and is a child.
    #[inline]
    pub(super) unsafe fn entry_child_unchecked(self, i: usize) -> &'a Shared<V> {
        // SAFETY: the place is that of the entry's child, which is not written during 'a.
        unsafe { &*self.entry_child_place(i) }
    }

    /// The place of the child of entry `i`, which is a child entry. Its rank is the number of
    /// children before it (N3). An entry that is neither child nor bare has a value (N4, N6).
    #[inline]
    pub(super) fn entry_child_place(self, i: usize) -> *const Shared<V> {
        let ListBits { child, bare } = self.bits();
        let (rank, others) = count_ones(child & low_bits(i), child | bare);
        let values = self.len() + self.has_own() as usize - others;
        debug_assert!(self.is_child(i) && (rank, values) == (self.child_rank(i), self.value_count()));
        let end = (self.size() - values * Column::<V>::STRIDE) / ALIGN * ALIGN;
        self.byte(end - (rank + 1) * size_of::<Shared<V>>()).cast()
    }

    /// The child at this rank among the children.
    ///
    /// # Panics
    /// Panics if there are no more children than `rank`.
    pub(super) fn child(self, rank: usize) -> &'a Shared<V> {
        assert!(rank < self.child_count(), "there is such a child");
        // SAFETY: as was just seen.
        unsafe { self.ranked_child(rank) }
    }

    /// # Safety
    /// There are more children than `rank`.
    #[inline]
    pub(super) unsafe fn ranked_child(self, rank: usize) -> &'a Shared<V> {
        // SAFETY: the column holds `child_count` children (N3), and is not written during 'a.
        unsafe { &*self.child_place(rank) }
    }

    /// The place of the child at this rank.
    #[inline]
    pub(super) fn child_place(self, rank: usize) -> *const Shared<V> {
        debug_assert!(rank < self.child_count());
        let end = self.values_at() / ALIGN * ALIGN;
        self.byte(end - (rank + 1) * size_of::<Shared<V>>()).cast()
    }

    #[inline]
    fn end_of(self, i: usize) -> EndRef<'a, V> {
        assert!(i < self.len());
        // SAFETY: the entry is there; if it is neither child nor bare it has a value (N4).
        unsafe {
            if self.is_child(i) {
                End::Child(self.entry_child_unchecked(i))
            } else if self.is_bare(i) {
                End::Bare
            } else {
                End::Value(self.entry_value_unchecked(i))
            }
        }
    }

    #[inline]
    pub(super) fn entry(self, i: usize) -> Entry<'a, V> {
        Entry { suffix: self.suffix(i), end: self.end_of(i) }
    }

    /// Entry `i`, given where its rest starts and how many values and children come before it.
    ///
    /// # Safety
    /// The numbers are those that [`start`](Self::start), [`value_rank`](Self::value_rank) and
    /// [`child_rank`](Self::child_rank) return.
    #[inline]
    pub(super) unsafe fn entry_after(
        self,
        i: usize,
        start: usize,
        values: usize,
        children: usize,
    ) -> Entry<'a, V> {
        let (head, end) = (self.heads()[i], self.end(i));
        debug_assert!(start == self.start(i) && start <= end);
        // SAFETY: as in `rest`, with the start that the caller knows.
        let rest =
            unsafe { std::slice::from_raw_parts(self.byte(HEADER + 3 * self.len() + start), end - start) };
        let at_end = if self.is_child(i) {
            // SAFETY: the entry is a child of this rank (the caller).
            End::Child(unsafe { self.ranked_child(children) })
        } else if self.is_bare(i) {
            End::Bare
        } else {
            // SAFETY: the entry has a value of this rank (the caller).
            End::Value(unsafe { self.value(values) })
        };
        Entry { suffix: Suffix { head, rest }, end: at_end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_words_are_counted_at_once() {
        let words = [0u32, 1, 1 << 31, 0x8000_0001, 0x0f0f_0f0f, 0xf0f0_f0f0, 0x5555_5555, !1, !0];
        for a in words {
            for b in words {
                let expected = (a.count_ones() as usize, b.count_ones() as usize);
                assert_eq!(count_at_once(a, b), expected);
                assert_eq!(count_ones(a, b), expected);
            }
        }
    }
}
