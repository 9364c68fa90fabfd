//! Opening a store, and loading its maps.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::BuildHasher;
use std::io;
use std::path::{Path, PathBuf};

use super::commits::Commits;
use super::durability::Durability;
use super::log::{Log, map_of};
use super::storage::{Disk, Storage};
use super::table::Table;
use crate::file::error::FileError;
use crate::file::header::Header;
use crate::file::info::{CommitId, CommitInfo};
use crate::file::packed::Packed;
use crate::file::save::Table as _;
use crate::file::stored::{Stored, ValueType};
use crate::trie::PathMap;

/// A file that holds a map and its history, for one writer.
///
/// [`commit`](Self::commit) appends the nodes that the last commit did not have, so it costs
/// O(change). Each commit is a whole map: [`load`](Self::load) returns the last one, and
/// [`at`](Self::at) any other. The file only grows, until [`compact`](Self::compact) writes the
/// commits that are to be kept to a new one. No thread works in the background.
///
/// One store at a time has a file open. It holds the lock of a file beside it, whose name ends in
/// `.lock`, until it is dropped or its process ends. Any number of
/// [`StoreReader`](super::StoreReader)s read
/// meanwhile; they wait for nobody.
///
/// # Crashes
/// A commit is in the file as a whole or not at all. Opening a store finds the last whole commit,
/// and cuts off what a crash has left behind it; [`recovery`](Self::recovery) tells how much. See
/// [`Durability`] for what a crash may take.
///
/// # Examples
/// ```
/// use bytetrie::file::{FileError, Store};
///
/// let path = std::env::temp_dir().join(format!("bytetrie-store-{}", std::process::id()));
/// let mut store: Store<u32> = Store::open(&path)?;
/// let mut map = store.load()?;
/// map.insert("romane", 1);
/// let first = store.commit(&map)?.id();
/// map.insert("romanus", 2);
/// store.commit(&map)?;
/// drop(store);
///
/// let mut store: Store<u32> = Store::open(&path)?;
/// assert_eq!(store.load()?, map);
/// assert_eq!(store.at(first)?.len(), 1);
/// assert_eq!(store.commits().count(), 2);
/// # drop(store);
/// # std::fs::remove_file(&path)?;
/// # Ok::<(), FileError>(())
/// ```
pub struct Store<V> {
    pub(super) log: Log,
    /// The map of the last commit, whose nodes the table has; `None` if it is not in memory.
    pub(super) held: Option<PathMap<V>>,
    pub(super) table: Table,
    pub(super) durability: Durability,
    /// Whether all commits are known to be durable.
    pub(super) is_synced: bool,
    /// Whether bytes may lie behind the last commit.
    pub(super) is_dirty: bool,
    /// Whether a sync has failed, so that nobody knows which bytes are durable.
    pub(super) is_poisoned: bool,
    pub(super) recovery: Recovery,
    /// The file whose lock this store holds.
    _lock: Option<File>,
}

/// What opening a [`Store`] has found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovery {
    /// Whether the file was created.
    pub is_new: bool,
    /// The number of bytes behind the last whole commit, which were cut off.
    pub bytes_cut: u64,
}

/// Takes the lock of the store at a path.
fn lock(path: &Path) -> Result<File, FileError> {
    let mut name =
        path.file_name().ok_or(std::io::ErrorKind::InvalidInput).map_err(std::io::Error::from)?.to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(path.with_file_name(name))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FileError::Locked),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// The path of a file, which may not exist, without symbolic links. It stays that of the file when
/// the process changes its directory.
fn absolute(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            let directory = fs::canonicalize(parent.unwrap_or(Path::new(".")))?;
            Ok(directory.join(path.file_name().ok_or(io::ErrorKind::InvalidInput)?))
        }
        path => path,
    }
}

/// An id that no other file has.
pub(super) fn random_id() -> u128 {
    let half = || RandomState::new().hash_one(std::time::SystemTime::now());
    u128::from(half()) << 64 | u128::from(half()) | 1
}

impl<V: Stored> Store<V> {
    /// Opens the store at a path for writing, and creates it if there is no file.
    ///
    /// What lies behind the last whole commit is cut off. When this returns, the last commit is
    /// durable.
    ///
    /// # Errors
    /// Fails with [`FileError::Locked`] if another store has the file open, if the file is not one
    /// of a store whose values are of type `V`, and if the operating system refuses to read or
    /// write; see [`FileError`].
    ///
    /// # Complexity
    /// O(bytes of the last commit, of all commits since the last sync, and of what lies behind
    /// them).
    pub fn open<P: AsRef<Path>>(path: P) -> Result<Self, FileError> {
        let path = absolute(path.as_ref())?;
        let lock = lock(&path)?;
        Self::open_storage(Box::new(Disk::open(&path)?), Some(lock))
    }

    pub(super) fn open_storage(mut storage: Box<dyn Storage>, lock: Option<File>) -> Result<Self, FileError> {
        let mut recovery = Recovery::default();
        if storage.len()? == 0 {
            storage = Self::create(&*storage)?;
            recovery.is_new = true;
        }
        let mut log = Log::open::<V>(storage)?;
        let (end, len) = (log.end(), log.storage.len()?);
        if end < len {
            log.storage.set_len(end)?;
            recovery.bytes_cut = len - end;
        }
        // Whoever put the file in its place may have been killed before its name was durable.
        log.storage.sync()?;
        log.storage.sync_name()?;
        Ok(Self {
            log,
            held: None,
            table: Table::default(),
            durability: Durability::Sync,
            is_synced: true,
            is_dirty: false,
            is_poisoned: false,
            recovery,
            _lock: lock,
        })
    }

    /// Puts a file without commits in the place of an empty one, whole or not at all.
    fn create(empty: &dyn Storage) -> Result<Box<dyn Storage>, FileError> {
        let header = Header { values: ValueType::of::<V>(), id: random_id() };
        header.expect(&header.values)?;
        let mut storage = empty.successor()?;
        storage.write_at(0, &header.encode())?;
        storage.sync()?;
        storage.install()?;
        storage.sync_name()?;
        Ok(storage)
    }

    /// Returns what opening the store has found.
    #[must_use]
    pub fn recovery(&self) -> Recovery {
        self.recovery
    }

    /// Returns the map of the last commit, which is empty if there is none.
    ///
    /// Call this before committing to a file that has commits. Otherwise the store does not know
    /// which nodes are already in the file, and writes all nodes of the map again.
    ///
    /// # Errors
    /// Fails if the file is damaged or cannot be read.
    ///
    /// # Complexity
    /// O(bytes of the file) the first time, and O(1) afterwards.
    pub fn load(&mut self) -> Result<PathMap<V>, FileError> {
        if let Some(held) = &self.held {
            return Ok(held.clone());
        }
        let Some(last) = self.log.last.clone() else { return Ok(PathMap::new()) };
        let builder = self.log.build(std::slice::from_ref(&last))?;
        let map = map_of(&builder, &last)?;
        self.table = Table::default();
        for (written, node) in builder.nodes() {
            self.table.insert(node.lent(), written);
        }
        if let Some(root) = &map.root {
            self.table.enter(root.lent());
        }
        self.held = Some(map.clone());
        Ok(map)
    }

    /// Returns the map of any commit.
    ///
    /// # Errors
    /// Fails with [`FileError::NoSuchCommit`] if the file does not have the commit, and if the file
    /// is damaged or cannot be read.
    ///
    /// # Complexity
    /// O(bytes of the file up to the commit).
    pub fn at(&self, id: CommitId) -> Result<PathMap<V>, FileError> {
        let commit = self.log.find(id)?;
        map_of(&self.log.build(std::slice::from_ref(&commit))?, &commit)
    }
}

impl<V: Stored> Store<V> {
    /// Returns the map of any commit, to be read in place.
    ///
    /// The bytes of the file up to the commit are read, but nothing is built of them. To read
    /// nothing but what is used, map the file: `Packed::map(path)?.at(id)` with the feature `mmap`.
    ///
    /// # Errors
    /// As [`at`](Self::at).
    ///
    /// # Complexity
    /// O(bytes of the file up to the commit), to read them.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::{FileError, Store};
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-in-place-{}", std::process::id()));
    /// let mut store: Store<u32> = Store::open(&path)?;
    /// let old = store.commit(&PathMap::from([("romane", 1)]))?.id();
    /// store.commit(&PathMap::from([("romane", 2)]))?;
    /// assert_eq!(store.packed(old)?.get("romane"), Some(&1));
    /// # drop(store);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), FileError>(())
    /// ```
    pub fn packed(&self, id: CommitId) -> Result<Packed<'static, V>, FileError> {
        self.log.packed(id)
    }
}

impl<V> Store<V> {
    /// Returns the commits, the newest first.
    ///
    /// # Complexity
    /// O(label) for each commit.
    pub fn commits(&self) -> Commits<'_> {
        Commits::new(&self.log)
    }

    /// Returns the last commit.
    #[must_use]
    pub fn last_commit(&self) -> Option<&CommitInfo> {
        self.log.last.as_ref()
    }

    /// Sets how durable commits are when they return. At first this is [`Durability::Sync`].
    pub fn set_durability(&mut self, durability: Durability) {
        self.durability = durability;
    }
}

impl<V> fmt::Debug for Store<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("last_commit", &self.last_commit()).finish_non_exhaustive()
    }
}
