//! The main loop of a fold: depth first, on the stack of open stops.

use super::algebra::Algebra;
use super::joins::{Joins, PendingJoin};
use super::memos::{Lookup, Memos, Waiter};
use super::results::FoldedUp;
use super::stops::{FoldTask, OpenStop};
use super::sweep::{Sweep, Swept};
use super::worker::{FoldWorker, SharedFold};
use crate::bytes::ByteMask;
use crate::node::descend_until;
use crate::parallel::pool::{self, Hand};
use crate::parallel::walk::WalkParallel;
use crate::sync::Monitor;
use crate::zipper::Zipper;

/// Folds each root of a walk.
pub(super) fn fold<V: Send + Sync, A: Algebra<V>>(
    walk: &WalkParallel<'_, V>,
    algebra: &A,
) -> FoldedUp<A::Result> {
    let roots = walk.walk_roots();
    let fold = SharedFold {
        algebra,
        joins: Joins::new(),
        memos: Memos::new(A::SHARED),
        roots: Monitor::new(roots.iter().map(|_| None).collect()),
    };
    let mut tasks = Vec::new();
    for (number, root) in roots.iter().enumerate() {
        let reader = root.reader(root.path());
        if reader.path_exists() {
            let path = root.path().to_vec();
            // Two open stops: a part that contributes the result of the root, and the root itself.
            let join = fold.joins.add(PendingJoin::of_root(number, path.len()));
            let part = OpenStop::part(None, path.len(), ByteMask::EMPTY, join);
            let stop = OpenStop::new(reader.lazy_place().place(), path.len(), None);
            tasks.push(FoldTask { root: number, path, stops: vec![part, stop] });
        }
    }
    let threads = vec![(); walk.thread_count()];
    let walked = pool::run(walk.rules(), tasks, threads, |hand, (), task| {
        let root_len = roots[task.root].path().len();
        FoldWorker::new(&fold, task, root_len, hand.visits_left()).run(hand);
    });
    let results = roots.iter().zip(fold.roots.into_inner());
    let results = results.filter_map(|(root, result)| Some((root.path().to_vec(), result?)));
    FoldedUp { roots: results.collect(), walked }
}

impl<'w, V: Send + Sync, A: Algebra<V>> FoldWorker<'_, 'w, V, A> {
    fn run(mut self, hand: &mut Hand<'_, FoldTask<'w, V, A::Result>>) {
        let mut sweep = Sweep::new();
        // A shared branch was met below the stop that is so high in the stack: the next ones are
        // likely shared as well, and are not swept.
        let mut sharing = 0;
        while !self.stops.is_empty() && !hand.is_stopped() {
            if let Some(wanted) = self.pause(hand) {
                hand.give(self.divide(wanted));
                continue;
            }
            let Some(top) = self.stops.last() else { break };
            self.path.truncate(top.len);
            if top.rest.is_empty_mask() {
                let stop = self.pop();
                sharing = sharing.min(self.stops.len());
                self.complete(stop);
            } else if self.stops.len() <= sharing {
                self.descend();
            } else {
                match sweep.run(&mut self, hand) {
                    Swept::SharedNext => {
                        sharing = self.stops.len();
                        self.descend();
                    }
                    Swept::Paused(wanted) => hand.give(self.divide(wanted)),
                    Swept::Done => {}
                }
            }
        }
        hand.visits_made(self.take_calls());
    }

    /// Goes down from the topmost stop by its next branch, and opens the stop there unless its
    /// result is known.
    fn descend(&mut self) {
        let top = self.stops.last_mut().expect("the stack is not empty");
        let (place, len) = (top.place.expect("a stop with branches has a place"), top.len);
        let byte = top.rest.first_bit().expect("the stop has branches left");
        top.rest.clear_bit(byte);
        let (place, entered) = descend_until(place, byte, &mut self.path);
        let mut memo = None;
        if A::SHARED && entered && place.is_shared() {
            let (fold, node) = (self.fold, place.node().id());
            match fold.memos.look_up(node, || self.waiter(len)) {
                Lookup::First => memo = Some(node),
                Lookup::Busy => return,
                Lookup::Known(result) => {
                    let copy = fold.algebra.copy(&result);
                    return self.put_in_memo(node, result, copy);
                }
            }
        }
        let mut stop = OpenStop::new(Some(place), self.path.len(), memo);
        stop.results = self.fresh_results();
        self.stops.push(stop);
    }

    /// Makes the topmost stop, whose path has `len` bytes, wait in a join for the result at the
    /// path.
    fn waiter(&mut self, len: usize) -> Waiter {
        let (_, join) = self.move_into_joins(self.stops.len() - 1);
        self.fold.joins.expect(join, 1);
        Waiter { join, suffix: self.path[len..].to_vec() }
    }
}
