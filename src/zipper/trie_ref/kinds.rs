//! The three kinds of places: borrowed, owned, or either.

use crate::node::{OwnedPlace, Place, Shared};
use crate::trie::{PathMap, Subtrie};
use crate::zipper::root::Borrowed;
use crate::zipper::stack::Walk;

/// A place in a borrowed trie, which need not be a location.
///
/// A place is a pointer and a few numbers, and is `Copy`. Making one takes O(path). A place cannot
/// move. It reads the value and the children at its path ([`Zipper`], [`ZipperValues`]), returns
/// places further down ([`trie_ref_at_path`]), forks into a reader that can move
/// ([`ZipperForking`]), and is a source for every operation of [`ZipperWriting`]. An
/// [owned](TrieRefOwned) place keeps its subtrie alive and unchanged.
///
/// [`Zipper`]: crate::zipper::Zipper
/// [`ZipperValues`]: crate::zipper::ZipperValues
/// [`trie_ref_at_path`]: crate::zipper::ZipperReadOnlySubtries::trie_ref_at_path
/// [`ZipperForking`]: crate::zipper::ZipperForking
/// [`ZipperWriting`]: crate::zipper::ZipperWriting
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// let map: PathMap<u32> = [("in/a", 1), ("in/b", 2)].into_iter().collect();
/// let place = map.trie_ref_at_path("in/");
/// assert_eq!((place.val_at("a"), place.child_count()), (Some(&1), 2));
/// let mut copy = PathMap::new();
/// copy.write_zipper_at_path(b"out/").graft(&place); // shares the nodes
/// assert_eq!(copy.get("out/b"), Some(&2));
/// ```
#[must_use]
pub struct TrieRefBorrowed<'a, V> {
    pub(super) subtrie: Subtrie<Place<'a, V>>,
}

/// A place that keeps its trie alive, as one more owner.
#[must_use]
pub struct TrieRefOwned<V> {
    pub(super) subtrie: Subtrie<OwnedPlace<V>>,
}

/// A place in a trie, borrowed or owned.
#[derive(Clone)]
#[must_use]
pub enum TrieRef<'a, V> {
    /// A place in a borrowed trie.
    Borrowed(TrieRefBorrowed<'a, V>),
    /// A place that keeps its trie alive.
    Owned(TrieRefOwned<V>),
}

impl<'a, V> TrieRefBorrowed<'a, V> {
    pub(in crate::zipper) fn new(subtrie: Subtrie<Place<'a, V>>) -> Self {
        Self { subtrie }
    }

    pub(crate) fn in_map(root: &'a Option<Shared<V>>, path: &[u8]) -> Self {
        Self::new(Subtrie::present(root.as_ref().map(Shared::place))).below(path)
    }

    /// The place at `path` below this one.
    pub(in crate::zipper) fn below(self, path: &[u8]) -> Self {
        if path.is_empty() {
            return self;
        }
        let found = self.subtrie.into_node().and_then(|place| place.find(path));
        Self::new(found.map_or(Subtrie::Absent, Subtrie::Node))
    }

    pub(in crate::zipper) fn to_owned(&self) -> TrieRefOwned<V> {
        TrieRefOwned { subtrie: self.subtrie.map(OwnedPlace::from) }
    }

    /// The value and the entries at and below the place, if there are any.
    pub(crate) fn place(&self) -> Option<Place<'a, V>> {
        self.subtrie.into_node()
    }

    /// A walk whose root is this place, with an empty path to its root.
    pub(in crate::zipper) fn walk(&self) -> Walk<V, Borrowed<'a, V>> {
        Walk::rootless(self.subtrie)
    }

    pub(super) fn borrow(&self) -> Self {
        *self
    }

    pub(super) fn get(&self) -> Option<&'a V> {
        self.subtrie.into_node()?.own()
    }

    pub(super) fn get_at(&self, path: &[u8]) -> Option<&'a V> {
        self.subtrie.into_node()?.value_at(path)
    }
}

impl<V> TrieRefOwned<V> {
    /// The subtrie at the place.
    pub(in crate::zipper) fn into_subtrie(self) -> Subtrie<OwnedPlace<V>> {
        self.subtrie
    }

    pub(super) fn borrow(&self) -> TrieRefBorrowed<'_, V> {
        TrieRefBorrowed { subtrie: self.subtrie.as_ref().map(OwnedPlace::lend) }
    }
}

impl<V> TrieRef<'_, V> {
    /// A place that is not a location.
    pub(crate) fn absent() -> Self {
        Self::Borrowed(TrieRefBorrowed::default())
    }

    /// Makes the place an owner of its trie. O(1).
    pub fn into_owned(self) -> TrieRefOwned<V> {
        match self {
            Self::Borrowed(place) => place.to_owned(),
            Self::Owned(place) => place,
        }
    }

    pub(super) fn borrow(&self) -> TrieRefBorrowed<'_, V> {
        match self {
            Self::Borrowed(place) => *place,
            Self::Owned(place) => place.borrow(),
        }
    }
}

impl<V> Clone for TrieRefBorrowed<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for TrieRefBorrowed<'_, V> {}

impl<V> Clone for TrieRefOwned<V> {
    fn clone(&self) -> Self {
        Self { subtrie: self.subtrie.clone() }
    }
}

impl<'a, V> From<TrieRefBorrowed<'a, V>> for TrieRef<'a, V> {
    fn from(place: TrieRefBorrowed<'a, V>) -> Self {
        Self::Borrowed(place)
    }
}

impl<V> From<TrieRefOwned<V>> for TrieRef<'_, V> {
    fn from(place: TrieRefOwned<V>) -> Self {
        Self::Owned(place)
    }
}

impl<V> From<PathMap<V>> for TrieRefOwned<V> {
    fn from(map: PathMap<V>) -> Self {
        Self { subtrie: Subtrie::from(map).map(OwnedPlace::root) }
    }
}

impl<V> From<PathMap<V>> for TrieRef<'_, V> {
    fn from(map: PathMap<V>) -> Self {
        Self::Owned(map.into())
    }
}

/// A place that is not a location.
impl<V> Default for TrieRefBorrowed<'_, V> {
    fn default() -> Self {
        Self { subtrie: Subtrie::Absent }
    }
}
