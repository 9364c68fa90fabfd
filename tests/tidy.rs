//! The rules of the house that a compiler does not hold: the order of the layers, the map of unsafe code, the length of
//! files.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer may use itself and those before it.
const LAYERS: [&str; 11] =
    ["bytes", "node", "algebra", "trie", "zipper", "morph", "search", "random", "parallel", "viz", "utils"];

/// The only modules of the library whose bodies may hold unsafe code.
const UNSAFE: [&str; 2] = ["src/node/", "src/zipper/stack/"];

/// What the library allows a file to grow to. Past it, it holds two ideas.
const LONGEST: usize = 650;

fn sources(below: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut todo = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(below)];
    while let Some(path) = todo.pop() {
        if path.is_dir() {
            todo.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_owned(), text));
        }
    }
    assert!(!found.is_empty());
    found
}

/// The lines that are not comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"))
}

#[test]
fn a_layer_uses_only_what_stands_before_it() {
    for (own, layer) in LAYERS.iter().enumerate() {
        for (path, text) in sources(&format!("src/{layer}")) {
            // A layer's tests may make their tries by what stands above it.
            if path.to_str().unwrap().ends_with("tests.rs") {
                continue;
            }
            for line in code(&text) {
                for later in &LAYERS[own + 1..] {
                    assert!(!line.contains(&format!("crate::{later}")), "{}: {line}", path.display());
                }
            }
        }
    }
}

#[test]
fn unsafe_code_is_where_the_map_says() {
    for (path, text) in sources("src") {
        let name = path.to_str().unwrap().replace('\\', "/");
        if UNSAFE.iter().any(|allowed| name.starts_with(allowed)) {
            continue;
        }
        for line in code(&text) {
            // An unsafe signature may stand elsewhere; a body that does anything unsafe may hand its promise on only.
            let hands_on = line.contains("unsafe { self.walk.path_buffer(len) }")
                || line.contains("unsafe { $place.origin_path_assert_len(len) }")
                || line.contains("unsafe { self.zipper.origin_path_assert_len(len) }");
            assert!(!line.contains("unsafe {") || hands_on, "{name}: {line}");
            assert!(!line.starts_with("unsafe impl"), "{name}: {line}");
        }
    }
}

#[test]
fn files_are_short() {
    for (path, text) in sources("src") {
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}

/// All crates that a user of the library builds, with the default features. Each costs all users time, and trust.
#[test]
fn users_build_few_crates() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{lib}"])
        .args(["--package", "bytetrie"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let crates: std::collections::BTreeSet<&str> =
        text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let known = ["arc_swap", "bytetrie", "bytetrie_derive", "rustversion", "xxhash_rust"];
    assert_eq!(crates, known.into());
}
