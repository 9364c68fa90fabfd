//! The two maps with zippers, bytetrie and pathmap, stamped from one text so that both do the very
//! same calls.

use std::hint::black_box;

use crate::peer::{Peer, Value};

macro_rules! peer_with_zippers {
    ($peer:ident, $krate:ident) => {
        /// The map of this crate.
        pub(crate) struct $peer<V: Value>($krate::PathMap<V>);

        impl<V: Value> Peer<V> for $peer<V> {
            const NAME: &'static str = stringify!($krate);

            fn new() -> Self {
                Self($krate::PathMap::new())
            }

            fn insert(&mut self, key: &[u8], value: V) -> bool {
                self.0.set_val_at(key, value).is_none()
            }

            fn get(&self, key: &[u8]) -> Option<&V> {
                self.0.get_val_at(key)
            }

            fn remove(&mut self, key: &[u8]) -> bool {
                self.0.remove_val_at(key, true).is_some()
            }

            fn iterate(&self) -> usize {
                use $krate::zipper::{ZipperIteration, ZipperMoving};
                let mut zipper = self.0.read_zipper();
                let mut count = 0;
                while zipper.to_next_val() {
                    black_box(zipper.path());
                    count += 1;
                }
                count
            }

            fn fork(&self) -> Self {
                Self(self.0.clone())
            }

            fn walk(&self) -> Option<usize> {
                use $krate::zipper::{Zipper, ZipperMoving};
                let mut zipper = self.0.read_zipper();
                let mut locations = 1;
                // The children not yet visited, for each location from the root to the focus.
                let mut rest: Vec<[u64; 4]> = vec![zipper.child_mask().0];
                while let Some(mask) = rest.last_mut() {
                    if let Some(byte) = pop_first_bit(mask) {
                        zipper.descend_to_byte(byte);
                        locations += 1;
                        rest.push(zipper.child_mask().0);
                    } else {
                        zipper.ascend_byte();
                        rest.pop();
                    }
                }
                black_box(zipper.path());
                Some(locations)
            }

            fn val_count(&self) -> Option<usize> {
                Some(self.0.val_count())
            }
        }
    };
}

/// Takes the lowest bit out of a 256-bit set.
#[inline]
fn pop_first_bit(mask: &mut [u64; 4]) -> Option<u8> {
    for (i, word) in mask.iter_mut().enumerate() {
        if *word != 0 {
            let bit = word.trailing_zeros();
            *word &= *word - 1;
            return Some((i as u32 * 64 + bit) as u8);
        }
    }
    None
}

peer_with_zippers!(Bytetrie, bytetrie);
peer_with_zippers!(Pathmap, pathmap);
