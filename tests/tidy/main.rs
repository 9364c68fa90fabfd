//! The rules of this repository that a compiler does not check: the order of the layers, the
//! modules with unsafe code, the length of files, functions and comments, and `#[must_use]`.
//!
//! These tests are a program of their own, because they read the sources and use neither the
//! library nor any of its features.

mod links;
mod modules;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use modules::{Modules, circles};

/// The only modules and files of the library that may contain unsafe code.
const UNSAFE: [&str; 3] = ["src/node/", "src/zipper/stack/", "src/file/packed/map.rs"];

/// The maximum number of lines of a file. A longer file holds more than one idea.
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

/// Returns the lines that are not comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"))
}

/// Returns the layers in the order of docs/design.md, which is their only list. A layer may use
/// itself and those above it.
fn layers() -> Vec<String> {
    let design = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/design.md")).unwrap();
    let section = design.split("\n## Layers\n").nth(1).expect("a section on layers");
    let table = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.flat_map(|row| {
        let cell = row.split('|').nth(1).unwrap();
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(|name| name.trim_end_matches('/').to_owned())
            .collect::<Vec<_>>()
    })
    .collect()
}

/// Returns the files of the library, without its tests, and their uses of each other.
fn uses() -> modules::Uses {
    let files = sources("src")
        .into_iter()
        .map(|(path, text)| (path.strip_prefix("src").unwrap().to_str().unwrap().replace('\\', "/"), text));
    Modules::new(files.filter(|(name, _)| !name.ends_with("tests.rs") && !name.starts_with("testing/")))
        .uses()
}

#[test]
fn a_layer_uses_only_what_stands_above_it() {
    let layers = layers();
    // If a layer lies within the folder of another, its name is the longer one.
    let layer_of = |file: &str| {
        let fits = |layer: &&String| file.starts_with(&format!("{layer}/")) || file == **layer;
        let longest = layers.iter().filter(fits).max_by_key(|layer| layer.len());
        layers.iter().position(|layer| Some(layer) == longest)
    };
    let mut seen = HashSet::new();
    for (file, used) in &uses() {
        if file == "lib.rs" {
            continue;
        }
        let own = layer_of(file).unwrap_or_else(|| panic!("src/{file} is in no layer of docs/design.md"));
        seen.insert(own);
        for other in used {
            assert!(layer_of(other).is_some_and(|layer| layer <= own), "src/{file} uses src/{other}");
        }
    }
    assert_eq!(seen.len(), layers.len() - usize::from(layers.iter().any(|layer| layer == "testing")));
}

#[test]
fn no_file_uses_one_that_uses_it() {
    let uses = uses();
    let circles = circles(&uses);
    assert!(circles.is_empty(), "{} circles: {circles:#?}", circles.len());
}

#[test]
fn unsafe_code_is_where_the_map_says() {
    for (path, text) in sources("src") {
        let name = path.to_str().unwrap().replace('\\', "/");
        if UNSAFE.iter().any(|allowed| name.starts_with(allowed)) {
            continue;
        }
        for line in code(&text) {
            // An unsafe signature is allowed elsewhere, but its body may only forward the call.
            let hands_on = line.contains("unsafe { self.path_buffer(len) }")
                || line.contains("unsafe { $crate::__forward! { @call [fn $name]");
            assert!(!line.contains("unsafe {") || hands_on, "{name}: {line}");
            assert!(!line.starts_with("unsafe impl"), "{name}: {line}");
        }
    }
}

/// The names of a node's layout. They are reserved for the storage core, and for the stack of a
/// zipper, which addresses entries by index. All other code uses places.
const LAYOUT: [&str; 12] = [
    "NodeRef",
    "Spot",
    "is_wide",
    "plain_value",
    "build_plain",
    ".known(",
    ".view()",
    "entry_child",
    "entry_value",
    "entries(0, 256)",
    "next_head",
    "prefetch_branch",
];

/// The folders that may use names of the layout: the storage core, and the stack of a zipper.
const BY_NUMBERS: [&str; 2] = ["src/node/", "src/zipper/stack/"];

#[test]
fn places_are_all_that_is_seen_of_nodes() {
    for (path, text) in sources("src") {
        let name = path.to_str().unwrap().replace('\\', "/");
        if BY_NUMBERS.iter().any(|allowed| name.starts_with(allowed)) {
            continue;
        }
        for line in code(&text) {
            for word in LAYOUT {
                let is_word = |(at, _): (usize, &str)| {
                    let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
                    !word.starts_with(char::is_alphabetic)
                        || ends(line[..at].chars().next_back())
                            && (!word.ends_with(char::is_alphabetic)
                                || ends(line[at + word.len()..].chars().next()))
                };
                assert!(!line.match_indices(word).any(is_word), "{name} has `{word}`: {line}");
            }
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

/// Returns the name and the number of lines of each function, found by rustfmt's indentation.
fn functions(text: &str) -> Vec<(&str, usize)> {
    let lines: Vec<_> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        let words: Vec<_> = code.split([' ', '(', '<']).take(6).collect();
        let Some(name) = words.iter().position(|word| *word == "fn").and_then(|at| words.get(at + 1)) else {
            continue;
        };
        if code.starts_with("//") {
            continue;
        }
        let mut is_open = false;
        let end = lines[at..].iter().position(|line| {
            let ends = match is_open {
                true => line.strip_prefix(indent).is_some_and(|rest| rest.starts_with('}')),
                false => line.ends_with([';', '}']),
            };
            is_open |= line.ends_with('{');
            ends
        });
        found.extend(end.map(|lines| (*name, lines + 1)));
    }
    found
}

/// The maximum number of lines of a function, which fits on a screen.
const LONGEST_FUNCTION: usize = 60;

#[test]
fn functions_are_short() {
    let mut longer = Vec::new();
    let mut seen = 0;
    for (path, text) in sources("src") {
        for (name, lines) in functions(&text) {
            seen += 1;
            if lines > LONGEST_FUNCTION {
                longer.push(format!("{}: {name} has {lines} lines", path.display()));
            }
        }
    }
    assert!(longer.is_empty(), "{longer:#?}");
    assert!(seen > 2000, "only {seen} functions were seen");
}

/// The column before which the lines of comments end, in characters.
const WIDEST: usize = 100;

#[test]
fn comments_are_narrow() {
    let mut wider = Vec::new();
    for (path, text) in ["src", "tests", "derive", "examples", "benches"].into_iter().flat_map(sources) {
        let mut in_code = false;
        for (at, line) in text.lines().enumerate() {
            let Some(comment) = line.trim_start().strip_prefix("//") else { continue };
            let comment = comment.trim_start_matches(['/', '!']).trim_start();
            in_code ^= comment.starts_with("```");
            // rustfmt wraps the code of examples. Rows of tables and addresses cannot be wrapped.
            let is_whole = in_code || comment.starts_with('|') || comment.contains("http");
            if line.chars().count() > WIDEST && !is_whole {
                wider.push(format!("{}:{}", path.display(), at + 1));
            }
        }
    }
    assert!(wider.is_empty(), "{} lines: {wider:#?}", wider.len());
}

/// All crates that a user of the library builds with the default features. Each crate costs every
/// user time and trust.
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
    let known = ["arc_swap", "bytemuck", "bytetrie", "bytetrie_derive", "rustversion", "xxhash_rust"];
    assert_eq!(crates, known.into());
}

/// Returns true iff the attributes and docs directly above line `at` contain `#[must_use]`.
fn is_marked(lines: &[&str], at: usize) -> bool {
    let above = lines[..at].iter().rev().map(|line| line.trim_start());
    above
        .take_while(|line| line.starts_with("#[") || line.starts_with("//"))
        .any(|line| line.starts_with("#[must_use"))
}

/// Returns the first word of a type: `Option` for `Option<&V>`.
fn head_of(of: &str) -> &str {
    of.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// Returns the types that are `#[must_use]` themselves.
fn must_use_types(sources: &[(PathBuf, String)]) -> HashSet<String> {
    // Types that macros declare, by the names that are passed to the macros.
    let declared = ["Result", "Iter", "Keys", "Values", "ParIter", "ParKeys", "ParValues"];
    let mut types: HashSet<String> = declared.map(String::from).into();
    for (_, text) in sources {
        let lines: Vec<_> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            if let Some(rest) = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "))
                && is_marked(&lines, at)
            {
                types.insert(head_of(rest).to_owned());
            }
        }
    }
    types
}

/// A public function that borrows and returns something has no other effect, unless it takes a
/// closure or something to write to. Dropping its result is then a mistake.
#[test]
fn what_only_tells_must_be_used() {
    let sources = sources("src");
    let types = must_use_types(&sources);
    let mut checked = 0;
    for (path, text) in &sources {
        if path.starts_with("src/testing") || path.to_str().unwrap().ends_with("tests.rs") {
            continue;
        }
        let lines: Vec<_> = text.lines().collect();
        let mut in_trait = false;
        for (at, line) in lines.iter().enumerate() {
            in_trait = line.starts_with("pub trait ") || in_trait && *line != "}";
            let line = line.trim_start();
            let public = line.strip_prefix("pub ").or(in_trait.then_some(line)).unwrap_or_default();
            if !public.trim_start_matches("const ").starts_with("fn ") {
                continue;
            }
            let mut signature = String::new();
            for part in &lines[at..] {
                signature.push_str(part.trim());
                signature.push(' ');
                if part.ends_with(['{', ';', '}']) {
                    break;
                }
            }
            let Some((arguments, returned)) = signature.rsplit_once(") -> ") else { continue };
            let writes = ["&mut", "&'z mut", "Fn(", "FnMut(", "FnOnce(", "Visitor"];
            if !arguments.contains("&self") || writes.iter().any(|word| signature.contains(word)) {
                continue;
            }
            checked += 1;
            let is_used = types.contains(head_of(returned)) || is_marked(&lines, at);
            assert!(is_used, "{}:{} has no #[must_use]: {line}", path.display(), at + 1);
        }
    }
    assert!(checked > 150, "only {checked} functions were seen");
}

/// If a type does not implement a trait of the library, the compiler error says what to do.
#[test]
fn the_compiler_says_what_to_do_where_a_trait_is_missing() {
    let mut checked = 0;
    for (path, text) in ["src/algebra", "src/file", "src/zipper", "src/virtual_zippers", "src/search"]
        .into_iter()
        .flat_map(sources)
    {
        let lines: Vec<_> = text.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with("pub trait ")) {
            checked += 1;
            let attributes: Vec<_> =
                lines[..at].iter().rev().take_while(|line| !line.starts_with("///")).collect();
            let told = attributes.iter().any(|line| line.starts_with("#[diagnostic::on_unimplemented("));
            let helps = attributes.iter().any(|line| line.trim_start().starts_with("note = "));
            assert!(told && helps, "{}:{}: {line}", path.display(), at + 1);
        }
    }
    assert!(checked > 20, "only {checked} traits were seen");
}

/// Returns the methods of each block that a line opens (a trait, or a row of the table), by the
/// block's name.
fn methods(text: &str, opens: impl Fn(&str) -> Option<&str>, closes: &str) -> Vec<(String, HashSet<String>)> {
    let mut found: Vec<(String, HashSet<String>)> = Vec::new();
    let (mut is_open, mut is_hidden) = (false, false);
    for line in text.lines() {
        if let Some(name) = opens(line) {
            (is_open, is_hidden) = (true, false);
            found.push((head_of(name).to_owned(), HashSet::new()));
        }
        is_open &= line != closes;
        let line = line.trim_start();
        let method = line.strip_prefix("fn ").or(line.strip_prefix("unsafe fn "));
        if let (true, Some(method)) = (is_open, method) {
            if !is_hidden {
                found.last_mut().unwrap().1.insert(head_of(method).to_owned());
            }
            is_hidden = false;
        }
        is_hidden |= line == "#[doc(hidden)]";
    }
    found
}

/// A provided method without a line in the table would use its slow default in all zippers that
/// forward.
#[test]
fn the_method_table_has_each_method() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/zipper/methods.rs");
    let table = fs::read_to_string(table).unwrap();
    let rows =
        methods(&table, |line| line.strip_prefix("    (").filter(|row| row.starts_with("Zipper")), "    };");
    let traits: Vec<_> = sources("src")
        .iter()
        .flat_map(|(_, text)| methods(text, |line| line.strip_prefix("pub trait "), "}"))
        .collect();
    assert!(rows.len() > 15, "only {} rows were seen", rows.len());
    for (name, row) in rows {
        let (_, declared) = traits.iter().find(|(own, _)| *own == name).unwrap();
        // Hidden methods are forwarded where they are used.
        assert!(declared.is_subset(&row), "{name} lacks lines for {:?}", declared.difference(&row));
    }
}
