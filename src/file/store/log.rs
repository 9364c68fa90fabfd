//! The file of a store as commits: finding the last whole one, and the others from it.

use std::cmp;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::storage::Storage;
use crate::file::build::Builder;
use crate::file::build_at::build_all_at;
use crate::file::error::{Damage, FileError};
use crate::file::header::{self, Header};
use crate::file::info::{CommitId, CommitInfo};
use crate::file::limits::Limits;
use crate::file::packed::Packed;
use crate::file::record::Commit;
use crate::file::stored::{Stored, ValueType};
use crate::trie::PathMap;

/// The bytes that are read at once.
const BLOCK: u64 = 1 << 16;

/// A file whose commits are known.
pub(super) struct Log {
    pub(super) storage: Box<dyn Storage>,
    pub(super) header: Header,
    header_len: u64,
    pub(super) last: Option<CommitInfo>,
}

impl Log {
    /// Reads the header and finds the last whole commit. Nothing is written.
    pub(super) fn open<V: Stored>(storage: Box<dyn Storage>) -> Result<Self, FileError> {
        let mut bytes = vec![0; cmp::min(storage.len()?, header::LONGEST as u64) as usize];
        storage.read_at(0, &mut bytes)?;
        let (header, len) = Header::decode(&bytes)?;
        header.expect(&ValueType::of::<V>())?;
        let mut log = Self { storage, header, header_len: len as u64, last: None };
        log.find_last()?;
        Ok(log)
    }

    pub(super) fn header_len(&self) -> u64 {
        self.header_len
    }

    /// Where the last whole commit ends.
    pub(super) fn end(&self) -> u64 {
        self.last.as_ref().map_or(self.header_len, |last| last.end())
    }

    /// Finds the last whole commit.
    ///
    /// The bytes of a commit are verified, and those of the commits before it up to one whose
    /// predecessors were durable when it was written.
    pub(super) fn find_last(&mut self) -> Result<(), FileError> {
        let mut at = self.last_before(self.storage.len()?)?;
        let mut last = at.clone();
        while let Some(commit) = at {
            let before = match commit.commit.previous {
                None => None,
                Some(offset) => match self.commit_at(offset) {
                    Err(FileError::Damaged(_)) => {
                        at = self.last_before(commit.commit.offset)?;
                        last.clone_from(&at);
                        continue;
                    }
                    previous => Some(previous?),
                },
            };
            if !self.is_whole(&commit, before.as_ref())? {
                last.clone_from(&before);
            } else if commit.commit.is_anchored {
                break;
            }
            at = before;
        }
        self.last = last;
        Ok(())
    }

    /// The last commit record that ends at or before an offset.
    fn last_before(&self, end: u64) -> Result<Option<CommitInfo>, FileError> {
        let mut len = BLOCK;
        loop {
            let from = cmp::max(end.saturating_sub(len), self.header_len) & !7;
            if from >= end {
                return Ok(None);
            }
            let bytes = self.bytes(from, end)?;
            if let Some(commit) = Commit::last_within(&bytes, from, self.header.id) {
                return self.commit_at(commit.offset).map(Some);
            }
            if from <= self.header_len {
                return Ok(None);
            }
            len *= 4;
        }
    }

    /// The bytes between two offsets.
    pub(super) fn bytes(&self, from: u64, to: u64) -> Result<Vec<u8>, FileError> {
        let len = usize::try_from(to - from).map_err(|_| std::io::ErrorKind::OutOfMemory);
        let mut bytes = vec![0; len.map_err(std::io::Error::from)?];
        self.storage.read_at(from, &mut bytes)?;
        Ok(bytes)
    }

    /// Whether the bytes of a commit have the checksum that it tells.
    pub(super) fn is_whole(
        &self,
        commit: &CommitInfo,
        before: Option<&CommitInfo>,
    ) -> Result<bool, FileError> {
        let mut from = before.map_or(self.header_len, CommitInfo::end);
        if from > commit.commit.offset {
            return Ok(false); // the commits overlap
        }
        let mut checksum = Xxh3::new();
        while from < commit.commit.offset {
            let to = cmp::min(from + 16 * BLOCK, commit.commit.offset);
            checksum.update(&self.bytes(from, to)?);
            from = to;
        }
        Ok(checksum.digest() == commit.commit.checksum)
    }

    /// The commit whose record is at an offset.
    fn commit_at(&self, offset: u64) -> Result<CommitInfo, FileError> {
        let damage = || FileError::from(Damage::new(offset, "a commit"));
        let len = self.storage.len()?;
        // The longest label has 64 kilobytes, but most have a few bytes.
        for wanted in [1 << 10, 1 << 17] {
            let end = cmp::min(len, offset + wanted);
            if offset < self.header_len || offset >= end {
                return Err(damage());
            }
            let bytes = self.bytes(offset, end)?;
            match CommitInfo::decode(&bytes, offset, self.header.id, |previous| self.end_of(previous)) {
                Err(FileError::Damaged(_)) => {}
                decoded => return decoded,
            }
        }
        Err(damage())
    }

    /// Where the commit whose record is at an offset ends; without one, the header.
    fn end_of(&self, commit: Option<u64>) -> Result<u64, FileError> {
        let Some(offset) = commit else { return Ok(self.header_len) };
        let mut label_len = [0; 4];
        self.storage.read_at(offset + Commit::LABEL_LEN, &mut label_len)?;
        Ok(offset + Commit::len_with_label(u32::from_le_bytes(label_len)))
    }

    /// What is told of a commit that was just written.
    pub(super) fn info(&self, commit: Commit) -> Result<CommitInfo, FileError> {
        self.commit_at(commit.offset)
    }

    /// The commit with an id.
    pub(super) fn find(&self, id: CommitId) -> Result<CommitInfo, FileError> {
        if id.file() != self.header.id || id.offset() >= self.end() {
            return Err(FileError::NoSuchCommit);
        }
        match self.commit_at(id.offset()) {
            Ok(commit) if commit.id() == id => Ok(commit),
            Ok(_) | Err(FileError::Damaged(_)) => Err(FileError::NoSuchCommit),
            Err(error) => Err(error),
        }
    }

    /// The commit before another.
    pub(super) fn before(&self, commit: &CommitInfo) -> Result<Option<CommitInfo>, FileError> {
        commit.commit.previous.map(|offset| self.commit_at(offset)).transpose()
    }

    /// The map of a commit, to be read in place.
    pub(super) fn packed<V: Stored>(&self, id: CommitId) -> Result<Packed<'static, V>, FileError> {
        let commit = self.find(id)?;
        Packed::new(self.bytes(0, commit.end())?)?.at(id)
    }

    /// Builds the maps of commits, with the nodes that they share. All bytes up to the newest of
    /// them are verified.
    pub(super) fn build<V: Stored>(&self, commits: &[CommitInfo]) -> Result<Builder<V>, FileError> {
        let newest = commits.iter().max_by_key(|commit| commit.commit.offset);
        let bytes = self.bytes(0, newest.map_or(0, CommitInfo::end))?;
        let mut at = newest.cloned();
        while let Some(commit) = at {
            let before = self.before(&commit)?;
            let from = before.as_ref().map_or(self.header_len, CommitInfo::end);
            let own = bytes.get(from as usize..commit.commit.offset as usize);
            if own.is_none_or(|own| xxh3_64(own) != commit.commit.checksum) {
                return Err(Damage::new(commit.commit.offset + 80, "the checksum of the bytes before").into());
            }
            at = before;
        }
        let roots: Vec<u64> = commits.iter().filter_map(|commit| commit.commit.root).collect();
        build_all_at(&bytes, &roots, Limits::new())
    }
}

/// The map of a commit, of which all nodes are built.
pub(super) fn map_of<V: Stored>(builder: &Builder<V>, commit: &CommitInfo) -> Result<PathMap<V>, FileError> {
    Ok(PathMap::from_root(builder.root(&commit.commit)?))
}
