//! Waiting for zippers without blocking a thread.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::gate::Ledger;
use super::guarded::Guarded;
use super::lease::{Home, ReadLease};
use super::ledger::Ticket;
use super::make::writer;
use crate::error::ZipperKind;
use crate::zipper::readers::ReadZipperTracked;
use crate::zipper::writers::WriteZipperTracked;

/// A request that is awaited. Dropping it removes it from the head's queue.
struct Awaited<'a, V> {
    home: Home<'a, V>,
    path: Box<[u8]>,
    kind: ZipperKind,
    /// The place in the queue: set by the first poll that has to wait, cleared by the poll that
    /// succeeds.
    seat: Option<Ticket>,
}

impl<'a, V> Awaited<'a, V> {
    fn poll<R>(&mut self, cx: &Context<'_>, f: impl FnOnce(&mut Guarded<V>, &Ledger, &[u8]) -> R) -> Poll<R> {
        let Self { home, path, kind, seat } = self;
        let enter = |guarded: &mut Guarded<V>, ledger: &_| f(guarded, ledger, path);
        match home.gate().poll_acquire(seat, path, *kind, cx.waker(), enter) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(entered)) => Poll::Ready(entered),
            Poll::Ready(Err(conflict)) => {
                panic!("the awaited zipper would wait for its own thread: {conflict}")
            }
        }
    }
}

impl<V> Drop for Awaited<'_, V> {
    fn drop(&mut self) {
        if let Some(ticket) = self.seat.take() {
            self.home.gate().cancel(ticket, &self.path, self.kind);
        }
    }
}

/// Implements one of the two futures.
macro_rules! future {
    ($(#[$doc:meta])* $name:ident, $zipper:ident, $kind:expr, $poll:expr) => {
        $(#[$doc])*
        #[must_use = "a future does nothing unless it is awaited or polled"]
        pub struct $name<'a, V> {
            request: Option<Awaited<'a, V>>,
        }

        impl<'a, V> $name<'a, V> {
            pub(super) fn new(home: Home<'a, V>, path: &[u8]) -> Self {
                let request = Awaited { home, path: path.into(), kind: $kind, seat: None };
                Self { request: Some(request) }
            }
        }

        impl<'a, V: Clone> Future for $name<'a, V> {
            type Output = $zipper<'a, 'static, V>;

            fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
                let request = self.request.as_mut().expect("a future is not polled again once it is ready");
                $poll(request, cx).map(|zipper| {
                    self.request = None;
                    zipper
                })
            }
        }

        impl<V> fmt::Debug for $name<'_, V> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let path = self.request.as_ref().map(|request| request.path.escape_ascii().to_string());
                f.debug_struct(stringify!($name)).field("path", &path).finish_non_exhaustive()
            }
        }
    };
}

future!(
    /// A future of a reader made by a head.
    ///
    /// Made by [`read_zipper_at_path_async`](super::ZipperCreation::read_zipper_at_path_async),
    /// which documents how it waits.
    ReadZipperFuture,
    ReadZipperTracked,
    ZipperKind::Reader,
    |request: &mut Awaited<'a, V>, cx: &Context<'_>| {
        request
            .poll(cx, |guarded, ledger, path| guarded.enter(path, ledger))
            .map(|rooted| ReadZipperTracked::new(ReadLease::new(request.home.clone(), &request.path), rooted))
    }
);

future!(
    /// A future of a writer made by a head.
    ///
    /// Made by [`write_zipper_at_exclusive_path_async`][call], which documents how it waits.
    ///
    /// [call]: super::ZipperCreation::write_zipper_at_exclusive_path_async
    WriteZipperFuture,
    WriteZipperTracked,
    ZipperKind::Writer,
    |request: &mut Awaited<'a, V>, cx: &Context<'_>| {
        request
            .poll(cx, |guarded, _, path| guarded.vacate(path))
            .map(|entered| writer(request.home.clone(), &request.path, entered))
    }
);
