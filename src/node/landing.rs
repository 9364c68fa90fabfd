//! Landing at an entry: what iteration needs to know of the entry that it moves to.
//!
//! Most steps of an iteration move to the next entry of the same node, and most suffixes are short.
//! A short suffix is returned in registers, so that it is written to the path as one word, without
//! a branch that depends on its length.

use super::list::ListRef;
use super::suffix::Suffix;
use super::view::{Kind, NodeRef};
use super::wide::WideRef;
use crate::bytes::starts_with;

/// The suffix of an entry.
pub(crate) enum Spelling<'a> {
    Short(ShortSuffix),
    Long(Suffix<'a>),
}

/// A suffix of at most nine bytes.
pub(crate) struct ShortSuffix {
    pub(crate) head: u8,
    /// The bytes after the head. Bytes beyond `rest_len` have no meaning.
    pub(crate) rest: [u8; 8],
    pub(crate) rest_len: usize,
}

impl Spelling<'_> {
    /// The suffix of a wide node's child.
    #[inline(always)]
    fn byte(head: u8) -> Self {
        Self::Short(ShortSuffix { head, rest: [0; 8], rest_len: 0 })
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Short(suffix) => 1 + suffix.rest_len,
            Self::Long(suffix) => suffix.len(),
        }
    }

    /// True iff the suffix begins with `way`.
    #[inline(always)]
    pub(crate) fn starts_with(&self, way: &[u8]) -> bool {
        let Some((&first, way)) = way.split_first() else { return true };
        let (head, rest) = match self {
            Self::Short(suffix) => (suffix.head, &suffix.rest[..suffix.rest_len]),
            Self::Long(suffix) => (suffix.head, suffix.rest),
        };
        head == first && (way.is_empty() || starts_with(rest, way))
    }
}

impl<'a, V> NodeRef<'a, V> {
    /// Fast path: if all values of the node have suffixes of one byte, and one has the byte after
    /// the value entry `i`: that byte, which is the number of its entry.
    ///
    /// The next byte is guessed, so that a step does not wait for a search of the masks.
    #[inline(always)]
    pub(crate) fn next_byte(self, i: usize) -> Option<u8> {
        let Kind::Wide(wide) = self.kind() else { return None };
        let next = (i as u8).checked_add(1)?;
        (!wide.has_tails() && wide.is_tail(next)).then_some(next)
    }

    /// The first entry at or after `i`, if it has a value, and its suffix.
    #[inline(always)]
    pub(crate) fn value_from(self, i: usize) -> Option<(usize, Spelling<'a>)> {
        match self.kind() {
            Kind::List(list) => list.has_value_entry(i).then(|| (i, list.spelling(i))),
            Kind::Wide(wide) => {
                let i = wide.next_entry(i)?;
                Some((i, wide.value_spelling(i as u8)?))
            }
        }
    }

    /// The suffix of entry `i` and its child, if it is a child. Prefetches the child after it.
    #[inline]
    pub(crate) fn child_landing(self, i: usize) -> Option<(Spelling<'a>, Self)> {
        let (spelling, child, next) = match self.kind() {
            Kind::List(list) if list.is_child(i) => {
                let (child, rank) = (list.entry_child(i), list.child_rank(i));
                let next = (list.bits().child >> i > 1).then(|| list.child(rank + 1));
                (list.spelling(i), child, next)
            }
            Kind::Wide(wide) if wide.is_child(i as u8) => {
                let (child, next) = wide.child_and_next(i as u8);
                (Spelling::byte(i as u8), child, next)
            }
            _ => return None,
        };
        if let Some(next) = next {
            next.view().prefetch();
        }
        Some((spelling, child.view()))
    }
}

impl<'a, V> ListRef<'a, V> {
    /// True iff entry `i` is there and has a value.
    #[inline(always)]
    fn has_value_entry(self, i: usize) -> bool {
        let bits = self.bits();
        i < self.len() && (bits.child | bits.bare) >> (i & 31) & 1 == 0
    }

    #[inline(always)]
    fn spelling(self, i: usize) -> Spelling<'a> {
        let ((start, end), head) = (self.bounds(i), self.heads()[i]);
        let rest_len = end - start;
        if rest_len > 8 {
            // SAFETY: the heap follows the ends, and `start <= end <= heap_len` (N2).
            let rest = unsafe { std::slice::from_raw_parts(self.byte(self.heap_at() + start), rest_len) };
            return Spelling::Long(Suffix { head, rest });
        }
        // SAFETY: each rest ends within the heap (N2).
        let rest = unsafe { self.rest_word(end, rest_len) }.to_le_bytes();
        Spelling::Short(ShortSuffix { head, rest, rest_len })
    }
}

impl<'a, V> WideRef<'a, V> {
    /// The suffix of the entry of `byte`, which is there, if it has a value.
    #[inline(always)]
    fn value_spelling(self, byte: u8) -> Option<Spelling<'a>> {
        if self.is_child(byte) {
            return None;
        }
        if !self.has_tails() {
            return Some(Spelling::byte(byte));
        }
        let tail = self.tail(self.tail_rank(byte));
        let (&rest, rest_len) = tail.word();
        tail.is_valued().then_some(Spelling::Short(ShortSuffix { head: byte, rest, rest_len }))
    }
}
