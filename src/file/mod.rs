//! Maps in files: saving, writing, loading, and reading in place.
//!
//! [`PathMap::save`](crate::PathMap::save) writes a map to any writer, and
//! [`PathMap::load`](crate::PathMap::load) reads it from any reader.
//! [`save_to`](crate::PathMap::save_to) and [`load_from`](crate::PathMap::load_from) do so for
//! files; a file is replaced as a whole or not at all. For a source that may be hostile,
//! [`load_within`](crate::PathMap::load_within) takes [`Limits`]. A [`Writer`] writes such files
//! from sorted entries or from zippers, without a map in memory.
//!
//! A [`Packed`] trie is a file that is read in place, without loading it. It is opened from bytes
//! or a mapped file (feature `mmap`) in O(1), or from a file by reading its bytes. It has look-ups,
//! iterators and searches, and a zipper with every trait that only reads.
//!
//! The type of the values implements [`Stored`], which tells the [`Form`] in which they are
//! written: [`Fixed`], [`Bytes`], [`Text`], or `Encoded` by serde (feature `serde`). All errors are
//! [`FileError`]s.
//!
//! Whole nodes are written and read. So a file takes little more than the bytes of its nodes,
//! loading is far faster than inserting, and nodes that are shared are written once. The chapter
//! [`files`](crate::guide::files) of the guide defines the format to the byte, and lists what it
//! promises.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::file::FileError;
//!
//! let map = PathMap::from([("romane", "a town".to_string()), ("romanus", "a name".to_string())]);
//! let mut bytes = Vec::new();
//! map.save(&mut bytes)?;
//! assert_eq!(PathMap::load(&bytes[..])?, map);
//!
//! // Damage is found.
//! bytes[70] ^= 1;
//! assert!(matches!(PathMap::<String>::load(&bytes[..]), Err(FileError::Damaged(_))));
//! # Ok::<(), FileError>(())
//! ```

// Reading order: `error`, `stored` and `info` have what users see. `header` and `record` are the
// format.
// `output` and `input` move bytes, `replace` puts files in the place of others, `build` makes nodes
// of records, `counts` counts what they have, and `save`, `load` and `build_at` walk over nodes and
// records. `writer` makes records of entries, `packed` reads records in place, and `store` appends
// commits to a file.

mod build;
mod build_at;
mod counts;
#[cfg(feature = "serde")]
mod encoded;
mod error;
mod header;
mod info;
mod input;
mod limits;
mod load;
#[cfg(test)]
mod log_tests;
mod output;
mod packed;
mod record;
mod replace;
mod save;
mod store;
mod stored;
mod writer;

#[cfg(feature = "serde")]
pub use encoded::Encoded;
pub use error::{Damage, FileError, Unencodable};
pub use info::{CommitId, CommitInfo};
pub use limits::Limits;
pub use packed::{
    Data, Packed, PackedCommits, PackedIter, PackedMatches, PackedPrefixesOf, PackedWitness, PackedZipper,
    PackedZipperOwned,
};
#[cfg(feature = "testing")]
pub(crate) use store::open_in_memory;
pub use store::{Commits, Durability, DurableMap, NewCommit, Recovery, Store, StoreReader, Tail};
pub use stored::{Bytes, Fixed, Form, InPlace, Kind, Stored, Text, content_hash};
pub use writer::{Finished, Writer, WriterOptions};
