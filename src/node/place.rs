//! The read door: subtries.
//!
//! Who reads a trie sees [`Place`]s. A place answers what several layers ask. Its entries are
//! visited by a [`Below`], and what one fast path needs of the node's layout is beside this file:
//! in [`branches`], [`dense`], [`follow`], [`lazy_place`], [`leaf`], [`many`] and [`measure`].
//!
//! [`Below`]: super::Below
//! [`branches`]: super::branches
//! [`dense`]: super::dense
//! [`follow`]: super::follow
//! [`lazy_place`]: super::lazy_place
//! [`leaf`]: super::leaf
//! [`many`]: super::many
//! [`measure`]: super::measure

use std::ops::ControlFlow;

use super::pack::Bundle;
use super::shared::Shared;
use super::spot::Spot;
use super::view::NodeRef;
use crate::bytes::ByteMask;

/// A subtrie: what is at and below a spot of a node.
pub(crate) struct Place<'a, V> {
    pub(super) node: NodeRef<'a, V>,
    /// Its run is known.
    pub(super) spot: Spot,
}

/// A place that is an owner of its node.
pub(crate) struct OwnedPlace<V> {
    node: Shared<V>,
    spot: Spot,
}

/// A whole node of a trie that is borrowed: a place at a node's root, in one word.
pub(crate) struct LentNode<'a, V>(NodeRef<'a, V>);

/// What tells a place from all others; see [`Place::key`].
pub(crate) type Key = (usize, u16, usize);

impl<V> Clone for Place<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Place<'_, V> {}

impl<V> Clone for OwnedPlace<V> {
    fn clone(&self) -> Self {
        Self { node: self.node.clone(), spot: self.spot }
    }
}

impl<V> Clone for LentNode<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for LentNode<'_, V> {}

impl<V> Shared<V> {
    /// The node's root as a place.
    #[inline]
    pub(crate) fn place(&self) -> Place<'_, V> {
        Place::root(self.view())
    }

    /// Asks for the node's memory.
    #[inline]
    pub(crate) fn prefetch(&self) {
        self.view().prefetch();
    }

    /// The node for as long as this owner is borrowed.
    #[inline]
    pub(crate) fn lent(&self) -> LentNode<'_, V> {
        LentNode(self.view())
    }

    /// A number that no other living node has.
    #[inline]
    pub(crate) fn id(&self) -> usize {
        self.view().id()
    }
}

impl<'a, V> NodeRef<'a, V> {
    /// The node as all that the layers above see of it.
    #[inline]
    pub(super) fn lent(self) -> LentNode<'a, V> {
        LentNode(self)
    }

    /// The place at a spot of the node.
    #[inline]
    pub(crate) fn place_at(self, spot: Spot) -> Place<'a, V> {
        Place::new(self, spot)
    }
}

impl<'a, V> LentNode<'a, V> {
    /// The deepest node whose root is on the way to `path`, and how much of the path leads to that
    /// root. O(path).
    pub(crate) fn towards(self, path: &[u8]) -> (usize, Self) {
        let (Self(mut node), mut used) = (self, 0);
        while let Some((_, down, child)) = node.child_towards(&path[used..]) {
            used += down;
            node = child.view();
        }
        (used, Self(node))
    }

    /// The node's root as a place.
    #[inline]
    pub(crate) fn place(self) -> Place<'a, V> {
        Place::root(self.0)
    }

    /// The view of all of the node, for walks that know its entries by their numbers.
    #[inline]
    pub(crate) fn view(self) -> NodeRef<'a, V> {
        self.0
    }

    /// A number that no other living node has.
    #[inline]
    pub(crate) fn id(self) -> usize {
        self.0.id()
    }

    /// One more owner of the node.
    pub(crate) fn share(self) -> Shared<V> {
        self.0.share()
    }
}

impl<V> From<Place<'_, V>> for OwnedPlace<V> {
    /// Adds an owner to the node.
    fn from(Place { node, spot }: Place<'_, V>) -> Self {
        Self { node: node.share(), spot }
    }
}

impl<V> OwnedPlace<V> {
    /// The root of a node.
    pub(crate) fn root(node: Shared<V>) -> Self {
        let spot = node.place().spot;
        Self { node, spot }
    }

    /// The place for as long as another owner of its node is borrowed.
    ///
    /// # Panics
    /// Panics if the owner is of another node.
    pub(crate) fn lend_by<'w>(&self, owner: &'w Shared<V>) -> Place<'w, V> {
        assert!(owner.id() == self.node.id(), "the owner is of another node");
        Place { node: owner.view(), spot: self.spot }
    }

    /// The place for as long as its owner is borrowed.
    pub(crate) fn lend(&self) -> Place<'_, V> {
        Place { node: self.node.view(), spot: self.spot }
    }

    /// The node in which the place lies.
    pub(crate) fn trie(&self) -> &Shared<V> {
        &self.node
    }

    /// The node in which the place lies, and the bytes that lead from its root to the place.
    pub(crate) fn into_trie(self) -> (Shared<V>, Vec<u8>) {
        let way = self.lend().way();
        (self.node, way)
    }
}

impl<'a, V> Place<'a, V> {
    pub(super) fn new(node: NodeRef<'a, V>, spot: Spot) -> Self {
        Self { node, spot: node.known(spot) }
    }

    /// All of a node.
    #[inline]
    pub(super) fn root(node: NodeRef<'a, V>) -> Self {
        Self::new(node, Spot::ROOT)
    }

    /// The value at the place itself.
    #[inline]
    pub(crate) fn own(self) -> Option<&'a V> {
        self.node.value_at(self.spot)
    }

    /// True iff nothing is at or below the place: it is a dangling tip.
    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        if self.is_node() {
            return self.node.own().is_none() && self.node.next_entry(0).is_none();
        }
        if self.spot.hi - self.spot.lo > 1 {
            return false;
        }
        let entry = self.node.entry(self.spot.lo as usize);
        entry.end.is_bare() && entry.suffix.len() == self.spot.depth()
    }

    /// The node in which the place lies.
    #[inline]
    pub(crate) fn node(self) -> LentNode<'a, V> {
        LentNode(self.node)
    }

    /// How many bytes lead to the place from the root of its node.
    #[inline]
    pub(crate) fn depth(self) -> usize {
        self.spot.depth()
    }

    /// The node, if the place is all of it.
    #[inline]
    pub(crate) fn whole(self) -> Option<LentNode<'a, V>> {
        self.is_node().then(|| self.node())
    }

    /// True iff the node has room for many entries, so that each holds little.
    #[inline]
    pub(crate) fn is_in_large_node(self) -> bool {
        self.node.is_wide()
    }

    /// True iff the place is all of a node with room for many entries.
    #[inline]
    pub(crate) fn is_large_node(self) -> bool {
        self.is_node() && self.node.is_wide()
    }

    /// The bytes that lead to the place from the root of its node.
    pub(crate) fn way(self) -> Vec<u8> {
        self.node.spell(self.spot)
    }

    /// The bytes by which a path can go on from the place.
    #[inline]
    pub(crate) fn child_mask(self) -> ByteMask {
        self.node.child_mask(self.spot)
    }

    /// The deepest place on the way to `path`, and how much of the path leads there: all of it iff
    /// the path exists. O(path).
    fn descend(self, path: &[u8]) -> (usize, Self) {
        let (mut node, mut used) = (self.node, 0);
        if !self.is_node() {
            let (down, spot) = node.follow(self.spot, path);
            let Some(child) = node.child_at(spot) else { return (down, Self { node, spot }) };
            (node, used) = (child.view(), down);
        }
        let (down, LentNode(node)) = LentNode(node).towards(&path[used..]);
        used += down;
        let (down, spot) = node.follow(node.known(Spot::ROOT), &path[used..]);
        (used + down, Self { node, spot })
    }

    /// The place at `path` from here, if the path exists. O(path).
    pub(crate) fn find(self, path: &[u8]) -> Option<Self> {
        let (used, place) = self.descend(path);
        (used == path.len()).then_some(place)
    }

    /// The value at `path` from here. O(path).
    pub(crate) fn value_at(self, path: &[u8]) -> Option<&'a V> {
        match self.enter(path) {
            ControlFlow::Continue((node, path)) => node.lent().value_at(path),
            ControlFlow::Break(value) => value,
        }
    }

    /// The node from whose root `path` goes on, and the rest of the path; breaks with the value
    /// at the path if the path does not leave the node in which the place lies.
    #[inline(always)]
    pub(super) fn enter<'k>(self, path: &'k [u8]) -> ControlFlow<Option<&'a V>, (NodeRef<'a, V>, &'k [u8])> {
        if self.is_node() {
            return ControlFlow::Continue((self.node, path));
        }
        self.leave(path)
    }

    /// Like [`enter`](Self::enter), where the place is inside its node.
    fn leave<'k>(self, path: &'k [u8]) -> ControlFlow<Option<&'a V>, (NodeRef<'a, V>, &'k [u8])> {
        let (used, below) = self.node.follow(self.spot, path);
        match self.node.child_at(below) {
            Some(child) => ControlFlow::Continue((child.view(), &path[used..])),
            None if used == path.len() => ControlFlow::Break(self.node.value_at(below)),
            None => ControlFlow::Break(None),
        }
    }

    /// The subtrie as a trie of its own, if anything is at or below the place: the node itself
    /// where the place is all of it, otherwise a copy of the place's entries.
    pub(crate) fn to_trie(self) -> Option<Shared<V>>
    where
        V: Clone,
    {
        if let Some(node) = self.whole() {
            return Some(node.share());
        }
        let bundle = Bundle::copy(self.node, self.spot);
        (!bundle.is_empty()).then(|| bundle.pack())
    }

    /// What tells the place from all others while the node lives.
    #[inline]
    pub(crate) fn key(self) -> Key {
        (self.node.id(), self.spot.lo, self.spot.depth())
    }

    /// True iff the node has more than one owner, so that more than one path may lead to the
    /// place.
    #[inline]
    pub(crate) fn is_shared(self) -> bool {
        self.node.is_shared()
    }

    /// True iff the two are one and the same in memory.
    #[inline]
    pub(crate) fn is(self, other: Self) -> bool {
        self.node.id() == other.node.id() && self.spot == other.spot
    }

    /// True iff the place is all of a node, which can be shared as it is.
    #[inline]
    pub(super) fn is_node(self) -> bool {
        self.spot.depth() == 0
    }

    /// About how many entries are below: no fewer than there are bytes by which to go on.
    pub(crate) fn entry_count(self) -> usize {
        match self.is_node() {
            true => self.node.entry_count(),
            false => self.run_len(),
        }
    }

    /// A bound of the entries at and below the place, which is exact below a node's root and at
    /// the root of a list. Reads no memory.
    #[inline(always)]
    pub(crate) fn run_len(self) -> usize {
        (self.spot.hi - self.spot.lo) as usize
    }
}

/// The root of a trie as a place, if it holds anything.
pub(crate) fn place_of<V>(root: Option<&Shared<V>>) -> Option<Place<'_, V>> {
    root.map(|root| Place::root(root.view()))
}
