//! A file that is open for writing: changes, and the versions that they make.

use std::path::Path;

use bytetrie::file::{FileError, NewCommit, Store};
use bytetrie_examples::cli::Failure;
use bytetrie_examples::figures::count;

use crate::versions::{self, Map, Value, Versions};
use crate::words::Shown;

/// The maximum number of characters of a key in the description of a version.
const LONGEST: usize = 60;

/// A file that is open for writing.
pub struct Session<'a> {
    path: &'a Path,
    store: Store<Value>,
    /// The last version, with the changes that are not committed yet.
    map: Map,
    version: u64,
    /// The number of changes that are not committed yet.
    pending: u64,
    /// The last of these changes, in words.
    change: String,
}

impl<'a> Session<'a> {
    /// Opens a file, and creates it if it does not exist.
    pub fn open(path: &'a Path) -> Result<Self, Failure> {
        let refused = |error: FileError| versions::refused(path, &error);
        let mut store = Store::open(path).map_err(refused)?;
        let map = store.load().map_err(refused)?;
        let last = Versions::of_store(path, &store, &map).iter().next().transpose()?;
        let version = last.map_or(0, |last| last.number);
        Ok(Self { path, store, map, version, pending: 0, change: String::new() })
    }

    /// Returns the number of bytes of an unfinished version, which were cut off.
    pub fn bytes_cut(&self) -> u64 {
        self.store.recovery().bytes_cut
    }

    /// Returns the versions. Nothing may be pending.
    pub fn versions(&self) -> Versions<'_> {
        assert_eq!(self.pending, 0, "queries come after the commit of what is pending");
        Versions::of_store(self.path, &self.store, &self.map)
    }

    /// Returns the number of changes that are not committed yet.
    pub fn pending(&self) -> u64 {
        self.pending
    }

    /// Sets the value of a key.
    pub fn put(&mut self, key: &[u8], value: &[u8]) {
        self.map.insert(key, value.into());
        self.note("put", key);
    }

    /// Deletes a key. Returns false and changes nothing if it does not exist.
    #[must_use]
    pub fn delete(&mut self, key: &[u8]) -> bool {
        let existed = self.map.remove(key).is_some();
        if existed {
            self.note("del", key);
        }
        existed
    }

    fn note(&mut self, what: &str, key: &[u8]) {
        self.pending += 1;
        if self.pending == 1 {
            let key = Shown(key).to_string();
            let cut = key.char_indices().nth(LONGEST).map_or("", |_| "…");
            self.change = format!("{what} {}{cut}", key.chars().take(LONGEST).collect::<String>());
        }
    }

    /// Commits the changes as one version, and returns its number. The version is durable then. If
    /// that fails, the changes are dropped.
    pub fn commit(&mut self) -> Result<u64, Failure> {
        let pending = std::mem::take(&mut self.pending);
        let change = if pending == 1 { self.change.clone() } else { count(pending, "change") };
        let label = versions::label(self.version + 1, &change);
        match self.store.commit_with(&self.map, NewCommit::new().label(label)) {
            Ok(_) => {
                self.version += 1;
                Ok(self.version)
            }
            Err(error) => {
                self.map = self.store.load().map_err(|error| versions::refused(self.path, &error))?;
                Err(versions::refused(self.path, &error))
            }
        }
    }

    /// Forgets all but the newest versions. Returns the number of those that are kept, and the
    /// number of bytes by which the file is shorter.
    pub fn compact(&mut self, keep: u64) -> Result<(u64, u64), Failure> {
        let mut kept = 0;
        let freed = self.store.compact(|_| {
            let is_kept = kept < keep;
            kept += u64::from(is_kept);
            is_kept
        });
        Ok((kept, freed.map_err(|error| versions::refused(self.path, &error))?))
    }
}
