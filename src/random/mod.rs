//! Distributions over maps, their paths and their values (feature `random`), by the traits of the crate `rand`.
//!
//! | a sample is | drawn by |
//! |---|---|
//! | a map | [`RandomTrie`], given distributions of paths and of values |
//! | a stored path and its value, all with one chance | [`FairTrieValue`]; for many samples [`RankIndex`](crate::search::RankIndex) |
//! | a location, all with one chance | [`FairTriePath`] |
//! | the first value on a way down that a policy chooses | [`DescendFirstTrieValue`] |
//! | where a policy ends a way down | [`DescendTriePath`] |
//!
//! The first four names and the policies are those that users of 0.3.5 know; the traits are those of `rand` 0.9, as there.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::random::{DescendFirstTrieValue, FairTrieValue, unbiased_descend_first_policy};
//! use rand::SeedableRng;
//! use rand::distr::Distribution;
//! use rand::rngs::SmallRng;
//!
//! let source = PathMap::from([("a/1", 1), ("a/2", 2), ("a/3", 3), ("b/4", 4)]);
//! let mut rng = SmallRng::seed_from_u64(1);
//!
//! // One value in four is the last.
//! let fair = FairTrieValue { source: source.clone() };
//! let last = (0..1000).filter(|_| fair.sample(&mut rng).1 == 4).count();
//! assert!((200..300).contains(&last));
//!
//! // One branch in two leads there.
//! let by_branch = DescendFirstTrieValue { source, policy: unbiased_descend_first_policy };
//! let last = (0..1000).filter(|_| by_branch.sample(&mut rng).1 == 4).count();
//! assert!((430..570).contains(&last));
//! ```

mod descend;
mod fair;
mod make;

pub use descend::{
    AnyChild, AnyChildOrValue, DescendFirstTrieValue, DescendTriePath, unbiased_descend_first_policy,
    unbiased_descend_last_policy,
};
/// The combinators of `distr_combinators`, which say what paths and values look like.
#[doc(no_inline)]
pub use distr_combinators::*;
pub use fair::{FairTriePath, FairTrieValue};
pub use make::RandomTrie;
