//! What holds the trie that a zipper walks.

use crate::node::{LentNode, Shared};
use crate::trie::Subtrie;

/// A hold on a trie.
pub(super) trait Root<V> {
    /// Whether the trie may be written through it.
    const WRITES: bool = false;

    /// The whole trie, borrowed.
    fn lent(&self) -> Subtrie<LentNode<'_, V>>;
}

/// A trie that is borrowed, and that nobody writes meanwhile.
pub(super) struct Borrowed<'a, V>(pub(super) Subtrie<LentNode<'a, V>>);

/// A trie of which the zipper is an owner, and that it only reads.
pub(super) struct Kept<V>(pub(super) Subtrie<Shared<V>>);

/// A map's trie that is borrowed to be written.
pub(super) struct Lent<'a, V>(pub(super) &'a mut Option<Shared<V>>);

/// A trie that the zipper owns, and may write.
pub(super) struct Owned<V>(pub(super) Subtrie<Shared<V>>);

/// A hold on a trie that may be written.
pub(super) trait RootMut<V>: Root<V> {
    /// The link to the trie, to be written.
    fn link(&mut self) -> Link<'_, V>;
}

/// The link to a trie that is written: where its root node hangs.
pub(super) enum Link<'a, V> {
    /// In a map, whose root always exists.
    Map(&'a mut Option<Shared<V>>),
    /// In a subtrie that is out of its map.
    Subtrie(&'a mut Subtrie<Shared<V>>),
}

impl<'a, V> Link<'a, V> {
    /// The trie's root node, to be edited.
    #[inline]
    pub(super) fn into_node(self) -> Option<&'a mut Shared<V>> {
        match self {
            Self::Map(root) => root.as_mut(),
            Self::Subtrie(subtrie) => subtrie.node_mut(),
        }
    }

    /// Moves the trie out. Its root stays, bare, if it exists.
    #[inline]
    pub(super) fn vacate(&mut self) -> Subtrie<Shared<V>> {
        match self {
            Self::Map(root) => Subtrie::present(root.take()),
            Self::Subtrie(subtrie) => subtrie.vacate(),
        }
    }

    /// Puts another trie here and returns the root node that was here. The root stays, even if the
    /// other one is absent.
    #[inline]
    pub(super) fn put(&mut self, trie: Subtrie<Shared<V>>) -> Option<Shared<V>> {
        match self {
            Self::Map(root) => std::mem::replace(root, trie.into_node()),
            Self::Subtrie(subtrie) => subtrie.put(trie),
        }
    }
}

impl<V> Root<V> for Borrowed<'_, V> {
    #[inline]
    fn lent(&self) -> Subtrie<LentNode<'_, V>> {
        self.0
    }
}

impl<V> Root<V> for Kept<V> {
    #[inline]
    fn lent(&self) -> Subtrie<LentNode<'_, V>> {
        self.0.lent()
    }
}

impl<V> Root<V> for Lent<'_, V> {
    const WRITES: bool = true;

    #[inline]
    fn lent(&self) -> Subtrie<LentNode<'_, V>> {
        Subtrie::present(self.0.as_ref().map(Shared::lent))
    }
}

impl<V> Root<V> for Owned<V> {
    const WRITES: bool = true;

    #[inline]
    fn lent(&self) -> Subtrie<LentNode<'_, V>> {
        self.0.lent()
    }
}

impl<V> RootMut<V> for Lent<'_, V> {
    #[inline]
    fn link(&mut self) -> Link<'_, V> {
        Link::Map(self.0)
    }
}

impl<V> RootMut<V> for Owned<V> {
    #[inline]
    fn link(&mut self) -> Link<'_, V> {
        Link::Subtrie(&mut self.0)
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
