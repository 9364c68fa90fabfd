//! Random maps whose nodes are shared, within the map and with others.

use bytetrie::PathMap;
use bytetrie::testing::limits::Limits;
use bytetrie::testing::naive::NaiveMap;
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// One step of building a map.
#[derive(Clone, Debug)]
pub(crate) enum Make {
    Insert(Vec<u8>, u8),
    Create(Vec<u8>),
    Remove(Vec<u8>, bool),
    /// Grafts the subtrie at one path to another.
    Graft(Vec<u8>, Vec<u8>),
    /// Keeps a clone, which shares all nodes.
    Snapshot,
}

pub(crate) fn path() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => vec(prop::sample::select(vec![b'a', b'b', 0, 255]), 0..=5),
        1 => vec(prop::sample::select(vec![b'a', b'b']), 6..=14),
        1 => vec(any::<u8>(), 0..=3),
    ]
}

pub(crate) fn makes() -> impl Strategy<Value = Vec<Make>> {
    let make = prop_oneof![
        8 => (path(), 0..3u8).prop_map(|(path, value)| Make::Insert(path, value)),
        2 => path().prop_map(Make::Create),
        1 => (path(), any::<bool>()).prop_map(|(path, prune)| Make::Remove(path, prune)),
        5 => (path(), path()).prop_map(|(from, to)| Make::Graft(from, to)),
        1 => Just(Make::Snapshot),
    ];
    vec(make, 0..=28)
}

pub(crate) fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![3 => Just(Limits::TINY), 1 => Just(Limits::DEFAULT)]
}

/// Builds the map, and returns it with the clones that were kept.
pub(crate) fn made(makes: &[Make]) -> (PathMap<u8>, Vec<PathMap<u8>>) {
    let (mut map, mut copies) = (PathMap::new(), Vec::new());
    for make in makes {
        match make {
            Make::Insert(path, value) => drop(map.insert(path, *value)),
            Make::Create(path) => drop(map.create_path(path)),
            Make::Remove(path, prune) => drop(map.remove_val_at(path, *prune)),
            Make::Graft(from, to) => {
                let source = map.clone();
                // A map that grows by half with each graft remains small enough for a model.
                if source.read_zipper_at_path(from).val_count() <= 24 {
                    map.write_zipper_at_path(to).graft(&source.read_zipper_at_path(from));
                }
            }
            Make::Snapshot => copies.push(map.clone()),
        }
    }
    (map, copies)
}

/// Returns the model of a map, including dangling paths.
pub(crate) fn naive<V: Clone>(map: &PathMap<V>) -> NaiveMap<V> {
    let mut model = NaiveMap::new();
    let mut zipper = map.read_zipper();
    loop {
        model.create_path(zipper.path());
        if let Some(value) = zipper.val() {
            model.set(zipper.path(), value.clone());
        }
        if !zipper.to_next_step() {
            return model;
        }
    }
}
