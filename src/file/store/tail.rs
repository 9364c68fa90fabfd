//! Bringing a copy up to date: the bytes since a commit, and their way into the copy.
//!
//! ```text
//! 8   "BTTail\r\n"
//! 32  id of the commit that the tail continues, as bytes; zeros if it is a whole file
//! 8   offset in the file of the bytes that follow
//! …   bytes of the file
//! ```

use super::info::{CommitId, CommitInfo};
use super::log::Log;
use super::open::Store;
use super::storage::Storage;
use crate::file::error::{Damage, FileError};
use crate::file::stored::Stored;

const MAGIC: [u8; 8] = *b"BTTail\r\n";

/// The length of what comes before the bytes of the file.
const FRONT: usize = 48;

impl<V: Stored> Store<V> {
    /// Returns everything that was committed since a commit, for [`apply`](Self::apply); without a
    /// commit, the whole file.
    ///
    /// # Errors
    /// Fails with [`FileError::NoSuchCommit`] if the file does not have the commit, and if it
    /// cannot be read.
    ///
    /// # Complexity
    /// O(bytes committed since).
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
    /// copy.apply(&origin.tail_since(None)?)?;
    ///
    /// map.insert("romanus", 2);
    /// origin.commit(&map)?;
    /// let last = copy.last_commit().map(|commit| commit.id());
    /// copy.apply(&origin.tail_since(last)?)?;
    /// assert_eq!(copy.load()?, map);
    /// # drop((origin, copy));
    /// # std::fs::remove_file(path("origin"))?;
    /// # std::fs::remove_file(path("copy"))?;
    /// # Ok::<(), FileError>(())
    /// ```
    pub fn tail_since(&self, commit: Option<CommitId>) -> Result<Vec<u8>, FileError> {
        let (id, from) = match commit {
            None => ([0; 32], 0),
            Some(id) => (id.to_bytes(), self.log.find(id)?.end()),
        };
        let mut tail = MAGIC.to_vec();
        tail.extend(id);
        tail.extend(from.to_le_bytes());
        tail.extend(self.log.bytes(from, self.log.end())?);
        Ok(tail)
    }

    /// Appends the commits of a tail, which continues the last commit of this store; a whole file
    /// is taken if this store has no commits. Returns the number of commits appended.
    ///
    /// The checksums of the tail are verified before anything is written, but its nodes are not:
    /// a map with damaged nodes is an error when it is loaded. The commits are appended with one
    /// sync. The next [`load`](Self::load) reads the file again. A tail that is cut behind one of
    /// its commits is a tail up to that commit.
    ///
    /// # Errors
    /// Fails with [`FileError::OtherHistory`] if the tail does not continue the last commit, with
    /// [`FileError::Damaged`] if it is not as it was made, and if the operating system refuses to
    /// write. The store is then as it was, and can be used on unless a sync has failed, as after
    /// [`commit`](Self::commit).
    ///
    /// # Complexity
    /// O(bytes of the tail).
    pub fn apply(&mut self, tail: &[u8]) -> Result<u64, FileError> {
        self.clear_end()?;
        let (front, bytes) = tail.split_at_checked(FRONT).ok_or(Damage::new(0, "a tail"))?;
        if front[..8] != MAGIC {
            return Err(Damage::new(0, "a tail").into());
        }
        let from = u64::from_le_bytes(front[40..].try_into().expect("eight bytes"));
        let id: [u8; 32] = front[8..40].try_into().expect("32 bytes");
        if id == [0; 32] {
            return self.take_whole(bytes);
        }
        let last = self.log.last.as_ref().map(CommitInfo::id);
        if last != Some(CommitId::from_bytes(id)) || from != self.log.end() {
            return Err(FileError::OtherHistory);
        }
        let commits = self.log.verify(bytes)?;
        let Some(commit) = commits.last() else { return Ok(0) };
        let commit = commit.clone();
        self.is_dirty = true;
        self.log.storage.write_at(from, bytes)?;
        self.sync_or_poison()?;
        let commit = self.log.info(commit)?;
        self.is_dirty = false;
        self.is_synced = true;
        self.forget();
        self.log.last = Some(commit);
        Ok(commits.len() as u64)
    }

    /// Puts a whole file in the place of one without commits.
    fn take_whole(&mut self, bytes: &[u8]) -> Result<u64, FileError> {
        if self.log.last.is_some() {
            return Err(FileError::OtherHistory);
        }
        let mut storage: Box<dyn Storage> = self.log.storage.successor()?;
        storage.write_at(0, bytes)?;
        let mut log = Log::open::<V>(storage)?;
        if log.end() != bytes.len() as u64 {
            return Err(Damage::new(log.end(), "a commit at the end").into());
        }
        let mut count = 0;
        let mut next = log.last.clone();
        while let Some(commit) = next {
            next = log.before(&commit)?;
            if !log.is_whole(&commit, next.as_ref())? {
                return Err(Damage::new(commit.commit.offset + 80, "the checksum of the bytes before").into());
            }
            count += 1;
        }
        log.storage.sync()?;
        self.replace_log(log)?;
        self.forget();
        Ok(count)
    }

    /// Forgets the map that is held.
    fn forget(&mut self) {
        self.table = Default::default();
        self.held = None;
    }
}
