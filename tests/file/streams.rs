//! Readers and writers that are slow, interrupted, or fail.

use std::io::{self, Read, Write};

use bytetrie::PathMap;
use bytetrie::file::FileError;
use bytetrie::testing::keys;

use crate::saved;

/// Writes and reads few bytes at a time, is interrupted in between, and fails at some byte.
struct Slow<T> {
    inner: T,
    chunk: usize,
    calls: usize,
    left: usize,
}

impl<T> Slow<T> {
    fn new(inner: T, chunk: usize, left: usize) -> Self {
        Self { inner, chunk, calls: 0, left }
    }

    /// The number of bytes that this call may process.
    fn next(&mut self, wanted: usize) -> io::Result<usize> {
        self.calls += 1;
        if self.calls.is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if self.left == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let len = self.chunk.min(wanted).min(self.left);
        self.left -= len;
        Ok(len)
    }
}

impl<W: Write> Write for Slow<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = self.next(bytes.len())?;
        self.inner.write(&bytes[..len])
    }
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Slow<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let len = self.next(bytes.len())?;
        self.inner.read(&mut bytes[..len])
    }
}

fn samples() -> [PathMap<u64>; 3] {
    [
        PathMap::new(),
        keys::words(50, 1).into_iter().zip(0..).collect(),
        // More than one block.
        keys::random_u64(30_000, 2).into_iter().zip(0..).collect(),
    ]
}

#[test]
fn few_bytes_at_a_time() {
    for map in samples() {
        let bytes = saved(&map);
        for chunk in [1, 7, 1000] {
            let mut slow = Slow::new(Vec::new(), chunk, usize::MAX);
            map.save(&mut slow).unwrap();
            assert_eq!(slow.inner, bytes);
            assert!(PathMap::load(Slow::new(&bytes[..], chunk, usize::MAX)).unwrap() == map);
        }
    }
}

#[test]
fn writers_and_readers_that_fail() {
    for map in samples() {
        let bytes = saved(&map);
        let step = (bytes.len() / 300).max(1);
        for left in (0..bytes.len()).step_by(step) {
            let mut slow = Slow::new(Vec::new(), usize::MAX, left);
            let error = map.save(&mut slow).unwrap_err();
            assert!(matches!(error, FileError::Io(error) if error.kind() == io::ErrorKind::StorageFull));
            assert!(bytes.starts_with(&slow.inner));
            let error = PathMap::<u64>::load(Slow::new(&bytes[..], usize::MAX, left)).unwrap_err();
            assert!(matches!(error, FileError::Io(error) if error.kind() == io::ErrorKind::StorageFull));
            PathMap::<u64>::load(&slow.inner[..]).unwrap_err();
        }
        assert_eq!(saved(&map), bytes);
    }
}

/// A flush that fails, as the last step of some encoders does.
#[test]
fn a_flush_that_fails() {
    struct NoFlush;
    impl Write for NoFlush {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    assert!(matches!(PathMap::single("a", 1u8).save(NoFlush), Err(FileError::Io(_))));
}

/// A reader that claims to have read more than it was lent.
#[test]
fn a_reader_that_lies() {
    struct Liar;
    impl Read for Liar {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            bytes.fill(b'x');
            Ok(usize::MAX)
        }
    }
    assert!(matches!(PathMap::<u8>::load(Liar), Err(FileError::NotATrie { .. })));
}

#[test]
fn a_writer_that_panics_leaves_the_map() {
    struct Panicking(usize);
    impl Write for Panicking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).expect("the writer panics");
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let map: PathMap<u64> = keys::random_u64(30_000, 2).into_iter().zip(0..).collect();
    let bytes = saved(&map);
    for writes in 0..4 {
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| map.save(Panicking(writes))));
        caught.unwrap_err();
    }
    map.check().unwrap();
    assert_eq!(saved(&map), bytes);
}
