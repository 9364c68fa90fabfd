//! What a walk may know before it comes there.

use super::build::Outcome;
use crate::node::{Key, Place, Shared};

/// What places have become that were combined ahead of the walk. It decides how long the walk
/// takes, and never its result.
pub(crate) trait KnownResults<V> {
    /// What two places become, if that is known.
    fn pair(&self, places: [Place<'_, V>; 2]) -> Option<Outcome<Shared<V>>>;

    /// What more than two places become by a join, if that is known: [`Outcome::Same`] names those
    /// that the result equals.
    fn group(&self, keys: impl FnOnce() -> Vec<Key>) -> Option<Outcome<Shared<V>>>;
}

/// Nothing is known.
#[derive(Clone, Copy)]
pub(super) struct Nothing;

impl<V> KnownResults<V> for Nothing {
    #[inline(always)]
    fn pair(&self, _: [Place<'_, V>; 2]) -> Option<Outcome<Shared<V>>> {
        None
    }

    #[inline(always)]
    fn group(&self, _: impl FnOnce() -> Vec<Key>) -> Option<Outcome<Shared<V>>> {
        None
    }
}
