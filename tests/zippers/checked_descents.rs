//! Descents that tell whether the path exists, and moves up from where they end.

use std::collections::BTreeSet;

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::reached::Mark;
use bytetrie::zipper::{Zipper, ZipperMoving, ZipperValues};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;

/// Keys that share prefixes of any length. The zero byte is also behind the end of a short rest.
fn keys() -> impl Strategy<Value = BTreeSet<Vec<u8>>> {
    let byte = prop_oneof![Just(0u8), Just(b'a'), Just(b'b'), Just(0xff)];
    let short = vec(byte.clone(), 1..6);
    let long = vec(byte, 1..14);
    btree_set(prop_oneof![3 => short, 1 => long], 1..80)
}

/// A move of a reader: up by a number of bytes, or down along a key or one near it.
#[derive(Clone, Debug)]
enum Move {
    Up(usize),
    Down { key: prop::sample::Index, len: usize, more: Vec<u8> },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let more = prop_oneof![4 => Just(vec![]), 1 => vec(prop_oneof![Just(0u8), Just(b'a')], 1..3)];
    let down = (any::<prop::sample::Index>(), 1..10usize, more);
    let down = down.prop_map(|(key, len, more)| Move::Down { key, len, more });
    vec(prop_oneof![2 => (1..8usize).prop_map(Move::Up), 3 => down], 1..60)
}

/// Walks a reader over the map of some keys, and compares each location with the keys.
fn walk(keys: &BTreeSet<Vec<u8>>, moves: &[Move]) -> Result<(), TestCaseError> {
    let map: PathMap<usize> = keys.iter().enumerate().map(|(i, key)| (key, i)).collect();
    let exists = |path: &[u8]| keys.range(path.to_vec()..).next().is_some_and(|key| key.starts_with(path));
    let mut reader = map.read_zipper();
    let mut path: Vec<u8> = Vec::new();
    for next in moves {
        match next {
            Move::Up(steps) => {
                let steps = (*steps).min(path.len());
                prop_assert!(reader.ascend(steps));
                path.truncate(path.len() - steps);
            }
            Move::Down { key, len, more } => {
                // The path of a key goes on from here as far as it can.
                let all: Vec<_> = keys.iter().filter(|key| key.starts_with(&path)).collect();
                let onwards = if all.is_empty() { &[][..] } else { &key.get(&all)[path.len()..] };
                let bytes = [&onwards[..onwards.len().min(*len)], more].concat();
                path.extend(&bytes);
                prop_assert_eq!(reader.descend_to_check(&bytes), exists(&path), "{:?}", path);
            }
        }
        prop_assert_eq!(reader.path(), &path[..]);
        prop_assert_eq!(reader.path_exists(), exists(&path));
        let value = keys.iter().position(|key| *key == path);
        prop_assert_eq!(reader.val(), value.as_ref(), "{:?}", path);
        let mask = reader.child_mask();
        for byte in 0..=255u8 {
            prop_assert_eq!(mask.test_bit(byte), exists(&[&path[..], &[byte]].concat()));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_reader_finds_what_the_keys_say(keys in keys(), moves in moves(), tiny in any::<bool>()) {
        let limits = if tiny { Limits::TINY } else { Limits::DEFAULT };
        with_limits(limits, || walk(&keys, &moves))?;
    }
}

/// A descent that ends within several entries goes there at once.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "marks are counted in builds with debug assertions")]
fn descents_that_end_within_a_run_take_the_fast_path() {
    let map: PathMap<()> = ["wabc", "wabd", "wacd", "x"].into_iter().map(|path| (path, ())).collect();
    let mut reader = map.read_zipper();
    for path in ["w", "wa", "wab", "wac"] {
        let before = Mark::WentWithin.count();
        assert!(reader.descend_to_check(path));
        assert_eq!(Mark::WentWithin.count(), before + 1, "{path}");
        assert!(reader.ascend(path.len()));
        assert_eq!(reader.child_mask().iter().collect::<Vec<_>>(), b"wx");
    }
}
