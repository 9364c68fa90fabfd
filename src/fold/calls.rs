//! Locations that a jumping fold calls for more than once: from different ways.

use std::ops::Range;

use crate::bytes::ByteMask;

/// The locations at the tops of subtries that more than one way leads to: all that calls for them take but the ways.
/// With each goes `T`.
pub(super) struct Calls<W, T> {
    tops: Vec<Top<W, T>>,
    /// What is below them, of one after another; during a call then what it is handed, of which it may take what it likes.
    below: Vec<W>,
    /// The ways of calls that were made, back to back.
    ways: Vec<u8>,
}

struct Top<W, T> {
    mask: ByteMask,
    below: Range<usize>,
    with: T,
    /// What came of the call for the first way. Mostly it is the only one, as branches keep what is common below them.
    first: Option<(Range<usize>, W)>,
    /// The same for a few more.
    more: Vec<(Range<usize>, W)>,
}

/// Whether two ways are one. Mostly both are empty: then no call is made to compare them.
#[inline]
fn same(known: &[u8], way: &[u8]) -> bool {
    known.len() == way.len() && (way.is_empty() || known == way)
}

/// How many more ways to one location are remembered.
const MORE: usize = 4;

impl<W: Clone, T> Calls<W, T> {
    pub(super) fn new() -> Self {
        Self { tops: Vec::new(), below: Vec::new(), ways: Vec::new() }
    }

    /// Adds a location; returns its number.
    pub(super) fn add(&mut self, mask: ByteMask, below: impl Iterator<Item = W>, with: T) -> usize {
        if self.tops.is_empty() {
            // Room for what is usual, so that a small fold does not spend its time on making more.
            self.tops.reserve(24);
            self.below.reserve(128);
        }
        let start = self.below.len();
        self.below.extend(below);
        let below = start..self.below.len();
        self.tops.push(Top { mask, below, with, first: None, more: Vec::new() });
        self.tops.len() - 1
    }

    /// What a location is made into by a way. Calls for it if the way is a new one.
    #[inline]
    pub(super) fn make<E>(
        &mut self,
        top: usize,
        way: &[u8],
        call: impl FnOnce(&ByteMask, &mut [W], &T) -> Result<W, E>,
    ) -> Result<W, E> {
        match &self.tops[top].first {
            Some((known, made)) if same(&self.ways[known.clone()], way) => Ok(made.clone()),
            _ => self.look_further(top, way, call),
        }
    }

    /// The same, where the way is not the first.
    #[inline(never)]
    fn look_further<E>(
        &mut self,
        top: usize,
        way: &[u8],
        call: impl FnOnce(&ByteMask, &mut [W], &T) -> Result<W, E>,
    ) -> Result<W, E> {
        let Self { tops, below, ways } = self;
        let top = &mut tops[top];
        if let Some((_, made)) = top.more.iter().find(|(known, _)| ways[known.clone()] == *way) {
            return Ok(made.clone());
        }
        let start = below.len();
        below.extend_from_within(top.below.clone());
        let made = call(&top.mask, &mut below[start..], &top.with)?;
        below.truncate(start);
        if top.first.is_none() || top.more.len() < MORE {
            let start = ways.len();
            ways.extend_from_slice(way);
            let known = (start..ways.len(), made.clone());
            match &mut top.first {
                None => top.first = Some(known),
                Some(_) => top.more.push(known),
            }
        }
        Ok(made)
    }
}
