//! Looking up one path in the bytes of a whole file.
//!
//! A look-up passes several nodes, and needs little of each: which entry begins like the path, its
//! rest, and one distance. So it reads only these. A [`Record`] finds out where each part of a
//! node begins and ends.

use super::layout::{BARE, HEAD_MASK, Layout, OWN, Unread, children, lengths, sum_count};
use super::view::{Record, Value, sum_of_nibbles};
use crate::bytes::first_word;
use crate::file::error::Damage;
use crate::node::matching;

/// Where the parts of a node lie in the file, as far as the numbers of its entries and the flags
/// tell it.
struct Front<'a> {
    file: &'a [u8],
    /// Where the record begins.
    at: usize,
    flags: u8,
    /// The number of entries.
    len: usize,
    /// The width of a distance.
    width: usize,
    heads: usize,
    child_bits: usize,
    bare_bits: usize,
    lengths: usize,
    distances: usize,
}

/// The flags of a node whose heads are a mask, and whose children are those of a bitset.
const SOME_OF_MASK: u8 = children::SOME | HEAD_MASK;

/// Where a path leads from the root of a node.
enum Step {
    /// To a child whose record is at this offset, by so many bytes.
    Child(usize, usize),
    /// To the end of an entry that is no child.
    Entry(usize),
    Nothing,
}

/// Eight bytes as a number; zeros stand for those behind the end.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(word) => u64::from_le_bytes(*word),
        None => first_word(bytes.get(at..).unwrap_or_default()),
    }
}

/// The lowest bits of a number.
#[inline]
fn low(word: u64, bits: usize) -> u64 {
    if bits < 64 { word & ((1 << bits) - 1) } else { word }
}

/// Whether a path begins with `len` bytes at `at`.
#[inline]
fn begins(path: &[u8], file: &[u8], at: usize, len: usize) -> bool {
    if path.len() < len {
        return false;
    }
    if len <= 8 {
        return low(first_word(path) ^ word_at(file, at), 8 * len) == 0;
    }
    file.get(at..at.saturating_add(len)).is_some_and(|rest| path.starts_with(rest))
}

impl<'a> Front<'a> {
    /// Reads the beginning of the record at an offset.
    #[inline]
    fn read(file: &'a [u8], at: usize) -> Result<Self, Damage> {
        let word = word_at(file, at);
        let (flags, len, width) = (word as u8, (word >> 8) as u8 as usize, (word >> 16) as u8 as usize);
        let has_mask = flags & HEAD_MASK != 0;
        let len = if has_mask && len == 0 { 256 } else { len };
        let has_children = flags & children::MASK != children::NONE;
        let heads = at + 2 + has_children as usize;
        if flags & 0x80 != 0 || len > 32 && !has_mask || heads >= file.len() || has_children && width > 8 {
            return Err(Damage::new(at as u64, "a node"));
        }
        let bitset = len.div_ceil(8);
        let child_bits = heads + if has_mask { 32 + 3 } else { len };
        let bare_bits = child_bits
            + match flags & (children::MASK | HEAD_MASK) {
                children::SOME => bitset,
                SOME_OF_MASK => bitset + 4,
                _ => 0,
            };
        let lengths = bare_bits + if flags & BARE != 0 { bitset } else { 0 };
        let distances = lengths
            + match flags & lengths::MASK {
                lengths::NONE => 0,
                lengths::NIBBLES => len.div_ceil(2) + 2 * sum_count(len, has_mask),
                lengths::ENDS_1 => len,
                _ => 2 * len,
            };
        Ok(Self { file, at, flags, len, width, heads, child_bits, bare_bits, lengths, distances })
    }

    /// The number of ones among the first `bits` bits of a bitset at `at`, of which the numbers of
    /// ones in its first words are at `counts` if the heads are a mask.
    #[inline]
    fn rank(&self, at: usize, counts: usize, bits: usize) -> usize {
        let word = bits / 64;
        let ones = low(word_at(self.file, at + 8 * word), bits % 64).count_ones() as usize;
        match word {
            0 => ones,
            _ => ones + word_at(self.file, counts + word - 1) as u8 as usize,
        }
    }

    /// The number of children of the first `entries` entries.
    #[inline]
    fn children_before(&self, entries: usize) -> usize {
        match self.flags & children::MASK {
            children::NONE => 0,
            children::SOME => self.rank(self.child_bits, self.child_bits + self.len.div_ceil(8), entries),
            _ => entries,
        }
    }

    /// The number of children.
    #[inline]
    fn child_count(&self) -> usize {
        match self.flags & (children::MASK | HEAD_MASK) {
            SOME_OF_MASK => word_at(self.file, self.child_bits + self.len.div_ceil(8) + 3) as u8 as usize,
            _ => self.children_before(self.len),
        }
    }

    /// The number of bare entries among the first. They are few.
    #[cold]
    fn bare_before(&self, entries: usize) -> usize {
        (0..entries).filter(|&entry| self.bit(self.bare_bits, entry)).count()
    }

    #[inline]
    fn bit(&self, at: usize, entry: usize) -> bool {
        self.file.get(at + entry / 8).is_some_and(|byte| byte >> (entry % 8) & 1 != 0)
    }

    #[inline]
    fn is_child(&self, entry: usize) -> bool {
        match self.flags & children::MASK {
            children::SOME => self.bit(self.child_bits, entry),
            children => children != children::NONE,
        }
    }

    /// Where the heap begins.
    #[inline]
    fn heap(&self, layout: Layout) -> usize {
        let children = self.child_count();
        let end = self.distances + children * self.width;
        let Some(size) = layout.size else { return end };
        let bare = if self.flags & BARE == 0 { 0 } else { self.bare_before(self.len) };
        let own = (self.flags & OWN != 0) as usize;
        match (self.len + own).saturating_sub(children + bare) {
            0 => end,
            values => (end + layout.padding(end as u64)).saturating_add(values.saturating_mul(size)),
        }
    }

    #[inline]
    fn end(&self, entry: usize) -> usize {
        match self.flags & lengths::MASK {
            lengths::ENDS_1 => word_at(self.file, self.lengths + entry) as u8 as usize,
            _ => word_at(self.file, self.lengths + 2 * entry) as u16 as usize,
        }
    }

    /// The sum of the first lengths, which have four bits each.
    #[inline]
    fn sum_of_lengths(&self, entries: usize) -> usize {
        let (block, left) = (entries / 32, 4 * (entries % 32));
        let at = self.lengths + 16 * block;
        let mut sum = sum_of_nibbles(low(word_at(self.file, at), left));
        if left > 64 {
            sum += sum_of_nibbles(low(word_at(self.file, at + 8), left - 64));
        }
        if block > 0 {
            let sums = self.lengths + self.len.div_ceil(2);
            sum += word_at(self.file, sums + 2 * (block - 1)) as u16 as usize;
        }
        sum
    }

    /// Where the rest of an entry begins in the heap, and its length.
    #[inline]
    fn rest(&self, entry: usize) -> (usize, usize) {
        match self.flags & lengths::MASK {
            lengths::NONE => (0, 0),
            lengths::NIBBLES => {
                let byte = word_at(self.file, self.lengths + entry / 2) as usize;
                (self.sum_of_lengths(entry), byte >> (4 * (entry % 2)) & 15)
            }
            _ => {
                let start = if entry == 0 { 0 } else { self.end(entry - 1) };
                (start, self.end(entry).saturating_sub(start))
            }
        }
    }

    /// The step to an entry, if the path leads there; it begins with the entry's head.
    #[inline]
    fn step_to(&self, entry: usize, rest: &[u8], layout: Layout) -> Result<Option<Step>, Damage> {
        let (start, len) = self.rest(entry);
        let is_here = len == 0 || begins(rest, self.file, self.heap(layout).saturating_add(start), len);
        if !is_here {
            return Ok(None);
        }
        if self.is_child(entry) {
            let at = self.distances + self.children_before(entry) * self.width;
            let distance = low(word_at(self.file, at), 8 * self.width) as usize;
            return match self.at.checked_sub(distance) {
                Some(child) if distance > 0 => Ok(Some(Step::Child(child, 1 + len))),
                _ => Err(Damage::new(at as u64, "a distance to a record before").found(distance as u64)),
            };
        }
        Ok((rest.len() == len).then_some(Step::Entry(entry)))
    }

    /// Where a path leads from the root of the node.
    #[inline]
    fn step(&self, head: u8, rest: &[u8], layout: Layout) -> Result<Step, Damage> {
        if self.flags & HEAD_MASK != 0 {
            if !self.bit(self.heads, head as usize) {
                return Ok(Step::Nothing);
            }
            let entry = self.rank(self.heads, self.heads + 32, head as usize);
            return Ok(self.step_to(entry, rest, layout)?.unwrap_or(Step::Nothing));
        }
        let sixteen = |at: usize| match self.file.get(at..).and_then(<[u8]>::first_chunk) {
            Some(heads) => matching(*heads, head),
            None => 0, // a commit has more bytes, so no node is so near to the end of a whole file
        };
        let mut hits = sixteen(self.heads);
        if self.len > 16 {
            hits |= sixteen(self.heads + 16) << 16;
        }
        let mut hits = low(hits.into(), self.len);
        while hits != 0 {
            if let Some(step) = self.step_to(hits.trailing_zeros() as usize, rest, layout)? {
                return Ok(step);
            }
            hits &= hits - 1;
        }
        Ok(Step::Nothing)
    }

    /// The value of an entry that is no child, or the node's own without an entry.
    #[inline]
    fn value(&self, entry: Option<usize>, layout: Layout) -> Result<Option<Value<'a>>, Damage> {
        let own = (self.flags & OWN != 0) as usize;
        let value = match entry {
            None if own == 0 => return Ok(None),
            None => 0,
            Some(entry) => {
                let mut before = self.children_before(entry);
                if self.flags & BARE != 0 {
                    if self.bit(self.bare_bits, entry) {
                        return Ok(None);
                    }
                    before += self.bare_before(entry);
                }
                (own + entry).saturating_sub(before)
            }
        };
        let Some(size) = layout.size else {
            // The lengths of values are read with all of the record.
            let record = Record::read(&self.file[self.at..], self.at as u64, layout);
            return record
                .map_err(|unread: Unread| unread.at_the_end(self.at as u64))?
                .value(value)
                .map(Some);
        };
        let end = self.distances + self.child_count() * self.width;
        let start = (end + layout.padding(end as u64)).saturating_add(value.saturating_mul(size));
        match self.file.get(start..start.saturating_add(size)) {
            Some(bytes) => Ok(Some(Value::Here(bytes))),
            None => Err(Damage::new(self.file.len() as u64, "the bytes of a value")),
        }
    }
}

/// Looks up a path below the node whose record is at `root`, in the bytes of a whole file.
///
/// # Errors
/// Fails if damaged bytes are met. Damage elsewhere is not found, and damage that makes other
/// records of these is not noticed.
///
/// # Complexity
/// O(path).
#[inline]
pub(crate) fn value_at<'a>(
    file: &'a [u8],
    root: u64,
    layout: Layout,
    mut path: &[u8],
) -> Result<Option<Value<'a>>, Damage> {
    let mut at = usize::try_from(root).map_err(|_| Damage::new(root, "an offset in the file"))?;
    loop {
        let node = Front::read(file, at)?;
        let Some((&head, rest)) = path.split_first() else { return node.value(None, layout) };
        match node.step(head, rest, layout)? {
            Step::Child(child, used) => (at, path) = (child, &path[used..]),
            Step::Entry(entry) => return node.value(Some(entry), layout),
            Step::Nothing => return Ok(None),
        }
    }
}
