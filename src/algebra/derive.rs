//! The derive macros of lattices, and what they need of this crate.

/// Makes a struct a lattice, field by field.
///
/// The join and the meet of two structs have the joins and the meets of their fields, exactly as
/// those of tuples have. All fields need [`Lattice`](trait@super::Lattice) and `Clone`. For each
/// field whose type depends on a parameter of the struct, the macro writes that bound.
///
/// - An identity mask is exact if those of the fields are: the result is an operand if each field
///   is that operand's.
/// - [`IDEMPOTENT`](super::Lattice::IDEMPOTENT) is `true` if it is for all fields.
/// - A meet is `None` if nothing is left of any field. Where something is left, a field of which
///   nothing is left takes the value that says nothing ([`bottom`](super::Lattice::bottom)). If
///   its type has none, the meet is `None`.
/// - A struct without fields is as `()`. A field of type `PhantomData` changes nothing.
///
/// Enums are refused: what two variants join to is not in their fields. Implement the trait by
/// hand, as the example of [`Lattice`](trait@super::Lattice#examples) does. A type that implements
/// `Drop` cannot be taken apart, which [`join_into`](super::Lattice::join_into) does; implement
/// the trait by hand for it, too.
///
/// # Options
/// - `#[lattice(crate = path)]` for a crate that knows this one by another name, which the macro
///   does not find in the `Cargo.toml`;
/// - `#[lattice(bounds(T: Bound, ...))]` instead of the bounds that the macro writes, for types
///   that hold themselves.
///
/// # Examples
/// ```
/// use std::collections::BTreeSet;
///
/// use bytetrie::PathMap;
/// use bytetrie::algebra::{AlgebraicResult, Lattice, Max, Min, SELF_IDENT};
///
/// /// What is known of a sensor.
/// #[derive(Clone, Debug, PartialEq, Lattice)]
/// struct Seen<S: Ord> {
///     first: Min<u64>,
///     last: Max<u64>,
///     sources: BTreeSet<S>,
/// }
///
/// let seen = |time, source| Seen { first: Min(time), last: Max(time), sources: BTreeSet::from([source]) };
/// let one = PathMap::from([("north", seen(3, "radio")), ("south", seen(4, "radio"))]);
/// let two = PathMap::from([("north", seen(5, "wire"))]);
/// let both = one.join(&two);
/// let north = both.get("north").unwrap();
/// assert_eq!((north.first, north.last, north.sources.len()), (Min(3), Max(5), 2));
/// assert_eq!(north.pjoin(&seen(4, "wire")), AlgebraicResult::Identity(SELF_IDENT));
/// ```
///
/// A field that is no lattice is an error at the field:
/// ```compile_fail,E0277
/// use bytetrie::algebra::{Lattice, Max};
///
/// #[derive(Clone, Lattice)]
/// struct Seen {
///     last: Max<u64>,
///     by: std::thread::ThreadId,
/// }
/// ```
///
/// So is a type that cannot be taken apart:
/// ```compile_fail,E0509
/// use bytetrie::algebra::{Lattice, Max};
///
/// #[derive(Clone, Lattice)]
/// struct Logged(Max<String>);
///
/// impl Drop for Logged {
///     fn drop(&mut self) {
///         println!("{:?} is gone", self.0);
///     }
/// }
/// ```
pub use bytetrie_derive::Lattice;

/// Gives a struct a difference, field by field.
///
/// The difference of two structs has the differences of their fields, exactly as that of tuples
/// has. All fields need [`DistributiveLattice`](trait@super::DistributiveLattice),
/// [`Lattice`](trait@super::Lattice) and `Clone`.
///
/// The difference is `None` if nothing is left of any field. Where something is left, a field of
/// which nothing is left takes the value that says nothing ([`bottom`](super::Lattice::bottom)).
/// If its type has none, the field is left as it was. The options are those of [the other
/// macro](derive@super::Lattice), and stand in the same attribute.
///
/// # Examples
/// ```
/// use bytetrie::algebra::{AlgebraicResult, DistributiveLattice, Lattice};
/// use bytetrie::bytes::ByteMask;
///
/// #[derive(Clone, Debug, PartialEq, Lattice, DistributiveLattice)]
/// struct Rights {
///     read: ByteMask,
///     write: ByteMask,
/// }
///
/// let mask = |bytes: &[u8]| bytes.iter().copied().collect::<ByteMask>();
/// let (all, some) = (Rights { read: mask(b"ab"), write: mask(b"a") }, Rights { read: mask(b"b"), write: mask(b"a") });
/// assert_eq!(all.psubtract(&some), AlgebraicResult::Element(Rights { read: mask(b"a"), write: mask(b"") }));
/// assert_eq!(all.psubtract(&all), AlgebraicResult::None);
/// ```
pub use bytetrie_derive::DistributiveLattice;

#[doc(hidden)]
pub mod __derive {
    pub use super::super::compound::{component, leaves_nothing, merged, settled};
    use super::super::result::AlgebraicResult;

    /// The identity of the operands that the result equals, or the element if it equals neither.
    #[inline]
    pub fn identity_or<V>(own: bool, counter: bool, element: impl FnOnce() -> V) -> AlgebraicResult<V> {
        AlgebraicResult::identity_or(own, counter, element)
    }
}
