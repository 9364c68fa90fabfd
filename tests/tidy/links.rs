//! Checks of the Markdown files: links lead to files and headings that exist, and lines of prose
//! are short.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The files that are read on a forge. Records and code blocks are not checked.
fn pages() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    for folder in ["", "docs", "examples"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).unwrap();
                pages.push((path, text));
            }
        }
    }
    assert!(pages.len() > 10);
    pages
}

/// Returns the lines outside of code blocks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// Parses the label and the target of `[label]: target`.
fn definition(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix('[')?.split_once("]: ")
}

/// Returns the targets of inline links, `[text](target)`.
fn inline(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// Returns the labels of `[text][label]`, and of code in brackets without a target.
fn labels(prose: &str) -> impl Iterator<Item = &str> {
    let named = prose.split("][").skip(1).filter_map(|rest| rest.split_once(']')).map(|(label, _)| label);
    let code = prose.split("[`").skip(1).filter_map(|rest| rest.split_once(']'));
    let alone = code.filter(|(_, rest)| !rest.starts_with(['(', '[', ':']));
    named.chain(alone.map(|(code, _)| code)).map(|label| label.trim_matches('`'))
}

/// Returns the anchors of the headings, as forges and rustdoc generate them.
fn anchors(text: &str) -> HashSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let words = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut checked = 0;
    for (path, text) in pages() {
        let targets = prose(&text).flat_map(|line| {
            let defined = definition(line).map(|(_, target)| target);
            inline(line).chain(defined)
        });
        for target in targets.filter(|target| !target.starts_with("http")) {
            let (file, anchor) = target.split_once('#').map_or((target, None), |(a, b)| (a, Some(b)));
            let leads = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(leads.exists(), "{}: {target}", path.display());
            if let Some(anchor) = anchor {
                let known = anchors(&fs::read_to_string(&leads).unwrap());
                assert!(known.contains(anchor), "{}: {target}", path.display());
            }
            checked += 1;
        }
    }
    assert!(checked > 40, "{checked}");
}

/// In `bytetrie::guide`, the links of a chapter are defined in `links.md`.
#[test]
fn chapters_define_their_links_for_both_readers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let links = fs::read_to_string(root.join("src/guide/links.md")).unwrap();
    let guide: HashSet<&str> = links.lines().filter_map(definition).map(|(label, _)| label).collect();
    let mut checked = 0;
    for (path, text) in pages().iter().filter(|(path, _)| path.starts_with(root.join("docs"))) {
        let own: HashSet<&str> = prose(text).filter_map(definition).map(|(label, _)| label).collect();
        let words = prose(text).filter(|line| definition(line).is_none()).collect::<Vec<_>>().join(" ");
        for label in &own {
            assert!(guide.contains(label), "{}: {label} is not in links.md", path.display());
            assert!(words.contains(&format!("[{label}]")), "{}: {label} is not used", path.display());
            checked += 1;
        }
        for label in labels(&words) {
            let defined = own.contains(label) || own.contains(format!("`{label}`").as_str());
            assert!(defined, "{}: {label} is not defined", path.display());
        }
        for target in inline(&words) {
            let leads = target.starts_with('#') || target.starts_with("https:");
            assert!(leads, "{}: {target} leads nowhere in rustdoc", path.display());
        }
    }
    assert!(checked > 20, "{checked}");
}

#[test]
fn lines_of_prose_end_before_column_100() {
    for (path, text) in pages() {
        for line in prose(&text).filter(|line| !line.starts_with('|') && definition(line).is_none()) {
            assert!(line.chars().count() < 100, "{}: {line}", path.display());
        }
    }
}
