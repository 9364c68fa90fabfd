//! A zipper over a file of pathmap.

use super::count::values_below;
use super::frame::{Frame, Way};
use super::kept::Kept;
use crate::bytes::{ByteMask, common_prefix};
use crate::virtual_zippers::virtual_path::VirtualPath;
use crate::zipper::{ZipperForking, ZipperReadOnlyValues, ZipperValues};

/// A cursor over a file of pathmap.
///
/// The frame on top has the focus, or the last location above it if the focus does not exist. The
/// end of a line that has a child is the first location of the child.
#[derive(Clone)]
pub(in crate::compat::arena_compact) struct ArenaZipper<'d> {
    pub(super) data: &'d [u8],
    kept: &'d Kept,
    /// The path from the origin to the focus.
    pub(super) path: VirtualPath,
    /// The length of the path to the root.
    pub(super) root_len: usize,
    /// The length of the longest prefix of the path that is a location.
    pub(super) here: usize,
    /// The nodes on the path, from that of the root on.
    pub(super) frames: Vec<Frame<'d>>,
}

impl<'d> ArenaZipper<'d> {
    pub(super) fn new(data: &'d [u8], root: u64, kept: &'d Kept, path: &[u8]) -> Self {
        let frames = vec![Frame::read(data, root, 0)];
        let mut zipper = Self { data, kept, path: VirtualPath::default(), root_len: 0, here: 0, frames };
        zipper.descend(path);
        zipper.rooted_here()
    }

    /// Makes the focus the root.
    fn rooted_here(mut self) -> Self {
        self.root_len = self.path.len();
        self.frames.drain(..self.frames.len() - 1);
        self
    }

    /// True iff the focus is a location.
    #[inline]
    pub(super) fn exists(&self) -> bool {
        self.here == self.path.len()
    }

    /// The frame on top, and the number of bytes from its first location to `here`.
    #[inline]
    pub(super) fn top(&self) -> (&Frame<'d>, usize) {
        let top = self.frames.last().expect("the frame of the root is never removed");
        (top, self.here - top.depth)
    }

    pub(super) fn mask(&self) -> ByteMask {
        match self.top() {
            _ if !self.exists() => ByteMask::EMPTY,
            (Frame { way: Way::Branch { mask, .. }, .. }, _) => *mask,
            (Frame { way: Way::Line { bytes, .. }, .. }, at) => {
                bytes.get(at).map_or(ByteMask::EMPTY, |&byte| ByteMask::from(byte))
            }
        }
    }

    /// The value at the focus.
    #[inline]
    pub(super) fn value(&self) -> Option<&u64> {
        match self.top() {
            _ if !self.exists() => None,
            (frame, 0) => frame.value.as_ref(),
            (Frame { way: Way::Line { bytes, value, .. }, .. }, at) if at == bytes.len() => value.as_ref(),
            _ => None,
        }
    }

    fn value_at(&self, path: &[u8]) -> Option<u64> {
        if !self.exists() {
            return None;
        }
        let (frame, at) = self.top();
        frame.clone().value_at(self.data, at, path)
    }

    /// The number of values at and below the focus.
    pub(super) fn count(&self) -> usize {
        if !self.exists() {
            return 0;
        }
        let (frame, at) = self.top();
        let is_at_end = matches!(frame.way, Way::Line { bytes, .. } if at == bytes.len());
        let below = if is_at_end { 0 } else { values_below(self.data, frame.clone()) };
        below.saturating_add(usize::from(self.value().is_some()))
    }

    /// Appends bytes by which the top frame goes on, and enters the child in which they end.
    fn advance(&mut self, bytes: &[u8]) {
        self.path.extend(bytes);
        self.here += bytes.len();
        let (frame, at) = self.top();
        let below = match &frame.way {
            Way::Branch { .. } => Some(frame.child(self.data, bytes[0])),
            Way::Line { bytes, .. } if at == bytes.len() => frame.below_line(self.data),
            Way::Line { .. } => None,
        };
        self.frames.extend(below);
    }

    /// The bytes after the focus up to the next place where a value may be or paths may part.
    pub(super) fn run(&self) -> Option<Run<'d>> {
        match self.top() {
            _ if !self.exists() => None,
            (Frame { way: Way::Branch { mask, .. }, .. }, _) => {
                let first = mask.first_bit()?;
                (mask.count_bits() == 1).then_some(Run::Byte([first]))
            }
            (Frame { way: Way::Line { bytes, .. }, .. }, at) => {
                (at < bytes.len()).then_some(Run::Line(&bytes[at..]))
            }
        }
    }

    /// Descends by the first bytes of the run, of which there are some.
    pub(super) fn slide(&mut self, run: &Run<'d>, max: usize) {
        let bytes = run.bytes();
        self.advance(&bytes[..bytes.len().min(max)]);
    }

    /// Descends by a byte, if that child exists. The focus is a location.
    pub(super) fn follow_byte(&mut self, byte: u8) -> bool {
        let found = match self.top() {
            (Frame { way: Way::Branch { mask, .. }, .. }, _) => mask.test_bit(byte),
            (Frame { way: Way::Line { bytes, .. }, .. }, at) => bytes.get(at) == Some(&byte),
        };
        if found {
            self.advance(&[byte]);
        }
        found
    }

    /// Descends along `k` while locations exist. Returns the number of bytes moved.
    pub(super) fn follow(&mut self, k: &[u8]) -> usize {
        let mut left = k;
        while self.exists() && !left.is_empty() {
            let moved = match self.top() {
                (Frame { way: Way::Branch { mask, .. }, .. }, _) => usize::from(mask.test_bit(left[0])),
                (Frame { way: Way::Line { bytes, .. }, .. }, at) => common_prefix(&bytes[at..], left),
            };
            if moved == 0 {
                break;
            }
            self.advance(&left[..moved]);
            left = &left[moved..];
        }
        k.len() - left.len()
    }

    /// Descends by a path, whether or not it exists.
    pub(super) fn descend(&mut self, k: &[u8]) {
        let moved = self.follow(k);
        self.path.extend(&k[moved..]);
    }

    /// Moves up to the location `len` bytes below the origin, which is at or below the root.
    pub(super) fn rise(&mut self, len: usize) {
        self.path.truncate(len);
        if len >= self.here {
            return;
        }
        self.here = len;
        while self.frames.len() > 1 && self.top_depth() > len {
            self.frames.pop();
        }
    }

    fn top_depth(&self) -> usize {
        self.frames.last().map_or(0, |top| top.depth)
    }

    /// Moves to the next child of the branch above the focus. `None` if the focus is not the first
    /// location of a child of a branch.
    pub(super) fn next_child(&mut self) -> Option<bool> {
        let [.., parent, child] = self.frames.as_slice() else { return None };
        let Way::Branch { mask, .. } = &parent.way else { return None };
        if !self.exists() || child.depth != self.here {
            return None;
        }
        let Some(next) = mask.next_bit(*self.path.get().last()?) else { return Some(false) };
        let next_child = match child.end {
            Some(end) => parent.child_at(self.data, Some(end), self.here),
            None => parent.child(self.data, next),
        };
        self.path.truncate(self.here - 1);
        self.path.push(next);
        self.frames.pop();
        self.frames.push(next_child);
        Some(true)
    }

    pub(in crate::compat::arena_compact) fn fork(&self) -> Self {
        self.clone().rooted_here()
    }
}

/// Bytes by which a location goes on without a branch.
pub(super) enum Run<'d> {
    Byte([u8; 1]),
    Line(&'d [u8]),
}

impl Run<'_> {
    fn bytes(&self) -> &[u8] {
        match self {
            Run::Byte(byte) => byte,
            Run::Line(bytes) => bytes,
        }
    }
}

impl ZipperValues<u64> for ArenaZipper<'_> {
    #[inline]
    fn val(&self) -> Option<&u64> {
        self.value()
    }
    fn val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&u64> {
        self.get_val_at(path)
    }
}

impl<'d> ZipperReadOnlyValues<'d, u64> for ArenaZipper<'d> {
    fn get_val(&self) -> Option<&'d u64> {
        self.value().map(|&value| self.kept.lend(value))
    }
    fn get_val_at<K: AsRef<[u8]>>(&self, path: K) -> Option<&'d u64> {
        self.value_at(path.as_ref()).map(|value| self.kept.lend(value))
    }
}

impl<'d> ZipperForking<u64> for ArenaZipper<'d> {
    type ReadZipperT<'z>
        = ArenaZipper<'d>
    where
        Self: 'z;

    fn fork_read_zipper<'z>(&'z self) -> ArenaZipper<'d> {
        self.fork()
    }
}
