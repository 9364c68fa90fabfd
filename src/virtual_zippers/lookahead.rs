//! Lookahead for views in which a location exists only if it leads to something that is kept.

use super::pair::Pair;
use super::selection::Selection;
use crate::zipper::traits::*;

/// A second pair of zippers, which searches ahead of the focus for a location that is kept.
///
/// After a search has succeeded, the lookahead's path is *known*: all its locations exist in the
/// view. Most moves of the focus follow that path, and then no search is needed. Only one path is
/// remembered, so the memory is bounded by the length of the longest path.
///
/// ```text
/// focus:      c a ▲                      `shared` = 2
/// lookahead:  c a r t ▲                  known: the next byte `r` leads to `cart`
///                 └ `from` = 3: below `car`, nothing before `cart` is kept
/// ```
pub(super) struct Lookahead<A, B> {
    pair: Pair<A, B>,
    /// The length of a common prefix of this path and the path of the focus.
    shared: usize,
    /// Whether the location at this path is kept.
    known: bool,
    /// If so: below this path's first `from` bytes, no location before it is kept, in path order.
    from: usize,
}

impl<A: ZipperMoving, B: ZipperMoving> Lookahead<A, B> {
    /// A lookahead at the path of the focus.
    pub(super) fn new(pair: Pair<A, B>) -> Self {
        let shared = pair.a.path().len();
        Self { pair, shared, known: false, from: 0 }
    }

    /// Called when the focus descends by `key` from depth `len`.
    #[inline]
    pub(super) fn focus_descends(&mut self, len: usize, key: &[u8]) {
        if self.shared == len {
            self.shared += crate::bytes::common_prefix(&self.pair.a.path()[len..], key);
        }
    }

    /// Called when the focus ascends to depth `len`.
    #[inline]
    pub(super) fn focus_ascends(&mut self, len: usize) {
        self.shared = self.shared.min(len);
    }

    /// Whether the focus, at depth `len`, is known to lead to a location that is kept.
    #[inline]
    pub(super) fn knows(&self, len: usize) -> bool {
        self.known && self.shared == len
    }

    /// A byte by which the focus, at depth `len`, is known to lead to a location that is kept.
    #[inline]
    pub(super) fn known_byte(&self, len: usize) -> Option<u8> {
        if self.knows(len) { self.pair.a.path().get(len).copied() } else { None }
    }

    /// The first byte by which the focus leads to a location that is kept, if it is known.
    #[inline]
    pub(super) fn first_known_byte(&self, len: usize) -> Option<u8> {
        self.known_byte(len).filter(|_| self.from <= len)
    }

    /// Records that the known path's byte at depth `len` is the first that leads to a location
    /// that is kept.
    pub(super) fn first_is_below(&mut self, len: usize) {
        // If `from` is greater, locations before the known one may be kept at the levels between.
        if self.from == len + 1 {
            self.from = len;
        }
    }

    /// Searches for the first location in path order that is kept, at or below the child `byte` of
    /// the focus, or at or below the focus itself if `byte` is `None`.
    ///
    /// Takes O(locations that both zippers have before the result).
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

    /// Searches for the first location that is kept at or below the present path, which has the
    /// length `start`.
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
