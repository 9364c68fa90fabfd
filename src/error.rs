//! The errors of heads, of searches and of paths as text. Each error names its cause, and the
//! documentation of its type tells how to proceed.

use std::fmt;

/// The kind of a zipper that holds a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ZipperKind {
    /// A zipper that only reads.
    Reader,
    /// A zipper that may write.
    Writer,
}

impl ZipperKind {
    fn noun(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Writer => "writer",
        }
    }
}

/// The error if a zipper cannot be made because another zipper, or an earlier request for one,
/// excludes it.
///
/// Drop the zipper at [`path`](Self::path), or wait for it with one of the `…_timeout` or
/// `…_async` calls, and try again.
#[derive(Clone, PartialEq, Eq)]
pub struct Conflict {
    wanted: (Box<[u8]>, ZipperKind),
    blocking: (Box<[u8]>, ZipperKind),
    /// Whether the obstacle is a waiting request, and not a living zipper.
    waits: bool,
    /// Whether the call did not wait because a value's clone made it.
    within: bool,
}

impl Conflict {
    pub(crate) fn living(path: &[u8], kind: ZipperKind, held: &[u8], holder: ZipperKind) -> Self {
        let (wanted, blocking) = ((path.into(), kind), (held.into(), holder));
        Self { wanted, blocking, waits: false, within: false }
    }

    pub(crate) fn waiting(path: &[u8], kind: ZipperKind, asked: &[u8], asking: ZipperKind) -> Self {
        Self { waits: true, ..Self::living(path, kind, asked, asking) }
    }

    /// Marks this as the error of a call that did not wait because a value's clone made it.
    pub(crate) fn within(self) -> Self {
        Self { within: true, ..self }
    }

    /// Returns the root of the zipper or request that is in the way, as a path from the head.
    #[must_use]
    pub fn path(&self) -> &[u8] {
        &self.blocking.0
    }

    /// Returns whether the zipper or request that is in the way is a reader or a writer.
    #[must_use]
    pub fn kind(&self) -> ZipperKind {
        self.blocking.1
    }

    /// Returns the root of the zipper that was requested, as a path from the head.
    #[must_use]
    pub fn wanted_path(&self) -> &[u8] {
        &self.wanted.0
    }

    /// Returns whether a reader or a writer was requested.
    #[must_use]
    pub fn wanted_kind(&self) -> ZipperKind {
        self.wanted.1
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind().noun();
        let what = if self.waits { "an earlier request for a" } else { "a living" };
        let (path, wanted) = (self.path().escape_ascii(), self.wanted_path().escape_ascii());
        let wanted_kind = self.wanted_kind().noun();
        write!(f, "{what} {kind} at \"{path}\" excludes a {wanted_kind} at \"{wanted}\"")?;
        if self.within {
            f.write_str(", and a call from within a value's clone does not wait")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Conflict {
    /// Writes the text of `Display`, since a failed `unwrap` prints this.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Conflict({self})")
    }
}

impl std::error::Error for Conflict {}

/// The error if an automaton was requested for an edit distance that is too large.
///
/// Request a distance of at most [`most`](Self::most).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevenshteinError {
    distance: u32,
    most: u32,
}

impl LevenshteinError {
    pub(crate) fn new(distance: u32, most: u32) -> Self {
        Self { distance, most }
    }

    /// Returns the distance that was requested.
    #[must_use]
    pub fn distance(&self) -> u32 {
        self.distance
    }

    /// Returns the largest distance that is supported.
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

/// The error if a DFA was compiled in a way that cannot be used over paths.
#[cfg(feature = "regex")]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DfaError {
    /// The DFA lacks the start state that is needed: an anchored one for whole paths, an
    /// unanchored one for parts of paths. Compile it with `StartKind::Both`.
    Start,
    /// The DFA quits when it reads this byte. Compile it without the heuristic Unicode word
    /// boundary, and without quit bytes of your own.
    Quits(u8),
}

#[cfg(feature = "regex")]
impl fmt::Display for DfaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("the DFA was compiled without the start state that is needed"),
            Self::Quits(byte) => write!(f, "the DFA quits at the byte {byte:#04x}"),
        }
    }
}

#[cfg(feature = "regex")]
impl std::error::Error for DfaError {}

/// The error if a text is not the escaped form of a path.
///
/// Write a backslash that belongs to the path as `\\`.
#[cfg(feature = "serde")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscapeError {
    text: Box<str>,
    position: usize,
}

#[cfg(feature = "serde")]
impl EscapeError {
    pub(crate) fn new(text: &str, position: usize) -> Self {
        Self { text: text.into(), position }
    }

    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the position, in bytes, of the backslash that begins no escape.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }
}

#[cfg(feature = "serde")]
impl fmt::Display for EscapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, position } = self;
        write!(f, "the backslash at byte {position} of the path {text:?} begins neither `\\\\` nor `\\xHH`")
    }
}

#[cfg(feature = "serde")]
impl std::error::Error for EscapeError {}
