//! Everything that exists only for the names of `pathmap` 0.3.5, so that its users can move by
//! changing one line.

#[cfg(feature = "jemalloc")]
mod jemalloc;
pub mod merkleization;
pub mod morph;
pub mod morphisms;
pub mod ring;
mod split_cata;
pub mod utils;
#[cfg(feature = "viz")]
pub(crate) mod viz_maps;
