//! Operands that share nodes in all ways in which maps may: built from scratch, cloned and edited,
//! grafted, and with one subtrie in several places, as after deduplication.

use bytetrie::PathMap;
use bytetrie::testing::limits::Limits;
use bytetrie::testing::ops::{Keys, ProgramValue};
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// The way in which the three operands share nodes, before they are edited.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Making {
    /// They share no nodes.
    Fresh,
    /// All are clones of the first, with more entries added to each.
    CloneAndEdit,
    /// The first is grafted somewhere into the others.
    Graft,
    /// A small trie is grafted into several places of each operand, and of the grafted trie.
    Repeated,
}

/// A recipe for three maps.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    making: Making,
    pub(crate) keys: Vec<Vec<u8>>,
    entries: [Vec<(u8, u8)>; 3],
    edits: Vec<[u8; 4]>,
    /// True if the maps may have dangling paths.
    dangling: bool,
}

impl Recipe {
    pub(crate) fn keys(&self) -> Keys {
        Keys::new(self.keys.clone())
    }

    fn fresh<V: ProgramValue>(&self, which: usize) -> PathMap<V> {
        let keys = self.keys();
        self.entries[which].iter().map(|&(key, value)| (keys.pick(key), V::of(value))).collect()
    }

    pub(crate) fn build<V: ProgramValue>(&self) -> [PathMap<V>; 3] {
        let keys = self.keys();
        let entries = |which: usize| self.entries[which].iter();
        let mut maps: [PathMap<V>; 3] = match self.making {
            Making::Fresh | Making::Graft => std::array::from_fn(|which| self.fresh(which)),
            Making::CloneAndEdit => {
                let first = self.fresh::<V>(0);
                std::array::from_fn(|which| {
                    let mut map = first.clone();
                    for &(key, value) in entries(which).take(3) {
                        map.insert(keys.pick(key), V::of(value));
                    }
                    map
                })
            }
            Making::Repeated => {
                let small: PathMap<V> =
                    entries(0).take(4).map(|&(key, value)| (keys.pick(key), V::of(value))).collect();
                let mut twice = small.clone();
                for &(key, _) in entries(1).take(2) {
                    graft(&mut twice, &keys.pick(key), &small);
                }
                std::array::from_fn(|which| {
                    let mut map = if which == 0 { small.clone() } else { twice.clone() };
                    for &(key, _) in entries(which).rev().take(3) {
                        graft(&mut map, &keys.pick(key), &twice);
                    }
                    map
                })
            }
        };
        if let Making::Graft = self.making {
            let first = maps[0].clone();
            for (map, &(key, _)) in maps.iter_mut().zip(entries(1)) {
                graft(map, &keys.pick(key), &first);
            }
        }
        for &[which, kind, x, y] in &self.edits {
            let other = maps[usize::from(which / 3) % 3].clone();
            let map = &mut maps[usize::from(which) % 3];
            let path = keys.pick(x);
            match kind % 6 {
                2 => drop(map.remove(path)),
                3 if self.dangling => drop(map.create_path(path)),
                4 if self.dangling => drop(map.remove_val_at(path, false)),
                5 => graft(map, &path, &other.read_zipper_at_path(keys.pick(y)).make_map()),
                _ => drop(map.insert(path, V::of(y))),
            }
        }
        maps.iter().for_each(check);
        maps
    }
}

/// Grafts a source, unless it has no value, so that no path is left dangling.
fn graft<V: ProgramValue>(map: &mut PathMap<V>, path: &[u8], source: &PathMap<V>) {
    if !source.is_empty() {
        map.write_zipper_at_path(path).graft_map(source.clone());
    }
}

pub(crate) fn check<V>(map: &PathMap<V>) {
    map.check().unwrap();
}

/// Generates recipes for operands, with or without dangling paths.
pub(crate) fn recipes(dangling: bool) -> impl Strategy<Value = Recipe> {
    let letter = || prop::sample::select(vec![b'a', b'b', 0, 255]);
    let short = vec(vec(letter(), 0..=5), 1..=8);
    let wide = vec((any::<u8>(), vec(letter(), 0..=2)), 33..=48).prop_map(|keys| {
        let key = |(first, rest): (u8, Vec<u8>)| [&[first], rest.as_slice()].concat();
        keys.into_iter().map(key).collect::<Vec<_>>()
    });
    let entry = || (any::<u8>(), any::<u8>());
    let few = (short, std::array::from_fn(|_| vec(entry(), 0..=8)));
    let many = (wide, std::array::from_fn(|_| vec(entry(), 0..=50)));
    let making =
        prop::sample::select(vec![Making::Fresh, Making::CloneAndEdit, Making::Graft, Making::Repeated]);
    (making, prop_oneof![5 => few, 1 => many], vec(any::<[u8; 4]>(), 0..=8))
        .prop_map(move |(making, (keys, entries), edits)| Recipe { making, keys, entries, edits, dangling })
}

/// Generates recipes for all sorts of operands.
pub(crate) fn any_operands() -> impl Strategy<Value = Recipe> {
    any::<bool>().prop_flat_map(recipes)
}

pub(crate) fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![2 => Just(Limits::TINY), 1 => Just(Limits::DEFAULT)]
}

/// The configuration of properties. `BYTETRIE_PROGRAMS` sets the number of cases for each.
pub(crate) fn config() -> ProptestConfig {
    let cases =
        std::env::var("BYTETRIE_PROGRAMS").ok().map(|n| n.parse().expect("BYTETRIE_PROGRAMS is a number"));
    ProptestConfig { cases: cases.unwrap_or(400), failure_persistence: None, ..ProptestConfig::default() }
}
