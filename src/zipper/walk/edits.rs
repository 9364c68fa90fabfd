//! Edits of values and subtries at the focus, from which the methods of [`ZipperWriting`] are
//! built.
//!
//! A [`Bin`] collects what an edit removes. The caller drops it when the trie is whole.

use crate::algebra::Inserts;
use crate::bytes::ByteMask;
use crate::node::{Bin, Bundle, End, Shared, Stored};
use crate::trie::{self, PathMap, Subtrie};
use crate::zipper::root::{Lent, RootMut};
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;

impl<V> Subtrie<Shared<V>> {
    /// One more owner of the subtrie at the focus of a zipper.
    pub(crate) fn of<Z: ZipperInfallibleSubtries<V>>(zipper: &Z) -> Self {
        if zipper.path_exists() { zipper.make_map().into() } else { Self::Absent }
    }

    /// One more owner of the subtrie at `path` below the focus of a zipper.
    pub(in crate::zipper) fn of_path<Z>(zipper: &Z, path: &[u8]) -> Self
    where
        Z: ZipperInfallibleSubtries<V>,
        V: Clone,
    {
        let whole = Self::of(zipper);
        let subtrie = whole.copy_at(path);
        // The whole is dropped before the return, so that if this panics, the subtrie is dropped
        // too.
        drop(whole);
        subtrie
    }
}

impl<V: Clone, R: RootMut<V>> Walk<V, R> {
    /// True iff the focus is the root of the trie.
    pub(in crate::zipper) fn at_base(&self) -> bool {
        self.whole_path().len() == self.base()
    }

    /// The node to edit for the focus, and the path from the node's root to the focus.
    ///
    /// The focus must not be at the base. It is strictly below the node's root.
    pub(super) fn edit_focus(&mut self, bin: &mut Bin<V>) -> Option<(&mut Shared<V>, &[u8])> {
        self.pop_to(self.whole_path().len());
        self.edit(bin)
    }

    /// Sets the value at the focus and returns the old value.
    pub(super) fn put_val(&mut self, val: Stored<V>, bin: &mut Bin<V>) -> Option<Stored<V>> {
        let val = match self.edit_again(val, |slot, key, val| trie::set_here(slot, key, val, bin)) {
            Ok(old) => return old,
            Err(val) => val,
        };
        self.approach();
        let mut val = Some(val);
        let set = |slot: &mut Shared<V>, key: &[u8], bin: &mut Bin<V>| trie::set(slot, key, val.take()?, bin);
        if let Some(old) = self.edit_in_place(bin, set) {
            return old;
        }
        let val = val?;
        let node = Bundle::node(self.path_from_base(), End::Value(val));
        self.edit_root().put(Subtrie::Node(node));
        None
    }

    /// Removes the value at the focus and returns it. The location is kept.
    pub(super) fn take_val(&mut self, bin: &mut Bin<V>) -> Option<Stored<V>> {
        self.val()?;
        if !self.at_base() {
            let (slot, key) = self.edit_focus(bin)?;
            return Some(trie::take_value(slot, key, bin));
        }
        let root = self.edit_root().into_node()?;
        let value = trie::take_value(root, &[], bin);
        if !root.has_entries() {
            // A node without entries and value is empty.
            self.edit_root().vacate();
        }
        Some(value)
    }

    /// Removes the focus if it is a dangling tip, with the path up to the nearest strict ancestor
    /// that has a value, branches, or is the root. Returns the number of bytes removed.
    pub(super) fn prune(&mut self, bin: &mut Bin<V>) -> usize {
        self.settle();
        let (len, root) = (self.whole_path().len(), self.root_len());
        if len == root || self.focus().is_none_or(|focus| !focus.is_empty()) {
            return 0;
        }
        let fork = self.last_fork();
        match fork {
            // The nodes hold only the path to the tip.
            None => drop(self.edit_root().vacate()),
            Some(fork) => self.cut(fork, bin),
        }
        if fork.is_none_or(|fork| fork < root) && root > self.base() {
            // The zipper's root is below the root of the trie, and is kept.
            let path = self.whole_path()[..root].to_vec();
            let base = self.base();
            match self.edit_root().into_node() {
                Some(slot) => {
                    if slot.place().find(&path[base..root]).is_none() {
                        trie::create(slot, &path[base..], bin);
                    }
                }
                None => {
                    let node = Bundle::node(&path[base..], End::Bare);
                    self.edit_root().put(Subtrie::Node(node));
                }
            }
        }
        len - fork.unwrap_or(0).max(root)
    }

    /// Removes the one entry that leads to the focus from its ancestor at the path's first `fork`
    /// bytes.
    fn cut(&mut self, fork: usize, bin: &mut Bin<V>) {
        while self.top_start() > fork && self.leave().is_some() {}
        let start = self.top_start();
        let key = self.whole_path()[start..].to_vec();
        if let Some(entry) = self.leave() {
            // If the child has become too small for a node, the parent takes its entries.
            let (slot, _) = self.edit(bin).expect("a child has a parent");
            let mut parent = slot.unique(bin);
            parent.reborrow().child_mut(entry).unique(bin).remove_towards(&key);
            trie::tidy(&mut parent, entry);
        } else if let Some((slot, _)) = self.edit(bin) {
            let mut node = slot.unique(bin);
            node.remove_towards(&key);
            node.settle();
        }
    }

    /// Moves the subtrie at the focus out. If the focus exists, it is kept, bare.
    pub(super) fn take_subtrie(&mut self, bin: &mut Bin<V>) -> Subtrie<Shared<V>> {
        if self.at_base() {
            return self.edit_root().vacate();
        }
        if !self.exists() {
            return Subtrie::Absent;
        }
        self.settle();
        let (slot, key) = self.edit_focus(bin).expect("the focus is there");
        Subtrie::present(trie::detach(slot, key, bin))
    }

    /// Puts a subtrie at the focus, which is absent or a dangling tip.
    fn attach(&mut self, subtrie: Option<Shared<V>>, bin: &mut Bin<V>) {
        if self.at_base() {
            self.edit_root().put(Subtrie::present(subtrie));
            return;
        }
        if let Some((slot, key)) = self.edit_focus(bin) {
            trie::attach(slot, key, subtrie, bin);
            return;
        }
        let node = trie::prefixed(self.path_from_base(), subtrie);
        self.edit_root().put(Subtrie::Node(node));
    }

    /// Replaces the subtrie at the focus. If the source is absent, the focus is pruned.
    pub(super) fn graft_subtrie(&mut self, source: Subtrie<Shared<V>>) {
        self.graft_with(source, &mut Bin::new());
    }

    /// Replaces the subtrie at the focus, and moves the old one to `bin`. If the source is absent,
    /// the focus is pruned.
    pub(super) fn graft_with(&mut self, source: Subtrie<Shared<V>>, bin: &mut Bin<V>) {
        let old = self.take_subtrie(bin);
        bin.extend(old.into_node());
        if source.exists() {
            self.attach(source.into_node(), bin);
        } else {
            self.prune(bin);
        }
    }

    /// Inserts the values that a join adds at and below the focus, which exists.
    pub(super) fn insert_all(&mut self, inserts: Inserts<V>) {
        let mut bin = Bin::new();
        if self.at_base() {
            let root = self.edit_root().into_node().expect("the subtrie is there");
            trie::insert_all(root, &[], inserts, &mut bin);
        } else {
            let (slot, key) = self.edit_focus(&mut bin).expect("the subtrie is there");
            trie::insert_all(slot, key, inserts, &mut bin);
        }
    }

    /// Moves the subtrie at the focus into a map, edits the map, and puts it back.
    ///
    /// An absent focus is created only if the map is not empty at the end. If the edit panics, the
    /// map is put back as the edit left it.
    pub(super) fn edit_as_map(&mut self, bin: &mut Bin<V>, edit: impl FnOnce(&mut PathMap<V>, &mut Bin<V>)) {
        let map = self.take_subtrie(bin).into_map();
        let mut out = Detached { walk: self, map, bin };
        edit(&mut out.map, out.bin);
    }

    /// Replaces the branches whose bytes are in `mask`, in byte order. With `remove_unset` all
    /// other branches are removed.
    pub(super) fn put_branches(
        &mut self,
        mask: ByteMask,
        branches: Vec<Subtrie<Shared<V>>>,
        remove_unset: bool,
    ) {
        self.edit_as_map(&mut Bin::new(), |map, bin| {
            for (byte, branch) in mask.iter().zip(branches) {
                map.put_branch(byte, branch, bin);
            }
            if remove_unset {
                map.keep_branches(mask, bin);
            }
        });
    }
}

/// A subtrie that was moved out of its trie. It is put back when this is dropped.
struct Detached<'w, V: Clone, R: RootMut<V>> {
    walk: &'w mut Walk<V, R>,
    map: PathMap<V>,
    bin: &'w mut Bin<V>,
}

impl<V: Clone, R: RootMut<V>> Drop for Detached<'_, V, R> {
    fn drop(&mut self) {
        if let Some(root) = self.map.root.take() {
            self.walk.attach(Some(root), self.bin);
        }
    }
}

impl<V: Clone> PathMap<V> {
    /// Replaces the subtrie at one byte.
    fn put_branch(&mut self, byte: u8, source: Subtrie<Shared<V>>, bin: &mut Bin<V>) {
        let mut walk = Walk::lazy(Lent(&mut self.root), Vec::new(), 0);
        walk.descend_to([byte]);
        walk.graft_with(source, bin);
    }

    /// Removes the branches that are not in `mask`.
    pub(super) fn keep_branches(&mut self, mask: ByteMask, bin: &mut Bin<V>) {
        let mut walk = Walk::lazy(Lent(&mut self.root), Vec::new(), 0);
        for byte in walk.child_mask().andn(&mask).iter() {
            walk.descend_to([byte]);
            walk.graft_with(Subtrie::Absent, bin);
            walk.reset();
        }
    }
}
