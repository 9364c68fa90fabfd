//! Removing values that a closure chooses, and splitting and appending maps, compared with std's
//! maps.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use bytetrie::PathMap;
use bytetrie::testing::keys::{Rng, nested, random_bytes, words};
use bytetrie::testing::values::{Census, Counted, Event, Fragile, Fuse};

use crate::limits::under_both_limits;

type Model = BTreeMap<Vec<u8>, u32>;

fn sets() -> [Vec<Vec<u8>>; 4] {
    let forked = nested(60).iter().flat_map(|path| [path.to_vec(), [path, &[255]].concat()]).collect();
    let wide = (0..200u8).flat_map(|byte| [vec![byte], vec![byte, 1, byte], vec![7, byte, 9]]).collect();
    [words(300, 1), random_bytes(300, 0..=6, 2), forked, wide]
}

fn both(keys: &[Vec<u8>]) -> (PathMap<u32>, Model) {
    let model: Model = keys.iter().cloned().zip(0..).collect();
    (model.iter().map(|(path, &value)| (path, value)).collect(), model)
}

#[track_caller]
fn same(map: &PathMap<u32>, model: &Model) {
    map.check().unwrap();
    assert!(map.iter().map(|(path, &value)| (path, value)).eq(model.clone()));
}

#[test]
fn retain_keeps_what_std_keeps() {
    under_both_limits(|| {
        for keys in sets() {
            let (original, model) = both(&keys);
            for part in [1, 2, 3, 10, 1_000] {
                for rest in 0..part.min(3) {
                    let (mut map, mut expected) = (original.clone(), model.clone());
                    let mut seen = Vec::new();
                    map.retain(|path, value| {
                        seen.push(path.to_vec());
                        value % part != rest
                    });
                    expected.retain(|_, value| *value % part != rest);
                    same(&map, &expected);
                    assert!(seen.iter().eq(model.keys()), "each value is shown once, in order");
                    // The closure also changes values.
                    let (mut map, mut expected) = (original.clone(), model.clone());
                    let change = |path: &[u8], value: &mut u32| {
                        *value += path.len() as u32;
                        *value % part != rest
                    };
                    map.retain_mut(change);
                    expected.retain(|path, value| change(path, value));
                    same(&map, &expected);
                }
            }
            same(&original, &model);
        }
    });
}

#[test]
fn retaining_all_copies_no_node_and_clones_no_value() {
    under_both_limits(|| {
        let census = Census::new();
        let original: PathMap<Counted> = words(300, 1).iter().map(|word| (word, census.counted(1))).collect();
        let mut map = original.clone();
        map.retain(|_, _| true);
        assert_eq!(PathMap::heap_size_of_all([&original, &map]), original.heap_size());
        assert_eq!(census.clones(), 0);
        let gone = map.keys().nth(100).unwrap();
        map.retain(|path, _| path != gone);
        let copied = PathMap::heap_size_of_all([&original, &map]) - original.heap_size();
        assert!(copied < original.heap_size() / 2, "only the nodes on the way to one value are copied");
        assert_eq!((map.len(), original.len()), (census.made() - 1, census.made()));
    });
}

#[test]
fn a_panic_while_retaining_leaves_what_has_not_been_refused() {
    under_both_limits(|| {
        let keys: BTreeSet<_> = words(60, 1).into_iter().collect();
        for shared in [false, true] {
            for events in [[Event::Call, Event::Call], [Event::Drop, Event::Clone]] {
                for spare in 0..keys.len() {
                    let fuse = Fuse::new();
                    let mut map: PathMap<Fragile> = keys.iter().map(|key| (key, fuse.fragile(1))).collect();
                    let copy = shared.then(|| map.clone());
                    let mut refused = BTreeSet::new();
                    fuse.arm(&events, spare);
                    let outcome = fuse.catch(|| {
                        map.retain(|path, value| {
                            value.call();
                            let keeps = path.len() % 2 == 0;
                            if !keeps {
                                refused.insert(path.to_vec());
                            }
                            keeps
                        });
                    });
                    map.check().unwrap();
                    let kept: BTreeSet<_> = map.keys().collect();
                    let expected: BTreeSet<_> = keys.difference(&refused).cloned().collect();
                    // The last values for which the closure returned false may still be there.
                    assert!(kept.is_superset(&expected) && kept.is_subset(&keys));
                    assert!(outcome.is_err() || kept == expected);
                    assert!(copy.is_none_or(|copy| copy.keys().eq(keys.iter().cloned())));
                }
            }
        }
    });
}

#[test]
fn extracting_is_what_std_does() {
    under_both_limits(|| {
        for keys in sets() {
            let (original, model) = both(&keys);
            let mut rng = Rng::new(2);
            for _ in 0..60 {
                let (mut map, mut expected) = (original.clone(), model.clone());
                let (from, to) = (&keys[rng.below(keys.len())], &keys[rng.below(keys.len())]);
                let (part, most) = (1 + rng.below(4) as u32, rng.below(40));
                let bounds = match rng.below(3) {
                    0 => (Bound::Unbounded, Bound::Unbounded),
                    1 => (Bound::Included(&from[..]), Bound::Excluded(&to[..])),
                    _ => (Bound::Excluded(&from[..]), Bound::Included(&to[..])),
                };
                let mut shown = Vec::new();
                let taken: Vec<_> = map
                    .extract_if::<[u8], _, _>(bounds, |path, value| {
                        shown.push(path.to_vec());
                        *value += 1_000;
                        *value % part == 0
                    })
                    .take(most)
                    .collect();
                // Written by hand, since the toolchain may be older than std's method.
                let mut wanted = Vec::new();
                let mut looked_at = Vec::new();
                for path in original.range::<[u8], _>(bounds).map(|(path, _)| path) {
                    if wanted.len() == most {
                        break;
                    }
                    looked_at.push(path.clone());
                    let value = expected.get_mut(&path).unwrap();
                    *value += 1_000;
                    if *value % part == 0 {
                        wanted.push((path.clone(), expected.remove(&path).unwrap()));
                    }
                }
                assert_eq!(taken, wanted);
                assert!(shown == looked_at, "what the iterator has not come to is not shown");
                same(&map, &expected);
            }
            same(&original, &model);
        }
    });
}

#[test]
fn a_panic_ends_an_extraction_and_loses_nothing() {
    under_both_limits(|| {
        let fuse = Fuse::new();
        let keys: BTreeSet<_> = words(60, 1).into_iter().collect();
        for spare in 0..keys.len() {
            let mut map: PathMap<Fragile> = keys.iter().map(|key| (key, fuse.fragile(1))).collect();
            let mut taken = BTreeSet::new();
            let mut extraction = map.extract_if::<[u8], _, _>(.., |path, value| {
                value.call();
                path.len() % 2 == 0
            });
            fuse.arm(&[Event::Call], spare);
            let blown = fuse.catch(|| {
                for (path, _) in extraction.by_ref() {
                    taken.insert(path);
                }
            });
            assert_eq!(blown, Err(bytetrie::testing::values::Blown(Event::Call)));
            assert!(extraction.next().is_none(), "it is finished");
            map.check().unwrap();
            assert!(map.keys().eq(keys.difference(&taken).cloned()));
            // If the iterator is dropped early, the other values are kept.
            drop(map.extract_if::<[u8], _, _>(.., |_, _| true).next());
            assert_eq!(map.len(), keys.len() - taken.len() - 1);
        }
        assert_eq!(fuse.census().live(), 0);
    });
}

#[test]
fn a_map_is_split_where_std_splits_it() {
    under_both_limits(|| {
        for keys in sets() {
            let (original, model) = both(&keys);
            let mut rng = Rng::new(4);
            for round in 0..150 {
                let key = &keys[rng.below(keys.len())];
                let cut = rng.below(key.len() + 1);
                let key = [&key[..cut], &rng.bytes(2)[..rng.below(3)]].concat();
                let (mut map, mut expected) = match round % 2 {
                    0 => (original.clone(), model.clone()),
                    _ => both(&keys),
                };
                let (after, wanted) = (map.split_off(&key), expected.split_off(&key));
                same(&map, &expected);
                same(&after, &wanted);
                // The remaining paths are pruned.
                assert_eq!(map.clone(), expected.iter().map(|(path, value)| (path, *value)).collect());
                assert_eq!(after, wanted.iter().map(|(path, value)| (path, *value)).collect());
                // The two halves together equal the original.
                let mut whole = after;
                whole.append(&mut map);
                same(&whole, &model);
                assert!(map.is_empty());
            }
            same(&original, &model);
        }
    });
}

#[test]
fn splitting_moves_values_and_dangling_paths() {
    under_both_limits(|| {
        for keys in sets() {
            let census = Census::new();
            let mut rng = Rng::new(6);
            for _ in 0..30 {
                let mut map: PathMap<Counted> = PathMap::new();
                let mut tips = BTreeSet::new();
                for (i, key) in keys.iter().enumerate() {
                    match i % 4 {
                        0 => {
                            map.create_path([key, &b"\x01tip"[..]].concat());
                            tips.insert([key, &b"\x01tip"[..]].concat());
                        }
                        _ => drop(map.insert(key, census.counted(1))),
                    }
                }
                let (values, all) = (map.len(), map.clone());
                drop(all);
                let key = keys[rng.below(keys.len())].clone();
                let after = map.split_off(&key);
                map.check().unwrap();
                after.check().unwrap();
                assert_eq!(map.len() + after.len(), values);
                assert!(map.keys().all(|path| path < key) && after.keys().all(|path| path >= key));
                for tip in &tips {
                    let side = if *tip < key { &map } else { &after };
                    assert!(side.path_exists_at(tip), "{tip:?} at {key:?}");
                }
            }
            assert_eq!((census.live(), census.clones()), (0, 0));
        }
    });
}

#[test]
fn a_panic_while_splitting_leaves_the_map_as_it_was() {
    under_both_limits(|| {
        let keys: BTreeSet<_> = words(120, 1).into_iter().collect();
        let fuse = Fuse::new();
        let original: PathMap<Fragile> = keys.iter().map(|key| (key, fuse.fragile(1))).collect();
        for key in keys.iter().step_by(13) {
            for spare in 0..40 {
                let mut map = original.clone();
                fuse.arm(&[Event::Clone], spare);
                let after = fuse.catch(|| map.split_off(key));
                map.check().unwrap();
                match after {
                    Ok(after) => {
                        assert!(map.keys().chain(after.keys()).eq(keys.iter().cloned()));
                    }
                    Err(_) => assert!(map.keys().eq(keys.iter().cloned())),
                }
            }
        }
        drop(original);
        assert_eq!(fuse.census().live(), 0);
    });
}

#[test]
fn sorted_entries_make_the_map_that_any_entries_make() {
    under_both_limits(|| {
        let mut all = sets().to_vec();
        all.push((0..70u32).map(|i| [&vec![b'x'; 5_000][..], &i.to_be_bytes()].concat()).collect());
        all.push((0..40u8).map(|i| [vec![i; 3_000], vec![b'y'; 4_000]].concat()).collect());
        all.push((0..3_000u32).map(|i| i.to_be_bytes().to_vec()).collect());
        all.push(vec![Vec::new()]);
        all.push(Vec::new());
        for keys in all {
            let (collected, model) = both(&keys);
            let sorted = PathMap::from_sorted_iter(model.clone());
            same(&sorted, &model);
            assert_eq!(sorted, collected);
            assert!(sorted.heap_size() <= collected.heap_size() * 5 / 4 + 64, "its nodes are full");
            // The last value of a path wins, and entries that are out of order are inserted
            // correctly.
            let twice = model.iter().flat_map(|(path, value)| [(path, 7), (path, *value)]);
            assert_eq!(PathMap::from_sorted_iter(twice), collected);
            let unsorted = keys.iter().cloned().zip(0..);
            assert_eq!(PathMap::from_sorted_iter(unsorted), collected);
            let backwards = model.iter().rev().map(|(path, value)| (path, *value));
            assert_eq!(PathMap::from_sorted_iter(backwards), collected);
        }
    });
}

#[test]
fn a_source_that_panics_leaks_nothing() {
    under_both_limits(|| {
        let keys: BTreeSet<_> = words(100, 1).into_iter().collect();
        for spare in 0..keys.len() {
            let fuse = Fuse::new();
            let entries = || {
                keys.iter().map(|key| {
                    fuse.call();
                    (key, fuse.fragile(1))
                })
            };
            fuse.arm(&[Event::Call], spare);
            assert!(fuse.catch(|| PathMap::from_sorted_iter(entries())).is_err());
            fuse.arm(&[Event::Call], spare);
            assert!(fuse.catch(|| entries().collect::<PathMap<_>>()).is_err());
            let mut map = PathMap::from([("before", fuse.fragile(2))]);
            fuse.arm(&[Event::Call], spare);
            assert!(fuse.catch(|| map.extend(entries())).is_err());
            map.check().unwrap();
            assert_eq!(map.len(), spare + 1, "what came before the panic is in the map");
            drop(map);
            assert_eq!(fuse.census().live(), 0);
        }
    });
}

#[test]
fn several_maps_are_measured_together() {
    let old: PathMap<u64> = (0..20_000u64).map(|i| (i.to_be_bytes(), i)).collect();
    let mut versions = vec![old.clone()];
    for i in 0..100u64 {
        let mut next = versions.last().unwrap().clone();
        next.insert((i * 199).to_be_bytes(), 0);
        versions.push(next);
    }
    let together = PathMap::heap_size_of_all(&versions);
    let sum: usize = versions.iter().map(PathMap::heap_size).sum();
    assert!(together > old.heap_size() && together < 4 * old.heap_size());
    assert!(sum > 100 * old.heap_size());
    assert_eq!(PathMap::heap_size_of_all([&old]), old.heap_size());
    assert_eq!(PathMap::<u64>::heap_size_of_all([]), 0);
}
