//! Joins of many places in parts, as [`ahead`](crate::algebra::ahead) does for pairs.

use std::collections::HashMap;

use super::{Gather, GatherStep, Joined, gather_operands, operands, unite_twins};
use crate::algebra::ahead::{KnownPairs, forks};
use crate::algebra::build::{Above, Outcome};
use crate::algebra::known::{KnownResults, Nothing};
use crate::algebra::lattice::Lattice;
use crate::algebra::operation::Join;
use crate::node::{Key, Place, Shared};

/// The known joins of groups of places. The walk of `combine` asks for those of two places.
pub(crate) struct KnownJoins<V> {
    pairs: KnownPairs<V>,
    groups: HashMap<Vec<Key>, Outcome<Shared<V>>>,
}

impl<V> KnownJoins<V> {
    pub(crate) fn new() -> Self {
        Self { pairs: KnownPairs::new(), groups: HashMap::new() }
    }

    /// Adds the join of a group of places, made by [`gather`](super::gather).
    pub(crate) fn insert(&mut self, places: &[Place<'_, V>], joined: Joined<'_, V, Shared<V>>) {
        let outcome = match joined {
            // If the result equals only places beyond the 64th, their mask is empty, so the walk
            // computes the join again.
            Joined::One(_, 0) => return,
            Joined::One(_, mask) => Outcome::Same(mask),
            Joined::New(node) => Outcome::New(node),
            Joined::Nothing => Outcome::Nothing,
        };
        match *places {
            [left, right] => self.pairs.insert([left, right], outcome),
            _ => drop(self.groups.insert(places.iter().map(|place| place.key()).collect(), outcome)),
        }
    }
}

impl<V> KnownResults<V> for KnownJoins<V> {
    fn pair(&self, places: [Place<'_, V>; 2]) -> Option<Outcome<Shared<V>>> {
        self.pairs.pair(places)
    }

    fn group(&self, keys: impl FnOnce() -> Vec<Key>) -> Option<Outcome<Shared<V>>> {
        self.groups.get(&keys()).cloned()
    }
}

/// Joins places like [`gather`](super::gather); the joins of some groups of places are known.
/// There must be at least one place.
pub(crate) fn gather_knowing<'a, V: Lattice + Clone>(
    places: &[Place<'a, V>],
    known: &KnownJoins<V>,
) -> Joined<'a, V, Shared<V>> {
    gather_operands(operands(places), known)
}

/// Returns the groups of two or more places that the walk enters directly below a group.
pub(crate) fn groups_below<'a, V: Lattice + Clone>(places: &[Place<'a, V>]) -> Vec<Vec<Place<'a, V>>> {
    let mut all = operands(places);
    if V::IDEMPOTENT {
        unite_twins(&mut all);
    }
    if let [left, right] = all[..] {
        return forks::<V, Join>([left.place, right.place]).into_iter().map(Vec::from).collect();
    }
    let mut groups = Vec::new();
    // The walk itself takes the steps. Its notes are not used.
    let mut gather = Gather::new(&Nothing);
    if gather.enter(all, Above::Nothing).is_some() {
        return groups;
    }
    loop {
        match gather.next() {
            GatherStep::Done => return groups,
            GatherStep::Noted => {}
            GatherStep::Fork(_, mut below) => {
                if V::IDEMPOTENT {
                    unite_twins(&mut below);
                }
                if below.len() > 1 {
                    groups.push(below.iter().map(|operand| operand.place).collect());
                }
            }
        }
    }
}
