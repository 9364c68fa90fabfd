//! Looking ahead, where a location exists only if it leads to something.

use super::pair::Pair;
use super::selection::Selection;
use crate::zipper::traits::*;

/// A pair of zippers that goes ahead of another, to find what it leads to.
///
/// Where it stands after it has found something, that is *known* to be there, and so is all that
/// leads to it. The focus of the other pair mostly moves along that way, and then nothing has to
/// be looked for. What is remembered is one path, so the memory is bounded by the length of the
/// longest.
pub(super) struct Scout<A, B> {
    pair: Pair<A, B>,
    /// How many bytes the scout's path and that of the focus share, at least.
    shared: usize,
    /// Whether the scout stands at something that stays.
    known: bool,
    /// Then: from which depth on there is nothing that stays before it, in path order, below the
    /// path to there.
    from: usize,
}

impl<A: ZipperMoving, B: ZipperMoving> Scout<A, B> {
    /// A scout that stands where the focus does.
    pub(super) fn new(pair: Pair<A, B>) -> Self {
        let shared = pair.a.path().len();
        Self { pair, shared, known: false, from: 0 }
    }

    /// The focus, at depth `len`, goes down by `key`.
    #[inline]
    pub(super) fn focus_descends(&mut self, len: usize, key: &[u8]) {
        if self.shared == len {
            self.shared += crate::bytes::common_prefix(&self.pair.a.path()[len..], key);
        }
    }

    /// The focus goes up to depth `len`.
    #[inline]
    pub(super) fn focus_ascends(&mut self, len: usize) {
        self.shared = self.shared.min(len);
    }

    /// Whether the focus, at depth `len`, is known to lead to something.
    #[inline]
    pub(super) fn knows(&self, len: usize) -> bool {
        self.known && self.shared == len
    }

    /// A byte by which the focus is known to lead to something.
    #[inline]
    pub(super) fn known_byte(&self, len: usize) -> Option<u8> {
        if self.knows(len) { self.pair.a.path().get(len).copied() } else { None }
    }

    /// The first byte by which the focus leads to something, if that is known.
    #[inline]
    pub(super) fn first_known_byte(&self, len: usize) -> Option<u8> {
        self.known_byte(len).filter(|_| self.from <= len)
    }

    /// The byte at depth `len` on the known way is the first by which the focus there leads to
    /// something.
    pub(super) fn first_is_below(&mut self, len: usize) {
        // What was found from further down may have others before it in between.
        if self.from == len + 1 {
            self.from = len;
        }
    }

    /// Looks for the first thing in path order that stays, at or below `byte` behind the focus's
    /// path, or at or below the focus if there is none.
    ///
    /// O(what of both has to be looked through until then).
    pub(super) fn seek<V, O: Selection<V, A, B>>(&mut self, focus: &[u8], byte: Option<u8>) -> bool {
        self.known = false;
        let depth = self.pair.a.path().len();
        self.pair.ascend(depth - self.shared);
        self.pair.descend_to(&focus[self.shared..]);
        self.shared = focus.len();
        if let Some(byte) = byte {
            self.pair.descend_to_byte(byte);
        }
        let start = self.pair.a.path().len();
        self.from = start;
        self.known = O::may_lead(&self.pair.a, &self.pair.b) && self.seek_below::<V, O>(start);
        self.known
    }

    fn seek_below<V, O: Selection<V, A, B>>(&mut self, start: usize) -> bool {
        let Pair { a, b } = &self.pair;
        if O::stays(a, b) {
            return true;
        }
        let mut next = O::branches(a, b).indexed_bit::<true>(0);
        loop {
            if let Some(byte) = next {
                self.pair.descend_to_byte(byte);
                let Pair { a, b } = &self.pair;
                if O::stays(a, b) {
                    return true;
                }
                next = O::branches(a, b).indexed_bit::<true>(0);
                continue;
            }
            let path = self.pair.a.path();
            if path.len() == start {
                return false;
            }
            let byte = path[path.len() - 1];
            self.pair.ascend(1);
            next = O::branches(&self.pair.a, &self.pair.b).next_bit(byte);
        }
    }
}
