//! Forks above the focus: where other paths leave the zipper's, or where a value is on the way.

use std::ops::Bound;

use super::super::root::Root;
use super::{Sight, Walk};
use crate::bytes::ByteMask;
use crate::node::{NodeRef, Spot};

impl<V, R: Root<V>> Walk<V, R> {
    /// The length of the path to the nearest strict ancestor of the focus that has a value or
    /// branches, or to the root.
    pub(in crate::zipper) fn fork_above(&self) -> usize {
        let root = self.root_len;
        if !self.is_here() && self.here >= root {
            // There is nothing between the focus and where the trie ends, which may itself be a
            // fork.
            if let Some((node, spot)) = self.top() {
                let spot = node.known(spot);
                if node.value_at(spot).is_some() || node.child_mask(spot).count_bits() > 1 {
                    return self.here;
                }
            }
        }
        for (spot, start) in self.nodes_up() {
            let fork = spot.fork_above().map(|depth| start + depth);
            match fork {
                Some(fork) => return fork.max(root),
                None if start <= root => return root,
                None => {}
            }
        }
        root
    }

    /// The length of the path to the nearest strict ancestor of the focus, also above the root,
    /// that has a value or branches. The focus exists.
    pub(in crate::zipper) fn last_fork(&self) -> Option<usize> {
        self.nodes_up().find_map(|(spot, start)| Some(start + spot.fork_above()?))
    }

    /// The first place, at least `from` bytes down the path, where the path has siblings after it:
    /// the length of the path to their parent, and the bytes that lead to them.
    ///
    /// O(nodes down to there).
    pub(in crate::zipper) fn siblings_after(&self, from: usize) -> Option<(usize, ByteMask)> {
        for (node, spot, start) in self.nodes_down(from) {
            let spot = node.known(spot);
            let shared = from.saturating_sub(start);
            if spot.depth() <= shared {
                continue;
            }
            let run = node.widen(spot, shared);
            if run.hi <= spot.hi {
                continue;
            }
            // Of the run's entries, the last leaves the path first.
            let level = if node.is_wide() {
                0
            } else {
                let (here, last) = (node.entry(spot.lo as usize), node.entry(run.hi as usize - 1));
                here.suffix.common_with(last.suffix)
            };
            let mask = node.child_mask(node.widen(spot, level));
            let byte = self.path[start + level];
            let after = mask.and(&ByteMask::from_range((Bound::Excluded(byte), Bound::Unbounded)));
            if !after.is_empty_mask() {
                return Some((start + level, after));
            }
        }
        None
    }

    /// All nodes from the top to the root: the spot where the path leaves each, and the length of
    /// the path to its root.
    fn nodes_up(&self) -> impl Iterator<Item = (Sight<'_, V>, usize)> {
        let mut spot_above = None;
        self.frames.iter().rev().filter(|frame| frame.from == 0).filter_map(move |frame| {
            let (node, spot) = match spot_above {
                None => self.top()?,
                Some((via, end)) => {
                    // SAFETY: as in `top`.
                    let node = unsafe { NodeRef::from_raw(frame.node) };
                    // Nothing extends a child's suffix: the run that leads to a child is its
                    // entry.
                    (node, Spot::new(via, via + 1, end - frame.start))
                }
            };
            spot_above = Some((frame.via, frame.start));
            Some((Sight::new((node, spot)), frame.start))
        })
    }

    /// All nodes from the zipper's root to the focus: each node, the spot where the path leaves
    /// it, and the length of the path to its root. Nodes that the path leaves within its first
    /// `from` bytes are skipped.
    fn nodes_down(&self, from: usize) -> impl Iterator<Item = (NodeRef<'_, V>, Spot, usize)> {
        let above = self.frames.partition_point(|frame| frame.start <= from);
        let first = self.frames[..above].iter().rposition(|frame| frame.from == 0).unwrap_or(0);
        let mut left = &self.frames[first..];
        std::iter::from_fn(move || {
            let frame = left.first()?;
            // SAFETY: as in `top`.
            let node = unsafe { NodeRef::from_raw(frame.node) };
            let next = left[1..].iter().position(|frame| frame.from == 0).map(|at| at + 1);
            let spot = match next.map(|at| &left[at]) {
                // Nothing extends a child's suffix: the run that leads to a child is its entry.
                Some(next) => Spot::new(next.via, next.via + 1, next.start - frame.start),
                None => self.top()?.1,
            };
            left = next.map_or(&[], |at| &left[at..]);
            Some((node, spot, frame.start))
        })
    }
}
