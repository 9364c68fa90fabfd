//! Zippers that borrow nothing: each is one more owner of its head.

use std::sync::Arc;
use std::time::Duration;

use super::ZipperHeadOwned;
use super::future::{ReadZipperFuture, WriteZipperFuture};
use super::lease::Home;
use super::make::{Asking, read, write};
use crate::error::Conflict;
use crate::zipper::readers::ReadZipperTracked;
use crate::zipper::writers::WriteZipperTracked;

impl<V: Clone> ZipperHeadOwned<V> {
    /// A reader at `path` that is one more owner of the head.
    ///
    /// # Errors
    /// Returns [`Conflict`] if a writer lives at `path`, at a prefix of it, or below it.
    pub fn take_owned_read_zipper_at_path<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> Result<ReadZipperTracked<'static, 'static, V>, Conflict> {
        read(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Now)
    }

    /// A reader at `path` that is one more owner of the head; waits up to `timeout` for the
    /// writers in its way.
    ///
    /// # Errors
    /// Returns [`Conflict`] when the timeout is over.
    pub fn take_owned_read_zipper_at_path_timeout<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
        timeout: Duration,
    ) -> Result<ReadZipperTracked<'static, 'static, V>, Conflict> {
        read(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Waiting(timeout))
    }

    /// A future of a reader at `path`. The future and the reader are each one more owner of the
    /// head.
    ///
    /// The future waits like
    /// [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async).
    ///
    /// # Panics
    /// As for [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async).
    pub fn take_owned_read_zipper_at_path_async<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> ReadZipperFuture<'static, V> {
        ReadZipperFuture::new(Home::Counted(Arc::clone(self)), path.as_ref())
    }

    /// A writer at `path` that is one more owner of the head.
    ///
    /// # Errors
    /// Returns [`Conflict`] if any zipper lives at `path`, at a prefix of it, or below it.
    pub fn take_owned_write_zipper_at_exclusive_path<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> Result<WriteZipperTracked<'static, 'static, V>, Conflict> {
        write(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Now)
    }

    /// A writer at `path` that is one more owner of the head; waits up to `timeout` for the
    /// zippers in its way.
    ///
    /// # Errors
    /// Returns [`Conflict`] when the timeout is over.
    pub fn take_owned_write_zipper_at_exclusive_path_timeout<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
        timeout: Duration,
    ) -> Result<WriteZipperTracked<'static, 'static, V>, Conflict> {
        write(Home::Counted(Arc::clone(self)), path.as_ref(), Asking::Waiting(timeout))
    }

    /// A future of a writer at `path`. The future and the writer are each one more owner of the
    /// head.
    ///
    /// The future waits like
    /// [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async).
    ///
    /// # Panics
    /// As for [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async).
    pub fn take_owned_write_zipper_at_exclusive_path_async<K: AsRef<[u8]>>(
        self: &Arc<Self>,
        path: K,
    ) -> WriteZipperFuture<'static, V> {
        WriteZipperFuture::new(Home::Counted(Arc::clone(self)), path.as_ref())
    }
}
