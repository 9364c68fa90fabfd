//! Front-coding of lists: suffixes by what they share with the one before.
//!
//! The suffixes of a list are sorted, so those that begin with the same byte follow each other, in
//! a *run*. Each suffix of a run except the first shares a prefix with the suffix before it. Only
//! the length of the prefix and the bytes after it are kept. So a path is not repeated for each
//! entry below it, and a search tells by the lengths alone which entries cannot be the right one.

use super::columns::RecordColumns;
use super::layout::{SHARES, Unread, WIDE_STEPS, number};
use super::parts::Parts;
use super::view::Record;
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
        self.heap.clear();
        for (i, &head) in heads.iter().enumerate() {
            let rest = columns.rest(i);
            let mut shared = 0;
            if i > 0 && heads[i - 1] == head {
                shared = common_prefix(columns.rest(i - 1), rest);
                self.shares |= 1 << i;
                self.steps[i] = 1 + shared as u16;
            }
            self.heap.extend_from_slice(&rest[shared..]);
            self.ends[i] = (self.heap.len() as u16).to_le_bytes();
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
    pub(super) fn has_long_steps(&self, len: usize) -> bool {
        self.steps[..len].iter().any(|&step| step > 255)
    }
}

impl<'a> Record<'a> {
    /// Reads the steps of a list.
    #[inline]
    pub(super) fn read_steps(&mut self, parts: &mut Parts<'a>) -> Result<(), Unread> {
        let len = self.entry_count();
        parts.next(if self.second & WIDE_STEPS == 0 { len } else { 2 * len })?;
        if self.second & SHARES != 0 {
            let (at, part) = parts.next(len.div_ceil(8))?;
            self.shares = number(part) as u32;
            // The first entry has none before it, and if no entry shared bytes, there would be no
            // bitset.
            let others = (1u64 << len).wrapping_sub(2);
            if self.shares == 0 || u64::from(self.shares) & !others != 0 {
                return Err(self.damage(at, "the entries that share bytes").into());
            }
        }
        Ok(())
    }

    /// The steps of a list, or their lower bytes.
    #[inline]
    pub(super) fn steps(&self) -> &'a [u8] {
        &self.bytes[self.heads_at()..][..self.entry_count()]
    }

    /// The step of an entry of a list.
    #[inline]
    pub(super) fn step(&self, entry: usize) -> usize {
        let at = self.heads_at() + entry;
        let high = if self.second & WIDE_STEPS == 0 { 0 } else { self.bytes[at + self.entry_count()] };
        usize::from(high) << 8 | usize::from(self.bytes[at])
    }

    /// True iff an entry shares no bytes with the one before.
    #[inline]
    pub(super) fn is_first(&self, entry: usize) -> bool {
        entry >= 32 || self.shares >> entry & 1 == 0
    }

    /// The number of bytes that a suffix shares with the one before.
    #[inline]
    pub(crate) fn shared(&self, entry: usize) -> usize {
        if self.is_first(entry) || entry >= self.entry_count() { 0 } else { self.step(entry) }
    }

    /// Where the [rest](Self::rest) of an entry begins in its suffix.
    #[inline]
    pub(crate) fn rest_from(&self, entry: usize) -> usize {
        self.shared(entry).max(1)
    }

    /// The length of a suffix.
    #[inline]
    pub(crate) fn suffix_len(&self, entry: usize) -> usize {
        self.rest_from(entry) + self.rest(entry).len()
    }

    /// A byte of a suffix, which it does not share with the one before.
    #[inline]
    pub(crate) fn byte_at(&self, entry: usize, at: usize) -> Option<u8> {
        match at.checked_sub(self.rest_from(entry)) {
            Some(at) => self.rest(entry).get(at).copied(),
            None if at == 0 => self.head(entry),
            None => None,
        }
    }

    /// The columns of a list in which entries share bytes; they are written to `buffer`.
    ///
    /// # Errors
    /// Fails if an entry shares more bytes than the one before has, or fewer than it could, if two
    /// runs have the same head, or if the steps would fit into one byte.
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
        if self.second & WIDE_STEPS != 0 && (0..n).all(|entry| self.step(entry) < 256) {
            return Err(self.damage_of("a step that needs two bytes", 0));
        }
        let (children, bare) = self.end_bits();
        Ok(Columns { heads: &heads[..n], ends: &ends[..n], heap, children, bare })
    }
}
