//! What a visitor is shown.

use std::fmt;

use crate::bytes::{ByteMask, Text};
use crate::node::{NodeRef, Spot};

/// A location that a walk has come to. It is lent for the time of a visit.
pub struct Location<'a, V> {
    path: &'a [u8],
    root_len: usize,
    at: At<'a, V>,
}

/// Where in the trie a location is.
pub(super) enum At<'a, V> {
    /// At the end of an entry, so many bytes below its node's root. Iteration comes to most locations so, and what it
    /// knows is handed on as it is: to look for the spot first costs 4 ns, a third of a visit of consecutive integers.
    Landed { node: NodeRef<'a, V>, entry: usize, depth: usize },
    /// So many bytes down an entry, where others part from it; there is no value.
    Fork { node: NodeRef<'a, V>, entry: usize, depth: usize },
    /// Anywhere, if it is in a node.
    Place(Option<(NodeRef<'a, V>, Spot)>),
}

impl<V> Clone for At<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for At<'_, V> {}

impl<'a, V> Location<'a, V> {
    /// At `path`, the first `root_len` bytes of which lead to the walk's root.
    #[inline]
    pub(super) fn new(path: &'a [u8], root_len: usize, at: At<'a, V>) -> Self {
        Self { path, root_len, at }
    }

    /// The whole path: from the root of the map, of the head, or from the origin of the zipper that the walk was made
    /// of.
    #[must_use]
    #[inline]
    pub fn path(&self) -> &'a [u8] {
        self.path
    }

    /// How many bytes of the path lead here from the root of the walk that this is below. 0 at the root itself.
    #[must_use]
    #[inline]
    pub fn depth(&self) -> usize {
        self.path.len() - self.root_len
    }

    /// The value here. There always is one where a walk visits values only.
    #[must_use]
    #[inline]
    pub fn value(&self) -> Option<&'a V> {
        match self.at {
            At::Landed { node, entry, .. } => node.entry_value(entry),
            At::Fork { .. } => None,
            At::Place(place) => Self::value_at(place),
        }
    }

    // Apart, so that what asks for the value is small enough to be compiled into the loop of a visitor.
    #[inline(never)]
    fn value_at(place: Option<(NodeRef<'a, V>, Spot)>) -> Option<&'a V> {
        let (node, spot) = place?;
        node.value_at(spot)
    }

    /// The bytes by which the path can go on. It is worked out when it is asked for.
    #[must_use]
    pub fn child_mask(&self) -> ByteMask {
        let (node, spot) = match self.at {
            At::Fork { node, depth: 0, .. } => (node, node.known(Spot::ROOT)),
            At::Landed { node, entry, depth } | At::Fork { node, entry, depth } => {
                (node, node.known(Spot::new(entry as u16, 0, depth)))
            }
            At::Place(Some((node, spot))) => (node, node.known(spot)),
            At::Place(None) => return ByteMask::EMPTY,
        };
        node.child_mask(spot)
    }
}

impl<V> fmt::Debug for Location<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Location")
            .field("path", &Text(self.path))
            .field("depth", &self.depth())
            .field("is_val", &self.value().is_some())
            .finish_non_exhaustive()
    }
}
