//! The implementations.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::parse_quote;

use crate::input::{Mode, Poly};
use crate::traits::Trait;

impl Poly {
    pub(crate) fn implement(&self) -> TokenStream {
        let traits = self.traits.iter().map(|&implemented| self.implement_trait(implemented));
        let conversions = self.conversions();
        quote!(#(#traits)* #conversions)
    }

    fn implement_trait(&self, implemented: Trait) -> TokenStream {
        // Shared traits are for values of any type, for as long as they live; listed ones for those that the enum names.
        let (value, trie) = match self.mode {
            Mode::Shared => (quote!(__V), quote!('__trie)),
            Mode::Listed => (quote!(V), quote!('trie)),
        };
        let krate = &self.krate;
        let name = format_ident!("{}", implemented.to_string());
        let arguments = match (implemented.has_lifetime(), implemented.has_value()) {
            (true, _) => quote!(<#trie, #value>),
            (false, true) => quote!(<#value>),
            (false, false) => quote!(),
        };
        let path = quote!(#krate::zipper::#name #arguments);
        let body = match implemented {
            Trait::ZipperReadOnlyConditionalValues => self.witness(&path, &value, &trie),
            Trait::ZipperReadOnlyConditionalIteration => {
                let step = quote!(to_next_get_val_with_witness);
                self.with_witness(&path, &value, &trie, &quote!(&mut self), &step)
            }
            Trait::ZipperForking => self.fork(&path),
            Trait::ZipperReadOnlySubtries => self.place(&path, &value, &trie),
            _ => self.handed_on(implemented, &path, &value, &trie),
        };

        let mut generics = self.generics.clone();
        if self.mode == Mode::Shared {
            if implemented.has_lifetime() {
                generics.params.push(parse_quote!(#trie));
            }
            if implemented.has_value() {
                generics.params.push(parse_quote!(#value));
            }
            let bounds = &mut generics.make_where_clause().predicates;
            for (_, zipper) in &self.variants {
                let zipper = self.bounded(zipper);
                bounds.push(parse_quote!(#zipper: #path));
            }
        }
        let (parameters, _, bounds) = generics.split_for_impl();
        let (_, own, _) = self.generics.split_for_impl();
        let enum_name = &self.name;
        quote! {
            #[automatically_derived]
            impl #parameters #path for #enum_name #own #bounds {
                #body
            }
        }
    }

    fn handed_on(
        &self,
        implemented: Trait,
        path: &TokenStream,
        value: &TokenStream,
        trie: &TokenStream,
    ) -> TokenStream {
        let methods = implemented.methods(&self.krate, value, trie);
        let methods = methods.iter().map(|method| {
            let (signature, name, arguments) = (&method.signature, &method.name, &method.arguments);
            let arms = self.variants.iter().map(|(variant, zipper)| {
                let call = quote!(<#zipper as #path>::#name(zipper, #arguments));
                let call = if method.is_unsafe { quote!(unsafe { #call }) } else { call };
                quote!(Self::#variant(zipper) => #call,)
            });
            quote! {
                #[inline]
                #signature {
                    match self { #(#arms)* }
                }
            }
        });
        quote!(#(#methods)*)
    }

    /// A witness is a tuple with a place for each variant's, of which one is filled.
    fn witness(&self, path: &TokenStream, value: &TokenStream, trie: &TokenStream) -> TokenStream {
        let types = self
            .variants
            .iter()
            .map(|(_, zipper)| quote!(::core::option::Option<<#zipper as #path>::WitnessT>));
        let arms = self.variants.iter().enumerate().map(|(i, (variant, zipper))| {
            let places = (0..self.variants.len()).map(|place| match place == i {
                true => quote!(::core::option::Option::Some(<#zipper as #path>::witness(zipper))),
                false => quote!(::core::option::Option::None),
            });
            quote!(Self::#variant(zipper) => (#(#places,)*),)
        });
        let read = self.with_witness(path, value, trie, &quote!(&self), &quote!(get_val_with_witness));
        quote! {
            type WitnessT = (#(#types,)*);

            fn witness<'__w>(&self) -> Self::WitnessT {
                match self { #(#arms)* }
            }
            #read
        }
    }

    /// A method that is handed the zipper's own witness on.
    fn with_witness(
        &self,
        path: &TokenStream,
        value: &TokenStream,
        trie: &TokenStream,
        receiver: &TokenStream,
        name: &TokenStream,
    ) -> TokenStream {
        let arms = self.variants.iter().enumerate().map(|(i, (variant, zipper))| {
            let place = Literal::usize_unsuffixed(i);
            quote! {
                Self::#variant(zipper) => <#zipper as #path>::#name(
                    zipper,
                    ::core::option::Option::expect(witness.#place.as_ref(), "the witness is of another variant"),
                ),
            }
        });
        quote! {
            #[inline]
            fn #name<'__w>(#receiver, witness: &'__w Self::WitnessT) -> ::core::option::Option<&'__w #value>
            where
                #trie: '__w,
            {
                match self { #(#arms)* }
            }
        }
    }

    /// The fork of a variant, in as many layers of `EitherZipper` as it is numbered.
    fn fork(&self, path: &TokenStream) -> TokenStream {
        let krate = &self.krate;
        let either = quote!(#krate::zipper::EitherZipper);
        let forks = self.variants.iter().map(|(_, zipper)| quote!(<#zipper as #path>::ReadZipperT<'__z>));
        let nested = forks.rev().reduce(|rest, fork| quote!(#either<#fork, #rest>));
        let last = self.variants.len() - 1;
        let arms = self.variants.iter().enumerate().map(|(i, (variant, zipper))| {
            let fork = quote!(<#zipper as #path>::fork_read_zipper(zipper));
            let fork = if i < last { quote!(#either::Left(#fork)) } else { fork };
            let fork = (0..i).fold(fork, |fork, _| quote!(#either::Right(#fork)));
            quote!(Self::#variant(zipper) => #fork,)
        });
        quote! {
            type ReadZipperT<'__z> = #nested
            where
                Self: '__z;

            fn fork_read_zipper<'__z>(&'__z self) -> Self::ReadZipperT<'__z> {
                match self { #(#arms)* }
            }
        }
    }

    fn place(&self, path: &TokenStream, value: &TokenStream, trie: &TokenStream) -> TokenStream {
        let krate = &self.krate;
        let arms = self.variants.iter().map(|(variant, zipper)| {
            let place = quote!(<#zipper as #path>::trie_ref_at_path(zipper, path));
            quote!(Self::#variant(zipper) => ::core::convert::Into::into(#place),)
        });
        let known = self.variants.iter().map(
            |(variant, zipper)| quote!(Self::#variant(zipper) => <#zipper as #path>::known_prefix(zipper),),
        );
        quote! {
            type TrieRefT = #krate::zipper::TrieRef<#trie, #value>
            where
                #value: #trie;

            fn trie_ref_at_path<__K: ::core::convert::AsRef<[u8]>>(&self, path: __K) -> Self::TrieRefT {
                match self { #(#arms)* }
            }

            fn known_prefix(&self) -> &[u8] {
                match self { #(#known)* }
            }
        }
    }

    /// From each variant's zipper to the enum, and back if it is that variant's.
    fn conversions(&self) -> TokenStream {
        let (parameters, own, bounds) = self.generics.split_for_impl();
        let name = &self.name;
        let only = self.variants.len() == 1;
        let each = self.convertible().map(|(variant, zipper)| {
            let otherwise =
                if only { quote!() } else { quote!(other => ::core::result::Result::Err(other),) };
            quote! {
                #[automatically_derived]
                impl #parameters ::core::convert::From<#zipper> for #name #own #bounds {
                    fn from(zipper: #zipper) -> Self {
                        Self::#variant(zipper)
                    }
                }

                #[automatically_derived]
                impl #parameters ::core::convert::TryFrom<#name #own> for #zipper #bounds {
                    type Error = #name #own;

                    fn try_from(zipper: #name #own) -> ::core::result::Result<Self, Self::Error> {
                        match zipper {
                            #name::#variant(zipper) => ::core::result::Result::Ok(zipper),
                            #otherwise
                        }
                    }
                }
            }
        });
        quote!(#(#each)*)
    }
}
