//! Equality of short byte strings.

/// Returns true iff `a` and `b` are equal. They have the same length.
///
/// Suffixes are short, so up to sixteen bytes are compared as two overlapping words instead of by
/// a call.
#[inline]
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    debug_assert_eq!(a.len(), b.len());
    if let (Some(a0), Some(b0), Some(a1), Some(b1)) =
        (a.first_chunk::<8>(), b.first_chunk::<8>(), a.last_chunk::<8>(), b.last_chunk::<8>())
    {
        if a.len() > 16 {
            return a == b;
        }
        let word = |bytes: &[u8; 8]| u64::from_ne_bytes(*bytes);
        return (word(a0) ^ word(b0)) | (word(a1) ^ word(b1)) == 0;
    }
    if let (Some(a0), Some(b0), Some(a1), Some(b1)) =
        (a.first_chunk::<4>(), b.first_chunk::<4>(), a.last_chunk::<4>(), b.last_chunk::<4>())
    {
        let word = |bytes: &[u8; 4]| u32::from_ne_bytes(*bytes);
        return (word(a0) ^ word(b0)) | (word(a1) ^ word(b1)) == 0;
    }
    a.iter().zip(b).all(|(a, b)| a == b)
}

/// Returns the first eight bytes as a little-endian word; zeros stand for the bytes behind the end.
#[inline]
pub(crate) fn first_word(bytes: &[u8]) -> u64 {
    if let Some(word) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*word);
    }
    let n = bytes.len();
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let word = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
        return word(first) | word(last) << (8 * (n - 4));
    }
    let byte = |i: usize| u64::from(bytes[i]) << (8 * i);
    if n == 0 { 0 } else { byte(0) | byte(n / 2) | byte(n - 1) }
}

/// Returns true iff `a` begins with `b`, which is usually short.
#[inline]
pub(crate) fn starts_with(a: &[u8], b: &[u8]) -> bool {
    a.len() >= b.len() && equal(&a[..b.len()], b)
}
