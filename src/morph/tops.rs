//! Locations that a jumping fold calls for more than once: from different ways.

use std::ops::Range;

use crate::bytes::ByteMask;

/// The locations at the tops of subtries that more than one way leads to: all that calls for them take but the ways.
pub(super) struct Tops<W> {
    tops: Vec<Top<W>>,
    /// What is below them, of one after another.
    below: Vec<W>,
    /// All ways that are remembered, back to back.
    ways: Vec<u8>,
    /// What is handed to a call, which may take out of it what it likes.
    scratch: Vec<W>,
}

struct Top<W> {
    mask: ByteMask,
    below: Range<usize>,
    /// What came of the call for the first way. Mostly it is the only one, as branches keep what is common below them.
    first: Option<(Range<usize>, W)>,
    /// The same for a few more.
    more: Vec<(Range<usize>, W)>,
}

/// How many more ways to one location are remembered.
const MORE: usize = 4;

impl<W> Tops<W> {
    pub(super) fn new() -> Self {
        Self { tops: Vec::new(), below: Vec::new(), ways: Vec::new(), scratch: Vec::new() }
    }

    /// Adds a location; returns its number.
    pub(super) fn add(&mut self, mask: ByteMask, below: impl Iterator<Item = W>) -> usize {
        let start = self.below.len();
        self.below.extend(below);
        if self.tops.is_empty() {
            self.tops.reserve(16);
        }
        self.tops.push(Top { mask, below: start..self.below.len(), first: None, more: Vec::new() });
        self.tops.len() - 1
    }

    /// Remembers a way; returns where.
    pub(super) fn add_way(&mut self, way: &[u8]) -> Range<usize> {
        let start = self.ways.len();
        self.ways.extend_from_slice(way);
        start..self.ways.len()
    }

    /// A way that is remembered.
    #[inline]
    pub(super) fn way(&self, at: &Range<usize>) -> &[u8] {
        &self.ways[at.clone()]
    }

    /// What a location is made into by one way. Calls for it if the way is a new one.
    pub(super) fn apply<E>(
        &mut self,
        top: usize,
        way: &[u8],
        call: impl FnOnce(&ByteMask, &mut [W], &[u8]) -> Result<W, E>,
    ) -> Result<W, E>
    where
        W: Clone,
    {
        let Self { tops, below, ways, scratch } = self;
        let top = &mut tops[top];
        for (known, made) in top.first.iter().chain(&top.more) {
            if ways[known.clone()] == *way {
                return Ok(made.clone());
            }
        }
        scratch.clear();
        scratch.extend_from_slice(&below[top.below.clone()]);
        let made = call(&top.mask, scratch, way)?;
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
