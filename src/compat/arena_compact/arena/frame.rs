//! The nodes on a path, read from the bytes of a file of pathmap.
//!
//! A child lies before its parent, and a node that does not is damaged. So on any path the offsets
//! of the nodes only fall, and there are no circles, whatever the bytes are. A child that cannot
//! be read is a location with nothing below it.

use super::node::{self, Node};
use crate::bytes::{ByteMask, common_prefix};

/// The paths that are read are at most this much longer than the file.
///
/// Nodes may have the same bytes for their lines. So the paths of a damaged file could have a
/// length that is the square of the file's.
const LONGER: usize = 1 << 24;

/// A node on a path.
#[derive(Clone)]
pub(super) struct Frame<'d> {
    /// The offset of the node.
    pub(super) offset: u64,
    /// The offset of the byte behind the node, where its next sibling begins; `None` if the node
    /// cannot be read.
    pub(super) end: Option<u64>,
    /// The length of the path to the node's first location.
    pub(super) depth: usize,
    /// The value at the first location.
    pub(super) value: Option<u64>,
    /// True if that value is the one at the end of the line above, and not the node's own.
    pub(super) has_value_of_line: bool,
    pub(super) way: Way<'d>,
}

/// How a node goes on below its first location.
#[derive(Clone)]
pub(super) enum Way<'d> {
    /// By a child for each byte of the mask, the first of them at the offset.
    Branch { mask: ByteMask, first: Option<u64> },
    /// By all of the bytes, which are not empty, to a value or a child.
    Line { bytes: &'d [u8], value: Option<u64>, child: Option<u64> },
}

impl<'d> Frame<'d> {
    /// A location with nothing below it.
    fn tip(offset: u64, depth: usize) -> Self {
        let way = Way::Branch { mask: ByteMask::EMPTY, first: None };
        Self { offset, end: None, depth, value: None, has_value_of_line: false, way }
    }

    /// The node at an offset; a tip if there is none that can be read.
    pub(super) fn read(data: &'d [u8], offset: u64, depth: usize) -> Self {
        let read = || {
            let (node, end) = node::node(data, offset)?;
            let (value, way) = match node {
                Node::Branch(branch) => {
                    let first = branch.first_child.map(|child| child.0);
                    (branch.value, Way::Branch { mask: branch.bytemask, first })
                }
                Node::Line(line) => {
                    let bytes = node::line(data, line.path)?;
                    if depth + bytes.len() > data.len().saturating_add(LONGER) {
                        return None;
                    }
                    (None, Way::Line { bytes, value: line.value, child: line.child.map(|child| child.0) })
                }
            };
            Some(Self { offset, end: Some(end), depth, value, has_value_of_line: false, way })
        };
        read().unwrap_or_else(|| Self::tip(offset, depth))
    }

    /// The child of a byte of the mask of a branch.
    pub(super) fn child(&self, data: &'d [u8], byte: u8) -> Self {
        let depth = self.depth + 1;
        let offset = || {
            let Way::Branch { mask, first } = &self.way else { return None };
            let mut offset = (*first)?;
            for _ in 0..mask.index_of(byte) {
                offset = node::node(data, offset)?.1;
            }
            Some(offset)
        };
        self.child_at(data, offset(), depth)
    }

    /// The child at an offset, if it lies before this node. Otherwise a tip.
    pub(super) fn child_at(&self, data: &'d [u8], offset: Option<u64>, depth: usize) -> Self {
        match offset.filter(|&offset| offset < self.offset) {
            Some(offset) => Self::read(data, offset, depth),
            None => Self::tip(0, depth),
        }
    }

    /// The child at the end of a line; `None` if there is none.
    pub(super) fn below_line(&self, data: &'d [u8]) -> Option<Self> {
        let Way::Line { bytes, value, child: Some(child) } = self.way else { return None };
        let mut below = self.child_at(data, Some(child), self.depth + bytes.len());
        if value.is_some() {
            below.value = value;
            below.has_value_of_line = true;
        }
        Some(below)
    }

    /// The value at a path from the location `at` bytes below the first one.
    pub(super) fn value_at(mut self, data: &'d [u8], mut at: usize, mut path: &[u8]) -> Option<u64> {
        loop {
            match &self.way {
                Way::Branch { mask, .. } => {
                    let Some((&byte, rest)) = path.split_first() else { return self.value };
                    if !mask.test_bit(byte) {
                        return None;
                    }
                    self = self.child(data, byte);
                    path = rest;
                }
                Way::Line { .. } if at == 0 && path.is_empty() => return self.value,
                Way::Line { bytes, value, .. } => {
                    let bytes = &bytes[at..];
                    if common_prefix(bytes, path) < bytes.len() {
                        return None;
                    }
                    path = &path[bytes.len()..];
                    match self.below_line(data) {
                        Some(below) => self = below,
                        None if path.is_empty() => return *value,
                        None => return None,
                    }
                }
            }
            at = 0;
        }
    }
}
