//! Uniform sampling of values and of locations.

use rand::Rng;
use rand::distr::Distribution;

use crate::fold::Catamorphism;
use crate::trie::PathMap;
use crate::zipper::*;

/// A uniform distribution over the stored paths of a map, with their values.
///
/// To draw many samples from one map, use a [`RankIndex`](crate::search::RankIndex): it counts the
/// map once, and is a distribution too.
///
/// # Complexity
/// O(nodes) for each sample, since each sample counts the values of the map.
#[derive(Clone, Debug)]
pub struct FairTrieValue<T> {
    /// The map to sample from.
    pub source: PathMap<T>,
}

impl<T: Clone> Distribution<(Vec<u8>, T)> for FairTrieValue<T> {
    /// Returns a path and its value.
    ///
    /// # Panics
    /// Panics if the map has no value.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> (Vec<u8>, T) {
        self.source.rank_index().sample(rng)
    }
}

/// A uniform distribution over the locations of a map: the root, the stored paths, their prefixes,
/// and dangling paths.
///
/// If there are more than [`usize::MAX`] locations, only the first [`usize::MAX`] are sampled.
///
/// # Complexity
/// O(nodes) for each sample in a balanced map; otherwise up to O(nodes) at each branch on the way.
/// A shared subtrie is counted once.
#[derive(Clone, Debug)]
pub struct FairTriePath<T> {
    /// The map to sample from.
    pub source: PathMap<T>,
}

/// The number of locations at and below the focus.
fn locations<V>(focus: TrieRefBorrowed<'_, V>) -> usize {
    focus.into_cata_jumping_cached(|_, below: &mut [usize], _, way| {
        below.iter().fold(1 + way.len(), |sum, n| sum.saturating_add(*n))
    })
}

impl<T: Clone> Distribution<(Vec<u8>, Option<T>)> for FairTriePath<T> {
    /// Returns a path, and its value if it has one.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> (Vec<u8>, Option<T>) {
        let mut zipper = self.source.read_zipper();
        // The number of locations between the focus and the one that is drawn, in path order.
        let mut left = rng.random_range(0..locations(zipper.trie_ref_at_path([])));
        while left > 0 {
            let mask = zipper.child_mask();
            let mut children = mask.iter().peekable();
            left -= 1;
            while let Some(byte) = children.next() {
                // The location is below the last child if it is below no other: no count is
                // needed.
                if children.peek().is_some() {
                    let below = locations(zipper.trie_ref_at_path([byte]));
                    if below <= left {
                        left -= below;
                        continue;
                    }
                }
                zipper.descend_to_byte(byte);
                break;
            }
        }
        (zipper.path().to_vec(), zipper.get_val().cloned())
    }
}
