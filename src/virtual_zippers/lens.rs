//! Boxes and mutable borrows of zippers, and the traits that wrappers of one zipper forward.

use crate::algebra::{AlgebraicResult, AlgebraicStatus, DistributiveLattice, Lattice};
use crate::bytes::ByteMask;
use crate::trie::PathMap;
use crate::zipper::methods::forward;
use crate::zipper::traits::*;

/// Forwards the traits about the focus to the zipper at `$place`, whose type is `$inner`.
macro_rules! lens_focus {
    ([$($generics:tt)*] $zipper:ty, $inner:ty, $self:ident => $place:expr) => {
        $crate::zipper::methods::forward! {
            impl[$($generics)*,] $zipper as $inner, $self => $place;
            Zipper;
            ZipperValues<V>;
            ZipperReadOnlyValues<'t, V>;
            ZipperReadOnlyConditionalValues<'t, V>;
            ZipperConcrete;
            ZipperSubtries<V>;
            ZipperInfallibleSubtries<V>;
            ZipperReadOnlySubtries<'t, V>;
        }
    };
}

/// Forwards the traits of movement to the zipper at `$place`, whose type is `$inner`.
macro_rules! lens_moves {
    ([$($generics:tt)*] $zipper:ty, $inner:ty, $self:ident => $place:expr) => {
        $crate::zipper::methods::forward! {
            impl[$($generics)*,] $zipper as $inner, $self => $place;
            ZipperMoving;
            ZipperIteration;
            ZipperReadOnlyIteration<'t, V>;
            ZipperReadOnlyConditionalIteration<'t, V>;
            ZipperAbsolutePath;
            #[allow(unsafe_code, reason = "an unsafe signature; the caller's promise is passed on")]
            ZipperPathBuffer;
            ZipperForking<V>;
        }
    };
}

pub(super) use {lens_focus, lens_moves};

lens_focus!([Z] Box<Z>, Z, self => **self);
lens_moves!([Z] Box<Z>, Z, self => **self);

lens_focus!([Z] &mut Z, Z, self => **self);
lens_moves!([Z] &mut Z, Z, self => **self);

forward! {
    impl[W,] &mut W as W, self => **self;
    ZipperWriting<V>;
}
