#![cfg(test)]
//! All pairs of node kinds: the fast paths give the results of a `BTreeMap`.

use std::collections::BTreeMap;

use crate::PathMap;
use crate::node::{Suffix, check, count_values, follow, place_of};
use crate::testing::values::{Event, Fragile, Fuse};

type PathValues = BTreeMap<Vec<u8>, u32>;

fn entries(suffixes: impl IntoIterator<Item = Vec<u8>>, first: u32) -> PathValues {
    suffixes.into_iter().zip(first..).collect()
}

/// Returns an example for each kind of node and each kind of content. `first` numbers the values,
/// so that some values of two examples are equal and some are not.
fn kinds(first: u32) -> Vec<(&'static str, PathValues)> {
    let bytes = |step: usize, count: usize| (0..count).map(move |i| vec![(i * step) as u8]);
    let with_own = |mut model: PathValues| {
        model.insert(Vec::new(), first);
        model
    };
    vec![
        ("a value", with_own(PathValues::new())),
        ("one entry", entries([b"abc".to_vec()], first)),
        ("one entry of a byte", entries([vec![64]], first)),
        ("a list", entries([b"ab".to_vec(), b"abc".to_vec(), b"b".to_vec()], first)),
        ("a list of bytes", entries(bytes(16, 16), 0)),
        ("a list of bytes and a value", with_own(entries(bytes(16, 16), 0))),
        ("all bytes", entries(bytes(1, 256), 0)),
        ("all bytes and a value", with_own(entries(bytes(1, 256), 0))),
        ("every second byte", entries(bytes(2, 128), first)),
        ("every third byte", entries(bytes(3, 80), 0)),
        ("tails", entries((0..80).map(|i| vec![i * 3, 1, 2]), first)),
        ("long tails", entries((0..80).map(|i| vec![i * 3, 1, 2, 3, 4, 5, 6, 7, 8, i]), first)),
        (
            "two below each byte",
            entries((0..80).flat_map(|i| [vec![i * 3], vec![i * 3, 1, i], vec![i * 3, 2]]), 0),
        ),
        ("many below a byte", entries((0..2000).map(|i| vec![(i / 50) as u8, 1, (i % 50) as u8, 3]), first)),
        ("children", entries((0..=255).flat_map(|i| [vec![i, 0, 1], vec![i, 2], vec![i, 9]]), 0)),
        ("a child of many", entries((0..=255).map(|i| vec![7, 7, i]), 0)),
        ("bytes and children", entries((0..=255).flat_map(|i| [vec![i], vec![i, i], vec![i, 255]]), first)),
    ]
}

fn map_of(model: &PathValues) -> PathMap<u32> {
    model.iter().map(|(path, &value)| (path, value)).collect()
}

fn model_of(map: &PathMap<u32>) -> PathValues {
    map.root.iter().for_each(|root| check(root.lent()).unwrap());
    map.iter().map(|(path, &value)| (path, value)).collect()
}

#[test]
fn every_two_kinds_combine_as_the_model_does() {
    for (left_name, left) in kinds(0) {
        for (right_name, right) in kinds(5) {
            let what = format!("{left_name} and {right_name}");
            let (x, y) = (map_of(&left), map_of(&right));
            let mut join = right.clone();
            join.extend(left.clone());
            assert_eq!(model_of(&x.join(&y)), join, "join of {what}");
            let keep = |keeps: &dyn Fn(&[u8], u32) -> bool| -> PathValues {
                left.clone().into_iter().filter(|(path, value)| keeps(path, *value)).collect()
            };
            assert_eq!(model_of(&x.meet(&y)), keep(&|path, _| right.contains_key(path)), "meet of {what}");
            let differs = |path: &[u8], value| right.get(path) != Some(&value);
            assert_eq!(model_of(&x.subtract(&y)), keep(&differs), "subtract of {what}");
            let covered = |path: &[u8], _| (0..=path.len()).any(|len| right.contains_key(&path[..len]));
            assert_eq!(model_of(&x.restrict(&y)), keep(&covered), "restrict of {what}");
            let mut either = join.clone();
            either.retain(|path, _| left.contains_key(path) != right.contains_key(path));
            assert_eq!(model_of(&x.symmetric_difference(&y)), either, "difference of {what}");
        }
    }
}

#[test]
fn every_three_kinds_join_as_the_model_does() {
    for (first_name, first) in kinds(0) {
        for (second_name, second) in kinds(5) {
            for (third_name, third) in kinds(9) {
                let mut join = third.clone();
                join.extend(second.clone());
                join.extend(first.clone());
                let joined = PathMap::join_all(&[map_of(&first), map_of(&second), map_of(&third)]);
                assert_eq!(model_of(&joined), join, "{first_name}, {second_name}, {third_name}");
            }
        }
    }
}

#[test]
fn places_of_every_kind_are_found_followed_and_counted() {
    for (name, model) in kinds(0) {
        let map = map_of(&model);
        let root = place_of(map.root.as_ref()).unwrap();
        for path in model.keys() {
            for (start, end) in (0..=path.len()).flat_map(|end| (0..=end).map(move |start| (start, end))) {
                let from = root.find(&path[..start]).unwrap();
                let place = from.find(&path[start..end]).unwrap();
                assert_eq!(place.own(), model.get(&path[..end]), "{name}");
                assert_eq!(from.value_at(&path[start..end]), place.own(), "{name}");
                let below = |of: &[u8]| model.keys().filter(|other| other.starts_with(of)).count();
                assert_eq!(count_values(place), below(&path[..end]), "{name}");
                if let Some(suffix) = Suffix::of(&path[start..end]) {
                    let (followed, leaves) = follow(from, suffix).unwrap();
                    assert!(followed.is(place), "{name}");
                    assert_eq!(leaves, below(&path[..start]) > below(&path[..end]), "{name}: {path:?}");
                }
            }
            assert_eq!(
                root.find(&[path, &b"?"[..]].concat()).is_some(),
                model.contains_key(&[path, &b"?"[..]].concat())
            );
        }
    }
}

#[test]
fn a_clone_that_panics_leaves_nothing_behind() {
    let fuse = Fuse::new();
    let fragile_of = |model: &PathValues| -> PathMap<Fragile> {
        model.iter().map(|(path, &value)| (path, fuse.fragile(value as u8))).collect()
    };
    // Without the kinds of more than a hundred values, since each of their clones panics once.
    let small = |first| kinds(first).into_iter().filter(|(_, model)| model.len() <= 100);
    for (left_name, left) in small(0) {
        for (right_name, right) in small(5) {
            let (x, y) = (fragile_of(&left), fragile_of(&right));
            let live = fuse.census().live();
            for spare in 0.. {
                fuse.arm(&[Event::Clone], spare);
                let joined = fuse.catch(|| x.join_with(&y, |x, _| Some(x.clone())));
                let done = joined.is_ok();
                drop(joined);
                assert_eq!(fuse.census().live(), live, "{left_name} and {right_name}");
                if done {
                    break;
                }
            }
        }
    }
}
