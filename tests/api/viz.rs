//! Pictures and statistics. Pictures are well-formed for any bytes, bounded, and free of overlaps.

use bytetrie::PathMap;
use bytetrie::testing::keys;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::viz::{DrawConfig, Drawing, VizMode, viz_maps};
use bytetrie::zipper::*;
use proptest::prelude::*;
use roxmltree::Document;

use crate::stack::on_stack;
use crate::tries::{config, recipes};

/// A box of an SVG and its lines of text.
#[derive(Debug)]
struct Seen {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    lines: Vec<String>,
}

/// The width of a character. No common monospaced font is wider at this size.
const CHARACTER: f64 = 7.23;

fn attribute(node: roxmltree::Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name)
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("{name} of {node:?}"))
}

/// Parses an SVG, and checks it: every text is within its box, no boxes overlap, and all are
/// within the picture.
#[track_caller]
fn look(svg: &str) -> Vec<Seen> {
    let document = Document::parse(svg).unwrap();
    let root = document.root_element();
    assert!(root.has_tag_name(("http://www.w3.org/2000/svg", "svg")));
    let (width, height) = (attribute(root, "width"), attribute(root, "height"));
    let mut boxes: Vec<Seen> = Vec::new();
    for node in root.children().filter(|node| node.is_element()) {
        match node.tag_name().name() {
            "rect" if node.attribute("x").is_some() => {
                let (left, top) = (attribute(node, "x"), attribute(node, "y"));
                let (right, bottom) = (left + attribute(node, "width"), top + attribute(node, "height"));
                boxes.push(Seen { left, top, right, bottom, lines: Vec::new() });
            }
            "text" => {
                let text = node.text().unwrap_or_default();
                let (x, y) = (attribute(node, "x"), attribute(node, "y"));
                let right = x + text.chars().count() as f64 * CHARACTER;
                assert!(right <= width, "{text:?} goes beyond the picture");
                if node.attribute("font-style").is_some() {
                    assert!(boxes.iter().all(|other| other.bottom < y - 10.0), "a note over a box");
                    continue;
                }
                let within = boxes.last_mut().unwrap();
                assert!(x > within.left && right < within.right, "{text:?} goes beyond {within:?}");
                assert!(y - 10.0 > within.top && y + 3.0 < within.bottom, "{text:?} goes beyond {within:?}");
                let above = within.top + 16.0 * within.lines.len() as f64;
                assert!(y - 10.0 > above, "lines over each other in {within:?}");
                within.lines.push(text.to_string());
            }
            _ => {}
        }
    }
    for (i, one) in boxes.iter().enumerate() {
        assert!(one.left > 0.0 && one.top > 0.0 && one.right < width && one.bottom < height, "{one:?}");
        for other in &boxes[..i] {
            let beside = one.left >= other.right + 8.0 || other.left >= one.right + 8.0;
            let below = one.top >= other.bottom + 8.0 || other.top >= one.bottom + 8.0;
            assert!(beside || below, "{one:?} meets {other:?}");
        }
    }
    boxes
}

/// Parses the output for Graphviz, whose labels are XML. Returns the lines of each box.
#[track_caller]
fn look_at_graphviz(text: &str) -> Vec<Vec<String>> {
    assert!(text.starts_with("digraph bytetrie {\n") && text.ends_with("}\n"));
    let mut boxes = Vec::new();
    for line in text.lines() {
        if let Some((_, label)) = line.split_once("[label=<") {
            let document = Document::parse(label.strip_suffix(">]").unwrap()).unwrap();
            let cells = document.descendants().filter(|node| node.has_tag_name("td"));
            let line = |cell: roxmltree::Node<'_, '_>| {
                cell.descendants().find_map(|node| node.text()).unwrap_or_default().to_string()
            };
            boxes.push(cells.map(line).collect());
        }
    }
    boxes
}

/// Parses the output for Mermaid: each box is one line, whose quoted text contains no quotes.
/// Returns the lines of each box.
#[track_caller]
fn look_at_mermaid(text: &str) -> Vec<Vec<String>> {
    assert!(text.starts_with("flowchart LR\n"));
    let plain = |line: &str| {
        let mut text = String::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('#') {
            let (code, after) = after.split_once(';').unwrap();
            text.push_str(before);
            text.push(char::from_u32(code.parse().unwrap()).unwrap());
            rest = after;
        }
        text + rest
    };
    let label = |line: &str| {
        let (id, rest) = line.trim_start().split_once("[\"")?;
        assert!(id.strip_prefix('n').unwrap().parse::<usize>().is_ok(), "{line}");
        let (label, class) = rest.split_once("\"]:::").unwrap();
        assert!(!label.contains('"') && class.chars().all(char::is_alphabetic), "{line}");
        Some(label.split("<br/>").map(plain).collect())
    };
    text.lines().filter(|line| !line.trim_start().starts_with("note")).filter_map(label).collect()
}

/// All three formats show equal content, and are well-formed.
#[track_caller]
fn all_agree<V>(drawing: &Drawing<'_, V>) -> Vec<Vec<String>> {
    let lines: Vec<Vec<String>> = look(&drawing.svg()).into_iter().map(|seen| seen.lines).collect();
    assert_eq!(look_at_graphviz(&drawing.graphviz()), lines);
    assert_eq!(look_at_mermaid(&drawing.mermaid()), lines);
    lines
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn pictures_of_anything(recipe in recipes(), limit in 0..60usize) {
        let (map, other) = (recipe.build(), recipe.build());
        for limit in [limit, usize::MAX] {
            let logical = all_agree(&map.draw().values().limit(limit));
            prop_assert!(logical.len() <= limit.max(1));
            let physical = all_agree(&map.draw().and("other", &other).values().physical().limit(limit));
            prop_assert!(physical.len() <= limit.max(2));
            all_agree(&map.draw().limit(limit));
        }
    }

    #[test]
    fn statistics_of_anything(recipe in recipes()) {
        let map = recipe.build();
        let stats = map.stats();
        prop_assert_eq!(stats.values, map.val_count());
        prop_assert_eq!(stats.list.bytes + stats.wide.bytes + stats.boxed_bytes, map.heap_size());
        let mut longest = 0;
        let mut zipper = map.read_zipper();
        while zipper.to_next_step() {
            longest = longest.max(zipper.path().len());
        }
        prop_assert_eq!(stats.longest_path, longest);
        for kind in [&stats.list, &stats.wide] {
            prop_assert_eq!(kind.fill.iter().sum::<usize>(), kind.nodes);
            prop_assert!(kind.used_bytes <= kind.bytes && kind.shared <= kind.nodes);
            let own = kind.children + kind.values + kind.tips - kind.entries;
            prop_assert!(own <= kind.nodes);
        }
        prop_assert!(stats.mean_depth <= stats.deepest as f64 && stats.deepest <= longest + 1);
        prop_assert_eq!(stats.to_string().lines().count(), 17);
    }
}

fn small() -> PathMap<u32> {
    let mut map =
        PathMap::from([("romane", 1), ("romanus", 2), ("romulus", 3), ("ruber", 4), ("rubicon", 5)]);
    map.insert("rom", 6);
    map.create_path("rub/tip");
    map
}

#[test]
fn a_small_picture_of_paths() {
    let map = small();
    let drawing = map.draw().named("small").values();
    let boxes = all_agree(&drawing);
    let expected: [&[&str]; 11] = [
        &["small"],
        &["\"r\""],
        &["\"om\"", "= 6"],
        &["\"ub\""],
        &["\"an\""],
        &["\"ulus\"", "= 3"],
        &["\"/tip\""],
        &["\"er\"", "= 4"],
        &["\"icon\"", "= 5"],
        &["\"e\"", "= 1"],
        &["\"us\"", "= 2"],
    ];
    assert_eq!(boxes, expected);
    assert_eq!(
        map.draw().limit(4).mermaid(),
        r##"flowchart LR
  n0["map"]:::map
  n1["#34;r#34;"]:::bare
  n2["#34;om#34;<br/>… 2 branches not drawn"]:::valued
  n3["#34;ub#34;<br/>… 3 branches not drawn"]:::bare
  n0 --> n1
  n1 --> n2
  n1 --> n3
  note0["The first 4 boxes of maps with 6 values. Omitted parts are marked by …"]
  classDef map fill:#dddddd,stroke:#555555,color:#000000
  classDef bare fill:#ffffff,stroke:#555555,color:#000000
  classDef valued fill:#d5f0d5,stroke:#555555,color:#000000
"##
    );
}

#[test]
fn a_small_picture_of_nodes() {
    let (map, shared) = with_limits(Limits::TINY, || {
        let map = PathMap::from([("a", 1u8), ("b", 2)]);
        let mut shared = PathMap::new();
        for path in ["left", "right"] {
            shared.write_zipper_at_path(path.as_bytes()).graft_map(map.clone());
        }
        (map, shared)
    });
    let boxes = all_agree(&map.draw().and("shared", &shared).physical().values());
    let node = |lines: &[String]| lines[0].starts_with("list");
    assert_eq!(boxes.iter().filter(|lines| node(lines)).count(), 2, "{boxes:?}");
    assert!(boxes.iter().any(|lines| lines.contains(&"3 owners".to_string())), "{boxes:?}");
    assert_eq!(
        map.draw().physical().graphviz(),
        "digraph bytetrie {\n  rankdir=LR\n  node [shape=plain fontname=\"monospace\" fontsize=11]\n  edge \
         [arrowsize=0.6 color=\"#555555\"]\n  n0 [label=<<table border=\"1\" cellborder=\"0\" cellspacing=\"0\" \
         cellpadding=\"3\" bgcolor=\"#dddddd\"><tr><td port=\"head\" align=\"left\"><b>map</b></td></tr></table>>]\n  \
         n1 [label=<<table border=\"2\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"3\" bgcolor=\"#d9e8fb\"><tr><td \
         port=\"head\" align=\"left\"><b>list, 2 entries</b></td></tr><tr><td port=\"r0\" align=\"left\">40 of 48 \
         bytes</td></tr><tr><td port=\"r1\" align=\"left\">3 owners</td></tr><tr><td port=\"r2\" \
         align=\"left\">&quot;a&quot; = a value</td></tr><tr><td port=\"r3\" align=\"left\">&quot;b&quot; = a \
         value</td></tr></table>>]\n  n0 -> n1:head:w\n}\n"
    );
}

/// Parses a tree of text: for each line the depth, the label of the edge, and the rest.
fn look_at_tree(text: &str) -> Vec<(usize, &str)> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    for line in text.lines() {
        let mut depth = 0;
        let mut rest = line;
        while let Some(after) = rest.strip_prefix("|  ").or_else(|| rest.strip_prefix("   ")) {
            (rest, depth) = (after, depth + 1);
        }
        match rest.strip_prefix("+- ").or_else(|| rest.strip_prefix("`- ")) {
            Some(after) => (rest, depth) = (after, depth + 1),
            None => assert_eq!(depth, 0, "{line}"),
        }
        assert!(depth <= lines.last().map_or(0, |(above, _)| above + 1), "{text}");
        lines.push((depth, rest));
    }
    lines
}

proptest! {
    #![proptest_config(config(40))]

    /// Each box is one line, in depth-first order. The boxes of nodes also have lines for their
    /// entries.
    #[test]
    fn trees_of_anything(recipe in recipes()) {
        let map = recipe.build();
        for drawing in [map.draw().values().limit(usize::MAX), map.draw().values().numbers()] {
            let tree = drawing.ascii();
            let lines = look_at_tree(&tree);
            let mut boxes: Vec<String> =
                all_agree(&drawing).into_iter().map(|lines| lines.join(" ")).collect();
            boxes.sort();
            let mut written: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
            written.retain(|line| !line.starts_with("The first"));
            written.sort();
            prop_assert_eq!(written, boxes);
        }
        // Each node and each of its entries is printed once.
        let drawing = map.draw().physical().limit(usize::MAX);
        let tree = drawing.ascii();
        let lines = look_at_tree(&tree);
        let boxes = all_agree(&drawing);
        let heads = |line: &str| line.contains(" bytes") as usize;
        prop_assert_eq!(
            lines.iter().map(|(_, line)| heads(line)).sum::<usize>(),
            boxes.iter().flatten().map(|line| heads(line)).sum::<usize>()
        );
    }
}

fn drawn(maps: &[PathMap<u32>], config: &DrawConfig) -> String {
    let mut text = Vec::new();
    viz_maps(maps, config, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn maps_by_the_older_name() {
    let maps = [small(), PathMap::new()];
    let plain = DrawConfig { mode: VizMode::Ascii, ascii_path: true, ..DrawConfig::default() };
    let tree = drawn(&maps, &plain);
    let expected = r#"
map 0
`- "r"
   +- "om" = 6
   |  +- "an"
   |  |  +- "e" = 1
   |  |  `- "us" = 2
   |  `- "ulus" = 3
   `- "ub"
      +- "/tip"
      +- "er" = 4
      `- "icon" = 5
map 1
"#;
    assert_eq!(tree, expected.trim_start());
    let few =
        DrawConfig { hide_value_paths: true, minimize_values: true, ascii_path: false, ..plain.clone() };
    let expected = "map 0\n`- [114]\n   +- [111, 109]\n   |  `- [97, 110]\n   `- [117, 98]\n      `- [47, 116, 105, 112]\nmap 1\n";
    assert_eq!(drawn(&maps, &few), expected);
    // Mermaid is the default format. It has equal boxes, with numbers, and with or without colors.
    let mermaid = drawn(&maps, &DrawConfig::default());
    let boxes = look_at_mermaid(&mermaid);
    assert_eq!(boxes.len(), 12);
    assert!(boxes.contains(&vec!["[111, 109]".to_string(), "= 6".to_string()]), "{boxes:?}");
    assert!(mermaid.contains("#d5f0d5"));
    let plain = drawn(&maps, &DrawConfig { color: false, ..DrawConfig::default() });
    assert!(!plain.contains("#d5f0d5") && look_at_mermaid(&plain) == boxes);
}

#[test]
fn nodes_by_the_older_name() {
    let maps = with_limits(Limits::TINY, || {
        let map = PathMap::from([("a", 1), ("b", 2)]);
        let mut shared = PathMap::new();
        for path in ["left", "right"] {
            shared.write_zipper_at_path(path.as_bytes()).graft_map(map.clone());
        }
        [map, shared]
    });
    let nodes =
        DrawConfig { mode: VizMode::Ascii, ascii_path: true, logical: false, ..DrawConfig::default() };
    let expected = r#"
map 0
`- #1 list, 2 entries
   +- 40 of 48 bytes
   +- 3 owners
   +- "a" = 1
   `- "b" = 2
map 1
`- list, 2 entries
   +- 48 of 48 bytes
   +- "left" -> #1, see above
   `- "right" -> #1, see above
"#;
    assert_eq!(drawn(&maps, &nodes), expected.trim_start());
    let few = drawn(&maps, &DrawConfig { hide_value_paths: true, ..nodes });
    assert!(!few.contains("\"a\"") && few.contains("\"left\""), "{few}");
}

/// An error of the writer, such as a full disk, is returned.
#[test]
fn a_writer_that_fails() {
    let result = viz_maps(&[small()], &DrawConfig::default(), &mut [0u8; 10][..]);
    assert_eq!(result.unwrap_err().kind(), std::io::ErrorKind::WriteZero);
}

/// No path or value breaks a picture, and each is escaped unambiguously.
#[test]
fn what_would_break_a_picture() {
    let odd: [&[u8]; 6] =
        [b"<b>&amp;\"'", b"\\[]{}`|#;", b"\n\r\t\0\x7f", "é日".as_bytes(), b"\xff\xc3", b"]]>--> %%"];
    let map: PathMap<&str> = odd
        .iter()
        .map(|path| (path, "</text>\u{1b}\u{fffe}\n\"#`{[日本 a value that goes on and on"))
        .collect();
    for drawing in [map.draw().values().named("<&\">"), map.draw().values().physical().named("\u{0}")] {
        let boxes = all_agree(&drawing);
        let lines: Vec<&String> = boxes.iter().flatten().collect();
        for spelt in [
            "<b>&amp;\\\"'",
            "\\\\[]{}`|#;",
            "\\x0a\\x0d\\x09\\x00\\x7f",
            "\\xc3\\xa9\\xe6",
            "\\xff\\xc3",
            "]]>--> %%",
        ] {
            assert!(lines.iter().any(|line| line.contains(spelt)), "{spelt} in {lines:?}");
        }
    }
}

#[test]
fn large_maps_make_bounded_pictures() {
    let map: PathMap<()> = keys::words(5_000, 3).into_iter().map(|word| (word, ())).collect();
    for drawing in [map.draw(), map.draw().physical()] {
        let boxes = all_agree(&drawing);
        assert!(boxes.len() <= Drawing::<()>::LIMIT && boxes.len() > 20);
        assert!(drawing.svg().contains("Omitted parts are marked by …"));
        assert!(drawing.svg().len() < 500_000);
    }
    // A path of a megabyte is abbreviated to a line of a few characters.
    on_stack(256, || {
        let long = PathMap::single(vec![b'e'; 1 << 20], ());
        assert!(long.draw().svg().contains("… 1,048,576 bytes"));
        assert!(long.draw().physical().svg().len() < 400_000);
        assert_eq!(long.stats().longest_path, 1 << 20);
    });
}

#[test]
fn pictures_of_nothing() {
    let empty = PathMap::<()>::new();
    assert_eq!(all_agree(&empty.draw()), [["map"]]);
    assert_eq!(all_agree(&empty.draw().physical()), [["map", "empty, no node"]]);
    assert_eq!(all_agree(&PathMap::single("", 7).draw().values()), [["map", "= 7"]]);
    assert_eq!(all_agree(&PathMap::single("", 7).draw()), [["map", "has a value"]]);
    assert_eq!(
        empty.stats().to_string().lines().last().unwrap(),
        "depth: 0 nodes at most, 0.0 on the path to a value; the longest path has 0 bytes"
    );
}

#[test]
fn statistics_of_a_known_map() {
    let mut map: PathMap<u64> = (0..1_000u64).map(|i| (i.to_be_bytes(), i)).collect();
    map.insert("", 1);
    map.create_path("tip");
    let stats = map.stats();
    assert_eq!((stats.values, stats.longest_path), (1_001, 8));
    assert_eq!(stats.list.tips + stats.wide.tips, 1);
    assert_eq!(stats.list.shared + stats.wide.shared, 0);
    assert!(stats.wide.nodes >= 3 && stats.deepest >= 2);
    let copy = map.clone();
    assert_eq!(copy.stats().list.shared + copy.stats().wide.shared, 1, "the root has two owners");
    // Larger values are stored in boxes.
    let large = PathMap::single("a", [0u8; 100]);
    let boxed = 100 + 2 * size_of::<usize>();
    assert_eq!(large.stats().boxed_bytes, boxed, "the value and the two counts of its box");
    assert!(large.stats().to_string().contains(&format!("bytes of boxed values: {boxed}")));
}

/// A map with many paths and few nodes, by sharing.
#[test]
fn statistics_beyond_number() {
    let mut map = PathMap::from([("a", 0u64), ("b", 1)]);
    for _ in 1..200 {
        let below = map.clone();
        for letter in [b"a", b"b"] {
            map.write_zipper_at_path(letter).graft_map(below.clone());
        }
    }
    let stats = map.stats();
    assert_eq!((stats.values, stats.longest_path), (usize::MAX, 200));
    assert!(stats.list.nodes <= 200 && stats.list.shared > 150);
    assert!(map.draw().physical().svg().contains("owners"));
    assert!(all_agree(&map.draw()).len() <= 200);
}
