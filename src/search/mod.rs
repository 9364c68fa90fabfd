//! Searches over paths: by automaton, by prefix, by rank.
//!
//! An [`Automaton`] reads a path byte by byte and decides whether it matches.
//! [`PathMap::search`](crate::PathMap::search) runs an automaton on a trie, and descends only
//! where a match is still possible. So the cost depends on the matching branches and not on the
//! size of the map.
//!
//! | to find | use |
//! |---|---|
//! | paths that begin with a prefix | [`PathMap::prefix`](crate::PathMap::prefix), or `Str::new(prefix).starts_with()` |
//! | paths in a range | [`PathMap::range`](crate::PathMap::range), or [`Within`] to combine it with other automata |
//! | paths that differ from a word by a few letters | [`Levenshtein`]; if swapped neighbours count as one edit, [`OptimalAlignment`] |
//! | paths that contain some letters in order | [`Subsequence`] |
//! | paths that match a regular expression | `Dfa` (feature `regex`), over the DFAs of `regex-automata` |
//! | paths that an automaton of the crate `fst` matches | `Fst` (feature `fst`) |
//! | combinations of these | [`Automaton::union`], [`intersection`](Automaton::intersection), [`complement`](Automaton::complement), [`starts_with`](Automaton::starts_with) |
//! | the stored prefixes of a path | [`PathMap::longest_prefix_of`](crate::PathMap::longest_prefix_of), [`prefixes_of`](crate::PathMap::prefixes_of) |
//! | the n-th path, the rank of a path, a fair sample | [`RankIndex`] |
//!
//! [`AutomatonZipper`] restricts any zipper to the paths that an automaton matches, so code that
//! walks zippers can walk the matches. The chapter [`search`](crate::guide::search) of the guide
//! is an introduction.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::search::{Automaton, Levenshtein, Str};
//!
//! let map = PathMap::from([("tea", 1), ("ten", 2), ("toe", 3), ("tree", 4)]);
//! let near = Levenshtein::new("tee", 1)?;
//! let mut found = map.search(near.intersection(Str::new("te").starts_with()));
//! assert_eq!(found.next(), Some((&b"tea"[..], &1)));
//! assert_eq!(found.next(), Some((&b"ten"[..], &2)));
//! assert_eq!(found.next(), None);
//! # Ok::<(), bytetrie::search::LevenshteinError>(())
//! ```

// How the module works: `matches` is the walk. It visits the entries below places
// (`node::Place`), and keeps a stack with the automaton's state after each byte of the path.
// `automaton` has the trait and the combinations of automata; `simple`, `levenshtein`,
// `optimal_alignment`, `dfa` and `fst` have the automata. `rank` counts the values below each
// node of a snapshot. Nothing recurses on the length of a path.

mod automaton;
#[cfg(feature = "regex")]
mod dfa;
mod edits;
#[cfg(feature = "fst")]
mod fst;
mod letters;
mod levenshtein;
mod matches;
mod optimal_alignment;
mod prefixes;
#[cfg(feature = "random")]
mod random;
mod rank;
mod simple;
mod zipper;

#[cfg(feature = "regex")]
pub use crate::error::DfaError;
pub use crate::error::LevenshteinError;
pub use automaton::{Automaton, Complement, Intersection, StartsWith, StartsWithState, Union};
#[cfg(feature = "regex")]
pub use dfa::{Dfa, DfaState};
#[cfg(feature = "fst")]
pub use fst::Fst;
pub use levenshtein::{Levenshtein, LevenshteinState};
pub use matches::{Matches, MatchesIter};
pub use optimal_alignment::{OptimalAlignment, OptimalAlignmentState};
pub use prefixes::PrefixesOf;
pub use rank::RankIndex;
pub use simple::{AlwaysMatch, Str, Subsequence, Within, WithinState};
pub use zipper::AutomatonZipper;
