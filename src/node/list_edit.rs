//! Editing a list that has one owner.

use std::ptr::NonNull;

use super::back::Back;
use super::column::{Column, Stored};
use super::end::{End, EndOwned};
use super::found::Vacancy;
use super::header::{self, HEADER, Header, ListBits, OWN, size_class};
use super::limits::Limits;
use super::list::{ListRef, back_size, front_size, low_bits};
use super::pack::Bundle;
use super::shared::Shared;
use super::suffix::Suffix;
use super::value::ValueMut;
use super::view::Kind;
use crate::reached::{Mark, reached};

/// A list that has one owner, which is borrowed mutably.
///
/// An edit may move the list to other memory; the owner is updated. Whatever points into the list
/// borrows this view, so nothing points to the old memory afterwards.
pub(super) struct ListMut<'a, V> {
    slot: &'a mut Shared<V>,
}

impl<'a, V> ListMut<'a, V> {
    /// # Safety
    /// `slot` is the only owner of a list.
    #[inline(always)]
    pub(super) unsafe fn new(slot: &'a mut Shared<V>) -> Self {
        Self { slot }
    }

    /// The list to be edited, if `slot` is the only owner of one.
    pub(super) fn try_new(slot: &'a mut Shared<V>) -> Option<Self> {
        let fits = slot.is_unique() && matches!(slot.view().kind(), Kind::List(_));
        fits.then_some(Self { slot })
    }

    #[inline(always)]
    pub(super) fn reborrow(&mut self) -> ListMut<'_, V> {
        ListMut { slot: self.slot }
    }

    #[inline(always)]
    pub(super) fn view(&self) -> ListRef<'_, V> {
        // SAFETY: the node is a list (`new`), and is not written while the owner is borrowed (N5).
        unsafe { ListRef::new(self.slot.as_raw()) }
    }

    #[inline]
    fn header(&mut self) -> &mut Header {
        // SAFETY: the slot is the node's only owner, and is borrowed mutably (N5).
        unsafe { self.slot.as_raw().as_mut() }
    }

    #[inline]
    pub(super) fn bits(&mut self) -> &mut ListBits {
        // SAFETY: the node is a list (N1).
        unsafe { &mut self.header().kind.list }
    }

    #[inline]
    fn back(&mut self) -> Back<'_, V> {
        let list = self.view();
        let (values, words) = (list.value_count(), list.child_count());
        self.back_with(values, words)
    }

    /// The back, given the counts of its columns.
    #[inline(always)]
    pub(super) fn back_with(&mut self, values: usize, words: usize) -> Back<'_, V> {
        Back::new(self.slot.as_raw(), self.view().size(), size_of::<Shared<V>>(), values, words)
    }

    /// Puts the list, which has been moved, in the place of the one whose memory is gone.
    ///
    /// # Safety
    /// `at` is a well-formed list, and all that the former one held has been moved there.
    #[inline]
    pub(super) unsafe fn put_moved(&mut self, at: NonNull<Header>) {
        // SAFETY: the slot is the only owner (`new`), and takes the new memory in place of the old
        // (the caller).
        unsafe {
            header::release(self.slot.as_raw());
            self.slot.put_raw(at);
        }
    }

    fn byte(&mut self, offset: usize) -> *mut u8 {
        // SAFETY: callers pass offsets within the front (N2).
        unsafe { self.slot.as_raw().as_ptr().cast::<u8>().add(offset) }
    }

    /// The value of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry has none.
    #[inline]
    pub(super) fn into_value(self, i: usize) -> ValueMut<'a, V> {
        let list = self.view();
        assert!(list.has_value(i), "the entry has a value");
        // SAFETY: the entry has a value (N4), and the owner is borrowed mutably for 'a.
        unsafe { ValueMut::new(list.value_place(list.value_rank(i)).cast_mut()) }
    }

    /// The value at the list's own location.
    pub(super) fn into_own(self) -> Option<ValueMut<'a, V>> {
        let list = self.view();
        // SAFETY: the own value is the first (N4), and the owner is borrowed mutably for 'a.
        list.has_own().then(|| unsafe { ValueMut::new(list.value_place(0).cast_mut()) })
    }

    /// The child of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry is no child.
    #[inline(always)]
    pub(super) fn into_child(self, i: usize) -> &'a mut Shared<V> {
        let list = self.view();
        assert!(i < 32 && list.is_child(i), "the entry is a child");
        let place = list.entry_child_place(i).cast_mut();
        // SAFETY: entry `i` is a child (N3). Its place is reached from the node's own pointer,
        // and the owner is borrowed mutably for as long as the child.
        unsafe { &mut *place }
    }

    /// Makes the allocation hold `need` bytes.
    #[inline]
    fn reserve(&mut self, need: usize) {
        if need > self.view().size() {
            self.resize(need);
        }
    }

    fn resize(&mut self, need: usize) {
        let list = self.view();
        let front = front_size(list.len(), list.heap_len());
        let back = back_size::<V>(list.value_count(), list.child_count());
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

    /// Gives back the memory that the list does not need.
    pub(super) fn shrink_to_fit(&mut self) {
        let need = self.view().need(0, 0);
        if size_class(need) < self.view().size() {
            self.resize(need);
        }
    }

    /// Puts a value at the list's own location, where none is.
    pub(super) fn insert_own(&mut self, value: Stored<V>) {
        self.reserve(self.view().need(1, 0));
        // SAFETY: there is room now; the vacant place is filled.
        unsafe { Column::write(self.back().open_value(0), value) };
        self.header().flags |= OWN;
    }

    /// Takes the value from the list's own location, where one is.
    pub(super) fn remove_own(&mut self) -> Stored<V> {
        let mut back = self.back();
        // SAFETY: the first value is the node's own (N4), and its place is closed.
        let value = unsafe { Column::take(back.value(0)) };
        back.close_value(0);
        self.header().flags &= !OWN;
        self.shrink();
        value
    }

    /// Puts an entry at its place.
    ///
    /// # Panics
    /// Panics if the list is full.
    fn insert(&mut self, place: Vacancy, key: &[u8], payload: EndOwned<V>) {
        let room = self.reborrow().room(place, key, payload.kind());
        room.expect("there is room").fill(key, payload);
    }

    /// Inserts an entry in the place of the dangling tip at `at`, which its key extends.
    #[cold]
    pub(super) fn insert_over_tip(&mut self, at: usize, key: &[u8], payload: EndOwned<V>) {
        reached(Mark::ListTipExtended);
        self.remove(at);
        self.insert(Vacancy { at, displaces: false }, key, payload);
    }

    /// Inserts a suffix that is too long for one entry: the bytes that are left are put into a
    /// child of its own.
    #[cold]
    pub(super) fn insert_long(&mut self, at: usize, key: &[u8], payload: EndOwned<V>) {
        let (first, over) = key.split_at(Limits::SUFFIX);
        reached(Mark::LongSuffix);
        // A value where the child begins becomes the child's own.
        let met = at.checked_sub(1).filter(|&i| Suffix::of(first) == Some(self.view().suffix(i)));
        if met.is_some() {
            reached(Mark::LongSuffixOverValue);
        }
        // It is a value: a tip has been taken out, and a child would have been entered.
        let own = met.and_then(|i| self.remove(i).value());
        let mut below = Bundle::new(own);
        below.push(over, payload);
        let place = Vacancy { at: met.unwrap_or(at), displaces: false };
        self.insert(place, first, End::Child(below.pack()));
    }

    /// Opens the front for an entry at `at`, writes its suffix, and counts it.
    ///
    /// # Safety
    /// Between the front and the back there is room for three bytes and the rest.
    pub(super) unsafe fn open_suffix(&mut self, at: usize, key: &[u8]) {
        let (head, rest) = (key[0], &key[1..]);
        let list = self.view();
        let (n, heap_len, start) = (list.len(), list.heap_len(), list.start(at));
        let heads = self.byte(HEADER);
        // Neighbours that move equally far move together: `ends[at..]` and `heap[..start]` by three
        // bytes, `heads[at..]` and `ends[..at]` by one. What lies highest moves first, so that
        // nothing is overwritten before it has moved.
        // SAFETY: heads, ends and heap lie one behind the other (N2), and there is room for three
        // bytes and the rest (the caller).
        unsafe {
            let (old_end, old_rest) = (heads.add(n + 2 * at), heads.add(3 * n + start));
            let (end, new_rest) = (heads.add(n + 1 + 2 * at), heads.add(3 * n + 3 + start));
            if heap_len > start {
                old_rest.copy_to(new_rest.add(rest.len()), heap_len - start);
            }
            old_end.copy_to(end.add(2), 2 * (n - at) + start);
            new_rest.copy_from_nonoverlapping(rest.as_ptr(), rest.len());
            for i in 1..=n - at {
                let end = end.add(2 * i).cast::<u16>();
                end.write_unaligned(end.read_unaligned() + rest.len() as u16);
            }
            end.cast::<u16>().write_unaligned((start + rest.len()) as u16);
            heads.add(at).copy_to(heads.add(at + 1), n - at + 2 * at);
            heads.add(at).write(head);
        }
        self.header().n = (n + 1) as u8;
    }

    /// Takes the suffix of entry `at` out of the front, and counts it off.
    fn close_suffix(&mut self, at: usize) {
        let list = self.view();
        let (n, heap_len, start, end) = (list.len(), list.heap_len(), list.start(at), list.end(at));
        let rest = end - start;
        let heads = self.byte(HEADER);
        // SAFETY: heads, ends and heap lie one behind the other (N2), and all that moves moves
        // down within them. What lies lowest moves first, so that nothing is overwritten before it
        // has moved.
        unsafe {
            let (old_end, old_heap) = (heads.add(n + 2 * at), heads.add(3 * n));
            let (new_end, heap) = (heads.add(n - 1 + 2 * at), heads.add(3 * n - 3));
            // As in `open_suffix`, neighbours move together.
            heads.add(at + 1).copy_to(heads.add(at), n - at - 1 + 2 * at);
            old_end.add(2).copy_to(new_end, 2 * (n - at - 1) + start);
            for i in 0..n - at - 1 {
                let end = new_end.add(2 * i).cast::<u16>();
                end.write_unaligned(end.read_unaligned() - rest as u16);
            }
            old_heap.add(end).copy_to(heap.add(start), heap_len - end);
        }
        self.header().n = (n - 1) as u8;
    }

    /// Takes out the end of entry `i`, and makes the entry bare.
    fn take_end(&mut self, i: usize) -> EndOwned<V> {
        let list = self.view();
        assert!(i < list.len(), "the entry is there");
        let (value_rank, child_rank) = (list.value_rank(i), list.child_rank(i));
        let (is_child, is_bare) = (list.is_child(i), list.is_bare(i));
        let mut back = self.back();
        // SAFETY: the entry's kind says what is in its place (N3, N4), which is closed.
        let payload = unsafe {
            if is_child {
                let child = back.word(child_rank).cast::<Shared<V>>().read();
                back.close_word(child_rank);
                End::Child(child)
            } else if is_bare {
                End::Bare
            } else {
                let value = Column::take(back.value(value_rank));
                back.close_value(value_rank);
                End::Value(value)
            }
        };
        let bits = self.bits();
        bits.child &= !(1 << i);
        bits.bare |= 1 << i;
        payload
    }

    /// Takes entry `i` out. The list may be left with nothing at all.
    pub(super) fn remove(&mut self, i: usize) -> EndOwned<V> {
        let payload = self.take_end(i);
        self.close_suffix(i);
        let bits = self.bits();
        *bits = ListBits { child: close_bit(bits.child, i), bare: close_bit(bits.bare, i) };
        self.shrink();
        payload
    }

    /// Replaces the end of entry `i`.
    pub(super) fn replace(&mut self, i: usize, payload: EndOwned<V>) -> EndOwned<V> {
        let old = self.take_end(i);
        let (value_rank, child_rank) = (self.view().value_rank(i), self.view().child_rank(i));
        // SAFETY: room is made first, each vacant place is filled, and the bits are set
        // accordingly.
        unsafe {
            match payload {
                End::Value(value) => {
                    self.reserve(self.view().need(1, 0));
                    Column::write(self.back().open_value(value_rank), value);
                    self.bits().bare &= !(1 << i);
                }
                End::Bare => {}
                End::Child(child) => {
                    self.reserve(self.view().need(0, 1));
                    self.back().open_word(child_rank).cast::<Shared<V>>().write(child);
                    self.bits().bare &= !(1 << i);
                    self.bits().child |= 1 << i;
                }
            }
        }
        self.shrink();
        old
    }

    /// Puts another list in the place of this one, whose memory is released.
    ///
    /// # Safety
    /// All that the list held has been moved out.
    pub(super) unsafe fn replace_by(self, list: Shared<V>) {
        // SAFETY: the slot is the only owner (`new`), and nothing is left in the list (the caller).
        unsafe {
            header::release(self.slot.as_raw());
            self.slot.put_raw(list.into_raw());
        }
    }

    /// True iff the child of entry `i` is a list that only this one owns, and the two fit half a
    /// list.
    pub(super) fn can_absorb(&self, i: usize) -> bool {
        let list = self.view();
        let limits = Limits::current();
        if list.len() > limits.entries / 2 {
            return false;
        }
        let child = list.entry_child(i);
        let Kind::List(below) = child.view().kind() else { return false };
        let n = list.len() - 1 + below.len() + below.has_own() as usize;
        if n > limits.entries / 2 || !child.is_unique() {
            return false;
        }
        let prefix = list.suffix_len(i);
        let heap = list.heap_len() + below.heap_len() + (below.len() + 1) * prefix;
        let back = back_size::<V>(
            list.value_count() + below.value_count(),
            list.child_count() + below.child_count(),
        );
        if n > Limits::FEW && front_size(n, heap) + back > limits.bytes / 2 {
            return false;
        }
        let longest = (0..below.len()).map(|j| below.suffix_len(j)).max().unwrap_or(0);
        prefix + longest <= Limits::SUFFIX
    }
}

/// `bits` with bit `i` removed.
fn close_bit(bits: u32, i: usize) -> u32 {
    let low = low_bits(i);
    bits & low | bits >> 1 & !low
}
