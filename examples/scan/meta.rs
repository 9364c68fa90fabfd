//! What a map of a directory tree holds: the paths of entries as its keys, and what is known of them as its values.
//!
//! A key is the path with a zero byte for each slash. A name may hold any byte but these two, so nothing is lost; and
//! zero comes before all of them, so the order of bytes is the order of components: what is in a directory follows it at
//! once. By slashes it would not. `a-b` and `a.b` come before `a/b`, since `-` and `.` come before `/`:
//!
//! ```text
//! by slashes      a   a-b   a.b   a/b   a/c   a0
//! by zero bytes   a   a/b   a/c   a-b   a.b   a0
//! ```
//!
//! With either byte all that is below a directory is one subtrie: what begins with its path and a separator.

use std::fs::{FileType, Metadata};
use std::path::{MAIN_SEPARATOR, Path};
use std::time::{SystemTime, UNIX_EPOCH};

use bytetrie::algebra::{AlgebraicResult, COUNTER_IDENT, Lattice, SELF_IDENT};

/// Stands between the components of a key.
pub(crate) const SEPARATOR: u8 = 0;

/// Appends the key of the entry at this path.
pub(crate) fn add_key(path: &[u8], key: &mut Vec<u8>) {
    key.extend(path.iter().map(|&byte| if byte == MAIN_SEPARATOR as u8 { SEPARATOR } else { byte }));
}

/// Appends the path of the entry at this key.
pub(crate) fn add_path(key: &[u8], path: &mut Vec<u8>) {
    path.extend(key.iter().map(|&byte| if byte == SEPARATOR { MAIN_SEPARATOR as u8 } else { byte }));
}

/// The bytes of a path: on Unix those that the system knows it by.
pub(crate) fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Directory,
    Link,
    /// A device, a pipe, a socket.
    Other,
}

impl Kind {
    pub(crate) fn of(file_type: FileType) -> Self {
        if file_type.is_file() {
            Self::File
        } else if file_type.is_dir() {
            Self::Directory
        } else if file_type.is_symlink() {
            Self::Link
        } else {
            Self::Other
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::Other => "other",
        }
    }
}

/// What is known of an entry. 24 bytes, which lie in the nodes of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meta {
    /// Its length in bytes.
    pub(crate) size: u64,
    /// When it was modified: whole seconds since 1970, rounded down.
    pub(crate) seconds: i64,
    /// And what is left of a second.
    pub(crate) nanoseconds: u32,
    pub(crate) kind: Kind,
}

impl Meta {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        // Not every platform knows the time.
        let (seconds, nanoseconds) = metadata.modified().map_or((0, 0), since_1970);
        Self { size: metadata.len(), seconds, nanoseconds, kind: Kind::of(metadata.file_type()) }
    }

    /// What the entry adds to the size of a directory. The length of a directory itself says nothing of what is in it.
    pub(crate) fn counted(&self) -> u64 {
        if self.kind == Kind::Directory { 0 } else { self.size }
    }
}

fn since_1970(time: SystemTime) -> (i64, u32) {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (after.as_secs() as i64, after.subsec_nanos()),
        Err(before) => match before.duration() {
            whole if whole.subsec_nanos() == 0 => (-(whole.as_secs() as i64), 0),
            part => (-(part.as_secs() as i64) - 1, 1_000_000_000 - part.subsec_nanos()),
        },
    }
}

/// Two threads find the same entry only if it lies below two of the directories that are scanned. Either finding will do.
impl Lattice for Meta {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(if self == other { SELF_IDENT | COUNTER_IDENT } else { SELF_IDENT })
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        self.pjoin(other)
    }
}
