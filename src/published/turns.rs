//! Turns of writers: advice that keeps writers out of each other's way. Nothing depends on it.
//!
//! A writer of a [`SharedMap`](super::SharedMap) works on a copy and publishes it by a compare-and-swap, which fails if
//! another writer has published meanwhile. So writers need no lock. But a writer that is overtaken has worked in vain, and
//! one that takes long may be overtaken each time. Therefore writers ask for a *turn* first, and get turns one after another
//! in the order in which they ask.
//!
//! A turn is not a lock, since a writer runs the user's code during its turn, and that code may wait for a thread that waits
//! for a turn: rayon's `join` does so when its thread steals another task. So nobody waits for ever. Each turn has a
//! *patience*, which is how long others wait for it. When a waiter has seen one turn last longer than that, it ends the
//! turn, and the next waiter gets one. The writer whose turn was ended notices nothing until it fails to publish.
//!
//! ```text
//! take          free ──> Turn 1           nobody had a turn
//! take          queue: [a]                turn 1 is taken: `a` waits, for turn 1's patience
//! take          queue: [a, b]
//! drop turn 1   queue: [b],  a = Turn 2   handed over, and `a` is woken
//! ...           queue: [],   b = Turn 3   `b` lost its patience with turn 2 and ended it; it happened to be the next
//! drop turn 2   (nothing)                 it was over already
//! ```
//!
//! All changes are made under one lock. No code of the user's runs while it is held, and a waiter sleeps at a *seat* of its
//! own, so that handing a turn over wakes one thread. The lock of a seat is taken alone, or under that of the state.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::sync::Monitor;

/// Who has the turn, and who waits for it.
#[derive(Debug)]
pub(super) struct Turns(Monitor<State>);

#[derive(Debug)]
struct State {
    /// The number of the turn that is taken; 0 if none is, and then nobody waits.
    current: u64,
    /// How long others wait for it.
    patience: Duration,
    /// The number of the turn that was given last.
    last: u64,
    queue: VecDeque<Arc<Seat>>,
}

/// Where a waiter sleeps.
#[derive(Debug)]
struct Seat {
    /// The number of the turn that the waiter was given; 0 before.
    turn: Monitor<u64>,
    patience: Duration,
}

/// A turn, which ends when it is dropped, if nobody has ended it before.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    number: u64,
}

impl State {
    fn begin(&mut self, patience: Duration) -> u64 {
        self.last += 1;
        (self.current, self.patience) = (self.last, patience);
        self.last
    }
}

impl Turns {
    pub(super) fn new() -> Self {
        let queue = VecDeque::new();
        Self(Monitor::new(State { current: 0, patience: Duration::ZERO, last: 0, queue }))
    }

    /// Waits for a turn. It takes as long as the turns of those who asked before, or as long as their patience.
    pub(super) fn take(&self, patience: Duration) -> Turn<'_> {
        let mut state = self.0.lock();
        if state.current == 0 {
            return Turn { turns: self, number: state.begin(patience) };
        }
        let seat = Arc::new(Seat { turn: Monitor::new(0), patience });
        state.queue.push_back(Arc::clone(&seat));
        drop(state);
        Turn { turns: self, number: self.wait(&seat) }
    }

    /// Waits at a seat until it is given a turn.
    fn wait(&self, seat: &Seat) -> u64 {
        loop {
            let (current, patience) = {
                let state = self.0.lock();
                (state.current, state.patience)
            };
            let deadline = seat.turn.deadline(patience);
            let mut turn = seat.turn.lock();
            loop {
                if *turn != 0 {
                    return *turn;
                }
                turn = match seat.turn.wait(turn, deadline) {
                    Ok(turn) => turn,
                    Err(turn) => break drop(turn),
                };
            }
            self.end(current);
        }
    }

    /// Ends a turn, unless it is over already, and gives the next one to who has waited longest.
    fn end(&self, number: u64) {
        let mut state = self.0.lock();
        if state.current != number {
            return;
        }
        let Some(seat) = state.queue.pop_front() else {
            state.current = 0;
            return;
        };
        *seat.turn.lock() = state.begin(seat.patience);
        drop(state);
        seat.turn.notify_one();
    }
}

/// For models.
#[cfg(all(test, loom))]
impl Turns {
    /// Lets the patience of all who wait now come to its end.
    pub(super) fn lose_patience(&self) {
        let seats: Vec<_> = self.0.lock().queue.iter().cloned().collect();
        for seat in seats {
            let turn = seat.turn.lock();
            seat.turn.advance(&turn, Duration::from_secs(1));
            drop(turn);
            seat.turn.notify_all();
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.0.lock().queue.len()
    }

    pub(super) fn is_free(&self) -> bool {
        self.0.lock().current == 0
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.turns.end(self.number);
    }
}
