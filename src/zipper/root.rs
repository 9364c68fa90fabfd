//! What holds the trie that a zipper walks.

use crate::node::{LentNode, Shared};

/// A hold on a trie.
pub(super) trait Root<V> {
    /// Whether the trie may be written through it.
    const WRITES: bool = false;

    fn node(&self) -> Option<LentNode<'_, V>>;
}

/// A trie that is borrowed, and that nobody writes meanwhile.
pub(super) struct Borrowed<'a, V>(pub(super) Option<LentNode<'a, V>>);

/// A trie of which the zipper is an owner, and that it only reads.
pub(super) struct Kept<V>(pub(super) Option<Shared<V>>);

/// A trie that is borrowed to be written.
pub(super) struct Lent<'a, V>(pub(super) &'a mut Option<Shared<V>>);

/// A trie that the zipper owns, and may write.
pub(super) struct Owned<V>(pub(super) Option<Shared<V>>);

/// A hold on a trie that may be written.
pub(super) trait RootMut<V>: Root<V> {
    fn link(&self) -> &Option<Shared<V>>;
    fn link_mut(&mut self) -> &mut Option<Shared<V>>;
}

impl<V> Root<V> for Borrowed<'_, V> {
    fn node(&self) -> Option<LentNode<'_, V>> {
        self.0
    }
}

impl<V> Root<V> for Kept<V> {
    fn node(&self) -> Option<LentNode<'_, V>> {
        self.0.as_ref().map(Shared::lent)
    }
}

impl<V> Root<V> for Lent<'_, V> {
    const WRITES: bool = true;

    fn node(&self) -> Option<LentNode<'_, V>> {
        self.0.as_ref().map(Shared::lent)
    }
}

impl<V> Root<V> for Owned<V> {
    const WRITES: bool = true;

    fn node(&self) -> Option<LentNode<'_, V>> {
        self.0.as_ref().map(Shared::lent)
    }
}

impl<V> RootMut<V> for Lent<'_, V> {
    fn link(&self) -> &Option<Shared<V>> {
        self.0
    }

    fn link_mut(&mut self) -> &mut Option<Shared<V>> {
        self.0
    }
}

impl<V> RootMut<V> for Owned<V> {
    fn link(&self) -> &Option<Shared<V>> {
        &self.0
    }

    fn link_mut(&mut self) -> &mut Option<Shared<V>> {
        &mut self.0
    }
}

impl<V> Clone for Borrowed<'_, V> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<V> Clone for Kept<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V> Clone for Owned<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
