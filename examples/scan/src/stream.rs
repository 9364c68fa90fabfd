//! Standard output, shared by the threads that scan: each hands over many whole lines at a time.

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// A thread collects so many bytes before it hands them over, unless it is asked for them sooner.
pub const CHUNK: usize = 64 * 1024;

/// Where the lines go. After an error they go nowhere.
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

    /// Writes whole lines, between those of others, and leaves the buffer empty. The caller holds
    /// no lock, as this lasts as long as the reader likes.
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

    /// True if nothing more can be written.
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }

    /// How writing went. What is written later goes nowhere.
    pub fn finish(&self) -> io::Result<()> {
        let over = Err(io::ErrorKind::BrokenPipe.into());
        std::mem::replace(&mut self.sink.lock().expect("writing does not panic").result, over)
    }
}
