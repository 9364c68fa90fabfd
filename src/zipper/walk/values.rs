//! Iteration, written once for every zipper that stands in a real trie.
//!
//! A walk over values goes entry by entry, not byte by byte: a node's entries lie in order, so a step is one cut of
//! the path and one copy of a suffix. The run of the new spot is left unknown until somebody asks for it.

use crate::node::{NodeRef, Suffix};
use crate::zipper::root::Root;
use crate::zipper::stack::{Landed, Stepped, Walk};

impl<V, R: Root<V>> Walk<V, R> {
    /// True iff entry `i` of the top node, which starts at `start`, is below the path's first `above` bytes.
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
        let way = &self.origin_path()[start..above];
        let entry = node.entry(i);
        Suffix::of(way).is_some_and(|way| entry.suffix.starts_with(way))
    }

    /// The first entry of the top node that comes after the focus, which is not at the node's root; whether the focus
    /// exists or not.
    fn entry_beyond(&self) -> Option<usize> {
        let (node, spot) = self.top()?;
        if let Some(i) = self.landed() {
            return node.next_entry(i + 1);
        }
        if self.is_here() {
            if spot.depth() == 0 {
                return node.next_entry(0);
            }
            // The run's first entry ends at the spot, or goes on below it; either way it is not before it.
            let entry = node.entry(spot.lo as usize);
            let ends = entry.suffix.len() == spot.depth();
            return node.next_entry(spot.lo as usize + ends as usize);
        }
        node.entry_after(&self.origin_path()[self.top_start()..])
    }

    #[inline]
    pub(in crate::zipper) fn to_next_val(&mut self) -> bool {
        match self.step() {
            Stepped::There => true,
            Stepped::To(next) => self.next_val_from(next),
            Stepped::Nowhere => self.seek_next_val(),
        }
    }

    fn seek_next_val(&mut self) -> bool {
        self.settle();
        if self.here() < self.root_len() {
            self.reset();
            return false;
        }
        let next = self.entry_beyond();
        self.next_val_from(next)
    }

    /// The next value at or after an entry of the top node, or after the node if there is none.
    pub(in crate::zipper) fn next_val_from(&mut self, mut next: Option<usize>) -> bool {
        let root = self.root_len();
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { break };
            let Some(i) = next.filter(|&i| self.is_below(node, i, start, root)) else {
                // The node is done: go on behind the entry that led to it.
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
        self.reset();
        false
    }

    pub(in crate::zipper) fn to_next_step(&mut self) -> bool {
        if self.descend_first_byte() {
            return true;
        }
        self.settle();
        let found = self.here() >= self.root_len() && self.to_next_beside();
        if !found {
            self.reset();
        }
        found
    }

    /// From a focus with nothing below it: goes to the first location after it, which is a sibling of it or of an ancestor.
    /// When there is none it stands somewhere at or above the focus, not above the root.
    ///
    /// The next entry is one cut of the path and one byte, however far up it parts from the path.
    fn to_next_beside(&mut self) -> bool {
        let root = self.root_len();
        let mut next = self.entry_beyond();
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { return false };
            if let Some(i) = next {
                let entry = node.entry(i);
                let shared = entry.suffix.common_prefix(&self.origin_path()[start..]);
                if start + shared < root {
                    return false;
                }
                let byte = entry.suffix.at(shared);
                self.truncate(start + shared);
                return self.descend_entry(i, byte);
            }
            // The node is done: go on behind the entry that led to it.
            if start <= root {
                return false;
            }
            let Some(via) = self.leave() else { return false };
            next = self.top().and_then(|(node, _)| node.next_entry(via + 1));
        }
    }

    pub(in crate::zipper) fn descend_last_path(&mut self) -> bool {
        let start = self.depth();
        while self.descend_last_byte() {
            self.descend_until(usize::MAX);
        }
        self.depth() > start
    }

    pub(in crate::zipper) fn to_prev_step(&mut self) -> bool {
        if self.at_root() {
            return self.descend_last_path();
        }
        self.settle();
        if self.here() < self.root_len() {
            self.reset();
            return false;
        }
        if !self.is_here() {
            // The greatest location below where the path leaves the trie, if it is less; else that place itself.
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

    pub(in crate::zipper) fn to_prev_val(&mut self) -> bool {
        while self.to_prev_step() {
            if self.val().is_some() {
                return true;
            }
        }
        false
    }
}
