//! Reading a store beside its writer.

use std::fmt;
use std::marker::PhantomData;
use std::path::Path;

use super::commits::Commits;
use super::log::{Log, map_of};
use super::storage::Disk;
use crate::file::error::FileError;
use crate::file::info::{CommitId, CommitInfo};
use crate::file::packed::Packed;
use crate::file::stored::Stored;
use crate::trie::PathMap;

/// The commits of a [`Store`](super::Store), read without its lock.
///
/// A reader sees the commits that were whole when it was opened or [refreshed](Self::refresh). It
/// may see a commit that is not durable yet. After compaction it goes on reading the old file;
/// open another reader to see the new one.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::file::{FileError, Store, StoreReader};
///
/// let path = std::env::temp_dir().join(format!("bytetrie-reader-{}", std::process::id()));
/// let mut store: Store<u32> = Store::open(&path)?;
/// let mut reader: StoreReader<u32> = StoreReader::open(&path)?;
/// store.commit(&PathMap::from([("romane", 1)]))?;
/// assert!(reader.load()?.is_empty());
/// reader.refresh()?;
/// assert_eq!(reader.load()?.len(), 1);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), FileError>(())
/// ```
pub struct StoreReader<V> {
    pub(super) log: Log,
    values: PhantomData<fn() -> V>,
}

impl<V: Stored> StoreReader<V> {
    /// Opens the store at a path for reading. Nothing is written.
    ///
    /// # Errors
    /// Fails if there is no file, or it is not one of a store whose values are of type `V`; see
    /// [`FileError`].
    pub fn open<P: AsRef<Path>>(path: P) -> Result<Self, FileError> {
        let log = Log::open::<V>(Box::new(Disk::open_to_read(path.as_ref())?))?;
        Ok(Self { log, values: PhantomData })
    }

    /// Looks for commits that were made meanwhile.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub fn refresh(&mut self) -> Result<(), FileError> {
        self.log.find_last()
    }

    /// Returns the map of the last commit, which is empty if there is none.
    ///
    /// # Errors
    /// Fails if the file is damaged or cannot be read.
    ///
    /// # Complexity
    /// O(bytes of the file), each time.
    pub fn load(&self) -> Result<PathMap<V>, FileError> {
        match &self.log.last {
            Some(last) => self.at(last.id()),
            None => Ok(PathMap::new()),
        }
    }

    /// Returns the map of any commit.
    ///
    /// # Errors
    /// As [`Store::at`](super::Store::at).
    ///
    /// # Complexity
    /// O(bytes of the file up to the commit).
    pub fn at(&self, id: CommitId) -> Result<PathMap<V>, FileError> {
        let commit = self.log.find(id)?;
        map_of(&self.log.build(std::slice::from_ref(&commit))?, &commit)
    }
}

impl<V: Stored> StoreReader<V> {
    /// Returns the map of any commit, to be read in place, as
    /// [`Store::packed`](super::Store::packed) does.
    ///
    /// # Errors
    /// As [`Store::at`](super::Store::at).
    ///
    /// # Complexity
    /// O(bytes of the file up to the commit), to read them.
    pub fn packed(&self, id: CommitId) -> Result<Packed<'static, V>, FileError> {
        self.log.packed(id)
    }
}

impl<V> StoreReader<V> {
    /// Returns the commits, the newest first.
    pub fn commits(&self) -> Commits<'_> {
        Commits::new(&self.log)
    }

    /// Returns the last commit.
    #[must_use]
    pub fn last_commit(&self) -> Option<&CommitInfo> {
        self.log.last.as_ref()
    }
}

impl<V> fmt::Debug for StoreReader<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreReader").field("last_commit", &self.last_commit()).finish_non_exhaustive()
    }
}
