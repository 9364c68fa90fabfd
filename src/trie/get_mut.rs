//! The value at a key, to be changed in place.

use super::descend::{Looking, Unsharing, descend};
use crate::node::{Bin, Bundle, End, Shared, Stored};

/// The value at `key`, to be changed. Copies the shared nodes on the way only if there is a value.
pub(crate) fn value_mut<'a, V: Clone>(
    slot: &'a mut Shared<V>,
    key: &[u8],
    bin: &mut Bin<V>,
) -> Option<&'a mut V> {
    if key.is_empty() {
        slot.place().own()?;
        return slot.unique(bin).own_mut(bin);
    }
    let end = descend(slot, key, Looking);
    end.value()?;
    Some(end.into_value(bin))
}

/// The value at `key`, which is there, to be changed.
pub(crate) fn existing_value_mut<'a, V: Clone>(
    slot: &'a mut Shared<V>,
    key: &[u8],
    bin: &mut Bin<V>,
) -> &'a mut V {
    if key.is_empty() {
        return slot.unique(bin).own_mut(bin).expect("there is a value");
    }
    descend(slot, key, Unsharing(bin)).into_value(bin)
}

/// The value at `key`, to be changed. If there is none, the value that `default` returns is put
/// there first. Nothing is copied before `default` returns.
pub(crate) fn value_or_set<'a, V: Clone>(
    slot: &'a mut Shared<V>,
    key: &[u8],
    default: impl FnOnce() -> V,
    bin: &mut Bin<V>,
) -> &'a mut V {
    if key.is_empty() {
        if slot.place().own().is_none() {
            let value = Stored::new(default());
            slot.unique(bin).set_own(value, bin);
        }
        return slot.unique(bin).own_mut(bin).expect("there is a value");
    }
    let end = descend(slot, key, Looking);
    match end.value() {
        Some(_) => end.into_value(bin),
        None => end.insert(Stored::new(default()), bin),
    }
}

/// Puts a value at `key` into an empty trie; returns it.
pub(super) fn first_value<'a, V: Clone>(
    root: &'a mut Option<Shared<V>>,
    key: &[u8],
    value: V,
    bin: &mut Bin<V>,
) -> &'a mut V {
    let slot = root.insert(Bundle::node(key, End::Value(Stored::new(value))));
    existing_value_mut(slot, key, bin)
}
