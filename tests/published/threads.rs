//! `SharedMap` used by many threads. Every thread is joined by its handle, because ThreadSanitizer
//! sees no other end of a thread.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use bytetrie::testing::values::Census;
use bytetrie::zipper::*;
use bytetrie::{PathMap, SharedMap};

/// The paths that every update sets to one value, so that a partial update would be visible.
const PLACES: u64 = 40;

fn place(i: u64) -> [u8; 3] {
    [(i % 3) as u8, b'/', i as u8]
}

/// Returns the value that all these paths have.
#[track_caller]
fn version(map: &PathMap<u64>) -> u64 {
    let version = map[place(0)];
    let mut reader = map.read_zipper();
    let mut count = 0;
    while let Some(value) = reader.to_next_get_val() {
        assert_eq!(*value, version);
        count += 1;
    }
    assert_eq!(count, PLACES);
    version
}

fn advance(map: &mut PathMap<u64>) -> u64 {
    let next = map.get(place(0)).map_or(0, |version| version + 1);
    for i in 0..PLACES {
        map.insert(place(i), next);
    }
    next
}

fn shared() -> Arc<SharedMap<u64>> {
    let shared = SharedMap::new();
    assert_eq!(shared.update(advance), 0);
    Arc::new(shared)
}

/// Joins threads by their handles, and propagates panics.
fn join<T>(threads: Vec<thread::JoinHandle<T>>) -> Vec<T> {
    threads
        .into_iter()
        .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        .collect()
}

/// An event of a thread: its start and end by a clock that all threads share, and the version.
struct Done {
    from: u64,
    to: u64,
    version: u64,
}

/// All loads and updates are linearizable: there is an order that agrees with their versions, and
/// in which an event that ended before another began comes first.
#[test]
fn loads_and_updates_happen_at_one_moment_each() {
    const UPDATES: u64 = 150;
    let (shared, clock) = (shared(), Arc::new(AtomicU64::new(0)));
    let (start, over) = (Arc::new(Barrier::new(5)), Arc::new(AtomicBool::new(false)));
    let record = |clock: &AtomicU64, work: &dyn Fn() -> u64| {
        let from = clock.fetch_add(1, SeqCst);
        let version = work();
        Done { from, to: clock.fetch_add(1, SeqCst), version }
    };
    let writers: Vec<_> = (0..2)
        .map(|_| {
            let (shared, clock, start) = (shared.clone(), clock.clone(), start.clone());
            thread::spawn(move || {
                start.wait();
                (0..UPDATES).map(|_| record(&clock, &|| shared.update(advance))).collect::<Vec<_>>()
            })
        })
        .collect();
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (shared, clock, start, over) = (shared.clone(), clock.clone(), start.clone(), over.clone());
            thread::spawn(move || {
                start.wait();
                let mut loads = Vec::new();
                while !over.load(Relaxed) {
                    loads.push(record(&clock, &|| version(&shared.load())));
                }
                loads
            })
        })
        .collect();
    let mut updates: Vec<Done> = join(writers).into_iter().flatten().collect();
    over.store(true, Relaxed);
    let loads = join(readers);

    updates.sort_by_key(|update| update.version);
    assert!(updates.iter().map(|update| update.version).eq(1..=2 * UPDATES), "no update is lost");
    // An update must not begin after an update with a later version has ended.
    for pair in updates.windows(2) {
        assert!(pair[0].from < pair[1].to);
    }
    // The earliest and the latest time at which each version may have been published.
    let begun = |version: u64| if version == 0 { 0 } else { updates[version as usize - 1].from };
    let ended = |version: u64| updates.get(version as usize).map_or(u64::MAX, |next| next.to);
    for loads in loads {
        for load in &loads {
            assert!(begun(load.version) < load.to || load.version == 0, "read before it was written");
            assert!(load.from < ended(load.version), "read after it was replaced");
        }
        assert!(loads.windows(2).all(|pair| pair[0].version <= pair[1].version), "versions go forwards");
    }
}

/// There is no shared clock here: only the map itself orders the events of the threads.
#[test]
fn readers_see_whole_updates_and_keep_what_they_saw() {
    let shared = shared();
    let writers = (0..2).map(|_| {
        let shared = shared.clone();
        thread::spawn(move || {
            for i in 0..100 {
                if i % 7 == 0 {
                    let _ = shared.try_update(|map| {
                        map.clear();
                        Err::<(), ()>(())
                    });
                }
                shared.update(advance);
            }
        })
    });
    let readers = (0..3).map(|reader| {
        let shared = shared.clone();
        thread::spawn(move || {
            let (mut kept, mut last) = (Vec::new(), 0);
            while last < 200 {
                let snapshot = shared.load();
                let now = version(&snapshot);
                assert!(last <= now);
                if now > last && now % 9 == reader {
                    let map = if now.is_multiple_of(2) { snapshot.to_map() } else { shared.load_map() };
                    kept.push((now, snapshot, map));
                }
                last = now;
            }
            for (then, snapshot, map) in kept {
                assert_eq!(version(&snapshot), then);
                assert!(version(&map) >= then);
            }
        })
    });
    let threads = writers.chain(readers).collect();
    join(threads);
    assert_eq!(version(&shared.load()), 200);
}

/// Each thread increments counts at its own paths and at one shared path, and retries after a
/// conflict.
#[test]
fn commits_lose_nothing() {
    const THREADS: u64 = 4;
    const ROUNDS: u64 = 25;
    let shared = Arc::new(SharedMap::from_iter([("all", 0u64)]));
    let threads = (0..THREADS).map(|own| {
        let shared = shared.clone();
        thread::spawn(move || {
            let mut conflicts = 0u64;
            for round in 0..ROUNDS {
                // Disjoint paths never conflict.
                let base = shared.load_map();
                let mut job = base.clone();
                job.insert(format!("own/{own}/{round}"), round);
                shared.try_commit(&base, job).expect("nobody else writes there");
                loop {
                    let base = shared.load_map();
                    let mut job = base.clone();
                    *job.get_mut("all").expect("it is there") += 1 + own;
                    job.insert(format!("own/{own}/last"), round);
                    match shared.try_commit(&base, job) {
                        Ok(merged) => {
                            assert_eq!(merged.get(format!("own/{own}/last")), Some(&round));
                            break;
                        }
                        Err(conflict) => {
                            assert_eq!(conflict.paths(), [b"all"]);
                            conflicts += 1;
                        }
                    }
                }
            }
            conflicts
        })
    });
    let threads: Vec<_> = threads.collect();
    join(threads);
    let map = shared.load_map();
    map.check().unwrap();
    // Two commits conflict because they add different amounts.
    assert_eq!(map["all"], ROUNDS * (1..=THREADS).sum::<u64>());
    assert_eq!(map.len() as u64, 1 + THREADS * (ROUNDS + 1));
}

/// The last owner of a map frees it: no value leaks, and none is dropped twice.
#[test]
fn the_last_of_many_holders_frees_a_map() {
    let census = Census::new();
    let shared = Arc::new(SharedMap::new());
    let start = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4u8)
        .map(|thread| {
            let (shared, census, start) = (shared.clone(), census.clone(), start.clone());
            thread::spawn(move || {
                start.wait();
                for i in 0..100u8 {
                    let held = [shared.load(), shared.load()];
                    shared.update(|map| map.insert([thread, i % 10], census.counted(i)));
                    if i % 3 == 0 {
                        drop(held[0].clone());
                    }
                }
            })
        })
        .collect();
    join(threads);
    assert_eq!(shared.load().len(), 40);
    assert_eq!(census.live(), 40);
    drop(shared);
    assert_eq!(census.live(), 0);
}

/// A slow closure is overtaken by others at first, but is published in the end.
#[test]
fn a_long_update_is_not_starved_by_short_ones() {
    let shared = Arc::new(SharedMap::from_iter([("short", 0u64)]));
    let over = Arc::new(AtomicBool::new(false));
    let writers = (0..3).map(|_| {
        let (shared, over) = (shared.clone(), over.clone());
        thread::spawn(move || {
            let mut updates = 0u64;
            while !over.load(Relaxed) {
                shared.update(|map| *map.get_mut("short").expect("it is there") += 1);
                updates += 1;
            }
            updates
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut called = 0u64;
    shared.update(|map| {
        called += 1;
        thread::sleep(Duration::from_millis(100));
        map.insert("long", called);
    });
    over.store(true, Relaxed);
    let updates: u64 = join(writers).into_iter().sum();
    assert_eq!((shared.load()["short"], shared.load()["long"]), (updates, called));
    assert!(called <= 12, "{called} calls");
}

/// Each of two maps is updated within an update of the other, so that attempts overtake each
/// other.
#[test]
fn two_maps_updated_crosswise() {
    let maps = Arc::new([shared(), shared()]);
    let threads = (0..4usize).map(|own| {
        let maps = maps.clone();
        thread::spawn(move || {
            let [first, second] = [&maps[own % 2], &maps[1 - own % 2]];
            let mut inner = 0;
            for _ in 0..25 {
                first.update(|map| {
                    second.update(advance);
                    inner += 1;
                    advance(map)
                });
            }
            inner
        })
    });
    let inner: Vec<u64> = join(threads.collect());
    for which in 0..2 {
        assert_eq!(version(&maps[which].load()), 50 + inner[1 - which] + inner[3 - which]);
    }
}
