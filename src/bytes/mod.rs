//! Sets of bytes, and functions on byte strings.
//!
//! This module does not depend on tries. [`ByteMask`] is a set of bytes in 256 bits, such as the
//! bytes by which a path can continue, which [`child_mask`](crate::zipper::Zipper::child_mask)
//! returns. [`ByteMaskIter`] and [`ByteMaskRangeIter`] iterate over such a set from both ends, by
//! bytes or by runs of adjacent bytes. [`common_prefix`] compares two paths.

mod equal;
mod mask;
mod mask_iter;
mod prefix;
mod text;

pub(crate) use equal::{equal, first_word, starts_with};
pub use mask::{BitMask, ByteMask, ByteMaskBinaryFmt};
pub use mask_iter::{ByteMaskIter, ByteMaskRangeIter, IntoByteMaskIter};
pub use prefix::common_prefix;
pub(crate) use text::Text;

#[cfg(test)]
mod tests;
