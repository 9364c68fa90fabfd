//! Combining in parts: what the walk of [`combine`](super::combine) will come to is found first, combined elsewhere, and
//! known when the walk comes there.
//!
//! So there is one walk and one meaning. Which places are combined ahead decides the time, and never the result.

use std::collections::HashMap;

use super::build::{Built, Outcome};
use super::combine::combine;
use super::lockstep::{Lockstep, Turn};
use super::operation::Operation;
use super::result::AlgebraicResult;
use crate::node::{Key, NodeRef, Place, Shared, Stored};

/// What pairs of places have become.
pub(crate) struct KnownPairs<V>(HashMap<[Key; 2], Outcome<Shared<V>>>);

impl<V> KnownPairs<V> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    pub(super) fn insert(&mut self, places: [Place<'_, V>; 2], outcome: Outcome<Shared<V>>) {
        self.0.insert(places.map(Place::key), outcome);
    }
}

impl<'a, V> FromIterator<([Place<'a, V>; 2], Outcome<Shared<V>>)> for KnownPairs<V> {
    fn from_iter<I: IntoIterator<Item = ([Place<'a, V>; 2], Outcome<Shared<V>>)>>(pairs: I) -> Self {
        let mut known = Self::new();
        pairs.into_iter().for_each(|(places, outcome)| known.insert(places, outcome));
        known
    }
}

/// An operation of which some is known.
pub(super) struct Knowing<'a, V, O> {
    pub(super) operation: O,
    pub(super) known: &'a KnownPairs<V>,
}

impl<V, O: Operation<V>> Operation<V> for Knowing<'_, V, O> {
    const LEFT: bool = O::LEFT;
    const RIGHT: bool = O::RIGHT;
    const TIPS: bool = O::TIPS;
    const COVERS: bool = O::COVERS;
    const TWINS: Option<u64> = O::TWINS;
    const PURE: bool = O::PURE;

    fn values(&mut self, left: &V, right: &V) -> AlgebraicResult<V> {
        self.operation.values(left, right)
    }

    fn known(&self, places: [Place<'_, V>; 2]) -> Option<Outcome<Shared<V>>> {
        Some(match self.known.0.get(&places.map(Place::key))? {
            Outcome::Nothing => Outcome::Nothing,
            Outcome::Same(mask) => Outcome::Same(*mask),
            Outcome::New(node) => Outcome::New(node.clone()),
        })
    }
}

/// [`combine`], where what some pairs of places become is known.
pub(crate) fn combine_knowing<'a, V: Clone, O: Operation<V>>(
    [left, right]: [Place<'a, V>; 2],
    operation: O,
    known: &KnownPairs<V>,
) -> Outcome<Shared<V>> {
    combine(Some(left), Some(right), &mut Knowing { operation, known })
}

/// The pairs of places that the walk comes to next when it enters a pair.
pub(crate) fn forks<'a, V, O: Operation<V>>([left, right]: [Place<'a, V>; 2]) -> Vec<[Place<'a, V>; 2]> {
    let mut forks = Vec::new();
    let mut steps = Lockstep::new(left, right);
    while let Some(turn) = steps.turn() {
        match turn {
            Turn::Left(_) => steps.left.advance(),
            Turn::Right(_) => steps.right.advance(),
            Turn::Twins(len) if O::TWINS.is_none() => forks.push(steps.fork(len).into()),
            Turn::Fork(len) => forks.push(steps.fork(len).into()),
            Turn::Both | Turn::Twins(_) => {
                steps.left.advance();
                steps.right.advance();
            }
        }
    }
    forks
}

impl<T> Outcome<T> {
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Outcome::Nothing => Outcome::Nothing,
            Outcome::Same(mask) => Outcome::Same(mask),
            Outcome::New(new) => Outcome::New(make(new)),
        }
    }
}

impl<V: Clone> Built<V> {
    /// A node that was built as a root.
    pub(super) fn of_node(node: Shared<V>) -> Self {
        match (node.view().entry_count(), node.view().own()) {
            (0, Some(own)) => Built::Value(Stored::new(own.clone())),
            _ => Built::Node(node),
        }
    }
}

impl<V> Place<'_, V> {
    /// How many entries the walk steps over when it enters the place.
    pub(crate) fn steps(self) -> usize {
        self.entry_count()
    }

    /// About how many entries are at and below the place, by a look at some dozens of nodes.
    ///
    /// Of each level such nodes are looked at as are evenly spaced among all children. So where hundreds of children lie
    /// beside one that holds nearly all, that one may be missed.
    pub(crate) fn weigh(self) -> usize {
        /// How many nodes are looked at on a level, and on how many levels.
        const NODES: usize = 8;
        const LEVELS: usize = 8;

        let (mut entries, mut scale) = (0.0, 1.0);
        let mut level: Vec<NodeRef<'_, V>> = match self.is_node() {
            true => vec![self.node],
            false => {
                entries = self.entry_count() as f64;
                self.below().filter_map(|entry| entry.end.child()).map(Shared::view).collect()
            }
        };
        for _ in 0..LEVELS {
            let count: usize = level.iter().map(|node| node.entry_count()).sum();
            entries += count as f64 * scale;
            let children: usize = level.iter().map(|node| node.child_count()).sum();
            let picked = children.min(NODES);
            let (mut next, mut before) = (Vec::with_capacity(picked), 0);
            let mut ranks = (0..picked).map(|i| i * children / picked).peekable();
            for node in level {
                while let Some(rank) = ranks.next_if(|&rank| rank < before + node.child_count()) {
                    next.push(node.child(rank - before).view());
                }
                before += node.child_count();
            }
            if next.is_empty() {
                break;
            }
            // Each node of the next level stands for so many.
            scale *= children as f64 / picked as f64;
            level = next;
        }
        // The cast saturates, where sharing makes the number of paths exponential.
        entries as usize
    }
}
