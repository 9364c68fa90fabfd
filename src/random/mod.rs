//! Distributions over maps, their paths and their values, by the traits of the crate `rand`
//! (feature `random`).
//!
//! | a sample | its distribution |
//! |---|---|
//! | a map | [`RandomTrie`], made of a distribution of paths and one of values |
//! | a stored path and its value, uniformly | [`FairTrieValue`]; for many samples [`RankIndex`](crate::search::RankIndex) |
//! | a location, uniformly | [`FairTriePath`] |
//! | the first value on a descent that a policy chooses | [`DescendFirstTrieValue`] |
//! | the end of a descent that a policy chooses | [`DescendTriePath`] |
//!
//! The names of these types and of the policies are those of pathmap 0.3.5. The traits are those
//! of `rand` 0.9, as in pathmap.
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
/// The combinators of `distr_combinators`, which build distributions of paths and values.
#[doc(no_inline)]
pub use distr_combinators::*;
pub use fair::{FairTriePath, FairTrieValue};
pub use make::RandomTrie;
