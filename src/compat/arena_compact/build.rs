//! Trees from zippers.

use std::cell::Cell;
use std::io::{self, Write};
use std::path::Path;

use memmap2::Mmap;

use super::counters::Counters;
use super::errors::io_error;
use super::tree::ArenaCompactTree;
use crate::bytes::ByteMask;
use crate::file::{Data, FileError, Finished, Writer};
use crate::fold::Catamorphism;
use crate::trie::PathMap;
use crate::zipper::{
    Zipper, ZipperAbsolutePath, ZipperConcrete, ZipperMoving, ZipperPathBuffer, ZipperValues, ZipperWriting,
};

/// The paths and the mapped values that a fold visits, and the path to its root.
fn collect<V, Z, M>(zipper: Z, map: M) -> (PathMap<u64>, Vec<u8>)
where
    Z: Catamorphism<V>,
    M: Fn(&V) -> u64,
{
    let (mut paths, mut root) = (PathMap::new(), Vec::new());
    zipper.into_cata_jumping_side_effect(|mask: &ByteMask, _: &mut [()], jumped, value, path| {
        if let Some(value) = value {
            paths.insert(path, map(value));
        } else if mask.is_empty_mask() {
            paths.create_path(path);
        }
        // The last call is for the root.
        root.clear();
        root.extend_from_slice(&path[..path.len() - jumped]);
    });
    (paths, root)
}

/// Writes what a zipper has. All files with the same content have the same bytes.
fn write<V, Z, M, W>(zipper: Z, map: M, writer: Writer<W, u64>) -> Result<Finished<W>, FileError>
where
    Z: Catamorphism<V>,
    M: Fn(&V) -> u64,
    W: Write,
{
    let (paths, root) = collect(zipper, map);
    write_below(&paths, &root, writer)
}

/// Writes what a map has at and below a path.
pub(super) fn write_below<W: Write>(
    map: &PathMap<u64>,
    path: &[u8],
    mut writer: Writer<W, u64>,
) -> Result<Finished<W>, FileError> {
    writer.push_zipper([], &mut map.read_zipper_at_path(path))?;
    writer.finish()
}

/// The subtrie of a zipper with mapped values. Its nodes are shared as those of the zipper are.
pub(super) struct Copied<U> {
    pub(super) map: PathMap<U>,
    /// Whether any subtrie occurs more than once.
    pub(super) is_shared: bool,
}

impl<U: Clone> Copied<U> {
    pub(super) fn new<V, Z, M>(zipper: Z, map: M) -> Self
    where
        Z: Catamorphism<V>,
        M: Fn(&V) -> U,
    {
        let (values, tips) = (Cell::new(0), Cell::new(0));
        let count = |counter: &Cell<usize>, counts: bool| counter.set(counter.get() + usize::from(counts));
        let copy = zipper.into_cata_jumping_cached(|mask, children: &mut [PathMap<U>], value, way| {
            count(&values, value.is_some());
            count(&tips, mask.is_empty_mask());
            let mut made = PathMap::new();
            let mut writer = made.write_zipper_at_path(way);
            writer.create_path();
            for (byte, child) in mask.iter().zip(children) {
                writer.descend_to_byte(byte);
                writer.graft_map(std::mem::take(child));
                writer.ascend_byte();
            }
            if let Some(value) = value {
                writer.set_val(map(value));
            }
            drop(writer);
            made
        });
        let all_tips = copy.read_zipper().tip_count();
        let is_shared = copy.val_count() > values.get() || all_tips.is_none_or(|all| all > tips.get());
        Self { map: copy, is_shared }
    }
}

/// The tree of bytes that were written to memory.
fn in_memory(bytes: Vec<u8>, counters: Counters) -> ArenaCompactTree<Vec<u8>> {
    ArenaCompactTree::open(Data::from(bytes), counters).expect("a file that was just written")
}

impl ArenaCompactTree<Vec<u8>> {
    /// Makes a tree of all that is at and below a zipper's root, whose values `map` maps to
    /// numbers.
    ///
    /// The tree has all paths, also dangling ones. Its bytes are those of a
    /// [`Writer`](crate::file::Writer): they depend on the content alone, and equal subtries are
    /// written once, if they are not too far apart. pathmap writes another format, which is read
    /// here as well.
    ///
    /// # Panics
    /// Panics on a big-endian machine, as [`Writer::new`](crate::file::Writer::new) fails.
    ///
    /// # Complexity
    /// O(bytes of all paths), in the memory of a map with all of them. A subtrie that the map
    /// contains often is visited for each path to it: see
    /// [`from_zipper_cached`](Self::from_zipper_cached).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::arena_compact::ArenaCompactTree;
    ///
    /// let map = PathMap::from([("ace", ()), ("acf", ())]);
    /// let tree = ArenaCompactTree::from_zipper(map.read_zipper(), |()| 7);
    /// assert_eq!(tree.get_val_at("acf"), Some(7));
    /// let copy = ArenaCompactTree::from_zipper(tree.read_zipper_u64(), |&value| value);
    /// assert_eq!(copy.get_data(), tree.get_data());
    /// ```
    pub fn from_zipper<V, Z, M>(zipper: Z, map: M) -> Self
    where
        V: Clone + Send + Sync + Unpin,
        Z: Catamorphism<V>,
        M: Fn(&V) -> u64,
    {
        let writer = Writer::new(Vec::new()).expect("the values can be written");
        let finished = write(zipper, map, writer).expect("nothing fails in memory");
        let counters = Counters::of(&finished);
        in_memory(finished.write, counters)
    }

    /// Makes a tree like [`from_zipper`](Self::from_zipper), but visits and writes each shared
    /// subtrie once.
    ///
    /// The bytes are those of [`PathMap::save`](crate::PathMap::save) for a map that shares its
    /// nodes as the zipper's trie does, or those of `from_zipper` if nothing is shared. `map` is
    /// called once for each value of a shared subtrie.
    ///
    /// # Panics
    /// As [`from_zipper`](Self::from_zipper).
    ///
    /// # Complexity
    /// O(bytes in the nodes), however many paths they have.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::arena_compact::ArenaCompactTree;
    /// use bytetrie::zipper::*;
    ///
    /// // A map with 2⁵⁰ paths.
    /// let mut map = PathMap::single("x", ());
    /// for _ in 0..50 {
    ///     let below = std::mem::take(&mut map);
    ///     for byte in [b"a", b"b"] {
    ///         map.write_zipper_at_path(byte).graft_map(below.clone());
    ///     }
    /// }
    /// let tree = ArenaCompactTree::from_zipper_cached(map.read_zipper(), |()| 7);
    /// assert!(tree.get_data().len() < 2000);
    /// assert_eq!(tree.read_zipper().val_count(), 1 << 50);
    /// ```
    pub fn from_zipper_cached<V, Z, M>(zipper: Z, map: M) -> Self
    where
        Z: Zipper + ZipperMoving + ZipperValues<V> + ZipperConcrete + ZipperAbsolutePath + ZipperPathBuffer,
        M: Fn(&V) -> u64,
    {
        let Copied { map, is_shared } = Copied::new(zipper, map);
        if is_shared {
            let mut bytes = Vec::new();
            map.save(&mut bytes).expect("nothing fails in memory");
            return in_memory(bytes, Counters::default());
        }
        let writer = Writer::new(Vec::new()).expect("the values can be written");
        let finished = write_below(&map, &[], writer).expect("nothing fails in memory");
        let counters = Counters::of(&finished);
        in_memory(finished.write, counters)
    }
}

impl ArenaCompactTree<Mmap> {
    /// Writes a tree like [`from_zipper`](ArenaCompactTree::from_zipper) to a file, and opens it.
    ///
    /// The bytes are the same. They are written to a temporary file, which takes the place of the
    /// file at `path` when it is durable, so a crash leaves the old file or the new one; see
    /// [`Writer::create`].
    ///
    /// # Errors
    /// Fails if the file cannot be written or read. There is then no new file at the path.
    ///
    /// # Complexity
    /// As [`from_zipper`](ArenaCompactTree::from_zipper) and [`open_mmap`](Self::open_mmap). To
    /// write more than memory holds, use [`Writer::push_zipper`].
    pub fn dump_from_zipper<V, Z, F, P>(zipper: Z, map_val: F, path: P) -> io::Result<Self>
    where
        V: Clone + Send + Sync + Unpin,
        Z: Catamorphism<V>,
        F: Fn(&V) -> u64,
        P: AsRef<Path>,
    {
        let path = path.as_ref();
        let writer = Writer::create(path).map_err(io_error)?;
        let finished = write(zipper, map_val, writer).map_err(io_error)?;
        Self::open(std::fs::read(path)?.into(), Counters::of(&finished))
    }
}
