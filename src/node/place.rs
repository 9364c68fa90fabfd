//! The read door: subtries, and the entries below them one after another.
//!
//! Who reads a trie sees [`Place`]s. A place hands out entries and further places, and what it
//! knows of the node that it lies in is asked by its purpose. Fast paths that depend on how a node
//! is laid out are beside this file: [`follow`], [`dense`] and [`measure`].
//!
//! [`follow`]: super::follow
//! [`dense`]: super::dense
//! [`measure`]: super::measure

use super::edit::NodeMut;
use super::end::{End, Entry};
use super::entries::Entries;
use super::pack::Bundle;
use super::shared::Shared;
use super::spot::Spot;
use super::suffix::Suffix;
use super::view::{NodeRef, Step};
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
    pub(crate) fn lent(self) -> LentNode<'a, V> {
        LentNode(self)
    }
}

impl<V> NodeMut<'_, V> {
    /// The node, to be read.
    #[inline]
    pub(crate) fn lent(&self) -> LentNode<'_, V> {
        LentNode(self.view())
    }
}

impl<'a, V> LentNode<'a, V> {
    #[inline]
    pub(super) fn new(node: NodeRef<'a, V>) -> Self {
        Self(node)
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

    /// The value at `path` from the node's root. O(path).
    #[inline]
    pub(crate) fn value_at(self, mut path: &[u8]) -> Option<&'a V> {
        let mut node = self.0;
        loop {
            if path.is_empty() {
                return node.own();
            }
            match node.step(path) {
                Step::Value(value) => return Some(value),
                Step::Child(child, used) => {
                    node = child.view();
                    path = &path[used..];
                }
                Step::Nothing => return None,
            }
        }
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
    /// If the owner is of another node.
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
    pub(crate) fn new(node: NodeRef<'a, V>, spot: Spot) -> Self {
        Self { node, spot: node.known(spot) }
    }

    /// All of a node.
    #[inline]
    pub(crate) fn root(node: NodeRef<'a, V>) -> Self {
        Self::new(node, Spot::ROOT)
    }

    /// The value at the place itself.
    #[inline]
    pub(crate) fn own(self) -> Option<&'a V> {
        self.node.value_at(self.spot)
    }

    /// The value at the place, if nothing is below it.
    #[inline]
    pub(crate) fn only_value(self) -> Option<&'a V> {
        let alone = match self.is_node() {
            true => self.node.entry_count() == 0,
            false => self.spot.hi - self.spot.lo == 1,
        };
        if alone { self.own() } else { None }
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
    pub(crate) fn descend(self, path: &[u8]) -> (usize, Self) {
        let (mut node, mut used) = (self.node, 0);
        if !self.is_node() {
            let (down, spot) = node.follow(self.spot, path);
            let Some(child) = node.child_at(spot) else { return (down, Self { node, spot }) };
            (node, used) = (child.view(), down);
        }
        while let Some((_, down, child)) = node.child_towards(&path[used..]) {
            used += down;
            node = child.view();
        }
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
        if let Some(node) = self.whole() {
            return node.value_at(path);
        }
        let (used, below) = self.node.follow(self.spot, path);
        match self.node.child_at(below) {
            Some(child) => child.lent().value_at(&path[used..]),
            None if used == path.len() => self.node.value_at(below),
            None => None,
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

    /// A place that is an owner of this one's node.
    pub(crate) fn to_owned(self) -> OwnedPlace<V> {
        OwnedPlace { node: self.node.share(), spot: self.spot }
    }

    /// How far above the place, in its node, the nearest strict ancestor is that has a value or
    /// branches: the length of the way from the node's root.
    pub(crate) fn fork_above(self) -> Option<usize> {
        match self.node.fork_above(self.spot) {
            0 => (!self.is_node() && self.forks_at_root()).then_some(0),
            depth => Some(depth),
        }
    }

    /// True iff the root of the place's node has a value or more than one way to go on.
    fn forks_at_root(self) -> bool {
        self.node.own().is_some() || self.node.unbranched(self.node.known(Spot::ROOT)).is_none()
    }

    /// True iff the node of the place has room for many entries, so that each entry holds little.
    #[inline]
    pub(crate) fn is_large(self) -> bool {
        self.node.is_wide()
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
        self.is_in_node_of(other) && self.spot == other.spot
    }

    /// True iff both places lie in one node.
    pub(crate) fn is_in_node_of(self, other: Self) -> bool {
        self.node.id() == other.node.id()
    }

    /// True iff the place is all of a node, which can be shared as it is.
    #[inline]
    pub(crate) fn is_node(self) -> bool {
        self.spot.depth() == 0
    }

    /// The entries below the place, in order.
    #[inline]
    pub(crate) fn below(self) -> Below<'a, V> {
        Below::new(self)
    }

    /// The entries below the place that begin with a byte, if there are any.
    #[inline]
    pub(crate) fn below_by(self, byte: u8) -> Option<Below<'a, V>> {
        let Spot { lo, hi, .. } = self.node.narrow(self.spot, byte)?;
        Some(Below::new(Self { node: self.node, spot: Spot::new(lo, hi, self.spot.depth()) }))
    }

    /// The entries below the place from the one with a [number](Below::at) on. The numbers follow
    /// the order of the entries, with gaps.
    #[inline]
    pub(crate) fn below_from(self, number: u16) -> Below<'a, V> {
        let Spot { lo, hi, .. } = self.spot;
        Below::new(Self { node: self.node, spot: Spot::new(lo.max(number), hi, self.spot.depth()) })
    }

    /// A number that all entries before it begin with a lesser byte than `head`: the greatest that
    /// is known without a look at them.
    #[inline]
    pub(crate) fn number_before(self, head: u8) -> u16 {
        if self.is_node() && self.node.is_wide() { head.into() } else { 0 }
    }

    /// About how many entries are below: no fewer than there are bytes by which to go on.
    pub(crate) fn entry_count(self) -> usize {
        match self.is_node() {
            true => self.node.entry_count(),
            false => (self.spot.hi - self.spot.lo) as usize,
        }
    }

    /// The first and the last entry below the place.
    pub(crate) fn ends(self) -> impl Iterator<Item = Entry<'a, V>> {
        let mut below = self.below();
        let first = below.next();
        let last = match first {
            // Only the node's own value is there.
            None => None,
            // The last of a wide node begins with another byte: any other entry tells as much.
            Some(_) if self.node.is_wide() => below.next(),
            Some(_) => self.last(),
        };
        first.into_iter().chain(last)
    }

    /// The last entry below the place.
    pub(crate) fn last(self) -> Option<Entry<'a, V>> {
        let last = match self.is_node() {
            true => self.node.last_entry()?,
            false => self.spot.hi as usize - 1,
        };
        let Entry { suffix, end } = self.node.entry(last);
        Some(Entry { suffix: suffix.after(self.spot.depth())?, end })
    }

    /// The places one byte further down, in order.
    pub(crate) fn for_each_branch(self, mut visit: impl FnMut(u8, Self)) {
        self.node.for_each_branch(self.spot, |byte, node, spot| visit(byte, Place { node, spot }));
    }

    /// The place `len` bytes down the suffix of entry `at`, which goes on further or ends there,
    /// but not with a child.
    pub(crate) fn towards(self, at: u16, len: usize) -> Self {
        let depth = self.spot.depth() + len;
        Self { node: self.node, spot: self.node.widen(Spot::new(at, at + 1, depth), depth) }
    }

    /// The entries at and below the place, as they are seen from `up` bytes above it in the same
    /// node.
    pub(crate) fn run_from(self, up: usize) -> Below<'a, V> {
        let Spot { lo, hi, .. } = self.spot;
        Below::new(Self { node: self.node, spot: Spot::new(lo, hi, self.spot.depth() - up) })
    }
}

/// What is yet to be visited of the entries strictly below a place. Their suffixes start from
/// there.
pub(crate) struct Below<'a, V> {
    node: NodeRef<'a, V>,
    depth: usize,
    /// What comes behind the present entry.
    entries: Entries<'a, V>,
    /// The end of the run.
    end: usize,
    /// The number of the present entry in its node.
    at: usize,
    /// The present entry, if there is one.
    now: Option<Entry<'a, V>>,
}

impl<'a, V> Below<'a, V> {
    #[inline]
    fn new(place: Place<'a, V>) -> Self {
        let Spot { lo, hi, .. } = place.spot;
        let (node, depth) = (place.node, place.spot.depth());
        let mut below = Self {
            node,
            depth,
            entries: node.entries(lo as usize, hi as usize),
            end: hi as usize,
            at: 0,
            now: None,
        };
        below.advance();
        below
    }

    /// The present entry.
    #[inline(always)]
    pub(crate) fn now(&self) -> Option<&Entry<'a, V>> {
        self.now.as_ref()
    }

    /// True iff the present entry is a value, to which `len` bytes lead.
    #[inline]
    pub(crate) fn is_value_at(&self, len: usize) -> bool {
        matches!(self.now, Some(Entry { suffix, end: End::Value(_) }) if suffix.len() == len)
    }

    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        self.at = self.entries.at();
        self.now = self.entries.next();
        if self.depth > 0 {
            self.cut();
        }
    }

    /// Cuts what lies above the place off the present entry.
    fn cut(&mut self) {
        if let Some(entry) = &mut self.now {
            match entry.suffix.rest.get(self.depth - 1..) {
                Some([head, rest @ ..]) => entry.suffix = Suffix { head: *head, rest },
                // An entry that ends at the place is the value there, or the tip that the place
                // is.
                _ => self.advance(),
            }
        }
    }

    /// Goes on to the first entry that begins with `head` or a greater byte; the present one's is
    /// less.
    #[inline]
    pub(crate) fn skip_to(&mut self, head: u8) {
        if self.depth > 0 {
            return self.advance();
        }
        match self.node.next_head(self.at, head) {
            Some(at) if at == self.at + 1 => self.advance(),
            Some(at) => {
                self.entries = self.node.entries(at, self.end);
                self.advance();
            }
            None => self.now = None,
        }
    }

    /// The place `len` bytes down the present entry's suffix.
    #[inline]
    pub(crate) fn place(&self, len: usize) -> Place<'a, V> {
        if let Some(Entry { suffix, end: End::Child(child) }) = self.now
            && suffix.len() == len
        {
            return child.place();
        }
        let (at, depth) = (self.at as u16, self.depth + len);
        Place { node: self.node, spot: self.node.widen(Spot::new(at, at + 1, depth), depth) }
    }

    /// Asks for the memory of the child behind the present entry, which is one.
    #[inline]
    pub(crate) fn prefetch(&self) {
        if let Some(Entry { end: End::Child(_), .. }) = self.now {
            self.node.prefetch_child_after(self.at, 1);
        }
    }

    /// The number of the present entry in its node.
    pub(crate) fn at(&self) -> Option<u16> {
        self.now.as_ref().map(|_| self.at as u16)
    }

    /// Goes beyond all entries of this place, on whose way the present one is.
    #[inline]
    pub(crate) fn pass(&mut self, place: Place<'a, V>) {
        let end = place.spot.hi as usize;
        if !place.is_node() && end > self.at + 1 {
            self.entries = self.node.entries(end, self.end);
        }
        self.advance();
    }
}

impl<'a, V> Iterator for Below<'a, V> {
    type Item = Entry<'a, V>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a, V>> {
        let entry = self.now?;
        self.advance();
        Some(entry)
    }
}

/// The root of a trie as a place, if it holds anything.
pub(crate) fn place_of<V>(root: Option<&Shared<V>>) -> Option<Place<'_, V>> {
    root.map(|root| Place::root(root.view()))
}
