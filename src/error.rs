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
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// Whether that zipper reads or writes.
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
