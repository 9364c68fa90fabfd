//! Calls of a gate as its tests and its models make them.

use std::convert::Infallible;

use super::gate::{Gate, Ledger};
use crate::error::Conflict;
use crate::error::ZipperKind;

/// What a call does under the lock if that does not matter.
pub(super) fn nothing<T>(_: &mut T, _: &Ledger) {}

/// A path and a kind that stand in the way.
pub(super) type Named = (Vec<u8>, ZipperKind);

/// The verdict on a path that such a zipper keeps.
pub(super) fn blocked<R>(path: &str, kind: ZipperKind) -> Result<R, Named> {
    Err((path.into(), kind))
}

/// A verdict by the names in it alone, to be compared.
pub(super) fn named<R>(verdict: Result<R, Conflict>) -> Result<R, Named> {
    verdict.map_err(|conflict| (conflict.path().to_vec(), conflict.kind()))
}

pub(super) fn release<T>(gate: &Gate<T>, path: &[u8], kind: ZipperKind) {
    release_with(gate, path, kind, nothing);
}

/// Gives a path back by a closure that always agrees.
pub(super) fn release_with<T, R>(
    gate: &Gate<T>,
    path: &[u8],
    kind: ZipperKind,
    f: impl FnOnce(&mut T, &Ledger) -> R,
) -> R {
    let Ok(result) = gate.release(path, kind, |protected, ledger| Ok::<_, Infallible>(f(protected, ledger)));
    result
}

/// Makes a writer a reader by a closure that always agrees.
pub(super) fn downgrade<T, R>(gate: &Gate<T>, path: &[u8], f: impl FnOnce(&mut T, &Ledger) -> R) -> R {
    let Ok(result) = gate.downgrade(path, |protected, ledger| Ok::<_, Infallible>(f(protected, ledger)));
    result
}
