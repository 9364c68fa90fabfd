//! Streams of paths: the paths of a map, compressed, without its values (feature
//! `serialization`).
//!
//! The streams are the `.paths` data of `pathmap` 0.3.5, and both crates read the streams of the
//! other. Use them to exchange sets of paths with programs that use that crate, or to store a set
//! of paths in little space: a million words of 9 bytes take 3.5 bytes each. The values can be
//! stored elsewhere, by the number of their path:
//! [`serialize_paths_with_auxdata`] returns them, and [`deserialize_paths_with_auxdata`] puts them
//! back.
//!
//! | | writes | reads |
//! |---|---|---|
//! | paths of a zipper, one value for all | [`serialize_paths`] | [`deserialize_paths`] |
//! | with values by number | [`serialize_paths_with_auxdata`] | [`deserialize_paths_with_auxdata`] |
//! | paths from anywhere | [`serialize_paths_from_funcs`] | [`for_each_deserialized_path`] |
//! | one path a call | [`PathsWriter`] | [`PathsReader`] |
//!
//! With the feature `nightly` and a nightly compiler, `paths_serialization_sink` returns a
//! [`PathsWriter`] as a coroutine.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::paths_serialization::{deserialize_paths, serialize_paths};
//!
//! let map = PathMap::from([("romane", 1), ("romanus", 2), ("rubens", 3)]);
//! let mut stream = Vec::new();
//! serialize_paths(map.read_zipper(), &mut stream)?;
//!
//! let mut copy = PathMap::new();
//! let stats = deserialize_paths(copy.write_zipper(), &stream[..], ())?;
//! assert_eq!(stats.path_count, 3);
//! assert!(copy.keys().eq(map.keys()));
//! # std::io::Result::Ok(())
//! ```
//!
//! # What is not stored
//! Values, dangling paths, the value at the root of the zipper that is written, and which nodes
//! are shared. A subtrie that a map contains a thousand times is written a thousand times, so a
//! stream may be exponentially larger than the map. For the value at the root, push the empty
//! path to a [`PathsWriter`]. When it is read, its value is set at the focus of the writer.
//!
//! # The format
//! A zlib stream ([RFC 1950]) without a preset dictionary. Its content is the paths, one after the
//! other, in any order, with nothing before, between or behind them:
//!
//! ```text
//! length   u32, little-endian, the number of bytes of the path
//! path     the bytes
//! ```
//!
//! The end of the zlib stream ends the list. So a stream without paths is the eight bytes of an
//! empty zlib stream, such as `78 9C 03 00 00 00 00 01`.
//!
//! For the same zipper, both crates write the same content. The compressed bytes differ, since
//! zlib allows many ways to compress the same bytes: `pathmap` compresses at level 9, which takes
//! longer, and this crate at level 6.
//!
//! # Errors
//! A stream that is cut off or damaged is an error. zlib's checksum, Adler-32, is at the end of
//! the stream. The `deserialize` functions check it before they change the map. The reader of
//! `pathmap` is less strict: it accepts a stream that was cut off at any byte, and returns the
//! paths until there.
//!
//! # Complexity
//! Writing and reading are O(bytes), and need memory for their buffers and one path. The record
//! `2026-11-28-paths-streams.md` in `benches/record/` has times and sizes.
//!
//! [RFC 1950]: https://www.rfc-editor.org/rfc/rfc1950

#[cfg(feature = "nightly")]
mod coroutine;
mod deserialize;
mod reader;
mod serialize;
mod writer;

#[cfg(feature = "nightly")]
pub use coroutine::paths_serialization_sink;
pub use deserialize::{deserialize_paths, deserialize_paths_with_auxdata, for_each_deserialized_path};
pub use reader::PathsReader;
pub use serialize::{serialize_paths, serialize_paths_from_funcs, serialize_paths_with_auxdata};
pub use writer::PathsWriter;

/// The statistics of a stream that was written.
///
/// On targets with 32-bit pointers, a number that does not fit is `usize::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerializationStats {
    /// The number of compressed bytes, which were written to the target.
    pub bytes_out: usize,
    /// The number of bytes before compression: the paths, and four for the length of each.
    pub bytes_in: usize,
    /// The number of paths.
    pub path_count: usize,
}

/// The statistics of a stream that was read.
///
/// On targets with 32-bit pointers, a number that does not fit is `usize::MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeserializationStats {
    /// The number of compressed bytes, up to the end of the stream.
    pub bytes_in: usize,
    /// The number of inflated bytes: the paths, and four for the length of each.
    pub bytes_out: usize,
    /// The number of paths in the stream. If some are equal, the map has fewer.
    pub path_count: usize,
}

fn count(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
