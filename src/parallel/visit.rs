//! The methods of a walk that visit each location.

use super::location::Location;
use super::padded::CachePadded;
use super::pool::{self, Hand};
use super::task::{TaskReader, WalkTask};
use super::visitor::{ParallelVisitor, ParallelVisitorBuilder, WalkState};
use super::walk::WalkParallel;
use super::walked::{Stop, Walked};

impl<V: Send + Sync> WalkParallel<'_, V> {
    /// Walks with one visitor for each thread.
    ///
    /// The builder builds all visitors before the first visit.
    ///
    /// Each location is visited once, by one thread, and before all locations below it. Otherwise
    /// the order is unspecified.
    ///
    /// # Panics
    /// Panics if the builder, a visitor, or the drop of a visitor panics.
    ///
    /// # Examples
    /// Each thread has a counter of its own, and adds it to the total at its end:
    /// ```
    /// use std::sync::Mutex;
    /// use bytetrie::PathMap;
    /// use bytetrie::parallel::{Location, ParallelVisitor, ParallelVisitorBuilder, WalkState};
    ///
    /// struct Counter<'s> {
    ///     bytes: usize,
    ///     total: &'s Mutex<usize>,
    /// }
    ///
    /// impl ParallelVisitor<()> for Counter<'_> {
    ///     fn visit(&mut self, location: &Location<'_, ()>) -> WalkState {
    ///         self.bytes += location.path().len();
    ///         WalkState::Continue
    ///     }
    /// }
    ///
    /// impl Drop for Counter<'_> {
    ///     fn drop(&mut self) {
    ///         *self.total.lock().unwrap() += self.bytes;
    ///     }
    /// }
    ///
    /// struct Counters<'s>(&'s Mutex<usize>);
    ///
    /// impl<'s> ParallelVisitorBuilder<'s, ()> for Counters<'s> {
    ///     fn build(&mut self) -> Box<dyn ParallelVisitor<()> + 's> {
    ///         Box::new(Counter { bytes: 0, total: self.0 })
    ///     }
    /// }
    ///
    /// let map: PathMap<()> = [("a", ()), ("bc", ()), ("def", ())].into_iter().collect();
    /// let total = Mutex::new(0);
    /// map.walk_parallel().visit(&mut Counters(&total));
    /// assert_eq!(total.into_inner().unwrap(), 6);
    /// ```
    pub fn visit<'s, B>(&self, builder: &mut B) -> Walked
    where
        B: ParallelVisitorBuilder<'s, V> + ?Sized,
    {
        self.visit_by((0..self.thread_count()).map(|_| builder.build()).collect())
    }

    /// Walks with these visitors, one a thread.
    fn visit_by(&self, visitors: Vec<Box<dyn ParallelVisitor<V> + '_>>) -> Walked {
        let tasks = self.tasks().into_iter().map(|task| (task, ())).collect();
        pool::run(self.rules(), tasks, visitors, |hand, visitor, task| {
            self.perform(hand, &task.0, |reader| visitor.visit_run(reader), |tasks| vec![(); tasks]);
        })
    }

    /// Walks with one closure for each thread.
    ///
    /// `make` makes all closures before the first visit.
    ///
    /// This is [`visit`](Self::visit) for closures. The types of the closures' arguments need not
    /// be written.
    ///
    /// # Panics
    /// Panics if `make` or a closure that it made panics.
    pub fn run<F, P>(&self, mut make: F) -> Walked
    where
        F: FnMut() -> P,
        P: FnMut(&Location<'_, V>) -> WalkState + Send,
    {
        self.visit(&mut make)
    }

    /// Walks with one state for each thread, and returns the states.
    ///
    /// `make` makes all states before the first visit.
    ///
    /// # Panics
    /// Panics if `make` or `visit` panics.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::parallel::WalkState;
    ///
    /// let map: PathMap<u8> = [("a", 1), ("ab", 2), ("b", 3)].into_iter().collect();
    /// let (found, walked) = map.walk_parallel().run_with(Vec::new, |found, location| {
    ///     found.push(location.path().to_vec());
    ///     if location.path() == b"a" { WalkState::Skip } else { WalkState::Continue }
    /// });
    /// let mut found = found.concat();
    /// found.sort();
    /// assert_eq!(found, [b"a", b"b"]);
    /// assert!(walked.complete);
    /// ```
    pub fn run_with<S, I, F>(&self, mut make: I, visit: F) -> (Vec<S>, Walked)
    where
        I: FnMut() -> S,
        F: Fn(&mut S, &Location<'_, V>) -> WalkState + Sync,
        S: Send,
    {
        // States in one cache line would be taken from the other threads at each visit that writes
        // to one of them.
        let mut states: Vec<_> = (0..self.thread_count()).map(|_| CachePadded::new(make())).collect();
        let visit = &visit;
        let visitor = |state| -> Box<dyn ParallelVisitor<V> + '_> {
            let state: &mut CachePadded<S> = state;
            Box::new(move |location: &Location<'_, V>| visit(state, location))
        };
        let walked = self.visit_by(states.iter_mut().map(visitor).collect());
        (states.into_iter().map(CachePadded::into_inner).collect(), walked)
    }

    /// Does one task. `go` visits until the reader pauses. `tags` makes what accompanies the tasks
    /// that are given away, given their number, in path order.
    pub(super) fn perform<G>(
        &self,
        hand: &mut Hand<'_, (WalkTask, G)>,
        task: &WalkTask,
        mut go: impl FnMut(&mut TaskReader<'_, V>),
        tags: impl Fn(usize) -> Vec<G>,
    ) {
        let mut reader = TaskReader::new(self.walk_roots(), task, self.scope(), hand.stopped());
        loop {
            let granted = hand.visits_left();
            reader.grant(granted);
            go(&mut reader);
            hand.visits_made(granted - reader.visits_left());
            if reader.has_quit() {
                hand.stop(Stop::Quit);
            }
            if reader.is_done() || hand.is_stopped() {
                return;
            }
            let wanted = hand.look();
            if wanted > 0 {
                let tasks = reader.divide(wanted);
                let tags = tags(tasks.len());
                // The task that was given last comes back first, if nobody takes it. So they come
                // back in path order.
                hand.give(tasks.into_iter().zip(tags).rev());
            }
        }
    }
}
