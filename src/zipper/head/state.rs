//! What a head guards: the trie that its zippers work in, with a vacancy where each writer is.
//!
//! # Invariants
//! - **H1** A writer's subtrie is not in the trie: the writer owns it. Where it was, a dangling tip is left if the
//!   location existed, and nothing if not.
//! - **H2** Every node on the way to a writer's root has one owner, so that putting a subtrie back copies no node and
//!   clones no value. It is made so when the writer is; and a reader that is made meanwhile is never given such a
//!   node, for its subtrie is put into a node of its own first.
//! - **H3** No zipper that was given out holds a node that somebody else may write: a writer's is its own, a reader's has
//!   the reader for an owner (N5).
//!
//! Zippers of the `unchecked` calls may break H1 and H2 where their callers break their promise. Then nodes are
//! copied and the last one put back wins; H3 holds all the same.

use super::ledger::Ledger;
use crate::node::{Bin, Shared};
use crate::trie;

/// The trie of a head.
#[derive(Debug)]
pub(super) struct State<V> {
    pub(super) root: Root<V>,
    /// Where in the trie the head's own root is.
    pub(super) base: Vec<u8>,
    /// Whether the trie's root exists even if no node is there.
    pub(super) rooted: bool,
}

/// A trie's link, which says nothing of its values.
pub(super) struct Root<V>(pub(super) Option<Shared<V>>);

impl<V> std::fmt::Debug for Root<V> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Root")
    }
}

/// A subtrie, and whether its root is a location.
pub(super) struct Subtrie<V> {
    pub(super) root: Option<Shared<V>>,
    pub(super) exists: bool,
}

/// What a reader reads: a node, and where in its path that is.
pub(super) struct Reading<V> {
    pub(super) root: Option<Shared<V>>,
    pub(super) start: usize,
    pub(super) exists: bool,
}

impl<V: Clone> State<V> {
    /// Takes the subtrie at `path` out for a writer.
    pub(super) fn vacate(&mut self, path: &[u8], bin: &mut Bin<V>) -> Subtrie<V> {
        if path.is_empty() {
            let root = self.root.0.take();
            return Subtrie { exists: self.rooted || root.is_some(), root };
        }
        let Some(slot) = &mut self.root.0 else { return Subtrie { root: None, exists: false } };
        let (slot, rest) = trie::unshare(slot, path, bin);
        let exists = trie::locate(slot.view(), rest).reached == rest.len();
        Subtrie { root: if exists { trie::detach(slot, rest, bin) } else { None }, exists }
    }

    /// Puts a writer's subtrie back.
    pub(super) fn put_back(&mut self, path: &[u8], subtrie: Subtrie<V>, bin: &mut Bin<V>) {
        if path.is_empty() {
            self.rooted |= subtrie.exists;
            bin.extend(std::mem::replace(&mut self.root.0, subtrie.root));
            return;
        }
        if !subtrie.exists {
            return;
        }
        let Some(slot) = &mut self.root.0 else {
            self.root.0 = Some(trie::prefixed(path, subtrie.root));
            return;
        };
        let (slot, rest) = trie::unshare(slot, path, bin);
        let Err(root) = trie::fill_tip(slot, rest, subtrie.root, bin) else { return };
        let location = trie::locate(slot.view(), rest);
        // What an unchecked zipper has put there meanwhile.
        if location.reached == rest.len() && !trie::is_tip(location.node, location.spot) {
            let there = trie::detach(slot, rest, bin);
            bin.extend(there);
        }
        trie::attach(slot, rest, root, bin);
    }

    /// Makes one more owner of what is at `path`, for a reader.
    pub(super) fn share(&mut self, path: &[u8], ledger: &Ledger, bin: &mut Bin<V>) -> Reading<V> {
        let Some(location) = trie::find(&self.root.0, path) else {
            let exists = path.is_empty() && self.rooted;
            return Reading { root: None, start: path.len(), exists };
        };
        let start = path.len() - location.spot.depth();
        // A writer's path goes by way of the location's node if it has the path to the node's root in common (H2).
        let beside_writer = location.spot.depth() > 0
            && ledger
                .longest_common_with_writer(&path[self.base.len()..])
                .is_some_and(|common| self.base.len() + common >= start);
        if !beside_writer {
            return Reading { root: Some(location.node.share()), start, exists: true };
        }
        let slot = self.root.0.as_mut().expect("the location is there");
        let root = trie::detach(slot, path, bin);
        // The reader's own count makes the subtrie stay a node, however small it is.
        trie::attach(slot, path, root.clone(), bin);
        Reading { root, start: path.len(), exists: true }
    }

    /// Prunes at `path`. The roots of living writers count as present.
    pub(super) fn prune(&mut self, path: &[u8], ledger: &Ledger, bin: &mut Bin<V>) {
        if let Some(slot) = &mut self.root.0 {
            trie::unshare(slot, path, bin);
        }
        let common = ledger.longest_common_with_writer(&path[self.base.len()..]).unwrap_or(0);
        trie::prune_path(&mut self.root.0, path, self.base.len() + common, bin);
    }
}
