//! Iteration and steps over the values of wide nodes, whose bytes have gaps or follow each other.

use std::collections::BTreeSet;

use bytetrie::PathMap;
use bytetrie::testing::reached::Mark;
use bytetrie::zipper::{
    Zipper, ZipperIteration, ZipperMoving, ZipperReadOnlyIteration, ZipperValues, ZipperWriting,
};
use proptest::collection::btree_set;
use proptest::prelude::*;

/// Sets of bytes, most of which follow each other, and the tails of a few of them: none, a byte
/// more, or two keys.
fn sets() -> impl Strategy<Value = (BTreeSet<u8>, BTreeSet<u8>, u8)> {
    let runs = proptest::collection::vec((any::<u8>(), 1..90usize), 1..6);
    let bytes = runs.prop_map(|runs| {
        runs.into_iter().flat_map(|(from, len)| (from..=u8::MAX).take(len)).collect::<BTreeSet<u8>>()
    });
    (bytes, btree_set(any::<u8>(), 0..5), 0..3u8)
}

fn keys(prefix: &[u8], (bytes, special, kind): &(BTreeSet<u8>, BTreeSet<u8>, u8)) -> BTreeSet<Vec<u8>> {
    let key = |byte: u8, tail: &[u8]| [prefix, &[byte], tail].concat();
    let mut keys: BTreeSet<_> = bytes.iter().map(|&byte| key(byte, b"")).collect();
    for &byte in special.iter().filter(|_| *kind > 0) {
        keys.insert(key(byte, b"x"));
        if *kind > 1 {
            keys.insert(key(byte, b"yy"));
        }
    }
    keys
}

/// All prefixes of the keys in order, which are the locations of a map of the keys.
fn locations(keys: &BTreeSet<Vec<u8>>) -> BTreeSet<Vec<u8>> {
    keys.iter().flat_map(|key| (1..=key.len()).map(|len| key[..len].to_vec())).collect()
}

proptest! {
    #[test]
    fn values_and_locations_are_visited_in_order(set in sets(), prefix in "a{0,2}") {
        let keys = keys(prefix.as_bytes(), &set);
        let map: PathMap<usize> = keys.iter().enumerate().map(|(i, key)| (key, i)).collect();

        let mut zipper = map.read_zipper();
        for (i, key) in keys.iter().enumerate() {
            prop_assert_eq!(zipper.to_next_get_val(), Some(&i));
            prop_assert_eq!(zipper.path(), &key[..]);
            // A move up from here, and back, finds the same location.
            let mut other = zipper.clone();
            other.ascend_byte();
            prop_assert!(other.child_mask().test_bit(*key.last().unwrap()));
            other.descend_to(&key[key.len() - 1..]);
            prop_assert_eq!(other.val(), Some(&i));
        }
        prop_assert!(!zipper.to_next_val() && zipper.at_root());

        let mut visited = Vec::new();
        'walk: loop {
            if !zipper.descend_first_byte() {
                while !zipper.to_next_sibling_byte() {
                    if !zipper.ascend_byte() {
                        break 'walk;
                    }
                }
            }
            prop_assert_eq!(zipper.val().is_some(), keys.contains(zipper.path()));
            prop_assert_eq!(zipper.child_count() > 0, keys.range(zipper.path().to_vec()..)
                .any(|key| key.len() > zipper.path().len() && key.starts_with(zipper.path())));
            visited.push(zipper.path().to_vec());
        }
        prop_assert_eq!(visited, locations(&keys).into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_writer_steps_over_values_and_changes_them(set in sets(), step in 1..5usize) {
        let keys = keys(b"a", &set);
        let mut map: PathMap<usize> = keys.iter().map(|key| (key, 0)).collect();
        let shared = map.clone();
        let mut writer = map.write_zipper();
        let mut i = 0;
        while writer.to_next_val() {
            if i % step == 0 {
                writer.set_val(i);
            }
            i += 1;
        }
        drop(writer);
        prop_assert_eq!(i, keys.len());
        let expected = (0..keys.len()).map(|i| if i % step == 0 { i } else { 0 });
        prop_assert!(map.values().copied().eq(expected));
        prop_assert!(shared.values().all(|&value| value == 0));
    }
}

/// Steps to the next byte of a wide node take the fast path, and across a gap they do not.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "marks are counted in builds with debug assertions")]
fn steps_to_the_next_byte_take_the_fast_path() {
    let map: PathMap<()> = (0..=255u8).filter(|&byte| byte != 100).map(|byte| ([byte], ())).collect();
    let taken = |mark: Mark, work: &mut dyn FnMut()| {
        let before = mark.count();
        work();
        mark.count() - before
    };
    let mut zipper = map.read_zipper();
    let iterated = taken(Mark::IteratedToByte, &mut || while zipper.to_next_val() {});
    assert_eq!(iterated, 253);
    zipper.descend_first_byte();
    let stepped = taken(Mark::SteppedToByte, &mut || while zipper.to_next_sibling_byte() {});
    assert_eq!(stepped, 253);
}
