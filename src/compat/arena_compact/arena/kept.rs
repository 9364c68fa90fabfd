//! Values that are lent as long as their tree.

use std::sync::OnceLock;

/// The distinct values that were lent, each once.
///
/// In a file of pathmap a value is a number of variable length, so it cannot be lent from the
/// bytes. A zipper that returns `&'tree u64` needs the number itself, at an address that stays
/// while the tree lives. So each distinct value is kept in a trie over the bits of its hash, whose
/// nodes are added by any thread and never change.
#[derive(Default)]
pub(super) struct Kept {
    first: Slot,
}

type Slot = OnceLock<Box<Value>>;

struct Value {
    value: u64,
    /// Those whose hashes have the same bits so far, by the next two bits.
    below: [Slot; 4],
}

/// Spreads the bits of a value. Distinct values have distinct hashes, because each step can be
/// reversed.
fn hash(value: u64) -> u64 {
    let spread = value.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread ^ spread >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

impl Kept {
    /// Lends a value. At most 33 steps, and usually as many as half the bits of the number of
    /// distinct values.
    pub(super) fn lend(&self, value: u64) -> &u64 {
        let (mut slot, mut bits) = (&self.first, hash(value));
        loop {
            let kept = slot.get_or_init(|| Box::new(Value { value, below: Default::default() }));
            if kept.value == value {
                return &kept.value;
            }
            // The bits that vary most are the upper ones.
            bits = bits.rotate_left(2);
            slot = &kept.below[(bits & 3) as usize];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_once() {
        let kept = Kept::default();
        let values = (0..10_000).chain([u64::MAX, 1 << 63]).chain((0..60).map(|bit| 1 << bit));
        let lent: Vec<_> = values.map(|value| (value, kept.lend(value))).collect();
        for (value, lent) in lent {
            assert_eq!(*lent, value);
            assert!(std::ptr::eq(kept.lend(value), lent));
        }
    }

    #[test]
    fn threads_lend_the_same_value() {
        let kept = Kept::default();
        std::thread::scope(|scope| {
            let lend = || (0..1000).map(|value| kept.lend(value) as *const u64 as usize).collect::<Vec<_>>();
            let (one, other) = (scope.spawn(lend), scope.spawn(lend));
            assert_eq!(one.join().unwrap(), other.join().unwrap());
        });
    }
}
