//! Reading a map with all cores: visitors and folds over a snapshot; maps that are published to readers who never wait.
//!
//! | | |
//! |---|---|
//! | [`WalkParallel::visit`], [`run`](WalkParallel::run), [`run_with`](WalkParallel::run_with) | each location is visited once, by one of several threads, each with a state of its own |
//! | [`WalkParallel::fold`] | each location is mapped, and what that gives is combined in path order |
//! | [`WalkParallel::fold_up`] | from the tips to the root: what each location comes to is made of what those below it came to |
//! | [`WalkParallel::fold_shared`] | the same where paths do not matter: each subtrie that is shared is folded once |
//! | [`SharedMap`] | a map that readers load without waiting while writers replace it, one after another |
//!
//! The walks go through a snapshot that the [`WalkParallel`] owns, so that writers go on meanwhile. With the feature `rayon`,
//! maps are also combined, iterated over and built on rayon's threads.
//!
//! # When to use it
//! - A whole map, or much of it, is read, and there are hundreds of thousands of locations, or each takes long.
//! - `fold` if what you want is a sum of any kind; a visitor if the result is an effect, or if parts are to be skipped.
//! - `fold_up` for what belongs to subtries, as the size of a directory; `fold_shared` if the map was made by grafting, and the result does not depend on where a subtrie is.
//!
//! # When not
//! - Order matters to an effect: a reader goes in path order, and a visitor does not.
//! - Few locations, each of them read fast: a reader does the same, without the words.
//! - Threads that write: see [`ZipperHead`](crate::zipper::ZipperHead).

mod count;
mod deque;
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

#[cfg(all(test, loom))]
mod loom_tests;

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
