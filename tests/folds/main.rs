//! Folds and unfolds, hashes of content, and deduplication.

#[path = "../common/folds.rs"]
mod folds;
#[path = "../common/limits.rs"]
mod limits;
#[path = "../common/opaque.rs"]
mod opaque;
#[path = "../common/shared_maps.rs"]
mod shared_maps;
#[path = "../common/stack.rs"]
mod stack;

mod hash;
mod meaning;
mod merkleize;
mod unfold;
