//! Finding a location, without changing anything.

use crate::node::{NodeRef, Shared, Spot, Step};

/// The deepest location on the way to a path.
pub(crate) struct Location<'a, V> {
    pub(crate) node: NodeRef<'a, V>,
    pub(crate) spot: Spot,
    /// How much of the path leads to the spot. It is the whole path iff the path exists.
    pub(crate) reached: usize,
}

impl<V> Location<'_, V> {
    /// The same seen from `bytes` further up.
    pub(crate) fn after(self, bytes: usize) -> Self {
        Self { reached: self.reached + bytes, ..self }
    }
}

/// Follows `path` from the root of `node` as far as locations go. O(path).
pub(crate) fn locate<'a, V>(mut node: NodeRef<'a, V>, path: &[u8]) -> Location<'a, V> {
    let mut reached = 0;
    while let Some((_, used, child)) = node.child_towards(&path[reached..]) {
        reached += used;
        node = child.view();
    }
    let (used, spot) = node.follow(node.known(Spot::ROOT), &path[reached..]);
    Location { node, spot, reached: reached + used }
}

/// The location at `path`, if it exists below `root`.
pub(crate) fn find<'a, V>(root: &'a Option<Shared<V>>, path: &[u8]) -> Option<Location<'a, V>> {
    let location = locate(root.as_ref()?.view(), path);
    (location.reached == path.len()).then_some(location)
}

/// The value at `path` below the root of `node`. O(path).
#[inline]
pub(crate) fn value<'a, V>(mut node: NodeRef<'a, V>, mut path: &[u8]) -> Option<&'a V> {
    loop {
        if path.is_empty() {
            return node.own();
        }
        match node.step(path) {
            Step::Value(value) => return Some(value),
            Step::Child(child, used) => {
                node = child.view();
                path = &path[used..];
            }
            Step::Nothing => return None,
        }
    }
}

/// The value at `path` below a spot of a node.
pub(crate) fn value_below<'a, V>(node: NodeRef<'a, V>, spot: Spot, path: &[u8]) -> Option<&'a V> {
    if spot.depth() == 0 {
        return value(node, path);
    }
    let (used, below) = node.follow(node.known(spot), path);
    match node.child_at(below) {
        Some(child) => value(child.view(), &path[used..]),
        None if used == path.len() => node.value_at(below),
        None => None,
    }
}

/// True iff a node's root has a value or more than one way to go on.
fn root_forks<V>(node: NodeRef<'_, V>) -> bool {
    node.own().is_some() || node.unbranched(node.known(Spot::ROOT)).is_none()
}

/// The depth of the nearest strict ancestor of a spot, in its node, that has a value or branches.
pub(crate) fn fork_above<V>(node: NodeRef<'_, V>, spot: Spot) -> Option<usize> {
    match node.fork_above(node.known(spot)) {
        0 => (spot.depth() > 0 && root_forks(node)).then_some(0),
        depth => Some(depth),
    }
}

/// True iff nothing is at and below the location.
pub(crate) fn is_tip<V>(node: NodeRef<'_, V>, spot: Spot) -> bool {
    node.value_at(spot).is_none() && node.child_mask(node.known(spot)).is_empty_mask()
}
