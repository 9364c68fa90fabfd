//! The commits of a file that is read in place, and the maps of them.

use std::fmt;
use std::iter::FusedIterator;

use super::trie::Packed;
use crate::file::error::{Damage, FileError};
use crate::file::info::{CommitId, CommitInfo};
use crate::file::record::Commit;
use crate::file::stored::Stored;

/// The commits of a [`Packed`] trie, the newest first.
///
/// Created by [`Packed::commits`].
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct PackedCommits<'p> {
    bytes: &'p [u8],
    file_id: u128,
    header_len: usize,
    /// The offset of the next commit's record.
    next: Option<u64>,
}

impl PackedCommits<'_> {
    /// The commit whose record is at an offset.
    fn read(&self, offset: u64) -> Result<CommitInfo, FileError> {
        let from = |offset: u64| {
            let at = usize::try_from(offset).ok().filter(|&at| at >= self.header_len);
            at.and_then(|at| self.bytes.get(at..)).ok_or(Damage::new(offset, "a commit"))
        };
        CommitInfo::decode(from(offset)?, offset, self.file_id, |previous| {
            let Some(previous) = previous else { return Ok(self.header_len as u64) };
            let label_len = from(previous)?.get(Commit::LABEL_LEN as usize..);
            let label_len = label_len.and_then(|bytes| bytes.first_chunk::<4>());
            let label_len = label_len.ok_or(Damage::new(previous, "a commit"))?;
            Ok(previous + Commit::len_with_label(u32::from_le_bytes(*label_len)))
        })
    }
}

impl Iterator for PackedCommits<'_> {
    type Item = Result<CommitInfo, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.next.take()?;
        let info = self.read(next);
        // Each commit lies before the one that names it, so this ends.
        self.next = info.as_ref().ok().and_then(|info| info.commit.previous);
        Some(info)
    }
}

impl FusedIterator for PackedCommits<'_> {}

impl fmt::Debug for PackedCommits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedCommits").field("next", &self.next).finish_non_exhaustive()
    }
}

impl<'a, V: Stored> Packed<'a, V> {
    /// Returns the commit of this map and all commits before it, the newest first. A file that was
    /// [saved](crate::PathMap::save) has one.
    ///
    /// After a damaged commit, which is an error, the iterator ends.
    ///
    /// # Complexity
    /// O(label) for each commit.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::{FileError, NewCommit, Packed, Store};
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-commits-{}", std::process::id()));
    /// let mut store: Store<u32> = Store::open(&path)?;
    /// let mut map = PathMap::from([("romane", 1)]);
    /// store.commit_with(&map, NewCommit::new().label("old"))?;
    /// map.insert("romane", 2);
    /// store.commit(&map)?;
    ///
    /// let packed = Packed::<u32>::open(&path)?;
    /// assert_eq!(packed.get("romane"), Some(&2));
    /// let old = packed.commits().last().unwrap()?;
    /// assert_eq!(old.label(), "old");
    /// assert_eq!(packed.at(old.id())?.get("romane"), Some(&1));
    /// # drop(store);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), FileError>(())
    /// ```
    pub fn commits(&self) -> PackedCommits<'_> {
        let Self { file_id, header_len, commit, .. } = *self;
        PackedCommits { bytes: &self.data[..self.end], file_id, header_len, next: Some(commit) }
    }

    /// Returns the map of this commit or of one before it, in the same bytes.
    ///
    /// # Errors
    /// Fails with [`FileError::NoSuchCommit`] if the file does not have the commit up to the one
    /// of this map.
    ///
    /// # Complexity
    /// O(label).
    pub fn at(&self, id: CommitId) -> Result<Self, FileError> {
        match self.commits().read(id.offset()) {
            Ok(info) if info.id() == id => {
                Ok(Self::of_commit(self.data.clone(), self.file_id, self.header_len, &info.commit))
            }
            _ => Err(FileError::NoSuchCommit),
        }
    }
}
