//! One map and many threads: snapshots for readers that never wait, and whole maps combined, walked and built on all cores.

mod commit;
mod merge;
#[cfg(feature = "rayon")]
mod rayon;
mod shared_map;

pub use commit::CommitConflict;
#[cfg(all(feature = "rayon", feature = "testing"))]
pub use rayon::divide_finely;
#[cfg(feature = "rayon")]
pub use rayon::{IntoParIter, ParIter, ParIterMut, ParKeys, ParValues};
pub use shared_map::{SharedMap, Snapshot};
