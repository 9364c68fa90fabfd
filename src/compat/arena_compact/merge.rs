//! Merging a zipper into a file.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use memmap2::Mmap;

use super::arena::{COMPACT_TREE_MAGIC, MAGIC_LENGTH};
use super::build::{Copied, write_below};
use super::errors::io_error;
use super::tree::{ArenaCompactTree, Format};
use crate::file::{Store, Writer};
use crate::trie::PathMap;
use crate::zipper::{Zipper, ZipperMoving, ZipperValues};

/// Adds what a zipper has at and below its focus to a map. Returns true iff that changed the map.
fn add<V, Z, F>(map: &mut PathMap<u64>, mut zipper: Z, map_val: F) -> bool
where
    Z: Zipper + ZipperMoving + ZipperValues<V>,
    F: Fn(&V) -> u64,
{
    let above = zipper.path().len();
    let mut is_changed = false;
    loop {
        let path = &zipper.path()[above..];
        if let Some(value) = zipper.val().map(&map_val) {
            is_changed |= map.insert(path, value) != Some(value);
        } else if zipper.at_tip() {
            is_changed |= map.create_path(path);
        }
        if !zipper.to_next_step() || zipper.path().len() <= above {
            return is_changed;
        }
    }
}

/// True iff a file is one that pathmap wrote.
fn is_arena(path: &Path) -> io::Result<bool> {
    let mut magic = Vec::new();
    fs::File::open(path)?.take(MAGIC_LENGTH as u64).read_to_end(&mut magic)?;
    Ok(magic == COMPACT_TREE_MAGIC)
}

impl ArenaCompactTree<Mmap> {
    /// Adds all that a zipper has at and below its focus to the tree in a file, and opens it.
    ///
    /// Where both have a value, that of the zipper counts. If the zipper adds nothing, the file is
    /// not written.
    ///
    /// A file of this crate is opened as a [`Store`], and the new nodes are appended to it as a
    /// commit. What was in it is not overwritten, and is still in its
    /// [history](Self::root_history). A file of pathmap is replaced, as a whole or not at all, by
    /// one of this crate without that history.
    ///
    /// # Errors
    /// Fails if there is no file at the path, if it cannot be read or written, with the kind
    /// `WouldBlock` if another store has it open, and as [`open_mmap`](Self::open_mmap). Unlike
    /// opening, merging fails if any of the old nodes is damaged in a file of this crate.
    ///
    /// # Complexity
    /// O(change) bytes are written. Unlike in pathmap, the old tree is loaded: O(its nodes). To
    /// commit often, use a [`Store`].
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::arena_compact::ArenaCompactTree;
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-act-merge-{}", std::process::id()));
    /// PathMap::from([("apple", 1u64), ("banana", 2)]).save_to(&path)?;
    /// let update = PathMap::from([("apricot", 3u64), ("banana", 20)]);
    ///
    /// let value = |&value: &u64| value;
    /// let tree = ArenaCompactTree::merge_zipper_into_file(&path, update.read_zipper(), value)?;
    /// assert_eq!(tree.get_val_at("apple"), Some(1));
    /// assert_eq!(tree.get_val_at("banana"), Some(20));
    /// assert_eq!(tree.root_history().len(), 2);
    /// # std::fs::remove_file(&path)?;
    /// # std::fs::remove_file(path.with_extension("lock"))?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn merge_zipper_into_file<V, Z, F, P>(path: P, zipper: Z, map_val: F) -> io::Result<Self>
    where
        Z: Zipper + ZipperMoving + ZipperValues<V>,
        F: Fn(&V) -> u64,
        P: AsRef<Path>,
    {
        let path = path.as_ref();
        if is_arena(path)? {
            let tree = Self::open_mmap(path)?;
            let Format::Arena(arena) = &tree.bytes else { return Ok(tree) };
            let Copied { mut map, is_shared } =
                Copied::new(arena.read_zipper_at_path(&[]), |&value: &u64| value);
            if !add(&mut map, zipper, map_val) {
                return Ok(tree);
            }
            if is_shared {
                map.save_to(path).map_err(io_error)?;
            } else {
                let writer = Writer::create(path).map_err(io_error)?;
                write_below(&map, &[], writer).map_err(io_error)?;
            }
        } else {
            let mut store = Store::<u64>::open(path).map_err(io_error)?;
            let mut map = store.load().map_err(io_error)?;
            if add(&mut map, zipper, map_val) {
                store.commit(&map).map_err(io_error)?;
            }
        }
        Self::open_mmap(path)
    }
}
