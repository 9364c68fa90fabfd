//! `SharedMap` under work stealing: a closure that waits for rayon may have to run another update
//! of the map on its own stack, or wait for a thread that runs one. Neither may deadlock, panic,
//! or lose an update.
//!
//! With `BYTETRIE_STRESS_SECONDS=60`, the stress test runs for a minute.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use bytetrie::testing::keys::Rng;
use bytetrie::{PathMap, SharedMap};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

fn pool(threads: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started")
}

/// Entries with distant paths, so that rayon divides them.
fn scattered(n: u64) -> PathMap<u64> {
    (0..n).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes(), i)).collect()
}

fn sum(map: &PathMap<u64>) -> u64 {
    map.par_iter().map(|(path, value)| *value ^ path.len() as u64).sum()
}

/// Runs `work` on a separate thread, and fails if it does not end in a long time.
#[track_caller]
fn ends(name: &str, work: impl FnOnce() + Send + 'static) {
    const LONG: Duration = Duration::from_secs(20);
    let (done, ended) = mpsc::channel();
    let thread = std::thread::spawn(move || {
        work();
        let _ = done.send(());
    });
    match ended.recv_timeout(LONG) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name}: nothing has happened for {LONG:?}"),
        Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
    }
}

fn count_up(map: &mut PathMap<u64>, path: &[u8]) {
    let next = map.get(path).map_or(1, |count| count + 1);
    map.insert(path, next);
}

#[test]
fn updates_whose_closures_use_rayon_neither_deadlock_nor_panic() {
    let map = scattered(50_000);
    for threads in 1..=8 {
        let map = map.clone();
        ends(&format!("{threads} threads"), move || {
            let pool = pool(threads);
            for _ in 0..4 {
                let shared = SharedMap::from(map.clone());
                pool.install(|| {
                    (0..16u32).into_par_iter().with_max_len(1).for_each(|i| {
                        shared.update(|map| {
                            let sum = sum(map);
                            map.insert([b"sum".as_slice(), &i.to_be_bytes()].concat(), sum);
                            count_up(map, b"count");
                        });
                    });
                });
                let map = shared.into_map();
                assert_eq!((map["count"], map.len()), (16, 50_000 + 17));
            }
        });
    }
}

#[test]
fn nested_pools_neither_deadlock_nor_panic() {
    let map = scattered(20_000);
    for (outer, inner) in [(1, 1), (1, 3), (2, 2), (4, 1), (3, 8)] {
        let map = map.clone();
        ends(&format!("{outer} and {inner} threads"), move || {
            let (outer, inner) = (pool(outer), pool(inner));
            let shared = SharedMap::from(map);
            outer.install(|| {
                (0..24u32).into_par_iter().with_max_len(1).for_each(|i| {
                    shared.update(|map| {
                        // The pool of the task, another pool, and from there the first pool again.
                        let sums = [
                            sum(map),
                            inner.install(|| sum(map)),
                            inner.install(|| outer.install(|| sum(map))),
                        ];
                        assert!(sums[0] == sums[1] && sums[1] == sums[2]);
                        map.insert(i.to_be_bytes(), sums[0]);
                        count_up(map, b"count");
                    });
                });
            });
            assert_eq!(shared.load()["count"], 24);
        });
    }
}

#[test]
fn commits_beside_stolen_updates_lose_nothing() {
    for threads in [1, 2, 4, 8] {
        ends(&format!("{threads} threads"), move || {
            let shared = SharedMap::from(scattered(20_000));
            pool(threads).install(|| {
                (0..32u32).into_par_iter().with_max_len(1).for_each(|i| {
                    if i % 2 == 0 {
                        shared.update(|map| {
                            let sum = sum(map);
                            map.insert([b"sum".as_slice(), &i.to_be_bytes()].concat(), sum);
                            count_up(map, b"count");
                        });
                    } else {
                        let base = shared.load_map();
                        let mut job = base.clone();
                        job.insert([b"job".as_slice(), &i.to_be_bytes()].concat(), sum(&base));
                        shared.try_commit(&base, job).expect("nobody else writes there");
                    }
                });
            });
            let map = shared.into_map();
            assert_eq!((map["count"], map.len()), (16, 20_000 + 33));
        });
    }
}

#[test]
fn two_maps_updated_crosswise_by_stealing_threads() {
    for threads in 1..=8 {
        ends(&format!("{threads} threads"), move || {
            let maps = [SharedMap::from(scattered(5_000)), SharedMap::from(scattered(5_000))];
            let calls = [AtomicU64::new(0), AtomicU64::new(0)];
            pool(threads).install(|| {
                (0..32usize).into_par_iter().with_max_len(1).for_each(|i| {
                    let (first, second) = (i % 2, 1 - i % 2);
                    maps[first].update(|map| {
                        sum(map);
                        maps[second].update(|map| {
                            sum(map);
                            count_up(map, b"inner");
                        });
                        calls[second].fetch_add(1, SeqCst);
                        count_up(map, b"outer");
                    });
                });
            });
            for (map, calls) in maps.into_iter().zip(calls) {
                let map = map.into_map();
                // If an outer closure is called again, it updates the other map again.
                assert_eq!((map["outer"], map["inner"]), (16, calls.into_inner()));
            }
        });
    }
}

/// All operations at once for a few seconds, or as long as the environment variable says.
#[test]
fn a_stress_of_updates_commits_and_readers_ends_with_every_count_right() {
    let seconds =
        std::env::var("BYTETRIE_STRESS_SECONDS").map_or(3, |seconds| seconds.parse().expect("a number"));
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut round, mut longest) = (0, Duration::ZERO);
    while Instant::now() < end {
        round += 1;
        let begun = Instant::now();
        ends(&format!("round {round}"), move || stress(round));
        longest = longest.max(begun.elapsed());
    }
    println!("{round} rounds, of which the longest took {longest:?}");
}

fn stress(seed: u64) {
    let mut rng = Rng::new(seed);
    let maps = Arc::new([SharedMap::from(scattered(3_000)), SharedMap::from(scattered(300))]);
    let pools: Arc<Vec<ThreadPool>> = Arc::new((0..2).map(|_| pool(1 + rng.below(8))).collect());
    let done = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
    let tasks = 40 + rng.below(100) as u64;
    // Started from two threads outside of the pools, so that threads without work wait too.
    let threads = (0..2u64).map(|own| {
        let (maps, pools, done) = (maps.clone(), pools.clone(), done.clone());
        std::thread::spawn(move || {
            pools[own as usize].install(|| {
                (0..tasks as usize).into_par_iter().with_max_len(1).for_each(|i| {
                    let mut rng = Rng::new(seed ^ (own << 40 | i as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                    let which = rng.below(2);
                    let (shared, other) = (&maps[which], &maps[1 - which]);
                    match rng.below(6) {
                        0 => shared.update(|map| count_up(map, b"count")),
                        1 => shared.update(|map| {
                            sum(map);
                            count_up(map, b"count");
                        }),
                        2 => shared.update(|map| {
                            pools[1 - own as usize].install(|| sum(map));
                            count_up(map, b"count");
                        }),
                        3 => shared.update(|map| {
                            other.update(|map| count_up(map, b"crosswise"));
                            sum(map);
                            count_up(map, b"count");
                        }),
                        4 => {
                            let refused = shared.try_update(|map| {
                                map.clear();
                                Err::<(), _>(map.par_iter().count())
                            });
                            assert_eq!(refused, Err(0));
                            return;
                        }
                        _ => {
                            let base = shared.load_map();
                            let mut job = base.clone();
                            job.insert(format!("job/{own}/{i}"), sum(&base));
                            shared.try_commit(&base, job).expect("nobody else writes there");
                            assert!(shared.load().contains(format!("job/{own}/{i}")));
                            return;
                        }
                    }
                    done[which].fetch_add(1, SeqCst);
                });
            });
        })
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    }
    for (map, done) in maps.iter().zip(done.iter()) {
        let map = map.load_map();
        map.check().unwrap();
        assert_eq!(map.get("count").copied().unwrap_or(0), done.load(SeqCst));
    }
}
