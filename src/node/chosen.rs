//! Entries chosen from two leaves for a new node. A choice takes one byte for each entry, and the
//! node is built straight from the columns of the leaves.

use std::marker::PhantomData;
use std::mem::{self, MaybeUninit};
use std::ptr::NonNull;

use super::back::Back;
use super::build::{Shape, Unfinished};
use super::column::{Column, Stored};
use super::header::{self, HEADER, KindBits, ListBits, OWN, size_class};
use super::leaf::Leaf;
use super::leaf_values::LeafValue;
use super::list::{back_size, front_size};
use super::shared::Shared;
use super::suffix::Suffix;

/// Entries of leaves, in order: those that a new node shall have. Some may have new values.
pub(crate) struct Chosen<'a, V> {
    /// The first `len` are chosen.
    picks: [MaybeUninit<Pick<'a>>; MOST],
    len: usize,
    /// The bytes of all rests.
    heap: usize,
    values: usize,
    /// The entries with new values, one bit each, and these values in order.
    renewed: u64,
    new: Vec<Stored<V>>,
    life: PhantomData<&'a V>,
}

/// A chosen entry.
#[derive(Clone, Copy)]
struct Pick<'a> {
    suffix: Suffix<'a>,
    /// The place of its value in the leaf's node; `None` for a dangling tip.
    place: Option<NonNull<u8>>,
}

/// The maximum number of chosen entries.
const MOST: usize = 64;

impl<'a, V> Chosen<'a, V> {
    /// The maximum number of chosen entries.
    pub(crate) const MOST: usize = MOST;

    /// Nothing is chosen yet.
    #[inline(always)]
    pub(crate) fn new() -> Self {
        let picks = [const { MaybeUninit::uninit() }; MOST];
        Self { picks, len: 0, heap: 0, values: 0, renewed: 0, new: Vec::new(), life: PhantomData }
    }

    /// Chooses the present entry of a leaf. It is behind all chosen entries.
    ///
    /// # Panics
    /// Panics if there is no such entry, or if 64 entries are chosen.
    #[inline(always)]
    pub(crate) fn push(&mut self, leaf: &Leaf<'a, V>) {
        let suffix = leaf.suffix().expect("there is an entry");
        let place = leaf.value_place().and_then(|place| NonNull::new(place.cast_mut()));
        self.picks[self.len].write(Pick { suffix, place });
        self.len += 1;
        self.heap += suffix.rest.len();
        self.values += place.is_some() as usize;
    }

    /// Like [`push`](Self::push), for an entry with a value, and with a new value in its place.
    #[inline(always)]
    pub(crate) fn push_with(&mut self, leaf: &Leaf<'a, V>, value: Stored<V>) {
        assert!(!leaf.is_bare(), "the entry has a value");
        self.new.push(value);
        self.push(leaf);
        self.renewed |= 1 << (self.len - 1);
    }

    /// Chooses an entry with a value, or with a new value in its place. It is behind all chosen
    /// entries.
    ///
    /// # Panics
    /// Panics if 64 entries are chosen.
    #[inline(always)]
    pub(crate) fn push_value(&mut self, suffix: Suffix<'a>, value: LeafValue<'a, V>, new: Option<Stored<V>>) {
        self.picks[self.len].write(Pick { suffix, place: Some(value.place()) });
        if let Some(new) = new {
            self.new.push(new);
            self.renewed |= 1 << self.len;
        }
        self.len += 1;
        self.heap += suffix.rest.len();
        self.values += 1;
    }

    /// True iff nothing is chosen.
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The counts of the chosen entries. They decide whether one list holds the entries.
    #[inline]
    pub(crate) fn shape(&self) -> Shape {
        Shape::of_leaf(self.len, self.heap, self.values)
    }

    /// The chosen entries.
    #[inline(always)]
    fn picks(&self) -> &[Pick<'a>] {
        let chosen = &self.picks[..self.len];
        // SAFETY: the first `len` have been written.
        unsafe { std::slice::from_raw_parts(chosen.as_ptr().cast(), chosen.len()) }
    }

    /// Visits the chosen entries, each with its value and with its new value, if it has them.
    pub(crate) fn for_each(&mut self, mut visit: impl FnMut(Suffix<'a>, Option<&'a V>, Option<Stored<V>>)) {
        let mut new = mem::take(&mut self.new).into_iter();
        for (i, &Pick { suffix, place }) in self.picks().iter().enumerate() {
            let new = if self.renewed >> i & 1 != 0 { new.next() } else { None };
            // SAFETY: the place is that of an entry's value (N4), and nobody writes its node
            // during 'a.
            visit(suffix, place.map(|place| unsafe { Column::get(place.as_ptr()) }), new);
        }
    }

    /// Builds a list of the chosen entries and a value of its own. Their [shape](Self::shape) is
    /// that of a list.
    ///
    /// # Panics
    /// Panics if a clone panics. Then nothing has been built.
    pub(crate) fn build(&mut self, own: Option<Stored<V>>) -> Shared<V>
    where
        V: Clone,
    {
        let n = self.len;
        assert!(n <= 32, "a list has at most 32 entries");
        let flags = if own.is_some() { OWN } else { 0 };
        let values = self.values + own.is_some() as usize;
        let size = size_class(front_size(n, self.heap) + back_size::<V>(values, 0));
        let mut bits = ListBits { child: 0, bare: 0 };
        let at = header::allocate(size, flags, n as u8, KindBits { list: bits });
        let back = Back::<V>::new(at, size, 0, values, 0);
        let mut node = Unfinished::<V>::new(at, back.word(0).cast(), -1);
        let mut new = mem::take(&mut self.new).into_iter();
        let (mut end, mut rank) = (0, 0);
        // SAFETY: the allocation has room for these columns (N2), and each place is filled once,
        // in order; the counts are checked before a place is filled. A value is cloned from the
        // place of an entry's value (N4).
        unsafe {
            let base = at.as_ptr().cast::<u8>();
            base.add(HEADER).write_bytes(0, front_size(0, 0) - HEADER);
            if let Some(own) = own {
                node.put_value(back.value(0), own);
                rank = 1;
            }
            for (i, &Pick { suffix: Suffix { head, rest }, place }) in self.picks().iter().enumerate() {
                assert!(end + rest.len() <= self.heap);
                base.add(HEADER + i).write(head);
                copy_short(rest, base.add(HEADER + 3 * n + end));
                end += rest.len();
                base.add(HEADER + n + 2 * i).cast::<u16>().write_unaligned(end as u16);
                let Some(place) = place else {
                    bits.bare |= 1 << i;
                    continue;
                };
                assert!(rank < values);
                if self.renewed >> i & 1 != 0 {
                    node.put_value(back.value(rank), new.next().expect("each new value is used once"));
                } else {
                    node.share_value(back.value(rank), place.as_ptr());
                }
                rank += 1;
            }
            assert!((rank, end) == (values, self.heap));
            (*at.as_ptr()).kind.list = bits;
            node.finish()
        }
    }
}

/// Copies a few bytes. Most rests are shorter than what a call to copy them costs.
///
/// # Safety
/// There is room for as many bytes at `to`, apart from `bytes`.
#[inline(always)]
unsafe fn copy_short(bytes: &[u8], to: *mut u8) {
    let (from, len) = (bytes.as_ptr(), bytes.len());
    // Two pieces that may overlap cover all bytes.
    // SAFETY: each piece lies within both ranges (the caller).
    unsafe {
        match len {
            8..=16 => copy_ends::<8>(from, to, len),
            4..=7 => copy_ends::<4>(from, to, len),
            2..=3 => copy_ends::<2>(from, to, len),
            1 => to.write(from.read()),
            _ => to.copy_from_nonoverlapping(from, len),
        }
    }
}

/// Copies the first `N` of `len` bytes and the last `N`.
///
/// # Safety
/// Both pieces lie within both ranges, which do not overlap.
#[inline(always)]
unsafe fn copy_ends<const N: usize>(from: *const u8, to: *mut u8, len: usize) {
    // SAFETY: the caller's promise.
    unsafe {
        let first = from.cast::<[u8; N]>().read();
        let last = from.add(len - N).cast::<[u8; N]>().read();
        to.cast::<[u8; N]>().write(first);
        to.add(len - N).cast::<[u8; N]>().write(last);
    }
}
