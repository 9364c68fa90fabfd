//! Where the entries of a list's run part.
//!
//! At such a spot a walk byte by byte asks for a mask, and then steps down by some of its bytes.
//! Each of these calls would read a byte of every entry of the run. A [`Fork`] of up to eight
//! entries has these bytes in one word, so the mask, and the branch of a byte, are computed without
//! the node. Of the runs that part in words and in file paths, nine in ten have at most eight
//! entries.

use super::list::ListRef;
use super::spot::Spot;
use super::view::{Kind, NodeRef};
use crate::bytes::{ByteMask, common_prefix};

/// The number of bytes in a word, each of which is the lane of an entry.
const LANES: usize = 8;

/// The branches that go on from a known spot of a list, other than its root.
///
/// It consists of two numbers, so that it is returned in registers. Returned in memory, as fields
/// of several sizes, it would be copied before they are all written, which stalls the CPU.
#[derive(Clone, Copy)]
pub(crate) struct Fork {
    /// Of up to eight entries, the byte by which each goes on, the first lowest. Otherwise, the
    /// entries at which a branch begins, one bit each.
    word: u64,
    at: ForkAt,
}

/// The spot of a fork. From the lowest bits: the number of entries below the spot (eight bits), the
/// first of them (eight bits), and the depth of the spot (sixteen bits), which is 0 if the fork is
/// not known.
#[derive(Clone, Copy)]
pub(crate) struct ForkAt(u32);

impl ForkAt {
    /// The spot of a fork that is not known.
    pub(crate) const UNKNOWN: Self = Self(0);

    #[inline]
    fn new(lo: usize, hi: usize, depth: usize) -> Self {
        Self((hi - lo) as u32 | (lo as u32) << 8 | (depth as u32) << 16)
    }

    #[inline]
    fn count(self) -> usize {
        (self.0 & 0xff) as usize
    }

    #[inline]
    fn first(self) -> u16 {
        self.0 as u16 >> 8
    }

    #[inline]
    fn depth(self) -> usize {
        (self.0 >> 16) as usize
    }

    /// True iff the fork is known, and the spot is `depth` bytes deep.
    #[inline]
    pub(crate) fn is_at(self, depth: usize) -> bool {
        self.depth() == depth && depth > 0
    }
}

impl Fork {
    /// The fork that has these parts.
    #[inline]
    pub(crate) fn from_parts(word: u64, at: ForkAt) -> Self {
        Self { word, at }
    }

    /// The fork's parts, which take less space than the fork.
    #[inline]
    pub(crate) fn into_parts(self) -> (u64, ForkAt) {
        (self.word, self.at)
    }

    /// True iff the fork knows the bytes by which all entries go on.
    #[inline]
    fn has_lanes(self) -> bool {
        self.at.count() <= LANES
    }

    /// The byte by which an entry goes on. `None` if it is not below the spot, or if there are more
    /// than eight entries.
    #[inline]
    pub(crate) fn byte_of(self, entry: u16) -> Option<u8> {
        let lane = entry.checked_sub(self.at.first())?;
        (self.has_lanes() && (lane as usize) < self.at.count()).then(|| self.lane(lane as usize))
    }

    /// The first entry below the spot.
    #[inline]
    pub(crate) fn first(self) -> u16 {
        self.at.first()
    }

    /// The bytes by which the entries go on. There are at most eight entries.
    #[inline]
    fn mask_of_lanes(self) -> ByteMask {
        // Mostly there are one or two. Without a loop the mask stays in vector registers; for that,
        // some lanes are used twice.
        let last = self.at.count() - 1;
        let single = |lane| ByteMask::single(self.lane(lane));
        let mut mask = single(0).or(single(last));
        if last > 1 {
            mask = mask.or(single(1)).or(single(last - 1));
        }
        if last > 3 {
            mask = mask.or(single(2)).or(single(3)).or(single(last - 2)).or(single(last - 3));
        }
        mask
    }

    /// The byte in a lane.
    #[inline]
    fn lane(self, lane: usize) -> u8 {
        (self.word >> (8 * lane)) as u8
    }

    /// The run of the entries that go on by a byte. There are at most eight entries.
    #[inline]
    fn lanes_with(self, byte: u8) -> Option<(u16, u16)> {
        const LOW: u64 = u64::from_ne_bytes([1; 8]);
        const SEVEN: u64 = u64::from_ne_bytes([0x7f; 8]);
        debug_assert!(0 < self.at.count() && self.has_lanes());
        // A byte of `differs` is zero iff the bytes are equal.
        let differs = self.word ^ (LOW * u64::from(byte));
        // The top bit of each byte that is zero. Adding seven bits to seven bits never carries out
        // of a byte.
        let equal = !(((differs & SEVEN) + SEVEN) | differs | SEVEN);
        let equal = equal & (!0 >> (64 - 8 * self.at.count()));
        if equal == 0 {
            return None;
        }
        let first = self.at.first();
        let (lo, hi) = (equal.trailing_zeros() as u16 / 8, 8 - equal.leading_zeros() as u16 / 8);
        Some((first + lo, first + hi))
    }
}

/// What follows below a spot at which a list has several entries.
pub(crate) enum Onwards<'a> {
    /// Bytes that all of them have, behind the first byte of their suffixes.
    Together(&'a [u8]),
    /// The entries part at the spot.
    Apart(Fork),
}

impl<'a, V> NodeRef<'a, V> {
    /// The branches that go on from a known spot of a list, other than its root.
    ///
    /// # Panics
    /// Panics if the node is a wide one.
    pub(crate) fn fork(self, spot: Spot) -> Fork {
        let Kind::List(list) = self.kind() else { panic!("a run of several entries is of a list") };
        let (lo, hi) = list.below(spot);
        list.fork(lo, hi, spot.depth())
    }

    /// What follows below the spot `depth` bytes down the entries `lo..hi`, of which there are
    /// several.
    ///
    /// # Panics
    /// Panics if the node is a wide one.
    #[inline(always)]
    pub(crate) fn onwards(self, lo: usize, hi: usize, depth: usize) -> Onwards<'a> {
        let Kind::List(list) = self.kind() else { panic!("a run of several entries is of a list") };
        // The entries are sorted: what the first and the last have in common, all have.
        let (first, last) = (list.rest(lo), list.rest(hi - 1));
        match (first.get(depth - 1), last.get(depth - 1)) {
            (Some(x), Some(y)) if x == y => {
                Onwards::Together(&first[..depth + common_prefix(&first[depth..], &last[depth..])])
            }
            // The first entry is the shortest.
            (next, _) => Onwards::Apart(list.fork(lo + next.is_none() as usize, hi, depth)),
        }
    }

    /// The bytes by which the branches of a fork of this node go on.
    #[inline]
    pub(crate) fn mask_of_fork(self, fork: Fork) -> ByteMask {
        if fork.has_lanes() { fork.mask_of_lanes() } else { self.mask_of_starts(fork) }
    }

    #[inline(never)]
    fn mask_of_starts(self, fork: Fork) -> ByteMask {
        let mut mask = ByteMask::EMPTY;
        let Kind::List(list) = self.kind() else { return mask };
        let mut left = fork.word;
        while left != 0 {
            let byte = list.rest(left.trailing_zeros() as usize)[fork.at.depth() - 1];
            mask = mask.or(ByteMask::single(byte));
            left &= left - 1;
        }
        mask
    }

    /// The run of the entries that go on by a byte from a fork of this node, if there are any. With
    /// more than eight entries, `guess` is checked first.
    #[inline]
    pub(crate) fn branch_of_fork(self, fork: Fork, byte: u8, guess: u16) -> Option<(u16, u16)> {
        if fork.has_lanes() { fork.lanes_with(byte) } else { self.start_with(fork, byte, guess) }
    }

    #[inline(never)]
    fn start_with(self, fork: Fork, byte: u8, guess: u16) -> Option<(u16, u16)> {
        let Kind::List(list) = self.kind() else { return None };
        let goes_on = |i: u16| list.rest(i as usize).get(fork.at.depth() - 1) == Some(&byte);
        let branch = |lo: u16| {
            let after = fork.word >> (lo + 1);
            let end = fork.at.first() + fork.at.count() as u16;
            (lo, if after == 0 { end } else { lo + 1 + after.trailing_zeros() as u16 })
        };
        if guess < 32 && fork.word >> guess & 1 != 0 && goes_on(guess) {
            return Some(branch(guess));
        }
        let mut left = fork.word;
        while left != 0 {
            let i = left.trailing_zeros() as u16;
            if goes_on(i) {
                return Some(branch(i));
            }
            left &= left - 1;
        }
        None
    }
}

impl<V> ListRef<'_, V> {
    /// The fork at `depth` of the entries `lo..hi`, all of which go on from there.
    #[inline]
    fn fork(self, lo: usize, hi: usize, depth: usize) -> Fork {
        let mut word = 0;
        if hi - lo <= LANES {
            let mut shift = 0;
            self.for_each_byte_at(lo, hi, depth, |byte| {
                word |= u64::from(byte) << shift;
                shift += 8;
            });
        } else {
            word = self.starts(lo, hi, depth);
        }
        Fork { word, at: ForkAt::new(lo, hi, depth) }
    }

    /// The entries of a run at which a branch begins at `depth`, one bit each.
    #[inline(never)]
    fn starts(self, lo: usize, hi: usize, depth: usize) -> u64 {
        let (mut starts, mut bit, mut before) = (0, 1 << lo, None);
        self.for_each_byte_at(lo, hi, depth, |byte| {
            starts |= if before == Some(byte) { 0 } else { bit };
            (before, bit) = (Some(byte), bit << 1);
        });
        starts
    }
}

#[cfg(test)]
mod tests {
    use super::super::column::Stored;
    use super::super::end::End;
    use super::super::pack::Bundle;
    use super::*;

    /// Forks of one to thirty entries, with and without an entry that ends there. Branches have up
    /// to three entries, and their bytes include 0 and 255.
    #[test]
    fn a_fork_knows_the_branches_of_its_run() {
        for (count, branch_len, ends) in (1..31).flat_map(|n| (1..4).map(move |len| (n, len, len > 1))) {
            let mut bundle = Bundle::new(None);
            bundle.push(b"x", End::Value(Stored::new(0u8)));
            if ends || count == 1 {
                bundle.push(b"yy", End::Value(Stored::new(0)));
            }
            let byte_of = |i: usize| match i / branch_len {
                0 => 0,
                branch if i + 1 == count => 255 - u8::from(branch % 2 == 0),
                branch => (branch * 7) as u8,
            };
            for i in 0..count {
                bundle.push(&[b'y', b'y', byte_of(i), b'a' + i as u8], End::Value(Stored::new(0)));
            }
            let node = bundle.pack();
            let Kind::List(list) = node.view().kind() else { panic!("few entries are a list") };
            let first = list.len() - count;
            let spot = Spot::new(1, list.len() as u16, 2);
            let fork = node.view().fork(spot);
            assert!(fork.at.is_at(2) && !fork.at.is_at(1) && !fork.at.is_at(3));
            assert_eq!(fork.first() as usize, first);
            let mask: ByteMask = (0..count).map(byte_of).collect();
            assert_eq!(node.view().mask_of_fork(fork), mask);
            assert_eq!(list.child_mask(spot), mask);
            for byte in 0..=255 {
                let run = (0..count).filter(|&i| byte_of(i) == byte).map(|i| (first + i) as u16);
                let run = run.clone().min().zip(run.max().map(|last| last + 1));
                for guess in 0..=32 {
                    assert_eq!(node.view().branch_of_fork(fork, byte, guess), run, "{count} {byte}");
                }
            }
            for i in 0..=list.len() {
                let known = i >= first && i < list.len() && count <= LANES;
                assert_eq!(fork.byte_of(i as u16), known.then(|| byte_of(i - first)));
            }
            if mask.count_bits() > 1 {
                let Onwards::Apart(apart) = node.view().onwards(1, list.len(), 2) else {
                    panic!("the entries part")
                };
                assert_eq!((apart.word, apart.at.0), (fork.word, fork.at.0));
            }
        }
    }
}
