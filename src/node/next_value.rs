//! The value after an entry, for iteration.
//!
//! Most steps of an iteration move to the next entry of the same node, and most suffixes are short.
//! A short suffix is returned in registers, so that it is written to the path as one word, without
//! a branch that depends on its length.

use super::header::HEADER;
use super::list::ListRef;
use super::suffix::Suffix;
use super::view::{Kind, NodeRef};
use super::wide::WideRef;

/// The entry after another, if it has a value.
pub(crate) enum NextValue<'a> {
    /// An entry with a suffix of at most nine bytes.
    Short(usize, ShortSuffix),
    /// An entry with a longer suffix.
    Long(usize, Suffix<'a>),
    /// The next entry, if there is one, has no value.
    Other,
}

/// A suffix of at most nine bytes.
pub(crate) struct ShortSuffix {
    pub(crate) head: u8,
    /// The bytes after the head. What the word holds beyond `rest_len` bytes is no part of them.
    pub(crate) rest: [u8; 8],
    pub(crate) rest_len: usize,
}

impl<'a, V> NodeRef<'a, V> {
    /// Fast path: if all values of the node have suffixes of one byte, and one has the byte after
    /// the value entry `i`: that byte, which is the number of its entry.
    ///
    /// Guessing the byte makes a step wait for no search of the masks.
    #[inline(always)]
    pub(crate) fn next_byte(self, i: usize) -> Option<u8> {
        let Kind::Wide(wide) = self.kind() else { return None };
        let next = (i as u8).checked_add(1)?;
        (!wide.has_tails() && wide.is_tail(next)).then_some(next)
    }

    /// The entry after `i`, which is there.
    #[inline(always)]
    pub(crate) fn next_value(self, i: usize) -> NextValue<'a> {
        match self.kind() {
            Kind::List(list) => list.next_value(i),
            Kind::Wide(wide) => wide.next_value(i as u8),
        }
    }
}

impl<'a, V> ListRef<'a, V> {
    #[inline(always)]
    fn next_value(self, i: usize) -> NextValue<'a> {
        let next = i + 1;
        let bits = self.bits();
        if next >= self.len() || (bits.child | bits.bare) >> (next & 31) & 1 != 0 {
            return NextValue::Other;
        }
        let (start, end) = self.bounds(next);
        let rest_len = end - start;
        if rest_len > 8 {
            return NextValue::Long(next, self.suffix(next));
        }
        // The word ends where the rest does. It is shifted by whole bytes, and by none for an empty
        // rest, of which no byte counts.
        // SAFETY: the heap ends there (N2). Before it lie at least three bytes of heads and ends,
        // and the header, whose last eight bytes are not written while the list is borrowed.
        let word = unsafe { *self.byte(HEADER + 3 * self.len() + end - 8).cast::<[u8; 8]>() };
        let rest = (u64::from_le_bytes(word) >> ((64 - 8 * rest_len) & 63)).to_le_bytes();
        NextValue::Short(next, ShortSuffix { head: self.heads()[next], rest, rest_len })
    }
}

impl<'a, V> WideRef<'a, V> {
    #[inline]
    fn next_value(self, byte: u8) -> NextValue<'a> {
        let Some(next) = self.next_entry(byte as usize + 1) else { return NextValue::Other };
        if self.is_child(next as u8) {
            return NextValue::Other;
        }
        let tail = self.tail(self.tail_rank(next as u8));
        if !tail.is_valued() {
            return NextValue::Other;
        }
        let (&rest, rest_len) = tail.word();
        NextValue::Short(next, ShortSuffix { head: next as u8, rest, rest_len })
    }
}
