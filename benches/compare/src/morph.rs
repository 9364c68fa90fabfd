//! Folds, unfolds, hashes and deduplication.

use std::hint::black_box;
use std::time::Instant;

use bytetrie::testing::keys;

use crate::args::Args;

/// The operations measured, in the order of [`Morphed::samples`]. The first two are on a trie of
/// few nodes, all others on a million keys.
pub(crate) const OPERATIONS: [&str; 13] = [
    "cached fold of 4^16 paths, µs",
    "jumping cached fold of 4^16 paths, µs",
    "cached fold, words below 100 ways, ms",
    "jumping cached fold, words below 100 ways, ms",
    "side-effect fold of words, ms",
    "jumping side-effect fold of words, ms",
    "cached fold of words, ms",
    "hash of random u64, ms",
    "merkleize random u64, ms",
    "merkleize words below 10 ways, ms",
    "val_count of random u64, ms",
    "val_count, words below 100 ways, ms",
    "new_from_ana of random u64, ms",
];

/// The times of one peer, one sample for each round.
pub(crate) struct Morphed {
    /// The peer's name.
    pub(crate) peer: &'static str,
    /// The samples of each operation.
    pub(crate) samples: [Vec<f64>; OPERATIONS.len()],
}

/// The keys, created once for all peers.
struct Keys {
    random: Vec<Vec<u8>>,
    sorted: Vec<Vec<u8>>,
    words: Vec<Vec<u8>>,
    few_words: Vec<Vec<u8>>,
}

macro_rules! morph_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use $krate::PathMap;
            use $krate::morphisms::Catamorphism;
            use $krate::utils::ByteMask;
            use $krate::zipper::*;

            fn map_of(keys: &[Vec<u8>]) -> PathMap<u64> {
                let mut map = PathMap::new();
                for (key, i) in keys.iter().zip(0..) {
                    map.set_val_at(key, i);
                }
                map
            }

            fn below(ways: impl IntoIterator<Item = Vec<u8>>, map: &PathMap<u64>) -> PathMap<u64> {
                let mut all = PathMap::new();
                for way in ways {
                    all.write_zipper_at_path(&way).graft_map(map.clone());
                }
                all
            }

            fn add(_: &ByteMask, below: &mut [u64], value: Option<&u64>) -> u64 {
                below.iter().fold(value.copied().unwrap_or(0), |sum, n| sum.wrapping_add(*n))
            }

            /// Runs one round of all operations.
            pub(super) fn round(keys: &Keys, morphed: &mut Morphed) {
                let mut samples = morphed.samples.iter_mut();
                let mut time = |scale: f64, work: &mut dyn FnMut() -> u64| {
                    let start = Instant::now();
                    let result = black_box(work());
                    let seconds = start.elapsed().as_secs_f64();
                    samples.next().expect("each operation has samples").push(seconds * scale);
                    result
                };
                // Operations that take only microseconds are repeated.
                const OFTEN: usize = 200;
                let (micro, milli) = (1e6 / OFTEN as f64, 1e3);
                let often = |work: &dyn Fn() -> u64| (0..OFTEN).map(|_| work()).fold(0, u64::max);
                let mut woven = PathMap::<u64>::new();
                woven.set_val_at(b"!", 1);
                for _ in 0..16 {
                    woven = below([b"a", b"b", b"c", b"d"].map(|way| way.to_vec()), &woven);
                }
                let paths = time(micro, &mut || often(&|| woven.read_zipper().into_cata_cached(add)));
                assert_eq!(paths, 1 << 32);
                let jumping = |_: &ByteMask, below: &mut [u64], value: Option<&u64>, _: &[u8]| {
                    add(&ByteMask::EMPTY, below, value)
                };
                let paths =
                    time(micro, &mut || often(&|| woven.read_zipper().into_cata_jumping_cached(jumping)));
                assert_eq!(paths, 1 << 32);
                let ways = |n: usize| (0..n).map(|way| format!("{way:02}/").into_bytes());
                let shared = below(ways(100), &map_of(&keys.few_words));
                time(milli, &mut || shared.read_zipper().into_cata_cached(add));
                time(milli, &mut || shared.read_zipper().into_cata_jumping_cached(jumping));
                let words = map_of(&keys.words);
                time(milli, &mut || {
                    words.read_zipper().into_cata_side_effect(|mask, below, value, _| add(mask, below, value))
                });
                time(milli, &mut || {
                    words
                        .read_zipper()
                        .into_cata_jumping_side_effect(|mask, below, _, value, _| add(mask, below, value))
                });
                time(milli, &mut || words.read_zipper().into_cata_cached(add));
                let mut random = map_of(&keys.random);
                time(milli, &mut || random.read_zipper().hash() as u64);
                time(milli, &mut || random.merkleize().hash as u64);
                let mut repeated = PathMap::new();
                for way in ways(10) {
                    for (key, i) in keys.few_words.iter().zip(0..) {
                        repeated.set_val_at([&way[..], key].concat(), i);
                    }
                }
                time(milli, &mut || repeated.merkleize().hash as u64);
                let count = time(milli, &mut || random.val_count() as u64);
                assert_eq!(count as usize, keys.random.len());
                let count = time(milli, &mut || shared.val_count() as u64);
                assert_eq!(count as usize, 100 * keys.few_words.len());
                let sorted = &keys.sorted;
                let unfolded = time(milli, &mut || {
                    let map = PathMap::<u64>::new_from_ana(
                        (0, sorted.len()),
                        |(mut lo, hi): (usize, usize), value, children, path| {
                            let depth = path.len();
                            if sorted[lo].len() == depth {
                                *value = Some(lo as u64);
                                return;
                            }
                            while lo < hi {
                                let byte = sorted[lo][depth];
                                let len = sorted[lo..hi].partition_point(|key| key[depth] == byte);
                                children.push_byte(byte, (lo, lo + len));
                                lo += len;
                            }
                        },
                    );
                    map.val_count() as u64
                });
                assert_eq!(unfolded as usize, sorted.len());
            }
        }
    };
}

morph_of!(ours, bytetrie);
morph_of!(theirs, pathmap);

/// Measures the selected peers, which take turns.
pub(crate) fn measure(args: &Args) -> Vec<Morphed> {
    type Round = fn(&Keys, &mut Morphed);
    let n = args.scaled(1_000_000);
    let mut words = keys::words(n, 11);
    words.sort();
    words.dedup();
    let few_words = words.iter().step_by(10).cloned().collect();
    let random = keys::random_u64(n, 5);
    let mut sorted = random.clone();
    sorted.sort();
    let keys = Keys { random, sorted, words, few_words };
    let peers: [(&'static str, Round); 2] = [("bytetrie", ours::round), ("pathmap", theirs::round)];
    let wanted = peers.into_iter().filter(|(name, _)| args.wants_peer(name));
    let mut morphed: Vec<(Round, Morphed)> =
        wanted.map(|(peer, round)| (round, Morphed { peer, samples: Default::default() })).collect();
    for _ in 0..args.rounds {
        for (round, morphed) in &mut morphed {
            round(&keys, morphed);
        }
    }
    morphed.into_iter().map(|(_, morphed)| morphed).collect()
}
