//! Editing a list that has one owner.

use std::marker::PhantomData;

use super::back::Back;
use super::column::{Column, Stored};
use super::edit::{Found, NodeMut, Vacancy};
use super::end::{End, EndKind, EndOwned};
use super::header::{HEADER, Header, ListBits, OWN, size_class};
use super::limits::Limits;
use super::list::{ListRef, back_size, front_size, low_bits};
use super::shared::Shared;
use super::view::Kind;
use crate::bytes::starts_with;
use crate::reached::{Mark, reached};

/// Every function here is called with a slot that is the only owner of a list; see [`NodeMut`].
fn view<V>(slot: &Shared<V>) -> ListRef<'_, V> {
    match slot.view().kind() {
        Kind::List(list) => list,
        Kind::Wide(_) => unreachable!("the caller has matched a list"),
    }
}

fn header<V>(slot: &mut Shared<V>) -> &mut Header {
    // SAFETY: the slot is the node's only owner, and is borrowed mutably (N5).
    unsafe { slot.as_raw().as_mut() }
}

#[inline]
fn back<V>(slot: &mut Shared<V>) -> Back<V> {
    let list = view(slot);
    let (size, values, words) = (list.size(), list.value_count(), list.child_count());
    Back { at: slot.as_raw(), size, word: size_of::<Shared<V>>(), values, words, of: PhantomData }
}

fn byte<V>(slot: &mut Shared<V>, offset: usize) -> *mut u8 {
    // SAFETY: callers pass offsets within the front (N2).
    unsafe { slot.as_raw().as_ptr().cast::<u8>().add(offset) }
}

pub(super) fn find<V>(list: ListRef<'_, V>, key: &[u8]) -> Found {
    let found = list.place(key);
    let at = match found {
        Ok(i) if list.is_child(i) => return Found::Child(i, key.len()),
        Ok(i) if list.is_bare(i) => return Found::Bare(i),
        Ok(i) => return Found::Value(i),
        Err(at) => at,
    };
    // An entry that begins the key and that nothing may extend is the one just before: what lies between would
    // extend it too (N6).
    if let Some(before) = at.checked_sub(1)
        && (list.is_child(before) || list.is_bare(before))
        && list.heads()[before] == key[0]
        && starts_with(&key[1..], list.rest(before))
    {
        if list.is_child(before) {
            return Found::Child(before, list.suffix_len(before));
        }
        return Found::Vacant(Vacancy { at, meets: true });
    }
    Found::Vacant(Vacancy { at, meets: false })
}

/// The place of the value of entry `i`.
///
/// # Panics
/// If the entry has none.
pub(super) fn value_place<V>(slot: &mut Shared<V>, i: usize) -> *mut u8 {
    let list = view(slot);
    assert!(list.has_value(i), "the entry has a value");
    list.value_place(list.value_rank(i)).cast_mut()
}

/// The place of the node's own value, if there is one.
pub(super) fn own_place<V>(slot: &mut Shared<V>) -> Option<*mut u8> {
    let list = view(slot);
    list.has_own().then(|| list.value_place(0).cast_mut())
}

#[inline]
pub(super) fn child_mut<V>(slot: &mut Shared<V>, i: usize) -> &mut Shared<V> {
    let list = view(slot);
    assert!(i < 32 && list.is_child(i), "the entry is a child");
    let place = list.child_place(list.child_rank(i)).cast_mut();
    // SAFETY: entry `i` is a child (N3). Its place is reached from the node's own pointer, and the slot is borrowed mutably for
    // as long as the child.
    unsafe { &mut *place.cast::<Shared<V>>() }
}

/// Makes the allocation hold `need` bytes.
fn reserve<V>(slot: &mut Shared<V>, need: usize) {
    let list = view(slot);
    if need <= list.size() {
        return;
    }
    resize(slot, need);
}

fn resize<V>(slot: &mut Shared<V>, need: usize) {
    let list = view(slot);
    let front = front_size(list.len(), list.heap_len());
    let back = back_size::<V>(list.value_count(), list.child_count());
    // SAFETY: these are the ends in use, and `need` is no less than their sum.
    unsafe { NodeMut::resize(slot, size_class(need), front, back) }
}

/// Gives memory back where less than half of it is used.
fn shrink<V>(slot: &mut Shared<V>) {
    let list = view(slot);
    let need =
        front_size(list.len(), list.heap_len()) + back_size::<V>(list.value_count(), list.child_count());
    if 2 * size_class(need) <= list.size() {
        resize(slot, need);
    }
}

pub(super) fn shrink_to_fit<V>(slot: &mut Shared<V>) {
    let list = view(slot);
    let need =
        front_size(list.len(), list.heap_len()) + back_size::<V>(list.value_count(), list.child_count());
    if size_class(need) < list.size() {
        resize(slot, need);
    }
}

pub(super) fn insert_own<V>(slot: &mut Shared<V>, value: Stored<V>) {
    let list = view(slot);
    let need =
        front_size(list.len(), list.heap_len()) + back_size::<V>(list.value_count() + 1, list.child_count());
    reserve(slot, need);
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
    shrink(slot);
    value
}

/// `bits` with a zero put in at `i`.
fn open_bit(bits: u32, i: usize) -> u32 {
    let low = low_bits(i);
    bits & low | (bits & !low) << 1
}

/// `bits` with the one at `i` taken out.
fn close_bit(bits: u32, i: usize) -> u32 {
    let low = low_bits(i);
    bits & low | bits >> 1 & !low
}

/// How an entry is to be inserted into a list, found out by looking.
pub(super) struct Plan {
    /// The number of the new entry.
    at: usize,
    /// The dangling tip, the entry before, that the key extends, and that is removed first.
    tip: bool,
    /// The suffix is longer than an entry's may be.
    long: bool,
    /// The bytes that the list needs.
    need: usize,
    /// The columns as they are: each count is taken once, as it is a dozen instructions without a target feature for it.
    bits: ListBits,
    valued: u32,
    own: usize,
    values: usize,
    words: usize,
}

impl Plan {
    /// The plan for a key with this end at its place; `None` if the list is full.
    #[inline(always)]
    pub(super) fn make<V>(list: ListRef<'_, V>, place: Vacancy, key: &[u8], ends: EndKind) -> Option<Self> {
        assert!(place.at <= list.len(), "the place is the list's");
        let tip = match place.meets {
            true => Some(list.rest(place.at - 1).len()),
            false => None,
        };
        // What is too long becomes a child entry.
        let long = key.len() > Limits::SUFFIX;
        let (rest, ends) = if long { (Limits::SUFFIX - 1, End::Child(())) } else { (key.len() - 1, ends) };
        let bits = list.bits();
        let (valued, own) = (list.value_bits(), list.has_own() as usize);
        let (values, words) = (valued.count_ones() as usize + own, bits.child.count_ones() as usize);
        let n = list.len() + 1 - tip.is_some() as usize;
        let heap = list.heap_len() - tip.unwrap_or(0);
        let back = back_size::<V>(
            values + (ends == End::Value(())) as usize,
            words + (ends == End::Child(())) as usize,
        );
        let need = front_size(n, heap + rest) + back;
        let limits = Limits::current();
        let dense = n > limits.dense() && rest == 0 && heap == 0;
        let full = n > limits.entries || dense || n > Limits::FEW && need > limits.bytes;
        if full {
            reached(if tip.is_some() { Mark::ListFullOverTip } else { Mark::ListFull });
        }
        let at = place.at;
        (!full).then_some(Self { at, tip: tip.is_some(), long, need, bits, valued, own, values, words })
    }
}

/// Does what was planned for this list, key and end. Inlined, so that the plan stays in registers.
#[inline(always)]
pub(super) fn insert<V>(slot: &mut Shared<V>, plan: Plan, key: &[u8], payload: EndOwned<V>) {
    let Plan { at, tip, long, need, bits, valued, own, values, words } = plan;
    if tip {
        return insert_over_tip(slot, at - 1, key, payload);
    }
    if long {
        return insert_long(slot, at, key, payload);
    }
    let ListBits { child: children, bare: bares } = bits;
    let value_rank = (valued & low_bits(at)).count_ones() as usize + own;
    let child_rank = (children & low_bits(at)).count_ones() as usize;
    reserve(slot, need);
    let (node, size) = (slot.as_raw(), view(slot).size());
    let mut back = Back::<V> { at: node, size, word: size_of::<Shared<V>>(), values, words, of: PhantomData };
    let (mut child, mut bare) = (0, 0);
    // SAFETY: the counts and the need are this list's, which has been borrowed since the plan was made; so there is room now, and
    // each vacant place is filled.
    unsafe {
        match payload {
            End::Value(value) => Column::write(back.open_value(value_rank), value),
            End::Bare => bare = 1,
            End::Child(node) => {
                child = 1;
                back.open_word(child_rank).cast::<Shared<V>>().write(node);
            }
        }
    }
    open_suffix(slot, at, key);
    header(slot).kind.list =
        ListBits { child: open_bit(children, at) | child << at, bare: open_bit(bares, at) | bare << at };
}

/// Inserts an entry in the place of the dangling tip at `at`, which its key extends.
#[cold]
fn insert_over_tip<V>(slot: &mut Shared<V>, at: usize, key: &[u8], payload: EndOwned<V>) {
    reached(Mark::ListTipExtended);
    remove(slot, at);
    let plan = Plan::make(view(slot), Vacancy { at, meets: false }, key, payload.kind());
    insert(slot, plan.expect("there was room without the tip"), key, payload);
}

/// Inserts a suffix that is too long for one entry: what is over goes on in a child of its own.
#[cold]
fn insert_long<V>(slot: &mut Shared<V>, at: usize, key: &[u8], payload: EndOwned<V>) {
    let (first, over) = key.split_at(Limits::SUFFIX);
    let list = view(slot);
    reached(Mark::LongSuffix);
    // A value where the child begins becomes the child's own.
    let met = at.checked_sub(1).filter(|&i| list.heads()[i] == first[0] && *list.rest(i) == first[1..]);
    if met.is_some() {
        reached(Mark::LongSuffixOverValue);
    }
    let own = met.map(|i| remove(slot, i)).map(|payload| match payload {
        End::Value(value) => value,
        End::Bare | End::Child(_) => {
            unreachable!("a tip is gone, and a child would have been gone to")
        }
    });
    let mut below = super::pack::Bundle::new(own);
    below.push(over, payload);
    let place = Vacancy { at: met.unwrap_or(at), meets: false };
    let plan = Plan::make(view(slot), place, first, End::Child(()));
    insert(slot, plan.expect("there was room for a child"), first, End::Child(below.pack()));
}

/// A copy of the column of ends, for the heads grow into it.
fn ends_of<V>(slot: &mut Shared<V>, n: usize) -> [u16; 33] {
    let mut ends = [0u16; 33];
    // SAFETY: `n` ends, at most 32, lie behind the heads (N2).
    unsafe { byte(slot, HEADER + n).copy_to_nonoverlapping(ends.as_mut_ptr().cast(), 2 * n) };
    ends
}

/// Opens the front for an entry at `at`, writes its suffix, and counts it; there is room.
fn open_suffix<V>(slot: &mut Shared<V>, at: usize, key: &[u8]) {
    let (head, rest) = (key[0], &key[1..]);
    let list = view(slot);
    let (n, heap_len, start) = (list.len(), list.heap_len(), list.start(at));
    let mut ends = ends_of(slot, n);
    for i in (at..n).rev() {
        ends[i + 1] = ends[i] + rest.len() as u16;
    }
    ends[at] = (start + rest.len()) as u16;
    let heap = byte(slot, HEADER + 3 * n);
    // SAFETY: there is room for three bytes and the rest (the caller). What lies highest moves first; the ends, which
    // the heads grow into, are held aside.
    unsafe {
        if heap_len > start {
            heap.add(start).copy_to(heap.add(3 + rest.len() + start), heap_len - start);
        }
        if start > 0 {
            heap.copy_to(heap.add(3), start);
        }
        heap.add(3 + start).copy_from_nonoverlapping(rest.as_ptr(), rest.len());
        let heads = byte(slot, HEADER);
        heads.add(at).copy_to(heads.add(at + 1), n - at);
        heads.add(at).write(head);
        heads.add(n + 1).copy_from_nonoverlapping(ends.as_ptr().cast(), 2 * (n + 1));
    }
    header(slot).n = (n + 1) as u8;
}

/// Takes the suffix of entry `at` out of the front, and counts it off.
fn close_suffix<V>(slot: &mut Shared<V>, at: usize) {
    let list = view(slot);
    let (n, heap_len, start, end) = (list.len(), list.heap_len(), list.start(at), list.end(at));
    let rest = end - start;
    let mut ends = ends_of(slot, n);
    for i in at + 1..n {
        ends[i - 1] = ends[i] - rest as u16;
    }
    let heap = byte(slot, HEADER + 3 * n);
    // SAFETY: everything moves down within the front; what lies lowest moves first, the ends are held aside.
    unsafe {
        let heads = byte(slot, HEADER);
        heads.add(at + 1).copy_to(heads.add(at), n - at - 1);
        heads.add(n - 1).copy_from_nonoverlapping(ends.as_ptr().cast(), 2 * (n - 1));
        heap.copy_to(heap.sub(3), start);
        heap.add(end).copy_to(heap.add(end).sub(3 + rest), heap_len - end);
    }
    header(slot).n = (n - 1) as u8;
}

/// Takes what is at the end of entry `i` out, and makes the entry bare.
fn take_load<V>(slot: &mut Shared<V>, i: usize) -> EndOwned<V> {
    let list = view(slot);
    assert!(i < list.len(), "the entry is there");
    let (value_rank, child_rank) = (list.value_rank(i), list.child_rank(i));
    let (is_child, is_bare) = (list.is_child(i), list.is_bare(i));
    let mut back = back::<V>(slot);
    // SAFETY: the entry's kind tells what is in its place (N3, N4), which is closed.
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
    // SAFETY: the node is a list (N1).
    let bits = unsafe { &mut header(slot).kind.list };
    bits.child &= !(1 << i);
    bits.bare |= 1 << i;
    payload
}

pub(super) fn remove<V>(slot: &mut Shared<V>, i: usize) -> EndOwned<V> {
    let payload = take_load(slot, i);
    close_suffix(slot, i);
    // SAFETY: the node is a list (N1).
    let bits = unsafe { &mut header(slot).kind.list };
    *bits = ListBits { child: close_bit(bits.child, i), bare: close_bit(bits.bare, i) };
    shrink(slot);
    payload
}

pub(super) fn replace<V>(slot: &mut Shared<V>, i: usize, payload: EndOwned<V>) -> EndOwned<V> {
    let old = take_load(slot, i);
    let list = view(slot);
    let need = |values, children| {
        front_size(list.len(), list.heap_len())
            + back_size::<V>(list.value_count() + values, list.child_count() + children)
    };
    let (value_rank, child_rank) = (list.value_rank(i), list.child_rank(i));
    // SAFETY: room is made first, each vacant place is filled, and the bits tell of it; the node is a list (N1).
    unsafe {
        match payload {
            End::Value(value) => {
                let need = need(1, 0);
                reserve(slot, need);
                Column::write(back::<V>(slot).open_value(value_rank), value);
                header(slot).kind.list.bare &= !(1 << i);
            }
            End::Bare => {}
            End::Child(child) => {
                let need = need(0, 1);
                reserve(slot, need);
                back::<V>(slot).open_word(child_rank).cast::<Shared<V>>().write(child);
                header(slot).kind.list.bare &= !(1 << i);
                header(slot).kind.list.child |= 1 << i;
            }
        }
    }
    shrink(slot);
    old
}

/// True iff the child of entry `i` is a list that only this one owns, and the two fit half a list.
pub(super) fn can_absorb<V>(list: ListRef<'_, V>, i: usize) -> bool {
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
    let back =
        back_size::<V>(list.value_count() + below.value_count(), list.child_count() + below.child_count());
    if n > Limits::FEW && front_size(n, heap) + back > limits.bytes / 2 {
        return false;
    }
    let longest = (0..below.len()).map(|j| below.suffix_len(j)).max().unwrap_or(0);
    prefix + longest <= Limits::SUFFIX
}
