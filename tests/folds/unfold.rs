//! Unfolds: their results, the order of calls, and the nodes that they create.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytetrie::morphisms::Catamorphism;
use bytetrie::testing::keys;
use bytetrie::testing::limits::with_limits;
use bytetrie::utils::BitMask;
use bytetrie::zipper::*;
use bytetrie::{ByteMask, PathMap};
use proptest::prelude::*;

use crate::limits::under_both_limits;
use crate::shared_maps::{limits, made, makes, naive};
use crate::stack::on_stack;

/// Unfolds a map at a place byte by byte. Dangling paths are unfolded by grafting an empty
/// subtrie.
fn copied(map: &PathMap<u8>) -> PathMap<u8> {
    let nothing = PathMap::new();
    PathMap::new_from_ana(map.trie_ref_at_path([]), |place, value, children, path| {
        assert_eq!(place.val(), map.get(path));
        *value = place.val().copied();
        for byte in place.child_mask().iter() {
            let child = place.trie_ref_at_path([byte]);
            match child.is_val() || child.child_count() > 0 {
                true => children.push_byte(byte, child),
                false => children.graft_at_byte(byte, &nothing.read_zipper()),
            }
        }
    })
}

/// Unfolds a map at a place by whole runs of bytes, as a jumping fold sees them.
#[derive(Clone, Default)]
struct Tree {
    way: Vec<u8>,
    value: Option<u8>,
    children: Vec<(u8, Tree)>,
}

fn tree(map: &PathMap<u8>) -> Tree {
    map.read_zipper().into_cata_jumping_side_effect(|mask, below: &mut [Tree], jumped, value, path| Tree {
        way: path[path.len() - jumped..].to_vec(),
        value: value.copied(),
        children: mask.iter().zip(below.iter_mut().map(std::mem::take)).collect(),
    })
}

fn planted(tree: Tree) -> PathMap<u8> {
    PathMap::new_from_ana(Some(tree), |tree, value, children, path| {
        let mut tree = tree.unwrap();
        if path.is_empty() && !tree.way.is_empty() {
            let way = std::mem::take(&mut tree.way);
            return children.push(&way, Some(tree));
        }
        *value = tree.value;
        if tree.children.is_empty() && value.is_none() && !path.is_empty() {
            // A dangling path cannot be pushed, so it is left out here.
            return;
        }
        for (byte, mut child) in tree.children {
            let way = [&[byte][..], &std::mem::take(&mut child.way)].concat();
            children.push(&way, Some(child));
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 500, max_shrink_iters: 4_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn unfolding_is_the_inverse_of_folding(makes in makes(), limits in limits()) {
        with_limits(limits, || {
            let (map, _copies) = made(&makes);
            let copy = copied(&map);
            copy.check().unwrap();
            prop_assert_eq!(naive(&copy), naive(&map));
            let planted = planted(tree(&map));
            planted.check().unwrap();
            // Equal except for dangling paths.
            let values: PathMap<u8> = map.iter().map(|(path, value)| (path, *value)).collect();
            prop_assert_eq!(naive(&planted), naive(&values));
            Ok(())
        })?;
    }
}

#[test]
fn calls_come_in_the_order_of_a_walk() {
    let mut calls = Vec::new();
    let map = PathMap::<u8>::new_from_ana(2, |left, value, children, path| {
        calls.push(String::from_utf8(path.to_vec()).unwrap());
        if left == 0 {
            *value = Some(0);
        } else {
            children.push_byte(b'+', left - 1);
            children.push(b"Left", left - 1);
            children.push_byte(b'R', left - 1);
            assert_eq!(children.len(), 3);
            assert!(ByteMask(children.child_mask()).iter().eq(*b"+LR"));
        }
    });
    let expected =
        ["", "+", "++", "+Left", "+R", "Left", "Left+", "LeftLeft", "LeftR", "R", "R+", "RLeft", "RR"];
    assert_eq!(calls, expected);
    assert_eq!(map.keys().count(), 9);
}

#[test]
fn children_by_mask() {
    let map = PathMap::<()>::new_from_ana(([0u64; 4], 0u8), |(mut mask, level), value, children, _| {
        if level < 5 {
            mask.set_bit(b'A' + level);
            children.set_child_mask(mask, vec![(mask, level + 1); level as usize + 1]);
        } else {
            *value = Some(());
        }
    });
    assert_eq!(map.val_count(), 120);
    let none = PathMap::<()>::new_from_ana(0, |_, _, children, _| children.set_child_mask([0; 4], vec![]));
    assert!(none == PathMap::new());
}

#[test]
fn what_nothing_comes_of_leaves_no_path() {
    let map = PathMap::<u8>::new_from_ana(4, |left, value, children, path| {
        if path == b"bb" {
            *value = Some(1);
        } else if left > 0 {
            children.push_byte(b'a', left - 1);
            children.push(b"b", left - 1);
            children.push(b"long way to nowhere", 0);
        }
    });
    assert!(map == PathMap::from([("bb", 1)]));
}

#[test]
fn grafts() {
    under_both_limits(|| {
        let words: PathMap<u64> = keys::words(300, 1).into_iter().zip(0..).collect();
        let mut valued = words.clone();
        valued.insert("", 7);
        let single = PathMap::single("", 3);
        let bare = PathMap::new();
        let map = PathMap::<u64>::new_from_ana((), |(), _, children, _| {
            children.graft_at_byte(b'a', &words.read_zipper());
            children.graft_at_byte(b'b', &valued.read_zipper());
            children.graft_at_byte(b'c', &single.read_zipper());
            children.graft_at_byte(b'd', &words.read_zipper_at_path("nowhere"));
            children.graft_at_byte(b'e', &bare.read_zipper());
            children.graft_at_byte(b'f', &words.trie_ref_at_path([]));
        });
        map.check().unwrap();
        let at = |path: &str| map.read_zipper_at_path(path).make_map();
        assert!(at("a") == words && at("f") == words && at("b") == valued && at("c") == single);
        assert!(!map.path_exists_at("d"));
        assert!(map.path_exists_at("e") && at("e") == bare);
        assert_eq!(map.val_count(), 3 * words.len() + 2);
        let id = |path: &str| map.read_zipper_at_path(path).shared_node_id();
        assert!(id("a").is_some() && id("a") == id("f"));
    });
}

#[test]
fn what_is_pushed_must_ascend() {
    type Builder = bytetrie::morphisms::TrieBuilder<(), u8>;
    let broken: [fn(&mut Builder); 7] = [
        |children| children.push_byte(b'a', 0),
        |children| children.push_byte(b'b', 0),
        |children| children.push(b"bc", 0),
        |children| children.push(b"", 0),
        |children| children.graft_at_byte(b'0', &PathMap::new().read_zipper()),
        |children| children.set_child_mask([0; 4], []),
        |children| children.push_byte(0, 0),
    ];
    for push in broken {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            PathMap::<()>::new_from_ana(0, |_, _, children, _| {
                children.push(b"b", 0);
                push(children);
            })
        }));
        assert!(outcome.is_err());
    }
    let count = catch_unwind(|| {
        PathMap::<()>::new_from_ana(0, |_, _, children, _| children.set_child_mask([3, 0, 0, 0], [1]))
    });
    assert!(count.is_err());
}

#[test]
fn nodes_are_built_full() {
    for keys in [keys::words(20_000, 1), keys::random_u64(20_000, 2), keys::consecutive_u64(20_000)] {
        let map: PathMap<()> = keys.iter().map(|key| (key, ())).collect();
        let copy = PathMap::new_from_ana(map.trie_ref_at_path([]), |place, value, children, _| {
            *value = place.val().copied();
            for byte in place.child_mask().iter() {
                children.push_byte(byte, place.trie_ref_at_path([byte]));
            }
        });
        copy.check().unwrap();
        assert!(copy == map);
        let mut sorted = keys.clone();
        sorted.sort();
        let sorted = PathMap::from_sorted_iter(sorted.into_iter().map(|key| (key, ()))).heap_size();
        assert!(copy.heap_size() * 10 <= sorted * 12, "{} bytes, sorted {sorted}", copy.heap_size());
    }
}

#[test]
fn a_path_of_a_megabyte_on_a_small_stack() {
    on_stack(128, || {
        let map = PathMap::<u8>::new_from_ana(1 << 20, |left: usize, value, children, _| match left {
            0 => *value = Some(1),
            left => children.push_byte(left as u8, left - 1),
        });
        map.check().unwrap();
        assert_eq!((map.len(), map.keys().next().unwrap().len()), (1, 1 << 20));
        let long = vec![b'x'; 1 << 20];
        let map = PathMap::<u8>::new_from_ana(2, |left, value, children, _| {
            *value = Some(left);
            if left > 0 {
                children.push(&long, left - 1);
            }
        });
        map.check().unwrap();
        assert_eq!(
            map.iter().map(|(path, value)| (path.len() >> 20, *value)).collect::<Vec<_>>(),
            [(0, 2), (1, 1), (2, 0)]
        );
    });
}
