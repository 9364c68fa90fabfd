//! The edge of a walk: a run of one entry, along which steps do not touch the node.

/// A run of one entry of the top frame's node, from the byte that narrowed the run to it (S4).
///
/// An edge takes the place of a frame. It is left by forgetting it, since the top frame's run is
/// that of the spot above.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    /// The byte after the path's first `n` bytes is at `bytes + n`. The pointer itself may lie
    /// outside of the node.
    bytes: *const u8,
    /// The length of the path to the first spot of the edge.
    pub(super) from: usize,
    /// The length of the path to the end of the entry; 0 if there is no edge.
    end: usize,
    pub(super) entry: u16,
    /// Whether a child is at the end of the entry. Its root is a spot of the child.
    leads: bool,
}

// SAFETY: as for a `RawNode`: it is read only while the node is known to live, and bytes are sent
// by any thread.
unsafe impl Send for Edge {}
// SAFETY: as above.
unsafe impl Sync for Edge {}

impl Edge {
    pub(super) const NONE: Self = Self { bytes: std::ptr::null(), from: 0, end: 0, entry: 0, leads: false };

    /// The edge of an entry of a node whose root is at `start`, given what follows the first byte
    /// of the entry's suffix.
    #[inline]
    pub(super) fn new(start: usize, from: usize, entry: u16, rest: &[u8], leads: bool) -> Self {
        let bytes = rest.as_ptr().wrapping_sub(start + 1);
        Self { bytes, from, end: start + 1 + rest.len(), entry, leads }
    }

    #[inline]
    pub(super) fn is_known(&self) -> bool {
        self.end != 0
    }

    /// The byte by which the edge goes on from a spot on it, unless the spot is its end.
    ///
    /// # Safety
    /// The path to the spot has `len` bytes, and the entry's node lives and is not written.
    #[inline]
    pub(super) unsafe fn next(&self, len: usize) -> Option<u8> {
        debug_assert!(self.from <= len && len <= self.end);
        // SAFETY: the rest of the suffix has a byte after each spot but the last, and is part of
        // the node, which lives (the caller).
        (len < self.end).then(|| unsafe { self.bytes.wrapping_add(len).read() })
    }

    /// True iff the root of a child is at the path's first `len` bytes.
    #[inline]
    pub(super) fn leads_at(&self, len: usize) -> bool {
        self.leads && len == self.end
    }
}
