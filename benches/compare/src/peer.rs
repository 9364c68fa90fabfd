//! The operations of a peer: required ones, and optional ones.

use crate::keys::Shape;

/// A value that can be created from a number.
pub(crate) trait Value: Clone + Send + Sync + Unpin + 'static {
    /// Returns the value for the `i`-th key.
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

/// The form in which a peer needs its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The keys as they are.
    Plain,
    /// The keys with a zero byte at the end, so that no key is a prefix of another.
    Terminated,
}

/// A map from bytes to values to be measured.
///
/// Every map has the required methods. The others return `None` if the peer has no such operation.
pub(crate) trait Peer<V: Value>: Sized {
    /// The name in the tables.
    const NAME: &'static str;

    /// Returns the form in which the peer needs keys of this shape, or `None` if it cannot hold
    /// them.
    fn form(_shape: &Shape) -> Option<Form> {
        Some(Form::Plain)
    }

    /// Creates an empty map.
    fn new() -> Self;

    /// Inserts a key, and returns true iff it was absent.
    fn insert(&mut self, key: &[u8], value: V) -> bool;

    /// Looks up a key.
    fn get(&self, key: &[u8]) -> Option<&V>;

    /// Removes a key, and returns true iff it was present.
    fn remove(&mut self, key: &[u8]) -> bool;

    /// Visits every key, in order if the peer is ordered, and returns the number of keys.
    fn iterate(&self) -> usize;

    /// Returns a copy that can be edited without changing the original.
    fn fork(&self) -> Self;

    /// Visits every location by single steps, depth first, and returns the number of locations.
    fn walk(&self) -> Option<usize> {
        None
    }

    /// Counts the values.
    fn val_count(&self) -> Option<usize> {
        None
    }
}
