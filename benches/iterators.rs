//! Iterators, compared with a reader's walk and std's `BTreeMap`: whole iterations, looking at an
//! end, pages, and bulk building.
//!
//! The contestants take turns in each round, so that disturbances of the machine affect all of
//! them alike. The best round of each is reported. An argument selects the key sets whose names
//! contain it:
//!
//! ```text
//! cargo bench -p bytetrie-benches --bench iterators
//! ```

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::Bound::{Excluded, Unbounded};
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::testing::keys;
use bytetrie::zipper::*;

/// Measures pieces of work in turns, and returns the best time of each.
fn by_turns(rounds: usize, work: &mut [(&str, &mut dyn FnMut())]) -> Vec<Duration> {
    let mut best = vec![Duration::MAX; work.len()];
    for _ in 0..rounds {
        for ((_, work), best) in work.iter_mut().zip(&mut best) {
            let start = Instant::now();
            work();
            *best = start.elapsed().min(*best);
        }
    }
    best
}

/// Prints the times divided by `each`, and their ratios to the first time.
fn report(title: &str, each: usize, rounds: usize, work: &mut [(&str, &mut dyn FnMut())]) {
    let best = by_turns(rounds, work);
    println!("\n{title}");
    for ((name, _), time) in work.iter().zip(&best) {
        let ns = time.as_secs_f64() * 1e9 / each as f64;
        println!("| {name:<28} | {ns:9.1} ns | {:6.2} |", time.as_secs_f64() / best[0].as_secs_f64());
    }
}

fn whole(name: &str, map: &PathMap<u64>, std: &BTreeMap<Vec<u8>, u64>) {
    let count = map.len();
    let mut other = map.clone();
    // The map shares no nodes, as when a program changes its only map.
    other.values_mut().for_each(|value| *value += 1);
    let title = format!("{name}: whole iterations, a value");
    report(
        &title,
        count,
        15,
        &mut [
            ("reader, to_next_get_val", &mut || {
                let mut zipper = map.read_zipper();
                while let Some(value) = zipper.to_next_get_val() {
                    black_box((zipper.path().len(), *value));
                }
            }),
            ("reader, path copied", &mut || {
                let mut zipper = map.read_zipper();
                while let Some(value) = zipper.to_next_get_val() {
                    black_box((zipper.path().to_vec(), *value));
                }
            }),
            ("iter, lend_next", &mut || {
                let mut entries = map.iter();
                while let Some((path, value)) = entries.lend_next() {
                    black_box((path.len(), *value));
                }
            }),
            ("iter, lend_next_back", &mut || {
                let mut entries = map.iter();
                while let Some((path, value)) = entries.lend_next_back() {
                    black_box((path.len(), *value));
                }
            }),
            ("iter", &mut || map.iter().for_each(|entry| drop(black_box(entry)))),
            ("iter, backwards", &mut || map.iter().rev().for_each(|entry| drop(black_box(entry)))),
            ("keys", &mut || map.keys().for_each(|path| drop(black_box(path)))),
            ("range", &mut || map.range(..&[255u8; 20][..]).for_each(|entry| drop(black_box(entry)))),
            ("values", &mut || {
                black_box(map.values().sum::<u64>());
            }),
            ("values, backwards", &mut || {
                black_box(map.values().rev().sum::<u64>());
            }),
            ("iter_mut, lend_next", &mut || {
                let mut entries = other.iter_mut();
                while let Some((path, value)) = entries.lend_next() {
                    *value += path.len() as u64;
                }
            }),
            ("BTreeMap, iter", &mut || {
                std.iter().for_each(|entry| {
                    black_box(entry);
                });
            }),
            ("BTreeMap, keys cloned", &mut || {
                std.iter().for_each(|(path, value)| drop(black_box((path.clone(), *value))));
            }),
        ],
    );
}

fn ends(name: &str, map: &PathMap<u64>, std: &BTreeMap<Vec<u8>, u64>, keys: &[Vec<u8>]) {
    let some: Vec<_> = keys.iter().step_by(keys.len() / 2_000).collect();
    let title = format!("{name}: a look at an end");
    report(
        &title,
        some.len(),
        25,
        &mut [
            ("reader, descend_to, next", &mut || {
                for key in &some {
                    let mut zipper = map.read_zipper();
                    zipper.descend_to(key);
                    black_box(zipper.to_next_val());
                }
            }),
            ("range(k..).next", &mut || {
                for key in &some {
                    black_box(map.range::<[u8], _>((Excluded(&key[..]), Unbounded)).next());
                }
            }),
            ("range(..k).next_back", &mut || {
                for key in &some {
                    black_box(map.range(..&key[..]).next_back());
                }
            }),
            ("range(k..).lend_next", &mut || {
                for key in &some {
                    black_box(map.range::<[u8], _>((Excluded(&key[..]), Unbounded)).lend_next());
                }
            }),
            ("first_key_value", &mut || some.iter().for_each(|_| drop(black_box(map.first_key_value())))),
            ("last_key_value", &mut || some.iter().for_each(|_| drop(black_box(map.last_key_value())))),
            ("BTreeMap, range(k..).next", &mut || {
                for key in &some {
                    black_box(std.range::<[u8], _>((Excluded(&key[..]), Unbounded)).next());
                }
            }),
            ("BTreeMap, first_key_value", &mut || {
                some.iter().for_each(|_| {
                    black_box(std.first_key_value());
                });
            }),
        ],
    );
    let (mut front, mut back, mut theirs, mut removed) = (map.clone(), map.clone(), std.clone(), map.clone());
    for map in [&mut front, &mut back, &mut removed] {
        map.values_mut().for_each(|value| *value += 1);
    }
    let mut sorted = std.keys();
    let title = format!("{name}: popping");
    report(
        &title,
        1_000,
        10,
        &mut [
            ("remove, the path known", &mut || {
                (0..1_000).for_each(|_| {
                    black_box(removed.remove(sorted.next().unwrap()));
                });
            }),
            ("pop_first", &mut || (0..1_000).for_each(|_| drop(black_box(front.pop_first())))),
            ("pop_last", &mut || (0..1_000).for_each(|_| drop(black_box(back.pop_last())))),
            ("BTreeMap, pop_first", &mut || (0..1_000).for_each(|_| drop(black_box(theirs.pop_first())))),
        ],
    );
}

fn pages(name: &str, map: &PathMap<u64>, std: &BTreeMap<Vec<u8>, u64>) {
    let title = format!("{name}: a page of a hundred, of all");
    report(
        &title,
        map.len().div_ceil(100),
        5,
        &mut [
            ("BTreeMap, keys cloned", &mut || {
                let mut entries = std.iter().map(|(path, value)| (path.clone(), value));
                while black_box(entries.by_ref().take(100).collect::<Vec<_>>()).len() == 100 {}
            }),
            ("iter", &mut || {
                let mut entries = map.iter();
                while black_box(entries.by_ref().take(100).collect::<Vec<_>>()).len() == 100 {}
            }),
        ],
    );
}

fn bulk(name: &str, map: &PathMap<u64>, std: &BTreeMap<Vec<u8>, u64>) {
    let title = format!("{name}: bulk, a value");
    let apart = || {
        let mut map = map.clone();
        map.values_mut().for_each(|value| *value += 1);
        map
    };
    report(
        &title,
        map.len(),
        5,
        &mut [
            ("insert in order", &mut || {
                drop(black_box(std.iter().map(|(k, v)| (k, *v)).collect::<PathMap<_>>()))
            }),
            ("from_sorted_iter", &mut || {
                drop(black_box(PathMap::from_sorted_iter(std.iter().map(|(k, v)| (k, *v)))));
            }),
            ("copy of all nodes", &mut || drop(black_box(apart()))),
            ("… and retain all", &mut || apart().retain(|_, value| *value < u64::MAX)),
            ("… and retain half", &mut || apart().retain(|_, value| value % 2 == 0)),
            ("… and into_iter", &mut || apart().into_iter().for_each(|entry| drop(black_box(entry)))),
        ],
    );
}

fn main() {
    let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    let sets = [
        ("words", keys::words(50_000, 1)),
        ("paths", keys::file_paths(50_000, 2)),
        ("random u64", keys::random_u64(200_000, 3)),
        ("consecutive u64", keys::consecutive_u64(200_000)),
    ];
    for (name, keys) in sets.iter().filter(|(name, _)| name.contains(&wanted)) {
        let map: PathMap<u64> = keys.iter().zip(0u64..).collect();
        let std: BTreeMap<Vec<u8>, u64> = keys.iter().cloned().zip(0u64..).collect();
        whole(name, &map, &std);
        ends(name, &map, &std, keys);
        pages(name, &map, &std);
        bulk(name, &map, &std);
    }
}
