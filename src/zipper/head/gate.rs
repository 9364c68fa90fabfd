//! The one lock of a head: its [`Ledger`] and what the ledger protects change together, or not at all.
//!
//! A closure given to a call runs with the lock held, as part of the same critical section as the ledger's
//! change. It must not use the gate (that would deadlock). What it returns is handed out after the lock was
//! given back: values to be dropped should leave that way, since their drop may run anything.
//!
//! # Panics
//! A closure that panics never leaves the ledger wrong: a path that was being taken stays free, one that was
//! being released is free, one that was being downgraded stays a writer's. The gate stays usable.
//!
//! # Who wakes whom
//! A waiter can become free in three ways: a zipper is released, a writer becomes a reader, an earlier waiter
//! leaves the queue without taking its path. Each of these notifies all waiters, if there are any. An earlier
//! waiter that does take its path frees nobody: its zipper excludes exactly what its request excluded.
//!
//! No wake-up is lost: a waiter looks at the ledger and begins to wait under the lock, every change happens
//! under the lock, and the notification comes after it.

use std::time::Duration;

use super::ledger::Ledger;
use crate::error::{Conflict, ZipperKind};
use crate::sync::{Guard, Monitor};

/// A `T` and the ledger of the zippers in it, behind one lock.
#[derive(Debug)]
pub(crate) struct Gate<T> {
    monitor: Monitor<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    ledger: Ledger,
    protected: T,
}

impl<T> Gate<T> {
    /// A gate nobody has passed yet.
    pub(crate) fn new(protected: T) -> Self {
        Self { monitor: Monitor::new(State { ledger: Ledger::new(), protected }) }
    }

    /// What the gate protected.
    pub(crate) fn into_inner(self) -> T {
        self.monitor.into_inner().protected
    }

    /// What the gate protects, without the lock: the borrow proves that nobody else is here.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        &mut self.monitor.get_mut().protected
    }

    /// Runs `f` under the lock.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T, &Ledger) -> R) -> R {
        let state = &mut *self.monitor.lock();
        f(&mut state.protected, &state.ledger)
    }

    /// Takes `path` at once, judged by the living zippers alone: whoever waits is not looked at. `f` sees the
    /// ledger without the new zipper.
    ///
    /// # Errors
    /// Names a living zipper that excludes this one; `f` was not called.
    pub(crate) fn acquire<R>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> Result<R, Conflict> {
        let state = &mut *self.monitor.lock();
        state.ledger.check(path, kind)?;
        let result = f(&mut state.protected, &state.ledger);
        state.ledger.add(path, kind);
        Ok(result)
    }

    /// Takes `path` as soon as neither a living zipper nor an earlier waiter excludes it: first come, first
    /// served among those who wait. A call that need not wait succeeds whatever the timeout; one too long for
    /// the clock waits for ever. `f` sees the ledger without the new zipper and without its request.
    ///
    /// # Errors
    /// When the time is over, names what stood in the way last: a living zipper, or what an earlier waiter
    /// asked for. `f` was not called.
    pub(crate) fn acquire_timeout<R>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        timeout: Duration,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> Result<R, Conflict> {
        let deadline = self.monitor.deadline(timeout);
        let mut wake = Wake::new(&self.monitor);
        let mut state = self.monitor.lock();
        let ticket = state.ledger.enqueue(path, kind);
        let verdict = loop {
            let Err(blocked) = state.ledger.may_pass(ticket) else {
                break Ok(());
            };
            match self.monitor.wait(state, deadline) {
                Ok(guard) => state = guard,
                Err(guard) => {
                    state = guard;
                    break Err(blocked);
                }
            }
        };
        let state = &mut *state;
        state.ledger.leave(ticket);
        // Others hear of it if this request goes away with nothing in its place: now, or by a panic in `f`.
        wake.arm(state);
        verdict?;
        let result = f(&mut state.protected, &state.ledger);
        state.ledger.add(path, kind);
        wake.disarm();
        Ok(result)
    }

    /// Takes `path` whatever lives there: the caller has another proof that the zippers keep apart.
    pub(crate) fn acquire_unchecked<R>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> R {
        let state = &mut *self.monitor.lock();
        let result = f(&mut state.protected, &state.ledger);
        state.ledger.add_unchecked(path, kind);
        result
    }

    /// Gives one zipper's path back. `f` sees the ledger without it.
    pub(crate) fn release<R>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> R {
        let mut wake = Wake::new(&self.monitor);
        let state = &mut *self.monitor.lock();
        state.ledger.remove(path, kind);
        wake.arm(state);
        f(&mut state.protected, &state.ledger)
    }

    /// Makes a writer's zipper a reader's without a moment in which the path is free. `f` sees the ledger
    /// without either. If `f` panics, the zipper is a writer's still, to be released as such.
    pub(crate) fn downgrade<R>(&self, path: &[u8], f: impl FnOnce(&mut T, &Ledger) -> R) -> R {
        let mut wake = Wake::new(&self.monitor);
        let mut state = self.monitor.lock();
        state.ledger.remove(path, ZipperKind::Writer);
        let mut changing = Changing { state, path, kind: ZipperKind::Writer };
        let state = &mut *changing.state;
        let result = f(&mut state.protected, &state.ledger);
        changing.kind = ZipperKind::Reader;
        wake.arm(&changing.state);
        result
    }

    /// Records one more reader where one lives.
    pub(crate) fn duplicate(&self, path: &[u8]) {
        let state = &mut *self.monitor.lock();
        debug_assert!(state.ledger.is_read_at(path), "no reader to duplicate");
        // A living reader shows that no checked writer is near; an unchecked one answers for itself.
        state.ledger.add_unchecked(path, ZipperKind::Reader);
    }

    /// Moves the model's clock.
    #[cfg(all(test, loom))]
    pub(crate) fn advance(&self, by: Duration) {
        self.monitor.advance(by);
    }
}

/// Notifies the waiters when it drops, on return as on panic. Declared before the lock is taken, so that it
/// drops after the lock was given back: who wakes need not queue up for the lock.
struct Wake<'a, T> {
    monitor: &'a Monitor<State<T>>,
    due: bool,
}

impl<'a, T> Wake<'a, T> {
    fn new(monitor: &'a Monitor<State<T>>) -> Self {
        Self { monitor, due: false }
    }

    /// To be called with the lock held, after the change. Who begins to wait later sees the change anyway.
    fn arm(&mut self, state: &State<T>) {
        self.due = state.ledger.has_waiters();
    }

    fn disarm(&mut self) {
        self.due = false;
    }
}

impl<T> Drop for Wake<'_, T> {
    fn drop(&mut self) {
        if self.due {
            self.monitor.notify_all();
        }
    }
}

/// A zipper that the ledger does not know for the moment; it is recorded again, as `kind`, before the lock is
/// given back.
struct Changing<'a, T> {
    state: Guard<'a, State<T>>,
    path: &'a [u8],
    kind: ZipperKind,
}

impl<T> Drop for Changing<'_, T> {
    fn drop(&mut self) {
        self.state.ledger.add_unchecked(self.path, self.kind);
    }
}
