//! Samples in which all have the same chance.

use rand::Rng;
use rand::distr::Distribution;

use crate::fold::Catamorphism;
use crate::trie::PathMap;
use crate::zipper::*;

/// Stored paths and their values, each with the same chance.
///
/// Each sample counts what the map holds: O(nodes). Where many are drawn from one map, a
/// [`RankIndex`](crate::search::RankIndex) counts once and is a distribution too, each sample of which takes O(nodes on
/// the way).
#[derive(Clone, Debug)]
pub struct FairTrieValue<T> {
    /// The map that samples are from.
    pub source: PathMap<T>,
}

impl<T: Clone> Distribution<(Vec<u8>, T)> for FairTrieValue<T> {
    /// A path and its value.
    ///
    /// # Panics
    /// If the map has no value.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> (Vec<u8>, T) {
        self.source.rank_index().sample(rng)
    }
}

/// All locations, each with the same chance, the root among them: paths that are stored, that stored ones lead through,
/// and that dangle.
///
/// Each sample counts what the map holds, a shared subtrie once, and then what is below the branches on its way: in a map
/// that is balanced O(nodes), else up to that at each branch. If there are more than [`usize::MAX`] locations, the choice
/// is among the first so many.
#[derive(Clone, Debug)]
pub struct FairTriePath<T> {
    /// The map that samples are from.
    pub source: PathMap<T>,
}

/// The number of locations at and below the focus.
fn locations<V>(focus: TrieRefBorrowed<'_, V>) -> usize {
    focus.into_cata_jumping_cached(|_, below: &mut [usize], _, way| {
        below.iter().fold(1 + way.len(), |sum, n| sum.saturating_add(*n))
    })
}

impl<T: Clone> Distribution<(Vec<u8>, Option<T>)> for FairTriePath<T> {
    /// A path, and its value if it has one.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> (Vec<u8>, Option<T>) {
        let mut zipper = self.source.read_zipper();
        // How many locations come before the one that is drawn, in path order from the focus on.
        let mut left = rng.random_range(0..locations(zipper.trie_ref_at_path([])));
        while left > 0 {
            let mask = zipper.child_mask();
            let mut children = mask.iter().peekable();
            left -= 1;
            while let Some(byte) = children.next() {
                // What is not before the last child is below it, and need not be counted.
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
