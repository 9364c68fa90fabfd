//! Asking whether a path exists, on the way down.

use super::super::root::Root;
use super::Walk;
use crate::node::{NodeRef, Seek, Spot, WayKey};
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
            match node.seek_unless_absent(left) {
                Some(Seek::Child(via, used, child)) => {
                    node = child.view();
                    self.here += used;
                    self.came_from = above;
                    self.push(node.into_raw(), via as u16, used > 1);
                    left = left.after(used);
                    if left.bytes().is_empty() {
                        return if node.next_entry(0).is_none() { Err(self.here - start) } else { Ok(true) };
                    }
                }
                Some(Seek::Entry(entry)) => {
                    self.land_at(entry);
                    let end = Spot::new(entry as u16, 0, left.bytes().len());
                    return if node.is_tip(end) { Err(self.here - start) } else { Ok(true) };
                }
                found => {
                    self.explored = false;
                    return if found.is_some() { self.check_unexplored(start) } else { Ok(false) };
                }
            }
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
        if !self.explored && self.explore_unless_absent::<true>() {
            return Ok(false);
        }
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
