//! Steps of a walk byte by byte: the branches that go on from a spot.

use super::list::ListRef;
use super::spot::{Branch, Spot};
use super::view::{Kind, NodeRef};
use super::wide::WideRef;

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

    /// What is one byte further down from a spot that is known. The search begins at the entry
    /// `guess`.
    #[inline(always)]
    pub(crate) fn branch(self, spot: Spot, byte: u8, guess: usize) -> Option<Branch<'a>> {
        match self.kind() {
            Kind::List(list) => list.branch(spot, byte, guess),
            Kind::Wide(wide) => wide.branch(spot, byte),
        }
    }

    /// Like [`branch`](Self::branch), given the first entry, `lo`, that goes on by the byte.
    #[inline]
    pub(crate) fn branch_from(self, spot: Spot, lo: usize, byte: u8) -> Option<Branch<'a>> {
        match self.kind() {
            Kind::List(list) => Some(list.branch_from(spot, lo, byte)),
            Kind::Wide(wide) => wide.branch(spot, byte),
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
            Kind::Wide(wide) => {
                let (child, rank) = (wide.child_of(i as u8), wide.child_rank(i as u8));
                (child, (rank + 1 < wide.child_count()).then(|| wide.child(rank + 1)))
            }
        };
        if let Some(next) = next {
            next.view().prefetch();
        }
        child.view()
    }
}

impl<'a, V> ListRef<'a, V> {
    fn branch(self, spot: Spot, byte: u8, guess: usize) -> Option<Branch<'a>> {
        let depth = spot.depth();
        if depth == 0 {
            let (lo, hi) = self.head_run(byte);
            return (lo < hi).then(|| self.branch_of(lo, hi, 1));
        }
        let (mut lo, end) = self.below(spot);
        let goes_on = |i: usize| self.rest(i)[depth - 1] == byte;
        // A branch begins at the guess if it does not go through the entry before.
        if lo < guess && guess < end && goes_on(guess) && !goes_on(guess - 1) {
            lo = guess;
        } else {
            while lo < end && !goes_on(lo) {
                lo += 1;
            }
        }
        (lo < end).then(|| self.branch_from(spot, lo, byte))
    }

    #[inline]
    fn branch_from(self, spot: Spot, lo: usize, byte: u8) -> Branch<'a> {
        let depth = spot.depth();
        if depth == 0 {
            let (_, hi) = self.head_run(byte);
            return self.branch_of(lo, hi, 1);
        }
        let mut hi = lo + 1;
        while hi < spot.hi as usize && self.rest(hi)[depth - 1] == byte {
            hi += 1;
        }
        self.branch_of(lo, hi, depth + 1)
    }

    #[inline(always)]
    fn branch_of(self, lo: usize, hi: usize, depth: usize) -> Branch<'a> {
        if hi > lo + 1 {
            return Branch::Run(Spot::new(lo as u16, hi as u16, depth));
        }
        Branch::Edge { entry: lo as u16, rest: self.rest(lo), leads: self.is_child(lo) }
    }
}

impl<'a, V> WideRef<'a, V> {
    #[inline(always)]
    fn branch(self, spot: Spot, byte: u8) -> Option<Branch<'a>> {
        if spot.depth() > 0 {
            let entry = spot.lo as u8;
            let rest = self.tail(self.tail_rank(entry)).rest();
            let goes_on = rest.get(spot.depth() - 1) == Some(&byte);
            return goes_on.then_some(Branch::Edge { entry: spot.lo, rest, leads: false });
        }
        let leads = self.is_child(byte);
        if !leads && !self.is_tail(byte) {
            return None;
        }
        let rest: &[u8] =
            if leads || !self.has_tails() { &[] } else { self.tail(self.tail_rank(byte)).rest() };
        Some(Branch::Edge { entry: byte as u16, rest, leads })
    }
}
