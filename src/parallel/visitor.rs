//! Visitors, and what makes them.

use super::location::Location;
use super::padded::CachePadded;
use super::run::Run;

/// What a visitor answers: how the walk goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WalkState {
    /// It goes on.
    Continue,
    /// It goes on, and leaves out what is below this location.
    Skip,
    /// It ends: every other thread makes at most one more visit.
    Quit,
}

impl WalkState {
    /// True iff this is `Continue`.
    #[must_use]
    pub fn is_continue(&self) -> bool {
        *self == Self::Continue
    }

    /// True iff this is `Quit`.
    #[must_use]
    pub fn is_quit(&self) -> bool {
        *self == Self::Quit
    }
}

/// Visits locations on one thread, with a state of its own that needs no lock.
///
/// It is dropped on the thread that it worked on, when nothing is left to visit: a place to hand in what it has
/// gathered. A closure that takes a [`Location`] and returns a [`WalkState`] is a visitor.
pub trait ParallelVisitor<V>: Send {
    /// Called for each location that this thread comes to.
    fn visit(&mut self, location: &Location<'_, V>) -> WalkState;

    /// Visits one location after another while there is nothing else to do.
    ///
    /// Provided, so that it is compiled for each visitor: the call by way of the vtable is one for many visits. Nobody
    /// else can write it, since nobody else can name its argument.
    #[doc(hidden)]
    #[inline]
    fn visit_run(&mut self, run: &mut Run<'_, V>) {
        while run.advance() {
            match self.visit(&run.location()) {
                WalkState::Continue => {}
                WalkState::Skip => run.skip(),
                WalkState::Quit => return run.quit(),
            }
        }
    }
}

impl<V, F> ParallelVisitor<V> for F
where
    F: FnMut(&Location<'_, V>) -> WalkState + Send,
{
    #[inline]
    fn visit(&mut self, location: &Location<'_, V>) -> WalkState {
        self(location)
    }
}

/// Builds a visitor for each thread of a walk.
///
/// All are built on the calling thread before the first visit. `'s` is how long what the visitors borrow lives. A closure
/// that returns a visitor, a closure for one, is a builder.
pub trait ParallelVisitorBuilder<'s, V> {
    /// Builds one visitor.
    fn build(&mut self) -> Box<dyn ParallelVisitor<V> + 's>;
}

impl<'s, V, F, P> ParallelVisitorBuilder<'s, V> for F
where
    F: FnMut() -> P,
    P: ParallelVisitor<V> + 's,
{
    fn build(&mut self) -> Box<dyn ParallelVisitor<V> + 's> {
        Box::new(Apart(CachePadded::new(self())))
    }
}

/// A visitor in cache lines of its own: one that counts writes to itself at each visit, and those of several threads are
/// built one after another.
struct Apart<P>(CachePadded<P>);

impl<V, P: ParallelVisitor<V>> ParallelVisitor<V> for Apart<P> {
    #[inline]
    fn visit(&mut self, location: &Location<'_, V>) -> WalkState {
        self.0.visit(location)
    }

    #[inline]
    fn visit_run(&mut self, run: &mut Run<'_, V>) {
        self.0.visit_run(run);
    }
}
