//! Writing a file from entries in path order, without a map in memory.
//!
//! Nodes are cut by the rules of nodes in memory: the [`Spine`] that builds a map from sorted
//! entries does so here as well. Each node that it completes becomes a record at once, and only
//! its offset is kept ([`records`]). So a file that is written without a registry has the nodes of
//! the map that [`from_sorted_iter`](crate::PathMap::from_sorted_iter) builds, in another order: a
//! node that a split pushes down is written when its parent is built, after children that come
//! behind it.

mod options;
mod records;
mod registry;
mod zippers;

use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

pub use options::WriterOptions;

use self::records::Records;
use super::counts::Counts;
use super::error::FileError;
use super::replace::Replacement;
use super::stored::Stored;
use crate::bytes::common_prefix;
use crate::trie::Spine;

/// Writes a file from entries in path order, in little memory.
///
/// Use a writer if the entries are sorted, or come from a [zipper](Self::push_zipper), and no map
/// of them is needed in memory. If there is a map, [save](crate::PathMap::save) it.
///
/// Equal subtries are written once, as after [`merkleize`](crate::PathMap::merkleize), if the
/// writer still remembers the first one; see [`WriterOptions::registry`]. Readers do not see the
/// difference, but the file is smaller, and loading it shares the subtries in memory.
///
/// The file counts only if it is [finished](Self::finish). A writer that is dropped before leaves
/// an unfinished stream, which readers refuse.
///
/// # Errors
/// After an error of the underlying writer, and after a panic in it, the writer is *poisoned*:
/// each further call returns [`FileError::Poisoned`]. An entry that is out of order is refused,
/// and the writer is unchanged.
///
/// # Complexity
/// Writing takes O(bytes of all paths and values). The memory needed is O(longest path, and for
/// each place on the last path where other paths branch off, the entries of one node), and the
/// registry.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::file::{FileError, Writer};
///
/// let mut writer = Writer::new(Vec::new())?;
/// writer.push("romane", 1u32)?;
/// writer.push("romanus", 2)?;
///
/// let error = writer.push("roma", 3).unwrap_err();
/// assert_eq!(error.to_string(), "the path `roma` was pushed after `romanus`");
/// writer.push("romulus", 3)?;
///
/// let bytes = writer.finish()?.write;
/// let map = PathMap::load(&bytes[..])?;
/// assert_eq!(map, PathMap::from([("romane", 1u32), ("romanus", 2), ("romulus", 3)]));
/// # Ok::<(), FileError>(())
/// ```
pub struct Writer<W: Write, V: Stored> {
    spine: Spine<Records<W, V>>,
    /// The number of values.
    counts: Counts,
    label: String,
    /// True during a call too, so that a panic poisons the writer.
    is_poisoned: bool,
    /// The file to replace, and how, if the writer was created with a path.
    replacement: Option<(Replacement, Finish<W>)>,
}

/// Puts the file that was written in the place of the old one.
type Finish<W> = fn(Replacement, &W) -> io::Result<()>;

/// A file that is written, and what a [`Writer`] knows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finished<W> {
    /// The underlying writer.
    pub write: W,
    /// The number of bytes written.
    pub bytes: u64,
    /// The number of values, as [`val_count`](crate::PathMap::val_count) counts them.
    pub values: u64,
    /// The number of nodes written.
    pub nodes: u64,
    /// The number of nodes that were not written, because an equal one had been.
    pub merged: u64,
}

impl<W: Write, V: Stored> Writer<W, V> {
    /// Begins a file.
    ///
    /// The bytes are written from first to last, in blocks, so no buffer is needed around the
    /// writer. It may be a file, a socket, or an encoder that compresses the bytes. Read them with
    /// [`PathMap::load`](crate::PathMap::load). [`WriterOptions`] has more choices.
    ///
    /// # Errors
    /// Fails on a big-endian machine if the values have an alignment above one. Nothing is written
    /// yet.
    pub fn new(write: W) -> Result<Self, FileError> {
        WriterOptions::new().write_to(write)
    }

    /// Adds a value at a path, which is greater than all paths before it.
    ///
    /// # Errors
    /// Fails with [`FileError::OutOfOrder`] if the path is not greater than the last one. The
    /// value is then dropped, and the writer is unchanged. Otherwise fails if the underlying
    /// writer does, and [poisons](Self#errors) this one.
    ///
    /// # Complexity
    /// Amortized O(path).
    pub fn push<K: AsRef<[u8]>>(&mut self, path: K, value: V) -> Result<(), FileError> {
        self.add(path.as_ref(), Some(value))
    }

    /// Adds a dangling path, which is greater than all paths before it.
    ///
    /// The path exists in the file, but has no value. If the next path extends it, it exists
    /// anyway, and the call has no effect. Nor has it for the empty path, which always exists.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    ///
    /// # Complexity
    /// Amortized O(path).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Writer;
    ///
    /// let mut writer = Writer::<_, u32>::new(Vec::new())?;
    /// writer.push_dangling("rom")?;
    /// let map = PathMap::<u32>::load(&writer.finish()?.write[..])?;
    /// assert!(map.path_exists_at("rom") && map.val_count() == 0);
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn push_dangling<K: AsRef<[u8]>>(&mut self, path: K) -> Result<(), FileError> {
        self.add(path.as_ref(), None)
    }

    /// Adds a value or a dangling path.
    fn add(&mut self, path: &[u8], value: Option<V>) -> Result<(), FileError> {
        let same = self.shared_with_last(path)?;
        self.is_poisoned = true;
        self.counts.values += value.is_some() as u64;
        self.counts.locations += (path.len() - same) as u64;
        self.spine.push(same, path, value);
        self.spine.make().take_error()?;
        self.is_poisoned = false;
        Ok(())
    }

    /// The number of bytes that a path shares with the last one, which must be less.
    #[inline]
    fn shared_with_last(&self, path: &[u8]) -> Result<usize, FileError> {
        if self.is_poisoned {
            return Err(FileError::Poisoned);
        }
        let Some(last) = self.spine.last() else { return Ok(0) };
        let same = common_prefix(last, path);
        if path.get(same) > last.get(same) {
            return Ok(same);
        }
        Err(FileError::OutOfOrder { path: path.to_vec(), last: last.to_vec() })
    }

    /// Writes what is left, and flushes the underlying writer. If the writer was
    /// [created](Writer::create) with a path, the file is now at that path.
    ///
    /// # Errors
    /// Fails if the underlying writer does, or with [`FileError::Poisoned`] if an earlier call
    /// failed. What was written is then no whole file, and the file of a writer that was created
    /// with a path is removed.
    pub fn finish(self) -> Result<Finished<W>, FileError> {
        if self.is_poisoned {
            return Err(FileError::Poisoned);
        }
        let (mut records, root) = self.spine.finish();
        let commit = records.commit(root, Counts::of_map(Some(self.counts)), self.label)?;
        let (bytes, merged) = (records.len(), records.merged());
        let write = records.into_inner();
        if let Some((replacement, finish)) = self.replacement {
            finish(replacement, &write)?;
        }
        Ok(Finished { write, bytes, values: commit.counts.values, nodes: commit.nodes, merged })
    }
}

impl<V: Stored> Writer<File, V> {
    /// Begins a file at a path. It is there when the writer is [finished](Self::finish).
    ///
    /// Until then the bytes are in a temporary file in the same directory, which is removed if the
    /// writer is dropped. [`finish`](Self::finish) syncs it to the disk, renames it to `path`, and
    /// syncs the directory. So at any moment, and after a crash at any moment, there is either the
    /// old file or the new one, whole; see [`PathMap::save_to`](crate::PathMap::save_to).
    ///
    /// # Errors
    /// Fails if the temporary file cannot be created, and as [`new`](Self::new).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Writer;
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-writer-{}", std::process::id()));
    /// let mut writer = Writer::create(&path)?;
    /// for i in 0..1000u32 {
    ///     writer.push(i.to_be_bytes(), i)?;
    /// }
    /// writer.finish()?;
    /// assert_eq!(PathMap::<u32>::load_from(&path)?.len(), 1000);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn create<P: AsRef<Path>>(path: P) -> Result<Self, FileError> {
        WriterOptions::new().create(path)
    }
}

impl<W: Write, V: Stored> fmt::Debug for Writer<W, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("values", &self.counts.values)
            .field("label", &self.label)
            .field("is_poisoned", &self.is_poisoned)
            .finish_non_exhaustive()
    }
}
