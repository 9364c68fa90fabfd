//! A frame of the stack: a node on the way to the focus, or a run of its entries.

use crate::node::{NodeRef, RawNode, Spot};

/// A node on the way to the focus, or a run of its entries.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) node: RawNode,
    /// The length of the path to the node's root.
    pub(super) start: usize,
    /// The entry of the node before that leads here.
    pub(super) via: u16,
    /// The run, as in [`Spot`](crate::node::Spot).
    pub(super) lo: u16,
    pub(super) hi: u16,
    /// The depth in the node from which on the run is right; 0 for the node's root.
    pub(super) from: u16,
    /// For a run: it is right only at the spot where it was set, and is found again by comparison
    /// further up. For a node's root: the runs that lead to it in the node before have no frames.
    pub(super) loose: bool,
    /// For a run that is known: the entries at which a branch begins at the depth `fork`, one bit
    /// each. 0 if nobody has looked for them.
    starts: u32,
    fork: u16,
}

impl Frame {
    /// The frame of a node's root.
    #[inline]
    pub(super) fn root(node: RawNode, start: usize, via: u16, run: Spot, loose: bool) -> Self {
        Self { node, start, via, lo: run.lo, hi: run.hi, from: 0, loose, starts: 0, fork: 0 }
    }

    /// The frame of a run of the same node that is right from the depth `from` on.
    #[inline]
    pub(super) fn run(self, lo: u16, hi: u16, from: u16, loose: bool) -> Self {
        Self { lo, hi, from, loose, starts: 0, ..self }
    }

    /// Widens or moves the run.
    #[inline]
    pub(super) fn set_run(&mut self, lo: u16, hi: u16) {
        // Both at once: they are read as one word soon.
        (self.lo, self.hi) = (lo, hi);
        self.starts = 0;
    }

    /// True iff this is the frame of an entry that iteration visited last, above the frame of the
    /// node's root.
    #[inline]
    pub(super) fn is_landed_at_root(&self) -> bool {
        (self.hi, self.from) == (0, 1)
    }

    /// Moves the run of a frame at the end of an entry, as iteration knows it, to another entry.
    #[inline]
    pub(super) fn set_landed(&mut self, entry: u16) {
        debug_assert!(self.hi == 0 && self.from > 0);
        // Both at once: they are read as one word soon.
        (self.lo, self.hi) = (entry, 0);
    }

    /// The entries at which a branch begins at a spot of this frame, which is known and not the
    /// node's root, one bit each. The node is a list, and is the frame's.
    #[inline]
    pub(super) fn starts_at<V>(&mut self, node: NodeRef<'_, V>, spot: Spot) -> u32 {
        if self.starts != 0 && self.fork as usize == spot.depth() {
            return self.starts;
        }
        let starts = node.starts(spot);
        if self.hi != 0 {
            (self.starts, self.fork) = (starts, spot.depth() as u16);
        }
        starts
    }
}
