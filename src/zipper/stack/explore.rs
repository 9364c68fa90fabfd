//! Looking where the path leads.

use super::super::root::Root;
use super::{Sight, Walk};
use crate::node::{NodeRef, Seek, Spot};

impl<V, R: Root<V>> Walk<V, R> {
    /// Explores the path as far as it exists.
    #[inline]
    pub(in crate::zipper) fn settle(&mut self) {
        if !self.explored {
            self.explore();
        }
    }

    pub(super) fn explore(&mut self) {
        self.leave_trail();
        self.enter_root();
        while self.here < self.path.len()
            && let Some((node, spot)) = self.top()
        {
            let left = &self.path[self.here..];
            if spot.depth() == 0 {
                // The runs on the way to an entry's end have no frames: they are found again if somebody goes up there.
                match node.seek(left) {
                    Seek::Child(via, used, child) => {
                        let child = child.view().into_raw();
                        self.here += used;
                        self.push(child, via as u16, used > 1);
                        continue;
                    }
                    Seek::Entry(entry) => {
                        self.land_at(entry);
                        break;
                    }
                    Seek::Nothing => {}
                }
            }
            let (used, below) = node.follow(node.known(spot), left);
            match used {
                0 => break,
                1 => self.advance(below),
                _ => self.advance_far(below),
            }
        }
        self.explored = true;
    }

    pub(super) fn enter_root(&mut self) {
        if self.frames.is_empty()
            && let Some(node) = self.root.node().map(|node| node.view().into_raw())
        {
            self.push(node, 0, false);
        }
    }

    /// Makes the frames lead along the path again, as far as the trail did.
    pub(super) fn leave_trail(&mut self) {
        if self.trailing {
            self.trailing = false;
            self.climb(self.root_len + self.agreed);
        }
    }

    /// True iff the focus is a location.
    pub(in crate::zipper) fn exists(&self) -> bool {
        if self.explored {
            return self.is_here() && (self.rooted || !self.frames.is_empty());
        }
        match self.root.node() {
            None => self.path.len() == self.base && self.rooted,
            Some(_) => self.place().is_some(),
        }
    }

    /// The focus, if it exists and is more than a bare root without a node.
    #[inline]
    pub(in crate::zipper) fn focus(&self) -> Option<Sight<'_, V>> {
        self.place().map(Sight::new)
    }

    /// The node and spot of the focus, for readers and for [`disclose`](Self::disclose): another owner may be made of it.
    #[inline]
    pub(super) fn place(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        if self.explored {
            return if self.is_here() { self.top() } else { None };
        }
        self.look()
    }

    /// Looks for the focus without moving the stack, where a write or a lazy descent has left it behind.
    pub(super) fn look(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        let (mut node, mut spot, mut at) = match self.top() {
            Some((node, spot)) if !self.trailing => (node, node.known(spot), self.here),
            _ => {
                let node = self.root.node()?;
                (node.view(), node.view().known(Spot::ROOT), self.base)
            }
        };
        loop {
            if let Some(child) = node.child_at(spot) {
                node = child.view();
                spot = node.known(Spot::ROOT);
            }
            let (used, below) = node.follow(spot, &self.path[at..]);
            (at, spot) = (at + used, below);
            if node.child_at(spot).is_none() {
                return (at == self.path.len()).then_some((node, spot));
            }
        }
    }

    /// True iff the frames lead along the trail rather than the path.
    #[inline]
    pub(in crate::zipper) fn is_trailing(&self) -> bool {
        self.trailing
    }

    /// Goes down by `key`, to be looked at when somebody asks.
    #[inline]
    pub(in crate::zipper) fn descend_lazily(&mut self, key: &[u8]) {
        if !key.is_empty() {
            // What is known to be absent stays so further down.
            self.explored &= !self.is_here();
            if self.trailing && self.agreed == self.path.len() - self.root_len {
                self.agreed += self.path.retrace(key);
            } else {
                self.path.extend(key);
            }
        }
    }

    /// Adds a byte to the path that the caller has found, or is about to find, in the trie.
    #[inline]
    pub(in crate::zipper) fn push_byte(&mut self, byte: u8) {
        self.path.push(byte);
    }

    /// Adds the suffix of an entry of the top node from the present depth to `depth` to the path.
    pub(in crate::zipper) fn push_suffix(&mut self, entry: usize, depth: usize) {
        let top = self.frames.last().expect("the entry is of the top node");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is another field.
        let entry = unsafe { NodeRef::<V>::from_raw(top.node) }.entry(entry);
        let at = self.here - top.start;
        if at == 0 {
            self.path.push(entry.suffix.head);
        }
        self.path.extend(&entry.suffix.rest[at.saturating_sub(1)..depth - 1]);
    }
}
