//! The parallel operations of the feature `rayon`, compared with the sequential ones. All work is
//! divided here, even the smallest.

use std::collections::{BTreeSet, HashSet};
use std::sync::Once;

use bytetrie::PathMap;
use bytetrie::algebra::{Max, Sum};
use bytetrie::testing::keys::nested;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::ops::ProgramValue;
use bytetrie::testing::parallel::divide_finely;
use bytetrie::testing::values::{Census, Counted};
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;
use rayon::prelude::*;

use crate::nodes::nodes;
use crate::operands::{any_operands, check, config, limits};
use crate::rebuilt::rebuilt;

/// Runs work on more threads than the machine has, with small stacks that recursion on depth would
/// overflow.
fn finely<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    static POOL: Once = Once::new();
    POOL.call_once(|| {
        divide_finely();
        rayon::ThreadPoolBuilder::new()
            .num_threads(4)
            .stack_size(256 << 10)
            .build_global()
            .expect("there is no pool yet");
    });
    work()
}

/// Checks that the content is equal, and that each node that the sequential result shares with an
/// operand is shared here too.
#[track_caller]
fn same<V: ProgramValue>(parallel: &PathMap<V>, sequential: &PathMap<V>, operands: &[&PathMap<V>]) {
    check(parallel);
    assert_eq!(parallel, sequential);
    let lent: HashSet<u64> = operands.iter().flat_map(|operand| nodes(operand).into_values()).collect();
    let made = nodes(parallel);
    for (path, node) in nodes(sequential) {
        if lent.contains(&node) {
            assert_eq!(made.get(&path), Some(&node), "at {path:?}");
        }
    }
}

fn algebra_agrees<V: ProgramValue>([a, b, c]: [PathMap<V>; 3]) {
    let before = [&a, &b, &c].map(rebuilt);
    for (a, b) in [(&a, &b), (&b, &a), (&a, &a)] {
        same(&a.par_join(b), &a.join(b), &[a, b]);
        same(&a.par_meet(b), &a.meet(b), &[a, b]);
        same(&a.par_subtract(b), &a.subtract(b), &[a, b]);
    }
    for maps in [&[&a, &b, &c][..], &[&a, &b], &[&c, &a, &a, &b, &c], &[&b], &[]] {
        let sequential = PathMap::join_all(maps.iter().copied());
        same(&PathMap::par_join_all(maps.iter().copied()), &sequential, maps);
    }
    assert_eq!([a, b, c], before);
}

#[test]
fn algebra_is_what_one_thread_makes() {
    finely(|| {
        proptest!(config(), |(limits in limits(), recipe in any_operands())| {
            with_limits(limits, || {
                algebra_agrees(recipe.build::<u64>());
                algebra_agrees(recipe.build::<()>());
                algebra_agrees(recipe.build::<Max<u64>>());
                algebra_agrees(recipe.build::<Sum<u64>>());
                algebra_agrees(recipe.build::<BTreeSet<u8>>());
            });
        });
    });
}

/// A map that occurs twice adds nothing to a join, sequential or parallel. The sequential join
/// once treated three such maps as different, and took a value from another one of them than the
/// parallel join.
#[test]
fn a_map_that_is_joined_twice_is_joined_once() {
    finely(|| {
        with_limits(Limits { entries: 3, bytes: 96 }, || {
            let tip = PathMap::from([("", 1)]);
            let mut grafted = PathMap::from([("a", 1u64)]);
            grafted.write_zipper_at_path(b"aa").graft_map(tip.clone());
            let plain = PathMap::from([("aa", 1), ("b", 1)]);
            let maps = [&plain, &grafted, &grafted, &PathMap::new(), &plain];
            same(&PathMap::par_join_all(maps), &PathMap::join_all(maps), &maps);
        });
    });
}

/// If only two of many maps are left, they are joined like two maps. The parallel join once
/// divided them at other places, and took the value of the second where the sequential join took
/// the node of the first.
#[test]
fn two_of_many_are_joined_as_two() {
    finely(|| {
        with_limits(Limits { entries: 3, bytes: 96 }, || {
            let tip = PathMap::from([("", 1u64)]);
            let mut grafted = PathMap::from([("a", 1)]);
            grafted.write_zipper_at_path(b"aaaa").graft_map(tip.clone());
            let plain = PathMap::from([("aa", 1), ("aaaa", 1)]);
            let maps = [&grafted, &tip, &plain];
            let sequential = PathMap::join_all(maps);
            assert!(nodes(&sequential).contains_key(&b"aaaa"[..]), "the node is there to be shared");
            same(&PathMap::par_join_all(maps), &sequential, &maps);
        });
    });
}

/// There are many deep parts, each of which is divided again.
#[test]
fn larger_maps_too() {
    finely(|| {
        let key = |i: u32| [b"common/prefix/", &i.wrapping_mul(2_654_435_761).to_be_bytes()[..]].concat();
        let map = |range: std::ops::Range<u32>, of: u32| -> PathMap<Sum<u64>> {
            range.filter(|i| i % of != 0).map(|i| (key(i), Sum(u64::from(i % 5)))).collect()
        };
        algebra_agrees([map(0..3_000, 3), map(1_000..4_000, 5), map(0..500, 2)]);
        // All paths except a few begin with one byte.
        let mut skewed = map(0..2_000, 7);
        let mut other = map(1_000..3_000, 4);
        for byte in 0..=255 {
            skewed.insert([byte], Sum(1));
            other.insert([byte, byte], Sum(2));
        }
        algebra_agrees([skewed, other, PathMap::new()]);
    });
}

#[test]
fn more_than_64_maps_are_joined_as_one_thread_joins_them() {
    finely(|| {
        let maps: Vec<PathMap<Sum<u64>>> = (0..100u32)
            .map(|i| (0..60u32).map(|j| ((j * (i % 9 + 1)).to_be_bytes(), Sum(u64::from(i)))).collect())
            .collect();
        assert_eq!(PathMap::par_join_all(&maps), PathMap::join_all(&maps));
        let equal: Vec<PathMap<()>> =
            (0..80).map(|_| (0..60u32).map(|j| ((j * 7_919).to_be_bytes(), ())).collect()).collect();
        assert_eq!(PathMap::par_join_all(&equal), equal[0]);
    });
}

#[test]
fn a_panic_in_a_values_operation_reaches_the_caller_and_leaves_the_operands() {
    use bytetrie::{AlgebraicResult, Lattice};

    #[derive(Clone, Debug, PartialEq)]
    struct Brittle(Counted);
    impl Lattice for Brittle {
        fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
            if self.0.number() == 77 {
                std::panic::resume_unwind(Box::new("broken"));
            }
            AlgebraicResult::Element(self.clone())
        }
        fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
            self.pjoin(other)
        }
    }

    finely(|| {
        let census = Census::new();
        let map = || -> PathMap<Brittle> {
            (0..200u8).map(|i| ([i % 9, b'/', i], Brittle(census.counted(i)))).collect()
        };
        let (a, b) = (map(), map());
        for _ in 0..20 {
            let panic = std::panic::catch_unwind(|| a.par_join(&b)).unwrap_err();
            assert_eq!(panic.downcast_ref(), Some(&"broken"));
            assert!(std::panic::catch_unwind(|| PathMap::par_join_all([&a, &b, &a])).is_err());
        }
        assert_eq!((&a, &b), (&map(), &map()));
        drop((a, b));
        assert_eq!(census.live(), 0);
    });
}

fn walks_agree<V: ProgramValue>(map: &PathMap<V>) {
    let entries: Vec<_> = map.iter().collect();
    assert_eq!(map.par_iter().collect::<Vec<_>>(), entries);
    assert_eq!(map.par_keys().collect::<Vec<_>>(), map.keys().collect::<Vec<_>>());
    assert_eq!(map.par_values().collect::<Vec<_>>(), map.values().collect::<Vec<_>>());
    assert_eq!(map.par_values().count(), map.len());
    assert_eq!(map.par_iter().find_first(|_| true), entries.first().cloned());
    assert_eq!(map.par_iter().find_last(|_| true), entries.last().cloned());
    let owned: Vec<_> = entries.iter().map(|(path, value)| (path.clone(), (*value).clone())).collect();
    assert_eq!(map.clone().into_par_iter().collect::<Vec<_>>(), owned);
    assert_eq!(rebuilt(map).into_par_iter().collect::<Vec<_>>(), owned);
}

fn builds_agree<V: ProgramValue>(entries: &[(Vec<u8>, V)], before: &PathMap<V>) {
    let collected: PathMap<V> = entries.par_iter().cloned().collect();
    check(&collected);
    assert_eq!(collected, entries.iter().cloned().collect());
    let (mut extended, mut expected) = (before.clone(), before.clone());
    extended.par_extend(entries.par_iter().cloned());
    check(&extended);
    expected.extend(entries.iter().cloned());
    assert_eq!(extended, expected);
    let unsorted = PathMap::par_from_sorted(entries.par_iter().cloned());
    check(&unsorted);
    assert_eq!(unsorted, PathMap::from_sorted_iter(entries.iter().cloned()));
    let mut sorted = entries.to_vec();
    sorted.sort_by(|x, y| x.0.cmp(&y.0));
    let built = PathMap::par_from_sorted(sorted.clone());
    check(&built);
    assert_eq!(built, PathMap::from_sorted_iter(sorted));
}

#[test]
fn walking_and_building_give_what_one_thread_gives() {
    finely(|| {
        let entries =
            || vec((vec(prop::sample::select(vec![b'a', b'b', 0, 255]), 0..=4), any::<u8>()), 0..=60);
        proptest!(config(), |(limits in limits(), recipe in any_operands(), entries in entries())| {
            with_limits(limits, || {
                for map in recipe.build::<u64>() {
                    walks_agree(&map);
                    let entries: Vec<_> =
                        entries.iter().map(|(key, value)| (key.clone(), u64::from(*value))).collect();
                    builds_agree(&entries, &map);
                }
                recipe.build::<()>().iter().for_each(walks_agree);
            });
        });
    });
}

#[test]
fn values_are_changed_in_place_and_apart_from_what_shares_them() {
    finely(|| {
        let mut map: PathMap<u32> = (0..5_000u32).map(|i| (i.to_be_bytes(), i)).collect();
        map.create_path("dangling");
        let before = map.clone();
        map.par_iter_mut().for_each(|(path, value)| *value += u32::from(path[3]));
        check(&map);
        assert!(map.iter().all(|(path, value)| *value == before[&path] + u32::from(path[3])));
        assert_eq!(map.len(), 5_000);
        assert!(map.path_exists_at("dangling"));
    });
}

#[test]
fn walks_end_early_and_drop_what_is_left() {
    finely(|| {
        let census = Census::new();
        let map: PathMap<_> = (0..5_000u32).map(|i| (i.to_be_bytes(), census.counted(i as u8))).collect();
        assert!(map.par_values().any(|value| value.number() == 99));
        let found = map.into_par_iter().find_any(|(_, value)| value.number() == 99).expect("it is there");
        assert_eq!(found.0[3], 99);
        drop(found);
        assert_eq!(census.live(), 0);
    });
}

/// Creates paths of up to 20,000 bytes, each a prefix of the next.
#[test]
fn depth_takes_no_stack() {
    finely(|| {
        let keys = nested(20_000);
        let map = |of: u32| {
            let mut map = PathMap::new();
            let mut writer = map.write_zipper();
            for (&byte, i) in keys.longest().iter().zip(0..) {
                writer.descend_to_byte(byte);
                if i % of != 0 {
                    writer.set_val(i);
                }
            }
            drop(writer);
            map
        };
        let (a, b): (PathMap<u32>, _) = (map(29), map(31));
        let joined = a.par_join(&b);
        assert_eq!(joined.len(), a.join(&b).len());
        assert!(joined == a.join(&b));
        assert!(PathMap::par_join_all([&a, &b, &a]) == joined);
        assert!(a.par_meet(&b) == a.meet(&b));
        assert_eq!(joined.par_values().count(), joined.len());
        let sum = |map: &PathMap<u32>| map.values().map(|&value| u64::from(value)).sum::<u64>();
        assert_eq!(joined.par_values().map(|&value| u64::from(value)).sum::<u64>(), sum(&joined));
    });
}

/// A trie of 60 nodes and 2^60 paths is joined node by node.
#[test]
fn a_trie_that_shares_its_own_nodes_is_not_walked_path_by_path() {
    finely(|| {
        let power = |value: u64| {
            let mut map = PathMap::single("x", value);
            for _ in 0..60 {
                let below = map.clone();
                map = PathMap::new();
                for byte in [b"a", b"b"] {
                    map.write_zipper_at_path(byte).graft_map(below.clone());
                }
            }
            map
        };
        let (a, b) = (power(1), power(2));
        let joined = a.par_join(&b);
        assert!(joined == a.join(&b));
        let counted = |value| {
            let map = power(value);
            let mut sums: PathMap<Sum<u64>> = PathMap::single("x", Sum(value));
            for _ in 0..12 {
                let below = sums.clone();
                sums = PathMap::new();
                for byte in [b"a", b"b"] {
                    sums.write_zipper_at_path(byte).graft_map(below.clone());
                }
            }
            (map, sums)
        };
        let ((_, x), (_, y)) = (counted(3), counted(4));
        assert!(x.par_join(&y) == x.join(&y));
    });
}
