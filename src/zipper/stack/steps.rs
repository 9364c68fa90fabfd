//! Steps: moves by one byte.
//!
//! A step down to a run of one entry makes that entry the walk's edge. Then the next steps need
//! only the edge, and the step back up to the frame's spot forgets it.

use super::super::root::Root;
use super::edge::Edge;
use super::frame::Frame;
use super::{Sight, Walk};
use crate::bytes::ByteMask;
use crate::node::{Fork, NodeRef, Onwards, RawNode, Spot};
use crate::reached::{Mark, reached};

/// The end of the run of a wide node's root. No list has as many entries.
const WIDE_RUN: u16 = 256;

impl<V, R: Root<V>> Walk<V, R> {
    /// Explores the path as far as it exists, and gives the focus a frame of its own.
    #[inline]
    pub(super) fn settle_frames(&mut self) {
        self.settle();
        self.frame_edge();
    }

    /// Turns the edge, if there is one, into a frame.
    #[inline]
    pub(super) fn frame_edge(&mut self) {
        if self.edge.is_known() {
            self.make_frame();
        }
    }

    /// Turns the edge into a frame.
    // Not inlined, so that what is called without an edge keeps its registers.
    #[inline(never)]
    pub(super) fn make_frame(&mut self) {
        let edge = std::mem::replace(&mut self.edge, Edge::NONE);
        let top = *self.frames.last().expect("the edge is of the top node");
        if (top.lo, top.hi) != (edge.lo(), edge.hi()) {
            let from = (edge.from - top.start) as u16;
            self.frames.push(top.run(edge.lo(), edge.hi(), from, false));
        }
    }

    /// If the focus is on an edge: the next byte of the edge, if there is one. `None` if it is not
    /// known to be on one.
    #[inline]
    pub(in crate::zipper) fn next_on_edge(&self) -> Option<Option<u8>> {
        // SAFETY: the focus is on the edge, and the node lives and is not written while this is
        // borrowed (S1, S2, S4).
        self.edge.is_known().then(|| unsafe { self.edge.next(self.here) })
    }

    /// Fast path: moves down one byte along the edge, to a spot on it. Returns false if there is no
    /// edge, or if it does not go on by this byte to a spot on it.
    #[inline(always)]
    pub(in crate::zipper) fn step_on_edge(&mut self, byte: u8) -> bool {
        // SAFETY: if there is an edge, the focus is on it, and the node lives and is not written
        // while this is borrowed (S1, S2, S4).
        let goes_on = unsafe { self.edge.goes_on_by(self.here, byte) };
        if goes_on {
            self.here += 1;
            self.path.push(byte);
        }
        goes_on
    }

    /// Moves down one byte, if there is such a branch.
    #[inline(never)]
    pub(in crate::zipper) fn descend_branch(&mut self, byte: u8) -> bool {
        if self.edge.is_known() {
            return self.descend_edge(byte);
        }
        if !self.explored || !self.is_here() {
            return self.descend_unexplored(byte);
        }
        match self.frames.last() {
            None => false,
            Some(top) if top.start < self.here => self.descend_run(byte),
            Some(&Frame { hi: WIDE_RUN, node, start, .. }) => self.descend_wide(byte, node, start),
            Some(_) => self.descend_head(byte),
        }
    }

    /// Moves down the edge, if `byte` is its next.
    #[inline(never)]
    fn descend_edge(&mut self, byte: u8) -> bool {
        let goes_on = self.next_on_edge() == Some(Some(byte));
        if goes_on {
            self.follow_edge_by(byte);
        }
        goes_on
    }

    /// Moves down the edge, by its next byte.
    #[inline]
    fn follow_edge_by(&mut self, byte: u8) {
        self.here += 1;
        if self.edge.leads_at(self.here) {
            self.leave_edge(byte);
        } else {
            self.path.push(byte);
        }
    }

    /// Like [`descend_branch`](Self::descend_branch), from a focus that has not been looked up, or
    /// that does not exist.
    #[cold]
    #[inline(never)]
    fn descend_unexplored(&mut self, byte: u8) -> bool {
        self.settle();
        self.is_here() && self.descend_branch(byte)
    }

    /// Adds to the path the byte that leads to the end of the edge, which is at `here`: into a
    /// child, or to where a run parts.
    #[inline(never)]
    pub(super) fn leave_edge(&mut self, byte: u8) {
        let edge = self.edge;
        self.path.push(byte);
        self.frame_edge();
        if !edge.is_run() {
            self.enter_ahead(edge.lo());
        } else if let Some((node, spot)) = self.top() {
            self.set_fork(node.fork(spot));
        }
    }

    /// Moves down one byte from the root of the top node, which is a wide one, if there is such a
    /// branch.
    #[inline(always)]
    fn descend_wide(&mut self, byte: u8, node: RawNode, start: usize) -> bool {
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(node) };
        let Some(rest) = node.tail_of(byte) else { return self.enter_branch(byte) };
        self.edge = Edge::new(start, start + 1, byte as u16, rest, false);
        self.here = start + 1;
        self.path.push_at(start, byte)
    }

    /// Moves from the root of the top node, which is a wide one, to its child of this byte, if
    /// there is one.
    #[inline(never)]
    fn enter_branch(&mut self, byte: u8) -> bool {
        let Some((node, _)) = self.top() else { return false };
        let Some(child) = node.child_ahead(byte).map(NodeRef::into_raw) else { return false };
        self.path.push(byte);
        self.here += 1;
        self.push(child, byte as u16, false);
        true
    }

    /// Moves down one byte from the root of the top node, which is a list, if there is such a
    /// branch.
    #[inline(never)]
    fn descend_head(&mut self, byte: u8) -> bool {
        let Some(top) = self.frames.last() else { return false };
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let Some(run) = node.entries_with_head(byte) else { return false };
        self.follow(run, byte)
    }

    /// Moves down one byte from a spot of the top frame other than the node's root, if there is
    /// such a branch.
    #[inline(never)]
    fn descend_run(&mut self, byte: u8) -> bool {
        let Some(top) = self.frames.last() else { return false };
        let Some(fork) = top.known_fork(self.here - top.start) else { return self.descend_unknown_run(byte) };
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let Some(run) = node.branch_of_fork(fork, byte, self.guess) else { return false };
        self.follow(run, byte)
    }

    /// Like [`descend_run`](Self::descend_run), if the frame does not know where its entries part.
    #[inline(never)]
    fn descend_unknown_run(&mut self, byte: u8) -> bool {
        let Some(top) = self.frames.last_mut() else { return false };
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let spot = node.known(Spot::new(top.lo, top.hi, self.here - top.start));
        let (run, fork) = if spot.hi == spot.lo + 1 {
            let goes_on = node.rest_of(spot.lo as usize).0.get(spot.depth() - 1) == Some(&byte);
            (goes_on.then_some((spot.lo, spot.hi)), None)
        } else {
            let fork = node.fork(spot);
            (node.branch_of_fork(fork, byte, self.guess), Some(fork))
        };
        // A walk that stays here may iterate on, which is faster from a run that is not known.
        if run.is_some() || top.hi != 0 {
            top.set_known(spot);
            if let Some(fork) = fork {
                top.set_fork(fork);
            }
        }
        let Some(run) = run else { return false };
        self.follow(run, byte)
    }

    /// Like [`descend_branch`](Self::descend_branch), given the first entry, `lo`, that begins
    /// with the byte. The top frame is at the focus, which is on no edge.
    #[inline]
    pub(super) fn descend_entry(&mut self, lo: usize, byte: u8) -> bool {
        debug_assert!(self.explored && self.is_here() && !self.edge.is_known());
        let Some(top) = self.frames.last_mut() else { return false };
        if top.hi == WIDE_RUN && top.start == self.here {
            let (node, start) = (top.node, top.start);
            return self.descend_wide(byte, node, start);
        }
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let spot = top.know_run(node, self.here - top.start);
        let lo = lo as u16;
        let run = if spot.depth() == 0 {
            node.entries_with_head(byte)
        } else if spot.hi == lo + 1 {
            Some((lo, spot.hi))
        } else {
            node.branch_of_fork(top.fork_at(node, spot), byte, lo)
        };
        let Some(run) = run else { return false };
        self.follow(run, byte)
    }

    /// Moves down by the first byte that goes on from the focus, if there is one.
    #[inline]
    pub(in crate::zipper) fn descend_first_branch(&mut self) -> bool {
        if let Some(next) = self.next_on_edge() {
            let Some(byte) = next else { return false };
            self.follow_edge_by(byte);
            return true;
        }
        self.settle();
        if !self.is_here() {
            return false;
        }
        if let Some(top) = self.frames.last()
            && let Some(fork) = top.known_fork(self.here - top.start)
            && let Some(byte) = fork.byte_of(fork.first())
        {
            return self.descend_run(byte);
        }
        let first = self.top().and_then(|(node, spot)| node.first_below(node.known(spot)));
        first.is_some_and(|(entry, byte)| self.descend_entry(entry, byte))
    }

    /// Moves down one byte from the top frame, whose run is known (S4), by the branch of the
    /// entries `lo..hi`. Returns true.
    #[inline(always)]
    fn follow(&mut self, (lo, hi): (u16, u16), byte: u8) -> bool {
        if hi > lo + 1 {
            return self.follow_run(lo, hi, byte);
        }
        let Some(top) = self.frames.last() else { return false };
        let (depth, start) = (self.here - top.start, top.start);
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let (rest, leads) = unsafe { NodeRef::<V>::from_raw(top.node) }.rest_of(lo as usize);
        // A run that leads to a child's root at once has no spot of its own.
        if leads && rest.len() == depth {
            return self.follow_child(lo, byte);
        }
        let above = self.here;
        self.here = above + 1;
        self.edge = Edge::new(start, above + 1, lo, rest, leads);
        self.path.push_at(above, byte)
    }

    /// Like [`follow`](Self::follow), by a byte that leads to the root of a child.
    #[inline(never)]
    fn follow_child(&mut self, via: u16, byte: u8) -> bool {
        self.path.push(byte);
        self.here += 1;
        self.enter_ahead(via);
        true
    }

    /// Like [`follow`](Self::follow), by a branch of several entries.
    #[inline(never)]
    fn follow_run(&mut self, lo: u16, hi: u16, byte: u8) -> bool {
        let top = *self.frames.last().expect("the entries are of the top node");
        self.path.push(byte);
        self.here += 1;
        let depth = self.here - top.start;
        if (lo, hi) != (top.lo, top.hi) {
            self.frames.push(top.run(lo, hi, depth as u16, false));
        }
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        match node.onwards(lo as usize, hi as usize, depth) {
            Onwards::Together(common) => self.edge = Edge::of_run(top.start, self.here, (lo, hi), common),
            Onwards::Apart(fork) => self.set_fork(fork),
        }
        true
    }

    /// Notes where the entries of the top frame's run part.
    #[inline]
    fn set_fork(&mut self, fork: Fork) {
        if let Some(top) = self.frames.last_mut() {
            top.set_fork(fork);
        }
    }

    /// Pushes the child of entry `via` of the top node, for a walk byte by byte. Such a walk
    /// mostly enters the next child soon, so its memory is prefetched: random u64 went from 143 to
    /// 125 ns a key, words from 83 to 72.
    #[inline]
    fn enter_ahead(&mut self, via: u16) {
        let top = self.frames.last().expect("the entry is of the top node");
        // SAFETY: as in `top`.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let child = node.entry_child_ahead(via as usize).into_raw();
        self.push(child, via, false);
    }

    /// The bytes by which the path can go on from a focus that is on no edge.
    #[inline(never)]
    pub(in crate::zipper) fn mask_of_frame(&self) -> ByteMask {
        if self.explored
            && self.is_here()
            && let Some(top) = self.frames.last()
        {
            // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
            let node = unsafe { NodeRef::<V>::from_raw(top.node) };
            let depth = self.here - top.start;
            return match top.known_fork(depth) {
                Some(fork) => node.mask_of_fork(fork),
                None => node.mask_at(Spot::new(top.lo, top.hi, depth)),
            };
        }
        self.mask_unexplored()
    }

    /// Like [`mask_of_frame`](Self::mask_of_frame), of a focus that has not been looked up, or that
    /// does not exist.
    #[cold]
    #[inline(never)]
    fn mask_unexplored(&self) -> ByteMask {
        self.focus().map_or(ByteMask::EMPTY, Sight::child_mask)
    }

    /// The length of the whole path.
    ///
    /// Unlike the length of the slice, it is not checked against the buffer.
    #[inline]
    pub(in crate::zipper) fn path_len(&self) -> usize {
        self.path.len()
    }

    /// Cuts the last byte off the path. The focus is below the zipper's root.
    #[inline]
    pub(in crate::zipper) fn ascend_branch(&mut self) {
        let len = self.path.len() - 1;
        if !self.edge.reaches_up_to(len) {
            if !self.edge.is_known() || self.edge.is_beside() {
                self.edge.clear();
                return self.ascend_frame(len);
            }
            // The top frame is right at the spot above the edge (S4).
            self.guess = self.edge.hi();
            self.edge.clear();
        }
        self.path.truncate(len);
        self.here = len;
    }

    /// Moves up from a spot without an edge to `len`, one byte above.
    fn ascend_frame(&mut self, len: usize) {
        // Nearly always there is one frame to leave or none, and the run of the frame below is
        // right as it is.
        if !(R::WRITES && self.trailing)
            && self.here == len + 1
            && let [.., below, top] = self.frames[..]
            && !top.loose
        {
            let pops = top.start + top.from as usize > len;
            if !pops || !below.loose && below.start + below.from as usize <= len {
                if pops {
                    self.guess = if top.from == 0 { top.via + 1 } else { top.hi };
                    self.frames.pop();
                    if R::WRITES {
                        self.prove_at_most(self.frames.len());
                    }
                }
                self.path.truncate(len);
                self.here = len;
                self.explored = true;
                return;
            }
        }
        self.truncate(len);
    }

    /// Fast path: moves from a value of a wide node to the one at the next byte, if all values of
    /// the node have suffixes of one byte, and there is one. The focus is the first spot of the
    /// edge of an entry, and the path to the spot above it has `len` bytes.
    #[inline]
    fn to_next_leaf(&mut self, len: usize) -> bool {
        let Some(&Frame { node, start, hi, .. }) = self.frames.last() else { return false };
        if hi != WIDE_RUN || start != len {
            return false;
        }
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(node) };
        let Some(byte) = node.next_byte(self.edge.lo() as usize) else { return false };
        reached(Mark::SteppedToByte);
        self.edge.move_to_byte(byte);
        self.path.replace_last(byte);
        true
    }

    /// Moves to the next sibling of the focus. `None` if the frames do not tell whether there is
    /// one.
    #[inline]
    pub(in crate::zipper) fn to_next_branch(&mut self) -> Option<bool> {
        if !self.explored || !self.is_here() {
            return None;
        }
        let len = self.here.checked_sub(1).filter(|&len| len >= self.root_len)?;
        let (pops, next) = if self.edge.is_known() && !self.edge.is_beside() {
            if len >= self.edge.from {
                return Some(false);
            }
            if self.to_next_leaf(len) {
                return Some(true);
            }
            (0, self.edge.hi())
        } else {
            let [.., below, top] = self.frames[..] else { return None };
            if top.loose {
                return None;
            }
            if top.start + top.from as usize <= len {
                // All entries of the run go through the focus.
                return Some(false);
            }
            if below.loose || below.start + below.from as usize > len {
                return None;
            }
            (1, if top.from == 0 { top.via + 1 } else { top.hi })
        };
        let frames = self.frames.len() - pops;
        let parent = self.frames[frames - 1];
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(parent.node) };
        let spot = Spot::new(parent.lo, parent.hi, len - parent.start);
        let Some((entry, byte)) = node.next_below(spot, next as usize) else { return Some(false) };
        self.frames.truncate(frames);
        if R::WRITES {
            self.prove_at_most(frames);
        }
        self.edge.clear();
        self.here = len;
        self.path.truncate(len);
        Some(self.descend_entry(entry, byte))
    }
}
