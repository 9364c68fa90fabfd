//! Tries with `u64` values in files that are read in place, by the names of `pathmap` 0.3.5
//! (feature `arena_compact`).
//!
//! The files that are written here are those of [`file`](mod@crate::file). The files that
//! `pathmap` wrote, which begin with [`ACTree03`](COMPACT_TREE_MAGIC), are read too. Use the
//! module to move a program, or its files. New code can use
//! [`Packed`](crate::file::Packed), [`Writer`](crate::file::Writer) and
//! [`Store`](crate::file::Store), whose values may have other types.
//!
//! | name | what it does here |
//! |---|---|
//! | [`ArenaCompactTree`] | a file that is read in place, of either format |
//! | [`from_zipper`], [`from_zipper_cached`] | makes a file in memory |
//! | [`dump_from_zipper`], [`ACTOutputStream`] | writes a file |
//! | [`merge_zipper_into_file`] | appends a commit to a file |
//! | [`open_mmap`] | reads a file; [`from_data`] takes one that is mapped |
//! | [`ACTZipper`], [`ActIter`] | readers |
//! | [`Node`] and its parts | what the files of `pathmap` consist of |
//!
//! With the feature `nightly` and a nightly compiler, `act_serialization_sink` and
//! `act_serialization_sink_with_vals` return an [`ACTOutputStream`] as a coroutine.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::arena_compact::ArenaCompactTree;
//!
//! let path = std::env::temp_dir().join(format!("bytetrie-act-{}", std::process::id()));
//! let map = PathMap::from([("romane", 1u64), ("romanus", 2), ("rubens", 3)]);
//! ArenaCompactTree::dump_from_zipper(map.read_zipper(), |&value| value, &path)?;
//!
//! let tree = ArenaCompactTree::open_mmap(&path)?; // also a file of `pathmap`
//! assert_eq!(tree.get_val_at("romanus"), Some(2));
//! assert!(tree.iter().eq(map.iter().map(|(path, &value)| (path, value))));
//! # std::fs::remove_file(&path)?;
//! # std::io::Result::Ok(())
//! ```
//!
//! # What differs from pathmap
//! - Damaged files are errors, or what they lead to is absent. `pathmap` panics, or reads beyond
//!   the bytes.
//! - Values are lent soundly: [`ACTZipper`] tells how.
//! - Trees are `Send` and `Sync`.
//! - Files are written beside the old one, and take its place when they are durable.
//! - `pathmap` cannot read the files of this crate.
//! - A tree in a file is in memory as a whole, unless the caller maps the file and promises that
//!   nobody changes it: see [`from_data`].
//!
//! [`from_zipper`]: ArenaCompactTree::from_zipper
//! [`from_zipper_cached`]: ArenaCompactTree::from_zipper_cached
//! [`dump_from_zipper`]: ArenaCompactTree::dump_from_zipper
//! [`merge_zipper_into_file`]: ArenaCompactTree::merge_zipper_into_file
//! [`open_mmap`]: ArenaCompactTree::open_mmap
//! [`from_data`]: ArenaCompactTree::from_data

mod arena;
mod build;
#[cfg(feature = "nightly")]
mod coroutine;
mod counters;
mod errors;
mod iter;
mod merge;
mod stream;
mod tree;
mod varint;
mod zipper;

pub use arena::node::{LineId, Node, NodeBranch, NodeId, NodeLine};
pub use arena::{COMPACT_TREE_MAGIC, MAGIC_LENGTH};
#[cfg(feature = "nightly")]
pub use coroutine::{act_serialization_sink, act_serialization_sink_with_vals};
pub use counters::Counters;
pub use iter::ActIter;
pub use stream::ACTOutputStream;
pub use tree::{ACTMmap, ACTVec, ArenaCompactTree};
pub use varint::{push_varint_u64, read_varint_u64};
pub use zipper::{ACTMmapZipper, ACTVecZipper, ACTZipper};
