//! Turns of writers, which keep writers out of each other's way. Correctness does not depend on
//! them.
//!
//! A writer of a [`SharedMap`](super::SharedMap) works on a copy and publishes it by a
//! compare-and-swap, which fails if another writer has published meanwhile. So writers need no
//! lock. But a writer that is overtaken has worked in vain, and one that takes long may be
//! overtaken each time. Therefore writers take a *turn* first. Turns are given one after another,
//! in the order in which writers ask for them.
//!
//! A turn is not a lock. During its turn, a writer runs the user's code, and that may wait for a
//! thread that waits for a turn: rayon's `join` does so when its thread steals another task. So no
//! writer may wait for ever. Each turn has a *patience*, which is how long others wait for it.
//! When a waiter has seen one turn last longer than that, it ends the turn, and the next waiter
//! gets one. The writer whose turn was ended notices nothing until it fails to publish.
//!
//! ```text
//! take          free ──> turn 1           no writer had a turn
//! take          queue: [a]                turn 1 is taken, so `a` waits, up to turn 1's patience
//! take          queue: [a, b]
//! drop turn 1   queue: [b],  a = turn 2   the turn is handed over, and `a` is woken
//! ...           queue: [],   b = turn 3   turn 2 outlasts its patience: `b` ends it, and is the next
//! drop turn 2   (nothing)                 it has ended already
//! ```
//!
//! All changes are made under one lock, and no code of the user's runs while it is held. A waiter
//! sleeps at a *seat* of its own, so that handing a turn over wakes one thread. The lock of a seat
//! is taken alone, or under the one lock.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::sync::Monitor;

/// The turn that is taken, and the writers that wait for the next ones.
#[derive(Debug)]
pub(super) struct Turns(Monitor<TurnState>);

#[derive(Debug)]
struct TurnState {
    /// The number of the turn that is taken. It is 0 if none is, and then no writer waits.
    current: u64,
    /// How long others wait for that turn.
    patience: Duration,
    /// The number of the turn that was given last.
    last: u64,
    queue: VecDeque<Arc<Seat>>,
}

/// A place where a waiter sleeps.
#[derive(Debug)]
struct Seat {
    /// The number of the turn that the waiter was given, or 0 before.
    turn: Monitor<u64>,
    patience: Duration,
}

/// A turn. It ends when it is dropped, unless a waiter has ended it before.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    number: u64,
}

impl TurnState {
    fn begin(&mut self, patience: Duration) -> u64 {
        self.last += 1;
        (self.current, self.patience) = (self.last, patience);
        self.last
    }
}

impl Turns {
    pub(super) fn new() -> Self {
        let queue = VecDeque::new();
        Self(Monitor::new(TurnState { current: 0, patience: Duration::ZERO, last: 0, queue }))
    }

    /// Waits for a turn, as long as the turns of those who asked before last, or as long as their
    /// patience.
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

    /// Waits at a seat until a turn is given to it.
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

    /// Ends a turn, unless it has ended already, and gives the next one to the writer that has
    /// waited longest.
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

/// What models need.
#[cfg(all(test, loom))]
impl Turns {
    /// Ends the patience of all writers that wait now.
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
