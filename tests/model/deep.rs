//! Very long keys and very deep tries, on a stack too small for recursion on depth.

use std::collections::BTreeMap;

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::*;

use crate::limits::under_both_limits;
use crate::stack::on_stack;

// Long keys.

const MEGABYTE: usize = 1 << 20;

/// Three keys of a megabyte. Two branch near the front, two near the end, and the third is a
/// prefix of the second.
fn megabyte_keys() -> [Vec<u8>; 3] {
    let first: Vec<u8> = (0..MEGABYTE).map(|i| (i * 7 + i / 251) as u8).collect();
    let mut second = first.clone();
    second[MEGABYTE - 2] ^= 1;
    let mut third = first.clone();
    third[1] ^= 1;
    [first, second, third]
}

fn megabyte_map() -> PathMap<u8> {
    megabyte_keys().into_iter().zip(1..).collect()
}

#[test]
fn megabyte_keys_are_found_and_their_neighbours_are_not() {
    on_stack(128, || {
        under_both_limits(|| {
            let map = megabyte_map();
            map.check().unwrap();
            assert_eq!(map.val_count(), 3);
            for (key, value) in megabyte_keys().iter().zip(1..) {
                assert_eq!(map.get(key), Some(&value));
                for wrong in [0, 3, MEGABYTE / 2, MEGABYTE - 1] {
                    let mut other = key.clone();
                    other[wrong] ^= 0x80;
                    assert_eq!(map.get(&other), None);
                    assert!(!map.path_exists_at(&other));
                }
                assert_eq!(map.get(&key[..MEGABYTE - 1]), None);
                assert!(map.path_exists_at(&key[..MEGABYTE - 1]));
                assert_eq!(map.get([&key[..], &[0]].concat()), None);
            }
        });
    });
}

#[test]
fn megabyte_keys_are_inserted_replaced_and_removed() {
    on_stack(128, || {
        under_both_limits(|| {
            let mut map = megabyte_map();
            let [first, second, third] = megabyte_keys();
            let snapshot = map.clone();
            assert_eq!(map.insert(&second, 9), Some(2));
            assert_eq!(map.insert(&second[..MEGABYTE / 2], 8), None);
            map.check().unwrap();
            assert!(map != snapshot && snapshot.get(&second) == Some(&2));
            assert_eq!(map.remove(&first), Some(1));
            assert_eq!(map.get(&second), Some(&9));
            assert!(!map.path_exists_at(&first[..MEGABYTE - 1]));
            assert!(map.path_exists_at(&second[..MEGABYTE - 1]));
            assert_eq!(map.remove(&second), Some(9));
            assert!(!map.path_exists_at(&second[..MEGABYTE / 2 + 1]));
            map.check().unwrap();
            assert_eq!(map.remove(&third), Some(3));
            assert_eq!(map.remove(&second[..MEGABYTE / 2]), Some(8));
            assert_eq!(map.heap_size(), 0);
            assert_eq!(snapshot, megabyte_map());
        });
    });
}

#[test]
fn megabyte_keys_are_walked_and_iterated() {
    on_stack(128, || {
        under_both_limits(|| {
            let map = megabyte_map();
            let sorted: BTreeMap<_, _> = megabyte_keys().into_iter().zip(1..).collect();
            assert!(map.iter().map(|(path, value)| (path, *value)).eq(sorted.clone()));
            assert!(
                map.iter().rev().map(|(path, value)| (path, *value)).eq(sorted.clone().into_iter().rev())
            );
            assert!(map.clone().into_iter().eq(sorted.clone()));

            let mut reader = map.read_zipper();
            for (key, value) in &sorted {
                assert!(reader.to_next_val());
                assert_eq!((reader.path() == &key[..], reader.val()), (true, Some(value)));
            }
            assert!(!reader.to_next_val());
            for (key, value) in sorted.iter().rev() {
                assert!(reader.to_prev_val());
                assert_eq!((reader.path() == &key[..], reader.val()), (true, Some(value)));
            }

            let [first, second, _] = megabyte_keys();
            reader.reset();
            assert!(reader.descend_until());
            assert_eq!(reader.path(), &first[..1]);
            reader.descend_to(&first[1..]);
            assert_eq!(reader.val(), Some(&1));
            assert!(reader.ascend_until());
            assert_eq!(reader.path().len(), MEGABYTE - 2);
            assert_eq!(reader.move_to_path(&second), MEGABYTE - 2);
            assert_eq!(reader.val(), Some(&2));
            for depth in (MEGABYTE - 3000..MEGABYTE).rev() {
                assert!(reader.ascend_byte() && reader.path_exists());
                assert_eq!(reader.path().len(), depth);
            }
            assert!(reader.ascend(MEGABYTE - 3000) && reader.at_root());
            assert_eq!(reader.descend_to_existing([&first[..], b"more"].concat()), MEGABYTE);
            reader.reset();
            assert!(reader.descend_first_k_path(MEGABYTE));
            assert_eq!(reader.val(), sorted.values().next());
        });
    });
}

#[test]
fn megabyte_keys_under_a_writer_and_a_head() {
    on_stack(128, || {
        under_both_limits(|| {
            let mut map = megabyte_map();
            let [first, second, _] = megabyte_keys();
            let middle = MEGABYTE / 2;
            let mut writer = map.write_zipper_at_path(&first[..middle]);
            writer.descend_to(&second[middle..]);
            assert_eq!(writer.set_val(7), Some(2));
            writer.reset();
            let taken = writer.take_map(true).unwrap();
            assert_eq!(taken.get(&second[middle..]), Some(&7));
            writer.graft_map(taken);
            writer.insert_prefix(&first[..1000]);
            drop(writer);
            map.check().unwrap();
            assert_eq!(map.get([&first[..middle], &first[..1000], &first[middle..]].concat()), Some(&1));

            let head = map.zipper_head();
            let mut writer = head.write_zipper_at_exclusive_path(&first[..middle]).unwrap();
            let conflict = head.read_zipper_at_path(&first).unwrap_err();
            assert_eq!(conflict.path(), &first[..middle]);
            writer.descend_to(&first[..1000]);
            assert!(!writer.remove_prefix(1001));
            drop(writer);
            drop(head);
            map.check().unwrap();
            assert_eq!((map.get(&first), map.get(&second)), (Some(&1), Some(&7)));
        });
    });
}

// Deep tries.

/// The length of a path whose prefixes all have a value.
///
/// All operations below are linear in the length. Without optimization, a level takes tens of
/// microseconds, so the path is shorter.
const DEEP: usize = if cfg!(debug_assertions) { 200_000 } else { 1_000_000 };

/// At the default limits, each new level rebuilds a list of 32 entries, at tiny limits a list of
/// three. The number of nodes is equal.
fn deep(work: impl FnOnce() + Send) {
    on_stack(128, || with_limits(Limits::TINY, work));
}

fn byte_at(depth: usize) -> u8 {
    (depth % 7) as u8
}

fn deep_path() -> Vec<u8> {
    (0..DEEP).map(byte_at).collect()
}

fn deep_map() -> PathMap<u32> {
    let mut map = PathMap::new();
    let mut writer = map.write_zipper();
    for depth in 0..DEEP {
        writer.descend_to_byte(byte_at(depth));
        assert_eq!(writer.set_val(depth as u32), None);
    }
    drop(writer);
    map
}

#[test]
fn a_million_nested_prefixes() {
    deep(|| {
        let map = deep_map();
        let path = deep_path();
        assert_eq!((map.val_count(), map.is_empty()), (DEEP, false));
        assert_eq!(map.get(&path), Some(&(DEEP as u32 - 1)));
        assert_eq!(map.get(&path[..DEEP / 2]), Some(&(DEEP as u32 / 2 - 1)));
        assert!(map.heap_size() > DEEP);

        // Forwards and backwards over the values, with lent paths.
        let mut reader = map.read_zipper();
        for depth in 0..DEEP {
            assert!(reader.to_next_val());
            assert_eq!((reader.path().len(), reader.val()), (depth + 1, Some(&(depth as u32))));
        }
        assert!(reader.path() == path);
        for depth in (1..DEEP).rev() {
            assert!(reader.ascend_until());
            assert_eq!(reader.path().len(), depth);
        }
        reader.reset();
        assert!(reader.descend_last_path());
        assert_eq!(reader.path().len(), DEEP);
        assert_eq!(reader.val_count(), 1);
        drop(reader);

        // Writing a clone at the bottom copies every node, and leaves the original unchanged.
        let mut copy = map.clone();
        assert_eq!(copy.insert(&path, 7), Some(DEEP as u32 - 1));
        assert_eq!(copy.remove(&path[..DEEP - 1]), Some(DEEP as u32 - 2));
        assert_eq!(map.get(&path), Some(&(DEEP as u32 - 1)));
        assert_eq!((map.val_count(), copy.val_count()), (DEEP, DEEP - 1));
        drop(map);
        copy.shrink_to_fit();
        assert_eq!(copy.get(&path), Some(&7));

        // The map is cut in the middle, pruned, and dropped.
        let mut writer = copy.write_zipper();
        writer.descend_to(&path[..DEEP / 2]);
        let lower = writer.take_map(true).unwrap();
        assert_eq!((lower.val_count(), writer.val_count()), (DEEP / 2, 0));
        drop(writer);
        assert_eq!(copy.val_count(), DEEP / 2 - 1);
        drop(lower);
    });
}

#[test]
fn a_million_nested_prefixes_are_removed_from_the_bottom() {
    deep(|| {
        let mut map = deep_map();
        let mut writer = map.write_zipper();
        writer.descend_to(deep_path());
        for depth in (0..DEEP).rev() {
            assert_eq!(writer.remove_val(true), Some(depth as u32));
            assert!(writer.ascend_byte());
        }
        drop(writer);
        assert_eq!((map.val_count(), map.heap_size()), (0, 0));
    });
}

#[test]
fn a_million_nested_prefixes_under_a_head() {
    deep(|| {
        let mut map = deep_map();
        let path = deep_path();
        let snapshot = map.clone();
        let head = map.zipper_head();
        let mut writer = head.write_zipper_at_exclusive_path(&path[..DEEP - 10]).unwrap();
        assert!(writer.remove_branches(false));
        assert_eq!(writer.set_val(1), Some(DEEP as u32 - 11));
        drop(writer);
        drop(head);
        assert_eq!((map.val_count(), snapshot.val_count()), (DEEP - 10, DEEP));
        drop(snapshot);
        assert_eq!(map.get(&path[..DEEP - 10]), Some(&1));
    });
}

#[test]
fn a_million_nested_prefixes_are_iterated_and_compared() {
    deep(|| {
        let mut map = deep_map();
        let path = deep_path();
        let all = 0..DEEP as u32;
        assert!(map.values().copied().eq(all.clone()));
        assert!(map.values().rev().copied().eq(all.clone().rev()));
        // One end takes the values of nodes that the other end has opened.
        let mut values = map.values();
        assert_eq!((values.next_back(), values.clone().count()), (Some(&(DEEP as u32 - 1)), DEEP - 1));
        assert!(values.copied().eq(0..DEEP as u32 - 1));
        let (mut values, mut expected) = (map.values().copied(), all);
        while expected.start < expected.end {
            assert_eq!((values.next(), values.next_back()), (expected.next(), expected.next_back()));
        }
        assert_eq!(values.next(), None);
        // Only paths that are returned are assembled.
        assert!(map.first_key_value() == Some((path[..1].to_vec(), &0)));
        assert!(map.last_key_value() == Some((path.clone(), &(DEEP as u32 - 1))));
        assert!(map.range(&path[..DEEP - 2]..).map(|(path, _)| path.len()).eq(DEEP - 2..=DEEP));
        assert_eq!(map.range(..&path[..3]).count(), 2);
        // A map that shares no nodes is compared value by value.
        let mut copy = map.clone();
        assert_eq!(copy.insert(&path, 7), Some(DEEP as u32 - 1));
        assert!(copy != map);
        assert_eq!(copy.insert(&path, DEEP as u32 - 1), Some(7));
        assert!(copy == map);
        drop(copy);
        map.values_mut().for_each(|value| *value += 1);
        assert!(map.pop_last() == Some((path.clone(), DEEP as u32)));
        assert!(map.into_iter().next_back() == Some((path[..DEEP - 1].to_vec(), DEEP as u32 - 1)));
    });
}

/// Methods that return owned paths copy each path, so visiting every level takes time quadratic in
/// the depth. They are tested here at a depth at which that is cheap.
#[test]
fn nested_prefixes_by_verbs_that_copy_paths() {
    on_stack(128, || {
        let depth = 1_000;
        let path = vec![b'x'; depth];
        let mut map: PathMap<u32> = (1..=depth).map(|len| (&path[..len], len as u32)).collect();
        map.check().unwrap();
        assert_eq!(
            map,
            map.iter().collect::<Vec<_>>().into_iter().map(|(path, &value)| (path, value)).collect()
        );
        assert_eq!(map.iter().next_back(), Some((path.clone(), &(depth as u32))));
        assert_eq!(map.range(&path[..depth - 2]..).count(), 3);
        map.iter_mut().for_each(|(path, value)| *value += path.len() as u32);
        assert_eq!(map.pop_last(), Some((path.clone(), 2 * depth as u32)));
        map.retain(|path, _| path.len() % 2 == 0);
        assert_eq!(map.len(), depth / 2 - 1);
        assert_eq!(map.into_iter().count(), depth / 2 - 1);
    });
}
