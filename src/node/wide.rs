//! Reading a wide node: two 256-bit masks and packed columns.
//!
//! ```text
//! front   header · child mask · tail mask · children [pointer; c]
//!         … slack …
//! back    tails [8 bytes; t] · values [V; own + t], each column with its first element last
//! ```
//! A byte in the child mask leads to the root of a child. A byte in the tail mask leads to a
//! value or to a dangling tip, by up to seven more bytes that lie in the tail. While every tail
//! is a value with no further byte there is no column of tails: each dense integer costs a value,
//! or a few bits with `()`.

use std::marker::PhantomData;
use std::mem::offset_of;
use std::ptr::NonNull;

use super::column::Column;
use super::end::{End, Entry};
use super::found::{Found, Vacancy};
use super::header::{ALIGN, HEADER, Header, OWN, TAILS, WideBits};
use super::shared::Shared;
use super::spot::Spot;
use super::suffix::Suffix;
use crate::bytes::{ByteMask, common_prefix, equal};

/// Where the child column starts.
pub(super) const CHILDREN: usize = HEADER + 64;

/// The size of a wide node.
pub(super) fn wide_size<V>(children: usize, tails: usize, tail_column: bool, own: bool) -> usize {
    CHILDREN
        + children * size_of::<Shared<V>>()
        + if tail_column { tails * size_of::<Tail>() } else { 0 }
        + ((tails + own as usize) * Column::<V>::STRIDE).next_multiple_of(ALIGN)
}

/// The end of a wide node's entry that is no child: the up to seven bytes after the first one, and
/// whether there is a value. The last byte has their number and [`Tail::VALUED`]. The bytes between
/// are zero, so equal tails are equal words.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tail([u8; 8]);

impl Tail {
    /// The most bytes that a tail holds.
    pub(super) const MAX: usize = 7;
    const VALUED: u8 = 8;

    /// A value with no further byte, as all tails are without a column of tails.
    pub(super) const PLAIN: Self = Self([0, 0, 0, 0, 0, 0, 0, Self::VALUED]);

    #[inline]
    pub(super) fn new(rest: &[u8], valued: bool) -> Self {
        let mut bytes = [0; 8];
        bytes[..rest.len()].copy_from_slice(rest);
        bytes[Self::MAX] = rest.len() as u8 | if valued { Self::VALUED } else { 0 };
        Self(bytes)
    }

    /// A tail with a rest of `len` bytes, which are the lowest of `rest`.
    #[inline]
    pub(super) fn of_word(rest: u64, len: usize, valued: bool) -> Self {
        debug_assert!(len <= Self::MAX);
        let last = len as u8 | if valued { Self::VALUED } else { 0 };
        let rest = rest & ((1 << (8 * len)) - 1);
        Self((rest | u64::from(last) << (8 * Self::MAX)).to_le_bytes())
    }

    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        let (rest, rest_len) = self.word();
        &rest[..rest_len]
    }

    /// A word that begins with the rest, and the length of the rest.
    #[inline]
    pub(super) fn word(&self) -> (&[u8; 8], usize) {
        (&self.0, (self.0[Self::MAX] & 7) as usize)
    }

    #[inline]
    pub(super) fn is_valued(&self) -> bool {
        self.0[Self::MAX] & Self::VALUED != 0
    }

    /// True iff the entry needs no column of tails.
    pub(super) fn is_plain(&self) -> bool {
        self.0[Self::MAX] == Self::VALUED
    }
}

/// A wide node that nobody writes during `'a`.
pub(super) struct WideRef<'a, V> {
    at: NonNull<Header>,
    life: PhantomData<&'a V>,
}

impl<V> Clone for WideRef<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for WideRef<'_, V> {}

// SAFETY: it reads what a `NodeRef` does (N5).
unsafe impl<V: Send + Sync> Send for WideRef<'_, V> {}
// SAFETY: as above.
unsafe impl<V: Send + Sync> Sync for WideRef<'_, V> {}

/// Where a key leads from a wide node's root.
pub(super) enum WideSeek<'a, V> {
    /// A tail that is the key.
    Hit(u8),
    /// A child, below the key's first byte.
    Child(&'a Shared<V>),
    /// Neither.
    Miss,
}

impl<'a, V> WideRef<'a, V> {
    /// # Safety
    /// `at` is a wide node that lives, and that nobody writes, during `'a`.
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
    pub(super) fn bits(self) -> &'a WideBits {
        // SAFETY: the node is wide, and its header was written as one (N1).
        unsafe { &self.header().kind.wide }
    }

    pub(super) fn size(self) -> usize {
        self.header().units as usize * ALIGN
    }

    #[inline]
    pub(super) fn has_own(self) -> bool {
        self.header().flags & OWN != 0
    }

    #[inline]
    pub(super) fn has_tails(self) -> bool {
        self.header().flags & TAILS != 0
    }

    /// The bytes that lead to children.
    #[inline]
    pub(super) fn children(self) -> &'a [u64; 4] {
        // SAFETY: the masks follow the header (N2).
        unsafe { &*self.byte(HEADER).cast() }
    }

    /// The bytes that lead to tails.
    #[inline]
    pub(super) fn tails(self) -> &'a [u64; 4] {
        // SAFETY: the masks follow the header (N2).
        unsafe { &*self.byte(HEADER + 32).cast() }
    }

    #[inline]
    pub(super) fn mask(self) -> ByteMask {
        let (c, t) = (self.children(), self.tails());
        ByteMask([c[0] | t[0], c[1] | t[1], c[2] | t[2], c[3] | t[3]])
    }

    #[inline]
    pub(super) fn is_child(self, byte: u8) -> bool {
        test(self.children(), byte)
    }

    #[inline]
    pub(super) fn is_tail(self, byte: u8) -> bool {
        test(self.tails(), byte)
    }

    #[inline]
    pub(super) fn has_entry(self, byte: u8) -> bool {
        self.is_child(byte) || self.is_tail(byte)
    }

    /// The numbers of children before each word of the mask, a byte each.
    #[inline(always)]
    fn before_child(self) -> u32 {
        self.counts_at(offset_of!(WideBits, before_child))
    }

    /// The numbers of tails before each word of the mask, a byte each.
    #[inline(always)]
    fn before_tail(self) -> u32 {
        self.counts_at(offset_of!(WideBits, before_tail))
    }

    /// Three counts of the header behind a zero, the first of them lowest.
    #[inline(always)]
    fn counts_at(self, offset: usize) -> u32 {
        // SAFETY: the header ends with the bits of a wide node (N1), which have no padding. At
        // least one byte follows the three, and it is shifted out.
        let counts = unsafe { *self.byte(offset_of!(Header, kind) + offset).cast::<[u8; 4]>() };
        u32::from_le_bytes(counts) << 8
    }

    #[inline]
    pub(super) fn child_rank(self, byte: u8) -> usize {
        rank(self.children(), self.before_child(), byte)
    }

    #[inline]
    pub(super) fn tail_rank(self, byte: u8) -> usize {
        rank(self.tails(), self.before_tail(), byte)
    }

    pub(super) fn child_count(self) -> usize {
        self.bits().before_child[2] as usize + self.children()[3].count_ones() as usize
    }

    #[inline]
    pub(super) fn tail_count(self) -> usize {
        self.bits().tails as usize
    }

    /// The size of this node with `children` children and `tails` tails more.
    pub(super) fn need(self, children: usize, tails: usize) -> usize {
        let (children, tails) = (self.child_count() + children, self.tail_count() + tails);
        wide_size::<V>(children, tails, self.has_tails(), self.has_own())
    }

    /// The offset of the value column.
    #[inline]
    pub(super) fn values_at(self) -> usize {
        self.size() - (self.tail_count() + self.has_own() as usize) * Column::<V>::STRIDE
    }

    /// Where the column of tails ends, below the values.
    #[inline]
    fn tails_end(self) -> usize {
        self.values_at() / ALIGN * ALIGN
    }

    /// The offset of the column of tails.
    pub(super) fn tails_at(self) -> usize {
        debug_assert!(self.has_tails());
        self.tails_end() - self.tail_count() * size_of::<Tail>()
    }

    #[inline]
    pub(super) fn own(self) -> Option<&'a V> {
        // SAFETY: the first value of the column is the node's own (N4), and is not written during
        // 'a.
        self.has_own().then(|| unsafe { Column::get(self.value_place(0)) })
    }

    /// The tail at this rank.
    #[inline]
    pub(super) fn tail(self, rank: usize) -> &'a Tail {
        assert!(rank < self.tail_count());
        if !self.has_tails() {
            return const { &Tail::PLAIN };
        }
        // SAFETY: the column holds `tail_count` tails (N2).
        unsafe { &*self.byte(self.tails_end() - (rank + 1) * size_of::<Tail>()).cast() }
    }

    /// The column of tails, with the first tail last; nothing if the node has none.
    #[inline]
    pub(super) fn tail_column(self) -> &'a [Tail] {
        if !self.has_tails() {
            return &[];
        }
        // SAFETY: the column holds `tail_count` tails (N2), and is not written during 'a.
        unsafe { std::slice::from_raw_parts(self.byte(self.tails_at()).cast(), self.tail_count()) }
    }

    /// The value of the tail at this rank.
    ///
    /// # Panics
    /// Panics if the tail has none.
    #[inline]
    pub(super) fn tail_value(self, rank: usize) -> &'a V {
        assert!(self.tail(rank).is_valued(), "the tail has a value");
        // SAFETY: the place of a valued tail is filled (N4), and is not written during 'a.
        unsafe { Column::get(self.value_place(rank + self.has_own() as usize)) }
    }

    /// The value of the tail of `head`, which leads to no child, if its rest is the last `len`
    /// bytes of a path. The last eight bytes of the path are `word`.
    #[inline(always)]
    pub(super) fn value_behind(self, head: u8, word: u64, len: usize) -> Option<&'a V> {
        if !self.is_tail(head) || len > Tail::MAX {
            return None;
        }
        let rank = self.tail_rank(head);
        debug_assert!(rank < self.tail_count());
        if self.has_tails() {
            // SAFETY: the byte is in the tail mask, so the column holds a tail of its rank (N2).
            let tail =
                unsafe { *self.byte(self.tails_end() - (rank + 1) * size_of::<Tail>()).cast::<Tail>() };
            // The rest, from the lowest byte on. In two shifts, since one cannot shift out all.
            let rest = word >> 8 >> (56 - 8 * len);
            if u64::from_le_bytes(tail.0) != rest | (len as u64 | u64::from(Tail::VALUED)) << 56 {
                return None;
            }
        } else if len > 0 {
            return None;
        }
        // SAFETY: the place of a valued tail is filled (N4), and is not written during 'a.
        Some(unsafe { Column::get(self.value_place(rank + self.has_own() as usize)) })
    }

    /// The place at this rank of the value column; the node's own value is the first.
    #[inline]
    pub(super) fn value_place(self, rank: usize) -> *const u8 {
        self.byte(self.size() - (rank + 1) * Column::<V>::STRIDE)
    }

    /// The child at this rank.
    #[inline]
    pub(super) fn child(self, rank: usize) -> &'a Shared<V> {
        assert!(rank < self.child_count());
        // SAFETY: as was just seen.
        unsafe { self.ranked_child(rank) }
    }

    /// # Safety
    /// There are more children than `rank`.
    #[inline]
    pub(super) unsafe fn ranked_child(self, rank: usize) -> &'a Shared<V> {
        debug_assert!(rank < self.child_count());
        // SAFETY: the column holds `child_count` children (N3), and is not written during 'a.
        unsafe { &*self.child_place(rank) }
    }

    /// The place of the child at this rank.
    #[inline]
    pub(super) fn child_place(self, rank: usize) -> *const Shared<V> {
        self.byte(CHILDREN + rank * size_of::<Shared<V>>()).cast()
    }

    /// The child of `byte`.
    ///
    /// # Panics
    /// Panics if the byte leads to no child.
    #[inline]
    pub(super) fn child_of(self, byte: u8) -> &'a Shared<V> {
        assert!(self.is_child(byte), "the entry is a child");
        // SAFETY: the byte is in the child mask, so the column holds its child at its rank (N2,
        // N3), and is not written during 'a.
        unsafe { &*self.byte(CHILDREN + self.child_rank(byte) * size_of::<Shared<V>>()).cast() }
    }

    /// The child of `byte`, if it leads to one.
    #[inline(always)]
    pub(super) fn child_at_byte(self, byte: u8) -> Option<&'a Shared<V>> {
        let (word, at) = (byte as usize / 64, byte % 64);
        let bits = self.children()[word];
        if bits >> at & 1 == 0 {
            return None;
        }
        // SAFETY: the byte is in the child mask (N2).
        Some(unsafe { self.ranked_child(self.child_rank(byte)) })
    }

    /// The child of `byte`, and the child after it.
    ///
    /// # Panics
    /// Panics if the byte leads to no child.
    #[inline]
    pub(super) fn child_and_next(self, byte: u8) -> (&'a Shared<V>, Option<&'a Shared<V>>) {
        assert!(self.is_child(byte), "the entry is a child");
        let rank = self.child_rank(byte);
        // Mostly the next child's bit is in the same word, and the children need not be counted.
        let more = self.children()[byte as usize / 64] >> (byte % 64) > 1 || rank + 1 < self.child_count();
        // SAFETY: the byte is in the child mask, so the column holds its child at its rank, and
        // behind it the next if there are more (N2, N3).
        unsafe { (self.ranked_child(rank), more.then(|| self.ranked_child(rank + 1))) }
    }

    /// The number of values in this node, its own included.
    pub(super) fn value_count(self) -> usize {
        let own = self.has_own() as usize;
        if !self.has_tails() {
            return own + self.tail_count();
        }
        own + (0..self.tail_count()).filter(|&rank| self.tail(rank).is_valued()).count()
    }

    /// True iff every entry is a value with no further byte.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        !self.has_tails() && self.child_count() == 0
    }

    /// The entry of `byte`, which has one.
    #[inline]
    pub(super) fn entry(self, byte: u8) -> Entry<'a, V> {
        if self.is_child(byte) {
            let child = self.child(self.child_rank(byte));
            return Entry { suffix: Suffix::byte(byte), end: End::Child(child) };
        }
        self.tail_entry(byte, self.tail_rank(byte))
    }

    /// The entry of `byte`, which is a tail of this rank.
    #[inline]
    pub(super) fn tail_entry(self, byte: u8, rank: usize) -> Entry<'a, V> {
        debug_assert!(rank == self.tail_rank(byte));
        if !self.has_tails() {
            return Entry { suffix: Suffix::byte(byte), end: End::Value(self.tail_value(rank)) };
        }
        let tail = self.tail(rank);
        let end = if tail.is_valued() { End::Value(self.tail_value(rank)) } else { End::Bare };
        Entry { suffix: Suffix { head: byte, rest: tail.rest() }, end }
    }

    /// Where `key` leads; it is not empty.
    #[inline]
    pub(super) fn seek(self, key: &[u8]) -> WideSeek<'a, V> {
        if self.is_child(key[0]) {
            return WideSeek::Child(self.child_of(key[0]));
        }
        if !self.is_tail(key[0]) {
            return WideSeek::Miss;
        }
        let tail = self.tail(self.tail_rank(key[0])).rest();
        if tail.len() == key.len() - 1 && equal(tail, &key[1..]) {
            WideSeek::Hit(key[0])
        } else {
            WideSeek::Miss
        }
    }

    /// Where `key` leads for an edit; it is not empty.
    pub(super) fn find(self, key: &[u8]) -> Found {
        let byte = key[0];
        let at = byte as usize;
        if self.is_child(byte) {
            return Found::Child(at, 1);
        }
        if !self.is_tail(byte) {
            return Found::Vacant(Vacancy { at, displaces: false });
        }
        let tail = self.tail(self.tail_rank(byte));
        match (tail.rest() == &key[1..], tail.is_valued()) {
            (true, true) => Found::Value(at),
            (true, false) => Found::Bare(at),
            (false, _) => Found::Vacant(Vacancy { at, displaces: true }),
        }
    }

    /// The tail in which `spot` lies.
    #[inline]
    fn tail_of(self, spot: Spot) -> &'a Tail {
        self.tail(self.tail_rank(spot.lo as u8))
    }

    pub(super) fn child_mask(self, spot: Spot) -> ByteMask {
        if spot.depth() == 0 {
            return self.mask();
        }
        match self.tail_of(spot).rest().get(spot.depth() - 1) {
            Some(&byte) => ByteMask::from(byte),
            None => ByteMask::EMPTY,
        }
    }

    /// The spot one byte further down.
    #[inline]
    pub(super) fn narrow(self, spot: Spot, byte: u8) -> Option<Spot> {
        let exists = if spot.depth() == 0 {
            self.is_child(byte) || self.is_tail(byte)
        } else {
            self.tail_of(spot).rest().get(spot.depth() - 1) == Some(&byte)
        };
        let lo = if spot.depth() == 0 { byte as u16 } else { spot.lo };
        exists.then_some(Spot::new(lo, lo + 1, spot.depth() + 1))
    }

    /// Follows `key` from `spot` as far as this node has locations; stops at a child's root.
    #[inline]
    pub(super) fn follow(self, mut spot: Spot, key: &[u8]) -> (usize, Spot) {
        let mut used = 0;
        if spot.depth() == 0 {
            let Some(next) = key.first().and_then(|&byte| self.narrow(spot, byte)) else { return (0, spot) };
            spot = next;
            used = 1;
        }
        if self.is_tail(spot.lo as u8) {
            let more = common_prefix(&self.tail_of(spot).rest()[spot.depth() - 1..], &key[used..]);
            spot.deepen(more);
            used += more;
        }
        (used, spot)
    }

    /// True iff the spot is the root of the child of its entry.
    #[inline]
    pub(super) fn at_child(self, spot: Spot) -> bool {
        spot.depth() == 1 && self.is_child(spot.lo as u8)
    }

    #[inline]
    pub(super) fn value_at(self, spot: Spot) -> Option<&'a V> {
        if spot.depth() == 0 {
            return self.own();
        }
        let rank = self.tail_rank(spot.lo as u8);
        if !self.has_tails() {
            return (spot.depth() == 1).then(|| self.tail_value(rank));
        }
        let tail = self.tail(rank);
        (tail.is_valued() && tail.rest().len() == spot.depth() - 1).then(|| self.tail_value(rank))
    }

    /// The end of the single branch that goes on from `spot`, if there is one.
    pub(super) fn unbranched(self, spot: Spot) -> Option<Spot> {
        let lo = if spot.depth() == 0 {
            let mask = self.mask();
            if mask.count_bits() != 1 {
                return None;
            }
            mask.indexed_bit::<true>(0)?
        } else {
            spot.lo as u8
        };
        let depth = if self.is_child(lo) { 1 } else { 1 + self.tail(self.tail_rank(lo)).rest().len() };
        (depth > spot.depth()).then_some(Spot::new(lo as u16, lo as u16 + 1, depth))
    }

    /// The first entry at or after `byte`.
    #[inline]
    pub(super) fn next_entry(self, byte: usize) -> Option<usize> {
        let (c, t) = (self.children(), self.tails());
        let mut word = byte / 64;
        let mut from = !0u64 << (byte % 64);
        while word < 4 {
            let bits = (c[word] | t[word]) & from;
            if bits != 0 {
                return Some(word * 64 + bits.trailing_zeros() as usize);
            }
            from = !0;
            word += 1;
        }
        None
    }
}

#[inline]
pub(super) fn test(mask: &[u64; 4], byte: u8) -> bool {
    mask[byte as usize / 64] >> (byte % 64) & 1 != 0
}

/// The number of bits before that of `byte`. One word is counted; `before` has the counts of the
/// words before, a byte each. That of the first word is zero: a branch in its place would be
/// mispredicted.
#[inline]
fn rank(mask: &[u64; 4], before: u32, byte: u8) -> usize {
    let word = byte as usize / 64;
    let in_word = (mask[word] & ((1u64 << (byte % 64)) - 1)).count_ones();
    (in_word + (before >> (8 * word) & 0xff)) as usize
}
