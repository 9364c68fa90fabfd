//! The edits that everything that writes is made of. Each works on the trie below one owner of its root node.
//!
//! They descend by way of unique owners, copying each shared node on the way, and only that.

use std::mem;

use crate::algebra::{Insert, Inserts};
use crate::node::{Bundle, Full, NodeMut, NodeRef, Payload, Place, Shared, Spot, Step};

/// Puts a value at `key`; returns the one that was there.
pub(crate) fn set<V: Clone>(mut slot: &mut Shared<V>, mut key: &[u8], value: V) -> Option<V> {
    let mut value = value;
    loop {
        if key.is_empty() {
            return slot.unique().set_own(value);
        }
        let place = slot.view().place(key);
        if let Place::Child(i, used) = place {
            key = &key[used..];
            slot = slot.unique().child_mut(i);
            continue;
        }
        let mut node = slot.unique();
        match place {
            Place::Value(i) => return Some(mem::replace(node.value_mut(i), value)),
            Place::Bare(i) => {
                node.replace(i, Payload::Value(value));
                return None;
            }
            Place::Child(..) => unreachable!("children have been gone to"),
            Place::Vacant(place) => match node.insert(place, key, Payload::Value(value)) {
                Ok(()) => return None,
                Err(Full(payload)) => {
                    let Payload::Value(back) = payload else { unreachable!("what was put in comes back") };
                    value = back;
                    node.split();
                }
            },
        }
    }
}

/// The same where no child is on the way and the root node has room; gives the value back otherwise, and has changed
/// nothing.
#[inline]
pub(crate) fn set_here<V: Clone>(slot: &mut Shared<V>, key: &[u8], value: V) -> Result<Option<V>, V> {
    if key.is_empty() {
        return Err(value);
    }
    match slot.view().place(key) {
        Place::Vacant(place) => match slot.unique().insert(place, key, Payload::Value(value)) {
            Ok(()) => Ok(None),
            Err(Full(Payload::Value(value))) => Err(value),
            Err(Full(_)) => unreachable!("what was put in comes back"),
        },
        Place::Value(i) => Ok(Some(mem::replace(slot.unique().value_mut(i), value))),
        Place::Bare(_) | Place::Child(..) => Err(value),
    }
}

/// The child entry that begins `key`, if there is one, and the length of its suffix.
#[inline]
fn child_towards<V>(slot: &Shared<V>, key: &[u8]) -> Option<(usize, usize)> {
    slot.view().child_towards(key).map(|(i, used, _)| (i, used))
}

/// Takes the value at `key` and its entry, if that leaves its node with something else. None otherwise: nothing has
/// changed then.
pub(crate) fn remove_entry<V: Clone>(mut slot: &mut Shared<V>, mut key: &[u8]) -> Option<V> {
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
        slot = slot.unique().child_mut(i);
    }
    let mut node = slot.unique();
    let mut last = match parent {
        Some(i) => node.reborrow().child_mut(i).unique(),
        None => node.reborrow(),
    };
    let Place::Value(at) = last.place(key) else { unreachable!("the value was seen") };
    let Payload::Value(value) = last.remove(at) else { unreachable!("the value was seen") };
    match parent {
        Some(i) => tidy(&mut node, i),
        None => last.settle(),
    }
    Some(value)
}

/// The value at `key`, to be changed. Copies the shared nodes on the way only if there is a value.
pub(crate) fn value_mut<'a, V: Clone>(slot: &'a mut Shared<V>, key: &[u8]) -> Option<&'a mut V> {
    super::locate::value(slot.view(), key)?;
    Some(existing_value_mut(slot, key))
}

/// The value at `key`, which is there.
pub(crate) fn existing_value_mut<'a, V: Clone>(mut slot: &'a mut Shared<V>, mut key: &[u8]) -> &'a mut V {
    loop {
        if key.is_empty() {
            return slot.unique().own_mut().expect("there is a value");
        }
        match slot.unique().place(key) {
            Place::Value(i) => return slot.unique().value_mut(i),
            Place::Child(i, used) => {
                key = &key[used..];
                slot = slot.unique().child_mut(i);
            }
            Place::Bare(_) | Place::Vacant(_) => unreachable!("there is a value"),
        }
    }
}

/// Takes the value at `key`, which is there; the location stays. If the key is empty and nothing else is in the node,
/// it is left with nothing: the caller sees to it.
pub(crate) fn take_value<V: Clone>(mut slot: &mut Shared<V>, mut key: &[u8]) -> V {
    loop {
        let mut node = slot.unique();
        if key.is_empty() {
            return node.take_own().expect("there is a value");
        }
        match node.place(key) {
            Place::Value(i) => {
                // If other entries go on from here the location stays by them; else it becomes a tip.
                let payload =
                    if goes_on(node.view(), key) { node.remove(i) } else { node.replace(i, Payload::Bare) };
                let Payload::Value(value) = payload else { unreachable!("there is a value") };
                return value;
            }
            Place::Child(i, used) if used == key.len() => {
                let mut child = node.reborrow().child_mut(i).unique();
                let value = child.take_own().expect("there is a value");
                if child.view().next_entry(0).is_none() {
                    node.replace(i, Payload::Bare);
                }
                return value;
            }
            Place::Child(i, used) => {
                key = &key[used..];
                slot = slot.unique().child_mut(i);
            }
            Place::Bare(_) | Place::Vacant(_) => unreachable!("there is a value"),
        }
    }
}

/// Creates the location at `key`, which is not there.
pub(crate) fn create<V: Clone>(slot: &mut Shared<V>, key: &[u8]) {
    put(slot, key, Payload::Bare);
}

/// Makes a join's inserts at and below `key`. The values that were there are dropped last, when all is in place.
pub(crate) fn insert_all<V: Clone>(slot: &mut Shared<V>, key: &[u8], inserts: Inserts<V>) {
    let mut path = key.to_vec();
    let mut replaced = Vec::new();
    for (below, insert) in inserts {
        path.truncate(key.len());
        path.extend_from_slice(&below);
        match insert {
            Insert::Value(value) => replaced.extend(set(slot, &path, value)),
            Insert::Bare => create(slot, &path),
            Insert::Node(node) => attach(slot, &path, Some(node)),
        }
    }
}

/// Makes every node on the way to `key` this owner's alone, so that a later edit there copies nothing. The owners that
/// were of copied nodes go to `bin`. Returns the last of the nodes, and what of the key is left there: no edit at the
/// key needs to start further up.
pub(crate) fn unshare<'a, 'k, V: Clone>(
    mut slot: &'a mut Shared<V>,
    mut key: &'k [u8],
    bin: &mut Vec<Shared<V>>,
) -> (&'a mut Shared<V>, &'k [u8]) {
    loop {
        bin.extend(slot.part());
        match child_towards(slot, key) {
            Some((i, used)) if used < key.len() => {
                key = &key[used..];
                slot = slot.unique().child_mut(i);
            }
            _ => return (slot, key),
        }
    }
}

/// Puts a subtrie at `key`, where nothing is but perhaps a dangling tip. The key is not empty.
pub(crate) fn attach<V: Clone>(slot: &mut Shared<V>, key: &[u8], subtrie: Option<Shared<V>>) {
    put(slot, key, payload(subtrie));
}

/// Puts a subtrie in the place of the dangling tip at `key`; gives it back if there is none. The key is not empty.
pub(crate) fn fill_tip<V: Clone>(
    mut slot: &mut Shared<V>,
    mut key: &[u8],
    subtrie: Option<Shared<V>>,
) -> Result<(), Option<Shared<V>>> {
    loop {
        match slot.view().place(key) {
            Place::Child(i, used) if used < key.len() => {
                key = &key[used..];
                slot = slot.unique().child_mut(i);
            }
            Place::Bare(i) => {
                if subtrie.is_some() {
                    slot.unique().replace(i, payload(subtrie));
                }
                return Ok(());
            }
            _ => return Err(subtrie),
        }
    }
}

/// What an entry holds to lead to a subtrie: a node that has only its own value is put as that value, unless others own
/// it too, for then the value would have to be cloned.
pub(super) fn payload<V>(subtrie: Option<Shared<V>>) -> Payload<V> {
    let Some(mut node) = subtrie else { return Payload::Bare };
    if node.view().next_entry(0).is_some() {
        return Payload::Child(node);
    }
    match node.try_unique() {
        Some(mut unique) => Payload::Value(unique.take_own().expect("a node is not empty")),
        None => Payload::Child(node),
    }
}

fn put<V: Clone>(mut slot: &mut Shared<V>, mut key: &[u8], payload: Payload<V>) {
    let mut payload = payload;
    loop {
        let mut node = slot.unique();
        match node.place(key) {
            Place::Bare(i) | Place::Value(i) => {
                node.replace(i, payload);
                return;
            }
            Place::Child(i, used) if used == key.len() => {
                node.replace(i, payload);
                return;
            }
            Place::Child(i, used) => {
                key = &key[used..];
                slot = slot.unique().child_mut(i);
            }
            Place::Vacant(place) => match node.insert(place, key, payload) {
                Ok(()) => return,
                Err(Full(back)) => {
                    payload = back;
                    node.split();
                }
            },
        }
    }
}

/// Takes the subtrie at `key` out, its value included; the location stays as a dangling tip. The location exists, and
/// the key is not empty. None if the location was bare and nothing was below.
pub(crate) fn detach<V: Clone>(mut slot: &mut Shared<V>, mut key: &[u8]) -> Option<Shared<V>> {
    loop {
        let mut node = slot.unique();
        match node.place(key) {
            Place::Child(i, used) if used < key.len() => {
                key = &key[used..];
                slot = slot.unique().child_mut(i);
                continue;
            }
            Place::Child(i, _) => {
                let Payload::Child(child) = node.replace(i, Payload::Bare) else {
                    unreachable!("the entry is a child")
                };
                return Some(child);
            }
            Place::Bare(_) => return None,
            Place::Value(i) if !goes_on(node.view(), key) => {
                let Payload::Value(value) = node.replace(i, Payload::Bare) else {
                    unreachable!("the entry has a value")
                };
                return Some(Bundle::node(&[], Payload::Value(value)));
            }
            Place::Value(_) | Place::Vacant(_) => {
                let subtrie = take_run(&mut node, key);
                // What is left of the node may be dense by now, and split for the tip.
                create(slot, key);
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
    let mut taken = Vec::new();
    for i in (spot.lo..spot.hi).rev() {
        let entry = node.view().entry(i as usize);
        let mut suffix = vec![entry.head];
        suffix.extend_from_slice(entry.rest);
        taken.push((suffix, node.remove(i as usize)));
    }
    let mut bundle = Bundle::new(None);
    for (suffix, payload) in taken.into_iter().rev() {
        bundle.push(&suffix[key.len()..], payload);
    }
    (!bundle.is_empty()).then(|| bundle.pack())
}

/// A trie with a subtrie at `path`, which is not empty, and nothing else.
pub(crate) fn prefixed<V>(path: &[u8], subtrie: Option<Shared<V>>) -> Shared<V> {
    Bundle::node(path, payload(subtrie))
}

/// A copy of the subtrie at a spot: the node itself where the spot is its root, else its run in a node of its own.
pub(crate) fn copy_out<V: Clone>(node: NodeRef<'_, V>, spot: Spot) -> Option<Shared<V>> {
    if spot.depth() == 0 {
        return Some(node.share());
    }
    let bundle = Bundle::copy(node, node.known(spot));
    (!bundle.is_empty()).then(|| bundle.pack())
}

/// Removes the one entry of the node that leads towards `key`.
pub(crate) fn remove_towards<V>(node: &mut NodeMut<'_, V>, key: &[u8]) {
    let (_, spot) = node.view().follow(node.view().known(Spot::ROOT), key);
    node.remove(spot.lo as usize);
}

/// Makes the child of entry `i` good after an edit: one that holds nothing or only its own value goes, and a small one
/// is absorbed.
pub(crate) fn tidy<V: Clone>(node: &mut NodeMut<'_, V>, i: usize) {
    let mut child = node.reborrow().child_mut(i).unique();
    if child.view().next_entry(0).is_none() {
        let payload = child.take_own().map_or(Payload::Bare, Payload::Value);
        // What is left of the child is an empty node, which nobody looks at any more.
        drop(node.replace(i, payload));
        return;
    }
    child.settle();
    node.absorb(i);
}
