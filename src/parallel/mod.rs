//! Walks and folds by several threads, and published maps whose readers never wait.
//!
//! | | |
//! |---|---|
//! | [`WalkParallel::visit`], [`run`](WalkParallel::run), [`run_with`](WalkParallel::run_with) | visit each location once, on several threads, each with a state of its own |
//! | [`WalkParallel::fold`] | map each location to a value, and combine the values in path order |
//! | [`WalkParallel::fold_up`] | fold from the tips to the root: the result of a location is made of the results below it |
//! | [`WalkParallel::fold_shared`] | like `fold_up`, but without paths: each shared subtrie is folded once |
//! | [`SharedMap`] | a map that readers load without waiting, while writers replace it one after another |
//!
//! A [`WalkParallel`] owns a snapshot, so writers go on while it is walked. With the feature
//! `rayon`, maps are also combined, iterated over and built on rayon's threads.
//!
//! # When to use it
//! - You read all or much of a map, and it has hundreds of thousands of locations, or each of them
//!   takes long.
//! - Use `fold` to compute a sum of any kind, and a visitor for effects, or to leave parts out.
//! - Use `fold_up` for what belongs to subtries, such as the size of a directory. Use
//!   `fold_shared` if the map was made by grafting, and the result does not depend on where a
//!   subtrie is.
//!
//! # When not
//! - The order of effects matters: a reader goes in path order, and visitors do not.
//! - There are few locations, and each is read fast: a reader needs less code.
//! - Several threads write: see [`ZipperHead`](crate::zipper::ZipperHead).

mod fold;
mod fold_up;
mod location;
mod padded;
mod pool;
#[cfg(feature = "rayon")]
mod rayon;
mod roots;
mod task;
mod visit;
mod visitor;
mod walk;
mod walked;

pub use crate::published::{CommitConflict, SharedMap, Snapshot};
pub use fold::Folded;
pub use fold_up::{Branches, FoldedUp};
pub use location::Location;
#[cfg(all(feature = "rayon", feature = "testing"))]
pub use rayon::divide_finely;
#[cfg(feature = "rayon")]
pub use rayon::{IntoParIter, ParIter, ParIterMut, ParKeys, ParValues};
pub use visitor::{ParallelVisitor, ParallelVisitorBuilder, WalkState};
pub use walk::WalkParallel;
pub use walked::{Stop, Walked};
