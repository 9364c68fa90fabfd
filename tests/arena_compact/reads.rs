//! Content that is read from trees of both formats.

use std::collections::BTreeMap;

use bytetrie::PathMap;
use bytetrie::arena_compact::{ACTMmap, ACTVec, ArenaCompactTree, push_varint_u64, read_varint_u64};
use bytetrie::zipper::*;
use proptest::prelude::*;

use crate::encode::Style;
use crate::tries::recipes;
use crate::{arena, golden, golden_file, tree};

/// Checks what a tree returns against the map that it was made of.
fn check<S: AsRef<[u8]>>(tree: &ArenaCompactTree<S>, map: &PathMap<u64>) {
    assert!(tree.iter().eq(map.iter().map(|(path, &value)| (path, value))));
    for (path, value) in map.iter() {
        assert_eq!(tree.get_val_at(&path), Some(*value));
        let (above, below) = path.split_at(path.len() / 2);
        let zipper = tree.read_zipper_at_borrowed_path_u64(above);
        assert_eq!((zipper.get_val_at(below), zipper.val_at(below)), (Some(value), Some(value)));
        let zipper = tree.read_zipper_at_borrowed_path(above);
        assert_eq!(
            (zipper.get_val_at(below), zipper.val_at([below, b"\0"].concat())),
            (Some(&()), map.get([&path[..], b"\0"].concat()).map(|_| &()))
        );
        assert_eq!(zipper.val_count(), map.read_zipper_at_path(above).val_count());
    }
    let zipper = tree.read_zipper_u64();
    assert!(zipper.native_subtries());
    assert_eq!(zipper.make_map(), *map);
    assert_eq!(zipper.trie_ref().unwrap().make_map(), *map);
    let paths: PathMap<()> = tree.read_zipper().make_map();
    assert!(paths.keys().eq(map.keys()));
    let again = ACTVec::from_zipper(zipper.clone(), |&value| value);
    assert_eq!(again.get_data(), crate::tree(map).get_data());
    let shared = ACTVec::from_zipper_cached(zipper, |&value| value);
    let alone: PathMap<u64> = map.iter().map(|(path, &value)| (path, value)).collect();
    if alone == *map {
        let alone = ACTVec::from_zipper_cached(alone.read_zipper(), |&value| value);
        assert_eq!(alone.get_data(), again.get_data());
    }
    assert_eq!(shared.read_zipper_u64().make_map(), *map);
}

#[test]
fn golden_files() {
    for (name, entries) in golden::sets() {
        let tree = ACTMmap::from_data(golden_file(name)).unwrap();
        check(&tree, &entries.into_iter().collect());
        let roots = if name == "merged" { 3 } else { 1 };
        assert_eq!(tree.root_history().len(), roots, "{name}");
    }
}

#[test]
fn shared_subtries_are_written_once() {
    let part: PathMap<u64> = (0..300u64).map(|i| (i.to_be_bytes(), i)).collect();
    let mut map = PathMap::new();
    for place in 0..50u8 {
        map.write_zipper_at_path([place]).graft_map(part.clone());
    }
    let len =
        |map: &PathMap<u64>| ACTVec::from_zipper_cached(map.read_zipper(), |&value| value).get_data().len();
    assert!(len(&map) < len(&part) + 500);
}

/// `pathmap` lends each value from one cell, which the next value overwrites.
#[test]
fn lent_values_do_not_change() {
    let map: PathMap<u64> = (0..1000u64).map(|i| (i.to_be_bytes(), i % 300)).collect();
    let tree = arena(&map, Style::Whole);
    let mut zipper = tree.read_zipper_u64();
    let mut lent = Vec::new();
    while let Some(value) = zipper.to_next_get_val() {
        lent.push(value);
    }
    drop(zipper);
    assert!(lent.into_iter().eq(map.values()));
    let read = |tree: &ACTMmap| tree.get_val_at(7u64.to_be_bytes());
    assert_eq!(std::thread::scope(|scope| scope.spawn(|| read(&tree)).join().unwrap()), Some(7));
}

#[test]
fn trees_are_sources_of_algebra_and_parts_of_views() {
    let map = PathMap::from([("romane", 1u64), ("romanus", 2), ("rubens", 3)]);
    for style in [Style::Whole, Style::Split] {
        let tree = arena(&map, style);
        let mut joined = PathMap::from([("x", 9u64)]);
        joined.write_zipper().join_into(&tree.read_zipper_at_path_u64(b"rom"));
        assert_eq!(joined, PathMap::from([("x", 9u64), ("ane", 1), ("anus", 2)]));
        let other = PathMap::from([("rubens", 3u64)]);
        let mut rest = SubtractZipper::new(tree.read_zipper_u64(), other.read_zipper());
        assert!(rest.to_next_val() && rest.path() == b"romane" && rest.to_next_val() && !rest.to_next_val());
        let mut prefixed = PrefixZipper::new(b"in/", tree.read_zipper());
        assert!(prefixed.to_next_val() && prefixed.path() == b"in/romane");
    }
}

#[test]
#[allow(deprecated)]
fn names_that_only_forward() {
    let tree = tree(&PathMap::from([("a", 7)]));
    assert_eq!(tree.get("a"), Some(7));
    let zipper = tree.read_zipper();
    assert_eq!(zipper.get_val_with_witness(&zipper.witness()), None);
    assert!(format!("{tree:?} {zipper:?} {:?} {:?}", tree.iter(), tree.counters()).contains("bytes: "));
}

proptest! {
    #[test]
    fn any_maps(recipe in recipes()) {
        let map = recipe.build();
        check(&tree(&map), &map);
        check(&arena(&map, Style::Whole), &map);
        check(&arena(&map, Style::Split), &map);
    }

    #[test]
    fn integers_of_variable_length(int in any::<u64>(), shift in 0..64u32) {
        for int in [int >> shift, u64::from(int as u8), u64::MAX >> shift] {
            let mut bytes = Vec::new();
            let len = push_varint_u64(&mut bytes, int).unwrap();
            prop_assert_eq!(len, bytes.len());
            prop_assert_eq!(len, if int < 248 { 1 } else { 9 - int.leading_zeros() as usize / 8 });
            bytes.push(99);
            prop_assert_eq!(read_varint_u64(&bytes), (int, len));
        }
    }

    #[test]
    fn sorted_paths(entries in prop::collection::btree_map(prop::collection::vec(any::<u8>(), 0..6), any::<u64>(), 0..40)) {
        let entries: BTreeMap<_, _> = entries;
        let file = crate::files::Temporary::new();
        let mut stream = bytetrie::arena_compact::ACTOutputStream::new(&file.0).unwrap();
        for (path, value) in &entries {
            stream.push_val(path, *value).unwrap();
        }
        let streamed = stream.finish().unwrap();
        let map: PathMap<u64> = entries.into_iter().collect();
        let made = tree(&map);
        prop_assert_eq!(streamed.get_data(), made.get_data());
        prop_assert_eq!(streamed.get_data(), std::fs::read(&file.0).unwrap());
    }
}
