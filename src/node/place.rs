//! Subtries, and the entries below them one after another.

use super::end::End;
use super::entries::Entries;
use super::shared::Shared;
use super::suffix::Suffix;
use super::view::{Entry, NodeRef, Spot};

/// A subtrie: what is at and below a spot of a node.
pub(crate) struct Place<'a, V> {
    pub(crate) node: NodeRef<'a, V>,
    /// Its run is known.
    pub(crate) spot: Spot,
}

/// What tells a place from all others; see [`Place::key`].
pub(crate) type Key = (usize, u16, usize);

impl<V> Clone for Place<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<V> Copy for Place<'_, V> {}

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
        let one = !self.is_node() && self.spot.hi - self.spot.lo == 1;
        one.then(|| self.own()).flatten()
    }

    /// True iff nothing is at or below the place: it is a dangling tip.
    #[inline]
    pub(crate) fn is_empty(self) -> bool {
        if self.is_node() || self.spot.hi - self.spot.lo > 1 {
            return false;
        }
        let entry = self.node.entry(self.spot.lo as usize);
        entry.end.is_bare() && entry.suffix.len() == self.spot.depth()
    }

    pub(crate) fn node(self) -> NodeRef<'a, V> {
        self.node
    }

    pub(crate) fn spot(self) -> Spot {
        self.spot
    }

    /// What tells the place from all others while the node lives.
    #[inline]
    pub(crate) fn key(self) -> Key {
        (self.node.id(), self.spot.lo, self.spot.depth())
    }

    /// True iff the node has more than one owner, so that more than one path may lead to the place.
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
    pub(crate) fn is_node(self) -> bool {
        self.spot.depth() == 0
    }

    /// The entries below the place, in order.
    #[inline]
    pub(crate) fn below(self) -> Below<'a, V> {
        Below::new(self)
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
            Some(_) => {
                let entry = self.node.entry(self.spot.hi as usize - 1);
                entry.suffix.after(self.spot.depth()).map(|suffix| Entry { suffix, ..entry })
            }
        };
        first.into_iter().chain(last)
    }

    /// The places one byte further down, in order.
    pub(crate) fn for_each_branch(self, mut visit: impl FnMut(u8, Self)) {
        self.node.for_each_branch(self.spot, |byte, node, spot| visit(byte, Place { node, spot }));
    }

    /// The place `len` bytes down the suffix of entry `at`, which goes on further or ends there, but not with a child.
    pub(crate) fn towards(self, at: u16, len: usize) -> Self {
        let depth = self.spot.depth() + len;
        Self { node: self.node, spot: self.node.widen(Spot::new(at, at + 1, depth), depth) }
    }

    /// The entries at and below the place, as they are seen from `up` bytes above it in the same node.
    pub(crate) fn run_from(self, up: usize) -> Below<'a, V> {
        let Spot { lo, hi, .. } = self.spot;
        Below::new(Self { node: self.node, spot: Spot::new(lo, hi, self.spot.depth() - up) })
    }
}

/// What is yet to be visited of the entries strictly below a place. Their suffixes start from there.
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

    /// True iff the present entry is a value, to which so many bytes lead.
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
                // An entry that ends at the place is the value there, or the tip that the place is.
                _ => self.advance(),
            }
        }
    }

    /// Goes on to the first entry that begins with `head` or a greater byte; the present one's is less.
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
            return Place::root(child.view());
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
