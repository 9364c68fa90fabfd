//! Steps: moves by one byte.
//!
//! A step down to a run of one entry makes that entry the walk's edge. Then the next steps need
//! only the edge, and the step back up to the frame's spot forgets it.

use super::super::root::Root;
use super::Walk;
use super::edge::Edge;
use super::frame::Frame;
use crate::node::{Branch, NodeRef, RawNode, Spot};

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
            let edge = std::mem::replace(&mut self.edge, Edge::NONE);
            let top = *self.frames.last().expect("the edge is of the top node");
            if (top.lo, top.hi) != (edge.entry, edge.entry + 1) {
                let from = (edge.from - top.start) as u16;
                self.frames.push(Frame { lo: edge.entry, hi: edge.entry + 1, from, loose: false, ..top });
            }
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
        self.path.push(byte);
        self.here += 1;
        if self.edge.leads_at(self.here) {
            self.leave_edge();
        }
    }

    /// Moves from the end of the edge, which is the root of a child, into the child.
    #[inline(never)]
    fn leave_edge(&mut self) {
        let entry = self.edge.entry;
        self.frame_edge();
        self.enter_ahead(entry);
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
    fn descend_wide(&mut self, node: RawNode<V>, byte: u8) -> bool {
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(node) };
        let Some(rest) = node.tail_of(byte) else { return self.enter_branch(byte) };
        let start = self.here;
        self.path.push(byte);
        self.here += 1;
        self.edge = Edge::new(start, start + 1, byte as u16, rest, false);
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

    /// Moves down one byte from the spot of the top frame, if there is such a branch.
    #[inline(never)]
    fn descend_run(&mut self, byte: u8) -> bool {
        self.settle();
        if !self.is_here() {
            return false;
        }
        let Some(&top) = self.frames.last() else { return false };
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let spot = node.known(Spot::new(top.lo, top.hi, self.here - top.start));
        let Some(branch) = node.branch(spot, byte, self.guess as usize) else { return false };
        self.follow(top, branch, byte);
        true
    }

    /// Like [`descend_branch`](Self::descend_branch), given the first entry, `lo`, that begins
    /// with the byte. The top frame is at the focus, which is on no edge.
    #[inline]
    pub(super) fn descend_entry(&mut self, lo: usize, byte: u8) -> bool {
        debug_assert!(self.explored && self.is_here() && !self.edge.is_known());
        let Some(&top) = self.frames.last() else { return false };
        if top.hi == WIDE_RUN && top.start == self.here {
            return self.descend_wide(top.node, byte);
        }
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let spot = node.known(Spot::new(top.lo, top.hi, self.here - top.start));
        let Some(branch) = node.branch_from(spot, lo, byte) else { return false };
        self.follow(top, branch, byte);
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

    /// Moves down one byte from the top frame, by a branch that was found.
    #[inline(always)]
    fn follow(&mut self, top: Frame<V>, branch: Branch<'_>, byte: u8) {
        let depth = self.here - top.start;
        self.path.push(byte);
        self.here += 1;
        let from = depth as u16 + 1;
        match branch {
            Branch::Run(run) if (run.lo, run.hi) == (top.lo, top.hi) => {}
            Branch::Run(run) => {
                self.frames.push(Frame { lo: run.lo, hi: run.hi, from, loose: false, ..top });
            }
            // A run that leads to a child's root at once has no spot of its own.
            Branch::Edge { entry, rest, leads: true } if rest.len() == depth => self.enter_ahead(entry),
            Branch::Edge { entry, rest, leads } => {
                self.edge = Edge::new(top.start, self.here, entry, rest, leads);
                if top.hi == 0 {
                    // The top frame's run is not known, as S4 requires.
                    self.frame_edge();
                }
            }
        }
    }

    /// Pushes the child of entry `via` of the top node, for a walk byte by byte. Such a walk mostly
    /// enters the next child soon, so its memory is prefetched: random u64 went from 143 to 125 ns
    /// a key, words from 83 to 72.
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
            if len < self.edge.from {
                // The top frame is right at the spot above the edge (S4).
                self.guess = self.edge.entry + 1;
                self.edge = Edge::NONE;
            }
            self.path.truncate(len);
            self.here = len;
            return;
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

    /// Moves to the next sibling of the focus. `None` if the frames do not tell whether there is
    /// one.
    #[inline]
    pub(in crate::zipper) fn to_next_branch(&mut self) -> Option<bool> {
        if !self.explored || !self.is_here() {
            return None;
        }
        let len = self.here.checked_sub(1).filter(|&len| len >= self.root_len)?;
        let (pops, next) = if self.edge.is_known() {
            if len >= self.edge.from {
                return Some(false);
            }
            (0, self.edge.entry + 1)
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
        self.edge = Edge::NONE;
        self.here = len;
        self.path.truncate(len);
        Some(self.descend_entry(entry, byte))
    }
}
