//! What a peer must be able to do, and what it may not be able to do.

use crate::keys::Shape;

/// A value that can be made from a number.
pub(crate) trait Value: Clone + Send + Sync + Unpin + 'static {
    /// The value for the `i`-th key.
    fn nth(i: usize) -> Self;
}

impl Value for u64 {
    fn nth(i: usize) -> Self {
        i as u64
    }
}

impl Value for () {
    fn nth(_: usize) -> Self {}
}

/// How a peer needs its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As they are.
    Plain,
    /// With a zero byte at the end, so that no key is a prefix of another.
    Terminated,
}

/// A map from bytes to values under measurement.
///
/// The required methods are what every map has. The others return None where the peer has no such
/// operation.
pub(crate) trait Peer<V: Value>: Sized {
    /// The name in the tables.
    const NAME: &'static str;

    /// How it needs keys of this shape; None if it cannot hold them.
    fn form(_shape: &Shape) -> Option<Form> {
        Some(Form::Plain)
    }

    /// The empty map.
    fn new() -> Self;

    /// Inserts; true iff the key was new.
    fn insert(&mut self, key: &[u8], value: V) -> bool;

    /// Looks up.
    fn get(&self, key: &[u8]) -> Option<&V>;

    /// Removes; true iff the key was there.
    fn remove(&mut self, key: &[u8]) -> bool;

    /// Visits every key, in order where the peer has one; returns their number.
    fn iterate(&self) -> usize;

    /// A copy that can be edited without changing the original.
    fn fork(&self) -> Self;

    /// Visits every location by single steps, depth first; returns their number.
    fn walk(&self) -> Option<usize> {
        None
    }

    /// Counts the values by visiting what has to be visited.
    fn val_count(&self) -> Option<usize> {
        None
    }
}
