//! Steps of a walk byte by byte: the branches that go on from a spot.

use super::list::ListRef;
use super::spot::Spot;
use super::view::{Kind, NodeRef};
use crate::bytes::common_prefix;

impl<'a, V> NodeRef<'a, V> {
    /// The first entry below a spot that is known, with the byte by which it goes on from there.
    #[inline]
    pub(crate) fn first_below(self, spot: Spot) -> Option<(usize, u8)> {
        match self.kind() {
            Kind::List(list) => list.first_below(spot),
            Kind::Wide(wide) => {
                let byte = wide.child_mask(spot).first_bit()?;
                Some((if spot.depth() == 0 { byte as usize } else { spot.lo as usize }, byte))
            }
        }
    }

    /// The first entry at or after `next` that is below a spot that is known, with the byte by
    /// which it goes on from there. It is not the first one below the spot.
    #[inline]
    pub(crate) fn next_below(self, spot: Spot, next: usize) -> Option<(usize, u8)> {
        match self.kind() {
            Kind::List(list) if spot.depth() == 0 => list.heads().get(next).map(|&byte| (next, byte)),
            Kind::List(list) => (next < spot.hi as usize).then(|| (next, list.rest(next)[spot.depth() - 1])),
            Kind::Wide(wide) if spot.depth() == 0 => wide.next_entry(next).map(|byte| (byte, byte as u8)),
            Kind::Wide(_) => None,
        }
    }

    /// The entries of a list that begin with a byte; none of a wide node.
    #[inline]
    pub(crate) fn entries_with_head(self, byte: u8) -> (u16, u16) {
        match self.kind() {
            Kind::List(list) => {
                let (lo, hi) = list.head_run(byte);
                (lo as u16, hi as u16)
            }
            Kind::Wide(_) => (0, 0),
        }
    }

    /// The entries of a list at which a branch begins at a known spot other than the root, one bit
    /// each; none of a wide node.
    pub(crate) fn starts(self, spot: Spot) -> u32 {
        match self.kind() {
            Kind::List(list) => list.starts(spot),
            Kind::Wide(_) => 0,
        }
    }

    /// The entry among `starts` that goes on by `byte` at `depth`. `guess` is looked at first.
    #[inline]
    pub(crate) fn start_with(self, starts: u32, depth: usize, byte: u8, guess: u16) -> Option<u16> {
        let Kind::List(list) = self.kind() else { return None };
        let goes_on = |i: u16| list.rest(i as usize).get(depth - 1) == Some(&byte);
        if guess < 32 && starts >> guess & 1 != 0 && goes_on(guess) {
            return Some(guess);
        }
        let mut left = starts;
        while left != 0 {
            let i = left.trailing_zeros() as u16;
            if goes_on(i) {
                return Some(i);
            }
            left &= left - 1;
        }
        None
    }

    /// The rest of the suffix of entry `i`, and whether a child is at its end.
    #[inline]
    pub(crate) fn rest_of(self, i: usize) -> (&'a [u8], bool) {
        match self.kind() {
            Kind::List(list) => (list.rest(i), list.is_child(i)),
            Kind::Wide(wide) if wide.is_child(i as u8) => (&[], true),
            Kind::Wide(wide) if !wide.has_tails() => (&[], false),
            Kind::Wide(wide) => (wide.tail(wide.tail_rank(i as u8)).rest(), false),
        }
    }

    /// The bytes that the entries `lo..hi` of a list have in common behind their first byte, if
    /// they go on together beyond their first `depth` bytes, which they are known to share.
    #[inline]
    pub(crate) fn common_rest(self, lo: usize, hi: usize, depth: usize) -> Option<&'a [u8]> {
        let Kind::List(list) = self.kind() else { return None };
        // The entries are sorted: what the first and the last have in common, all have.
        let (first, last) = (list.rest(lo), list.rest(hi - 1));
        let (Some(x), Some(y)) = (first.get(depth - 1), last.get(depth - 1)) else { return None };
        (x == y).then(|| &first[..depth + common_prefix(&first[depth..], &last[depth..])])
    }

    /// If this is a wide node and `byte` leads to a tail from its root: the rest of the tail.
    #[inline]
    pub(crate) fn tail_of(self, byte: u8) -> Option<&'a [u8]> {
        match self.kind() {
            Kind::Wide(wide) if wide.is_tail(byte) => Some(match wide.has_tails() {
                true => wide.tail(wide.tail_rank(byte)).rest(),
                false => &[],
            }),
            _ => None,
        }
    }

    /// If this is a wide node and `byte` leads to a child from its root: the child. Asks for the
    /// memory of the child after it.
    #[inline]
    pub(crate) fn child_ahead(self, byte: u8) -> Option<Self> {
        match self.kind() {
            Kind::Wide(wide) if wide.is_child(byte) => Some(self.entry_child_ahead(byte as usize)),
            _ => None,
        }
    }

    /// The child of entry `i`, which is one. Asks for the memory of the child after it.
    ///
    /// # Panics
    /// Panics if the entry is no child.
    #[inline]
    pub(crate) fn entry_child_ahead(self, i: usize) -> Self {
        let (child, next) = match self.kind() {
            Kind::List(list) => {
                let child = list.entry_child(i);
                let rank = list.child_rank(i);
                (child, (list.bits().child >> i > 1).then(|| list.child(rank + 1)))
            }
            Kind::Wide(wide) => wide.child_and_next(i as u8),
        };
        if let Some(next) = next {
            next.view().prefetch();
        }
        child.view()
    }
}

impl<V> ListRef<'_, V> {
    /// The entries at which a branch begins at a known spot other than the root, one bit each.
    fn starts(self, spot: Spot) -> u32 {
        let (lo, hi) = self.below(spot);
        if lo == hi {
            return 0;
        }
        let byte = |i: usize| self.rest(i)[spot.depth() - 1];
        let mut before = byte(lo);
        let mut starts = 1 << lo;
        if before != byte(hi - 1) {
            for (i, byte) in (lo + 1..).zip(self.bytes_at(lo + 1, hi, spot.depth())) {
                starts |= u32::from(byte != before) << i;
                before = byte;
            }
        }
        starts
    }
}
