//! The integers of variable length in the files of pathmap 0.3.5.

use std::io::{self, Write};

/// The greatest integer that is stored in its first byte. A greater first byte tells how many
/// bytes follow.
const LARGEST_SHORT: u8 = u8::MAX - 8;

/// Reads an integer from the front of some bytes; `None` if they end before it does.
#[inline]
pub(super) fn varint(data: &[u8]) -> Option<(u64, usize)> {
    let (&first, rest) = data.split_first()?;
    if first <= LARGEST_SHORT {
        return Some((u64::from(first), 1));
    }
    let len = usize::from(first - LARGEST_SHORT);
    let mut bytes = [0; 8];
    bytes[..len].copy_from_slice(rest.get(..len)?);
    Some((u64::from_le_bytes(bytes), 1 + len))
}

/// Reads an integer of variable length from the front of `data`. Returns it, and the number of its
/// bytes.
///
/// An integer up to 247 is one byte. For others the first byte is 247 plus the number of bytes
/// that follow, which are the integer in little-endian order.
///
/// # Panics
/// Panics if `data` ends before the integer does. (pathmap reads beyond the end.)
///
/// # Examples
/// ```
/// use bytetrie::arena_compact::read_varint_u64;
///
/// assert_eq!(read_varint_u64(&[7]), (7, 1));
/// assert_eq!(read_varint_u64(&[249, 0x34, 0x12, 99]), (0x1234, 3));
/// ```
#[must_use]
pub fn read_varint_u64(data: &[u8]) -> (u64, usize) {
    varint(data).expect("the bytes end within an integer")
}

/// Writes an integer of variable length, which [`read_varint_u64`] reads. Returns the number of
/// its bytes, from one to nine.
///
/// # Errors
/// Fails if the writer does.
///
/// # Examples
/// ```
/// use bytetrie::arena_compact::push_varint_u64;
///
/// let mut bytes = Vec::new();
/// assert_eq!(push_varint_u64(&mut bytes, 0x1234)?, 3);
/// assert_eq!(bytes, [249, 0x34, 0x12]);
/// # std::io::Result::Ok(())
/// ```
pub fn push_varint_u64(dst: &mut impl Write, int: u64) -> io::Result<usize> {
    let mut bytes = [0; 9];
    let len = match u8::try_from(int) {
        Ok(short) if short <= LARGEST_SHORT => {
            bytes[0] = short;
            0
        }
        _ => {
            let len = int.ilog2() as usize / 8 + 1;
            bytes[0] = LARGEST_SHORT + len as u8;
            bytes[1..].copy_from_slice(&int.to_le_bytes());
            len
        }
    };
    dst.write_all(&bytes[..=len])?;
    Ok(1 + len)
}
