//! Standard output, shared by the threads of a scan. Each thread writes many whole lines at a
//! time.

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// The number of bytes that a thread collects before it writes them, unless they are flushed
/// sooner.
pub const CHUNK: usize = 64 * 1024;

/// A shared writer of lines. After an error, lines are discarded.
pub struct Stream {
    sink: Mutex<Sink>,
    failed: AtomicBool,
}

struct Sink {
    writer: Box<dyn Write + Send>,
    result: io::Result<()>,
}

impl Stream {
    pub fn new(writer: impl Write + Send + 'static) -> Self {
        let sink = Sink { writer: Box::new(writer), result: Ok(()) };
        Self { sink: Mutex::new(sink), failed: AtomicBool::new(false) }
    }

    /// Writes whole lines and clears the buffer. The caller must hold no lock, because writing
    /// blocks until the output is read.
    pub fn write(&self, lines: &mut Vec<u8>) {
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

    /// Returns true if writing has failed.
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// Returns the result of all writes. Lines that are written later are discarded.
    pub fn finish(&self) -> io::Result<()> {
        let over = Err(io::ErrorKind::BrokenPipe.into());
        std::mem::replace(&mut self.sink.lock().expect("writing does not panic").result, over)
    }
}
