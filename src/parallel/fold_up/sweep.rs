//! Sweeps: a faster fold of all that is below an open stop, for as long as no other thread wants a
//! part of it.
//!
//! The stack of open stops can be divided at any time, and for that each branch is looked for by
//! itself. A sweep goes through the entries of the nodes instead, and compares each entry with the
//! path before it. Where the two part is a stop, and all stops further down the path are complete.
//! It takes half the instructions (words from 1,136 to 544 a value, random u64 from 972 to 529).
//! When another thread wants a part, the sweep ends, and the stops on its path become open stops
//! of the stack.

use super::algebra::Algebra;
use super::results::Results;
use super::stops::{FoldTask, OpenStop};
use super::worker::FoldWorker;
use crate::bytes::ByteMask;
use crate::node::{End, Entry, LazyPlace, Numbered, descend_until};
use crate::parallel::pool::Hand;

/// A stop on the path that has branches.
struct PathStop<'w, V, T> {
    place: LazyPlace<'w, V>,
    len: usize,
    results: Results<T>,
}

/// A node whose entries are gone through.
struct Level<'w, V> {
    entries: Numbered<'w, V>,
    /// The number of the entry that the path goes down.
    last: usize,
    /// The length of the path to the node's root. For the node of the swept stop, that is at or
    /// above the stop.
    start: usize,
}

/// How a sweep ended.
pub(super) enum Swept {
    /// All branches of the stop were folded, and the stop is complete.
    Done,
    /// The next branch of the topmost stop leads to a shared node, which has to be looked up.
    SharedNext,
    /// Other threads could do with so many tasks. If it is 0, the walk was stopped.
    Paused(usize),
}

/// The state of a sweep. It is kept from one sweep to the next for its memory.
pub(super) struct Sweep<'w, V, T> {
    /// From the swept stop down.
    stops: Vec<PathStop<'w, V, T>>,
    levels: Vec<Level<'w, V>>,
    /// What the path leads to, if that is not one of `stops`: the end of an entry, or a value at
    /// the root of a node.
    tip: Option<LazyPlace<'w, V>>,
    /// The results below a tip.
    nothing: Results<T>,
}

impl<'w, V: Send + Sync, T: Send> Sweep<'w, V, T> {
    pub(super) fn new() -> Self {
        Self { stops: Vec::new(), levels: Vec::new(), tip: None, nothing: Results::new() }
    }

    /// Folds the branches that the topmost open stop has left, and completes it. If it is
    /// interrupted, it leaves open stops for the rest.
    pub(super) fn run<A: Algebra<V, Result = T>>(
        &mut self,
        worker: &mut FoldWorker<'_, 'w, V, A>,
        hand: &mut Hand<'_, FoldTask<'w, V, T>>,
    ) -> Swept {
        let mut stop = worker.pop();
        let start = stop.len;
        self.begin(&mut stop);
        while let Some(level) = self.levels.last_mut() {
            let Some((at, entry)) = level.entries.next() else {
                self.levels.pop();
                continue;
            };
            // At the swept stop are also the branches that were folded, or given away.
            if level.start <= start
                && !level.entries.branch(&entry).is_some_and(|byte| stop.rest.test_bit(byte))
            {
                continue;
            }
            let shared = entry.suffix.common_prefix(&worker.path[level.start..]);
            let here = level.start + shared;
            let mut pause = None;
            if here < worker.path.len() {
                let fork = level.entries.fork(level.last, shared);
                pause = self.complete_below(worker, here, fork, hand);
            } else if let Some(place) = self.tip.take() {
                // A value that has something below.
                self.stops.push(PathStop { place, len: here, results: worker.fresh_results() });
            }
            let next = entry.suffix.at(shared);
            if let Some(wanted) = pause {
                self.end(worker, stop, (worker.path.len() == here).then_some(next));
                return Swept::Paused(wanted);
            }
            let is_shared = A::SHARED && entry.end.child().is_some_and(|child| child.place().is_shared());
            if is_shared || hand.is_stopped() {
                self.end(worker, stop, Some(next));
                return if is_shared { Swept::SharedNext } else { Swept::Paused(0) };
            }
            self.enter(worker, at, entry, shared);
        }
        if let Some(wanted) = self.complete_below(worker, start, LazyPlace::of(stop.place), hand) {
            self.end(worker, stop, None);
            return Swept::Paused(wanted);
        }
        stop.results = self.stops.pop().expect("the swept stop is the first one").results;
        worker.complete(stop);
        Swept::Done
    }

    /// Makes an open stop the first one on the path of the sweep.
    fn begin(&mut self, stop: &mut OpenStop<'w, V, T>) {
        let place = stop.place.expect("a stop with branches has a place");
        let results = std::mem::replace(&mut stop.results, Results::new());
        self.stops.push(PathStop { place: place.into(), len: stop.len, results });
        let first = stop.rest.first_bit().expect("the stop has branches left");
        let entries = Numbered::along(place, first);
        let start = stop.len - entries.depth();
        self.levels.push(Level { entries, last: 0, start });
    }

    /// Goes to the end of an entry, of which the path has `shared` bytes already.
    #[inline]
    fn enter<A: Algebra<V, Result = T>>(
        &mut self,
        worker: &mut FoldWorker<'_, 'w, V, A>,
        at: usize,
        entry: Entry<'w, V>,
        shared: usize,
    ) {
        entry.suffix.append_from(shared, &mut worker.path);
        let level = self.levels.last_mut().expect("an entry is of a level");
        level.last = at;
        match entry.end {
            End::Child(child) => {
                let entries = Numbered::of(child.lent());
                self.tip = entries.valued_root();
                self.levels.push(Level { entries, last: 0, start: worker.path.len() });
            }
            End::Value(_) | End::Bare => {
                self.tip = Some(level.entries.end(at, worker.path.len() - level.start));
            }
        }
    }

    /// Calls the algebra for all stops on the path below its first `to` bytes, and cuts the path
    /// there, at a stop.
    ///
    /// If it is time to [pause](FoldWorker::pause), the path may stay longer: it then ends at a
    /// stop below which nothing is left.
    fn complete_below<A: Algebra<V, Result = T>>(
        &mut self,
        worker: &mut FoldWorker<'_, 'w, V, A>,
        to: usize,
        fork: LazyPlace<'w, V>,
        hand: &mut Hand<'_, FoldTask<'w, V, T>>,
    ) -> Option<usize> {
        let mut end = worker.path.len();
        let mut result = match self.tip.take() {
            Some(place) => worker.call(end, place, &mut self.nothing),
            None => self.complete_last(worker),
        };
        loop {
            let top = self.stops.last_mut().expect("the swept stop stays");
            if top.len < to {
                let mut results = worker.fresh_results();
                results.push(&worker.path[to..end], result);
                self.stops.push(PathStop { place: fork, len: to, results });
                break;
            }
            top.results.push(&worker.path[top.len..end], result);
            end = top.len;
            if end == to {
                break;
            }
            if let Some(wanted) = worker.pause(hand) {
                worker.path.truncate(end);
                return Some(wanted);
            }
            result = self.complete_last(worker);
        }
        worker.path.truncate(to);
        worker.pause(hand)
    }

    /// Calls the algebra for the last stop of the path, below which nothing is left.
    fn complete_last<A: Algebra<V, Result = T>>(&mut self, worker: &mut FoldWorker<'_, 'w, V, A>) -> T {
        let PathStop { place, len, mut results } = self.stops.pop().expect("what was entered is a stop");
        let result = worker.call(len, place, &mut results);
        worker.recycle(results);
        result
    }

    /// Ends the sweep of a stop early: it and all stops below it on the path become open stops. At
    /// the end of the path, the branches from `next` on are left, if any.
    fn end<A: Algebra<V, Result = T>>(
        &mut self,
        worker: &mut FoldWorker<'_, 'w, V, A>,
        mut stop: OpenStop<'w, V, T>,
        next: Option<u8>,
    ) {
        self.levels.clear();
        self.tip = None;
        let start = stop.len;
        let ahead = worker.path.split_off(start);
        let mut known = self.stops.drain(..).peekable();
        loop {
            let len = stop.len;
            stop.results = match known.next_if(|known| known.len == len) {
                Some(known) => known.results,
                None => worker.fresh_results(),
            };
            let Some(&byte) = ahead.get(len - start) else {
                stop.rest = next.map_or(ByteMask::EMPTY, |byte| stop.rest & from(byte));
                worker.stops.push(stop);
                break;
            };
            stop.rest &= from(byte);
            let place = stop.place.expect("a stop with branches has a place");
            let (below, _) = descend_until(place, byte, &mut worker.path);
            if worker.path.len() > start + ahead.len() {
                // The next stop is beyond the end of the path: its branch has not been begun.
                worker.path.truncate(len);
                worker.stops.push(stop);
                break;
            }
            stop.rest.clear_bit(byte);
            worker
                .stops
                .push(std::mem::replace(&mut stop, OpenStop::new(Some(below), worker.path.len(), None)));
        }
    }
}

/// The bytes that are not less than `byte`.
fn from(byte: u8) -> ByteMask {
    ByteMask::from_range(byte..)
}
