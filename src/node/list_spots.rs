//! Going from spot to spot within a list.

use super::list::ListRef;
use super::spot::Spot;
use crate::bytes::{ByteMask, common_prefix};

impl<'a, V> ListRef<'a, V> {
    /// The number of leading bytes that the suffixes of `i` and `j` share.
    #[inline]
    pub(super) fn shared_prefix(self, i: usize, j: usize) -> usize {
        if self.heads()[i] != self.heads()[j] {
            return 0;
        }
        1 + common_prefix(self.rest(i), self.rest(j))
    }

    /// The run of all entries that share the first `depth` bytes of entry `i`, given that
    /// `lo..hi` do.
    #[inline]
    pub(super) fn run(self, mut lo: usize, mut hi: usize, depth: usize) -> (usize, usize) {
        if depth == 0 {
            return (0, self.len());
        }
        let anchor = lo;
        while lo > 0 && self.shared_prefix(lo - 1, anchor) >= depth {
            lo -= 1;
        }
        while hi < self.len() && self.shared_prefix(hi, anchor) >= depth {
            hi += 1;
        }
        (lo, hi)
    }

    /// The entries of the run that go on below `spot`.
    #[inline]
    pub(super) fn below(self, spot: Spot) -> (usize, usize) {
        let (lo, hi) = (spot.lo as usize, spot.hi as usize);
        // The run's first entry is its shortest; it ends at the spot iff its suffix is as long as
        // the spot is deep.
        let ends_here = lo < hi && self.suffix_len(lo) == spot.depth();
        (lo + ends_here as usize, hi)
    }

    #[inline]
    pub(super) fn child_mask(self, spot: Spot) -> ByteMask {
        if spot.depth() > 0 && spot.hi == spot.lo + 1 {
            return match self.rest(spot.lo as usize).get(spot.depth() - 1) {
                Some(&byte) => ByteMask::from(byte),
                None => ByteMask::EMPTY,
            };
        }
        self.run_mask(spot)
    }

    /// The bytes by which a path can go on from the root.
    #[inline]
    pub(super) fn mask_of_root(self) -> ByteMask {
        let heads = self.heads();
        if heads.is_empty() {
            return ByteMask::EMPTY;
        }
        // Mostly there are one to three heads. Without a loop their number is not mispredicted; for
        // that, the last head is used up to three times.
        let new = self.new_heads();
        let last = 1 << new.ilog2();
        let second = (new & (new - 1)) | last;
        let single = |bits: u32| ByteMask::single(heads[bits.trailing_zeros() as usize]);
        let mut mask = single(new).or(single(second)).or(single(last));
        let mut others = second & (second - 1) & !last;
        while others != 0 {
            mask = mask.or(single(others));
            others &= others - 1;
        }
        mask
    }

    fn run_mask(self, spot: Spot) -> ByteMask {
        if spot.depth() == 0 {
            return self.mask_of_root();
        }
        let mut mask = ByteMask::EMPTY;
        let (lo, hi) = self.below(spot);
        // No branch depends on a byte, since random bytes would mislead it.
        self.for_each_byte_at(lo, hi, spot.depth(), |byte| mask = mask.or(ByteMask::single(byte)));
        mask
    }

    /// The first entry below a spot, with the byte by which it goes on from there.
    #[inline]
    pub(super) fn first_below(self, spot: Spot) -> Option<(usize, u8)> {
        if spot.depth() == 0 {
            return self.heads().first().map(|&head| (0, head));
        }
        let (lo, hi) = self.below(spot);
        if lo < hi { self.rest(lo).get(spot.depth() - 1).map(|&byte| (lo, byte)) } else { None }
    }

    /// True iff nothing is below a spot other than the root, whose run need not be known.
    #[inline]
    pub(super) fn is_tip(self, spot: Spot) -> bool {
        let (i, depth) = (spot.lo as usize, spot.depth());
        // The run's first entry is its shortest, and what goes on below it comes right after it.
        self.suffix_len(i) == depth
            && match spot.hi {
                0 => {
                    i + 1 == self.len()
                        // Mostly the next suffix is no longer, so that its bytes need not be read.
                        || self.suffix_len(i + 1) <= depth
                        || self.shared_prefix(i, i + 1) < depth
                }
                hi => hi == spot.lo + 1,
            }
    }

    /// The spot one byte further down.
    #[inline]
    pub(super) fn narrow(self, spot: Spot, byte: u8) -> Option<Spot> {
        let depth = spot.depth();
        let (lo, hi) = if depth == 0 {
            self.head_run(byte)
        } else if spot.hi == spot.lo + 1 {
            let goes_on = self.rest(spot.lo as usize).get(depth - 1) == Some(&byte);
            return goes_on.then(|| Spot::new(spot.lo, spot.hi, depth + 1));
        } else {
            let (mut lo, mut hi) = self.below(spot);
            while lo < hi && self.rest(lo)[depth - 1] != byte {
                lo += 1;
            }
            while lo < hi && self.rest(hi - 1)[depth - 1] != byte {
                hi -= 1;
            }
            (lo, hi)
        };
        (lo < hi).then(|| Spot::new(lo as u16, hi as u16, depth + 1))
    }

    /// The bytes that all entries share behind a spot other than the root.
    #[inline]
    fn common_below(self, spot: Spot) -> &'a [u8] {
        let (first, last) = (self.rest(spot.lo as usize), self.rest(spot.hi as usize - 1));
        let (first, last) = (&first[spot.depth() - 1..], &last[spot.depth() - 1..]);
        match (first, last) {
            ([x, ..], [y, ..]) if x == y => &first[..common_prefix(first, last)],
            _ => &[],
        }
    }

    /// Follows `key` from `spot` as far as this list has locations; stops at a child's root.
    #[inline]
    pub(super) fn follow(self, mut spot: Spot, key: &[u8]) -> (usize, Spot) {
        let mut used = 0;
        while used < key.len() {
            if spot.hi - spot.lo == 1 && spot.depth() > 0 {
                let rest = &self.rest(spot.lo as usize)[spot.depth() - 1..];
                let more = common_prefix(rest, &key[used..]);
                spot.deepen(more);
                return (used + more, spot);
            }
            if spot.depth() > 0 {
                // All entries share what the first and the last one share.
                let common = self.common_below(spot);
                let more = common_prefix(common, &key[used..]);
                spot.deepen(more);
                used += more;
                if more < common.len() || used == key.len() {
                    break;
                }
            }
            match self.narrow(spot, key[used]) {
                Some(next) => spot = next,
                None => break,
            }
            used += 1;
        }
        (used, spot)
    }

    /// True iff the spot is the root of the child of its entry.
    #[inline]
    pub(super) fn at_child(self, spot: Spot) -> bool {
        let lo = spot.lo as usize;
        spot.depth() > 0 && self.is_child(lo) && self.suffix_len(lo) == spot.depth()
    }

    #[inline]
    pub(super) fn value_at(self, spot: Spot) -> Option<&'a V> {
        if spot.depth() == 0 {
            return self.own();
        }
        let lo = spot.lo as usize;
        let valued = self.suffix_len(lo) == spot.depth() && self.value_bits() >> lo & 1 != 0;
        // SAFETY: the entry has a value, as was just seen.
        valued.then(|| unsafe { self.entry_value_unchecked(lo) })
    }

    /// The end of the single branch that goes on from `spot`, if there is one: the next value,
    /// fork or tip.
    pub(super) fn unbranched(self, spot: Spot) -> Option<Spot> {
        let (lo, hi) = self.below(spot);
        if lo == hi {
            return None;
        }
        let depth = if hi - lo == 1 { self.suffix_len(lo) } else { self.shared_prefix(lo, hi - 1) };
        (depth > spot.depth()).then_some(Spot::new(lo as u16, hi as u16, depth))
    }

    /// The depth of the nearest strict ancestor of the spot in this list that has a value or
    /// branches; 0 if there is none.
    pub(super) fn fork_above(self, spot: Spot) -> usize {
        let (lo, hi) = (spot.lo as usize, spot.hi as usize);
        let before = if lo > 0 { self.shared_prefix(lo - 1, lo) } else { 0 };
        let after = if hi < self.len() { self.shared_prefix(hi, lo) } else { 0 };
        before.max(after)
    }
}
