//! Algebra at the focus, written once for every zipper that writes.
//!
//! The result is made while the trie is only read, and put in place afterwards: if a value's operation panics, nothing
//! has changed, and an operation that changes nothing copies no shared node.

use super::edits::Source;
use crate::algebra::{
    AlgebraicStatus, COUNTER_IDENT, Join, Lattice, Meet, Operation, Outcome, SELF_IDENT, combine, gather,
    inserts, meet_all, places_at, restrict,
};
use crate::node::{Bin, Bundle, End, Place, Shared, Stored, place_of};
use crate::trie::{self, PathMap};
use crate::zipper::root::RootMut;
use crate::zipper::stack::Walk;
use crate::zipper::traits::{ZipperIteration, ZipperValues};

impl<V: Clone> Source<V> {
    fn root(&self) -> Option<&Shared<V>> {
        match self {
            Source::Absent => None,
            Source::Present(root) => root.as_ref(),
        }
    }
}

impl<V: Clone, R: RootMut<V>> Walk<V, R> {
    /// What is at and below the focus, if that is anything.
    fn subtrie(&self) -> Option<Place<'_, V>> {
        self.disclose().filter(|place| !place.is_empty())
    }

    /// Takes away what is at and below the focus. The focus is neither created nor removed.
    fn empty(&mut self, bin: &mut Bin<V>) {
        if self.exists() {
            self.graft_with(Source::Present(None), bin);
        }
    }

    /// Makes the subtrie at the focus what the operation makes of it and the source's.
    pub(in crate::zipper) fn combine<O: Operation<V>>(
        &mut self,
        source: Source<V>,
        operation: &mut O,
        prune: bool,
    ) -> AlgebraicStatus {
        let outcome = combine(self.subtrie(), place_of(source.root()), operation);
        self.take_outcome(source, outcome, O::RIGHT, prune)
    }

    /// Restricts the subtrie at the focus by the source's.
    pub(in crate::zipper) fn restrict(&mut self, source: Source<V>) -> AlgebraicStatus {
        let outcome = restrict(self.subtrie(), place_of(source.root()));
        self.take_outcome(source, outcome, false, false)
    }

    /// Makes the subtrie at the focus the outcome of an operation on it and the source's. With `keeps_right` the operation
    /// keeps what only the source has.
    fn take_outcome(
        &mut self,
        source: Source<V>,
        outcome: Outcome<Shared<V>>,
        keeps_right: bool,
        prune: bool,
    ) -> AlgebraicStatus {
        let mut bin = Bin::new();
        let status = match outcome {
            Outcome::Nothing => {
                self.empty(&mut bin);
                if keeps_right && matches!(source, Source::Present(_)) {
                    self.create_path();
                }
                AlgebraicStatus::None
            }
            Outcome::Same(mask) if mask & SELF_IDENT != 0 => AlgebraicStatus::Identity,
            Outcome::Same(_) => {
                self.graft_with(source, &mut bin);
                AlgebraicStatus::Element
            }
            Outcome::New(root) => {
                self.graft_with(Source::Present(Some(root)), &mut bin);
                AlgebraicStatus::Element
            }
        };
        if prune {
            self.prune(&mut bin);
        }
        status
    }

    /// Joins the source's subtrie into the one at the focus: in place, if it is little beside what is there.
    pub(in crate::zipper) fn join(&mut self, source: Source<V>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let inserts = match (self.subtrie(), place_of(source.root())) {
            (Some(left), Some(right)) => inserts(left, right),
            _ => None,
        };
        let Some(inserts) = inserts else { return self.combine(source, &mut Join, false) };
        if inserts.is_empty() {
            return AlgebraicStatus::Identity;
        }
        self.insert_all(inserts);
        AlgebraicStatus::Element
    }

    /// Makes the subtrie at the focus the meet of two others.
    pub(in crate::zipper) fn meet_2(&mut self, a: &Source<V>, b: &Source<V>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let met = match combine(place_of(a.root()), place_of(b.root()), &mut Meet) {
            Outcome::Nothing => {
                self.empty(&mut Bin::new());
                return AlgebraicStatus::None;
            }
            Outcome::Same(mask) if mask & SELF_IDENT != 0 => a.root().cloned(),
            Outcome::Same(_) => b.root().cloned(),
            Outcome::New(root) => Some(root),
        };
        // Two tries are equal iff their meet is either: this asks nothing of values but what a meet does.
        let equal = SELF_IDENT | COUNTER_IDENT;
        if let Outcome::Same(mask) = combine(self.subtrie(), place_of(met.as_ref()), &mut Meet)
            && mask == equal
        {
            return AlgebraicStatus::Identity;
        }
        self.graft(Source::Present(met));
        AlgebraicStatus::Element
    }

    /// Makes the subtrie at the focus the source's, restricted by what was at the focus.
    pub(in crate::zipper) fn restricting(&mut self, source: &Source<V>) -> bool {
        let (Some(left), Some(right)) = (source.root(), self.subtrie()) else { return false };
        match restrict(place_of(Some(left)), Some(right)) {
            Outcome::Nothing => self.empty(&mut Bin::new()),
            Outcome::Same(_) => self.graft(Source::Present(Some(left.clone()))),
            Outcome::New(root) => self.graft(Source::Present(Some(root))),
        }
        true
    }

    /// Joins the subtries `depth` bytes below the focus, and what is at the focus itself.
    pub(in crate::zipper) fn join_k_path(&mut self, depth: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        let mut bin = Bin::new();
        if depth > 0
            && let Some(subtrie) = self.subtrie()
        {
            let own = subtrie.own().map(|own| Bundle::node(&[], End::Value(Stored::new(own.clone()))));
            let mut places: Vec<_> = place_of(own.as_ref()).into_iter().collect();
            places.extend(places_at(subtrie, depth).into_iter().filter(|place| !place.is_empty()));
            let root = gather(&places).and_then(trie::root_of);
            self.graft_with(Source::Present(root), &mut bin);
        }
        self.close_k_path(prune, &mut bin)
    }

    /// Meets the subtries `depth` bytes below the focus.
    pub(in crate::zipper) fn meet_k_path(&mut self, depth: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        let mut bin = Bin::new();
        if depth > 0
            && let Some(subtrie) = self.subtrie()
        {
            let root = meet_all(&places_at(subtrie, depth)).and_then(trie::root_of);
            self.graft_with(Source::Present(root), &mut bin);
        }
        self.close_k_path(prune, &mut bin)
    }

    fn close_k_path(&mut self, prune: bool, bin: &mut Bin<V>) -> bool {
        let below = !self.child_mask().is_empty_mask();
        if prune {
            self.prune(bin);
        }
        below
    }
}

/// Copies what is at and below the focus of a zipper that can only be walked; dangling tips are copied too.
///
/// With this any zipper can be the source of any operation. A zipper over a real trie has
/// [`make_map`](crate::zipper::ZipperInfallibleSubtries::make_map), which copies nothing. The zipper ends where it was. O(bytes).
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::{ZipperMoving, copy_subtrie};
///
/// let map = PathMap::from([("romane", 1), ("romanus", 2), ("rubens", 3)]);
/// let mut reader = map.read_zipper();
/// reader.descend_to("rom");
/// assert_eq!(copy_subtrie(&mut reader), PathMap::from([("ane", 1), ("anus", 2)]));
/// ```
pub fn copy_subtrie<V: Clone, Z: ZipperIteration + ZipperValues<V>>(zipper: &mut Z) -> PathMap<V> {
    let focus = zipper.path().to_vec();
    let mut map = PathMap::new();
    if let Some(value) = zipper.val() {
        map.insert([], value.clone());
    }
    while zipper.to_next_step() && zipper.path().starts_with(&focus) {
        let path = &zipper.path()[focus.len()..];
        match zipper.val() {
            Some(value) => {
                map.insert(path, value.clone());
            }
            None if zipper.child_count() == 0 => {
                map.create_path(path);
            }
            None => {}
        }
    }
    zipper.move_to_path(&focus);
    map
}
