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
use crate::trie::{self, Copied, Foreign};

/// The trie of a head.
#[derive(Debug)]
pub(super) struct State<V> {
    pub(super) root: Root<V>,
    /// Where in the trie the head's own root is.
    pub(super) base: Vec<u8>,
    /// Whether the trie's root exists even if no node is there.
    pub(super) rooted: bool,
    /// The roots of living writers that are to be pruned when they are given back.
    to_prune: BTreeSet<Box<[u8]>>,
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

/// What a reader reads: a node at a place in a path, of which the first bytes are the head's own.
pub(super) struct Reading<V> {
    pub(super) root: Option<Shared<V>>,
    pub(super) exists: bool,
    pub(super) start: usize,
    pub(super) path: Vec<u8>,
    pub(super) hidden: usize,
}

impl<V> State<V> {
    pub(super) fn new(root: Option<Shared<V>>, base: Vec<u8>, rooted: bool) -> Self {
        Self { root: Root(root), base, rooted, to_prune: BTreeSet::new() }
    }

    /// The path in the trie.
    fn full<'p>(&self, path: &'p [u8]) -> Cow<'p, [u8]> {
        if self.base.is_empty() { path.into() } else { [&self.base, path].concat().into() }
    }

    /// Puts a copy in the place of the node that it is of.
    pub(super) fn install(&mut self, copied: Copied<V>, bin: &mut Bin<V>) {
        copied.install(&mut self.root.0, bin);
    }

    /// Has `path` pruned when the writer there is given back, if one lives.
    pub(super) fn prune_at_end(&mut self, path: &[u8], ledger: &Ledger) {
        if ledger.is_written_at(path) {
            self.to_prune.insert(path.into());
        }
    }
}

impl<V: Clone> State<V> {
    /// Takes the subtrie at `path` out for a writer.
    pub(super) fn vacate(&mut self, path: &[u8]) -> Result<Subtrie<V>, Foreign<V>> {
        let path = &self.full(path)[..];
        if path.is_empty() {
            let root = self.root.0.take();
            return Ok(Subtrie { exists: self.rooted || root.is_some(), root });
        }
        let Some(slot) = &mut self.root.0 else { return Ok(Subtrie { root: None, exists: false }) };
        let (slot, rest) = trie::own_towards(slot, path)?;
        let exists = slot.place().find(rest).is_some();
        Ok(Subtrie { root: if exists { detach_owned(slot, rest) } else { None }, exists })
    }

    /// Puts a writer's subtrie back, and prunes there if that was asked for. Takes the subtrie only if it succeeds.
    pub(super) fn put_back(
        &mut self,
        path: &[u8],
        subtrie: &mut Option<Subtrie<V>>,
        ledger: &Ledger,
        bin: &mut Bin<V>,
    ) -> Result<(), Foreign<V>> {
        let full = &self.full(path)[..];
        let way = match &mut self.root.0 {
            Some(slot) if !full.is_empty() => Some(trie::own_towards(slot, full)?),
            _ => None,
        };
        let Subtrie { root, exists } = subtrie.take().expect("a subtrie is put back once");
        match way {
            _ if full.is_empty() => {
                self.rooted |= exists;
                bin.extend(std::mem::replace(&mut self.root.0, root));
            }
            _ if !exists => {}
            None => self.root.0 = Some(trie::prefixed(full, root)),
            Some((slot, rest)) => {
                if let Err(root) = trie::fill_tip(slot, rest, root, bin) {
                    // What an unchecked zipper has put there meanwhile.
                    if slot.place().find(rest).is_some_and(|place| !place.is_empty()) {
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
            trie::prune_path(&mut self.root.0, full, self.base.len() + common, bin);
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
        let Some(location) = trie::find(&self.root.0, &full) else {
            let exists = full.is_empty() && self.rooted;
            return Reading { root: None, exists, start: full.len(), path: full, hidden };
        };
        let start = full.len() - location.depth();
        // A writer's path goes by way of the location's node if it has the path to the node's root in common (H2).
        let beside_writer =
            location.depth() > 0 && common(path).is_some_and(|common| hidden + common >= start);
        if !beside_writer {
            return Reading { root: Some(location.node().share()), exists: true, start, path: full, hidden };
        }
        let slot = self.root.0.as_mut().expect("the location is there");
        let Ok((slot, rest)) = trie::own_towards(slot, &full) else {
            // A node on the way has other owners, so no vacancy is below it (H2): the writer is only about to be made.
            let root = trie::find(&self.root.0, &full).map(|location| location.node().share());
            return Reading { root, exists: true, start, path: full, hidden };
        };
        let root = detach_owned(slot, rest);
        // The reader's own count makes the subtrie stay a node, however small it is. As above, nothing is left over.
        trie::attach(slot, rest, root.clone(), &mut Bin::new());
        Reading { root, exists: true, start: full.len(), path: full, hidden }
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
