//! The roots of a walk.

use crate::node::Shared;
use crate::trie::Subtrie;
use crate::zipper::ReadZipperUntracked;

/// A root of a walk: a snapshot of a trie, and the path to where in it the walk begins.
pub(super) struct WalkRoot<V> {
    trie: Subtrie<Shared<V>>,
    /// The path to the root, the first `base` bytes of which lead to the root of the trie.
    path: Vec<u8>,
    base: usize,
}

impl<V> WalkRoot<V> {
    /// The root of a trie, to which `path` leads.
    pub(super) fn new(trie: Subtrie<Shared<V>>, path: Vec<u8>) -> Self {
        Self { trie, base: path.len(), path }
    }

    /// The location at `path` in the same snapshot. It is at or below this root.
    pub(super) fn at(&self, path: Vec<u8>) -> Self {
        Self { trie: self.trie.clone(), path, base: self.base }
    }

    /// The path to the root.
    pub(super) fn path(&self) -> &[u8] {
        &self.path
    }

    /// A reader whose own root is at `path`, which is at or below this root.
    pub(super) fn reader(&self, path: &[u8]) -> ReadZipperUntracked<'_, 'static, V> {
        ReadZipperUntracked::over(self.trie.lent(), path, self.base)
    }
}

/// Sorts paths, and removes those that are at or below another.
pub(super) fn topmost<K: AsRef<[u8]>>(paths: impl IntoIterator<Item = K>) -> Vec<Vec<u8>> {
    let mut paths: Vec<Vec<u8>> = paths.into_iter().map(|path| path.as_ref().to_vec()).collect();
    paths.sort_unstable();
    paths.dedup_by(|path, above| path.starts_with(above));
    paths
}
