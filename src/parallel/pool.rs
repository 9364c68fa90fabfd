//! The threads of a walk: each has a deque of tasks, and steals from the others when that is empty.
//!
//! What a task is, and how it is divided, is the caller's matter. The calling thread is the first of the threads. It starts
//! the others when the work has gone on for [`START`], so that what is done by then never pays for them, and starts no
//! more of them than it has tasks to give away.
//!
//! A panic anywhere in a thread's work stops all; the first payload goes on in the calling thread when all have ended.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::count::Count;
use super::deque::{Stealer, Worker};
use super::walked::{Stop, Walked};
use crate::sync::Monitor;

/// How long the calling thread works alone. To start a thread takes it about 20 µs, and the thread about as long to be
/// there.
const START: Duration = Duration::from_micros(100);

/// A thread looks at the clock and at the others about this often at least: it does so after half as many visits next
/// time if they took longer. What stops a walk from outside is found as late as that, or after one visit.
const LONG: Duration = Duration::from_micros(50);

/// After fewer visits it does not look, however fast they are, once it knows.
pub(super) const TASK_SIZE: u32 = 1024;

/// What is set for all threads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub(super) deadline: Option<Instant>,
    pub(super) cancel: Option<&'a AtomicBool>,
    /// A thread looks at the others after so many visits at most.
    pub(super) task_size: u32,
    /// Tasks are divided and threads started whenever it is time to look, needed or not.
    pub(super) eager: bool,
}

impl Rules<'_> {
    /// Why the walk has to end now, if it has.
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

/// What has ended the walk before its tasks did: of each kind what came first.
#[derive(Default)]
struct Ended {
    stop: Option<Stop>,
    panic: Option<Box<dyn Any + Send>>,
}

/// Does all tasks and those that they are divided into, with one thread a state; returns how it ended.
///
/// `work` does one task, and stops where [`Hand::is_stopped`] says so. A state is dropped by the thread that had it; one
/// whose thread was never started by the calling thread.
///
/// # Panics
/// As `work` does, or the drop of a state.
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
    let mut threads = deques.into_iter().zip(states).enumerate();
    let Some((_, (own, state))) = threads.next() else { unreachable!("a walk has a thread") };
    // The owner takes what was put in last.
    tasks.into_iter().rev().for_each(|task| own.push(task));
    if let Some(stop) = rules.stop(begun) {
        pool.stop(stop);
    }
    let (pool_ref, work) = (&pool, &work);
    thread::scope(|scope| {
        let left = Cell::new(threads.len());
        let others = RefCell::new(threads);
        let handles = RefCell::new(Vec::new());
        let start = |wanted: usize| {
            for (me, (own, state)) in others.borrow_mut().by_ref().take(wanted.min(left.get())) {
                left.set(left.get() - 1);
                let serve = move || pool_ref.serve(me, own, state, work, None);
                match thread::Builder::new().spawn_scoped(scope, serve) {
                    Ok(handle) => handles.borrow_mut().push(handle),
                    // Where there are no more threads to be had, fewer do all the same.
                    Err(_) => {
                        left.set(0);
                        break;
                    }
                }
            }
        };
        pool_ref.serve(0, own, state, work, Some(Recruits { left: &left, start: &start }));
        for handle in handles.take() {
            // Whatever panicked was caught within.
            let _ = handle.join();
        }
        for (_, (_, state)) in others.into_inner() {
            pool_ref.catch(move || drop(state));
        }
    });
    // A walk that was stopped leaves tasks, and a task may hold what is the user's.
    for stealer in &pool.stealers {
        while let Some(task) = stealer.steal() {
            pool.catch(move || drop(task));
        }
    }
    let Pool { visited, ended, .. } = pool;
    let Ended { stop, panic } = ended.into_inner();
    if let Some(payload) = panic {
        resume_unwind(payload);
    }
    Walked { complete: stop.is_none(), visited: visited.into_inner(), stopped: stop }
}

impl<T> Pool<'_, T> {
    fn stop(&self, why: Stop) {
        self.ended.lock().stop.get_or_insert(why);
        self.count.stop();
    }
}

impl<T: Send> Pool<'_, T> {
    /// A thread's whole life.
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
        // Apart from the work: a second panic while one unwinds would abort the process.
        self.catch(move || drop(state));
    }

    /// Runs a part of a thread's work; a panic stops all threads.
    fn catch(&self, part: impl FnOnce()) {
        if let Err(payload) = catch_unwind(AssertUnwindSafe(part)) {
            self.count.stop();
            let mut ended = self.ended.lock();
            if ended.panic.is_none() {
                ended.panic = Some(payload);
            } else {
                drop(ended);
                // The drop of a payload may panic as well.
                let _ = catch_unwind(AssertUnwindSafe(|| drop(payload)));
            }
        }
    }
}

/// Threads that have not been started.
#[derive(Clone, Copy)]
struct Recruits<'p> {
    left: &'p Cell<usize>,
    /// Starts up to so many.
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
    /// How many of them are left.
    left: u32,
    since: Instant,
    /// A single visit takes so long that it is better to have a task ready for others before it begins.
    slow: bool,
}

impl<'p, T> Hand<'p, T> {
    /// True iff the walk was stopped.
    #[inline]
    pub(super) fn is_stopped(&self) -> bool {
        self.pool.count.stopped().load(Ordering::Relaxed)
    }

    /// The flag that says whether the walk was stopped. Who sets it calls [`stop`](Self::stop) soon.
    #[inline]
    pub(super) fn stopped(&self) -> &'p crate::sync::atomic::AtomicBool {
        self.pool.count.stopped()
    }

    /// Stops all threads.
    pub(super) fn stop(&self, why: Stop) {
        self.pool.stop(why);
    }

    /// How many visits may be made before it is time to look.
    #[inline]
    pub(super) fn visits_left(&self) -> u32 {
        self.left
    }

    /// Tells that so many visits have been made.
    #[inline]
    pub(super) fn visits_made(&mut self, visits: u32) {
        self.pool.visited.fetch_add(u64::from(visits), Ordering::Relaxed);
        self.left = self.left.saturating_sub(visits);
    }

    /// Looks at the clock and at the others; returns how many tasks these could do with.
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
            // It works alone.
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

    /// Gives tasks to whoever is free first; the last of them comes back to this thread first.
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

    /// Takes the task that a claim has promised.
    fn find(&mut self) -> T {
        if let Some(task) = self.own.pop() {
            return task;
        }
        let stealers = &self.pool.stealers;
        // Where a task is may change while we look, but one is there.
        let task = loop {
            let mut others = (1..stealers.len()).map(|i| &stealers[(self.me + i) % stealers.len()]);
            if let Some(task) = others.find_map(Stealer::steal) {
                break task;
            }
            std::hint::spin_loop();
        };
        // How long it has waited says nothing of its visits.
        self.since = Instant::now();
        task
    }
}
