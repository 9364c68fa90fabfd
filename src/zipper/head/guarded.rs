//! What a head guards: the trie that its zippers work in, with a vacancy where each writer is.
//!
//! # Invariants
//! - **H1** A writer's subtrie is not in the trie: the writer owns it. Where it was, a dangling tip is left if the
//!   location existed, and nothing if not. (A writer that is being made may be in the ledger before it has its subtrie.)
//! - **H2** Every node on the way to a writer's root has one owner, so that putting a subtrie back copies no node and
//!   clones no value. It is made so when the writer is; and a reader that is made meanwhile is never given such a
//!   node, for its subtrie is put into a node of its own first.
//! - **H3** No zipper that was given out holds a node that somebody else may write: a writer's is its own, a reader's has
//!   the reader for an owner (N5).
//!
//! Zippers of the `unchecked` calls may break H1 and H2 where their callers break their promise. Then nodes are
//! copied and the last one put back wins; H3 holds all the same.
//!
//! # No user code
//! All that is done here is done under the head's lock, so nothing here clones a value or drops one. What is not needed any
//! more goes to a [`Bin`]. What needs a node copied is refused with that node ([`Foreign`]), and has changed nothing;
//! `until_own` in `lease.rs` has it copied without the lock, and tries again.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::gate::Ledger;
use crate::node::{Bin, Shared};
use crate::trie::{self, Copied, Foreign, Subtrie};

/// The trie of a head.
#[derive(Debug)]
pub(super) struct Guarded<V> {
    pub(super) root: Subtrie<Shared<V>>,
    /// Where in the trie the head's own root is.
    base: Vec<u8>,
    /// The roots of living writers that are to be pruned when they are given back.
    to_prune: BTreeSet<Box<[u8]>>,
}

/// What a reader reads: a trie, and the path to the reader's root.
pub(in crate::zipper) struct Reading<V> {
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

    /// The path in the trie.
    fn full<'p>(&self, path: &'p [u8]) -> Cow<'p, [u8]> {
        if self.base.is_empty() { path.into() } else { [&self.base, path].concat().into() }
    }

    /// Puts a copy in the place of the node that it is of.
    pub(super) fn install(&mut self, copied: Copied<V>, bin: &mut Bin<V>) {
        copied.install(self.root.node_mut(), bin);
    }

    /// Has `path` pruned when the writer there is given back, if one lives.
    pub(super) fn prune_at_end(&mut self, path: &[u8], ledger: &Ledger) {
        if ledger.is_written_at(path) {
            self.to_prune.insert(path.into());
        }
    }
}

impl<V: Clone> Guarded<V> {
    /// Takes the subtrie at `path` out for a writer.
    pub(super) fn vacate(&mut self, path: &[u8]) -> Result<Subtrie<Shared<V>>, Foreign<V>> {
        let path = &self.full(path)[..];
        if path.is_empty() {
            return Ok(self.root.vacate());
        }
        let Some(slot) = self.root.node_mut() else { return Ok(Subtrie::Absent) };
        let (slot, rest) = trie::own_towards(slot, path)?;
        if trie::locate(slot.view(), rest).reached < rest.len() {
            return Ok(Subtrie::Absent);
        }
        Ok(Subtrie::present(detach_owned(slot, rest)))
    }

    /// Puts a writer's subtrie back, and prunes there if that was asked for. Takes the subtrie only if it succeeds.
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
                    let location = trie::locate(slot.view(), rest);
                    // What an unchecked zipper has put there meanwhile.
                    if location.reached == rest.len() && !trie::is_tip(location.node, location.spot) {
                        let there = trie::detach(slot, rest, bin);
                        bin.extend(there);
                    }
                    trie::attach(slot, rest, root, bin);
                }
            }
        }
        if self.to_prune.remove(path) {
            // The roots of other living writers count as present. All nodes on the way have one owner, as above.
            let common = ledger.longest_common_with_another_writer(path).unwrap_or(0);
            let mut root = self.root.vacate().into_node();
            trie::prune_path(&mut root, full, self.base.len() + common, bin);
            self.root.put(Subtrie::present(root));
        }
        Ok(())
    }

    /// Makes one more owner of what is at `path`, for a new reader.
    pub(super) fn enter(&mut self, path: &[u8], ledger: &Ledger) -> Reading<V> {
        self.share(path, |path| ledger.longest_common_with_writer(path))
    }

    /// Makes one more owner of what is at `path`, for a reader. `common` tells how much of the path leads to a writer too.
    pub(super) fn share(&mut self, path: &[u8], common: impl FnOnce(&[u8]) -> Option<usize>) -> Reading<V> {
        let (full, hidden) = (self.full(path).into_owned(), self.base.len());
        let location = match self.root.at(&full) {
            Subtrie::Node(location) => location,
            Subtrie::Bare => return Reading { trie: Subtrie::Bare, start: full.len(), path: full, hidden },
            Subtrie::Absent => {
                return Reading { trie: Subtrie::Absent, start: full.len(), path: full, hidden };
            }
        };
        let start = full.len() - location.spot.depth();
        // A writer's path goes by way of the location's node if it has the path to the node's root in common (H2).
        let beside_writer =
            location.spot.depth() > 0 && common(path).is_some_and(|common| hidden + common >= start);
        if !beside_writer {
            return Reading { trie: Subtrie::Node(location.node.share()), start, path: full, hidden };
        }
        let slot = self.root.node_mut().expect("the location is there");
        let Ok((slot, rest)) = trie::own_towards(slot, &full) else {
            // A node on the way has other owners, so no vacancy is below it (H2): the writer is only about to be made.
            let trie = self.root.at(&full).map(|location| location.node.share());
            return Reading { trie, start, path: full, hidden };
        };
        let root = detach_owned(slot, rest);
        // The reader's own count makes the subtrie stay a node, however small it is. As above, nothing is left over.
        trie::attach(slot, rest, root.clone(), &mut Bin::new());
        Reading { trie: Subtrie::present(root), start: full.len(), path: full, hidden }
    }
}

/// Takes the subtrie at `key` out of a node to which, from the root on, only nodes with one owner lead. So no node is copied,
/// and nothing is left over that would have to be dropped.
fn detach_owned<V: Clone>(slot: &mut Shared<V>, key: &[u8]) -> Option<Shared<V>> {
    let mut bin = Bin::new();
    let subtrie = trie::detach(slot, key, &mut bin);
    debug_assert!(bin.is_empty(), "nothing was copied");
    subtrie
}
