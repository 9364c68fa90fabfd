//! Iteration, written once for all zippers in a real trie.
//!
//! A walk over values moves entry by entry, not byte by byte. A node's entries are in path order,
//! so a step truncates the path once and copies one suffix. The new spot's run is not computed
//! until it is needed.

use crate::node::{NodeRef, Suffix};
use crate::zipper::root::Root;
use crate::zipper::stack::{Landed, Stepped, Walk};
use crate::zipper::traits::*;

impl<V, R: Root<V>> ZipperIteration for Walk<V, R> {
    #[inline]
    fn to_next_val(&mut self) -> bool {
        match self.step() {
            Stepped::There => true,
            Stepped::To(next) => self.next_val_from(next),
            Stepped::Nowhere => self.seek_next_val(),
        }
    }

    fn to_prev_step(&mut self) -> bool {
        if self.at_root() {
            return self.descend_last_path();
        }
        self.settle();
        if self.here() < self.root_len() {
            self.truncate(self.root_len());
            return false;
        }
        if !self.is_here() {
            // The path leaves the trie at `here`. The location before the focus is the last one
            // at or below the previous sibling of the first absent byte, or else `here` itself.
            self.truncate(self.here() + 1);
            if !self.to_prev_sibling_byte() {
                self.ascend_byte();
                return !self.at_root();
            }
            self.descend_last_path();
            return true;
        }
        if self.to_prev_sibling_byte() {
            self.descend_last_path();
            return true;
        }
        self.ascend_byte();
        !self.at_root()
    }

    fn descend_last_path(&mut self) -> bool {
        let start = self.depth();
        while self.descend_last_byte() {
            self.descend_until();
        }
        self.depth() > start
    }

    fn descend_first_k_path(&mut self, k: usize) -> bool {
        self.to_first_of_len(k)
    }

    #[inline]
    fn to_next_k_path(&mut self, k: usize) -> bool {
        self.to_next_of_len(k)
    }
}

impl<V, R: Root<V>> Walk<V, R> {
    /// True iff entry `i` of the top node, which starts at `start`, is below the path's first
    /// `above` bytes.
    #[inline]
    pub(in crate::zipper) fn is_below(
        &self,
        node: NodeRef<'_, V>,
        i: usize,
        start: usize,
        above: usize,
    ) -> bool {
        if start >= above {
            return true;
        }
        let way = &self.whole_path()[start..above];
        let entry = node.entry(i);
        Suffix::of(way).is_some_and(|way| entry.suffix.starts_with(way))
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
            // The run's first entry ends at the spot or continues below it.
            let entry = node.entry(spot.lo as usize);
            let ends = entry.suffix.len() == spot.depth();
            return node.next_entry(spot.lo as usize + ends as usize);
        }
        node.entry_after(&self.whole_path()[self.top_start()..])
    }

    /// Moves to the next value after the focus, which may be absent.
    fn seek_next_val(&mut self) -> bool {
        self.settle();
        if self.here() < self.root_len() {
            self.truncate(self.root_len());
            return false;
        }
        let next = self.entry_beyond();
        self.next_val_from(next)
    }

    /// Moves to the next value at or after an entry of the top node, or after the node if there is
    /// none.
    pub(in crate::zipper) fn next_val_from(&mut self, mut next: Option<usize>) -> bool {
        let root = self.root_len();
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { break };
            let Some(i) = next.filter(|&i| self.is_below(node, i, start, root)) else {
                // The node is done. The search continues after the entry that leads to it.
                if start <= root {
                    break;
                }
                let Some(via) = self.leave() else { break };
                next = self.top().and_then(|(node, _)| node.next_entry(via + 1));
                continue;
            };
            match self.land(i) {
                Landed::Value => return true,
                Landed::Bare => next = self.top().and_then(|(node, _)| node.next_entry(i + 1)),
                Landed::Child => {
                    let Some((child, _)) = self.top() else { break };
                    if child.own().is_some() {
                        return true;
                    }
                    next = child.next_entry(0);
                }
            }
        }
        self.truncate(self.root_len());
        false
    }

    /// Moves from a focus with nothing below it to the next location, which is a sibling of the
    /// focus or of an ancestor. If there is none, the walk stops at the focus or an ancestor, not
    /// above the root.
    ///
    /// The move truncates the path once and adds one byte, whatever the depth at which the next
    /// entry leaves the path.
    pub(in crate::zipper) fn to_next_beside(&mut self) -> bool {
        let root = self.root_len();
        let mut next = self.entry_beyond();
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { return false };
            if let Some(i) = next {
                let entry = node.entry(i);
                let shared = entry.suffix.common_prefix(&self.whole_path()[start..]);
                if start + shared < root {
                    return false;
                }
                let byte = entry.suffix.at(shared);
                self.truncate(start + shared);
                return self.descend_entry(i, byte);
            }
            // The node is done. The search continues after the entry that leads to it.
            if start <= root {
                return false;
            }
            let Some(via) = self.leave() else { return false };
            next = self.top().and_then(|(node, _)| node.next_entry(via + 1));
        }
    }
}
