//! What the macros are given: an enum with a zipper in each variant, and a few options.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{
    Data, DeriveInput, Error, Fields, GenericParam, Generics, Ident, Path, Result, Token, Type, Variant,
};

use crate::traits::Trait;

/// Which traits are implemented.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// All, each where all variants have it.
    Shared,
    /// Those that are listed, whatever the variants have: a variant that lacks one is an error.
    Listed,
}

/// An enum of zippers.
pub(crate) struct Poly {
    pub(crate) mode: Mode,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) variants: Vec<(Ident, Type)>,
    pub(crate) traits: BTreeSet<Trait>,
    /// The crate's path, as the caller's crate knows it.
    pub(crate) krate: Path,
    /// Whether `From` and `TryFrom` are implemented.
    pub(crate) conversions: bool,
}

impl Poly {
    pub(crate) fn read(input: DeriveInput, mode: Mode) -> Result<Self> {
        let span = input.ident.span();
        let Data::Enum(data) = &input.data else {
            return Err(Error::new(span, "only an enum can be a zipper of several kinds"));
        };
        if data.variants.is_empty() {
            return Err(Error::new(span, "an enum without variants holds no zipper"));
        }
        let variants = data.variants.iter().map(one_zipper).collect::<Result<Vec<_>>>()?;
        let mut poly = Self {
            mode,
            name: input.ident,
            generics: input.generics,
            variants,
            traits: Trait::all(),
            krate: syn::parse_quote!(::bytetrie),
            conversions: true,
        };
        if mode == Mode::Shared {
            // Users of 0.3.5 implement it themselves, as that one's macro does not.
            poly.traits.remove(&Trait::ZipperForking);
        }
        for attribute in &input.attrs {
            let options = if mode == Mode::Listed { "poly_zipper_explicit" } else { "poly_zipper" };
            if attribute.path().is_ident(options) {
                attribute.parse_nested_meta(|meta| poly.option(meta))?;
            }
        }
        if mode == Mode::Listed {
            poly.needs_names()?;
        }
        Ok(poly)
    }

    fn option(&mut self, meta: ParseNestedMeta<'_>) -> Result<()> {
        if meta.path.is_ident("crate") {
            self.krate = meta.value()?.parse()?;
        } else if meta.path.is_ident("forking") && self.mode == Mode::Shared {
            self.traits.insert(Trait::ZipperForking);
        } else if meta.path.is_ident("no_conversions") {
            self.conversions = false;
        } else if meta.path.is_ident("traits") && self.mode == Mode::Listed {
            self.traits = BTreeSet::new();
            let list;
            syn::parenthesized!(list in meta.input);
            for listed in list.parse_terminated(Path::parse_mod_style, Token![,])? {
                match listed.get_ident().and_then(Trait::of_name) {
                    Some(listed) => listed.add_to(&mut self.traits),
                    None => return Err(Error::new(listed.span(), Trait::unknown())),
                }
            }
            if self.traits.is_empty() {
                return Err(meta.error("the list of traits is empty; without a list all are implemented"));
            }
        } else {
            let known = match self.mode {
                Mode::Shared => "the options are `forking`, `crate = path` and `no_conversions`",
                Mode::Listed => "the options are `traits(...)`, `crate = path` and `no_conversions`",
            };
            return Err(meta.error(known));
        }
        Ok(())
    }

    /// A list of traits says what the enum is a zipper of by the names of its generics.
    fn needs_names(&self) -> Result<()> {
        let needs = |needs: fn(Trait) -> bool| self.traits.iter().copied().find(|&listed| needs(listed));
        let has_v = self.generics.type_params().any(|param| param.ident == "V");
        if let Some(listed) = needs(Trait::has_value).filter(|_| !has_v) {
            let message = format!("{listed} is about values: the enum needs a type parameter named V");
            return Err(Error::new(self.name.span(), message));
        }
        let has_trie = self.generics.lifetimes().any(|param| param.lifetime.ident == "trie");
        if let Some(listed) = needs(Trait::has_lifetime).filter(|_| !has_trie) {
            let message = format!(
                "{listed} is about values that outlive the zipper: the enum needs a lifetime named 'trie"
            );
            return Err(Error::new(self.name.span(), message));
        }
        Ok(())
    }

    /// The variants that can be converted from and to: those whose type is a type's name, and no other variant's. A bare
    /// parameter might be the enum itself, which has a `From` already.
    pub(crate) fn convertible(&self) -> impl Iterator<Item = &(Ident, Type)> {
        let parameters: HashSet<String> =
            self.generics.type_params().map(|param| param.ident.to_string()).collect();
        let text = |zipper: &Type| zipper.to_token_stream().to_string();
        let conversions = self.conversions;
        self.variants.iter().filter(move |(_, zipper)| {
            let own = text(zipper);
            let same = self.variants.iter().filter(|(_, other)| text(other) == own).count();
            conversions && same == 1 && !parameters.contains(&own)
        })
    }

    /// Whether a type depends on a type that the caller chooses. The compiler checks a bound on any other at once, and
    /// calls it an error if it does not hold.
    fn is_generic(&self, zipper: &Type) -> bool {
        let parameters: HashSet<&Ident> = self
            .generics
            .params
            .iter()
            .filter_map(|param| match param {
                GenericParam::Type(param) => Some(&param.ident),
                GenericParam::Const(param) => Some(&param.ident),
                GenericParam::Lifetime(_) => None,
            })
            .collect();
        fn mentions(tokens: TokenStream, names: &HashSet<&Ident>) -> bool {
            tokens.into_iter().any(|token| match token {
                TokenTree::Ident(ident) => names.contains(&ident),
                TokenTree::Group(group) => mentions(group.stream(), names),
                _ => false,
            })
        }
        mentions(zipper.to_token_stream(), &parameters)
    }

    /// The type of a variant as it stands in a bound: such that the bound may fail to hold.
    pub(crate) fn bounded(&self, zipper: &Type) -> TokenStream {
        if self.is_generic(zipper) {
            return zipper.to_token_stream();
        }
        let krate = &self.krate;
        quote!(for<'__z> <#zipper as #krate::zipper::__derive::Same<'__z>>::Same)
    }
}

/// The one field of a variant.
fn one_zipper(variant: &Variant) -> Result<(Ident, Type)> {
    match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            Ok((variant.ident.clone(), fields.unnamed[0].ty.clone()))
        }
        Fields::Unit => {
            Err(Error::new(variant.span(), "this variant holds no zipper: give it one unnamed field"))
        }
        _ => Err(Error::new(variant.span(), "a variant holds one zipper, in one unnamed field")),
    }
}
