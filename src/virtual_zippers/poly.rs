//! The derive macros for enums of zippers, and the helpers that their output uses.

/// Derives the zipper traits for an enum of zippers: each trait that all variants implement.
///
/// Each variant holds one zipper in one unnamed field. Each of these traits is implemented if all
/// variants implement it:
///
/// - [`Zipper`](crate::zipper::Zipper), [`ZipperMoving`](crate::zipper::ZipperMoving),
///   [`ZipperIteration`](crate::zipper::ZipperIteration),
///   [`ZipperAbsolutePath`](crate::zipper::ZipperAbsolutePath),
///   [`ZipperPathBuffer`](crate::zipper::ZipperPathBuffer),
///   [`ZipperConcrete`](crate::zipper::ZipperConcrete),
///   [`ZipperProduct`](crate::zipper::ZipperProduct);
/// - [`ZipperValues`](crate::zipper::ZipperValues), and the traits of values that outlive the
///   zipper:
///   [`ZipperReadOnlyValues`](crate::zipper::ZipperReadOnlyValues),
///   [`ZipperReadOnlyIteration`](crate::zipper::ZipperReadOnlyIteration) and the two conditional
///   ones. A witness serves zippers of the variant that made it;
/// - [`ZipperSubtries`](crate::zipper::ZipperSubtries),
///   [`ZipperInfallibleSubtries`](crate::zipper::ZipperInfallibleSubtries),
///   [`ZipperReadOnlySubtries`](crate::zipper::ZipperReadOnlySubtries);
/// - [`ZipperForking`](crate::zipper::ZipperForking), with the option `forking`. A fork is a
///   nested [`EitherZipper`](crate::zipper::EitherZipper). Forking is an option because programs
///   written for `pathmap` have an implementation of their own.
///
/// [`ZipperWriting`](crate::zipper::ZipperWriting) is not derived. Derive `Clone` if you need it:
/// most virtual zippers require it of their parts.
///
/// The macro also implements `From` from each variant's zipper to the enum, and `TryFrom` back. A
/// conversion that fails returns the enum. There are no conversions for a type that two variants
/// hold, or that is a type parameter.
///
/// # Options
/// - `#[poly_zipper(forking)]` implements [`ZipperForking`](crate::zipper::ZipperForking).
/// - `#[poly_zipper(crate = path)]` gives the path of this crate. The macro finds the path itself
///   if `Cargo.toml` has this crate under any name, or a crate `pathmap` that re-exports it, or
///   if `PolyZipper` is imported under its own name, from any re-export.
/// - `#[poly_zipper(no_conversions)]` omits `From` and `TryFrom`, which is needed if the types of
///   two variants overlap.
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

/// Derives the listed zipper traits, and their supertraits, for an enum of zippers.
///
/// Unlike [`PolyZipper`], the implementations have no bounds: a variant that lacks a listed trait
/// is an error at the enum. Use this macro for enums that contain themselves inside other zippers,
/// for which the compiler cannot resolve such bounds. The type of the values must be a type
/// parameter named `V`. For traits of values that outlive the zipper, the lifetime of the values
/// must be a parameter named `'trie`. Without a list, all traits are implemented.
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

/// What the output of the macro needs, for users who reach this crate through a re-export: they
/// import the module together with the macro, whose name it shares.
#[doc(hidden)]
#[cfg(not(doc))] // Links to the macro would be ambiguous.
#[allow(non_snake_case, reason = "the name of the macro")]
pub mod PolyZipper {
    pub use crate::zipper;
}

/// Like the module [`PolyZipper`], for the other macro.
#[doc(hidden)]
#[cfg(not(doc))]
#[allow(non_snake_case, reason = "the name of the macro")]
pub mod PolyZipperExplicit {
    pub use crate::zipper;
}

#[doc(hidden)]
pub mod __derive {
    use std::marker::PhantomData;

    pub use crate::__zipper_methods as methods;
    use crate::zipper::ZipperReadOnlyConditionalValues;

    /// One variant's part of a witness. Only the part of the variant that made the witness is
    /// filled.
    ///
    /// In the types of variants, which may name function pointers for all lifetimes, the compiler
    /// cannot prove that a bare `Z::WitnessT` outlives the borrow of the witness. It can prove it
    /// from the parameters of this type.
    pub struct Witness<'trie, V, Z: ZipperReadOnlyConditionalValues<'trie, V>> {
        part: Option<Z::WitnessT>,
        values: PhantomData<fn() -> (&'trie (), V)>,
    }

    impl<'trie, V, Z: ZipperReadOnlyConditionalValues<'trie, V>> Witness<'trie, V, Z> {
        /// The part of the variant that makes the witness.
        #[must_use]
        pub fn of(zipper: &Z) -> Self {
            Self { part: Some(zipper.witness()), values: PhantomData }
        }

        /// The part of another variant.
        #[must_use]
        pub const fn none() -> Self {
            Self { part: None, values: PhantomData }
        }

        /// The witness of the variant's zipper.
        ///
        /// # Panics
        /// Panics if the part is not filled.
        #[must_use]
        #[inline]
        #[track_caller]
        pub fn get(&self) -> &Z::WitnessT {
            self.part.as_ref().expect("the witness is of another variant")
        }
    }

    /// An alias of a type, which the compiler does not resolve when it checks whether a bound can
    /// hold.
    pub trait Alias<'z> {
        type Aliased: ?Sized;
    }

    impl<'z, T: ?Sized> Alias<'z> for T {
        type Aliased = T;
    }
}
