//! Maps in files: saving and loading.
//!
//! [`PathMap::save`](crate::PathMap::save) writes a map to any writer, and
//! [`PathMap::load`](crate::PathMap::load) reads it from any reader.
//! [`save_to`](crate::PathMap::save_to) and [`load_from`](crate::PathMap::load_from) do so for
//! files; a file is replaced as a whole or not at all. For a source that may be hostile,
//! [`load_within`](crate::PathMap::load_within) takes [`Limits`].
//!
//! The type of the values implements [`Stored`], which tells the [`Form`] in which they are
//! written: [`Fixed`], [`Bytes`] or [`Text`]. All errors are [`FileError`]s.
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

// Reading order: `error` and `stored` have what users see. `header` and `record` are the format.
// `output` and `input` move bytes, `build` makes nodes of records, and `save`, `load` and
// `build_at` walk over nodes and records.

mod build;
mod build_at;
mod error;
mod header;
mod input;
mod limits;
mod load;
#[cfg(test)]
mod log_tests;
mod output;
#[cfg_attr(not(test), expect(dead_code, unused_imports, reason = "the readers in place are built on it"))]
mod record;
mod save;
mod store;
mod stored;

pub use error::{Damage, FileError};
pub use limits::Limits;
pub use store::{
    CommitId, CommitInfo, Commits, Durability, DurableMap, NewCommit, Recovery, Store, StoreReader,
};
pub use stored::{Bytes, Fixed, Form, Kind, Stored, Text};
