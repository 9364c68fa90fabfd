//! The logical view: the paths of maps as boxes.

use std::collections::VecDeque;

use super::drawing::Drawing;
use super::graph::{Arrow, BoxKind, Graph};
use super::text::count;
use crate::zipper::*;

/// A location whose branches are not yet drawn.
struct Open {
    number: usize,
    map: usize,
    path: Vec<u8>,
}

/// Draws level by level, so that the boxes nearest to the roots come first.
pub(super) fn graph<V>(drawing: &Drawing<'_, V>) -> Graph {
    let mut graph = Graph::default();
    let mut open = VecDeque::new();
    let mut zippers: Vec<_> = drawing.maps.iter().map(|(_, map)| map.read_zipper()).collect();
    let value = |value: Option<&V>| Some(format!("= {}", (drawing.show?)(value?)));
    for (map, (name, _)) in drawing.maps.iter().enumerate() {
        let number = graph.add(BoxKind::Map, name.clone());
        graph.boxes[number].bold = zippers[map].is_val();
        match (zippers[map].is_val(), value(zippers[map].get_val())) {
            (true, None) => graph.boxes[number].rows.push("has a value".into()),
            (_, shown) => graph.boxes[number].rows.extend(shown),
        }
        open.push_back(Open { number, map, path: Vec::new() });
    }
    let mut left_out = false;
    while let Some(Open { number, map, path }) = open.pop_front() {
        let zipper = &mut zippers[map];
        zipper.move_to_path(&path);
        let mask = zipper.child_mask();
        let mut more = 0;
        for byte in mask {
            if graph.boxes.len() >= drawing.limit {
                more += 1;
                continue;
            }
            zipper.move_to_path(&path);
            zipper.descend_to_byte(byte);
            if !zipper.is_val() {
                zipper.descend_until();
            }
            if !drawing.leaves && zipper.is_val() && zipper.child_count() == 0 {
                continue;
            }
            let kind = match (zipper.is_val(), zipper.child_count()) {
                (true, _) => BoxKind::Valued,
                (false, 0) => BoxKind::Tip,
                (false, _) => BoxKind::Bare,
            };
            let to = graph.add(kind, drawing.spell(&zipper.path()[path.len()..]));
            graph.boxes[to].rows.extend(value(zipper.get_val()));
            graph.arrows.push(Arrow { from: number, row: None, to });
            open.push_back(Open { number: to, map, path: zipper.path().to_vec() });
        }
        if more > 0 {
            graph.boxes[number].rows.push(format!("… {} not drawn", count(more, "branch", "branches")));
            left_out = true;
        }
    }
    if left_out {
        let all = drawing.maps.iter().map(|(_, map)| map.val_count()).fold(0, usize::saturating_add);
        let (boxes, values) = (count(graph.boxes.len(), "box", "boxes"), count(all, "value", "values"));
        graph.notes.push(format!("The first {boxes} of maps with {values}. Omitted parts are marked by …"));
    }
    graph
}
