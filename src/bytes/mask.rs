//! A set of bytes in 256 bits.

use std::borrow::Borrow;
use std::fmt;
use std::ops::{
    BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, BitXorAssign, Bound, Not, Range, RangeBounds,
    RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive,
};

/// A set of bytes, with one bit for each of the 256 bytes.
///
/// Byte `b` is bit `b % 64` of word `b / 64`. The words are public, so that a mask can be a
/// constant:
///
/// ```
/// use bytetrie::bytes::ByteMask;
///
/// const DIGITS: ByteMask = ByteMask([0x03ff_0000_0000_0000, 0, 0, 0]);
/// assert_eq!(DIGITS, ByteMask::from_range(b'0'..=b'9'));
/// assert_eq!(DIGITS.index_of(b'7'), 7);
/// assert_eq!(DIGITS.next_bit(b'9'), None);
/// assert_eq!((DIGITS & ByteMask::from_range(b'5'..)).iter().next(), Some(b'5'));
/// ```
///
/// Every method takes constant time. Masks are ordered (`Ord`) by their words, so that they can
/// be sorted. The order is unrelated to subsets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
#[repr(transparent)]
pub struct ByteMask(pub [u64; 4]);

const fn word_of(byte: u8) -> usize {
    (byte >> 6) as usize
}

const fn bit_of(byte: u8) -> u64 {
    1 << (byte & 63)
}

/// Returns the byte of one bit. `bit` is below 64 in all calls: it is the position of a set bit
/// in a word.
const fn byte_at(word: usize, bit: u32) -> u8 {
    ((word as u8) << 6) | bit as u8
}

/// Returns the position of the set bit that has `rank` set bits below it. Such a bit must exist.
const fn select(mut word: u64, mut rank: u32) -> u32 {
    let mut base = 0;
    let mut width = 32;
    // Halving down to a byte keeps the last loop short, with or without a popcount instruction.
    while width >= 8 {
        let low = (word & ((1 << width) - 1)).count_ones();
        if rank >= low {
            rank -= low;
            word >>= width;
            base += width;
        }
        width /= 2;
    }
    while rank > 0 {
        word &= word - 1;
        rank -= 1;
    }
    base + word.trailing_zeros()
}

/// The set of each byte alone.
///
/// A mask that is read as a whole right after one of its words was written waits for that write. A
/// walk that asks for a mask at each location thereby took 89 ns a word instead of 71. So masks are
/// combined from these, in vector registers, rather than by setting bits.
static SINGLES: [ByteMask; 256] = {
    let mut masks = [ByteMask::EMPTY; 256];
    let mut byte = 0;
    while byte < 256 {
        masks[byte].set_bit(byte as u8);
        byte += 1;
    }
    masks
};

impl ByteMask {
    /// The empty set.
    pub const EMPTY: ByteMask = Self([0; 4]);

    /// The set of all 256 bytes.
    pub const FULL: ByteMask = Self([!0; 4]);

    /// Creates an empty set.
    #[must_use]
    #[inline]
    pub const fn new() -> Self {
        Self::EMPTY
    }

    /// The set of one byte.
    #[inline]
    pub(crate) fn single(byte: u8) -> &'static Self {
        &SINGLES[byte as usize]
    }

    /// Returns the set of the bytes in `range`. A range that ends before it starts is empty.
    ///
    /// ```
    /// use bytetrie::bytes::ByteMask;
    ///
    /// assert_eq!(ByteMask::from_range(..), ByteMask::FULL);
    /// assert_eq!(ByteMask::from_range(7..=9), ByteMask::from_iter([7, 8, 9]));
    /// assert_eq!(ByteMask::from_range(9..7), ByteMask::EMPTY);
    /// ```
    #[must_use]
    #[inline]
    pub fn from_range<R: RangeBounds<u8>>(range: R) -> Self {
        let first = match range.start_bound() {
            Bound::Included(&first) => Some(first),
            Bound::Excluded(&before) => before.checked_add(1),
            Bound::Unbounded => Some(0),
        };
        let last = match range.end_bound() {
            Bound::Included(&last) => Some(last),
            Bound::Excluded(&after) => after.checked_sub(1),
            Bound::Unbounded => Some(u8::MAX),
        };
        match (first, last) {
            (Some(first), Some(last)) => Self::between(first, last),
            _ => Self::EMPTY,
        }
    }

    /// Returns the set of the bytes from `first` to `last`, both included.
    pub(crate) const fn between(first: u8, last: u8) -> Self {
        let mut mask = Self::EMPTY;
        let mut i = word_of(first);
        while i <= word_of(last) {
            mask.0[i] = !0;
            i += 1;
        }
        // The words outside the range are zero already. If `first > last` in one word, these two
        // masks clear that word.
        mask.0[word_of(first)] &= !0 << (first & 63);
        mask.0[word_of(last)] &= !0 >> (63 - (last & 63));
        mask
    }

    /// Returns the set of the bytes whose one bits are all one bits of `b`: row `b` of the
    /// Sierpiński triangle.
    ///
    /// ```
    /// use bytetrie::bytes::ByteMask;
    ///
    /// assert_eq!(ByteMask::subset(0b101), ByteMask::from_iter([0b000, 0b001, 0b100, 0b101]));
    /// ```
    #[must_use]
    pub const fn subset(b: u8) -> Self {
        let mut mask = Self::EMPTY;
        let mut byte = b;
        // Counting down within the bits of `b` visits every subset once, the empty one last.
        loop {
            mask.0[word_of(byte)] |= bit_of(byte);
            if byte == 0 {
                return mask;
            }
            byte = (byte - 1) & b;
        }
    }

    /// Returns the four words.
    #[must_use]
    #[inline]
    pub const fn into_inner(self) -> [u64; 4] {
        self.0
    }

    /// Returns a value that formats the mask as 256 binary digits, byte 255 first.
    #[must_use]
    pub const fn fmt_binary(&self) -> ByteMaskBinaryFmt {
        ByteMaskBinaryFmt(*self)
    }

    /// Returns the number of bytes of the set that are below `byte`, whether or not `byte` itself
    /// is in the set.
    #[must_use]
    #[inline]
    pub const fn index_of(&self, byte: u8) -> u8 {
        let last = word_of(byte);
        // At most 255 bytes are below any byte, so the sum fits.
        let mut below = (self.0[last] & (bit_of(byte) - 1)).count_ones();
        let mut i = 0;
        while i < last {
            below += self.0[i].count_ones();
            i += 1;
        }
        below as u8
    }

    /// Returns the byte of the set at index `idx`, counted upwards from the least byte if
    /// `FORWARD`, and downwards from the greatest byte otherwise.
    ///
    /// ```
    /// use bytetrie::bytes::ByteMask;
    ///
    /// let mask = ByteMask::from_iter(*b"xyz");
    /// assert_eq!(mask.indexed_bit::<true>(0), Some(b'x'));
    /// assert_eq!(mask.indexed_bit::<false>(0), Some(b'z'));
    /// assert_eq!(mask.indexed_bit::<true>(3), None);
    /// ```
    #[must_use]
    pub const fn indexed_bit<const FORWARD: bool>(&self, idx: usize) -> Option<u8> {
        if idx == 0 {
            return if FORWARD { self.first_bit() } else { self.last_bit() };
        }
        if idx > u8::MAX as usize {
            return None;
        }
        let mut rank = idx as u32;
        let mut step = 0;
        while step < 4 {
            let i = if FORWARD { step } else { 3 - step };
            let ones = self.0[i].count_ones();
            if rank < ones {
                let from_below = if FORWARD { rank } else { ones - 1 - rank };
                return Some(byte_at(i, select(self.0[i], from_below)));
            }
            rank -= ones;
            step += 1;
        }
        None
    }

    /// Returns the least byte of the set.
    #[must_use]
    #[inline]
    pub const fn first_bit(&self) -> Option<u8> {
        self.first_from(0, !0)
    }

    /// Returns the greatest byte of the set.
    #[must_use]
    #[inline]
    pub const fn last_bit(&self) -> Option<u8> {
        self.last_to(3, !0)
    }

    /// Returns the least byte of the set that is above `byte`.
    #[must_use]
    #[inline]
    pub const fn next_bit(&self, byte: u8) -> Option<u8> {
        self.first_from(word_of(byte), !1 << (byte & 63))
    }

    /// Returns the greatest byte of the set that is below `byte`.
    #[must_use]
    #[inline]
    pub const fn prev_bit(&self, byte: u8) -> Option<u8> {
        self.last_to(word_of(byte), bit_of(byte) - 1)
    }

    /// Returns the least byte in word `i` under `window`, or in the words above.
    #[inline]
    const fn first_from(&self, mut i: usize, window: u64) -> Option<u8> {
        let mut word = self.0[i] & window;
        while word == 0 {
            if i == 3 {
                return None;
            }
            i += 1;
            word = self.0[i];
        }
        Some(byte_at(i, word.trailing_zeros()))
    }

    /// Returns the greatest byte in word `i` under `window`, or in the words below.
    #[inline]
    const fn last_to(&self, mut i: usize, window: u64) -> Option<u8> {
        let mut word = self.0[i] & window;
        while word == 0 {
            if i == 0 {
                return None;
            }
            i -= 1;
            word = self.0[i];
        }
        Some(byte_at(i, 63 - word.leading_zeros()))
    }

    /// Returns the number of bytes in the set: 0 to 256.
    #[must_use]
    #[inline]
    pub const fn count_bits(&self) -> usize {
        let [a, b, c, d] = self.0;
        (a.count_ones() + b.count_ones() + c.count_ones() + d.count_ones()) as usize
    }

    /// Returns true iff the set is empty.
    #[must_use]
    #[inline]
    pub const fn is_empty_mask(&self) -> bool {
        let [a, b, c, d] = self.0;
        a | b | c | d == 0
    }

    /// Returns true iff byte `k` is in the set.
    #[must_use]
    #[inline]
    pub const fn test_bit(&self, k: u8) -> bool {
        self.0[word_of(k)] & bit_of(k) != 0
    }

    /// Adds byte `k`.
    #[inline]
    pub const fn set_bit(&mut self, k: u8) {
        self.0[word_of(k)] |= bit_of(k);
    }

    /// Removes byte `k`.
    #[inline]
    pub const fn clear_bit(&mut self, k: u8) {
        self.0[word_of(k)] &= !bit_of(k);
    }

    /// Removes byte `k` if it is in the set, and adds it otherwise.
    #[inline]
    pub const fn toggle_bit(&mut self, k: u8) {
        self.0[word_of(k)] ^= bit_of(k);
    }

    /// Removes every byte.
    #[inline]
    pub const fn make_empty(&mut self) {
        *self = Self::EMPTY;
    }

    /// Returns the bytes that are in either set.
    #[must_use]
    #[inline]
    pub const fn or(&self, other: &Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a | e, b | f, c | g, d | h])
    }

    /// Returns the bytes that are in both sets.
    #[must_use]
    #[inline]
    pub const fn and(&self, other: &Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a & e, b & f, c & g, d & h])
    }

    /// Returns the bytes that are in exactly one of the sets.
    #[must_use]
    #[inline]
    pub const fn xor(&self, other: &Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Self([a ^ e, b ^ f, c ^ g, d ^ h])
    }

    /// Returns the bytes that are in this set and not in `other`.
    #[must_use]
    #[inline]
    pub const fn andn(&self, other: &Self) -> Self {
        self.and(&other.not())
    }

    /// Returns the bytes that are not in the set.
    #[must_use]
    #[inline]
    pub const fn not(&self) -> Self {
        let [a, b, c, d] = self.0;
        Self([!a, !b, !c, !d])
    }
}

/// The methods of a set of bytes, for [`ByteMask`] and for its four words.
///
/// `ByteMask` also has all of them as inherent methods, which need no import of this trait.
pub trait BitMask {
    /// Returns the number of set bits.
    #[must_use]
    fn count_bits(&self) -> usize;

    /// Returns true iff no bit is set.
    #[must_use]
    fn is_empty_mask(&self) -> bool;

    /// Returns true iff bit `k` is set.
    #[must_use]
    fn test_bit(&self, k: u8) -> bool;

    /// Sets bit `k`.
    fn set_bit(&mut self, k: u8);

    /// Clears bit `k`.
    fn clear_bit(&mut self, k: u8);

    /// Flips bit `k`.
    fn toggle_bit(&mut self, k: u8);

    /// Clears every bit.
    fn make_empty(&mut self);

    /// Returns the bits that are set in either mask.
    #[must_use]
    fn or(&self, other: &Self) -> Self
    where
        Self: Sized;

    /// Returns the bits that are set in both masks.
    #[must_use]
    fn and(&self, other: &Self) -> Self
    where
        Self: Sized;

    /// Returns the bits that are set in exactly one of the masks.
    #[must_use]
    fn xor(&self, other: &Self) -> Self
    where
        Self: Sized;

    /// Returns the bits that are set in this mask and not in `other`.
    #[must_use]
    fn andn(&self, other: &Self) -> Self
    where
        Self: Sized;

    /// Returns the bits that are not set.
    #[must_use]
    fn not(&self) -> Self
    where
        Self: Sized;
}

// The two types differ only in where the words are, so the trait is implemented once for both.
macro_rules! bit_mask {
    ($type:ty, |$this:ident| $words:expr, $($combine:ident)*) => {
        impl BitMask for $type {
            #[inline]
            fn count_bits(&self) -> usize {
                ByteMask::from(*self).count_bits()
            }

            #[inline]
            fn is_empty_mask(&self) -> bool {
                ByteMask::from(*self).is_empty_mask()
            }

            #[inline]
            fn test_bit(&self, k: u8) -> bool {
                let $this = self;
                $words[word_of(k)] & bit_of(k) != 0
            }

            #[inline]
            fn set_bit(&mut self, k: u8) {
                let $this = self;
                $words[word_of(k)] |= bit_of(k);
            }

            #[inline]
            fn clear_bit(&mut self, k: u8) {
                let $this = self;
                $words[word_of(k)] &= !bit_of(k);
            }

            #[inline]
            fn toggle_bit(&mut self, k: u8) {
                let $this = self;
                $words[word_of(k)] ^= bit_of(k);
            }

            #[inline]
            fn make_empty(&mut self) {
                *self = ByteMask::EMPTY.into();
            }

            $(
                #[inline]
                fn $combine(&self, other: &Self) -> Self {
                    ByteMask::from(*self).$combine(&ByteMask::from(*other)).into()
                }
            )*

            #[inline]
            fn not(&self) -> Self {
                ByteMask::from(*self).not().into()
            }
        }
    };
}

bit_mask!(ByteMask, |mask| mask.0, or and xor andn);
bit_mask!([u64; 4], |words| words, or and xor andn);

macro_rules! operator {
    ($trait:ident $method:ident, $assign:ident $assign_method:ident, $named:ident) => {
        impl $trait for ByteMask {
            type Output = Self;

            #[inline]
            fn $method(self, other: Self) -> Self {
                self.$named(&other)
            }
        }

        impl $trait for &ByteMask {
            type Output = ByteMask;

            #[inline]
            fn $method(self, other: Self) -> ByteMask {
                self.$named(other)
            }
        }

        impl $assign for ByteMask {
            #[inline]
            fn $assign_method(&mut self, other: Self) {
                *self = self.$named(&other);
            }
        }
    };
}

operator!(BitOr bitor, BitOrAssign bitor_assign, or);
operator!(BitAnd bitand, BitAndAssign bitand_assign, and);
operator!(BitXor bitxor, BitXorAssign bitxor_assign, xor);

impl Not for ByteMask {
    type Output = Self;

    #[inline]
    fn not(self) -> Self {
        Self::not(&self)
    }
}

impl Not for &ByteMask {
    type Output = ByteMask;

    #[inline]
    fn not(self) -> ByteMask {
        ByteMask::not(self)
    }
}

impl From<u8> for ByteMask {
    /// Creates the set of one byte.
    #[inline]
    fn from(byte: u8) -> Self {
        *Self::single(byte)
    }
}

impl From<[u64; 4]> for ByteMask {
    #[inline]
    fn from(words: [u64; 4]) -> Self {
        Self(words)
    }
}

impl From<ByteMask> for [u64; 4] {
    #[inline]
    fn from(mask: ByteMask) -> Self {
        mask.0
    }
}

macro_rules! from_range {
    ($($range:ty),*) => {
        $(impl From<$range> for ByteMask {
            #[inline]
            fn from(range: $range) -> Self {
                Self::from_range(range)
            }
        })*
    };
}

from_range!(Range<u8>, RangeFrom<u8>, RangeFull, RangeInclusive<u8>, RangeTo<u8>, RangeToInclusive<u8>);

impl PartialEq<[u64; 4]> for ByteMask {
    #[inline]
    fn eq(&self, other: &[u64; 4]) -> bool {
        self.0 == *other
    }
}

impl PartialEq<ByteMask> for [u64; 4] {
    #[inline]
    fn eq(&self, other: &ByteMask) -> bool {
        *self == other.0
    }
}

// `Borrow` requires that `ByteMask` is equal, ordered and hashed like its words. It is, since it
// derives these traits and has one field.
impl Borrow<[u64; 4]> for ByteMask {
    #[inline]
    fn borrow(&self) -> &[u64; 4] {
        &self.0
    }
}

impl AsRef<[u64; 4]> for ByteMask {
    #[inline]
    fn as_ref(&self) -> &[u64; 4] {
        &self.0
    }
}

/// A formatter of a [`ByteMask`] as 256 binary digits, byte 255 first. `Display` puts a space
/// between groups of eight.
#[derive(Clone, Copy)]
pub struct ByteMaskBinaryFmt(ByteMask);

impl fmt::Debug for ByteMaskBinaryFmt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.iter().rev().try_for_each(|word| write!(f, "{word:064b}"))
    }
}

impl fmt::Display for ByteMaskBinaryFmt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let octets = self.0.0.iter().rev().flat_map(|word| word.to_be_bytes());
        for (i, octet) in octets.enumerate() {
            let space = if i == 0 { "" } else { " " };
            write!(f, "{space}{octet:08b}")?;
        }
        Ok(())
    }
}
