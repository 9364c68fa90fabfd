//! The methods of a head: one trait, which both heads implement.

use std::time::Duration;

use super::future::{ReadZipperFuture, WriteZipperFuture};
use super::gate::Gate;
use super::guarded::Guarded;
use super::lease::Home;
use super::make::{Asking, granted, read, write};
use super::{ZipperHead, ZipperHeadOwned};
use crate::error::Conflict;
use crate::zipper::methods::forward;
use crate::zipper::readers::ReadZipperTracked;
use crate::zipper::traits::{ZipperAbsolutePath, ZipperWriting};
use crate::zipper::writers::WriteZipperTracked;

/// The methods of a head, which make zippers.
///
/// A new reader at a path conflicts with a living writer at the path, at a prefix of it, or below
/// it. A new writer conflicts with any living zipper at one of these places. Paths are from the
/// head's own root.
///
/// # Waiting
/// | calls | if the path is taken |
/// |---|---|
/// | those without a suffix | return a [`Conflict`] at once |
/// | `…_timeout` | block the thread, up to a timeout |
/// | `…_async` | return a future, which blocks no thread |
///
/// The `…_timeout` and `…_async` calls share one queue. Requests that exclude each other are
/// served in the order in which they were made. A path that becomes free is handed to the next
/// request, and no other waiter is woken.
///
/// The calls that do not wait look at the living zippers alone, and so they overtake the queue.
/// **A writer may wait for ever** if readers are made by such calls so often that there is no
/// moment without one. Make such readers by `…_timeout` (a timeout of zero is enough) or
/// `…_async`; their requests then wait in the queue after the writer's.
///
/// # Values that use the head
/// No clone or drop of a value, and no waker, runs under the head's lock, so all of them may use
/// the head. A call from within a clone that the head itself makes never waits, because it would
/// wait for its own thread. Instead of waiting, a `…_timeout` call returns the [`Conflict`] at
/// once, and the future of an `…_async` call panics.
///
/// # Panics
/// Values are cloned if a node on the way to a new writer is shared. If a clone panics, no writer
/// is made, and the head is unchanged. If the drop of a value panics, the head is consistent too,
/// and the zipper's path is free.
///
/// # Complexity
/// Making or dropping a zipper takes O(path) under the head's lock. Shared nodes on the way to a
/// writer's root are copied without the lock. Work with a zipper takes no lock.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a head",
    label = "this is not a head over values of type `{V}`",
    note = "make a head from a map: `map.zipper_head()` or `map.into_zipper_head(path)`",
    note = "a head makes zippers only if its values are `Clone`"
)]
pub trait ZipperCreation<'trie, V> {
    /// A reader at `path`, which need not exist.
    ///
    /// # Errors
    /// Returns [`Conflict`] if a writer lives at `path`, at a prefix of it, or below it.
    fn read_zipper_at_path<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A reader at `path`, which must not outlive `path`.
    ///
    /// # Errors
    /// As for [`read_zipper_at_path`](Self::read_zipper_at_path).
    fn read_zipper_at_borrowed_path<'a, 'path, K: AsRef<[u8]> + ?Sized>(
        &'a self,
        path: &'path K,
    ) -> Result<ReadZipperTracked<'a, 'path, V>, Conflict>
    where
        'trie: 'a;

    /// A reader at `path`; waits up to `timeout` for the writers in its way. Requests that exclude
    /// each other are served in the order in which they were made.
    ///
    /// # Errors
    /// Returns [`Conflict`] when the timeout is over. It names the last obstacle: a living zipper
    /// or an earlier request.
    fn read_zipper_at_path_timeout<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
        timeout: Duration,
    ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A future of a reader at `path`, which waits for the writers in its way.
    ///
    /// The future waits in one queue with the `…_timeout` calls.
    ///
    /// The request enters the queue when the future is first polled. A future that is dropped
    /// leaves the queue, or frees its path if its request was granted. The future works with any
    /// executor.
    ///
    /// A future whose request was granted holds its path until it is polled or dropped, so do not
    /// keep such a future unpolled. A future that is forgotten ([`std::mem::forget`]) keeps its
    /// place in the queue while the head lives. For a timeout, use your executor's, which drops
    /// the future.
    ///
    /// # Panics
    /// The future panics if it is polled within a clone of a value that this head makes, and would
    /// have to wait: see [above](Self#values-that-use-the-head).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::zipper::*;
    /// # use std::task::{Context, Poll, Wake, Waker};
    /// # use std::{future::Future, pin::pin, sync::Arc, thread};
    /// # struct Unpark(thread::Thread);
    /// # impl Wake for Unpark {
    /// #     fn wake(self: Arc<Self>) {
    /// #         self.0.unpark();
    /// #     }
    /// # }
    /// # fn block_on<F: Future>(future: F) -> F::Output {
    /// #     let mut future = pin!(future);
    /// #     let waker = Waker::from(Arc::new(Unpark(thread::current())));
    /// #     loop {
    /// #         match future.as_mut().poll(&mut Context::from_waker(&waker)) {
    /// #             Poll::Ready(output) => return output,
    /// #             Poll::Pending => thread::park(),
    /// #         }
    /// #     }
    /// # }
    ///
    /// let mut map = PathMap::from([("name", "Ada")]);
    /// let head = map.zipper_head();
    /// let mut writer = head.write_zipper_at_exclusive_path("name").unwrap();
    /// thread::scope(|scope| {
    ///     scope.spawn(|| {
    ///         block_on(async {
    ///             let reader = head.read_zipper_at_path_async("name").await;
    ///             assert_eq!(reader.val(), Some(&"Grace"));
    ///         })
    ///     });
    ///     writer.set_val("Grace");
    ///     drop(writer);
    /// });
    /// ```
    fn read_zipper_at_path_async<'a, K: AsRef<[u8]>>(&'a self, path: K) -> ReadZipperFuture<'a, V>
    where
        'trie: 'a;

    /// A reader at `path`, made without a check for writers.
    ///
    /// # Safety
    /// While the reader lives, no writer lives at `path`, at a prefix of it, or below it. If the
    /// caller breaks this, the reader may miss the writer's subtrie; the behaviour is never
    /// undefined.
    #[allow(unsafe_code, reason = "an unsafe signature for the caller's promise; the body has none")]
    unsafe fn read_zipper_at_path_unchecked<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> ReadZipperTracked<'a, 'static, V>
    where
        'trie: 'a;

    /// A reader at `path`, made without a check for writers, which must not outlive `path`.
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
    /// Returns [`Conflict`] if any zipper lives at `path`, at a prefix of it, or below it.
    fn write_zipper_at_exclusive_path<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A writer at `path`; waits up to `timeout` for the zippers in its way. Requests that exclude
    /// each other are served in the order in which they were made.
    ///
    /// # Errors
    /// Returns [`Conflict`] when the timeout is over. It names the last obstacle: a living zipper
    /// or an earlier request.
    fn write_zipper_at_exclusive_path_timeout<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
        timeout: Duration,
    ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a;

    /// A future of a writer at `path`, which waits for the zippers in its way; see
    /// [`read_zipper_at_path_async`](Self::read_zipper_at_path_async).
    ///
    /// # Panics
    /// As for [`read_zipper_at_path_async`](Self::read_zipper_at_path_async).
    fn write_zipper_at_exclusive_path_async<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> WriteZipperFuture<'a, V>
    where
        'trie: 'a;

    /// A writer at `path`, made without a check for other zippers.
    ///
    /// # Safety
    /// While the writer lives, no other zipper lives at `path`, at a prefix of it, or below it. If
    /// the caller breaks this, the subtrie of the writer that is dropped last is kept; the
    /// behaviour is never undefined.
    #[allow(unsafe_code, reason = "an unsafe signature for the caller's promise; the body has none")]
    unsafe fn write_zipper_at_exclusive_path_unchecked<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> WriteZipperTracked<'a, 'static, V>
    where
        'trie: 'a;

    /// Drops a writer that this head has made, and prunes its root. The roots of other living
    /// writers count as locations.
    ///
    /// If `z` borrows a writer (`&mut writer`), the writer is not dropped. Its root is pruned when
    /// it is dropped or becomes a reader.
    ///
    /// The writer is identified by the path of its root. A writer of another head is not pruned,
    /// but a writer of this head that lives at the same path is.
    fn cleanup_write_zipper<Z: ZipperWriting<V> + ZipperAbsolutePath>(&self, z: Z);
}

/// Prunes the writer's root when the writer is given back: here, or later if `z` is only a borrow
/// of it.
fn cleanup<V, Z: ZipperAbsolutePath>(gate: &Gate<Guarded<V>>, z: Z) {
    let path = z.root_prefix_path().to_vec();
    gate.with(|guarded, ledger| guarded.prune_at_end(&path, ledger));
    drop(z);
}

#[allow(unsafe_code, reason = "unsafe signatures for the callers' promises; the bodies have none")]
impl<'trie, V: Clone> ZipperCreation<'trie, V> for Gate<Guarded<V>> {
    fn read_zipper_at_path<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a,
    {
        read(Home::Borrowed(self), path.as_ref(), Asking::Now)
    }

    fn read_zipper_at_borrowed_path<'a, 'path, K: AsRef<[u8]> + ?Sized>(
        &'a self,
        path: &'path K,
    ) -> Result<ReadZipperTracked<'a, 'path, V>, Conflict>
    where
        'trie: 'a,
    {
        read(Home::Borrowed(self), path.as_ref(), Asking::Now)
    }

    fn read_zipper_at_path_timeout<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
        timeout: Duration,
    ) -> Result<ReadZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a,
    {
        read(Home::Borrowed(self), path.as_ref(), Asking::Waiting(timeout))
    }

    fn read_zipper_at_path_async<'a, K: AsRef<[u8]>>(&'a self, path: K) -> ReadZipperFuture<'a, V>
    where
        'trie: 'a,
    {
        ReadZipperFuture::new(Home::Borrowed(self), path.as_ref())
    }

    unsafe fn read_zipper_at_path_unchecked<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> ReadZipperTracked<'a, 'static, V>
    where
        'trie: 'a,
    {
        granted(read(Home::Borrowed(self), path.as_ref(), Asking::Unchecked))
    }

    unsafe fn read_zipper_at_borrowed_path_unchecked<'a, 'path, K: AsRef<[u8]> + ?Sized>(
        &'a self,
        path: &'path K,
    ) -> ReadZipperTracked<'a, 'path, V>
    where
        'trie: 'a,
    {
        granted(read(Home::Borrowed(self), path.as_ref(), Asking::Unchecked))
    }

    fn write_zipper_at_exclusive_path<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a,
    {
        write(Home::Borrowed(self), path.as_ref(), Asking::Now)
    }

    fn write_zipper_at_exclusive_path_timeout<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
        timeout: Duration,
    ) -> Result<WriteZipperTracked<'a, 'static, V>, Conflict>
    where
        'trie: 'a,
    {
        write(Home::Borrowed(self), path.as_ref(), Asking::Waiting(timeout))
    }

    fn write_zipper_at_exclusive_path_async<'a, K: AsRef<[u8]>>(&'a self, path: K) -> WriteZipperFuture<'a, V>
    where
        'trie: 'a,
    {
        WriteZipperFuture::new(Home::Borrowed(self), path.as_ref())
    }

    unsafe fn write_zipper_at_exclusive_path_unchecked<'a, K: AsRef<[u8]>>(
        &'a self,
        path: K,
    ) -> WriteZipperTracked<'a, 'static, V>
    where
        'trie: 'a,
    {
        granted(write(Home::Borrowed(self), path.as_ref(), Asking::Unchecked))
    }

    fn cleanup_write_zipper<Z: ZipperWriting<V> + ZipperAbsolutePath>(&self, z: Z) {
        cleanup(self, z);
    }
}

forward! {
    impl['trie, V] ZipperHead<'_, 'trie, V>, self => self.gate;
    #[allow(unsafe_code, reason = "unsafe signatures; the callers' promises are passed on")]
    ZipperCreation<'trie, V> where [V: Clone];
}
forward! {
    impl['trie, V] ZipperHeadOwned<V>, self => self.gate;
    #[allow(unsafe_code, reason = "unsafe signatures; the callers' promises are passed on")]
    ZipperCreation<'trie, V> where [V: Clone];
}
