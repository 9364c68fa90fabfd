//! A picture as boxes and arrows, independent of maps.

/// A picture that is not yet written as text.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) boxes: Vec<Node>,
    /// The arrows, which form no cycle.
    pub(super) arrows: Vec<Arrow>,
    /// Remarks below the picture.
    pub(super) notes: Vec<String>,
    /// Whether the picture has no colours.
    pub(super) plain: bool,
}

/// A box.
pub(super) struct Node {
    pub(super) kind: BoxKind,
    /// Its first line.
    pub(super) head: String,
    /// The lines below the first.
    pub(super) rows: Vec<String>,
    /// Whether the box is emphasized.
    pub(super) bold: bool,
}

/// The kind of thing that a box represents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BoxKind {
    Map,
    /// A location without a value.
    Bare,
    /// A location with a value.
    Valued,
    /// A dangling tip.
    Tip,
    List,
    Wide,
}

impl BoxKind {
    /// Returns the colour of boxes of this kind.
    fn colour(self) -> &'static str {
        match self {
            BoxKind::Map => "#dddddd",
            BoxKind::Bare => "#ffffff",
            BoxKind::Valued => "#d5f0d5",
            BoxKind::Tip => "#f6d5d5",
            BoxKind::List => "#d9e8fb",
            BoxKind::Wide => "#fbe6cc",
        }
    }
}

/// An arrow from a box, or from one of its rows, to another box.
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) row: Option<usize>,
    pub(super) to: usize,
}

impl Graph {
    /// Returns the colour of boxes of a kind in this picture.
    pub(super) fn colour(&self, kind: BoxKind) -> &'static str {
        if self.plain { "#ffffff" } else { kind.colour() }
    }

    /// Adds a box and returns its number.
    pub(super) fn add(&mut self, kind: BoxKind, head: String) -> usize {
        self.boxes.push(Node { kind, head, rows: Vec::new(), bold: false });
        self.boxes.len() - 1
    }
}
