//! Reads a stream into a map, or calls a closure for each path.

use std::io::{self, Read};

use super::{DeserializationStats, PathsReader};
use crate::trie::Sorted;
use crate::zipper::ZipperWriting;

/// Replaces the subtrie at the focus of `wz` by the paths of the stream in `source`, each with the
/// value `v`.
///
/// The subtrie includes the value at the focus: it is removed, or set if the stream contains the
/// empty path. If the stream has no paths, the focus is a dangling path afterwards.
///
/// The subtrie is built aside, and grafted when the stream is complete and its checksum is right.
/// So after an error, or a panic of a closure, the map is unchanged.
///
/// # Complexity
/// O(bytes) if the paths are in order. Otherwise the first path that is out of order, and all
/// paths after it, are inserted one by one.
///
/// # Errors
/// Returns the errors of [`PathsReader::next_path`]. Streams from others may contain any number of
/// paths of any length: [`PathsReader`] describes how to limit both.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::paths_serialization::{deserialize_paths, serialize_paths};
/// use bytetrie::zipper::*;
///
/// let mut stream = Vec::new();
/// serialize_paths(PathMap::from([("romane", 1)]).read_zipper(), &mut stream)?;
///
/// let mut map = PathMap::from([("old/rubens", 1), ("other", 2)]);
/// let mut writer = map.write_zipper_at_path(b"old/");
/// assert!(deserialize_paths(&mut writer, &stream[1..], 7).is_err());
/// assert_eq!(writer.val_count(), 1);
/// deserialize_paths(&mut writer, &stream[..], 7)?;
/// drop(writer);
/// assert_eq!(map, PathMap::from([("old/romane", 7), ("other", 2)]));
/// # std::io::Result::Ok(())
/// ```
pub fn deserialize_paths<V, WZ, R>(wz: WZ, source: R, v: V) -> io::Result<DeserializationStats>
where
    V: Clone,
    WZ: ZipperWriting<V>,
    R: Read,
{
    deserialize_paths_with_auxdata(wz, source, |_, _| v.clone())
}

/// Reads paths like [`deserialize_paths`], with the values that `fv(index, path)` returns.
///
/// If several paths are equal, the last of them has its value set.
/// [`serialize_paths_with_auxdata`](super::serialize_paths_with_auxdata) has an example.
///
/// # Errors
/// Returns errors like [`deserialize_paths`].
pub fn deserialize_paths_with_auxdata<V, WZ, R, F>(
    mut wz: WZ,
    source: R,
    mut fv: F,
) -> io::Result<DeserializationStats>
where
    V: Clone,
    WZ: ZipperWriting<V>,
    R: Read,
    F: FnMut(usize, &[u8]) -> V,
{
    let mut sorted = Sorted::new();
    let stats = for_each_deserialized_path(source, |index, path| {
        sorted.push(path, fv(index, path));
        Ok(())
    })?;
    wz.graft_map(sorted.finish());
    Ok(stats)
}

/// Calls `f(index, path)` for each path of the stream in `source`.
///
/// `f` is called before the rest of the stream is checked. So an error may mean that the paths so
/// far are those of a damaged stream. `f` can end the reading with an error of its own.
///
/// # Errors
/// Returns the error of `f`, or the errors of [`PathsReader::next_path`].
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::paths_serialization::{for_each_deserialized_path, serialize_paths};
///
/// let mut stream = Vec::new();
/// serialize_paths(PathMap::from([("rom", 1), ("romane", 2)]).read_zipper(), &mut stream)?;
/// let mut longest = 0;
/// let stats = for_each_deserialized_path(&stream[..], |_, path| {
///     longest = longest.max(path.len());
///     Ok(())
/// })?;
/// assert_eq!((stats.path_count, longest), (2, 6));
/// # std::io::Result::Ok(())
/// ```
pub fn for_each_deserialized_path<R, F>(source: R, mut f: F) -> io::Result<DeserializationStats>
where
    R: Read,
    F: FnMut(usize, &[u8]) -> io::Result<()>,
{
    let mut reader = PathsReader::new(source);
    let mut index = 0;
    while let Some(path) = reader.next_path()? {
        f(index, path)?;
        index += 1;
    }
    Ok(reader.stats())
}
