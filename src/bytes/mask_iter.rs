//! Iterators over a [`ByteMask`] from both ends, by bytes and by runs of adjacent bytes; and
//! masks collected from iterators.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::RangeInclusive;

use super::mask::ByteMask;

/// An iterator over the bytes of a [`ByteMask`], in ascending order.
///
/// The iterator owns a copy of the mask and clears each byte that it returns, so the set bits are
/// the remaining bytes.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ByteMaskIter {
    /// The remaining bits of word `front`. Most masks have only one word that is not zero, and
    /// then nothing more is read.
    now: u64,
    /// The remaining bits of the words behind `front`, up to `back`. The words beyond are zero.
    left: [u64; 4],
    front: u8,
    back: u8,
}

impl ByteMask {
    /// Returns an iterator over the bytes of the set in ascending order.
    #[inline]
    pub const fn iter(&self) -> ByteMaskIter {
        ByteMaskIter::new(*self)
    }

    /// Returns an iterator over the maximal runs of adjacent bytes of the set, in ascending
    /// order.
    ///
    /// ```
    /// use bytetrie::bytes::ByteMask;
    ///
    /// let mask = ByteMask::from_iter(*b"abcxz");
    /// assert!(mask.range_iter().eq([b'a'..=b'c', b'x'..=b'x', b'z'..=b'z']));
    /// ```
    #[inline]
    pub const fn range_iter(&self) -> ByteMaskRangeIter {
        ByteMaskRangeIter::new(*self)
    }
}

impl fmt::Debug for ByteMask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl ByteMaskIter {
    /// Creates an iterator over the bytes of `mask`.
    #[inline]
    pub const fn new(mask: ByteMask) -> Self {
        let left = mask.0;
        let back = if left[3] != 0 {
            3
        } else if left[2] != 0 {
            2
        } else if left[1] != 0 {
            1
        } else {
            0
        };
        Self { now: left[0], left, front: 0, back }
    }

    /// Returns the remaining bytes.
    fn rest(&self) -> ByteMask {
        let mut words = [0; 4];
        words[usize::from(self.front)] = self.now;
        let behind = usize::from(self.front) + 1..usize::from(self.back) + 1;
        words[behind.clone()].copy_from_slice(&self.left[behind]);
        ByteMask(words)
    }
}

impl Iterator for ByteMaskIter {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            if self.now != 0 {
                let bit = self.now.trailing_zeros() as u8;
                self.now &= self.now - 1;
                return Some(self.front << 6 | bit);
            }
            if self.front == self.back {
                return None;
            }
            self.front += 1;
            // `& 3` changes nothing; it shows the compiler that the index is in bounds.
            self.now = self.left[usize::from(self.front & 3)];
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.rest().count_bits();
        (left, Some(left))
    }

    #[inline]
    fn count(self) -> usize {
        self.rest().count_bits()
    }

    #[inline]
    fn last(self) -> Option<u8> {
        self.rest().last_bit()
    }

    #[inline]
    fn fold<B, F: FnMut(B, u8) -> B>(self, init: B, mut f: F) -> B {
        let mut acc = init;
        for (base, mut word) in [0, 64, 128, 192].into_iter().zip(self.rest().0) {
            while word != 0 {
                acc = f(acc, base | word.trailing_zeros() as u8);
                word &= word - 1;
            }
        }
        acc
    }
}

impl DoubleEndedIterator for ByteMaskIter {
    #[inline]
    fn next_back(&mut self) -> Option<u8> {
        loop {
            let word = match self.front == self.back {
                true => &mut self.now,
                false => &mut self.left[usize::from(self.back & 3)],
            };
            if *word != 0 {
                let bit = 63 - word.leading_zeros() as u8;
                *word ^= 1 << bit;
                return Some(self.back << 6 | bit);
            }
            if self.front == self.back {
                return None;
            }
            self.back -= 1;
        }
    }
}

impl ExactSizeIterator for ByteMaskIter {}

impl FusedIterator for ByteMaskIter {}

impl fmt::Debug for ByteMaskIter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ByteMaskIter").field(&self.rest()).finish()
    }
}

/// An iterator over the maximal runs of adjacent bytes of a [`ByteMask`], in ascending order.
#[derive(Clone)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct ByteMaskRangeIter {
    left: ByteMask,
}

impl ByteMaskRangeIter {
    /// Creates an iterator over the runs of `mask`.
    #[inline]
    pub const fn new(mask: ByteMask) -> Self {
        Self { left: mask }
    }

    fn take(&mut self, first: u8, last: u8) -> RangeInclusive<u8> {
        self.left = self.left.andn(&ByteMask::between(first, last));
        first..=last
    }
}

impl Iterator for ByteMaskRangeIter {
    type Item = RangeInclusive<u8>;

    fn next(&mut self) -> Option<RangeInclusive<u8>> {
        let first = self.left.first_bit()?;
        let last = self.left.not().next_bit(first).map_or(u8::MAX, |gap| gap - 1);
        Some(self.take(first, last))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        // A run starts at each byte whose neighbour below is not in the set.
        let mut starts = 0;
        let mut below = 0;
        for word in self.left.0 {
            starts += (word & !(word << 1 | below)).count_ones() as usize;
            below = word >> 63;
        }
        (starts, Some(starts))
    }
}

impl DoubleEndedIterator for ByteMaskRangeIter {
    fn next_back(&mut self) -> Option<RangeInclusive<u8>> {
        let last = self.left.last_bit()?;
        let first = self.left.not().prev_bit(last).map_or(0, |gap| gap + 1);
        Some(self.take(first, last))
    }
}

impl ExactSizeIterator for ByteMaskRangeIter {}

impl FusedIterator for ByteMaskRangeIter {}

impl fmt::Debug for ByteMaskRangeIter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ByteMaskRangeIter").field(&self.left).finish()
    }
}

/// A set of bytes that can be iterated over.
///
/// For a `ByteMask`, use [`ByteMask::iter`]. This trait is for code that has the four words.
pub trait IntoByteMaskIter {
    /// Returns an iterator over the bytes of the set in ascending order.
    fn byte_mask_iter(self) -> ByteMaskIter;
}

impl IntoByteMaskIter for ByteMask {
    #[inline]
    fn byte_mask_iter(self) -> ByteMaskIter {
        self.iter()
    }
}

impl IntoByteMaskIter for &ByteMask {
    #[inline]
    fn byte_mask_iter(self) -> ByteMaskIter {
        self.iter()
    }
}

impl IntoByteMaskIter for [u64; 4] {
    #[inline]
    fn byte_mask_iter(self) -> ByteMaskIter {
        self.into()
    }
}

impl IntoByteMaskIter for &[u64; 4] {
    #[inline]
    fn byte_mask_iter(self) -> ByteMaskIter {
        (*self).into()
    }
}

impl IntoIterator for ByteMask {
    type Item = u8;
    type IntoIter = ByteMaskIter;

    #[inline]
    fn into_iter(self) -> ByteMaskIter {
        self.iter()
    }
}

impl IntoIterator for &ByteMask {
    type Item = u8;
    type IntoIter = ByteMaskIter;

    #[inline]
    fn into_iter(self) -> ByteMaskIter {
        self.iter()
    }
}

impl From<ByteMask> for ByteMaskIter {
    #[inline]
    fn from(mask: ByteMask) -> Self {
        Self::new(mask)
    }
}

impl From<[u64; 4]> for ByteMaskIter {
    #[inline]
    fn from(words: [u64; 4]) -> Self {
        Self::new(ByteMask(words))
    }
}

impl From<ByteMask> for ByteMaskRangeIter {
    #[inline]
    fn from(mask: ByteMask) -> Self {
        Self::new(mask)
    }
}

impl From<[u64; 4]> for ByteMaskRangeIter {
    #[inline]
    fn from(words: [u64; 4]) -> Self {
        Self::new(ByteMask(words))
    }
}

impl FromIterator<u8> for ByteMask {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        let mut mask = Self::EMPTY;
        mask.extend(bytes);
        mask
    }
}

impl Extend<u8> for ByteMask {
    fn extend<I: IntoIterator<Item = u8>>(&mut self, bytes: I) {
        bytes.into_iter().for_each(|byte| self.set_bit(byte));
    }
}
