//! The reference model: a map that holds every location by its path.
//!
//! Each operation is written in the most obvious way. If the library and the model differ, the
//! library is wrong.

use std::collections::BTreeMap;
use std::ops::Bound;

pub use super::naive_algebra::Combined;
pub use super::naive_zipper::NaiveZipper;
use crate::bytes::ByteMask;

/// The model of a [`PathMap`](crate::PathMap): all locations, each bare (`None`) or valued.
///
/// It always holds the empty path, and all prefixes of each path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NaiveMap<V> {
    locations: BTreeMap<Vec<u8>, Option<V>>,
}

impl<V> Default for NaiveMap<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V> NaiveMap<V> {
    /// The empty map: its root exists and is bare.
    pub fn new() -> Self {
        Self { locations: BTreeMap::from([(Vec::new(), None)]) }
    }

    /// Every location in path order, the root included, with its value.
    pub fn locations(&self) -> impl DoubleEndedIterator<Item = (&[u8], Option<&V>)> {
        self.locations.iter().map(|(path, value)| (path.as_slice(), value.as_ref()))
    }

    /// Every valued location in path order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], &V)> {
        self.locations().filter_map(|(path, value)| Some((path, value?)))
    }

    /// The locations at or below `path`, in path order, each with its whole path.
    pub fn at_or_below<'a>(&'a self, path: &'a [u8]) -> impl Iterator<Item = (&'a [u8], Option<&'a V>)> {
        self.locations
            .range::<[u8], _>((Bound::Included(path), Bound::Unbounded))
            .take_while(move |(found, _)| found.starts_with(path))
            .map(|(found, value)| (found.as_slice(), value.as_ref()))
    }

    /// The locations strictly after `path`, in path order.
    pub fn after<'a>(&'a self, path: &'a [u8]) -> impl Iterator<Item = (&'a [u8], Option<&'a V>)> {
        self.locations
            .range::<[u8], _>((Bound::Excluded(path), Bound::Unbounded))
            .map(|(found, value)| (found.as_slice(), value.as_ref()))
    }

    /// The locations strictly before `path`, the nearest first.
    pub fn before<'a>(&'a self, path: &'a [u8]) -> impl Iterator<Item = (&'a [u8], Option<&'a V>)> {
        self.locations
            .range::<[u8], _>((Bound::Unbounded, Bound::Excluded(path)))
            .rev()
            .map(|(found, value)| (found.as_slice(), value.as_ref()))
    }

    /// The bare locations with nothing below them, in path order. The root of an empty map is
    /// none.
    pub fn dangling_tips(&self) -> impl Iterator<Item = &[u8]> {
        self.locations()
            .filter(|(path, value)| !path.is_empty() && value.is_none() && !self.has_branches(path))
            .map(|(path, _)| path)
    }

    /// True iff `path` is a location.
    pub fn path_exists_at(&self, path: &[u8]) -> bool {
        self.locations.contains_key(path)
    }

    /// The value at `path`.
    pub fn get(&self, path: &[u8]) -> Option<&V> {
        self.locations.get(path)?.as_ref()
    }

    /// A mutable reference to the value at `path`. Creates nothing.
    pub fn get_mut(&mut self, path: &[u8]) -> Option<&mut V> {
        self.locations.get_mut(path)?.as_mut()
    }

    /// A mutable reference to the value at `path`, which is set to the result of `func` first if
    /// there is none.
    pub fn get_or_set_with(&mut self, path: &[u8], func: impl FnOnce() -> V) -> &mut V {
        self.create_path(path);
        self.locations.entry(path.to_vec()).or_default().get_or_insert_with(func)
    }

    /// The number of values.
    pub fn val_count(&self) -> usize {
        self.iter().count()
    }

    /// True iff there is no value.
    pub fn is_empty(&self) -> bool {
        self.val_count() == 0
    }

    /// True iff there is neither a value nor any location but the root.
    pub fn is_bare_root(&self) -> bool {
        self.locations.len() == 1 && self.get(&[]).is_none()
    }

    /// The bytes of the children of `path`.
    pub fn child_mask(&self, path: &[u8]) -> ByteMask {
        let mut bytes = Vec::new();
        let mut from = Some(0);
        while let Some(byte) = from {
            // The locations are prefix-closed, so the first one at or after `path·byte` is a child
            // of `path`, or no child is left.
            let first = [path, &[byte]].concat();
            let found = self.locations.range(first..).map(|(found, _)| found).next();
            match found.filter(|found| found.starts_with(path)) {
                Some(child) => {
                    bytes.push(child[path.len()]);
                    from = child[path.len()].checked_add(1);
                }
                None => break,
            }
        }
        bytes.into_iter().collect()
    }

    /// True iff there is a location strictly below `path`.
    pub fn has_branches(&self, path: &[u8]) -> bool {
        self.after(path).next().is_some_and(|(found, _)| found.starts_with(path))
    }

    /// Sets the value at `path`, creating the path, and returns the old value.
    pub fn set(&mut self, path: &[u8], value: V) -> Option<V> {
        self.create_path(path);
        self.locations.insert(path.to_vec(), Some(value)).flatten()
    }

    /// Removes and returns the value at `path`. The location is kept, unless `prune` is set.
    pub fn remove(&mut self, path: &[u8], prune: bool) -> Option<V> {
        let taken = self.locations.get_mut(path).and_then(Option::take);
        if prune {
            self.prune_path(path);
        }
        taken
    }

    /// Creates `path` as a location; true iff it was absent.
    pub fn create_path(&mut self, path: &[u8]) -> bool {
        // The locations are prefix-closed, so all prefixes of one that exists do.
        let missing = (0..=path.len()).rev().take_while(|&len| !self.path_exists_at(&path[..len])).count();
        for len in path.len() + 1 - missing..=path.len() {
            self.locations.insert(path[..len].to_vec(), None);
        }
        missing > 0
    }

    /// If `path` is a dangling tip, removes it and its ancestors up to the nearest one that has a
    /// value, branches, or is the root. Returns the number of bytes removed.
    pub fn prune_path(&mut self, path: &[u8]) -> usize {
        self.prune_path_below(0, path)
    }

    /// Like [`prune_path`](Self::prune_path), but the ancestor of `root_len` bytes counts as the
    /// root.
    pub fn prune_path_below(&mut self, root_len: usize, path: &[u8]) -> usize {
        let tip = self.path_exists_at(path) && self.get(path).is_none() && !self.has_branches(path);
        if !tip || path.len() <= root_len {
            return 0;
        }
        let mut keep = path.len() - 1;
        while keep > root_len && self.get(&path[..keep]).is_none() && !self.is_branch(&path[..keep]) {
            keep -= 1;
        }
        for len in keep + 1..=path.len() {
            self.locations.remove(&path[..len]);
        }
        path.len() - keep
    }

    /// Prunes at `path`, where each path in `present` counts as a location.
    pub fn prune_path_beside(&mut self, path: &[u8], present: &[&[u8]]) -> usize {
        let mut added = Vec::new();
        for held in present {
            for len in 0..=held.len() {
                if !self.path_exists_at(&held[..len]) {
                    self.locations.insert(held[..len].to_vec(), None);
                    added.push(held[..len].to_vec());
                }
            }
        }
        let pruned = self.prune_path(path);
        for location in added {
            self.locations.remove(&location);
        }
        pruned
    }

    /// True iff `path` has at least two children.
    pub fn is_branch(&self, path: &[u8]) -> bool {
        self.child_mask(path).iter().count() > 1
    }

    /// Removes all locations strictly below `path`; returns whether there were any.
    pub fn remove_branches_at(&mut self, path: &[u8], prune: bool) -> bool {
        let any = self.has_branches(path);
        self.locations.retain(|found, _| found == path || !found.starts_with(path));
        if prune {
            self.prune_path(path);
        }
        any
    }

    /// Removes the location `path` and all below it. The root is emptied instead.
    pub fn delete_at(&mut self, path: &[u8]) {
        self.locations.retain(|found, _| !found.starts_with(path));
        self.locations.entry(Vec::new()).or_default();
    }

    /// Replaces the subtrie at `path` by `subtrie`, creating the path.
    pub fn replace_at(&mut self, path: &[u8], subtrie: NaiveMap<V>) {
        self.delete_at(path);
        self.create_path(path);
        for (below, value) in subtrie.locations {
            self.locations.insert([path, &below].concat(), value);
        }
    }

    /// Removes and returns the values and dangling tips at and after `key`, in path order.
    pub fn split_off(&mut self, key: &[u8]) -> Self {
        let all = std::mem::take(self);
        let mut after = Self::new();
        for tip in all.dangling_tips() {
            let side = if tip < key { &mut *self } else { &mut after };
            side.create_path(tip);
        }
        for (path, value) in all.locations {
            let side = if path.as_slice() < key { &mut *self } else { &mut after };
            if let Some(value) = value {
                side.set(&path, value);
            }
        }
        after
    }

    /// Keeps the values for which `keep` returns true, and prunes where a value is removed.
    pub fn retain(&mut self, mut keep: impl FnMut(&[u8], &mut V) -> bool) {
        let mut removed = Vec::new();
        for (path, value) in &mut self.locations {
            if value.as_mut().is_some_and(|value| !keep(path, value)) {
                removed.push(path.clone());
            }
        }
        for path in removed {
            self.remove(&path, true);
        }
    }
}

impl<V: Clone> NaiveMap<V> {
    /// The subtrie at `path`, including its value; `None` if there is no such location.
    pub fn subtrie_at(&self, path: &[u8]) -> Option<NaiveMap<V>> {
        self.path_exists_at(path).then(|| NaiveMap {
            locations: self
                .at_or_below(path)
                .map(|(found, value)| (found[path.len()..].to_vec(), value.cloned()))
                .collect(),
        })
    }
}

impl<V, K: AsRef<[u8]>> FromIterator<(K, V)> for NaiveMap<V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (path, value) in entries {
            map.set(path.as_ref(), value);
        }
        map
    }
}
