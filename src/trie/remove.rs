//! Removing values and pruning paths.

use super::attach::create;
use super::descend::{Looking, descend};
use super::locate;
use super::route::Route;
use super::take::take_at;
use crate::node::{Bin, Bundle, End, Shared, Stored};

/// Takes the value at `path`. The location stays, unless `prune`.
pub(crate) fn remove<V: Clone>(
    root: &mut Option<Shared<V>>,
    path: &[u8],
    prune: bool,
    bin: &mut Bin<V>,
) -> Option<Stored<V>> {
    if prune || path.is_empty() {
        return Route::find(root, path).remove(path, bin);
    }
    let end = descend(root.as_mut()?, path, Looking);
    end.value()?;
    Some(take_at(end.go_on(bin), bin))
}

/// If `path` is a dangling tip: deletes up to the nearest strict ancestor that has a value,
/// branches, or is `floor` long. Returns the number of bytes deleted.
pub(crate) fn prune_path<V: Clone>(
    root: &mut Option<Shared<V>>,
    path: &[u8],
    floor: usize,
    bin: &mut Bin<V>,
) -> usize {
    if path.len() <= floor {
        return 0;
    }
    let route = Route::find(root, path);
    if !route.is_tip(path) {
        return 0;
    }
    match route.prune(path, bin) {
        Some(fork) if fork >= floor => path.len() - fork,
        _ => {
            create_path(root, &path[..floor], bin);
            path.len() - floor
        }
    }
}

/// Creates the location at `path`; true iff it was absent.
pub(crate) fn create_path<V: Clone>(root: &mut Option<Shared<V>>, path: &[u8], bin: &mut Bin<V>) -> bool {
    if path.is_empty() || locate::find(root, path).is_some() {
        return false;
    }
    match root {
        Some(slot) => create(slot, path, bin),
        None => *root = Some(Bundle::node(path, End::Bare)),
    }
    true
}
