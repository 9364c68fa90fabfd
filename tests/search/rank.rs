//! Ranks of paths, compared with a sorted list, and fair samples.

use std::collections::BTreeMap;
use std::ops::{Bound, RangeBounds};

use bytetrie::PathMap;
use bytetrie::testing::keys;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::*;
use proptest::prelude::*;
use rand::SeedableRng;
use rand::distr::Distribution;
use rand::rngs::SmallRng;

use crate::stack::on_stack;
use crate::tries::{config, paths, recipes};

#[track_caller]
fn agrees(map: &PathMap<u64>, probes: &[Vec<u8>]) {
    let sorted: Vec<(Vec<u8>, &u64)> = map.iter().collect();
    let index = map.rank_index();
    assert_eq!((index.len(), index.is_empty()), (sorted.len(), sorted.is_empty()));
    let mut path = b"left as it is".to_vec();
    for (n, (stored, value)) in sorted.iter().enumerate() {
        assert_eq!(index.nth_into(n, &mut path), Some(*value));
        assert_eq!(path, *stored);
        assert_eq!(index.rank(stored), n);
        assert_eq!(index.position(stored), Some(n));
    }
    let last = path.clone();
    for n in [sorted.len(), usize::MAX] {
        assert_eq!(index.nth(n), None);
        assert_eq!(index.nth_into(n, &mut path), None);
        assert_eq!(path, last);
    }
    for probe in probes {
        assert_eq!(index.rank(probe), sorted.iter().filter(|(path, _)| path < probe).count());
        assert_eq!(index.position(probe).is_some(), map.contains(probe));
    }
    assert_eq!(*index.snapshot(), *map);
    assert_eq!(index.clone().len(), index.len());
}

proptest! {
    #![proptest_config(config(150))]

    #[test]
    fn nth_and_rank_are_inverse(recipe in recipes(), probes in prop::collection::vec(paths(), 0..20)) {
        agrees(&recipe.build(), &probes);
    }

    #[test]
    fn ranges_are_counted(recipe in recipes(), low in paths(), high in paths(), kinds in 0..9) {
        let bound = |kind, path: &Vec<u8>| match kind {
            0 => Bound::Unbounded,
            1 => Bound::Included(path.clone()),
            _ => Bound::Excluded(path.clone()),
        };
        let (map, range) = (recipe.build(), (bound(kinds % 3, &low), bound(kinds / 3, &high)));
        let count = map.keys().filter(|path| range.contains(path)).count();
        prop_assert_eq!(map.rank_index().count_range(range), count);
    }

    #[test]
    fn what_is_picked_is_stored(recipe in recipes(), seed in any::<u64>()) {
        let (map, mut rng) = (recipe.build(), SmallRng::seed_from_u64(seed));
        let index = map.rank_index();
        for _ in 0..10 {
            match index.pick(&mut rng) {
                Some((path, value)) => prop_assert_eq!(map.get(path), Some(value)),
                None => prop_assert!(map.is_empty()),
            }
        }
    }
}

#[test]
fn many_keys_of_every_shape() {
    let value = |keys: Vec<Vec<u8>>| keys.into_iter().zip(0u64..).collect::<PathMap<u64>>();
    let shapes = [
        keys::words(1_000, 1),
        keys::random_u64(1_000, 2),
        keys::consecutive_u64(70_000).into_iter().step_by(31).collect(),
        keys::random_bytes(1_000, 0..=6, 3),
        (0..=255u8).map(|byte| vec![byte]).collect(),
    ];
    for shape in shapes {
        let probes: Vec<_> = shape.iter().take(5).map(|key| [key.as_slice(), b"x"].concat()).collect();
        let map = value(shape.clone());
        agrees(&map, &probes);
        agrees(&with_limits(Limits::TINY, || value(shape)), &probes);
    }
}

/// The index describes the map at the time when it was built.
#[test]
fn writes_are_not_seen() {
    let mut map = PathMap::from([("a", 1), ("b", 2)]);
    let index = map.rank_index();
    map.remove("a");
    map.insert("c", 3);
    assert_eq!(index.nth(0), Some((b"a".to_vec(), &1)));
    assert_eq!((index.len(), index.rank("d")), (2, 2));
    assert_eq!(map.rank_index().nth(1), Some((b"c".to_vec(), &3)));
}

fn doubled(times: usize) -> PathMap<u64> {
    let mut map = PathMap::from([("a", 0), ("b", 1)]);
    for _ in 1..times {
        let below = map.clone();
        for letter in [b"a", b"b"] {
            map.write_zipper_at_path(letter).graft_map(below.clone());
        }
    }
    map
}

/// Shared nodes are counted once, and ranks are exact up to the largest number.
#[test]
fn sharing_beyond_number() {
    let letters = |n: u64, len: usize| -> Vec<u8> {
        (0..len).rev().map(|bit| if bit < 64 && n >> bit & 1 == 1 { b'b' } else { b'a' }).collect()
    };
    let index = doubled(60).rank_index();
    assert_eq!(index.len(), 1 << 60);
    for n in [0, 1, 12_345_678_901_234, (1 << 60) - 1] {
        let path = letters(n, 60);
        assert_eq!(index.nth(n as usize).unwrap().0, path);
        assert_eq!(index.rank(path), n as usize);
    }
    let index = doubled(300).rank_index();
    assert_eq!(index.len(), usize::MAX);
    for n in [0, 1, 12_345_678_901_234, u64::MAX - 1] {
        let path = letters(n, 300);
        assert_eq!(index.nth(n as usize).unwrap().0, path);
        assert_eq!(index.rank(path), n as usize);
    }
    assert_eq!(index.rank([b'b'; 300]), usize::MAX);
}

#[test]
fn a_million_bytes_on_a_small_stack() {
    on_stack(128, || {
        let long = vec![b'e'; 1 << 20];
        let map: PathMap<usize> = (0..=1 << 10).map(|n| (&long[..n << 10], n)).collect();
        let index = map.rank_index();
        assert_eq!(index.nth(1 << 10), Some((long.clone(), &(1 << 10))));
        assert_eq!(index.rank(&long), 1 << 10);
        assert_eq!(index.rank(&long[1..]), 1 << 10);
    });
}

/// 25,000 samples of 250 paths. The sum of squares exceeds the limit by chance once in a million
/// runs.
#[test]
fn samples_are_fair() {
    let keys = keys::words(240, 5).into_iter().chain((0..10u8).map(|byte| vec![byte, 255]));
    let map: PathMap<usize> = keys.zip(0..).collect();
    let index = map.rank_index();
    let mut rng = SmallRng::seed_from_u64(11);
    let expected = 100;
    let mut counts: BTreeMap<usize, i64> = map.values().map(|&value| (value, 0)).collect();
    for (path, value) in (&index).sample_iter(&mut rng).take(index.len() * expected) {
        assert_eq!(map.get(path), Some(&value));
        *counts.get_mut(&value).unwrap() += 1;
    }
    let square = |count: &i64| (count - expected as i64).pow(2) as f64 / expected as f64;
    let chi: f64 = counts.values().map(square).sum();
    let freedom = (counts.len() - 1) as f64;
    // Chi-square is approximately normal. Its variance is twice the degrees of freedom.
    let away = (chi - freedom) / (2.0 * freedom).sqrt();
    assert!(away.abs() < 5.0, "chi-square {chi} with {freedom} degrees of freedom");
}
