//! The errors of files: each tells what the caller can do about it.

use std::fmt;
use std::io;

/// The error if bytes cannot be read as a trie, or a trie cannot be written.
///
/// | error | what to do |
/// |---|---|
/// | [`Io`](Self::Io) | as for any file: check the path, the permissions, the space left |
/// | [`NotATrie`](Self::NotATrie) | the bytes are something else; nothing in them is lost |
/// | [`NewerVersion`](Self::NewerVersion) | read the file with a newer version of this crate |
/// | [`WrongType`](Self::WrongType) | open the file with the type of values that it was written with |
/// | [`Damaged`](Self::Damaged) | restore the file from a copy, or open an older commit |
/// | [`LimitExceeded`](Self::LimitExceeded) | if the source is trusted, raise the limit |
/// | [`OutOfOrder`](Self::OutOfOrder) | sort the entries, or skip this one and continue |
/// | [`Unencodable`](Self::Unencodable) | change the type, or how serde encodes it |
/// | [`Locked`](Self::Locked) | wait for the other writer, or open the file for reading |
/// | [`Poisoned`](Self::Poisoned) | begin a new file; drop the store and open it again |
/// | [`NoSuchCommit`](Self::NoSuchCommit) | choose one of the commits that the file has |
/// | [`OtherHistory`](Self::OtherHistory) | make a new copy |
#[derive(Debug)]
#[non_exhaustive]
pub enum FileError {
    /// The operating system refuses to read or write.
    Io(io::Error),
    /// The bytes do not begin as a file of this format does.
    NotATrie {
        /// The first bytes, at most eight.
        found: Vec<u8>,
    },
    /// The file was written in a version of the format that this version of the crate does not
    /// know.
    NewerVersion {
        /// The version of the file.
        found: u16,
        /// The newest version that can be read.
        newest: u16,
    },
    /// The file holds values of another type.
    WrongType {
        /// The type of the values in the file.
        stored: String,
        /// The type that they were to be read as.
        wanted: String,
    },
    /// The bytes violate the format.
    Damaged(Damage),
    /// A limit of [`Limits`](super::Limits) is exceeded.
    LimitExceeded {
        /// The name of the limit.
        limit: &'static str,
        /// Its value.
        value: u64,
    },
    /// A path that was pushed to a [`Writer`](super::Writer) is not greater than the one before.
    OutOfOrder {
        /// The path that was refused.
        path: Vec<u8>,
        /// The path that was pushed before.
        last: Vec<u8>,
    },
    /// A value cannot be encoded, or not in a way that can be decoded again; see `Encoded` (feature
    /// `serde`).
    Unencodable(Unencodable),
    /// Another store has the file open for writing.
    Locked,
    /// An earlier call of the [`Writer`](super::Writer) failed or panicked, so its file cannot be
    /// finished; or an earlier operation of the [`Store`](super::Store) failed in a way that leaves
    /// unknown which bytes are durable.
    Poisoned,
    /// The file has no commit with this id.
    NoSuchCommit,
    /// A tail does not continue what the store holds.
    OtherHistory,
}

/// The place at which bytes violate the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    offset: u64,
    expected: &'static str,
    found: Option<u64>,
}

impl Damage {
    pub(crate) fn new(offset: u64, expected: &'static str) -> Self {
        Self { offset, expected, found: None }
    }

    /// Adds the number that is there instead.
    pub(crate) fn found(self, found: impl Into<u64>) -> Self {
        Self { found: Some(found.into()), ..self }
    }

    /// Returns the offset from the beginning of the file, in bytes.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns what should be at the offset.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// Returns the number that is at the offset instead, if the rule is about a number.
    #[must_use]
    pub fn found_number(&self) -> Option<u64> {
        self.found
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "damaged at byte {}: expected {}", self.offset, self.expected)?;
        match self.found {
            Some(found) => write!(f, ", found {found}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Damage {}

/// A value that cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unencodable {
    pub(crate) type_name: &'static str,
    pub(crate) reason: String,
}

impl fmt::Display for Unencodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value of type `{}` cannot be encoded: {}", self.type_name, self.reason)
    }
}

impl std::error::Error for Unencodable {}

/// A path in a message, which shows only the beginning of a long one.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(path) = self;
        match path.get(..Self::LONGEST) {
            Some(first) => write!(f, "`{}…` ({} bytes)", first.escape_ascii(), path.len()),
            None => write!(f, "`{}`", path.escape_ascii()),
        }
    }
}

impl Shown<'_> {
    const LONGEST: usize = 100;
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::NotATrie { found } if found.is_empty() => f.write_str("not a trie: the file is empty"),
            Self::NotATrie { found } => write!(f, "not a trie: it begins with {}", found.escape_ascii()),
            Self::NewerVersion { found, newest } => {
                write!(f, "version {found} of the format, but only versions up to {newest} are known")
            }
            Self::WrongType { stored, wanted } => write!(f, "the values are `{stored}`, not `{wanted}`"),
            Self::Damaged(damage) => damage.fmt(f),
            Self::Unencodable(value) => value.fmt(f),
            Self::Locked => f.write_str("another store has the file open for writing"),
            Self::NoSuchCommit => f.write_str("the file has no such commit"),
            Self::OtherHistory => f.write_str("the tail does not continue the history of this store"),
            Self::LimitExceeded { limit, value } => {
                write!(f, "more than the limit `{limit}` of {value} allows")
            }
            Self::OutOfOrder { path, last } if path == last => {
                write!(f, "the path {} was pushed twice", Shown(path))
            }
            Self::OutOfOrder { path, last } => {
                write!(f, "the path {} was pushed after {}", Shown(path), Shown(last))
            }
            Self::Poisoned => {
                f.write_str("an earlier operation failed; begin a new file, or open the store again")
            }
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Damaged(damage) => Some(damage),
            Self::Unencodable(value) => Some(value),
            _ => None,
        }
    }
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        error.downcast().map_or_else(Self::Io, Self::Unencodable)
    }
}

impl From<Damage> for FileError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}
