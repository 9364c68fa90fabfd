//! A subtrie: the part of a trie at and below a place that may be absent.

use std::fmt;

use super::map::PathMap;
use crate::node::{LentNode, Place, Shared, place_of};

/// The part of a trie at and below a place, which may or may not be a location.
///
/// | | the place | at and below it |
/// |---|---|---|
/// | `Absent` | is no location | is nothing |
/// | `Bare` | is a location | is nothing: it is a dangling tip, or the root of an empty map |
/// | `Node` | is a location | is what the node holds: its own value, and below it its entries |
///
/// A node holds a value or an entry, so a location with nothing at or below it is always `Bare`. A
/// location outlives what it holds: [`vacate`](Self::vacate) leaves it bare, and
/// [`put`](Self::put) never makes it absent.
///
/// The root of a map always exists, so a map needs no third state: it holds an `Option` of its
/// root node, which [`present`](Self::present) converts to a subtrie.
///
/// `N` is the handle of the node: [`Shared`] for an owner; a [`LentNode`], or a [`Place`] within a
/// node, for a borrower.
#[derive(Clone, Copy, Default)]
pub(crate) enum Subtrie<N> {
    #[default]
    Absent,
    Bare,
    Node(N),
}

impl<N> Subtrie<N> {
    /// Returns the subtrie of a location that holds `node`, or nothing.
    #[inline]
    pub(crate) fn present(node: Option<N>) -> Self {
        node.map_or(Self::Bare, Self::Node)
    }

    /// Returns true iff the place is a location.
    #[inline]
    pub(crate) fn exists(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    #[inline]
    pub(crate) fn node(&self) -> Option<&N> {
        self.as_ref().into_node()
    }

    #[inline]
    pub(crate) fn node_mut(&mut self) -> Option<&mut N> {
        match self {
            Self::Node(node) => Some(node),
            Self::Absent | Self::Bare => None,
        }
    }

    #[inline]
    pub(crate) fn into_node(self) -> Option<N> {
        match self {
            Self::Node(node) => Some(node),
            Self::Absent | Self::Bare => None,
        }
    }

    /// Borrows the handle of the node.
    #[inline]
    pub(crate) fn as_ref(&self) -> Subtrie<&N> {
        match self {
            Self::Absent => Subtrie::Absent,
            Self::Bare => Subtrie::Bare,
            Self::Node(node) => Subtrie::Node(node),
        }
    }

    /// Converts the handle of the node.
    #[inline]
    pub(crate) fn map<M>(self, hold: impl FnOnce(N) -> M) -> Subtrie<M> {
        match self {
            Self::Absent => Subtrie::Absent,
            Self::Bare => Subtrie::Bare,
            Self::Node(node) => Subtrie::Node(hold(node)),
        }
    }

    /// Moves the subtrie out. The location is kept, and is bare.
    #[inline]
    pub(crate) fn vacate(&mut self) -> Self {
        let vacant = if self.exists() { Self::Bare } else { Self::Absent };
        std::mem::replace(self, vacant)
    }

    /// Replaces the subtrie, and returns the node of the old one. The location is kept, even if
    /// the new subtrie is absent.
    #[inline]
    pub(crate) fn put(&mut self, subtrie: Self) -> Option<N> {
        let vacant = if self.exists() { Self::Bare } else { Self::Absent };
        let subtrie = if subtrie.exists() { subtrie } else { vacant };
        std::mem::replace(self, subtrie).into_node()
    }
}

impl<V> Subtrie<Shared<V>> {
    /// Borrows the subtrie.
    #[inline]
    pub(crate) fn lent(&self) -> Subtrie<LentNode<'_, V>> {
        self.as_ref().map(Shared::lent)
    }

    /// Returns the place of the subtrie's root, if there is a value or an entry at or below it.
    pub(crate) fn place(&self) -> Option<Place<'_, V>> {
        place_of(self.node())
    }

    /// Returns the subtrie at `path` below this subtrie. O(path).
    pub(crate) fn at(&self, path: &[u8]) -> Subtrie<Place<'_, V>> {
        match self {
            Self::Node(node) => node.place().find(path).map_or(Subtrie::Absent, Subtrie::Node),
            Self::Bare if path.is_empty() => Subtrie::Bare,
            Self::Bare | Self::Absent => Subtrie::Absent,
        }
    }

    /// Returns one more owner of the subtrie at `path` below this subtrie. If `path` ends within a
    /// node, that part of the node is copied.
    pub(crate) fn copy_at(&self, path: &[u8]) -> Self
    where
        V: Clone,
    {
        match self.at(path) {
            Subtrie::Node(place) => Self::present(place.to_trie()),
            Subtrie::Bare => Self::Bare,
            Subtrie::Absent => Self::Absent,
        }
    }

    /// Converts the subtrie to a map, which is empty if the place is not a location.
    pub(crate) fn into_map(self) -> PathMap<V> {
        PathMap::from_root(self.into_node())
    }
}

impl<V> From<PathMap<V>> for Subtrie<Shared<V>> {
    fn from(map: PathMap<V>) -> Self {
        Self::present(map.root)
    }
}

/// Shows the state, and no values.
impl<N> fmt::Debug for Subtrie<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Bare => "Bare",
            Self::Node(_) => "Node",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Subtrie<u8>; 3] = [Subtrie::Absent, Subtrie::Bare, Subtrie::Node(1)];

    #[test]
    fn a_location_outlives_what_it_holds() {
        for before in ALL {
            for other in ALL {
                let mut subtrie = before;
                assert_eq!(subtrie.put(other), before.into_node());
                assert_eq!(subtrie.exists(), before.exists() || other.exists());
                assert_eq!(subtrie.node(), other.node());
            }
            let mut subtrie = before;
            let taken = subtrie.vacate();
            assert_eq!((taken.exists(), taken.node()), (before.exists(), before.node()));
            assert_eq!((subtrie.exists(), subtrie.node()), (before.exists(), None));
        }
    }

    #[test]
    fn a_path_below_a_subtrie_leads_to_a_subtrie() {
        let mut map = PathMap::from([("ab", 1)]);
        map.create_path("b");
        let subtrie = Subtrie::from(map);
        for (path, exists, value) in [
            ("", true, None),
            ("a", true, None),
            ("ab", true, Some(1)),
            ("abc", false, None),
            ("b", true, None),
        ] {
            let below = subtrie.copy_at(path.as_bytes());
            assert_eq!((below.exists(), below.into_map().get("").copied()), (exists, value), "{path}");
        }
        assert!(matches!(subtrie.copy_at(b"b"), Subtrie::Bare));
        for (root, exists) in [(Subtrie::<Shared<u8>>::Absent, false), (Subtrie::Bare, true)] {
            assert_eq!((root.at(b"").exists(), root.at(b"x").exists()), (exists, false));
        }
    }

    #[test]
    fn a_subtrie_is_two_words() {
        let words = |size: usize| size / size_of::<usize>();
        assert_eq!(words(size_of::<Subtrie<Shared<u64>>>()), 2);
        assert_eq!(words(size_of::<Subtrie<LentNode<'_, u64>>>()), 2);
    }
}
