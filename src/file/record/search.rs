//! Searching the entries of a record.

use std::ops::Range;

use super::view::Record;
use crate::bytes::ByteMask;

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
        let heads = self.head_list();
        let Some(first) = heads.iter().position(|&other| other == head) else { return 0..0 };
        let others = heads[first..].iter().position(|&other| other != head);
        first..others.map_or(heads.len(), |others| first + others)
    }

    /// True iff the suffixes of two entries have the same first byte.
    #[inline]
    pub(crate) fn equal_heads(&self, a: usize, b: usize) -> bool {
        if self.has_mask() {
            return a == b;
        }
        let heads = self.head_list();
        heads.get(a) == heads.get(b)
    }

    /// The bytes that lead on from a location: the entries of a run, whose suffixes share the first
    /// `depth` bytes.
    pub(crate) fn bytes_after(&self, run: Range<usize>, depth: usize) -> ByteMask {
        match depth.checked_sub(1) {
            None if run == (0..self.entry_count()) => self.head_mask(),
            None => run.filter_map(|entry| self.head(entry)).collect(),
            Some(at) => run.filter_map(|entry| self.rest(entry).get(at).copied()).collect(),
        }
    }
}
