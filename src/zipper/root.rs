//! The ways in which a zipper holds its trie.

use crate::node::{LentNode, Shared};
use crate::trie::Subtrie;

/// A way to hold a trie.
pub(super) trait Root<V> {
    /// Whether the holder may write the trie.
    const WRITES: bool = false;

    /// The whole trie, borrowed.
    fn lent(&self) -> Subtrie<LentNode<'_, V>>;
}

/// A borrowed trie, which is only read.
pub(super) struct Borrowed<'a, V>(pub(super) Subtrie<LentNode<'a, V>>);

/// A trie that the zipper owns together with others, and only reads.
pub(super) struct SharedRoot<V>(pub(super) Subtrie<Shared<V>>);

/// A mutably borrowed trie of a map.
pub(super) struct Lent<'a, V>(pub(super) &'a mut Option<Shared<V>>);

/// A trie that the zipper owns and may write.
pub(super) struct Owned<V>(pub(super) Subtrie<Shared<V>>);

/// A way to hold a trie that may be written.
pub(super) trait RootMut<V>: Root<V> {
    /// The link to the trie's root node.
    fn link(&mut self) -> RootLink<'_, V>;
}

/// The variable that holds the root node of a trie that is written.
pub(super) enum RootLink<'a, V> {
    /// The root of a map, which always exists.
    Map(&'a mut Option<Shared<V>>),
    /// A subtrie that is not part of a map.
    Subtrie(&'a mut Subtrie<Shared<V>>),
}

impl<'a, V> RootLink<'a, V> {
    /// A mutable reference to the trie's root node.
    #[inline]
    pub(super) fn into_node(self) -> Option<&'a mut Shared<V>> {
        match self {
            Self::Map(root) => root.as_mut(),
            Self::Subtrie(subtrie) => subtrie.node_mut(),
        }
    }

    /// Moves the trie out. If the root exists, it is kept, bare.
    #[inline]
    pub(super) fn vacate(&mut self) -> Subtrie<Shared<V>> {
        match self {
            Self::Map(root) => Subtrie::present(root.take()),
            Self::Subtrie(subtrie) => subtrie.vacate(),
        }
    }

    /// Replaces the trie and returns the old root node. The root is kept, even if `trie` is
    /// absent.
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

impl<V> Root<V> for SharedRoot<V> {
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
    fn link(&mut self) -> RootLink<'_, V> {
        RootLink::Map(self.0)
    }
}

impl<V> RootMut<V> for Owned<V> {
    #[inline]
    fn link(&mut self) -> RootLink<'_, V> {
        RootLink::Subtrie(&mut self.0)
    }
}

impl<V> Clone for Borrowed<'_, V> {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

impl<V> Clone for SharedRoot<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V> Clone for Owned<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
