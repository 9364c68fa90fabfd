//! The trie that a head guards, with a vacancy at the root of each writer.
//!
//! # Invariants
//! - **H1** A writer's subtrie is not in the trie: the writer owns it. If the location existed, a
//!   dangling tip is left in its place, otherwise nothing. (A writer that is being made may be in
//!   the ledger before it has its subtrie.)
//! - **H2** Every node on the way to a writer's root has one owner, so that putting a subtrie back
//!   copies no node and clones no value. Making the writer makes these nodes unique. A reader that
//!   is made later is never given such a node: its subtrie is put into a node of its own first.
//! - **H3** No zipper holds a node that another may write: a writer's nodes are its own, and a
//!   reader's nodes have the reader as one more owner (N5).
//!
//! If the caller of an `unchecked` call breaks its promise, H1 and H2 may break. Nodes are then
//! copied, and the last subtrie that is put back is kept. H3 still holds.
//!
//! # No user code
//! All of this runs under the head's lock, so nothing here clones or drops a value. Nodes and
//! values that are no longer needed are moved to a [`Bin`]. An edit that would have to copy a node
//! changes nothing and returns that node ([`Foreign`]); `until_own` in `lease.rs` copies the node
//! without the lock and tries again.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::gate::Ledger;
use crate::node::{Bin, Shared};
use crate::trie::{self, Copied, Foreign, Subtrie};

/// The trie of a head, with a vacancy at the root of each writer.
#[derive(Debug)]
pub(super) struct Guarded<V> {
    pub(super) root: Subtrie<Shared<V>>,
    /// The path in the trie to the head's own root.
    base: Vec<u8>,
    /// The roots of living writers that will be pruned when they are given back.
    to_prune: BTreeSet<Box<[u8]>>,
}

/// A trie and the path to a reader's root in it.
pub(in crate::zipper) struct RootedTrie<V> {
    pub(in crate::zipper) trie: Subtrie<Shared<V>>,
    /// How many of the path's bytes lead to the root of the trie.
    pub(in crate::zipper) start: usize,
    pub(in crate::zipper) path: Vec<u8>,
    /// How many of the path's bytes lead to the head's own root, and are not shown.
    pub(in crate::zipper) hidden: usize,
}

impl<V> Guarded<V> {
    pub(super) fn new(root: Subtrie<Shared<V>>, base: Vec<u8>) -> Self {
        Self { root, base, to_prune: BTreeSet::new() }
    }

    /// The path from the root of the trie, given the path from the head's own root.
    fn full<'p>(&self, path: &'p [u8]) -> Cow<'p, [u8]> {
        if self.base.is_empty() { path.into() } else { [&self.base, path].concat().into() }
    }

    /// Replaces a shared node by its copy.
    pub(super) fn install(&mut self, copied: Copied<V>, bin: &mut Bin<V>) {
        copied.install(self.root.node_mut(), bin);
    }

    /// Prunes `path` when the writer that lives there, if any, is given back.
    pub(super) fn prune_at_end(&mut self, path: &[u8], ledger: &Ledger) {
        if ledger.is_written_at(path) {
            self.to_prune.insert(path.into());
        }
    }
}

impl<V: Clone> Guarded<V> {
    /// Moves the subtrie at `path` out, for a writer.
    pub(super) fn vacate(&mut self, path: &[u8]) -> Result<Subtrie<Shared<V>>, Foreign<V>> {
        let path = &self.full(path)[..];
        if path.is_empty() {
            return Ok(self.root.vacate());
        }
        let Some(slot) = self.root.node_mut() else { return Ok(Subtrie::Absent) };
        let (slot, rest) = trie::own_towards(slot, path)?;
        if slot.place().find(rest).is_none() {
            return Ok(Subtrie::Absent);
        }
        Ok(Subtrie::present(detach_owned(slot, rest)))
    }

    /// Puts a writer's subtrie back, and prunes its root if [`prune_at_end`](Self::prune_at_end)
    /// was called for it. Leaves `subtrie` unchanged if a node has to be copied first.
    pub(super) fn put_back(
        &mut self,
        path: &[u8],
        subtrie: &mut Subtrie<Shared<V>>,
        ledger: &Ledger,
        bin: &mut Bin<V>,
    ) -> Result<(), Foreign<V>> {
        let full = &self.full(path)[..];
        let way = match self.root.node_mut() {
            Some(slot) if !full.is_empty() => Some(trie::own_towards(slot, full)?),
            _ => None,
        };
        let subtrie = std::mem::take(subtrie);
        match way {
            _ if full.is_empty() => bin.extend(self.root.put(subtrie)),
            _ if !subtrie.exists() => {}
            None => self.root = Subtrie::Node(trie::prefixed(full, subtrie.into_node())),
            Some((slot, rest)) => {
                let root = subtrie.into_node();
                if let Err(root) = trie::fill_tip(slot, rest, root, bin) {
                    // A zipper made without a check has put another subtrie here.
                    if slot.place().find(rest).is_some_and(|place| !place.is_empty()) {
                        let there = trie::detach(slot, rest, bin);
                        bin.extend(there);
                    }
                    trie::attach(slot, rest, root, bin);
                }
            }
        }
        if self.to_prune.remove(path) {
            self.prune(path, full, ledger, bin);
        }
        Ok(())
    }

    /// Prunes the root of a writer that was put back. All nodes on the way have one owner (H2).
    fn prune(&mut self, path: &[u8], full: &[u8], ledger: &Ledger, bin: &mut Bin<V>) {
        // The roots of other living writers count as locations.
        let common = ledger.longest_common_with_another_writer(path).unwrap_or(0);
        if let Some(node) = self.root.vacate().into_node() {
            let mut root = Some(node);
            trie::prune_path(&mut root, full, self.base.len() + common, bin);
            self.root.put(Subtrie::present(root));
        }
    }

    /// Makes a new reader one more owner of the subtrie at `path`.
    pub(super) fn enter(&mut self, path: &[u8], ledger: &Ledger) -> RootedTrie<V> {
        self.share(path, |path| ledger.longest_common_with_writer(path))
    }

    /// Makes a reader one more owner of the subtrie at `path`. `common` returns the length of the
    /// longest prefix that the path shares with a writer's.
    pub(super) fn share(
        &mut self,
        path: &[u8],
        common: impl FnOnce(&[u8]) -> Option<usize>,
    ) -> RootedTrie<V> {
        let (full, hidden) = (self.full(path).into_owned(), self.base.len());
        let location = match self.root.at(&full) {
            Subtrie::Node(location) => location,
            Subtrie::Bare => {
                return RootedTrie { trie: Subtrie::Bare, start: full.len(), path: full, hidden };
            }
            Subtrie::Absent => {
                return RootedTrie { trie: Subtrie::Absent, start: full.len(), path: full, hidden };
            }
        };
        let start = full.len() - location.depth();
        // A writer's path leads through the location's node if both paths share the path to the
        // node's root (H2).
        let beside_writer =
            location.depth() > 0 && common(path).is_some_and(|common| hidden + common >= start);
        if !beside_writer {
            return RootedTrie { trie: Subtrie::Node(location.node().share()), start, path: full, hidden };
        }
        let slot = self.root.node_mut().expect("the location is there");
        let Ok((slot, rest)) = trie::own_towards(slot, &full) else {
            // A node on the way has other owners, so there is no vacancy below it (H2): the writer
            // is still being made.
            let trie = self.root.at(&full).map(|location| location.node().share());
            return RootedTrie { trie, start, path: full, hidden };
        };
        let root = detach_owned(slot, rest);
        // The reader is an owner of the subtrie, which therefore remains a node, even if it is
        // small. As above, nothing is left over.
        trie::attach(slot, rest, root.clone(), &mut Bin::new());
        RootedTrie { trie: Subtrie::present(root), start: full.len(), path: full, hidden }
    }
}

/// Moves the subtrie at `key` out of a node. All nodes from the root to this one have one owner,
/// so no node is copied, and nothing is left over that would have to be dropped.
fn detach_owned<V: Clone>(slot: &mut Shared<V>, key: &[u8]) -> Option<Shared<V>> {
    let mut bin = Bin::new();
    let subtrie = trie::detach(slot, key, &mut bin);
    debug_assert!(bin.is_empty(), "nothing was copied");
    subtrie
}
