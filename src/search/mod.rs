//! Searches over paths: by automaton, by prefix, by number.
//!
//! An [`Automaton`] reads a path byte by byte and says whether it matches.
//! [`PathMap::search`](crate::PathMap::search) runs one against a trie and goes down only where a
//! match can still come, so it costs what the matching branches cost and not what the map costs.
//!
//! | search for | by |
//! |---|---|
//! | what begins with a prefix | [`PathMap::prefix`](crate::PathMap::prefix), or `Str::new(prefix).starts_with()` |
//! | what lies in a range | [`PathMap::range`](crate::PathMap::range), or [`Within`] where it is to be combined with others |
//! | what differs by a few letters | [`Levenshtein`]; with neighbours that change places, [`OptimalAlignment`] |
//! | what contains letters in order | [`Subsequence`] |
//! | a regular expression | `Dfa` (feature `regex`), over the DFAs of `regex-automata` |
//! | what an automaton of the crate `fst` matches | `Fst` (feature `fst`) |
//! | combinations of these | [`Automaton::union`], [`intersection`](Automaton::intersection), [`complement`](Automaton::complement), [`starts_with`](Automaton::starts_with) |
//! | the stored prefixes of a path | [`PathMap::longest_prefix_of`](crate::PathMap::longest_prefix_of), [`prefixes_of`](crate::PathMap::prefixes_of) |
//! | the n-th path, the rank of a path, a fair sample | [`RankIndex`] |
//!
//! [`AutomatonZipper`] shows any zipper through an automaton, so that what walks zippers walks the
//! matches. `docs/search.md` in the repository is the chapter for newcomers.
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

// How it is made: `matches` is the walk, over the entries that `algebra::Place` shows, with a
// stack of states along the path. `automaton` is the trait and what combines automata; `simple`,
// `levenshtein`, `optimal_alignment`, `dfa` and `fst` are those that come with it. `rank` is a
// second trie of counts beside a snapshot's nodes. Nothing recurses on the depth of a path.

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
