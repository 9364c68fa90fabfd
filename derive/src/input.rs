//! The input of `PolyZipper`: an enum with a zipper in each variant, and a few options.

use std::collections::{BTreeSet, HashSet};

use proc_macro::{Ident, TokenStream, TokenTree};

use crate::item::{Body, Field, Generics, Item, Kind, Variant, VariantFields};
use crate::options::{Choice, options};
use crate::tokens::{Error, Result, code};
use crate::traits::Trait;

/// Which traits are implemented.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Every trait that all variants have.
    Shared,
    /// The listed traits. A variant that lacks one is an error.
    Listed,
}

impl Mode {
    /// The name of the macro.
    fn derive(self) -> &'static str {
        match self {
            Self::Shared => "PolyZipper",
            Self::Listed => "PolyZipperExplicit",
        }
    }
}

/// An enum of zippers.
pub(crate) struct Poly {
    pub(crate) mode: Mode,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) variants: Vec<(Ident, TokenStream)>,
    pub(crate) traits: BTreeSet<Trait>,
    /// The path of the library in the caller's crate.
    pub(crate) krate: TokenStream,
    /// Whether `From` and `TryFrom` are implemented.
    pub(crate) conversions: bool,
}

impl Poly {
    pub(crate) fn read(item: Item, mode: Mode) -> Result<Self> {
        let span = item.name.span();
        let Body::Enum(variants) = item.body else {
            return Err(Error::new(span, "the zipper traits can be derived only for an enum"));
        };
        if variants.is_empty() {
            return Err(Error::new(span, "an enum without variants holds no zipper"));
        }
        let variants = variants.into_iter().map(one_zipper).collect::<Result<Vec<_>>>()?;
        let mut poly = Self {
            mode,
            name: item.name,
            generics: item.generics,
            variants,
            traits: Trait::all(),
            krate: crate::names::library_of(mode.derive()),
            conversions: true,
        };
        if mode == Mode::Shared {
            // Users of pathmap 0.3.5 implement `ZipperForking` themselves, because its macro does
            // not.
            poly.traits.remove(&Trait::ZipperForking);
        }
        let own = if mode == Mode::Listed { "poly_zipper_explicit" } else { "poly_zipper" };
        for attribute in &item.attributes {
            if attribute.name.as_ref().is_some_and(|name| name.to_string() == own) {
                options(attribute)?.iter().try_for_each(|choice| poly.choose(choice))?;
            }
        }
        if mode == Mode::Listed {
            poly.needs_names()?;
        }
        Ok(poly)
    }

    fn choose(&mut self, choice: &Choice) -> Result<()> {
        match (choice.name.as_str(), self.mode) {
            ("crate", _) => self.krate = choice.path()?,
            ("forking", Mode::Shared) => {
                choice.flag()?;
                self.traits.insert(Trait::ZipperForking);
            }
            ("no_conversions", _) => {
                choice.flag()?;
                self.conversions = false;
            }
            ("traits", Mode::Listed) => {
                self.traits = BTreeSet::new();
                for tree in choice.list()?.stream() {
                    match &tree {
                        TokenTree::Punct(punct) if punct.as_char() == ',' => continue,
                        TokenTree::Ident(name) => match Trait::of_name(name) {
                            Some(listed) => listed.add_to(&mut self.traits),
                            None => return Err(Error::new(tree.span(), Trait::unknown())),
                        },
                        _ => return Err(Error::new(tree.span(), Trait::unknown())),
                    }
                }
                if self.traits.is_empty() {
                    let message = "the list of traits is empty; without a list all traits are implemented";
                    return Err(Error::spanning(choice.span, choice.list()?.span(), message));
                }
            }
            (_, Mode::Shared) => {
                let known = "the options are `forking`, `crate = path` and `no_conversions`";
                return Err(Error::new(choice.span, known));
            }
            (_, Mode::Listed) => {
                let known = "the options are `traits(...)`, `crate = path` and `no_conversions`";
                return Err(Error::new(choice.span, known));
            }
        }
        Ok(())
    }

    /// Checks that the generics of the enum have the names that the listed traits need.
    fn needs_names(&self) -> Result<()> {
        let needs = |needs: fn(Trait) -> bool| self.traits.iter().copied().find(|&listed| needs(listed));
        let has = |kind, name: &str| self.generics.names(kind).any(|own| own == name);
        if let Some(listed) = needs(Trait::has_value).filter(|_| !has(Kind::Type, "V")) {
            let message = format!("{listed} has a type of values: the enum needs a type parameter named V");
            return Err(Error::new(self.name.span(), message));
        }
        if let Some(listed) = needs(Trait::has_lifetime).filter(|_| !has(Kind::Lifetime, "'trie")) {
            let message = format!("{listed} has a lifetime of values: the enum needs a lifetime named 'trie");
            return Err(Error::new(self.name.span(), message));
        }
        Ok(())
    }

    /// The variants that get conversions: those whose type is named and is the type of no other
    /// variant.
    ///
    /// A bare parameter is left out, since it might be the enum itself, which has a `From`
    /// already.
    pub(crate) fn convertible(&self) -> impl Iterator<Item = &(Ident, TokenStream)> {
        let parameters: HashSet<String> = self.generics.names(Kind::Type).collect();
        let conversions = self.conversions;
        self.variants.iter().filter(move |(_, zipper)| {
            let own = zipper.to_string();
            let same = self.variants.iter().filter(|(_, other)| other.to_string() == own).count();
            conversions && same == 1 && !parameters.contains(&own)
        })
    }

    /// The type of a variant, written so that a bound on it may fail to hold.
    ///
    /// If a type has no parameters, the compiler checks a bound on it at once, and a bound that
    /// does not hold is an error.
    pub(crate) fn bounded(&self, zipper: &TokenStream) -> TokenStream {
        if self.generics.is_generic(zipper) {
            return zipper.clone();
        }
        let krate = &self.krate;
        code!("for<'__z> <$zipper as $krate::zipper::__derive::Alias<'__z>>::Aliased", zipper, krate)
    }
}

/// The one field of a variant.
fn one_zipper(variant: Variant) -> Result<(Ident, TokenStream)> {
    let span = variant.name.span();
    let refused = |message| Err(Error::new(span, message));
    match variant.fields {
        VariantFields::Tuple(fields) => match <[Field; 1]>::try_from(fields) {
            Ok([field]) => Ok((variant.name, field.ty)),
            Err(_) => refused("a variant holds one zipper, in one unnamed field"),
        },
        VariantFields::Unit => refused("this variant holds no zipper: give it one unnamed field"),
        VariantFields::Named => refused("a variant holds one zipper, in one unnamed field"),
    }
}
