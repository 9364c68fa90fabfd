//! Programs that once gave wrong results, each with a name.

use std::collections::BTreeMap;

use bytetrie::PathMap;
use bytetrie::parallel::WalkState;
use bytetrie::search::{AlwaysMatch, AutomatonZipper};
use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::*;

/// A list of thirty-one one-byte entries and a longer entry is not dense. Without the longer entry
/// it is dense, and has no room for a tip.
#[test]
fn the_tip_that_a_taken_subtrie_leaves_makes_a_list_dense() {
    // The longer entry is inserted first, because otherwise the list would become a wide node.
    let mut map = PathMap::new();
    map.insert("ab", 99);
    for byte in 0..31u8 {
        map.insert([100 + byte], u64::from(byte));
    }
    let mut zipper = map.write_zipper_at_path(b"a");
    let taken = zipper.take_map(false).unwrap();
    assert!(zipper.path_exists() && zipper.child_count() == 0);
    drop(zipper);
    assert_eq!((taken.val_count(), taken.get("b")), (1, Some(&99)));
    map.check().unwrap();
    assert_eq!(map.val_count(), 31);
    assert!((0..31u8).all(|byte| map.get([100 + byte]) == Some(&u64::from(byte))));
}

/// A suffix too long for one entry continues in a child, which may already have a value at its
/// root.
#[test]
fn a_value_where_an_overlong_suffix_is_cut() {
    let long = vec![b'k'; 2_000];
    for below in [&b"a"[..], b"aa", &[b'k'; 2_000], &[b'k'; 2_001]] {
        let longer = [&long[..], below].concat();
        let mut map = PathMap::from([(&long, 1)]);
        map.insert(&longer, 2);
        map.check().unwrap();
        assert_eq!((map.get(&long), map.get(&longer)), (Some(&1), Some(&2)));
        assert!(map == PathMap::from([(&longer, 2), (&long, 1)]));
        assert_eq!((map.remove(&long), map.len()), (Some(1), 1));
        map.check().unwrap();
    }
}

/// Short paths over all bytes, so that lists become dense, and become wide nodes and lists again,
/// which small alphabets never reach.
#[test]
fn dense_lists_and_wide_nodes_take_and_give_subtries() {
    for (seed, limits) in
        (0..300).flat_map(|seed| [(seed, Limits::DEFAULT), (seed, Limits { entries: 8, bytes: 200 })])
    {
        with_limits(limits, || {
            let mut rng = Rng::new(seed);
            let (mut map, mut model) = (PathMap::new(), BTreeMap::<Vec<u8>, u64>::new());
            for step in 0..200 {
                let mut path = vec![rng.below(40) as u8];
                path.extend((rng.below(8) == 0).then(|| rng.below(3) as u8));
                match rng.below(5) {
                    0 => assert_eq!(map.remove(&path), model.remove(&path)),
                    1 => {
                        let mut zipper = map.write_zipper_at_path(&path);
                        let taken = zipper.take_map(rng.below(2) == 0).unwrap_or_default();
                        let below: Vec<_> =
                            model.keys().filter(|found| found.starts_with(&path)).cloned().collect();
                        let expected: Vec<_> = below
                            .iter()
                            .map(|found| (found[path.len()..].to_vec(), model.remove(found).unwrap()))
                            .collect();
                        assert_eq!(taken.clone().into_iter().collect::<Vec<_>>(), expected);
                        if rng.below(2) == 0 {
                            zipper.graft_map(taken);
                            let back = expected
                                .into_iter()
                                .map(|(rest, value)| ([&path[..], &rest].concat(), value));
                            model.extend(back);
                        }
                    }
                    _ => assert_eq!(map.insert(&path, step), model.insert(path, step)),
                }
                map.check().unwrap();
                assert!(map.iter().eq(model.iter().map(|(path, value)| (path.clone(), value))));
            }
        });
    }
}

/// The provided `to_prev_step` skipped the locations before an ancestor that does not exist.
#[test]
fn the_location_before_one_that_is_absent_for_several_bytes() {
    let map = PathMap::from([("abc", 1), ("abcxy", 2)]);
    // This zipper uses the provided method of the trait.
    let mut zipper = AutomatonZipper::new(map.read_zipper(), AlwaysMatch);
    zipper.descend_to("abde");
    assert!(zipper.to_prev_step());
    assert_eq!(zipper.path(), b"abcxy");
}

/// Iteration marks the end of an entry by a run without an end. The root of a node without entries
/// has such a run too.
#[test]
fn the_value_of_a_map_that_has_no_other_location() {
    let map = PathMap::from([("", 7)]);
    assert_eq!(map.read_zipper().get_val(), Some(&7));
    let reader = map.clone().into_read_zipper("");
    assert_eq!(reader.get_val_with_witness(&reader.witness()), Some(&7));
    let (seen, _) = map.walk_parallel().run_with(Vec::new, |seen, location| {
        seen.push(location.value().copied());
        WalkState::Continue
    });
    assert_eq!(seen.concat(), [Some(7)]);
}
