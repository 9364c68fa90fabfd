//! Idle threads of a parallel walk sleep.
//!
//! This test is a program of its own, because it measures the processor time of the whole process.
#![cfg(target_os = "linux")]

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::parallel::*;

/// Returns the processor time used by all threads of this process.
fn used() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[test]
fn eleven_threads_that_wait_for_the_twelfth_use_no_processor() {
    const THREADS: usize = 12;
    let map: PathMap<u64> = (0..2_000u64).map(|i| (i.to_be_bytes(), i)).collect();
    let (visits, threads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let measured = std::sync::Mutex::new(None);
    let mut walk = map.walk_parallel();
    walk.threads(THREADS);
    let make = || {
        let mut is_new = true;
        let (visits, threads, measured) = (&visits, &threads, &measured);
        move |location: &Location<'_, u64>| {
            if std::mem::take(&mut is_new) {
                threads.fetch_add(1, SeqCst);
            }
            // Long enough for all threads to receive a task.
            thread::sleep(Duration::from_micros(200));
            visits.fetch_add(1, SeqCst);
            if *location.value().unwrap() == 1_999 {
                // All other threads have finished their work, and wait for this one to share its
                // task.
                while visits.load(SeqCst) < 2_000 {
                    thread::sleep(Duration::from_millis(1));
                }
                thread::sleep(Duration::from_millis(50));
                let (begun, before) = (Instant::now(), used());
                thread::sleep(Duration::from_secs(1));
                *measured.lock().unwrap() = Some((used() - before, begun.elapsed()));
            }
            WalkState::Continue
        }
    };
    let walked = walk.run(make);
    // All threads have been started. Each has probably received a task, but that is not
    // guaranteed.
    assert!(walked.visited == 2_000 && threads.into_inner() > 1);
    let (used, took) = measured.into_inner().unwrap().expect("the last value was visited");
    assert!(used < took / 100, "{used:?} of processor in {took:?}");
}
