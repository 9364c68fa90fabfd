//! Numbers and bits whose type chooses the join: the greater, the lesser, the bits of either or
//! of both, the sum.

use std::cmp::Ordering;
use std::ops::{BitAnd, BitOr, Not};

use super::lattice::{DistributiveLattice, Lattice};
use super::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};

macro_rules! newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name<T>(
            /// The wrapped value.
            pub T,
        );

        impl<T> From<T> for $name<T> {
            #[inline]
            fn from(value: T) -> Self {
                Self(value)
            }
        }
    };
}

newtype! {
    /// A value whose join is the greater of two, and whose meet is the lesser.
    ///
    /// The difference `a − b` is `a` if it is greater than `b`, and nothing otherwise.
    Max
}

newtype! {
    /// A value whose join is the lesser of two, and whose meet is the greater.
    ///
    /// This is the dual of [`Max`].
    ///
    /// The difference `a − b` is `a` if it is less than `b`, and nothing otherwise.
    Min
}

newtype! {
    /// A value whose join is the bits of either operand, and whose meet is the bits of both.
    ///
    /// The join of two `Or<bool>` is true if either is.
    ///
    /// The difference `a − b` is the bits of `a` that `b` lacks, or nothing if there are none.
    /// The meet of two values without common bits is a value without bits, unlike the meet of two
    /// sets: `Or(false)` is a result.
    Or
}

newtype! {
    /// A value whose join is the bits of both operands, and whose meet is the bits of either.
    ///
    /// This is the dual of [`Or`].
    ///
    /// The difference `a − b` is all bits except those that `b` has and `a` lacks, or nothing if
    /// that is all bits.
    And
}

newtype! {
    /// A count, whose join is the sum, and whose meet is the lesser of two.
    ///
    /// A map of counts is a multiset. The difference `a − b` is the excess of `a` over `b`, or
    /// nothing if `a` is not greater. A sum saturates at the greatest number of its type, so the
    /// order of additions does not matter. It would matter with negative numbers, so only
    /// unsigned integers are counts.
    ///
    /// The join of a count with itself is twice that count. Therefore operations on tries also
    /// walk nodes that both tries share ([`Lattice::IDEMPOTENT`] is false).
    ///
    /// # Examples
    /// ```
    /// use bytetrie::algebra::{AlgebraicStatus, DistributiveLattice, Lattice, Sum};
    ///
    /// let mut seen = Sum(2u32);
    /// assert_eq!(seen.join_into(Sum(3)), AlgebraicStatus::Element);
    /// assert_eq!(seen, Sum(5));
    /// assert!(seen.psubtract(&Sum(7)).is_none());
    /// ```
    Sum
}

impl<T: Ord> Lattice for Max<T> {
    #[inline]
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        later(self.cmp(other))
    }

    #[inline]
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        later(other.cmp(self))
    }
}

impl<T: Ord> DistributiveLattice for Max<T> {
    #[inline]
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        if self > other { AlgebraicResult::Identity(SELF_IDENT) } else { AlgebraicResult::None }
    }
}

impl<T: Ord> Lattice for Min<T> {
    #[inline]
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        later(other.cmp(self))
    }

    #[inline]
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        later(self.cmp(other))
    }
}

impl<T: Ord> DistributiveLattice for Min<T> {
    #[inline]
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        if self < other { AlgebraicResult::Identity(SELF_IDENT) } else { AlgebraicResult::None }
    }
}

/// Returns the operand that is later in an order: the greater of `a` and `b` for `a.cmp(b)`, the
/// lesser for `b.cmp(a)`.
#[inline]
fn later<V>(order: Ordering) -> AlgebraicResult<V> {
    AlgebraicResult::Identity(match order {
        Ordering::Greater => SELF_IDENT,
        Ordering::Equal => SELF_IDENT | COUNTER_IDENT,
        Ordering::Less => COUNTER_IDENT,
    })
}

macro_rules! bits {
    ($name:ident, join $join:tt, meet $meet:tt) => {
        impl<T> Lattice for $name<T>
        where
            T: BitAnd<Output = T> + BitOr<Output = T> + Not<Output = T> + PartialEq + Copy,
        {
            #[inline]
            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                let joined = Self(self.0 $join other.0);
                AlgebraicResult::identity_or(joined == *self, joined == *other, || joined)
            }

            #[inline]
            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                let met = Self(self.0 $meet other.0);
                AlgebraicResult::identity_or(met == *self, met == *other, || met)
            }

            #[inline]
            fn bottom(&self) -> Option<Self> {
                Some(Self(self.0 $meet !self.0))
            }
        }

        impl<T> DistributiveLattice for $name<T>
        where
            T: BitAnd<Output = T> + BitOr<Output = T> + Not<Output = T> + PartialEq + Copy,
        {
            #[inline]
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                let left = Self(self.0 $meet !other.0);
                if left.0 == self.0 $meet !self.0 {
                    return AlgebraicResult::None;
                }
                AlgebraicResult::identity_or(left == *self, false, || left)
            }
        }
    };
}

bits!(Or, join |, meet &);
bits!(And, join &, meet |);

macro_rules! counts {
    ($($type:ty)+) => {$(
        impl Lattice for Sum<$type> {
            const IDEMPOTENT: bool = false;

            #[inline]
            fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
                let sum = Self(self.0.saturating_add(other.0));
                AlgebraicResult::identity_or(sum == *self, sum == *other, || sum)
            }

            #[inline]
            fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
                later(other.cmp(self))
            }

            #[inline]
            fn bottom(&self) -> Option<Self> {
                Some(Self(0))
            }
        }

        impl DistributiveLattice for Sum<$type> {
            // `a − a` is nothing here too. But no operation on counts skips shared nodes.
            const IDEMPOTENT: bool = false;

            #[inline]
            fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
                match self.0.saturating_sub(other.0) {
                    0 => AlgebraicResult::None,
                    left => AlgebraicResult::identity_or(left == self.0, false, || Self(left)),
                }
            }
        }
    )+};
}

counts!(u8 u16 u32 u64 u128 usize);
