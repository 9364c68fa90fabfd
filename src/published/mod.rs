//! Maps that are published to readers who never wait: [`SharedMap`], its [`Snapshot`]s, commits
//! and merges.
//!
//! The public path of these items is [`parallel`](crate::parallel).

mod attempts;
mod commit;
mod merge;
mod shared_map;
mod turns;

#[cfg(all(test, loom))]
mod loom_tests;

pub use commit::CommitConflict;
pub use shared_map::{SharedMap, Snapshot};
