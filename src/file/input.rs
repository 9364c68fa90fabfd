//! Reading a file front to back: blocks, offsets and checksums.

use std::io::{self, Read};

use xxhash_rust::xxh3::Xxh3;

use super::error::FileError;
use super::limits::Limits;

/// The number of bytes that are asked for at once.
const BLOCK: usize = 1 << 16;

/// A window that moves over the bytes of a source.
///
/// It grows with the bytes that arrive, and never with a length that the bytes claim.
pub(crate) struct Input<R> {
    from: R,
    limits: Limits,
    buffer: Vec<u8>,
    /// The window: the bytes that have arrived and are not consumed.
    start: usize,
    end: usize,
    /// The offset in the file of the first byte of `buffer`.
    base: u64,
    /// Where the bytes begin that the checksum does not cover yet.
    hashed: usize,
    checksum: Box<Xxh3>,
    is_at_end: bool,
}

impl<R: Read> Input<R> {
    /// A window at the beginning of a source.
    pub(crate) fn new(from: R, limits: Limits) -> Self {
        Self {
            from,
            limits,
            buffer: vec![0; 2 * BLOCK],
            start: 0,
            end: 0,
            base: 0,
            hashed: 0,
            checksum: Box::new(Xxh3::new()),
            is_at_end: false,
        }
    }

    /// The offset in the file of the first byte that is not consumed.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.start as u64
    }

    /// The bytes that have arrived and are not consumed.
    #[inline]
    pub(crate) fn window(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Consumes the first `len` bytes of the window.
    #[inline]
    pub(crate) fn consume(&mut self, len: usize) {
        self.start += len;
        debug_assert!(self.start <= self.end);
    }

    /// Returns the checksum of what was consumed since the last call.
    pub(crate) fn take_checksum(&mut self) -> u64 {
        self.hash_consumed();
        let sum = self.checksum.digest();
        self.checksum.reset();
        sum
    }

    /// Leaves what was consumed since the last checksum out of the next one.
    pub(crate) fn skip_checksum(&mut self) {
        self.hashed = self.start;
        self.checksum.reset();
    }

    fn hash_consumed(&mut self) {
        self.checksum.update(&self.buffer[self.hashed..self.start]);
        self.hashed = self.start;
    }

    /// Reads on until the window has `len` bytes; returns false if the source ends before.
    pub(crate) fn fill(&mut self, len: usize) -> Result<bool, FileError> {
        while self.end - self.start < len {
            if self.is_at_end {
                return Ok(false);
            }
            self.make_room();
            match self.from.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.is_at_end = true,
                Ok(read) => {
                    // A reader that claims more than it was lent is not believed.
                    self.end = (self.end + read).min(self.buffer.len());
                    self.limits.check_bytes(self.base + self.end as u64)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Makes room for at least one more block behind the window.
    fn make_room(&mut self) {
        if self.buffer.len() - self.end >= BLOCK {
            return;
        }
        self.hash_consumed();
        self.buffer.copy_within(self.start..self.end, 0);
        self.base += self.start as u64;
        self.end -= self.start;
        (self.start, self.hashed) = (0, 0);
        if self.buffer.len() - self.end < BLOCK {
            self.buffer.resize(2 * self.buffer.len(), 0);
        }
    }
}
