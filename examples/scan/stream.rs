//! Standard output, shared by the threads that scan: each hands over many whole lines at a time.

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A thread collects so many bytes before it hands them over, unless it is asked for them sooner.
pub(crate) const CHUNK: usize = 64 * 1024;

/// Where the lines go. After an error they go nowhere.
pub(crate) struct Stream<'w> {
    sink: Mutex<Sink<'w>>,
    failed: AtomicBool,
}

struct Sink<'w> {
    writer: &'w mut (dyn Write + Send),
    result: io::Result<()>,
}

impl<'w> Stream<'w> {
    pub(crate) fn new(writer: &'w mut (dyn Write + Send)) -> Self {
        Self { sink: Mutex::new(Sink { writer, result: Ok(()) }), failed: AtomicBool::new(false) }
    }

    /// Writes whole lines, between those of others, and leaves the buffer empty.
    pub(crate) fn write(&self, lines: &mut Vec<u8>) {
        if !lines.is_empty() {
            let mut sink = self.sink.lock().expect("writing does not panic");
            let sink = &mut *sink;
            if sink.result.is_ok() {
                sink.result = sink.writer.write_all(lines).and_then(|()| sink.writer.flush());
                self.failed.store(sink.result.is_err(), Ordering::Relaxed);
            }
        }
        lines.clear();
    }

    /// True if nothing more can be written.
    pub(crate) fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// How writing went.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.sink.into_inner().expect("writing does not panic").result
    }
}
