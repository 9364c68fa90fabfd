//! The builder of a picture.

use std::fmt::{self, Debug};

use super::graph::Graph;
use super::text::{clean, spell};
use super::{graphviz, logical, mermaid, physical, svg, tree};
use crate::trie::PathMap;

/// A picture of one or more maps, which is drawn when it is converted to text.
///
/// Begin with [`PathMap::draw`], choose options, and end with [`graphviz`](Self::graphviz),
/// [`mermaid`](Self::mermaid), [`svg`](Self::svg) or [`ascii`](Self::ascii).
///
/// # Examples
/// The nodes of two maps, and what they share:
/// ```
/// use bytetrie::PathMap;
///
/// let old: PathMap<u32> = (0..100u32).map(|i| (format!("{i:03}"), i)).collect();
/// let mut new = old.clone();
/// new.remove("007");
/// let picture = old.draw().named("old").and("new", &new).physical().svg();
/// assert!(picture.contains("owners"));
/// ```
#[must_use = "a drawing does nothing until it is converted to text"]
pub struct Drawing<'a, V> {
    pub(super) maps: Vec<(String, &'a PathMap<V>)>,
    physical: bool,
    /// The largest number of boxes.
    pub(super) limit: usize,
    /// The function that writes a value, if values are drawn.
    pub(super) show: Option<fn(&V) -> String>,
    /// Whether bytes are written as numbers.
    numbers: bool,
    /// Whether values with nothing below them are drawn.
    pub(super) leaves: bool,
    plain: bool,
}

impl<'a, V> Drawing<'a, V> {
    /// Creates a drawing of maps. Their names need no cleaning.
    pub(crate) fn of(maps: impl IntoIterator<Item = (String, &'a PathMap<V>)>) -> Self {
        let maps = maps.into_iter().collect();
        Self {
            maps,
            physical: false,
            limit: Self::LIMIT,
            show: None,
            numbers: false,
            leaves: true,
            plain: false,
        }
    }

    /// The largest number of boxes, unless another [`limit`](Self::limit) is set.
    pub const LIMIT: usize = 200;

    /// Names the map that was added last.
    pub fn named(mut self, name: &str) -> Self {
        if let Some(last) = self.maps.last_mut() {
            last.0 = clean(name);
        }
        self
    }

    /// Adds another map to the picture.
    pub fn and(mut self, name: &str, map: &'a PathMap<V>) -> Self {
        self.maps.push((clean(name), map));
        self
    }

    /// Draws the paths. This is the default.
    pub fn logical(mut self) -> Self {
        self.physical = false;
        self
    }

    /// Draws the nodes.
    pub fn physical(mut self) -> Self {
        self.physical = true;
        self
    }

    /// Draws at most `boxes` boxes, those nearest to the roots.
    ///
    /// The picture shows where parts are left out. With [`usize::MAX`] everything is drawn,
    /// including all entries of nodes.
    pub fn limit(mut self, boxes: usize) -> Self {
        self.limit = boxes;
        self
    }

    /// Writes the values too, by their [`Debug`] format. Long values are cut.
    pub fn values(mut self) -> Self
    where
        V: Debug,
    {
        self.show = Some(|value| clean(&format!("{value:?}")));
        self
    }

    /// Writes the bytes of paths as numbers. By default printable ASCII is written as text.
    pub fn numbers(mut self) -> Self {
        self.numbers = true;
        self
    }

    /// Leaves out values with nothing below them. In the logical view, this includes the path to
    /// such a value from the last branch. In the physical view, these are the entries of nodes
    /// that are values.
    pub fn without_leaves(mut self) -> Self {
        self.leaves = false;
        self
    }

    /// Draws without colours.
    pub fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    pub(super) fn spell(&self, bytes: &[u8]) -> String {
        spell(bytes, self.numbers)
    }

    fn graph(&self) -> Graph {
        let graph = if self.physical { physical::graph(self) } else { logical::graph(self) };
        Graph { plain: self.plain, ..graph }
    }

    /// Returns the picture as text for [Graphviz](https://graphviz.org): `dot -Tsvg`.
    #[must_use]
    pub fn graphviz(&self) -> String {
        graphviz::write(&self.graph())
    }

    /// Returns the picture as text for [Mermaid](https://mermaid.js.org), which many viewers of
    /// Markdown draw.
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::write(&self.graph())
    }

    /// Returns the picture as a self-contained SVG.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(&self.graph())
    }

    /// Returns the picture as a text tree, for a terminal. If several arrows lead to a node, the
    /// part below it is written where the node occurs first.
    #[must_use]
    pub fn ascii(&self) -> String {
        tree::write(&self.graph())
    }
}

impl<V> Debug for Drawing<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.maps.iter().map(|(name, _)| name).collect();
        f.debug_struct("Drawing")
            .field("maps", &names)
            .field("physical", &self.physical)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl<V> PathMap<V> {
    /// Returns a picture of the map; see [`viz`](crate::viz). Needs the feature `viz`.
    pub fn draw(&self) -> Drawing<'_, V> {
        Drawing::of([("map".to_string(), self)])
    }
}
