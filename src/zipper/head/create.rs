//! Making zippers from a head: one trait, written once over the gate.

use std::time::Duration;

use super::ZipperHead;
use super::gate::Gate;
use super::lease::{Home, ReadLease, WriteLease, reader};
use super::ledger::Ledger;
use super::state::{Reading, State, Subtrie};
use crate::error::{Conflict, ZipperKind};
use crate::node::Bin;
use crate::zipper::readers::ReadZipperTracked;
use crate::zipper::root::Owned;
use crate::zipper::stack::Walk;
use crate::zipper::traits::ZipperAbsolutePath;
use crate::zipper::writers::WriteZipperTracked;
use crate::zipper::writing::ZipperWriting;

/// The calls of a head.
///
/// A new reader at a path conflicts with a living writer at a prefix of it, at it or below it. A new writer conflicts
/// with any living zipper there. Paths are from the head's own root.
///
/// # Complexity
/// Making or dropping a zipper takes O(path) under the head's lock, and the copies of shared nodes on the way
/// to a writer's root. Work with a zipper takes no lock.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives out no zipper",
    label = "this is not a head over values of type `{V}`",
    note = "a map gives a head by `map.zipper_head()` or `map.into_zipper_head(path)`",
    note = "its zippers can be asked for if the values are `Clone`"
)]
pub trait ZipperCreation<'trie, V> {
    /// A reader at `path`, which need not exist.
    ///
    /// # Errors
    /// [`Conflict`] if a writer lives at a prefix of `path`, at it or below it.
    fn read_zipper_at_path<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A reader at `path`, whose lifetime may end with the path's.
    ///
    /// # Errors
    /// As for [`read_zipper_at_path`](Self::read_zipper_at_path).
    fn read_zipper_at_borrowed_path<'a, 'path, K: AsRef<[u8]> + ?Sized>(
        &'a self,
        path: &'path K,
    ) -> Result<ReadZipperTracked<'a, 'path, V>, Conflict>
    where
        'trie: 'a;

    /// A reader at `path`, waiting up to `timeout` for the writers in its way. Those who wait are served in the order
    /// in which they came, so far as they exclude each other.
    ///
    /// # Errors
    /// [`Conflict`] when the time is over, naming what stood in the way last: a living zipper, or the request of
    /// somebody who waits for longer.
    fn read_zipper_at_path_timeout<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
        timeout: Duration,
    ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A reader at `path` by the caller's own proof that no writer is there.
    ///
    /// # Safety
    /// No writer lives at a prefix of `path`, at it or below it while the reader does. Where that is broken the reader
    /// may miss what the writer has; it is never undefined behaviour.
    #[allow(unsafe_code, reason = "an unsafe signature for the caller's promise; the body has none")]
    unsafe fn read_zipper_at_path_unchecked<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> ReadZipperTracked<'a, 'static, V>
    where
        'trie: 'a;

    /// The same, with a lifetime that may end with the path's.
    ///
    /// # Safety
    /// As for [`read_zipper_at_path_unchecked`](Self::read_zipper_at_path_unchecked).
    #[allow(unsafe_code, reason = "an unsafe signature for the caller's promise; the body has none")]
    unsafe fn read_zipper_at_borrowed_path_unchecked<'a, 'path, K: AsRef<[u8]> + ?Sized>(
        &'a self,
        path: &'path K,
    ) -> ReadZipperTracked<'a, 'path, V>
    where
        'trie: 'a;

    /// A writer at `path`, which need not exist.
    ///
    /// # Errors
    /// [`Conflict`] if any zipper lives at a prefix of `path`, at it or below it.
    fn write_zipper_at_exclusive_path<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A writer at `path`, waiting up to `timeout` for the zippers in its way. Those who wait are served in the order
    /// in which they came, so far as they exclude each other.
    ///
    /// # Errors
    /// [`Conflict`] when the time is over, naming what stood in the way last: a living zipper, or the request of
    /// somebody who waits for longer.
    fn write_zipper_at_exclusive_path_timeout<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
        timeout: Duration,
    ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A writer at `path` by the caller's own proof that no zipper is there.
    ///
    /// # Safety
    /// No zipper lives at a prefix of `path`, at it or below it while the writer does. Where that is broken the last
    /// writer dropped wins; it is never undefined behaviour.
    #[allow(unsafe_code, reason = "an unsafe signature for the caller's promise; the body has none")]
    unsafe fn write_zipper_at_exclusive_path_unchecked<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> WriteZipperTracked<'a, 'static, V>
    where
        'trie: 'a;

    /// Drops a writer that this head gave, and prunes at its root. The roots of other living writers count as present.
    fn cleanup_write_zipper<Z: ZipperWriting<V> + ZipperAbsolutePath>(&self, z: Z);
}

/// How a zipper asks for its path.
#[derive(Clone, Copy)]
pub(super) enum Asking {
    Now,
    Waiting(Duration),
    Unchecked,
}

fn ask<V, R>(
    gate: &Gate<State<V>>,
    path: &[u8],
    kind: ZipperKind,
    asking: Asking,
    f: impl FnOnce(&mut State<V>, &Ledger) -> R,
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
    let mut bin = Bin::new();
    let (full, hidden, reading): (_, _, Reading<V>) =
        ask(home.gate(), path, ZipperKind::Reader, asking, |state, ledger| {
            let full = [&state.base, path].concat();
            let reading = state.share(&full, ledger, &mut bin);
            (full, state.base.len(), reading)
        })?;
    Ok(reader(ReadLease::new(home, path), full, hidden, reading))
}

pub(super) fn write<'a, V: Clone>(
    home: Home<'a, V>,
    path: &[u8],
    asking: Asking,
) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict> {
    let mut bin = Bin::new();
    let subtrie: Subtrie<V> = ask(home.gate(), path, ZipperKind::Writer, asking, |state, _| {
        let full = [&state.base, path].concat();
        state.vacate(&full, &mut bin)
    })?;
    let walk = Walk::lazy(Owned(subtrie.root), path.to_vec(), path.len(), subtrie.exists);
    Ok(WriteZipperTracked::new(walk, WriteLease::new(home, path)))
}

fn cleanup<V: Clone, Z: ZipperWriting<V> + ZipperAbsolutePath>(gate: &Gate<State<V>>, z: Z) {
    let path = z.root_prefix_path().to_vec();
    drop(z);
    let mut bin = Bin::new();
    gate.with(|state, ledger| {
        let full = [&state.base, &path[..]].concat();
        state.prune(&full, ledger, &mut bin);
    });
}

/// Implements the trait for a head, given where its zippers say they come from.
macro_rules! creation {
    ([$($generics:tt)*] $trie:lifetime, $head:ty) => {
        #[allow(unsafe_code, reason = "unsafe signatures for the callers' promises; the bodies have none")]
        impl<$($generics)* V: Clone> ZipperCreation<$trie, V> for $head {
            fn read_zipper_at_path<'a, K: AsRef<[u8]>>(
                &'a self,
                path: K,
            ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
            where
                $trie: 'a,
            {
                read(Home::Borrowed(&self.gate), path.as_ref(), Asking::Now)
            }

            fn read_zipper_at_borrowed_path<'a, 'path, K: AsRef<[u8]> + ?Sized>(
                &'a self,
                path: &'path K,
            ) -> Result<ReadZipperTracked<'a, 'path, V>, Conflict>
            where
                $trie: 'a,
            {
                read(Home::Borrowed(&self.gate), path.as_ref(), Asking::Now)
            }

            fn read_zipper_at_path_timeout<'a, K: AsRef<[u8]>>(
                &'a self,
                path: K,
                timeout: Duration,
            ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
            where
                $trie: 'a,
            {
                read(Home::Borrowed(&self.gate), path.as_ref(), Asking::Waiting(timeout))
            }

            unsafe fn read_zipper_at_path_unchecked<'a, K: AsRef<[u8]>>(
                &'a self,
                path: K,
            ) -> ReadZipperTracked<'a, 'static, V>
            where
                $trie: 'a,
            {
                granted(read(Home::Borrowed(&self.gate), path.as_ref(), Asking::Unchecked))
            }

            unsafe fn read_zipper_at_borrowed_path_unchecked<'a, 'path, K: AsRef<[u8]> + ?Sized>(
                &'a self,
                path: &'path K,
            ) -> ReadZipperTracked<'a, 'path, V>
            where
                $trie: 'a,
            {
                granted(read(Home::Borrowed(&self.gate), path.as_ref(), Asking::Unchecked))
            }

            fn write_zipper_at_exclusive_path<'a, K: AsRef<[u8]>>(
                &'a self,
                path: K,
            ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
            where
                $trie: 'a,
            {
                write(Home::Borrowed(&self.gate), path.as_ref(), Asking::Now)
            }

            fn write_zipper_at_exclusive_path_timeout<'a, K: AsRef<[u8]>>(
                &'a self,
                path: K,
                timeout: Duration,
            ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
            where
                $trie: 'a,
            {
                write(Home::Borrowed(&self.gate), path.as_ref(), Asking::Waiting(timeout))
            }

            unsafe fn write_zipper_at_exclusive_path_unchecked<'a, K: AsRef<[u8]>>(
                &'a self,
                path: K,
            ) -> WriteZipperTracked<'a, 'static, V>
            where
                $trie: 'a,
            {
                granted(write(Home::Borrowed(&self.gate), path.as_ref(), Asking::Unchecked))
            }

            fn cleanup_write_zipper<Z: ZipperWriting<V> + ZipperAbsolutePath>(&self, z: Z) {
                cleanup(&self.gate, z);
            }
        }
    };
}

/// What an unchecked call gave: there is nothing that could refuse it.
fn granted<Z>(zipper: Result<Z, Conflict>) -> Z {
    zipper.unwrap_or_else(|conflict| unreachable!("an unchecked call met a conflict: {conflict}"))
}

creation!(['trie,] 'trie, ZipperHead<'_, 'trie, V>);
creation!(['trie,] 'trie, super::owned::ZipperHeadOwned<V>);
