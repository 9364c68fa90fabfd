//! A thread's work on a task: the stack of open stops, and what becomes of results.

use super::algebra::Algebra;
use super::joins::{Destination, Joins};
use super::memos::{Memos, Waiter};
use super::results::Results;
use super::stops::{Completion, FoldTask, JoinId, NodeId, OpenStop};
use crate::node::LazyPlace;
use crate::parallel::location::Location;
use crate::parallel::pool::Hand;
use crate::sync::Monitor;

/// What all threads of a fold share.
pub(super) struct SharedFold<'c, 'w, V, A: Algebra<V>> {
    pub(super) algebra: &'c A,
    pub(super) joins: Joins<'w, V, A::Result>,
    pub(super) memos: Memos<A::Result>,
    /// The results of the roots.
    pub(super) roots: Monitor<Vec<Option<A::Result>>>,
}

/// A task at work.
pub(super) struct FoldWorker<'c, 'w, V, A: Algebra<V>> {
    pub(super) fold: &'c SharedFold<'c, 'w, V, A>,
    /// Which root of the walk the task is below, and the length of the path to that.
    pub(super) root: usize,
    pub(super) root_len: usize,
    /// Where the thread is: at the topmost open stop or below it.
    pub(super) path: Vec<u8>,
    pub(super) stops: Vec<OpenStop<'w, V, A::Result>>,
    /// How many stops from the bottom of the stack are known to have no branch left to begin.
    pub(super) begun: usize,
    /// How many levels are given away next if each has a single branch left.
    pub(super) levels: usize,
    /// Empty results, kept for their memory.
    spare: Vec<Results<A::Result>>,
    /// How many calls of the algebra may be made before the thread has to look at the others, and
    /// how many were.
    granted: u32,
    calls: u32,
}

impl<'c, 'w, V: Send + Sync, A: Algebra<V>> FoldWorker<'c, 'w, V, A> {
    pub(super) fn new(
        fold: &'c SharedFold<'c, 'w, V, A>,
        task: FoldTask<'w, V, A::Result>,
        root_len: usize,
        granted: u32,
    ) -> Self {
        let FoldTask { root, path, stops } = task;
        Self { fold, root, root_len, path, stops, begun: 0, levels: 1, spare: Vec::new(), granted, calls: 0 }
    }

    /// Returns how many tasks other threads could do with, if any, or 0 if the walk was stopped.
    /// It looks only once in as many calls as are granted.
    #[inline]
    pub(super) fn pause(&mut self, hand: &mut Hand<'_, FoldTask<'w, V, A::Result>>) -> Option<usize> {
        if self.calls < self.granted {
            return None;
        }
        hand.visits_made(self.take_calls());
        let wanted = hand.look();
        self.granted = hand.visits_left();
        (wanted > 0 || hand.is_stopped()).then_some(wanted)
    }

    /// The number of calls since it was taken last.
    pub(super) fn take_calls(&mut self) -> u32 {
        std::mem::take(&mut self.calls)
    }

    /// Empty results.
    #[inline]
    pub(super) fn fresh_results(&mut self) -> Results<A::Result> {
        self.spare.pop().unwrap_or(Results::new())
    }

    /// Calls the algebra for the stop to which the first `len` bytes of the path lead.
    #[inline]
    pub(super) fn call(
        &mut self,
        len: usize,
        place: LazyPlace<'w, V>,
        results: &mut Results<A::Result>,
    ) -> A::Result {
        let location = Location::new(&self.path[..len], self.root_len, place);
        self.calls += 1;
        self.fold.algebra.call(&location, results.branches())
    }

    /// Keeps the memory of results that were handed to the algebra.
    #[inline]
    pub(super) fn recycle(&mut self, results: Results<A::Result>) {
        self.spare.push(results.cleared());
    }

    pub(super) fn pop(&mut self) -> OpenStop<'w, V, A::Result> {
        let stop = self.stops.pop().expect("the stack is not empty");
        self.begun = self.begun.min(self.stops.len());
        stop
    }

    /// Completes a stop that was taken off the stack, to which the path leads. All its branches
    /// have been folded, or given away.
    pub(super) fn complete(&mut self, mut stop: OpenStop<'w, V, A::Result>) {
        match stop.completion {
            Completion::Call(memo) => {
                let result = self.call(self.path.len(), LazyPlace::of(stop.place), &mut stop.results);
                self.recycle(stop.results);
                match memo {
                    Some(node) => {
                        let copy = self.fold.algebra.copy(&result);
                        self.put_in_memo(node, copy, result);
                    }
                    None => self.deliver(result),
                }
            }
            Completion::Contribute(join) => self.contribute(vec![(join, stop.results)]),
        }
    }

    /// Adds a result to the topmost stop. The path leads to where the result is from.
    fn deliver(&mut self, result: A::Result) {
        let top = self.stops.last_mut().expect("a part lies below each stop");
        top.results.push(&self.path[top.len..], result);
    }

    /// Puts `result` into the memo of a node, to which the path leads, and hands `copy` on to all
    /// who wait for it.
    pub(super) fn put_in_memo(&mut self, node: NodeId, result: A::Result, copy: A::Result) {
        let waiters = self.fold.memos.put(node, result);
        let due = waiters.into_iter().map(|waiter| self.contribution(waiter, &copy)).collect();
        self.deliver(copy);
        self.contribute(due);
    }

    /// The contribution that a waiter waits for.
    fn contribution(&self, waiter: Waiter, result: &A::Result) -> (JoinId, Results<A::Result>) {
        (waiter.join, Results::one(&waiter.suffix, self.fold.algebra.copy(result)))
    }

    /// Contributes results to joins. Joins that are thereby complete are called for, and
    /// contribute in turn.
    ///
    /// The path leads to the divided stop of each join, or to a copy of it in another place, in
    /// folds that see no paths.
    fn contribute(&mut self, mut due: Vec<(JoinId, Results<A::Result>)>) {
        while let Some((id, results)) = due.pop() {
            let Some(mut join) = self.fold.joins.contribute(id, results) else { continue };
            let mut stops = std::mem::take(&mut join.stops);
            let mut below: Option<(A::Result, usize)> = None;
            while let Some(mut stop) = stops.pop() {
                if let Some((result, end)) = below.take() {
                    stop.results.push(&join.suffix[stop.len - join.base..end - join.base], result);
                }
                let path = self.path.get(..stop.len).unwrap_or(&[]);
                let place = LazyPlace::of(stop.place);
                let location = Location::new(path, self.root_len.min(path.len()), place);
                let result = self.fold.algebra.call(&location, stop.results.branches());
                self.calls += 1;
                if let Completion::Call(Some(node)) = stop.completion {
                    let waiters = self.fold.memos.put(node, self.fold.algebra.copy(&result));
                    due.extend(waiters.into_iter().map(|waiter| self.contribution(waiter, &result)));
                }
                below = Some((result, stop.len));
            }
            match join.destination {
                Destination::Join(above) => {
                    let (result, end) = below.expect("only the join of a root has no stops");
                    due.push((above, Results::one(&join.suffix[..end - join.base], result)));
                }
                Destination::Root(root) => {
                    let result = join.into_only();
                    self.fold.roots.lock()[root] = result;
                }
            }
        }
    }
}
