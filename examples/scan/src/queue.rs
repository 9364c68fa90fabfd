//! A work-stealing queue: each thread has its own stack of tasks, and steals from other threads
//! when that is empty.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

/// The tasks of all threads.
pub struct Queue<T> {
    stacks: Vec<Mutex<Vec<T>>>,
    /// The number of tasks that were pushed and are not done.
    pending: AtomicUsize,
    /// The number of threads that have found no task. Changed only while the lock `asleep` is
    /// held.
    sleepers: AtomicUsize,
    asleep: Mutex<()>,
    awake: Condvar,
}

impl<T> Queue<T> {
    /// Creates a queue for this number of threads.
    pub fn new(threads: usize) -> Self {
        Self {
            stacks: (0..threads).map(|_| Mutex::default()).collect(),
            pending: AtomicUsize::new(0),
            sleepers: AtomicUsize::new(0),
            asleep: Mutex::new(()),
            awake: Condvar::new(),
        }
    }

    /// Adds tasks to a thread's stack.
    pub fn push(&self, thread: usize, tasks: impl ExactSizeIterator<Item = T>) {
        if tasks.len() == 0 {
            return;
        }
        self.pending.fetch_add(tasks.len(), Ordering::Relaxed);
        self.lock(thread).extend(tasks);
        // A thread that went to sleep without seeing these tasks has counted itself before it
        // looked for tasks.
        if self.sleepers.load(Ordering::SeqCst) > 0 {
            self.wake();
        }
    }

    /// Returns the next task of a thread. Waits for a task as long as other threads may push one.
    /// Returns `None` when all tasks are done, or `left` returns true.
    pub fn next(&self, thread: usize, left: impl Fn() -> bool) -> Option<T> {
        if let Some(task) = self.lock(thread).pop() {
            return Some(task);
        }
        let mut found = self.steal(thread);
        if found.is_none() {
            let mut asleep = self.asleep.lock().expect("nothing panics here");
            self.sleepers.fetch_add(1, Ordering::SeqCst);
            while self.pending.load(Ordering::SeqCst) > 0 && !left() {
                found = self.steal(thread);
                if found.is_some() {
                    break;
                }
                asleep = self.awake.wait(asleep).expect("nothing panics here");
            }
            self.sleepers.fetch_sub(1, Ordering::SeqCst);
            drop(asleep);
        }
        // The other tasks that were stolen may be stolen in turn.
        if found.is_some() && self.sleepers.load(Ordering::SeqCst) > 0 {
            self.wake();
        }
        found
    }

    /// Steals the older half of another thread's tasks.
    fn steal(&self, thread: usize) -> Option<T> {
        let all = self.stacks.len();
        for other in (1..all).map(|distance| (thread + distance) % all) {
            let mut stack = self.lock(other);
            let half = stack.len().div_ceil(2);
            let mut taken: Vec<T> = stack.drain(..half).collect();
            drop(stack);
            if let Some(task) = taken.pop() {
                self.lock(thread).append(&mut taken);
                return Some(task);
            }
        }
        None
    }

    /// Reports that a task is done. The tasks that it created have been pushed before.
    pub fn done(&self) {
        if self.pending.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.wake();
        }
    }

    /// Wakes all threads that wait for a task.
    pub fn wake(&self) {
        drop(self.asleep.lock().expect("nothing panics here"));
        self.awake.notify_all();
    }

    /// Returns true if a task is not done.
    pub fn is_pending(&self) -> bool {
        self.pending.load(Ordering::SeqCst) > 0
    }

    fn lock(&self, thread: usize) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.stacks[thread].lock().expect("nothing panics here")
    }
}
