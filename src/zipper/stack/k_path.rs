//! Iteration over the locations of one length, written once for all zippers in a real trie.
//!
//! Like iteration over values, this moves entry by entry. An entry that is long enough has one
//! location of that length, at its end or before. An entry that is too short leads to such
//! locations through its child, or to none.

use super::super::root::Root;
use super::{Landed, Stepped, Walk};
use crate::node::Spot;

/// The number of children by which memory is prefetched ahead if each child is only looked at.
/// Compared with one child ahead, iteration over the 65,536 pairs of bytes that begin random `u64`
/// takes 42 ns a pair instead of 75.
const AHEAD: usize = 6;

impl<V, R: Root<V>> Walk<V, R> {
    /// Implements [`descend_first_k_path`](crate::zipper::ZipperIteration::descend_first_k_path).
    #[inline]
    pub(in crate::zipper) fn to_first_of_len(&mut self, k: usize) -> bool {
        self.to_first_below::<false>(k)
    }

    /// Implements `descend_first_k_path_or_tip` of
    /// [`ZipperIteration`](crate::zipper::ZipperIteration).
    #[inline]
    pub(in crate::zipper) fn to_first_of_len_or_tip(&mut self, k: usize) -> bool {
        self.to_first_below::<true>(k)
    }

    fn to_first_below<const TIPS: bool>(&mut self, k: usize) -> bool {
        self.settle_frames();
        if k == 0 || !self.is_here() {
            return false;
        }
        let above = self.here;
        let first = self.top().and_then(|(node, spot)| match spot.depth() {
            0 => node.next_entry(0),
            _ => Some(spot.lo as usize),
        });
        self.next_of_len::<TIPS>(first, above, above.saturating_add(k))
    }

    /// Implements [`to_next_k_path`](crate::zipper::ZipperIteration::to_next_k_path).
    #[inline]
    pub(in crate::zipper) fn to_next_of_len(&mut self, k: usize) -> bool {
        let len = self.path.len();
        if k == 0 {
            return false;
        }
        let Some(above) = len.checked_sub(k).filter(|&above| above >= self.root_len) else {
            self.truncate(self.root_len);
            return false;
        };
        self.next_below::<false>(above, len)
    }

    /// Implements
    /// [`to_next_k_path_or_tip`](crate::zipper::ZipperIteration::to_next_k_path_or_tip).
    ///
    /// # Panics
    /// Panics unless the path has at least `above` bytes and at most `len`.
    #[inline]
    pub(in crate::zipper) fn to_next_of_len_or_tip(&mut self, above: usize, len: usize) -> bool {
        let shown = self.path.len() - self.root_len;
        assert!(above <= shown && shown <= len, "the focus is between the two lengths");
        self.next_below::<true>(self.root_len + above, self.root_len.saturating_add(len))
    }

    #[inline]
    fn next_below<const TIPS: bool>(&mut self, above: usize, len: usize) -> bool {
        match self.step_where(above, |end| end == len) {
            Stepped::There => true,
            Stepped::To(next) if !self.is_below_focus(next) => self.next_of_len::<TIPS>(next, above, len),
            Stepped::To(_) | Stepped::Nowhere => self.seek_next_of_len::<TIPS>(above, len),
        }
    }

    /// True iff an entry of the top node is there and goes on below the focus.
    fn is_below_focus(&self, entry: Option<usize>) -> bool {
        let (Some(i), Some((node, _))) = (entry, self.top()) else { return false };
        self.is_below(node, i, self.top_start(), self.path.len())
    }

    /// Moves to the next location of the length `len` after the focus, which may be absent, below
    /// the path's first `above` bytes.
    fn seek_next_of_len<const TIPS: bool>(&mut self, above: usize, len: usize) -> bool {
        self.settle_frames();
        if self.here < above {
            self.truncate(above);
            return false;
        }
        let next = match self.is_here() {
            true => self.entry_behind_run(),
            false => self.top().and_then(|(node, _)| node.entry_after(&self.path[self.top_start()..])),
        };
        self.next_of_len::<TIPS>(next, above, len)
    }

    /// True iff nothing is below the end of entry `i` of the top node, which is no child.
    pub(super) fn ends_at(&self, i: usize) -> bool {
        self.top().is_some_and(|(node, _)| node.is_tip(Spot::new(i as u16, 0, node.suffix_len(i))))
    }

    /// Moves to the first location of the length `len` at or after an entry of the top node, or
    /// after the node if `next` is `None`. With `TIPS`, moves to a tip with a shorter path as
    /// well.
    ///
    /// The location is below the path's first `above` bytes. If there is none, moves to the
    /// location at these bytes.
    fn next_of_len<const TIPS: bool>(&mut self, mut next: Option<usize>, above: usize, len: usize) -> bool {
        loop {
            let start = self.top_start();
            let Some((node, _)) = self.top() else { break };
            let Some(i) = next.filter(|&i| self.is_below(node, i, start, above)) else {
                if start <= above {
                    break;
                }
                let Some(via) = self.leave() else { break };
                next = self.entry_after(via);
                continue;
            };
            let end = start + node.suffix_len(i);
            if end > len {
                self.land_within(i, len - start, above);
                return true;
            }
            if end == len && node.is_child_entry(i) {
                node.prefetch_child_after(i, AHEAD);
            }
            match self.land(i, above) {
                Landed::Value if end == len => return true,
                Landed::Child if end == len => return true,
                Landed::Bare if end == len || TIPS && self.ends_at(i) => {
                    self.land_within(i, end - start, above);
                    return true;
                }
                Landed::Value if TIPS && self.ends_at(i) => return true,
                Landed::Child => {
                    next = self.top().and_then(|(child, _)| child.next_entry(0));
                    if TIPS && next.is_none() {
                        return true;
                    }
                }
                Landed::Value | Landed::Bare => next = self.entry_after(i),
            }
        }
        self.truncate(above);
        false
    }
}
