//! Reads a stream, one path a call.

use std::fmt;
use std::io::{self, ErrorKind, Read};

use zlib_rs::{Inflate, InflateError, InflateFlush, Status};

use super::DeserializationStats;

/// The number of compressed bytes that are read in one call.
const INPUT: usize = 16 << 10;

/// The initial number of bytes for what has been inflated, which grows for longer paths.
const OUTPUT: usize = 32 << 10;

/// The base 2 logarithm of the largest window that a stream may have.
const WINDOW_BITS: u8 = 15;

/// The number of bytes that store the length of a path.
const PREFIX: usize = 4;

/// A reader of a stream that lends one path after the other.
///
/// The checksum of a stream is at its end. Until [`next_path`](Self::next_path) has returned
/// `None`, the paths may be those of a damaged stream.
///
/// The source may be read beyond the end of the stream, by up to 16 KB, and what follows the
/// stream is ignored. [`stats`](Self::stats) returns how many bytes the stream has.
///
/// # Untrusted streams
/// Bytes that are no stream result in an error, never in a panic. Memory grows with the bytes that
/// arrive, not with the lengths that are claimed. Yet zlib compresses bytes to a thousandth at
/// best: four megabytes may contain a path of four gigabytes, or a billion empty paths. So give
/// untrusted streams a [`max_path_len`](Self::max_path_len), and stop after as many paths as the
/// program expects.
///
/// # Complexity
/// O(bytes). The memory in use is about 100 KB, and twice the longest path if it is longer.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::paths_serialization::{PathsReader, serialize_paths};
///
/// let map = PathMap::from([("rom", 1), ("romane", 2)]);
/// let mut stream = Vec::new();
/// serialize_paths(map.read_zipper(), &mut stream)?;
///
/// let mut reader = PathsReader::new(&stream[..]).max_path_len(1_000);
/// assert_eq!(reader.next_path()?, Some(&b"rom"[..]));
/// assert_eq!(reader.next_path()?, Some(&b"romane"[..]));
/// assert_eq!(reader.next_path()?, None);
/// assert_eq!(reader.stats().bytes_in, stream.len());
/// # std::io::Result::Ok(())
/// ```
pub struct PathsReader<R> {
    source: R,
    inflate: Inflate,
    /// Compressed bytes. Those from `consumed` to `read` are still to be inflated.
    input: Box<[u8]>,
    consumed: usize,
    read: usize,
    /// Inflated bytes. Those from `start` to `end` are still to be returned.
    output: Vec<u8>,
    start: usize,
    end: usize,
    rest: Rest,
    max_path_len: usize,
    path_count: usize,
}

/// The part of a stream behind the bytes that have been inflated.
#[derive(Clone, Copy)]
enum Rest {
    /// More bytes, or the checksum.
    More,
    /// Nothing: the stream is complete, and its checksum is right.
    Nothing,
    /// Bytes that cannot be inflated, for this reason.
    Damage(&'static str),
}

impl<R: Read> PathsReader<R> {
    /// Creates a reader at the start of a stream. Reads nothing yet.
    pub fn new(source: R) -> Self {
        Self {
            source,
            inflate: Inflate::new(true, WINDOW_BITS),
            input: vec![0; INPUT].into(),
            consumed: 0,
            read: 0,
            output: vec![0; OUTPUT],
            start: 0,
            end: 0,
            rest: Rest::More,
            max_path_len: usize::MAX,
            path_count: 0,
        }
    }

    /// Refuses paths of more than `len` bytes.
    #[must_use]
    pub fn max_path_len(mut self, len: usize) -> Self {
        self.max_path_len = len;
        self
    }

    /// Returns the next path, or `None` at the end of a complete stream.
    ///
    /// # Errors
    /// - `UnexpectedEof`: the source ends before the stream does.
    /// - `InvalidData`: the source is no zlib stream, or a damaged one; the stream ends within a
    ///   path; or a path is longer than [`max_path_len`](Self::max_path_len).
    /// - `OutOfMemory`: there is no memory for as much of a path as has arrived.
    /// - The errors of the source. `Interrupted` is not returned: the read is repeated.
    ///
    /// An error loses nothing that has been read, so a call after an error of the source
    /// continues.
    pub fn next_path(&mut self) -> io::Result<Option<&[u8]>> {
        if !self.inflate_to(PREFIX)? {
            return if self.start == self.end { Ok(None) } else { Err(invalid("it ends within a length")) };
        }
        let (prefix, _) = self.output[self.start..].split_first_chunk().expect("four bytes");
        let claimed = u32::from_le_bytes(*prefix);
        let len = usize::try_from(claimed).ok().filter(|&len| len <= self.max_path_len);
        let Some(len) = len.and_then(|len| len.checked_add(PREFIX)) else {
            let max = self.max_path_len.min(usize::MAX - PREFIX);
            return Err(invalid(&format!("a path of {claimed} bytes exceeds the limit of {max}")));
        };
        if !self.inflate_to(len)? {
            return Err(invalid("it ends within a path"));
        }
        let path = self.start + PREFIX..self.start + len;
        self.start = path.end;
        self.path_count += 1;
        Ok(Some(&self.output[path]))
    }

    /// Inflates until `len` bytes are there. Returns false if the stream ends before.
    fn inflate_to(&mut self, len: usize) -> io::Result<bool> {
        while self.end - self.start < len {
            match self.rest {
                Rest::More => {}
                Rest::Nothing => return Ok(false),
                Rest::Damage(what) => return Err(invalid(what)),
            }
            if self.start > 0 {
                self.output.copy_within(self.start..self.end, 0);
                self.end -= self.start;
                self.start = 0;
            }
            if self.end == self.output.len() {
                let longer = self.end.saturating_mul(2).min(len);
                self.output.try_reserve_exact(longer - self.end)?;
                self.output.resize(longer, 0);
            }
            // Bytes that did not fit the output before may come without further input.
            if !self.inflate_some()? {
                self.read_some()?;
            }
        }
        Ok(true)
    }

    /// Inflates what there is room for. Returns whether that made any progress.
    fn inflate_some(&mut self) -> io::Result<bool> {
        let (consumed, inflated) = (self.inflate.total_in(), self.inflate.total_out());
        let input = &self.input[self.consumed..self.read];
        let status = self.inflate.decompress(input, &mut self.output[self.end..], InflateFlush::NoFlush);
        let (consumed, inflated) = (self.inflate.total_in() - consumed, self.inflate.total_out() - inflated);
        self.consumed += consumed as usize;
        self.end += inflated as usize;
        self.rest = match status {
            Ok(Status::StreamEnd) => Rest::Nothing,
            Ok(_) => return Ok(consumed + inflated > 0),
            Err(InflateError::MemError) => return Err(ErrorKind::OutOfMemory.into()),
            Err(InflateError::NeedDict { .. }) => Rest::Damage("it needs a dictionary"),
            // zlib's own message depends on how the input was cut.
            Err(_) if self.inflate.total_in() <= 2 => Rest::Damage("it does not begin like a zlib stream"),
            Err(_) => Rest::Damage("zlib refuses its bytes or their checksum"),
        };
        Ok(true)
    }

    /// Reads compressed bytes. All earlier ones have been inflated.
    fn read_some(&mut self) -> io::Result<()> {
        let read = loop {
            match self.source.read(&mut self.input) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        if read == 0 {
            let message = "a stream of paths is cut off: the source ends before it";
            return Err(io::Error::new(ErrorKind::UnexpectedEof, message));
        }
        if read > self.input.len() {
            return Err(io::Error::other("the source returned more bytes than it was asked for"));
        }
        (self.consumed, self.read) = (0, read);
        Ok(())
    }
}

impl<R> PathsReader<R> {
    /// Returns the statistics so far.
    ///
    /// Bytes are counted when they are inflated, which happens before their paths are returned. At
    /// the end of the stream, the numbers are those of the whole stream.
    #[must_use]
    pub fn stats(&self) -> DeserializationStats {
        DeserializationStats {
            bytes_in: super::count(self.inflate.total_in()),
            bytes_out: super::count(self.inflate.total_out()),
            path_count: self.path_count,
        }
    }
}

impl<R> fmt::Debug for PathsReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PathsReader").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, format!("a stream of paths is damaged: {what}"))
}
