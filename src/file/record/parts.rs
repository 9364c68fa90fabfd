//! Reading a record part by part, and the record of a long value.

use super::layout::{LONG_VALUE, LONG_VALUE_HEADER, Unread, number};
use crate::file::error::Damage;

/// Advances through the parts of a record.
pub(super) struct Parts<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Parts<'a> {
    /// The next `len` bytes, and where they begin.
    #[inline]
    pub(super) fn next(&mut self, len: usize) -> Result<(usize, &'a [u8]), Unread> {
        let start = self.at;
        self.at = self.at.saturating_add(len);
        match self.bytes.get(start..self.at) {
            Some(part) => Ok((start, part)),
            None => Err(Unread::Short(self.at)),
        }
    }
}

/// The long value whose record begins with `bytes`, which may go on behind it, and the length of
/// the record. `offset` is the place of `bytes` in the file.
///
/// # Errors
/// Fails if the bytes are not those of a long value's record, or end before it does.
pub(crate) fn long_value(bytes: &[u8], offset: u64) -> Result<(&[u8], usize), Unread> {
    let mut parts = Parts { bytes, at: 0 };
    let (_, first) = parts.next(LONG_VALUE_HEADER)?;
    if first[0] != LONG_VALUE {
        return Err(Damage::new(offset, "a long value").found(first[0]).into());
    }
    let len = number(&first[1..]);
    let fits = usize::try_from(len).ok().filter(|&len| len <= isize::MAX as usize - LONG_VALUE_HEADER);
    let len = fits.ok_or(Damage::new(offset + 1, "a length that fits into memory").found(len))?;
    let (_, value) = parts.next(len)?;
    Ok((value, parts.at))
}
