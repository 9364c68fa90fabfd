//! Visitors, and the builders that make them.

use super::location::Location;
use super::padded::CachePadded;
use super::task::TaskReader;

/// How a walk goes on after a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WalkState {
    /// The walk goes on.
    Continue,
    /// The walk goes on, but visits nothing below this location.
    Skip,
    /// The walk ends. Every other thread makes at most one more visit.
    Quit,
}

impl WalkState {
    /// Returns true iff this is `Continue`.
    #[must_use]
    pub fn is_continue(&self) -> bool {
        *self == Self::Continue
    }

    /// Returns true iff this is `Quit`.
    #[must_use]
    pub fn is_quit(&self) -> bool {
        *self == Self::Quit
    }
}

/// A visitor of locations on one thread.
///
/// A visitor's own state needs no lock.
///
/// When nothing is left to visit, a visitor is dropped on the thread that it worked on. So its
/// `drop` can hand in what it has gathered. A closure that takes a [`Location`] and returns a
/// [`WalkState`] is a visitor.
pub trait ParallelVisitor<V>: Send {
    /// Visits a location.
    fn visit(&mut self, location: &Location<'_, V>) -> WalkState;

    /// Visits one location after another while there is nothing else to do.
    ///
    /// It is a method of the trait so that it is compiled for each visitor, and one call through
    /// the vtable makes many visits. Only this crate can override it, since only this crate can
    /// name its argument.
    #[doc(hidden)]
    #[inline]
    fn visit_run(&mut self, reader: &mut TaskReader<'_, V>) {
        while reader.advance() {
            match self.visit(&reader.location()) {
                WalkState::Continue => {}
                WalkState::Skip => reader.skip(),
                WalkState::Quit => return reader.quit(),
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

/// A builder of visitors, one for each thread of a walk.
///
/// All visitors are built on the calling thread before the first visit. `'s` is the lifetime of
/// the data that the visitors borrow. A closure that returns a visitor is a builder.
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

/// A visitor in cache lines of its own. The visitors of several threads are built one after
/// another, and one that counts writes to itself at each visit.
struct Apart<P>(CachePadded<P>);

impl<V, P: ParallelVisitor<V>> ParallelVisitor<V> for Apart<P> {
    #[inline]
    fn visit(&mut self, location: &Location<'_, V>) -> WalkState {
        self.0.visit(location)
    }

    #[inline]
    fn visit_run(&mut self, reader: &mut TaskReader<'_, V>) {
        self.0.visit_run(reader);
    }
}
