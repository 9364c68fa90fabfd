//! Views of records: nodes as they lie in bytes.

use super::layout::{
    BARE, HAS_LONG, HEAD_MASK, LIST_LEN, Layout, OWN, Unread, children, lengths, number, sum_count,
};
use super::parts::Parts;
use crate::bytes::ByteMask;
use crate::file::error::Damage;

/// A node's record, as it lies in the bytes of a file.
///
/// Entries are numbered from 0 in the order of their suffixes, children and values from 0 in the
/// order of their entries. Methods that are given a number that is not there return nothing, an
/// empty rest or an error; none of them panics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// The record, from its first byte to its last.
    pub(super) bytes: &'a [u8],
    /// The offset of the record in the file.
    offset: u64,
    pub(super) layout: Layout,
    pub(super) flags: u8,
    /// The second byte.
    pub(super) second: u8,
    /// The number of entries.
    len: u16,
    /// Bit `i` is set iff entry `i` of a list shares bytes with the one before.
    pub(super) shares: u32,
    /// The width of each child's distance.
    width: u8,
    /// Where each part begins in `bytes`.
    pub(super) child_bits: u16,
    pub(super) bare_bits: u16,
    pub(super) lengths: u16,
    distances: u16,
    pub(super) heap: usize,
    pub(super) values: u32,
    child_count: u16,
    value_count: u16,
}

/// The end of an entry, with the number of its child or value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The entry leads to [`Record::child`] of this number.
    Child(usize),
    /// The entry has the value [`Record::value`] of this number.
    Value(usize),
    /// The entry is a dangling path.
    Bare,
}

/// The bytes of a value, or where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// The value lies in the record.
    Here(&'a [u8]),
    /// The value lies in a record of its own, at this offset; see
    /// [`long_value`](super::long_value).
    At(u64),
}

/// The bits in at most 32 bytes.
#[inline]
pub(super) fn bits(bytes: &[u8]) -> [u64; 4] {
    if bytes.len() <= 8 {
        return [number(bytes), 0, 0, 0];
    }
    let mut words = [[0; 8]; 4];
    words.as_flattened_mut()[..bytes.len()].copy_from_slice(bytes);
    words.map(u64::from_le_bytes)
}

/// The numbers of ones in the first one, two, three and four words.
#[inline]
fn ones_in_first(words: [u64; 4]) -> [u16; 4] {
    let mut ones = 0;
    words.map(|word| {
        ones += word.count_ones() as u16;
        ones
    })
}

/// The number of ones in at most 32 bytes.
#[inline]
fn count_ones(bytes: &[u8]) -> usize {
    bits(bytes).iter().map(|word| word.count_ones() as usize).sum()
}

/// The sum of the sixteen half bytes of a word.
#[inline]
pub(super) fn sum_of_nibbles(word: u64) -> usize {
    const LOW: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    // Eight sums of two nibbles each are at most 240, so the product's highest byte is their sum.
    let sums = (word & LOW) + (word >> 4 & LOW);
    (sums.wrapping_mul(0x0101_0101_0101_0101) >> 56) as usize
}

/// The sum of all half bytes.
#[inline]
fn sum_of_lengths(bytes: &[u8]) -> usize {
    let (words, last) = bytes.as_chunks::<8>();
    words.iter().map(|word| sum_of_nibbles(u64::from_le_bytes(*word))).sum::<usize>()
        + sum_of_nibbles(number(last))
}

impl<'a> Record<'a> {
    /// The view of the record at the beginning of `bytes`, which may go on behind it. `offset` is
    /// the place of `bytes` in the file.
    ///
    /// # Errors
    /// Fails if the bytes are not those of a node's record, or end before it does.
    ///
    /// # Complexity
    /// O(1).
    #[inline]
    pub(crate) fn read(bytes: &'a [u8], offset: u64, layout: Layout) -> Result<Self, Unread> {
        let mut record = Self {
            bytes,
            offset,
            layout,
            flags: 0,
            second: 0,
            len: 0,
            shares: 0,
            width: 0,
            child_bits: 0,
            bare_bits: 0,
            lengths: 0,
            distances: 0,
            heap: 0,
            values: 0,
            child_count: 0,
            value_count: 0,
        };
        let mut parts = Parts { bytes, at: 0 };
        record.read_heads(&mut parts)?;
        record.read_ends(&mut parts)?;
        let heap_len = record.read_rests(&mut parts)?;
        if layout.size.is_some() {
            record.read_column(&mut parts)?;
        }
        record.heap = parts.next(heap_len)?.0;
        if layout.size.is_none() && record.value_count > 0 {
            record.read_values(&mut parts)?;
        }
        record.bytes = &bytes[..parts.at];
        Ok(record)
    }

    /// The damage in a list at the bytes that entries share.
    #[cold]
    pub(super) fn damage_of(&self, expected: &'static str, found: usize) -> Damage {
        self.damage(self.heads_at(), expected).found(found as u64)
    }

    /// The damage at a byte of the record.
    #[cold]
    pub(super) fn damage(&self, at: usize, expected: &'static str) -> Damage {
        Damage::new(self.offset + at as u64, expected)
    }

    /// Reads the part up to the heads.
    #[inline]
    fn read_heads(&mut self, parts: &mut Parts<'a>) -> Result<(), Unread> {
        let (_, first) = parts.next(2)?;
        let (flags, second) = (first[0], first[1]);
        (self.flags, self.second) = (flags, second);
        if flags & 0x80 != 0 {
            return Err(self.damage(0, "a node").found(flags).into());
        }
        let len = match (self.has_mask(), second) {
            (true, 0) => 256,
            (true, _) => second as usize,
            (false, _) => (second & LIST_LEN) as usize,
        };
        self.len = len as u16;
        if len > 32 && !self.has_mask() {
            return Err(self.damage(1, "at most 32 entries without a mask").found(len as u64).into());
        }
        if flags & children::MASK != children::NONE {
            self.width = parts.next(1)?.1[0];
            if !(1..=8).contains(&self.width) {
                return Err(self.damage(2, "a width from 1 to 8").found(self.width).into());
            }
        }
        if flags & children::MASK == children::SOME {
            self.child_count = parts.next(1)?.1[0].into();
        }
        if !self.has_mask() {
            return self.read_steps(parts);
        }
        let (at, heads) = parts.next(32)?;
        let ones = ones_in_first(bits(heads));
        if ones[3] as usize != len {
            return Err(self.damage(at, "as many heads as entries").found(ones[3] as u64).into());
        }
        let (at, counts) = parts.next(3)?;
        if counts.iter().zip(ones).any(|(&count, ones)| u16::from(count) != ones) {
            return Err(self.damage(at, "the numbers of heads").into());
        }
        Ok(())
    }

    /// Reads the bits that tell the ends of the entries.
    #[inline]
    fn read_ends(&mut self, parts: &mut Parts<'a>) -> Result<(), Unread> {
        let (len, flags) = (self.entry_count(), self.flags);
        self.child_count = match flags & children::MASK {
            children::NONE => 0,
            children::ALL => len as u16,
            children::SOME => {
                let (at, part) = parts.next(len.div_ceil(8))?;
                self.child_bits = at as u16;
                let ones = ones_in_first(bits(part));
                if ones[3] != self.child_count {
                    let damage = self.damage(3, "the number of children");
                    return Err(damage.found(u64::from(self.child_count)).into());
                }
                if self.has_mask() {
                    let (at, counts) = parts.next(3)?;
                    if counts.iter().zip(ones).any(|(&count, ones)| u16::from(count) != ones) {
                        return Err(self.damage(at, "the numbers of children").into());
                    }
                }
                ones[3]
            }
            _ => return Err(self.damage(0, "no, all or some children").found(flags).into()),
        };
        let mut bare_count = 0;
        if flags & BARE != 0 {
            let (at, part) = parts.next(len.div_ceil(8))?;
            self.bare_bits = at as u16;
            bare_count = count_ones(part);
        }
        let own = self.has_own() as usize;
        if self.child_count() + bare_count > len || len + own == 0 {
            return Err(self.damage(0, "entries, and one end for each of them").found(flags).into());
        }
        self.value_count = (len + own - self.child_count() - bare_count) as u16;
        Ok(())
    }

    /// Reads the lengths of the rests and the distances; returns the length of the heap.
    #[inline]
    fn read_rests(&mut self, parts: &mut Parts<'a>) -> Result<usize, Unread> {
        let len = self.entry_count();
        let (lengths, heap_len) = match self.flags & lengths::MASK {
            lengths::NONE => (0, 0),
            lengths::NIBBLES => {
                let (at, part) = parts.next(len.div_ceil(2))?;
                let (sums_at, sums) = parts.next(2 * sum_count(len, self.has_mask()))?;
                let mut end = 0;
                for (block, &sum) in part.chunks(16).zip(sums.as_chunks::<2>().0) {
                    end += sum_of_lengths(block);
                    if u16::from_le_bytes(sum) as usize != end {
                        return Err(self.damage(sums_at, "the sums of lengths").into());
                    }
                }
                (at, sum_of_lengths(part))
            }
            lengths::ENDS_1 => {
                let (at, part) = parts.next(len)?;
                (at, part.last().map_or(0, |&end| end as usize))
            }
            _ => {
                let (at, part) = parts.next(2 * len)?;
                (at, part.last_chunk().map_or(0, |&end| u16::from_le_bytes(end) as usize))
            }
        };
        self.lengths = lengths as u16;
        self.distances = parts.next(self.child_count() * self.width as usize)?.0 as u16;
        Ok(heap_len)
    }

    /// Finds where the values of a fixed size begin and end.
    #[inline]
    fn read_column(&mut self, parts: &mut Parts<'a>) -> Result<(), Unread> {
        let count = self.value_count();
        if count == 0 {
            return Ok(());
        }
        parts.next(self.layout.padding(self.offset + parts.at as u64))?;
        let len = self.layout.size.unwrap_or(0).checked_mul(count);
        let len = len.ok_or(Damage::new(self.offset, "values that fit into memory"))?;
        self.values = parts.next(len)?.0 as u32;
        Ok(())
    }

    /// Finds where the values that have lengths begin and end.
    #[inline]
    fn read_values(&mut self, parts: &mut Parts<'a>) -> Result<(), Unread> {
        let count = self.value_count();
        let (start, first) = parts.next(1)?;
        let width = (first[0] & !HAS_LONG) as usize;
        if !(1..=4).contains(&width) {
            let damage = Damage::new(self.offset + start as u64, "a width from 1 to 4");
            return Err(damage.found(first[0]).into());
        }
        let (_, ends) = parts.next(width * count)?;
        if first[0] & HAS_LONG != 0 {
            parts.next(count.div_ceil(8))?;
        }
        parts.next(number(&ends[ends.len() - width..]) as usize)?;
        self.values = start as u32;
        Ok(())
    }

    /// The view without the bytes, which [`attach`](Self::attach) adds again, and the length of
    /// the record.
    #[inline]
    pub(crate) fn detach(self) -> (Record<'static>, usize) {
        (Record { bytes: &[], ..self }, self.bytes.len())
    }

    /// The view of a record from a [detached](Self::detach) one; `bytes` are those of the record.
    #[inline]
    pub(crate) fn attach<'b>(&self, bytes: &'b [u8]) -> Record<'b> {
        Record { bytes, ..*self }
    }

    /// The offset of the record in the file.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The length of the record in bytes.
    #[inline]
    pub(crate) fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    /// The number of entries, at most 256.
    #[inline]
    pub(crate) fn entry_count(&self) -> usize {
        self.len as usize
    }

    /// The number of children.
    #[inline]
    pub(crate) fn child_count(&self) -> usize {
        self.child_count as usize
    }

    /// The number of values, with the node's own.
    #[inline]
    pub(crate) fn value_count(&self) -> usize {
        self.value_count as usize
    }

    /// True iff the first value is that of the node's own location.
    #[inline]
    pub(crate) fn has_own(&self) -> bool {
        self.flags & OWN != 0
    }

    /// True iff all suffixes have one byte.
    #[inline]
    pub(crate) fn is_flat(&self) -> bool {
        self.flags & lengths::MASK == lengths::NONE
    }

    /// True iff the heads are a mask, so that each head belongs to one entry.
    #[inline]
    pub(crate) fn has_mask(&self) -> bool {
        self.flags & HEAD_MASK != 0
    }

    /// Where the heads begin. Before them are the width if there are children, and the number of
    /// children if it is not that of the entries.
    #[inline]
    pub(super) fn heads_at(&self) -> usize {
        2 + ((self.flags & children::MASK) >> 4) as usize
    }

    /// The first bytes of all suffixes.
    pub(crate) fn head_mask(&self) -> ByteMask {
        if self.has_mask() {
            return ByteMask(bits(&self.bytes[self.heads_at()..][..32]));
        }
        let first = |entry: &usize| self.is_first(*entry);
        (0..self.entry_count()).filter(first).map(|entry| self.steps()[entry]).collect()
    }

    /// The first byte of a suffix. O(1), but slower if the heads are a mask, or other suffixes have
    /// the same.
    #[inline]
    pub(crate) fn head(&self, entry: usize) -> Option<u8> {
        if entry >= self.entry_count() {
            return None;
        }
        if self.has_mask() {
            return self.head_mask().indexed_bit::<true>(entry);
        }
        // The first entry of the run.
        let firsts = !self.shares & (u32::MAX >> (31 - entry));
        Some(self.steps()[31 - firsts.leading_zeros() as usize])
    }

    /// What follows in a suffix behind its head, or behind the bytes that it shares.
    #[inline]
    pub(crate) fn rest(&self, entry: usize) -> &'a [u8] {
        if self.is_flat() || entry >= self.entry_count() {
            return &[];
        }
        let start = self.rest_start(entry);
        let part = &self.bytes[self.lengths as usize..];
        let end = match self.flags & lengths::MASK {
            lengths::NIBBLES => start + (part[entry / 2] >> (4 * (entry % 2)) & 15) as usize,
            lengths::ENDS_1 => part[entry] as usize,
            _ => u16::from_le_bytes([part[2 * entry], part[2 * entry + 1]]) as usize,
        };
        self.rest_within(start, end)
    }

    /// A part of the heap; nothing if damaged lengths place it outside.
    #[inline]
    fn rest_within(&self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(self.heap + start..self.heap_end().min(self.heap + end)).unwrap_or_default()
    }

    /// Where the rest of an entry begins in the heap, or ends the last one.
    #[inline]
    pub(super) fn rest_start(&self, entry: usize) -> usize {
        let part = &self.bytes[self.lengths as usize..];
        match self.flags & lengths::MASK {
            lengths::NONE => 0,
            lengths::NIBBLES => {
                let before = if entry.is_multiple_of(2) { 0 } else { part[entry / 2] & 15 };
                sum_of_lengths(&part[..entry / 2]) + before as usize
            }
            _ if entry == 0 => 0,
            lengths::ENDS_1 => part[entry - 1] as usize,
            _ => u16::from_le_bytes([part[2 * entry - 2], part[2 * entry - 1]]) as usize,
        }
    }

    /// Where the heap ends.
    #[inline]
    pub(super) fn heap_end(&self) -> usize {
        self.heap_end_in(self.bytes)
    }

    /// Where the heap ends, if `bytes` are those of the record.
    #[inline]
    pub(super) fn heap_end_in(&self, bytes: &[u8]) -> usize {
        match self.layout.size {
            None if self.value_count > 0 => self.values as usize,
            _ => bytes.len(),
        }
    }

    #[inline]
    fn bit(&self, part: u16, entry: usize) -> bool {
        self.bytes[part as usize + entry / 8] >> (entry % 8) & 1 != 0
    }

    /// The number of ones before bit `entry`.
    #[inline]
    fn rank(&self, part: u16, entry: usize) -> usize {
        let part = &self.bytes[part as usize..];
        let last = part.get(entry / 8).map_or(0, |&byte| byte & ((1 << (entry % 8)) - 1));
        count_ones(&part[..entry / 8]) + last.count_ones() as usize
    }

    /// True iff an entry ends in a child.
    #[inline]
    pub(crate) fn is_child(&self, entry: usize) -> bool {
        entry < self.entry_count()
            && match self.flags & children::MASK {
                children::SOME => self.bit(self.child_bits, entry),
                children => children != children::NONE,
            }
    }

    /// True iff an entry ends in nothing.
    #[inline]
    pub(crate) fn is_bare(&self, entry: usize) -> bool {
        entry < self.entry_count() && self.flags & BARE != 0 && self.bit(self.bare_bits, entry)
    }

    /// The number of children before an entry.
    #[inline]
    pub(crate) fn children_before(&self, entry: usize) -> usize {
        let entry = entry.min(self.entry_count());
        match self.flags & children::MASK {
            children::NONE => 0,
            children::SOME => self.rank(self.child_bits, entry),
            _ => entry,
        }
    }

    /// The number of values before that of an entry, among them the node's own.
    #[inline]
    pub(crate) fn values_before(&self, entry: usize) -> usize {
        let entry = entry.min(self.entry_count());
        let bare = if self.flags & BARE == 0 { 0 } else { self.rank(self.bare_bits, entry) };
        // Damaged bits may overlap.
        (entry + self.has_own() as usize).saturating_sub(self.children_before(entry) + bare)
    }

    /// The end of an entry; nothing if there is no such entry.
    #[inline]
    pub(crate) fn end(&self, entry: usize) -> Option<End> {
        if entry >= self.entry_count() {
            return None;
        }
        Some(if self.is_child(entry) {
            End::Child(self.children_before(entry))
        } else if self.is_bare(entry) {
            End::Bare
        } else {
            End::Value(self.values_before(entry))
        })
    }

    /// The offset of a child's record, which lies before this one.
    #[inline]
    pub(crate) fn child(&self, number: usize) -> Result<u64, Damage> {
        if number >= self.child_count() {
            return Err(Damage::new(self.offset, "a child").found(number as u64));
        }
        let (at, width) = (self.distances as usize + number * self.width as usize, self.width as usize);
        self.before(at, &self.bytes[at..at + width])
    }

    /// The offset at a distance that lies at `at`.
    #[inline]
    fn before(&self, at: usize, distance: &[u8]) -> Result<u64, Damage> {
        let distance = self::number(distance);
        match self.offset.checked_sub(distance) {
            Some(offset) if distance > 0 => Ok(offset),
            _ => Err(Damage::new(self.offset + at as u64, "a distance to a record before").found(distance)),
        }
    }

    /// The bytes of a value, or the place of a long one.
    #[inline]
    pub(crate) fn value(&self, number: usize) -> Result<Value<'a>, Damage> {
        let count = self.value_count();
        if number >= count {
            return Err(Damage::new(self.offset, "a value").found(number as u64));
        }
        let start = self.values as usize;
        if let Some(size) = self.layout.size {
            return Ok(Value::Here(&self.bytes[start + number * size..][..size]));
        }
        let (first, ends) = (self.bytes[start], start + 1);
        let width = (first & !HAS_LONG) as usize;
        let end = |i: usize| self::number(&self.bytes[ends + i * width..][..width]) as usize;
        let mut data = ends + count * width;
        let is_long = first & HAS_LONG != 0 && self.bit_at(data, number);
        if first & HAS_LONG != 0 {
            data += count.div_ceil(8);
        }
        let from = if number == 0 { 0 } else { end(number - 1) };
        let value = self.bytes.get(data + from..data + end(number));
        let value = value.ok_or(Damage::new(self.offset + start as u64, "the ends of values in order"))?;
        match is_long {
            false => Ok(Value::Here(value)),
            true if value.len() == 8 => self.before(data + from, value).map(Value::At),
            true => Err(Damage::new(self.offset + (data + from) as u64, "a distance of 8 bytes")),
        }
    }

    #[inline]
    fn bit_at(&self, at: usize, bit: usize) -> bool {
        self.bytes[at + bit / 8] >> (bit % 8) & 1 != 0
    }

    /// The column of values that have a fixed size; nothing if they have lengths.
    #[inline]
    pub(crate) fn value_column(&self) -> Option<&'a [u8]> {
        self.layout.size?;
        if self.value_count == 0 { Some(&[]) } else { Some(&self.bytes[self.values as usize..self.heap]) }
    }
}
