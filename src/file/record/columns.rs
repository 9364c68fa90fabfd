//! The columns of a record, from which its node is built.

use super::layout::{BARE, WIDE_STEPS, children, lengths, low_bits};
use super::view::{Record, bits};
use crate::file::error::Damage;
use crate::node::Columns;

/// The memory for the columns of one record, to be used again for the next one.
pub(crate) struct RecordColumns {
    pub(super) heads: [u8; 256],
    pub(super) ends: [[u8; 2]; 256],
    pub(super) heap: Vec<u8>,
}

impl RecordColumns {
    /// Memory that holds no columns yet.
    pub(crate) const fn new() -> Self {
        Self { heads: [0; 256], ends: [[0; 2]; 256], heap: Vec::new() }
    }
}

impl<'a> Record<'a> {
    /// The columns of the entries, of which `buffer` holds those that are not in the record.
    ///
    /// They may break any rule of [`MalformedColumns`](crate::node::MalformedColumns) except the
    /// numbers of entries and ends.
    ///
    /// # Errors
    /// Fails if suffixes do not share the bytes that they say they do.
    #[inline]
    pub(crate) fn columns<'b>(&self, buffer: &'b mut RecordColumns) -> Result<Columns<'b>, Damage>
    where
        'a: 'b,
    {
        if !self.has_mask() {
            if self.shares != 0 {
                return self.expand(buffer);
            }
            if self.second & WIDE_STEPS != 0 {
                return Err(self.damage(1, "steps of one byte"));
            }
            if let Some(pair) = self.steps().windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(self.damage_of("another head in each run", pair[0] as usize));
            }
        }
        let n = self.entry_count();
        let RecordColumns { heads, ends, .. } = buffer;
        let heads = if self.has_mask() {
            for (to, head) in heads.iter_mut().zip(self.head_mask().iter()) {
                *to = head;
            }
            &heads[..n]
        } else {
            self.steps()
        };
        let heap_len = if self.is_flat() { 0 } else { self.expand_ends(ends) };
        let heap = &self.bytes[self.heap..self.heap_end()];
        let heap = &heap[..heap_len.min(heap.len())];
        let (children, bare) = self.end_bits();
        let ends = if heap.is_empty() { &[] } else { self.lent_ends().unwrap_or(&ends[..n]) };
        Ok(Columns { heads, ends, heap, children, bare })
    }

    /// Which entries end in a child, and which are bare.
    #[inline]
    pub(super) fn end_bits(&self) -> ([u64; 4], [u64; 4]) {
        let n = self.entry_count();
        let bitset = n.div_ceil(8);
        let children = match self.flags & children::MASK {
            children::NONE => [0; 4],
            children::SOME => bits(&self.bytes[self.child_bits as usize..][..bitset]),
            _ => low_bits(n),
        };
        let bare = match self.flags & BARE {
            0 => [0; 4],
            _ => bits(&self.bytes[self.bare_bits as usize..][..bitset]),
        };
        (children, bare)
    }

    /// The ends, if they lie in the record with two bytes each.
    #[inline]
    fn lent_ends(&self) -> Option<&'a [[u8; 2]]> {
        (self.flags & lengths::MASK == lengths::ENDS_2)
            .then(|| self.bytes[self.lengths as usize..][..2 * self.entry_count()].as_chunks().0)
    }

    /// Writes the ends, unless they can be lent; returns the last one.
    #[inline]
    fn expand_ends(&self, ends: &mut [[u8; 2]; 256]) -> usize {
        let n = self.entry_count();
        let part = &self.bytes[self.lengths as usize..];
        let ends = &mut ends[..n];
        match self.flags & lengths::MASK {
            lengths::NIBBLES => {
                let mut end = 0u16;
                let mut add = |len: u8| {
                    end += u16::from(len);
                    end.to_le_bytes()
                };
                let (pairs, last) = ends.as_chunks_mut::<2>();
                for ([a, b], byte) in pairs.iter_mut().zip(part) {
                    *a = add(byte & 15);
                    *b = add(byte >> 4);
                }
                last.iter_mut().zip(&part[n / 2..]).for_each(|(to, byte)| *to = add(byte & 15));
                end as usize
            }
            lengths::ENDS_1 => {
                ends.iter_mut().zip(part).for_each(|(to, &end)| *to = [end, 0]);
                ends.last().map_or(0, |end| end[0] as usize)
            }
            _ => self.lent_ends().and_then(<[_]>::last).map_or(0, |&end| u16::from_le_bytes(end) as usize),
        }
    }
}
