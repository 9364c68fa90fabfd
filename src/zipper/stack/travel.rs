//! Moving the stack: down a node, into a child, up, and from entry to entry.

use super::super::root::Root;
use super::edge::Edge;
use super::frame::Frame;
use super::{Landed, Sight, Stepped, Walk};
use crate::node::{NodeRef, RawNode, Spot};
use crate::reached::{Mark, reached};

impl<V, R: Root<V>> Walk<V, R> {
    /// Moves down in the top node to a spot below the present one, and into the child if the spot
    /// is its root; returns whether it is. The caller extends the path.
    #[inline]
    pub(super) fn advance(&mut self, spot: Spot) -> bool {
        debug_assert!(!self.edge.is_known());
        let top = *self.frames.last().expect("the spot is of the top frame");
        let from = self.here - top.start + 1;
        self.here = top.start + spot.depth();
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        // Nothing extends a child's suffix, so no child is at the end of a longer run.
        let arrived = spot.hi == spot.lo + 1 && node.child_at(spot).is_some();
        // A run that leads to a child's root at once has no spot of its own.
        if (top.lo, top.hi) != (spot.lo, spot.hi) && !(arrived && spot.depth() == from) {
            self.frames.push(top.run(spot.lo, spot.hi, from as u16, false));
        }
        if arrived {
            self.enter(spot.lo);
        }
        arrived
    }

    /// Moves from the top node's root to the end of entry `i`, which is no child. The path leads
    /// there.
    pub(super) fn land_at(&mut self, i: usize) {
        let top = *self.frames.last().expect("the entry is of the top node");
        reached(Mark::WentToEntry);
        self.here = self.path.len();
        self.frames.push(top.run(i as u16, 0, 1, true));
    }

    /// Like [`advance`](Self::advance), without frames for the runs on the way: a move up finds
    /// them again.
    pub(super) fn advance_far(&mut self, spot: Spot) -> bool {
        let top = *self.frames.last().expect("the spot is of the top frame");
        reached(Mark::WentFar);
        let from = self.here - top.start + 1;
        self.here = top.start + spot.depth();
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let arrived = spot.hi == spot.lo + 1 && node.child_at(spot).is_some();
        let one = top.hi == top.lo + 1 && top.from > 0;
        if spot.hi != spot.lo + 1 || !one {
            self.frames.push(top.run(spot.lo, spot.hi, from as u16, true));
        }
        if arrived {
            self.enter(spot.lo);
        }
        arrived
    }

    /// Pushes the child of entry `via` of the top node.
    #[inline]
    pub(super) fn enter(&mut self, via: u16) {
        let top = self.frames.last().expect("the entry is of the top node");
        // SAFETY: as in `top`.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let child = node.entry_child(via as usize).view().into_raw();
        self.push(child, via, false);
    }

    /// Moves down the only way from the focus to the next value, branch or tip, by at most
    /// `max_bytes`. True iff it has moved.
    pub(in crate::zipper) fn descend_to_stop(&mut self, max_bytes: usize) -> bool {
        self.settle();
        let start = self.here;
        if !self.is_here() {
            return false;
        }
        if self.edge.is_known() {
            // SAFETY: the focus is on the edge (S4), and its node lives and is not written while
            // this is borrowed (S1, S2).
            if let Some(rest) = unsafe { self.edge.rest(self.here) } {
                let rest = &rest[..rest.len().min(max_bytes)];
                self.path.extend(rest);
                self.here += rest.len();
                return !rest.is_empty();
            }
            self.frame_edge();
        }
        while self.here - start < max_bytes
            && let Some((node, spot)) = self.top()
            && let Some(below) = node.unbranched(node.known(spot))
        {
            let left = max_bytes - (self.here - start);
            let depth = below.depth().min(spot.depth().saturating_add(left));
            self.push_suffix(below.lo as usize, depth);
            self.advance(Spot::new(below.lo, below.hi, depth));
            if self.focus().and_then(Sight::val).is_some() {
                break;
            }
        }
        self.here > start
    }

    /// Pushes the root frame of a node.
    #[inline]
    pub(super) fn push(&mut self, node: RawNode, via: u16, loose: bool) {
        // SAFETY: the node is the root's or the top node's child (S1).
        let run = unsafe { NodeRef::<V>::from_raw(node) }.known(Spot::ROOT);
        self.frames.push(Frame::root(node, self.here, via, run, loose));
    }

    #[inline]
    pub(super) fn prove_at_most(&mut self, frames: usize) {
        let proven = self.proven.get_mut();
        *proven = (*proven).min(frames);
    }

    /// Leaves the top node for the entry of the node before that led to it, and returns that
    /// entry. `None` at the root node.
    #[inline]
    pub(in crate::zipper) fn leave(&mut self) -> Option<usize> {
        self.edge.clear();
        let (via, run) = self.leave_for_entries()?;
        if let Some(run) = run {
            self.push_run(run);
        }
        Some(via)
    }

    /// Like [`leave`](Self::leave), from a focus on no edge. The frame of the run that leads to
    /// the node that was left, if it has none, is up to the caller: moving to another entry needs
    /// none.
    #[inline]
    pub(super) fn leave_for_entries(&mut self) -> Option<(usize, Option<Spot>)> {
        debug_assert!(!self.edge.is_known());
        let root = self.frames.iter().rposition(|frame| frame.from == 0)?;
        let (left, start) = (self.frames[root], self.frames.get(root.checked_sub(1)?)?.start);
        self.frames.truncate(root);
        self.here = left.start;
        self.prove_at_most(root);
        let run = left.loose.then(|| Spot::new(left.via, left.via + 1, left.start - start));
        Some((left.via as usize, run))
    }

    /// Pushes a run of the top node that was found by comparison.
    pub(super) fn push_run(&mut self, spot: Spot) {
        if spot.depth() > 0 {
            let top = *self.frames.last().expect("the run is of the top node");
            self.frames.push(top.run(spot.lo, spot.hi, 1, true));
        }
    }

    /// Cuts the path to `len`, which is at or below the zipper's root, and pops the frames beyond
    /// it.
    #[inline]
    pub(in crate::zipper) fn truncate(&mut self, len: usize) {
        debug_assert!(len >= self.root_len && len <= self.path.len());
        if R::WRITES {
            self.leave_trail();
        }
        self.path.truncate(len);
        if len < self.here {
            self.explored = true;
            if R::WRITES || !self.climb_back(len) {
                self.climb(len);
            }
        }
    }

    /// Pops frames until the spot is at `len`, if that is above it.
    // Not inlined, since most moves up end with the fast path before.
    #[inline(never)]
    pub(super) fn climb(&mut self, len: usize) {
        if len >= self.here {
            return;
        }
        if self.edge.is_known() {
            if len >= self.edge.from {
                self.here = len;
                return;
            }
            // The top frame is right at the spot above the edge (S4), or it is loose.
            self.here = self.edge.from - 1;
            self.edge.clear();
        }
        let mut skipped = None;
        while let Some(top) = self.frames.pop_if(|top| top.start + top.from as usize > len) {
            skipped = (top.from == 0 && top.loose).then_some((top.via, top.start));
        }
        if R::WRITES {
            self.prove_at_most(self.frames.len());
        }
        let Some(top) = self.frames.last_mut() else {
            self.here = self.base;
            return;
        };
        let depth = len - top.start;
        if top.from > 0 && top.loose {
            // SAFETY: as in `top`.
            let node = unsafe { NodeRef::<V>::from_raw(top.node) };
            let run = node.widen(Spot::new(top.lo, top.hi, self.here - top.start), depth);
            top.set_run(run.lo, run.hi);
        }
        self.here = len;
        if let Some((via, end)) = skipped
            && depth > 0
        {
            self.find_run(via, end);
        }
    }

    /// Fast path of [`climb`](Self::climb): pops all frames above the guessed one at once, or the
    /// top one, if those that are left are right for the spot as they are.
    #[inline(always)]
    fn climb_back(&mut self, len: usize) -> bool {
        let mut kept = self.came_from as usize;
        if !self.frames_end_at(kept, len) {
            kept = self.frames.len().wrapping_sub(1);
            if !self.frames_end_at(kept, len) {
                return false;
            }
        }
        self.frames.truncate(kept);
        self.edge.clear();
        self.here = len;
        true
    }

    /// True iff the first `kept` frames, and none of those above them, lead along the path's first
    /// `len` bytes, and the last of them is known to be right there.
    #[inline(always)]
    fn frames_end_at(&self, kept: usize, len: usize) -> bool {
        let (Some(top), Some(next)) = (self.frames.get(kept.wrapping_sub(1)), self.frames.get(kept)) else {
            return false;
        };
        // Where frames begin is in their order. A loose run is found again by comparison, and so
        // is the run that leads to a loose root.
        top.start + (top.from as usize) <= len
            && next.start + next.from as usize > len
            && (top.start == len || !next.loose && !top.loose)
    }

    /// Finds, by comparison, the run of the top node that leads to the child at `end`, for which
    /// iteration has pushed no frame.
    #[cold]
    pub(super) fn find_run(&mut self, via: u16, end: usize) {
        let Some((node, spot)) = self.top() else { return };
        let depth = spot.depth();
        let end = end - (self.here - depth);
        let run = node.widen(Spot::new(via, via + 1, end), depth);
        self.push_run(run);
    }

    /// Moves from the entry that iteration visited last to the next of the same node, if that is a
    /// value. Most steps of an iteration are of this kind.
    #[inline]
    pub(super) fn step(&mut self) -> Stepped {
        self.step_where(self.root_len, |_| true)
    }

    /// Like [`step`](Self::step), below the path's first `above` bytes, and only if `stops`
    /// accepts the length of the new path.
    #[inline]
    pub(super) fn step_where(&mut self, above: usize, stops: impl FnOnce(usize) -> bool) -> Stepped {
        let Some(top) = self.frames.last_mut() else { return Stepped::Nowhere };
        // The frames below must be right for the next entry as well.
        let stays = top.is_landed_at_root() || top.hi == 0 && top.start + top.from as usize <= above + 1;
        if !stays || !self.explored || self.here != self.path.len() {
            return Stepped::Nowhere;
        }
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is
        // another field.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let start = top.start;
        if let Some(byte) = node.next_byte(top.lo as usize) {
            if start < above || !stops(start + 1) {
                return Stepped::To(Some(byte as usize));
            }
            reached(Mark::IteratedToByte);
            // The suffix of the entry that is left is one byte as well.
            self.path.replace_last(byte);
            top.set_landed(byte as u16);
            return Stepped::There;
        }
        let Some((i, suffix)) = node.value_from(top.lo as usize + 1) else {
            return Stepped::To(node.next_entry(top.lo as usize + 1));
        };
        let strays = start < above && !suffix.starts_with(&self.path[start..above]);
        if strays || !stops(start + suffix.len()) {
            return Stepped::To(Some(i));
        }
        self.path.spell(start, suffix);
        top.set_landed(i as u16);
        self.here = self.path.len();
        Stepped::There
    }

    /// Moves to the end of entry `i` of the top node, and into the child if it is one. Does not
    /// move to a dangling tip.
    ///
    /// The entry agrees with the path's first `above` bytes, so the runs up to there keep their
    /// frames.
    #[inline]
    pub(super) fn land(&mut self, i: usize, above: usize) -> Landed {
        let top = *self.frames.last().expect("the entry is of the top node");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is
        // another field.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        if let Some((i, suffix)) = node.value_from(i) {
            self.path.spell(top.start, suffix);
            self.here = self.path.len();
            let from = self.pop_runs(above);
            self.frames.push(top.run(i as u16, 0, from, true));
            return Landed::Value;
        }
        let Some((suffix, child)) = node.child_landing(i) else { return Landed::Bare };
        self.path.spell(top.start, suffix);
        self.here = self.path.len();
        self.pop_runs(above);
        self.push(child.into_raw(), i as u16, true);
        Landed::Child
    }

    /// Pops the frames of runs of the top node that begin behind the path's first `above` bytes,
    /// and returns the depth in the node from which on there is none.
    #[inline]
    fn pop_runs(&mut self, above: usize) -> u16 {
        let is_deeper =
            |frame: &mut Frame| frame.from > 0 && (above == 0 || frame.start + frame.from as usize > above);
        while self.frames.pop_if(is_deeper).is_some() {}
        1 + above.saturating_sub(self.top_start()) as u16
    }

    /// Moves `depth` bytes down entry `i` of the top node, at most to its end. For `above`, see
    /// [`land`](Self::land).
    pub(super) fn land_within(&mut self, i: usize, depth: usize, above: usize) {
        let top = *self.frames.last().expect("the entry is of the top node");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is
        // another field.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let entry = node.entry(i);
        self.path.replace_tail(top.start, entry.suffix.first(depth));
        self.here = self.path.len();
        let from = self.pop_runs(above);
        let run = node.widen(Spot::new(i as u16, i as u16 + 1, entry.suffix.len()), depth);
        self.frames.push(top.run(run.lo, run.hi, from, true));
        if run.hi == run.lo + 1 && depth < entry.suffix.len() {
            let leads = entry.end.is_child();
            self.edge = Edge::new(top.start, self.here, run.lo, entry.suffix.rest, leads).beside_frame();
        }
    }
}
