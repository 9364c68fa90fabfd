//! Limits on what is loaded.

use super::error::FileError;

/// Limits on what is loaded from a source that is not trusted; see
/// [`PathMap::load_within`](crate::PathMap::load_within).
///
/// Without limits, loading is safe on any bytes too: it needs memory in proportion to the bytes
/// that the source yields, and what it cannot read is an error. But the source may yield bytes
/// without end. And since nodes can be shared, a small file can hold a map of very many paths: each
/// of 60 nodes that lead to the next one by two bytes doubles their number. Such a map is not
/// large, but a program that visits all its paths does not end.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::file::{FileError, Limits};
///
/// let mut bytes = Vec::new();
/// PathMap::from([("romane", 1u32), ("romanus", 2)]).save(&mut bytes)?;
///
/// let limits = Limits::new().bytes(1 << 20).values(1000);
/// let map = PathMap::<u32>::load_within(&bytes[..], limits)?;
/// assert_eq!(map.len(), 2);
///
/// let error = PathMap::<u32>::load_within(&bytes[..], limits.values(1)).unwrap_err();
/// assert!(matches!(error, FileError::LimitExceeded { limit: "values", .. }));
/// # Ok::<(), FileError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    bytes: u64,
    nodes: u64,
    values: u64,
    path_len: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

impl Limits {
    /// Creates limits that nothing exceeds.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: u64::MAX, nodes: u64::MAX, values: u64::MAX, path_len: u64::MAX }
    }

    /// Sets the number of bytes that are read, and that of the bytes in values of more than a
    /// kilobyte. A file of several commits can have such a value in many places.
    #[must_use]
    pub const fn bytes(self, bytes: u64) -> Self {
        Self { bytes, ..self }
    }

    /// Sets the number of nodes that are in memory at the same time. A node takes at most four
    /// kilobytes, and what its values take.
    #[must_use]
    pub const fn nodes(self, nodes: u64) -> Self {
        Self { nodes, ..self }
    }

    /// Sets the number of values in the map, as [`PathMap::val_count`](crate::PathMap::val_count)
    /// counts them: a value in a shared node counts once for each path that leads to it.
    #[must_use]
    pub const fn values(self, values: u64) -> Self {
        Self { values, ..self }
    }

    /// Sets the length of the longest path, in bytes.
    #[must_use]
    pub const fn path_len(self, path_len: u64) -> Self {
        Self { path_len, ..self }
    }

    /// True iff the lengths of paths need not be known.
    pub(crate) fn has_any_path_len(&self) -> bool {
        self.path_len == u64::MAX
    }

    pub(crate) fn check_bytes(&self, found: u64) -> Result<(), FileError> {
        check("bytes", self.bytes, found)
    }

    pub(crate) fn check_nodes(&self, found: u64) -> Result<(), FileError> {
        check("nodes", self.nodes, found)
    }

    pub(crate) fn check_values(&self, found: u64) -> Result<(), FileError> {
        check("values", self.values, found)
    }

    pub(crate) fn check_path_len(&self, found: u64) -> Result<(), FileError> {
        check("path_len", self.path_len, found)
    }
}

/// Fails if there is more than the limit allows.
fn check(limit: &'static str, value: u64, found: u64) -> Result<(), FileError> {
    if found > value { Err(FileError::LimitExceeded { limit, value }) } else { Ok(()) }
}
