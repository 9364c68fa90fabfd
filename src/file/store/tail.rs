//! Tails: the commits since another one, as a stream of bytes.
//!
//! ```text
//! 8   "BTTail\r\n"
//! 32  id of the commit that the tail continues, as bytes; zeros if it is a whole file
//! 8   number of commits
//! 8   length of the header; 0 unless it is a whole file
//! 8   XXH3 (64 bits) of what is before
//! …   header
//! for each commit, the oldest first:
//! 8   number of bytes between the end of the commit before, or of the header, and the record
//! 8   length of that record
//! …   these bytes, and the record
//! ```

use std::cmp;
use std::fmt;
use std::io::{self, Read};
use std::vec;

use xxhash_rust::xxh3::xxh3_64;

use super::log::Log;
use super::open::Store;
use super::reader::StoreReader;
use crate::file::error::FileError;
use crate::file::info::CommitId;
use crate::file::stored::Stored;

pub(super) const MAGIC: [u8; 8] = *b"BTTail\r\n";

/// The length of what comes before the header or the first commit.
pub(super) const FRONT: usize = 64;

/// The commits of a store since another one, as bytes to be read.
///
/// Created by [`Store::tail_since`] and [`StoreReader::tail_since`]. Copy it to any writer, for
/// example by [`io::copy`]: nothing but one block is in memory.
pub struct Tail<'a> {
    log: &'a Log,
    /// For each commit that is not begun, the offset of its record and of its end.
    commits: vec::IntoIter<(u64, u64)>,
    /// Bytes that do not lie in the file like this, and how many of them were read.
    front: Vec<u8>,
    front_read: usize,
    /// The part of the file that follows.
    at: u64,
    end: u64,
    /// The number of bytes that are left.
    left: u64,
}

impl Log {
    /// The commits since another one; without one, the whole file.
    pub(super) fn tail_since(&self, commit: Option<CommitId>) -> Result<Tail<'_>, FileError> {
        let since = commit.map(|id| self.find(id)).transpose()?;
        let mut commits = Vec::new();
        let mut next = self.last.clone();
        while let Some(info) = next.filter(|info| since.as_ref().is_none_or(|since| since.id() != info.id()))
        {
            commits.push((info.commit.offset, info.end()));
            next = self.before(&info)?;
        }
        commits.reverse();
        // The part of the file before the commits that is sent: its header, or nothing.
        let (at, end) = since.as_ref().map_or((0, self.header_len()), |since| (since.end(), since.end()));
        let mut front = MAGIC.to_vec();
        front.extend(commit.map_or([0; 32], |id| id.to_bytes()));
        front.extend((commits.len() as u64).to_le_bytes());
        front.extend((end - at).to_le_bytes());
        front.extend(xxh3_64(&front).to_le_bytes());
        let left = (front.len() + 16 * commits.len()) as u64 + self.end() - at;
        Ok(Tail { log: self, commits: commits.into_iter(), front, front_read: 0, at, end, left })
    }
}

impl Tail<'_> {
    /// Returns the number of bytes that are left to be read.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.left
    }

    /// Returns true iff all bytes were read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }
}

impl Read for Tail<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.front_read == self.front.len() && self.at == self.end {
            let Some((record, end)) = self.commits.next() else { return Ok(0) };
            self.front.clear();
            self.front.extend((record - self.at).to_le_bytes());
            self.front.extend((end - record).to_le_bytes());
            (self.front_read, self.end) = (0, end);
        }
        let front = &self.front[self.front_read..];
        let read = if front.is_empty() {
            let read = cmp::min(to.len() as u64, self.end - self.at) as usize;
            self.log.storage.read_at(self.at, &mut to[..read])?;
            self.at += read as u64;
            read
        } else {
            let read = cmp::min(to.len(), front.len());
            to[..read].copy_from_slice(&front[..read]);
            self.front_read += read;
            read
        };
        self.left -= read as u64;
        Ok(read)
    }
}

impl fmt::Debug for Tail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tail").field("left", &self.left).finish_non_exhaustive()
    }
}

impl<V: Stored> Store<V> {
    /// Returns everything that was committed since a commit, to be read from, for
    /// [`apply`](Self::apply); without a commit, the whole file.
    ///
    /// # Errors
    /// Fails with [`FileError::NoSuchCommit`] if the file does not have the commit, and if it
    /// cannot be read.
    ///
    /// # Complexity
    /// O(commits since), and O(bytes committed since) to read all of it.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::{FileError, Store};
    ///
    /// let path = |name| std::env::temp_dir().join(format!("bytetrie-{name}-{}", std::process::id()));
    /// let mut origin: Store<u32> = Store::open(path("origin"))?;
    /// let mut copy: Store<u32> = Store::open(path("copy"))?;
    /// let mut map = PathMap::from([("romane", 1)]);
    /// origin.commit(&map)?;
    /// copy.apply(origin.tail_since(None)?)?;
    ///
    /// map.insert("romanus", 2);
    /// origin.commit(&map)?;
    /// let last = copy.last_commit().map(|commit| commit.id());
    /// let mut message = Vec::new(); // or a socket
    /// std::io::copy(&mut origin.tail_since(last)?, &mut message)?;
    /// copy.apply(&message[..])?;
    /// assert_eq!(copy.load()?, map);
    /// # drop((origin, copy));
    /// # std::fs::remove_file(path("origin"))?;
    /// # std::fs::remove_file(path("copy"))?;
    /// # Ok::<(), FileError>(())
    /// ```
    pub fn tail_since(&self, commit: Option<CommitId>) -> Result<Tail<'_>, FileError> {
        self.log.tail_since(commit)
    }
}

impl<V: Stored> StoreReader<V> {
    /// Returns everything that was committed since a commit, as [`Store::tail_since`] does.
    ///
    /// # Errors
    /// As [`Store::tail_since`].
    pub fn tail_since(&self, commit: Option<CommitId>) -> Result<Tail<'_>, FileError> {
        self.log.tail_since(commit)
    }
}
