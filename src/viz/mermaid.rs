//! Text for Mermaid.

use std::fmt::Write;

use super::graph::{BoxKind, Graph};

/// Escapes text within quotes. Every character that Mermaid, Markdown or HTML may interpret is
/// written as its number.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, character| {
        match character {
            _ if character.is_alphanumeric() => escaped.push(character),
            ' ' | ',' | '.' | '=' | '…' | '/' | ':' | '-' => escaped.push(character),
            _ => _ = write!(escaped, "#{};", character as u32),
        }
        escaped
    })
}

/// Writes a graph as a flow chart.
pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from("flowchart LR\n");
    for (i, drawn) in graph.boxes.iter().enumerate() {
        let lines: Vec<String> =
            [&drawn.head].into_iter().chain(&drawn.rows).map(|line| escape(line)).collect();
        let _ = writeln!(text, "  n{i}[\"{}\"]:::{}", lines.join("<br/>"), class(drawn.kind));
    }
    for arrow in &graph.arrows {
        // A flow chart has no ports. So the row that an arrow starts from is written as the
        // arrow's label.
        match arrow.row {
            Some(row) => {
                let label = escape(&graph.boxes[arrow.from].rows[row]);
                let _ = writeln!(text, "  n{} -->|\"{label}\"| n{}", arrow.from, arrow.to);
            }
            None => _ = writeln!(text, "  n{} --> n{}", arrow.from, arrow.to),
        }
    }
    for (i, note) in graph.notes.iter().enumerate() {
        let _ = writeln!(text, "  note{i}[\"{}\"]", escape(note));
    }
    for kind in [BoxKind::Map, BoxKind::Bare, BoxKind::Valued, BoxKind::Tip, BoxKind::List, BoxKind::Wide] {
        if graph.boxes.iter().any(|drawn| drawn.kind == kind) {
            let _ = writeln!(
                text,
                "  classDef {} fill:{},stroke:#555555,color:#000000",
                class(kind),
                graph.colour(kind)
            );
        }
    }
    let bold: Vec<String> = graph
        .boxes
        .iter()
        .enumerate()
        .filter(|(_, drawn)| drawn.bold)
        .map(|(i, _)| format!("n{i}"))
        .collect();
    if !bold.is_empty() {
        let _ = writeln!(text, "  classDef bold stroke-width:3px\n  class {} bold", bold.join(","));
    }
    text
}

fn class(kind: BoxKind) -> &'static str {
    match kind {
        BoxKind::Map => "map",
        BoxKind::Bare => "bare",
        BoxKind::Valued => "valued",
        BoxKind::Tip => "tip",
        BoxKind::List => "list",
        BoxKind::Wide => "wide",
    }
}
