//! Where a key cuts the entries of a node in two.

use super::edit::NodeMut;
use super::pack::Bundle;
use super::place::LentNode;
use super::suffix::Suffix;

/// How a key, which is not empty, cuts the entries of a node: those before it, the child below which it goes on, if there is
/// one, and those behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The key goes on below the child of this entry, or ends there. Given is how much of the key leads to the child.
    Child { entry: usize, used: usize },
    /// This entry is the first one that is not before the key, if there is one, and its suffix is the key or not.
    Between { entry: Option<usize>, is_key: bool },
}

impl<V> LentNode<'_, V> {
    /// Where `key`, which is not empty, cuts the entries.
    pub(crate) fn cut(self, key: &[u8]) -> Cut {
        let node = self.view();
        if let Some((entry, used, _)) = node.child_towards(key) {
            return Cut::Child { entry, used };
        }
        let entry = node.entry_after(key);
        let is_key = entry.is_some_and(|entry| Suffix::of(key) == Some(node.entry(entry).suffix));
        Cut::Between { entry, is_key }
    }

    /// True iff the node's own value or an entry is before a cut. The child that is cut is not.
    pub(crate) fn has_before(self, cut: Cut) -> bool {
        let node = self.view();
        let end = match cut {
            Cut::Child { entry, .. } => Some(entry),
            Cut::Between { entry, .. } => entry,
        };
        node.own().is_some() || node.next_entry(0).is_some_and(|first| end.is_none_or(|end| first < end))
    }

    /// The child of an entry that a key has [cut](Self::cut).
    pub(crate) fn child_at(&self, entry: usize) -> Self {
        Self::new(self.view().entry_child(entry).view())
    }
}

impl<V> NodeMut<'_, V> {
    /// Takes the entries behind a cut out of the node. The child that is cut is kept, unless `with_child`. The node may be
    /// left with nothing.
    pub(crate) fn take_behind(&mut self, cut: Cut, with_child: bool) -> Bundle<V> {
        let mut next = match cut {
            Cut::Child { entry, .. } if with_child => Some(entry),
            Cut::Child { entry, .. } => self.view().next_entry(entry + 1),
            Cut::Between { entry, .. } => entry,
        };
        let mut numbers = Vec::new();
        while let Some(i) = next {
            numbers.push(i);
            next = self.view().next_entry(i + 1);
        }
        let mut taken = Vec::with_capacity(numbers.len());
        for &i in numbers.iter().rev() {
            let entry = self.view().entry(i);
            let suffix = entry.suffix.to_vec();
            taken.push((suffix, self.remove(i)));
        }
        let mut bundle = Bundle::new(None);
        for (suffix, payload) in taken.into_iter().rev() {
            bundle.push(&suffix, payload);
        }
        bundle
    }
}
