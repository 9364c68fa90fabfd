//! The keys and values of the map of a directory tree: the paths of the entries and their
//! metadata.
//!
//! A key is the path with a zero byte in place of each slash. A name may contain any byte except
//! these two, so the path can be restored. The zero byte comes before all bytes of names, so the
//! order of keys is the order of paths by components: a directory is followed at once by its
//! content. With slashes, `a-b` and `a.b` would come before `a/b`, since `-` and `.` come before
//! `/`:
//!
//! ```text
//! by slashes      a   a-b   a.b   a/b   a/c   a0
//! by zero bytes   a   a/b   a/c   a-b   a.b   a0
//! ```
//!
//! With either byte, everything below a directory is one subtrie, at the directory's path and a
//! separator.
//!
//! The path is preceded by the number of the entry's root, in four bytes. A directory may be
//! scanned twice, if it is given in two spellings or lies within another root. The entries below
//! each root are a separate subtrie.

use std::borrow::Cow;
use std::path::{MAIN_SEPARATOR, Path};

use bytetrie::algebra::{AlgebraicResult, COUNTER_IDENT, Lattice, SELF_IDENT};

/// The separator of the components of a key.
pub const SEPARATOR: u8 = 0;

/// The number of bytes of a key that are the number of its root.
pub const ROOT: usize = 4;

/// Appends the key of the entry at this path, below the root of this number.
pub fn add_key(root: usize, path: &[u8], key: &mut Vec<u8>) {
    // No byte of the number is a separator.
    key.extend([255 * 255 * 255, 255 * 255, 255, 1].map(|unit| (root / unit % 255) as u8 + 1));
    key.extend(path.iter().map(|&byte| if byte == MAIN_SEPARATOR as u8 { SEPARATOR } else { byte }));
}

/// Appends the path of the entry at this key.
pub fn add_path(key: &[u8], path: &mut Vec<u8>) {
    path.extend(key[ROOT..].iter().map(|&byte| if byte == SEPARATOR { MAIN_SEPARATOR as u8 } else { byte }));
}

/// Returns the bytes of a path. On Unix, they are the system's own.
pub fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Returns the path of these bytes.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> Cow<'_, Path> {
    use std::os::unix::ffi::OsStrExt;
    Cow::Borrowed(Path::new(std::ffi::OsStr::from_bytes(bytes)))
}

/// Returns the path of these bytes, which are all or a part of the bytes of another path.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> Cow<'_, Path> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(path) => Cow::Borrowed(Path::new(path)),
        Cow::Owned(path) => Cow::Owned(path.into()),
    }
}

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Directory,
    Link,
    /// A device, a pipe or a socket.
    Other,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Directory => "directory",
            Self::Link => "link",
            Self::Other => "other",
        }
    }
}

/// The metadata of an entry. It takes 24 bytes, which are stored in the nodes of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The length in bytes.
    pub size: u64,
    /// The time of modification, in whole seconds since 1970, rounded down.
    pub seconds: i64,
    /// The fraction of a second of the time of modification.
    pub nanoseconds: u32,
    pub kind: Kind,
    /// The entry is another name of a file that is counted elsewhere.
    pub again: bool,
}

impl Meta {
    /// Returns the metadata of an entry of which only the kind is known.
    pub fn unknown(kind: Kind) -> Self {
        Self { size: 0, seconds: 0, nanoseconds: 0, kind, again: false }
    }

    /// Returns the size that the entry adds to its directory. The length of a directory itself is
    /// unrelated to its content, so an outline does not use it. There, the size of a directory is
    /// that of the files in it that are not listed.
    pub fn counted(&self) -> u64 {
        if self.again { 0 } else { self.size }
    }
}

/// The id of a file on this system. All names of one file have one id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    pub device: u64,
    pub inode: u64,
}

/// The answer of the system about an entry.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub meta: Meta,
    pub id: Id,
    /// The number of names of the file.
    pub names: u64,
}

/// A step of listing a directory.
pub enum Listed<'a> {
    /// A name, and the kind of the entry if the directory stores it.
    Name(&'a [u8], Option<Kind>),
    /// The end of a piece: the next step is a system call, or the end of the directory.
    Pause,
}

/// Two threads find one entry only if it was moved between two of their directories during the
/// scan. Either result may be kept.
impl Lattice for Meta {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(if self == other { SELF_IDENT | COUNTER_IDENT } else { SELF_IDENT })
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        self.pjoin(other)
    }
}
