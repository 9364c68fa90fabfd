//! Building one node from entries whose counts are known: each column is filled once, in order.

use std::marker::PhantomData;

use super::back::Back;
use super::column::{Column, Stored};
use super::end::{End, EndKind, EndOwned};
use super::header::{self, HEADER, KindBits, ListBits, OWN, TAILS, WIDE, WideBits, size_class};
use super::limits::Limits;
use super::list::{back_size, front_size};
use super::shared::Shared;
use super::suffix::Suffix;
use super::wide::{CHILDREN, Tail, wide_size};
use crate::bytes::ByteMask;

/// What a node of some entries takes, and which kind it can be.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shape {
    entries: usize,
    values: usize,
    children: usize,
    /// The bytes of all rests.
    heap: usize,
    /// The longest rest of all, and of a child's entry.
    longest: usize,
    longest_to_child: usize,
    /// Two entries begin with the same byte.
    repeats: bool,
    last: Option<u8>,
}

/// The kind that a node is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    List,
    Wide,
}

impl Shape {
    /// Adds an entry behind all others.
    #[inline]
    pub(crate) fn add(&mut self, head: u8, rest: usize, end: EndKind) {
        self.entries += 1;
        self.heap += rest;
        self.longest = self.longest.max(rest);
        self.repeats |= self.last == Some(head);
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

    /// True iff there is so little that it is better kept in the node above than in one of its own; a wide node above
    /// takes one entry from each child at most.
    pub(crate) fn is_small(&self, own_values: usize, above_is_wide: bool) -> bool {
        let limits = Limits::current();
        let entries = self.entries + own_values;
        // A suffix that is carried up level by level must not grow without end.
        entries <= 1 && self.heap < Limits::SUFFIX / 2
            || !above_is_wide && entries <= limits.entries / 8 && self.heap <= limits.bytes / 8
    }

    /// The size of the entries as a list, the node's own values included.
    pub(super) fn list_size<V>(&self, own_values: usize) -> usize {
        front_size(self.entries, self.heap) + back_size::<V>(self.values + own_values, self.children)
    }

    /// The kind of the one node that the entries fit; none if they need more than one.
    pub(crate) fn form<V>(&self, own_values: usize) -> Option<Form> {
        let limits = Limits::current();
        let few = self.entries <= Limits::FEW.min(limits.entries);
        let fits = self.entries <= limits.entries && self.list_size::<V>(own_values) <= limits.bytes;
        if (few || fits) && self.longest < Limits::SUFFIX {
            return Some(Form::List);
        }
        let wide =
            self.entries > 1 && !self.repeats && self.longest <= Tail::MAX && self.longest_to_child == 0;
        wide.then_some(Form::Wide)
    }

    /// Builds a node of a form that fits; the entries are in order, and have this shape.
    ///
    /// A panic in the iterator leaks what has been built.
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

    /// Builds a wide node of plain values: those of the bytes in the mask, in order.
    pub(crate) fn build_plain<V>(
        own: Option<Stored<V>>,
        mask: &ByteMask,
        values: Vec<Stored<V>>,
    ) -> Shared<V> {
        let tails = values.len();
        let counts = mask.0.map(|word| word.count_ones() as u8);
        assert!(counts.iter().map(|&count| count as usize).sum::<usize>() == tails);
        let before_tail = [counts[0], counts[0] + counts[1], counts[0] + counts[1] + counts[2]];
        let bits = WideBits { before_tail, before_child: [0; 3], tails: tails as u16 };
        let size = size_class(wide_size::<V>(0, tails, false, own.is_some()));
        let flags = WIDE | if own.is_some() { OWN } else { 0 };
        let at = header::allocate(size, flags, 0, KindBits { wide: bits });
        let first = own.is_some() as usize;
        let back = Back::<V> { at, size, word: 0, values: tails + first, words: 0, of: PhantomData };
        // SAFETY: the allocation has room for the masks and for as many values as there are (N2), and each place is
        // filled once, in order.
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            base.add(HEADER).cast::<[u64; 4]>().write([0; 4]);
            base.add(HEADER + 32).cast::<[u64; 4]>().write(mask.0);
            if let Some(own) = own {
                Column::write(back.value(0), own);
            }
            for (rank, value) in values.into_iter().enumerate() {
                Column::write(back.value(first + rank), value);
            }
            Shared::from_raw(at)
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
        let back = Back::<V> { at, size, word, values, words: self.children, of: PhantomData };
        let (mut i, mut value, mut child, mut end) = (0, 0, 0, 0);
        // SAFETY: the allocation has room for these columns (N2), and each place is filled once, in order; the counts
        // are checked before a place is filled.
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            base.add(HEADER).write_bytes(0, front_size(0, 0) - HEADER);
            if let Some(own) = own {
                Column::write(back.value(0), own);
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
                        Column::write(back.value(value), v);
                        value += 1;
                    }
                    End::Bare => bits.bare |= 1 << i,
                    End::Child(node) => {
                        assert!(child < self.children);
                        back.word(child).cast::<Shared<V>>().write(node);
                        child += 1;
                        bits.child |= 1 << i;
                    }
                }
                i += 1;
            }
            assert!((i, value, child, end) == (n, values, self.children, self.heap));
            (*at.as_ptr()).kind.list = bits;
            Shared::from_raw(at)
        }
    }

    fn build_wide<'k, V>(
        &self,
        own: Option<Stored<V>>,
        entries: impl Iterator<Item = (Suffix<'k>, EndOwned<V>)>,
    ) -> Shared<V> {
        let tails = self.entries - self.children;
        // Without bare entries and rests every tail is a plain value.
        let column = self.longest > 0 || tails > self.values;
        let flags = WIDE | if column { TAILS } else { 0 } | if own.is_some() { OWN } else { 0 };
        let values = tails + own.is_some() as usize;
        let size = size_class(wide_size::<V>(self.children, tails, column, own.is_some()));
        let mut bits = WideBits { before_tail: [0; 3], before_child: [0; 3], tails: tails as u16 };
        let at = header::allocate(size, flags, 0, KindBits { wide: bits });
        let words = if column { tails } else { 0 };
        let back = Back::<V> { at, size, word: size_of::<Tail>(), values, words, of: PhantomData };
        let (mut child_mask, mut tail_mask) = ([0u64; 4], [0u64; 4]);
        let (mut child, mut tail, first) = (0, 0, own.is_some() as usize);
        // SAFETY: the allocation has room for these columns (N2), and each place is filled once, in order; the counts
        // are checked before a place is filled. The place of a bare tail's value stays vacant (N4).
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            let children = base.add(CHILDREN).cast::<Shared<V>>();
            if let Some(own) = own {
                Column::write(back.value(0), own);
            }
            for (Suffix { head, rest }, payload) in entries {
                let (word, bit) = (head as usize / 64, 1u64 << (head % 64));
                if let End::Child(node) = payload {
                    assert!(child < self.children && rest.is_empty());
                    children.add(child).write(node);
                    child += 1;
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
                    Column::write(back.value(first + tail), value);
                }
                tail += 1;
            }
            assert!((child, tail) == (self.children, tails));
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
            Shared::from_raw(at)
        }
    }
}
