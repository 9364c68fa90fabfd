//! Folds, which take a trie apart from its tips to its root, and unfolds, which make one from its
//! root to its tips.
//!
//! - [`Catamorphism`] folds a map, or what is below a zipper's root. There are four kinds of fold,
//!   each with a form whose closure may fail, and one that sees the last bytes of paths.
//! - [`PathMap::new_from_ana`](crate::PathMap::new_from_ana) unfolds a map from a seed, with a
//!   [`TrieBuilder`].
//! - [`Catamorphism::hash`] is a hash of the content.
//!   [`PathMap::merkleize`](crate::PathMap::merkleize) makes equal subtries one node.
//!
//! `docs/folds.md` in the repository is the chapter for newcomers.
//!
//! # How a hash is made up
//! Hashes are made by [`XXH3`](https://xxhash.com) of 128 bits with its default secret, from the
//! tips to the root. `X(…)` is the hash of some bytes with seed 0, and `X[s](…)` with seed `s`.
//! All numbers are little-endian, and hashes have 16 bytes.
//!
//! A subtrie consists of its *way* and a location. The location is the first one, from the root of
//! the subtrie on, that has a value, more than one child, or no child. The way consists of the
//! bytes that lead to the location. It is empty if the location is the root.
//!
//! ```text
//! root ─ r ─ o ─ m ─┬─ a ─ n ─ e •     The way of the whole trie is "rom", which leads to a
//!                   └─ u ─ l ─ us •    location with two children, "a" and "u". Below "a", the
//!                                      way is "ne", which leads to a location with a value.
//! ```
//!
//! The hash of a subtrie is `X[kind](inner · X(way))`, where
//!
//! | `kind` | the location has | `inner` |
//! |---|---|---|
//! | 0 | neither a value nor children: it dangles, or the trie is empty | 16 zeros |
//! | 1 | a value and no children | the value's hash |
//! | 2 | children | `X(mask · children · value)`: the 32 bytes of the child mask, the hash of each child's subtrie, one byte below, in order, and the value's hash if there is a value |
//!
//! The hash of a value is the number that the given function returns. Without a function, it is
//! `X` of the bytes that the value's [`Hash`] writes, where each number is written as its bytes.

// The nodes of a real trie are folded by `by_nodes` and its `open_path`. The kinds of such folds
// and what they remember are in `kinds`, except for hashes, which are in `digest` and `kept`. All
// other tries are folded by the moves of their zippers, in `by_moves`.

mod ana;
mod by_moves;
mod by_nodes;
mod calls;
mod cata;
mod digest;
mod kept;
mod kinds;
mod memo;
mod merkle;
mod open_path;
mod traits;

pub use ana::TrieBuilder;
pub use cata::Catamorphism;
pub(crate) use kept::{NodeDigest, NodeDigests, hash_keeping};
pub use merkle::MerkleizeResult;
