//! A map from byte paths to values, held in a trie whose nodes are shared between maps.
//!
//! [`PathMap`] is the map. It is ordered, its clone is O(1), and everything below a prefix can be
//! read, counted, moved or replaced as one thing. [Zippers](zipper) are cursors that walk the
//! trie and edit it. A [`ZipperHead`](zipper::ZipperHead) gives several threads exclusive write
//! zippers in one map.
//!
//! The [guide] has a chapter for each subject.
//!
//! # Examples
//! A map and its snapshot:
//! ```
//! use bytetrie::PathMap;
//!
//! let mut map = PathMap::from([("romane", 1), ("romanus", 2), ("rubens", 3)]);
//! let snapshot = map.clone();
//! map.remove("romanus");
//! let below: Vec<_> = map.range("rom".."ron").map(|(path, _)| path).collect();
//! assert_eq!(below, [b"romane"]);
//! assert_eq!(snapshot.get("romanus"), Some(&2));
//! ```
//!
//! Walk and edit by zipper:
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::zipper::*;
//!
//! let mut map: PathMap<u32> = [("in/a", 1), ("in/b", 2)].into_iter().collect();
//! let copy = map.read_zipper_at_path("in/").make_map();
//! let mut writer = map.write_zipper_at_path(b"out/");
//! writer.graft_map(copy); // shares the nodes
//! writer.descend_to("c");
//! writer.set_val(3);
//! drop(writer);
//!
//! let mut reader = map.read_zipper_at_path("out/");
//! let mut sum = 0;
//! while let Some(value) = reader.to_next_get_val() {
//!     sum += value;
//! }
//! assert_eq!((sum, map.get("in/c")), (6, None));
//! ```
//!
//! Two threads write one map:
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::zipper::*;
//!
//! let mut map = PathMap::new();
//! let head = map.zipper_head();
//! std::thread::scope(|scope| {
//!     for worker in [b"a/", b"b/"] {
//!         let mut writer = head.write_zipper_at_exclusive_path(worker).unwrap();
//!         scope.spawn(move || {
//!             for i in 0..100u64 {
//!                 writer.descend_to(i.to_be_bytes());
//!                 writer.set_val(i);
//!                 writer.reset();
//!             }
//!         });
//!     }
//! });
//! drop(head);
//! assert_eq!(map.val_count(), 200);
//! ```
//!
//! # Modules
//! | | |
//! |---|---|
//! | [`PathMap`], its [`Entry`] and its iterators | the map |
//! | [`zipper`] | cursors, heads, and the traits that describe what each can do |
//! | [`algebra`] | how join, meet and subtract combine values; [`diff`] and [`Changes`] |
//! | [`fold`] | folds over a trie, unfolds, hashes of content, deduplication |
//! | [`file`](mod@file) | maps in files: save, load, the format |
//! | [`search`] | automata, prefixes, the n-th path and the rank of a path |
//! | [`bytes`] | [`ByteMask`], a set of bytes, and functions on byte strings |
//! | [`parallel`] | visitors and folds by several threads, over a snapshot |
//! | [`SharedMap`] and its [`Snapshot`]s | a published map: readers never wait |
//! | [`Conflict`], [`CommitConflict`] | errors: a zipper or a commit is refused |
//! | `arena_compact` (feature) | tries in files by the names of `pathmap` 0.3.5, and its files |
//! | `formats` (feature `serde`) | maps and sets of paths in the formats of serde; paths as text |
//! | `paths_serialization` (feature) | streams of compressed paths, as `pathmap` 0.3.5 has them |
//! | `random` (feature) | distributions over maps: fair samples, random descents, random maps |
//! | `viz` (feature) | pictures of tries, statistics of their nodes |
//! | `testing` (feature) | the naive model, the operation language, values that panic |
//! | [`guide`] | the chapters of the guide; exists in the documentation only |
//!
//! # When to use it
//! - Keys have common prefixes, and you search, count, copy or delete by prefix.
//! - You want snapshots, or many versions that differ a little: they share what is equal.
//! - Several threads each fill or change a part of one map.
//! - You match a path step by step, and ask at each byte which bytes may follow.
//!
//! # When not to use it
//! - You only look up whole keys: a hash map does less work.
//! - Several threads write at arbitrary paths: the zippers of a head exclude each other by path,
//!   so the threads would wait for each other. The guide's chapter [`snapshots`](guide::snapshots)
//!   compares other ways.
//! - Readers must see each write at once: readers of a head see it only after the writer has been
//!   dropped.
//! - You ask for the number of values often: [`PathMap::len`] is O(nodes).
//! - The values cannot be cloned: writing requires `V: Clone`, because a shared node is copied
//!   before it is written.
#![deny(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Only the coroutines of `paths_serialization` and `arena_compact` need a nightly compiler.
#![cfg_attr(
    all(feature = "nightly", any(feature = "arena_compact", feature = "serialization")),
    feature(coroutine_trait)
)]

pub mod algebra;
pub mod bytes;
mod compat;
mod error;
pub mod file;
pub mod fold;
#[cfg(feature = "serde")]
pub mod formats;
#[cfg(any(doc, doctest))]
pub mod guide;
#[allow(unsafe_code)]
mod node;
pub mod parallel;
mod published;
#[cfg(feature = "random")]
pub mod random;
mod reached;
pub mod search;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;
mod trie;
mod virtual_zippers;
#[cfg(feature = "viz")]
pub mod viz;
pub mod zipper;

pub use algebra::{
    AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, Change, Changes, ChangesIter, DistributiveLattice,
    Lattice, SELF_IDENT,
};
pub use bytes::ByteMask;
#[cfg(feature = "arena_compact")]
pub use compat::arena_compact;
#[cfg(feature = "serialization")]
pub use compat::paths_serialization;
pub use compat::{merkleization, morph, morphisms, ring, utils};
pub use error::{Conflict, ZipperKind};
#[cfg(feature = "rayon")]
pub use parallel::{IntoParIter, ParIter, ParIterMut, ParKeys, ParValues};
pub use published::{CommitConflict, SharedMap, Snapshot};
pub use trie::{
    Entry, ExtractIf, IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys, OccupiedEntry, PathMap, TrieValue,
    VacantEntry, Values, ValuesMut, diff,
};

#[cfg(feature = "derive")]
pub use virtual_zippers::{PolyZipper, PolyZipperExplicit};

/// Its examples run as tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
