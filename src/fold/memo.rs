//! What is remembered of nodes, and maps by their ids and by hashes.

use crate::node::Place;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;

use super::traits::Recall;

/// A map by a node's id, by a small number, or by a hash of content.
pub(super) type Memo<K, T> = HashMap<K, T, BuildHasherDefault<Spread>>;

/// Spreads numbers that nobody chose. Half of a fold over small shared nodes went into std's hasher.
#[derive(Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    #[inline]
    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    #[inline]
    fn write_u64(&mut self, n: u64) {
        // An address has few bits that tell it from others, and they are neither the highest nor the lowest.
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

/// What is known of the nodes to which more than one path leads.
pub(super) struct Known<T> {
    /// Where in [`Self::kept`] what is known of a node lies.
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
            // Room for what is usual: to grow to it took as long as all the rest.
            self.places.reserve(56);
            self.kept.reserve(32);
        }
        let at = self.kept.len();
        self.kept.push(kept);
        self.places.insert(id, at);
        self.last = Some((id, at));
    }

    /// What a fold that remembers shared nodes knows of a place. (What is below a shared node is come to by way of that
    /// node, and need not be remembered by itself.)
    #[inline]
    pub(super) fn recall<V>(&mut self, place: Place<'_, V>) -> Recall<&T> {
        if !place.is_shared() {
            return Recall::Passing;
        }
        self.get(place.node().id() as u64).map_or(Recall::New, Recall::Known)
    }
}

/// The same for a fold that jumps: the first locations on from the roots of nodes that it calls for.
pub(super) struct Tops<T> {
    /// With the way there, which lies in [`Self::ways`].
    known: Known<(Range<usize>, T)>,
    /// All ways, back to back.
    ways: Vec<u8>,
}

impl<T: Copy> Tops<T> {
    pub(super) fn new() -> Self {
        Self { known: Known::new(), ways: Vec::new() }
    }

    /// What is known of a node: the way on from its root, and what is there.
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

    /// What is known of a place, to which the path leads; it is led on by the way.
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
