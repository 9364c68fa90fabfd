//! The guide: one chapter for each subject, from a first map to the design.
//!
//! Start with [`zippers`]. A chapter begins with what a newcomer needs, and most end with what
//! surprises people. All examples run as tests.
//!
//! | you want to | read |
//! |---|---|
//! | walk a map and edit it at many places | [`zippers`] |
//! | combine whole maps, or parts of them | [`algebra`] |
//! | compute something from the leaves up | [`folds`] |
//! | keep a map in a file | [`files`] |
//! | find paths by prefix, spelling, regular expression or rank | [`search`] |
//! | present several maps as one without building it | [`virtual_zippers`] |
//! | write one map from many threads | [`multithreading`] |
//! | use all cores, and choose how | [`parallel`] |
//! | read a map without waiting while others write it | [`snapshots`] |
//! | know how fast it is | [`performance`] |
//! | port a program from `pathmap` | [`moving_from_pathmap`] |
//! | change the library | [`design`] |
//!
//! This module exists in the documentation only. A program cannot name it.

// Each chapter is a file of `docs/`. For readers on a forge, its links are defined at its end.
// In the modules below `links.md` is included first, and the first definition of a link counts. So
// in rustdoc the same links lead to modules and items.

/// Combine whole maps and subtries: join, meet, subtract, restrict.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/algebra.md")]
pub mod algebra {}

/// How the library is built, for those who change it.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/design.md")]
pub mod design {}

/// Save and load maps; the format to the byte, and what it promises.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/files.md")]
pub mod files {}

/// Compute results from the leaves to the root; unfold, hash and deduplicate maps.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/folds.md")]
pub mod folds {}

/// Move a program from `pathmap` 0.3.5: the one line to change, and all differences.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/moving-from-pathmap.md")]
pub mod moving_from_pathmap {}

/// Write one map from many threads and tasks, each below paths of its own.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/multithreading.md")]
pub mod multithreading {}

/// Six ways to use many threads; visitors and folds that use all cores.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/parallel.md")]
pub mod parallel {}

/// Measured times and sizes, beside `pathmap` and others.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/performance.md")]
pub mod performance {}

/// Find paths by prefix, range, spelling, regular expression or rank; draw tries.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/search.md")]
pub mod search {}

/// Publish a map: readers never wait, and writers replace it.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/snapshots.md")]
pub mod snapshots {}

/// Present several maps as one, or one map as another, without building anything.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/virtual.md")]
pub mod virtual_zippers {}

/// Walk a map and edit it with cursors.
#[doc = include_str!("links.md")]
#[doc = include_str!("../../docs/zippers.md")]
pub mod zippers {}
