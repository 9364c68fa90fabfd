//! Locks, signals and a clock for heads, published maps and parallel walks.
//!
//! These are those of the standard library or, in a model (`--cfg loom`), those of loom. Loom
//! explores the orders in which threads take steps, and has no time: its `wait_timeout` waits
//! only for a notification. So the clock of a model is a number that starts at zero. A thread of
//! the model advances it and then wakes the waiting threads, as a timer would. A deadline is
//! thereby an event before, during or after any other step, and loom tries all of these orders.

use std::sync::PoisonError;
use std::time::Duration;

#[cfg(loom)]
use loom::sync::{Condvar, Mutex, MutexGuard};
#[cfg(not(loom))]
use std::sync::{Condvar, Mutex, MutexGuard};

/// The identity of threads: the system's, or the model's.
pub(crate) mod thread {
    #[cfg(loom)]
    pub(crate) use loom::thread::{ThreadId, current};
    #[cfg(not(loom))]
    pub(crate) use std::thread::{ThreadId, current};
}

/// The atomics of the platform or the model, for state beside a [`Monitor`]'s lock.
pub(crate) mod atomic {
    #[cfg(loom)]
    pub(crate) use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    #[cfg(not(loom))]
    pub(crate) use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
}

use clock::{Clock, Instant};

/// State behind a lock, and a signal for its changes.
///
/// A panic while the lock is held does not poison it: code that changes the state keeps it valid
/// at every step that can panic.
#[derive(Debug)]
pub(crate) struct Monitor<T> {
    state: Mutex<T>,
    #[cfg(tsan)]
    order: std::sync::atomic::AtomicUsize,
    changed: Condvar,
    clock: Clock,
}

/// A held lock of a [`Monitor`].
#[cfg(not(tsan))]
pub(crate) type Guard<'a, T> = MutexGuard<'a, T>;

#[cfg(tsan)]
pub(crate) use tsan::Guard;

/// The moment when a waiting call gives up; `None` is never.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// Never: only a notification ends the wait.
    pub(crate) const NEVER: Self = Self(None);
}

impl<T> Monitor<T> {
    pub(crate) fn new(state: T) -> Self {
        Self {
            state: Mutex::new(state),
            #[cfg(tsan)]
            order: Default::default(),
            changed: Condvar::new(),
            clock: Clock::new(),
        }
    }

    pub(crate) fn into_inner(self) -> T {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.state.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn lock(&self) -> Guard<'_, T> {
        self.guard(self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the moment `timeout` from now, or never if no clock can reach it.
    pub(crate) fn deadline(&self, timeout: Duration) -> Deadline {
        Deadline(self.clock.now().checked_add(timeout))
    }

    /// Releases the lock, waits for a notification or the deadline, and takes the lock again. It
    /// may also return early without a reason.
    ///
    /// If the deadline has already passed, returns `Err` without releasing the lock. The caller
    /// has then checked the state for the last time.
    pub(crate) fn wait<'a>(
        &'a self,
        guard: Guard<'a, T>,
        deadline: Deadline,
    ) -> Result<Guard<'a, T>, Guard<'a, T>> {
        self.wait_on(&self.changed, guard, deadline)
    }

    /// Like [`wait`](Self::wait), but waits until `bell` rings. A bell is used with one monitor
    /// only.
    pub(crate) fn wait_for<'a>(
        &'a self,
        bell: &Bell,
        guard: Guard<'a, T>,
        deadline: Deadline,
    ) -> Result<Guard<'a, T>, Guard<'a, T>> {
        self.wait_on(&bell.0, guard, deadline)
    }

    fn wait_on<'a>(
        &'a self,
        signal: &Condvar,
        guard: Guard<'a, T>,
        deadline: Deadline,
    ) -> Result<Guard<'a, T>, Guard<'a, T>> {
        let Some(at) = deadline.0 else {
            let guard = signal.wait(inner(guard)).unwrap_or_else(PoisonError::into_inner);
            return Ok(self.guard(guard));
        };
        let left = self.clock.left_until(at);
        if left.is_zero() {
            return Err(guard);
        }
        let (guard, _) = signal.wait_timeout(inner(guard), left).unwrap_or_else(PoisonError::into_inner);
        Ok(self.guard(guard))
    }

    #[cfg(not(tsan))]
    fn guard<'a>(&'a self, guard: MutexGuard<'a, T>) -> Guard<'a, T> {
        guard
    }

    #[cfg(tsan)]
    fn guard<'a>(&'a self, guard: MutexGuard<'a, T>) -> Guard<'a, T> {
        Guard::new(guard, &self.order)
    }

    /// Ends every [`wait`](Self::wait) that began before.
    pub(crate) fn notify_all(&self) {
        self.changed.notify_all();
    }

    /// Ends one [`wait`](Self::wait) that began before, if there is one.
    pub(crate) fn notify_one(&self) {
        self.changed.notify_one();
    }

    /// Advances the model's clock. The caller holds the lock, and wakes the threads that wait for
    /// a deadline.
    #[cfg(all(test, loom))]
    pub(crate) fn advance(&self, _lock: &Guard<'_, T>, by: Duration) {
        self.clock.advance(by);
    }
}

/// A signal that wakes one of several threads that wait for different changes of one [`Monitor`].
#[derive(Debug)]
pub(crate) struct Bell(Condvar);

impl Bell {
    pub(crate) fn new() -> Self {
        Self(Condvar::new())
    }

    /// Ends the one [`wait_for`](Monitor::wait_for) this bell that began before, if there is one.
    pub(crate) fn ring(&self) {
        self.0.notify_one();
    }
}

#[cfg(not(tsan))]
fn inner<T>(guard: Guard<'_, T>) -> MutexGuard<'_, T> {
    guard
}

#[cfg(tsan)]
fn inner<T>(guard: Guard<'_, T>) -> MutexGuard<'_, T> {
    guard.into_inner()
}

/// A lock whose order the thread sanitizer sees (`--cfg tsan`), by an atomic of its own.
///
/// The sanitizer does not see into the precompiled parts of the standard library, in which a
/// thread waits for a lock. Without the atomic, it would report accesses to the protected state
/// as races. The atomic is accessed only while the lock is held, so it adds no order to that of
/// the lock.
#[cfg(tsan)]
mod tsan {
    use std::ops::{Deref, DerefMut};
    use std::sync::MutexGuard;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Debug)]
    pub(crate) struct Guard<'a, T> {
        // The field is before the lock, so it is dropped, and its order shown, while the lock is
        // still held.
        shown: Shown<'a>,
        lock: MutexGuard<'a, T>,
    }

    #[derive(Debug)]
    struct Shown<'a>(&'a AtomicUsize);

    impl Drop for Shown<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Release);
        }
    }

    impl<'a, T> Guard<'a, T> {
        pub(super) fn new(lock: MutexGuard<'a, T>, order: &'a AtomicUsize) -> Self {
            order.load(Ordering::Acquire);
            Self { shown: Shown(order), lock }
        }

        pub(super) fn into_inner(self) -> MutexGuard<'a, T> {
            drop(self.shown);
            self.lock
        }
    }

    impl<T> Deref for Guard<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            &self.lock
        }
    }

    impl<T> DerefMut for Guard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            &mut self.lock
        }
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

    /// The time in nanoseconds. The atomic is not loom's, which would add useless steps to the
    /// model: it is accessed only while the monitor's lock is held, so the lock's own steps
    /// decide which thread sees which time.
    #[derive(Debug)]
    pub(super) struct Clock(AtomicU64);

    impl Clock {
        pub(super) fn new() -> Self {
            Self(AtomicU64::new(0))
        }

        /// Returns time zero: every call begins then. So loom also explores the case that a
        /// deadline has passed when the call checks it, and the clock need not advance twice for
        /// a call that begins late.
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

#[cfg(all(test, loom))]
pub(crate) mod model {
    //! The exploration of models.

    use std::collections::BTreeSet;
    use std::sync::{Arc, Mutex};

    /// Runs a model and returns all its outcomes. Loom explores every order, so other outcomes
    /// cannot happen.
    pub(crate) fn outcomes<T: Ord + Send + 'static>(
        run: impl Fn() -> T + Send + Sync + 'static,
    ) -> BTreeSet<T> {
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let all = seen.clone();
        let mut model = loom::model::Builder::new();
        // No bound on forced switches, regardless of the environment.
        model.preemption_bound = None;
        model.check(move || {
            let outcome = run();
            all.lock().unwrap().insert(outcome);
        });
        std::mem::take(&mut *seen.lock().unwrap())
    }
}
