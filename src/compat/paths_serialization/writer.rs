//! Writes a stream, one path a call.

use std::fmt;
use std::io::{self, Write};

use zlib_rs::{Deflate, DeflateFlush, Status};

use super::SerializationStats;

/// The number of serialized bytes that are compressed in one call, and of compressed bytes that
/// are written in one.
const BLOCK: usize = 32 << 10;

/// The level of compression, zlib's default.
///
/// For a million words, level 9 takes 2.7 times as long for 3.5 % fewer bytes, and level 3 takes
/// 0.32 of the time for 2 % more.
const LEVEL: i32 = 6;

/// The base 2 logarithm of the window. All readers of zlib streams accept this one.
const WINDOW_BITS: u8 = 15;

/// A push-style sink: compresses paths, and writes the stream to `target`.
///
/// The paths need not come from a zipper, and may be in any order. [`finish`](Self::finish) ends
/// the stream. A stream whose writer was dropped before is incomplete, and readers of this crate
/// refuse it.
///
/// To keep the target, pass `&mut target`. It receives blocks of up to 32 KB, and is not flushed.
///
/// After a write has failed or panicked, it is unknown what the target has received. All later
/// calls then return an error and write nothing.
///
/// # Complexity
/// O(bytes). The memory in use is about 450 KB, for paths of any length.
///
/// # Examples
/// ```
/// use bytetrie::paths_serialization::{PathsWriter, for_each_deserialized_path};
///
/// let mut stream = Vec::new();
/// let mut writer = PathsWriter::new(&mut stream);
/// for path in ["rubens", "romane", ""] {
///     writer.push(path)?;
/// }
/// assert_eq!(writer.finish()?.path_count, 3);
///
/// let mut paths = Vec::new();
/// for_each_deserialized_path(&stream[..], |_, path| {
///     paths.push(String::from_utf8_lossy(path).into_owned());
///     Ok(())
/// })?;
/// assert_eq!(paths, ["rubens", "romane", ""]);
/// # std::io::Result::Ok(())
/// ```
#[must_use = "a stream is incomplete until its writer has been finished"]
pub struct PathsWriter<W> {
    /// Serialized bytes that have not been compressed yet.
    raw: Vec<u8>,
    compressor: Compressor<W>,
    bytes_in: usize,
    path_count: usize,
}

impl<W: Write> PathsWriter<W> {
    /// Starts a stream. Writes nothing yet.
    pub fn new(target: W) -> Self {
        Self {
            raw: Vec::with_capacity(BLOCK),
            compressor: Compressor {
                target,
                deflate: Deflate::new(LEVEL, true, WINDOW_BITS),
                block: vec![0; BLOCK].into(),
                failed: false,
            },
            bytes_in: 0,
            path_count: 0,
        }
    }

    /// Adds a path.
    ///
    /// # Errors
    /// Returns the error of the target's write. Most calls only fill a buffer, so the error may
    /// concern an earlier path.
    ///
    /// If the path has 4 GB or more, the error is of the kind `InvalidInput`, and the stream is
    /// unchanged. If an earlier call has failed, it is of the kind `Other`.
    pub fn push<K: AsRef<[u8]>>(&mut self, path: K) -> io::Result<()> {
        let path = path.as_ref();
        self.compressor.check()?;
        let prefix = length(path.len())?.to_le_bytes();
        let len = prefix.len() + path.len();
        if self.raw.len() + len > BLOCK {
            self.compress_raw()?;
        }
        self.raw.extend_from_slice(&prefix);
        if len <= BLOCK {
            self.raw.extend_from_slice(path);
        } else {
            self.compress_raw()?;
            self.compressor.compress(path, DeflateFlush::NoFlush)?;
        }
        self.bytes_in = self.bytes_in.saturating_add(len);
        self.path_count += 1;
        Ok(())
    }

    /// Writes the rest of the stream, and returns the statistics.
    ///
    /// # Errors
    /// Returns the error of the target's write. If an earlier call has failed, the error is of the
    /// kind `Other`.
    pub fn finish(mut self) -> io::Result<SerializationStats> {
        self.compressor.check()?;
        self.compress_raw()?;
        self.compressor.compress(&[], DeflateFlush::Finish)?;
        Ok(SerializationStats {
            bytes_out: super::count(self.compressor.deflate.total_out()),
            bytes_in: self.bytes_in,
            path_count: self.path_count,
        })
    }

    fn compress_raw(&mut self) -> io::Result<()> {
        self.compressor.compress(&self.raw, DeflateFlush::NoFlush)?;
        self.raw.clear();
        Ok(())
    }
}

impl<W> fmt::Debug for PathsWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PathsWriter").field("path_count", &self.path_count).finish_non_exhaustive()
    }
}

/// The compressed half of a stream.
struct Compressor<W> {
    target: W,
    deflate: Deflate,
    /// Where compressed bytes are put before they are written.
    block: Box<[u8]>,
    /// Whether a write has failed or panicked.
    failed: bool,
}

impl<W: Write> Compressor<W> {
    fn check(&self) -> io::Result<()> {
        if self.failed {
            return Err(io::Error::other("an earlier write of this stream has failed"));
        }
        Ok(())
    }

    /// Compresses `input`, and writes what is complete, or with `Finish` everything.
    fn compress(&mut self, mut input: &[u8], flush: DeflateFlush) -> io::Result<()> {
        let finish = matches!(flush, DeflateFlush::Finish);
        // It remains set if the target's write fails or panics.
        self.failed = true;
        while finish || !input.is_empty() {
            let (read, written) = (self.deflate.total_in(), self.deflate.total_out());
            let status = self.deflate.compress(input, &mut self.block, flush);
            let status = status.map_err(|error| io::Error::other(error.as_str()))?;
            input = &input[(self.deflate.total_in() - read) as usize..];
            let len = (self.deflate.total_out() - written) as usize;
            self.target.write_all(&self.block[..len])?;
            if status == Status::StreamEnd {
                break;
            }
        }
        self.failed = false;
        Ok(())
    }
}

/// Returns the length of a path as it is stored.
fn length(len: usize) -> io::Result<u32> {
    u32::try_from(len).map_err(|_| {
        let message = format!("a path of {len} bytes: the format stores lengths below 4 GB");
        io::Error::new(io::ErrorKind::InvalidInput, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_stored_in_four_bytes() {
        assert_eq!(length(0).unwrap(), 0);
        assert_eq!(length(u32::MAX as usize).unwrap(), u32::MAX);
        if let Some(len) = (u32::MAX as usize).checked_add(1) {
            assert_eq!(length(len).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        }
    }
}
