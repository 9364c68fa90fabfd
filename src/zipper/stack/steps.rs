//! Steps: moves by one byte.
//!
//! A step down to a run of one entry makes that entry the walk's edge. Then the next steps need
//! only the edge, and the step back up to the frame's spot forgets it.

use super::super::root::Root;
use super::Walk;
use super::edge::Edge;
use super::frame::Frame;
use crate::node::{NodeRef, RawNode, Spot};
use crate::reached::{Mark, reached};

/// The end of the run of a wide node's root. No list has as many entries.
const WIDE_RUN: u16 = 256;

/// The end of the branch that begins at the entry `lo` of a run, given the entries at which
/// branches begin.
#[inline]
fn branch_end(starts: u32, lo: u16, run_end: u16) -> u16 {
    let after = (u64::from(starts) >> (lo + 1)) as u32;
    if after == 0 { run_end } else { lo + 1 + after.trailing_zeros() as u16 }
}

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

    /// Moves down one byte, if there is such a branch.
    #[inline]
    pub(in crate::zipper) fn descend_branch(&mut self, byte: u8) -> bool {
        match self.next_on_edge() {
            Some(next) if next == Some(byte) => {
                self.descend_edge(byte);
                true
            }
            Some(_) => false,
            None => self.descend_frame(byte),
        }
    }

    /// Moves down the edge, by its next byte.
    #[inline]
    fn descend_edge(&mut self, byte: u8) {
        self.here += 1;
        if self.edge.leads_at(self.here) {
            self.leave_edge(byte);
        } else {
            self.path.push(byte);
        }
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
        }
    }

    /// Moves down one byte from the spot of the top frame, if there is such a branch.
    fn descend_frame(&mut self, byte: u8) -> bool {
        if self.explored
            && self.is_here()
            && let Some(&Frame { node, start, hi, .. }) = self.frames.last()
            && hi == WIDE_RUN
            && start == self.here
        {
            return self.descend_wide(node, byte);
        }
        self.descend_run(byte)
    }

    /// Moves down one byte from the root of the top node, which is a wide one, if there is such a
    /// branch.
    #[inline(always)]
    fn descend_wide(&mut self, node: RawNode, byte: u8) -> bool {
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(node) };
        let Some(rest) = node.tail_of(byte) else { return self.enter_branch(byte) };
        self.edge = Edge::new(self.here, self.here + 1, byte as u16, rest, false);
        self.here += 1;
        self.path.push(byte);
        true
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

    /// Like [`descend_frame`](Self::descend_frame), except from the root of a wide node.
    #[inline(never)]
    fn descend_run(&mut self, byte: u8) -> bool {
        if !self.explored {
            self.explore();
            return self.descend_frame(byte);
        }
        if !self.is_here() {
            return false;
        }
        let Some(top) = self.frames.last_mut() else { return false };
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let spot = node.known(Spot::new(top.lo, top.hi, self.here - top.start));
        let (lo, hi) = if spot.depth() == 0 {
            node.entries_with_head(byte)
        } else if spot.hi == spot.lo + 1 {
            let goes_on = node.rest_of(spot.lo as usize).0.get(spot.depth() - 1) == Some(&byte);
            (spot.lo, spot.lo + goes_on as u16)
        } else {
            let starts = top.starts_at(node, spot);
            match node.start_with(starts, spot.depth(), byte, self.guess) {
                Some(lo) => (lo, branch_end(starts, lo, spot.hi)),
                None => return false,
            }
        };
        if lo == hi {
            return false;
        }
        self.follow(lo, hi, byte);
        true
    }

    /// Like [`descend_branch`](Self::descend_branch), given the first entry, `lo`, that begins
    /// with the byte. The top frame is at the focus, which is on no edge.
    #[inline]
    pub(super) fn descend_entry(&mut self, lo: usize, byte: u8) -> bool {
        debug_assert!(self.explored && self.is_here() && !self.edge.is_known());
        let Some(top) = self.frames.last_mut() else { return false };
        if top.hi == WIDE_RUN && top.start == self.here {
            let node = top.node;
            return self.descend_wide(node, byte);
        }
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2).
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let spot = node.known(Spot::new(top.lo, top.hi, self.here - top.start));
        let lo = lo as u16;
        let hi = if spot.depth() == 0 {
            node.entries_with_head(byte).1
        } else if spot.hi == lo + 1 {
            spot.hi
        } else {
            branch_end(top.starts_at(node, spot), lo, spot.hi)
        };
        self.follow(lo, hi, byte);
        true
    }

    /// Moves down by the first byte that goes on from the focus, if there is one.
    #[inline]
    pub(in crate::zipper) fn descend_first_branch(&mut self) -> bool {
        if let Some(next) = self.next_on_edge() {
            let Some(byte) = next else { return false };
            self.descend_edge(byte);
            return true;
        }
        self.settle();
        if !self.is_here() {
            return false;
        }
        let first = self.top().and_then(|(node, spot)| node.first_below(node.known(spot)));
        first.is_some_and(|(entry, byte)| self.descend_entry(entry, byte))
    }

    /// Moves down one byte from the top frame, by the branch of the entries `lo..hi`.
    #[inline(always)]
    fn follow(&mut self, lo: u16, hi: u16, byte: u8) {
        let top = *self.frames.last().expect("the entries are of the top node");
        let depth = self.here - top.start;
        self.path.push(byte);
        self.here += 1;
        if hi > lo + 1 {
            if (lo, hi) != (top.lo, top.hi) {
                self.frames.push(top.run(lo, hi, depth as u16 + 1, false));
            }
            // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
            let node = unsafe { NodeRef::<V>::from_raw(top.node) };
            if let Some(common) = node.common_rest(lo as usize, hi as usize, depth + 1) {
                self.edge = Edge::of_run(top.start, self.here, (lo, hi), common);
            }
            return;
        }
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let (rest, leads) = unsafe { NodeRef::<V>::from_raw(top.node) }.rest_of(lo as usize);
        // A run that leads to a child's root at once has no spot of its own.
        if leads && rest.len() == depth {
            self.enter_ahead(lo);
            return;
        }
        self.edge = Edge::new(top.start, self.here, lo, rest, leads);
        if top.hi == 0 {
            // The top frame's run is not known, as S4 requires.
            self.frame_edge();
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

    /// Cuts the last byte off the path. The focus is below the zipper's root.
    #[inline]
    pub(in crate::zipper) fn ascend_branch(&mut self) {
        let len = self.path.len() - 1;
        if self.edge.is_known() {
            let leaves = len < self.edge.from;
            if !(leaves && self.edge.is_beside()) {
                if leaves {
                    // The top frame is right at the spot above the edge (S4).
                    self.guess = self.edge.hi();
                    self.edge.clear();
                }
                self.path.truncate(len);
                self.here = len;
                return;
            }
            self.edge.clear();
        }
        self.ascend_frame(len);
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
