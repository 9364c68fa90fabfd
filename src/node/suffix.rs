//! The bytes that lead to the end of an entry.

use crate::bytes::{common_prefix, starts_with};

/// The suffix of an entry: one byte or more, the first apart from the rest, as they lie in a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Suffix<'a> {
    pub(crate) head: u8,
    pub(crate) rest: &'a [u8],
}

impl<'a> Suffix<'a> {
    /// A suffix of one byte.
    #[inline(always)]
    pub(crate) fn byte(head: u8) -> Self {
        Self { head, rest: &[] }
    }

    /// These bytes as a suffix; `None` if there are none.
    #[inline]
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Self> {
        bytes.split_first().map(|(&head, rest)| Self { head, rest })
    }

    #[inline(always)]
    pub(crate) fn len(self) -> usize {
        1 + self.rest.len()
    }

    /// The first `len` bytes, at least one.
    #[inline]
    pub(crate) fn first(self, len: usize) -> Self {
        Self { head: self.head, rest: &self.rest[..len - 1] }
    }

    /// What follows the first `len` bytes; `None` if nothing does.
    #[inline]
    pub(crate) fn after(self, len: usize) -> Option<Self> {
        match len {
            0 => Some(self),
            len => self.rest.get(len - 1..).and_then(Self::of),
        }
    }

    /// The byte behind the first `i`.
    #[inline]
    pub(crate) fn at(self, i: usize) -> u8 {
        if i == 0 { self.head } else { self.rest[i - 1] }
    }

    /// Adds the bytes to a path.
    #[inline]
    pub(crate) fn append_to(self, path: &mut Vec<u8>) {
        path.push(self.head);
        path.extend_from_slice(self.rest);
    }

    /// Adds the bytes behind the first `len` to a path.
    #[inline]
    pub(crate) fn append_from(self, len: usize, path: &mut Vec<u8>) {
        match len {
            0 => self.append_to(path),
            len => path.extend_from_slice(&self.rest[len - 1..]),
        }
    }

    pub(crate) fn to_vec(self) -> Vec<u8> {
        [&[self.head], self.rest].concat()
    }

    /// True iff this suffix starts with the whole of the other.
    #[inline]
    pub(crate) fn starts_with(self, other: Suffix<'_>) -> bool {
        self.head == other.head && starts_with(self.rest, other.rest)
    }

    /// The number of leading bytes that two suffixes share.
    #[inline]
    pub(crate) fn common_with(self, other: Suffix<'_>) -> usize {
        if self.head == other.head { 1 + common_prefix(self.rest, other.rest) } else { 0 }
    }

    /// The number of leading bytes that the suffix and a key share.
    #[inline]
    pub(crate) fn common_prefix(self, key: &[u8]) -> usize {
        Suffix::of(key).map_or(0, |key| self.common_with(key))
    }
}
