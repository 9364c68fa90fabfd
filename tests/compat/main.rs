//! The names of `pathmap` 0.3.5.

#[path = "../common/tries.rs"]
mod tries;

mod arena;
mod client;
mod known_names;
mod old_names;
mod pathmap_zippers;
mod paths_streams;
mod seed;
