//! The zipper of the model: a root, a path, and the map of all locations.

use super::naive::NaiveMap;
use crate::bytes::ByteMask;

/// The model of every zipper: it moves as a reader and writes as a writer.
///
/// Its methods have the names and the results of those of the zipper traits.
#[derive(Debug)]
pub struct NaiveZipper<'a, V> {
    map: &'a mut NaiveMap<V>,
    root: Vec<u8>,
    path: Vec<u8>,
}

impl<'a, V> NaiveZipper<'a, V> {
    /// A zipper rooted at `root`, which need not be a location.
    pub fn new(map: &'a mut NaiveMap<V>, root: &[u8]) -> Self {
        Self::standing_at(map, root, &[])
    }

    /// A zipper rooted at `root`, with its focus at `path` below it.
    pub fn standing_at(map: &'a mut NaiveMap<V>, root: &[u8], path: &[u8]) -> Self {
        Self { map, root: root.to_vec(), path: path.to_vec() }
    }

    /// The map that it reads and writes.
    pub fn map(&self) -> &NaiveMap<V> {
        self.map
    }

    /// The path from the origin of the map to the focus.
    pub fn origin_path(&self) -> Vec<u8> {
        [self.root.as_slice(), &self.path].concat()
    }

    /// The path from the origin of the map to the root.
    pub fn root_prefix_path(&self) -> &[u8] {
        &self.root
    }

    /// The path from the root to the focus.
    pub fn path(&self) -> &[u8] {
        &self.path
    }
}

/// Questions about the focus.
impl<V> NaiveZipper<'_, V> {
    /// True iff the focus is a location.
    pub fn path_exists(&self) -> bool {
        self.map.path_exists_at(&self.origin_path())
    }

    /// True iff there is a value at the focus.
    pub fn is_val(&self) -> bool {
        self.val().is_some()
    }

    /// The value at the focus.
    pub fn val(&self) -> Option<&V> {
        self.map.get(&self.origin_path())
    }

    /// The value at `path` below the focus.
    pub fn val_at(&self, path: &[u8]) -> Option<&V> {
        self.map.get(&[&self.origin_path(), path].concat())
    }

    /// The bytes of the children of the focus.
    pub fn child_mask(&self) -> ByteMask {
        self.map.child_mask(&self.origin_path())
    }

    /// The number of children of the focus.
    pub fn child_count(&self) -> usize {
        self.child_mask().iter().count()
    }

    /// The number of values at the focus and below.
    pub fn val_count(&self) -> usize {
        self.map.at_or_below(&self.origin_path()).filter(|(_, value)| value.is_some()).count()
    }
}

/// Movement, in the order of the table of movements.
impl<V> NaiveZipper<'_, V> {
    /// True iff the focus is the root.
    pub fn at_root(&self) -> bool {
        self.path.is_empty()
    }

    /// Goes to the root.
    pub fn reset(&mut self) {
        self.path.clear();
    }

    /// Goes to `path` from the root; returns the length of the common prefix of the old and the
    /// new path.
    pub fn move_to_path(&mut self, path: &[u8]) -> usize {
        let shared = self.path.iter().zip(path).take_while(|(old, new)| old == new).count();
        self.path = path.to_vec();
        shared
    }

    /// Goes down by `k`, whether or not it exists.
    pub fn descend_to(&mut self, k: &[u8]) {
        self.path.extend_from_slice(k);
    }

    /// Goes down by `k`, whether or not it exists; returns whether it does.
    pub fn descend_to_check(&mut self, k: &[u8]) -> bool {
        self.descend_to(k);
        self.path_exists()
    }

    /// Follows `k` while locations exist; returns the bytes moved.
    pub fn descend_to_existing(&mut self, k: &[u8]) -> usize {
        for (moved, &byte) in k.iter().enumerate() {
            if !self.descend_to_existing_byte(byte) {
                return moved;
            }
        }
        k.len()
    }

    /// Follows `k` while locations exist, up to the first value strictly below the start; returns
    /// the bytes moved.
    pub fn descend_to_val(&mut self, k: &[u8]) -> usize {
        for (moved, &byte) in k.iter().enumerate() {
            if !self.descend_to_existing_byte(byte) {
                return moved;
            }
            if self.is_val() {
                return moved + 1;
            }
        }
        k.len()
    }

    /// Goes down by one byte, whether or not it exists.
    pub fn descend_to_byte(&mut self, byte: u8) {
        self.path.push(byte);
    }

    /// Goes down by one byte if that exists; returns whether it moved.
    pub fn descend_to_existing_byte(&mut self, byte: u8) -> bool {
        self.path.push(byte);
        let exists = self.path_exists();
        if !exists {
            self.path.pop();
        }
        exists
    }

    /// Goes to the `idx`-th child in byte order; returns whether there is one.
    pub fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        let byte = self.child_mask().iter().nth(idx);
        self.path.extend(byte);
        byte.is_some()
    }

    /// Goes to the first child; returns whether there is one.
    pub fn descend_first_byte(&mut self) -> bool {
        let byte = self.child_mask().iter().next();
        self.path.extend(byte);
        byte.is_some()
    }

    /// Goes to the last child; returns whether there is one.
    pub fn descend_last_byte(&mut self) -> bool {
        let byte = self.child_mask().iter().last();
        self.path.extend(byte);
        byte.is_some()
    }

    /// If there is exactly one child, goes down to the next value, branch or leaf. Returns whether
    /// it moved.
    pub fn descend_until(&mut self) -> bool {
        self.descend_until_max_bytes(usize::MAX)
    }

    /// Like [`descend_until`](Self::descend_until), but by at most `max_bytes` bytes.
    pub fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        let mut moved = 0;
        while moved < max_bytes && self.child_count() == 1 {
            self.descend_first_byte();
            moved += 1;
            if self.is_val() {
                break;
            }
        }
        moved > 0
    }

    /// Goes up by `steps` bytes, or to the root if that is nearer; false iff it stopped short.
    pub fn ascend(&mut self, steps: usize) -> bool {
        let depth = self.path.len();
        self.path.truncate(depth.saturating_sub(steps));
        steps <= depth
    }

    /// Goes up by one byte; false at the root.
    pub fn ascend_byte(&mut self) -> bool {
        self.path.pop().is_some()
    }

    /// Goes to the nearest strict ancestor that has a value or branches, or to the root; false at
    /// the root.
    pub fn ascend_until(&mut self) -> bool {
        let moved = self.ascend_byte();
        while !self.at_root() && !self.is_val() && self.child_count() < 2 {
            self.ascend_byte();
        }
        moved
    }

    /// Goes to the nearest strict ancestor that branches, or to the root; false at the root.
    pub fn ascend_until_branch(&mut self) -> bool {
        let moved = self.ascend_byte();
        while !self.at_root() && self.child_count() < 2 {
            self.ascend_byte();
        }
        moved
    }

    /// Goes to the next child of the parent, even from an absent focus; returns whether it moved.
    pub fn to_next_sibling_byte(&mut self) -> bool {
        let Some(here) = self.path.pop() else { return false };
        let next = self.child_mask().iter().find(|&byte| byte > here);
        self.path.push(next.unwrap_or(here));
        next.is_some()
    }

    /// Goes to the previous child of the parent, even from an absent focus; returns whether it
    /// moved.
    pub fn to_prev_sibling_byte(&mut self) -> bool {
        let Some(here) = self.path.pop() else { return false };
        let prev = self.child_mask().iter().rfind(|&byte| byte < here);
        self.path.push(prev.unwrap_or(here));
        prev.is_some()
    }

    /// Goes to the location after the focus; if there is none, resets and returns false.
    pub fn to_next_step(&mut self) -> bool {
        let next = self.next_where(|_| true);
        self.go_or_reset(next)
    }

    /// Goes to the value after the focus; if there is none, resets and returns false.
    pub fn to_next_val(&mut self) -> bool {
        let next = self.next_where(|value| value.is_some());
        self.go_or_reset(next)
    }

    /// Goes to the location before the focus, or from the root to the last location; if there is
    /// none, resets and returns false.
    ///
    /// A walk starts and ends at the root, in either direction, and the root is never a step of
    /// it.
    pub fn to_prev_step(&mut self) -> bool {
        let prev = self.prev_where(|_| true);
        self.go_or_reset(prev)
    }

    /// Goes to the value before the focus, or from the root to the last value; if there is none,
    /// resets and returns false.
    pub fn to_prev_val(&mut self) -> bool {
        let prev = self.prev_where(|value| value.is_some());
        self.go_or_reset(prev)
    }

    /// Goes to the greatest location at or below the focus; returns whether it moved.
    pub fn descend_last_path(&mut self) -> bool {
        let focus = self.origin_path();
        let last = self.map.at_or_below(&focus).last().map(|(found, _)| found[focus.len()..].to_vec());
        let below = last.unwrap_or_default();
        self.path.extend_from_slice(&below);
        !below.is_empty()
    }

    /// Goes to the first location exactly `k` bytes below; if there is none or `k` is 0, does not
    /// move and returns false.
    pub fn descend_first_k_path(&mut self, k: usize) -> bool {
        if k == 0 {
            return false;
        }
        let focus = self.origin_path();
        let first = self
            .map
            .at_or_below(&focus)
            .find(|(found, _)| found.len() - focus.len() == k)
            .map(|(found, _)| found[focus.len()..].to_vec());
        self.path.extend_from_slice(first.as_deref().unwrap_or_default());
        first.is_some()
    }

    /// Goes to the next location of the same length below the ancestor `k` bytes above; if there
    /// is none, goes to that ancestor and returns false.
    pub fn to_next_k_path(&mut self, k: usize) -> bool {
        if k == 0 {
            return false;
        }
        if k > self.path.len() {
            self.reset();
            return false;
        }
        let focus = self.origin_path();
        let ancestor = &focus[..focus.len() - k];
        let next = self
            .map
            .after(&focus)
            .take_while(|(found, _)| found.starts_with(ancestor))
            .find(|(found, _)| found.len() == focus.len())
            .map(|(found, _)| found[self.root.len()..].to_vec());
        let moved = next.is_some();
        self.path = next.unwrap_or_else(|| ancestor[self.root.len()..].to_vec());
        moved
    }

    fn next_where(&self, wanted: impl Fn(Option<&V>) -> bool) -> Option<Vec<u8>> {
        self.map
            .after(&self.origin_path())
            .take_while(|(found, _)| found.starts_with(&self.root))
            .find(|(_, value)| wanted(*value))
            .map(|(found, _)| found[self.root.len()..].to_vec())
    }

    fn prev_where(&self, wanted: impl Fn(Option<&V>) -> bool) -> Option<Vec<u8>> {
        let below_root = |found: &[u8]| found.starts_with(&self.root) && found.len() > self.root.len();
        let relative = |(found, _): (&[u8], Option<&V>)| found[self.root.len()..].to_vec();
        if self.at_root() {
            let below = self.map.at_or_below(&self.root);
            below.filter(|(found, value)| below_root(found) && wanted(*value)).last().map(relative)
        } else {
            let focus = self.origin_path();
            let mut before = self.map.before(&focus).take_while(|(found, _)| below_root(found));
            before.find(|(_, value)| wanted(*value)).map(relative)
        }
    }

    fn go_or_reset(&mut self, path: Option<Vec<u8>>) -> bool {
        let found = path.is_some();
        self.path = path.unwrap_or_default();
        found
    }
}

/// Writing values and paths.
impl<V> NaiveZipper<'_, V> {
    /// A mutable reference to the value at the focus. Creates nothing.
    pub fn get_val_mut(&mut self) -> Option<&mut V> {
        let focus = self.origin_path();
        self.map.get_mut(&focus)
    }

    /// A mutable reference to the value at the focus, which is set to the result of `func` first
    /// if there is none.
    pub fn get_val_or_set_mut_with(&mut self, func: impl FnOnce() -> V) -> &mut V {
        let focus = self.origin_path();
        self.map.get_or_set_with(&focus, func)
    }

    /// Sets the value at the focus, creating the path, and returns the old value.
    pub fn set_val(&mut self, val: V) -> Option<V> {
        let focus = self.origin_path();
        self.map.set(&focus, val)
    }

    /// Removes and returns the value at the focus. The location is kept, unless `prune` is set.
    pub fn remove_val(&mut self, prune: bool) -> Option<V> {
        let focus = self.origin_path();
        let taken = self.map.remove(&focus, false);
        self.prune_if(prune);
        taken
    }

    /// Creates the focus as a location; true iff it was absent.
    pub fn create_path(&mut self) -> bool {
        let focus = self.origin_path();
        self.map.create_path(&focus)
    }

    /// If the focus is a dangling tip, removes it and its ancestors up to the nearest one that has
    /// a value, branches, or is the root. Returns the number of bytes removed.
    pub fn prune_path(&mut self) -> usize {
        let focus = self.origin_path();
        self.map.prune_path_below(self.root.len(), &focus)
    }

    /// Prunes, then ascends by the number of bytes removed.
    pub fn prune_ascend(&mut self) -> usize {
        let pruned = self.prune_path();
        self.ascend(pruned);
        pruned
    }

    /// Removes all locations strictly below the focus; returns whether there were any.
    pub fn remove_branches(&mut self, prune: bool) -> bool {
        let focus = self.origin_path();
        let any = self.map.remove_branches_at(&focus, false);
        self.prune_if(prune);
        any
    }

    /// Removes the branches whose byte is not in `mask`.
    pub fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool) {
        let focus = self.origin_path();
        for byte in self.child_mask().iter().filter(|&byte| !mask.test_bit(byte)) {
            self.map.delete_at(&[focus.as_slice(), &[byte]].concat());
        }
        self.prune_if(prune);
    }

    fn prune_if(&mut self, prune: bool) {
        if prune {
            self.prune_path();
        }
    }
}

/// Writing whole subtries.
impl<V: Clone> NaiveZipper<'_, V> {
    /// The subtrie at the focus, including its value; `None` if the focus is no location.
    pub fn subtrie(&self) -> Option<NaiveMap<V>> {
        self.map.subtrie_at(&self.origin_path())
    }

    /// The subtrie at the focus as a map; empty if the focus is no location.
    pub fn make_map(&self) -> NaiveMap<V> {
        self.subtrie().unwrap_or_default()
    }

    /// Replaces the subtrie at the focus by `source`. An absent source empties the focus and then
    /// prunes it.
    pub fn graft(&mut self, source: Option<NaiveMap<V>>) {
        let focus = self.origin_path();
        match source {
            Some(subtrie) => self.map.replace_at(&focus, subtrie),
            None => {
                self.remove_val(false);
                self.remove_branches(false);
                self.prune_path();
            }
        }
    }

    /// Replaces the subtrie at the focus by the whole of `map`.
    pub fn graft_map(&mut self, map: NaiveMap<V>) {
        self.graft(Some(map));
    }

    /// Replaces each branch in `mask` by that of the source, or removes it if the source has none.
    ///
    /// An absent focus is created only if a branch is put there. Nothing is pruned: a focus that
    /// loses its last branch is kept.
    pub fn graft_masked_branches(&mut self, source: Option<NaiveMap<V>>, mask: ByteMask, remove_unset: bool) {
        let branches = mask.iter().map(|byte| source.as_ref().and_then(|source| source.subtrie_at(&[byte])));
        self.replace_branches(mask, branches.collect(), remove_unset);
    }

    /// Replaces each branch in `mask` by the next of `maps`, or removes it if that map is missing
    /// or empty.
    ///
    /// A map with dangling paths and no value is not empty here, since it has branches.
    pub fn graft_child_maps(&mut self, mask: ByteMask, maps: Vec<NaiveMap<V>>, remove_unset: bool) {
        let branches = maps.into_iter().map(|map| (!map.is_bare_root()).then_some(map));
        self.replace_branches(mask, branches.collect(), remove_unset);
    }

    fn replace_branches(&mut self, mask: ByteMask, branches: Vec<Option<NaiveMap<V>>>, remove_unset: bool) {
        let focus = self.origin_path();
        if remove_unset {
            self.remove_unmasked_branches(mask, false);
        }
        let mut branches = branches.into_iter();
        for byte in mask.iter() {
            let place = [focus.as_slice(), &[byte]].concat();
            match branches.next().flatten() {
                Some(branch) => self.map.replace_at(&place, branch),
                None => self.map.delete_at(&place),
            }
        }
    }

    /// Moves all locations strictly below the focus to below focus·`prefix`; returns false if
    /// there are none.
    pub fn insert_prefix(&mut self, prefix: &[u8]) -> bool {
        let focus = self.origin_path();
        let Some(mut below) = self.subtrie().filter(|_| self.map.has_branches(&focus)) else { return false };
        if prefix.is_empty() {
            return true;
        }
        below.remove(&[], false);
        self.remove_branches(false);
        self.map.replace_at(&[focus.as_slice(), prefix].concat(), below);
        true
    }

    /// Grafts the subtrie at the focus `n` bytes above and goes there. Returns false iff `n`
    /// exceeds the depth, and uses the depth then.
    pub fn remove_prefix(&mut self, n: usize) -> bool {
        let up = n.min(self.path.len());
        if up > 0 {
            let subtrie = self.subtrie();
            self.ascend(up);
            self.graft(subtrie);
        }
        up == n
    }

    /// Removes and returns the subtrie, including its value; `None` if there is no value and
    /// nothing below. A focus that exists is kept bare, unless `prune` is set.
    pub fn take_map(&mut self, prune: bool) -> Option<NaiveMap<V>> {
        let taken = self.subtrie().filter(|subtrie| !subtrie.is_bare_root());
        self.remove_val(false);
        self.remove_branches(false);
        self.prune_if(prune);
        taken
    }
}
