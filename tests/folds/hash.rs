//! Hashes of content: equal for equal maps, different for different maps, and stable between
//! versions.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use bytetrie::PathMap;
use bytetrie::morphisms::Catamorphism;
use bytetrie::testing::keys;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::NaiveMap;
use bytetrie::zipper::*;
use proptest::prelude::*;
use xxhash_rust::xxh3::{xxh3_128, xxh3_128_with_seed};

use crate::limits::under_both_limits;
use crate::opaque::Opaque;
use crate::shared_maps::{limits, made, makes, naive, path};
use crate::stack::on_stack;

/// Computes the hash of a subtrie by its documentation.
fn defined(map: &NaiveMap<u8>, root: &[u8]) -> u128 {
    let mut at = root.to_vec();
    let mask = loop {
        let mask = map.child_mask(&at);
        if map.get(&at).is_some() || mask.count_bits() != 1 {
            break mask;
        }
        at.extend(mask.first_bit());
    };
    let value = map.get(&at).map(|value| xxh3_128(&[*value]).to_le_bytes());
    let (kind, inner) = match value {
        None if mask.is_empty_mask() => (0, [0; 16]),
        Some(value) if mask.is_empty_mask() => (1, value),
        value => {
            let mut text: Vec<u8> = mask.0.iter().flat_map(|word| word.to_le_bytes()).collect();
            for byte in mask.iter() {
                text.extend(defined(map, &[&at[..], &[byte]].concat()).to_le_bytes());
            }
            text.extend(value.into_iter().flatten());
            (2, xxh3_128(&text).to_le_bytes())
        }
    };
    xxh3_128_with_seed(&[inner, xxh3_128(&at[root.len()..]).to_le_bytes()].concat(), kind)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200, max_shrink_iters: 4_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn hashes_are_what_they_are_defined_as(makes in makes(), limits in limits(), root in path()) {
        with_limits(limits, || {
            let (map, _copies) = made(&makes);
            let model = naive(&map);
            prop_assert_eq!(map.clone().hash(), defined(&model, &[]));
            let reader = map.read_zipper_at_path(&root);
            prop_assert_eq!(Opaque(reader.clone()).hash(), defined(&model, &root));
            prop_assert_eq!(reader.hash(), defined(&model, &root));
            prop_assert_eq!(map.trie_ref_at_path(&root).hash(), defined(&model, &root));
            prop_assert_eq!(map.read_zipper_at_path(&root).make_map().hash(), defined(&model, &root));
            Ok(())
        })?;
    }

    #[test]
    fn equal_maps_and_only_these_have_equal_hashes(
        a in makes(), b in makes(), a_limits in limits(), b_limits in limits(),
    ) {
        let (a, _a) = with_limits(a_limits, || made(&a));
        let (b, _b) = with_limits(b_limits, || made(&b));
        // A map built from scratch shares nothing, and its nodes have another layout.
        let again = with_limits(Limits::TINY, || {
            let mut again = PathMap::new();
            for (path, value) in naive(&a).locations().collect::<Vec<_>>().into_iter().rev() {
                again.create_path(path);
                if let Some(value) = value {
                    again.insert(path, *value);
                }
            }
            again
        });
        prop_assert_eq!(again.hash(), a.clone().hash());
        prop_assert_eq!(a == b, a.hash() == b.hash());
    }
}

/// These hashes must never change, because users store them.
const GOLDEN: [&str; 13] = [
    "610f45a11794815b7a1ebe9d5a5a9c77",
    "ad4263c7a6a36203a663441c6a9b22b1",
    "0614be36e6291f615d28ec8d90ce1843",
    "53cd0fa1ed33c445f40bf59ec8928b0f",
    "80225afe9616a778493707ca0a5d0579",
    "ba04c860aee7b6f5d26325b6c633ae03",
    "af54b1280204db6e75d7c150f4268aeb",
    "b896c1e1a03f5953c01942d352ee2634",
    "9629e1fe79b46a06a2114e6d85ca1b4c",
    "b47242f6cf855d222829dfe3460065e4",
    "a866e8f2864c6b32f38f362d540607ea",
    "80ad6fcf1e16dc10e40ebb4877952f3b",
    "640686ed3cd078461d61c1e3261b2619",
];

#[test]
fn golden_values() {
    // The hash of the empty input, from the reference implementation.
    assert_eq!(xxh3_128(b""), 0x99aa_06d3_0147_98d8_6001_c324_468d_497f);
    under_both_limits(|| {
        let mut hashes = Vec::new();
        let mut map = PathMap::<u64>::new();
        hashes.push(map.read_zipper().hash());
        map.insert("", 0);
        hashes.push(map.read_zipper().hash());
        map.insert("romane", 1);
        hashes.push(map.read_zipper().hash());
        map.remove("");
        hashes.push(map.read_zipper().hash());
        for (path, value) in
            ["romanus", "romulus", "rubens", "ruber", "rubicon", "rubicundus"].iter().zip(2..)
        {
            map.insert(path, value);
        }
        hashes.push(map.read_zipper().hash());
        map.create_path("rub/");
        hashes.push(map.read_zipper().hash());
        for byte in 0..=255u8 {
            map.insert([&[byte][..], &[7; 100]].concat(), byte.into());
        }
        hashes.push(map.read_zipper().hash());
        hashes.push((0..1_000u64).map(|i| (i.pow(3).to_be_bytes(), i)).collect::<PathMap<u64>>().hash());
        // Values of other types, by the bytes that they feed to the hasher.
        hashes.push(PathMap::from([("a", ()), ("b", ())]).hash());
        hashes.push(PathMap::from([("a", (1usize, -1isize, 2u8, true, 'c'))]).hash());
        hashes.push(PathMap::from([("a", "text".to_owned())]).hash());
        hashes.push(PathMap::from([("a", Some(BTreeMap::from([(1u16, vec![3u8; 200])])))]).hash());
        hashes.push(PathMap::from([("a", i128::MIN)]).hash_with(|n| *n as u128));
        let hashes: Vec<String> = hashes.iter().map(|hash| format!("{hash:032x}")).collect();
        assert_eq!(hashes, GOLDEN);
    });
}

#[test]
fn each_shared_node_is_hashed_once() {
    let mut map: PathMap<u64> = keys::words(500, 3).into_iter().zip(0..).collect();
    let values = map.len();
    for _ in 0..40 {
        let below = std::mem::take(&mut map);
        for way in ["a", "bc", "bd", "some/longer way"] {
            map.write_zipper_at_path(way.as_bytes()).graft_map(below.clone());
        }
    }
    let calls = Cell::new(0);
    let hash_value = |value: &u64| {
        calls.set(calls.get() + 1);
        u128::from(*value)
    };
    let hash = map.read_zipper().hash_with(hash_value);
    // A value at the root of the words would be hashed once for each edge.
    assert_eq!(calls.get(), values);
    assert_eq!(Opaque(map.read_zipper()).hash_with(hash_value), hash);
    assert_eq!(calls.get(), 2 * values);
}

#[test]
fn no_two_of_many_maps_that_differ_a_little_agree() {
    let mut met: HashMap<u128, PathMap<u8>> = HashMap::new();
    let mut add = |map: PathMap<u8>| {
        let before = met.insert(map.clone().hash(), map.clone());
        assert!(before.is_none_or(|before| before == map));
    };
    let paths = ["", "a", "b", "aa", "ab", "ba", "bb", "a\0", "\0"];
    for set in 0..1u32 << paths.len() {
        let mut map = PathMap::new();
        for (i, path) in paths.iter().enumerate() {
            match set >> i & 1 {
                1 => drop(map.insert(path, 0)),
                _ => drop(set % 3 == 0 && map.create_path(path)),
            }
        }
        add(map.clone());
        map.insert("a", 1);
        add(map);
    }
}

#[test]
fn deep_tries_on_a_small_stack() {
    on_stack(128, || {
        let nested: PathMap<u32> = PathMap::new_from_ana(0, |depth, value, children, _| {
            *value = Some(depth);
            if depth < 1_000_000 {
                children.push_byte(b'x', depth + 1);
            }
        });
        let hash = nested.read_zipper().hash();
        assert_ne!(hash, nested.read_zipper_at_path("x").hash());
        assert_eq!(hash, nested.hash());
    });
}
