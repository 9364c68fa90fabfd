//! Random maps.

use std::marker::PhantomData;

use rand::Rng;
use rand::distr::Distribution;

use crate::trie::PathMap;

/// Samples maps: `size` paths and values, each drawn independently.
///
/// # Examples
/// ```
/// use std::marker::PhantomData;
///
/// use bytetrie::PathMap;
/// use bytetrie::random::RandomTrie;
/// use rand::SeedableRng;
/// use rand::distr::{Distribution, StandardUniform};
/// use rand::rngs::SmallRng;
///
/// let path = StandardUniform.map(|n: u64| n.to_be_bytes().to_vec());
/// let tries = RandomTrie { size: 100, pd: path, vd: StandardUniform, ph: PhantomData };
/// let map: PathMap<u8> = tries.sample(&mut SmallRng::seed_from_u64(1));
/// assert_eq!(map.len(), 100);
/// ```
#[derive(Clone, Debug)]
pub struct RandomTrie<T, PathD, ValueD> {
    /// The number of draws. A path that is drawn again keeps the last value, so the map may hold
    /// fewer paths.
    pub size: usize,
    /// The distribution of paths.
    pub pd: PathD,
    /// The distribution of values.
    pub vd: ValueD,
    /// Marks the type of the values.
    pub ph: PhantomData<T>,
}

impl<T, PathD, ValueD> Distribution<PathMap<T>> for RandomTrie<T, PathD, ValueD>
where
    T: Clone,
    PathD: Distribution<Vec<u8>>,
    ValueD: Distribution<T>,
{
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> PathMap<T> {
        let mut map = PathMap::new();
        for _ in 0..self.size {
            let path = self.pd.sample(rng);
            map.insert(path, self.vd.sample(rng));
        }
        map
    }
}
