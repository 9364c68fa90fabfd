//! Integers as paths: maps of ranges, and several integers in one path.
//!
//! The path of an integer is its bytes in big-endian order, so the order of paths is that of the
//! numbers. The names and signatures are those of `pathmap` 0.3.5.
//!
//! # Examples
//! ```
//! use bytetrie::utils::ints::*;
//!
//! // Every third number, in a handful of nodes.
//! let map = gen_int_range::<(), 4, u32>(0, 1_000_000, 3, ());
//! assert_eq!(map.val_count(), 333_334);
//! assert!(map.contains(999_999u32.to_be_bytes()));
//! assert!(map.heap_size() < 20_000);
//!
//! // Two coordinates in one path: points near each other have a common prefix.
//! let mut path = Vec::new();
//! indices_to_weave::<2, u16>(&[0x0102, 0x0304], &mut path);
//! assert_eq!(path, [0x01, 0x03, 0x02, 0x04]);
//! ```

use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;

use crate::trie::PathMap;
use crate::zipper::ZipperWriting;

/// An unsigned integer of `NUM_SIZE` bytes.
pub trait PathInteger<const NUM_SIZE: usize>: Copy + Ord + Hash + Debug + private::Sealed {}

mod private {
    /// The conversions of an integer. All integers fit 128 bits.
    pub trait Sealed {
        /// Returns the number in 128 bits.
        #[must_use]
        fn widen(self) -> u128;

        /// Returns the low bits of a number.
        #[must_use]
        fn cut(number: u128) -> Self;
    }
}

macro_rules! path_integer {
    ($($integer:ty),*) => {
        $(
            impl private::Sealed for $integer {
                fn widen(self) -> u128 {
                    self as u128
                }

                fn cut(number: u128) -> Self {
                    number as Self
                }
            }

            impl PathInteger<{ size_of::<$integer>() }> for $integer {}
        )*
    };
}

path_integer!(u8, u16, u32, u64, usize, u128);

/// Returns a map with `value` at each of the numbers `start`, `start + step`, … below `stop`.
///
/// Equal parts of the map share their nodes, so the call takes O(nodes of the result) and not
/// O(numbers). With a small step, the result has a few nodes for each of the `NUM_SIZE` bytes. The
/// map is empty if `start` is not below `stop`.
///
/// # Panics
/// Panics if `step` is 0.
#[must_use]
pub fn gen_int_range<V, const NUM_SIZE: usize, R>(start: R, stop: R, step: R, value: V) -> PathMap<V>
where
    V: Clone,
    R: PathInteger<NUM_SIZE>,
{
    let (start, stop, step) = (start.widen(), stop.widen(), step.widen());
    assert!(step > 0, "a range of step 0 does not end");
    if start >= stop {
        return PathMap::new();
    }
    let count = (stop - start).div_ceil(step);
    Ranges { step, value, known: HashMap::new() }.make(NUM_SIZE as u32, start, count)
}

/// The maps of ranges made so far.
struct Ranges<V> {
    step: u128,
    value: V,
    /// The maps by number of bytes, first number, and count of numbers.
    known: HashMap<(u32, u128, u128), PathMap<V>>,
}

impl<V: Clone> Ranges<V> {
    /// Returns a map of `count` numbers of `bytes` bytes, starting with `first`. It recurses once
    /// for each byte, so at most 16 times.
    fn make(&mut self, bytes: u32, first: u128, count: u128) -> PathMap<V> {
        if count == 1 {
            return PathMap::single(&first.to_be_bytes()[16 - bytes as usize..], self.value.clone());
        }
        let key = (bytes, first, count);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let mut map = PathMap::new();
        let (mut next, mut left) = (first, count);
        while left > 0 {
            // The numbers with this first byte are those below the next multiple of `block`.
            let block = 1 << (8 * (bytes - 1));
            let (byte, within) = ((next / block) as u8, next % block);
            let here = (block - within).div_ceil(self.step).min(left);
            if bytes == 1 {
                map.insert([byte], self.value.clone());
            } else {
                let below = self.make(bytes - 1, within, here);
                map.write_zipper_at_path([byte]).graft_map(below);
            }
            left -= here;
            if left > 0 {
                next += here * self.step;
            }
        }
        self.known.insert(key, map.clone());
        map
    }
}

/// Writes up to eight numbers as one path, with one bit of each number in each byte ("bits of
/// byte").
///
/// The highest bits are first. Bit `i` of a byte belongs to the `i`-th number. Zeros before the
/// highest bit of all are not written. Returns the number of bytes written, which is the number
/// of bits of the greatest number.
///
/// # Panics
/// Panics if there are more than eight numbers.
///
/// # Examples
/// ```
/// use bytetrie::utils::ints::*;
///
/// let mut path = Vec::new();
/// assert_eq!(indices_to_bob(&[0b101u8, 0b011], &mut path), 3);
/// assert_eq!(path, [0b01, 0b10, 0b11]);
/// ```
pub fn indices_to_bob<const NUM_SIZE: usize, R: PathInteger<NUM_SIZE>>(xs: &[R], bob: &mut Vec<u8>) -> usize {
    assert!(xs.len() <= 8, "a byte has bits of at most eight numbers, not of {}", xs.len());
    let all = xs.iter().fold(0, |all, x| all | x.widen());
    let bits = u128::BITS - all.leading_zeros();
    bob.extend((0..bits).rev().map(|bit| {
        let of_each = xs.iter().enumerate().map(|(i, x)| ((x.widen() >> bit & 1) as u8) << i);
        of_each.fold(0, |byte, bit| byte | bit)
    }));
    bits as usize
}

/// Reads the numbers of a path that [`indices_to_bob`] has written into `xs`, one for each
/// element.
///
/// # Panics
/// Panics if there are more than eight numbers, or more bytes than a number has bits.
pub fn bob_to_indices<const NUM_SIZE: usize, R: PathInteger<NUM_SIZE>>(bob: &[u8], xs: &mut [R]) {
    assert!(xs.len() <= 8, "a byte has bits of at most eight numbers, not of {}", xs.len());
    assert!(bob.len() <= NUM_SIZE * 8, "{} bits do not fit {NUM_SIZE} bytes", bob.len());
    for (i, x) in xs.iter_mut().enumerate() {
        *x = R::cut(bob.iter().fold(0, |number, byte| number << 1 | u128::from(byte >> i & 1)));
    }
}

/// Writes numbers as one path, with their bytes in turn.
///
/// The highest byte of each number is first, then the next byte of each. All `NUM_SIZE` bytes of
/// each number are written, and only these.
pub fn indices_to_weave<const NUM_SIZE: usize, R: PathInteger<NUM_SIZE>>(xs: &[usize], weave: &mut Vec<u8>) {
    for at in (0..NUM_SIZE).rev() {
        weave.extend(xs.iter().map(|&x| (x as u128 >> (8 * at)) as u8));
    }
}

/// Reads the numbers of a path that [`indices_to_weave`] has written into `xs`, one for each
/// element.
///
/// # Panics
/// Panics if the number of bytes is not a multiple of the number of elements of `xs`, or if there
/// are more than `NUM_SIZE` bytes for each element.
pub fn weave_to_indices<const NUM_SIZE: usize, R: PathInteger<NUM_SIZE>>(weave: &[u8], xs: &mut [R]) {
    let n = xs.len();
    if n == 0 {
        return;
    }
    assert!(weave.len().is_multiple_of(n), "{} bytes do not make {n} numbers", weave.len());
    assert!(weave.len() / n <= NUM_SIZE, "{} bytes are too many for {n} numbers of {NUM_SIZE}", weave.len());
    for (i, x) in xs.iter_mut().enumerate() {
        *x = R::cut(weave[i..].iter().step_by(n).fold(0, |number, &byte| number << 8 | u128::from(byte)));
    }
}
