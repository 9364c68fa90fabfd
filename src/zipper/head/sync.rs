//! What a [`Gate`](super::gate::Gate) asks of the platform: a lock, a way to wait for its state to change,
//! and time.
//!
//! The standard library's, or, in a model (`--cfg loom`), loom's. Loom explores the orders in which threads
//! take steps, and time has no place in that: its `wait_timeout` waits for a notification only. So a model's
//! clock is a number that starts at zero and moves when a thread of the model says so; moving it notifies
//! whoever waits, as a timer would. A deadline thereby is an event that falls before, during or after any
//! other step, and loom tries them all.

use std::sync::PoisonError;
use std::time::Duration;

#[cfg(loom)]
use loom::sync::{Condvar, Mutex, MutexGuard};
#[cfg(not(loom))]
use std::sync::{Condvar, Mutex, MutexGuard};

use clock::{Clock, Instant};

/// State behind a lock, with a signal that it changed.
///
/// A panic while the lock is held does not poison it: whoever changes the state keeps it right at every step
/// that can panic.
#[derive(Debug)]
pub(crate) struct Monitor<T> {
    state: Mutex<T>,
    changed: Condvar,
    clock: Clock,
}

/// The lock of a [`Monitor`], held.
pub(crate) type Guard<'a, T> = MutexGuard<'a, T>;

/// When a waiting call gives up; `None` is never.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl<T> Monitor<T> {
    pub(crate) fn new(state: T) -> Self {
        Self { state: Mutex::new(state), changed: Condvar::new(), clock: Clock::new() }
    }

    pub(crate) fn into_inner(self) -> T {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.state.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lock(&self) -> Guard<'_, T> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The moment `timeout` from now; never, if no clock gets there.
    pub(crate) fn deadline(&self, timeout: Duration) -> Deadline {
        Deadline(self.clock.now().checked_add(timeout))
    }

    /// Gives the lock back until somebody notifies, at the latest until the deadline, and takes it again; it
    /// may also return early for no reason. `Err`, with the lock never given back, if the deadline has passed
    /// already: the last look at the state was the last chance.
    pub(crate) fn wait<'a>(
        &self,
        guard: Guard<'a, T>,
        deadline: Deadline,
    ) -> Result<Guard<'a, T>, Guard<'a, T>> {
        let Some(at) = deadline.0 else {
            return Ok(self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner));
        };
        let left = self.clock.left_until(at);
        if left.is_zero() {
            return Err(guard);
        }
        let (guard, _) = self.changed.wait_timeout(guard, left).unwrap_or_else(PoisonError::into_inner);
        Ok(guard)
    }

    /// Ends every [`wait`](Self::wait) that began before.
    pub(crate) fn notify_all(&self) {
        self.changed.notify_all();
    }

    /// Moves the model's clock.
    #[cfg(all(test, loom))]
    pub(crate) fn advance(&self, by: Duration) {
        let guard = self.lock();
        self.clock.advance(by);
        drop(guard);
        self.notify_all();
    }
}

#[cfg(not(loom))]
mod clock {
    pub(super) use std::time::Instant;

    use std::time::Duration;

    #[derive(Debug)]
    pub(super) struct Clock;

    impl Clock {
        pub(super) fn new() -> Self {
            Self
        }

        pub(super) fn now(&self) -> Instant {
            Instant::now()
        }

        pub(super) fn left_until(&self, at: Instant) -> Duration {
            at.saturating_duration_since(Instant::now())
        }
    }
}

#[cfg(loom)]
mod clock {
    use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    use std::time::Duration;

    /// The time since the model began.
    pub(super) type Instant = Duration;

    /// In nanoseconds. Not one of loom's atomics, to spare the model useless steps: it is touched only while
    /// the monitor's lock is held, so the lock's own steps decide who sees what.
    #[derive(Debug)]
    pub(super) struct Clock(AtomicU64);

    impl Clock {
        pub(super) fn new() -> Self {
            Self(AtomicU64::new(0))
        }

        /// Every call begins at time zero: a deadline that is already over when the call comes to look at it
        /// is one of the cases to explore, and no clock has to move twice for a call that begins late.
        pub(super) fn now(&self) -> Instant {
            Duration::ZERO
        }

        pub(super) fn left_until(&self, at: Instant) -> Duration {
            at.saturating_sub(Duration::from_nanos(self.0.load(Relaxed)))
        }

        #[cfg(test)]
        pub(super) fn advance(&self, by: Duration) {
            self.0.fetch_add(u64::try_from(by.as_nanos()).expect("the model's clock ends"), Relaxed);
        }
    }
}
