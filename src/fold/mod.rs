//! Folds and unfolds: a trie taken apart from its tips to its root, or made from its root to its tips.
//!
//! - [`Catamorphism`] folds a map, or what is below a zipper's root: four kinds of fold, each with a form that may fail,
//!   and one that sees the ends of paths.
//! - [`PathMap::new_from_ana`](crate::PathMap::new_from_ana) unfolds a map from a seed, with a [`TrieBuilder`].
//! - [`Catamorphism::hash`] is a hash of the content; [`PathMap::merkleize`](crate::PathMap::merkleize) makes equal subtries
//!   one node.
//!
//! `docs/folds.md` in the repository is the chapter for newcomers.
//!
//! # How a hash is made up
//! By [`XXH3`](https://xxhash.com) of 128 bits with its default secret, from the tips to the root. `X(…)` is that of some
//! bytes with seed 0, and `X[s](…)` with seed `s`. All numbers are little-endian, hashes 16 bytes.
//!
//! A subtrie is its *way*, the bytes to the first location that has a value, or more than one child, or none; and that
//! location. (The way is empty if the root is one.) Its hash is `X[kind](inner · X(way))`, where
//!
//! | `kind` | the location has | `inner` |
//! |---|---|---|
//! | 0 | neither a value nor children: it dangles, or the trie is empty | 16 zeros |
//! | 1 | a value and no children | the value's hash |
//! | 2 | children | `X(mask · children · value)`: the 32 bytes of the child mask, the hash of each child's subtrie, one byte below, in order, and the value's hash if there is a value |
//!
//! The hash of a value is what the function given says, or `X` of what its [`Hash`] feeds, each number by its bytes.

// A trie of nodes is folded by `by_nodes`, and what its kinds remember is in `kinds`; all other tries are folded by their zippers'
// moves, in `by_moves`. Neither knows which kind a node is.

mod ana;
mod by_moves;
mod by_nodes;
mod calls;
mod cata;
mod digest;
mod kinds;
mod memo;
mod merkle;
mod open_path;
mod traits;

pub use ana::TrieBuilder;
pub use cata::Catamorphism;
pub use merkle::MerkleizeResult;
