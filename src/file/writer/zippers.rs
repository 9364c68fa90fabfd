//! Subtries of zippers as the entries of a file.

use std::io::Write;

use super::Writer;
use crate::file::error::FileError;
use crate::file::stored::Stored;
use crate::zipper::{ZipperIteration, ZipperValues};

impl<W: Write, V: Stored> Writer<W, V> {
    /// Begins a file of the subtrie at a zipper's focus: [`new`](Self::new), then
    /// [`push_zipper`](Self::push_zipper) at the empty path. The file is still to be
    /// [finished](Self::finish).
    ///
    /// # Errors
    /// As these two.
    ///
    /// # Examples
    /// The join of two maps, which is never in memory:
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Writer;
    /// use bytetrie::zipper::JoinZipper;
    ///
    /// let a = PathMap::from([("romane", 1u32), ("romanus", 2)]);
    /// let b = PathMap::from([("romulus", 3u32)]);
    ///
    /// let mut both = JoinZipper::new(a.read_zipper(), b.read_zipper());
    /// let bytes = Writer::from_zipper(Vec::new(), &mut both)?.finish()?.write;
    /// assert_eq!(PathMap::load(&bytes[..])?, a.join(&b));
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn from_zipper<U, Z>(write: W, zipper: &mut Z) -> Result<Self, FileError>
    where
        U: ToOwned<Owned = V> + ?Sized,
        Z: ZipperIteration + ZipperValues<U>,
    {
        let mut writer = Self::new(write)?;
        writer.push_zipper([], zipper)?;
        Ok(writer)
    }

    /// Adds the subtrie at a zipper's focus at a path: all values at and below the focus, and all
    /// dangling paths below it. Afterwards the zipper's focus is as before.
    ///
    /// The zipper may be of any type: over a map, over a file, or a virtual one. Its values may be
    /// those of the file as they are lent: `str` for a `String`, `[u8]` for a `Vec<u8>`. So a join,
    /// a meet or a difference of files is written to another file in the memory that their zippers
    /// need.
    /// Subtries that are shared in a map are visited once for each path that leads to them, and
    /// merged again as far as the registry remembers them. To write a map with much sharing,
    /// [save](crate::PathMap::save) it.
    ///
    /// # Errors
    /// As [`push`](Self::push), which is called for each path. If `path` is out of order, the
    /// writer is unchanged. If anything fails later, the entries before it have been added.
    ///
    /// # Complexity
    /// O(locations at and below the focus), and the bytes of all paths. It is fastest if the focus
    /// is the zipper's root.
    pub fn push_zipper<K, U, Z>(&mut self, path: K, zipper: &mut Z) -> Result<(), FileError>
    where
        K: AsRef<[u8]>,
        U: ToOwned<Owned = V> + ?Sized,
        Z: ZipperIteration + ZipperValues<U>,
    {
        let focus = zipper.path().to_vec();
        let pushed = self.push_below(path.as_ref(), zipper, &focus);
        zipper.move_to_path(&focus);
        pushed
    }

    /// Adds the subtrie at the zipper's focus at a path, and leaves the zipper anywhere.
    fn push_below<U, Z>(&mut self, path: &[u8], zipper: &mut Z, focus: &[u8]) -> Result<(), FileError>
    where
        U: ToOwned<Owned = V> + ?Sized,
        Z: ZipperIteration + ZipperValues<U>,
    {
        if let Some(value) = zipper.val() {
            self.push(path, value.to_owned())?;
        }
        let mut to = path.to_vec();
        let mut add = |writer: &mut Self, zipper: &Z| {
            to.truncate(path.len());
            to.extend_from_slice(&zipper.path()[focus.len()..]);
            writer.push_focus(&to, zipper)
        };
        if focus.is_empty() {
            while zipper.to_next_val_or_tip() {
                add(self, zipper)?;
            }
        } else {
            // A step that leaves the subtrie ends at a location that is no longer than the focus.
            // A search for the next value might go far beyond it.
            while zipper.to_next_step() && zipper.path().len() > focus.len() {
                add(self, zipper)?;
            }
        }
        Ok(())
    }

    /// Adds the value at the zipper's focus, or a dangling path if the focus is a tip.
    fn push_focus<U, Z>(&mut self, path: &[u8], zipper: &Z) -> Result<(), FileError>
    where
        U: ToOwned<Owned = V> + ?Sized,
        Z: ZipperIteration + ZipperValues<U>,
    {
        match zipper.val() {
            Some(value) => self.push(path, value.to_owned()),
            None if zipper.at_tip() => self.push_dangling(path),
            None => Ok(()),
        }
    }
}
