//! The byte sets by the path that users of 0.3.5 know them by, and integers as paths.

pub mod ints;

pub use crate::bytes::{
    BitMask, ByteMask, ByteMaskBinaryFmt, ByteMaskIter, ByteMaskRangeIter, IntoByteMaskIter, common_prefix,
};

/// The set of no byte.
#[must_use]
pub const fn empty_mask() -> [u64; 4] {
    ByteMask::EMPTY.0
}

/// The number of leading bytes that two paths share: [`common_prefix`] by its older name.
#[must_use]
pub fn find_prefix_overlap(a: &[u8], b: &[u8]) -> usize {
    common_prefix(a, b)
}
