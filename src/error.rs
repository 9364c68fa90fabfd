//! Every error of the library. Each says what stands in the way and what the caller can do.

use std::fmt;

/// What kind of zipper holds a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ZipperKind {
    /// A zipper that only reads.
    Reader,
    /// A zipper that may write.
    Writer,
}

/// A zipper could not be made because a living one holds a path that excludes it.
///
/// Drop the zipper at [`path`](Self::path), or wait for it with one of the `…_timeout` calls, and try again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    path: Box<[u8]>,
    kind: ZipperKind,
}

impl Conflict {
    pub(crate) fn new(path: &[u8], kind: ZipperKind) -> Self {
        Self { path: path.into(), kind }
    }

    /// The root of the zipper that stands in the way, as a path from the head.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// Whether that zipper reads or writes.
    #[must_use]
    pub fn kind(&self) -> ZipperKind {
        self.kind
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ZipperKind::Reader => "reader",
            ZipperKind::Writer => "writer",
        };
        write!(f, "a living {kind} at \"{}\" excludes a zipper here", self.path.escape_ascii())
    }
}

impl std::error::Error for Conflict {}

/// A Levenshtein automaton was asked for a distance that is too large.
///
/// Ask for [`most`](Self::most) or less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevenshteinError {
    distance: u32,
    most: u32,
}

impl LevenshteinError {
    pub(crate) fn new(distance: u32, most: u32) -> Self {
        Self { distance, most }
    }

    /// The distance that was asked for.
    #[must_use]
    pub fn distance(&self) -> u32 {
        self.distance
    }

    /// The largest that there is.
    #[must_use]
    pub fn most(&self) -> u32 {
        self.most
    }
}

impl fmt::Display for LevenshteinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a distance of {} is too large: the largest is {}", self.distance, self.most())
    }
}

impl std::error::Error for LevenshteinError {}

/// A DFA cannot be used as an automaton over paths, as it was compiled.
#[cfg(feature = "regex")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DfaError {
    /// It cannot start anchored, for whole paths, or unanchored, for parts of them. Compile it with `StartKind::Both`.
    Start,
    /// It gives up where it reads this byte. Compile it without the heuristic Unicode word boundary, and without quit
    /// bytes of your own.
    Quits(u8),
}

#[cfg(feature = "regex")]
impl fmt::Display for DfaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("the DFA was compiled without the start that is asked for"),
            Self::Quits(byte) => write!(f, "the DFA gives up at the byte {byte:#04x}"),
        }
    }
}

#[cfg(feature = "regex")]
impl std::error::Error for DfaError {}
