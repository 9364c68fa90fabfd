//! Following a path through one record, without a view of it.
//!
//! A view knows where each part of a record begins. A look-up needs only some of the parts, so it
//! reads the record once from front to back, in words, and skips what it does not need. On words a
//! look-up thereby takes a quarter of the instructions.

use super::layout::{BARE, HEAD_MASK, OWN, children, lengths};
use crate::bytes::equal;

/// Where a path leads from the root of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// To the root of a child's record, after `used` bytes.
    Child { distance: u64, used: usize },
    /// To the value with this number. The values begin at or after `values` bytes of the record.
    Value { number: usize, values: usize },
    /// To no value.
    Nothing,
}

/// The eight bytes at `at`. Bytes that are not there are zeros.
#[inline(always)]
fn word(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(word) => u64::from_le_bytes(*word),
        None => last_word(bytes, at),
    }
}

#[cold]
fn last_word(bytes: &[u8], at: usize) -> u64 {
    super::layout::number(bytes.get(at..).unwrap_or_default())
}

/// The first entry at or after `from` whose head is `head`, among `len` heads at `at`.
#[inline(always)]
fn find_head(bytes: &[u8], at: usize, len: usize, head: u8) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    let mut i = 0;
    while i < len {
        let other = word(bytes, at + i) ^ LOW * u64::from(head);
        // The lowest bit that is set belongs to the first byte that is zero.
        let zeros = other.wrapping_sub(LOW) & !other & LOW << 7;
        if zeros != 0 {
            return Some(i + zeros.trailing_zeros() as usize / 8).filter(|&entry| entry < len);
        }
        i += 8;
    }
    None
}

/// True iff a bit of the bitset at `at` is set.
#[inline(always)]
fn has_bit(bytes: &[u8], at: usize, bit: usize) -> Option<bool> {
    bytes.get(at + bit / 8).map(|byte| byte >> (bit % 8) & 1 != 0)
}

/// The number of ones among the first `len` bits of the bitset at `at`.
#[inline(always)]
fn count_ones(bytes: &[u8], at: usize, len: usize) -> usize {
    let mut ones = 0;
    let mut i = 0;
    while i + 64 <= len {
        ones += word(bytes, at + i / 8).count_ones();
        i += 64;
    }
    if i < len {
        ones += (word(bytes, at + i / 8) & ((1 << (len - i)) - 1)).count_ones();
    }
    ones as usize
}

/// The sum of the first `len` half bytes at `at`.
#[inline(always)]
fn sum_of_nibbles(bytes: &[u8], at: usize, len: usize) -> usize {
    const HALVES: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    let pairs = |word: u64| (word & HALVES) + (word >> 4 & HALVES);
    let mut sum = 0;
    let whole = len & !15;
    if whole > 0 {
        sum = sum_of_many(bytes.get(at..at + whole / 2).unwrap_or_default());
    }
    if len > whole {
        let word = word(bytes, at + whole / 2) & ((1 << (4 * (len - whole))) - 1);
        sum += (pairs(word).wrapping_mul(0x0101_0101_0101_0101) >> 56) as usize;
    }
    sum
}

/// The sum of all half bytes.
fn sum_of_many(bytes: &[u8]) -> usize {
    const HALVES: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    // Eight sums of two half bytes fit a byte.
    bytes.as_chunks::<8>().0.chunks(8).fold(0, |sum, words| {
        let sums = words.iter().fold(0, |sums, word| {
            let word = u64::from_le_bytes(*word);
            sums + (word & HALVES) + (word >> 4 & HALVES)
        });
        let wide = (sums & EVEN) + (sums >> 8 & EVEN);
        sum + (wide.wrapping_mul(0x0001_0001_0001_0001) >> 48) as usize
    })
}

/// The end of a rest in the heap, where ends are given in one or two bytes.
#[inline(always)]
fn end_of_rest(bytes: &[u8], at: usize, form: u8, entry: usize) -> usize {
    match form {
        lengths::ENDS_1 => word(bytes, at + entry) as u8 as usize,
        _ => word(bytes, at + 2 * entry) as u16 as usize,
    }
}

/// The lengths of the rests: their form, and where they begin.
#[derive(Clone, Copy)]
struct Lengths {
    form: u8,
    at: usize,
}

impl Lengths {
    /// The number of bytes of all lengths.
    #[inline(always)]
    fn byte_len(self, len: usize) -> usize {
        match self.form {
            lengths::NONE => 0,
            lengths::NIBBLES => len.div_ceil(2),
            lengths::ENDS_1 => len,
            _ => 2 * len,
        }
    }

    /// The length of the rest of an entry.
    #[inline(always)]
    fn rest_len(self, bytes: &[u8], entry: usize) -> usize {
        match self.form {
            lengths::NONE => 0,
            lengths::NIBBLES => {
                let pair = bytes.get(self.at + entry / 2).copied().unwrap_or(0);
                (pair >> (4 * (entry % 2)) & 15) as usize
            }
            form => {
                let end = end_of_rest(bytes, self.at, form, entry);
                end.saturating_sub(self.rest_start(bytes, entry))
            }
        }
    }

    /// Where the rest of an entry begins in the heap.
    #[inline(always)]
    fn rest_start(self, bytes: &[u8], entry: usize) -> usize {
        match self.form {
            lengths::NONE => 0,
            lengths::NIBBLES => sum_of_nibbles(bytes, self.at, entry),
            _ if entry == 0 => 0,
            form => end_of_rest(bytes, self.at, form, entry - 1),
        }
    }

    /// The length of the heap.
    #[inline(always)]
    fn heap_len(self, bytes: &[u8], len: usize) -> usize {
        match self.form {
            lengths::NONE => 0,
            lengths::NIBBLES => sum_of_nibbles(bytes, self.at, len),
            form => end_of_rest(bytes, self.at, form, len - 1),
        }
    }
}

/// Where `path` leads from the root of the record that begins with `bytes`. The path is not empty.
///
/// Returns `None` if the record violates the format in a way that shows. What it returns for other
/// records that violate the format is unspecified; in particular the distance may be too large.
///
/// # Complexity
/// O(1) if few suffixes have the same head, otherwise O(bytes of the node).
#[inline(always)]
pub(crate) fn find(bytes: &[u8], path: &[u8]) -> Option<Found> {
    let (&head, below) = path.split_first()?;
    let first = word(bytes, 0);
    let (flags, mut len) = (first as u8, (first >> 8) as u8 as usize);
    if flags & 0x80 != 0 {
        return None;
    }
    let which = flags & children::MASK;
    let has_children = which != children::NONE;
    let width = if has_children { (first >> 16) as u8 as usize } else { 0 };
    let heads = 2 + has_children as usize;
    let (mut entry, mut at);
    if flags & HEAD_MASK != 0 {
        len = if len == 0 { 256 } else { len };
        if !has_bit(bytes, heads, head as usize)? {
            return Some(Found::Nothing);
        }
        let before = if len == 256 { head as usize } else { count_ones(bytes, heads, head as usize) };
        (entry, at) = (before, heads + 32);
    } else {
        if len > 32 {
            return None;
        }
        match find_head(bytes, heads, len, head) {
            Some(found) => (entry, at) = (found, heads + len),
            None => return Some(Found::Nothing),
        }
    }
    if entry >= len || width > 8 {
        return None;
    }
    let bitset = len.div_ceil(8);
    let child_bits = at;
    if which == children::SOME {
        at += bitset;
    }
    let bare_bits = at;
    if flags & BARE != 0 {
        at += bitset;
    }
    let lengths = Lengths { form: flags & lengths::MASK, at };
    let distances = at + lengths.byte_len(len);
    // Counted only if a rest or a value is needed.
    let heap = || {
        let count = match which {
            children::NONE => 0,
            children::ALL => len,
            _ => count_ones(bytes, child_bits, 8 * bitset),
        };
        distances + count * width
    };
    let children_before = |entry| match which {
        children::NONE => 0,
        children::ALL => entry,
        _ => count_ones(bytes, child_bits, entry),
    };
    loop {
        let is_child = match which {
            children::NONE => false,
            children::ALL => true,
            children::SOME => has_bit(bytes, child_bits, entry)?,
            _ => return None,
        };
        let rest_len = lengths.rest_len(bytes, entry);
        let is_equal = (if is_child { rest_len <= below.len() } else { rest_len == below.len() })
            && (rest_len == 0 || {
                let rest = bytes.get(heap() + lengths.rest_start(bytes, entry)..)?.get(..rest_len)?;
                equal(&below[..rest_len], rest)
            });
        if is_equal && is_child {
            let distance = word(bytes, distances + children_before(entry) * width);
            let unused = 64 - 8 * width;
            let distance = if width == 0 { 0 } else { distance << unused >> unused };
            return Some(Found::Child { distance, used: 1 + rest_len });
        }
        if is_equal {
            let mut bare_before = 0;
            if flags & BARE != 0 {
                if has_bit(bytes, bare_bits, entry)? {
                    return Some(Found::Nothing);
                }
                bare_before = count_ones(bytes, bare_bits, entry);
            }
            let own = (flags & OWN != 0) as usize;
            let number = (entry + own).checked_sub(children_before(entry) + bare_before)?;
            return Some(Found::Value { number, values: heap() + lengths.heap_len(bytes, len) });
        }
        // In a list several suffixes may have the same head.
        entry += 1;
        let is_next = flags & HEAD_MASK == 0 && entry < len && bytes.get(heads + entry) == Some(&head);
        if !is_next {
            return Some(Found::Nothing);
        }
    }
}
