//! Pictures of tries, and statistics of their nodes (feature `viz`).
//!
//! [`PathMap::draw`](crate::PathMap::draw) makes a [`Drawing`], which is written as text for
//! Graphviz or Mermaid, as a self-contained SVG, or as a text tree. There are two views:
//!
//! - **logical**: the paths. A box is a location where paths branch, end, or have a value, and
//!   shows the bytes that lead to it from the box before. Shared parts of the map are drawn once
//!   for each path.
//! - **physical**: the nodes. A box is a node with its kind, its entries, its bytes, and its
//!   owners. A shared node is one box, to which several arrows lead.
//!
//! [`viz_maps`] draws maps like the function of this name in `pathmap` 0.3.5.
//!
//! [`PathMap::stats`](crate::PathMap::stats) counts nodes by kind, with their fill, bytes and
//! depth. [`Stats`] prints as a table.
//!
//! Pictures and statistics are for people. The nodes that they show depend on the map's content
//! and history, and may change with each release.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//!
//! let map = PathMap::from([("romane", 1), ("romanus", 2), ("rubens", 3)]);
//! let picture = map.draw().values().svg();
//! assert!(picture.starts_with("<svg"));
//!
//! let graph = map.draw().graphviz();
//! assert!(graph.contains("ubens") && graph.contains("oman"));
//! println!("{}", map.stats());
//! ```

// How the module works: `logical` and `physical` make a `Graph` of boxes and arrows, which no
// longer refers to a map. `graphviz`, `mermaid`, `svg` and `tree` each write a graph. `text`
// defines how bytes and values are written.

pub(crate) mod drawing;
mod graph;
mod graphviz;
mod logical;
mod mermaid;
mod physical;
mod stats;
mod svg;
mod text;
mod tree;

pub use crate::compat::viz_maps::{DrawConfig, VizMode, viz_maps};
pub use drawing::Drawing;
pub use stats::{KindStats, Stats};
