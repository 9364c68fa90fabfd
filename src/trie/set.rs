//! Putting a value at a key.

use super::descend::{Unsharing, descend};
use crate::node::{Bin, End, Found, Shared, Stored};

/// Puts a value at `key`; returns the value that was there.
pub(crate) fn set<V: Clone>(
    slot: &mut Shared<V>,
    key: &[u8],
    mut value: Stored<V>,
    bin: &mut Bin<V>,
) -> Option<Stored<V>> {
    if key.is_empty() {
        return slot.unique(bin).set_own(value, bin);
    }
    let mut end = descend(slot, key, Unsharing(bin));
    loop {
        let mut node = end.slot.unique(bin);
        match end.found {
            Found::Value(i) => return Some(node.exchange_value(i, value, bin)),
            Found::Child(i, _) => return node.child_mut(i).unique(bin).set_own(value, bin),
            Found::Bare(i) => {
                node.replace(i, End::Value(value));
                return None;
            }
            Found::Vacant(place) => match node.insert(place, end.key, End::Value(value)) {
                Ok(()) => return None,
                Err(End::Value(back)) => {
                    value = back;
                    node.split();
                }
                Err(_) => unreachable!("the payload comes back"),
            },
        }
        end = descend(end.slot, end.key, Unsharing(bin));
    }
}

/// Fast path of [`set`]: puts a value in the root node, if no child is on the way and the node has
/// room.
///
/// # Errors
/// Returns the value if the fast path cannot be taken. Then the content has not changed.
#[inline]
pub(crate) fn set_here<V: Clone>(
    slot: &mut Shared<V>,
    key: &[u8],
    value: Stored<V>,
    bin: &mut Bin<V>,
) -> Result<Option<Stored<V>>, Stored<V>> {
    if key.is_empty() {
        return Err(value);
    }
    match slot.find(key) {
        Found::Vacant(place) => {
            let mut node = slot.unique(bin);
            // Not by `insert`: inlined, filling consecutive integers takes 3 % fewer instructions.
            let Some(room) = node.room(place, key, End::Value(())) else { return Err(value) };
            room.fill(End::Value(value));
            Ok(None)
        }
        Found::Value(i) => Ok(Some(slot.unique(bin).exchange_value(i, value, bin))),
        Found::Bare(_) | Found::Child(..) => Err(value),
    }
}
