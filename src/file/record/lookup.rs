//! Looking up one path in the bytes of a whole file.
//!
//! A look-up passes several nodes, and needs little of each: which entry begins like the path, its
//! rest, and one distance. So it reads only these. A [`Record`] finds out where each part of a
//! node begins and ends.
//!
//! In a list, several entries may begin with the byte that is looked for. They are passed in order.
//! If an entry shares more bytes with the one before than that has in common with the path, it has
//! no more in common either; and if it shares fewer, it is greater than the path, and the search
//! ends. So most are passed by their steps, without a look at the heap, and each byte of the path
//! is compared about once.

use super::layout::{
    BARE, HEAD_MASK, LIST_LEN, Layout, OWN, SHARES, Unread, WIDE_STEPS, children, lengths, sum_count,
};
use super::view::{Record, Value, sum_of_nibbles};
use crate::bytes::{common_prefix, equal, first_word};
use crate::file::error::Damage;
use crate::node::matching;

/// Eight bytes as a number, or 0 if they are not there. A commit is longer, so no node of a whole
/// file is so near to its end.
#[inline]
fn word_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(word) => u64::from_le_bytes(*word),
        None => 0,
    }
}

/// The lowest bits of a number.
#[inline]
fn low(word: u64, bits: usize) -> u64 {
    if bits < 64 { word & ((1 << bits) - 1) } else { word }
}

/// The path that is looked up.
struct Query<'q> {
    path: &'q [u8],
    /// The last eight bytes of the path, in a word of which they are the highest bytes.
    tail: u64,
}

impl<'q> Query<'q> {
    #[inline]
    fn new(path: &'q [u8]) -> Self {
        let tail = match path.last_chunk() {
            Some(last) => u64::from_le_bytes(*last),
            None => (first_word(path) << 1) << (63 - 8 * path.len()),
        };
        Self { path, tail }
    }

    /// Eight bytes as a number; zeros stand for those behind the end. `at` is not behind the end.
    #[inline]
    fn word(&self, at: usize) -> u64 {
        match self.path.get(at..).and_then(<[u8]>::first_chunk) {
            Some(word) => u64::from_le_bytes(*word),
            None => (self.tail >> 1) >> (63 - 8 * ((self.path.len() - at) & 7)),
        }
    }
}

/// The beginning of a node's record, which tells where the other parts are. `MASK` tells whether
/// the heads are a mask. What is not needed is not computed.
#[derive(Clone, Copy)]
struct Front<'a, const MASK: bool> {
    /// The file from the record on.
    record: &'a [u8],
    /// Where the record begins in the file.
    at: usize,
    /// The first eight bytes of the record.
    first: u64,
    /// The number of entries.
    len: usize,
}

/// Where a path leads from the root of a node.
enum Step<'a> {
    /// To a child whose record is at this distance, by so many bytes.
    Child(usize, usize),
    Value(Value<'a>),
    Nothing,
    Damaged(Damage),
}

/// The rest of an entry.
#[derive(Clone, Copy)]
struct Rest {
    /// Where it begins in the heap.
    start: usize,
    len: usize,
}

impl<'a, const MASK: bool> Front<'a, MASK> {
    #[inline]
    fn flags(&self) -> u8 {
        self.first as u8
    }

    /// Which entries end in a child.
    #[inline]
    fn children(&self) -> u8 {
        self.flags() & children::MASK
    }

    /// The width of a distance, if there are children.
    #[inline]
    fn width(&self) -> usize {
        (self.first >> 16) as u8 as usize
    }

    #[inline]
    fn child_count(&self) -> usize {
        match self.children() {
            children::NONE => 0,
            children::SOME => (self.first >> 24) as u8 as usize,
            _ => self.len,
        }
    }

    #[inline]
    fn own(&self) -> usize {
        (self.flags() & OWN != 0) as usize
    }

    /// Where the heads begin. Before them are the width if there are children, and the number of
    /// children if it is not that of the entries.
    #[inline]
    fn heads(&self) -> usize {
        2 + (self.children() >> 4) as usize
    }

    /// The second byte.
    #[inline]
    fn second(&self) -> u8 {
        (self.first >> 8) as u8
    }

    /// Where the bitset of the entries that share bytes is in a list, if there is one.
    #[inline]
    fn share_bits(&self) -> usize {
        self.heads() + if self.second() & WIDE_STEPS == 0 { self.len } else { 2 * self.len }
    }

    #[inline]
    fn child_bits(&self) -> usize {
        if MASK {
            return self.heads() + 32 + 3;
        }
        self.share_bits() + if self.second() & SHARES == 0 { 0 } else { self.len.div_ceil(8) }
    }

    #[inline]
    fn bare_bits(&self) -> usize {
        let some = self.len.div_ceil(8) + if MASK { 3 } else { 0 };
        self.child_bits() + if self.children() == children::SOME { some } else { 0 }
    }

    #[inline]
    fn lengths(&self) -> usize {
        self.bare_bits() + if self.flags() & BARE != 0 { self.len.div_ceil(8) } else { 0 }
    }

    #[inline]
    fn distances(&self) -> usize {
        self.lengths()
            + match self.flags() & lengths::MASK {
                lengths::NONE => 0,
                lengths::NIBBLES => self.len.div_ceil(2) + 2 * sum_count(self.len, MASK),
                lengths::ENDS_1 => self.len,
                _ => 2 * self.len,
            }
    }

    /// The number of values.
    #[inline]
    fn value_count(&self) -> usize {
        let bare = if self.flags() & BARE == 0 { 0 } else { self.bare_before(self.len) };
        // Damaged numbers may exceed each other.
        (self.len + self.own()).saturating_sub(self.child_count() + bare)
    }

    /// Where values of a fixed size begin behind the distances.
    #[inline]
    fn column(&self, layout: Layout) -> usize {
        let end = self.distances() + self.child_count() * self.width();
        end + layout.padding((self.at + end) as u64)
    }

    /// Where the heap begins.
    #[inline]
    fn heap(&self, layout: Layout) -> usize {
        match (layout.size, self.value_count()) {
            (None, _) | (_, 0) => self.distances() + self.child_count() * self.width(),
            (Some(size), values) => self.column(layout).saturating_add(values.saturating_mul(size)),
        }
    }

    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.record.get(at).copied().unwrap_or(0)
    }

    #[inline]
    fn bit(&self, at: usize, entry: usize) -> bool {
        self.byte(at + entry / 8) >> (entry % 8) & 1 != 0
    }

    /// The number of ones among the first `bits` bits of a bitset at `at`. If the heads are a mask,
    /// the numbers of ones in the first words of the bitset are at `counts`.
    #[inline]
    fn rank(&self, at: usize, counts: usize, bits: usize) -> usize {
        if !MASK {
            return (low(word_at(self.record, at), bits) as u32).count_ones() as usize;
        }
        let word = bits / 64;
        let ones = low(word_at(self.record, at + 8 * word), bits % 64).count_ones() as usize;
        ones + if word == 0 { 0 } else { self.byte(counts + word - 1) as usize }
    }

    /// The number of children of the first entries.
    #[inline]
    fn children_before(&self, entries: usize) -> usize {
        match self.children() {
            children::NONE => 0,
            children::SOME => self.rank(self.child_bits(), self.child_bits() + self.len.div_ceil(8), entries),
            _ => entries,
        }
    }

    /// The number of bare entries among the first. They are few.
    #[cold]
    fn bare_before(&self, entries: usize) -> usize {
        (0..entries).filter(|&entry| self.bit(self.bare_bits(), entry)).count()
    }

    #[inline]
    fn is_child(&self, entry: usize) -> bool {
        match self.children() {
            children::NONE => false,
            children::SOME => self.bit(self.child_bits(), entry),
            _ => true,
        }
    }

    /// Where the rest of an entry ends, if the lengths are ends of two bytes or, otherwise, of one.
    #[inline]
    fn end<const TWO: bool>(&self, entry: usize) -> usize {
        let at = self.lengths() + if TWO { 2 * entry } else { entry };
        if !TWO {
            return self.byte(at) as usize;
        }
        let end = self.record.get(at..).and_then(<[u8]>::first_chunk);
        end.map_or(0, |&end| u16::from_le_bytes(end).into())
    }

    /// The rest of an entry, if lengths are ends.
    #[inline]
    fn rest<const TWO: bool>(&self, entry: usize) -> Rest {
        let start = if entry == 0 { 0 } else { self.end::<TWO>(entry - 1) };
        Rest { start, len: self.end::<TWO>(entry).saturating_sub(start) }
    }

    /// The sum of the first lengths of four bits.
    #[inline]
    fn sum_of_lengths(&self, entries: usize) -> usize {
        let (block, left) = (if MASK { entries / 32 } else { 0 }, 4 * (entries % 32));
        let at = self.lengths() + 16 * block;
        let mut sum = sum_of_nibbles(low(word_at(self.record, at), left));
        if left > 64 {
            sum += sum_of_nibbles(low(word_at(self.record, at + 8), left - 64));
        }
        if block > 0 {
            let at = self.lengths() + self.len.div_ceil(2) + 2 * (block - 1);
            sum += word_at(self.record, at) as u16 as usize;
        }
        sum
    }

    /// True iff the path goes on like the rest of an entry; `at` is behind the head. The path is
    /// long enough.
    #[inline]
    fn is_here(&self, rest: Rest, query: &Query<'_>, at: usize, layout: Layout) -> bool {
        let Rest { start, len } = rest;
        if len == 0 {
            return true;
        }
        let start = self.heap(layout).saturating_add(start);
        if len <= 8 {
            return low(word_at(self.record, start) ^ query.word(at), 8 * len) == 0;
        }
        let rest = self.record.get(start..start.saturating_add(len));
        rest.is_some_and(|rest| equal(rest, &query.path[at..at + len]))
    }

    /// The step along an entry that the path begins with.
    #[inline]
    fn step_to(&self, entry: usize, len: usize, layout: Layout) -> Step<'a> {
        if !self.is_child(entry) {
            return self.value(entry, layout);
        }
        let at = self.distances() + self.children_before(entry) * self.width();
        let distance = low(word_at(self.record, at), 8 * self.width()) as usize;
        Step::Child(distance, 1 + len)
    }

    /// The value of an entry that ends in no child.
    #[inline]
    fn value(&self, entry: usize, layout: Layout) -> Step<'a> {
        let mut before = self.children_before(entry);
        if self.flags() & BARE != 0 {
            if self.bit(self.bare_bits(), entry) {
                return Step::Nothing;
            }
            before += self.bare_before(entry);
        }
        self.value_of_number((self.own() + entry).saturating_sub(before), layout)
    }

    #[inline]
    fn value_of_number(&self, number: usize, layout: Layout) -> Step<'a> {
        let Some(size) = layout.size else { return self.value_with_length(number, layout) };
        let start = self.column(layout).saturating_add(number.saturating_mul(size));
        match self.record.get(start..start.saturating_add(size)) {
            Some(bytes) => Step::Value(Value::Here(bytes)),
            None => Step::Damaged(Damage::new((self.at + self.record.len()) as u64, "the bytes of a value")),
        }
    }

    /// A value among values with lengths, which are read with all of the record.
    #[inline(never)]
    fn value_with_length(&self, number: usize, layout: Layout) -> Step<'a> {
        let record = Record::read(self.record, self.at as u64, layout);
        let record = record.map_err(|unread: Unread| unread.at_the_end(self.at as u64));
        record.and_then(|record| record.value(number)).map_or_else(Step::Damaged, Step::Value)
    }

    /// The node's own value.
    #[inline]
    fn own_value(&self, layout: Layout) -> Step<'a> {
        if self.own() == 0 { Step::Nothing } else { self.value_of_number(0, layout) }
    }
}

impl<'a> Front<'a, true> {
    /// Where a path leads from the root of the node; `at` is the place of the head in the path.
    #[inline]
    fn step(&self, query: &Query<'_>, at: usize, layout: Layout) -> Step<'a> {
        let (head, at) = (query.path[at] as usize, at + 1);
        let left = query.path.len() - at;
        if !self.bit(self.heads(), head) {
            return Step::Nothing;
        }
        let entry = self.rank(self.heads(), self.heads() + 32, head);
        let rest = match self.flags() & lengths::MASK {
            lengths::NONE => Rest { start: 0, len: 0 },
            lengths::NIBBLES => {
                let byte = self.byte(self.lengths() + entry / 2) as usize;
                Rest { start: self.sum_of_lengths(entry), len: byte >> (4 * (entry % 2)) & 15 }
            }
            lengths::ENDS_1 => self.rest::<false>(entry),
            _ => self.rest::<true>(entry),
        };
        let may_be = rest.len == left || rest.len < left && self.is_child(entry);
        if may_be && self.is_here(rest, query, at, layout) {
            self.step_to(entry, rest.len, layout)
        } else {
            Step::Nothing
        }
    }
}

impl<'a> Front<'a, false> {
    /// Where a path leads from the root of the node; `at` is the place of the head in the path.
    #[inline]
    fn step(&self, query: &Query<'_>, at: usize, layout: Layout) -> Step<'a> {
        let head = query.path[at];
        let sixteen = |at: usize| match self.record.get(at..).and_then(<[u8]>::first_chunk) {
            Some(heads) => matching(*heads, head),
            None => 0,
        };
        let mut hits = u64::from(sixteen(self.heads()));
        if self.len > 16 {
            hits |= u64::from(sixteen(self.heads() + 16)) << 16;
        }
        let shares = match self.second() & SHARES {
            0 => 0,
            _ => low(word_at(self.record, self.share_bits()), self.len),
        };
        // Steps that are numbers are no heads.
        let hits = low(hits, self.len) & !shares;
        if hits == 0 {
            return Step::Nothing;
        }
        let first = hits.trailing_zeros() as usize;
        // The entries of the run behind the first one.
        let others = (!(shares >> first >> 1)).trailing_zeros() as usize;
        match self.flags() & lengths::MASK {
            lengths::NONE => self.scan(first, 0, query, at, layout, |_| Rest { start: 0, len: 0 }),
            lengths::NIBBLES => self.scan(first, others, query, at, layout, |entry| {
                let byte = self.byte(self.lengths() + entry / 2) as usize;
                Rest { start: self.sum_of_lengths(entry), len: byte >> (4 * (entry % 2)) & 15 }
            }),
            lengths::ENDS_1 => self.scan(first, others, query, at, layout, |i| self.rest::<false>(i)),
            _ => self.scan(first, others, query, at, layout, |i| self.rest::<true>(i)),
        }
    }

    /// The step of an entry that shares bytes.
    #[inline]
    fn shared(&self, entry: usize) -> usize {
        let at = self.heads() + entry;
        let high = if self.second() & WIDE_STEPS == 0 { 0 } else { self.byte(at + self.len) };
        usize::from(high) << 8 | usize::from(self.byte(at))
    }

    /// Looks for the path in a run: its first entry, and others. `rest` tells the rest of an entry;
    /// `at` is the place of the head in the path.
    #[inline]
    fn scan(
        &self,
        first: usize,
        others: usize,
        query: &Query<'_>,
        at: usize,
        layout: Layout,
        rest: impl Fn(usize) -> Rest,
    ) -> Step<'a> {
        let path = &query.path[at..];
        let heap = self.heap(layout);
        // How many bytes of the path the suffix of the last entry begins with.
        let (mut known, mut entry) = (1, first);
        loop {
            let Rest { start, len } = rest(entry);
            let common = self.common(heap.saturating_add(start), len, query, at + known);
            known += common;
            if common == len {
                if self.is_child(entry) {
                    return self.step_to(entry, known - 1, layout);
                }
                if known == path.len() {
                    return self.value(entry, layout);
                }
            } else if known == path.len() {
                return Step::Nothing;
            }
            loop {
                entry += 1;
                if entry > first + others {
                    return Step::Nothing;
                }
                let shared = self.shared(entry);
                if shared < known {
                    return Step::Nothing;
                }
                if shared == known {
                    break;
                }
            }
        }
    }

    /// How many bytes a rest has in common with the path from `at` on.
    #[inline]
    fn common(&self, start: usize, len: usize, query: &Query<'_>, at: usize) -> usize {
        let most = len.min(query.path.len() - at);
        if len <= 8 {
            let differ = word_at(self.record, start) ^ query.word(at);
            return (differ.trailing_zeros() as usize / 8).min(most);
        }
        let rest = self.record.get(start..start.saturating_add(len)).unwrap_or_default();
        common_prefix(rest, &query.path[at..])
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
    path: &[u8],
) -> Result<Option<Value<'a>>, Damage> {
    let mut offset = usize::try_from(root).map_err(|_| Damage::new(root, "an offset in the file"))?;
    let query = Query::new(path);
    let mut at = 0;
    loop {
        let record = file.get(offset..).unwrap_or_default();
        let Some(first) = record.first_chunk().map(|first| u64::from_le_bytes(*first)) else {
            return Err(Damage::new(offset as u64, "a node"));
        };
        let (flags, len) = (first as u8, (first >> 8) as u8 as usize);
        let is_node = flags & (children::MASK | 0x80) <= children::SOME;
        let in_list = len & LIST_LEN as usize;
        let step = if !is_node || flags & HEAD_MASK == 0 && in_list > 32 {
            Step::Damaged(Damage::new(offset as u64, "a node"))
        } else if flags & HEAD_MASK == 0 {
            let node = Front::<false> { record, at: offset, first, len: in_list };
            if at == path.len() { node.own_value(layout) } else { node.step(&query, at, layout) }
        } else {
            let len = if len == 0 { 256 } else { len };
            let node = Front::<true> { record, at: offset, first, len };
            if at == path.len() { node.own_value(layout) } else { node.step(&query, at, layout) }
        };
        match step {
            Step::Child(distance, used) if (1..=offset).contains(&distance) => {
                (offset, at) = (offset - distance, at + used);
            }
            Step::Child(distance, _) => {
                let damage = Damage::new(offset as u64, "a distance to a record before");
                return Err(damage.found(distance as u64));
            }
            Step::Value(value) => return Ok(Some(value)),
            Step::Nothing => return Ok(None),
            Step::Damaged(damage) => return Err(damage),
        }
    }
}
