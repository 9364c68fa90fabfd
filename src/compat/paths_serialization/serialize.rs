//! Writes the paths of a zipper, or of closures.

use std::io::{self, Write};

use super::{PathsWriter, SerializationStats};
use crate::zipper::{ZipperIteration, ZipperReadOnlyConditionalIteration, ZipperValues};

/// Writes the path of each value after the zipper's focus to `target`, as a stream of paths.
///
/// The paths are those that [`to_next_val`](ZipperIteration::to_next_val) visits, in path order
/// and relative to the zipper's root. So the value at the root of a zipper is not written, nor
/// are dangling paths. `target` is not flushed.
///
/// The bound on `RZ` is that of `pathmap` 0.3.5. It excludes writers and a few virtual zippers.
/// [`serialize_paths_with_auxdata`] accepts every zipper that iterates.
///
/// # Complexity
/// O(values and bytes of their paths). The memory in use does not depend on the map.
///
/// # Errors
/// Returns the error of the target's write. What has been written until then is an incomplete
/// stream. If a path has 4 GB or more, the error is of the kind `InvalidInput`.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::paths_serialization::{deserialize_paths, serialize_paths};
///
/// let map = PathMap::from([("in/a", 1), ("in/b", 2), ("out", 3)]);
/// let mut stream = Vec::new();
/// let stats = serialize_paths(map.read_zipper_at_path("in/"), &mut stream)?;
/// assert_eq!((stats.path_count, stats.bytes_out), (2, stream.len()));
///
/// let mut copy = PathMap::new();
/// deserialize_paths(copy.write_zipper_at_path(b"copy/"), &stream[..], 0)?;
/// assert_eq!(copy, PathMap::from([("copy/a", 0), ("copy/b", 0)]));
/// # std::io::Result::Ok(())
/// ```
pub fn serialize_paths<'a, V, W, RZ>(mut rz: RZ, target: &mut W) -> io::Result<SerializationStats>
where
    RZ: ZipperReadOnlyConditionalIteration<'a, V>,
    W: Write,
{
    let mut writer = PathsWriter::new(target);
    while rz.to_next_val() {
        writer.push(rz.path())?;
    }
    writer.finish()
}

/// Writes paths like [`serialize_paths`], and calls `fv(index, path, value)` for each, so that the
/// program can store the values elsewhere.
///
/// [`deserialize_paths_with_auxdata`](super::deserialize_paths_with_auxdata) calls its closure
/// with the same indices and paths.
///
/// # Errors
/// Returns errors like [`serialize_paths`]. `fv` is not called for a path that was refused.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::paths_serialization::*;
///
/// let map = PathMap::from([("romane", 1u32), ("romanus", 2)]);
/// let (mut stream, mut values) = (Vec::new(), Vec::new());
/// let reader = map.read_zipper();
/// serialize_paths_with_auxdata(reader, &mut stream, |_, _, &value| values.push(value))?;
///
/// let mut copy = PathMap::new();
/// deserialize_paths_with_auxdata(copy.write_zipper(), &stream[..], |index, _| values[index])?;
/// assert_eq!(copy, map);
/// # std::io::Result::Ok(())
/// ```
pub fn serialize_paths_with_auxdata<'a, V, RZ, W, F>(
    mut rz: RZ,
    target: &mut W,
    mut fv: F,
) -> io::Result<SerializationStats>
where
    V: 'a,
    RZ: ZipperValues<V> + ZipperIteration,
    W: Write,
    F: FnMut(usize, &[u8], &V),
{
    let mut writer = PathsWriter::new(target);
    let mut index = 0;
    while rz.to_next_val() {
        let path = rz.path();
        writer.push(path)?;
        if let Some(value) = rz.val() {
            fv(index, path, value);
        }
        index += 1;
    }
    writer.finish()
}

/// Writes the paths that two closures return to `target`, as a stream of paths.
///
/// `advance_f` moves `src` to the next path and returns whether there is one. Then `path_f`
/// returns the path, or `None` to skip it. The paths may be in any order, and may be repeated. A
/// [`PathsWriter`] does the same without closures.
///
/// # Errors
/// Returns the error of `advance_f`, or errors like [`serialize_paths`].
///
/// # Examples
/// ```
/// use bytetrie::paths_serialization::serialize_paths_from_funcs;
///
/// let words = ["romane", "", "romanus"];
/// let mut next = 0;
/// let mut stream = Vec::new();
/// let stats = serialize_paths_from_funcs(
///     &mut stream,
///     &mut next,
///     |next| {
///         *next += 1;
///         Ok(*next <= words.len())
///     },
///     |next| Some(words[next - 1].as_bytes()).filter(|word| !word.is_empty()),
/// )?;
/// assert_eq!(stats.path_count, 2);
/// # std::io::Result::Ok(())
/// ```
pub fn serialize_paths_from_funcs<PathSrc, AdvanceF, PathF, W>(
    target: &mut W,
    src: &mut PathSrc,
    mut advance_f: AdvanceF,
    mut path_f: PathF,
) -> io::Result<SerializationStats>
where
    AdvanceF: FnMut(&mut PathSrc) -> io::Result<bool>,
    PathF: FnMut(&PathSrc) -> Option<&[u8]>,
    W: Write,
{
    let mut writer = PathsWriter::new(target);
    while advance_f(src)? {
        if let Some(path) = path_f(src) {
            writer.push(path)?;
        }
    }
    writer.finish()
}
