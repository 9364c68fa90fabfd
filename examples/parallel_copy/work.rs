//! The work itself: filling `in`, copying it to `out` with several threads, and checking the copy.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::zipper::*;
use bytetrie_examples::progress::Progress;

use crate::input::Input;

/// What a worker receives: where to read, and where to write.
type Pair<'h> = (ReadZipperTracked<'h, 'static, u64>, WriteZipperTracked<'h, 'static, u64>);

/// A worker tells how far it is after so many values.
const STRIDE: u64 = 4096;

/// Puts the input below `in`, each worker's part below the worker's byte.
pub(crate) fn fill(input: &Input) -> PathMap<u64> {
    let mut map = PathMap::new();
    let mut progress = Progress::new("filling", Some(input.pairs()));
    let mut filled = 0;
    let mut zipper = map.write_zipper_at_path(b"in");
    for worker in 0..input.workers() {
        input.for_each(worker, |key, value| {
            zipper.descend_to_byte(worker as u8);
            zipper.descend_to(key);
            zipper.set_val(value);
            zipper.reset();
            filled += 1;
            progress.at(filled);
        });
    }
    drop(zipper);
    map
}

/// Copies every part of `in` to the same place in `out`, by `threads` threads; returns the time it
/// took.
///
/// A part may be copied by any thread, since all that a thread needs comes with the pair of
/// zippers. With as many threads as parts each gets one; with one thread it gets them all.
pub(crate) fn copy(
    map: &mut PathMap<u64>,
    parts: usize,
    threads: usize,
    pairs: u64,
) -> Result<Duration, String> {
    let head = map.zipper_head();
    let mut old = head.write_zipper_at_exclusive_path(b"out").map_err(told)?;
    old.remove_branches(true);
    drop(old);

    let start = Instant::now();
    let copied = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel();
        let mut workers: Vec<Sender<Pair<'_>>> = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (sender, jobs) = mpsc::channel();
            workers.push(sender);
            let (done, copied) = (done.clone(), &copied);
            scope.spawn(move || work(jobs, copied, done));
        }
        drop(done);
        for part in 0..parts {
            let writer = head.write_zipper_at_exclusive_path(place(b"out", part)).map_err(told)?;
            let reader = head.read_zipper_at_path(place(b"in", part)).map_err(told)?;
            // A worker receives until its channel closes, unless it panicked; then the scope
            // panics too.
            let _ = workers[part % threads].send((reader, writer));
        }
        drop(workers);
        wait(&finished, &copied, pairs);
        Ok(start.elapsed())
    })
}

/// A worker: copies what it is sent until the channel closes.
fn work(jobs: Receiver<Pair<'_>>, copied: &AtomicU64, done: Sender<()>) {
    for (mut reader, mut writer) in jobs {
        let mut since_told = 0;
        let witness = reader.witness();
        // Iteration yields what lies below the root; the root's own value is the empty key's.
        if let Some(value) = reader.get_val_with_witness(&witness) {
            writer.set_val(*value);
            since_told += 1;
        }
        while let Some(value) = reader.to_next_get_val_with_witness(&witness) {
            writer.descend_to(reader.path());
            writer.set_val(*value);
            writer.reset();
            since_told += 1;
            if since_told == STRIDE {
                // Only a figure for the progress bar: nothing is ordered by it.
                copied.fetch_add(since_told, Ordering::Relaxed);
                since_told = 0;
            }
        }
    }
    // Whether anybody still listens does not matter to the work.
    let _ = done.send(());
}

/// Shows the progress until every worker is done.
fn wait(finished: &Receiver<()>, copied: &AtomicU64, pairs: u64) {
    let mut progress = Progress::new("copying", Some(pairs));
    loop {
        match finished.recv_timeout(Duration::from_millis(100)) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => progress.show(copied.load(Ordering::Relaxed)),
            // Every worker has dropped its sender: all are done.
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn told(conflict: impl std::fmt::Display) -> String {
    conflict.to_string()
}

fn place(subtrie: &[u8], part: usize) -> Vec<u8> {
    [subtrie, &[part as u8]].concat()
}

/// Compares `out` with `in`, path by path and value by value; returns the number of pairs, or
/// tells a difference.
pub(crate) fn check(map: &PathMap<u64>) -> Result<u64, String> {
    let mut source = map.read_zipper_at_path(b"in");
    let mut copy = map.read_zipper_at_path(b"out");
    let mut pairs = 0;
    loop {
        let (a, b) = (source.to_next_val(), copy.to_next_val());
        if a != b || source.path() != copy.path() || source.val() != copy.val() {
            return Err(format!(
                "after {pairs} pairs the source has \"{}\" = {:?}, the copy \"{}\" = {:?}",
                source.path().escape_ascii(),
                source.val(),
                copy.path().escape_ascii(),
                copy.val(),
            ));
        }
        if !a {
            return Ok(pairs);
        }
        pairs += 1;
    }
}
