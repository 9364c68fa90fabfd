//! The count of a walk's tasks. It decides who may take a task, who waits for one, and when the
//! walk has ended.
//!
//! The tasks are in deques that this module does not know. It knows how many there are, and gives
//! *claims*: a thread with a claim will find a task. For a task is announced after it was put into
//! a deque, and taken from one only by a thread with a claim. So the deques never hold fewer tasks
//! than there are unused claims and unclaimed tasks.
//!
//! All counts change under one lock. A thread takes it when it begins or ends a task or gives some
//! away, which is some ten thousand times a second at most. The flag that tells all threads to
//! stop is an atomic beside the lock, since it is read at each visit. So is the number of threads
//! that wait, which a thread reads when it is time to look.
//!
//! # Who wakes whom
//! A thread that waits can go on in three cases: tasks were announced, the last task has ended, or
//! the walk was stopped. In the first case as many threads are woken as there are new tasks, and
//! in the others all are.
//!
//! No wake-up is lost: a thread looks at the counts and begins to wait under the lock, all changes
//! are made under the lock, and the notification comes after the change. A woken thread may find
//! that another one took the task first. Then it waits again.
//!
//! The walk does not end too early: a task counts until its thread says that it has ended, and the
//! tasks that it gives away are counted before that.

use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::{Deadline, Monitor};

/// How many tasks there are, and how many threads wait for one.
#[derive(Debug)]
pub(super) struct Count {
    monitor: Monitor<CountState>,
    hungry: AtomicUsize,
    stopped: AtomicBool,
}

#[derive(Debug)]
struct CountState {
    /// Tasks that have not ended.
    outstanding: usize,
    /// How many of them are unclaimed.
    unclaimed: usize,
    /// How many threads wait.
    idle: usize,
    /// The value of [`Count::hungry`].
    shown: usize,
    stopped: bool,
}

impl Count {
    /// The count of a walk that begins with `tasks` tasks. They are in the deques already.
    pub(super) fn new(tasks: usize) -> Self {
        let state = CountState { outstanding: tasks, unclaimed: tasks, idle: 0, shown: 0, stopped: false };
        Self { monitor: Monitor::new(state), hungry: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }

    /// Waits for a task, and claims it. Returns false if all tasks have ended or the walk was
    /// stopped.
    pub(super) fn claim(&self) -> bool {
        let mut state = self.monitor.lock();
        loop {
            if state.stopped || state.outstanding == 0 {
                return false;
            }
            if state.unclaimed > 0 {
                state.unclaimed -= 1;
                self.show(&mut state);
                return true;
            }
            state.idle += 1;
            self.show(&mut state);
            state = match self.monitor.wait(state, Deadline::NEVER) {
                Ok(state) | Err(state) => state,
            };
            state.idle -= 1;
            self.show(&mut state);
        }
    }

    /// Announces tasks that the caller has put into a deque. The caller still has a task that has
    /// not ended.
    pub(super) fn announce(&self, tasks: usize) {
        let mut state = self.monitor.lock();
        debug_assert!(state.outstanding > 0);
        state.outstanding += tasks;
        state.unclaimed += tasks;
        let woken = state.idle.min(tasks);
        self.show(&mut state);
        drop(state);
        (0..woken).for_each(|_| self.monitor.notify_one());
    }

    /// Ends a task that was claimed.
    pub(super) fn end(&self) {
        let mut state = self.monitor.lock();
        state.outstanding -= 1;
        let last = state.outstanding == 0;
        drop(state);
        if last {
            self.monitor.notify_all();
        }
    }

    /// Stops the walk. No thread gets a task any more, and threads at work stop before their next
    /// visit.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.monitor.lock().stopped = true;
        self.monitor.notify_all();
    }

    /// The flag that is set when the walk is stopped.
    #[inline]
    pub(super) fn stopped(&self) -> &AtomicBool {
        &self.stopped
    }

    /// How many threads wait without a task for them. The number may be out of date.
    #[inline]
    pub(super) fn hungry(&self) -> usize {
        self.hungry.load(Ordering::Relaxed)
    }

    /// Updates the number of hungry threads.
    fn show(&self, state: &mut CountState) {
        let hungry = state.idle.saturating_sub(state.unclaimed);
        if state.shown != hungry {
            state.shown = hungry;
            self.hungry.store(hungry, Ordering::Relaxed);
        }
    }
}
