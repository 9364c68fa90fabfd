//! The number of threads that a parallel walk starts.

use std::collections::HashSet;
use std::num::NonZero;
use std::process::Command;
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::parallel::*;
use parking_lot::Mutex;

fn cores() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

fn slow_visit() {
    thread::sleep(Duration::from_micros(20));
}

/// A visitor that records the thread that drops it: its own thread, or the calling one.
struct Noted<'a>(&'a Mutex<Vec<ThreadId>>);

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        self.0.lock().push(thread::current().id());
    }
}

impl ParallelVisitor<u64> for Noted<'_> {
    fn visit(&mut self, _: &Location<'_, u64>) -> WalkState {
        slow_visit();
        WalkState::Continue
    }
}

#[test]
fn twenty_thousand_threads_are_four_for_each_core() {
    let map: PathMap<u64> =
        (0..20_000u64).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes(), i)).collect();
    let begun = Instant::now();
    let mut walk = map.walk_parallel();
    walk.threads(20_000);
    let dropped = Mutex::new(Vec::new());
    let walked = walk.visit(&mut || Noted(&dropped));
    assert_eq!((walked.complete, walked.visited), (true, 20_000));
    let dropped = dropped.into_inner();
    assert!(dropped.len() <= 4 * cores(), "{} visitors", dropped.len());

    let (states, walked) = walk.run_with(
        || 0u64,
        |count, _| {
            *count += 1;
            WalkState::Continue
        },
    );
    assert!(states.len() <= 4 * cores() && walked.complete);
    assert_eq!(states.iter().sum::<u64>(), 20_000);

    let threads = Mutex::new(HashSet::new());
    let note = || {
        slow_visit();
        threads.lock().insert(thread::current().id());
        1u64
    };
    assert_eq!(walk.fold(|_| note(), |a, b| a + b).value, Some(20_000));
    let sum = |own: u64, branches: Branches<'_, u64>| own + branches.map(|(_, below)| below).sum::<u64>();
    let up = walk.fold_up(|location, branches| sum(location.value().map_or(0, |_| note()), branches));
    assert_eq!(up.into_value(), Some(20_000));
    let shared = walk.fold_shared(|value, branches| sum(value.map_or(0, |_| note()), branches));
    assert_eq!(shared.into_value(), Some(20_000));
    // Three walks, which share the calling thread.
    assert!(threads.into_inner().len() <= 3 * 4 * cores());
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn no_more_threads_are_started_than_there_are_parts() {
    let map = PathMap::from([("a", 1u64), ("b", 2)]);
    let dropped = Mutex::new(Vec::new());
    struct Slow<'a>(Noted<'a>);
    impl ParallelVisitor<u64> for Slow<'_> {
        fn visit(&mut self, location: &Location<'_, u64>) -> WalkState {
            thread::sleep(Duration::from_millis(5));
            self.0.visit(location)
        }
    }
    let walked = map.walk_parallel().threads(4).visit(&mut || Slow(Noted(&dropped)));
    assert_eq!(walked.visited, 2);
    let dropped = dropped.into_inner();
    let threads: HashSet<_> = dropped.iter().collect();
    assert!(dropped.len() == 4 && threads.len() <= 2, "{threads:?}");
}

/// Every root is a task from the start, so many threads have work at once.
#[test]
fn several_roots_are_walked_by_several_threads() {
    let map: PathMap<u64> = (0..8u8).map(|i| ([i, 0], 0)).collect();
    let mut walk = map.walk_parallel();
    walk.threads(4).roots((0..8u8).map(|i| [i]));
    let threads = Mutex::new(HashSet::new());
    let walked = walk.run(|| {
        |_| {
            thread::sleep(Duration::from_millis(5));
            threads.lock().insert(thread::current().id());
            WalkState::Continue
        }
    });
    assert_eq!(walked.visited, 8);
    let threads = threads.into_inner().len();
    assert!((2..=4).contains(&threads), "{threads}");
}

/// A separate process requests threads with a stack that is larger than any machine's memory.
#[test]
#[cfg(target_os = "linux")]
fn where_no_thread_can_be_started_one_does_all() {
    const INSIDE: &str = "BYTETRIE_TEST_NO_THREADS";
    if std::env::var_os(INSIDE).is_none() {
        let name = "started::where_no_thread_can_be_started_one_does_all";
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--test-threads=1"])
            .env("RUST_MIN_STACK", (1u64 << 50).to_string())
            .env(INSIDE, "1")
            .status()
            .unwrap();
        assert!(status.success());
        return;
    }
    assert!(thread::Builder::new().spawn(|| ()).is_err(), "no thread can be started");
    let map: PathMap<u64> = (0..2_000u64).map(|i| (i.to_be_bytes(), i)).collect();
    let dropped = Mutex::new(Vec::new());
    let walked = map.walk_parallel().threads(4).visit(&mut || Noted(&dropped));
    assert_eq!((walked.complete, walked.visited), (true, 2_000));
    assert!(dropped.into_inner().iter().all(|&id| id == thread::current().id()));
}
