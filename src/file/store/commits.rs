//! The commits of a file, one after another.

use std::iter::FusedIterator;

use super::log::Log;
use crate::file::error::FileError;
use crate::file::info::CommitInfo;

/// The commits of a store, the newest first.
///
/// Created by [`Store::commits`](super::Store::commits).
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct Commits<'a> {
    log: &'a Log,
    next: Option<Result<CommitInfo, FileError>>,
}

impl<'a> Commits<'a> {
    pub(super) fn new(log: &'a Log) -> Self {
        Self { log, next: log.last.clone().map(Ok) }
    }
}

impl Iterator for Commits<'_> {
    type Item = Result<CommitInfo, FileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let commit = self.next.take()?;
        if let Ok(commit) = &commit {
            self.next = self.log.before(commit).transpose();
        }
        Some(commit)
    }
}

impl FusedIterator for Commits<'_> {}

impl std::fmt::Debug for Commits<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Commits").field("next", &self.next).finish_non_exhaustive()
    }
}
