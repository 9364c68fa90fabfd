//! Text for Graphviz.

use std::fmt::Write;

use super::graph::Graph;

/// Escapes text for an HTML-like label.
fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, character| {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Brackets, and other characters that the parser may interpret there.
            '[' | ']' | '{' | '}' | '\'' => _ = write!(escaped, "&#{};", character as u32),
            _ => escaped.push(character),
        }
        escaped
    })
}

/// Writes a graph in the DOT language.
pub(super) fn write(graph: &Graph) -> String {
    let mut text = String::from(
        "digraph bytetrie {\n  rankdir=LR\n  node [shape=plain fontname=\"monospace\" fontsize=11]\n  \
         edge [arrowsize=0.6 color=\"#555555\"]\n",
    );
    for (i, drawn) in graph.boxes.iter().enumerate() {
        let border = if drawn.bold { 2 } else { 1 };
        let _ = write!(
            text,
            "  n{i} [label=<<table border=\"{border}\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\" \
             bgcolor=\"{}\"><tr><td port=\"head\" align=\"left\"><b>{}</b></td></tr>",
            graph.colour(drawn.kind),
            escape(&drawn.head)
        );
        for (row, line) in drawn.rows.iter().enumerate() {
            let _ = write!(text, "<tr><td port=\"r{row}\" align=\"left\">{}</td></tr>", escape(line));
        }
        text.push_str("</table>>]\n");
    }
    for arrow in &graph.arrows {
        let port = arrow.row.map_or(String::new(), |row| format!(":r{row}:e"));
        let _ = writeln!(text, "  n{}{port} -> n{}:head:w", arrow.from, arrow.to);
    }
    if !graph.notes.is_empty() {
        let notes: Vec<String> = graph.notes.iter().map(|note| escape(note)).collect();
        let _ = writeln!(text, "  label=<{}>", notes.join("<br/>"));
    }
    text.push_str("}\n");
    text
}
