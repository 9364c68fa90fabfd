//! The edge of a walk: bytes along which steps do not touch the node.

/// The way from a spot of the top frame's node to the next branch or end of an entry (S4).
///
/// The edge of one entry takes the place of a frame, and is left by forgetting it, unless it lies
/// beside the frame of its run. The edge of a longer run always does, and ends where the run's
/// entries part.
#[derive(Clone, Copy)]
pub(super) struct Edge {
    /// The byte after the path's first `n` bytes is at `bytes + n`. The pointer itself may lie
    /// outside of the node.
    bytes: *const u8,
    /// The length of the path to the first spot of the edge; `usize::MAX` if there is no edge.
    pub(super) from: usize,
    /// The length of the path to the end; 0 if there is no edge.
    end: usize,
    /// The run of entries: its first, and its end in the upper half. They are one word because they
    /// are read together right after they were written.
    run: u32,
    /// Whether the spot at the end is not on the edge: there a child is, whose root is a spot of
    /// the child, or the run parts.
    leads: bool,
    /// Whether the top frame is that of the edge's run.
    beside: bool,
}

// SAFETY: as for a `RawNode`: it is read only while the node is known to live, and bytes are sent
// by any thread.
unsafe impl Send for Edge {}
// SAFETY: as above.
unsafe impl Sync for Edge {}

#[inline]
fn run(lo: u16, hi: u16) -> u32 {
    u32::from(lo) | u32::from(hi) << 16
}

impl Edge {
    pub(super) const NONE: Self =
        Self { bytes: std::ptr::null(), from: usize::MAX, end: 0, run: 0, leads: false, beside: false };

    /// The edge of an entry of a node whose root is at `start`, given what follows the first byte
    /// of the entry's suffix, and whether a child is at its end.
    #[inline]
    pub(super) fn new(start: usize, from: usize, entry: u16, rest: &[u8], leads: bool) -> Self {
        let bytes = rest.as_ptr().wrapping_sub(start + 1);
        let run = run(entry, entry + 1);
        Self { bytes, from, end: start + 1 + rest.len(), run, leads, beside: false }
    }

    /// The edge of a run of several entries, given what they all have behind their first byte.
    #[inline]
    pub(super) fn of_run(start: usize, from: usize, (lo, hi): (u16, u16), common: &[u8]) -> Self {
        Self { run: run(lo, hi), ..Self::new(start, from, lo, common, true) }.beside_frame()
    }

    /// The edge, beside the frame of its run.
    #[inline]
    pub(super) fn beside_frame(self) -> Self {
        Self { beside: true, ..self }
    }

    /// True iff the edge lies beside the frame of its run.
    #[inline]
    pub(super) fn is_beside(&self) -> bool {
        self.beside
    }

    /// The first entry of the run.
    #[inline]
    pub(super) fn lo(&self) -> u16 {
        self.run as u16
    }

    /// The end of the run.
    #[inline]
    pub(super) fn hi(&self) -> u16 {
        (self.run >> 16) as u16
    }

    /// Forgets the edge.
    #[inline]
    pub(super) fn clear(&mut self) {
        (self.from, self.end) = (usize::MAX, 0);
    }

    /// True iff there is an edge, and the path's first `len` bytes lead to a spot on it. They lead
    /// to the focus or to a location above it.
    #[inline]
    pub(super) fn reaches_up_to(&self, len: usize) -> bool {
        len >= self.from
    }

    /// Makes this edge, that of an entry of one byte, the edge of the entry of another byte of the
    /// same wide node. The suffix of that entry is the byte alone as well.
    #[inline]
    pub(super) fn move_to_byte(&mut self, byte: u8) {
        debug_assert!(self.from == self.end && !self.leads && !self.is_run());
        self.run = run(byte as u16, byte as u16 + 1);
    }

    /// True iff a child is at the end of the edge, whose entry has no frame.
    #[inline]
    pub(super) fn leads_to_child(&self) -> bool {
        self.leads && self.end != 0 && !self.is_run()
    }

    #[inline]
    pub(super) fn is_run(&self) -> bool {
        self.hi() > self.lo() + 1
    }

    #[inline]
    pub(super) fn is_known(&self) -> bool {
        self.end != 0
    }

    /// The byte by which the edge goes on from a spot on it, unless the spot is its end.
    ///
    /// # Safety
    /// The path to the spot has `len` bytes, at least `from` and at most `end` of the edge, and the
    /// entry's node lives and is not written.
    #[inline]
    pub(super) unsafe fn next(&self, len: usize) -> Option<u8> {
        debug_assert!(self.from <= len && len <= self.end);
        // SAFETY: the rest of the suffix has a byte after each spot but the last, and is part of
        // the node, which lives (the caller).
        (len < self.end).then(|| unsafe { self.bytes.wrapping_add(len).read() })
    }

    /// True iff there is an edge, and it goes on by `byte` from a spot on it to another spot on it.
    ///
    /// # Safety
    /// As for [`next`](Self::next), if there is an edge.
    #[inline]
    pub(super) unsafe fn goes_on_by(&self, len: usize, byte: u8) -> bool {
        // SAFETY: as in `next`; without an edge the end is 0, and no length is below it.
        len + (self.leads as usize) < self.end && unsafe { self.bytes.wrapping_add(len).read() } == byte
    }

    /// The bytes that lead from a spot on the edge to its end.
    ///
    /// # Safety
    /// As for [`next`](Self::next), during `'a`.
    #[inline]
    pub(super) unsafe fn onwards<'a>(&self, len: usize) -> &'a [u8] {
        debug_assert!(self.from <= len && len <= self.end);
        // SAFETY: the rest of the suffix has these bytes, and is part of the node, which lives and
        // is not written during 'a (the caller).
        unsafe { std::slice::from_raw_parts(self.bytes.wrapping_add(len), self.end - len) }
    }

    /// Like [`onwards`](Self::onwards), if nothing but a value is at the end of the edge.
    ///
    /// # Safety
    /// As for [`next`](Self::next), during `'a`.
    #[inline]
    pub(super) unsafe fn rest<'a>(&self, len: usize) -> Option<&'a [u8]> {
        // SAFETY: the caller's promise.
        (!self.leads).then(|| unsafe { self.onwards(len) })
    }

    /// True iff the path's first `len` bytes lead to the end of the edge, and the spot there is
    /// not on it.
    #[inline]
    pub(super) fn leads_at(&self, len: usize) -> bool {
        self.leads && len == self.end
    }
}
