//! Taking entries out of a node by a key: those behind it, those that begin with it, or those
//! below it.

use super::bin::Bin;
use super::edit::NodeMut;
use super::lookup::run_of;
use super::pack::Bundle;
use super::place::LentNode;
use super::suffix::Suffix;

/// How a key, which is not empty, cuts the entries of a node: those before it, the child below
/// which it goes on, if there is one, and those behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The key goes on below the child of this entry, or ends there. Given is how much of the key
    /// leads to the child.
    Child { entry: usize, used: usize },
    /// This entry is the first one that is not before the key, if there is one, and its suffix is
    /// the key or not.
    Between { entry: Option<usize>, is_key: bool },
}

impl Cut {
    /// How `key` cuts the entries of a node.
    pub(crate) fn of<V>(node: LentNode<'_, V>, key: &[u8]) -> Self {
        let node = node.view();
        if let Some((entry, used, _)) = node.child_towards(key) {
            return Self::Child { entry, used };
        }
        let entry = node.entry_after(key);
        let is_key = entry.is_some_and(|entry| Suffix::of(key) == Some(node.entry(entry).suffix));
        Self::Between { entry, is_key }
    }

    /// True iff the own value or an entry of the node that is cut is before the cut. The child
    /// that is cut is not.
    pub(crate) fn has_before<V>(self, node: LentNode<'_, V>) -> bool {
        let node = node.view();
        let end = match self {
            Self::Child { entry, .. } => Some(entry),
            Self::Between { entry, .. } => entry,
        };
        node.own().is_some() || node.next_entry(0).is_some_and(|first| end.is_none_or(|end| first < end))
    }
}

impl<V> NodeMut<'_, V> {
    /// How `key`, which is not empty, cuts the entries.
    pub(crate) fn cut(&self, key: &[u8]) -> Cut {
        Cut::of(self.view().lent(), key)
    }

    /// Takes the entries behind a cut out of the node. The child that is cut is kept, unless
    /// `with_child`. The node may be left with nothing.
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
        self.take(numbers, 0)
    }

    /// Takes the entries that begin with `key` out of the node, and the key off them. The key is a
    /// location of the node. The node may be left with nothing.
    pub(crate) fn take_run(&mut self, key: &[u8]) -> Bundle<V> {
        let run = run_of(self.view(), key);
        self.take(usize::from(run.lo)..usize::from(run.hi), key.len())
    }

    /// Takes entries out by their numbers, in order, without the first `cut` bytes of each suffix.
    fn take(
        &mut self,
        numbers: impl IntoIterator<Item = usize, IntoIter: DoubleEndedIterator>,
        cut: usize,
    ) -> Bundle<V> {
        let mut taken = Vec::new();
        for i in numbers.into_iter().rev() {
            let suffix = self.view().entry(i).suffix.to_vec();
            taken.push((suffix, self.remove(i)));
        }
        let mut bundle = Bundle::new(None);
        for (suffix, end) in taken.into_iter().rev() {
            bundle.push(&suffix[cut..], end);
        }
        bundle
    }

    /// Removes the entries strictly below `key`, a location of the node. The location may be gone
    /// then, and the node may be left with nothing.
    pub(crate) fn remove_below(&mut self, key: &[u8], bin: &mut Bin<V>) {
        let run = run_of(self.view(), key);
        for i in (run.lo..run.hi).rev().map(usize::from) {
            if self.view().entry(i).suffix.len() > key.len() {
                bin.put_payload(self.remove(i));
            }
        }
    }

    /// Removes the one entry that leads towards `key`.
    pub(crate) fn remove_towards(&mut self, key: &[u8]) {
        let run = run_of(self.view(), key);
        self.remove(run.lo.into());
    }
}
