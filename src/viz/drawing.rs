//! What is to be drawn, and how.

use std::fmt::{self, Debug};

use super::graph::Graph;
use super::text::{clean, spell};
use super::{graphviz, logical, mermaid, physical, svg, tree};
use crate::trie::PathMap;

/// A picture of one map or more, which is made when it is asked for as text.
///
/// Begin with [`PathMap::draw`], say what is to be seen, and end with
/// [`graphviz`](Self::graphviz), [`mermaid`](Self::mermaid), [`svg`](Self::svg) or
/// [`ascii`](Self::ascii).
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
#[must_use = "a drawing is made when it is asked for as text"]
pub struct Drawing<'a, V> {
    pub(super) maps: Vec<(String, &'a PathMap<V>)>,
    physical: bool,
    /// The most boxes.
    pub(super) limit: usize,
    /// How a value is written, if it is to be.
    pub(super) show: Option<fn(&V) -> String>,
    /// Bytes are written by their numbers.
    numbers: bool,
    /// Values below which there is nothing are drawn.
    pub(super) leaves: bool,
    plain: bool,
}

impl<'a, V> Drawing<'a, V> {
    /// Of maps and their names, which need no cleaning.
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

    /// The most boxes that are drawn unless another [`limit`](Self::limit) is set.
    pub const LIMIT: usize = 200;

    /// Gives the map a name.
    pub fn named(mut self, name: &str) -> Self {
        if let Some(last) = self.maps.last_mut() {
            last.0 = clean(name);
        }
        self
    }

    /// Draws another map beside it.
    pub fn and(mut self, name: &str, map: &'a PathMap<V>) -> Self {
        self.maps.push((clean(name), map));
        self
    }

    /// Draws the paths. It is so unless told otherwise.
    pub fn logical(mut self) -> Self {
        self.physical = false;
        self
    }

    /// Draws the nodes.
    pub fn physical(mut self) -> Self {
        self.physical = true;
        self
    }

    /// Draws no more than so many boxes, those nearest to the root. What is left out is told in
    /// the picture. With [`usize::MAX`] all is drawn, and all entries of nodes too.
    pub fn limit(mut self, boxes: usize) -> Self {
        self.limit = boxes;
        self
    }

    /// Writes the values too, as [`Debug`] does, cut where they are long.
    pub fn values(mut self) -> Self
    where
        V: Debug,
    {
        self.show = Some(|value| clean(&format!("{value:?}")));
        self
    }

    /// Writes the bytes of paths by their numbers. Else they are written as ASCII where they are.
    pub fn numbers(mut self) -> Self {
        self.numbers = true;
        self
    }

    /// Leaves out values below which there is nothing, and the ways to them from the last branch;
    /// or in the physical view entries that are values.
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

    /// The picture as text for [Graphviz](https://graphviz.org): `dot -Tsvg`.
    #[must_use]
    pub fn graphviz(&self) -> String {
        graphviz::write(&self.graph())
    }

    /// The picture as text for [Mermaid](https://mermaid.js.org), which many viewers of Markdown
    /// draw.
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::write(&self.graph())
    }

    /// The picture as an SVG that needs nothing beside itself.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(&self.graph())
    }

    /// The picture as a tree of text, for a terminal. What is below a node to which several ways
    /// lead is written where it comes first.
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
    /// A picture of the map; see [`viz`](crate::viz). Needs the feature `viz`.
    pub fn draw(&self) -> Drawing<'_, V> {
        Drawing::of([("map".to_string(), self)])
    }
}
