//! The result of [`PathMap::merkleize`](crate::PathMap::merkleize), at its path in `pathmap`
//! 0.3.5.

pub use crate::fold::MerkleizeResult;
