//! Comparing sixteen bytes with one byte.
//!
//! A search in a list begins with such a comparison. It uses the vector instructions that every CPU
//! of the target has, so nothing is detected at run time. Other targets use [`portable`], which
//! returns the same bits.

/// The set of bytes that equal `byte`: bit `i` is for `bytes[i]`.
#[inline]
pub(crate) fn matching(bytes: [u8; 16], byte: u8) -> u32 {
    native(&bytes, byte)
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
fn native(bytes: &[u8; 16], byte: u8) -> u32 {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8, _mm_set1_epi64x};
    // SAFETY: the target has SSE2, and sixteen bytes may be read from `bytes`; the load requires
    // no alignment.
    unsafe {
        let bytes = _mm_loadu_si128(bytes.as_ptr().cast());
        // Two words: `_mm_set1_epi8` takes one instruction more without SSSE3.
        let wanted = _mm_set1_epi64x(i64::from_ne_bytes([byte; 8]));
        _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, wanted)) as u32
    }
}

/// The set of bytes that are less than `byte`: bit `i` is for `bytes[i]`.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
pub(super) fn below(bytes: [u8; 16], byte: u8) -> u32 {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_loadu_si128, _mm_max_epu8, _mm_movemask_epi8, _mm_set1_epi64x,
    };
    // SAFETY: as in `native`.
    unsafe {
        let bytes = _mm_loadu_si128(bytes.as_ptr().cast());
        let byte = _mm_set1_epi64x(i64::from_ne_bytes([byte; 8]));
        // A byte is not less iff it is the greater of the two.
        let not_less = _mm_cmpeq_epi8(_mm_max_epu8(bytes, byte), bytes);
        !_mm_movemask_epi8(not_less) as u32 & 0xffff
    }
}

/// The set of bytes that are less than `byte`: bit `i` is for `bytes[i]`.
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[inline]
pub(super) fn below(bytes: [u8; 16], byte: u8) -> u32 {
    (0..16).map(|i| u32::from(bytes[i] < byte) << i).sum()
}

/// The set of places at which two rows of bytes differ: bit `i` is for `a[i]` and `b[i]`.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline]
pub(super) fn differing(a: [u8; 16], b: [u8; 16]) -> u32 {
    use std::arch::x86_64::{_mm_cmpeq_epi8, _mm_loadu_si128, _mm_movemask_epi8};
    // SAFETY: as in `native`.
    unsafe {
        let (a, b) = (_mm_loadu_si128(a.as_ptr().cast()), _mm_loadu_si128(b.as_ptr().cast()));
        !_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) as u32 & 0xffff
    }
}

/// The set of places at which two rows of bytes differ: bit `i` is for `a[i]` and `b[i]`.
#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[inline]
pub(super) fn differing(a: [u8; 16], b: [u8; 16]) -> u32 {
    (0..16).map(|i| u32::from(a[i] != b[i]) << i).sum()
}

#[cfg(all(target_arch = "aarch64", target_feature = "neon"))]
#[inline]
fn native(bytes: &[u8; 16], byte: u8) -> u32 {
    use std::arch::aarch64::{vaddv_u8, vandq_u8, vceqq_u8, vdupq_n_u8, vget_high_u8, vget_low_u8, vld1q_u8};
    const BITS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];
    // SAFETY: the target has NEON, and sixteen bytes may be read from `bytes` and from `BITS`, at
    // any alignment.
    unsafe {
        // NEON cannot gather the top bits of the lanes, so each lane keeps a bit of its own, and
        // the halves are summed.
        let equal = vceqq_u8(vld1q_u8(bytes.as_ptr()), vdupq_n_u8(byte));
        let bits = vandq_u8(equal, vld1q_u8(BITS.as_ptr()));
        u32::from(vaddv_u8(vget_low_u8(bits))) | u32::from(vaddv_u8(vget_high_u8(bits))) << 8
    }
}

#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_feature = "neon")
)))]
#[inline]
fn native(bytes: &[u8; 16], byte: u8) -> u32 {
    portable(bytes, byte)
}

/// Like [`matching`], by operations on two words.
#[cfg_attr(
    any(
        all(target_arch = "x86_64", target_feature = "sse2"),
        all(target_arch = "aarch64", target_feature = "neon")
    ),
    cfg(test)
)]
#[inline]
fn portable(bytes: &[u8; 16], byte: u8) -> u32 {
    const LOW: u64 = u64::from_ne_bytes([1; 8]);
    const SEVEN: u64 = u64::from_ne_bytes([0x7f; 8]);
    let [first, second] = *bytes.as_chunks::<8>().0 else { unreachable!() };
    let eight = |bytes: [u8; 8]| {
        // A byte of `differs` is zero iff the bytes are equal.
        let differs = u64::from_le_bytes(bytes) ^ (LOW * u64::from(byte));
        // Adding seven bits to seven bits carries into the top bit of the same byte, and never
        // out of it.
        let equal = !(((differs & SEVEN) + SEVEN) | differs | SEVEN) >> 7;
        // Moves bit `8 i` to bit `56 + i`. No two of the products meet, so nothing is carried.
        (equal.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
    };
    eight(first) | eight(second) << 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(bytes: &[u8; 16], byte: u8) -> u32 {
        (0..16).map(|i| u32::from(bytes[i] == byte) << i).sum()
    }

    #[track_caller]
    fn same(bytes: &[u8; 16], byte: u8) {
        let expected = naive(bytes, byte);
        assert_eq!(matching(*bytes, byte), expected, "{bytes:?} {byte}");
        assert_eq!(portable(bytes, byte), expected, "{bytes:?} {byte}");
        let less = (0..16).map(|i| u32::from(bytes[i] < byte) << i).sum();
        assert_eq!(below(*bytes, byte), less, "{bytes:?} {byte}");
        assert_eq!(differing(*bytes, [byte; 16]), !expected & 0xffff, "{bytes:?} {byte}");
    }

    #[test]
    fn each_byte_at_each_place_beside_each_other_byte() {
        for byte in 0..=255u8 {
            for other in 0..=255u8 {
                for place in 0..16 {
                    let mut bytes = [other; 16];
                    bytes[place] = byte;
                    same(&bytes, byte);
                    same(&bytes, other);
                }
            }
        }
    }

    #[test]
    fn each_set_of_places() {
        // A carry would show where the differences are 0x01, 0x80, 0xff: the bytes beside a match.
        for (byte, other) in
            [(0, 1), (0, 0x80), (0, 0xff), (0x80, 0), (0x7f, 0xff), (0xff, 0xfe), (b'a', b'b')]
        {
            for places in 0..1u32 << 16 {
                let bytes = std::array::from_fn(|i| if places >> i & 1 != 0 { byte } else { other });
                assert_eq!(matching(bytes, byte), places);
                assert_eq!(portable(&bytes, byte), places);
                same(&bytes, other);
            }
        }
    }

    #[test]
    fn any_bytes_at_any_alignment() {
        let mut state = 0x9e37_79b9_7f4a_7c15u64;
        let bytes: Vec<u8> = std::iter::repeat_with(|| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state as u8 & 7
        })
        .take(4096)
        .collect();
        for window in bytes.windows(16) {
            let window: &[u8; 16] = window.try_into().unwrap();
            (0..9).for_each(|byte| same(window, byte));
        }
    }
}
