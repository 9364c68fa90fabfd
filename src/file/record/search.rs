//! Searching the entries of a record.

use std::cmp::Ordering;
use std::ops::Range;

use super::view::Record;
use crate::bytes::ByteMask;

/// Where a path leads from the root of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seek {
    /// The path begins with the suffix of an entry that ends in a child.
    Child {
        /// The number of the entry.
        entry: usize,
        /// The number of the child, for [`Record::child`].
        child: usize,
        /// The length of the suffix.
        used: usize,
    },
    /// The path is the suffix of this entry, which ends in a value or in nothing.
    Entry(usize),
    /// Neither. The path may still be a location, if [`Record::run`] is not empty.
    Nothing,
}

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

    /// Where a path leads from the root of the node; it is not empty.
    ///
    /// # Complexity
    /// O(1) if few suffixes have the same head, otherwise O(bytes of the node).
    #[inline]
    pub(crate) fn seek(&self, path: &[u8]) -> Seek {
        let Some((&head, rest)) = path.split_first() else { return Seek::Nothing };
        for entry in self.entries_from(head) {
            let suffix = self.rest(entry);
            if self.is_child(entry) {
                if rest.starts_with(suffix) {
                    return Seek::Child { entry, child: self.children_before(entry), used: 1 + suffix.len() };
                }
            } else if rest == suffix {
                return Seek::Entry(entry);
            }
        }
        Seek::Nothing
    }

    /// The entries whose suffixes begin with a path. All entries begin with the empty path.
    ///
    /// # Complexity
    /// O(1) if few suffixes have the same head, otherwise O(bytes of the node).
    #[inline]
    pub(crate) fn run(&self, path: &[u8]) -> Range<usize> {
        let Some((&head, rest)) = path.split_first() else { return 0..self.entry_count() };
        let mut run = self.entries_from(head);
        if rest.is_empty() {
            return run;
        }
        while !run.is_empty() && !self.rest(run.start).starts_with(rest) {
            run.start += 1;
        }
        let outside = run.clone().find(|&entry| !self.rest(entry).starts_with(rest));
        run.start..outside.unwrap_or(run.end)
    }

    /// The number of entries whose suffixes are less than a path: that of the first entry that is
    /// not.
    pub(crate) fn entries_before(&self, path: &[u8]) -> usize {
        let Some((&head, rest)) = path.split_first() else { return 0 };
        let run = self.entries_from(head);
        if run.is_empty() {
            return match self.has_mask() {
                true => self.head_mask().index_of(head) as usize,
                false => self.head_list().partition_point(|&other| other < head),
            };
        }
        run.clone().find(|&entry| self.rest(entry).cmp(rest) != Ordering::Less).unwrap_or(run.end)
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
