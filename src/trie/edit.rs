//! The edits that everything that writes is made of. Each works on the trie below one owner of its root node.
//!
//! They descend by way of unique owners, copying each shared node on the way, and only that. A copy clones values, which
//! runs code of the user's: so it comes before anything of the trie changes, and what an edit has no more use for goes to
//! the caller's [`Bin`], never to be dropped in the middle.

use std::mem;

use crate::algebra::{Insert, Inserts};
use crate::node::{Bin, Bundle, End, EndOwned, Found, NodeMut, NodeRef, Shared, Spot, Step, Stored};
use crate::reached::{Mark, reached};

/// Puts a value at `key`; returns the one that was there.
pub(crate) fn set<V: Clone>(
    mut slot: &mut Shared<V>,
    mut key: &[u8],
    mut value: Stored<V>,
    bin: &mut Bin<V>,
) -> Option<Stored<V>> {
    loop {
        if key.is_empty() {
            return slot.unique(bin).set_own(value, bin);
        }
        let place = slot.view().find(key);
        if let Found::Child(i, used) = place {
            key = &key[used..];
            slot = slot.unique(bin).child_mut(i);
            continue;
        }
        let mut node = slot.unique(bin);
        match place {
            Found::Value(i) => return Some(node.exchange_value(i, value, bin)),
            Found::Bare(i) => {
                node.replace(i, End::Value(value));
                return None;
            }
            Found::Child(..) => unreachable!("children have been gone to"),
            Found::Vacant(place) => match node.insert(place, key, End::Value(value)) {
                Ok(()) => return None,
                Err(End::Value(back)) => {
                    value = back;
                    node.split();
                }
                Err(_) => unreachable!("what was put in comes back"),
            },
        }
    }
}

/// Like [`set`], but only where no child is on the way and the root node has room.
///
/// # Errors
/// The value, where it is not so. The content has not changed then.
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
    match slot.view().find(key) {
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

/// The child entry that begins `key`, if there is one, and the length of its suffix.
#[inline]
fn child_towards<V>(slot: &Shared<V>, key: &[u8]) -> Option<(usize, usize)> {
    slot.view().child_towards(key).map(|(i, used, _)| (i, used))
}

/// Takes the value at `key` and its entry, if that leaves its node with something else. None otherwise: nothing has
/// changed then.
pub(crate) fn remove_entry<V: Clone>(
    mut slot: &mut Shared<V>,
    mut key: &[u8],
    bin: &mut Bin<V>,
) -> Option<Stored<V>> {
    let children = {
        // Whether there is anything to remove is found out before a node is copied.
        let (mut node, mut rest, mut children) = (slot.view(), key, 0);
        while let Some((_, used, child)) = node.child_towards(rest) {
            (node, rest, children) = (child.view(), &rest[used..], children + 1);
        }
        if rest.is_empty() || !node.has_more_than_one_entry() || !matches!(node.step(rest), Step::Value(_)) {
            return None;
        }
        children
    };
    let mut parent = None;
    for hop in 0..children {
        let (i, used) = child_towards(slot, key)?;
        if hop + 1 == children {
            parent = Some(i);
            key = &key[used..];
            break;
        }
        key = &key[used..];
        slot = slot.unique(bin).child_mut(i);
    }
    let mut node = slot.unique(bin);
    let mut last = match parent {
        Some(i) => node.reborrow().child_mut(i).unique(bin),
        None => node.reborrow(),
    };
    let Found::Value(at) = last.find(key) else { unreachable!("the value was seen") };
    let value = take_entry(&mut last, at, bin, |node, i| node.remove(i));
    match parent {
        Some(i) => tidy(&mut node, i),
        None => last.settle(),
    }
    Some(value)
}

/// Takes the value of entry `i` by `take`. The value is made this owner's first, for its clone may panic.
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

/// The value at the root of a node, which is there, made this owner's first.
fn take_own<V: Clone>(node: &mut NodeMut<'_, V>, bin: &mut Bin<V>) -> Stored<V> {
    node.reborrow().own_mut(bin);
    node.take_own().expect("there is a value")
}

/// The value at `key`, to be changed. Copies the shared nodes on the way only if there is a value.
pub(crate) fn value_mut<'a, V: Clone>(
    slot: &'a mut Shared<V>,
    key: &[u8],
    bin: &mut Bin<V>,
) -> Option<&'a mut V> {
    slot.lent().value_at(key)?;
    Some(existing_value_mut(slot, key, bin))
}

/// The value at `key`, which is there.
pub(crate) fn existing_value_mut<'a, V: Clone>(
    mut slot: &'a mut Shared<V>,
    mut key: &[u8],
    bin: &mut Bin<V>,
) -> &'a mut V {
    loop {
        let node = slot.unique(bin);
        if key.is_empty() {
            return node.own_mut(bin).expect("there is a value");
        }
        match node.find(key) {
            Found::Value(i) => return node.value_mut(i, bin),
            Found::Child(i, used) => {
                key = &key[used..];
                slot = node.child_mut(i);
            }
            Found::Bare(_) | Found::Vacant(_) => unreachable!("there is a value"),
        }
    }
}

/// Takes the value at `key`, which is there; the location stays. If the key is empty and nothing else is in the node,
/// it is left with nothing: the caller sees to it.
pub(crate) fn take_value<V: Clone>(mut slot: &mut Shared<V>, mut key: &[u8], bin: &mut Bin<V>) -> Stored<V> {
    loop {
        let mut node = slot.unique(bin);
        if key.is_empty() {
            return take_own(&mut node, bin);
        }
        match node.find(key) {
            Found::Value(i) => {
                // If other entries go on from here the location stays by them; otherwise it becomes a tip.
                let goes_on = goes_on(node.view(), key);
                return take_entry(&mut node, i, bin, |node, i| match goes_on {
                    true => node.remove(i),
                    false => node.replace(i, End::Bare),
                });
            }
            Found::Child(i, used) if used == key.len() => {
                let mut child = node.reborrow().child_mut(i).unique(bin);
                let value = take_own(&mut child, bin);
                if child.view().next_entry(0).is_none() {
                    // What is left of the child holds nothing.
                    drop(node.replace(i, End::Bare));
                }
                return value;
            }
            Found::Child(i, used) => {
                key = &key[used..];
                slot = node.child_mut(i);
            }
            Found::Bare(_) | Found::Vacant(_) => unreachable!("there is a value"),
        }
    }
}

/// Creates the location at `key`, which is not there.
pub(crate) fn create<V: Clone>(slot: &mut Shared<V>, key: &[u8], bin: &mut Bin<V>) {
    put(slot, key, End::Bare, bin);
}

/// Makes a join's inserts at and below `key`. The values that were there go to the bin.
pub(crate) fn insert_all<V: Clone>(slot: &mut Shared<V>, key: &[u8], inserts: Inserts<V>, bin: &mut Bin<V>) {
    let mut path = key.to_vec();
    for (below, insert) in inserts {
        path.truncate(key.len());
        path.extend_from_slice(&below);
        match insert {
            Insert::Value(value) => {
                if let Some(old) = set(slot, &path, Stored::new(value), bin) {
                    bin.put_value(old);
                }
            }
            Insert::Bare => create(slot, &path, bin),
            Insert::Node(node) => attach(slot, &path, Some(node), bin),
        }
    }
}

/// Makes every node on the way to `key` this owner's alone, so that a later edit there copies nothing. The owners that
/// were of copied nodes go to `bin`. Returns the last of the nodes, and what of the key is left there: no edit at the
/// key needs to start further up.
pub(crate) fn unshare<'a, 'k, V: Clone>(
    mut slot: &'a mut Shared<V>,
    mut key: &'k [u8],
    bin: &mut Bin<V>,
) -> (&'a mut Shared<V>, &'k [u8]) {
    loop {
        slot.part(bin);
        match child_towards(slot, key) {
            Some((i, used)) if used < key.len() => {
                key = &key[used..];
                slot = slot.unique(bin).child_mut(i);
            }
            _ => return (slot, key),
        }
    }
}

/// Puts a subtrie at `key`, where nothing is but perhaps a dangling tip. The key is not empty.
pub(crate) fn attach<V: Clone>(
    slot: &mut Shared<V>,
    key: &[u8],
    subtrie: Option<Shared<V>>,
    bin: &mut Bin<V>,
) {
    put(slot, key, payload(subtrie), bin);
}

/// Puts a subtrie in the place of the dangling tip at `key`; gives it back if there is none. The key is not empty.
pub(crate) fn fill_tip<V: Clone>(
    mut slot: &mut Shared<V>,
    mut key: &[u8],
    subtrie: Option<Shared<V>>,
    bin: &mut Bin<V>,
) -> Result<(), Option<Shared<V>>> {
    loop {
        match slot.view().find(key) {
            Found::Child(i, used) if used < key.len() => {
                key = &key[used..];
                slot = slot.unique(bin).child_mut(i);
            }
            Found::Bare(i) => {
                if subtrie.is_some() {
                    slot.unique(bin).replace(i, payload(subtrie));
                }
                return Ok(());
            }
            _ => return Err(subtrie),
        }
    }
}

/// What an entry holds to lead to a subtrie: a node that has only its own value is put as that value, unless others own
/// it too, for then the value would have to be cloned.
pub(super) fn payload<V>(subtrie: Option<Shared<V>>) -> EndOwned<V> {
    let Some(mut node) = subtrie else { return End::Bare };
    if node.view().next_entry(0).is_some() {
        return End::Child(node);
    }
    match node.try_unique() {
        Some(mut unique) => End::Value(unique.take_own().expect("a node is not empty")),
        None => End::Child(node),
    }
}

fn put<V: Clone>(mut slot: &mut Shared<V>, mut key: &[u8], mut payload: EndOwned<V>, bin: &mut Bin<V>) {
    loop {
        let mut node = slot.unique(bin);
        match node.find(key) {
            Found::Child(i, used) if used < key.len() => {
                key = &key[used..];
                slot = slot.unique(bin).child_mut(i);
            }
            Found::Bare(i) | Found::Value(i) | Found::Child(i, _) => {
                bin.put_payload(node.replace(i, payload));
                return;
            }
            Found::Vacant(place) => match node.insert(place, key, payload) {
                Ok(()) => return,
                Err(back) => {
                    payload = back;
                    node.split();
                }
            },
        }
    }
}

/// Takes the subtrie at `key` out, its value included; the location stays as a dangling tip. The location exists, and
/// the key is not empty. None if the location was bare and nothing was below.
pub(crate) fn detach<V: Clone>(
    mut slot: &mut Shared<V>,
    mut key: &[u8],
    bin: &mut Bin<V>,
) -> Option<Shared<V>> {
    loop {
        let mut node = slot.unique(bin);
        match node.find(key) {
            Found::Child(i, used) if used < key.len() => {
                key = &key[used..];
                slot = slot.unique(bin).child_mut(i);
                continue;
            }
            Found::Child(i, _) => {
                let End::Child(child) = node.replace(i, End::Bare) else {
                    unreachable!("the entry is a child")
                };
                return Some(child);
            }
            Found::Bare(_) => return None,
            Found::Value(i) if !goes_on(node.view(), key) => {
                let End::Value(value) = node.replace(i, End::Bare) else {
                    unreachable!("the entry has a value")
                };
                return Some(Bundle::node(&[], End::Value(value)));
            }
            Found::Value(_) | Found::Vacant(_) => {
                let subtrie = take_run(&mut node, key);
                // What is left of the node may be dense by now, and split for the tip.
                create(slot, key, bin);
                return subtrie;
            }
        }
    }
}

/// True iff more than one entry of the node begins with `key`, which is one's suffix.
fn goes_on<V>(node: NodeRef<'_, V>, key: &[u8]) -> bool {
    let (_, spot) = node.follow(node.known(Spot::ROOT), key);
    spot.hi - spot.lo > 1
}

/// Takes the run of entries that begin with `key` out of one node, which may be left with nothing.
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

/// Removes all that is strictly below `key`, and leaves the value there; true iff anything was below. The location stays.
pub(crate) fn remove_branches<V: Clone>(root: &mut Option<Shared<V>>, key: &[u8], bin: &mut Bin<V>) -> bool {
    if super::locate::find(root, key).is_none_or(|place| place.child_mask().is_empty_mask()) {
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

/// Like [`remove_branches`], in the one node that has the location of `key`, strictly below its root.
pub(crate) fn remove_branches_here<V: Clone>(slot: &mut Shared<V>, key: &[u8], bin: &mut Bin<V>) {
    let mut node = slot.unique(bin);
    if let Found::Child(i, _) = node.find(key) {
        let own = own_alone(node.reborrow().child_mut(i));
        bin.put_payload(node.replace(i, own.map_or(End::Bare, End::Value)));
        return;
    }
    let (_, spot) = node.view().follow(node.view().known(Spot::ROOT), key);
    for i in (spot.lo..spot.hi).rev().map(usize::from) {
        if node.view().entry(i).suffix.len() > key.len() {
            bin.put_payload(node.remove(i));
        }
    }
    if node.lent().place().find(key).is_none() {
        create(slot, key, bin);
    }
}

/// The value of a node's own: moved out if the node has one owner, otherwise cloned.
fn own_alone<V: Clone>(slot: &mut Shared<V>) -> Option<Stored<V>> {
    match slot.try_unique() {
        Some(mut node) => node.take_own(),
        None => slot.view().share_own(),
    }
}

/// A trie with a subtrie at `path`, which is not empty, and nothing else.
pub(crate) fn prefixed<V>(path: &[u8], subtrie: Option<Shared<V>>) -> Shared<V> {
    Bundle::node(path, payload(subtrie))
}

/// Removes the one entry of the node that leads towards `key`.
pub(crate) fn remove_towards<V>(node: &mut NodeMut<'_, V>, key: &[u8]) {
    let (_, spot) = node.view().follow(node.view().known(Spot::ROOT), key);
    node.remove(spot.lo as usize);
}

/// Makes the child of entry `i`, which is this node's alone, good after an edit: one that holds nothing or only its own value
/// is removed, and a small one is absorbed.
pub(crate) fn tidy<V>(node: &mut NodeMut<'_, V>, i: usize) {
    let mut child = node.reborrow().child_mut(i).try_unique().expect("the child has been edited");
    if child.view().next_entry(0).is_none() {
        let payload = child.take_own().map_or(End::Bare, End::Value);
        // What is left of the child is an empty node, which nobody looks at any more.
        drop(node.replace(i, payload));
        return;
    }
    child.settle();
    node.absorb(i);
}
