//! What a map of a directory tree holds: the paths of entries as its keys, and what is known of
//! them as its values.
//!
//! A key is the path with a zero byte for each slash. A name may hold any byte but these two, so
//! nothing is lost; and zero comes before all of them, so the order of bytes is the order of
//! components: what is in a directory follows it at once. By slashes it would not. `a-b` and `a.b`
//! come before `a/b`, since `-` and `.` come before `/`:
//!
//! ```text
//! by slashes      a   a-b   a.b   a/b   a/c   a0
//! by zero bytes   a   a/b   a/c   a-b   a.b   a0
//! ```
//!
//! With either byte all that is below a directory is one subtrie: what begins with its path and a
//! separator.
//!
//! In front of the path stands the number of the root that the entry was found below, in four
//! bytes. One directory may be given twice, in two spellings or within another root; what was
//! found below each is a subtrie by itself.

use std::borrow::Cow;
use std::path::{MAIN_SEPARATOR, Path};

use bytetrie::algebra::{AlgebraicResult, COUNTER_IDENT, Lattice, SELF_IDENT};

/// Stands between the components of a key.
pub const SEPARATOR: u8 = 0;

/// How many bytes of a key say which root it lies below.
pub const ROOT: usize = 4;

/// Appends the key of the entry at this path below the root of this number.
pub fn add_key(root: usize, path: &[u8], key: &mut Vec<u8>) {
    // No byte of the number is a separator.
    key.extend([255 * 255 * 255, 255 * 255, 255, 1].map(|unit| (root / unit % 255) as u8 + 1));
    key.extend(path.iter().map(|&byte| if byte == MAIN_SEPARATOR as u8 { SEPARATOR } else { byte }));
}

/// Appends the path of the entry at this key.
pub fn add_path(key: &[u8], path: &mut Vec<u8>) {
    path.extend(key[ROOT..].iter().map(|&byte| if byte == SEPARATOR { MAIN_SEPARATOR as u8 } else { byte }));
}

/// The bytes of a path: on Unix those that the system knows it by.
pub fn bytes_of(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// The path of these bytes.
#[cfg(unix)]
pub fn path_of(bytes: &[u8]) -> Cow<'_, Path> {
    use std::os::unix::ffi::OsStrExt;
    Cow::Borrowed(Path::new(std::ffi::OsStr::from_bytes(bytes)))
}

/// The path of these bytes, which are those of another path, or a part of it.
#[cfg(not(unix))]
pub fn path_of(bytes: &[u8]) -> Cow<'_, Path> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(path) => Cow::Borrowed(Path::new(path)),
        Cow::Owned(path) => Cow::Owned(path.into()),
    }
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Directory,
    Link,
    /// A device, a pipe, a socket.
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

/// What is known of an entry. 24 bytes, which lie in the nodes of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Its length in bytes.
    pub size: u64,
    /// When it was modified: whole seconds since 1970, rounded down.
    pub seconds: i64,
    /// And what is left of a second.
    pub nanoseconds: u32,
    pub kind: Kind,
    /// It is another name of a file that is counted elsewhere.
    pub again: bool,
}

impl Meta {
    /// An entry of which nothing but its kind was asked.
    pub fn unknown(kind: Kind) -> Self {
        Self { size: 0, seconds: 0, nanoseconds: 0, kind, again: false }
    }

    /// What the entry adds to the size of a directory. The length of a directory itself says
    /// nothing of what is in it, so an outline does not ask for it: there the size of a directory
    /// is that of the files in it that are not listed.
    pub fn counted(&self) -> u64 {
        if self.again { 0 } else { self.size }
    }
}

/// Which file an entry names, on this system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    pub device: u64,
    pub inode: u64,
}

/// What the system says of an entry.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub meta: Meta,
    pub id: Id,
    /// How many names the file has.
    pub names: u64,
}

/// What is met in a directory, one after the other.
pub enum Listed<'a> {
    /// A name, and the kind of its entry if the directory tells it.
    Name(&'a [u8], Option<Kind>),
    /// The system is going to be asked for more, or there is no more.
    Pause,
}

/// Two threads find the same entry only if it was moved between two of their directories
/// meanwhile. Either finding will do.
impl Lattice for Meta {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(if self == other { SELF_IDENT | COUNTER_IDENT } else { SELF_IDENT })
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        self.pjoin(other)
    }
}
