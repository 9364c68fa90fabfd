//! Algebra of two maps. Each has two thirds of the keys, and they have one third in common.

use std::hint::black_box;
use std::time::Instant;

use crate::args::{Args, Stat};
use crate::keys::KeySet;
use crate::peer::Form;

/// The operations measured on two maps, in the order of [`Combined::samples`]. Keys are collapsed
/// up to the first byte in which they differ: k is the smallest length at which there are two
/// prefixes.
pub(crate) const OPERATIONS: [&str; 8] = [
    "join",
    "meet",
    "subtract",
    "restrict by 1 % of prefixes",
    "join_k_path_into(k)",
    "join_k_path_into(k + 3)",
    "join what overlaps by 95 %",
    "join_into a clone of the left",
];

/// The times of one peer in nanoseconds per key of the set, one sample for each round.
pub(crate) struct Combined {
    /// The peer's name.
    pub(crate) peer: &'static str,
    /// The samples of each operation.
    pub(crate) samples: [Vec<f64>; OPERATIONS.len()],
}

macro_rules! algebra_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use $krate::PathMap;
            use $krate::ring::{DistributiveLattice, Lattice};
            use $krate::zipper::*;

            fn map_of<V: Clone + Default + Send + Sync + Unpin>(keys: &[&[u8]]) -> PathMap<V> {
                let mut map = PathMap::new();
                for key in keys {
                    map.set_val_at(key, V::default());
                }
                map
            }

            /// One round of all operations.
            pub(super) fn round<V>(set: &KeySet, combined: &mut Combined)
            where
                V: Clone + Default + Send + Sync + Unpin + Lattice + DistributiveLattice,
            {
                let keys: Vec<&[u8]> = set.lists(Form::Plain).insert.iter().collect();
                let third = keys.len() / 3;
                let (a, b) = (map_of::<V>(&keys[..2 * third]), map_of::<V>(&keys[third..]));
                let near = map_of::<V>(&keys[keys.len() / 20..]);
                let most = map_of::<V>(&keys[..keys.len() - keys.len() / 20]);
                let cut = |key: &&[u8]| key[..(key.len() * 3).div_ceil(4)].to_vec();
                let prefixes: Vec<Vec<u8>> = keys.iter().step_by(100).map(cut).collect();
                let prefixes: Vec<&[u8]> = prefixes.iter().map(Vec::as_slice).collect();
                let prefixes = map_of::<V>(&prefixes);
                let fork = set.fork_len();
                let collapse = |k: usize| {
                    let mut map = a.clone();
                    map.write_zipper().join_k_path_into(k, false);
                    map
                };
                let works: [&dyn Fn() -> PathMap<V>; OPERATIONS.len()] = [
                    &|| a.join(&b),
                    &|| a.meet(&b),
                    &|| a.subtract(&b),
                    &|| a.restrict(&prefixes),
                    &|| collapse(fork),
                    &|| collapse(fork + 3),
                    &|| most.join(&near),
                    &|| {
                        let mut map = a.clone();
                        map.write_zipper().join_into(&b.read_zipper());
                        map
                    },
                ];
                for (work, samples) in works.iter().zip(&mut combined.samples) {
                    let start = Instant::now();
                    let result = black_box(work());
                    samples.push(start.elapsed().as_secs_f64() * 1e9 / keys.len() as f64);
                    drop(result);
                }
            }
        }
    };
}

algebra_of!(ours, bytetrie);
algebra_of!(theirs, pathmap);

/// A type of values to measure with.
pub(crate) trait Combinable {
    /// Runs one round for the peer of this name.
    fn round(peer: &str, set: &KeySet, combined: &mut Combined);
}

macro_rules! combinable {
    ($value:ty) => {
        impl Combinable for $value {
            fn round(peer: &str, set: &KeySet, combined: &mut Combined) {
                match peer {
                    "bytetrie" => ours::round::<$value>(set, combined),
                    _ => theirs::round::<$value>(set, combined),
                }
            }
        }
    };
}

combinable!(u64);
combinable!(());

/// Measures the selected peers, which take turns.
pub(crate) fn measure<V: Combinable>(set: &KeySet, args: &Args) -> Vec<Combined> {
    let peers = ["bytetrie", "pathmap"].into_iter().filter(|name| args.wants_peer(name));
    let mut combined: Vec<Combined> =
        peers.map(|peer| Combined { peer, samples: Default::default() }).collect();
    for _ in 0..args.rounds {
        for combined in &mut combined {
            V::round(combined.peer, set, combined);
        }
    }
    combined
}

/// The operations measured on bytetrie alone, because no peer has them in this form.
pub(crate) struct Shared {
    /// Microseconds per changed path for the diff of two maps that share all but 100 paths.
    pub(crate) diff: Vec<f64>,
    /// Microseconds per changed path for subtracting one of these maps from the other.
    pub(crate) subtract: Vec<f64>,
    /// Milliseconds for joining 64 maps at once.
    pub(crate) join_all: Vec<f64>,
    /// Milliseconds for joining 64 maps one after another.
    pub(crate) fold: Vec<f64>,
}

/// Measures the operations that depend on sharing.
pub(crate) fn shared(args: &Args) -> Shared {
    use bytetrie::PathMap;
    use bytetrie::testing::keys;

    const CHANGED: usize = 100;
    let keys = keys::random_u64(args.scaled(1_000_000), 7);
    let old: PathMap<u64> = keys.iter().zip(0..).collect::<Vec<_>>().into_iter().collect();
    let mut new = old.clone();
    for (i, key) in keys.iter().step_by(keys.len() / CHANGED).take(CHANGED).enumerate() {
        match i % 2 {
            0 => drop(new.remove(key)),
            _ => drop(new.insert(key, 0)),
        }
    }
    let maps: Vec<PathMap<u64>> = (0..64)
        .map(|i| keys::random_u64(args.scaled(10_000), 100 + i).into_iter().map(|key| (key, i)).collect())
        .collect();
    let mut shared = Shared { diff: vec![], subtract: vec![], join_all: vec![], fold: vec![] };
    let time = |work: &dyn Fn() -> usize| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    };
    for _ in 0..args.rounds {
        let diff = time(&|| {
            let (mut changes, mut count) = (old.diff(&new), 0);
            while changes.next().is_some() {
                count += 1;
            }
            count
        });
        shared.diff.push(diff * 1e6 / CHANGED as f64);
        let subtract = time(&|| old.subtract(&new).is_empty() as usize);
        shared.subtract.push(subtract * 1e6 / CHANGED as f64);
        shared.join_all.push(time(&|| PathMap::join_all(&maps).is_empty() as usize) * 1e3);
        let fold = || maps.iter().fold(PathMap::new(), |joined, map| joined.join(map)).is_empty() as usize;
        shared.fold.push(time(&fold) * 1e3);
    }
    shared
}

impl Shared {
    /// Returns the figures: diff and subtract in microseconds per changed path, join_all and fold
    /// in milliseconds.
    pub(crate) fn figures(&self, stat: Stat) -> [Option<f64>; 4] {
        [&self.diff, &self.subtract, &self.join_all, &self.fold].map(|samples| stat.of(samples))
    }
}
