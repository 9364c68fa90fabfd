//! Inserting into a list: room for an entry is looked for, and then filled.
//!
//! A list that has no memory left for the entry is copied to larger memory, with a gap for the
//! entry in each column, so that no column is moved twice.

use std::ptr::NonNull;

use super::back::Back;
use super::column::Column;
use super::end::{End, EndKind, EndOwned};
use super::found::Vacancy;
use super::header::{self, ALIGN, HEADER, Header, KindBits, ListBits, size_class};
use super::limits::Limits;
use super::list::{back_size, front_size, low_bits};
use super::list_edit::ListMut;
use super::shared::Shared;
use crate::reached::{Mark, reached};

/// The bytes that a list that must grow gets beyond its need: about one short entry more.
///
/// Half of all inserts would move the list otherwise. Inserts of random u64 take 7 % fewer
/// instructions this way, for 2.5 % more memory. With an eighth of the need they take no fewer, for
/// 10 % more memory.
const SLACK: usize = 16;

/// Room in a list for an entry that is not there yet.
pub(super) struct ListRoom<'a, V> {
    list: ListMut<'a, V>,
    /// The number of the new entry.
    at: usize,
    /// The entry before is a dangling tip that the key extends, and is removed first.
    tip: bool,
    /// The suffix is longer than an entry's may be.
    long: bool,
    /// The bytes that the list needs.
    need: usize,
    /// The counts of the columns. Each is taken once, since counting takes a dozen instructions
    /// without a target feature.
    bits: ListBits,
    valued: u32,
    own: usize,
    values: usize,
    words: usize,
}

impl<'a, V> ListMut<'a, V> {
    /// Room for an entry at its place; `None` if the list is full. Looking for room changes
    /// nothing.
    #[inline(always)]
    pub(super) fn room(self, place: Vacancy, key: &[u8], end: EndKind) -> Option<ListRoom<'a, V>> {
        let list = self.view();
        let at = place.at;
        assert!(at <= list.len(), "the place is the list's");
        let tip = match place.displaces {
            true => Some(list.rest(at - 1).len()),
            false => None,
        };
        // A key that is too long becomes a child entry.
        let long = key.len() > Limits::SUFFIX;
        let (rest, end) = if long { (Limits::SUFFIX - 1, End::Child(())) } else { (key.len() - 1, end) };
        let bits = list.bits();
        let (valued, own) = (list.value_bits(), list.has_own() as usize);
        let (values, words) = (valued.count_ones() as usize + own, bits.child.count_ones() as usize);
        let n = list.len() + 1 - tip.is_some() as usize;
        let heap = list.heap_len() - tip.unwrap_or(0);
        let back = back_size::<V>(values + end.is_value() as usize, words + end.is_child() as usize);
        let need = front_size(n, heap + rest) + back;
        let limits = Limits::current();
        let dense = n > limits.dense() && rest == 0 && heap == 0;
        let full = n > limits.entries || dense || n > Limits::FEW && need > limits.bytes;
        if full {
            reached(if tip.is_some() { Mark::ListFullOverTip } else { Mark::ListFull });
            return None;
        }
        Some(ListRoom { list: self, at, tip: tip.is_some(), long, need, bits, valued, own, values, words })
    }
}

impl<V> ListRoom<'_, V> {
    /// Puts the entry for which there is room: this key, and an end of the kind that was asked
    /// for. Inlined, so that all fields stay in registers.
    #[inline(always)]
    pub(super) fn fill(self, key: &[u8], payload: EndOwned<V>) {
        let Self { mut list, at, tip, long, need, bits, valued, own, values, words } = self;
        if tip {
            return list.insert_over_tip(at - 1, key, payload);
        }
        if long {
            return list.insert_long(at, key, payload);
        }
        let value_rank = (valued & low_bits(at)).count_ones() as usize + own;
        let child_rank = (bits.child & low_bits(at)).count_ones() as usize;
        let (child, bare) = (payload.is_child() as u32, payload.is_bare() as u32);
        let new_bits = ListBits {
            child: open_bit(bits.child, at) | child << at,
            bare: open_bit(bits.bare, at) | bare << at,
        };
        if need > list.view().size() {
            let gap = Gap { at, value_rank, child_rank, values, words };
            // A list at the limit gets no slack, since it could not use it.
            let slack = if need + SLACK <= Limits::current().bytes { SLACK } else { 0 };
            // SAFETY: the counts, the bits and the need are those of this list with this entry.
            return unsafe { list.insert_in_more(gap, size_class(need + slack), new_bits, key, payload) };
        }
        let mut back = list.back_with(values, words);
        // SAFETY: the counts and the need are this list's, which has been borrowed since they
        // were taken, and were taken for this key and this end (the caller). So there is room,
        // and each vacant place is filled.
        unsafe {
            match payload {
                End::Value(value) => Column::write(back.open_value(value_rank), value),
                End::Bare => {}
                End::Child(node) => back.open_word(child_rank).cast::<Shared<V>>().write(node),
            }
            list.open_suffix(at, key);
        }
        *list.bits() = new_bits;
        debug_assert_eq!(list.view().need(0, 0), need, "the room was made for this key and this end");
    }
}

/// Where an entry is inserted, and the counts of the columns before that.
struct Gap {
    at: usize,
    value_rank: usize,
    child_rank: usize,
    values: usize,
    words: usize,
}

impl<V> ListMut<'_, V> {
    /// Moves the list to an allocation of `size` bytes, with an entry inserted.
    ///
    /// # Safety
    /// The gap is that of the entry in this list, the list needs no more than `size` bytes with
    /// it, and `bits` are those of its entries then.
    #[inline(never)]
    unsafe fn insert_in_more(
        &mut self,
        gap: Gap,
        size: usize,
        bits: ListBits,
        key: &[u8],
        payload: EndOwned<V>,
    ) {
        let list = self.view();
        let flags = list.flags();
        let new = header::allocate(size, flags, list.len() as u8 + 1, KindBits { list: bits });
        // SAFETY: the new memory has room for the entries and the new one (the caller), and all
        // that the list holds is moved there, once.
        unsafe {
            self.copy_front(new, gap.at, key);
            self.copy_back(new, size, &gap, payload);
            self.put_moved(new);
        }
    }

    /// Copies the front to new memory, with a suffix inserted at `at`.
    ///
    /// # Safety
    /// The memory has room for the front with the suffix, and nothing is in it yet.
    #[inline]
    unsafe fn copy_front(&self, new: NonNull<Header>, at: usize, key: &[u8]) {
        let list = self.view();
        let (n, heap_len, start) = (list.len(), list.heap_len(), list.start(at));
        let rest = &key[1..];
        // SAFETY: heads, ends and heap lie one behind the other (N2), in the new memory too, which
        // has room for three bytes and the rest more (the caller). The sixteen bytes behind the
        // header are always initialised, and become so in the new memory.
        unsafe {
            let (from, to) = (list.byte(HEADER), new.as_ptr().cast::<u8>().add(HEADER));
            to.copy_from_nonoverlapping(from, 16);
            if at > 16 {
                to.add(16).copy_from_nonoverlapping(from.add(16), 16);
            }
            to.add(at + 1).copy_from_nonoverlapping(from.add(at), n + at);
            to.add(at).write(key[0]);
            let (old_end, end) = (from.add(n + 2 * at), to.add(n + 1 + 2 * at));
            end.add(2).copy_from_nonoverlapping(old_end, 2 * (n - at) + start);
            let (old_rest, new_rest) = (from.add(3 * n + start), to.add(3 * n + 3 + start));
            new_rest.copy_from_nonoverlapping(rest.as_ptr(), rest.len());
            new_rest.add(rest.len()).copy_from_nonoverlapping(old_rest, heap_len - start);
            end.cast::<u16>().write_unaligned((start + rest.len()) as u16);
            for i in 1..=n - at {
                let end = end.add(2 * i).cast::<u16>();
                end.write_unaligned(end.read_unaligned() + rest.len() as u16);
            }
        }
    }

    /// Moves the back to new memory of `size` bytes, with an end inserted.
    ///
    /// # Safety
    /// The gap is that of the entry in this list. The memory has room for the back with the end
    /// behind the front, and nothing is in it yet.
    #[inline]
    unsafe fn copy_back(&self, new: NonNull<Header>, size: usize, gap: &Gap, payload: EndOwned<V>) {
        let &Gap { value_rank, child_rank, values, words, .. } = gap;
        let (word, old_size) = (size_of::<Shared<V>>(), self.view().size());
        let (is_value, is_child) = (payload.is_value() as usize, payload.is_child() as usize);
        let from = self.view().byte(old_size);
        // SAFETY: the back ends with the allocation.
        let to = unsafe { new.as_ptr().cast::<u8>().add(size) };
        let back = Back::<V>::new(new, size, word, values + is_value, words + is_child);
        let stride = Column::<V>::STRIDE;
        let values_len = (values * stride).next_multiple_of(ALIGN);
        // The lengths of what lies above the gap, and below it. Without padding between the values
        // and the words both move together.
        let (above, below) = match payload {
            End::Value(_) => (value_rank * stride, (values - value_rank) * stride),
            End::Bare => (values_len + words * word, 0),
            End::Child(_) => (values_len + child_rank * word, (words - child_rank) * word),
        };
        // SAFETY: both columns are copied whole, each first element to the top (N3, N4), and the
        // gap is filled.
        unsafe {
            to.sub(above).copy_from_nonoverlapping(from.sub(above), above);
            match payload {
                End::Value(value) => {
                    Column::write(back.value(value_rank), value);
                    if stride.is_multiple_of(ALIGN) {
                        let below = below + words * word;
                        to.sub(above + stride + below)
                            .copy_from_nonoverlapping(from.sub(above + below), below);
                        return;
                    }
                    to.sub(above + stride + below).copy_from_nonoverlapping(from.sub(above + below), below);
                    let words_len = words * word;
                    let new_len = ((values + 1) * stride).next_multiple_of(ALIGN);
                    to.sub(new_len + words_len)
                        .copy_from_nonoverlapping(from.sub(values_len + words_len), words_len);
                }
                End::Bare => {}
                End::Child(child) => {
                    back.word(child_rank).cast::<Shared<V>>().write(child);
                    to.sub(above + word + below).copy_from_nonoverlapping(from.sub(above + below), below);
                }
            }
        }
    }
}

/// `bits` with a zero inserted at `i`.
fn open_bit(bits: u32, i: usize) -> u32 {
    let low = low_bits(i);
    bits & low | (bits & !low) << 1
}
