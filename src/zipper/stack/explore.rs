//! Looking where the path leads.

use super::super::root::Root;
use super::frame::Frame;
use super::{Sight, Walk};
use crate::bytes::common_prefix;
use crate::node::{NodeRef, Seek, Spot};
use crate::reached::{Mark, reached};
use crate::trie::Subtrie;

impl<V, R: Root<V>> Walk<V, R> {
    /// Explores the path as far as it exists.
    #[inline]
    pub(in crate::zipper) fn settle(&mut self) {
        if !self.explored {
            self.explore();
        }
    }

    pub(super) fn explore(&mut self) {
        self.explore_unless_absent(false);
    }

    /// Explores the path as far as it exists. With `lazily`, may stop at a node where it is seen
    /// that the path does not exist, and that there is no tip on the way; then the rest is
    /// explored when somebody asks. Returns whether it has stopped so.
    fn explore_unless_absent(&mut self, lazily: bool) -> bool {
        debug_assert!(!self.edge.is_known());
        self.leave_trail();
        self.enter_root();
        while self.here < self.path.len()
            && let Some((node, spot)) = self.top()
        {
            let left = &self.path[self.here..];
            if spot.depth() == 0 {
                // The runs on the way to an entry's end get no frames: a move up finds them again.
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
                    Seek::Nothing if lazily && !node.may_lead(left) => return true,
                    Seek::Nothing => {}
                }
            }
            let (used, below) = node.follow(node.known(spot), left);
            let entered = match used {
                0 => false,
                1 => self.advance(below),
                _ => self.advance_far(below),
            };
            if !entered {
                break;
            }
        }
        self.explored = true;
        false
    }

    /// Implements
    /// [`descend_to_check_or_tip`](crate::zipper::ZipperMoving::descend_to_check_or_tip).
    pub(in crate::zipper) fn descend_checked(&mut self, key: &[u8]) -> Result<bool, usize> {
        self.settle();
        let start = self.here;
        if self.is_here() {
            let left = self.follow_edge(key);
            let Some(next) = self.next_on_edge() else {
                return self.check_below(start, left);
            };
            if next.is_none() {
                return Err(self.here - start);
            }
            if left.is_empty() {
                return Ok(true);
            }
            self.push_absent(left);
        } else {
            self.push_absent(key);
        }
        Ok(false)
    }

    /// Descends by `key` from a focus that exists and is on no edge. If the path leads to a tip,
    /// ends there, and returns its distance from `start` as an error; otherwise, returns whether
    /// the path exists.
    fn check_below(&mut self, start: usize, key: &[u8]) -> Result<bool, usize> {
        self.descend_lazily(key);
        if !self.explored && self.explore_unless_absent(true) {
            return Ok(false);
        }
        let ends = match self.run_is_tip() {
            Some(ends) => ends,
            None => match self.top() {
                Some((node, spot)) => node.is_tip(spot),
                None if matches!(self.root.lent(), Subtrie::Absent) => return Ok(false),
                None => true,
            },
        };
        if !ends {
            return Ok(self.is_here());
        }
        self.path.truncate(self.here);
        Err(self.here - start)
    }

    /// Moves down the edge as far as `key` leads; returns what is left of the key.
    ///
    /// If the walk is on an edge afterwards and some of the key is left, that does not exist.
    #[inline]
    pub(in crate::zipper) fn follow_edge<'k>(&mut self, key: &'k [u8]) -> &'k [u8] {
        if !self.edge.is_known() {
            return key;
        }
        // SAFETY: the focus is on the edge (S4), and its node lives and is not written while this
        // is borrowed (S1, S2).
        let edge = unsafe { self.edge.onwards(self.here) };
        let mut shared = common_prefix(edge, key);
        let leads = shared > 0 && self.edge.leads_at(self.here + shared);
        // The spot where an edge leads is not on it.
        shared -= leads as usize;
        self.path.extend(&key[..shared]);
        self.here += shared + leads as usize;
        if leads {
            self.leave_edge(key[shared]);
            shared += 1;
        }
        &key[shared..]
    }

    pub(super) fn enter_root(&mut self) {
        if self.frames.is_empty()
            && let Subtrie::Node(node) = self.root.lent().map(|node| node.view().into_raw())
        {
            self.push(node, 0, false);
        }
    }

    /// Pops the frames that do not lead along the path, so that there is no trail.
    pub(super) fn leave_trail(&mut self) {
        if self.trailing {
            self.trailing = false;
            self.climb(self.root_len + self.agreed);
        }
    }

    /// Moves to the zipper's root and keeps the frames, which are used again if the next path is
    /// near.
    pub(in crate::zipper) fn rewind(&mut self) {
        if self.edge.is_known() {
            self.make_frame();
            return self.rewind();
        }
        let trail = if self.trailing {
            // What did not agree was overwritten.
            self.root_len + self.agreed
        } else if self.here >= self.root_len {
            // The frames may end before the path does; none is looked for beyond them.
            self.path.len()
        } else {
            return self.truncate(self.root_len);
        };
        self.path.rewind(self.root_len, trail);
        (self.trailing, self.agreed, self.explored) = (true, 0, false);
    }

    /// True iff the focus is a location.
    pub(in crate::zipper) fn exists(&self) -> bool {
        self.subtrie().exists()
    }

    /// The subtrie at the focus.
    #[inline]
    pub(super) fn subtrie(&self) -> Subtrie<(NodeRef<'_, V>, Spot)> {
        match self.root.lent() {
            Subtrie::Node(_) => self.place().map_or(Subtrie::Absent, Subtrie::Node),
            Subtrie::Bare if self.path.len() == self.base => Subtrie::Bare,
            Subtrie::Bare | Subtrie::Absent => Subtrie::Absent,
        }
    }

    /// The focus, if it exists and is not a bare root.
    #[inline]
    pub(in crate::zipper) fn focus(&self) -> Option<Sight<'_, V>> {
        self.place().map(Sight::new)
    }

    /// The node and spot of the focus, for readers and for [`disclose`](Self::disclose): another
    /// owner may be made of them.
    #[inline]
    pub(super) fn place(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        if self.explored {
            return if self.is_here() { self.top() } else { None };
        }
        self.look()
    }

    /// Finds the focus without moving the stack, which a write or a lazy descent has left behind.
    pub(super) fn look(&self) -> Option<(NodeRef<'_, V>, Spot)> {
        let (mut node, spot, mut at) = self.known_part()?;
        if spot.depth() > 0 {
            let (used, below) = node.follow(node.known(spot), &self.path[at..]);
            at += used;
            match node.child_at(below) {
                Some(child) => node = child.view(),
                None => return (at == self.path.len()).then_some((node, below)),
            }
        }
        loop {
            let left = &self.path[at..];
            if left.is_empty() {
                return Some((node, node.known(Spot::ROOT)));
            }
            match node.seek(left) {
                Seek::Child(_, used, child) => (node, at) = (child.view(), at + used),
                // Where the run ends is found if it is asked for.
                Seek::Entry(entry) => return Some((node, Spot::new(entry as u16, 0, left.len()))),
                Seek::Nothing => {
                    let (used, below) = node.follow(node.known(Spot::ROOT), left);
                    return (used == left.len()).then_some((node, below));
                }
            }
        }
    }

    /// The deepest spot on the way to the focus that the frames tell, and the length of the path
    /// to it. `None` if the trie has no node.
    fn known_part(&self) -> Option<(NodeRef<'_, V>, Spot, usize)> {
        if !self.trailing {
            if let Some((node, spot)) = self.top() {
                return Some((node, spot, self.here));
            }
        } else if let Some(frame) = self.agreeing_node() {
            if frame.start > self.base {
                reached(Mark::AskedOnTrail);
            }
            // SAFETY: as in `top`.
            return Some((unsafe { NodeRef::from_raw(frame.node) }, Spot::ROOT, frame.start));
        }
        Some((self.root.lent().into_node()?.view(), Spot::ROOT, self.base))
    }

    /// The frame of the deepest node on the trail that is on the path as well.
    fn agreeing_node(&self) -> Option<&Frame> {
        let agreed = self.root_len + self.agreed;
        let above = self.frames.partition_point(|frame| frame.start + frame.from as usize <= agreed);
        self.frames[..above].iter().rfind(|frame| frame.from == 0)
    }

    /// True iff the trail leads along the path to the focus and goes on by this byte.
    #[inline]
    pub(in crate::zipper) fn trail_goes_on(&self, byte: u8) -> bool {
        self.trailing
            && self.agreed == self.path.len() - self.root_len
            && self.path.byte_beyond() == Some(byte)
    }

    /// Moves down by `key`, which is looked up when it is needed.
    #[inline]
    pub(in crate::zipper) fn descend_lazily(&mut self, key: &[u8]) {
        if !key.is_empty() {
            if self.explored {
                self.frame_edge();
                // What is below an absent location is absent.
                self.explored = !self.is_here();
            }
            if self.trailing && self.agreed == self.path.len() - self.root_len {
                self.agreed += self.path.retrace(key);
            } else {
                self.path.extend(key);
            }
        }
    }

    /// Adds a byte to the path, which the caller has found in the trie or is about to.
    #[inline(never)]
    pub(in crate::zipper) fn push_byte(&mut self, byte: u8) {
        self.frame_edge();
        self.path.push(byte);
    }

    /// Adds bytes to the path of a focus with nothing below it.
    #[inline]
    pub(in crate::zipper) fn push_absent(&mut self, bytes: &[u8]) {
        if R::WRITES {
            return self.descend_lazily(bytes);
        }
        self.frame_edge();
        match *bytes {
            [byte] => self.path.push(byte),
            _ => self.path.extend(bytes),
        }
    }

    /// Replaces the end of the path by as many bytes. Nothing is below the location where they
    /// begin.
    ///
    /// # Panics
    /// Panics if that location is above the zipper's root.
    #[inline]
    pub(in crate::zipper) fn replace_absent(&mut self, bytes: &[u8]) {
        let shown = self.path.len() - self.root_len;
        assert!(bytes.len() <= shown, "no more bytes are replaced than the path has");
        if R::WRITES {
            self.truncate(self.path.len() - bytes.len());
            return self.descend_lazily(bytes);
        }
        debug_assert!(self.here + bytes.len() <= self.path.len());
        self.path.replace_end(bytes);
    }

    /// Adds the suffix of an entry of the top node from the present depth to `depth` to the path.
    pub(super) fn push_suffix(&mut self, entry: usize, depth: usize) {
        let top = self.frames.last().expect("the entry is of the top node");
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2); the path is
        // another field.
        let entry = unsafe { NodeRef::<V>::from_raw(top.node) }.entry(entry);
        let at = self.here - top.start;
        if at == 0 {
            self.path.push(entry.suffix.head);
        }
        self.path.extend(&entry.suffix.rest[at.saturating_sub(1)..depth - 1]);
    }
}
