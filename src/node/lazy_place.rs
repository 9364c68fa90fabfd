//! Places whose runs of entries are looked for when somebody asks, and the entries by whose numbers
//! they are named.

use super::end::Entry;
use super::entries::Entries;
use super::place::{LentNode, Place};
use super::spot::Spot;
use super::view::NodeRef;
use crate::bytes::ByteMask;

/// A location that a walk has come to, as the walk knows it.
///
/// To look for the [`Place`] at once costs 4 ns, a third of a visit of consecutive integers, and
/// most visitors need no more than the value.
pub(crate) struct LazyPlace<'a, V>(LazySpot<'a, V>);

enum LazySpot<'a, V> {
    /// The end of an entry, `depth` bytes below the node's root.
    End { node: NodeRef<'a, V>, entry: usize, depth: usize },
    /// A location without a value `depth` bytes down an entry, where other entries part from it.
    Fork { node: NodeRef<'a, V>, entry: usize, depth: usize },
    /// A spot, whose run need not be known, or nothing.
    Spot(Option<(NodeRef<'a, V>, Spot)>),
}

impl<V> Clone for LazyPlace<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for LazyPlace<'_, V> {}

impl<V> Clone for LazySpot<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for LazySpot<'_, V> {}

impl<'a, V> LazyPlace<'a, V> {
    /// The end of an entry, `depth` bytes below its node's root.
    #[inline]
    pub(crate) fn at_end(node: NodeRef<'a, V>, entry: usize, depth: usize) -> Self {
        Self(LazySpot::End { node, entry, depth })
    }

    /// A location without a value `depth` bytes down an entry, where other entries part from it.
    #[inline]
    pub(super) fn at_fork(node: NodeRef<'a, V>, entry: usize, depth: usize) -> Self {
        Self(LazySpot::Fork { node, entry, depth })
    }

    /// A spot, whose run need not be known, or nothing.
    #[inline]
    pub(crate) fn at_spot(spot: Option<(NodeRef<'a, V>, Spot)>) -> Self {
        Self(LazySpot::Spot(spot))
    }

    /// A place that is known, or nothing.
    #[inline]
    pub(crate) fn of(place: Option<Place<'a, V>>) -> Self {
        Self::at_spot(place.map(|place| (place.node, place.spot)))
    }

    /// The place, if a node is there.
    pub(crate) fn place(self) -> Option<Place<'a, V>> {
        let (node, spot) = match self.0 {
            LazySpot::Fork { node, depth: 0, .. } => (node, Spot::ROOT),
            LazySpot::End { node, entry, depth } | LazySpot::Fork { node, entry, depth } => {
                (node, Spot::new(entry as u16, 0, depth))
            }
            LazySpot::Spot(spot) => spot?,
        };
        Some(Place::new(node, spot))
    }

    /// The value at the location.
    #[inline]
    pub(crate) fn value(self) -> Option<&'a V> {
        match self.0 {
            LazySpot::End { node, entry, .. } => node.entry_value(entry),
            LazySpot::Fork { .. } => None,
            LazySpot::Spot(spot) => value_at(spot),
        }
    }

    /// The bytes by which a path can go on from the location.
    pub(crate) fn child_mask(self) -> ByteMask {
        self.place().map_or(ByteMask::EMPTY, Place::child_mask)
    }
}

// Apart, so that `LazyPlace::value` is small enough to be compiled into the loop of a visitor.
#[inline(never)]
fn value_at<'a, V>(spot: Option<(NodeRef<'a, V>, Spot)>) -> Option<&'a V> {
    let (node, spot) = spot?;
    node.value_at(spot)
}

impl<'a, V> From<Place<'a, V>> for LazyPlace<'a, V> {
    #[inline]
    fn from(place: Place<'a, V>) -> Self {
        Self::of(Some(place))
    }
}

/// What is yet to be visited of the entries at and below a place. Their suffixes start at the root
/// of the node.
pub(crate) struct Numbered<'a, V> {
    node: NodeRef<'a, V>,
    /// How far below the node's root the place is.
    depth: usize,
    entries: Entries<'a, V>,
}

impl<'a, V> Numbered<'a, V> {
    /// All entries of a node.
    #[inline]
    pub(crate) fn of(node: LentNode<'a, V>) -> Self {
        let node = node.view();
        Self { node, depth: 0, entries: node.entries(0, 256) }
    }

    /// The entries at and below a place. Some that go on by a byte before `branch` may be left
    /// out.
    pub(crate) fn along(Place { node, spot }: Place<'a, V>, branch: u8) -> Self {
        let depth = spot.depth();
        let Spot { lo, hi, .. } = spot;
        // The entries of a wide node are numbered by their first bytes.
        let lo = if depth == 0 && node.is_wide() { branch.into() } else { lo as usize };
        Self { node, depth, entries: node.entries(lo, hi as usize) }
    }

    /// The root of the node, if there is a value.
    #[inline]
    pub(crate) fn valued_root(&self) -> Option<LazyPlace<'a, V>> {
        self.node.own().map(|_| LazyPlace::at_spot(Some((self.node, Spot::ROOT))))
    }

    /// How far above the place the suffixes start.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The byte by which an entry goes on from the place, unless it ends there.
    #[inline]
    pub(crate) fn branch(&self, entry: &Entry<'a, V>) -> Option<u8> {
        (self.depth < entry.suffix.len()).then(|| entry.suffix.at(self.depth))
    }

    /// The location at the end of an entry, whose suffix has `len` bytes.
    #[inline]
    pub(crate) fn end(&self, entry: usize, len: usize) -> LazyPlace<'a, V> {
        LazyPlace::at_end(self.node, entry, len)
    }

    /// The location `len` bytes down an entry, where other entries part from it. It has no value.
    #[inline]
    pub(crate) fn fork(&self, entry: usize, len: usize) -> LazyPlace<'a, V> {
        LazyPlace::at_fork(self.node, entry, len)
    }
}

impl<'a, V> Iterator for Numbered<'a, V> {
    type Item = (usize, Entry<'a, V>);

    #[inline(always)]
    fn next(&mut self) -> Option<(usize, Entry<'a, V>)> {
        let at = self.entries.at();
        self.entries.next().map(|entry| (at, entry))
    }
}
