//! Memories of nodes: maps by the ids of nodes and by hashes.

use crate::node::Place;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::traits::Recall;

/// A map by a node's id, by a small number, or by a hash of content.
pub(super) type Memo<K, T> = HashMap<K, T, BuildHasherDefault<Spread>>;

/// A hasher for numbers that no attacker chooses. With std's hasher, a fold over small shared
/// nodes took twice as long.
#[derive(Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        // An address has few bits that tell it from others, and they are neither the highest nor
        // the lowest.
        let wide = u128::from(n) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (wide >> 64) as u64 ^ wide as u64;
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.write_u64(n.into());
    }

    #[inline]
    fn write_u128(&mut self, n: u128) {
        self.0 = n as u64;
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("keys are numbers");
    }

    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
}

/// The results that are kept for nodes to which more than one path leads.
pub(super) struct Known<T> {
    /// By the id of a node, where in `kept` it is.
    places: Memo<u64, usize>,
    kept: Vec<T>,
    /// The node that was met last: the next one is often the same.
    last: Option<(u64, usize)>,
}

impl<T> Known<T> {
    pub(super) fn new() -> Self {
        Self { places: Memo::default(), kept: Vec::new(), last: None }
    }

    #[inline]
    pub(super) fn get(&mut self, id: u64) -> Option<&T> {
        let at = match self.last {
            Some((last, at)) if last == id => at,
            _ => {
                let at = *self.places.get(&id)?;
                self.last = Some((id, at));
                at
            }
        };
        Some(&self.kept[at])
    }

    pub(super) fn keep(&mut self, id: u64, kept: T) {
        if self.kept.is_empty() {
            // Room for most folds. Growing to it took as long as all the rest.
            self.places.reserve(56);
            self.kept.reserve(32);
        }
        let at = self.kept.len();
        self.kept.push(kept);
        self.places.insert(id, at);
        self.last = Some((id, at));
    }

    /// Looks a place up for a fold that remembers shared nodes. What is below a shared node is
    /// reached through that node, and need not be remembered by itself.
    #[inline]
    pub(super) fn recall<V>(&mut self, place: Place<'_, V>) -> Recall<&T> {
        if !place.is_shared() {
            return Recall::Passing;
        }
        self.get(place.node().id() as u64).map_or(Recall::New, Recall::Known)
    }
}

/// The memory of a jumping fold: for each shared node, the first location at or below its root that
/// the fold calls for.
pub(super) struct Tops<T> {
    /// With the way from the root to the location, as a range of `ways`.
    known: Known<(Range<usize>, T)>,
    /// All ways, back to back.
    ways: Vec<u8>,
}

impl<T: Copy> Tops<T> {
    pub(super) fn new() -> Self {
        Self { known: Known::new(), ways: Vec::new() }
    }

    /// Returns the way from a node's root to the location that is kept, and what is kept of it.
    #[inline]
    pub(super) fn get(&mut self, id: u64) -> Option<(&[u8], T)> {
        let (way, top) = self.known.get(id)?;
        Some((&self.ways[way.clone()], *top))
    }

    pub(super) fn keep(&mut self, id: u64, way: &[u8], top: T) {
        let start = self.ways.len();
        self.ways.extend_from_slice(way);
        self.known.keep(id, (start..self.ways.len(), top));
    }

    /// Looks up a place, to which the path leads. If it is known, the path is extended by the way.
    #[inline]
    pub(super) fn recall<V>(&mut self, place: Place<'_, V>, path: &mut Vec<u8>) -> Recall<T> {
        let Self { known, ways } = self;
        known.recall(place).map(|(way, top)| {
            if !way.is_empty() {
                path.extend_from_slice(&ways[way.clone()]);
            }
            *top
        })
    }
}
