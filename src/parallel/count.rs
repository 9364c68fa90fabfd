//! The count of a walk's tasks: who may take one, who waits for one, and when all is done.
//!
//! Tasks lie in deques that this knows nothing of. It knows how many there are, and gives *claims*: who has one will find
//! a task, since a task is put into a deque before it is announced, and is taken from one only by a claim. So the deques
//! never hold fewer tasks than there are unused claims and unclaimed tasks.
//!
//! All counts change under one lock, which a thread takes when it begins or ends a task or gives some away: at most
//! some ten thousand times a second. What each visit looks at, the flag that tells all to stop, is an atomic beside the
//! lock; so is the number of those who wait, which a thread looks at when it is time to.
//!
//! # Who wakes whom
//! A thread that waits can go on in three ways: a task was announced, the last task has ended, or the walk was stopped.
//! The first wakes as many as there are new tasks, the others wake all. No wake-up is lost: a thread looks at the
//! counts and begins to wait under the lock, every change happens under the lock, and the notification comes after it. One
//! that was woken for a task may find that another came first and took it; then there is nothing for it to do, and it
//! waits again.
//!
//! The end is not announced too early: a task counts until the thread that has it says that it has ended, and what it
//! gives away is counted before that.

use crate::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::sync::{Deadline, Monitor};

/// How many tasks there are, and how many threads wait for one.
#[derive(Debug)]
pub(super) struct Count {
    monitor: Monitor<State>,
    hungry: AtomicUsize,
    stopped: AtomicBool,
}

#[derive(Debug)]
struct State {
    /// Tasks that have not ended.
    outstanding: usize,
    /// Those of them that nobody has claimed.
    unclaimed: usize,
    /// Threads that wait.
    idle: usize,
    /// What `hungry` shows.
    shown: usize,
    stopped: bool,
}

impl Count {
    /// The count of a walk that begins with so many tasks, which lie in the deques.
    pub(super) fn new(tasks: usize) -> Self {
        let state = State { outstanding: tasks, unclaimed: tasks, idle: 0, shown: 0, stopped: false };
        Self { monitor: Monitor::new(state), hungry: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }

    /// Waits for a task; true iff there is one to be taken, false when all have ended or the walk was stopped.
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

    /// Announces tasks that the caller has put into a deque. The caller has a task that has not ended.
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

    /// Stops the walk: nobody gets a task any more, and who visits stops before the next visit.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.monitor.lock().stopped = true;
        self.monitor.notify_all();
    }

    /// The flag that says that the walk was stopped.
    #[inline]
    pub(super) fn stopped(&self) -> &AtomicBool {
        &self.stopped
    }

    /// How many threads wait for whom there is no task yet. It may be out of date.
    #[inline]
    pub(super) fn hungry(&self) -> usize {
        self.hungry.load(Ordering::Relaxed)
    }

    fn show(&self, state: &mut State) {
        let hungry = state.idle.saturating_sub(state.unclaimed);
        if state.shown != hungry {
            state.shown = hungry;
            self.hungry.store(hungry, Ordering::Relaxed);
        }
    }
}
