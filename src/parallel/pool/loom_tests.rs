//! Models of a walk's count for loom: `RUSTFLAGS="--cfg loom" cargo test --release --lib loom_`.
//!
//! Loom runs each model under every order of steps, and reports a thread that is never woken as a
//! deadlock. So a model that ends shows that no thread waits in vain. Instead of the deques there
//! is a plain list behind a lock that loom does not know, and the models take their notes the same
//! way. For the count asks of the deques only that a task that was put in can be taken out, and
//! each step that loom sees has to be explored.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use loom::sync::atomic::Ordering::Relaxed;
use loom::thread;

use super::count::Count;
use crate::sync::model::outcomes;

/// A walk: a task is a number of visits, and is divided into halves when somebody is hungry.
struct Walk {
    count: Count,
    tasks: Mutex<Vec<usize>>,
    visited: AtomicUsize,
}

impl Walk {
    fn new(tasks: &[usize]) -> Arc<Self> {
        Arc::new(Self {
            count: Count::new(tasks.len()),
            tasks: Mutex::new(tasks.to_vec()),
            visited: AtomicUsize::new(0),
        })
    }

    fn give(&self, task: usize) {
        self.tasks.lock().unwrap().push(task);
        self.count.announce(1);
    }

    /// A thread's life; `before` is called before each visit and says whether it stops the walk.
    fn serve(&self, before: impl Fn() -> bool) -> usize {
        let mut done = 0;
        while self.count.claim() {
            let mut left = self.tasks.lock().unwrap().pop().expect("a claim is a task");
            while left > 0 && !self.count.stopped().load(Relaxed) {
                if before() {
                    self.count.stop();
                    break;
                }
                left -= 1;
                done += 1;
                self.visited.fetch_add(1, Relaxed);
                if left > 1 && self.count.hungry() > 0 {
                    self.give(left / 2);
                    left -= left / 2;
                }
            }
            self.count.end();
        }
        done
    }
}

#[test]
fn loom_a_hungry_thread_is_fed_and_all_end() {
    let seen = outcomes(|| {
        let walk = Walk::new(&[3]);
        let other = {
            let walk = walk.clone();
            thread::spawn(move || walk.serve(|| false))
        };
        let mine = walk.serve(|| false);
        let theirs = other.join().unwrap();
        assert_eq!((mine + theirs, walk.visited.load(Relaxed)), (3, 3));
        assert!(walk.tasks.lock().unwrap().is_empty() && walk.count.hungry() == 0);
        (mine, theirs)
    });
    // Either may have begun, and the other have got something, or nothing.
    assert_eq!(seen, [(0, 3), (1, 2), (2, 1), (3, 0)].into());
}

#[test]
fn loom_three_threads_and_two_tasks() {
    let seen = outcomes(|| {
        let walk = Walk::new(&[1, 1]);
        let others = [(); 2].map(|()| {
            let walk = walk.clone();
            thread::spawn(move || walk.serve(|| false))
        });
        let mine = walk.serve(|| false);
        let theirs = others.map(|other| other.join().unwrap());
        assert_eq!(mine + theirs[0] + theirs[1], 2);
        mine
    });
    assert_eq!(seen, [0, 1, 2].into());
}

#[test]
fn loom_who_waits_for_a_task_gets_what_is_announced_while_another_ends() {
    let seen = outcomes(|| {
        let walk = Walk::new(&[1]);
        let others = [(); 2].map(|()| {
            let walk = walk.clone();
            thread::spawn(move || walk.serve(|| false))
        });
        // A task that gives two away, whoever waits.
        let first = walk.count.claim();
        if first {
            let own = walk.tasks.lock().unwrap().pop();
            walk.tasks.lock().unwrap().extend([own, own].into_iter().flatten());
            walk.count.announce(2);
            walk.count.end();
        }
        let theirs = others.map(|other| other.join().unwrap());
        (first, theirs[0] + theirs[1])
    });
    assert_eq!(seen, [(false, 1), (true, 2)].into());
}

#[test]
fn loom_a_stop_ends_all_also_those_who_wait() {
    let seen = outcomes(|| {
        let walk = Walk::new(&[2]);
        let others = [(); 2].map(|()| {
            let walk = walk.clone();
            thread::spawn(move || walk.serve(|| walk.visited.load(Relaxed) == 1))
        });
        others.map(|other| other.join().unwrap()).iter().sum::<usize>()
    });
    assert_eq!(seen, [1].into());
}

#[test]
fn loom_who_sees_the_stop_makes_no_visit_more() {
    let seen = outcomes(|| {
        let walk = Walk::new(&[2, 2]);
        let other = {
            let walk = walk.clone();
            thread::spawn(move || walk.serve(|| true))
        };
        let mine = walk.serve(|| false);
        assert_eq!(other.join().unwrap(), 0);
        mine
    });
    // All of them, where the other came last. Else it had one of the tasks, and stopped whoever
    // had the other.
    assert_eq!(seen, [0, 1, 2, 4].into());
}

/// What a panic does: the task never ends, and the walk is stopped from outside of it.
#[test]
fn loom_a_task_that_never_ends_hangs_nobody() {
    let seen = outcomes(|| {
        let walk = Walk::new(&[1]);
        let others = [(); 2].map(|()| {
            let walk = walk.clone();
            thread::spawn(move || {
                let claimed = walk.count.claim();
                if claimed {
                    walk.count.stop();
                }
                usize::from(claimed)
            })
        });
        others.map(|other| other.join().unwrap())
    });
    assert_eq!(seen, [[0, 1], [1, 0]].into());
}
