//! Random maps for properties: with shared nodes, dangling paths, and bytes that are not UTF-8.

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::ZipperWriting;
use proptest::collection::vec;
use proptest::prelude::*;

/// An edit of a map.
#[derive(Clone, Debug)]
pub(crate) enum Edit {
    Insert(Vec<u8>),
    /// Creates a dangling path.
    Create(Vec<u8>),
    /// Removes the value, and keeps the path.
    Bare(Vec<u8>),
    Remove(Vec<u8>),
    /// Grafts the subtrie at the first path to the second path.
    Graft(Vec<u8>, Vec<u8>),
}

/// A recipe for a map.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    pub(crate) edits: Vec<Edit>,
    pub(crate) tiny: bool,
}

impl Recipe {
    /// Builds the map. Its values are the numbers of the edits.
    pub(crate) fn build(&self) -> PathMap<u64> {
        let limits = if self.tiny { Limits::TINY } else { Limits::DEFAULT };
        with_limits(limits, || {
            let mut map = PathMap::new();
            for (value, edit) in (0..).zip(&self.edits) {
                match edit {
                    Edit::Insert(path) => drop(map.insert(path, value)),
                    Edit::Create(path) => drop(map.create_path(path)),
                    Edit::Bare(path) => drop(map.remove_val_at(path, false)),
                    Edit::Remove(path) => drop(map.remove(path)),
                    Edit::Graft(from, to) => {
                        use bytetrie::zipper::ZipperInfallibleSubtries;
                        let source = map.read_zipper_at_path(from).make_map();
                        // A map that doubles with each edit would soon be too large for the model.
                        if source.val_count() < 100 {
                            map.write_zipper_at_path(to).graft_map(source);
                        }
                    }
                }
            }
            map.check().unwrap();
            map
        })
    }
}

/// Generates a path: mostly of few letters, sometimes of non-ASCII or non-UTF-8 bytes, sometimes
/// of many letters.
pub(crate) fn paths() -> impl Strategy<Value = Vec<u8>> {
    let letter = || prop::sample::select(vec!["a", "b", "c", "é", "日"]);
    let text = vec(letter(), 0..=6).prop_map(|letters| letters.concat().into_bytes());
    let bytes = vec(prop::sample::select(vec![b'a', b'b', 0, 0xc3, 0xff]), 0..=6);
    let wide = (any::<u8>(), vec(prop::sample::select(vec![b'a', 0xff]), 0..=2))
        .prop_map(|(first, rest)| [&[first], rest.as_slice()].concat());
    prop_oneof![4 => text, 2 => bytes, 2 => wide]
}

pub(crate) fn recipes() -> impl Strategy<Value = Recipe> {
    let edit = prop_oneof![
        8 => paths().prop_map(Edit::Insert),
        1 => paths().prop_map(Edit::Create),
        1 => paths().prop_map(Edit::Bare),
        1 => paths().prop_map(Edit::Remove),
        1 => (paths(), paths()).prop_map(|(from, to)| Edit::Graft(from, to)),
    ];
    let edits = prop_oneof![4 => vec(edit.clone(), 0..=30), 1 => vec(edit, 60..=120)];
    (edits, any::<bool>()).prop_map(|(edits, tiny)| Recipe { edits, tiny })
}

pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}
