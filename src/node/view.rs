//! The read view: what a node says of itself, whichever kind it is.

use std::marker::PhantomData;
use std::ptr::{self, NonNull};

use super::column::{Column, Stored};
use super::end::Entry;
use super::header::{Header, WIDE};
use super::list::ListRef;
use super::list_search::ListSeek;
use super::prefetch::prefetch;
use super::raw::RawNode;
use super::shared::Shared;
use super::spot::Spot;
use super::wide::{self, WideRef};
use crate::bytes::ByteMask;
use crate::reached::{Mark, reached};

/// A node that lives, and that nobody writes, during `'a`.
pub(crate) struct NodeRef<'a, V> {
    at: NonNull<Header>,
    life: PhantomData<&'a V>,
}

impl<V> Clone for NodeRef<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for NodeRef<'_, V> {}

/// Where a key leads from a node's root, as far as this node goes.
pub(super) enum Step<'a, V> {
    Value(&'a V),
    /// A child's root, and how much of the key leads there.
    Child(&'a Shared<V>, usize),
    /// No value and no child: a bare or passing location, or none.
    Nothing,
}

/// Which entry a key leads to from a node's root.
pub(crate) enum Seek<'a, V> {
    /// A child entry whose suffix begins the key, the suffix's length, and the child.
    Child(usize, usize, &'a Shared<V>),
    /// An entry whose suffix is the key, and that is no child.
    Entry(usize),
    /// Neither.
    Nothing,
}

pub(super) enum Kind<'a, V> {
    List(ListRef<'a, V>),
    Wide(WideRef<'a, V>),
}

/// Runs the same expression on either kind.
macro_rules! on_kind {
    ($node:expr, $each:ident => $result:expr) => {
        match $node.kind() {
            Kind::List($each) => $result,
            Kind::Wide($each) => $result,
        }
    };
}

impl<V> Shared<V> {
    #[inline]
    pub(crate) fn view(&self) -> NodeRef<'_, V> {
        // SAFETY: the count that this owner holds keeps the node alive, and while it is borrowed
        // nobody can prove the count one, and so write (N5).
        unsafe { NodeRef::new(self.as_raw()) }
    }
}

impl<'a, V> NodeRef<'a, V> {
    /// # Safety
    /// `at` is a well-formed node that lives, and that nobody writes, during `'a`.
    #[inline]
    pub(super) unsafe fn new(at: NonNull<Header>) -> Self {
        Self { at, life: PhantomData }
    }

    /// The same node without its lifetime; see [`Self::from_raw`].
    #[inline]
    pub(crate) fn into_raw(self) -> RawNode {
        RawNode::new(self.at)
    }

    /// # Safety
    /// The node's values are of type `V`. It still lives, nobody writes it, and this thread may
    /// share its values, during `'a`.
    #[inline]
    pub(crate) unsafe fn from_raw(raw: RawNode) -> Self {
        Self { at: raw.at(), life: PhantomData }
    }

    #[inline]
    pub(super) fn header(self) -> &'a Header {
        // SAFETY: the node lives, and nobody writes it but its atomic count.
        unsafe { self.at.as_ref() }
    }

    /// The first byte of the node.
    pub(super) fn base(self) -> *const u8 {
        self.at.as_ptr().cast()
    }

    #[inline]
    pub(super) fn kind(self) -> Kind<'a, V> {
        // SAFETY: the node lives, and its flag tells its kind (N1).
        unsafe {
            if self.at.as_ref().flags & WIDE == 0 {
                Kind::List(ListRef::new(self.at))
            } else {
                Kind::Wide(WideRef::new(self.at))
            }
        }
    }

    /// A number that no other living node has.
    #[inline]
    pub(super) fn id(self) -> usize {
        self.at.addr().get()
    }

    /// One more owner of this node.
    pub(super) fn share(self) -> Shared<V> {
        // SAFETY: the node lives; the `Shared` that is cloned holds no count, and is not dropped.
        let borrowed = std::mem::ManuallyDrop::new(unsafe { Shared::from_raw(self.at) });
        Shared::clone(&borrowed)
    }

    /// True iff the node has more than one owner.
    pub(super) fn is_shared(self) -> bool {
        crate::reached::asks_for_owners();
        // SAFETY: the node lives.
        unsafe { self.at.as_ref() }.refs.load(std::sync::atomic::Ordering::Relaxed) != 1
    }

    /// True iff the node is a wide one.
    #[inline]
    pub(crate) fn is_wide(self) -> bool {
        matches!(self.kind(), Kind::Wide(_))
    }

    /// The node as a wide one, if all its entries are single bytes that lead to values.
    #[inline]
    pub(super) fn plain(self) -> Option<WideRef<'a, V>> {
        match self.kind() {
            Kind::Wide(wide) if wide.is_plain() => Some(wide),
            _ => None,
        }
    }

    /// The size of the node's allocation in bytes.
    pub(super) fn size(self) -> usize {
        on_kind!(self, node => node.size())
    }

    /// The bytes of the boxes of values that do not lie in the node itself.
    pub(super) fn boxed_bytes(self) -> usize {
        Column::<V>::BOXED_BYTES * self.value_count()
    }

    /// The value at the node's own location.
    #[inline]
    pub(crate) fn own(self) -> Option<&'a V> {
        on_kind!(self, node => node.own())
    }

    /// A clone of the value at the node's own location; of a boxed one, another owner.
    pub(super) fn share_own(self) -> Option<Stored<V>>
    where
        V: Clone,
    {
        // SAFETY: the own value is there (N4).
        self.own().map(|_| unsafe { Column::share(self.own_place()) })
    }

    /// The place of the own value, which is there.
    pub(super) fn own_place(self) -> *const u8 {
        on_kind!(self, node => node.value_place(0))
    }

    /// The place of the value of entry `i`, which has one.
    pub(super) fn value_place(self, i: usize) -> *const u8 {
        match self.kind() {
            Kind::List(list) => list.value_place(list.value_rank(i)),
            Kind::Wide(wide) => wide.value_place(wide.tail_rank(i as u8) + wide.has_own() as usize),
        }
    }

    /// Where `key` leads; it is not empty.
    #[inline]
    pub(super) fn step(self, key: &[u8]) -> Step<'a, V> {
        reached(Mark::NodeSearched);
        match self.kind() {
            // SAFETY: a search says `Child` of children only, and `Hit` of entries that are none;
            // such a one has a value if it is not bare (N4).
            Kind::List(list) => unsafe {
                match list.seek(key) {
                    ListSeek::Child(i, used) => Step::Child(list.entry_child_unchecked(i), used),
                    ListSeek::Hit(i) if !list.is_bare(i) => Step::Value(list.entry_value_unchecked(i)),
                    _ => Step::Nothing,
                }
            },
            Kind::Wide(wide) => match wide.seek(key) {
                wide::WideSeek::Child(child) => Step::Child(child, 1),
                wide::WideSeek::Hit(byte) => wide.entry(byte).end.value().map_or(Step::Nothing, Step::Value),
                wide::WideSeek::Miss => Step::Nothing,
            },
        }
    }

    /// The number of entries.
    #[inline]
    pub(super) fn entry_count(self) -> usize {
        match self.kind() {
            Kind::List(list) => list.len(),
            Kind::Wide(wide) => wide.tail_count() + wide.child_count(),
        }
    }

    /// Which entry `key` leads to; it is not empty.
    #[inline]
    pub(crate) fn seek(self, key: &[u8]) -> Seek<'a, V> {
        reached(Mark::NodeSearched);
        match self.kind() {
            Kind::List(list) => match list.seek(key) {
                ListSeek::Child(i, used) => {
                    // SAFETY: a search says `Child` of children only.
                    Seek::Child(i, used, unsafe { list.entry_child_unchecked(i) })
                }
                ListSeek::Hit(i) => Seek::Entry(i),
                ListSeek::Miss => Seek::Nothing,
            },
            Kind::Wide(wide) => match wide.seek(key) {
                wide::WideSeek::Child(child) => Seek::Child(key[0] as usize, 1, child),
                wide::WideSeek::Hit(byte) => Seek::Entry(byte as usize),
                wide::WideSeek::Miss => Seek::Nothing,
            },
        }
    }

    /// The child entry whose suffix begins `key`: its number, the suffix's length, and the child.
    #[inline]
    pub(crate) fn child_towards(self, key: &[u8]) -> Option<(usize, usize, &'a Shared<V>)> {
        let &head = key.first()?;
        reached(Mark::NodeSearched);
        match self.kind() {
            Kind::List(list) => match list.seek(key) {
                // SAFETY: a search says `Child` of children only.
                ListSeek::Child(i, used) => Some((i, used, unsafe { list.entry_child_unchecked(i) })),
                _ => None,
            },
            Kind::Wide(wide) => wide.is_child(head).then(|| (head as usize, 1, wide.child_of(head))),
        }
    }

    /// The number of values in this node itself.
    pub(super) fn value_count(self) -> usize {
        on_kind!(self, node => node.value_count())
    }

    /// The number of children.
    pub(super) fn child_count(self) -> usize {
        on_kind!(self, node => node.child_count())
    }

    /// The child at this rank.
    ///
    /// # Panics
    /// Panics if there are no more children than `rank`.
    pub(super) fn child(self, rank: usize) -> &'a Shared<V> {
        match self.kind() {
            // The ranks of a list's children are those of its child bits.
            Kind::List(list) => list.child(rank),
            Kind::Wide(wide) => wide.child(rank),
        }
    }

    /// The entry numbered `i`, which is there.
    #[inline]
    pub(crate) fn entry(self, i: usize) -> Entry<'a, V> {
        match self.kind() {
            Kind::List(list) => list.entry(i),
            Kind::Wide(wide) => wide.entry(i as u8),
        }
    }

    /// Asks for the node's memory.
    #[inline]
    pub(super) fn prefetch(self) {
        prefetch(self.at.as_ptr().cast_const().cast());
    }

    /// Asks for the memory of the child so many behind that of entry `i`, which is one.
    #[inline]
    pub(crate) fn prefetch_child_after(self, i: usize, ahead: usize) {
        let next = match self.kind() {
            Kind::List(list) => list.child_rank(i) + ahead,
            Kind::Wide(wide) => wide.child_rank(i as u8) + ahead,
        };
        if next < self.child_count() {
            self.child(next).view().prefetch();
        }
    }

    /// Asks for the memory of the child that this byte leads to from the root of a wide node, if
    /// it does.
    #[inline]
    pub(super) fn prefetch_branch(self, byte: u8) {
        if let Kind::Wide(wide) = self.kind()
            && wide.is_child(byte)
        {
            wide.child_of(byte).view().prefetch();
        }
    }

    /// Asks for the memory of the tail that this byte leads to from the root of a wide node. False
    /// if there is none in memory.
    #[inline]
    pub(super) fn prefetch_tail(self, byte: u8) -> bool {
        if let Kind::Wide(wide) = self.kind()
            && wide.has_tails()
            && wide.is_tail(byte)
        {
            prefetch(ptr::from_ref(wide.tail(wide.tail_rank(byte))).cast());
            return true;
        }
        false
    }

    /// The child of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry is no child.
    #[inline]
    pub(crate) fn entry_child(self, i: usize) -> &'a Shared<V> {
        match self.kind() {
            Kind::List(list) => list.entry_child(i),
            Kind::Wide(wide) => {
                assert!(i < 256, "a wide node's entries are bytes");
                wide.child_of(i as u8)
            }
        }
    }

    /// The bytes that lead from the node's root to a spot.
    pub(super) fn spell(self, spot: Spot) -> Vec<u8> {
        if spot.depth() == 0 {
            return Vec::new();
        }
        let entry = self.entry(spot.lo as usize);
        entry.suffix.first(spot.depth()).to_vec()
    }

    /// The first entry at or after `i`.
    #[inline]
    pub(crate) fn next_entry(self, i: usize) -> Option<usize> {
        match self.kind() {
            Kind::List(list) => (i < list.len()).then_some(i),
            Kind::Wide(wide) => wide.next_entry(i),
        }
    }

    /// The last entry.
    pub(super) fn last_entry(self) -> Option<usize> {
        match self.kind() {
            Kind::List(list) => list.len().checked_sub(1),
            Kind::Wide(wide) => wide.mask().last_bit().map(usize::from),
        }
    }

    /// The spot with the end of its run known.
    #[inline]
    pub(crate) fn known(self, spot: Spot) -> Spot {
        if spot.hi != 0 {
            spot
        } else {
            self.widen(Spot::new(spot.lo, spot.lo + 1, spot.depth()), spot.depth())
        }
    }

    /// The ancestor at `depth` of `spot` within this node.
    #[inline]
    pub(crate) fn widen(self, spot: Spot, depth: usize) -> Spot {
        debug_assert!(depth <= spot.depth());
        match self.kind() {
            Kind::List(list) => {
                let (lo, hi) = list.run(spot.lo as usize, spot.hi.max(spot.lo + 1) as usize, depth);
                Spot::new(lo as u16, hi as u16, depth)
            }
            Kind::Wide(_) if depth == 0 => Spot::new(0, 256, depth),
            Kind::Wide(_) => Spot::new(spot.lo, spot.lo + 1, depth),
        }
    }

    /// The bytes by which the path can go on from a spot that is known.
    #[inline]
    pub(crate) fn child_mask(self, spot: Spot) -> ByteMask {
        on_kind!(self, node => node.child_mask(spot))
    }

    /// True iff nothing is below a spot, whose run need not be known.
    #[inline]
    pub(crate) fn is_tip(self, spot: Spot) -> bool {
        match self.kind() {
            Kind::List(list) if spot.depth() > 0 => list.is_tip(spot),
            _ => self.first_below(spot).is_none(),
        }
    }

    /// Follows `key` from a spot that is known as far as this node goes; stops at a child's root.
    #[inline]
    pub(crate) fn follow(self, spot: Spot, key: &[u8]) -> (usize, Spot) {
        reached(Mark::NodeSearched);
        on_kind!(self, node => node.follow(spot, key))
    }

    /// The spot one byte further down.
    #[inline]
    pub(super) fn narrow(self, spot: Spot, byte: u8) -> Option<Spot> {
        on_kind!(self, node => node.narrow(spot, byte))
    }

    /// The child whose root the spot is, if it is one.
    #[inline]
    pub(crate) fn child_at(self, spot: Spot) -> Option<&'a Shared<V>> {
        match self.kind() {
            Kind::List(list) => list.at_child(spot).then(|| list.entry_child(spot.lo as usize)),
            Kind::Wide(wide) => wide.at_child(spot).then(|| wide.child_of(spot.lo as u8)),
        }
    }

    /// The value at a spot.
    #[inline]
    pub(crate) fn value_at(self, spot: Spot) -> Option<&'a V> {
        on_kind!(self, node => node.value_at(spot))
    }

    /// The length of the suffix of entry `i`.
    #[inline]
    pub(crate) fn suffix_len(self, i: usize) -> usize {
        match self.kind() {
            Kind::List(list) => list.suffix_len(i),
            Kind::Wide(wide) if wide.has_tails() && wide.is_tail(i as u8) => {
                1 + wide.tail(wide.tail_rank(i as u8)).rest().len()
            }
            Kind::Wide(_) => 1,
        }
    }

    /// True iff a child is at the end of entry `i`.
    #[inline]
    pub(crate) fn is_child_entry(self, i: usize) -> bool {
        match self.kind() {
            Kind::List(list) => list.is_child(i),
            Kind::Wide(wide) => wide.is_child(i as u8),
        }
    }

    /// The value at the end of entry `i`.
    #[inline]
    pub(crate) fn entry_value(self, i: usize) -> Option<&'a V> {
        match self.kind() {
            Kind::List(list) => (list.value_bits() >> i & 1 != 0).then(|| list.entry_value(i)),
            Kind::Wide(wide) if wide.is_tail(i as u8) => {
                let rank = wide.tail_rank(i as u8);
                wide.tail(rank).is_valued().then(|| wide.tail_value(rank))
            }
            Kind::Wide(_) => None,
        }
    }

    /// If exactly one byte goes on from a spot that is known: the spot of the next value, branch
    /// or tip, or the entry's end where a child is.
    pub(crate) fn unbranched(self, spot: Spot) -> Option<Spot> {
        on_kind!(self, node => node.unbranched(spot))
    }

    /// The depth of the nearest strict ancestor of a known spot in this node that has a value or
    /// branches; 0, the node's root, if there is none.
    fn fork_above(self, spot: Spot) -> usize {
        match self.kind() {
            Kind::List(list) => list.fork_above(spot),
            Kind::Wide(_) => 0,
        }
    }

    /// The depth of the nearest strict ancestor of a known spot in this node that has a value or
    /// branches, if there is one. The root of the node is one like all others.
    pub(crate) fn nearest_fork(self, spot: Spot) -> Option<usize> {
        match self.fork_above(spot) {
            0 if spot.depth() == 0 => None,
            0 => {
                let forks = self.own().is_some() || self.unbranched(self.known(Spot::ROOT)).is_none();
                forks.then_some(0)
            }
            depth => Some(depth),
        }
    }

    /// The first entry of the node whose suffix is greater than `key`, where no entry begins with
    /// `key`.
    pub(crate) fn entry_after(self, key: &[u8]) -> Option<usize> {
        match self.kind() {
            Kind::List(list) => {
                let place = list.place(key).unwrap_or_else(|place| place);
                (place < list.len()).then_some(place)
            }
            Kind::Wide(wide) => {
                let byte = key[0];
                let beyond = !wide.mask().test_bit(byte)
                    || wide.is_child(byte)
                    || wide.entry(byte).suffix.rest < &key[1..];
                wide.next_entry(byte as usize + beyond as usize)
            }
        }
    }
}

// SAFETY: a NodeRef reads what a `&Shared` does (N5).
unsafe impl<V: Send + Sync> Send for NodeRef<'_, V> {}
// SAFETY: as above.
unsafe impl<V: Send + Sync> Sync for NodeRef<'_, V> {}
