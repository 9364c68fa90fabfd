//! Models of the turns of writers for loom:
//! `RUSTFLAGS="--cfg loom" cargo test --release --lib loom_`.
//!
//! Loom runs each model under every order of steps, and reports a thread that is never woken as a
//! deadlock. So a model that ends shows that no writer waits in vain.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use loom::sync::atomic::Ordering::Relaxed;
use loom::thread;

use super::turns::Turns;
use crate::sync::model::outcomes;

const PATIENCE: Duration = Duration::from_millis(5);

/// Writers that take one turn each. They count the turns, and check that no two writers have one
/// at the same time.
struct Writers {
    turns: Turns,
    writing: AtomicUsize,
    done: AtomicUsize,
}

impl Writers {
    fn new() -> Arc<Self> {
        Arc::new(Self { turns: Turns::new(), writing: AtomicUsize::new(0), done: AtomicUsize::new(0) })
    }

    /// Takes a turn, and returns how many writers had theirs before.
    fn write(&self) -> usize {
        let turn = self.turns.take(PATIENCE);
        assert_eq!(self.writing.fetch_add(1, Relaxed), 0);
        let before = self.done.fetch_add(1, Relaxed);
        thread::yield_now();
        self.writing.fetch_sub(1, Relaxed);
        drop(turn);
        before
    }
}

#[test]
fn loom_turns_exclude_each_other_while_nobody_loses_patience_and_all_get_one() {
    let seen = outcomes(|| {
        let writers = Writers::new();
        let others = [(); 2].map(|()| {
            let writers = writers.clone();
            thread::spawn(move || writers.write())
        });
        let mine = writers.write();
        for other in others {
            other.join().unwrap();
        }
        assert!(writers.turns.is_free());
        mine
    });
    assert_eq!(seen, [0, 1, 2].into());
}

#[test]
fn loom_who_loses_patience_gets_a_turn_and_the_late_end_of_the_old_one_ends_no_other() {
    let seen = outcomes(|| {
        let turns = Arc::new(Turns::new());
        let (long, done) = (turns.take(PATIENCE), Arc::new(AtomicUsize::new(0)));
        let other = {
            let (turns, done) = (turns.clone(), done.clone());
            thread::spawn(move || {
                let turn = turns.take(PATIENCE);
                let early = done.load(Relaxed) == 0;
                // The writer whose turn was ended does not end this one.
                assert!(!turns.is_free());
                drop(turn);
                early
            })
        };
        // The other thread either waits already, and loses patience now, or it comes later, when
        // the turn is free.
        turns.lose_patience();
        done.store(1, Relaxed);
        drop(long);
        let early = other.join().unwrap();
        assert!(turns.is_free());
        early
    });
    assert_eq!(seen, [false, true].into());
}

/// This happens if a writer waits for its thread pool, and the pool for the writer's turn.
#[test]
fn loom_a_turn_that_lasts_until_another_has_ended_stops_nobody() {
    let seen = outcomes(|| {
        let turns = Arc::new(Turns::new());
        let long = turns.take(PATIENCE);
        let other = {
            let turns = turns.clone();
            thread::spawn(move || drop(turns.take(PATIENCE)))
        };
        while turns.waiting() == 0 {
            thread::yield_now();
        }
        turns.lose_patience();
        other.join().unwrap();
        let is_free = turns.is_free();
        drop(long);
        drop(turns.take(PATIENCE));
        is_free
    });
    assert_eq!(seen, [true].into());
}
