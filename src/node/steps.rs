//! Steps of a walk byte by byte: the branches that go on from a spot.

use super::spot::Spot;
use super::view::{Kind, NodeRef};
use crate::bytes::ByteMask;

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

    /// The bytes by which a path can go on from a spot, whose run need not be known.
    // Not inlined, so that a caller that mostly knows the mask saves no registers for this call.
    #[inline(never)]
    pub(crate) fn mask_at(self, spot: Spot) -> ByteMask {
        self.child_mask(self.known(spot))
    }

    /// The entries of a list that begin with a byte, if there are some; none of a wide node.
    #[inline]
    pub(crate) fn entries_with_head(self, byte: u8) -> Option<(u16, u16)> {
        match self.kind() {
            Kind::List(list) => list.known_head_run(byte).map(|(lo, hi)| (lo as u16, hi as u16)),
            Kind::Wide(_) => None,
        }
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
