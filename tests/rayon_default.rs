//! The default division of work by the feature `rayon`: large work is divided, small work is not.
//!
//! These tests are a program of their own, because the tests in `tests/rayon` call
//! `divide_finely`, which holds for the whole process.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use bytetrie::testing::keys;
use bytetrie::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, PathMap, SELF_IDENT};
use rayon::prelude::*;

/// The threads that have combined values, with their numbers of calls.
#[derive(Default)]
struct Log {
    calls: AtomicUsize,
    threads: Mutex<HashSet<ThreadId>>,
    more: Condvar,
    /// After this number of calls, a call waits for a second thread.
    waits_after: usize,
}

#[derive(Clone)]
struct Watched {
    number: u32,
    log: Arc<Log>,
}

impl Watched {
    fn note(&self) {
        let calls = self.log.calls.fetch_add(1, Relaxed);
        let mut threads = self.log.threads.lock().unwrap();
        if threads.insert(thread::current().id()) {
            self.log.more.notify_all();
        }
        if calls >= self.log.waits_after {
            let one = |threads: &mut HashSet<ThreadId>| threads.len() < 2;
            let wait = Duration::from_secs(20);
            let (_threads, timeout) = self.log.more.wait_timeout_while(threads, wait, one).unwrap();
            assert!(!timeout.timed_out(), "no second thread has come");
        }
    }
}

impl Lattice for Watched {
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        self.note();
        AlgebraicResult::Identity(SELF_IDENT)
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        self.note();
        AlgebraicResult::Identity(COUNTER_IDENT)
    }
}

impl DistributiveLattice for Watched {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        self.note();
        if self.number == other.number {
            AlgebraicResult::None
        } else {
            AlgebraicResult::Identity(SELF_IDENT)
        }
    }
}

fn path(number: u32) -> [u8; 4] {
    number.wrapping_mul(2_654_435_769).to_be_bytes()
}

fn map(log: &Arc<Log>, keys: impl IntoIterator<Item = u32>) -> PathMap<Watched> {
    keys.into_iter().map(|number| (path(number), Watched { number, log: log.clone() })).collect()
}

fn pool() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("threads can be started")
}

#[test]
fn large_work_is_done_by_several_threads() {
    type Call = fn(&PathMap<Watched>, &PathMap<Watched>) -> PathMap<Watched>;
    let calls: [Call; 4] =
        [PathMap::par_join, PathMap::par_meet, PathMap::par_subtract, |a, b| PathMap::par_join_all([a, b])];
    for call in calls {
        // The calling thread may combine some values itself, to estimate the size of the work.
        let log = Arc::new(Log { waits_after: 9_000, ..Log::default() });
        let (a, b) = (map(&log, 0..30_000), map(&log, 5_000..35_000));
        pool().install(|| call(&a, &b));
        assert_eq!(log.threads.lock().unwrap().len(), 2);
    }
}

#[test]
fn small_work_stays_with_the_caller() {
    let log = Arc::new(Log { waits_after: usize::MAX, ..Log::default() });
    let large = map(&log, 0..30_000);
    let mut edited = large.clone();
    for number in (0..30_000u32).step_by(3_000) {
        edited.insert(path(number), Watched { number, log: log.clone() });
    }
    let (small, other) = (map(&log, 0..20), map(&log, 10..30));
    type Call = fn(&[&PathMap<Watched>]) -> PathMap<Watched>;
    let calls: [(&str, Call, &[&PathMap<Watched>], bool); 7] = [
        ("join with a few", |maps| maps[0].par_join(maps[1]), &[&large, &small], false),
        ("join of a few", |maps| maps[0].par_join(maps[1]), &[&small, &other], false),
        ("join", |maps| maps[0].par_join(maps[1]), &[&large, &edited], false),
        ("meet", |maps| maps[0].par_meet(maps[1]), &[&large, &edited], false),
        // Equal numbers have an empty difference.
        ("subtract", |maps| maps[0].par_subtract(maps[1]), &[&large, &edited], true),
        ("join_all", |maps| PathMap::par_join_all(maps.iter().copied()), &[&large, &edited, &large], false),
        (
            "join_all of a few",
            |maps| PathMap::par_join_all(maps.iter().copied()),
            &[&small, &other, &large],
            false,
        ),
    ];
    for (name, call, maps, is_empty) in calls {
        assert_eq!(call(maps).is_empty(), is_empty, "{name}");
        assert_eq!(*log.threads.lock().unwrap(), HashSet::from([thread::current().id()]), "{name}");
    }
}

#[test]
fn large_results_are_those_of_one_thread() {
    pool().install(|| {
        let [words, random] = [keys::words(12_000, 1), keys::random_u64(12_000, 2)];
        for keys in [words, random] {
            let map = |from: usize, of: usize| -> PathMap<u64> {
                keys.iter().skip(from).step_by(of).enumerate().map(|(i, key)| (key, i as u64)).collect()
            };
            let (a, b, c) = (map(0, 2), map(500, 3), map(1, 1));
            assert!(a.par_join(&b) == a.join(&b));
            assert!(a.par_meet(&c) == a.meet(&c));
            assert!(c.par_subtract(&a) == c.subtract(&a));
            assert!(PathMap::par_join_all([&a, &b, &c]) == PathMap::join_all([&a, &b, &c]));
            let entries: Vec<_> = keys.iter().map(|key| (key.clone(), key.len())).collect();
            let sequential: PathMap<usize> = entries.iter().cloned().collect();
            assert!(entries.par_iter().cloned().collect::<PathMap<usize>>() == sequential);
            assert!(PathMap::par_from_sorted(entries) == sequential);
            let total: usize = sequential.values().sum();
            assert_eq!(sequential.par_values().sum::<usize>(), total);
            assert!(sequential.par_iter().collect::<Vec<_>>() == sequential.iter().collect::<Vec<_>>());
        }
    });
}
