//! Mapping a file into memory.

use std::fs::File;
use std::io;
use std::path::Path;

use super::data::Data;
use super::trie::Packed;
use crate::file::error::FileError;
use crate::file::stored::Stored;

impl Data<'static> {
    /// Maps a file into memory.
    ///
    /// # Safety
    /// As for [`Packed::map`].
    ///
    /// # Errors
    /// Fails if the file cannot be opened or mapped.
    pub unsafe fn map<P: AsRef<Path>>(path: P) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the bytes of the mapping do not change, because nobody truncates or overwrites
        // the file while the result lives, as the caller promises, and the mapping is dropped with
        // it.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self::mapped(map))
    }
}

impl<V: Stored> Packed<'static, V> {
    /// Opens a file by mapping it into memory.
    ///
    /// Nothing is read except the pages that are used, when they are used. The operating system
    /// shares them with other processes that map the file, and reclaims them when memory is
    /// needed. See [`open`](Self::open) for the safe way, which reads the file.
    ///
    /// # Safety
    /// While the result or a clone of it lives, nobody may truncate the file or overwrite its
    /// bytes: no thread, and no other process. Appending to the file is allowed, and so is
    /// replacing it by another file of that name, as [`PathMap::save_to`](crate::PathMap::save_to)
    /// does.
    ///
    /// # Errors
    /// As [`new`](Self::new). Fails too if the file cannot be opened or mapped.
    ///
    /// # Complexity
    /// O(1) and a few system calls, if a commit ends the file.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-map-{}", std::process::id()));
    /// PathMap::from([("romane", 1u32), ("romanus", 2)]).save_to(&path)?;
    /// // SAFETY: nobody else knows the file.
    /// let packed = unsafe { Packed::<u32>::map(&path)? };
    /// assert_eq!(packed.get("romanus"), Some(&2));
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub unsafe fn map<P: AsRef<Path>>(path: P) -> Result<Self, FileError> {
        // SAFETY: the caller promises what mapping the file requires.
        Self::new(unsafe { Data::map(path)? })
    }
}
