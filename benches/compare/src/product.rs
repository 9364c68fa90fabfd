//! Walks over virtual products of two maps, and over records of one length.

use std::hint::black_box;
use std::time::Instant;

use bytetrie::testing::keys;

use crate::args::{Args, Stat};

/// The walks measured, in the order of [`Walked::samples`].
pub(crate) const WALKS: [&str; 8] = [
    "product of names: side-effect fold",
    "product of names: jumping side-effect fold",
    "product of names: to_next_step",
    "product of names: to_next_val",
    "product of names, from zippers: to_next_step",
    "product of names: child_mask, descend_to_byte, ascend_byte",
    "records of 16 bytes: k-paths of 16",
    "records of 16 bytes: k-paths of 8, and a walk below each",
];

/// The times of one peer in nanoseconds per location, value or record, one sample for each round.
pub(crate) struct Walked {
    /// The peer's name.
    pub(crate) peer: &'static str,
    /// The samples of each walk.
    pub(crate) samples: [Vec<f64>; WALKS.len()],
}

/// The keys, for all peers.
pub(crate) struct Inputs {
    names: Vec<Vec<u8>>,
    records: Vec<Vec<u8>>,
}

impl Inputs {
    /// Creates two thousand names, and a million records of sixteen bytes, about a thousand for
    /// each first half.
    pub(crate) fn new(args: &Args) -> Self {
        let mut names = keys::words(args.scaled(2_000), 11);
        names.sort();
        let records = (0..args.scaled(1_000_000) as u64)
            .map(|i| {
                let (group, member) = (i / 1_000, i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
                [group.wrapping_mul(0xD134_2543_DE82_EF95).to_be_bytes(), member.to_be_bytes()].concat()
            })
            .collect();
        Self { names, records }
    }
}

macro_rules! products_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use super::*;
            use $krate::PathMap;
            use $krate::morphisms::Catamorphism;
            use $krate::zipper::*;

            fn map_of(keys: &[Vec<u8>]) -> PathMap<u64> {
                let mut map = PathMap::new();
                for (key, value) in keys.iter().zip(0u64..) {
                    map.set_val_at(key, value);
                }
                map
            }

            fn steps<Z: ZipperMoving>(zipper: &mut Z) -> usize {
                let mut steps = 0;
                while zipper.to_next_step() {
                    steps += 1;
                }
                steps
            }

            fn vals<Z: ZipperIteration>(zipper: &mut Z) -> usize {
                let mut values = 0;
                while zipper.to_next_val() {
                    values += black_box(zipper.path()).len().min(1);
                }
                values
            }

            /// Walks depth first, as a fold by moves does.
            fn depth_first<Z: ZipperMoving>(zipper: &mut Z) -> usize {
                let mut stack = vec![(zipper.child_mask(), None)];
                let mut visited = 0;
                while let Some((mask, last)) = stack.last_mut() {
                    let next = match *last {
                        None => mask.indexed_bit::<true>(0),
                        Some(byte) => mask.next_bit(byte),
                    };
                    *last = next;
                    if let Some(byte) = next {
                        zipper.descend_to_byte(byte);
                        visited += 1;
                        stack.push((zipper.child_mask(), None));
                    } else {
                        stack.pop();
                        zipper.ascend_byte();
                    }
                }
                visited
            }

            fn k_paths<Z: ZipperIteration>(zipper: &mut Z, k: usize, below: usize) -> usize {
                let mut found = 0;
                let mut more = zipper.descend_first_k_path(k);
                while more {
                    if below > 0 {
                        let mut more = zipper.descend_first_k_path(below);
                        while more {
                            found += 1;
                            more = zipper.to_next_k_path(below);
                        }
                    } else {
                        found += black_box(zipper.path()).len().min(1);
                    }
                    more = zipper.to_next_k_path(k);
                }
                found
            }

            /// Runs one round of all walks.
            pub(super) fn round(inputs: &Inputs, walked: &mut Walked) {
                let (a, b) = (map_of(&inputs.names), map_of(&inputs.names));
                let records = map_of(&inputs.records);
                let product = || ProductZipper::new(a.read_zipper(), [b.read_zipper()]);
                let works: [&dyn Fn() -> usize; WALKS.len()] = [
                    &|| {
                        let mut calls = 0;
                        product().into_cata_side_effect(|_, _: &mut [()], _, path| {
                            calls += black_box(path).len().min(1);
                        });
                        calls
                    },
                    &|| {
                        let mut calls = 0;
                        product().into_cata_jumping_side_effect(|_, _: &mut [()], _, _, path| {
                            calls += black_box(path).len().min(1);
                        });
                        calls
                    },
                    &|| steps(&mut product()),
                    &|| vals(&mut product()),
                    &|| steps(&mut ProductZipperG::new(a.read_zipper(), [b.read_zipper()])),
                    &|| depth_first(&mut product()),
                    &|| k_paths(&mut records.read_zipper(), 16, 0),
                    &|| k_paths(&mut records.read_zipper(), 8, 8),
                ];
                for (work, samples) in works.iter().zip(&mut walked.samples) {
                    let start = Instant::now();
                    let visited = black_box(work());
                    samples.push(start.elapsed().as_secs_f64() * 1e9 / visited as f64);
                }
            }
        }
    };
}

products_of!(ours, bytetrie);
products_of!(theirs, pathmap);

/// Measures the selected peers, which take turns.
pub(crate) fn measure(args: &Args) -> Vec<Walked> {
    let inputs = Inputs::new(args);
    let peers = ["bytetrie", "pathmap"].into_iter().filter(|name| args.wants_peer(name));
    let mut walked: Vec<Walked> = peers.map(|peer| Walked { peer, samples: Default::default() }).collect();
    for _ in 0..args.rounds {
        for walked in &mut walked {
            match walked.peer {
                "bytetrie" => ours::round(&inputs, walked),
                _ => theirs::round(&inputs, walked),
            }
        }
    }
    walked
}

impl Walked {
    /// Returns the figure of each walk.
    pub(crate) fn figures(&self, stat: Stat) -> Vec<Option<f64>> {
        self.samples.iter().map(|samples| stat.of(samples)).collect()
    }
}
