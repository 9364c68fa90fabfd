//! The iterators of a map, advanced at both ends in any order, compared with std's.

use std::collections::BTreeMap;
use std::ops::{Bound, RangeBounds};

use bytetrie::PathMap;
use bytetrie::testing::keys::{Rng, nested, random_bytes, words};
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::values::{Census, Counted, Event, Fragile, Fuse};

use crate::limits::under_both_limits;

/// Generates keys with short common prefixes, with long ones, and keys that are prefixes of each
/// other.
fn sets() -> [Vec<Vec<u8>>; 3] {
    let mut forked: Vec<_> = nested(60).iter().map(<[u8]>::to_vec).collect();
    forked.extend(nested(60).iter().step_by(2).map(|path| [path, &[255]].concat()));
    forked.extend(nested(60).iter().step_by(3).map(|path| [path, &[0, 0]].concat()));
    [words(300, 1), random_bytes(300, 0..=6, 2), forked]
}

/// Advances two iterators to their end, alternating between both ends in runs of up to `longest`
/// items.
fn alternate<T: PartialEq>(
    mut found: impl DoubleEndedIterator<Item = T>,
    mut expected: impl DoubleEndedIterator<Item = T> + ExactSizeIterator,
    longest: usize,
    rng: &mut Rng,
) {
    while expected.len() > 0 {
        let (least, most) = found.size_hint();
        assert!(least <= expected.len() && most.is_none_or(|most| most >= expected.len()));
        let back = rng.one_in(2);
        for _ in 0..=rng.below(longest) {
            let same = match back {
                false => found.next() == expected.next(),
                true => found.next_back() == expected.next_back(),
            };
            assert!(same, "with {} to go", expected.len());
        }
    }
    assert!(found.next().is_none() && found.next_back().is_none());
}

#[test]
fn both_ends_meet_wherever_they_are_taken_from() {
    under_both_limits(|| {
        for keys in sets() {
            let mut model: BTreeMap<_, _> = keys.into_iter().zip(0u32..).collect();
            let mut map: PathMap<u32> = model.iter().map(|(path, &value)| (path, value)).collect();
            for seed in 0..40 {
                let mut rng = Rng::new(seed);
                let longest = [1, 5, 100][seed as usize % 3];
                let entry = |(path, value): (&Vec<u8>, &u32)| (path.clone(), *value);
                alternate(
                    map.iter().map(|(path, value)| (path, *value)),
                    model.iter().map(entry),
                    longest,
                    &mut rng,
                );
                alternate(map.keys(), model.keys().cloned(), longest, &mut rng);
                alternate(map.values(), model.values(), longest, &mut rng);
                alternate(
                    map.iter_mut(),
                    model.iter_mut().map(|(path, value)| (path.clone(), value)),
                    longest,
                    &mut rng,
                );
                alternate(map.values_mut(), model.values_mut(), longest, &mut rng);
                alternate(map.clone().into_iter(), model.clone().into_iter(), longest, &mut rng);
            }
        }
    });
}

#[test]
fn a_copy_of_an_iterator_goes_on_from_where_it_was_made() {
    under_both_limits(|| {
        for keys in sets() {
            let map: PathMap<u32> = keys.iter().zip(0u32..).collect();
            let mut entries = map.iter();
            while entries.next().is_some() {
                let rest: Vec<_> = entries.clone().collect();
                let mut back: Vec<_> = entries.clone().rev().collect();
                back.reverse();
                assert!(rest == back && rest.len() == entries.clone().count());
                entries.next_back();
            }
        }
    });
}

#[test]
fn a_range_between_any_two_paths() {
    under_both_limits(|| {
        for keys in sets() {
            let model: BTreeMap<_, _> = keys.iter().cloned().zip(0u32..).collect();
            let map: PathMap<u32> = keys.iter().zip(0u32..).collect();
            let mut rng = Rng::new(7);
            for _ in 0..300 {
                let mut bounds = [(); 2].map(|()| {
                    let key = &keys[rng.below(keys.len())];
                    let cut = rng.below(key.len() + 1);
                    [&key[..cut], &rng.bytes(1)[..rng.below(2)]].concat()
                });
                bounds.sort();
                let [from, to] = bounds;
                let entry = |(path, value): (&Vec<u8>, &u32)| (path.clone(), *value);
                let expected: Vec<_> = model.range(from.clone()..=to.clone()).map(entry).collect();
                let found = map.range(from.clone()..=to.clone()).map(|(path, value)| (path, *value));
                alternate(found, expected.into_iter(), 4, &mut rng);
                if from < to {
                    assert_eq!(map.range(to..from).count(), 0, "the bounds exclude everything");
                }
            }
        }
    });
}

/// Creates a map of these keys with dangling paths among them, and its model.
fn dangling(keys: &[Vec<u8>]) -> (PathMap<u32>, BTreeMap<Vec<u8>, u32>) {
    let mut model: BTreeMap<_, _> = keys.iter().cloned().zip(0u32..).collect();
    let mut map: PathMap<u32> = keys.iter().zip(0u32..).collect();
    for key in keys.iter().step_by(5) {
        map.remove_val_at(key, false);
        model.remove(key);
    }
    for key in keys.iter().step_by(7) {
        map.create_path([key, &b"\x07tip"[..]].concat());
    }
    (map, model)
}

type Bounds = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// Generates bounds of any kind: at keys, next to keys, at prefixes and extensions of keys. Often
/// both are at one key, or in the wrong order.
fn bounds(keys: &[Vec<u8>], rng: &mut Rng) -> Bounds {
    let mut near = None;
    let mut bound = || {
        let key = match (&near, rng.one_in(4)) {
            (Some(near), true) => Vec::clone(near),
            _ => {
                let key = &keys[rng.below(keys.len())];
                let cut = if rng.one_in(2) { key.len() } else { rng.below(key.len() + 1) };
                [&key[..cut], &rng.bytes(2)[..rng.below(3)]].concat()
            }
        };
        near = Some(key.clone());
        match rng.below(5) {
            0 => Bound::Unbounded,
            1 | 2 => Bound::Included(key),
            _ => Bound::Excluded(key),
        }
    };
    (bound(), bound())
}

/// Returns the entries of the model within the bounds, including bounds for which std's maps
/// panic.
fn within(model: &BTreeMap<Vec<u8>, u32>, bounds: &Bounds) -> Vec<(Vec<u8>, u32)> {
    let is_within = |path: &&Vec<u8>| bounds.contains(*path);
    model.keys().filter(is_within).map(|path| (path.clone(), model[path])).collect()
}

fn owned((path, value): (Vec<u8>, &u32)) -> (Vec<u8>, u32) {
    (path, *value)
}

#[test]
fn ranges_by_bounds_of_every_kind() {
    under_both_limits(|| {
        for keys in sets() {
            let (map, model) = dangling(&keys);
            let mut rng = Rng::new(3);
            for _ in 0..600 {
                let bounds = bounds(&keys, &mut rng);
                let expected = within(&model, &bounds);
                alternate(map.range(bounds.clone()).map(owned), expected.clone().into_iter(), 4, &mut rng);
                assert_eq!(map.range(bounds.clone()).count(), expected.len());
                assert_eq!(map.range(bounds.clone()).next().map(owned), expected.first().cloned());
                assert_eq!(map.range(bounds.clone()).last().map(owned), expected.last().cloned());
                let lent = (bounds.0.as_ref().map(|key| &key[..]), bounds.1.as_ref().map(|key| &key[..]));
                assert_eq!(map.range::<[u8], _>(lent).count(), expected.len());
            }
        }
    });
}

#[test]
fn ranges_to_be_changed_change_only_what_is_within() {
    under_both_limits(|| {
        for keys in sets() {
            let (original, mut model) = dangling(&keys);
            let untouched = model.clone();
            // The nodes are shared, so each node is copied before it is written.
            let mut map = original.clone();
            let mut rng = Rng::new(5);
            for round in 0..200 {
                let bounds = bounds(&keys, &mut rng);
                let expected = within(&model, &bounds);
                if round % 2 == 0 {
                    let found = map.range_mut(bounds.clone()).map(|(path, value)| (path, *value));
                    alternate(found, expected.clone().into_iter(), 4, &mut rng);
                }
                for (_, value) in map.range_mut(bounds.clone()) {
                    *value += 1_000;
                }
                expected.iter().for_each(|(path, _)| *model.get_mut(path).unwrap() += 1_000);
                if round % 20 == 0 {
                    map.check().unwrap();
                    assert!(map.iter().map(owned).eq(model.clone()));
                }
            }
            assert!(map.iter().map(owned).eq(model));
            assert!(original.iter().map(owned).eq(untouched), "what shared its nodes is as it was");
        }
    });
}

#[test]
fn all_below_a_prefix_is_changed() {
    under_both_limits(|| {
        for keys in sets() {
            let (original, mut model) = dangling(&keys);
            let mut map = original.clone();
            for key in keys.iter().step_by(11).chain([&vec![255, 255]]) {
                for cut in 0..=key.len() {
                    let prefix = &key[..cut];
                    let mut entries = map.prefix_mut(prefix);
                    let mut found = Vec::new();
                    while let Some((path, value)) = entries.lend_next() {
                        *value += 1;
                        found.push(path.to_vec());
                    }
                    let mut expected = Vec::new();
                    for (path, value) in model.iter_mut().filter(|(path, _)| path.starts_with(prefix)) {
                        *value += 1;
                        expected.push(path.clone());
                    }
                    assert_eq!(found, expected, "below {prefix:?}");
                    assert!(map.prefix(prefix).map(|(path, _)| path).eq(expected));
                }
            }
            map.check().unwrap();
            assert!(map.iter().map(owned).eq(model));
        }
    });
}

#[test]
fn paths_that_are_lent_and_paths_that_are_owned_can_be_mixed() {
    under_both_limits(|| {
        for keys in sets() {
            let (mut map, model) = dangling(&keys);
            let mut rng = Rng::new(9);
            let mut expected = model.clone().into_iter();
            let (mut entries, shared) = (map.iter(), map.clone());
            let mut taken = shared.into_iter();
            loop {
                let (found, moved, wanted) = match rng.below(4) {
                    0 => (entries.next().map(owned), taken.next(), expected.next()),
                    1 => (entries.next_back().map(owned), taken.next_back(), expected.next_back()),
                    2 => (
                        entries.lend_next().map(|(path, value)| (path.to_vec(), *value)),
                        taken.lend_next().map(|(path, value)| (path.to_vec(), value)),
                        expected.next(),
                    ),
                    _ => (
                        entries.lend_next_back().map(|(path, value)| (path.to_vec(), *value)),
                        taken.lend_next_back().map(|(path, value)| (path.to_vec(), value)),
                        expected.next_back(),
                    ),
                };
                assert!(found == wanted && moved == wanted);
                if wanted.is_none() {
                    break;
                }
            }
            let mut changing = map.iter_mut();
            let mut expected = model.iter();
            while let Some((path, value)) = expected.next() {
                assert_eq!(
                    changing.lend_next().map(|(path, value)| (path.to_vec(), *value)),
                    Some((path.clone(), *value))
                );
                let last = changing.lend_next_back().map(|(path, value)| (path.to_vec(), *value));
                assert_eq!(last, expected.next_back().map(|(path, value)| (path.clone(), *value)));
            }
        }
    });
}

#[test]
fn skipping_and_counting_are_those_of_a_vector() {
    under_both_limits(|| {
        for keys in sets() {
            let (map, model) = dangling(&keys);
            let list: Vec<_> = model.clone().into_iter().collect();
            let mut rng = Rng::new(11);
            for _ in 0..50 {
                let (first, last) = (rng.below(20), rng.below(20));
                let (mut found, mut wanted) = (map.iter(), list.iter().cloned());
                assert_eq!(found.nth(first).map(owned), wanted.nth(first));
                assert_eq!(found.nth_back(last).map(owned), wanted.nth_back(last));
                assert_eq!(found.clone().count(), wanted.clone().count());
                assert_eq!(found.next_back().map(owned), wanted.next_back());
                assert_eq!(map.range::<[u8], _>(..).next_back().map(owned), list.last().cloned());
                let mut values = map.clone().into_values();
                assert_eq!(values.nth(first), list.get(first).map(|(_, value)| *value));
                assert_eq!(values.count(), list.len().saturating_sub(first + 1));
                let mut paths = map.clone().into_keys();
                assert_eq!(paths.nth_back(last), list.iter().rev().nth(last).map(|(path, _)| path.clone()));
                assert_eq!(paths.count(), list.len().saturating_sub(last + 1));
            }
            assert_eq!(map.clone().iter_mut().count(), list.len());
            assert_eq!(map.clone().values_mut().count(), list.len());
            assert_eq!(map.clone().into_iter().count(), list.len());
            assert!(map.clone().into_keys().eq(model.clone().into_keys()));
            assert!(map.clone().into_values().eq(model.clone().into_values()));
            let apart: PathMap<u32> = model.iter().map(|(path, value)| (path, *value)).collect();
            assert!(apart.clone().into_keys().rev().eq(model.clone().into_keys().rev()));
            assert!(apart.into_values().rev().eq(model.into_values().rev()));
        }
    });
}

#[test]
fn no_size_hint_counts() {
    fn unknown(mut iterator: impl Iterator) {
        assert_eq!(iterator.size_hint(), (0, None), "the number of values is not known in O(1)");
        while iterator.next().is_some() {}
        assert_eq!(iterator.size_hint().1.unwrap_or(0), 0);
    }
    let map: PathMap<u32> = words(300, 1).into_iter().zip(0u32..).collect();
    unknown(map.iter());
    unknown(map.keys());
    unknown(map.values());
    unknown(map.range("a"..));
    unknown(map.prefix(""));
    unknown(map.clone().iter_mut());
    unknown(map.clone().values_mut());
    unknown(map.clone().range_mut("a"..));
    unknown(map.clone().prefix_mut(""));
    unknown(map.clone().extract_if::<str, _, _>(.., |_, _| true));
    unknown(map.clone().into_iter());
    unknown(map.clone().into_keys());
    unknown(map.clone().into_values());
    unknown(map.prefixes_of("some path"));
    unknown(map.search(bytetrie::search::Subsequence::new("e")).into_iter());
    unknown(map.read_zipper().into_iter());
    unknown(map.read_zipper().into_path_iter());
}

#[test]
fn paths_taken_out_of_a_shared_map_clone_no_value() {
    under_both_limits(|| {
        let census = Census::new();
        let map: PathMap<Counted> = words(300, 1).into_iter().map(|word| (word, census.counted(1))).collect();
        for taken in [0, 1, 50, 300] {
            assert_eq!(map.clone().into_keys().take(taken).count(), taken.min(map.len()));
            // Only values that are returned are cloned.
            let before = census.clones();
            assert_eq!(map.clone().into_iter().take(taken).count(), taken.min(map.len()));
            assert_eq!(census.clones() - before, taken.min(map.len()));
        }
        let before = census.clones();
        let live = census.live();
        let mut apart = map.into_keys();
        apart.nth(9);
        assert_eq!(census.live(), live - 10, "what has been passed by is dropped");
        drop(apart);
        assert_eq!((census.live(), census.clones()), (0, before));
    });
}

#[test]
fn an_iterator_that_is_dropped_while_a_value_panics_drops_the_others() {
    under_both_limits(|| {
        for keys in [words(20, 1), (0..200u8).map(|byte| vec![byte]).collect()] {
            for spare in 0..keys.len() {
                for taken in [0, 1, 7] {
                    let fuse = Fuse::new();
                    // One node holds all values, so the iterator drops no other node itself.
                    let map: PathMap<Fragile> = with_limits(Limits::DEFAULT, || {
                        keys.iter().map(|key| (key, fuse.fragile(1))).collect()
                    });
                    let mut entries = map.into_iter();
                    entries.by_ref().take(taken).for_each(drop);
                    fuse.arm(&[Event::Drop], spare);
                    let _ = fuse.catch(move || drop(entries));
                    assert_eq!(fuse.census().live(), 0, "after {taken} values, at drop {spare}");
                }
            }
        }
    });
}

#[test]
fn a_clone_that_panics_leaves_iterators_and_their_maps_whole() {
    under_both_limits(|| {
        let keys = words(120, 1);
        let fuse = Fuse::new();
        let original: PathMap<Fragile> = keys.iter().map(|key| (key, fuse.fragile(1))).collect();
        let all: Vec<_> = original.keys().collect();
        for spare in 0..=all.len() {
            let mut map = original.clone();
            fuse.arm(&[Event::Clone], spare);
            let mut entries = fuse.catch(|| map.iter_mut());
            let mut seen = Vec::new();
            if let Ok(entries) = &mut entries {
                fuse.arm(&[Event::Clone], spare);
                // A panic skips a subtrie, and the iterator continues after it.
                loop {
                    match fuse.catch(|| entries.next()) {
                        Ok(Some((path, _))) => seen.push(path),
                        Ok(None) => break,
                        Err(_) => {}
                    }
                }
            }
            assert!(seen.is_sorted() && seen.iter().all(|path| all.contains(path)));
            drop(entries);
            map.check().unwrap();
            assert!(map.keys().eq(all.iter().cloned()));
            let mut taken = map.into_iter();
            fuse.arm(&[Event::Clone], spare);
            let mut count = 0;
            loop {
                match fuse.catch(|| taken.next()) {
                    Ok(Some(_)) => count += 1,
                    Ok(None) => break,
                    Err(_) => count += 1,
                }
            }
            assert_eq!(count, all.len(), "one value is passed by where its clone panics");
        }
        drop(original);
        assert_eq!(fuse.census().live(), 0);
    });
}

/// The first and last entries of maps with dangling tips, own values and shared nodes, compared
/// with a model, under limits that create every kind of node.
#[test]
fn the_ends_of_a_map_are_its_first_and_last_values() {
    use bytetrie::testing::keys::Rng;
    use bytetrie::testing::limits::{Limits, with_limits};
    for seed in 0..2_000 {
        let limits = if seed % 2 == 0 { Limits::TINY } else { Limits { entries: 8, bytes: 100 } };
        with_limits(limits, || {
            let mut rng = Rng::new(seed);
            let (mut map, mut model) = (PathMap::new(), BTreeMap::new());
            for step in 0..rng.below(30) as u64 {
                let len = rng.below(5);
                let path: Vec<u8> = (0..len).map(|_| b"\0ab\xff"[rng.below(4)]).collect();
                match rng.below(4) {
                    0 => _ = map.create_path(&path),
                    1 => drop((map.remove_val_at(&path, false), model.remove(&path))),
                    _ => drop((map.insert(&path, step), model.insert(path, step))),
                }
            }
            let owned = |(path, value): (&Vec<u8>, &u64)| (path.clone(), *value);
            let found = |end: Option<(Vec<u8>, &u64)>| end.map(|(path, value)| (path, *value));
            assert_eq!(found(map.first_key_value()), model.first_key_value().map(owned));
            assert_eq!(found(map.last_key_value()), model.last_key_value().map(owned));
            assert_eq!(map.pop_last(), model.pop_last());
            assert_eq!(map.pop_first(), model.pop_first());
        });
    }
}
