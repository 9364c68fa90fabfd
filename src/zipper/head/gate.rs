//! The one lock of a head: its [`Ledger`] and what the ledger protects change together, or not at
//! all.
//!
//! # User code and the lock
//! A closure that is given to a call runs with the lock held, in the same critical section as the
//! ledger's change. It must not run user code (clones and drops of values, wakers) or use the
//! gate. Its result is returned to the caller after the lock is released, and includes the values
//! to be dropped. Work that runs user code is done by [`Gate::apart`] without the lock; its last
//! step puts the result in place under the lock.
//!
//! User code that runs there may use the gate, with one exception: it never waits, because it
//! could wait for a path that its own thread holds. So while a thread is in `apart`, its calls
//! that would have to wait are refused.
//!
//! # Panics
//! A closure that panics never leaves the ledger wrong. A path that was being taken becomes free;
//! a path that was being released or downgraded is still a writer's. The gate can still be used.
//!
//! # Who wakes whom
//! A request becomes free in three ways: a zipper is released, a writer becomes a reader, or an
//! earlier request is given up. In each case the ledger grants what has become free in the same
//! critical section (L1). So a waiter that is woken has its path already, and no other waiter is
//! woken. A waiter whose timeout is over looks once more: if its request has been granted, the
//! call succeeds.
//!
//! No wake-up is lost: a waiter looks at the ledger and begins to wait under the lock, every grant
//! is made under the lock, and the signal is given after the grant.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use super::ledger::{self, Ticket};
use crate::error::{Conflict, ZipperKind};
use crate::sync::thread::{self, ThreadId};
use crate::sync::{Bell, Monitor};

/// A `T` and the ledger of the zippers in it, under one lock.
#[derive(Debug)]
pub(crate) struct Gate<T> {
    monitor: Monitor<Locked<T>>,
}

/// The ledger of a gate.
pub(crate) type Ledger = ledger::Ledger<Signal>;

#[derive(Debug)]
struct Locked<T> {
    ledger: Ledger,
    /// The threads that are in [`Gate::apart`], once for each call.
    apart: Vec<ThreadId>,
    protected: T,
}

/// How a waiter is woken.
#[derive(Debug)]
pub(crate) enum Signal {
    Thread(Arc<Bell>),
    Task(Waker),
}

impl<T> Gate<T> {
    /// A gate without zippers and requests.
    pub(crate) fn new(protected: T) -> Self {
        Self { monitor: Monitor::new(Locked { ledger: Ledger::new(), apart: Vec::new(), protected }) }
    }

    /// Consumes the gate and returns the protected value.
    pub(crate) fn into_inner(self) -> T {
        self.monitor.into_inner().protected
    }

    /// A mutable reference to the protected value. The mutable borrow makes the lock unnecessary.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        &mut self.monitor.get_mut().protected
    }

    /// Runs `f` under the lock.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut T, &Ledger) -> R) -> R {
        let locked = &mut *self.monitor.lock();
        f(&mut locked.protected, &locked.ledger)
    }

    /// Runs `work` without the lock, and then passes its result to `install` under the lock.
    ///
    /// # Panics
    /// Panics if `work` panics. `install` is not called then.
    pub(crate) fn apart<W, R>(&self, work: impl FnOnce() -> W, install: impl FnOnce(&mut T, W) -> R) -> R {
        let mut away = Away { gate: self, made: false };
        self.monitor.lock().apart.push(thread::current().id());
        away.made = true;
        let done = work();
        let locked = &mut *self.monitor.lock();
        away.made = false;
        locked.return_from_apart();
        install(&mut locked.protected, done)
    }

    /// Takes `path` at once. Only the living zippers are looked at, not the queue. `f` sees the
    /// ledger with the new zipper.
    ///
    /// # Errors
    /// Returns a living zipper that excludes this one; `f` was not called.
    pub(crate) fn acquire<R>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> Result<R, Conflict> {
        let mut arrival = Arrival::new(self, path, kind);
        let locked = &mut *self.monitor.lock();
        locked.ledger.check(path, kind)?;
        locked.ledger.add(path, kind);
        Ok(arrival.enter(locked, f))
    }

    /// Takes `path` as soon as neither a living zipper nor an earlier waiter excludes it: first
    /// come, first served among the waiters. A call that need not wait succeeds whatever the
    /// timeout. A timeout too long for the clock never ends. `f` sees the ledger with the new
    /// zipper and without its request.
    ///
    /// # Errors
    /// Returns, when the timeout is over, the last obstacle: a living zipper, or the request of an
    /// earlier waiter. Fails at once if this thread is in [`apart`](Self::apart) and would have to
    /// wait. `f` was not called.
    pub(crate) fn acquire_timeout<R>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        timeout: Duration,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> Result<R, Conflict> {
        let deadline = self.monitor.deadline(timeout);
        let mut wake = Wake::default();
        let mut arrival = Arrival::new(self, path, kind);
        let mut locked = self.monitor.lock();
        let Some(obstacle) = locked.ledger.obstacle(path, kind) else {
            locked.ledger.add(path, kind);
            return Ok(arrival.enter(&mut locked, f));
        };
        if locked.is_apart() {
            return Err(locked.ledger.conflict_of(path, kind, &obstacle).within());
        }
        let bell = Arc::new(Bell::new());
        let signal = Signal::Thread(Arc::clone(&bell));
        let ticket = locked.ledger.enqueue(path, kind, obstacle, signal);
        while locked.ledger.is_waiting(ticket) {
            match self.monitor.wait_for(&bell, locked, deadline) {
                Ok(guard) => locked = guard,
                Err(guard) => {
                    locked = guard;
                    let conflict = locked.ledger.conflict(ticket);
                    locked.ledger.leave(ticket, &mut wake.granted);
                    return Err(conflict);
                }
            }
        }
        Ok(arrival.enter(&mut locked, f))
    }

    /// Polls a task's request: takes `path` as soon as [`acquire_timeout`](Self::acquire_timeout)
    /// would, from a place in the same queue. `seat` is that place: `None` at first, and again
    /// when the request has passed. The waker is woken once the request is granted.
    ///
    /// # Errors
    /// Fails if this thread is in [`apart`](Self::apart) and would have to wait. `f` was not
    /// called.
    pub(crate) fn poll_acquire<R>(
        &self,
        seat: &mut Option<Ticket>,
        path: &[u8],
        kind: ZipperKind,
        waker: &Waker,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> Poll<Result<R, Conflict>> {
        let mut arrival = Arrival::new(self, path, kind);
        // Wakers are cloned and dropped without the lock, since that runs user code.
        let (_displaced, mut spare);
        spare = None;
        loop {
            {
                let locked = &mut *self.monitor.lock();
                let within = locked.is_apart();
                let Some(obstacle) = (match *seat {
                    Some(ticket) => locked.ledger.obstacle_of(ticket),
                    None => locked.ledger.obstacle(path, kind),
                }) else {
                    if seat.take().is_none() {
                        locked.ledger.add(path, kind);
                    }
                    return Poll::Ready(Ok(arrival.enter(locked, f)));
                };
                if within {
                    return Poll::Ready(Err(locked.ledger.conflict_of(path, kind, &obstacle).within()));
                }
                let signal = seat.and_then(|ticket| locked.ledger.signal_mut(ticket));
                if matches!(&signal, Some(Signal::Task(own)) if own.will_wake(waker)) {
                    return Poll::Pending;
                }
                if let Some(fresh) = spare.take() {
                    match signal {
                        Some(signal) => _displaced = std::mem::replace(signal, fresh),
                        None => *seat = Some(locked.ledger.enqueue(path, kind, obstacle, fresh)),
                    }
                    return Poll::Pending;
                }
            }
            spare = Some(Signal::Task(waker.clone()));
        }
    }

    /// Gives up a task's request, whether it was granted or not.
    pub(crate) fn cancel(&self, ticket: Ticket, path: &[u8], kind: ZipperKind) {
        let mut wake = Wake::default();
        let _own;
        let locked = &mut *self.monitor.lock();
        if locked.ledger.is_waiting(ticket) {
            _own = locked.ledger.leave(ticket, &mut wake.granted);
        } else {
            locked.ledger.remove(path, kind, &mut wake.granted);
        }
    }

    /// Takes `path` without a check. The caller has another proof that the zippers exclude each
    /// other.
    pub(crate) fn acquire_unchecked<R>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        f: impl FnOnce(&mut T, &Ledger) -> R,
    ) -> R {
        let mut arrival = Arrival::new(self, path, kind);
        let locked = &mut *self.monitor.lock();
        locked.ledger.add_unchecked(path, kind);
        arrival.enter(locked, f)
    }

    /// Gives one zipper's path back, if `f` succeeds. `f` sees the ledger with the zipper.
    ///
    /// # Errors
    /// Returns those of `f`; the path is still taken.
    pub(crate) fn release<R, E>(
        &self,
        path: &[u8],
        kind: ZipperKind,
        f: impl FnOnce(&mut T, &Ledger) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut wake = Wake::default();
        let locked = &mut *self.monitor.lock();
        let result = f(&mut locked.protected, &locked.ledger)?;
        locked.ledger.remove(path, kind, &mut wake.granted);
        Ok(result)
    }

    /// Turns a writer into a reader without a moment in which the path is free, if `f` succeeds.
    /// `f` sees the ledger with the writer.
    ///
    /// # Errors
    /// Returns those of `f`; the zipper is still a writer.
    pub(crate) fn downgrade<R, E>(
        &self,
        path: &[u8],
        f: impl FnOnce(&mut T, &Ledger) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut wake = Wake::default();
        let locked = &mut *self.monitor.lock();
        let result = f(&mut locked.protected, &locked.ledger)?;
        locked.ledger.add_unchecked(path, ZipperKind::Reader);
        locked.ledger.remove(path, ZipperKind::Writer, &mut wake.granted);
        Ok(result)
    }

    /// Records one more reader at a path where a reader lives.
    pub(crate) fn duplicate(&self, path: &[u8]) {
        let locked = &mut *self.monitor.lock();
        debug_assert!(locked.ledger.is_read_at(path), "no reader to duplicate");
        // While a reader lives, no checked writer overlaps it; the caller of an unchecked call
        // answers for its writer.
        locked.ledger.add_unchecked(path, ZipperKind::Reader);
    }

    /// Moves the model's clock, and wakes the threads that wait, as timers would.
    #[cfg(all(test, loom))]
    pub(crate) fn advance(&self, by: Duration) {
        let locked = self.monitor.lock();
        self.monitor.advance(&locked, by);
        let thread = |signal: &Signal| match signal {
            Signal::Thread(bell) => Some(Arc::clone(bell)),
            Signal::Task(_) => None,
        };
        let bells: Vec<_> = locked.ledger.signals().filter_map(thread).collect();
        drop(locked);
        bells.iter().for_each(|bell| bell.ring());
    }
}

impl<T> Locked<T> {
    fn is_apart(&self) -> bool {
        !self.apart.is_empty() && self.apart.contains(&thread::current().id())
    }

    fn return_from_apart(&mut self) {
        let own = thread::current().id();
        let at = self.apart.iter().position(|thread| *thread == own);
        self.apart.swap_remove(at.expect("the thread is apart"));
    }
}

/// Records that a thread has left [`Gate::apart`], if the work there panics.
struct Away<'g, T> {
    gate: &'g Gate<T>,
    made: bool,
}

impl<T> Drop for Away<'_, T> {
    fn drop(&mut self) {
        if self.made {
            self.gate.monitor.lock().return_from_apart();
        }
    }
}

/// A zipper that is in the ledger and still being made. Gives the path back on panic. Declared
/// before the lock is taken, so that it is dropped after the lock is released.
struct Arrival<'g, T> {
    gate: &'g Gate<T>,
    path: &'g [u8],
    kind: ZipperKind,
    entered: bool,
}

impl<'g, T> Arrival<'g, T> {
    fn new(gate: &'g Gate<T>, path: &'g [u8], kind: ZipperKind) -> Self {
        Self { gate, path, kind, entered: false }
    }

    /// Runs `f` for the zipper, which is in the ledger by now.
    fn enter<R>(&mut self, locked: &mut Locked<T>, f: impl FnOnce(&mut T, &Ledger) -> R) -> R {
        self.entered = true;
        let result = f(&mut locked.protected, &locked.ledger);
        self.entered = false;
        result
    }
}

impl<T> Drop for Arrival<'_, T> {
    fn drop(&mut self) {
        if self.entered {
            let Ok(()) = self.gate.release(self.path, self.kind, |_, _| Ok::<_, Infallible>(()));
        }
    }
}

/// Wakes the waiters whose requests were granted when it is dropped, on return as on panic.
/// Declared before the lock is taken, so that it is dropped after the lock is released: a waker
/// may run anything.
#[derive(Default)]
struct Wake {
    granted: Vec<Signal>,
}

impl Drop for Wake {
    fn drop(&mut self) {
        /// Wakes the others if a waker panics.
        struct Unwoken(std::vec::IntoIter<Signal>);
        impl Drop for Unwoken {
            fn drop(&mut self) {
                self.0.by_ref().for_each(Signal::give);
            }
        }
        if self.granted.is_empty() {
            return;
        }
        let mut left = Unwoken(std::mem::take(&mut self.granted).into_iter());
        for signal in left.0.by_ref() {
            signal.give();
        }
    }
}

impl Signal {
    fn give(self) {
        match self {
            Self::Thread(bell) => bell.ring(),
            Self::Task(waker) => waker.wake(),
        }
    }
}
