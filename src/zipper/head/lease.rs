//! A zipper's hold on its head: its entry in the ledger, and the functions that give it back.

use std::convert::Infallible;
use std::sync::Arc;

use super::ZipperHeadOwned;
use super::gate::Gate;
use super::guarded::{Guarded, RootedTrie};
use crate::error::ZipperKind;
use crate::node::{Bin, Shared};
use crate::trie::{Foreign, Subtrie};

/// The head that a zipper came from.
pub(super) enum Home<'a, V> {
    Borrowed(&'a Gate<Guarded<V>>),
    Counted(Arc<ZipperHeadOwned<V>>),
}

impl<V> Home<'_, V> {
    pub(super) fn gate(&self) -> &Gate<Guarded<V>> {
        match self {
            Self::Borrowed(gate) => gate,
            Self::Counted(head) => &head.gate,
        }
    }
}

impl<V> Clone for Home<'_, V> {
    fn clone(&self) -> Self {
        match self {
            Self::Borrowed(gate) => Self::Borrowed(gate),
            Self::Counted(head) => Self::Counted(Arc::clone(head)),
        }
    }
}

/// An entry in the ledger, which is removed when this is dropped.
struct Claim<'a, V> {
    home: Home<'a, V>,
    /// From the head's root.
    path: Box<[u8]>,
    kind: ZipperKind,
    held: bool,
}

impl<'a, V> Claim<'a, V> {
    fn new(home: Home<'a, V>, path: &[u8], kind: ZipperKind) -> Self {
        Self { home, path: path.into(), kind, held: true }
    }

    fn gate(&self) -> &Gate<Guarded<V>> {
        self.home.gate()
    }
}

impl<V> Drop for Claim<'_, V> {
    fn drop(&mut self) {
        if self.held {
            let Ok(()) = self.gate().release(&self.path, self.kind, |_, _| Ok::<_, Infallible>(()));
        }
    }
}

/// Repeats an attempt until no shared node is in its way. Nodes and values that are left over are
/// moved to `bin`, which the caller drops when all objects are consistent.
///
/// The nodes are copied, and so values cloned, without the lock. If a clone panics or uses the
/// head, no attempt is under way.
pub(super) fn until_own<V: Clone, R>(
    gate: &Gate<Guarded<V>>,
    bin: &mut Bin<V>,
    mut attempt: impl FnMut(&mut Bin<V>) -> Result<R, Foreign<V>>,
) -> R {
    loop {
        match attempt(bin) {
            Ok(result) => return result,
            Err(node) => gate.apart(|| node.copy(), |guarded, copied| guarded.install(copied, bin)),
        }
    }
}

/// The parts of a reader.
type LeaseAndTrie<'a, V> = (ReadLease<'a, V>, RootedTrie<V>);

/// A reader's entry in the ledger.
pub(in crate::zipper) struct ReadLease<'a, V>(Claim<'a, V>);

impl<'a, V> ReadLease<'a, V> {
    pub(super) fn new(home: Home<'a, V>, path: &[u8]) -> Self {
        Self(Claim::new(home, path, ZipperKind::Reader))
    }
}

impl<V> Clone for ReadLease<'_, V> {
    fn clone(&self) -> Self {
        let Claim { home, path, .. } = &self.0;
        home.gate().duplicate(path);
        Self::new(home.clone(), path)
    }
}

/// A writer's entry in the ledger. Dropping it frees the path; [`give_back`](Self::give_back) puts
/// the subtrie back as well.
pub(in crate::zipper) struct WriteLease<'a, V> {
    claim: Claim<'a, V>,
    endings: Endings<V>,
}

/// The functions that end a lease. They are chosen when the lease is made, because `Drop` cannot
/// require `V: Clone`.
struct Endings<V> {
    give_back: fn(Claim<'_, V>, Subtrie<Shared<V>>),
    into_reader: for<'a> fn(Claim<'a, V>, Subtrie<Shared<V>>) -> LeaseAndTrie<'a, V>,
}

impl<'a, V: Clone> WriteLease<'a, V> {
    pub(super) fn new(home: Home<'a, V>, path: &[u8]) -> Self {
        Self {
            claim: Claim::new(home, path, ZipperKind::Writer),
            endings: Endings { give_back, into_reader },
        }
    }
}

fn give_back<V: Clone>(mut claim: Claim<'_, V>, mut subtrie: Subtrie<Shared<V>>) {
    let mut bin = Bin::new();
    let Claim { home, path, held, .. } = &mut claim;
    let gate = home.gate();
    until_own(gate, &mut bin, |bin| {
        gate.release(path, ZipperKind::Writer, |guarded, ledger| {
            guarded.put_back(path, &mut subtrie, ledger, bin)?;
            // Set here, because a waker may panic before the gate returns.
            *held = false;
            Ok(())
        })
    });
}

fn into_reader<V: Clone>(mut claim: Claim<'_, V>, mut subtrie: Subtrie<Shared<V>>) -> LeaseAndTrie<'_, V> {
    let mut bin = Bin::new();
    let Claim { home, path, kind, .. } = &mut claim;
    let gate = home.gate();
    let rooted = until_own(gate, &mut bin, |bin| {
        gate.downgrade(path, |guarded, ledger| {
            guarded.put_back(path, &mut subtrie, ledger, bin)?;
            *kind = ZipperKind::Reader;
            Ok(guarded.share(path, |path| ledger.longest_common_with_another_writer(path)))
        })
    });
    let lease = ReadLease(claim);
    // Dropping a value may panic; the lease is a reader's by now.
    drop(bin);
    (lease, rooted)
}

impl<'a, V> WriteLease<'a, V> {
    pub(super) fn gate(&self) -> &Gate<Guarded<V>> {
        self.claim.gate()
    }

    /// Puts the subtrie back and frees the path.
    pub(in crate::zipper) fn give_back(self, subtrie: Subtrie<Shared<V>>) {
        (self.endings.give_back)(self.claim, subtrie);
    }

    /// Puts the subtrie back, and turns the writer's entry into a reader's.
    pub(in crate::zipper) fn into_reader(self, subtrie: Subtrie<Shared<V>>) -> LeaseAndTrie<'a, V> {
        (self.endings.into_reader)(self.claim, subtrie)
    }
}
