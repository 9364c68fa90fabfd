//! Making zippers: a path is claimed at the gate, and the subtrie there becomes the zipper's trie.

use std::time::Duration;

use super::gate::{Gate, Ledger};
use super::guarded::Guarded;
use super::lease::{Home, ReadLease, WriteLease, until_own};
use crate::error::{Conflict, ZipperKind};
use crate::node::{Bin, Shared};
use crate::trie::{Foreign, Subtrie};
use crate::zipper::readers::ReadZipperTracked;
use crate::zipper::root::Owned;
use crate::zipper::stack::Walk;
use crate::zipper::writers::WriteZipperTracked;

/// The way in which a zipper's path is requested.
#[derive(Clone, Copy)]
pub(super) enum Asking {
    Now,
    Waiting(Duration),
    Unchecked,
}

fn ask<V, R>(
    gate: &Gate<Guarded<V>>,
    path: &[u8],
    kind: ZipperKind,
    asking: Asking,
    f: impl FnOnce(&mut Guarded<V>, &Ledger) -> R,
) -> Result<R, Conflict> {
    match asking {
        Asking::Now => gate.acquire(path, kind, f),
        Asking::Waiting(timeout) => gate.acquire_timeout(path, kind, timeout, f),
        Asking::Unchecked => Ok(gate.acquire_unchecked(path, kind, f)),
    }
}

pub(super) fn read<'a, 'path, V: Clone>(
    home: Home<'a, V>,
    path: &[u8],
    asking: Asking,
) -> Result<ReadZipperTracked<'a, 'path, V>, Conflict> {
    let rooted =
        ask(home.gate(), path, ZipperKind::Reader, asking, |guarded, ledger| guarded.enter(path, ledger))?;
    Ok(ReadZipperTracked::new(ReadLease::new(home, path), rooted))
}

pub(super) fn write<'a, V: Clone>(
    home: Home<'a, V>,
    path: &[u8],
    asking: Asking,
) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict> {
    let entered = ask(home.gate(), path, ZipperKind::Writer, asking, |guarded, _| guarded.vacate(path))?;
    Ok(writer(home, path, entered))
}

/// A writer at a path that was claimed. `entered` is the result of the attempt to move its subtrie
/// out, which was made together with the claim.
pub(super) fn writer<'a, V: Clone>(
    home: Home<'a, V>,
    path: &[u8],
    entered: Result<Subtrie<Shared<V>>, Foreign<V>>,
) -> WriteZipperTracked<'a, 'static, V> {
    let lease = WriteLease::new(home, path);
    let (mut bin, mut entered) = (Bin::new(), Some(entered));
    let subtrie = until_own(lease.gate(), &mut bin, |_| {
        entered.take().unwrap_or_else(|| lease.gate().with(|guarded, _| guarded.vacate(path)))
    });
    let walk = Walk::lazy(Owned(subtrie), path.to_vec(), path.len());
    let writer = WriteZipperTracked::new(walk, lease);
    // Dropping a value may panic. The writer is complete, and gives its subtrie back in that case.
    drop(bin);
    writer
}

/// The zipper of an unchecked call, which nothing can refuse.
pub(super) fn granted<Z>(zipper: Result<Z, Conflict>) -> Z {
    zipper.unwrap_or_else(|conflict| unreachable!("an unchecked call met a conflict: {conflict}"))
}
