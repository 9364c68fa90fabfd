//! The deadline, where the process itself cannot keep it: while somebody who reads what it prints
//! does not.
//!
//! A thread that asks the system about a file may never hear of it again, but it need not be
//! waited for (see `scan.rs`). What is printed goes to a pipe or a terminal, though, and if nobody
//! reads there, the thread that prints is stuck, with all that it holds. So another one looks on,
//! and ends the process if that lasts past the deadline.

use std::io::{self, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Printing may take so long after the deadline without any progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// How many threads are printing, and when one last began or ended.
static PRINTING: Mutex<(usize, Option<Instant>)> = Mutex::new((0, None));

/// Writes to a writer that may not take it.
pub(crate) struct Printed<W>(pub(crate) W);

impl<W: Write> Write for Printed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        printing(|| self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        printing(|| self.0.flush())
    }
}

/// Does what may be stuck because nobody reads.
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

/// How long printing has been stuck at a time.
fn stuck(now: Instant) -> Option<Duration> {
    let (printing, since) = *PRINTING.lock().unwrap_or_else(PoisonError::into_inner);
    since.filter(|_| printing > 0).map(|since| now.saturating_duration_since(since))
}

/// As long as it is there, the deadline is kept.
pub(crate) struct Guard {
    _guard: Sender<()>,
}

/// Ends the process with status 1 if printing is stuck past this time, until the guard is dropped.
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

/// Ends the process, and says why, unless nobody listens.
fn end() -> ! {
    let (told, over) = mpsc::channel();
    thread::spawn(move || {
        let text = "scan: incomplete: the deadline has passed, and nobody reads what is printed\n";
        let _ = told.send(io::stderr().write_all(text.as_bytes()));
    });
    let _ = over.recv_timeout(PATIENCE / 5);
    std::process::exit(1)
}
