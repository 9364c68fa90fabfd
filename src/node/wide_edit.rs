//! Editing a wide node that has one owner.

use std::marker::PhantomData;

use super::back::Back;
use super::column::{Column, Stored};
use super::edit::{Found, NodeMut, Vacancy};
use super::end::{End, EndOwned};
use super::header::{HEADER, Header, OWN, TAILS, size_class};
use super::limits::Limits;
use super::list::{back_size, front_size};
use super::pack::Bundle;
use super::shared::Shared;
use super::view::Kind;
use super::wide::{CHILDREN, Tail, WideRef, wide_size};
use crate::reached::{Mark, reached};

/// Every function here is called with a slot that is the only owner of a wide node; see [`NodeMut`].
fn view<V>(slot: &Shared<V>) -> WideRef<'_, V> {
    match slot.view().kind() {
        Kind::Wide(wide) => wide,
        Kind::List(_) => unreachable!("the caller has matched a wide node"),
    }
}

fn header<V>(slot: &mut Shared<V>) -> &mut Header {
    // SAFETY: the slot is the node's only owner, and is borrowed mutably (N5).
    unsafe { slot.as_raw().as_mut() }
}

fn back<V>(slot: &mut Shared<V>) -> Back<V> {
    let wide = view(slot);
    let words = if wide.has_tails() { wide.tail_count() } else { 0 };
    let (size, values) = (wide.size(), wide.tail_count() + wide.has_own() as usize);
    Back { at: slot.as_raw(), size, word: size_of::<Tail>(), values, words, of: PhantomData }
}

/// The place of the child at `rank`.
fn child_place<V>(slot: &mut Shared<V>, rank: usize) -> *mut Shared<V> {
    // SAFETY: callers pass ranks within the column, or one past it where there is room (N2).
    unsafe { slot.as_raw().as_ptr().cast::<u8>().add(CHILDREN).cast::<Shared<V>>().add(rank) }
}

pub(super) fn find<V>(wide: WideRef<'_, V>, key: &[u8]) -> Found {
    let byte = key[0];
    let at = byte as usize;
    if wide.is_child(byte) {
        return Found::Child(at, 1);
    }
    if !wide.is_tail(byte) {
        return Found::Vacant(Vacancy { at, meets: false });
    }
    let tail = wide.tail(wide.tail_rank(byte));
    match (tail.rest() == &key[1..], tail.is_valued()) {
        (true, true) => Found::Value(at),
        (true, false) => Found::Bare(at),
        (false, _) => Found::Vacant(Vacancy { at, meets: true }),
    }
}

/// The place of the value of the tail at `byte`.
///
/// # Panics
/// If there is none.
pub(super) fn value_place<V>(slot: &mut Shared<V>, byte: u8) -> *mut u8 {
    let wide = view(slot);
    let (rank, own) = (wide.tail_rank(byte), wide.has_own() as usize);
    assert!(wide.is_tail(byte) && wide.tail(rank).is_valued(), "the entry has a value");
    back::<V>(slot).value(own + rank)
}

/// The place of the node's own value, if there is one.
pub(super) fn own_place<V>(slot: &mut Shared<V>) -> Option<*mut u8> {
    view(slot).has_own().then(|| back::<V>(slot).value(0))
}

#[inline]
pub(super) fn child_mut<V>(slot: &mut Shared<V>, byte: u8) -> &mut Shared<V> {
    assert!(view(slot).is_child(byte), "the entry is a child");
    let rank = view(slot).child_rank(byte);
    // SAFETY: the byte leads to a child (N3); the slot is borrowed mutably for as long as the child.
    unsafe { &mut *child_place(slot, rank) }
}

/// Makes the allocation hold so many more children, tails and own values, and a column of tails if asked for.
fn reserve<V>(slot: &mut Shared<V>, children: usize, tails: usize, tail_column: bool, own: bool) {
    let wide = view(slot);
    let column = wide.has_tails() || tail_column;
    let need = wide_size::<V>(
        wide.child_count() + children,
        wide.tail_count() + tails,
        column,
        wide.has_own() || own,
    );
    if need > wide.size() {
        resize(slot, need);
    }
}

fn resize<V>(slot: &mut Shared<V>, need: usize) {
    let front = CHILDREN + view(slot).child_count() * size_of::<Shared<V>>();
    let back = back::<V>(slot).len();
    // SAFETY: these are the ends in use, and `need` is no less than their sum.
    unsafe { NodeMut::resize(slot, size_class(need), front, back) }
}

/// Gives memory back where less than half of it is used.
fn shrink<V>(slot: &mut Shared<V>) {
    let wide = view(slot);
    let need = wide_size::<V>(wide.child_count(), wide.tail_count(), wide.has_tails(), wide.has_own());
    if 2 * size_class(need) <= wide.size() {
        resize(slot, need);
    }
}

pub(super) fn shrink_to_fit<V>(slot: &mut Shared<V>) {
    let wide = view(slot);
    let need = wide_size::<V>(wide.child_count(), wide.tail_count(), wide.has_tails(), wide.has_own());
    if size_class(need) < wide.size() {
        resize(slot, need);
    }
}

pub(super) fn insert_own<V>(slot: &mut Shared<V>, value: Stored<V>) {
    reserve(slot, 0, 0, false, true);
    // SAFETY: there is room now; the vacant place is filled.
    unsafe { Column::write(back::<V>(slot).open_value(0), value) };
    header(slot).flags |= OWN;
}

pub(super) fn remove_own<V>(slot: &mut Shared<V>) -> Stored<V> {
    let mut back = back::<V>(slot);
    // SAFETY: the first value is the node's own (N4), and its place is closed.
    let value = unsafe { Column::take(back.value(0)) };
    back.close_value(0);
    header(slot).flags &= !OWN;
    value
}

enum Mask {
    Child,
    Tail,
}

/// Sets or clears a bit of a mask, and the counts that follow from it.
fn mark<V>(slot: &mut Shared<V>, mask: Mask, byte: u8, present: bool) {
    let offset = match mask {
        Mask::Child => HEADER,
        Mask::Tail => HEADER + 32,
    };
    let word = byte as usize / 64;
    // SAFETY: the masks follow the header (N2), the slot is the only owner (N5), and the node is wide (N1).
    let (words, bits) = unsafe {
        let words = &mut *slot.as_raw().as_ptr().cast::<u8>().add(offset).cast::<[u64; 4]>();
        (words, &mut slot.as_raw().as_mut().kind.wide)
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

fn insert_child<V>(slot: &mut Shared<V>, byte: u8, child: Shared<V>) {
    assert!(!view(slot).has_entry(byte), "the place is vacant");
    reserve(slot, 1, 0, false, false);
    let (rank, count) = (view(slot).child_rank(byte), view(slot).child_count());
    // SAFETY: there is room for one more child at the end of the front; the place opened is filled.
    unsafe {
        let place = child_place(slot, rank);
        place.copy_to(place.add(1), count - rank);
        place.write(child);
    }
    mark(slot, Mask::Child, byte, true);
}

fn remove_child<V>(slot: &mut Shared<V>, byte: u8) -> Shared<V> {
    assert!(view(slot).is_child(byte), "the entry is a child");
    let (rank, count) = (view(slot).child_rank(byte), view(slot).child_count());
    // SAFETY: the byte leads to a child (N3); its place is closed.
    let child = unsafe {
        let place = child_place(slot, rank);
        let child = place.read();
        place.add(1).copy_to(place, count - rank - 1);
        child
    };
    mark(slot, Mask::Child, byte, false);
    child
}

/// Gives the node a column of tails, all of them plain so far.
fn add_tail_column<V>(slot: &mut Shared<V>) {
    reserve(slot, 0, 0, true, false);
    let mut back = back::<V>(slot);
    back.words = view(slot).tail_count();
    for rank in 0..back.words {
        // SAFETY: there is room for the column now (N2).
        unsafe { back.word(rank).cast::<Tail>().write(Tail::PLAIN) };
    }
    header(slot).flags |= TAILS;
}

fn insert_tail<V>(slot: &mut Shared<V>, byte: u8, tail: Tail, value: Option<Stored<V>>) {
    assert!(!view(slot).has_entry(byte), "the place is vacant");
    if !tail.is_plain() && !view(slot).has_tails() {
        add_tail_column(slot);
    }
    reserve(slot, 0, 1, false, false);
    let wide = view(slot);
    let (rank, own, column) = (wide.tail_rank(byte), wide.has_own() as usize, wide.has_tails());
    let mut back = back::<V>(slot);
    // SAFETY: there is room now; the value's place is filled if the tail has one, and stays vacant if not (N4).
    unsafe {
        let place = back.open_value(own + rank);
        if let Some(value) = value {
            Column::write(place, value);
        }
        if column {
            back.open_word(rank).cast::<Tail>().write(tail);
        }
    }
    mark(slot, Mask::Tail, byte, true);
}

fn remove_tail<V>(slot: &mut Shared<V>, byte: u8) -> (Tail, Option<Stored<V>>) {
    let wide = view(slot);
    assert!(wide.is_tail(byte), "the entry is there");
    let rank = wide.tail_rank(byte);
    let tail = *wide.tail(rank);
    let own = wide.has_own() as usize;
    let column = wide.has_tails();
    let mut back = back::<V>(slot);
    // SAFETY: a valued tail's place is filled (N4); it is closed.
    let value = tail.is_valued().then(|| unsafe { Column::take(back.value(own + rank)) });
    back.close_value(own + rank);
    if column {
        back.close_word(rank);
    }
    mark(slot, Mask::Tail, byte, false);
    (tail, value)
}

fn payload_of<V>(value: Option<Stored<V>>) -> EndOwned<V> {
    value.map_or(End::Bare, End::Value)
}

/// Puts an entry where none begins with its byte.
fn put<V>(slot: &mut Shared<V>, key: &[u8], payload: EndOwned<V>) {
    let (byte, rest) = (key[0], &key[1..]);
    match payload {
        End::Child(child) if rest.is_empty() => insert_child(slot, byte, child),
        End::Value(value) if rest.len() <= Tail::MAX => {
            insert_tail(slot, byte, Tail::new(rest, true), Some(value));
        }
        End::Bare if rest.len() <= Tail::MAX => insert_tail(slot, byte, Tail::new(rest, false), None),
        payload => insert_child(slot, byte, Bundle::node(rest, payload)),
    }
}

pub(super) fn insert<V>(slot: &mut Shared<V>, place: Vacancy, key: &[u8], payload: EndOwned<V>) {
    if !place.meets {
        return put(slot, key, payload);
    }
    let (tail, value) = remove_tail(slot, key[0]);
    if value.is_none() && key[1..].starts_with(tail.rest()) {
        reached(Mark::TailTipExtended);
        return put(slot, key, payload);
    }
    reached(Mark::TailParted);
    let child = Bundle::pair((tail.rest(), payload_of(value)), (&key[1..], payload)).pack();
    insert_child(slot, key[0], child);
}

pub(super) fn remove<V>(slot: &mut Shared<V>, byte: u8) -> EndOwned<V> {
    let payload = if view(slot).is_child(byte) {
        End::Child(remove_child(slot, byte))
    } else {
        payload_of(remove_tail(slot, byte).1)
    };
    shrink(slot);
    payload
}

pub(super) fn replace<V>(slot: &mut Shared<V>, byte: u8, payload: EndOwned<V>) -> EndOwned<V> {
    if view(slot).is_child(byte) {
        let old = remove_child(slot, byte);
        put(slot, &[byte], payload);
        return End::Child(old);
    }
    let (tail, value) = remove_tail(slot, byte);
    let mut key = [byte; 1 + Tail::MAX];
    key[1..=tail.rest().len()].copy_from_slice(tail.rest());
    put(slot, &key[..=tail.rest().len()], payload);
    payload_of(value)
}

/// True iff the child of `byte` is this node's alone and no more than what fits a tail.
pub(super) fn can_absorb<V>(wide: WideRef<'_, V>, byte: u8) -> bool {
    let child = wide.child(wide.child_rank(byte));
    let Kind::List(list) = child.view().kind() else { return false };
    let one = list.len() == 1 && !list.has_own() && !list.is_child(0);
    one && list.suffix_len(0) <= Tail::MAX && child.is_unique()
}

/// Makes the child of `byte`, which fits one, a tail. What is left of the child holds nothing.
pub(super) fn absorb<V>(slot: &mut Shared<V>, byte: u8) {
    let child = child_mut(slot, byte);
    let Some(mut node) = child.try_unique() else { return };
    let entry = node.view().entry(0);
    let mut key = vec![byte];
    entry.suffix.append_to(&mut key);
    let payload = node.remove(0);
    drop(remove_child(slot, byte));
    put(slot, &key, payload);
}

/// True iff the node's entries would fill no more than half a list. Only half, so that an insert and a remove
/// around the limit do not convert it to and fro.
pub(super) fn fits_half_list<V>(wide: WideRef<'_, V>) -> bool {
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
