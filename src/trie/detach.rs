//! Taking subtries out of a trie.

use super::attach::create;
use super::descend::{Unsharing, descend};
use crate::node::{Bin, Bundle, End, Found, Shared};
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
        Found::Value(i) if !node.goes_beyond(end.key) => {
            let End::Value(value) = node.replace(i, End::Bare) else { unreachable!("the entry has a value") };
            Some(Bundle::node(&[], End::Value(value)))
        }
        Found::Value(_) | Found::Vacant(_) => {
            reached(Mark::RunTaken);
            let run = node.take_run(end.key);
            // The node may be dense by now, and be split for the tip.
            create(end.slot, end.key, bin);
            (!run.is_empty()).then(|| run.pack())
        }
    }
}
