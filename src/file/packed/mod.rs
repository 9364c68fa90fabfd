//! Tries that are opened from the bytes of a file, without loading it.

mod commits;
mod count;
mod data;
mod iter;
mod iterate;
mod lookup;
#[cfg(feature = "mmap")]
#[allow(unsafe_code, reason = "the mapping of a file, whose bytes others could change")]
mod map;
mod moves;
mod search;
mod subtrie;
mod trie;
mod verify;
mod walk;
mod zipper;

pub use commits::PackedCommits;
pub use data::Data;
pub use iter::{PackedIter, PackedPrefixesOf};
pub use search::PackedMatches;
pub use trie::Packed;
pub use zipper::{PackedWitness, PackedZipper, PackedZipperOwned};
