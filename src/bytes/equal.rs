//! Equality of short byte strings.

/// True iff `a` and `b`, which are of one length, are equal.
///
/// Suffixes are short: up to sixteen bytes are compared as two overlapping words instead of by a call.
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

/// Appends a byte and a byte string that is mostly short.
///
/// Up to sixteen bytes are copied as two overlapping words instead of by a call.
#[inline]
pub(crate) fn append_short(to: &mut Vec<u8>, head: u8, rest: &[u8]) {
    to.push(head);
    if let (Some(first), Some(last)) = (rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        if rest.len() > 16 {
            to.extend_from_slice(rest);
            return;
        }
        let start = to.len();
        to.extend_from_slice(first);
        to.extend_from_slice(&last[16 - rest.len()..]);
        debug_assert_eq!(&to[start..], rest);
        return;
    }
    for &byte in rest {
        to.push(byte);
    }
}
