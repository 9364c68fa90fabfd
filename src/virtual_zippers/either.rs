//! One of two zippers.

use crate as bytetrie;

/// One of two zippers: what both can do, it can.
///
/// Enums that derive [`PolyZipper`](crate::zipper::PolyZipper) fork into it. For kinds of your own
/// derive that.
#[derive(Clone, Debug, bytetrie_derive::PolyZipper)]
#[poly_zipper(crate = bytetrie, forking, no_conversions)]
pub enum EitherZipper<A, B> {
    /// The one.
    Left(A),
    /// The other.
    Right(B),
}
