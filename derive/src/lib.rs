//! The derive macros of [`bytetrie`](https://docs.rs/bytetrie), which re-exports and documents
//! them.

mod input;
mod item;
mod lattice;
mod manifest;
mod methods;
mod names;
mod options;
mod output;
mod tokens;
mod traits;

use proc_macro::TokenStream;

use crate::input::{Mode, Poly};
use crate::item::Item;
use crate::tokens::Error;

/// Implements the zipper traits for an enum with a zipper in each variant.
///
/// Use it as `bytetrie::zipper::PolyZipper`, where it is documented.
#[proc_macro_derive(PolyZipper, attributes(poly_zipper))]
pub fn derive_poly_zipper(input: TokenStream) -> TokenStream {
    derived(Item::read(input).and_then(|item| Poly::read(item, Mode::Shared)).map(|poly| poly.implement()))
}

/// Implements the listed zipper traits for an enum with a zipper in each variant.
///
/// Use it as `bytetrie::zipper::PolyZipperExplicit`, where it is documented.
#[proc_macro_derive(PolyZipperExplicit, attributes(poly_zipper_explicit))]
pub fn derive_poly_zipper_explicit(input: TokenStream) -> TokenStream {
    derived(Item::read(input).and_then(|item| Poly::read(item, Mode::Listed)).map(|poly| poly.implement()))
}

/// Implements `Lattice` for a struct, field by field.
///
/// Use it as `bytetrie::algebra::Lattice`, where it is documented.
#[proc_macro_derive(Lattice, attributes(lattice))]
pub fn derive_lattice(input: TokenStream) -> TokenStream {
    derived(Item::read(input).and_then(lattice::Struct::read).map(|own| own.lattice()))
}

/// Implements `DistributiveLattice` for a struct, field by field.
///
/// Use it as `bytetrie::algebra::DistributiveLattice`, where it is documented.
#[proc_macro_derive(DistributiveLattice, attributes(lattice))]
pub fn derive_distributive_lattice(input: TokenStream) -> TokenStream {
    derived(Item::read(input).and_then(lattice::Struct::read).map(|own| own.distributive_lattice()))
}

fn derived(code: Result<TokenStream, Error>) -> TokenStream {
    code.unwrap_or_else(Error::into_compile_error)
}
