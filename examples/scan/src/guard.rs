//! Enforces the deadline while printing is blocked.
//!
//! A system call about a file may never return, but the scan does not wait for such a thread (see
//! `scan.rs`). Output is written to a pipe or a terminal, and if nobody reads it, the thread that
//! prints is blocked, with all locks that it holds. So another thread watches, and ends the
//! process if printing is blocked past the deadline.

use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The time that printing may be blocked after the deadline.
const PATIENCE: Duration = Duration::from_millis(500);

/// The number of threads that are printing, and the time when a thread last began or ended.
static PRINTING: Mutex<(usize, Option<Instant>)> = Mutex::new((0, None));

/// A writer that records when a write may be blocked.
pub(crate) struct Printed<W>(pub(crate) W);

impl<W: Write> Write for Printed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        printing(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        printing(|| self.0.flush())
    }
}

/// Runs an operation that is blocked while nobody reads the output.
pub(crate) fn printing<T>(print: impl FnOnce() -> T) -> T {
    struct Mark;
    impl Drop for Mark {
        fn drop(&mut self) {
            mark(|printing| printing - 1);
        }
    }
    mark(|printing| printing + 1);
    let _mark = Mark;
    print()
}

fn mark(change: impl FnOnce(usize) -> usize) {
    let mut printing = PRINTING.lock().unwrap_or_else(PoisonError::into_inner);
    *printing = (change(printing.0), Some(Instant::now()));
}

/// Returns how long printing has been blocked.
fn stuck(now: Instant) -> Option<Duration> {
    let (printing, since) = *PRINTING.lock().unwrap_or_else(PoisonError::into_inner);
    since.filter(|_| printing > 0).map(|since| now.saturating_duration_since(since))
}

/// Enforces the deadline until it is dropped.
pub(crate) struct Guard {
    _guard: Sender<()>,
}

/// Ends the process with status 1 if printing is blocked past this time, unless the guard was
/// dropped.
#[must_use]
pub(crate) fn until(deadline: Instant) -> Guard {
    let (guard, over) = mpsc::channel();
    thread::spawn(move || {
        let mut wait = deadline.saturating_duration_since(Instant::now()) + PATIENCE;
        while over.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
            if stuck(Instant::now()).is_some_and(|time| time >= PATIENCE) {
                end();
            }
            wait = PATIENCE / 10;
        }
    });
    Guard { _guard: guard }
}

/// Prints the reason, if that is possible without blocking, and ends the process.
fn end() -> ! {
    let (told, over) = mpsc::channel();
    thread::spawn(move || {
        let text = "scan: incomplete: the deadline has passed, and nobody reads the output\n";
        let _ = told.send(io::stderr().write_all(text.as_bytes()));
    });
    let _ = over.recv_timeout(PATIENCE / 5);
    std::process::exit(1)
}
