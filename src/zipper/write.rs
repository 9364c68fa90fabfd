//! Structural writing, written once for every zipper that writes.

use super::root::{Lent, RootMut};
use super::stack::Walk;
use super::traits::ZipperInfallibleSubtries;
use crate::bytes::ByteMask;
use crate::node::{Bundle, Payload, Shared};
use crate::trie::{self, PathMap};

/// What is to be put in place of a subtrie.
pub(super) enum Source<V> {
    /// No location at all.
    Absent,
    /// A location, and what is at and below it.
    Present(Option<Shared<V>>),
}

impl<V: Clone> Source<V> {
    pub(super) fn of<Z: ZipperInfallibleSubtries<V>>(src: &Z) -> Self {
        if src.path_exists() { Self::Present(src.make_map().root) } else { Self::Absent }
    }

    pub(super) fn at<Z: ZipperInfallibleSubtries<V>>(src: &Z, path: &[u8]) -> Self {
        if path.is_empty() {
            return Self::of(src);
        }
        let root = src.make_map().root;
        match trie::find(&root, path) {
            Some(location) => Self::Present(trie::copy_out(location.node, location.spot)),
            None => Self::Absent,
        }
    }
}

impl<V: Clone, R: RootMut<V>> Walk<V, R> {
    /// True iff the focus is the root of the trie, rather than a place in it.
    pub(super) fn at_base(&self) -> bool {
        self.origin_path().len() == self.base()
    }

    /// The node that is to be edited for the focus, whose location is strictly below the node's root, and the path
    /// from there. The focus is not at the base.
    pub(super) fn edit_focus(&mut self) -> Option<(&mut Shared<V>, &[u8])> {
        self.pop_to(self.origin_path().len());
        self.edit()
    }

    pub(super) fn get_val_mut(&mut self) -> Option<&mut V> {
        self.val()?;
        let (slot, key) = self.edit()?;
        Some(trie::existing_value_mut(slot, key))
    }

    pub(super) fn get_val_or_set_mut_with(&mut self, func: impl FnOnce() -> V) -> &mut V {
        if self.val().is_none() {
            self.set_val(func());
        }
        let (slot, key) = self.edit().expect("there is a value");
        trie::existing_value_mut(slot, key)
    }

    pub(super) fn set_val(&mut self, val: V) -> Option<V> {
        self.set_rooted();
        let val = match self.edit_again(val, trie::set_here) {
            Ok(old) => return old,
            Err(val) => val,
        };
        self.approach();
        let mut val = Some(val);
        let set = |slot: &mut Shared<V>, key: &[u8]| trie::set(slot, key, val.take()?);
        if let Some(old) = self.edit_in_place(set) {
            return old;
        }
        let val = val?;
        let key = self.origin_path()[self.base()..].to_vec();
        *self.edit_root() = Some(Bundle::node(&key, Payload::Value(val)));
        None
    }

    pub(super) fn remove_val(&mut self, prune: bool) -> Option<V> {
        let value = self.take_val();
        if prune {
            self.prune_path();
        }
        value
    }

    fn take_val(&mut self) -> Option<V> {
        self.val()?;
        if !self.at_base() {
            let (slot, key) = self.edit_focus()?;
            let value = trie::take_value(slot, key);
            return Some(value);
        }
        let root = self.edit_root();
        let mut node = root.as_mut()?.unique();
        let value = node.take_own();
        if node.view().next_entry(0).is_none() {
            *root = None;
        }
        value
    }

    pub(super) fn create_path(&mut self) -> bool {
        if self.exists() {
            return false;
        }
        self.set_rooted();
        if self.at_base() {
            return true;
        }
        match self.edit() {
            Some((slot, key)) => trie::create(slot, key),
            None => {
                let key = self.origin_path()[self.base()..].to_vec();
                *self.edit_root() = Some(Bundle::node(&key, Payload::Bare));
            }
        }
        true
    }

    pub(super) fn prune_path(&mut self) -> usize {
        self.settle();
        let (len, root) = (self.origin_path().len(), self.root_len());
        if len == root || self.focus().is_none_or(|(node, spot)| !trie::is_tip(node, spot)) {
            return 0;
        }
        let fork = self.last_fork();
        match fork {
            None => *self.edit_root() = None,
            Some(fork) => self.cut(fork),
        }
        if fork.is_none_or(|fork| fork < root) && root > self.base() {
            // The zipper's root is not the trie's, and stays.
            let path = self.origin_path()[..root].to_vec();
            let base = self.base();
            match self.edit_root() {
                Some(slot) => {
                    if trie::locate(slot.view(), &path[base..]).reached < root - base {
                        trie::create(slot, &path[base..]);
                    }
                }
                link => *link = Some(Bundle::node(&path[base..], Payload::Bare)),
            }
        }
        len - fork.unwrap_or(0).max(root)
    }

    /// The length of the path to the nearest strict ancestor of the focus, also above the root, that has a value or
    /// branches.
    fn last_fork(&self) -> Option<usize> {
        self.nodes_up().find_map(|(node, spot, start)| Some(start + trie::fork_above(node, spot)?))
    }

    /// Removes the one entry that leads from the fork at this length of the path to the focus.
    fn cut(&mut self, fork: usize) {
        while self.top_start() > fork && self.leave().is_some() {}
        let start = self.top_start();
        let key = self.origin_path()[start..].to_vec();
        if let Some(entry) = self.leave() {
            // The node may be left with too little to stay a node, which its parent sees to.
            let (slot, _) = self.edit().expect("a child has a parent");
            let mut parent = slot.unique();
            trie::remove_towards(&mut parent.reborrow().child_mut(entry).unique(), &key);
            trie::tidy(&mut parent, entry);
        } else if let Some((slot, _)) = self.edit() {
            let mut node = slot.unique();
            trie::remove_towards(&mut node, &key);
            node.settle();
        }
    }

    /// Takes the subtrie at the focus out; the focus, which exists, stays bare.
    fn detach(&mut self) -> Option<Shared<V>> {
        if self.at_base() {
            return self.edit_root().take();
        }
        self.settle();
        let (slot, key) = self.edit_focus()?;
        trie::detach(slot, key)
    }

    /// Puts a subtrie at the focus, where nothing is but perhaps a dangling tip.
    fn attach(&mut self, subtrie: Option<Shared<V>>) {
        self.set_rooted();
        if self.at_base() {
            *self.edit_root() = subtrie;
            return;
        }
        if let Some((slot, key)) = self.edit_focus() {
            trie::attach(slot, key, subtrie);
            return;
        }
        let key = self.origin_path()[self.base()..].to_vec();
        *self.edit_root() = Some(trie::prefixed(&key, subtrie));
    }

    /// Makes the subtrie at the focus another one.
    pub(super) fn graft(&mut self, source: Source<V>) {
        let exists = self.exists();
        let old = if exists { self.detach() } else { None };
        match source {
            Source::Present(subtrie) => self.attach(subtrie),
            Source::Absent => {
                self.prune_path();
            }
        }
        drop(old);
    }

    /// Edits the subtrie at the focus as a map of its own. An absent focus is created only if the map is left with
    /// something. If a value's clone or drop panics meanwhile, what is left of the map goes back all the same.
    fn edit_as_map(&mut self, edit: impl FnOnce(&mut PathMap<V>)) {
        let exists = self.exists();
        let map = PathMap::from_root(if exists { self.detach() } else { None });
        edit(&mut Detached { walk: self, map }.map);
    }

    pub(super) fn graft_masked_branches(
        &mut self,
        source: Option<Shared<V>>,
        mask: ByteMask,
        remove_unset: bool,
    ) {
        self.edit_as_map(|map| {
            for byte in mask.iter() {
                let branch = trie::find(&source, &[byte])
                    .map(|location| Source::Present(trie::copy_out(location.node, location.spot)));
                map.put_branch(byte, branch.unwrap_or(Source::Absent));
            }
            if remove_unset {
                map.keep_branches(mask);
            }
        });
    }

    pub(super) fn graft_child_maps(
        &mut self,
        mask: ByteMask,
        maps: impl IntoIterator<Item = PathMap<V>>,
        remove_unset: bool,
    ) {
        let mut maps = maps.into_iter();
        self.edit_as_map(|map| {
            for byte in mask.iter() {
                let branch = match maps.next() {
                    Some(PathMap { root: Some(root) }) => Source::Present(Some(root)),
                    _ => Source::Absent,
                };
                map.put_branch(byte, branch);
            }
            if remove_unset {
                map.keep_branches(mask);
            }
        });
    }

    pub(super) fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
        if !self.child_mask().andn(&mask).is_empty_mask() {
            self.edit_as_map(|map| map.keep_branches(mask));
        }
        if prune {
            self.prune_path();
        }
    }

    pub(super) fn remove_branches(&mut self, prune: bool) -> bool {
        let removed = !self.child_mask().is_empty_mask();
        if removed {
            self.edit_as_map(|map| {
                let own = map.take_root_val();
                map.root = own.map(|own| Bundle::node(&[], Payload::Value(own)));
            });
        }
        if prune {
            self.prune_path();
        }
        removed
    }

    pub(super) fn take_map(&mut self, prune: bool) -> Option<PathMap<V>> {
        let taken = if self.exists() { self.detach() } else { None };
        if prune {
            self.prune_path();
        }
        taken.map(|root| PathMap::from_root(Some(root)))
    }

    pub(super) fn insert_prefix(&mut self, prefix: &[u8]) -> bool {
        if self.child_mask().is_empty_mask() {
            return false;
        }
        if !prefix.is_empty() {
            self.edit_as_map(|map| {
                let own = map.take_root_val();
                let below = map.root.take();
                map.root = Some(trie::prefixed(prefix, below));
                if let Some(own) = own {
                    map.insert([], own);
                }
            });
        }
        true
    }

    pub(super) fn remove_prefix(&mut self, n: usize) -> bool {
        let depth = self.depth();
        let up = n.min(depth);
        if up > 0 {
            let source = if self.exists() { Source::Present(self.detach()) } else { Source::Absent };
            self.ascend(up);
            self.graft(source);
        }
        up == n
    }
}

/// A subtrie that is out of its trie; it goes back when this is dropped.
struct Detached<'w, V: Clone, R: RootMut<V>> {
    walk: &'w mut Walk<V, R>,
    map: PathMap<V>,
}

impl<V: Clone, R: RootMut<V>> Drop for Detached<'_, V, R> {
    fn drop(&mut self) {
        if let Some(root) = self.map.root.take() {
            self.walk.attach(Some(root));
        }
    }
}

impl<V: Clone> PathMap<V> {
    fn take_root_val(&mut self) -> Option<V> {
        self.remove_val_at([], false)
    }

    /// Makes the subtrie at one byte another one.
    fn put_branch(&mut self, byte: u8, source: Source<V>) {
        let mut walk = Walk::lazy(Lent(&mut self.root), Vec::new(), 0, true);
        walk.descend_to(&[byte]);
        walk.graft(source);
    }

    /// Removes the branches that are not in `mask`.
    fn keep_branches(&mut self, mask: ByteMask) {
        let mut walk = Walk::lazy(Lent(&mut self.root), Vec::new(), 0, true);
        for byte in walk.child_mask().andn(&mask).iter() {
            walk.descend_to(&[byte]);
            walk.graft(Source::Absent);
            walk.reset();
        }
    }
}
