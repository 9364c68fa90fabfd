//! Plain values: if two differ, the left one is kept.
//!
//! The join and the meet of plain values are the left operand. The difference is nothing if the
//! two are equal, and the left operand otherwise. The [newtypes](super::newtypes) are for numbers
//! that are added up, or of which the greater is kept.

use std::rc::Rc;
use std::sync::Arc;

use super::lattice::{DistributiveLattice, Lattice};
use super::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};

/// Returns the left value as the result; the mask names the right one too if the two are equal.
#[inline]
fn left<T>(equal: bool) -> AlgebraicResult<T> {
    AlgebraicResult::Identity(if equal { SELF_IDENT | COUNTER_IDENT } else { SELF_IDENT })
}

/// Returns nothing if the two values are equal, and the left value otherwise.
#[inline]
fn unless<T>(equal: bool) -> AlgebraicResult<T> {
    if equal { AlgebraicResult::None } else { AlgebraicResult::Identity(SELF_IDENT) }
}

macro_rules! plain {
    ($([$($generics:tt)*] $type:ty),+ $(,)?; $equal:expr) => {$(
        impl<$($generics)*> Lattice for $type {
            #[inline]
            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                left($equal(self, other))
            }

            #[inline]
            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                left($equal(self, other))
            }
        }

        impl<$($generics)*> DistributiveLattice for $type {
            #[inline]
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                unless($equal(self, other))
            }
        }
    )+};
}

plain!([] u8, [] u16, [] u32, [] u64, [] u128, [] usize; PartialEq::eq);
plain!([] i8, [] i16, [] i32, [] i64, [] i128, [] isize; PartialEq::eq);
plain!([] bool, [] char, [] String, ['a] &'a str; PartialEq::eq);
plain!([] Box<str>, [] Rc<str>, [] Arc<str>; PartialEq::eq);
// `Eq`, because the difference of a sequence and itself must be nothing. Of arrays, only arrays
// of bytes are plain: `[u64; 4]` is a set of bytes.
plain!([T: Eq] Vec<T>, [T: Eq] Box<[T]>, [T: Eq] Rc<[T]>, [T: Eq] Arc<[T]>; PartialEq::eq);
plain!(['a, T: Eq] &'a [T], [const N: usize] [u8; N]; PartialEq::eq);

// Two floats are equal here if their bits are. By `==` a NaN would differ from itself, and a
// change from `-0.0` to `0.0` would count as no change.
plain!([] f32; |a: &f32, b: &f32| a.to_bits() == b.to_bits());
plain!([] f64; |a: &f64, b: &f64| a.to_bits() == b.to_bits());

/// The type has one value, so a join and a meet change nothing.
impl Lattice for () {
    #[inline]
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        left(true)
    }

    #[inline]
    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        left(true)
    }
}

impl DistributiveLattice for () {
    #[inline]
    fn psubtract(&self, _: &Self) -> AlgebraicResult<Self> {
        unless(true)
    }
}
