//! Deduplication: the content is unchanged, equal subtries become one node, and other maps are
//! unaffected.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::panic::{catch_unwind, resume_unwind};

use bytetrie::PathMap;
use bytetrie::morphisms::{Catamorphism, MerkleizeResult};
use bytetrie::testing::keys;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::*;
use proptest::prelude::*;

use crate::limits::under_both_limits;
use crate::shared_maps::{limits, made, makes, naive};
use crate::stack::on_stack;

/// Returns all node roots with the hashes of their subtries, and the number of nodes.
fn nodes<V: Clone + Hash>(map: &PathMap<V>) -> (HashMap<u128, HashSet<u64>>, usize) {
    let (mut by_hash, mut all) = (HashMap::<u128, HashSet<u64>>::new(), HashSet::new());
    let mut zipper = map.read_zipper();
    while zipper.to_next_step() {
        if let Some(id) = zipper.shared_node_id()
            && all.insert(id)
        {
            by_hash.entry(zipper.fork_read_zipper().hash()).or_default().insert(id);
        }
    }
    (by_hash, all.len())
}

/// Merkleizes a map, and checks the properties that hold for all maps.
#[track_caller]
fn merkleized<V: Clone + Hash + PartialEq + std::fmt::Debug>(map: &mut PathMap<V>) -> MerkleizeResult {
    let (content, bytes, hash) = (naive(map), map.heap_size(), map.read_zipper().hash());
    let (_, before) = nodes(map);
    let result = map.merkleize();
    map.check().unwrap();
    assert_eq!(naive(map), content);
    let (by_hash, after) = nodes(map);
    for (_, same) in by_hash {
        assert_eq!(same.len(), 1, "equal subtries that are nodes are one node");
    }
    assert_eq!((result.hash, result.bytes_before), (hash, bytes));
    assert_eq!(result.bytes_after, map.heap_size());
    assert!(result.bytes_after <= bytes);
    assert_eq!(result.reused > 0, after < before, "{result:?}");
    assert_eq!(result.reused > 0, result.replaced > 0, "{result:?}");
    // A second call changes nothing.
    let again = map.merkleize();
    assert_eq!((again.reused, again.cloned, again.replaced), (0, 0, 0));
    assert_eq!(
        (again.hash, again.bytes_before, again.bytes_after),
        (hash, result.bytes_after, result.bytes_after)
    );
    result
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 160, max_shrink_iters: 4_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn content_stays_and_equal_nodes_become_one(
        makes in makes(), others in makes(), limits in limits(), other_limits in limits(), keep in any::<bool>(),
    ) {
        let (mut map, copies) = with_limits(limits, || made(&makes));
        let (other, _) = with_limits(other_limits, || made(&others));
        // Equal content in different nodes, and nodes that are shared with other maps.
        with_limits(other_limits, || {
            for (way, source) in [("a", &other), ("b", &map.clone()), ("ca", &other), ("cb", &map.clone())] {
                for (path, value) in source.iter() {
                    map.insert([way.as_bytes(), &path].concat(), *value);
                }
            }
        });
        let snapshot = map.clone();
        let kept = keep.then(|| copies.clone());
        let models: Vec<_> = copies.iter().chain([&snapshot, &other]).map(naive).collect();
        drop(copies);
        merkleized(&mut map);
        for (copy, model) in kept.iter().flatten().chain([&snapshot, &other]).zip(
            if keep { &models[..] } else { &models[models.len() - 2..] },
        ) {
            copy.check().unwrap();
            prop_assert_eq!(&naive(copy), model);
        }
        // The map can still be written.
        map.insert("ba", 77);
        map.remove("a");
        map.check().unwrap();
        prop_assert_eq!(&naive(&snapshot), &models[models.len() - 2]);
    }
}

/// Equal content below several paths, built by inserts in different orders.
fn repeated(keys: &[Vec<u8>], ways: &[&str]) -> PathMap<u32> {
    let mut map = PathMap::new();
    for (i, way) in ways.iter().enumerate() {
        let mut order: Vec<usize> = (0..keys.len()).collect();
        keys::Rng::new(i as u64).shuffle(&mut order);
        for i in order {
            map.insert([way.as_bytes(), &keys[i]].concat(), i as u32);
        }
    }
    map
}

#[test]
fn equal_subtries_become_one_node() {
    under_both_limits(|| {
        for keys in [
            keys::words(2_000, 1),
            keys::file_paths(600, 2),
            keys::random_u64(2_000, 3),
            keys::consecutive_u64(2_000),
            keys::random_bytes(1_000, 0..=20, 4),
        ] {
            let mut map = repeated(&keys, &["one/", "two/", "three/", "and another/"]);
            let copy = map.clone();
            let result = merkleized(&mut map);
            assert!(map == copy);
            assert!(result.bytes_after * 2 < result.bytes_before, "{result:?}");
            assert_eq!(copy.read_zipper().hash(), result.hash);
        }
    });
}

#[test]
fn nodes_of_one_content_but_of_different_layout_become_one() {
    let keys = keys::words(1_000, 7);
    let part = |limits| with_limits(limits, || -> PathMap<u32> { keys.iter().zip(0..).collect() });
    let mut map = PathMap::new();
    for (way, limits) in [
        ("a", Limits::DEFAULT),
        ("b", Limits::TINY),
        ("c", Limits { entries: 5, bytes: 200 }),
        ("d", Limits::DEFAULT),
    ] {
        map.write_zipper_at_path(way.as_bytes()).graft_map(part(limits));
    }
    let result = merkleized(&mut map);
    let id = |way: &str| map.read_zipper_at_path(way).shared_node_id();
    assert!(id("a").is_some());
    for way in ["b", "c", "d"] {
        assert_eq!(id(way), id("a"));
    }
    assert!(result.reused >= 3, "{result:?}");
    // Nodes with different values are not merged.
    let mut other = part(Limits::TINY);
    other.insert(&keys[0], 1_000_000);
    map.write_zipper_at_path(b"d").graft_map(other);
    merkleized(&mut map);
    assert_ne!(map.read_zipper_at_path("d").shared_node_id(), map.read_zipper_at_path("a").shared_node_id());
}

#[test]
fn what_is_shared_already_stays_shared() {
    let words: PathMap<u32> = keys::words(500, 3).into_iter().zip(0..).collect();
    let mut map = repeated(&keys::words(500, 3), &["x/", "y/"]);
    for way in ["g/", "h/", "i/"] {
        map.write_zipper_at_path(way.as_bytes()).graft_map(words.clone());
    }
    let copy = map.clone();
    let result = merkleized(&mut map);
    assert!(result.cloned > 0, "the copy keeps its nodes: {result:?}");
    assert!(map == copy);
    let mut other = repeated(&keys::words(500, 3), &["x/", "y/"]);
    let result = merkleized(&mut other);
    assert_eq!(result.cloned, 0, "nobody else holds a node: {result:?}");
}

#[test]
fn empty_and_small_maps() {
    let mut map = PathMap::<u32>::new();
    let result = map.merkleize();
    assert_eq!(result, MerkleizeResult { hash: PathMap::<u32>::new().hash(), ..Default::default() });
    for key in ["", "a", "abc"] {
        map.insert(key, 1);
        merkleized(&mut map);
    }
    map.create_path("abd");
    merkleized(&mut map);
}

/// A value with many hash collisions, so that values are compared.
#[derive(Clone, Debug)]
struct Vague(u32);

thread_local! {
    /// The number of calls of `hash`, `eq` and `clone` before one panics.
    static LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

fn count_down() {
    if let Some(left) = LEFT.get() {
        LEFT.set(left.checked_sub(1));
        if left == 0 {
            resume_unwind(Box::new("planned"));
        }
    }
}

impl Hash for Vague {
    fn hash<H: Hasher>(&self, state: &mut H) {
        count_down();
        (self.0 % 3).hash(state);
    }
}

impl PartialEq for Vague {
    fn eq(&self, other: &Self) -> bool {
        count_down();
        self.0 == other.0
    }
}

#[test]
fn equal_hashes_are_not_taken_for_equal_content() {
    let mut map = PathMap::new();
    for way in 0..30u32 {
        for i in 0..200u32 {
            // Three adjacent paths have equal subtries, and all subtries have one hash.
            map.insert(format!("{way}/{i:04}"), Vague(i + 3 * (way / 3)));
        }
    }
    let content: Vec<(Vec<u8>, u32)> = map.iter().map(|(path, value)| (path, value.0)).collect();
    let result = map.merkleize();
    map.check().unwrap();
    assert!(map.iter().map(|(path, value)| (path, value.0)).eq(content));
    assert!(result.reused > 0, "{result:?}");
}

#[test]
fn values_that_panic_leave_the_map_as_it_was() {
    struct Cloned(u32);
    impl Clone for Cloned {
        fn clone(&self) -> Self {
            count_down();
            Self(self.0)
        }
    }
    impl Hash for Cloned {
        fn hash<H: Hasher>(&self, state: &mut H) {
            Vague(self.0).hash(state);
        }
    }
    impl PartialEq for Cloned {
        fn eq(&self, other: &Self) -> bool {
            Vague(self.0) == Vague(other.0)
        }
    }
    with_limits(Limits::TINY, || {
        let mut map = PathMap::new();
        for way in 0..8u32 {
            for i in 0..12u32 {
                map.insert(format!("{way}/{i:04}"), Cloned(i + way / 4));
            }
        }
        let content: Vec<(Vec<u8>, u32)> = map.iter().map(|(path, value)| (path, value.0)).collect();
        let mut panics = 0;
        for left in 0.. {
            // The clone shares all nodes, so values of nodes that change are cloned.
            let copy = map.clone();
            let mut changed = map.clone();
            LEFT.set(Some(left));
            let outcome = catch_unwind(std::panic::AssertUnwindSafe(|| changed.merkleize()));
            LEFT.set(None);
            for map in [&changed, &copy] {
                map.check().unwrap();
                assert!(map.iter().map(|(path, value)| (path, value.0)).eq(content.iter().cloned()));
            }
            match outcome {
                Ok(result) => {
                    assert!(result.reused > 0 && result.cloned > 0);
                    break;
                }
                Err(_) => panics += 1,
            }
        }
        assert!(panics > 100, "{panics}");
    });
}

#[test]
fn deep_tries_on_a_small_stack() {
    on_stack(128, || {
        let mut map: PathMap<u32> = PathMap::new_from_ana((0, 0), |(way, depth), value, children, _| {
            if way == 0 {
                children.push_byte(b'a', (1, 0));
                children.push_byte(b'b', (1, 0));
                children.push_byte(b'c', (2, 100));
            } else {
                *value = Some(depth % 7);
                if depth < 200_000 {
                    children.push_byte(b'x', (way, depth + 1));
                }
            }
        });
        let before = map.clone();
        let result = map.merkleize();
        assert!(result.bytes_after * 2 <= result.bytes_before, "{result:?}");
        assert!(map == before);
        let id = |way: &str| map.read_zipper_at_path(way).shared_node_id();
        assert!(id("a").is_some() && id("a") == id("b"));
    });
}

/// Subtries whose nodes are divided differently must not be compared repeatedly.
#[test]
fn long_chains_of_different_layout_take_no_square_of_time() {
    let chain = |limits| {
        with_limits(limits, || -> PathMap<u32> {
            PathMap::new_from_ana(0u32, |depth, value, children, _| {
                *value = Some(depth);
                if depth < 20_000 {
                    children.push_byte(b'x', depth + 1);
                }
            })
        })
    };
    let mut map = PathMap::new();
    map.write_zipper_at_path(b"a").graft_map(chain(Limits::TINY));
    map.write_zipper_at_path(b"b").graft_map(chain(Limits::DEFAULT));
    map.write_zipper_at_path(b"c").graft_map(chain(Limits { entries: 7, bytes: 300 }));
    let result = map.merkleize();
    assert!(result.reused >= 2, "{result:?}");
    assert_eq!(map.len(), 3 * 20_001);
}
