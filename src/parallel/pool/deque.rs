//! Deques of tasks. The owner takes the task that it put in last, and other threads steal the one
//! put in first.
//!
//! Each deque is behind a lock. A task is put in only when a thread is hungry, and takes at least
//! some ten microseconds. So the lock is taken a few times for each task, and never for a visit.
//! It is held for a few instructions. No code of the caller runs meanwhile, since tasks are
//! dropped by the thread that took them, or with the deque.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::sync::Monitor;

/// The owner's side of a deque.
pub(super) struct Worker<T>(Arc<Monitor<VecDeque<T>>>);

/// The other threads' side of a deque.
pub(super) struct Stealer<T>(Arc<Monitor<VecDeque<T>>>);

impl<T> Worker<T> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Monitor::new(VecDeque::new())))
    }

    pub(super) fn stealer(&self) -> Stealer<T> {
        Stealer(self.0.clone())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.lock().is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.lock().len()
    }

    pub(super) fn push(&self, task: T) {
        self.0.lock().push_back(task);
    }

    /// Takes the task that was put in last.
    pub(super) fn pop(&self) -> Option<T> {
        self.0.lock().pop_back()
    }
}

impl<T> Stealer<T> {
    /// Takes the task that was put in first.
    pub(super) fn steal(&self) -> Option<T> {
        self.0.lock().pop_front()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Worker;

    #[test]
    fn the_owner_takes_the_last_and_others_the_first() {
        let own = Worker::new();
        let other = own.stealer();
        assert!(own.is_empty() && own.pop().is_none() && other.steal().is_none());
        (0..5).for_each(|task| own.push(task));
        assert_eq!(
            (own.pop(), other.steal(), other.steal(), own.pop()),
            (Some(4), Some(0), Some(1), Some(3))
        );
        assert!(!own.is_empty());
        assert_eq!((own.pop(), own.pop(), other.steal()), (Some(2), None, None));
    }

    #[test]
    fn each_task_is_taken_once() {
        let own = Worker::new();
        let taken: Vec<AtomicUsize> = (0..10_000).map(|_| AtomicUsize::new(0)).collect();
        std::thread::scope(|scope| {
            let taken = &taken;
            for _ in 0..3 {
                let other = own.stealer();
                scope.spawn(move || {
                    while taken[9_999].load(Ordering::Relaxed) == 0 {
                        if let Some(task) = other.steal() {
                            let task: usize = task;
                            taken[task].fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
            for task in 0..9_999 {
                own.push(task);
                if task % 3 == 0
                    && let Some(task) = own.pop()
                {
                    taken[task].fetch_add(1, Ordering::Relaxed);
                }
            }
            while let Some(task) = own.pop() {
                taken[task].fetch_add(1, Ordering::Relaxed);
            }
            taken[9_999].store(1, Ordering::Relaxed);
        });
        assert!(taken.iter().all(|taken| taken.load(Ordering::Relaxed) == 1));
    }
}
