//! The edit view: a node proven unique, whichever kind it is.

use super::abort::Abort;
use super::bin::Bin;
use super::column::{Column, Stored};
use super::end::{End, EndKind, EndOwned};
use super::found::{Found, Vacancy};
use super::limits::Limits;
use super::list_edit::ListMut;
use super::list_room::ListRoom;
use super::pack::Bundle;
use super::raw::RawNode;
use super::shared::Shared;
use super::value::ValueMut;
use super::view::{Kind, NodeRef};
use super::wide_edit::WideMut;
use crate::reached::{Mark, reached};

/// A node that has one owner, which is borrowed mutably: the only source of `&mut` to anything in
/// a node.
///
/// An edit may move the node; the owner is updated.
pub(crate) struct NodeMut<'a, V> {
    slot: &'a mut Shared<V>,
}

/// A node to be edited, by its kind.
enum KindMut<'a, V> {
    List(ListMut<'a, V>),
    Wide(WideMut<'a, V>),
}

/// Room in a node for an entry that is not there yet.
pub(crate) struct Room<'a, V> {
    key: &'a [u8],
    end: EndKind,
    node: RoomIn<'a, V>,
}

enum RoomIn<'a, V> {
    List(ListRoom<'a, V>),
    Wide(WideMut<'a, V>, Vacancy),
}

impl<V> Room<'_, V> {
    /// Puts the entry there. A child that holds only its own value must not be put: put the
    /// value. A dangling tip that the key extends is removed.
    ///
    /// # Panics
    /// Panics if the room was made for another end.
    #[inline(always)]
    pub(crate) fn fill(self, payload: EndOwned<V>) {
        assert!(payload.kind() == self.end, "the room is for such an end");
        match self.node {
            RoomIn::List(room) => room.fill(self.key, payload),
            RoomIn::Wide(mut wide, place) => wide.insert(place, self.key, payload),
        }
    }
}

impl<V> NodeRef<'_, V> {
    /// Where `key` leads; it is not empty. A copy of the node has the same places.
    #[inline]
    pub(super) fn find(self, key: &[u8]) -> Found {
        reached(Mark::NodeSearched);
        match self.kind() {
            Kind::List(list) => list.find(key),
            Kind::Wide(wide) => wide.find(key),
        }
    }
}

impl<'a, V> NodeRef<'a, V> {
    /// The child entry whose suffix begins `key`, which is not empty, the suffix's length, and the
    /// place of the child, reached from the node's own pointer.
    #[inline(always)]
    pub(super) fn way_to_place(self, key: &[u8]) -> Option<(usize, usize, *const Shared<V>)> {
        match self.kind() {
            Kind::List(list) => list.child_on_way(key).map(|(i, used)| (i, used, list.entry_child_place(i))),
            Kind::Wide(wide) => {
                let byte = key[0];
                wide.is_child(byte).then(|| (byte as usize, 1, wide.child_place(wide.child_rank(byte))))
            }
        }
    }

    /// The child entry whose suffix begins `key`, which is not empty, the suffix's length, and the
    /// child.
    #[inline(always)]
    pub(super) fn way_to_child(self, key: &[u8]) -> Option<(usize, usize, &'a Shared<V>)> {
        let (i, used, place) = self.way_to_place(key)?;
        // SAFETY: the place is that of a child (N3), which is not written during 'a.
        Some((i, used, unsafe { &*place }))
    }
}

impl RawNode {
    /// The place of the child of entry `i`.
    ///
    /// # Safety
    /// The node's values are of type `V`. It lives and has one owner, nothing borrows it, and entry
    /// `i` is a child.
    pub(crate) unsafe fn child_place<V>(self, i: usize) -> *mut Shared<V> {
        // SAFETY: the node lives. The place is reached from the node's own pointer, not from the
        // borrow of it.
        let node = unsafe { NodeRef::<V>::from_raw(self) };
        debug_assert!(!node.is_shared(), "a node is edited by its one owner (N5)");
        let place = match node.kind() {
            Kind::List(list) => list.entry_child_place(i),
            Kind::Wide(wide) => wide.child_place(wide.child_rank(i as u8)),
        };
        place.cast_mut()
    }
}

impl<V> Shared<V> {
    /// Makes this the only owner, by a copy of the one node if need be, and returns the node to
    /// be edited.
    ///
    /// The former owner is put into the bin, since it may be the last one by now: a clone may
    /// have dropped the others. If a clone panics, nothing has changed.
    #[inline]
    pub(crate) fn unique(&mut self, bin: &mut Bin<V>) -> NodeMut<'_, V>
    where
        V: Clone,
    {
        if !self.is_unique() {
            self.copy(bin);
        }
        // SAFETY: the count is one, and this owner is borrowed mutably (N5).
        unsafe { NodeMut::new(self) }
    }

    /// The node to be edited, if this is its only owner.
    pub(crate) fn try_unique(&mut self) -> Option<NodeMut<'_, V>> {
        // SAFETY: as in `unique`.
        if self.is_unique() { Some(unsafe { NodeMut::new(self) }) } else { None }
    }
}

impl<'a, V> NodeMut<'a, V> {
    /// # Safety
    /// `slot` is the node's only owner.
    #[inline(always)]
    unsafe fn new(slot: &'a mut Shared<V>) -> Self {
        Self { slot }
    }

    #[inline]
    pub(crate) fn view(&self) -> NodeRef<'_, V> {
        self.slot.view()
    }

    /// The node to be read for as long as its owner is borrowed.
    #[inline]
    pub(super) fn into_view(self) -> NodeRef<'a, V> {
        self.slot.view()
    }

    /// The same node for a shorter time.
    #[inline(always)]
    pub(crate) fn reborrow(&mut self) -> NodeMut<'_, V> {
        NodeMut { slot: self.slot }
    }

    #[inline(always)]
    fn kind(&mut self) -> KindMut<'_, V> {
        self.reborrow().into_kind()
    }

    #[inline(always)]
    fn into_kind(self) -> KindMut<'a, V> {
        debug_assert!(self.slot.is_unique(), "a node is edited by its one owner (N5)");
        // SAFETY: the slot is the node's only owner (`new`), and the node's flag says which kind
        // it is (N1).
        unsafe {
            match self.slot.view().kind() {
                Kind::List(_) => KindMut::List(ListMut::new(self.slot)),
                Kind::Wide(_) => KindMut::Wide(WideMut::new(self.slot)),
            }
        }
    }

    fn into_own(self) -> Option<ValueMut<'a, V>> {
        match self.into_kind() {
            KindMut::List(list) => list.into_own(),
            KindMut::Wide(wide) => wide.into_own(),
        }
    }

    #[inline]
    fn into_value(self, i: usize) -> ValueMut<'a, V> {
        match self.into_kind() {
            KindMut::List(list) => list.into_value(i),
            KindMut::Wide(wide) => wide.into_value(byte(i)),
        }
    }

    /// The value at the node's own location.
    pub(crate) fn own_mut(self, bin: &mut Bin<V>) -> Option<&'a mut V>
    where
        V: Clone,
    {
        self.into_own().map(|own| own.into_mut(bin))
    }

    /// Puts a value at the node's own location; returns the one that was there.
    pub(crate) fn set_own(&mut self, value: Stored<V>, bin: &mut Bin<V>) -> Option<Stored<V>>
    where
        V: Clone,
    {
        if let Some(own) = self.reborrow().into_own() {
            return Some(own.exchange(value, bin));
        }
        match self.kind() {
            KindMut::List(mut list) => list.insert_own(value),
            KindMut::Wide(mut wide) => wide.insert_own(value),
        }
        None
    }

    /// Takes the value from the node's own location. The node may be left empty, which the caller
    /// must repair.
    pub(crate) fn take_own(&mut self) -> Option<Stored<V>> {
        self.view().own()?;
        Some(match self.kind() {
            KindMut::List(mut list) => list.remove_own(),
            KindMut::Wide(mut wide) => wide.remove_own(),
        })
    }

    /// Where `key` leads; it is not empty.
    #[inline]
    pub(crate) fn find(&self, key: &[u8]) -> Found {
        self.view().find(key)
    }

    /// The value of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry has none.
    #[inline]
    pub(crate) fn value_mut(self, i: usize, bin: &mut Bin<V>) -> &'a mut V
    where
        V: Clone,
    {
        self.into_value(i).into_mut(bin)
    }

    /// Makes the value of entry `i` this owner's alone, so that it can be moved out without a
    /// clone.
    #[inline]
    pub(crate) fn claim_value(&mut self, i: usize, bin: &mut Bin<V>)
    where
        V: Clone,
    {
        if !Column::<V>::INLINE {
            self.reborrow().value_mut(i, bin);
        }
    }

    /// Replaces the value of entry `i`, and returns the one that was there.
    ///
    /// # Panics
    /// Panics if the entry has none.
    #[inline]
    pub(crate) fn exchange_value(&mut self, i: usize, value: Stored<V>, bin: &mut Bin<V>) -> Stored<V>
    where
        V: Clone,
    {
        self.reborrow().into_value(i).exchange(value, bin)
    }

    /// The child of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry is no child.
    #[inline(always)]
    pub(crate) fn child_mut(self, i: usize) -> &'a mut Shared<V> {
        match self.into_kind() {
            KindMut::List(list) => list.into_child(i),
            KindMut::Wide(wide) => wide.into_child(byte(i)),
        }
    }

    /// The child whose entry's suffix begins `key` and is shorter, and the suffix's length.
    ///
    /// # Errors
    /// Returns the owner of this node if there is no such child.
    #[inline(always)]
    pub(crate) fn into_child_before(
        self,
        key: &[u8],
    ) -> Result<(&'a mut Shared<V>, usize), &'a mut Shared<V>> {
        debug_assert!(self.slot.is_unique(), "a node is edited by its one owner (N5)");
        match self.slot.view().way_to_place(key) {
            // SAFETY: the place is that of a child (N3), reached from the node's own pointer. The
            // slot is the node's only owner (`new`), and is borrowed mutably for as long as the
            // child.
            Some((_, used, place)) if used < key.len() => Ok((unsafe { &mut *place.cast_mut() }, used)),
            _ => Err(self.slot),
        }
    }

    /// Room for an entry at its place; `None` if the node is full and must be
    /// [`split`](Self::split) first. Looking for room changes nothing.
    #[inline(always)]
    pub(crate) fn room<'n>(&'n mut self, place: Vacancy, key: &'n [u8], end: EndKind) -> Option<Room<'n, V>> {
        let node = match self.kind() {
            KindMut::List(list) => RoomIn::List(list.room(place, key, end)?),
            KindMut::Wide(wide) => RoomIn::Wide(wide, place),
        };
        Some(Room { key, end, node })
    }

    /// Puts an entry at its place; see [`Room::fill`]. Not inlined, so that the counts of the
    /// room stay in registers.
    ///
    /// # Errors
    /// Returns the end if the node is full and must be [`split`](Self::split) first. The node has
    /// not been touched.
    #[inline(never)]
    pub(crate) fn insert(
        &mut self,
        place: Vacancy,
        key: &[u8],
        payload: EndOwned<V>,
    ) -> Result<(), EndOwned<V>> {
        match self.kind() {
            KindMut::List(list) => match list.room(place, key, payload.kind()) {
                Some(room) => room.fill(key, payload),
                None => return Err(payload),
            },
            KindMut::Wide(mut wide) => wide.insert(place, key, payload),
        }
        Ok(())
    }

    /// Like [`insert`](Self::insert) for a value; returns where the key leads then: to the value,
    /// or to a child that was built for it. The node is searched again only if there is such a
    /// child.
    ///
    /// # Errors
    /// Returns the value if the node is full.
    pub(crate) fn insert_value(
        &mut self,
        place: Vacancy,
        key: &[u8],
        value: Stored<V>,
    ) -> Result<Found, Stored<V>> {
        // A tip that the key extends is removed, and the entries of a list behind it move up.
        let entry = match self.view().kind() {
            Kind::List(_) => place.at - usize::from(place.displaces),
            Kind::Wide(_) => place.at,
        };
        match self.insert(place, key, End::Value(value)) {
            // A suffix that is too long may have taken the place of the entry before.
            Ok(()) if key.len() > Limits::SUFFIX => Ok(self.find(key)),
            Ok(()) if self.view().entry_value(entry).is_none() => Ok(self.find(key)),
            Ok(()) => Ok(Found::Value(entry)),
            Err(End::Value(value)) => Err(value),
            Err(_) => unreachable!("the payload comes back"),
        }
    }

    /// Takes entry `i` out. The node may be left empty, which the caller must repair.
    pub(crate) fn remove(&mut self, i: usize) -> EndOwned<V> {
        match self.kind() {
            KindMut::List(mut list) => list.remove(i),
            KindMut::Wide(mut wide) => wide.remove(byte(i)),
        }
    }

    /// Replaces the end of entry `i`, and returns the one that was there.
    pub(crate) fn replace(&mut self, i: usize, payload: EndOwned<V>) -> EndOwned<V> {
        match self.kind() {
            KindMut::List(mut list) => list.replace(i, payload),
            KindMut::Wide(mut wide) => wide.replace(byte(i), payload),
        }
    }

    /// Makes room in a full list: pushes its heaviest group down into a child, or makes it wide.
    pub(crate) fn split(&mut self) {
        if let KindMut::List(list) = self.kind()
            && list.split()
        {
            return;
        }
        self.rebuild(|bundle| bundle.split());
    }

    /// Gives back the memory that the node does not need.
    pub(crate) fn shrink_to_fit(&mut self) {
        match self.kind() {
            KindMut::List(mut list) => list.shrink_to_fit(),
            KindMut::Wide(mut wide) => wide.shrink_to_fit(),
        }
    }

    /// Makes a wide node of few entries a list.
    #[inline]
    pub(crate) fn settle(&mut self) {
        if let KindMut::Wide(wide) = self.kind()
            && wide.fits_half_list()
        {
            reached(Mark::Settled);
            self.rebuild(|bundle| bundle.pack());
        }
    }

    /// Takes the entries of the child of entry `i` into this node, if the child has no other
    /// owner and the two fill no more than half a list. That is far enough below the limit that
    /// inserts and removals around it do not move entries to and fro.
    #[inline]
    pub(crate) fn absorb(&mut self, i: usize) {
        match self.kind() {
            KindMut::List(list) => list.absorb(i),
            KindMut::Wide(wide) => wide.absorb(byte(i)),
        }
    }

    fn rebuild(&mut self, build: impl FnOnce(Bundle<V>) -> Shared<V>) {
        let abort = Abort;
        // SAFETY: the slot is the node's only owner (`new`), and takes the node that is built
        // from its contents.
        unsafe {
            let bundle = Bundle::unpack(self.slot.as_raw());
            self.slot.put_raw(build(bundle).into_raw());
        }
        std::mem::forget(abort);
    }
}

/// The byte of a wide node's entry.
///
/// # Panics
/// Panics if it is none: the number is of another node.
#[inline(always)]
fn byte(entry: usize) -> u8 {
    assert!(entry < 256, "a wide node's entries are bytes");
    entry as u8
}
