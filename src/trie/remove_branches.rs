//! Removing what is below a location.

use std::mem;

use super::attach::create;
use super::descend::unshare;
use super::locate;
use crate::node::{Bin, Bundle, End, Found, Shared, Stored};

/// Removes all that is strictly below `key`, and keeps the value there; true iff anything was
/// below. The location stays.
pub(crate) fn remove_branches<V: Clone>(root: &mut Option<Shared<V>>, key: &[u8], bin: &mut Bin<V>) -> bool {
    if locate::find(root, key).is_none_or(|place| place.child_mask().is_empty_mask()) {
        return false;
    }
    let slot = root.as_mut().expect("the location is there");
    if key.is_empty() {
        let own = own_alone(slot).map(|own| Bundle::node(&[], End::Value(own)));
        bin.extend(mem::replace(root, own));
        return true;
    }
    let (slot, key) = unshare(slot, key, bin);
    remove_branches_here(slot, key, bin);
    true
}

/// Like [`remove_branches`], in the one node that has the location of `key`, strictly below its
/// root.
pub(crate) fn remove_branches_here<V: Clone>(slot: &mut Shared<V>, key: &[u8], bin: &mut Bin<V>) {
    let mut node = slot.unique(bin);
    if let Found::Child(i, _) = node.find(key) {
        let own = own_alone(node.reborrow().child_mut(i));
        bin.put_payload(node.replace(i, own.map_or(End::Bare, End::Value)));
        return;
    }
    node.remove_below(key, bin);
    if slot.place().find(key).is_none() {
        create(slot, key, bin);
    }
}

/// The value at the root of a node: moved out if the node has one owner, otherwise cloned.
fn own_alone<V: Clone>(slot: &mut Shared<V>) -> Option<Stored<V>> {
    match slot.try_unique() {
        Some(mut node) => node.take_own(),
        None => slot.share_own(),
    }
}
