//! Removing values and pruning paths.

use crate::node::{Bin, Bundle, End, Found, NodeRef, Place, Shared, Spot, Stored};
use crate::trie::{edit, locate};

/// The length of the longest proper prefix of `path` that is a location with a value or a branch, or `None` if there is
/// none, in nodes on the way to `path`, which exists.
fn last_fork<V>(mut node: NodeRef<'_, V>, path: &[u8]) -> Option<usize> {
    let (mut start, mut fork) = (0, None);
    while start < path.len() {
        let (used, spot) = node.follow(node.known(Spot::ROOT), &path[start..]);
        fork = Place::new(node, spot).fork_above().map(|depth| start + depth).or(fork);
        let Some(child) = node.child_at(spot) else { break };
        (node, start) = (child.view(), start + used);
    }
    fork
}

/// Takes the value at `path`. The location stays, unless `prune`.
pub(crate) fn remove<V: Clone>(
    root: &mut Option<Shared<V>>,
    path: &[u8],
    prune: bool,
    bin: &mut Bin<V>,
) -> Option<Stored<V>> {
    let slot = root.as_mut()?;
    if prune && let Some(value) = edit::remove_entry(slot, path, bin) {
        return Some(value);
    }
    let value = slot.lent().value_at(path).is_some().then(|| edit::take_value(slot, path, bin));
    if slot.view().next_entry(0).is_none() && slot.view().own().is_none() {
        // What is left of the node holds nothing.
        *root = None;
    }
    if prune {
        prune_path(root, path, 0, bin);
    }
    value
}

/// If `path` is a dangling tip: deletes up to the nearest strict ancestor that has a value, branches, or is `floor`
/// long. Returns the number of bytes deleted.
pub(crate) fn prune_path<V: Clone>(
    root: &mut Option<Shared<V>>,
    path: &[u8],
    floor: usize,
    bin: &mut Bin<V>,
) -> usize {
    if path.len() <= floor {
        return 0;
    }
    if !locate::find(root, path).is_some_and(Place::is_empty) {
        return 0;
    }
    let slot = root.as_mut().expect("the location is there");
    let fork = last_fork(slot.view(), path);
    match fork {
        // The nodes hold nothing but the way to the tip.
        None => *root = None,
        Some(fork) => cut(slot, path, fork, bin),
    }
    if fork.is_none_or(|fork| fork < floor) {
        create_path(root, &path[..floor], bin);
        return path.len() - floor;
    }
    path.len() - fork.expect("it is not below the floor")
}

/// Removes the one entry that leads from the location at `path[..fork]`, which has a value or branches, to `path`.
fn cut<V: Clone>(mut slot: &mut Shared<V>, path: &[u8], fork: usize, bin: &mut Bin<V>) {
    let mut start = 0;
    loop {
        let mut node = slot.unique(bin);
        let (i, below) = match node.find(&path[start..]) {
            Found::Child(i, used) if start + used <= fork => (i, start + used),
            _ => {
                edit::remove_towards(&mut node, &path[start..]);
                node.settle();
                return;
            }
        };
        // The child loses an entry and is tidied from here, if the cut is in it and not further below.
        let child = node.reborrow().child_mut(i);
        let further = match child.unique(bin).find(&path[below..]) {
            Found::Child(_, used) => below + used <= fork,
            _ => false,
        };
        if !further {
            edit::remove_towards(&mut child.unique(bin), &path[below..]);
            edit::tidy(&mut node, i);
            return;
        }
        slot = slot.unique(bin).child_mut(i);
        start = below;
    }
}

/// Creates the location at `path`; true iff it was absent.
pub(crate) fn create_path<V: Clone>(root: &mut Option<Shared<V>>, path: &[u8], bin: &mut Bin<V>) -> bool {
    if path.is_empty() || locate::find(root, path).is_some() {
        return false;
    }
    match root {
        Some(slot) => edit::create(slot, path, bin),
        None => *root = Some(Bundle::node(path, End::Bare)),
    }
    true
}
