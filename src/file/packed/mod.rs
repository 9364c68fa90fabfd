//! Tries that are opened from the bytes of a file, without loading it.

mod data;
mod lookup;
#[cfg(feature = "mmap")]
#[allow(unsafe_code, reason = "the mapping of a file, whose bytes others could change")]
mod map;
mod trie;

pub use data::Data;
pub use trie::Packed;
