//! The derive macros, and what they need of this crate.

/// Makes an enum of zippers a zipper: it has each trait that all its variants have.
///
/// Each variant holds one zipper in one unnamed field. These traits are implemented, each for an
/// enum of which all variants have it:
///
/// - [`Zipper`](crate::zipper::Zipper), [`ZipperMoving`](crate::zipper::ZipperMoving),
///   [`ZipperIteration`](crate::zipper::ZipperIteration),
///   [`ZipperAbsolutePath`](crate::zipper::ZipperAbsolutePath),
///   [`ZipperPathBuffer`](crate::zipper::ZipperPathBuffer),
///   [`ZipperConcrete`](crate::zipper::ZipperConcrete),
///   [`ZipperProduct`](crate::zipper::ZipperProduct);
/// - [`ZipperValues`](crate::zipper::ZipperValues), and those of values that outlive the zipper:
///   [`ZipperReadOnlyValues`](crate::zipper::ZipperReadOnlyValues),
///   [`ZipperReadOnlyIteration`](crate::zipper::ZipperReadOnlyIteration) and the two conditional
///   ones. A witness is a tuple of `Option`s, one for each variant, and is good for zippers of the
///   variant that it was made from;
/// - [`ZipperSubtries`](crate::zipper::ZipperSubtries),
///   [`ZipperInfallibleSubtries`](crate::zipper::ZipperInfallibleSubtries),
///   [`ZipperReadOnlySubtries`](crate::zipper::ZipperReadOnlySubtries);
/// - [`ZipperForking`](crate::zipper::ZipperForking), into nested
///   [`EitherZipper`](crate::zipper::EitherZipper)s, if you ask for it by the option `forking`:
///   programs written for `pathmap` have an implementation of their own.
///
/// The traits of writing are not derived. Derive `Clone` where you need it: most virtual zippers
/// ask it of their parts.
///
/// There is a `From` from each variant's zipper to the enum and a `TryFrom` back, which fails with
/// the enum as it was. They are left out for types that two variants share, and for a type that is
/// a parameter.
///
/// # Options
/// - `#[poly_zipper(forking)]` for [`ZipperForking`](crate::zipper::ZipperForking);
/// - `#[poly_zipper(crate = path)]` for a crate that knows this one by another name;
/// - `#[poly_zipper(no_conversions)]` leaves `From` and `TryFrom` out, which variants of
///   overlapping types need.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// #[derive(Clone, PolyZipper)]
/// enum Source<'a, V> {
///     Map(ReadZipperUntracked<'a, 'a, V>),
///     Below(PrefixZipper<'a, ReadZipperUntracked<'a, 'a, V>>),
///     Nothing(EmptyZipper),
/// }
///
/// let map: PathMap<u32> = [("a", 1), ("b", 2)].into_iter().collect();
/// let sources: [Source<'_, u32>; 3] = [
///     map.read_zipper().into(),
///     PrefixZipper::new(b"deep/", map.read_zipper()).into(),
///     EmptyZipper::new().into(),
/// ];
/// let counts = sources.map(|mut source| {
///     source.descend_to("deep/a");
///     (source.val_count(), ZipperValues::<u32>::val(&source).copied())
/// });
/// assert_eq!(counts, [(0, None), (1, Some(1)), (0, None)]);
/// ```
pub use bytetrie_derive::PolyZipper;

/// Makes an enum of zippers a zipper, with the traits that are listed and those that they are
/// built on.
///
/// It is [`PolyZipper`] without its bounds: that every variant has every trait is checked at the
/// enum, and is an error if not. This is for enums that hold themselves, by way of other zippers,
/// where the compiler cannot follow bounds that lead back to where it started. The type of values
/// must be a parameter named `V`, and if a trait is about how long they live, that must be
/// `'trie`. Without a list all traits are implemented.
///
/// ```compile_fail,E0277
/// use bytetrie::zipper::*;
///
/// #[derive(PolyZipperExplicit)]
/// #[poly_zipper_explicit(traits(ZipperProduct))]
/// enum Records<V> {
///     Map(ReadZipperOwned<V>), // no ZipperProduct; OneFactor<ReadZipperOwned<V>> is one
/// }
/// ```
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::zipper::*;
///
/// /// A map, or the product of two of these.
/// #[derive(Clone, PolyZipperExplicit)]
/// #[poly_zipper_explicit(traits(ZipperIteration, ZipperValues))]
/// enum Expression<'trie, V: Clone> {
///     Map(ReadZipperUntracked<'trie, 'trie, V>),
///     Product(Box<ProductZipperG<'trie, Expression<'trie, V>, Expression<'trie, V>, V>>),
/// }
///
/// let map: PathMap<u32> = [("a", 1), ("b", 2)].into_iter().collect();
/// let leaf = || Expression::Map(map.read_zipper());
/// let pair = Expression::Product(Box::new(ProductZipperG::new(leaf(), [leaf()])));
/// let triple = Expression::Product(Box::new(ProductZipperG::new(pair, [leaf()])));
/// assert_eq!(triple.val_count(), 2 + 4 + 8);
/// ```
pub use bytetrie_derive::PolyZipperExplicit;

#[doc(hidden)]
pub mod __derive {
    pub use crate::__zipper_methods as methods;

    /// A type by another name, which the compiler does not look through when it checks that bounds
    /// can hold at all.
    pub trait Same<'z> {
        type Same: ?Sized;
    }

    impl<'z, T: ?Sized> Same<'z> for T {
        type Same = T;
    }
}
