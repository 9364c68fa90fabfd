//! Building one node from entries that have been counted: each column is filled once, in order.

use std::mem;
use std::ptr::NonNull;

use super::back::Back;
use super::column::{Column, Stored};
use super::end::{End, EndKind, EndOwned};
use super::header::{self, HEADER, Header, KindBits, ListBits, OWN, TAILS, WIDE, WideBits, size_class};
use super::limits::Limits;
use super::list::{back_size, front_size};
use super::shared::Shared;
use super::suffix::Suffix;
use super::wide::{CHILDREN, Tail, wide_size};
use crate::bytes::ByteMask;

/// The counts of a set of entries: the size of their node, and the kinds that it can be.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shape {
    pub(super) entries: usize,
    pub(super) values: usize,
    pub(super) children: usize,
    /// The bytes of all rests.
    pub(super) heap: usize,
    /// The length of the longest rest, among all entries and among child entries.
    pub(super) longest: usize,
    pub(super) longest_to_child: usize,
    /// The number of different first bytes.
    pub(super) heads: usize,
    pub(super) last: Option<u8>,
}

/// A kind of node to be built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    List,
    Wide,
}

impl Form {
    pub(crate) fn is_list(self) -> bool {
        self == Self::List
    }
}

/// A node that is being built; dropped if what provides its entries panics.
pub(super) struct Unfinished<V> {
    at: NonNull<Header>,
    /// The places of the values, if dropping them does anything.
    values: Vec<*mut u8>,
    /// The place of the first child, the distance from there to the next one, and the number of
    /// children.
    first_child: *mut Shared<V>,
    step: isize,
    children: usize,
}

impl<V> Unfinished<V> {
    pub(super) fn new(at: NonNull<Header>, first_child: *mut Shared<V>, step: isize) -> Self {
        Self { at, values: Vec::new(), first_child, step, children: 0 }
    }

    /// # Safety
    /// `place` is a vacant place of the value column.
    #[inline(always)]
    pub(super) unsafe fn put_value(&mut self, place: *mut u8, value: Stored<V>) {
        // SAFETY: the caller's promise.
        unsafe { Column::write(place, value) };
        self.filled(place);
    }

    /// Clones the value at a place of another node's value column.
    ///
    /// # Safety
    /// `place` is a vacant place of the value column, and `from` a filled one of the other.
    #[inline(always)]
    pub(super) unsafe fn share_value(&mut self, place: *mut u8, from: *const u8)
    where
        V: Clone,
    {
        // SAFETY: the caller's promise.
        unsafe { Column::<V>::share_to(from, place) };
        self.filled(place);
    }

    /// Notes that a place of the value column has been filled.
    #[inline(always)]
    fn filled(&mut self, place: *mut u8) {
        if Column::<V>::NEEDS_DROP {
            self.values.push(place);
        }
    }

    /// # Safety
    /// There is a place for another child.
    #[inline(always)]
    pub(super) unsafe fn put_child(&mut self, child: Shared<V>) {
        // SAFETY: the places follow one another, and this is the first vacant one (the caller).
        unsafe { self.first_child.offset(self.step * self.children as isize).write(child) };
        self.children += 1;
    }

    /// # Safety
    /// All columns are filled: the node is well-formed.
    #[inline(always)]
    pub(super) unsafe fn finish(mut self) -> Shared<V> {
        self.values = Vec::new();
        let at = self.at;
        mem::forget(self);
        // SAFETY: the node is well-formed, and has one owner.
        unsafe { Shared::from_raw(at) }
    }
}

impl<V> Drop for Unfinished<V> {
    #[cold]
    fn drop(&mut self) {
        // SAFETY: these places are filled, and nobody else uses the memory.
        unsafe {
            for &place in &self.values {
                Column::<V>::drop(place);
            }
            for i in 0..self.children {
                drop(self.first_child.offset(self.step * i as isize).read());
            }
            header::release(self.at);
        }
    }
}

impl Shape {
    /// Adds an entry behind all others.
    #[inline]
    pub(crate) fn add(&mut self, head: u8, rest: usize, end: EndKind) {
        self.entries += 1;
        self.heap += rest;
        self.longest = self.longest.max(rest);
        self.heads += (self.last != Some(head)) as usize;
        self.last = Some(head);
        match end {
            End::Value(()) => self.values += 1,
            End::Bare => {}
            End::Child(()) => {
                self.children += 1;
                self.longest_to_child = self.longest_to_child.max(rest);
            }
        }
    }

    /// The counts of entries of which none leads to a child, and of which any may be the longest.
    /// They tell whether one list holds the entries, but not whether a wide node does.
    #[inline]
    pub(super) fn of_leaf(entries: usize, heap: usize, values: usize) -> Self {
        Self { entries, values, heap, longest: heap, ..Self::default() }
    }

    /// True iff the entries are so few that they are better kept in the node above than in one of
    /// their own. A wide node above takes at most one entry from each child.
    pub(crate) fn is_small(&self, own_values: usize, above_is_wide: bool) -> bool {
        let limits = Limits::current();
        let entries = self.entries + own_values;
        // A suffix that is moved up level by level must not grow without bound.
        entries <= 1 && self.heap < Limits::SUFFIX / 2
            || !above_is_wide && entries <= limits.entries / 8 && self.heap <= limits.bytes / 8
    }

    /// The size of the entries as a list, the node's own values included.
    pub(super) fn list_size<V>(&self, own_values: usize) -> usize {
        front_size(self.entries, self.heap) + back_size::<V>(self.values + own_values, self.children)
    }

    /// True iff a suffix is too long for one entry.
    pub(super) fn has_long_suffix(&self) -> bool {
        self.longest >= Limits::SUFFIX
    }

    /// The kind of the one node that holds the entries; `None` if they need more than one node.
    pub(crate) fn form<V>(&self, own_values: usize) -> Option<Form> {
        let limits = Limits::current();
        let few = self.entries <= Limits::FEW.min(limits.entries);
        let fits = self.entries <= limits.entries && self.list_size::<V>(own_values) <= limits.bytes;
        if (few || fits) && !self.has_long_suffix() {
            return Some(Form::List);
        }
        let wide = self.entries > 1
            && self.heads == self.entries
            && self.longest <= Tail::MAX
            && self.longest_to_child == 0;
        wide.then_some(Form::Wide)
    }

    /// True iff there are more different first bytes than a list has entries, so that only a wide
    /// node can hold the entries, with groups of them pushed down into children.
    pub(crate) fn has_heads_of_wide(&self) -> bool {
        self.heads > Limits::current().entries
    }

    /// True iff a wide node can hold an entry with a rest of this length.
    pub(crate) fn fits_wide(rest: usize, end: EndKind) -> bool {
        rest <= if end.is_child() { 0 } else { Tail::MAX }
    }

    /// Builds a node of a form that fits. The entries are in order and have this shape.
    ///
    /// The iterator may clone values, since nobody sees the node before it is complete. If it
    /// panics, what has been built is dropped.
    pub(crate) fn build<'k, V>(
        &self,
        form: Form,
        own: Option<Stored<V>>,
        entries: impl Iterator<Item = (Suffix<'k>, EndOwned<V>)>,
    ) -> Shared<V> {
        match form {
            Form::List => self.build_list(own, entries),
            Form::Wide => self.build_wide(own, entries),
        }
    }

    fn build_list<'k, V>(
        &self,
        own: Option<Stored<V>>,
        entries: impl Iterator<Item = (Suffix<'k>, EndOwned<V>)>,
    ) -> Shared<V> {
        let n = self.entries;
        assert!(n <= 32, "a list has at most 32 entries");
        let flags = if own.is_some() { OWN } else { 0 };
        let values = self.values + own.is_some() as usize;
        let size = size_class(front_size(n, self.heap) + back_size::<V>(values, self.children));
        let mut bits = ListBits { child: 0, bare: 0 };
        let at = header::allocate(size, flags, n as u8, KindBits { list: bits });
        let word = size_of::<Shared<V>>();
        let back = Back::<V>::new(at, size, word, values, self.children);
        let mut node = Unfinished::<V>::new(at, back.word(0).cast(), -1);
        let (mut i, mut value, mut end) = (0, 0, 0);
        // SAFETY: the allocation has room for these columns (N2), and each place is filled once,
        // in order; the counts are checked before a place is filled.
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            base.add(HEADER).write_bytes(0, front_size(0, 0) - HEADER);
            if let Some(own) = own {
                node.put_value(back.value(0), own);
                value = 1;
            }
            for (Suffix { head, rest }, payload) in entries {
                assert!(i < n && end + rest.len() <= self.heap);
                base.add(HEADER + i).write(head);
                base.add(HEADER + 3 * n + end).copy_from_nonoverlapping(rest.as_ptr(), rest.len());
                end += rest.len();
                base.add(HEADER + n + 2 * i).cast::<u16>().write_unaligned(end as u16);
                match payload {
                    End::Value(v) => {
                        assert!(value < values);
                        node.put_value(back.value(value), v);
                        value += 1;
                    }
                    End::Bare => bits.bare |= 1 << i,
                    End::Child(child) => {
                        assert!(node.children < self.children);
                        node.put_child(child);
                        bits.child |= 1 << i;
                    }
                }
                i += 1;
            }
            assert!((i, value, node.children, end) == (n, values, self.children, self.heap));
            (*at.as_ptr()).kind.list = bits;
            node.finish()
        }
    }

    fn build_wide<'k, V>(
        &self,
        own: Option<Stored<V>>,
        entries: impl Iterator<Item = (Suffix<'k>, EndOwned<V>)>,
    ) -> Shared<V> {
        let tails = self.entries - self.children;
        // Without bare entries and rests, every tail is a plain value.
        let column = self.longest > 0 || tails > self.values;
        let flags = WIDE | if column { TAILS } else { 0 } | if own.is_some() { OWN } else { 0 };
        let values = tails + own.is_some() as usize;
        let size = size_class(wide_size::<V>(self.children, tails, column, own.is_some()));
        let mut bits = WideBits { before_tail: [0; 3], before_child: [0; 3], tails: tails as u16 };
        let at = header::allocate(size, flags, 0, KindBits { wide: bits });
        let words = if column { tails } else { 0 };
        let back = Back::<V>::new(at, size, size_of::<Tail>(), values, words);
        let (mut child_mask, mut tail_mask) = ([0u64; 4], [0u64; 4]);
        let (mut tail, first) = (0, own.is_some() as usize);
        // SAFETY: the allocation has room for these columns (N2), and each place is filled once,
        // in order; the counts are checked before a place is filled. The place of a bare tail's
        // value stays vacant (N4).
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            let mut node = Unfinished::<V>::new(at, base.add(CHILDREN).cast(), 1);
            if let Some(own) = own {
                node.put_value(back.value(0), own);
            }
            for (Suffix { head, rest }, payload) in entries {
                let (word, bit) = (head as usize / 64, 1u64 << (head % 64));
                if let End::Child(child) = payload {
                    assert!(node.children < self.children && rest.is_empty());
                    node.put_child(child);
                    child_mask[word] |= bit;
                    continue;
                }
                assert!(tail < tails);
                tail_mask[word] |= bit;
                let valued = payload.is_value();
                if column {
                    back.word(tail).cast::<Tail>().write(Tail::new(rest, valued));
                }
                if let End::Value(value) = payload {
                    node.put_value(back.value(first + tail), value);
                }
                tail += 1;
            }
            assert!((node.children, tail) == (self.children, tails));
            let count = |mask: &[u64; 4]| mask.map(|word| word.count_ones() as u8);
            let before = |[a, b, c, _]: [u8; 4]| [a, a + b, a + b + c];
            (bits.before_child, bits.before_tail) = (before(count(&child_mask)), before(count(&tail_mask)));
            assert!(
                child_mask.iter().chain(&tail_mask).map(|word| word.count_ones() as usize).sum::<usize>()
                    == self.entries
            );
            base.add(HEADER).cast::<[u64; 4]>().write(child_mask);
            base.add(HEADER + 32).cast::<[u64; 4]>().write(tail_mask);
            (*at.as_ptr()).kind.wide = bits;
            node.finish()
        }
    }
}

/// Builds a wide node of plain values, one for each byte in the mask. There is at least one byte.
///
/// `fill` may clone values, since nobody sees the node before it is complete. If it panics, what
/// has been built is dropped.
///
/// # Safety
/// `fill` puts the value of a byte into the place that it is given, or panics.
pub(super) unsafe fn build_plain<V>(
    own: Option<Stored<V>>,
    mask: &ByteMask,
    mut fill: impl FnMut(u8, *mut u8),
) -> Shared<V> {
    let [a, b, c, d] = mask.0.map(|word| word.count_ones() as usize);
    let tails = a + b + c + d;
    let before_tail = [a, a + b, a + b + c].map(|count| count as u8);
    let bits = WideBits { before_tail, before_child: [0; 3], tails: tails as u16 };
    let size = size_class(wide_size::<V>(0, tails, false, own.is_some()));
    let flags = WIDE | if own.is_some() { OWN } else { 0 };
    let at = header::allocate(size, flags, 0, KindBits { wide: bits });
    let mut rank = own.is_some() as usize;
    let back = Back::<V>::new(at, size, 0, tails + rank, 0);
    // SAFETY: the allocation has room for the masks and for as many values as there are bytes
    // (N2), and each place is filled once, in order.
    unsafe {
        let base = at.as_ptr().cast::<u8>();
        let mut node = Unfinished::<V>::new(at, base.add(CHILDREN).cast(), 1);
        base.add(HEADER).cast::<[u64; 4]>().write([0; 4]);
        base.add(HEADER + 32).cast::<[u64; 4]>().write(mask.0);
        if let Some(own) = own {
            node.put_value(back.value(0), own);
        }
        for_each_byte(mask, |byte| {
            let place = back.value(rank);
            fill(byte, place);
            node.filled(place);
            rank += 1;
        });
        node.finish()
    }
}

/// Visits the bytes of a mask in order.
#[inline(always)]
pub(super) fn for_each_byte(mask: &ByteMask, mut visit: impl FnMut(u8)) {
    for (word, mut todo) in mask.0.into_iter().enumerate() {
        while todo != 0 {
            visit((word * 64) as u8 + todo.trailing_zeros() as u8);
            todo &= todo - 1;
        }
    }
}
