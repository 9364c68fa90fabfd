//! Distributions over maps: probabilities, and samples that cannot be drawn.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use bytetrie::PathMap;
use bytetrie::random::*;
use bytetrie::zipper::*;
use rand::SeedableRng;
use rand::distr::{Distribution, StandardUniform, Uniform};
use rand::rngs::SmallRng;

/// Counts how often each sample is drawn.
fn counts<T: Ord, D: Distribution<T>>(distribution: &D, samples: usize) -> BTreeMap<T, usize> {
    let mut rng = SmallRng::seed_from_u64(11);
    let mut counts = BTreeMap::new();
    for _ in 0..samples {
        *counts.entry(distribution.sample(&mut rng)).or_default() += 1;
    }
    counts
}

/// Checks the frequency of each sample. A deviation of five sigmas occurs once in some million
/// runs.
#[track_caller]
fn assert_about(count: usize, expected: f64) {
    let off = (count as f64 - expected).abs();
    assert!(off < 5.0 * expected.sqrt(), "{count} where {expected} were expected");
}

/// Values and dangling tips at several depths, with a subtrie that three edges share.
fn map() -> PathMap<u32> {
    let mut shared = PathMap::from([("", 7), ("x", 8), ("xyz", 9)]);
    shared.create_path("q");
    let mut map = PathMap::from([("a", 1), ("ab", 2), ("abcdef", 3), ("z", 4)]);
    for way in ["m", "nn", "ab2"] {
        map.write_zipper_at_path(way.as_bytes()).graft_map(shared.clone());
    }
    map
}

#[test]
fn every_value_has_the_same_chance() {
    let source = map();
    let fair = FairTrieValue { source: source.clone() };
    let counted = counts(&fair, 13 * 400);
    assert_eq!(counted.len(), 13);
    for ((path, value), count) in counted {
        assert_eq!(source.get(&path), Some(&value));
        assert_about(count, 400.0);
    }
}

#[test]
fn every_location_has_the_same_chance() {
    let source = map();
    let mut locations = vec![(Vec::new(), None)];
    let mut zipper = source.read_zipper();
    while zipper.to_next_step() {
        locations.push((zipper.path().to_vec(), zipper.get_val().copied()));
    }
    let fair = FairTriePath { source: source.clone() };
    let counted = counts(&fair, locations.len() * 300);
    assert_eq!(counted.keys().cloned().collect::<Vec<_>>(), locations);
    counted.values().for_each(|&count| assert_about(count, 300.0));
}

#[test]
fn an_empty_map_has_a_root() {
    let fair = FairTriePath { source: PathMap::<u8>::new() };
    assert_eq!(fair.sample(&mut SmallRng::seed_from_u64(1)), (Vec::new(), None));
}

#[test]
fn more_paths_than_there_are_numbers() {
    let mut map = PathMap::single("", 1u8);
    for _ in 0..70 {
        let below = std::mem::take(&mut map);
        for byte in b"acgt" {
            map.write_zipper_at_path([*byte]).graft_map(below.clone());
        }
    }
    let mut rng = SmallRng::seed_from_u64(3);
    let (path, value) = FairTrieValue { source: map.clone() }.sample(&mut rng);
    assert_eq!((path.len(), value), (70, 1));
    let (path, value) = FairTriePath { source: map }.sample(&mut rng);
    assert_eq!(value.is_some(), path.len() == 70);
}

#[test]
fn the_first_value_on_any_way() {
    let by_branch = DescendFirstTrieValue { source: map(), policy: unbiased_descend_first_policy };
    // Below the root are "a", "m", "n" and "z". All except the last end there or one byte further.
    let counted = counts(&by_branch, 4 * 400);
    let expected = [("a", 1), ("m", 7), ("nn", 7), ("z", 4)].map(|(path, value)| (path.into(), value));
    assert_eq!(counted.keys().cloned().collect::<Vec<(Vec<u8>, u32)>>(), expected);
    counted.values().for_each(|&count| assert_about(count, 400.0));
}

#[test]
fn the_end_of_any_way() {
    let source = PathMap::from([("a", 1), ("ab", 2), ("abcdef", 3), ("abcx", 5), ("z", 4)]);
    let ends = DescendTriePath { source, policy: unbiased_descend_last_policy, ph: PhantomData };
    let counted: BTreeMap<(Vec<u8>, u32), usize> = counts(&ends, 1600);
    let chances: BTreeMap<(Vec<u8>, u32), f64> = [("abcdef", 3, 400.0), ("abcx", 5, 400.0), ("z", 4, 800.0)]
        .map(|(path, value, chance)| ((path.into(), value), chance))
        .into();
    assert!(counted.keys().eq(chances.keys()));
    counted.values().zip(chances.values()).for_each(|(&count, &chance)| assert_about(count, chance));
}

#[test]
fn policies_of_ones_own() {
    // Always descends to the last child, and returns the depth of a location without children.
    struct Last(Option<u8>, usize);
    impl Distribution<Result<u8, usize>> for Last {
        fn sample<R: rand::Rng + ?Sized>(&self, _: &mut R) -> Result<u8, usize> {
            self.0.ok_or(self.1)
        }
    }
    let policy = |z: &ReadZipperUntracked<'_, '_, u32>| Last(z.child_mask().last_bit(), z.path().len());
    let source = PathMap::from([("a", 1), ("bx", 2), ("by", 3)]);
    let last = DescendTriePath { source, policy, ph: PhantomData };
    assert_eq!(last.sample(&mut SmallRng::seed_from_u64(1)), (b"by".to_vec(), 2));
}

#[test]
#[should_panic(expected = "there is no value on the way")]
fn a_way_without_a_value() {
    let mut source = PathMap::<u8>::new();
    source.create_path("dangles");
    let by_branch = DescendFirstTrieValue { source, policy: unbiased_descend_first_policy };
    by_branch.sample(&mut SmallRng::seed_from_u64(1));
}

#[test]
#[should_panic(expected = "an empty map has no sample")]
fn no_value_at_all() {
    FairTrieValue { source: PathMap::<u8>::new() }.sample(&mut SmallRng::seed_from_u64(1));
}

#[test]
fn maps_by_chance() {
    let path = Uniform::new_inclusive(b'a', b'c').unwrap().map(|byte| vec![byte; 2]);
    let tries = RandomTrie { size: 50, pd: path, vd: StandardUniform, ph: PhantomData::<u64> };
    let map = tries.sample(&mut SmallRng::seed_from_u64(5));
    assert_eq!(map.keys().collect::<Vec<_>>(), [b"aa".to_vec(), b"bb".to_vec(), b"cc".to_vec()]);
    // Equal seeds give equal maps, different seeds different ones.
    assert!(map == tries.sample(&mut SmallRng::seed_from_u64(5)));
    assert!(map != tries.sample(&mut SmallRng::seed_from_u64(6)));
}
