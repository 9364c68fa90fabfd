//! Iteration, written once for every zipper that stands in a real trie.
//!
//! A walk over values goes entry by entry, not byte by byte: a node's entries lie in order, so a step is one cut of
//! the path and one copy of a suffix. The run of the new spot is left unknown until somebody asks for it.

use super::root::Root;
use super::stack::{Landed, Stepped, Walk};
use crate::bytes::common_prefix;
use crate::node::NodeRef;

impl<V, R: Root<V>> Walk<V, R> {
    /// True iff entry `i` of the top node is within the zipper's root.
    #[inline]
    fn within(&self, node: NodeRef<'_, V>, i: usize, start: usize) -> bool {
        if start >= self.root_len() {
            return true;
        }
        let root = &self.origin_path()[start..self.root_len()];
        let entry = node.entry(i);
        entry.head == root[0] && entry.rest.starts_with(&root[1..])
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
            let ends = entry.rest.len() + 1 == spot.depth();
            return node.next_entry(spot.lo as usize + ends as usize);
        }
        node.entry_after(&self.origin_path()[self.top_start()..])
    }

    #[inline]
    pub(super) fn to_next_val(&mut self) -> bool {
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
    pub(super) fn next_val_from(&mut self, mut next: Option<usize>) -> bool {
        let root = self.root_len();
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { break };
            let Some(i) = next.filter(|&i| self.within(node, i, start)) else {
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

    pub(super) fn to_next_step(&mut self) -> bool {
        if self.descend_first_byte() {
            return true;
        }
        self.settle();
        let found = self.here() >= self.root_len() && {
            let next = self.entry_beyond();
            self.to_next_beside(next, self.root_len())
        };
        if !found {
            self.reset();
        }
        found
    }

    /// The first location `k` bytes below the focus, by whole edges.
    pub(super) fn descend_first_k_path(&mut self, k: usize) -> bool {
        self.settle();
        let floor = self.origin_path().len();
        k > 0 && self.is_here() && self.descend_first_to(floor.saturating_add(k), floor)
    }

    /// The next location of this length below the ancestor `k` bytes above. It is looked for beyond the entries below the focus.
    pub(super) fn to_next_k_path(&mut self, k: usize) -> bool {
        if k == 0 {
            return false;
        }
        if k > self.depth() {
            self.reset();
            return false;
        }
        self.settle();
        let len = self.origin_path().len();
        let floor = len - k;
        let next = match self.top().filter(|_| self.is_here()) {
            None => self.entry_beyond(),
            Some((_, spot)) if spot.depth() == 0 => {
                let via = self.leave();
                via.and_then(|via| self.top().and_then(|(node, _)| node.next_entry(via + 1)))
            }
            Some((node, spot)) => node.next_entry(node.known(spot).hi as usize),
        };
        if self.to_next_beside(next, floor) {
            return self.descend_first_to(len, floor);
        }
        self.truncate(floor);
        false
    }

    /// From a location below, or at, the ancestor whose path has `floor` bytes: goes to the first of `len` bytes that is below
    /// both, or after it below the ancestor. When there is none it stands at the ancestor.
    fn descend_first_to(&mut self, len: usize, floor: usize) -> bool {
        loop {
            let left = len - self.origin_path().len();
            if left == 0 {
                return true;
            }
            if self.descend_edge(left) > 0 || self.descend_first_byte() {
                continue;
            }
            // A dead end that is too short.
            let next = self.entry_beyond();
            if !self.to_next_beside(next, floor) {
                self.truncate(floor);
                return false;
            }
        }
    }

    /// Goes to where `next`, the first entry of the top node that is not at or below the focus but after it, parts from the
    /// path, and down its first byte from there; if there is no entry, to the first one behind the node. It goes no
    /// further than below the ancestor whose path has `floor` bytes. When there is none it stands somewhere between.
    ///
    /// An entry is one cut of the path and one byte, however far up the two part.
    fn to_next_beside(&mut self, mut next: Option<usize>, floor: usize) -> bool {
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { return false };
            if let Some(i) = next {
                let entry = node.entry(i);
                let path = &self.origin_path()[start..];
                let shared = match path.first() == Some(&entry.head) {
                    true => 1 + common_prefix(entry.rest, &path[1..]),
                    false => 0,
                };
                if start + shared < floor {
                    return false;
                }
                let byte = if shared == 0 { entry.head } else { entry.rest[shared - 1] };
                self.truncate(start + shared);
                return self.descend_entry(i, byte);
            }
            // The node is done: go on behind the entry that led to it.
            if start <= floor {
                return false;
            }
            let Some(via) = self.leave() else { return false };
            next = self.top().and_then(|(node, _)| node.next_entry(via + 1));
        }
    }

    pub(super) fn descend_last_path(&mut self) -> bool {
        let start = self.depth();
        while self.descend_last_byte() {
            self.descend_until(usize::MAX);
        }
        self.depth() > start
    }

    pub(super) fn to_prev_step(&mut self) -> bool {
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

    pub(super) fn to_prev_val(&mut self) -> bool {
        while self.to_prev_step() {
            if self.val().is_some() {
                return true;
            }
        }
        false
    }
}
