#![cfg(test)]
//! Files with several commits, which share the nodes that they have in common.

use super::build_at::build_at;
use super::counts::Counts;
use super::error::FileError;
use super::header::Header;
use super::limits::Limits;
use super::output::Output;
use super::record::{Commit, Layout, Value, long_value, value_at};
use super::save::{Known, save_nodes};
use super::stored::{Form, Stored, ValueType};
use crate::testing::keys::{self, Rng};
use crate::trie::PathMap;

const ID: u128 = 77;

/// Writes a file with one commit for each map. The maps live together, so a node that several of
/// them have is written once.
fn log<V: Stored>(maps: &[PathMap<V>]) -> (Vec<u8>, Vec<Commit>) {
    let header = Header { values: ValueType::of::<V>(), id: ID };
    let mut bytes = Vec::new();
    let mut output = Output::new(&mut bytes, &header);
    let mut known = Known::of_all_nodes();
    let mut commits = Vec::new();
    for (i, map) in maps.iter().enumerate() {
        let root = map.root.as_ref().map(|root| save_nodes(root.lent(), &mut output, &mut known).unwrap());
        let commit = Commit {
            root: root.map(|root| root.offset),
            counts: Counts::of_map(root.map(|root| root.counts)),
            label: format!("commit {i}"),
            ..Commit::default()
        };
        commits.push(output.commit(commit).unwrap());
    }
    assert_eq!(output.end(), bytes.len() as u64);
    (bytes, commits)
}

/// Versions of a map that differ in a few keys.
fn versions<V: Clone>(value: impl Fn(usize) -> V) -> Vec<PathMap<V>> {
    let mut rng = Rng::new(5);
    let keys = keys::words(2000, 1);
    let mut map = PathMap::new();
    let mut maps = vec![map.clone()];
    keys.iter().enumerate().for_each(|(i, key)| drop(map.insert(key, value(i))));
    for i in 0..10 {
        maps.push(map.clone());
        for _ in 0..5 {
            map.insert(&keys[rng.below(keys.len())], value(i));
            map.remove(&keys[rng.below(keys.len())]);
        }
        map.create_path(&keys[rng.below(keys.len())]);
    }
    maps
}

/// Looks up keys, their neighbours, and dangling paths.
fn check_lookups<V: Stored + Clone + PartialEq>(
    file: &[u8],
    commit: &Commit,
    map: &PathMap<V>,
    keys: &[Vec<u8>],
) {
    let Some(root) = commit.root else { return };
    let layout = Layout::from(&ValueType::of::<V>());
    let check = |path: &[u8]| {
        let found = value_at(file, root, layout, path).unwrap().map(|value| match value {
            Value::Here(bytes) => bytes,
            Value::At(offset) => long_value(&file[offset as usize..], offset).unwrap().0,
        });
        let found = found.map(|bytes| V::Form::read(bytes).unwrap());
        assert!(found.as_ref() == map.get(path), "{path:?}");
    };
    check(b"");
    for key in keys {
        check(key);
        check(&key[..key.len() / 2]);
        check(&[&key[..], b"a"].concat());
        check(&[&key[..key.len().saturating_sub(1)], b"\0"].concat());
    }
}

fn check_shapes<V: Stored + Clone + PartialEq>(value: impl Fn(usize) -> V) {
    for mut keys in [
        keys::random_u64(5000, 1),
        keys::consecutive_u64(2000),
        keys::file_paths(2000, 2),
        keys::random_bytes(5000, 0..=4, 3),
        keys::random_bytes(300, 1..=2, 4),
        (0..200u8).map(|byte| vec![byte; 1 + byte as usize % 20]).collect(),
    ] {
        let mut map = PathMap::new();
        for (i, key) in keys.iter().enumerate() {
            match i % 9 {
                4 => drop(map.create_path(key)),
                _ => drop(map.insert(key, value(i))),
            }
        }
        let (bytes, commits) = log(&[map.clone()]);
        keys.extend((0..=255u8).map(|byte| vec![byte]));
        check_lookups(&bytes, &commits[0], &map, &keys);
    }
}

#[test]
fn values_are_found_in_nodes_of_all_forms() {
    check_shapes(|i| i as u64);
    check_shapes(|_| ());
    check_shapes(|i| [i as u8; 3]);
    check_shapes(|i| vec![i as u8; if i % 70 == 3 { 2000 } else { i % 5 }]);
}

fn check_log<V: Stored + Clone + PartialEq>(value: impl Fn(usize) -> V) {
    let maps = versions(value);
    let (bytes, commits) = log(&maps);
    let mut first = Vec::new();
    maps[1].save(&mut first).unwrap();
    assert!(bytes.len() < 3 * first.len(), "{} {}", bytes.len(), first.len());
    for (map, commit) in maps.iter().zip(&commits) {
        // The file as it was at this commit, read front to back and from its end.
        let then = &bytes[..commit.offset as usize + commit.len];
        assert!(PathMap::<V>::load(then).unwrap() == *map);
        assert_eq!(Commit::at_end(then, ID).as_ref(), Some(commit));
        // The commit within the whole file.
        let root = commit.root.map(|root| build_at(&bytes, root, Limits::new()).unwrap());
        let copy = PathMap::<V>::from_root(root);
        copy.check().unwrap();
        assert!(copy == *map);
        check_lookups(&bytes, commit, map, &keys::words(2000, 1));
    }
    let mut last = Commit::last(&bytes, ID);
    for commit in commits.iter().rev() {
        assert_eq!(last.as_ref(), Some(commit));
        last = commit.previous.map(|at| Commit::decode(&bytes[at as usize..], at, ID).unwrap());
    }
    assert_eq!(last, None);
}

#[test]
fn each_commit_of_a_log_is_read() {
    check_log(|i| i as u64);
    check_log(|_| ());
    check_log(|i| "x".repeat(if i % 100 == 3 { 2000 } else { i % 5 }));
}

#[test]
fn commits_that_do_not_follow_each_other_are_refused() {
    let maps = versions(|i| i as u64);
    let (bytes, commits) = log(&maps);
    let load = |bytes: &[u8]| PathMap::<u64>::load(bytes);
    // A commit is missing.
    let (from, to) = (commits[3].offset as usize, commits[4].offset as usize + commits[4].len);
    let mut cut = bytes.clone();
    cut.drain(from..to);
    assert!(matches!(load(&cut), Err(FileError::Damaged(_))));
    // Of another file.
    let other = Header { values: ValueType::of::<u64>(), id: ID + 1 }.encode();
    let mut other = other;
    other.extend(&bytes[other.len()..]);
    assert!(matches!(load(&other), Err(FileError::Damaged(_))));
}

/// Any bytes before a root are an error or a map, whatever the records refer to.
#[test]
fn damaged_records_are_no_map_or_a_well_formed_one() {
    let maps = versions(|i| i as u64);
    let (bytes, commits) = log(&maps[..3]);
    let root = commits[2].root.unwrap();
    let mut rng = Rng::new(9);
    for _ in 0..2000 {
        let mut bytes = bytes.clone();
        for _ in 0..1 + rng.below(3) {
            // Near the root, which every reader passes.
            let at = (root as usize).saturating_sub(rng.skewed_below(root as usize - 64));
            bytes[at] = rng.below(256) as u8;
        }
        for key in keys::words(100, 1) {
            let _ = value_at(&bytes, root, Layout::from(&ValueType::of::<u64>()), &key);
        }
        if let Ok(root) = build_at::<u64>(&bytes, root, Limits::new()) {
            PathMap::from_root(Some(root)).check().unwrap();
        }
    }
    assert!(build_at::<u64>(&bytes, u64::MAX, Limits::new()).is_err());
    assert!(build_at::<u64>(&bytes, 0, Limits::new()).is_err());
    assert!(matches!(
        build_at::<u64>(&bytes, root, Limits::new().nodes(3)),
        Err(FileError::LimitExceeded { .. })
    ));
}
