//! The physical view: the nodes of maps as boxes.

use std::collections::{HashMap, VecDeque};

use super::drawing::Drawing;
use super::graph::{Arrow, BoxKind, Graph};
use super::text::{count, number};
use crate::node::{End, Entry, Inspection, Key, Place};

/// The largest number of entries that are written for a node, unless the drawing has no limit.
const ENTRIES: usize = 16;

/// The boxes of the nodes so far.
struct Draw<'a, 'b, V> {
    drawing: &'b Drawing<'a, V>,
    graph: Graph,
    known: HashMap<Key, usize>,
    open: VecDeque<(usize, Place<'b, V>)>,
}

/// Draws level by level, so that the boxes nearest to the roots come first.
pub(super) fn graph<'a, V>(drawing: &Drawing<'a, V>) -> Graph {
    let (graph, known, open) = (Graph::default(), HashMap::new(), VecDeque::new());
    let mut draw = Draw { drawing, graph, known, open };
    let maps: Vec<usize> =
        drawing.maps.iter().map(|(name, _)| draw.graph.add(BoxKind::Map, name.clone())).collect();
    let mut left_out = 0;
    for (from, (_, map)) in maps.into_iter().zip(&drawing.maps) {
        let Some(root) = &map.root else {
            draw.graph.boxes[from].rows.push("empty, no node".into());
            continue;
        };
        match draw.node(root.place()) {
            Some(to) => draw.graph.arrows.push(Arrow { from, row: None, to }),
            None => {
                draw.graph.boxes[from].rows.push("… not drawn".into());
                left_out += 1;
            }
        }
    }
    while let Some((from, place)) = draw.open.pop_front() {
        left_out += draw.entries(from, place);
    }
    if left_out > 0 {
        let boxes = count(draw.graph.boxes.len(), "box", "boxes");
        draw.graph.notes.push(format!("The first {boxes}. Omitted parts are marked by …"));
    }
    draw.graph
}

impl<'b, V> Draw<'_, 'b, V> {
    /// Returns the box of a node, or `None` if the limit is reached.
    fn node(&mut self, place: Place<'b, V>) -> Option<usize> {
        if let Some(&known) = self.known.get(&place.key()) {
            return Some(known);
        }
        if self.graph.boxes.len() >= self.drawing.limit {
            return None;
        }
        let node = Inspection::of(place);
        let kind = if node.kind == "wide" { BoxKind::Wide } else { BoxKind::List };
        let head = format!("{}, {}", node.kind, count(node.entries, "entry", "entries"));
        let at = self.graph.add(kind, head);
        let drawn = &mut self.graph.boxes[at];
        drawn.rows.push(format!("{} of {} bytes", number(node.used_bytes), number(node.bytes)));
        if node.owners > 1 {
            drawn.rows.push(format!("{} owners", number(node.owners)));
            drawn.bold = true;
        }
        self.known.insert(place.key(), at);
        self.open.push_back((at, place));
        Some(at)
    }

    /// Writes the entries of a node. Returns the number of entries that are not drawn or whose
    /// nodes are not drawn.
    fn entries(&mut self, from: usize, place: Place<'b, V>) -> usize {
        let show = |value| match self.drawing.show {
            Some(show) => format!("= {}", show(value)),
            None => "= a value".into(),
        };
        if let Some(own) = place.own() {
            self.graph.boxes[from].rows.push(format!("here {}", show(own)));
        }
        let mut left_out = 0;
        let most = if self.drawing.limit == usize::MAX { usize::MAX } else { ENTRIES };
        let written = |entry: &Entry<'b, V>| self.drawing.leaves || !entry.end.is_value();
        for (i, entry) in place.below().enumerate().filter(|(_, entry)| written(entry)) {
            if i >= most {
                let more = place.entry_count() - i;
                self.graph.boxes[from].rows.push(format!("… {} more", number(more)));
                left_out += more;
                break;
            }
            let suffix = self.drawing.spell(&entry.suffix.to_vec());
            let row = match entry.end {
                End::Value(value) => format!("{suffix} {}", show(value)),
                End::Bare => format!("{suffix} dangles"),
                End::Child(child) => match self.node(child.place()) {
                    Some(to) => {
                        let row = Some(self.graph.boxes[from].rows.len());
                        self.graph.arrows.push(Arrow { from, row, to });
                        suffix
                    }
                    None => {
                        left_out += 1;
                        format!("{suffix} … not drawn")
                    }
                },
            };
            self.graph.boxes[from].rows.push(row);
        }
        left_out
    }
}
