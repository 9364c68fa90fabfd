//! Results that are computed before a walk.

use super::build::Outcome;
use crate::node::{Key, Place, Shared};

/// Results that are known before a walk. They affect the time of the walk and never its result.
pub(crate) trait KnownResults<V> {
    /// Returns the result for two places, if it is known.
    fn pair(&self, places: [Place<'_, V>; 2]) -> Option<Outcome<Shared<V>>>;

    /// Returns the join of more than two places, if it is known. The mask of [`Outcome::Same`]
    /// names the places that the join equals.
    fn group(&self, keys: impl FnOnce() -> Vec<Key>) -> Option<Outcome<Shared<V>>>;
}

/// No result is known.
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
