//! Maps by the ids of nodes and by hashes.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A map by a node's id, by a small number, or by a hash of content.
pub(super) type Memo<K, T> = HashMap<K, T, BuildHasherDefault<Spread>>;

/// Spreads numbers that nobody chose. Half of a fold over small shared nodes went into std's hasher.
#[derive(Default)]
pub(super) struct Spread(u64);

impl Hasher for Spread {
    #[inline]
    fn write_usize(&mut self, n: usize) {
        // An address has few bits that tell it from others, and they are neither the highest nor the lowest.
        let wide = u128::from(n as u64) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (wide >> 64) as u64 ^ wide as u64;
    }

    #[inline]
    fn write_u32(&mut self, n: u32) {
        self.write_usize(n as usize);
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
