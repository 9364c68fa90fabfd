//! Folds and unfolds, hashes of content, and deduplication.

#[path = "../common/folds.rs"]
mod folds;
#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/stack.rs"]
mod stack;

mod hash;
mod meaning;
mod merkleize;
mod opaque;
mod shared_maps;
mod unfold;
