//! Taking a value out of a node, and leaving the location.

use super::descend::{Descent, Unsharing, descend};
use crate::node::{Bin, End, EndOwned, Found, NodeMut, Shared, Stored};

/// Takes the value of entry `i` by `take`. The value is made this owner's first, for its clone may
/// panic.
fn take_entry<V: Clone>(
    node: &mut NodeMut<'_, V>,
    i: usize,
    bin: &mut Bin<V>,
    take: impl FnOnce(&mut NodeMut<'_, V>, usize) -> EndOwned<V>,
) -> Stored<V> {
    node.claim_value(i, bin);
    let End::Value(value) = take(node, i) else { unreachable!("the entry has a value") };
    value
}

/// Takes entry `i`, which has a value, out of its node. The node may be left with nothing: the
/// caller sees to it.
pub(super) fn remove_entry<V: Clone>(node: &mut NodeMut<'_, V>, i: usize, bin: &mut Bin<V>) -> Stored<V> {
    take_entry(node, i, bin, |node, i| node.remove(i))
}

/// Takes the value at the root of a node, which is there. It is made this owner's first, for its
/// clone may panic.
pub(super) fn take_own<V: Clone>(node: &mut NodeMut<'_, V>, bin: &mut Bin<V>) -> Stored<V> {
    node.reborrow().own_mut(bin);
    node.take_own().expect("there is a value")
}

/// Takes the value at `key`, which is there; the location stays. If the key is empty, the node may
/// be left with nothing: the caller sees to it.
pub(crate) fn take_value<V: Clone>(slot: &mut Shared<V>, key: &[u8], bin: &mut Bin<V>) -> Stored<V> {
    if key.is_empty() {
        return take_own(&mut slot.unique(bin), bin);
    }
    take_at(descend(slot, key, Unsharing(bin)), bin)
}

/// Like [`take_value`], at the end of a descent.
pub(super) fn take_at<V: Clone>(end: Descent<'_, '_, V>, bin: &mut Bin<V>) -> Stored<V> {
    let mut node = end.slot.unique(bin);
    match end.found {
        // If other entries extend the key, they keep the location. Otherwise it becomes a tip.
        Found::Value(i) if node.goes_beyond(end.key) => remove_entry(&mut node, i, bin),
        Found::Value(i) => take_entry(&mut node, i, bin, |node, i| node.replace(i, End::Bare)),
        Found::Child(i, _) => {
            let mut child = node.reborrow().child_mut(i).unique(bin);
            let value = take_own(&mut child, bin);
            if !child.has_entries() {
                // The child holds nothing any more.
                drop(node.replace(i, End::Bare));
            }
            value
        }
        Found::Bare(_) | Found::Vacant(_) => unreachable!("there is a value"),
    }
}
