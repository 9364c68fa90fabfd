//! Calls of a gate as its tests and its models make them.

use std::convert::Infallible;

use super::gate::{Gate, Ledger};
use crate::error::Conflict;
use crate::error::ZipperKind;

/// A closure for calls that need not do anything under the lock.
pub(super) fn nothing<T>(_: &mut T, _: &Ledger) {}

/// The path and the kind of a zipper or request that excludes another.
pub(super) type Blocker = (Vec<u8>, ZipperKind);

/// The verdict on a request that a zipper of `kind` at `path` excludes.
pub(super) fn blocked<R>(path: &str, kind: ZipperKind) -> Result<R, Blocker> {
    Err((path.into(), kind))
}

/// A verdict reduced to the path and the kind in it, for comparisons.
pub(super) fn named<R>(verdict: Result<R, Conflict>) -> Result<R, Blocker> {
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
