//! Locations in a node.

/// A location in a node: the first `depth` bytes of the entries `lo..hi`, which are all the
/// entries that share them.
///
/// A list numbers its entries in order, a wide node by their byte. `lo` is always an entry that
/// is there, except at the root, where the depth is 0. A child's root is a spot of the child, not
/// of its parent.
///
/// A spot is eight bytes, so that it travels in a register. `hi == 0` means that the end of the
/// run is not known yet; see [`NodeRef::known`](super::NodeRef::known).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) lo: u16,
    pub(crate) hi: u16,
    depth: u32,
}

impl Spot {
    #[inline]
    pub(crate) fn new(lo: u16, hi: u16, depth: usize) -> Self {
        Self { lo, hi, depth: depth as u32 }
    }

    #[inline]
    pub(crate) fn depth(self) -> usize {
        self.depth as usize
    }

    /// Goes down within the same run.
    #[inline]
    pub(crate) fn deepen(&mut self, bytes: usize) {
        self.depth += bytes as u32;
    }

    /// The root of any node.
    pub(crate) const ROOT: Self = Self { lo: 0, hi: 0, depth: 0 };
}
