//! The implementations of the traits of zippers.
//!
//! The library lists the methods of the traits in its `zipper/methods.rs`. This file has only the
//! methods whose results are built from those of the variants.

use proc_macro::{Ident, Literal, Span, TokenStream};

use crate::input::{Mode, Poly};
use crate::item::listed;
use crate::tokens::code;
use crate::traits::Trait;

/// The names in the implementation of a trait.
struct Names {
    /// The trait, with its arguments.
    path: TokenStream,
    value: TokenStream,
    trie: TokenStream,
}

impl Poly {
    pub(crate) fn implement(&self) -> TokenStream {
        let traits = self.traits.iter().map(|&implemented| self.implement_trait(implemented));
        traits.chain([self.conversions()]).collect()
    }

    /// A call of the library's method table, which writes a `match` over the variants for each
    /// method.
    fn implement_trait(&self, implemented: Trait) -> TokenStream {
        // Shared traits are implemented for values of any type and lifetime, listed traits for
        // those that the enum names.
        let (value, trie, how) = match self.mode {
            Mode::Shared => ("__V", "'__trie", "each"),
            Mode::Listed => ("V", "'trie", "own"),
        };
        let krate = &self.krate;
        let name = Ident::new(&implemented.to_string(), Span::call_site());
        let arguments = match (implemented.has_lifetime(), implemented.has_value()) {
            (true, _) => code!("<$trie, $value>", trie, value),
            (false, true) => code!("<$value>", value),
            (false, false) => TokenStream::new(),
        };
        let names = Names {
            path: code!("$krate::zipper::$name $arguments", krate, name, arguments),
            value: code!("$value", value),
            trie: code!("$trie", trie),
        };
        let instead = match implemented {
            Trait::ZipperReadOnlyConditionalValues => self.witness(&names),
            Trait::ZipperReadOnlyConditionalIteration => {
                self.with_witness(&names, "&mut self", "to_next_get_val_with_witness")
            }
            Trait::ZipperForking => self.fork(&names.path),
            Trait::ZipperReadOnlySubtries => self.place(&names),
            _ => TokenStream::new(),
        };
        let instead = if instead.is_empty() { instead } else { code!("instead { $instead }", instead) };
        let arms = self.variants.iter().map(|(variant, zipper)| {
            let bounded = self.bounded(zipper);
            code!("[Self::$variant(zipper)] $zipper [$bounded];", variant, zipper, bounded)
        });
        let arms: TokenStream = arms.collect();
        let (parameters, predicates) = (self.generics.parameters(), self.generics.predicates());
        let (enum_name, own) = (&self.name, self.generics.named());
        code!(
            "$krate::zipper::__derive::methods! {
                $name $arguments, __K,
                {
                    $how #[automatically_derived] impl[$parameters] $enum_name $own where [[$predicates]]
                    [self zipper (*self) $arms] { $instead }
                }
            }",
            krate,
            name,
            arguments,
            how,
            parameters,
            enum_name,
            own,
            predicates,
            arms,
            instead
        )
    }

    /// A `match` over the variants, with the call for each.
    fn matched(&self, calls: impl Fn(usize, &TokenStream) -> TokenStream) -> TokenStream {
        let arms = self.variants.iter().enumerate().map(|(i, (variant, zipper))| {
            let call = calls(i, zipper);
            code!("Self::$variant(zipper) => $call", variant, call)
        });
        let arms = listed(arms);
        code!("match self { $arms }", arms)
    }

    /// Implements witnesses. A witness is a tuple with a part for each variant, one of which is
    /// filled.
    fn witness(&self, names: &Names) -> TokenStream {
        let (Names { value, trie, .. }, krate) = (names, &self.krate);
        let part = |zipper| {
            code!("$krate::zipper::__derive::Witness<$trie, $value, $zipper>", krate, trie, value, zipper)
        };
        let types = listed(self.variants.iter().map(|(_, zipper)| part(zipper)));
        let matched = self.matched(|i, _| {
            let parts = listed(self.variants.iter().enumerate().map(|(place, (_, zipper))| {
                let part = part(zipper);
                if place == i { code!("<$part>::of(zipper)", part) } else { code!("<$part>::none()", part) }
            }));
            code!("($parts)", parts)
        });
        let read = self.with_witness(names, "&self", "get_val_with_witness");
        code!(
            "type WitnessT = ($types);

            fn witness<'__w>(&self) -> Self::WitnessT { $matched }

            $read",
            types,
            matched,
            read
        )
    }

    /// A method that passes the witness of the variant on.
    fn with_witness(&self, names: &Names, receiver: &str, name: &str) -> TokenStream {
        let Names { path, value, trie } = names;
        let matched = self.matched(|i, zipper| {
            let place = Literal::usize_unsuffixed(i);
            code!("<$zipper as $path>::$name(zipper, witness.$place.get())", zipper, path, name, place)
        });
        code!(
            "#[inline]
            fn $name<'__w>($receiver, witness: &'__w Self::WitnessT) -> ::core::option::Option<&'__w $value>
            where
                $trie: '__w,
            {
                $matched
            }",
            name,
            receiver,
            value,
            trie,
            matched
        )
    }

    /// Implements forks. The fork of variant `i` is wrapped in `i` layers of `EitherZipper`.
    fn fork(&self, path: &TokenStream) -> TokenStream {
        let krate = &self.krate;
        let either = code!("$krate::zipper::EitherZipper", krate);
        let forks = self
            .variants
            .iter()
            .map(|(_, zipper)| code!("<$zipper as $path>::ReadZipperT<'__z>", zipper, path));
        let nested = forks.rev().reduce(|rest, fork| code!("$either<$fork, $rest>", either, fork, rest));
        let nested = nested.unwrap_or_default();
        let last = self.variants.len() - 1;
        let matched = self.matched(|i, zipper| {
            let fork = code!("<$zipper as $path>::fork_read_zipper(zipper)", zipper, path);
            let fork = if i < last { code!("$either::Left($fork)", either, fork) } else { fork };
            (0..i).fold(fork, |fork, _| code!("$either::Right($fork)", either, fork))
        });
        code!(
            "type ReadZipperT<'__z> = $nested
            where
                Self: '__z;

            fn fork_read_zipper<'__z>(&'__z self) -> Self::ReadZipperT<'__z> { $matched }",
            nested,
            matched
        )
    }

    fn place(&self, names: &Names) -> TokenStream {
        let (Names { path, value, trie }, krate) = (names, &self.krate);
        let places = self.matched(|_, zipper| {
            code!(
                "::core::convert::Into::into(<$zipper as $path>::trie_ref_at_path(zipper, path))",
                zipper,
                path
            )
        });
        code!(
            "type TrieRefT = $krate::zipper::TrieRef<$trie, $value>
            where
                $value: $trie;

            fn trie_ref_at_path<__K: ::core::convert::AsRef<[u8]>>(&self, path: __K) -> Self::TrieRefT { $places }",
            krate, trie, value, places
        )
    }

    /// Implements `From` each variant's zipper to the enum, and `TryFrom` back.
    fn conversions(&self) -> TokenStream {
        let (parameters, own, bounds) =
            (self.generics.declared(), self.generics.named(), self.generics.bounds());
        let name = &self.name;
        let otherwise = match self.variants.len() {
            1 => "",
            _ => "other => ::core::result::Result::Err(other),",
        };
        let each = self.convertible().map(|(variant, zipper)| {
            code!(
                "#[automatically_derived]
                impl $parameters ::core::convert::From<$zipper> for $name $own $bounds {
                    fn from(zipper: $zipper) -> Self {
                        Self::$variant(zipper)
                    }
                }

                #[automatically_derived]
                impl $parameters ::core::convert::TryFrom<$name $own> for $zipper $bounds {
                    type Error = $name $own;

                    fn try_from(zipper: $name $own) -> ::core::result::Result<Self, Self::Error> {
                        match zipper {
                            $name::$variant(zipper) => ::core::result::Result::Ok(zipper),
                            $otherwise
                        }
                    }
                }",
                parameters,
                zipper,
                name,
                own,
                bounds,
                variant,
                otherwise
            )
        });
        each.collect()
    }
}
