//! Going through the entries of a record in order.

use super::layout::{BARE, WIDE_STEPS, children, lengths};
use super::view::{End, Record, Value};
use crate::file::error::Damage;

/// A place among the entries of a record: an entry, and how much lies before it.
///
/// So the next entry is found without counting. A cursor belongs to one record; with another one
/// it yields wrong entries, but does not panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    entry: u16,
    /// The numbers of children and values of the entries before, with the node's own value.
    children: u16,
    values: u16,
    /// No head of this entry or one behind it is less; only if the heads are a mask.
    head: u16,
    /// Where the rest of the entry begins in the heap.
    rest: u32,
}

/// An entry, as a cursor yields it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// The number of bytes that the suffix shares with the one before.
    pub(crate) shared: usize,
    /// The first byte, if none are shared.
    pub(crate) head: Option<u8>,
    /// What follows.
    pub(crate) rest: &'a [u8],
    pub(crate) end: End,
}

impl Cursor {
    /// The number of the entry that is next.
    #[inline]
    pub(crate) fn entry(&self) -> usize {
        self.entry as usize
    }

    /// The number of values before that entry, among them the node's own.
    #[inline]
    pub(crate) fn values(&self) -> usize {
        self.values as usize
    }
}

impl<'a> Record<'a> {
    /// The cursor at the first entry.
    #[inline]
    pub(crate) fn first_entry(&self) -> Cursor {
        Cursor { entry: 0, children: 0, values: self.has_own().into(), head: 0, rest: 0 }
    }

    /// The cursor at an entry, which may be the end.
    pub(crate) fn cursor_at(&self, entry: usize) -> Cursor {
        let entry = entry.min(self.entry_count());
        let head = if self.has_mask() { self.head(entry).map_or(256, u16::from) } else { 0 };
        Cursor {
            entry: entry as u16,
            children: self.children_before(entry) as u16,
            values: self.values_before(entry) as u16,
            head,
            rest: self.rest_start(entry) as u32,
        }
    }
}

impl Record<'static> {
    /// The entry at the cursor, which moves to the next one; nothing at the end. The view is
    /// [detached](Self::detach) from `bytes`, so that it need not be copied.
    #[inline]
    pub(crate) fn next_entry<'d>(&self, bytes: &'d [u8], cursor: &mut Cursor) -> Option<Entry<'d>> {
        let entry = cursor.entry();
        if entry >= self.entry_count() {
            return None;
        }
        let (shared, head) = if self.has_mask() {
            let head = first_head_from(bytes.get(self.heads_at()..)?.first_chunk()?, cursor.head as usize)?;
            cursor.head = u16::from(head) + 1;
            (0, Some(head))
        } else {
            let at = self.heads_at() + entry;
            let step = *bytes.get(at)?;
            if self.is_first(entry) {
                (0, Some(step))
            } else {
                let has_two = self.second & WIDE_STEPS != 0;
                let high = if has_two { *bytes.get(at + self.entry_count())? } else { 0 };
                (usize::from(high) << 8 | usize::from(step), None)
            }
        };
        let start = cursor.rest as usize;
        let byte = |at: usize| bytes.get(self.lengths as usize + at).copied().unwrap_or(0);
        let end = match self.flags & lengths::MASK {
            lengths::NONE => 0,
            lengths::NIBBLES => start + (byte(entry / 2) >> (4 * (entry % 2)) & 15) as usize,
            lengths::ENDS_1 => byte(entry) as usize,
            _ => u16::from_le_bytes([byte(2 * entry), byte(2 * entry + 1)]) as usize,
        };
        cursor.rest = end as u32;
        cursor.entry += 1;
        let end_of_entry = if self.flags & (children::MASK | BARE) == 0 {
            cursor.next_value()
        } else {
            let bit = |part: u16| {
                bytes.get(part as usize + entry / 8).is_some_and(|byte| byte >> (entry % 8) & 1 != 0)
            };
            let is_child = match self.flags & children::MASK {
                children::SOME => bit(self.child_bits),
                children => children != children::NONE,
            };
            if is_child {
                cursor.children += 1;
                End::Child(cursor.children as usize - 1)
            } else if self.flags & BARE != 0 && bit(self.bare_bits) {
                End::Bare
            } else {
                cursor.next_value()
            }
        };
        let heap_end = self.heap_end_in(bytes);
        let rest = bytes.get(self.heap + start..heap_end.min(self.heap + end)).unwrap_or_default();
        Some(Entry { shared, head, rest, end: end_of_entry })
    }

    /// The bytes of a value, or the place of a long one, as [`value`](Self::value) returns it. The
    /// view is [detached](Self::detach) from `bytes`.
    #[inline]
    pub(crate) fn value_in<'d>(&self, bytes: &'d [u8], number: usize) -> Result<Value<'d>, Damage> {
        let Some(size) = self.layout.size else { return self.attach(bytes).value(number) };
        let start = self.values as usize + number * size;
        match bytes.get(start..start + size) {
            Some(value) if number < self.value_count() => Ok(Value::Here(value)),
            _ => Err(Damage::new(self.offset(), "a value").found(number as u64)),
        }
    }
}

/// The first head in a mask that is at least `from`.
#[inline]
fn first_head_from(mask: &[u8; 32], from: usize) -> Option<u8> {
    let (words, _) = mask.as_chunks::<8>();
    let mut word = from / 64;
    let mut bits = u64::from_le_bytes(*words.get(word)?) & (!0 << (from % 64));
    while bits == 0 {
        word += 1;
        bits = u64::from_le_bytes(*words.get(word)?);
    }
    Some((64 * word) as u8 + bits.trailing_zeros() as u8)
}

impl Cursor {
    #[inline]
    fn next_value(&mut self) -> End {
        self.values += 1;
        End::Value(self.values as usize - 1)
    }
}
