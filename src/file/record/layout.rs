//! The numbers that encoding and reading records have in common.

use crate::file::error::Damage;
use crate::file::stored::{Kind, ValueType};

/// The first byte of a filler, which is one byte long.
pub(crate) const FILLER: u8 = 0x80;

/// The first byte of a record that holds one long value.
pub(crate) const LONG_VALUE: u8 = 0x81;

/// The first byte of a commit record.
pub(crate) const COMMIT: u8 = 0x82;

/// The length of a long value's record before its bytes.
pub(super) const LONG_VALUE_HEADER: usize = 9;

/// Byte strings and texts of more bytes than this are kept in records of their own. So a node's
/// record has less than half a megabyte, unless its values have a fixed size above a kilobyte, and
/// a change to one value of a node does not write the long ones again.
pub(crate) const LONGEST_INLINE: usize = 1024;

/// The second byte of a list: the number of entries.
pub(super) const LIST_LEN: u8 = (1 << 6) - 1;

/// In the second byte of a list: steps have two bytes, the lower one in a column before the higher.
pub(super) const WIDE_STEPS: u8 = 1 << 6;

/// In the second byte of a list: some suffixes share bytes with the one before, and a bitset tells
/// which.
pub(super) const SHARES: u8 = 1 << 7;

/// How the lengths of the rests are given: the lowest two bits of the first byte.
pub(super) mod lengths {
    pub(crate) const MASK: u8 = 0b11;
    /// All rests are empty.
    pub(crate) const NONE: u8 = 0;
    /// A length of four bits for each rest, the lower half of a byte first. If the heads are a
    /// mask, the sums of the first 32, 64, … lengths follow, two bytes each.
    pub(crate) const NIBBLES: u8 = 1;
    /// The end of each rest in the heap, in one byte.
    pub(crate) const ENDS_1: u8 = 2;
    /// The end of each rest in the heap, in two bytes.
    pub(crate) const ENDS_2: u8 = 3;
}

/// The heads are a mask of 32 bytes, so they are distinct.
pub(super) const HEAD_MASK: u8 = 1 << 2;

/// The first value is that of the node's own location.
pub(super) const OWN: u8 = 1 << 3;

/// Which entries end in a child: two bits of the first byte.
pub(super) mod children {
    pub(crate) const MASK: u8 = 0b11 << 4;
    pub(crate) const NONE: u8 = 0;
    pub(crate) const ALL: u8 = 1 << 4;
    /// Those of a bitset.
    pub(crate) const SOME: u8 = 2 << 4;
}

/// There is a bitset of the bare entries.
pub(super) const BARE: u8 = 1 << 6;

/// Some values are the distances of long values' records.
pub(super) const HAS_LONG: u8 = 0x80;

/// Why no view was made of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The bytes end before the record does. It has at least this many bytes, of which not all are
    /// there.
    Short(usize),
    /// The record violates the format.
    Damaged(Damage),
}

impl From<Damage> for Unread {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

impl Unread {
    /// The damage, if no more bytes will come.
    pub(crate) fn at_the_end(self, offset: u64) -> Damage {
        match self {
            Self::Short(len) => Damage::new(offset, "a whole record").found(len as u64),
            Self::Damaged(damage) => damage,
        }
    }
}

/// What records must know about the type of the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    /// The size of each value; `None` if each has a length of its own.
    pub(crate) size: Option<usize>,
    /// The alignment of each value in the file, a power of two.
    pub(crate) align: usize,
}

impl From<&ValueType> for Layout {
    fn from(values: &ValueType) -> Self {
        let size = (values.kind == Kind::Fixed).then_some(values.size);
        Self { size, align: values.align }
    }
}

impl Layout {
    /// The number of zeros at offset `at` before values.
    #[inline]
    pub(crate) fn padding(self, at: u64) -> usize {
        (at.wrapping_neg() & (self.align as u64 - 1)) as usize
    }
}

/// The number in at most eight bytes.
#[inline]
pub(super) fn number(bytes: &[u8]) -> u64 {
    // A loop takes fewer instructions than a call that copies so few bytes.
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The bytes that a number needs, at least one.
#[inline]
pub(super) fn width(number: u64) -> usize {
    (u64::BITS - (number | 1).leading_zeros()).div_ceil(8) as usize
}

/// The number of sums behind lengths of four bits: one for each 32 entries that others follow, if
/// the heads are a mask.
#[inline]
pub(super) fn sum_count(len: usize, has_mask: bool) -> usize {
    if has_mask { len.saturating_sub(1) / 32 } else { 0 }
}

/// The lowest `n` of 256 bits.
#[inline]
pub(super) fn low_bits(n: usize) -> [u64; 4] {
    std::array::from_fn(|word| match n.saturating_sub(64 * word) {
        0 => 0,
        ones @ 1..64 => (1 << ones) - 1,
        _ => !0,
    })
}
