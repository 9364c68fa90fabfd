//! Where a search for an edit ends.

/// Where a key leads from a node's root. An edit consumes it, so that none searches twice.
pub(crate) enum Found {
    /// An entry with a value, whose suffix is the key.
    Value(usize),
    /// A dangling tip, whose suffix is the key.
    Bare(usize),
    /// A child entry, and how much of the key leads to its root.
    Child(usize, usize),
    /// No entry, but there is a place for one.
    Vacant(Vacancy),
}

/// A place for an entry that is not there.
pub(crate) struct Vacancy {
    /// The number that the entry will have.
    pub(super) at: usize,
    /// The node may not hold both the new entry and one that is there: a tip that the key extends, or, in a wide node,
    /// the tail with the same first byte. The insert takes that entry out first.
    pub(super) displaces: bool,
}
