//! Editing a wide node that has one owner.

use super::back::Back;
use super::column::{Column, Stored};
use super::end::{End, EndOwned};
use super::found::Vacancy;
use super::header::{self, HEADER, Header, OWN, TAILS, size_class};
use super::limits::Limits;
use super::list::{back_size, front_size};
use super::list_edit::ListMut;
use super::pack::Bundle;
use super::shared::Shared;
use super::value::ValueMut;
use super::view::Kind;
use super::wide::{CHILDREN, Tail, WideRef, wide_size};
use crate::reached::{Mark, reached};

/// A wide node that has one owner, which is borrowed mutably.
///
/// An edit may move the node to other memory; the owner is updated. Whatever points into the node
/// borrows this view, so nothing points to the old memory afterwards.
pub(super) struct WideMut<'a, V> {
    slot: &'a mut Shared<V>,
}

/// The two masks of a wide node.
#[derive(Clone, Copy)]
enum Mask {
    Child,
    Tail,
}

impl<'a, V> WideMut<'a, V> {
    /// # Safety
    /// `slot` is the only owner of a wide node.
    #[inline(always)]
    pub(super) unsafe fn new(slot: &'a mut Shared<V>) -> Self {
        Self { slot }
    }

    #[inline(always)]
    pub(super) fn view(&self) -> WideRef<'_, V> {
        // SAFETY: the node is wide (`new`), and is not written while the owner is borrowed (N5).
        unsafe { WideRef::new(self.slot.as_raw()) }
    }

    fn header(&mut self) -> &mut Header {
        // SAFETY: the slot is the node's only owner, and is borrowed mutably (N5).
        unsafe { self.slot.as_raw().as_mut() }
    }

    fn back(&mut self) -> Back<'_, V> {
        let wide = self.view();
        let words = if wide.has_tails() { wide.tail_count() } else { 0 };
        let (size, values) = (wide.size(), wide.tail_count() + wide.has_own() as usize);
        Back::new(self.slot.as_raw(), size, size_of::<Tail>(), values, words)
    }

    /// The place of the child at `rank`, within the column or one past it where there is room.
    fn child_place(&mut self, rank: usize) -> *mut Shared<V> {
        self.view().child_place(rank).cast_mut()
    }

    /// The value of the tail at `byte`.
    ///
    /// # Panics
    /// Panics if there is none.
    pub(super) fn into_value(self, byte: u8) -> ValueMut<'a, V> {
        let wide = self.view();
        let (rank, own) = (wide.tail_rank(byte), wide.has_own() as usize);
        assert!(wide.is_tail(byte) && wide.tail(rank).is_valued(), "the entry has a value");
        // SAFETY: the place of a valued tail is filled (N4), and the owner is borrowed mutably
        // for 'a.
        unsafe { ValueMut::new(wide.value_place(own + rank).cast_mut()) }
    }

    /// The value at the node's own location.
    pub(super) fn into_own(self) -> Option<ValueMut<'a, V>> {
        let wide = self.view();
        // SAFETY: the own value is the first (N4), and the owner is borrowed mutably for 'a.
        wide.has_own().then(|| unsafe { ValueMut::new(wide.value_place(0).cast_mut()) })
    }

    /// The child that `byte` leads to.
    ///
    /// # Panics
    /// Panics if it leads to none.
    #[inline]
    pub(super) fn into_child(mut self, byte: u8) -> &'a mut Shared<V> {
        assert!(self.view().is_child(byte), "the entry is a child");
        let rank = self.view().child_rank(byte);
        // SAFETY: the byte leads to a child (N3); the owner is borrowed mutably for as long as
        // the child.
        unsafe { &mut *self.child_place(rank) }
    }

    /// Makes the allocation hold `need` bytes.
    fn reserve(&mut self, need: usize) {
        if need > self.view().size() {
            self.resize(need);
        }
    }

    fn resize(&mut self, need: usize) {
        let front = CHILDREN + self.view().child_count() * size_of::<Shared<V>>();
        let back = self.back().len();
        // SAFETY: these are the ends in use, and `need` is no less than their sum. The owner is
        // the only one (`new`), and takes the new memory in place of the old.
        unsafe { self.slot.put_raw(header::resize(self.slot.as_raw(), size_class(need), front, back)) }
    }

    /// Gives memory back where less than half of it is used.
    fn shrink(&mut self) {
        let need = self.view().need(0, 0);
        if 2 * size_class(need) <= self.view().size() {
            self.resize(need);
        }
    }

    /// Gives back the memory that the node does not need.
    pub(super) fn shrink_to_fit(&mut self) {
        let need = self.view().need(0, 0);
        if size_class(need) < self.view().size() {
            self.resize(need);
        }
    }

    /// Puts a value at the node's own location, where none is.
    pub(super) fn insert_own(&mut self, value: Stored<V>) {
        let wide = self.view();
        self.reserve(wide_size::<V>(wide.child_count(), wide.tail_count(), wide.has_tails(), true));
        // SAFETY: there is room now; the vacant place is filled.
        unsafe { Column::write(self.back().open_value(0), value) };
        self.header().flags |= OWN;
    }

    /// Takes the value from the node's own location, where one is.
    pub(super) fn remove_own(&mut self) -> Stored<V> {
        let mut back = self.back();
        // SAFETY: the first value is the node's own (N4), and its place is closed.
        let value = unsafe { Column::take(back.value(0)) };
        back.close_value(0);
        self.header().flags &= !OWN;
        value
    }

    /// Sets or clears a bit of a mask, and adjusts the counts in the header.
    fn mark(&mut self, mask: Mask, byte: u8, present: bool) {
        let offset = match mask {
            Mask::Child => HEADER,
            Mask::Tail => HEADER + 32,
        };
        let word = byte as usize / 64;
        // SAFETY: the masks follow the header (N2), the slot is the only owner (N5), and the node
        // is wide (N1).
        let (words, bits) = unsafe {
            let words = &mut *self.slot.as_raw().as_ptr().cast::<u8>().add(offset).cast::<[u64; 4]>();
            (words, &mut self.slot.as_raw().as_mut().kind.wide)
        };
        let step = |count: u8| if present { count + 1 } else { count - 1 };
        words[word] ^= 1 << (byte % 64);
        debug_assert_eq!(words[word] >> (byte % 64) & 1 != 0, present);
        let before = match mask {
            Mask::Child => &mut bits.before_child,
            Mask::Tail => {
                bits.tails = if present { bits.tails + 1 } else { bits.tails - 1 };
                &mut bits.before_tail
            }
        };
        for count in &mut before[word..] {
            *count = step(*count);
        }
    }

    fn insert_child(&mut self, byte: u8, child: Shared<V>) {
        assert!(!self.view().has_entry(byte), "the place is vacant");
        self.reserve(self.view().need(1, 0));
        let (rank, count) = (self.view().child_rank(byte), self.view().child_count());
        // SAFETY: there is room for one more child at the end of the front; the place opened is
        // filled.
        unsafe {
            let place = self.child_place(rank);
            place.copy_to(place.add(1), count - rank);
            place.write(child);
        }
        self.mark(Mask::Child, byte, true);
    }

    fn remove_child(&mut self, byte: u8) -> Shared<V> {
        assert!(self.view().is_child(byte), "the entry is a child");
        let (rank, count) = (self.view().child_rank(byte), self.view().child_count());
        // SAFETY: the byte leads to a child (N3); its place is closed.
        let child = unsafe {
            let place = self.child_place(rank);
            let child = place.read();
            place.add(1).copy_to(place, count - rank - 1);
            child
        };
        self.mark(Mask::Child, byte, false);
        child
    }

    /// Gives the node a column of tails, all of them plain so far.
    fn add_tail_column(&mut self) {
        let wide = self.view();
        let tails = wide.tail_count();
        self.reserve(wide_size::<V>(wide.child_count(), tails, true, wide.has_own()));
        let mut back = self.back();
        back.words = tails;
        for rank in 0..tails {
            // SAFETY: there is room for the column now (N2).
            unsafe { back.word(rank).cast::<Tail>().write(Tail::PLAIN) };
        }
        self.header().flags |= TAILS;
    }

    fn insert_tail(&mut self, byte: u8, tail: Tail, value: Option<Stored<V>>) {
        assert!(!self.view().has_entry(byte), "the place is vacant");
        if !tail.is_plain() && !self.view().has_tails() {
            self.add_tail_column();
        }
        self.reserve(self.view().need(0, 1));
        let wide = self.view();
        let (rank, own, column) = (wide.tail_rank(byte), wide.has_own() as usize, wide.has_tails());
        let mut back = self.back();
        // SAFETY: there is room now; the value's place is filled if the tail has one, and stays
        // vacant if not (N4).
        unsafe {
            let place = back.open_value(own + rank);
            if let Some(value) = value {
                Column::write(place, value);
            }
            if column {
                back.open_word(rank).cast::<Tail>().write(tail);
            }
        }
        self.mark(Mask::Tail, byte, true);
    }

    fn remove_tail(&mut self, byte: u8) -> (Tail, Option<Stored<V>>) {
        let wide = self.view();
        assert!(wide.is_tail(byte), "the entry is there");
        let rank = wide.tail_rank(byte);
        let tail = *wide.tail(rank);
        let (own, column) = (wide.has_own() as usize, wide.has_tails());
        let mut back = self.back();
        // SAFETY: a valued tail's place is filled (N4); it is closed.
        let value = tail.is_valued().then(|| unsafe { Column::take(back.value(own + rank)) });
        back.close_value(own + rank);
        if column {
            back.close_word(rank);
        }
        self.mark(Mask::Tail, byte, false);
        (tail, value)
    }

    /// Puts an entry where none begins with its byte.
    fn put(&mut self, key: &[u8], payload: EndOwned<V>) {
        let (byte, rest) = (key[0], &key[1..]);
        match payload {
            End::Child(child) if rest.is_empty() => self.insert_child(byte, child),
            End::Value(value) if rest.len() <= Tail::MAX => {
                self.insert_tail(byte, Tail::new(rest, true), Some(value));
            }
            End::Bare if rest.len() <= Tail::MAX => self.insert_tail(byte, Tail::new(rest, false), None),
            payload => self.insert_child(byte, Bundle::node(rest, payload)),
        }
    }

    /// Puts an entry at its place.
    pub(super) fn insert(&mut self, place: Vacancy, key: &[u8], payload: EndOwned<V>) {
        if !place.displaces {
            return self.put(key, payload);
        }
        let (tail, value) = self.remove_tail(key[0]);
        if value.is_none() && key[1..].starts_with(tail.rest()) {
            reached(Mark::TailTipExtended);
            return self.put(key, payload);
        }
        reached(Mark::TailParted);
        let child = Bundle::pair((tail.rest(), End::of_value(value)), (&key[1..], payload));
        self.insert_child(key[0], child);
    }

    /// Takes the entry of `byte` out. The node may be left with nothing at all.
    pub(super) fn remove(&mut self, byte: u8) -> EndOwned<V> {
        let payload = if self.view().is_child(byte) {
            End::Child(self.remove_child(byte))
        } else {
            End::of_value(self.remove_tail(byte).1)
        };
        self.shrink();
        payload
    }

    /// Replaces the end of the entry of `byte`.
    pub(super) fn replace(&mut self, byte: u8, payload: EndOwned<V>) -> EndOwned<V> {
        if self.view().is_child(byte) {
            let old = self.remove_child(byte);
            self.put(&[byte], payload);
            return End::Child(old);
        }
        let (tail, value) = self.remove_tail(byte);
        let mut key = [byte; 1 + Tail::MAX];
        key[1..=tail.rest().len()].copy_from_slice(tail.rest());
        self.put(&key[..=tail.rest().len()], payload);
        End::of_value(value)
    }

    /// Makes the child of `byte` a tail, if the child has no other owner and fits a tail.
    pub(super) fn absorb(mut self, byte: u8) {
        let wide = self.view();
        let child = wide.child_of(byte);
        let Kind::List(list) = child.view().kind() else { return };
        let one = list.len() == 1 && !list.has_own() && !list.is_child(0);
        if !one || list.suffix_len(0) > Tail::MAX || !child.is_unique() {
            return;
        }
        reached(Mark::WideAbsorbed);
        let mut key = vec![byte];
        list.suffix(0).append_to(&mut key);
        let mut child = self.remove_child(byte);
        let list = ListMut::try_new(&mut child);
        let payload = list.expect("the child is a list that nobody else owns").remove(0);
        self.put(&key, payload);
    }

    /// True iff the node's entries would fill no more than half a list. Only half, so that an
    /// insert and a remove around the limit do not convert it to and fro.
    pub(super) fn fits_half_list(&self) -> bool {
        let wide = self.view();
        let limits = Limits::current();
        let (children, tails) = (wide.child_count(), wide.tail_count());
        if children + tails > limits.entries / 2 {
            return false;
        }
        if children + tails <= Limits::FEW {
            return true;
        }
        let heap = (0..tails).map(|rank| wide.tail(rank).rest().len()).sum();
        let values = tails + wide.has_own() as usize;
        front_size(children + tails, heap) + back_size::<V>(values, children) <= limits.bytes / 2
    }
}
