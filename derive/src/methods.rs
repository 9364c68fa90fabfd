//! The methods of each trait that are handed on to the zipper as they are.

use proc_macro::{Delimiter, Ident, TokenStream, TokenTree};

use crate::tokens::code;
use crate::traits::Trait;

/// A method: what stands before its body, and what is handed on.
pub(crate) struct Method {
    pub(crate) signature: TokenStream,
    pub(crate) name: Ident,
    pub(crate) arguments: TokenStream,
    /// Whether the call, like the method, is unsafe.
    pub(crate) is_unsafe: bool,
}

impl Method {
    /// Reads a signature.
    fn read(signature: Vec<TokenTree>) -> Self {
        let is_word =
            |tree: &TokenTree, word| matches!(tree, TokenTree::Ident(ident) if ident.to_string() == word);
        let place = signature.iter().position(|tree| is_word(tree, "fn")).expect("a method");
        let TokenTree::Ident(name) = &signature[place + 1] else { panic!("a method has a name") };
        let parameters = signature.iter().find_map(|tree| match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group.stream()),
            _ => None,
        });
        // Each argument has the name of its parameter, which stands before a colon. None has a path for its type.
        let parameters: Vec<TokenTree> = parameters.expect("a method has parameters").into_iter().collect();
        let arguments = parameters.windows(2).filter_map(|pair| match pair {
            [TokenTree::Ident(name), TokenTree::Punct(colon)] if colon.as_char() == ':' => Some(name.clone()),
            _ => None,
        });
        Self {
            name: name.clone(),
            arguments: arguments.map(|name| code!("$name ,", name)).collect(),
            is_unsafe: is_word(&signature[0], "unsafe"),
            signature: signature.into_iter().collect(),
        }
    }
}

impl Trait {
    /// The methods, given the crate's path, the value's type and the lifetime.
    pub(crate) fn methods(self, krate: &TokenStream, value: &TokenStream, trie: &TokenStream) -> Vec<Method> {
        let option = "::core::option::Option";
        let key = "<__K: ::core::convert::AsRef<[u8]>>";
        let list = code!(self.signatures(), krate, value, trie, option, key);
        let list: Vec<TokenTree> = list.into_iter().collect();
        let is_end = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';');
        list.split(is_end)
            .filter(|signature| !signature.is_empty())
            .map(|signature| Method::read(signature.to_vec()))
            .collect()
    }

    fn signatures(self) -> &'static str {
        match self {
            Trait::Zipper => {
                "fn path_exists(&self) -> bool;
                fn is_val(&self) -> bool;
                fn child_count(&self) -> usize;
                fn child_mask(&self) -> $krate::ByteMask;"
            }
            Trait::ZipperValues => {
                "fn val(&self) -> $option<&$value>;
                fn val_at $key (&self, path: __K) -> $option<&$value>;"
            }
            Trait::ZipperReadOnlyValues => {
                "fn get_val(&self) -> $option<&$trie $value>;
                fn get_val_at $key (&self, path: __K) -> $option<&$trie $value>;"
            }
            Trait::ZipperReadOnlyIteration => "fn to_next_get_val(&mut self) -> $option<&$trie $value>;",
            Trait::ZipperMoving => {
                "fn path(&self) -> &[u8];
                fn val_count(&self) -> usize;
                fn tip_count(&self) -> $option<usize>;
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
                fn descend_indexed_byte(&mut self, number: usize) -> bool;
                fn descend_until_max_bytes(&mut self, number: usize) -> bool;
                fn ascend(&mut self, number: usize) -> bool;
                fn descend_to_byte(&mut self, byte: u8);
                fn descend_to_existing_byte(&mut self, byte: u8) -> bool;
                fn descend_to $key (&mut self, path: __K);
                fn descend_to_check $key (&mut self, path: __K) -> bool;
                fn descend_to_existing $key (&mut self, path: __K) -> usize;
                fn descend_to_val $key (&mut self, path: __K) -> usize;
                fn move_to_path $key (&mut self, path: __K) -> usize;"
            }
            Trait::ZipperIteration => {
                "fn to_next_val(&mut self) -> bool;
                fn to_prev_step(&mut self) -> bool;
                fn to_prev_val(&mut self) -> bool;
                fn descend_last_path(&mut self) -> bool;
                fn descend_first_k_path(&mut self, k: usize) -> bool;
                fn to_next_k_path(&mut self, k: usize) -> bool;"
            }
            Trait::ZipperAbsolutePath => {
                "fn origin_path(&self) -> &[u8];
                fn root_prefix_path(&self) -> &[u8];"
            }
            Trait::ZipperPathBuffer => {
                "fn prepare_buffers(&mut self);
                fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize);
                unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8];"
            }
            Trait::ZipperConcrete => {
                "fn is_shared(&self) -> bool;
                fn shared_node_id(&self) -> $option<u64>;"
            }
            Trait::ZipperSubtries => {
                "fn native_subtries(&self) -> bool;
                fn try_make_map(&self) -> $option<$krate::PathMap<$value>>;
                fn trie_ref(&self) -> $option<$krate::zipper::TrieRef<'_, $value>>;"
            }
            Trait::ZipperInfallibleSubtries => {
                "fn make_map(&self) -> $krate::PathMap<$value>;
                fn get_trie_ref(&self) -> $krate::zipper::TrieRef<'_, $value>;"
            }
            Trait::ZipperProduct => {
                "fn factor_count(&self) -> usize;
                fn focus_factor(&self) -> usize;
                fn path_indices(&self) -> &[usize];"
            }
            // These have types of their own.
            Trait::ZipperReadOnlyConditionalValues
            | Trait::ZipperReadOnlyConditionalIteration
            | Trait::ZipperForking
            | Trait::ZipperReadOnlySubtries => "",
        }
    }
}
