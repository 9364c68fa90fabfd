//! Copies of shared nodes, made while the lock of their trie is released.
//!
//! A node with several owners has to be copied before an edit below it. Copying clones values,
//! which is user code and must not run under a lock. An edit therefore repeats these steps until
//! it finds no such node:
//!
//! 1. Under the lock, it looks for the first shared node on the way ([`own_towards`]), and becomes
//!    one more owner of the node.
//! 2. It releases the lock and copies the node ([`Foreign::copy`]).
//! 3. It takes the lock again. If the node is still in its place, the copy replaces it
//!    ([`Copied::install`]).
//!
//! **No update is lost.** While a node has several owners, nobody writes to the node or to
//! anything below it (N5), and its memory is not reused for another node. So if the node is still
//! in its place, everything below that place is as it was when it was copied.
//!
//! **No livelock.** A copy is discarded only if another edit has changed the way to its place in
//! the meantime. So at least one edit makes progress.

use super::descend::unshare;
use crate::node::{Bin, Found, Shared};

/// A node on the way to a path that has other owners than the trie.
pub(crate) struct Foreign<V> {
    path: Box<[u8]>,
    /// The number of bytes of the path that lead to the node's root.
    start: usize,
    node: Shared<V>,
}

/// A [`Foreign`] node and its copy. In the copy, all nodes on the way to the path have one owner.
pub(crate) struct Copied<V> {
    of: Foreign<V>,
    copy: Shared<V>,
    bin: Bin<V>,
}

/// Descends along `path` through nodes that have one owner. Returns the last node and the rest of
/// the path. An edit at the path can start at this node, and need not copy any node.
///
/// # Errors
/// Returns the first node on the way that has other owners.
pub(crate) fn own_towards<'a, 'p, V>(
    mut slot: &'a mut Shared<V>,
    path: &'p [u8],
) -> Result<(&'a mut Shared<V>, &'p [u8]), Foreign<V>> {
    let mut rest = path;
    loop {
        // Asked once of each node: its last other owner may go at any moment, and a second answer
        // could be another one, before the nodes below have been looked at.
        if !slot.is_unique() {
            return Err(Foreign { path: path.into(), start: path.len() - rest.len(), node: slot.clone() });
        }
        if rest.is_empty() {
            return Ok((slot, rest));
        }
        match slot.find(rest) {
            Found::Child(i, used) if used < rest.len() => {
                rest = &rest[used..];
                slot = slot.try_unique().expect("nobody else can become an owner").child_mut(i);
            }
            _ => return Ok((slot, rest)),
        }
    }
}

impl<V: Clone> Foreign<V> {
    /// Copies the node, and all nodes below it on the way to the path.
    pub(crate) fn copy(self) -> Copied<V> {
        let (mut copy, mut bin) = (self.node.clone(), Bin::new());
        unshare(&mut copy, &self.path[self.start..], &mut bin);
        Copied { of: self, copy, bin }
    }
}

impl<V> Copied<V> {
    /// Replaces the node by its copy if the node is still in its place. Whatever has to be dropped
    /// is put in the bin.
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

/// Returns the slot of the node whose root is `start` bytes down the path, if all nodes that lead
/// to it have one owner.
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
