//! Verifying all bytes of a packed trie.

use std::io::{self, Read};

use super::trie::Packed;
use crate::file::error::{Damage, FileError};
use crate::file::stored::{Form, Kind, Stored, content_hash};
use crate::trie::PathMap;

/// Reads bytes, and reports how many were read.
struct Reporting<'d, F> {
    left: &'d [u8],
    len: usize,
    progress: F,
}

impl<F: FnMut(usize, usize)> Read for Reporting<'_, F> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let read = self.left.read(to)?;
        (self.progress)(self.len - self.left.len(), self.len);
        Ok(read)
    }
}

impl<V: Stored> Packed<'_, V> {
    /// Verifies all bytes up to the end of the map's commit: every checksum, every rule of the
    /// format, the numbers of nodes, values and locations, and the hash of the content if the
    /// commit tells one.
    ///
    /// `progress` is called now and then with the number of bytes that are verified, and the
    /// number of all bytes.
    ///
    /// # Errors
    /// Fails with [`FileError::Damaged`] at the first violation.
    ///
    /// # Complexity
    /// O(bytes). Each node is built to check its rules, so the memory needed is that of all nodes
    /// in the file up to the commit.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("romane", 1u32), ("romanus", 2)]).save(&mut bytes)?;
    /// let packed = Packed::<u32>::new(&bytes)?;
    /// let mut percent = 0;
    /// packed.verify(|bytes, all| percent = 100 * bytes / all)?;
    /// assert_eq!(percent, 100);
    ///
    /// bytes[70] ^= 1;
    /// let packed = Packed::<u32>::new(&bytes)?; // the last commit is whole
    /// assert!(packed.verify(|_, _| ()).is_err());
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn verify<F: FnMut(usize, usize)>(&self, progress: F) -> Result<(), FileError> {
        let bytes = &self.data[..self.end];
        let map = PathMap::<V>::load(Reporting { left: bytes, len: bytes.len(), progress })?;
        // The map was opened by its last commit, and loading has checked its counts. A value that
        // serde encodes may have other bytes when it is encoded again.
        let is_exact = V::Form::KIND != Kind::Encoded;
        if is_exact && self.hash.is_some_and(|hash| hash != content_hash(&map)) {
            return Err(Damage::new(self.commit + 56, "the hash of the content").into());
        }
        Ok(())
    }
}
