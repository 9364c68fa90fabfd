//! Boxes and arrows, whatever they stand for.

/// A picture before it is written.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) boxes: Vec<Node>,
    /// No way along them comes back.
    pub(super) arrows: Vec<Arrow>,
    /// What is to be said beside the picture.
    pub(super) notes: Vec<String>,
    /// It is to have no colours.
    pub(super) plain: bool,
}

/// A box.
pub(super) struct Node {
    pub(super) kind: BoxKind,
    /// Its first line.
    pub(super) head: String,
    /// What stands below that.
    pub(super) rows: Vec<String>,
    /// It is to stand out.
    pub(super) bold: bool,
}

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BoxKind {
    Map,
    /// A location without a value.
    Bare,
    /// A location with one.
    Valued,
    /// A dangling tip.
    Tip,
    List,
    Wide,
}

impl BoxKind {
    /// The colour of its box.
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
    /// The colour of a box.
    pub(super) fn colour(&self, kind: BoxKind) -> &'static str {
        if self.plain { "#ffffff" } else { kind.colour() }
    }

    /// Adds a box; returns its number.
    pub(super) fn add(&mut self, kind: BoxKind, head: String) -> usize {
        self.boxes.push(Node { kind, head, rows: Vec::new(), bold: false });
        self.boxes.len() - 1
    }
}
