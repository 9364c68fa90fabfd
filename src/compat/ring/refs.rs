//! Lattices of references to values.

use super::{AlgebraicResult, COUNTER_IDENT, DistributiveLattice, Lattice, SELF_IDENT};

/// A [`Lattice`] of references: `&V`, and `Option<&V>` as [`PathMap::get`](crate::PathMap::get)
/// returns it.
///
/// The results are those of `V` and of `Option<V>`.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::ring::{LatticeRef, Max};
///
/// let (a, b) = (PathMap::from([("oslo", Max(3))]), PathMap::from([("oslo", Max(5))]));
/// let (at_a, at_b) = (a.get("oslo"), b.get("oslo"));
/// assert_eq!(at_a.pjoin(&at_b).into_option([at_a.cloned(), at_b.cloned()]), Some(Some(Max(5))));
/// ```
pub trait LatticeRef {
    /// The type of the result.
    type T;

    /// [`Lattice::pjoin`] of the values referred to.
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self::T>;

    /// [`Lattice::pmeet`] of the values referred to.
    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self::T>;
}

/// A [`DistributiveLattice`] of references; see [`LatticeRef`].
pub trait DistributiveLatticeRef {
    /// The type of the result.
    type T;

    /// [`DistributiveLattice::psubtract`] of the values referred to.
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self::T>;
}

impl<V: Lattice> LatticeRef for &V {
    type T = V;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<V> {
        V::pjoin(self, other)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<V> {
        V::pmeet(self, other)
    }
}

impl<V: DistributiveLattice> DistributiveLatticeRef for &V {
    type T = V;

    fn psubtract(&self, other: &Self) -> AlgebraicResult<V> {
        V::psubtract(self, other)
    }
}

impl<V: Lattice> LatticeRef for Option<&V> {
    type T = Option<V>;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Option<V>> {
        match (self, other) {
            (Some(a), Some(b)) => V::pjoin(a, b).map(Some),
            (Some(_), None) => AlgebraicResult::Identity(SELF_IDENT),
            (None, Some(_)) => AlgebraicResult::Identity(COUNTER_IDENT),
            (None, None) => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
        }
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Option<V>> {
        match (self, other) {
            (Some(a), Some(b)) => V::pmeet(a, b).map(Some),
            (None, None) => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            _ => AlgebraicResult::None,
        }
    }
}

impl<V: DistributiveLattice> DistributiveLatticeRef for Option<&V> {
    type T = Option<V>;

    fn psubtract(&self, other: &Self) -> AlgebraicResult<Option<V>> {
        match (self, other) {
            (Some(a), Some(b)) => V::psubtract(a, b).map(Some),
            (Some(_), None) => AlgebraicResult::Identity(SELF_IDENT),
            (None, _) => AlgebraicResult::None,
        }
    }
}
