//! What is known of a commit without its map, and its name.

use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::xxh3_64;

use super::error::FileError;
use super::record::Commit;

/// Names one commit of one file.
///
/// A copy of the file has commits with the same ids. Compaction makes a new file, whose commits
/// have new ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommitId {
    file: u128,
    offset: u64,
    check: u64,
}

impl CommitId {
    pub(crate) fn file(&self) -> u128 {
        self.file
    }

    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the id as bytes, to be sent to whoever has the file.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(&self.file.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.offset.to_le_bytes());
        bytes[24..].copy_from_slice(&self.check.to_le_bytes());
        bytes
    }

    /// Returns the id whose bytes these are. It need not be that of a commit.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        Self { file: u128::from(word(0)) | u128::from(word(8)) << 64, offset: word(16), check: word(24) }
    }
}

/// What a file tells of one of its commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitInfo {
    id: CommitId,
    /// The offset at which the commit before ends, or the header.
    begin: u64,
    pub(crate) commit: Commit,
}

impl CommitInfo {
    /// Decodes the commit whose record begins with `bytes`, at an offset of the file with an id.
    /// `before` returns where the commit before ends, given the offset of its record; without one,
    /// where the header ends.
    ///
    /// # Errors
    /// Fails if the bytes are not those of a commit, or if `before` does.
    pub(crate) fn decode(
        bytes: &[u8],
        offset: u64,
        file: u128,
        before: impl FnOnce(Option<u64>) -> Result<u64, FileError>,
    ) -> Result<Self, FileError> {
        let commit = Commit::decode(bytes, offset, file).map_err(|unread| unread.at_the_end(offset))?;
        let check = xxh3_64(&bytes[..commit.len]);
        Ok(Self { id: CommitId { file, offset, check }, begin: before(commit.previous)?, commit })
    }

    /// The offset at which the commit ends.
    pub(crate) fn end(&self) -> u64 {
        self.commit.offset + self.commit.len as u64
    }

    /// Returns the name of the commit.
    #[must_use]
    pub fn id(&self) -> CommitId {
        self.id
    }

    /// Returns the time at which the commit was made; `None` if it was not recorded.
    #[must_use]
    pub fn time(&self) -> Option<SystemTime> {
        let time = Duration::from_micros(self.commit.time);
        if time.is_zero() { None } else { SystemTime::UNIX_EPOCH.checked_add(time) }
    }

    /// Returns the label of the commit, which is empty if none was chosen.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.commit.label
    }

    /// Returns the number of values in the map.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.commit.counts.values
    }

    /// Returns the number of locations in the map: the root, and all paths that lead to a value or
    /// a dangling tip, with their prefixes.
    ///
    /// It saturates at 2⁶⁴ − 1.
    #[must_use]
    pub fn location_count(&self) -> u64 {
        self.commit.counts.locations
    }

    /// Returns the hash of the map's content, [`content_hash`](crate::file::content_hash).
    ///
    /// All commits of a store have it. `None` if the file was written by another program that does
    /// not compute it.
    #[must_use]
    pub fn content_hash(&self) -> Option<u128> {
        self.commit.hash
    }

    /// Returns true iff the map has no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.commit.counts.values == 0
    }

    /// Returns the number of nodes that were written for the commit.
    #[must_use]
    pub fn nodes_written(&self) -> u64 {
        self.commit.nodes
    }

    /// Returns the number of bytes by which the commit made the file longer.
    #[must_use]
    pub fn bytes_written(&self) -> u64 {
        self.end().saturating_sub(self.begin)
    }
}
