//! Trees in files from sorted paths.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::counters::Counters;
use super::errors::io_error;
use super::tree::{ACTMmap, ArenaCompactTree};
use crate::file::Writer;

/// Writes a tree to a file from paths in order, in little memory: a [`Writer`] whose values are
/// `u64`.
///
/// New code can use [`Writer`], which also takes dangling paths and zippers, and does not read the
/// file at the end.
///
/// The file is at its path only after [`finish`](Self::finish), when it is durable; until then the
/// old file is there, if there was one. (pathmap overwrites the file from the beginning on.)
///
/// # Examples
/// ```
/// use bytetrie::arena_compact::ACTOutputStream;
///
/// let path = std::env::temp_dir().join(format!("bytetrie-act-stream-{}", std::process::id()));
/// let mut stream = ACTOutputStream::new(&path)?;
/// stream.push("romane")?;
/// stream.push_val("romanus", 7)?;
/// assert!(stream.push("rom").is_err());
/// let tree = stream.finish()?;
/// assert_eq!((tree.get_val_at("romane"), tree.get_val_at("romanus")), (Some(0), Some(7)));
/// # std::fs::remove_file(&path)?;
/// # std::io::Result::Ok(())
/// ```
pub struct ACTOutputStream {
    writer: Writer<File, u64>,
    path: PathBuf,
}

impl ACTOutputStream {
    /// Begins a file at a path.
    ///
    /// # Errors
    /// Fails if a temporary file beside it cannot be created.
    pub fn new(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        Ok(Self { writer: Writer::create(&path).map_err(io_error)?, path })
    }

    /// Adds a path with the value 0.
    ///
    /// # Errors
    /// As [`push_val`](Self::push_val).
    pub fn push(&mut self, path: impl AsRef<[u8]>) -> io::Result<()> {
        self.push_val(path, 0)
    }

    /// Adds a path with a value. The path must be greater than the one before.
    ///
    /// # Errors
    /// Fails with the kind `InvalidInput` if the path is not greater, and the stream can be used
    /// further. After any other error each call fails.
    pub fn push_val(&mut self, path: impl AsRef<[u8]>, value: u64) -> io::Result<()> {
        self.writer.push(path, value).map_err(io_error)
    }

    /// Writes the rest, puts the file at its path, and opens it.
    ///
    /// # Errors
    /// Fails if the file cannot be written or read. If it cannot be written, what was at the path
    /// before is there.
    pub fn finish(self) -> io::Result<ACTMmap> {
        let finished = self.writer.finish().map_err(io_error)?;
        ArenaCompactTree::open(std::fs::read(&self.path)?.into(), Counters::of(&finished))
    }
}

impl fmt::Debug for ACTOutputStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ACTOutputStream").field("path", &self.path).finish_non_exhaustive()
    }
}
