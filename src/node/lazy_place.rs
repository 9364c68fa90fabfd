//! Places whose runs of entries are looked for when somebody asks.

use super::place::Place;
use super::spot::Spot;
use super::view::NodeRef;
use crate::bytes::ByteMask;

/// A location that a walk has come to, as the walk knows it.
///
/// To look for the [`Place`] at once costs 4 ns, a third of a visit of consecutive integers, and
/// most visitors need no more than the value.
pub(crate) struct LazyPlace<'a, V>(Known<'a, V>);

enum Known<'a, V> {
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

impl<V> Clone for Known<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Known<'_, V> {}

impl<'a, V> LazyPlace<'a, V> {
    /// The end of an entry, `depth` bytes below its node's root.
    #[inline]
    pub(crate) fn at_end(node: NodeRef<'a, V>, entry: usize, depth: usize) -> Self {
        Self(Known::End { node, entry, depth })
    }

    /// A location without a value `depth` bytes down an entry, where other entries part from it.
    #[inline]
    pub(super) fn at_fork(node: NodeRef<'a, V>, entry: usize, depth: usize) -> Self {
        Self(Known::Fork { node, entry, depth })
    }

    /// A spot, whose run need not be known, or nothing.
    #[inline]
    pub(crate) fn at_spot(spot: Option<(NodeRef<'a, V>, Spot)>) -> Self {
        Self(Known::Spot(spot))
    }

    /// A place that is known, or nothing.
    #[inline]
    pub(crate) fn of(place: Option<Place<'a, V>>) -> Self {
        Self::at_spot(place.map(|place| (place.node, place.spot)))
    }

    /// The place, if a node is there.
    pub(crate) fn place(self) -> Option<Place<'a, V>> {
        let (node, spot) = match self.0 {
            Known::Fork { node, depth: 0, .. } => (node, Spot::ROOT),
            Known::End { node, entry, depth } | Known::Fork { node, entry, depth } => {
                (node, Spot::new(entry as u16, 0, depth))
            }
            Known::Spot(spot) => spot?,
        };
        Some(Place::new(node, spot))
    }

    /// The value at the location.
    #[inline]
    pub(crate) fn value(self) -> Option<&'a V> {
        match self.0 {
            Known::End { node, entry, .. } => node.entry_value(entry),
            Known::Fork { .. } => None,
            Known::Spot(spot) => value_at(spot),
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
