//! Saving a map: its nodes, from the leaves up.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

use super::counts::Counts;
use super::error::FileError;
use super::header::Header;
use super::output::Output;
use super::record::Commit;
use super::replace::replace_file;
use super::stored::{Stored, ValueType};
use crate::node::{Children, ColumnsBuffer, LentNode};
use crate::trie::PathMap;

/// A node that has been written: its offset, and what is at and below it.
#[derive(Clone, Copy)]
pub(crate) struct Written {
    pub(crate) offset: u64,
    pub(crate) counts: Counts,
}

/// The nodes that have been written, so that a node that is met again is not written again.
pub(crate) trait Table {
    /// Returns what is known of a node that has been written.
    fn get<V>(&self, node: LentNode<'_, V>) -> Option<Written>;

    /// Notes a node that has been written.
    fn insert<V>(&mut self, node: LentNode<'_, V>, written: Written);
}

/// The nodes that have been written and may be met again, by their ids.
///
/// The ids are those of living nodes, so whoever keeps this table keeps the nodes too.
pub(crate) struct Known {
    written: HashMap<usize, Written>,
    has_all: bool,
}

impl Known {
    /// A table of the nodes that have several owners. The others are met once while one map is
    /// saved.
    pub(crate) fn of_shared_nodes() -> Self {
        Self { written: HashMap::new(), has_all: false }
    }

    /// A table of all nodes, for saving several maps one after another: a node with one owner gets
    /// more of them when a copy of its map is edited.
    pub(crate) fn of_all_nodes() -> Self {
        Self { has_all: true, ..Self::of_shared_nodes() }
    }
}

impl Table for Known {
    #[inline]
    fn get<V>(&self, node: LentNode<'_, V>) -> Option<Written> {
        (self.has_all || node.is_shared()).then(|| self.written.get(&node.id()).copied()).flatten()
    }

    #[inline]
    fn insert<V>(&mut self, node: LentNode<'_, V>, written: Written) {
        if self.has_all || node.is_shared() {
            self.written.insert(node.id(), written);
        }
    }
}

/// A node whose children are being written.
struct Open<'a, V> {
    node: LentNode<'a, V>,
    left: Children<'a, V>,
    /// The number of offsets that were noted before those of its children.
    first: usize,
    /// What is at and below those of its children that are written.
    counts: Counts,
}

impl<'a, V> Open<'a, V> {
    fn new(node: LentNode<'a, V>, first: usize) -> Self {
        Self { node, left: node.children(), first, counts: Counts::default() }
    }
}

/// Writes the nodes at and below `root` that are not known, each once; returns the root.
///
/// # Complexity
/// O(nodes), with memory for the nodes on one path and for those that have several owners.
pub(crate) fn save_nodes<V: Stored>(
    root: LentNode<'_, V>,
    output: &mut Output<impl Write>,
    known: &mut impl Table,
) -> io::Result<Written> {
    if let Some(written) = known.get(root) {
        return Ok(written);
    }
    let mut buffer = ColumnsBuffer::new();
    // The offsets of the children of all open nodes.
    let mut offsets: Vec<u64> = Vec::new();
    let mut open = vec![Open::new(root, 0)];
    loop {
        let top = open.last_mut().expect("the root returns");
        let done = if let Some(child) = top.left.next() {
            match known.get(child) {
                Some(written) => written,
                None => {
                    open.push(Open::new(child, offsets.len()));
                    continue;
                }
            }
        } else {
            let Open { node, first, mut counts, .. } = *top;
            let columns = node.columns(&mut buffer);
            let own = node.own();
            counts.add_node(&columns, own.is_some());
            let offset = output.node(&columns, &offsets[first..], own, node.values())?;
            offsets.truncate(first);
            open.pop();
            let written = Written { offset, counts };
            known.insert(node, written);
            written
        };
        match open.last_mut() {
            Some(parent) => {
                offsets.push(done.offset);
                parent.counts.add(done.counts);
            }
            None => return Ok(done),
        }
    }
}

impl<V: Stored> PathMap<V> {
    /// Writes the map, and returns the number of bytes written.
    ///
    /// The bytes are written from first to last, in blocks, so no buffer is needed around the
    /// writer. It may be a file, a socket, or an encoder that compresses the bytes. Read them with
    /// [`load`](Self::load). To replace a file, use [`save_to`](Self::save_to), which leaves the
    /// old one if anything fails.
    ///
    /// A node that is shared within the map is written once. Maps with equal nodes have equal
    /// bytes. The map is only read: whatever the writer does, the map is as it was.
    ///
    /// # Errors
    /// Fails if the writer does, and with [`FileError::WrongType`] if the values cannot be written
    /// on a big-endian machine; see [`Fixed`](crate::file::Fixed). What has been written until then
    /// is the beginning of a file, which [`load`](Self::load) refuses.
    ///
    /// # Complexity
    /// O(nodes). The memory needed is O(nodes on the longest path, and nodes that have more than
    /// one owner).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let map = PathMap::from([("romane", 1u32), ("romanus", 2)]);
    /// let mut bytes = Vec::new();
    /// map.save(&mut bytes)?;
    /// assert_eq!(PathMap::load(&bytes[..])?, map);
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn save<W: Write>(&self, write: W) -> Result<u64, FileError> {
        let header = Header { values: ValueType::of::<V>(), id: 0 };
        header.expect(&header.values)?;
        let mut output = Output::new(write, &header);
        let root = match &self.root {
            Some(root) => Some(save_nodes(root.lent(), &mut output, &mut Known::of_shared_nodes())?),
            None => None,
        };
        output.commit(Commit {
            root: root.map(|root| root.offset),
            counts: Counts::of_map(root.map(|root| root.counts)),
            ..Commit::default()
        })?;
        Ok(output.end())
    }

    /// Writes the map to a file, which is replaced at once; returns the number of bytes written.
    ///
    /// The map is [saved](Self::save) to a new file in the same directory, whose bytes are synced
    /// to the disk. Then the new file is renamed to `path`, and the directory is synced. So at any
    /// moment, and after a crash at any moment, there is either the old file or the new one, whole.
    /// The new file has the permissions of the old one. If `path` is a symbolic link, the file that
    /// it leads to is replaced. If it is no regular file, but a device or a pipe, it is written in
    /// place.
    ///
    /// # Errors
    /// As [`save`](Self::save). The new file is then removed again, and the old one is untouched,
    /// except that an error of the last step, syncing the directory, leaves the new file.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let path = std::env::temp_dir().join(format!("bytetrie-example-{}", std::process::id()));
    /// let map = PathMap::from([("romane", 1u32), ("romanus", 2)]);
    /// map.save_to(&path)?;
    /// assert_eq!(PathMap::load_from(&path)?, map);
    /// # std::fs::remove_file(&path)?;
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn save_to<P: AsRef<Path>>(&self, path: P) -> Result<u64, FileError> {
        replace_file(path.as_ref(), |file| self.save(file))
    }
}
