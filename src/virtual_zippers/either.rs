//! One of two zippers.

use crate as bytetrie;

/// One of two zippers. It implements each trait that both of them implement.
///
/// Enums that derive [`PolyZipper`](crate::zipper::PolyZipper) fork into this type. For an enum of
/// your own, derive `PolyZipper`.
#[derive(Clone, Debug, bytetrie_derive::PolyZipper)]
#[poly_zipper(crate = bytetrie, forking, no_conversions)]
pub enum EitherZipper<A, B> {
    /// The first zipper.
    Left(A),
    /// The second zipper.
    Right(B),
}
