//! The derive macros of lattices, and the functions that their code calls.

/// Derives [`Lattice`](trait@super::Lattice) for a struct, field by field.
///
/// The join and the meet of two structs consist of the joins and the meets of their fields,
/// exactly as those of tuples do. All fields must implement [`Lattice`](trait@super::Lattice) and
/// `Clone`. For each field whose type depends on a parameter of the struct, the macro writes that
/// bound.
///
/// - An identity mask is exact if the masks of the fields are: the result is an operand if each
///   field of the result is that operand's.
/// - [`IDEMPOTENT`](super::Lattice::IDEMPOTENT) is `true` if it is for all fields.
/// - A meet is `None` if nothing is left of any field. Otherwise, a field of which nothing is
///   left becomes the least value of its type ([`bottom`](super::Lattice::bottom)). If its type
///   has no least value, the meet is `None`.
/// - A struct without fields is combined like `()`. Fields of type `PhantomData` have no effect.
///
/// Enums are refused, since the join of two variants does not follow from their fields. Implement
/// the trait by hand, as the example of [`Lattice`](trait@super::Lattice#examples) does. Implement
/// it by hand for a type that implements `Drop`, too: the derived
/// [`join_into`](super::Lattice::join_into) moves the fields out, which such a type does not
/// allow.
///
/// # Options
/// - `#[lattice(crate = path)]` for a crate that imports this one under a name that the macro
///   does not find in `Cargo.toml`;
/// - `#[lattice(bounds(T: Bound, ...))]` instead of the bounds that the macro writes, for types
///   that contain themselves.
///
/// # Examples
/// ```
/// use std::collections::BTreeSet;
///
/// use bytetrie::PathMap;
/// use bytetrie::algebra::{AlgebraicResult, Lattice, Max, Min, SELF_IDENT};
///
/// /// What is known about a sensor.
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
/// A field that is not a lattice is an error at the field:
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
/// A type that implements `Drop` is an error, too:
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

/// Derives [`DistributiveLattice`](trait@super::DistributiveLattice) for a struct, field by
/// field.
///
/// The difference of two structs consists of the differences of their fields, exactly as that of
/// tuples does. All fields must implement
/// [`DistributiveLattice`](trait@super::DistributiveLattice), [`Lattice`](trait@super::Lattice)
/// and `Clone`.
///
/// The difference is `None` if nothing is left of any field. Otherwise, a field of which nothing
/// is left becomes the least value of its type ([`bottom`](super::Lattice::bottom)). If its type
/// has no least value, the field is unchanged. The options are those of
/// [`Lattice`](derive@super::Lattice), and are written in the same attribute, `#[lattice(…)]`.
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

    /// Returns the identity of the operands that the result equals, or the element if it equals
    /// neither.
    #[inline]
    pub fn identity_or<V>(own: bool, counter: bool, element: impl FnOnce() -> V) -> AlgebraicResult<V> {
        AlgebraicResult::identity_or(own, counter, element)
    }
}
