//! Joining in parts, as [`ahead`](crate::algebra::ahead) does for pairs.

use std::collections::HashMap;

use super::{Gather, Joined, Met, Source, Step, bit, one_of, unite_twins};
use crate::algebra::build::{Above, Built};
use crate::algebra::lattice::Lattice;
use crate::algebra::place::{Key, Place};
use crate::node::Shared;

/// What groups of places have become.
pub(crate) struct KnownJoins<V>(HashMap<Vec<Key>, Option<Met<V>>>);

impl<V> KnownJoins<V> {
    pub(crate) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Adds what [`gather`](super::gather) has made of a group of places.
    pub(crate) fn insert(&mut self, places: &[Place<'_, V>], joined: Joined<'_, V, Shared<V>>) {
        let met = match joined {
            // Which of more than 64 places it equals may be unknown: it is made again then.
            Joined::One(_, 0) => return,
            Joined::One(_, mask) => Some(Met::One(mask)),
            Joined::New(node) => Some(Met::New(node)),
            Joined::Nothing => None,
        };
        self.0.insert(places.iter().map(|place| place.key()).collect(), met);
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
pub(crate) fn groups_below<'a, V: Lattice + Clone>(
    places: &[Place<'a, V>],
    none: &'a KnownJoins<V>,
) -> Vec<Vec<Place<'a, V>>> {
    let mut groups = Vec::new();
    // The walk itself takes the steps; what it notes on the way is not used.
    let mut gather = Gather { known: Some(none), ..Gather::new() };
    if gather.enter(sources(places), Above::Nothing).is_some() {
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
        let known = self.known.filter(|_| sources.len() > 1)?;
        let keys: Vec<Key> = sources.iter().map(|source| source.place.key()).collect();
        Some(match known.0.get(&keys)? {
            Some(Met::One(mask)) => one_of(sources, *mask),
            Some(Met::New(node)) => Joined::New(Built::of_node(node.clone())),
            None => Joined::Nothing,
        })
    }
}
