//! Pictures of tries, and statistics of their nodes (feature `viz`).
//!
//! [`PathMap::draw`](crate::PathMap::draw) makes a [`Drawing`], which writes itself as text for
//! Graphviz or Mermaid, or as an SVG that stands alone, or as a tree of text. There are two views:
//!
//! - **logical**: the paths. A box is a location where paths part, end, or have a value, with the
//!   bytes that lead to it from the box before. What the map shares is drawn wherever it is seen.
//! - **physical**: the nodes. A box is a node with its kind, its entries, its bytes, and its
//!   owners; a node that is shared is one box, to which all its ways lead.
//!
//! [`viz_maps`] is the way that users of 0.3.5 know.
//!
//! [`PathMap::stats`](crate::PathMap::stats) counts nodes by their kind, with their fill, bytes
//! and depth, and prints as a table.
//!
//! These are for people to look at. What they show of nodes follows from the content and its
//! history, and changes from one release to the next.
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

// How it is made: `logical` and `physical` make a `Graph` of boxes, which knows no map any more;
// `graphviz`, `mermaid`, `svg` and `tree` each write one out. `text` decides how bytes and values
// are spelt.

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
