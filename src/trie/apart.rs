//! Copies of shared nodes, made apart from a trie that is locked meanwhile by others.
//!
//! A node that is not a trie's alone has to be copied before an edit below it, and copying clones
//! values: user code, which runs under no lock. So the edit looks for such a node first
//! ([`own_towards`]), takes one more owner of it, gives the lock back, copies ([`Foreign::copy`]),
//! takes the lock again, and puts the copy in the node's place if the node is there still
//! ([`Copied::install`]). Then it looks again.
//!
//! **No update is lost.** While somebody else is an owner of a node nobody writes it, nor anything
//! below it (N5), and its memory is not used for another node. So if the same node is in the same
//! place, all that is below that place is as it was when it was copied.
//!
//! **No livelock.** The copy is not put in place only if another edit has changed the way to that
//! place meanwhile, so some edit always gets on.

use super::descend::{Looking, descend, unshare};
use crate::node::{Bin, Found, Shared};

/// A node on the way to a path that is not a trie's alone.
pub(crate) struct Foreign<V> {
    path: Box<[u8]>,
    /// How much of the path leads to the node's root.
    start: usize,
    node: Shared<V>,
}

/// The same with a copy, in which all nodes on the way to the path have one owner.
pub(crate) struct Copied<V> {
    of: Foreign<V>,
    copy: Shared<V>,
    bin: Bin<V>,
}

/// Goes to the last node on the way to `path` by nodes that have one owner. Returns that node, and
/// what of the path is left there: no edit at the path needs to start further up, or to copy a
/// node.
///
/// # Errors
/// The first node on the way that has other owners.
pub(crate) fn own_towards<'a, 'p, V>(
    slot: &'a mut Shared<V>,
    path: &'p [u8],
) -> Result<(&'a mut Shared<V>, &'p [u8]), Foreign<V>> {
    let (slot, rest) = match path {
        [] => (slot, path),
        _ => {
            let end = descend(slot, path, Looking);
            (end.slot, end.key)
        }
    };
    if !slot.is_unique() {
        return Err(Foreign { path: path.into(), start: path.len() - rest.len(), node: slot.clone() });
    }
    Ok((slot, rest))
}

impl<V: Clone> Foreign<V> {
    /// Copies the node, and all below it on the way to the path.
    pub(crate) fn copy(self) -> Copied<V> {
        let (mut copy, mut bin) = (self.node.clone(), Bin::new());
        unshare(&mut copy, &self.path[self.start..], &mut bin);
        Copied { of: self, copy, bin }
    }
}

impl<V> Copied<V> {
    /// Puts the copy in the node's place, if the node is there. What is to be dropped goes to the
    /// bin.
    pub(crate) fn install(self, root: Option<&mut Shared<V>>, bin: &mut Bin<V>) {
        let Self { of: Foreign { path, start, node }, mut copy, bin: mut waste } = self;
        if let Some(slot) = root.and_then(|root| owned_slot(root, &path, start))
            && slot.id() == node.id()
        {
            std::mem::swap(slot, &mut copy);
        }
        bin.extend([node, copy]);
        bin.append(&mut waste);
    }
}

/// The slot of the node whose root is `start` bytes down the path, if nodes that have one owner
/// lead to it.
fn owned_slot<'a, V>(mut slot: &'a mut Shared<V>, path: &[u8], start: usize) -> Option<&'a mut Shared<V>> {
    let mut at = 0;
    while at < start {
        let node = slot.try_unique()?;
        let Found::Child(i, used) = node.find(&path[at..]) else { return None };
        at += used;
        slot = node.child_mut(i);
    }
    (at == start).then_some(slot)
}
