//! Damaged bytes: absent or an error, never a panic, never without an end.

use std::fmt::Debug;

use bytetrie::PathMap;
use bytetrie::file::{InPlace, Packed, Stored};
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::tries::recipes;

/// Makes many calls, each of which must return. The maps are small, but damaged bytes may share
/// nodes, so the steps are limited.
fn use_all<V: Stored + Debug>(bytes: &[u8], paths: &[Vec<u8>])
where
    V::Form: InPlace,
{
    const STEPS: usize = 300;
    let Ok(packed) = Packed::<V>::new(bytes) else { return };
    for path in paths {
        let _ = packed.try_get(path);
        let _ = packed.longest_prefix_of(path);
        let _ = packed.prefix(path).take(STEPS).count();
        let _ = packed.range(path.as_slice()..).rev().take(STEPS).count();
        let mut zipper = packed.read_zipper_at_path(path);
        let _ = (zipper.val_count(), zipper.tip_count(), zipper.child_mask(), zipper.is_val());
        let _ = zipper.ascend_until();
        let mut zipper = packed.read_zipper();
        zipper.descend_to(path);
        zipper.ascend_until_branch();
        zipper.to_prev_sibling_byte();
        zipper.to_next_sibling_byte();
        zipper.descend_until();
        zipper.to_next_k_path(2);
    }
    assert!(packed.iter().take(STEPS).all(|(path, _)| path.len() < bytes.len()));
    let mut zipper = packed.read_zipper();
    for _ in 0..STEPS {
        let is_val = zipper.is_val();
        assert_eq!(is_val, zipper.val().is_some());
        if !zipper.to_next_step() {
            break;
        }
    }
    for _ in 0..STEPS {
        if !zipper.to_prev_step() {
            break;
        }
        zipper.descend_last_path();
    }
    let _ = packed.verify(|_, _| ());
}

fn locations<V>(map: &PathMap<V>) -> Vec<Vec<u8>> {
    let mut paths = vec![vec![], b"zz".to_vec()];
    paths.extend(map.iter().map(|(path, _)| path));
    paths
}

fn check_damage<V: Stored + Debug>(map: &PathMap<V>)
where
    V::Form: InPlace,
{
    let mut bytes = Vec::new();
    map.save(&mut bytes).unwrap();
    let paths = locations(map);
    for len in 0..bytes.len() {
        assert!(Packed::<V>::new(&bytes[..len]).is_err());
    }
    for bit in 0..bytes.len() * 8 {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        use_all::<V>(&bytes, &paths);
        if let Ok(packed) = Packed::<V>::new(&bytes) {
            packed.verify(|_, _| ()).unwrap_err();
        }
    }
}

#[test]
fn each_cut_and_each_flip() {
    let words = ["", "romane", "romanus", "romulus", "rubens", "ruber", "rubicon", "rubicundus"];
    let map: PathMap<u64> = words.into_iter().zip(1..).collect();
    check_damage(&map);
    check_damage(&map.iter().map(|(path, i)| (path, "é".repeat(*i as usize))).collect::<PathMap<String>>());
    check_damage(&map.iter().map(|(path, i)| (path, i % 2 == 0)).collect::<PathMap<bool>>());
    check_damage(&(0..60u8).map(|i| ([i, i % 3], ())).collect::<PathMap<()>>());
    let mut dangling = PathMap::single("ab", 1u64);
    dangling.create_path("abc");
    dangling.create_path("b");
    check_damage(&dangling);
    check_damage(&PathMap::single("long", vec![7u8; 1100]));
}

/// A map whose number of paths doubles with each node is counted at once, and iterated lazily.
#[test]
fn very_many_paths_are_counted_by_nodes() {
    let mut map = PathMap::single("x", 1u64);
    for _ in 0..60 {
        let below = map.clone();
        map = PathMap::new();
        for byte in [b"a", b"b"] {
            map.write_zipper_at_path(byte).graft_map(below.clone());
        }
    }
    let packed = crate::packed(&map);
    assert_eq!(packed.len(), 1 << 60);
    assert_eq!(packed.read_zipper().val_count(), 1 << 60);
    assert_eq!(packed.read_zipper_at_path("ab").tip_count(), Some(1 << 58));
    assert_eq!(packed.iter().take(1000).count(), 1000);
    assert_eq!(packed.read_zipper_at_path("abab").make_map().val_count(), 1 << 56);
    packed.verify(|_, _| ()).unwrap();
}

proptest! {
    #[test]
    fn mutated_bytes(recipe in recipes(), edits in vec((any::<usize>(), any::<u8>(), any::<bool>()), 1..6)) {
        let map = recipe.build();
        let mut bytes = Vec::new();
        map.save(&mut bytes).unwrap();
        for (at, byte, is_whole) in edits {
            let at = 64 + at % (bytes.len() - 64);
            bytes[at] = if is_whole { byte } else { bytes[at] ^ 1 << (byte % 8) };
        }
        use_all::<u64>(&bytes, &locations(&map));
    }
}
