//! [`CommitConflict`]: why a commit was refused.

use std::fmt;

use crate::bytes::Text;
use crate::trie::PathMap;

/// The error of a commit that would have undone changes that others have published since the
/// commit's base was loaded.
///
/// Nothing was published. For each of the [`paths`](Self::paths), decide between your value, in
/// [`changed`](Self::changed), and theirs, in [`current`](Self::current). Then do one of these:
/// - Make the changed map agree with theirs at these paths, and commit it against the same base.
/// - Put the values that you decided on into the current map, and commit that against the current
///   map.
pub struct CommitConflict<V> {
    paths: Vec<Vec<u8>>,
    changed: PathMap<V>,
    current: PathMap<V>,
}

impl<V> CommitConflict<V> {
    pub(super) fn new(paths: Vec<Vec<u8>>, changed: PathMap<V>, current: PathMap<V>) -> Self {
        Self { paths, changed, current }
    }

    /// Returns all paths whose values both sides have changed to different ones, in path order.
    /// There is at least one.
    #[must_use]
    pub fn paths(&self) -> &[Vec<u8>] {
        &self.paths
    }

    /// Returns the map that was to be committed.
    #[must_use]
    pub fn changed(&self) -> &PathMap<V> {
        &self.changed
    }

    /// Returns the map that was published when the commit was refused.
    #[must_use]
    pub fn current(&self) -> &PathMap<V> {
        &self.current
    }

    /// Consumes the error and returns the map that was to be committed.
    #[must_use]
    pub fn into_changed(self) -> PathMap<V> {
        self.changed
    }
}

impl<V> fmt::Debug for CommitConflict<V> {
    /// Shows the paths; the maps may be large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommitConflict").field("paths", &Paths(&self.paths)).finish_non_exhaustive()
    }
}

/// Paths that are shown as text, as far as they are text.
struct Paths<'a>(&'a [Vec<u8>]);

impl fmt::Debug for Paths<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        for path in self.0 {
            list.entry(&Text(path));
        }
        list.finish()
    }
}

impl<V> fmt::Display for CommitConflict<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.paths.first().map(Vec::as_slice).unwrap_or_default();
        write!(f, "others have changed {} since the base of this commit", Text(first))?;
        match self.paths.len() {
            0 | 1 => Ok(()),
            2 => write!(f, ", and one path more"),
            n => write!(f, ", and {} paths more", n - 1),
        }
    }
}

impl<V> std::error::Error for CommitConflict<V> {}
