//! The algebra of a fold: what is called at each stop.

use std::marker::PhantomData;

use super::results::Branches;
use crate::parallel::location::Location;

/// A function from a stop and the results of the stops right below it to the result of the stop.
pub(super) trait Algebra<V>: Sync {
    type Result: Send;

    /// Whether the result of a shared node is the same wherever the node is, so that it can be
    /// copied.
    const SHARED: bool;

    fn call(&self, location: &Location<'_, V>, branches: Branches<'_, Self::Result>) -> Self::Result;

    /// Copies the result of a shared node. It is called only if [`SHARED`](Self::SHARED).
    fn copy(&self, result: &Self::Result) -> Self::Result;
}

/// An algebra that sees the location, and so its path.
pub(super) struct OfLocation<T, F>(F, PhantomData<fn() -> T>);

impl<T, F> OfLocation<T, F> {
    pub(super) fn new(algebra: F) -> Self {
        Self(algebra, PhantomData)
    }
}

impl<V, T, F> Algebra<V> for OfLocation<T, F>
where
    T: Send,
    F: Fn(&Location<'_, V>, Branches<'_, T>) -> T + Sync,
{
    type Result = T;
    const SHARED: bool = false;

    fn call(&self, location: &Location<'_, V>, branches: Branches<'_, T>) -> T {
        (self.0)(location, branches)
    }

    fn copy(&self, _: &T) -> T {
        unreachable!("a result that depends on the path is not copied")
    }
}

/// An algebra that sees the value alone, so that the result of a subtrie does not depend on where
/// the subtrie is.
pub(super) struct OfValue<T, F>(F, PhantomData<fn() -> T>);

impl<T, F> OfValue<T, F> {
    pub(super) fn new(algebra: F) -> Self {
        Self(algebra, PhantomData)
    }
}

impl<V, T, F> Algebra<V> for OfValue<T, F>
where
    T: Clone + Send,
    F: Fn(Option<&V>, Branches<'_, T>) -> T + Sync,
{
    type Result = T;
    const SHARED: bool = true;

    fn call(&self, location: &Location<'_, V>, branches: Branches<'_, T>) -> T {
        (self.0)(location.value(), branches)
    }

    fn copy(&self, result: &T) -> T {
        result.clone()
    }
}
