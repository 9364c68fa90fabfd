//! Sets of bytes at their path in 0.3.5, and integers as paths.

pub mod ints;

pub use crate::bytes::{
    BitMask, ByteMask, ByteMaskBinaryFmt, ByteMaskIter, ByteMaskRangeIter, IntoByteMaskIter, common_prefix,
};

/// Returns the empty set of bytes.
#[must_use]
pub const fn empty_mask() -> [u64; 4] {
    ByteMask::EMPTY.0
}

/// Returns the length of the longest common prefix of two paths, like [`common_prefix`].
#[must_use]
pub fn find_prefix_overlap(a: &[u8], b: &[u8]) -> usize {
    common_prefix(a, b)
}
