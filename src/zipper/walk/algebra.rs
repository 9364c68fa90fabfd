//! Algebra at the focus, written once for all zippers that write a real trie.
//!
//! The result is built while the trie is only read, and put in place afterwards. Therefore nothing
//! has changed if a value's operation panics, and an operation that changes nothing copies no
//! shared node.

use crate::algebra::{
    AlgebraicStatus, COUNTER_IDENT, Join, Lattice, Meet, Operation, Outcome, SELF_IDENT, combine, gather,
    inserts, meet_all, places_at, restrict,
};
use crate::node::{Bin, Bundle, End, Place, Shared, Stored, place_of};
use crate::trie::{self, PathMap, Subtrie};
use crate::zipper::root::RootMut;
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;

impl<V: Clone, R: RootMut<V>> Walk<V, R> {
    /// The focus as a place; `None` if no value and no entry is at or below it.
    fn focus_place(&self) -> Option<Place<'_, V>> {
        self.disclose().into_node().filter(|place| !place.is_empty())
    }

    /// Removes everything at and below the focus. The focus itself is neither created nor removed.
    fn empty(&mut self, bin: &mut Bin<V>) {
        if self.exists() {
            self.graft_with(Subtrie::Bare, bin);
        }
    }

    /// Replaces the subtrie at the focus by the result of an operation on it and the source.
    pub(super) fn combine<O: Operation<V>>(
        &mut self,
        source: Subtrie<Shared<V>>,
        operation: &mut O,
        prune: bool,
    ) -> AlgebraicStatus {
        let outcome = combine(self.focus_place(), source.place(), operation);
        self.take_outcome(source, outcome, O::RIGHT, prune)
    }

    /// Restricts the subtrie at the focus by the source.
    pub(super) fn restrict_to(&mut self, source: Subtrie<Shared<V>>) -> AlgebraicStatus {
        let outcome = restrict(self.focus_place(), source.place());
        self.take_outcome(source, outcome, false, false)
    }

    /// Replaces the subtrie at the focus by the outcome of an operation on it and the source.
    /// `keeps_right` means that the operation keeps the locations that only the source has.
    fn take_outcome(
        &mut self,
        source: Subtrie<Shared<V>>,
        outcome: Outcome<Shared<V>>,
        keeps_right: bool,
        prune: bool,
    ) -> AlgebraicStatus {
        let mut bin = Bin::new();
        let status = match outcome {
            Outcome::Nothing => {
                self.empty(&mut bin);
                if keeps_right && source.exists() {
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
                self.graft_with(Subtrie::Node(root), &mut bin);
                AlgebraicStatus::Element
            }
        };
        if prune {
            self.prune(&mut bin);
        }
        status
    }

    /// Joins the source into the subtrie at the focus, in place if the source is much smaller.
    pub(super) fn join(&mut self, source: Subtrie<Shared<V>>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let inserts = match (self.focus_place(), source.place()) {
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

    /// Replaces the subtrie at the focus by the meet of two others.
    pub(super) fn meet_of(&mut self, a: &Subtrie<Shared<V>>, b: &Subtrie<Shared<V>>) -> AlgebraicStatus
    where
        V: Lattice,
    {
        let met = match combine(a.place(), b.place(), &mut Meet) {
            Outcome::Nothing => {
                self.empty(&mut Bin::new());
                return AlgebraicStatus::None;
            }
            Outcome::Same(mask) if mask & SELF_IDENT != 0 => a.clone(),
            Outcome::Same(_) => b.clone(),
            Outcome::New(root) => Subtrie::Node(root),
        };
        // Two tries are equal iff their meet equals both. This test requires no other operation of
        // the values than a meet.
        let equal = SELF_IDENT | COUNTER_IDENT;
        if let Outcome::Same(mask) = combine(self.focus_place(), met.place(), &mut Meet)
            && mask == equal
        {
            return AlgebraicStatus::Identity;
        }
        self.graft_subtrie(met);
        AlgebraicStatus::Element
    }

    /// Replaces the subtrie at the focus by the source, restricted by the old subtrie.
    pub(super) fn replace_by_restricted(&mut self, source: &Subtrie<Shared<V>>) -> bool {
        let (Some(left), Some(right)) = (source.node(), self.focus_place()) else { return false };
        match restrict(Some(left.place()), Some(right)) {
            Outcome::Nothing => self.empty(&mut Bin::new()),
            Outcome::Same(_) => self.graft_subtrie(Subtrie::Node(left.clone())),
            Outcome::New(root) => self.graft_subtrie(Subtrie::Node(root)),
        }
        true
    }

    /// Replaces the branches at the focus by the join of the subtries `depth` bytes below, and
    /// joins the values at that depth into the focus value.
    pub(super) fn join_k_path(&mut self, depth: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        let mut bin = Bin::new();
        if depth > 0
            && let Some(subtrie) = self.focus_place()
        {
            let own = subtrie.own().map(|own| Bundle::node(&[], End::Value(Stored::new(own.clone()))));
            let mut places: Vec<_> = place_of(own.as_ref()).into_iter().collect();
            places.extend(places_at(subtrie, depth).into_iter().filter(|place| !place.is_empty()));
            let root = gather(&places).and_then(trie::root_of);
            self.graft_with(Subtrie::present(root), &mut bin);
        }
        self.close_k_path(prune, &mut bin)
    }

    /// Replaces the subtrie at the focus by the meet of the subtries `depth` bytes below.
    pub(super) fn meet_k_path(&mut self, depth: usize, prune: bool) -> bool
    where
        V: Lattice,
    {
        let mut bin = Bin::new();
        if depth > 0
            && let Some(subtrie) = self.focus_place()
        {
            let root = meet_all(&places_at(subtrie, depth)).and_then(trie::root_of);
            self.graft_with(Subtrie::present(root), &mut bin);
        }
        self.close_k_path(prune, &mut bin)
    }

    /// Prunes the focus if `prune` is set. Returns whether something is below it before pruning.
    fn close_k_path(&mut self, prune: bool, bin: &mut Bin<V>) -> bool {
        let below = !self.child_mask().is_empty_mask();
        if prune {
            self.prune(bin);
        }
        below
    }
}

/// Copies the subtrie at the focus of any zipper, with its dangling tips, by a walk.
///
/// The copy makes any zipper a source for every operation. A zipper over a real trie has
/// [`make_map`](crate::zipper::ZipperInfallibleSubtries::make_map), which shares the nodes instead.
/// The zipper returns to its focus. Takes O(bytes).
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
