//! Front-coding of lists: suffixes by what they share with the one before.
//!
//! The suffixes of a list are sorted, so those that begin with the same byte follow each other, in a
//! *run*. Each but the first of a run shares bytes with the one before, and only their number and
//! what follows them is kept. So a path is not repeated for each entry below it, and a search tells
//! by the numbers alone which entries cannot be the right one.

use super::view::{Record, RecordColumns};
use crate::bytes::common_prefix;
use crate::file::error::Damage;
use crate::node::Columns;

/// The most entries of a list.
const MOST: usize = 32;

/// The front-coded suffixes of one list. The memory is used again for the next one.
#[derive(Default)]
pub(super) struct FrontCoding {
    /// For each entry its first byte, or how many bytes it shares.
    pub(super) steps: [u16; MOST],
    /// Bit `i` is set iff entry `i` shares bytes.
    pub(super) shares: u32,
    ends: [[u8; 2]; MOST],
    heap: Vec<u8>,
}

impl FrontCoding {
    /// Codes the suffixes of a node, if it is a list.
    pub(super) fn code(&mut self, columns: &Columns<'_>) {
        let heads = columns.heads;
        self.shares = 0;
        if heads.len() > MOST {
            return;
        }
        self.steps.iter_mut().zip(heads).for_each(|(step, &head)| *step = head.into());
        let (mut last, mut start): (&[u8], usize) = (&[], 0);
        self.heap.clear();
        for (i, &head) in heads.iter().enumerate() {
            let end = columns.ends.get(i).map_or(0, |&end| u16::from_le_bytes(end) as usize);
            let rest = &columns.heap[start..end];
            let mut shared = 0;
            if i > 0 && heads[i - 1] == head {
                shared = common_prefix(last, rest);
                self.shares |= 1 << i;
                self.steps[i] = 1 + shared as u16;
            }
            self.heap.extend_from_slice(&rest[shared..]);
            self.ends[i] = (self.heap.len() as u16).to_le_bytes();
            (last, start) = (rest, end);
        }
    }

    /// The columns of the node that was coded, with what is left of the rests.
    pub(super) fn columns<'a>(&'a self, columns: &Columns<'a>) -> Columns<'a> {
        match self.shares {
            0 => *columns,
            _ => Columns { ends: &self.ends[..columns.heads.len()], heap: &self.heap, ..*columns },
        }
    }

    /// True iff a step needs two bytes.
    pub(super) fn is_wide(&self, len: usize) -> bool {
        self.steps[..len].iter().any(|&step| step > 255)
    }
}

impl Record<'_> {
    /// The columns of a list in which entries share bytes; they are written to `buffer`.
    ///
    /// # Errors
    /// Fails if an entry shares more bytes than the one before has, or fewer than it could, or if
    /// two runs have the same head.
    pub(super) fn expand<'b>(&self, buffer: &'b mut RecordColumns) -> Result<Columns<'b>, Damage> {
        let RecordColumns { heads, ends, heap } = buffer;
        heap.clear();
        let (mut last, mut head) = (0..0, None);
        for entry in 0..self.entry_count() {
            let (rest, step, start) = (self.rest(entry), self.step(entry), heap.len());
            if self.is_first(entry) {
                let next = Some(step as u8);
                if next == head {
                    return Err(self.damage_of("another head in each run", step));
                }
                head = next;
            } else {
                // The head is in no heap.
                let shared = step.wrapping_sub(1);
                let before = last.clone();
                if shared > before.len()
                    || heap
                        .get(before.start + shared..before.end)
                        .and_then(<[u8]>::first)
                        .is_some_and(|next| rest.first() == Some(next))
                {
                    return Err(self.damage_of("the number of bytes that an entry shares", step));
                }
                heap.extend_from_within(before.start..before.start + shared);
            }
            heap.extend_from_slice(rest);
            last = start..heap.len();
            let end = u16::try_from(heap.len());
            let end = end.map_err(|_| self.damage_of("suffixes of a node in memory", heap.len()))?;
            (heads[entry], ends[entry]) = (head.unwrap_or(0), end.to_le_bytes());
        }
        let n = self.entry_count();
        let (children, bare) = self.end_bits();
        Ok(Columns { heads: &heads[..n], ends: &ends[..n], heap, children, bare })
    }
}
