//! Items that exist only for the names of `pathmap` 0.3.5. With them, a program can move to this
//! crate by changing one line.

#[cfg(feature = "arena_compact")]
pub mod arena_compact;
#[cfg(feature = "jemalloc")]
mod jemalloc;
pub mod merkleization;
pub mod morph;
pub mod morphisms;
mod old_names;
#[cfg(feature = "serialization")]
pub mod paths_serialization;
pub mod ring;
mod split_cata;
pub mod utils;
#[cfg(feature = "viz")]
pub(crate) mod viz_maps;
