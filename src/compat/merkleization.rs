//! The result of [`PathMap::merkleize`](crate::PathMap::merkleize), by the path that users of
//! 0.3.5 know it by.

pub use crate::fold::MerkleizeResult;
