//! The writer of self-contained SVG.
//!
//! Boxes are arranged in columns. Each box is one column behind the last of the boxes that lead
//! to it. Its parent is one of those in the column before. Each box has a band, which is as high
//! as the box and its children need. The bands of children are placed below each other within the
//! band of their parent, so no two boxes overlap. Arrows are drawn beneath the boxes; an arrow
//! that skips a column is dashed.

use std::fmt::Write;

use super::graph::{Arrow, Graph, Node};

/// The height of a line of text and the width of a character. They are a little more than those
/// of the widest common monospaced font at this size.
const LINE: f64 = 16.0;
const CHARACTER: f64 = 7.3;
const FONT: u32 = 12;
/// The space between a box and its text.
const PADDING: f64 = 7.0;
/// The space between boxes of one column, and the space between columns.
const BESIDE: f64 = 10.0;
const BETWEEN: f64 = 46.0;
const MARGIN: f64 = 12.0;

/// The position and size of a box.
#[derive(Clone, Copy, Default)]
struct BoxPlace {
    column: usize,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Node {
    fn lines(&self) -> impl Iterator<Item = &String> {
        [&self.head].into_iter().chain(&self.rows)
    }
}

/// Returns the width of a text. A character beyond ASCII may be as wide as two.
fn width(text: &str) -> f64 {
    let cells: usize =
        text.chars().map(|character| if character.is_ascii() || character == '…' { 1 } else { 2 }).sum();
    cells as f64 * CHARACTER
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

/// Returns the boxes in topological order, and sets their columns.
fn columns(graph: &Graph, places: &mut [BoxPlace]) -> Vec<usize> {
    let mut ways_in = vec![0; graph.boxes.len()];
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); graph.boxes.len()];
    for arrow in &graph.arrows {
        ways_in[arrow.to] += 1;
        out[arrow.from].push(arrow.to);
    }
    let mut order: Vec<usize> = (0..graph.boxes.len()).filter(|&i| ways_in[i] == 0).collect();
    let mut done = 0;
    while let Some(&from) = order.get(done) {
        done += 1;
        for &to in &out[from] {
            places[to].column = places[to].column.max(places[from].column + 1);
            ways_in[to] -= 1;
            if ways_in[to] == 0 {
                order.push(to);
            }
        }
    }
    order
}

/// Returns the place of each box, and the width and height of the picture.
fn layout(graph: &Graph) -> (Vec<BoxPlace>, f64, f64) {
    let mut places = vec![BoxPlace::default(); graph.boxes.len()];
    for (place, drawn) in places.iter_mut().zip(&graph.boxes) {
        place.width = drawn.lines().map(|line| width(line)).fold(0.0, f64::max) + 2.0 * PADDING;
        place.height = (1 + drawn.rows.len()) as f64 * LINE + 2.0 * PADDING;
    }
    let order = columns(graph, &mut places);

    let mut children: Vec<Vec<usize>> = vec![Vec::new(); graph.boxes.len()];
    let mut has_parent = vec![false; graph.boxes.len()];
    for Arrow { from, to, .. } in &graph.arrows {
        if places[*from].column + 1 == places[*to].column && !has_parent[*to] {
            has_parent[*to] = true;
            children[*from].push(*to);
        }
    }
    // The height of each band, from the leaves up.
    let mut bands = vec![0.0_f64; graph.boxes.len()];
    let stacked = |children: &[usize], bands: &[f64]| {
        let heights: f64 = children.iter().map(|&child| bands[child]).sum();
        heights + children.len().saturating_sub(1) as f64 * BESIDE
    };
    for &i in order.iter().rev() {
        bands[i] = places[i].height.max(stacked(&children[i], &bands));
    }
    // The top of each band, from the roots down.
    let roots: Vec<usize> = order.iter().copied().filter(|&i| !has_parent[i]).collect();
    let mut tops = vec![0.0; graph.boxes.len()];
    let stack = |boxes: &[usize], mut y: f64, tops: &mut Vec<f64>| {
        for &i in boxes {
            tops[i] = y;
            y += bands[i] + BESIDE;
        }
        y - BESIDE
    };
    let bottom = stack(&roots, MARGIN, &mut tops).max(MARGIN);
    for &i in &order {
        let below = stacked(&children[i], &bands);
        let top = tops[i] + (bands[i] - below) / 2.0;
        stack(&children[i], top, &mut tops);
        places[i].y = tops[i] + (bands[i] - places[i].height) / 2.0;
    }

    let count = places.iter().map(|place| place.column + 1).max().unwrap_or(0);
    let mut x = MARGIN;
    for column in 0..count {
        let in_it = || places.iter().filter(|place| place.column == column);
        let widest = in_it().map(|place| place.width).fold(0.0, f64::max);
        places.iter_mut().filter(|place| place.column == column).for_each(|place| place.x = x);
        x += widest + BETWEEN;
    }
    (places, x - BETWEEN + MARGIN, bottom + MARGIN)
}

/// Writes a graph as SVG 1.1.
pub(super) fn write(graph: &Graph) -> String {
    let (places, mut total, mut bottom) = layout(graph);
    let mut body = String::new();
    for arrow in &graph.arrows {
        let (from, to) = (places[arrow.from], places[arrow.to]);
        let line = |row: usize| PADDING + (row as f64 + 0.5) * LINE;
        let (x1, x2, y2) = (from.x + from.width, to.x - 1.5, to.y + line(0));
        let y1 = from.y + arrow.row.map_or(from.height / 2.0, |row| line(row + 1));
        let bend = BETWEEN * 0.6;
        // An arrow that skips a column may pass beneath the boxes there.
        let dashes = if from.column + 1 < to.column { " stroke-dasharray=\"5 3\"" } else { "" };
        let _ = writeln!(
            body,
            "<path d=\"M{x1:.1} {y1:.1}C{:.1} {y1:.1} {:.1} {y2:.1} {x2:.1} {y2:.1}\" fill=\"none\" \
             stroke=\"#777777\"{dashes} marker-end=\"url(#tip)\"/>",
            x1 + bend,
            x2 - bend,
        );
    }
    for (drawn, place) in graph.boxes.iter().zip(&places) {
        let BoxPlace { x, y, width, height, .. } = *place;
        let stroke = if drawn.bold { 2.5 } else { 1.0 };
        let _ = writeln!(
            body,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"4\" fill=\"{}\" \
             stroke=\"#555555\" stroke-width=\"{stroke}\"/>",
            graph.colour(drawn.kind),
        );
        for (row, line) in drawn.lines().enumerate() {
            let weight = if row == 0 { " font-weight=\"bold\"" } else { "" };
            // The baseline is a quarter of a line above the line's end.
            let (x, y) = (x + PADDING, y + PADDING + (row as f64 + 0.75) * LINE);
            let _ = writeln!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\"{weight}>{}</text>", escape(line));
        }
    }
    for note in &graph.notes {
        bottom += LINE;
        total = total.max(width(note) + 2.0 * MARGIN);
        let y = bottom - MARGIN;
        let _ = writeln!(
            body,
            "<text x=\"{MARGIN:.1}\" y=\"{y:.1}\" font-style=\"italic\">{}</text>",
            escape(note)
        );
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{total:.0}\" height=\"{bottom:.0}\" \
         viewBox=\"0 0 {total:.0} {bottom:.0}\" font-family=\"monospace\" font-size=\"{FONT}\" \
         xml:space=\"preserve\">\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" \
         markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#777777\"/></marker>\
         </defs>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{body}</svg>\n"
    )
}
