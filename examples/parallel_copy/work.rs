//! The job itself: fills `in`, copies it to `out` with several threads, and checks the copy.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::zipper::*;
use bytetrie_examples::progress::Progress;

use crate::input::Input;

/// The zippers that a worker receives: one to read, and one to write.
type Pair<'h> = (ReadZipperTracked<'h, 'static, u64>, WriteZipperTracked<'h, 'static, u64>);

/// The number of values after which a worker reports its progress.
const STRIDE: u64 = 4096;

/// Inserts the input below `in`. Each worker's part is below the byte of the worker's number.
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

/// Copies every part of `in` to the corresponding place in `out` with `threads` threads, and
/// returns the elapsed time.
///
/// Any thread can copy any part, because the pair of zippers is all that a thread needs. The parts
/// are dealt out in turn: with one thread per part, each thread receives one part.
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
            // Sending fails only if the worker has panicked. The scope then panics too.
            let _ = workers[part % threads].send((reader, writer));
        }
        drop(workers);
        wait(&finished, &copied, pairs);
        Ok(start.elapsed())
    })
}

/// Runs a worker: copies each part that it receives, until the channel closes.
fn work(jobs: Receiver<Pair<'_>>, copied: &AtomicU64, done: Sender<()>) {
    for (mut reader, mut writer) in jobs {
        let mut since_told = 0;
        let witness = reader.witness();
        // Iteration yields the values below the root. The value at the root is that of the empty
        // key.
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
                // Relaxed, because this number is only shown by the progress bar.
                copied.fetch_add(since_told, Ordering::Relaxed);
                since_told = 0;
            }
        }
    }
    // An error means that nobody is waiting, which does not matter here.
    let _ = done.send(());
}

/// Shows the progress until every worker is done.
fn wait(finished: &Receiver<()>, copied: &AtomicU64, pairs: u64) {
    let mut progress = Progress::new("copying", Some(pairs));
    loop {
        match finished.recv_timeout(Duration::from_millis(100)) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => progress.show(copied.load(Ordering::Relaxed)),
            // Every worker has dropped its sender, so all are done.
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

/// Compares `out` with `in`, path by path and value by value. Returns the number of pairs, or
/// describes the first difference.
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
