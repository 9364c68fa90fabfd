//! The writer of text trees, for a terminal.

use super::graph::{BoxKind, Graph};

/// A line that is not yet written.
struct Line {
    depth: usize,
    /// Whether no sibling follows.
    last: bool,
    text: String,
    /// The box that the line leads to.
    to: Option<usize>,
}

/// Writes a graph. A box to which several arrows lead has a number, and the part below it is
/// written where the box occurs first.
pub(super) fn write(graph: &Graph) -> String {
    let mut ways = vec![0; graph.boxes.len()];
    let mut arrows: Vec<Vec<(Option<usize>, usize)>> = vec![Vec::new(); graph.boxes.len()];
    for arrow in &graph.arrows {
        ways[arrow.to] += 1;
        arrows[arrow.from].push((arrow.row, arrow.to));
    }
    let mut numbers: Vec<Option<usize>> = vec![None; graph.boxes.len()];
    let mut numbered = 0;
    let mut text = String::new();
    // Whether a sibling follows each line above the current one.
    let mut rails: Vec<bool> = Vec::new();
    let maps = (0..graph.boxes.len()).rev().filter(|&at| graph.boxes[at].kind == BoxKind::Map);
    let mut todo: Vec<Line> =
        maps.map(|at| Line { depth: 0, last: true, text: String::new(), to: Some(at) }).collect();
    while let Some(line) = todo.pop() {
        draw_rails(&line, &mut rails, &mut text);
        text.push_str(&line.text);
        let Some(at) = line.to else {
            text.push('\n');
            continue;
        };
        if let Some(number) = numbers[at] {
            text.push_str(&format!("#{number}, see above\n"));
            continue;
        }
        if ways[at] > 1 {
            numbered += 1;
            numbers[at] = Some(numbered);
            text.push_str(&format!("#{numbered} "));
        }
        let drawn = &graph.boxes[at];
        text.push_str(&drawn.head);
        let from = todo.len();
        let depth = line.depth + 1;
        let mut add = |text: String, to| todo.push(Line { depth, last: false, text, to });
        let mut next = arrows[at].iter().peekable();
        for (row, shown) in drawn.rows.iter().enumerate() {
            match next.next_if(|(from, _)| *from == Some(row)) {
                Some(&(_, to)) => add(format!("{shown} -> "), Some(to)),
                None if matches!(drawn.kind, BoxKind::List | BoxKind::Wide) => add(shown.clone(), None),
                None => {
                    text.push(' ');
                    text.push_str(shown);
                }
            }
        }
        next.for_each(|&(_, to)| add(String::new(), Some(to)));
        if let Some(last) = todo[from..].last_mut() {
            last.last = true;
        }
        todo[from..].reverse();
        text.push('\n');
    }
    for note in &graph.notes {
        text.push_str(note);
        text.push('\n');
    }
    text
}

/// Draws the lines that lead past a line and to it. `rails` tells whether a sibling follows each
/// line above.
fn draw_rails(line: &Line, rails: &mut Vec<bool>, text: &mut String) {
    rails.truncate(line.depth.saturating_sub(1));
    rails.iter().for_each(|&more| text.push_str(if more { "|  " } else { "   " }));
    if line.depth > 0 {
        text.push_str(if line.last { "`- " } else { "+- " });
        rails.push(!line.last);
    }
}
