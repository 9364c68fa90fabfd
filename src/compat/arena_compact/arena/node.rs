//! The nodes of a file of pathmap 0.3.5.

use crate::bytes::ByteMask;
use crate::compat::arena_compact::varint::varint;

/// The place of a node in a file: the offset of its first byte.
///
/// A file of this crate has one for each commit; see
/// [`root_history`](super::super::ArenaCompactTree::root_history).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(pub(in crate::compat::arena_compact) u64);

/// The place of the bytes of a [`NodeLine`] in a file of pathmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineId(pub(in crate::compat::arena_compact) u64);

/// A node of a file of pathmap.
///
/// The files of this crate have other nodes, which the chapter
/// [`files`](crate::guide::files) describes.
#[derive(Clone, Debug)]
pub enum Node {
    /// A line.
    Line(NodeLine),
    /// A branch.
    Branch(NodeBranch),
}

impl Node {
    /// Returns the number of children.
    #[must_use]
    pub fn child_count(&self) -> usize {
        match self {
            Node::Line(line) => usize::from(line.child.is_some()),
            Node::Branch(branch) => branch.bytemask.count_bits(),
        }
    }
}

/// A node that is a sequence of bytes without branches.
#[derive(Clone, Debug)]
pub struct NodeLine {
    /// The place of the bytes.
    pub path: LineId,
    /// The value at the end of the bytes.
    pub value: Option<u64>,
    /// The node at the end of the bytes.
    pub child: Option<NodeId>,
}

impl NodeLine {
    /// Creates a line without a value, without a child, and with a place that no file has.
    #[must_use]
    pub fn empty() -> Self {
        Self { path: LineId(u64::MAX), value: None, child: None }
    }
}

/// A node that is one location, and has a child for each byte that follows.
#[derive(Clone, Copy, Debug)]
pub struct NodeBranch {
    /// The bytes that follow.
    pub bytemask: ByteMask,
    /// The child of the first of these bytes. The others lie behind it, one after another.
    pub first_child: Option<NodeId>,
    /// The value at the location.
    pub value: Option<u64>,
}

impl NodeBranch {
    /// Creates a branch without a value and without children.
    #[must_use]
    pub fn empty() -> Self {
        Self { bytemask: ByteMask::EMPTY, first_child: None, value: None }
    }
}

/// The flag of a line in the first byte of a node.
const IS_LINE: u8 = 0x80;

/// The flag of a value in the first byte of a node.
const HAS_VALUE: u8 = 0x40;

/// The number of children from which on they are told by a mask.
const MASKED: usize = 32;

/// The bytes of a node that are still to be read.
struct Rest<'d> {
    data: &'d [u8],
    /// The offset of the node.
    offset: u64,
}

impl<'d> Rest<'d> {
    fn take(&mut self, len: usize) -> Option<&'d [u8]> {
        let (taken, rest) = self.data.split_at_checked(len)?;
        self.data = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let (number, len) = varint(self.data)?;
        self.data = &self.data[len..];
        Some(number)
    }

    /// An offset that is stored as a distance backwards, so it is less than that of the node.
    fn before(&mut self) -> Option<u64> {
        let distance = self.number()?;
        self.offset.checked_sub(distance).filter(|&before| before < self.offset)
    }
}

/// Decodes the node at an offset. Returns it, and the offset of the byte behind it; `None` if the
/// bytes there are no node.
///
/// All that the node refers to lies before it.
pub(super) fn node(data: &[u8], offset: u64) -> Option<(Node, u64)> {
    let bytes = data.get(usize::try_from(offset).ok()?..)?;
    let mut rest = Rest { data: bytes, offset };
    let head = rest.take(1)?[0];
    let value = if head & HAS_VALUE != 0 { Some(rest.number()?) } else { None };
    let count = usize::from(head & !(IS_LINE | HAS_VALUE));
    let is_line = head & IS_LINE != 0;
    if count > if is_line { 1 } else { MASKED } {
        return None;
    }
    let child = if count > 0 { Some(NodeId(rest.before()?)) } else { None };
    let node = if is_line {
        Node::Line(NodeLine { path: LineId(rest.before()?), value, child })
    } else {
        let bytemask = mask(rest.take(count)?);
        Node::Branch(NodeBranch { bytemask, first_child: child, value })
    };
    Some((node, offset + (bytes.len() - rest.data.len()) as u64))
}

/// The set of bytes that are listed, or that a mask of [`MASKED`] bytes has.
fn mask(bytes: &[u8]) -> ByteMask {
    if bytes.len() < MASKED {
        return bytes.iter().copied().collect();
    }
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    ByteMask(words)
}

/// The bytes of a line; `None` if they are damaged, or if there are none.
pub(super) fn line(data: &[u8], line: LineId) -> Option<&[u8]> {
    let bytes = data.get(usize::try_from(line.0).ok()?..)?;
    let (len, front) = varint(bytes)?;
    let line = bytes[front..].get(..usize::try_from(len).ok()?)?;
    (!line.is_empty()).then_some(line)
}
