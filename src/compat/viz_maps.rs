//! Pictures, by their names in `pathmap` 0.3.5.

use std::fmt::Debug;
use std::io::{self, Write};

use crate::trie::PathMap;
use crate::viz::drawing::Drawing;

/// The output format of [`viz_maps`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VizMode {
    /// Text for [Mermaid](https://mermaid.js.org).
    #[default]
    Mermaid,
    /// A text tree.
    Ascii,
}

/// The options of [`viz_maps`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawConfig {
    /// The output format.
    pub mode: VizMode,
    /// Whether printable ASCII in paths is written as text. Otherwise all bytes are written as
    /// [numbers](Drawing::numbers).
    pub ascii_path: bool,
    /// Whether paths that end with a value are [left out](Drawing::without_leaves).
    pub hide_value_paths: bool,
    /// Whether values are not written.
    pub minimize_values: bool,
    /// Whether the paths are drawn. Otherwise the nodes are drawn.
    pub logical: bool,
    /// Whether the picture has colours, if the format supports them.
    pub color: bool,
}

impl Default for DrawConfig {
    /// Draws all paths and values, in colours, for Mermaid, with bytes as numbers.
    fn default() -> Self {
        Self {
            mode: VizMode::Mermaid,
            ascii_path: false,
            hide_value_paths: false,
            minimize_values: false,
            logical: true,
            color: true,
        }
    }
}

/// Draws several maps in one picture, without a limit. [`PathMap::draw`] has more options.
///
/// # Errors
/// Returns an error if writing to `out` fails.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::viz::{DrawConfig, VizMode, viz_maps};
///
/// let map = PathMap::from([("romane", 1), ("romanus", 2), ("rubens", 3)]);
/// let mut text = Vec::new();
/// let config = DrawConfig { mode: VizMode::Ascii, ascii_path: true, ..DrawConfig::default() };
/// viz_maps(&[map], &config, &mut text)?;
/// let tree = r#"
/// map 0
/// `- "r"
///    +- "oman"
///    |  +- "e" = 1
///    |  `- "us" = 2
///    `- "ubens" = 3
/// "#;
/// assert_eq!(String::from_utf8_lossy(&text), tree.trim_start());
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn viz_maps<V: Debug, W: Write>(btms: &[PathMap<V>], dc: &DrawConfig, mut out: W) -> io::Result<()> {
    let mut drawing = Drawing::of(btms.iter().enumerate().map(|(i, map)| (format!("map {i}"), map)));
    drawing = drawing.limit(usize::MAX);
    if !dc.ascii_path {
        drawing = drawing.numbers();
    }
    if dc.hide_value_paths {
        drawing = drawing.without_leaves();
    }
    if !dc.minimize_values {
        drawing = drawing.values();
    }
    if !dc.logical {
        drawing = drawing.physical();
    }
    if !dc.color {
        drawing = drawing.plain();
    }
    let text = match dc.mode {
        VizMode::Mermaid => drawing.mermaid(),
        VizMode::Ascii => drawing.ascii(),
    };
    out.write_all(text.as_bytes())
}
