//! Fair samples from a rank index.

use rand::Rng;
use rand::distr::Distribution;

use super::rank::RankIndex;

impl<V> RankIndex<V> {
    /// Returns a random stored path and its value, with equal probability for each path, or `None`
    /// if the index is empty.
    ///
    /// Needs the feature `random`. O(nodes on the way), like [`nth`](Self::nth). If there are
    /// more than [`usize::MAX`] paths, the choice is among the first `usize::MAX` paths.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use rand::SeedableRng;
    ///
    /// let index = PathMap::from([("heads", 1), ("tails", 2)]).rank_index();
    /// let mut rng = rand::rngs::SmallRng::seed_from_u64(7);
    /// let heads = (0..1000).filter(|_| index.pick(&mut rng).unwrap().0 == b"heads").count();
    /// assert!((400..600).contains(&heads));
    /// ```
    pub fn pick<R: Rng + ?Sized>(&self, rng: &mut R) -> Option<(Vec<u8>, &V)> {
        self.nth(self.number(rng)?)
    }

    /// Like [`pick`](Self::pick), but reuses `path`: its content is replaced. `path` is unchanged
    /// if the index is empty.
    pub fn pick_into<R: Rng + ?Sized>(&self, rng: &mut R, path: &mut Vec<u8>) -> Option<&V> {
        self.nth_into(self.number(rng)?, path)
    }

    fn number<R: Rng + ?Sized>(&self, rng: &mut R) -> Option<usize> {
        (!self.is_empty()).then(|| rng.random_range(0..self.len()))
    }
}

impl<V: Clone> Distribution<(Vec<u8>, V)> for RankIndex<V> {
    /// Returns a random stored path and its value; see [`pick`](RankIndex::pick).
    ///
    /// # Panics
    /// Panics if the index is empty.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> (Vec<u8>, V) {
        let (path, value) = self.pick(rng).expect("an empty map has no sample");
        (path, value.clone())
    }
}
