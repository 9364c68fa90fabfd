//! What was saved is loaded: content, dangling paths, and sharing.

use std::fmt::Debug;
use std::sync::Arc;

use bytetrie::PathMap;
use bytetrie::file::{Fixed, Stored};
use bytetrie::testing::keys;
use bytetrie::zipper::*;
use proptest::prelude::*;

use crate::limits::under_both_limits;
use crate::saved;
use crate::stack::on_stack;
use crate::tries::{config, recipes};

/// The number of nodes, of which shared ones count once.
fn node_count<V>(map: &PathMap<V>) -> usize {
    let stats = map.stats();
    stats.list.nodes + stats.wide.nodes
}

/// Saves and loads a map, and compares the copy with it.
fn round_trip<V: Stored + PartialEq + Debug>(map: &PathMap<V>) -> PathMap<V> {
    let bytes = saved(map);
    let copy = PathMap::<V>::load(&bytes[..]).unwrap();
    copy.check().unwrap();
    assert!(copy == *map);
    assert_eq!(copy.val_count(), map.val_count());
    // Equal nodes have equal bytes, so nothing was lost or unshared.
    let again = saved(&copy);
    if again != bytes {
        assert!(node_count(&copy) <= node_count(map));
    }
    copy
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn random_maps(recipe in recipes()) {
        let map = recipe.build();
        let copy = round_trip(&map);
        prop_assert!(node_count(&copy) <= node_count(&map), "{} {}", node_count(&copy), node_count(&map));
        // Of a map of default nodes, every node is built as it was.
        if !recipe.tiny {
            prop_assert_eq!(node_count(&copy), node_count(&map));
        }
    }

    #[test]
    fn random_maps_of_texts(recipe in recipes()) {
        let mut texts = PathMap::new();
        for (path, value) in recipe.build().iter() {
            let len = if value % 7 == 6 { 1000 + 50 * value % 100 } else { value % 11 };
            texts.insert(&path, "é".repeat(len as usize));
        }
        round_trip(&texts);
    }
}

/// A value of a user's type.
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Position {
    line: u32,
    column: u32,
}

impl Stored for Position {
    type Form = Fixed<Self>;
    const NAME: &'static str = "Position";
}

/// A value with an alignment above that of any primitive type.
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C, align(64))]
struct Line([u8; 64]);

impl Stored for Line {
    type Form = Fixed<Self>;
    const NAME: &'static str = "Line";
}

fn of_all_shapes<V: Stored + Clone + PartialEq + Debug>(value: impl Fn(usize) -> V) {
    for keys in [
        keys::words(3000, 1),
        keys::random_u64(3000, 2),
        keys::consecutive_u64(3000),
        keys::file_paths(1000, 3),
        keys::random_bytes(3000, 0..=20, 4),
        keys::random_bytes(3000, 1..=3, 5),
    ] {
        let map: PathMap<V> = keys.iter().enumerate().map(|(i, key)| (key, value(i))).collect();
        let copy = round_trip(&map);
        assert_eq!(node_count(&copy), node_count(&map));
        assert_eq!(saved(&copy), saved(&map));
    }
    round_trip(&PathMap::<V>::new());
    round_trip(&PathMap::single("", value(0)));
    round_trip(&PathMap::single("a", value(1)));
    round_trip(&PathMap::single("x".repeat(100_000), value(2)));
}

#[test]
fn all_kinds_of_values() {
    of_all_shapes(|_| ());
    of_all_shapes(|i| i % 3 == 0);
    of_all_shapes(|i| char::from_u32(i as u32).unwrap_or('x'));
    of_all_shapes(|i| i as u8);
    of_all_shapes(|i| i as i16);
    of_all_shapes(|i| i as u32);
    of_all_shapes(|i| i as u64);
    of_all_shapes(|i| i as u128);
    of_all_shapes(|i| i as f32);
    of_all_shapes(|i| [i as u64; 5]);
    of_all_shapes(|i| [i as u8; 3]);
    of_all_shapes(|i| Position { line: i as u32, column: 7 });
    of_all_shapes(|i| Line([i as u8; 64]));
    of_all_shapes(|i| "x".repeat(i % 20));
    of_all_shapes(|i| Arc::<str>::from("é".repeat(i % 3)));
    of_all_shapes(|i| vec![i as u8; if i % 50 == 7 { 5000 } else { i % 9 }]);
    of_all_shapes(|i| vec![i as u8; i % 300].into_boxed_slice());
}

#[test]
fn long_values_around_the_limit() {
    let lengths = [0, 1, 255, 256, 1023, 1024, 1025, 2048, 65_535, 65_536, 1 << 20];
    let map: PathMap<Vec<u8>> = lengths.iter().map(|&len| (len.to_string(), vec![1; len])).collect();
    round_trip(&map);
    let all_long: PathMap<Vec<u8>> = (0..=255u8).map(|i| ([i], vec![i; 1025])).collect();
    round_trip(&all_long);
    let all_short: PathMap<Vec<u8>> = (0..=255u8).map(|i| ([i], vec![i; 1024])).collect();
    round_trip(&all_short);
}

#[test]
fn dangling_paths_are_kept() {
    under_both_limits(|| {
        let mut map: PathMap<u32> = PathMap::new();
        map.create_path("abc");
        round_trip(&map);
        for byte in 0..=255u8 {
            map.create_path([byte, 1]);
            map.create_path([7, byte]);
            round_trip(&map);
        }
        assert!(PathMap::<u32>::load(&saved(&map)[..]).unwrap().path_exists_at([200, 1]));
    });
}

#[test]
fn deep_maps_need_no_stack() {
    on_stack(128, || {
        let nested = keys::nested(3000);
        let map: PathMap<()> = nested.iter().map(|key| (key, ())).collect();
        assert!(PathMap::load(&saved(&map)[..]).unwrap() == map);
        let long: PathMap<u64> = [("x".repeat(1 << 20), 1), ("x".repeat(1 << 19), 2)].into_iter().collect();
        assert!(PathMap::load(&saved(&long)[..]).unwrap() == long);
    });
}

#[test]
fn sharing_that_makes_paths_exponential_is_kept() {
    let mut map = PathMap::single("x", 1u64);
    for _ in 0..60 {
        let below = map.clone();
        map = PathMap::new();
        for byte in [b"a", b"b"] {
            map.write_zipper_at_path(byte).graft_map(below.clone());
        }
    }
    let bytes = saved(&map);
    assert!(bytes.len() < 2000, "{}", bytes.len());
    let copy = PathMap::<u64>::load(&bytes[..]).unwrap();
    assert_eq!(copy.val_count(), 1 << 60);
    assert_eq!(node_count(&copy), node_count(&map));
}

#[test]
fn equal_maps_have_equal_bytes() {
    let map: PathMap<u64> = keys::words(2000, 1).into_iter().zip(0..).collect();
    let bytes = saved(&map);
    let snapshot = map.clone();
    assert_eq!(saved(&snapshot), bytes);
    // Another owner of some nodes changes nothing.
    let mut edited = map.clone();
    edited.insert("another", 5);
    assert_eq!(saved(&map), bytes);
    edited.remove("another");
    assert!(edited == map);
}
