//! Prefetching memory.

/// Prefetches the first two cache lines of a node, if the target has an instruction for that.
///
/// Iteration knows its next child while it still visits the present one, and the nodes of a trie
/// that was filled in random order lie anywhere in memory.
#[inline]
pub(super) fn prefetch(at: *const u8) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    // SAFETY: a prefetch may point anywhere, since it reads nothing; SSE is part of the target.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
        _mm_prefetch::<_MM_HINT_T0>(at.wrapping_add(64).cast());
    }
    #[cfg(not(all(target_arch = "x86_64", not(miri))))]
    let _ = at;
}
