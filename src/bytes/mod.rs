//! Pure functions on bytes: sets of bytes, and how far two paths agree.
//!
//! Nothing here knows of tries. [`ByteMask`] is a set of bytes in 256 bits: the bytes by which a
//! path can go on, as [`child_mask`](crate::zipper::Zipper::child_mask) tells them.
//! [`ByteMaskIter`] and [`ByteMaskRangeIter`] walk such a set from both ends, by bytes or by runs
//! of adjacent bytes. [`common_prefix`] compares two paths.

mod equal;
mod mask;
mod mask_iter;
mod prefix;
mod text;

pub(crate) use equal::{equal, starts_with};
pub use mask::{BitMask, ByteMask, ByteMaskBinaryFmt};
pub use mask_iter::{ByteMaskIter, ByteMaskRangeIter, IntoByteMaskIter};
pub use prefix::common_prefix;
pub(crate) use text::Text;

#[cfg(test)]
mod tests;
