//! The derive macros of [`bytetrie`](https://docs.rs/bytetrie), which re-exports and documents them.

mod input;
mod methods;
mod output;
mod traits;

use proc_macro::TokenStream;
use syn::DeriveInput;

use crate::input::{Mode, Poly};

/// Makes an enum of zippers a zipper. Use it as `bytetrie::zipper::PolyZipper`, where it is documented.
#[proc_macro_derive(PolyZipper, attributes(poly_zipper))]
pub fn derive_poly_zipper(input: TokenStream) -> TokenStream {
    derive(input, Mode::Shared)
}

/// Makes an enum of zippers a zipper, with the traits that are listed. Use it as `bytetrie::zipper::PolyZipperExplicit`,
/// where it is documented.
#[proc_macro_derive(PolyZipperExplicit, attributes(poly_zipper_explicit))]
pub fn derive_poly_zipper_explicit(input: TokenStream) -> TokenStream {
    derive(input, Mode::Listed)
}

fn derive(input: TokenStream, mode: Mode) -> TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    match Poly::read(input, mode) {
        Ok(poly) => poly.implement().into(),
        Err(error) => error.into_compile_error().into(),
    }
}
