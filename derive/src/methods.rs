//! The methods of each trait that are handed on to the zipper as they are.

use proc_macro2::TokenStream;
use quote::quote;

use crate::traits::Trait;

/// A method: what stands before its body, and what is handed on.
pub(crate) struct Method {
    pub(crate) signature: TokenStream,
    pub(crate) name: TokenStream,
    pub(crate) arguments: TokenStream,
    /// Whether the call, like the method, is unsafe.
    pub(crate) is_unsafe: bool,
}

macro_rules! methods {
    ($(fn $name:ident($($receiver:tt)*) $(-> $answer:ty)?;)*) => {
        vec![$(Method {
            signature: quote!(fn $name($($receiver)*) $(-> $answer)?),
            name: quote!($name),
            arguments: quote!(),
            is_unsafe: false,
        },)*]
    };
}

fn with(receiver: &TokenStream, list: &[(&str, TokenStream, TokenStream, TokenStream)]) -> Vec<Method> {
    list.iter()
        .map(|(name, parameter, argument, answer)| {
            let name: TokenStream = name.parse().expect("a name");
            let path = argument.to_string() == "path";
            let generics = if path { quote!(<__K: ::core::convert::AsRef<[u8]>>) } else { quote!() };
            Method {
                signature: quote!(fn #name #generics (#receiver, #parameter) -> #answer),
                arguments: quote!(#argument),
                name,
                is_unsafe: false,
            }
        })
        .collect()
}

impl Trait {
    /// The methods, given the crate's path, the value's type and the lifetime.
    pub(crate) fn methods(self, krate: &syn::Path, value: &TokenStream, trie: &TokenStream) -> Vec<Method> {
        let option = quote!(::core::option::Option);
        let mask = quote!(#krate::ByteMask);
        let (shared, exclusive) = (quote!(&self), quote!(&mut self));
        let path = || quote!(path: __K);
        let at = |name, answer: TokenStream| with(&shared, &[(name, path(), quote!(path), answer)]);
        let plain = |list: &[(&str, TokenStream)], receiver: &TokenStream| -> Vec<Method> {
            list.iter()
                .map(|(name, answer)| {
                    let name: TokenStream = name.parse().expect("a name");
                    Method {
                        signature: quote!(fn #name(#receiver) -> #answer),
                        arguments: quote!(),
                        name,
                        is_unsafe: false,
                    }
                })
                .collect()
        };
        let boolean = quote!(bool);
        match self {
            Trait::Zipper => {
                let mut methods = methods! {
                    fn path_exists(&self) -> bool;
                    fn is_val(&self) -> bool;
                    fn child_count(&self) -> usize;
                };
                methods.extend(plain(&[("child_mask", mask)], &shared));
                methods
            }
            Trait::ZipperValues => {
                let mut methods = plain(&[("val", quote!(#option<&#value>))], &shared);
                methods.extend(at("val_at", quote!(#option<&#value>)));
                methods
            }
            Trait::ZipperReadOnlyValues => {
                let answer = quote!(#option<&#trie #value>);
                let mut methods = plain(&[("get_val", answer.clone())], &shared);
                methods.extend(at("get_val_at", answer));
                methods
            }
            Trait::ZipperReadOnlyIteration => {
                plain(&[("to_next_get_val", quote!(#option<&#trie #value>))], &exclusive)
            }
            Trait::ZipperMoving => {
                let mut methods = methods! {
                    fn path(&self) -> &[u8];
                    fn val_count(&self) -> usize;
                    fn at_root(&self) -> bool;
                    fn reset(&mut self);
                    fn descend_first_byte(&mut self) -> bool;
                    fn descend_last_byte(&mut self) -> bool;
                    fn descend_until(&mut self) -> bool;
                    fn ascend_byte(&mut self) -> bool;
                    fn ascend_until(&mut self) -> bool;
                    fn ascend_until_branch(&mut self) -> bool;
                    fn to_next_sibling_byte(&mut self) -> bool;
                    fn to_prev_sibling_byte(&mut self) -> bool;
                    fn to_next_step(&mut self) -> bool;
                };
                methods.extend(plain(&[("tip_count", quote!(#option<usize>))], &shared));
                let number = |name| (name, quote!(number: usize), quote!(number), quote!(bool));
                methods.extend(with(
                    &exclusive,
                    &[
                        number("descend_indexed_byte"),
                        number("descend_until_max_bytes"),
                        number("ascend"),
                        ("descend_to_byte", quote!(byte: u8), quote!(byte), quote!(())),
                        ("descend_to_existing_byte", quote!(byte: u8), quote!(byte), quote!(bool)),
                        ("descend_to", path(), quote!(path), quote!(())),
                        ("descend_to_check", path(), quote!(path), quote!(bool)),
                        ("descend_to_existing", path(), quote!(path), quote!(usize)),
                        ("descend_to_val", path(), quote!(path), quote!(usize)),
                        ("move_to_path", path(), quote!(path), quote!(usize)),
                    ],
                ));
                methods
            }
            Trait::ZipperIteration => {
                let mut methods = methods! {
                    fn to_next_val(&mut self) -> bool;
                    fn to_prev_step(&mut self) -> bool;
                    fn to_prev_val(&mut self) -> bool;
                    fn descend_last_path(&mut self) -> bool;
                };
                let number = |name| (name, quote!(k: usize), quote!(k), boolean.clone());
                methods.extend(with(&exclusive, &[number("descend_first_k_path"), number("to_next_k_path")]));
                methods
            }
            Trait::ZipperAbsolutePath => methods! {
                fn origin_path(&self) -> &[u8];
                fn root_prefix_path(&self) -> &[u8];
            },
            Trait::ZipperPathBuffer => {
                let mut methods = methods! {
                    fn prepare_buffers(&mut self);
                };
                methods.push(Method {
                    signature: quote!(fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize)),
                    name: quote!(reserve_buffers),
                    arguments: quote!(path_len, stack_depth),
                    is_unsafe: false,
                });
                methods.push(Method {
                    signature: quote!(unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8]),
                    name: quote!(origin_path_assert_len),
                    arguments: quote!(len),
                    is_unsafe: true,
                });
                methods
            }
            Trait::ZipperConcrete => {
                let mut methods = methods! {
                    fn is_shared(&self) -> bool;
                };
                methods.extend(plain(&[("shared_node_id", quote!(#option<u64>))], &shared));
                methods
            }
            Trait::ZipperSubtries => {
                let mut methods = methods! {
                    fn native_subtries(&self) -> bool;
                };
                let map = quote!(#option<#krate::PathMap<#value>>);
                let place = quote!(#option<#krate::zipper::TrieRef<'_, #value>>);
                methods.extend(plain(&[("try_make_map", map), ("trie_ref", place)], &shared));
                methods
            }
            Trait::ZipperInfallibleSubtries => {
                let (map, place) =
                    (quote!(#krate::PathMap<#value>), quote!(#krate::zipper::TrieRef<'_, #value>));
                plain(&[("make_map", map), ("get_trie_ref", place)], &shared)
            }
            Trait::ZipperProduct => methods! {
                fn factor_count(&self) -> usize;
                fn focus_factor(&self) -> usize;
                fn path_indices(&self) -> &[usize];
            },
            // These have types of their own.
            Trait::ZipperReadOnlyConditionalValues
            | Trait::ZipperReadOnlyConditionalIteration
            | Trait::ZipperForking
            | Trait::ZipperReadOnlySubtries => Vec::new(),
        }
    }
}
