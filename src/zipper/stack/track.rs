//! Asking whether a path exists, on the way down.

use super::super::root::Root;
use super::Walk;
use crate::bytes::starts_with;
use crate::node::{NodeRef, Spot, Way, WayKey};
use crate::reached::{Mark, reached};
use crate::trie::Subtrie;

impl<V, R: Root<V>> Walk<V, R> {
    /// Implements
    /// [`descend_to_check_or_tip`](crate::zipper::ZipperMoving::descend_to_check_or_tip).
    #[inline]
    pub(in crate::zipper) fn descend_checked(&mut self, key: &[u8]) -> Result<bool, usize> {
        match self.is_at_node() && !key.is_empty() {
            true => self.track(self.here, key),
            false => self.check_from_spot(key),
        }
    }

    /// Like [`descend_checked`](Self::descend_checked), from any focus.
    #[inline(never)]
    fn check_from_spot(&mut self, key: &[u8]) -> Result<bool, usize> {
        self.settle();
        let start = self.here;
        if let Some(used) = self.pass_edge(key) {
            let left = &key[used..];
            if !left.is_empty() {
                return self.track(self.here, left).map_err(|moved| used + moved);
            }
            return self.at_end(start, self.run_is_tip() == Some(true));
        }
        if self.is_here() {
            let left = self.follow_edge(key);
            let Some(next) = self.next_on_edge() else {
                return match left.is_empty() {
                    true => self.check_focus(start),
                    false if self.is_at_node() => self.track(start, left),
                    false => self.check_below(start, left),
                };
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

    /// Enters the child at the end of the edge, if `key` leads there; returns how many bytes of the
    /// key lead there.
    #[inline(always)]
    fn pass_edge(&mut self, key: &[u8]) -> Option<usize> {
        if !self.edge.leads_to_child() {
            return None;
        }
        // SAFETY: the focus is on the edge, and its node lives and is not written while this is
        // borrowed (S1, S2, S4).
        let rest = unsafe { self.edge.onwards(self.here) };
        if !starts_with(key, rest) {
            return None;
        }
        reached(Mark::PassedEdge);
        self.path.extend(rest);
        self.here += rest.len();
        let via = self.edge.lo();
        self.make_frame();
        self.came_from = self.frames.len() as u32;
        self.enter(via);
        Some(rest.len())
    }

    /// True iff the focus is known to be the root of the top node.
    #[inline]
    fn is_at_node(&self) -> bool {
        self.explored && self.is_here() && self.frames.last().is_some_and(|top| top.start == self.here)
    }

    /// Like [`check_below`](Self::check_below), by a key that is not empty, from the root of the
    /// top node.
    #[inline(never)]
    fn track(&mut self, start: usize, key: &[u8]) -> Result<bool, usize> {
        debug_assert!(!self.edge.is_known());
        let Some(top) = self.frames.last() else { return Ok(false) };
        // SAFETY: the node lives and is not written while this is borrowed (S1, S2). The same is
        // true of its descendants, and frames that are pushed change nothing of it.
        let mut node = unsafe { NodeRef::<V>::from_raw(top.node) };
        let mut left = WayKey::new(key);
        self.path.extend(key);
        let above = self.frames.len() as u32;
        loop {
            match node.way(left) {
                Way::Child(via, used, child) => {
                    node = child.view();
                    self.here += used;
                    self.came_from = above;
                    self.push(node.into_raw(), via as u16, used > 1);
                    left = left.after(used);
                    if left.bytes().is_empty() {
                        return self.at_end(start, node.next_entry(0).is_none());
                    }
                }
                Way::Entry(entry) => {
                    self.land_at(entry);
                    let end = Spot::new(entry as u16, 0, left.bytes().len());
                    return self.at_end(start, node.is_tip(end));
                }
                Way::Within(lo, hi) => {
                    self.go_within(lo, hi);
                    return Ok(true);
                }
                Way::Unclear => {
                    self.explored = false;
                    return self.check_unexplored(start);
                }
                Way::Nowhere => {
                    self.explored = false;
                    return Ok(false);
                }
            }
        }
    }

    /// The result of a move to the end of the path, given whether it is a tip.
    #[inline(always)]
    fn at_end(&self, start: usize, is_tip: bool) -> Result<bool, usize> {
        if is_tip { Err(self.here - start) } else { Ok(true) }
    }

    /// Moves from the root of the top node to the end of the path, to the run of the entries
    /// `lo..hi`.
    fn go_within(&mut self, lo: u16, hi: u16) {
        reached(Mark::WentWithin);
        let top = *self.frames.last().expect("the entries are of the top node");
        // A run of one byte is all that a move up needs.
        let loose = self.path.len() > self.here + 1;
        self.here = self.path.len();
        if loose || (lo, hi) != (top.lo, top.hi) {
            self.frames.push(top.run(lo, hi, 1, loose));
        }
    }

    /// Descends by `key` from a focus that exists and is on no edge. If the path leads to a tip,
    /// ends there, and returns its distance from `start` as an error; otherwise, returns whether
    /// the path exists.
    fn check_below(&mut self, start: usize, key: &[u8]) -> Result<bool, usize> {
        self.descend_lazily(key);
        self.check_unexplored(start)
    }

    /// Like [`check_below`](Self::check_below), after the path was extended by the key.
    fn check_unexplored(&mut self, start: usize) -> Result<bool, usize> {
        self.settle();
        self.check_focus(start)
    }

    /// Like [`check_below`](Self::check_below), from a path that is explored.
    #[inline]
    fn check_focus(&mut self, start: usize) -> Result<bool, usize> {
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
}
