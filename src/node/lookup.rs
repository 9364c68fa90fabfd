//! What an edit asks of a node before and after it changes it.
//!
//! A search for an edit returns a [`Found`]. The questions about what was found, and about the
//! node as a whole, are all that the layers above read of a node that they edit.

use super::column::Stored;
use super::edit::NodeMut;
use super::found::Found;
use super::shared::Shared;
use super::spot::Spot;
use super::view::NodeRef;

impl<V> Shared<V> {
    /// Where `key` leads from the node's root; it is not empty.
    #[inline(always)]
    pub(crate) fn find(&self, key: &[u8]) -> Found {
        self.view().find(key)
    }

    /// The child entry whose suffix begins `key`, which is not empty, the suffix's length, and the
    /// child.
    #[inline(always)]
    pub(crate) fn way_to_child(&self, key: &[u8]) -> Option<(usize, usize, &Self)> {
        self.view().way_to_child(key)
    }

    /// The child of entry `i`.
    ///
    /// # Panics
    /// Panics if the entry is no child.
    #[inline]
    pub(crate) fn child(&self, i: usize) -> &Self {
        self.view().entry_child(i)
    }

    /// The only entry of a node that has one.
    #[inline]
    pub(crate) fn only_entry(&self) -> usize {
        only_entry(self.view())
    }

    /// True iff the node has an entry. Without one it holds at most its own value.
    #[inline]
    pub(crate) fn has_entries(&self) -> bool {
        has_entries(self.view())
    }

    /// True iff the node still holds something when an entry is removed: it has its own value or
    /// another entry.
    #[inline]
    pub(crate) fn outlasts_an_entry(&self) -> bool {
        let node = self.view();
        node.entry_count() > 1 || node.own().is_some()
    }

    /// The depth of the nearest strict ancestor of the location at `key` that has a value or
    /// branches, in this node. The key leads to a location of this node.
    pub(crate) fn fork_above(&self, key: &[u8]) -> Option<usize> {
        let node = self.view();
        node.nearest_fork(run_of(node, key))
    }

    /// A clone of the value at the node's own location; of a boxed one, another owner.
    pub(crate) fn share_own(&self) -> Option<Stored<V>>
    where
        V: Clone,
    {
        self.view().share_own()
    }
}

impl<V> NodeMut<'_, V> {
    /// The only entry of a node that has one.
    #[inline]
    pub(crate) fn only_entry(&self) -> usize {
        only_entry(self.view())
    }

    /// True iff the node has an entry. Without one it holds at most its own value.
    #[inline]
    pub(crate) fn has_entries(&self) -> bool {
        has_entries(self.view())
    }

    /// True iff another entry extends `key`, which is the suffix of an entry.
    #[inline]
    pub(crate) fn goes_beyond(&self, key: &[u8]) -> bool {
        let run = run_of(self.view(), key);
        run.hi - run.lo > 1
    }
}

impl Found {
    /// The value at `key`, whose way from the root of this node was found.
    #[inline]
    pub(crate) fn value_in<'a, V>(&self, node: &'a Shared<V>, key: &[u8]) -> Option<&'a V> {
        match *self {
            Self::Value(i) => node.view().entry_value(i),
            Self::Child(i, used) => node.child(i).lent().value_at(&key[used..]),
            Self::Bare(_) | Self::Vacant(_) => None,
        }
    }
}

/// The entries of a node that begin with `key`, a location of the node.
#[inline]
pub(super) fn run_of<V>(node: NodeRef<'_, V>, key: &[u8]) -> Spot {
    node.follow(node.known(Spot::ROOT), key).1
}

#[inline]
fn only_entry<V>(node: NodeRef<'_, V>) -> usize {
    node.next_entry(0).expect("a node is not empty")
}

#[inline]
fn has_entries<V>(node: NodeRef<'_, V>) -> bool {
    node.next_entry(0).is_some()
}
