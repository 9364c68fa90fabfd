//! The edit view: a node proven unique, whichever kind it is.

use super::bin::Bin;
use super::column::{Column, Stored};
use super::end::{EndKind, EndOwned};
use super::header::{self, KindBits};
use super::place::LentNode;
use super::shared::Shared;
use super::view::{Kind, NodeRef};
use super::{list_edit, pack, wide_edit};
use crate::reached::{Mark, reached};

/// A node that has one owner, which is borrowed mutably: the only source of `&mut` to anything in a node.
///
/// An edit may move the node; the owner is updated.
pub(crate) struct NodeMut<'a, V> {
    pub(super) slot: &'a mut Shared<V>,
}

/// Where a key leads from a node's root. An edit consumes it, so that none searches twice.
pub(crate) enum Found {
    /// An entry with a value, whose suffix is the key.
    Value(usize),
    /// A dangling tip, whose suffix is the key.
    Bare(usize),
    /// A child entry, and how much of the key leads to its root.
    Child(usize, usize),
    /// No entry; but there is a place for one.
    Vacant(Vacancy),
}

/// A place for an entry that is not there.
pub(crate) struct Vacancy {
    /// Of a list: the entry's number. Of a wide node: its byte.
    pub(super) at: usize,
    /// Of a list: the entry before is a dangling tip that the key goes on from. Of a wide node: another entry begins
    /// with the byte.
    pub(super) meets: bool,
}

/// Room in a node for an entry that is not there yet.
pub(crate) struct Room<'a, V> {
    slot: &'a mut Shared<V>,
    key: &'a [u8],
    ends: EndKind,
    plan: Plan,
}

enum Plan {
    List(list_edit::Plan),
    Wide(Vacancy),
}

impl<V> Room<'_, V> {
    /// Puts the entry there. A child that holds only its own value must not be put: put the value. A dangling tip that the
    /// key extends is removed.
    ///
    /// # Panics
    /// If the room was made for another end.
    #[inline(always)]
    pub(crate) fn fill(self, payload: EndOwned<V>) {
        assert!(payload.kind() == self.ends, "the room is for such an end");
        match self.plan {
            Plan::List(plan) => list_edit::insert(self.slot, plan, self.key, payload),
            Plan::Wide(place) => wide_edit::insert(self.slot, place, self.key, payload),
        }
    }
}

impl<V> NodeRef<'_, V> {
    /// Where `key` leads; it is not empty. A copy of the node has the same places.
    #[inline]
    pub(crate) fn find(self, key: &[u8]) -> Found {
        match self.kind() {
            Kind::List(list) => list_edit::find(list, key),
            Kind::Wide(wide) => wide_edit::find(wide, key),
        }
    }
}

impl<'a, V> NodeMut<'a, V> {
    /// # Safety
    /// `slot` is the node's only owner.
    pub(super) unsafe fn new(slot: &'a mut Shared<V>) -> Self {
        Self { slot }
    }

    #[inline]
    pub(crate) fn view(&self) -> NodeRef<'_, V> {
        self.slot.view()
    }

    /// The node, to be read.
    #[inline]
    pub(crate) fn lent(&self) -> LentNode<'_, V> {
        self.slot.lent()
    }

    /// The same node for a shorter time.
    pub(crate) fn reborrow(&mut self) -> NodeMut<'_, V> {
        NodeMut { slot: self.slot }
    }

    /// The value at the node's own location.
    pub(crate) fn own_mut(mut self, bin: &mut Bin<V>) -> Option<&'a mut V>
    where
        V: Clone,
    {
        let at = self.own_place()?;
        // SAFETY: the own value is there (N4), and the node is borrowed for 'a.
        Some(unsafe { Column::get_mut(at, bin) })
    }

    fn own_place(&mut self) -> Option<*mut u8> {
        match self.slot.view().kind() {
            Kind::List(_) => list_edit::own_place(self.slot),
            Kind::Wide(_) => wide_edit::own_place(self.slot),
        }
    }

    /// Puts a value at the node's own location; returns the one that was there.
    pub(crate) fn set_own(&mut self, value: Stored<V>, bin: &mut Bin<V>) -> Option<Stored<V>>
    where
        V: Clone,
    {
        if let Some(at) = self.own_place() {
            // SAFETY: the own value is there (N4), and the node is borrowed mutably.
            return Some(unsafe { Self::exchange(at, value, bin) });
        }
        match self.slot.view().kind() {
            Kind::List(_) => list_edit::insert_own(self.slot, value),
            Kind::Wide(_) => wide_edit::insert_own(self.slot, value),
        }
        None
    }

    /// Puts a value in the place of another, which is made this owner's first, so that nothing has changed if its clone
    /// panics.
    ///
    /// # Safety
    /// `at` is a filled place of the node's value column.
    unsafe fn exchange(at: *mut u8, value: Stored<V>, bin: &mut Bin<V>) -> Stored<V>
    where
        V: Clone,
    {
        // SAFETY: the caller's promise; the place is filled again at once.
        unsafe {
            Column::get_mut(at, bin);
            let old = Column::take(at);
            Column::write(at, value);
            old
        }
    }

    /// Takes the value from the node's own location. The node may be left with nothing at all: the caller sees to it.
    pub(crate) fn take_own(&mut self) -> Option<Stored<V>> {
        self.view().own()?;
        Some(match self.slot.view().kind() {
            Kind::List(_) => list_edit::remove_own(self.slot),
            Kind::Wide(_) => wide_edit::remove_own(self.slot),
        })
    }

    /// Where `key` leads; it is not empty.
    #[inline]
    pub(crate) fn find(&self, key: &[u8]) -> Found {
        self.view().find(key)
    }

    fn value_place(&mut self, i: usize) -> *mut u8 {
        match self.slot.view().kind() {
            Kind::List(_) => list_edit::value_place(self.slot, i),
            Kind::Wide(_) => wide_edit::value_place(self.slot, byte(i)),
        }
    }

    /// The value of entry `i`.
    ///
    /// # Panics
    /// If the entry has none.
    #[inline]
    pub(crate) fn value_mut(mut self, i: usize, bin: &mut Bin<V>) -> &'a mut V
    where
        V: Clone,
    {
        let at = self.value_place(i);
        // SAFETY: entry `i` has a value (N4), and the node is borrowed for 'a.
        unsafe { Column::get_mut(at, bin) }
    }

    /// Makes the value of entry `i` this owner's alone, so that it can be moved out without a clone.
    #[inline]
    pub(crate) fn claim_value(&mut self, i: usize, bin: &mut Bin<V>)
    where
        V: Clone,
    {
        if !Column::<V>::INLINE {
            self.reborrow().value_mut(i, bin);
        }
    }

    /// Puts a value in the place of that of entry `i`, and returns that one.
    ///
    /// # Panics
    /// If the entry has none.
    #[inline]
    pub(crate) fn exchange_value(&mut self, i: usize, value: Stored<V>, bin: &mut Bin<V>) -> Stored<V>
    where
        V: Clone,
    {
        let at = self.value_place(i);
        // SAFETY: entry `i` has a value (N4), and the node is borrowed mutably.
        unsafe { Self::exchange(at, value, bin) }
    }

    /// The child of entry `i`.
    ///
    /// # Panics
    /// If the entry is no child.
    #[inline(always)]
    pub(crate) fn child_mut(self, i: usize) -> &'a mut Shared<V> {
        match self.slot.view().kind() {
            Kind::List(_) => list_edit::child_mut(self.slot, i),
            Kind::Wide(_) => wide_edit::child_mut(self.slot, byte(i)),
        }
    }

    /// Room for an entry at its place; `None` if the node is full, and is to be [`split`](Self::split) first. To look for room
    /// touches nothing.
    #[inline(always)]
    pub(crate) fn room<'n>(
        &'n mut self,
        place: Vacancy,
        key: &'n [u8],
        ends: EndKind,
    ) -> Option<Room<'n, V>> {
        let plan = match self.view().kind() {
            Kind::List(list) => Plan::List(list_edit::Plan::make(list, place, key, ends)?),
            Kind::Wide(_) => Plan::Wide(place),
        };
        Some(Room { slot: self.slot, key, ends, plan })
    }

    /// Puts an entry at its place; see [`Room::fill`]. Apart, so that what is planned stays in registers.
    ///
    /// # Errors
    /// What was to be put in, if the node is full and is to be [`split`](Self::split) first. It has not been touched.
    #[inline(never)]
    pub(crate) fn insert(
        &mut self,
        place: Vacancy,
        key: &[u8],
        payload: EndOwned<V>,
    ) -> Result<(), EndOwned<V>> {
        match self.room(place, key, payload.kind()) {
            Some(room) => {
                room.fill(payload);
                Ok(())
            }
            None => Err(payload),
        }
    }

    /// Takes entry `i` out. The node may be left with nothing at all: the caller sees to it.
    pub(crate) fn remove(&mut self, i: usize) -> EndOwned<V> {
        match self.slot.view().kind() {
            Kind::List(_) => list_edit::remove(self.slot, i),
            Kind::Wide(_) => wide_edit::remove(self.slot, byte(i)),
        }
    }

    /// Replaces what is at the end of entry `i`.
    pub(crate) fn replace(&mut self, i: usize, payload: EndOwned<V>) -> EndOwned<V> {
        match self.slot.view().kind() {
            Kind::List(_) => list_edit::replace(self.slot, i, payload),
            Kind::Wide(_) => wide_edit::replace(self.slot, byte(i), payload),
        }
    }

    /// Makes room in a full list: pushes its heaviest group down into a child, or makes it wide.
    pub(crate) fn split(&mut self) {
        self.rebuild(|bundle| bundle.split());
    }

    /// Gives back the memory that the node does not need.
    pub(crate) fn shrink_to_fit(&mut self) {
        match self.view().kind() {
            Kind::List(_) => list_edit::shrink_to_fit(self.slot),
            Kind::Wide(_) => wide_edit::shrink_to_fit(self.slot),
        }
    }

    /// Makes a wide node of few entries a list.
    pub(crate) fn settle(&mut self) {
        if let Kind::Wide(wide) = self.view().kind()
            && wide_edit::fits_half_list(wide)
        {
            reached(Mark::Settled);
            self.rebuild(|bundle| bundle.pack());
        }
    }

    /// Takes the entries of the child of entry `i` into this node, if the child is this node's alone and the two fill
    /// no more than half a list: so much less than the limit that an insert and a remove around it do not move
    /// entries to and fro.
    pub(crate) fn absorb(&mut self, i: usize) {
        match self.view().kind() {
            Kind::List(list) if list_edit::can_absorb(list, i) => {
                reached(Mark::ListAbsorbed);
                self.rebuild(|bundle| bundle.absorb(i).pack());
            }
            Kind::Wide(wide) if wide_edit::can_absorb(wide, i as u8) => {
                reached(Mark::WideAbsorbed);
                wide_edit::absorb(self.slot, i as u8);
            }
            _ => {}
        }
    }

    fn rebuild(&mut self, build: impl FnOnce(pack::Bundle<V>) -> Shared<V>) {
        /// The owner has no node meanwhile, so a panic, which would be a fault of this crate, must not get out.
        struct Abort;
        impl Drop for Abort {
            fn drop(&mut self) {
                std::process::abort();
            }
        }
        let abort = Abort;
        // SAFETY: the node is unique (`new`), and is replaced by what its contents become.
        unsafe {
            let bundle = pack::Bundle::unpack(self.slot.as_raw());
            self.slot.put_raw(build(bundle).into_raw());
        }
        std::mem::forget(abort);
    }

    /// The same columns in another amount of memory.
    ///
    /// # Safety
    /// `front` and `back` are the lengths of what is in use at either end, and fit `size`.
    pub(super) unsafe fn resize(slot: &mut Shared<V>, size: usize, front: usize, back: usize) {
        let old = slot.as_raw();
        // SAFETY: the node is unique, both ends are copied as they are, and the old memory is released with its
        // columns moved out.
        unsafe {
            let header = old.as_ref();
            let new = header::allocate(size, header.flags, header.n, KindBits { list: header.kind.list });
            let (from, to) = (old.as_ptr().cast::<u8>(), new.as_ptr().cast::<u8>());
            let old_size = header.units as usize * header::ALIGN;
            to.add(header::HEADER).copy_from_nonoverlapping(from.add(header::HEADER), front - header::HEADER);
            to.add(size - back).copy_from_nonoverlapping(from.add(old_size - back), back);
            header::release(old);
            slot.put_raw(new);
        }
    }
}

/// The byte of a wide node's entry.
///
/// # Panics
/// If it is none: the number is of another node.
#[inline(always)]
fn byte(entry: usize) -> u8 {
    assert!(entry < 256, "a wide node's entries are bytes");
    entry as u8
}
