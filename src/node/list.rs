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
use super::found::{Found, Vacancy};
use super::header::{ALIGN, HEADER, Header, ListBits, OWN};
use super::heads::{below, matching};
use super::shared::Shared;
use super::suffix::Suffix;
use crate::bytes::{common_prefix, equal, starts_with};

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

/// The run of entries that a set of entries with one head is.
#[inline]
fn run_of(bits: u32) -> (usize, usize) {
    (bits.trailing_zeros() as usize, 32 - bits.leading_zeros() as usize)
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

/// The order of two suffixes. They differ early or are short, so a call of `memcmp` would cost
/// more.
#[inline]
fn compare(a: &[u8], b: &[u8]) -> std::cmp::Ordering {
    let shared = common_prefix(a, b);
    a.get(shared).cmp(&b.get(shared))
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

/// Where a key leads from a list's root.
pub(super) enum ListSeek {
    /// The entry whose suffix is the key. It is there, and it is not a child.
    Hit(usize),
    /// The entry whose suffix begins the key, and the suffix's length. It is there, and it is a
    /// child.
    Child(usize, usize),
    /// Neither.
    Miss,
}

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
    fn byte(self, offset: usize) -> *const u8 {
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
    #[inline]
    fn bounds(self, i: usize) -> (usize, usize) {
        assert!(i < self.len());
        // SAFETY: as in `end`. Before the first end are heads or the last byte of the header,
        // which are initialised too.
        unsafe {
            let end = self.byte(HEADER + self.len() + 2 * i).cast::<u16>();
            // Read for the first entry too, and replaced by zero: a branch would be mispredicted.
            let before = end.sub(1).read_unaligned();
            let start = if i == 0 { 0 } else { before };
            (start as usize, end.read_unaligned() as usize)
        }
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

    /// The byte at `depth`, behind the head, of each of the entries `lo..hi`, whose suffixes are
    /// longer than `depth`.
    #[inline]
    pub(super) fn bytes_at(self, lo: usize, hi: usize, depth: usize) -> impl Iterator<Item = u8> + 'a {
        let n = self.len();
        assert!(lo <= hi && hi <= n);
        // SAFETY: the heap follows the heads and the ends, and has this length (N2).
        let heap = unsafe { std::slice::from_raw_parts(self.byte(HEADER + 3 * n), self.heap_len()) };
        let mut start = self.start(lo);
        (lo..hi).map(move |i| {
            let byte = heap[start + depth - 1];
            // SAFETY: as in `end`.
            start = unsafe { self.byte(HEADER + n + 2 * i).cast::<u16>().read_unaligned() as usize };
            byte
        })
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

    /// The place of the child of entry `i`, which is one. Its rank is the number of children
    /// before it (N3).
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

    /// The suffix of entry `i`, given where its rest starts.
    ///
    /// # Safety
    /// The entry is there, and the number is the one that [`start`](Self::start) returns.
    #[inline]
    pub(super) unsafe fn suffix_from(self, i: usize, start: usize) -> Suffix<'a> {
        let n = self.len();
        debug_assert!(i < n && start == self.start(i));
        // SAFETY: `n` heads follow the header, and then `n` ends at any alignment (N2); the entry
        // is there (the caller).
        let (head, end) = unsafe {
            let end = self.byte(HEADER + n + 2 * i).cast::<u16>().read_unaligned() as usize;
            (self.byte(HEADER + i).read(), end)
        };
        debug_assert!(start <= end);
        // SAFETY: as in `rest`, with the start that the caller knows.
        let rest = unsafe { std::slice::from_raw_parts(self.byte(HEADER + 3 * n + start), end - start) };
        Suffix { head, rest }
    }

    /// What is at the end of entry `i`, which is no child.
    ///
    /// # Panics
    /// Panics if the entry is a child, or is not there.
    #[inline]
    pub(super) fn end_of_leaf(self, i: usize) -> EndRef<'a, V> {
        let ListBits { child, bare } = self.bits();
        assert!(i < self.len(), "the entry is there");
        // Most often each entry has a value, and then no bits need to be counted.
        if child | bare == 0 {
            // SAFETY: each entry has a value, and those before it are preceded by the node's own
            // (N4).
            return End::Value(unsafe { self.value(i + self.has_own() as usize) });
        }
        assert!(child >> i & 1 == 0, "the entry is no child");
        self.end_of(i)
    }

    /// The set of entries with this head, one bit each.
    #[inline]
    fn with_head(self, head: u8) -> u32 {
        let n = self.len();
        let sixteen = |offset| {
            // SAFETY: the sixteen bytes behind the header are always initialised. With more than
            // sixteen entries the next sixteen are too, since heads and ends alone take three
            // bytes per entry (N2).
            let bytes = unsafe { *self.byte(HEADER + offset).cast::<[u8; 16]>() };
            matching(bytes, head)
        };
        let mut bits = sixteen(0);
        if n > 16 {
            bits |= sixteen(16) << 16;
        }
        bits & low_bits(n)
    }

    /// The number of entries with a smaller head.
    #[inline]
    fn heads_below(self, head: u8) -> usize {
        let n = self.len();
        let sixteen = |offset| {
            // SAFETY: as in `with_head`.
            let bytes = unsafe { *self.byte(HEADER + offset).cast::<[u8; 16]>() };
            below(bytes, head)
        };
        let mut bits = sixteen(0);
        if n > 16 {
            bits |= sixteen(16) << 16;
        }
        (bits & low_bits(n)).count_ones() as usize
    }

    /// The run of entries with this head; an empty run at its place if there is none.
    #[inline]
    pub(super) fn head_run(self, head: u8) -> (usize, usize) {
        match self.with_head(head) {
            0 => {
                let at = self.heads_below(head);
                (at, at)
            }
            bits => run_of(bits),
        }
    }

    /// The length of the suffix of entry `i`, if it begins `key`, of which the first byte is known
    /// to be the entry's.
    #[inline]
    fn begins(self, i: usize, key: &[u8]) -> Option<usize> {
        let (start, end) = self.bounds(i);
        let (len, tail) = (end - start, &key[1..]);
        let Some(wanted) = tail.first_chunk::<8>().filter(|_| len <= 8) else {
            return starts_with(tail, self.rest(i)).then_some(1 + len);
        };
        // One comparison for all lengths up to eight, without branches that depend on the length.
        // The word ends where the rest does.
        // SAFETY: the heap ends there (N2). Before it lie at least three bytes of heads and ends,
        // and the header, whose last eight bytes are not written while the list is borrowed.
        let word = unsafe { *self.byte(HEADER + 3 * self.len() + end - 8).cast::<[u8; 8]>() };
        let bits = 8 * len as u32;
        // All ones for eight bytes, and zero for none.
        let mask = ((1u64 << (bits & 63)) - 1) | 0u64.wrapping_sub(len as u64 >> 3);
        let rest = u64::from_le_bytes(word) >> ((64 - bits) & 63);
        ((rest ^ u64::from_le_bytes(*wanted)) & mask == 0).then_some(1 + len)
    }

    /// The child entry among `entries`, all of which have the key's first byte as head, whose
    /// suffix begins the key.
    #[inline(always)]
    fn child_among(self, entries: u32, key: &[u8]) -> Option<(usize, usize)> {
        let mut children = entries & self.bits().child;
        while children != 0 {
            let i = children.trailing_zeros() as usize;
            if let Some(used) = self.begins(i, key) {
                return Some((i, used));
            }
            children &= children - 1;
        }
        None
    }

    /// The child entry whose suffix begins `key`, which is not empty, and the suffix's length.
    #[inline(always)]
    pub(super) fn child_on_way(self, key: &[u8]) -> Option<(usize, usize)> {
        self.child_among(self.with_head(key[0]), key)
    }

    /// Where `key` leads; it is not empty.
    #[inline]
    pub(super) fn seek(self, key: &[u8]) -> ListSeek {
        let bits = self.with_head(key[0]);
        // Children first: most steps go to one.
        if let Some((i, used)) = self.child_among(bits, key) {
            return ListSeek::Child(i, used);
        }
        let tail = &key[1..];
        let mut others = bits & !self.bits().child;
        while others != 0 {
            let i = others.trailing_zeros() as usize;
            let rest = self.rest(i);
            if rest.len() == tail.len() && equal(rest, tail) {
                return ListSeek::Hit(i);
            }
            others &= others - 1;
        }
        ListSeek::Miss
    }

    /// The place of an entry with suffix `key`: `Ok` if the entry is there, `Err` if not. A bare
    /// entry or a child entry whose suffix begins the key is just before that place.
    pub(super) fn place(self, key: &[u8]) -> Result<usize, usize> {
        let (lo, hi) = self.head_run(key[0]);
        self.place_within(key, lo, hi)
    }

    /// Like [`place`](Self::place), given the run of entries with the key's first byte as head.
    fn place_within(self, key: &[u8], mut lo: usize, mut hi: usize) -> Result<usize, usize> {
        let tail = &key[1..];
        while lo < hi {
            let middle = (lo + hi) / 2;
            match compare(self.rest(middle), tail) {
                std::cmp::Ordering::Less => lo = middle + 1,
                std::cmp::Ordering::Equal => return Ok(middle),
                std::cmp::Ordering::Greater => hi = middle,
            }
        }
        Err(lo)
    }

    /// Where `key` leads for an edit; it is not empty.
    pub(super) fn find(self, key: &[u8]) -> Found {
        let bits = self.with_head(key[0]);
        if bits == 0 {
            return Found::Vacant(Vacancy { at: self.heads_below(key[0]), displaces: false });
        }
        if let Some((i, used)) = self.child_among(bits, key) {
            return Found::Child(i, used);
        }
        let (lo, hi) = run_of(bits);
        let at = match self.place_within(key, lo, hi) {
            Ok(i) if self.is_bare(i) => return Found::Bare(i),
            Ok(i) => return Found::Value(i),
            Err(at) => at,
        };
        // A tip that the key extends is the entry just before: what lies between would extend it
        // too (N6).
        let displaces = at > lo && self.is_bare(at - 1) && starts_with(&key[1..], self.rest(at - 1));
        Found::Vacant(Vacancy { at, displaces })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::column::Stored;
    use crate::node::end::End;
    use crate::node::pack::Bundle;
    use crate::node::view::Kind;

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

    /// Child entries with rests of every length up to eleven, behind rests of every length, and
    /// keys that agree with them, differ in one byte, or end within them.
    #[test]
    fn a_child_entry_is_found_iff_its_suffix_begins_the_key() {
        let child = || {
            let mut below = Bundle::new(None);
            below.push(b"x", End::Value(Stored::new(0u8)));
            below.push(b"y", End::Value(Stored::new(0u8)));
            below.pack()
        };
        for before in 0..11 {
            for len in 0..11 {
                let suffix: Vec<u8> = (0..=len).map(|i| b'b' + i).collect();
                let mut bundle = Bundle::new(None);
                bundle.push(&vec![b'a'; 1 + before], End::Value(Stored::new(1)));
                bundle.push(&suffix, End::Child(child()));
                let node = bundle.pack();
                let Kind::List(list) = node.view().kind() else { panic!("two entries are a list") };
                for more in 0..11 {
                    let key = [&suffix[..], &vec![b'~'; more]].concat();
                    assert_eq!(list.child_on_way(&key), Some((1, suffix.len())));
                    for at in 1..suffix.len() {
                        let mut other = key.clone();
                        other[at] ^= 0x80;
                        assert_eq!(list.child_on_way(&other), None);
                    }
                }
                for short in 1..suffix.len() {
                    assert_eq!(list.child_on_way(&suffix[..short]), None);
                }
            }
        }
    }
}
