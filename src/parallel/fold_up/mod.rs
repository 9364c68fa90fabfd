//! Folds up the tree by several threads.

mod climb;
mod joins;
mod sweep;
mod up;

pub use up::{Branches, FoldedUp};
