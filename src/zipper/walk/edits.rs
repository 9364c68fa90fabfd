//! Structural writing, written once for every zipper that writes.

use crate::algebra::Inserts;
use crate::bytes::ByteMask;
use crate::node::{Bin, Bundle, End, Shared, Stored};
use crate::trie::{self, PathMap, Subtrie};
use crate::zipper::root::{Lent, RootMut};
use crate::zipper::stack::Walk;
use crate::zipper::traits::*;

impl<V> Subtrie<Shared<V>> {
    /// One more owner of what is at and below the focus of a zipper.
    pub(crate) fn of<Z: ZipperInfallibleSubtries<V>>(zipper: &Z) -> Self {
        if zipper.path_exists() { zipper.make_map().into() } else { Self::Absent }
    }

    /// One more owner of what is at and below `path` from the focus of a zipper.
    pub(in crate::zipper) fn of_path<Z>(zipper: &Z, path: &[u8]) -> Self
    where
        Z: ZipperInfallibleSubtries<V>,
        V: Clone,
    {
        let whole = Self::of(zipper);
        let subtrie = whole.copy_at(path);
        // Dropped before the subtrie is returned: if this drop panics, the subtrie is dropped too.
        drop(whole);
        subtrie
    }
}

impl<V: Clone, R: RootMut<V>> Walk<V, R> {
    /// True iff the focus is the root of the trie, rather than a place in it.
    pub(in crate::zipper) fn at_base(&self) -> bool {
        self.whole_path().len() == self.base()
    }

    /// The node to be edited for the focus, which is strictly below the node's root, and the path
    /// from there. The focus is not at the base.
    fn edit_focus(&mut self, bin: &mut Bin<V>) -> Option<(&mut Shared<V>, &[u8])> {
        self.pop_to(self.whole_path().len());
        self.edit(bin)
    }

    pub(in crate::zipper) fn get_val_mut(&mut self) -> Option<&mut V> {
        self.approach_unexplored();
        self.val()?;
        let mut bin = Bin::new();
        let (slot, key) = self.edit(&mut bin)?;
        Some(trie::existing_value_mut(slot, key, &mut bin))
    }

    pub(in crate::zipper) fn get_val_or_set_mut_with(&mut self, func: impl FnOnce() -> V) -> &mut V {
        self.approach_unexplored();
        let mut bin = Bin::new();
        if self.val().is_some() {
            let (slot, key) = self.edit(&mut bin).expect("the value is in a node");
            return trie::existing_value_mut(slot, key, &mut bin);
        }
        let default = func();
        if self.is_nowhere() {
            let key = self.path_from_base().to_vec();
            let mut link = self.edit_root();
            bin.extend(link.put(Subtrie::Node(Bundle::node(&key, End::Value(Stored::new(default))))));
            let slot = link.into_node().expect("the node was put there");
            return trie::existing_value_mut(slot, &key, &mut bin);
        }
        let (slot, key) = self.edit(&mut bin).expect("there is a node");
        trie::value_or_set(slot, key, || default, &mut bin)
    }

    pub(in crate::zipper) fn set_val(&mut self, val: V) -> Option<V> {
        let mut bin = Bin::new();
        let old = self.put_val(Stored::new(val), &mut bin);
        // Dropped before the old value is returned: if this drop panics, the old value is dropped
        // too.
        drop(bin);
        old.map(Stored::into_value)
    }

    fn put_val(&mut self, val: Stored<V>, bin: &mut Bin<V>) -> Option<Stored<V>> {
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

    pub(in crate::zipper) fn remove_val(&mut self, prune: bool) -> Option<V> {
        let mut bin = Bin::new();
        let value = self.take_val(&mut bin);
        if prune {
            self.prune(&mut bin);
        }
        drop(bin);
        value.map(Stored::into_value)
    }

    fn take_val(&mut self, bin: &mut Bin<V>) -> Option<Stored<V>> {
        self.val()?;
        if !self.at_base() {
            let (slot, key) = self.edit_focus(bin)?;
            return Some(trie::take_value(slot, key, bin));
        }
        let root = self.edit_root().into_node()?;
        let value = trie::take_value(root, &[], bin);
        if !root.has_entries() {
            // A node with no entry and no value holds nothing.
            self.edit_root().vacate();
        }
        Some(value)
    }

    pub(in crate::zipper) fn create_path(&mut self) -> bool {
        if self.exists() {
            return false;
        }
        if self.at_base() {
            self.edit_root().put(Subtrie::Bare);
            return true;
        }
        let mut bin = Bin::new();
        match self.edit(&mut bin) {
            Some((slot, key)) => trie::create(slot, key, &mut bin),
            None => {
                let node = Bundle::node(self.path_from_base(), End::Bare);
                self.edit_root().put(Subtrie::Node(node));
            }
        }
        true
    }

    pub(in crate::zipper) fn prune_path(&mut self) -> usize {
        self.prune(&mut Bin::new())
    }

    pub(in crate::zipper) fn prune(&mut self, bin: &mut Bin<V>) -> usize {
        self.settle();
        let (len, root) = (self.whole_path().len(), self.root_len());
        if len == root || self.focus().is_none_or(|focus| !focus.is_tip()) {
            return 0;
        }
        let fork = self.last_fork();
        match fork {
            // The nodes hold only the way to the tip.
            None => drop(self.edit_root().vacate()),
            Some(fork) => self.cut(fork, bin),
        }
        if fork.is_none_or(|fork| fork < root) && root > self.base() {
            // The zipper's root is not the trie's, and stays.
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

    /// Removes the one entry that leads from the fork at this length of the path to the focus.
    fn cut(&mut self, fork: usize, bin: &mut Bin<V>) {
        while self.top_start() > fork && self.leave().is_some() {}
        let start = self.top_start();
        let key = self.whole_path()[start..].to_vec();
        if let Some(entry) = self.leave() {
            // The node may be left with too little to stay a node; its parent is tidied then.
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

    /// Moves the subtrie at the focus out. The focus, if it exists, stays bare.
    fn take_subtrie(&mut self, bin: &mut Bin<V>) -> Subtrie<Shared<V>> {
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

    /// Puts a subtrie at the focus, where at most a dangling tip is.
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

    /// Replaces the subtrie at the focus.
    pub(in crate::zipper) fn graft(&mut self, source: Subtrie<Shared<V>>) {
        self.graft_with(source, &mut Bin::new());
    }

    pub(in crate::zipper) fn graft_with(&mut self, source: Subtrie<Shared<V>>, bin: &mut Bin<V>) {
        let old = self.take_subtrie(bin);
        bin.extend(old.into_node());
        if source.exists() {
            self.attach(source.into_node(), bin);
        } else {
            self.prune(bin);
        }
    }

    /// Makes a join's inserts at and below the focus, which exists.
    pub(in crate::zipper) fn insert_all(&mut self, inserts: Inserts<V>) {
        let mut bin = Bin::new();
        if self.at_base() {
            let root = self.edit_root().into_node().expect("the subtrie is there");
            trie::insert_all(root, &[], inserts, &mut bin);
        } else {
            let (slot, key) = self.edit_focus(&mut bin).expect("the subtrie is there");
            trie::insert_all(slot, key, inserts, &mut bin);
        }
    }

    /// Edits the subtrie at the focus as a map of its own. An absent focus is created only if the
    /// map is not empty at the end. If the edit panics, what is left of the map is put back all
    /// the same.
    fn edit_as_map(&mut self, bin: &mut Bin<V>, edit: impl FnOnce(&mut PathMap<V>, &mut Bin<V>)) {
        let map = self.take_subtrie(bin).into_map();
        let mut out = Detached { walk: self, map, bin };
        edit(&mut out.map, out.bin);
    }

    pub(in crate::zipper) fn graft_masked_branches(
        &mut self,
        source: &Subtrie<Shared<V>>,
        mask: ByteMask,
        remove_unset: bool,
    ) {
        // All clones of the source's values are made before anything changes.
        let branches = mask.iter().map(|byte| source.copy_at(&[byte]));
        self.put_branches(mask, branches.collect(), remove_unset);
    }

    pub(in crate::zipper) fn graft_child_maps(
        &mut self,
        mask: ByteMask,
        maps: impl IntoIterator<Item = PathMap<V>>,
        remove_unset: bool,
    ) {
        let mut maps = maps.into_iter();
        let branches = mask.iter().map(|_| match maps.next() {
            Some(PathMap { root: Some(root) }) => Subtrie::Node(root),
            _ => Subtrie::Absent,
        });
        self.put_branches(mask, branches.collect(), remove_unset);
    }

    fn put_branches(&mut self, mask: ByteMask, branches: Vec<Subtrie<Shared<V>>>, remove_unset: bool) {
        self.edit_as_map(&mut Bin::new(), |map, bin| {
            for (byte, branch) in mask.iter().zip(branches) {
                map.put_branch(byte, branch, bin);
            }
            if remove_unset {
                map.keep_branches(mask, bin);
            }
        });
    }

    pub(in crate::zipper) fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
        let mut bin = Bin::new();
        if !self.child_mask().andn(&mask).is_empty_mask() {
            self.edit_as_map(&mut bin, |map, bin| map.keep_branches(mask, bin));
        }
        if prune {
            self.prune(&mut bin);
        }
    }

    pub(in crate::zipper) fn remove_branches(&mut self, prune: bool) -> bool {
        let mut bin = Bin::new();
        let removed = !self.child_mask().is_empty_mask();
        if removed {
            if self.at_base() {
                self.edit_as_map(&mut bin, |map, bin| {
                    trie::remove_branches(&mut map.root, &[], bin);
                });
            } else {
                self.settle();
                let (slot, key) = self.edit_focus(&mut bin).expect("the focus is there");
                trie::remove_branches_here(slot, key, &mut bin);
            }
        }
        if prune {
            self.prune(&mut bin);
        }
        removed
    }

    pub(in crate::zipper) fn take_map(&mut self, prune: bool) -> Option<PathMap<V>> {
        let mut bin = Bin::new();
        let taken = self.take_subtrie(&mut bin).into_node();
        if prune {
            self.prune(&mut bin);
        }
        drop(bin);
        taken.map(|root| PathMap::from_root(Some(root)))
    }

    pub(in crate::zipper) fn insert_prefix(&mut self, prefix: &[u8]) -> bool {
        if self.child_mask().is_empty_mask() {
            return false;
        }
        if !prefix.is_empty() {
            self.edit_as_map(&mut Bin::new(), |map, bin| {
                let own = trie::remove(&mut map.root, &[], false, bin);
                map.root = Some(trie::prefixed(prefix, map.root.take()));
                if let (Some(own), Some(root)) = (own, &mut map.root) {
                    trie::set(root, &[], own, bin);
                }
            });
        }
        true
    }

    pub(in crate::zipper) fn remove_prefix(&mut self, n: usize) -> bool {
        let depth = self.depth();
        let up = n.min(depth);
        if up > 0 {
            let mut bin = Bin::new();
            let source = self.take_subtrie(&mut bin);
            self.ascend(up);
            self.graft_with(source, &mut bin);
        }
        up == n
    }
}

/// A subtrie that was moved out of its trie, and is put back when this is dropped.
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
    fn keep_branches(&mut self, mask: ByteMask, bin: &mut Bin<V>) {
        let mut walk = Walk::lazy(Lent(&mut self.root), Vec::new(), 0);
        for byte in walk.child_mask().andn(&mask).iter() {
            walk.descend_to([byte]);
            walk.graft_with(Subtrie::Absent, bin);
            walk.reset();
        }
    }
}
