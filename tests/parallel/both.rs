//! Random tries for parallel walks, with their models.

use bytetrie::PathMap;
use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::NaiveMap;
use bytetrie::zipper::*;

/// A map and its model.
pub(crate) struct Both {
    pub(crate) map: PathMap<u64>,
    pub(crate) model: NaiveMap<u64>,
}

/// Generates a path of up to `len` steps, each one of a few letters or, rarely, a long run.
pub(crate) fn random_path(rng: &mut Rng, len: usize) -> Vec<u8> {
    let mut path = Vec::new();
    for _ in 0..rng.below(len + 1) {
        match rng.below(16) {
            0 => path.extend(rng.bytes(3)),
            1 => path.extend(vec![b'-'; 1 + rng.below(40)]),
            _ => path.push(b"abcd"[rng.below(4)]),
        }
    }
    path
}

impl Both {
    pub(crate) fn random(rng: &mut Rng) -> Self {
        let limits = if rng.one_in(2) { Limits::TINY } else { Limits::DEFAULT };
        with_limits(limits, || {
            let mut both = Self { map: PathMap::new(), model: NaiveMap::new() };
            let size = [0, 3, 20, 120][rng.below(4)];
            for i in 0..size {
                both.step(rng, i);
            }
            if rng.one_in(3) {
                both.add_comb(rng);
            }
            if rng.one_in(4) {
                both.add_fan(rng);
            }
            both
        })
    }

    fn step(&mut self, rng: &mut Rng, i: u64) {
        let path = random_path(rng, 8);
        match rng.below(12) {
            0 => assert_eq!(self.map.create_path(&path), self.model.create_path(&path)),
            1 => assert_eq!(self.map.remove_val_at(&path, false), self.model.remove(&path, false)),
            2 => {
                let to = random_path(rng, 3);
                let subtrie = self.map.read_zipper_at_path(&path).make_map();
                // An empty subtrie is not grafted.
                if !subtrie.is_empty() && self.model.at_or_below(&[]).count() < 2_000 {
                    let model = self.model.subtrie_at(&path).expect("it holds something");
                    self.map.write_zipper_at_path(&to).graft_map(subtrie);
                    self.model.replace_at(&to, model);
                }
            }
            _ => assert_eq!(self.map.insert(&path, i), self.model.set(&path, i)),
        }
    }

    /// A long chain with a small branch at each level, on either side of it.
    fn add_comb(&mut self, rng: &mut Rng) {
        let mut path = random_path(rng, 2);
        for i in 0..60 {
            path.push(b'm');
            let tooth = [&path[..], &[if rng.one_in(2) { b'a' } else { b'z' }]].concat();
            self.map.insert(&tooth, i);
            self.model.set(&tooth, i);
        }
    }

    /// Many siblings.
    fn add_fan(&mut self, rng: &mut Rng) {
        let path = random_path(rng, 2);
        for byte in 0..200 {
            let leaf = [&path[..], &[byte]].concat();
            self.map.insert(&leaf, 1000 + u64::from(byte));
            self.model.set(&leaf, 1000 + u64::from(byte));
        }
    }

    /// Generates a path of the trie, or a similar one.
    pub(crate) fn some_path(&self, rng: &mut Rng) -> Vec<u8> {
        let locations: Vec<_> = self.model.locations().map(|(path, _)| path.to_vec()).collect();
        let mut path = locations[rng.below(locations.len())].clone();
        match rng.below(4) {
            0 => path.truncate(rng.below(path.len() + 1)),
            1 if rng.one_in(2) => path.push(b'x'),
            _ => {}
        }
        path
    }
}

/// Returns a number that depends only on the path.
pub(crate) fn hash(path: &[u8], seed: u64) -> u64 {
    path.iter().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(17)
    })
}
