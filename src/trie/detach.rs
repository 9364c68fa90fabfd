//! Taking subtries out of a trie.

use super::attach::create;
use super::descend::{Unsharing, descend};
use crate::node::{Bin, Bundle, End, Found, NodeMut, NodeRef, Shared, Spot};
use crate::reached::{Mark, reached};

/// Takes the subtrie at `key` out, its value included; the location stays as a dangling tip. The
/// location exists, and the key is not empty. Returns None if the location was a dangling tip.
pub(crate) fn detach<V: Clone>(slot: &mut Shared<V>, key: &[u8], bin: &mut Bin<V>) -> Option<Shared<V>> {
    let end = descend(slot, key, Unsharing(bin));
    let mut node = end.slot.unique(bin);
    match end.found {
        Found::Child(i, _) => {
            let End::Child(child) = node.replace(i, End::Bare) else { unreachable!("the entry is a child") };
            Some(child)
        }
        Found::Bare(_) => None,
        Found::Value(i) if !goes_on(node.view(), end.key) => {
            let End::Value(value) = node.replace(i, End::Bare) else { unreachable!("the entry has a value") };
            Some(Bundle::node(&[], End::Value(value)))
        }
        Found::Value(_) | Found::Vacant(_) => {
            let subtrie = take_run(&mut node, end.key);
            // The node may be dense by now, and be split for the tip.
            create(end.slot, end.key, bin);
            subtrie
        }
    }
}

/// True iff more than one entry of the node begins with `key`, which is the suffix of one.
pub(super) fn goes_on<V>(node: NodeRef<'_, V>, key: &[u8]) -> bool {
    let (_, spot) = node.follow(node.known(Spot::ROOT), key);
    spot.hi - spot.lo > 1
}

/// Takes the run of entries that begin with `key` out of one node. The node may be left with
/// nothing.
fn take_run<V>(node: &mut NodeMut<'_, V>, key: &[u8]) -> Option<Shared<V>> {
    let (_, spot) = node.view().follow(node.view().known(Spot::ROOT), key);
    reached(Mark::RunTaken);
    let mut taken = Vec::new();
    for i in (spot.lo..spot.hi).rev() {
        let entry = node.view().entry(i as usize);
        let suffix = entry.suffix.to_vec();
        taken.push((suffix, node.remove(i as usize)));
    }
    let mut bundle = Bundle::new(None);
    for (suffix, payload) in taken.into_iter().rev() {
        bundle.push(&suffix[key.len()..], payload);
    }
    (!bundle.is_empty()).then(|| bundle.pack())
}
