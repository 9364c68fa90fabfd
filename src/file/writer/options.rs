//! How a file is written.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::Writer;
use super::records::Records;
use super::registry::Registry;
use crate::file::counts::Counts;
use crate::file::error::FileError;
use crate::file::header::Header;
use crate::file::replace::Replacement;
use crate::file::stored::{Stored, ValueType};
use crate::trie::Spine;

/// The number of nodes that a writer remembers, unless it is set. So few find repetition that is
/// near, which may make a file hundreds of times smaller. Of the nodes of a million words without
/// values, 2 % equal one of the last 64, and 13 % one of the last 10,000, but these are so small
/// that the file is 1 % smaller.
const REGISTRY: usize = 64;

/// The most bytes of a label.
const LONGEST_LABEL: usize = 65_535;

/// The options of a [`Writer`].
///
/// # Examples
/// ```
/// use bytetrie::file::WriterOptions;
///
/// let options = WriterOptions::new().registry(0).label("words of 2026");
/// let mut writer = options.write_to(Vec::new())?;
/// writer.push("romane", 1u32)?;
/// let bytes = writer.finish()?.write;
/// # assert_eq!(bytetrie::PathMap::<u32>::load(&bytes[..])?.len(), 1);
/// # Ok::<(), bytetrie::file::FileError>(())
/// ```
#[derive(Clone, Debug)]
pub struct WriterOptions {
    registry: usize,
    label: String,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl WriterOptions {
    /// Creates the options of [`Writer::new`]: a registry of 64 nodes, and no label.
    #[must_use]
    pub fn new() -> Self {
        Self { registry: REGISTRY, label: String::new() }
    }

    /// Sets the number of nodes that the writer remembers, in order to write equal nodes once.
    ///
    /// Equal subtries are merged only if the writer still remembers the one that was written
    /// first, so a larger registry may find more of them. Each node in the registry takes at most
    /// four kilobytes, and usually a few hundred bytes. With 0, no nodes are merged, and the
    /// writer is faster: choose it if no two subtries are equal, for example because all values
    /// differ.
    #[must_use]
    pub fn registry(self, nodes: usize) -> Self {
        Self { registry: nodes, ..self }
    }

    /// Sets the label of the file's only commit.
    ///
    /// # Panics
    /// Panics if the label has more than 65,535 bytes.
    #[must_use]
    pub fn label<L: Into<String>>(self, label: L) -> Self {
        let label = label.into();
        assert!(label.len() <= LONGEST_LABEL, "a label has at most 65,535 bytes");
        Self { label, ..self }
    }

    /// Creates a writer with these options; see [`Writer::new`].
    ///
    /// # Errors
    /// As [`Writer::new`].
    pub fn write_to<W: Write, V: Stored>(&self, write: W) -> Result<Writer<W, V>, FileError> {
        let values = ValueType::of::<V>();
        Header { values: values.clone(), id: 0 }.expect(&values)?;
        let records = Records::new(write, Registry::new(self.registry));
        Ok(Writer {
            spine: Spine::new(records),
            counts: Counts::default(),
            label: self.label.clone(),
            is_poisoned: false,
            replacement: None,
        })
    }

    /// Creates a writer of a file with these options; see [`Writer::create`].
    ///
    /// # Errors
    /// As [`Writer::create`].
    pub fn create<P: AsRef<Path>, V: Stored>(&self, path: P) -> Result<Writer<File, V>, FileError> {
        let (replacement, file) = Replacement::begin(path.as_ref())?;
        let mut writer = self.write_to(file)?;
        writer.replacement = Some((replacement, Replacement::finish));
        Ok(writer)
    }
}
