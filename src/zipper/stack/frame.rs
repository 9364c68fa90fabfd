//! A frame of the stack: a node on the way to the focus, or a run of its entries.

use crate::node::{Fork, ForkAt, NodeRef, RawNode, Spot};

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
    /// For a run that is known: where its entries part, if a walk has asked for it. In two parts,
    /// which take less space than a [`Fork`].
    fork_at: ForkAt,
    fork: u64,
}

impl Frame {
    /// The frame of a node's root.
    #[inline]
    pub(super) fn root(node: RawNode, start: usize, via: u16, run: Spot, loose: bool) -> Self {
        Self { node, start, via, lo: run.lo, hi: run.hi, from: 0, loose, fork_at: ForkAt::UNKNOWN, fork: 0 }
    }

    /// The frame of a run of the same node that is right from the depth `from` on.
    #[inline]
    pub(super) fn run(self, lo: u16, hi: u16, from: u16, loose: bool) -> Self {
        Self { lo, hi, from, loose, fork_at: ForkAt::UNKNOWN, fork: 0, ..self }
    }

    /// Widens or moves the run.
    #[inline]
    pub(super) fn set_run(&mut self, lo: u16, hi: u16) {
        // Both at once: they are read as one word soon.
        (self.lo, self.hi) = (lo, hi);
        self.fork_at = ForkAt::UNKNOWN;
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

    /// The spot of this frame at `depth`, where its run is right. The run is known afterwards.
    #[inline]
    pub(super) fn know_run<V>(&mut self, node: NodeRef<'_, V>, depth: usize) -> Spot {
        let spot = node.known(Spot::new(self.lo, self.hi, depth));
        self.set_known(spot);
        spot
    }

    /// Notes the run at a spot of this frame where its run is right.
    #[inline]
    pub(super) fn set_known(&mut self, spot: Spot) {
        debug_assert!(self.hi == 0 || (self.lo, self.hi) == (spot.lo, spot.hi));
        (self.lo, self.hi) = (spot.lo, spot.hi);
    }

    /// Notes where the entries of the run, which is known, part.
    #[inline]
    pub(super) fn set_fork(&mut self, fork: Fork) {
        (self.fork, self.fork_at) = fork.into_parts();
    }

    /// The branches that go on from the spot of this frame at `depth`, if they are known.
    #[inline]
    pub(super) fn known_fork(&self, depth: usize) -> Option<Fork> {
        self.fork_at.is_at(depth).then(|| Fork::from_parts(self.fork, self.fork_at))
    }

    /// The branches that go on from a spot of this frame, which is known and not the node's root.
    /// The node is a list, and is the frame's.
    #[inline]
    pub(super) fn fork_at<V>(&mut self, node: NodeRef<'_, V>, spot: Spot) -> Fork {
        if let Some(fork) = self.known_fork(spot.depth()) {
            return fork;
        }
        let fork = node.fork(spot);
        self.set_fork(fork);
        fork
    }
}
