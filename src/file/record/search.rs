//! Searching the entries of a record.

use std::ops::Range;

use super::view::Record;
use crate::bytes::{ByteMask, common_prefix};

impl Record<'_> {
    /// The entries whose suffixes begin with a byte.
    #[inline]
    pub(crate) fn entries_from(&self, head: u8) -> Range<usize> {
        if self.has_mask() {
            let mask = self.head_mask();
            // The byte 255 may have 255 bytes before it, so the number fits.
            let entry = mask.index_of(head) as usize;
            return entry..entry + mask.test_bit(head) as usize;
        }
        let steps = self.steps();
        let is_here = |&entry: &usize| self.is_first(entry) && steps[entry] == head;
        match (0..steps.len()).find(is_here) {
            Some(first) => self.run_at(first, 1),
            None => 0..0,
        }
    }

    /// The entries that begin with the first `depth` bytes of a suffix, at least one.
    #[inline]
    pub(crate) fn run_at(&self, entry: usize, depth: usize) -> Range<usize> {
        let mut run = entry..entry + 1;
        while run.start > 0 && self.shared(run.start) >= depth {
            run.start -= 1;
        }
        while run.end < self.entry_count() && self.shared(run.end) >= depth {
            run.end += 1;
        }
        run
    }

    /// The entries of a run that go on with a byte, if the run begins with the first `depth` bytes
    /// of its suffixes.
    #[inline]
    pub(crate) fn entries_with(&self, run: Range<usize>, depth: usize, byte: u8) -> Range<usize> {
        let leads = |&entry: &usize| {
            (entry == run.start || self.shared(entry) == depth) && self.byte_at(entry, depth) == Some(byte)
        };
        let Some(first) = run.clone().find(leads) else { return 0..0 };
        let outside = (first + 1..run.end).find(|&entry| self.shared(entry) <= depth);
        first..outside.unwrap_or(run.end)
    }

    /// The entries of a run, whose suffixes share the first `at` bytes, that go on like `k` the
    /// furthest, and how far. `at` is not 0.
    #[inline]
    pub(crate) fn follow(&self, run: Range<usize>, at: usize, k: &[u8]) -> (Range<usize>, usize) {
        let rest_of =
            |entry, at: usize| self.rest(entry).get(at - self.rest_from(entry)..).unwrap_or_default();
        let (mut start, mut end) = (run.start, run.start + 1);
        let mut moved = if at < self.rest_from(start) { 0 } else { common_prefix(rest_of(start, at), k) };
        while end < run.end {
            let shared = self.shared(end);
            if shared < at + moved {
                break;
            }
            if shared == at + moved {
                let more = common_prefix(self.rest(end), &k[moved..]);
                if more > 0 {
                    (start, moved) = (end, moved + more);
                }
            }
            end += 1;
        }
        (start..end, moved)
    }

    /// How many bytes all suffixes of a run share, if they share the first `depth`. If the run is
    /// one entry, these are all of its bytes.
    pub(crate) fn shared_by_all(&self, run: Range<usize>) -> usize {
        let shared = (run.start + 1..run.end).map(|entry| self.shared(entry)).min();
        shared.unwrap_or_else(|| self.suffix_len(run.start))
    }

    /// The bytes that lead on from a location: the entries of a run, whose suffixes share the first
    /// `depth` bytes.
    pub(crate) fn bytes_after(&self, run: Range<usize>, depth: usize) -> ByteMask {
        if depth == 0 && run == (0..self.entry_count()) {
            return self.head_mask();
        }
        let start = run.start;
        run.filter(|&entry| entry == start || self.shared(entry) == depth)
            .filter_map(|entry| self.byte_at(entry, depth))
            .collect()
    }
}
