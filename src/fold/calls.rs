//! Locations that a jumping fold may call for more than once, by different ways.

use std::ops::Range;

use crate::bytes::ByteMask;

/// The first locations of shared subtries that are called for: the arguments of their calls,
/// except the ways. `T` is kept with each location.
pub(super) struct Calls<W, T> {
    tops: Vec<Top<W, T>>,
    /// The children of all locations, one location after another. During a call, a copy of the
    /// children comes behind them, which the call may take out.
    below: Vec<W>,
    /// The ways of all calls that were made, back to back.
    ways: Vec<u8>,
}

struct Top<W, T> {
    mask: ByteMask,
    below: Range<usize>,
    with: T,
    /// The result of the call for the first way. Mostly it is the only one, since common bytes
    /// below a branch belong to the subtrie.
    first: Option<(Range<usize>, W)>,
    /// The results for a few more ways.
    more: Vec<(Range<usize>, W)>,
}

/// Whether two ways are equal. Mostly both are empty, and no function is called to compare them.
#[inline]
fn same(known: &[u8], way: &[u8]) -> bool {
    known.len() == way.len() && (way.is_empty() || known == way)
}

/// How many ways to one location are remembered besides the first.
const MORE: usize = 4;

impl<W: Clone, T> Calls<W, T> {
    pub(super) fn new() -> Self {
        Self { tops: Vec::new(), below: Vec::new(), ways: Vec::new() }
    }

    /// Adds a location, and returns its number.
    pub(super) fn add(&mut self, mask: ByteMask, below: impl Iterator<Item = W>, with: T) -> usize {
        if self.tops.is_empty() {
            // Room for most folds, so that a small one does not spend its time on growing.
            self.tops.reserve(24);
            self.below.reserve(128);
        }
        let start = self.below.len();
        self.below.extend(below);
        let below = start..self.below.len();
        self.tops.push(Top { mask, below, with, first: None, more: Vec::new() });
        self.tops.len() - 1
    }

    /// Returns what a location is made into by a way. `call` is called if the way is new.
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

    /// Like [`make`](Self::make), for a way that is not the first.
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
