//! The threads of a walk. Each has a deque of tasks, and steals from the others when its own is
//! empty.
//!
//! The caller says what a task is and how it is divided. The calling thread is the first one. It
//! starts the others when the work has gone on for [`START`], so that small work does not pay for
//! them, and it starts no more threads than it has tasks to give away.
//!
//! A panic in the work of any thread stops all threads. When all have ended, the first panic
//! resumes in the calling thread.

mod count;
mod deque;
#[cfg(all(test, loom))]
mod loom_tests;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use self::count::Count;
use self::deque::{Stealer, Worker};
use super::walked::{Stop, Walked};
use crate::sync::Monitor;

/// How long the calling thread works alone. Starting a thread takes it about 20 µs, and the thread
/// begins to work about as long after that.
const START: Duration = Duration::from_micros(100);

/// How often a thread looks at the clock and at the other threads. If its visits took longer than
/// this, it looks after half as many visits next time. It may therefore take this long, or one
/// visit, until a thread sees that the walk has to stop.
const LONG: Duration = Duration::from_micros(50);

/// The default of [`Rules::task_size`].
pub(super) const TASK_SIZE: u32 = 1024;

/// The settings of a walk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub(super) deadline: Option<Instant>,
    pub(super) cancel: Option<&'a AtomicBool>,
    /// The greatest number of visits after which a thread looks at the clock and at the others.
    pub(super) task_size: u32,
    /// Whether tasks are divided and threads started each time that a thread looks, needed or not.
    pub(super) eager: bool,
}

impl Rules<'_> {
    /// Why the walk has to end now, if it has to.
    fn stop(&self, now: Instant) -> Option<Stop> {
        if self.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            Some(Stop::Cancelled)
        } else if self.deadline.is_some_and(|deadline| deadline <= now) {
            Some(Stop::Deadline)
        } else {
            None
        }
    }
}

/// What the threads share.
struct Pool<'a, T> {
    count: Count,
    rules: Rules<'a>,
    stealers: Vec<Stealer<T>>,
    begun: Instant,
    visited: AtomicU64,
    ended: Monitor<Ended>,
}

/// What ended the walk early: the first reason to stop, and the first panic.
#[derive(Default)]
struct Ended {
    stop: Option<Stop>,
    panic: Option<Box<dyn Any + Send>>,
}

/// Does all tasks and those that they are divided into, on one thread for each state. Returns how
/// the walk ended.
///
/// `work` does one task, and returns early if [`Hand::is_stopped`]. Each state is dropped by its
/// thread, or by the calling thread if its thread was never started.
///
/// # Panics
/// Panics if `work` or the drop of a state panics.
pub(super) fn run<T: Send, S: Send>(
    rules: Rules<'_>,
    tasks: Vec<T>,
    states: Vec<S>,
    work: impl Fn(&mut Hand<'_, T>, &mut S, T) + Sync,
) -> Walked {
    let begun = Instant::now();
    let deques: Vec<Worker<T>> = states.iter().map(|_| Worker::new()).collect();
    let pool = Pool {
        count: Count::new(tasks.len()),
        rules,
        stealers: deques.iter().map(Worker::stealer).collect(),
        begun,
        visited: AtomicU64::new(0),
        ended: Monitor::new(Ended::default()),
    };
    let first = deques.first().expect("a walk has a thread");
    // The owner takes what was put in last.
    tasks.into_iter().rev().for_each(|task| first.push(task));
    if let Some(stop) = rules.stop(begun) {
        pool.stop(stop);
    }
    pool.run_threads(deques, states, &work);
    pool.finish()
}

impl<T> Pool<'_, T> {
    fn stop(&self, why: Stop) {
        self.ended.lock().stop.get_or_insert(why);
        self.count.stop();
    }
}

impl<T: Send> Pool<'_, T> {
    /// Works until all tasks have ended, on this thread and on others that it starts, each of
    /// which has a deque and a state.
    fn run_threads<S: Send>(
        &self,
        deques: Vec<Worker<T>>,
        states: Vec<S>,
        work: &(impl Fn(&mut Hand<'_, T>, &mut S, T) + Sync),
    ) {
        let mut threads = deques.into_iter().zip(states).enumerate();
        let Some((_, (own, state))) = threads.next() else { return };
        thread::scope(|scope| {
            let left = Cell::new(threads.len());
            let others = RefCell::new(threads);
            let handles = RefCell::new(Vec::new());
            let start = |wanted: usize| {
                for (me, (own, state)) in others.borrow_mut().by_ref().take(wanted.min(left.get())) {
                    left.set(left.get() - 1);
                    let serve = move || self.serve(me, own, state, work, None);
                    match thread::Builder::new().spawn_scoped(scope, serve) {
                        Ok(handle) => handles.borrow_mut().push(handle),
                        // The system refuses to start more threads: fewer do the work.
                        Err(_) => {
                            left.set(0);
                            break;
                        }
                    }
                }
            };
            self.serve(0, own, state, work, Some(Recruits { left: &left, start: &start }));
            for handle in handles.take() {
                // Its panics were caught by `serve`.
                let _ = handle.join();
            }
            for (_, (_, state)) in others.into_inner() {
                self.catch(move || drop(state));
            }
        });
    }

    /// Drops what is left, and returns how the walk ended.
    fn finish(self) -> Walked {
        // A walk that was stopped leaves tasks, whose drop may run code of the user's.
        for stealer in &self.stealers {
            while let Some(task) = stealer.steal() {
                self.catch(move || drop(task));
            }
        }
        let Ended { stop, panic } = self.ended.into_inner();
        if let Some(payload) = panic {
            resume_unwind(payload);
        }
        Walked { complete: stop.is_none(), visited: self.visited.into_inner(), stopped: stop }
    }

    /// Does one task after another until all have ended. It is all that a thread does.
    fn serve<S>(
        &self,
        me: usize,
        own: Worker<T>,
        mut state: S,
        work: &impl Fn(&mut Hand<'_, T>, &mut S, T),
        recruits: Option<Recruits<'_>>,
    ) {
        self.catch(|| {
            let mut hand =
                Hand { pool: self, own, me, recruits, interval: 1, left: 1, since: self.begun, slow: false };
            while self.count.claim() {
                let task = hand.find();
                work(&mut hand, &mut state, task);
                self.count.end();
            }
        });
        // It is dropped apart from the work, since a second panic while one unwinds would abort
        // the process.
        self.catch(move || drop(state));
    }

    /// Runs a part of a thread's work. If that panics, all threads are stopped.
    fn catch(&self, part: impl FnOnce()) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(part)) {
            self.count.stop();
            let mut ended = self.ended.lock();
            if ended.panic.is_none() {
                ended.panic = Some(payload);
            } else {
                drop(ended);
                // The drop of the payload may panic too.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            }
        }
    }
}

/// The threads that have not been started.
#[derive(Clone, Copy)]
struct Recruits<'p> {
    left: &'p Cell<usize>,
    /// Starts up to the given number of threads.
    start: &'p dyn Fn(usize),
}

/// A thread's side of the pool.
pub(super) struct Hand<'p, T> {
    pool: &'p Pool<'p, T>,
    own: Worker<T>,
    me: usize,
    /// The threads that this one may start.
    recruits: Option<Recruits<'p>>,
    /// After how many visits it looks at the clock and at the others.
    interval: u32,
    /// How many of these visits are left.
    left: u32,
    /// When it looked last.
    since: Instant,
    /// Whether a single visit takes so long that a task should be ready for others before the
    /// visit begins.
    slow: bool,
}

impl<'p, T> Hand<'p, T> {
    /// Whether the walk was stopped.
    #[inline]
    pub(super) fn is_stopped(&self) -> bool {
        self.pool.count.stopped().load(Ordering::Relaxed)
    }

    /// The flag that is set when the walk is stopped. A caller that sets it has to call
    /// [`stop`](Self::stop) soon.
    #[inline]
    pub(super) fn stopped(&self) -> &'p crate::sync::atomic::AtomicBool {
        self.pool.count.stopped()
    }

    /// Stops all threads.
    pub(super) fn stop(&self, why: Stop) {
        self.pool.stop(why);
    }

    /// How many visits may be made before it is time to [`look`](Self::look).
    #[inline]
    pub(super) fn visits_left(&self) -> u32 {
        self.left
    }

    /// Counts visits that have been made.
    #[inline]
    pub(super) fn visits_made(&mut self, visits: u32) {
        self.pool.visited.fetch_add(u64::from(visits), Ordering::Relaxed);
        self.left = self.left.saturating_sub(visits);
    }

    /// Looks at the clock and at the other threads. Returns how many tasks they could do with.
    pub(super) fn look(&mut self) -> usize {
        let now = Instant::now();
        let rules = &self.pool.rules;
        if let Some(stop) = rules.stop(now) {
            self.stop(stop);
            return 0;
        }
        let took = now.saturating_duration_since(self.since);
        self.slow = self.interval == 1 && took > LONG;
        if took > LONG {
            self.interval = (self.interval / 2).max(1);
        } else if took < LONG / 4 {
            self.interval = self.interval.saturating_mul(2);
        }
        self.interval = self.interval.min(rules.task_size);
        self.left = self.interval;
        self.since = now;
        let soon = rules.eager || now.saturating_duration_since(self.pool.begun) >= START;
        let recruits = self.recruits.filter(|recruits| recruits.left.get() > 0);
        match recruits {
            // It is too early to start threads.
            Some(_) if !soon => return 0,
            Some(recruits) if !self.own.is_empty() => (recruits.start)(self.own.len()),
            _ => {}
        }
        if !self.own.is_empty() || self.pool.stealers.len() == 1 {
            return 0;
        }
        let free = self.pool.count.hungry() + recruits.map_or(0, |recruits| recruits.left.get());
        free.max(usize::from(self.slow || rules.eager))
    }

    /// Gives tasks to the threads that are free first. If none is, this thread gets them back, the
    /// last one first.
    pub(super) fn give(&self, tasks: impl IntoIterator<Item = T>) {
        let (mut given, hungry) = (0, self.pool.count.hungry());
        for task in tasks {
            self.own.push(task);
            given += 1;
        }
        if given > 0 {
            self.pool.count.announce(given);
        }
        if let Some(recruits) = self.recruits {
            (recruits.start)(given.saturating_sub(hungry));
        }
    }

    /// Takes a task. The caller has a claim, so there is one.
    fn find(&mut self) -> T {
        if let Some(task) = self.own.pop() {
            return task;
        }
        let stealers = &self.pool.stealers;
        // Tasks move while we look, but there is one.
        let task = loop {
            let mut others = (1..stealers.len()).map(|i| &stealers[(self.me + i) % stealers.len()]);
            if let Some(task) = others.find_map(Stealer::steal) {
                break task;
            }
            std::hint::spin_loop();
        };
        // The time that the task has waited says nothing about its visits.
        self.since = Instant::now();
        task
    }
}
