//! Committing: writing the nodes that the last commit did not have.

use std::time::{Duration, SystemTime};

use super::durability::Durability;
use super::open::Store;
use super::storage::Appender;
use crate::file::counts::Counts;
use crate::file::error::FileError;
use crate::file::info::CommitInfo;
use crate::file::output::Output;
use crate::file::record::Commit;
use crate::file::save::save_nodes;
use crate::file::stored::{Stored, value_hash};
use crate::fold::hash_keeping;
use crate::trie::PathMap;

/// What is noted with a commit: a label and a time.
///
/// # Examples
/// ```
/// use std::time::SystemTime;
/// use bytetrie::file::NewCommit;
///
/// let commit = NewCommit::new().label("import of May").time(SystemTime::UNIX_EPOCH);
/// # let _ = commit;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct NewCommit {
    label: String,
    time: Option<SystemTime>,
}

impl NewCommit {
    /// An empty label, and the time at which the commit is made.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the label.
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// Sets the time. It is kept in microseconds. 1970-01-01 and earlier times are not recorded.
    pub fn time(self, time: SystemTime) -> Self {
        Self { time: Some(time), ..self }
    }

    fn micros(&self) -> u64 {
        let time = self.time.unwrap_or_else(SystemTime::now);
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        u64::try_from(since.as_micros()).unwrap_or(0)
    }
}

impl<V: Stored> Store<V> {
    /// Appends a commit of a map, and returns what is known of it.
    ///
    /// Writes only the nodes that the last committed or [loaded](Self::load) map does not have. So
    /// commit a changed clone of that map: maps that were built separately share no nodes. The
    /// first commit after loading, or after applying a tail, also hashes all nodes of the map.
    ///
    /// The store keeps a clone of the map. So the first writes to yours afterwards copy the nodes
    /// on their paths, as after any clone.
    ///
    /// # Errors
    /// Fails if the operating system refuses to write. The last commit is then that before, and the
    /// store can be used on: the next commit cuts off what this one has written. However, if the
    /// sync fails, the commit may or may not be in the file, and the store refuses all further
    /// commits with [`FileError::Poisoned`] until it is opened again.
    ///
    /// # Panics
    /// Panics if writing a value panics. The last commit is then that before.
    ///
    /// # Complexity
    /// O(bytes of the nodes that only this map or only the last one has), and one sync.
    pub fn commit(&mut self, map: &PathMap<V>) -> Result<CommitInfo, FileError> {
        self.commit_with(map, NewCommit::new())
    }

    /// Appends a commit with a label and a time; otherwise like [`commit`](Self::commit).
    ///
    /// # Errors
    /// As [`commit`](Self::commit).
    ///
    /// # Panics
    /// As [`commit`](Self::commit), and if the label has more than 65,535 bytes.
    pub fn commit_with(&mut self, map: &PathMap<V>, what: NewCommit) -> Result<CommitInfo, FileError> {
        self.clear_end()?;
        // Until the commit is whole, any error or panic leaves bytes behind the last one, and
        // fresh nodes in the table.
        self.is_dirty = true;
        let commit = Commit {
            time: what.micros(),
            is_anchored: self.is_synced,
            label: what.label,
            ..Commit::default()
        };
        let commit = self.append(map, commit)?;
        if self.durability == Durability::Sync {
            self.sync_or_poison()?;
        }
        self.is_synced = self.durability == Durability::Sync;
        self.is_dirty = false;
        self.log.last = Some(commit.clone());
        if let Some(root) = &map.root {
            self.table.enter(root.lent());
        }
        let old = self.held.replace(map.clone());
        if let Some(root) = old.as_ref().and_then(|old| old.root.as_ref()) {
            self.table.leave(root.lent());
        }
        Ok(commit)
    }

    /// Writes the nodes of a map that are not in the file, and the record of the commit.
    fn append(&mut self, map: &PathMap<V>, commit: Commit) -> Result<CommitInfo, FileError> {
        let end = self.log.end();
        let last = self.log.last.as_ref().map(|last| last.commit.offset);
        let to = Appender { storage: &mut *self.log.storage, at: end };
        let mut output = Output::resume(to, &self.log.header.values, self.log.header.id, end, last);
        let root = map.root.as_ref().map(|root| save_nodes(root.lent(), &mut output, &mut self.table));
        let root = root.transpose()?;
        let hash = hash_keeping(map.root.as_ref(), value_hash, &mut self.table);
        let commit = output.commit(Commit {
            root: root.map(|root| root.offset),
            counts: Counts::of_map(root.map(|root| root.counts)),
            hash: Some(hash),
            ..commit
        })?;
        self.log.info(commit)
    }

    /// Makes all commits durable.
    ///
    /// # Errors
    /// Fails if the operating system does. The store then refuses all further commits with
    /// [`FileError::Poisoned`].
    pub fn sync(&mut self) -> Result<(), FileError> {
        self.clear_end()?;
        self.sync_or_poison()?;
        self.is_synced = true;
        Ok(())
    }

    pub(super) fn sync_or_poison(&mut self) -> Result<(), FileError> {
        self.is_poisoned = true;
        self.log.storage.sync()?;
        self.is_poisoned = false;
        Ok(())
    }

    /// Removes what a failed commit has left in the file and in the table.
    pub(super) fn clear_end(&mut self) -> Result<(), FileError> {
        if self.is_poisoned {
            return Err(FileError::Poisoned);
        }
        if self.is_dirty {
            self.table.forget_fresh();
            self.log.storage.set_len(self.log.end())?;
            self.sync_or_poison()?;
            self.is_dirty = false;
        }
        Ok(())
    }
}
