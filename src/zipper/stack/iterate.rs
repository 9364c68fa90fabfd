//! Iteration over values, from entry to entry.
//!
//! A walk over values goes entry by entry, not byte by byte: a node's entries are in order, so a
//! step is one cut of the path and one copy of a suffix. The run of the new spot stays unknown
//! until it is needed.

use super::super::root::Root;
use super::{Landed, Stepped, Walk};
use crate::node::{NodeRef, Suffix};

impl<V, R: Root<V>> Walk<V, R> {
    /// Moves to the first value after the focus. If there is none, moves to the root and returns
    /// false.
    #[inline]
    pub(in crate::zipper) fn to_value_after(&mut self) -> bool {
        match self.step() {
            Stepped::There => true,
            Stepped::To(next) => self.next_val_from::<false>(next),
            Stepped::Nowhere => self.seek_next_val::<false>(),
        }
    }

    /// Like [`to_value_after`](Self::to_value_after), but stops at tips without a value as well.
    #[inline]
    pub(in crate::zipper) fn to_value_or_tip_after(&mut self) -> bool {
        match self.step() {
            Stepped::There => true,
            Stepped::To(next) => self.next_val_from::<true>(next),
            Stepped::Nowhere => self.seek_next_val::<true>(),
        }
    }

    /// Moves to the first value after the focus that is not below it. If there is none, moves to
    /// the root and returns false.
    pub(in crate::zipper) fn to_value_beyond(&mut self) -> bool {
        self.settle_frames();
        if self.path.len() == self.root_len || self.here < self.root_len {
            self.truncate(self.root_len);
            return false;
        }
        if !self.is_here() {
            // Nothing is below a focus that does not exist.
            return self.to_value_after();
        }
        let next = self.entry_behind_run();
        self.next_val_from::<false>(next)
    }

    /// From a focus with nothing below it, moves to the first location after it, which is a
    /// sibling of the focus or of an ancestor. If there is none, the walk stops at or above the
    /// focus, not above the root.
    ///
    /// The next entry is one cut of the path and one byte away, however far up it leaves the path.
    pub(in crate::zipper) fn to_next_beside(&mut self) -> bool {
        let root = self.root_len;
        let mut next = self.entry_beyond();
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { return false };
            if let Some(i) = next {
                let entry = node.entry(i);
                let shared = entry.suffix.common_prefix(&self.path[start..]);
                if start + shared < root {
                    return false;
                }
                let byte = entry.suffix.at(shared);
                self.truncate(start + shared);
                return self.descend_entry(i, byte);
            }
            // The node is done: the search goes on behind the entry that led to it.
            if start <= root {
                return false;
            }
            let Some(via) = self.leave() else { return false };
            next = self.entry_after(via);
        }
    }

    /// True iff entry `i` of the top node, which starts at `start`, is below the path's first
    /// `above` bytes.
    #[inline]
    pub(super) fn is_below(&self, node: NodeRef<'_, V>, i: usize, start: usize, above: usize) -> bool {
        if start >= above {
            return true;
        }
        let way = &self.path[start..above];
        let entry = node.entry(i);
        Suffix::of(way).is_some_and(|way| entry.suffix.starts_with(way))
    }

    /// The entry of the top node after entry `i`.
    #[inline]
    pub(super) fn entry_after(&self, i: usize) -> Option<usize> {
        self.top().and_then(|(node, _)| node.next_entry(i + 1))
    }

    /// The first entry of the top node that is after the focus and not below it. The focus exists.
    pub(super) fn entry_behind_run(&self) -> Option<usize> {
        let (node, spot) = self.top()?;
        match spot.depth() {
            // At a node's root: the search goes on behind the entry that led to it.
            0 => None,
            _ => node.next_entry(node.known(spot).hi as usize),
        }
    }

    /// The first entry of the top node after the focus, which may be absent.
    fn entry_beyond(&self) -> Option<usize> {
        let (node, spot) = self.top()?;
        if let Some(i) = self.landed() {
            return node.next_entry(i + 1);
        }
        if self.is_here() {
            if spot.depth() == 0 {
                return node.next_entry(0);
            }
            // The run's first entry ends at the spot or goes on below it, so it is not before it.
            let entry = node.entry(spot.lo as usize);
            let ends = entry.suffix.len() == spot.depth();
            return node.next_entry(spot.lo as usize + ends as usize);
        }
        node.entry_after(&self.path[self.top_start()..])
    }

    fn seek_next_val<const TIPS: bool>(&mut self) -> bool {
        self.settle_frames();
        if self.here < self.root_len {
            self.truncate(self.root_len);
            return false;
        }
        let next = self.entry_beyond();
        self.next_val_from::<TIPS>(next)
    }

    /// Moves to the next value at or after an entry of the top node, or after the node if there is
    /// none. With `TIPS`, moves to a tip without a value as well.
    fn next_val_from<const TIPS: bool>(&mut self, mut next: Option<usize>) -> bool {
        let root = self.root_len;
        // The run that leads to the node that was left last. It gets a frame only if no other
        // entry follows.
        let mut left = None;
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { break };
            let Some(i) = next.filter(|&i| self.is_below(node, i, start, root)) else {
                // The node is done: the search goes on behind the entry that led to it.
                if start <= root {
                    break;
                }
                let Some((via, run)) = self.leave_for_entries() else { break };
                left = run;
                next = self.entry_after(via);
                continue;
            };
            match self.land(i, 0) {
                Landed::Value => return true,
                Landed::Bare if TIPS && self.ends_at(i) => {
                    let Some((node, _)) = self.top() else { break };
                    let depth = node.suffix_len(i);
                    self.land_within(i, depth, 0);
                    return true;
                }
                Landed::Bare => next = self.entry_after(i),
                Landed::Child => {
                    left = None;
                    let Some((child, _)) = self.top() else { break };
                    if child.own().is_some() {
                        return true;
                    }
                    // A node without a value at its root has entries.
                    next = child.next_entry(0);
                }
            }
        }
        if let Some(run) = left {
            self.push_run(run);
        }
        self.truncate(self.root_len);
        false
    }
}
