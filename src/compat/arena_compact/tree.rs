//! [`ArenaCompactTree`]: opening, and looking up single paths.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::path::Path;

use memmap2::Mmap;

use super::arena::node::NodeId;
use super::arena::{Arena, COMPACT_TREE_MAGIC};
use super::counters::Counters;
use super::errors::io_error;
use crate::file::{Data, Packed};

/// A trie with `u64` values in the bytes of a file, which is read in place.
///
/// The file is one of this crate, which [`PathMap::save`](crate::PathMap::save),
/// [`Writer`](crate::file::Writer) and all functions here write, or one that pathmap 0.3.5 wrote.
/// Both are read alike. New code can use [`Packed`], which reads values of any type, and lacks
/// nothing that is here except the files of pathmap.
///
/// `Storage` is `Vec<u8>` for a tree that was made in memory, and `Mmap` for one in a file. It
/// only tells the two apart: the bytes are shared, and need no type.
///
/// A tree is `Send` and `Sync`.
///
/// # Damaged bytes
/// Whatever the bytes are, no call panics, and none runs for ever. What damaged bytes lead to is
/// absent. [`Packed::verify`] finds damage in files of this crate. Those of pathmap have no
/// checksums, so damage may look like other content.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::arena_compact::ArenaCompactTree;
/// use bytetrie::zipper::*;
///
/// let map = PathMap::from([("romane", "a"), ("romanus", "bb")]);
/// let tree = ArenaCompactTree::from_zipper(map.read_zipper(), |text| text.len() as u64);
/// assert_eq!(tree.get_val_at("romanus"), Some(2));
///
/// let mut zipper = tree.read_zipper_u64();
/// assert_eq!(zipper.descend_to_existing("romulus"), 3);
/// assert!(zipper.descend_first_byte());
/// assert_eq!(zipper.path(), b"roma");
/// ```
pub struct ArenaCompactTree<Storage> {
    pub(super) bytes: Format,
    counters: Counters,
    storage: PhantomData<fn() -> Storage>,
}

/// A tree in memory.
pub type ACTVec = ArenaCompactTree<Vec<u8>>;

/// A tree in a file.
pub type ACTMmap = ArenaCompactTree<Mmap>;

/// The format of a file.
pub(super) enum Format {
    /// That of this crate.
    Packed(Packed<'static, u64>),
    /// That of pathmap 0.3.5.
    Arena(Arena),
}

impl<Storage> ArenaCompactTree<Storage> {
    /// Opens a tree of either format, which is told by the first bytes.
    pub(super) fn open(data: Data<'static>, counters: Counters) -> io::Result<Self> {
        let bytes = if data.starts_with(&COMPACT_TREE_MAGIC) {
            Format::Arena(Arena::open(data)?)
        } else {
            Format::Packed(Packed::new(data).map_err(io_error)?)
        };
        Ok(Self { bytes, counters, storage: PhantomData })
    }

    /// Returns the statistics of the writing, for people. O(1).
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }
}

impl ArenaCompactTree<Mmap> {
    /// Opens the tree in a file, which may be of either format. All bytes are read.
    ///
    /// pathmap maps the file, which is undefined behavior if anyone changes its bytes meanwhile. A
    /// safe function cannot prevent that, so this one does not map it. To map a file, use
    /// [`Data::map`], whose caller promises that nobody does:
    ///
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::arena_compact::ArenaCompactTree;
    /// use bytetrie::file::Data;
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-act-map-{}", std::process::id()));
    /// PathMap::from([("romane", 1u64)]).save_to(&path)?;
    /// // SAFETY: nobody else knows the file.
    /// let tree = ArenaCompactTree::from_data(unsafe { Data::map(&path)? })?;
    /// assert_eq!(tree.get_val_at("romane"), Some(1));
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if the file cannot be read. The error has the kind `InvalidData` if it is not a file
    /// of either format, is damaged where it is opened, or has values of another type than `u64`.
    /// Its source is then a [`FileError`](crate::file::FileError) that tells which.
    ///
    /// # Complexity
    /// O(bytes). With [`Data::map`], O(1).
    pub fn open_mmap(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::from_data(std::fs::read(path)?)
    }

    /// Opens the tree in the bytes of a file, which may be of either format.
    ///
    /// The bytes are a `Vec<u8>`, a `Box<[u8]>`, an `Arc<[u8]>`, or a [mapped file](Data::map).
    ///
    /// # Errors
    /// As [`open_mmap`](Self::open_mmap).
    ///
    /// # Complexity
    /// O(1), as [`Packed::new`].
    pub fn from_data<D: Into<Data<'static>>>(bytes: D) -> io::Result<Self> {
        Self::open(bytes.into(), Counters::default())
    }
}

impl<Storage: AsRef<[u8]>> ArenaCompactTree<Storage> {
    /// Returns the bytes of the file.
    ///
    /// They can be written anywhere, and opened by [`open_mmap`](ArenaCompactTree::open_mmap), by
    /// [`Packed`], and loaded by [`PathMap::load`](crate::PathMap::load). The last two do not read
    /// what pathmap wrote.
    #[must_use]
    pub fn get_data(&self) -> &[u8] {
        match &self.bytes {
            Format::Packed(packed) => packed.data(),
            Format::Arena(arena) => arena.data(),
        }
    }

    /// Returns the value at a path. O(path).
    #[must_use]
    pub fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<u64> {
        match &self.bytes {
            Format::Packed(packed) => packed.get(path).copied(),
            Format::Arena(arena) => arena.get(path.as_ref()),
        }
    }

    /// Another name of [`get_val_at`](Self::get_val_at).
    #[deprecated(note = "use `get_val_at`")]
    #[must_use]
    pub fn get<K: AsRef<[u8]>>(&self, path: K) -> Option<u64> {
        self.get_val_at(path)
    }

    /// Returns the places of the roots that the file has had, the present one first.
    ///
    /// Each [`merge`](ArenaCompactTree::merge_zipper_into_file) that changes something adds one. A
    /// [`Store`](crate::file::Store) of the file has the same history, and loads each of its maps.
    /// Maps without any path have no root, and are left out.
    #[must_use]
    pub fn root_history(&self) -> Vec<NodeId> {
        let roots = match &self.bytes {
            Format::Packed(packed) => packed.roots(),
            Format::Arena(arena) => arena.roots(),
        };
        roots.into_iter().map(NodeId).collect()
    }
}

impl<Storage> fmt::Debug for ArenaCompactTree<Storage> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("ArenaCompactTree");
        match &self.bytes {
            Format::Packed(packed) => debug.field("packed", packed),
            Format::Arena(arena) => debug.field("bytes", &arena.data().len()),
        };
        debug.finish_non_exhaustive()
    }
}
