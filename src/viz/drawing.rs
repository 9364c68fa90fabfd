//! What is to be drawn, and how.

use std::fmt::{self, Debug};

use super::graph::Graph;
use super::text::clean;
use super::{graphviz, logical, mermaid, physical, svg};
use crate::trie::PathMap;

/// A picture of one map or more, which is made when it is asked for as text.
///
/// Begin with [`PathMap::draw`], say what is to be seen, and end with [`graphviz`](Self::graphviz),
/// [`mermaid`](Self::mermaid) or [`svg`](Self::svg).
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
}

impl<'a, V> Drawing<'a, V> {
    fn new(map: &'a PathMap<V>) -> Self {
        let maps = vec![("map".to_string(), map)];
        Self { maps, physical: false, limit: Self::LIMIT, show: None }
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

    /// Draws no more than so many boxes, those nearest to the root. What is left out is told in the picture.
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

    fn graph(&self) -> Graph {
        if self.physical { physical::graph(self) } else { logical::graph(self) }
    }

    /// The picture as text for [Graphviz](https://graphviz.org): `dot -Tsvg`.
    pub fn graphviz(&self) -> String {
        graphviz::write(&self.graph())
    }

    /// The picture as text for [Mermaid](https://mermaid.js.org), which many viewers of Markdown draw.
    pub fn mermaid(&self) -> String {
        mermaid::write(&self.graph())
    }

    /// The picture as an SVG that needs nothing beside itself.
    pub fn svg(&self) -> String {
        svg::write(&self.graph())
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
        Drawing::new(self)
    }
}
