//! Byte sets by their path in 0.3.5, and integers as paths.

pub mod ints;

pub use crate::bytes::{
    BitMask, ByteMask, ByteMaskBinaryFmt, ByteMaskIter, ByteMaskRangeIter, IntoByteMaskIter, common_prefix,
};

/// Returns the empty set of bytes.
#[must_use]
pub const fn empty_mask() -> [u64; 4] {
    ByteMask::EMPTY.0
}

/// Returns the number of leading bytes that two paths share. It is [`common_prefix`] by its older
/// name.
#[must_use]
pub fn find_prefix_overlap(a: &[u8], b: &[u8]) -> usize {
    common_prefix(a, b)
}
