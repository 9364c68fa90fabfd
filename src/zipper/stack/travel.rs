//! Moving the stack: down an edge, into a child, up, and from entry to entry.

use super::super::root::Root;
use super::frame::{Frame, NO_REST, RestPtr};
use super::{Landed, Sight, Stepped, Walk};
use crate::node::{Branch, End, NodeRef, RawNode, Spot};
use crate::reached::{Mark, reached};

impl<V, R: Root<V>> Walk<V, R> {
    /// Moves down in the top node to a spot below the present one, and into the child if the spot
    /// is its root. The caller extends the path.
    #[inline]
    pub(super) fn advance(&mut self, spot: Spot) {
        let top = *self.frames.last().expect("the spot is of the top frame");
        let from = self.here - top.start + 1;
        self.here = top.start + spot.depth();
        let run = Frame { lo: spot.lo, hi: spot.hi, from: from as u16, loose: false, ..top };
        if spot.hi > spot.lo + 1 {
            // Nothing extends a child's suffix, so no child is at the end of a longer run.
            if (top.lo, top.hi) != (spot.lo, spot.hi) {
                self.frames.push(Frame { rest: NO_REST, len: 0, ..run });
            }
            return;
        }
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let (rest, leads) = node.rest_of(spot.lo as usize);
        let len = rest.len() + 1;
        let arrived = leads && spot.depth() == len;
        // A run that leads to a child's root at once has no spot of its own.
        if top.len == 0 && !(arrived && len == from) {
            self.frames.push(Frame { rest: RestPtr(rest.as_ptr()), len: len as u16, leads, ..run });
        }
        if arrived {
            self.enter(spot.lo);
        }
    }

    /// Moves from the top node's root to the end of entry `i`, which is no child. The path leads
    /// there.
    pub(super) fn land_at(&mut self, i: usize) {
        let top = *self.frames.last().expect("the entry is of the top node");
        reached(Mark::WentToEntry);
        self.here = self.path.len();
        self.frames.push(Frame { lo: i as u16, hi: 0, from: 1, loose: true, ..top });
    }

    /// Like [`advance`](Self::advance), without frames for the runs on the way: a move up finds
    /// them again.
    pub(super) fn advance_far(&mut self, spot: Spot) {
        let top = *self.frames.last().expect("the spot is of the top frame");
        reached(Mark::WentFar);
        let one = top.hi == top.lo + 1 && top.from > 0;
        self.here = top.start + spot.depth();
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let mut run = Frame { lo: spot.lo, hi: spot.hi, from: 1, loose: true, rest: NO_REST, len: 0, ..top };
        if spot.hi == spot.lo + 1 {
            let (rest, leads) = node.rest_of(spot.lo as usize);
            (run.rest, run.len, run.leads) = (RestPtr(rest.as_ptr()), rest.len() as u16 + 1, leads);
            if top.len == 0 || !one {
                self.frames.push(run);
            }
            if leads && spot.depth() == rest.len() + 1 {
                self.enter(spot.lo);
            }
            return;
        }
        self.frames.push(run);
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

    /// Like [`enter`](Self::enter), for a walk byte by byte. Such a walk mostly enters the next
    /// child soon, so its memory is prefetched: random u64 went from 143 to 125 ns a key, words
    /// from 83 to 72.
    #[inline]
    fn enter_ahead(&mut self, via: u16) {
        let top = self.frames.last().expect("the entry is of the top node");
        // SAFETY: as in `top`.
        unsafe { NodeRef::<V>::from_raw(top.node) }.prefetch_child_after(via as usize, 1);
        self.enter(via);
    }

    /// If the run of the focus is known to be one entry: the next byte of that entry, if there is
    /// one. `None` if this is not known.
    #[inline]
    pub(in crate::zipper) fn next_on_edge(&self) -> Option<Option<u8>> {
        let top = self.frames.last()?;
        if top.len == 0 || !self.explored || self.here != self.path.len() {
            return None;
        }
        let depth = self.here - top.start;
        if depth == top.len as usize {
            return Some(None);
        }
        debug_assert!((1..top.len as usize).contains(&depth));
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2), and the rest
        // has `len - 1` bytes, of which `depth - 1` lead to the spot.
        Some(Some(unsafe { top.rest.0.add(depth - 1).read() }))
    }

    /// Moves down one byte, if there is such a branch.
    #[inline]
    pub(in crate::zipper) fn descend_branch(&mut self, byte: u8) -> bool {
        self.settle();
        if self.here != self.path.len() {
            return false;
        }
        let Some(&top) = self.frames.last() else { return false };
        let depth = self.here - top.start;
        if top.len > 0 {
            let len = top.len as usize;
            debug_assert!((1..=len).contains(&depth));
            // SAFETY: the node lives and is not written while this is borrowed (S1, S2), and the
            // rest has `len - 1` bytes, of which `depth - 1` lead to the spot.
            if depth == len || unsafe { top.rest.0.add(depth - 1).read() } != byte {
                return false;
            }
            self.path.push(byte);
            self.here += 1;
            if top.leads && depth + 1 == len {
                self.enter_ahead(top.lo);
            }
            return true;
        }
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let Some(branch) = node.branch(node.known(Spot::new(top.lo, top.hi, depth)), byte) else {
            return false;
        };
        self.follow(top, branch, byte);
        true
    }

    /// Like [`descend_branch`](Self::descend_branch), given the first entry, `lo`, that begins
    /// with the byte. The top frame is at the focus, and its run is not known to be one entry.
    #[inline]
    pub(super) fn descend_entry(&mut self, lo: usize, byte: u8) -> bool {
        debug_assert!(self.explored && self.is_here());
        let Some(&top) = self.frames.last() else { return false };
        // SAFETY: as in `top`; the frames are not touched while the node is borrowed.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let spot = node.known(Spot::new(top.lo, top.hi, self.here - top.start));
        let Some(branch) = node.branch_from(spot, lo, byte) else { return false };
        self.follow(top, branch, byte);
        true
    }

    /// Moves down by the first byte that goes on from the focus, if there is one.
    pub(in crate::zipper) fn descend_first_branch(&mut self) -> bool {
        self.settle();
        if !self.is_here() {
            return false;
        }
        if let Some(next) = self.next_on_edge() {
            return next.is_some_and(|byte| self.descend_branch(byte));
        }
        let first = self.top().and_then(|(node, spot)| node.first_below(node.known(spot)));
        first.is_some_and(|(entry, byte)| self.descend_entry(entry, byte))
    }

    /// Moves down the only way from the focus to the next value, branch or tip, by at most
    /// `max_bytes`. True iff it has moved.
    pub(in crate::zipper) fn descend_to_stop(&mut self, max_bytes: usize) -> bool {
        self.settle();
        let start = self.here;
        if !self.is_here() {
            return false;
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
                self.frames.push(Frame {
                    lo: run.lo,
                    hi: run.hi,
                    from,
                    loose: false,
                    rest: NO_REST,
                    len: 0,
                    ..top
                });
            }
            // A run that leads to a child's root at once has no frame of its own.
            Branch::Edge { entry, rest, leads: true } if rest.len() == depth => self.enter_ahead(entry),
            Branch::Edge { entry, rest, leads } => self.frames.push(Frame {
                lo: entry,
                hi: entry + 1,
                from,
                rest: RestPtr(rest.as_ptr()),
                len: rest.len() as u16 + 1,
                leads,
                loose: false,
                ..top
            }),
        }
    }

    /// Pushes the root frame of a node.
    #[inline]
    pub(super) fn push(&mut self, node: RawNode<V>, via: u16, loose: bool) {
        // SAFETY: the node is the root's or the top node's child (S1).
        let run = unsafe { NodeRef::from_raw(node) }.known(Spot::ROOT);
        self.frames.push(Frame {
            node,
            start: self.here,
            via,
            lo: run.lo,
            hi: run.hi,
            from: 0,
            rest: NO_REST,
            len: 0,
            leads: false,
            loose,
        });
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
        let root = self.frames.iter().rposition(|frame| frame.from == 0)?;
        let (left, start) = (self.frames[root], self.frames.get(root.checked_sub(1)?)?.start);
        self.frames.truncate(root);
        self.here = left.start;
        self.prove_at_most(root);
        if left.loose {
            self.push_run(Spot::new(left.via, left.via + 1, left.start - start));
        }
        Some(left.via as usize)
    }

    /// Pushes a run of the top node that was found by comparison.
    pub(super) fn push_run(&mut self, spot: Spot) {
        if spot.depth() > 0 {
            let top = *self.frames.last().expect("the run is of the top node");
            let run = Frame { lo: spot.lo, hi: spot.hi, from: 1, loose: true, ..top };
            self.frames.push(Frame { rest: NO_REST, len: 0, ..run });
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
            self.climb(len);
            self.explored = true;
        }
    }

    /// Cuts the last byte off the path. The focus is below the zipper's root.
    #[inline]
    pub(in crate::zipper) fn ascend_branch(&mut self) {
        let len = self.path.len() - 1;
        // Nearly always there is one frame to leave or none, and the run of the frame below is
        // right as it is.
        if !R::WRITES
            && self.here == len + 1
            && let [.., below, top] = self.frames[..]
            && !top.loose
        {
            let pops = top.start + top.from as usize > len;
            if !pops || !below.loose && below.start + below.from as usize <= len {
                if pops {
                    self.frames.pop();
                }
                self.path.truncate(len);
                self.here = len;
                self.explored = true;
                return;
            }
        }
        self.truncate(len);
    }

    /// Pops frames until the spot is at `len`, if that is above it.
    #[inline]
    pub(super) fn climb(&mut self, len: usize) {
        if len >= self.here {
            return;
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
            (top.lo, top.hi) = (run.lo, run.hi);
            top.len = 0;
        }
        self.here = len;
        if let Some((via, end)) = skipped {
            self.find_run(via, end);
        }
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
        if top.hi != 0 || !self.explored || self.here != self.path.len() || top.start < above {
            return Stepped::Nowhere;
        }
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is
        // another field.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let Some((i, suffix)) = node.next_value(top.lo as usize) else {
            return Stepped::To(node.next_entry(top.lo as usize + 1));
        };
        if !stops(top.start + suffix.len()) {
            return Stepped::To(Some(i));
        }
        self.path.replace_tail(top.start, suffix);
        // Both at once: they are read as one word soon.
        (top.lo, top.hi) = (i as u16, 0);
        self.here = self.path.len();
        Stepped::There
    }

    /// Moves to the end of entry `i` of the top node, and into the child if it is one. Does not
    /// move to a dangling tip.
    #[inline]
    pub(super) fn land(&mut self, i: usize) -> Landed {
        let top = self.frames.last().expect("the entry is of the top node");
        let start = top.start;
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is
        // another field.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let entry = node.entry(i);
        if entry.end.is_bare() {
            return Landed::Bare;
        }
        self.path.replace_tail(start, entry.suffix);
        self.here = self.path.len();
        while self.frames.pop_if(|frame| frame.from > 0).is_some() {}
        match entry.end {
            End::Child(child) => {
                let child = child.view().into_raw();
                node.prefetch_child_after(i, 1);
                self.push(child, i as u16, true);
                Landed::Child
            }
            _ => {
                let top = *self.frames.last().expect("a node has a root frame");
                self.frames.push(Frame { lo: i as u16, hi: 0, from: 1, loose: true, ..top });
                Landed::Value
            }
        }
    }

    /// Moves `depth` bytes down entry `i` of the top node, at most to its end.
    pub(super) fn land_within(&mut self, i: usize, depth: usize) {
        let top = *self.frames.last().expect("the entry is of the top node");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is
        // another field.
        let node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let entry = node.entry(i);
        self.path.replace_tail(top.start, entry.suffix.first(depth));
        self.here = self.path.len();
        while self.frames.pop_if(|frame| frame.from > 0).is_some() {}
        self.push_run(node.widen(Spot::new(i as u16, i as u16 + 1, entry.suffix.len()), depth));
    }
}
