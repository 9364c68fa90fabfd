//! The longest common prefix of two paths.

/// Returns the length of the longest common prefix of `a` and `b`.
///
/// (`pathmap` calls this function `find_prefix_overlap`.)
///
/// ```
/// use bytetrie::bytes::common_prefix;
///
/// assert_eq!(common_prefix(b"romane", b"romanus"), 5);
/// assert_eq!(common_prefix(b"rom", b"romane"), 3);
/// ```
#[must_use]
#[inline]
pub fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let len = a.len().min(b.len());
    let (a, b) = (&a[..len], &b[..len]);
    let (a_words, _) = a.as_chunks::<8>();
    let (b_words, _) = b.as_chunks::<8>();
    for (i, (&x, &y)) in a_words.iter().zip(b_words).enumerate() {
        let diff = u64::from_ne_bytes(x) ^ u64::from_ne_bytes(y);
        if diff != 0 {
            return i * 8 + first_byte(diff.to_le());
        }
    }
    // The remaining bytes are fewer than a word. Comparing the last whole word, which overlaps
    // bytes that are known to agree, is one comparison instead of up to seven.
    if let (Some(&x), Some(&y)) = (a.last_chunk::<8>(), b.last_chunk::<8>()) {
        let diff = u64::from_ne_bytes(x) ^ u64::from_ne_bytes(y);
        return if diff == 0 { len } else { len - 8 + first_byte(diff.to_le()) };
    }
    short(a, b)
}

/// Returns the length of the longest common prefix of two slices of one length below 8. It
/// compares two halves that overlap, or single bytes.
#[inline]
fn short(a: &[u8], b: &[u8]) -> usize {
    if let (Some(&x), Some(&y)) = (a.first_chunk::<4>(), b.first_chunk::<4>()) {
        let diff = u32::from_ne_bytes(x) ^ u32::from_ne_bytes(y);
        if diff != 0 {
            return first_byte(u64::from(diff.to_le()));
        }
        if let (Some(&x), Some(&y)) = (a.last_chunk::<4>(), b.last_chunk::<4>()) {
            let diff = u32::from_ne_bytes(x) ^ u32::from_ne_bytes(y);
            return if diff == 0 { a.len() } else { a.len() - 4 + first_byte(u64::from(diff.to_le())) };
        }
    }
    a.iter().zip(b).take_while(|(x, y)| x == y).count()
}

/// Returns the position of the first byte that differs. `diff` is the difference of two words,
/// with the first byte lowest.
#[inline]
fn first_byte(diff: u64) -> usize {
    (diff.trailing_zeros() / 8) as usize
}
