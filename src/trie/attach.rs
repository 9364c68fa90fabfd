//! Putting subtries and locations at a key.

use super::descend::{Unsharing, descend};
use crate::node::{Bin, Bundle, End, EndOwned, Found, Shared};

/// Puts a subtrie at `key`, where nothing is except perhaps a dangling tip. The key is not empty.
pub(crate) fn attach<V: Clone>(
    slot: &mut Shared<V>,
    key: &[u8],
    subtrie: Option<Shared<V>>,
    bin: &mut Bin<V>,
) {
    put(slot, key, payload(subtrie), bin);
}

/// Creates the location at `key`, which is absent.
pub(crate) fn create<V: Clone>(slot: &mut Shared<V>, key: &[u8], bin: &mut Bin<V>) {
    put(slot, key, End::Bare, bin);
}

fn put<V: Clone>(slot: &mut Shared<V>, key: &[u8], mut payload: EndOwned<V>, bin: &mut Bin<V>) {
    let mut end = descend(slot, key, Unsharing(bin));
    loop {
        let mut node = end.slot.unique(bin);
        match end.found {
            Found::Bare(i) | Found::Value(i) | Found::Child(i, _) => {
                bin.put_payload(node.replace(i, payload));
                return;
            }
            Found::Vacant(place) => match node.insert(place, end.key, payload) {
                Ok(()) => return,
                Err(back) => {
                    payload = back;
                    node.split();
                }
            },
        }
        end = descend(end.slot, end.key, Unsharing(bin));
    }
}

/// Puts a subtrie in the place of the dangling tip at `key`, which is not empty.
///
/// # Errors
/// Returns the subtrie if there is no tip. Then the content has not changed.
pub(crate) fn fill_tip<V: Clone>(
    slot: &mut Shared<V>,
    key: &[u8],
    subtrie: Option<Shared<V>>,
    bin: &mut Bin<V>,
) -> Result<(), Option<Shared<V>>> {
    let end = descend(slot, key, Unsharing(bin));
    let Found::Bare(i) = end.found else { return Err(subtrie) };
    if subtrie.is_some() {
        end.slot.unique(bin).replace(i, payload(subtrie));
    }
    Ok(())
}

/// What an entry holds to lead to a subtrie. A node that has only its own value is put as that
/// value, unless others own the node too: then the value would have to be cloned.
fn payload<V>(subtrie: Option<Shared<V>>) -> EndOwned<V> {
    let Some(mut node) = subtrie else { return End::Bare };
    if node.has_entries() {
        return End::Child(node);
    }
    match node.try_unique() {
        Some(mut unique) => End::Value(unique.take_own().expect("a node is not empty")),
        None => End::Child(node),
    }
}

/// A trie that has a subtrie at `path`, which is not empty, and nothing else.
pub(crate) fn prefixed<V>(path: &[u8], subtrie: Option<Shared<V>>) -> Shared<V> {
    Bundle::node(path, payload(subtrie))
}
