//! Following a path through one record, without a view of it.
//!
//! A view knows where each part of a record begins. A look-up needs only some of the parts, so it
//! reads the record once from front to back, in words, and skips what it does not need. On words a
//! look-up thereby takes a quarter of the instructions.

use super::layout::{BARE, HEAD_MASK, OWN, children, lengths};
use crate::bytes::{equal, starts_with};

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

/// A bit of a bitset of `len` bytes, the number of ones before it, and that of all ones.
#[inline(always)]
fn bit_of_set(bytes: &[u8], at: usize, len: usize, bit: usize) -> (bool, usize, usize) {
    if len <= 4 {
        let bits = word(bytes, at) & ((1 << (8 * len)) - 1);
        let before = bits & ((1 << bit) - 1);
        return (bits >> bit & 1 != 0, before.count_ones() as usize, bits.count_ones() as usize);
    }
    let (mut before, mut all, mut is_set) = (0, 0, false);
    for i in 0..len.div_ceil(8) {
        let left = len - 8 * i;
        let bits = word(bytes, at + 8 * i) & if left < 8 { (1 << (8 * left)) - 1 } else { !0 };
        if bit / 64 == i {
            is_set = bits >> (bit % 64) & 1 != 0;
            before = all + (bits & ((1 << (bit % 64)) - 1)).count_ones() as usize;
        }
        all += bits.count_ones() as usize;
    }
    (is_set, before, all)
}

/// The sum of the first `len` half bytes at `at`.
#[inline(always)]
fn sum_of_nibbles(bytes: &[u8], at: usize, len: usize) -> usize {
    const HALVES: u64 = 0x0f0f_0f0f_0f0f_0f0f;
    let mut sum = 0;
    let mut i = 0;
    while i < len {
        let left = len - i;
        let word = word(bytes, at + i / 2) & if left < 16 { (1 << (4 * left)) - 1 } else { !0 };
        let sums = (word & HALVES) + (word >> 4 & HALVES);
        sum += (sums.wrapping_mul(0x0101_0101_0101_0101) >> 56) as usize;
        i += 16;
    }
    sum
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

    /// Where the rest of an entry begins in the heap, and its length.
    #[inline(always)]
    fn rest(self, bytes: &[u8], entry: usize) -> (usize, usize) {
        let Self { form, at } = self;
        if form == lengths::NIBBLES {
            let len = word(bytes, at + entry / 2) as u8 >> (4 * (entry % 2)) & 15;
            return (sum_of_nibbles(bytes, at, entry), len as usize);
        }
        let start = if entry == 0 { 0 } else { end_of_rest(bytes, at, form, entry - 1) };
        (start, end_of_rest(bytes, at, form, entry).saturating_sub(start))
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
        let (is_set, before, _) = bit_of_set(bytes, heads, 32, head as usize);
        if !is_set {
            return Some(Found::Nothing);
        }
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
    loop {
        let (is_child, children_before, child_count) = match which {
            children::NONE => (false, 0, 0),
            children::ALL => (true, entry, len),
            children::SOME => bit_of_set(bytes, child_bits, bitset, entry),
            _ => return None,
        };
        let heap = distances + child_count * width;
        let rest = if lengths.form == lengths::NONE {
            &[]
        } else {
            let (start, len) = lengths.rest(bytes, entry);
            bytes.get(heap + start..)?.get(..len)?
        };
        if is_child && starts_with(below, rest) {
            let distance = word(bytes, distances + children_before * width);
            let unused = 64 - 8 * width;
            let distance = if width == 0 { 0 } else { distance << unused >> unused };
            return Some(Found::Child { distance, used: 1 + rest.len() });
        }
        if !is_child && below.len() == rest.len() && equal(below, rest) {
            let (is_bare, bare_before, _) = match flags & BARE {
                0 => (false, 0, 0),
                _ => bit_of_set(bytes, bare_bits, bitset, entry),
            };
            if is_bare {
                return Some(Found::Nothing);
            }
            let own = (flags & OWN != 0) as usize;
            let number = (entry + own).checked_sub(children_before + bare_before)?;
            return Some(Found::Value { number, values: heap + lengths.heap_len(bytes, len) });
        }
        // In a list several suffixes may have the same head.
        entry += 1;
        let is_next = flags & HEAD_MASK == 0 && entry < len && bytes.get(heads + entry) == Some(&head);
        if !is_next {
            return Some(Found::Nothing);
        }
    }
}
