//! Combining in parts. First this module finds the pairs of places that the walk of
//! [`combine`](super::combine) will enter. They are combined elsewhere, and the walk then looks
//! up their results.
//!
//! So there is only one walk, and only one definition of each operation. Which pairs are combined
//! first affects the time and never the result.

use std::collections::HashMap;

use super::build::Outcome;
use super::known::KnownResults;
use super::lockstep::{Lockstep, Upcoming};
use super::operation::Operation;
use crate::node::{Key, Place, Shared};

/// The known results of pairs of places.
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

impl<V> KnownResults<V> for KnownPairs<V> {
    fn pair(&self, places: [Place<'_, V>; 2]) -> Option<Outcome<Shared<V>>> {
        self.0.get(&places.map(Place::key)).cloned()
    }

    fn group(&self, _: impl FnOnce() -> Vec<Key>) -> Option<Outcome<Shared<V>>> {
        None
    }
}

/// Returns the pairs of places that the walk enters directly below a pair.
pub(crate) fn forks<'a, V, O: Operation<V>>([left, right]: [Place<'a, V>; 2]) -> Vec<[Place<'a, V>; 2]> {
    let mut forks = Vec::new();
    let mut steps = Lockstep::new(left, right);
    while let Some(upcoming) = steps.upcoming() {
        match upcoming {
            Upcoming::Left(_) => steps.left.advance(),
            Upcoming::Right(_) => steps.right.advance(),
            Upcoming::Twins(len) if O::TWINS.is_none() => forks.push(steps.fork(len).into()),
            Upcoming::Fork(len) => forks.push(steps.fork(len).into()),
            Upcoming::Both | Upcoming::Twins(_) => steps.advance_both(),
        }
    }
    forks
}
