//! The files that pathmap 0.3.5 wrote, read in place.
//!
//! ```text
//! file      "ACTree03" · offset of the root, u64 · lines and nodes · padding
//! line      length · bytes
//! branch    head 0vcccccc · value, if v · distance to the first child, if c > 0
//!           · c child bytes if c < 32, otherwise a mask of 32 bytes
//! line node head 1v00000c · value, if v · distance to the child, if c · distance to the line
//! ```
//! Lengths, values and distances are [integers of variable length](super::read_varint_u64), all
//! others are little-endian. A distance is the offset of the node minus that of what it refers to,
//! so everything lies before what refers to it. The children of a branch lie one after another, in
//! the order of their bytes. A line node's child begins where its line ends; if both have a value
//! there, the line's counts. A merge appends nodes, the offset of the trailer before and that of
//! the root before, and overwrites the root.

mod count;
mod frame;
mod kept;
mod moves;
pub(super) mod node;
mod walk;

use std::io;

use self::frame::Frame;
use self::kept::Kept;
pub(super) use self::walk::ArenaZipper;
use crate::file::Data;

/// The length of [`COMPACT_TREE_MAGIC`].
pub const MAGIC_LENGTH: usize = 8;

/// The first bytes of the files of pathmap 0.3.5.
///
/// Files of this crate, which are those of [`PathMap::save`](crate::PathMap::save), begin with
/// others.
pub const COMPACT_TREE_MAGIC: [u8; MAGIC_LENGTH] = *b"ACTree03";

/// The length of the magic and the root's offset.
const HEADER: usize = MAGIC_LENGTH + 8;

/// The length of what a merge appends: the offset of what the merge before appended, and that of
/// the root before.
const TRAILER: usize = 16;

/// A file of pathmap.
pub(super) struct Arena {
    data: Data<'static>,
    root: u64,
    kept: Kept,
}

/// The number at an offset.
fn number(data: &[u8], offset: usize) -> Option<u64> {
    let bytes = data.get(offset..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}

impl Arena {
    /// Opens a file that begins with the magic.
    pub(super) fn open(data: Data<'static>) -> io::Result<Self> {
        let root = number(&data, MAGIC_LENGTH).filter(|&root| node::node(&data, root).is_some());
        let root = root.filter(|&root| root >= HEADER as u64);
        let root = root.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "damaged at byte 8: expected the offset of a node")
        })?;
        Ok(Self { data, root, kept: Kept::default() })
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    pub(super) fn get(&self, path: &[u8]) -> Option<u64> {
        Frame::read(&self.data, self.root, 0).value_at(&self.data, 0, path)
    }

    pub(super) fn read_zipper_at_path(&self, path: &[u8]) -> ArenaZipper<'_> {
        ArenaZipper::new(&self.data, self.root, &self.kept, path)
    }

    /// The offsets of the roots, the last one first.
    pub(super) fn roots(&self) -> Vec<u64> {
        let mut roots = vec![self.root];
        let mut trailer = self.data.len().checked_sub(TRAILER);
        while let Some(at) = trailer.filter(|&at| at >= HEADER) {
            // What was not appended by a merge ends with zeros.
            let root = number(&self.data, at + 8).filter(|&root| root >= HEADER as u64);
            let Some(root) = root.filter(|&root| root < at as u64) else { break };
            roots.push(root);
            let before = number(&self.data, at).and_then(|before| usize::try_from(before).ok());
            trailer = before.filter(|&before| before < at);
        }
        roots
    }
}
