//! Compaction: writing the commits that are kept to a new file.

use std::collections::HashMap;

use super::log::Log;
use super::open::{Store, random_id};
use super::storage::Appender;
use crate::file::error::FileError;
use crate::file::header::Header;
use crate::file::info::CommitInfo;
use crate::file::output::Output;
use crate::file::record::Commit;
use crate::file::save::{Known, Table as _, Written, save_nodes};
use crate::file::stored::{Stored, ValueType};

impl<V: Stored> Store<V> {
    /// Writes the commits for which `keep` returns true, and the last one, to a new file, which
    /// takes the place of this one. Returns the number of bytes by which the file is shorter.
    ///
    /// The new file is synced before it is renamed, so after a crash there is the old file or the
    /// new one, whole. The commits keep their labels and times, and share nodes as before. They
    /// have new [ids](crate::file::CommitId), since the file is another one: a copy cannot be
    /// brought up to date by a tail of it. Readers that have the old file open go on reading it.
    ///
    /// `keep` is called for each commit, the newest first, before anything is written.
    ///
    /// # Errors
    /// Fails if the file is damaged, or if the operating system refuses to read or write. The old
    /// file is then in its place, and the store can be used on. However, if the last step fails,
    /// renaming the file and syncing the directory, either file may be in place, and the store
    /// refuses all further commits with [`FileError::Poisoned`] until it is opened again.
    ///
    /// # Panics
    /// Panics if `keep` does, before anything is written.
    ///
    /// # Complexity
    /// O(bytes of the file). All maps that are kept are in memory at the same time.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::file::{FileError, Store};
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-compact-{}", std::process::id()));
    /// let mut store: Store<u32> = Store::open(&path)?;
    /// let mut map = store.load()?;
    /// for i in 0..100 {
    ///     map.insert("romane", i);
    ///     store.commit(&map)?;
    /// }
    /// // Keep the ten newest commits.
    /// let mut left = 10;
    /// store.compact(|_| {
    ///     left -= 1;
    ///     left >= 0
    /// })?;
    /// assert_eq!(store.commits().count(), 10);
    /// assert_eq!(store.load()?, map);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), FileError>(())
    /// ```
    pub fn compact(&mut self, mut keep: impl FnMut(&CommitInfo) -> bool) -> Result<u64, FileError> {
        self.clear_end()?;
        let before = self.log.end();
        let mut kept = Vec::new();
        for commit in self.commits() {
            let commit = commit?;
            if keep(&commit) || kept.is_empty() {
                kept.push(commit);
            }
        }
        kept.reverse();
        let (log, moved) = self.write_kept(&kept)?;
        self.replace_log(log)?;
        self.table.translate(|offset| moved.get(&offset).copied());
        Ok(before.saturating_sub(self.log.end()))
    }

    /// Puts a file, which is durable, in the place of this one.
    pub(super) fn replace_log(&mut self, mut log: Log) -> Result<(), FileError> {
        self.is_poisoned = true;
        log.storage.install()?;
        log.storage.sync_name()?;
        self.is_poisoned = false;
        self.is_synced = true;
        self.log = log;
        Ok(())
    }

    /// Writes a new file with some commits, the oldest first. Returns where each node went.
    fn write_kept(&self, kept: &[CommitInfo]) -> Result<(Log, HashMap<u64, Written>), FileError> {
        let builder = self.log.build::<V>(kept)?;
        let header = Header { values: ValueType::of::<V>(), id: random_id() };
        let mut storage = self.log.storage.successor()?;
        let mut output = Output::new(Appender { storage: &mut *storage, at: 0 }, &header);
        let mut known = Known::of_all_nodes();
        for commit in kept {
            let root = builder.root(&commit.commit)?;
            let root = root.as_ref().map(|root| save_nodes(root.lent(), &mut output, &mut known));
            let root = root.transpose()?.map(|root| root.offset);
            // The file takes its place when all of it is durable.
            output.commit(Commit { root, previous: None, is_anchored: true, ..commit.commit.clone() })?;
        }
        if kept.is_empty() {
            storage.write_at(0, &header.encode())?;
        }
        storage.sync()?;
        let log = Log::open::<V>(storage)?;
        let places = builder.nodes().filter_map(|(at, node)| Some((at.offset, known.get(node.lent())?)));
        Ok((log, places.collect()))
    }
}
