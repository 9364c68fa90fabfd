//! Joining in parts, as [`ahead`](crate::algebra::ahead) does for pairs.

use std::collections::HashMap;

use super::{Gather, Joined, Met, Source, Step, bit, one_of, unite_twins};
use crate::algebra::ahead::{Knowing, KnownPairs, forks};
use crate::algebra::build::{Above, Built, Outcome};
use crate::algebra::lattice::Lattice;
use crate::algebra::operation::Join;
use crate::node::Shared;
use crate::node::{Key, Place};

/// What groups of places have become: those of two are joined by the walk of pairs, and it asks for them.
pub(crate) struct KnownJoins<V> {
    pairs: KnownPairs<V>,
    groups: HashMap<Vec<Key>, Option<Met<V>>>,
}

impl<V> KnownJoins<V> {
    pub(crate) fn new() -> Self {
        Self { pairs: KnownPairs::new(), groups: HashMap::new() }
    }

    /// Adds what [`gather`](super::gather) has made of a group of places.
    pub(crate) fn insert(&mut self, places: &[Place<'_, V>], joined: Joined<'_, V, Shared<V>>) {
        if let &[left, right] = places {
            let outcome = match joined {
                Joined::One(_, mask) => Outcome::Same(mask),
                Joined::New(node) => Outcome::New(node),
                Joined::Nothing => Outcome::Nothing,
            };
            return self.pairs.insert([left, right], outcome);
        }
        let met = match joined {
            // Which of more than 64 places it equals may be unknown: it is made again then.
            Joined::One(_, 0) => return,
            Joined::One(_, mask) => Some(Met::One(mask)),
            Joined::New(node) => Some(Met::New(node)),
            Joined::Nothing => None,
        };
        self.groups.insert(places.iter().map(|place| place.key()).collect(), met);
    }

    /// The join of two, as far as it is known.
    pub(super) fn join(&self) -> Knowing<'_, V, Join> {
        Knowing { operation: Join, known: &self.pairs }
    }
}

/// [`gather`](super::gather), where what some groups of places become is known. There is at least one place.
pub(crate) fn gather_knowing<'a, V: Lattice + Clone>(
    places: &[Place<'a, V>],
    known: &'a KnownJoins<V>,
) -> Joined<'a, V, Shared<V>> {
    let gather = Gather { known: Some(known), ..Gather::new() };
    match gather.run(sources(places)) {
        Joined::One(place, bits) => Joined::One(place, bits),
        Joined::New(built) => Joined::New(built.into_node()),
        Joined::Nothing => Joined::Nothing,
    }
}

/// The groups of two and more places that the walk comes to next when it enters a group.
pub(crate) fn groups_below<'a, V: Lattice + Clone>(places: &[Place<'a, V>]) -> Vec<Vec<Place<'a, V>>> {
    let mut all = sources(places);
    if V::IDEMPOTENT {
        unite_twins(&mut all);
    }
    if let [left, right] = all[..] {
        return forks::<V, Join>([left.place, right.place]).into_iter().map(Vec::from).collect();
    }
    let mut groups = Vec::new();
    // The walk itself takes the steps; what it notes on the way is not used.
    let mut gather = Gather::new();
    if gather.enter(all, Above::Nothing).is_some() {
        return groups;
    }
    loop {
        match gather.step() {
            Step::Done => return groups,
            Step::Noted => {}
            Step::Fork(_, mut sources) => {
                if V::IDEMPOTENT {
                    unite_twins(&mut sources);
                }
                if sources.len() > 1 {
                    groups.push(sources.iter().map(|source| source.place).collect());
                }
            }
        }
    }
}

fn sources<'a, V>(places: &[Place<'a, V>]) -> Vec<Source<'a, V>> {
    places.iter().enumerate().map(|(i, &place)| Source { place, bits: bit(i) }).collect()
}

impl<'a, V: Lattice + Clone> Gather<'a, V> {
    /// What places have become, if they have been joined ahead.
    pub(super) fn known(&self, sources: &[Source<'a, V>]) -> Option<Joined<'a, V, Built<V>>> {
        let known = self.known.filter(|_| sources.len() > 2)?;
        let keys: Vec<Key> = sources.iter().map(|source| source.place.key()).collect();
        Some(match known.groups.get(&keys)? {
            Some(Met::One(mask)) => one_of(sources, *mask),
            Some(Met::New(node)) => Joined::New(Built::of_node(node.clone())),
            None => Joined::Nothing,
        })
    }
}
