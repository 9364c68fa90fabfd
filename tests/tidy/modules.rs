//! The files of the library, and their uses of each other.
//!
//! File A uses file B if A names something that B declares: in a `use`, or by a path that begins
//! with `crate`, `super` or `self`. A name that a `mod.rs` only re-exports is followed to the file
//! that declares it, so the `mod.rs` itself is not a use. A method call on a value is not
//! detected, because it names no path.

use std::collections::{BTreeMap, BTreeSet};

/// A file of the library, represented by the path of its module: `["zipper", "stack"]`.
type Module = Vec<String>;

/// The properties of one file.
struct File {
    /// The path below `src`.
    name: String,
    /// The code, without comments, the contents of strings, and code for tests.
    code: String,
    /// The names that the file declares.
    declares: BTreeSet<String>,
    /// The re-exports: the name, or `*` for all, and the path.
    shows: Vec<(String, Vec<String>)>,
}

/// All files of the library, except its tests.
pub(crate) struct Modules {
    files: BTreeMap<Module, File>,
}

/// The uses: each file, with the files that it uses.
pub(crate) type Uses = BTreeMap<String, BTreeSet<String>>;

impl Modules {
    /// Parses files, given by their paths below `src` and their text.
    pub(crate) fn new(sources: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut files = BTreeMap::new();
        for (name, text) in sources {
            let stem = name.strip_suffix(".rs").expect("a source file");
            let mut module: Module = stem.split('/').map(String::from).collect();
            if module.last().is_some_and(|last| last == "mod" || last == "lib") {
                module.pop();
            }
            let code = strip(&text);
            let declares = declared(&code);
            let shows = paths_of_uses(&code, true);
            files.insert(module, File { name, code, declares, shows });
        }
        Self { files }
    }

    /// Returns the uses of all files.
    pub(crate) fn uses(&self) -> Uses {
        let mut uses = Uses::new();
        for (module, file) in &self.files {
            let shown: BTreeSet<_> = file.shows.iter().map(|(_, path)| path.clone()).collect();
            let named = paths_of_uses(&file.code, false).into_iter().map(|(_, path)| path);
            let used = uses.entry(file.name.clone()).or_default();
            for path in named.chain(inline_paths(&file.code)).filter(|path| !shown.contains(path)) {
                used.extend(self.declaring(module, &path, 0));
            }
            used.remove(&file.name);
        }
        uses
    }

    /// Returns the files that declare the item that a path names, resolved in a module.
    fn declaring(&self, from: &Module, path: &[String], depth: usize) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if depth > 8 {
            return found;
        }
        let mut at = from.clone();
        let mut rest = path;
        while let [first, after @ ..] = rest {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => {
                    at.pop();
                }
                name => {
                    at.push(name.into());
                    if !self.files.contains_key(&at) {
                        at.pop();
                        break;
                    }
                }
            }
            rest = after;
        }
        let Some(file) = self.files.get(&at) else { return found };
        match rest.first().map(String::as_str) {
            // A module: the items that are used of it are named by other paths.
            None => {}
            Some("*") => {
                if !file.declares.is_empty() {
                    found.insert(file.name.clone());
                }
                for (_, shown) in &file.shows {
                    found.extend(self.declaring(&at, shown, depth + 1));
                }
            }
            Some(name) if file.declares.contains(name) => {
                found.insert(file.name.clone());
            }
            Some(name) => {
                for (shown, path) in &file.shows {
                    if shown == name {
                        found.extend(self.declaring(&at, path, depth + 1));
                    } else if shown == "*" {
                        let mut path = path.clone();
                        *path.last_mut().expect("a path is not empty") = name.into();
                        found.extend(self.declaring(&at, &path, depth + 1));
                    }
                }
            }
        }
        found
    }
}

/// Returns the groups of files that use each other, directly or indirectly. A single file is not a
/// group.
pub(crate) fn circles(uses: &Uses) -> Vec<Vec<&str>> {
    let reachable: BTreeMap<&str, BTreeSet<&str>> = uses
        .keys()
        .map(|start| {
            let mut seen = BTreeSet::new();
            let mut todo: Vec<&str> = uses[start].iter().map(String::as_str).collect();
            while let Some(file) = todo.pop() {
                if seen.insert(file) {
                    todo.extend(uses[file].iter().map(String::as_str));
                }
            }
            (start.as_str(), seen)
        })
        .collect();
    let mut circles = Vec::new();
    let mut done = BTreeSet::new();
    for (&file, reached) in &reachable {
        if !reached.contains(file) || done.contains(file) {
            continue;
        }
        let circle: Vec<_> =
            reached.iter().copied().filter(|other| reachable[other].contains(file)).collect();
        done.extend(circle.iter().copied());
        circles.push(circle);
    }
    circles
}

/// Returns the code without comments, the contents of strings, and modules and items for tests.
fn strip(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        let mut quoted = false;
        let mut before = ' ';
        for c in line.chars() {
            if c == '"' && before != '\\' && before != '\'' {
                quoted = !quoted;
            }
            if !quoted {
                code.push(c);
            }
            before = c;
        }
        code.push('\n');
    }
    // A statement that is compiled for tests only.
    let mut kept = String::with_capacity(code.len());
    let mut rest = code.as_str();
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        let end = match (item.find(';'), item.find('{')) {
            (Some(semicolon), Some(brace)) if brace < semicolon => block_end(item, brace),
            (Some(semicolon), _) => semicolon + 1,
            (None, _) => item.len(),
        };
        rest = &item[end..];
    }
    kept + rest
}

/// Returns the end of the block that begins at `open`.
fn block_end(text: &str, open: usize) -> usize {
    let mut depth = 0;
    for (at, c) in text[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + at + 1;
        }
    }
    text.len()
}

/// Returns the names of items that a file declares outside of functions and implementations.
fn declared(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in code.lines().filter(|line| !line.starts_with([' ', '}', '#'])) {
        let words: Vec<_> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let kinds = ["struct", "enum", "trait", "fn", "type", "const", "static", "union", "macro_rules"];
        if let Some(at) = words.iter().position(|word| kinds.contains(word))
            && let Some(name) = words[at + 1..].iter().find(|word| !word.is_empty() && **word != "fn")
        {
            names.insert((*name).to_owned());
        }
    }
    names
}

/// Returns the paths of all `use` declarations: either of re-exports, or of private imports.
fn paths_of_uses(code: &str, shown: bool) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = find_word(rest, "use") {
        let line = rest[..at].rfind('\n').map_or(0, |end| end + 1);
        let shows = rest[line..at].trim_start().starts_with("pub");
        let tree = &rest[at + 3..];
        let end = tree.find(';').unwrap_or(tree.len());
        if shows == shown {
            let tree: String = tree[..end].split_whitespace().collect::<Vec<_>>().join(" ");
            expand(&tree, &[], &mut found);
        }
        rest = &tree[end..];
    }
    found
}

/// Returns the positions of a word that is not part of another.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '`';
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        let before = text[..at].chars().next_back().is_some_and(is_part);
        let after = text[at + word.len()..].chars().next().is_some_and(is_part);
        !before && !after
    })
}

/// Adds each path of the tree of a `use`, with the name that it introduces.
fn expand(tree: &str, above: &[String], found: &mut Vec<(String, Vec<String>)>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let mut whole = above.to_vec();
        whole.extend(path.split("::").map(|part| part.trim().to_owned()).filter(|part| part != "self"));
        let name = alias.map(str::to_owned).or_else(|| whole.last().cloned());
        return found.extend(name.filter(|name| !name.is_empty()).map(|name| (name, whole)));
    };
    let mut prefix = above.to_vec();
    prefix
        .extend(tree[..open].split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()));
    let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                expand(&inner[start..at], &prefix, found);
                start = at + 1;
            }
            _ => {}
        }
    }
    if !inner[start..].trim().is_empty() {
        expand(&inner[start..], &prefix, found);
    }
}

/// Returns the paths outside of `use` declarations that begin with `crate` or `super`.
fn inline_paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let path: String =
                code[at..].chars().take_while(|&c| c.is_alphanumeric() || c == '_' || c == ':').collect();
            found.push(path.split("::").map(str::to_owned).filter(|part| !part.is_empty()).collect());
        }
    }
    found
}

#[test]
fn uses_and_circles_are_found() {
    let sources = [
        ("lib.rs", "mod a; mod b;\npub use a::*;"),
        (
            "a/mod.rs",
            "mod one;\nmod two;\npub use one::One;\npub(crate) use self::two::{Two as Zwei, three};",
        ),
        ("a/one.rs", "use super::super::b::{self, B};\npub struct One;"),
        ("a/two.rs", "pub struct Two;\npub fn three() { crate::a::One; }\n// use crate::b::B;"),
        ("b.rs", "#[cfg(test)]\nuse crate::a::One;\nuse crate::a::{Zwei};\npub struct B;"),
    ];
    let modules = Modules::new(sources.map(|(name, text)| (name.into(), text.into())));
    let uses = modules.uses();
    let used = |name: &str| uses[name].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(used("a/one.rs"), ["b.rs"]);
    assert_eq!(used("a/two.rs"), ["a/one.rs"]);
    assert_eq!(used("b.rs"), ["a/two.rs"]);
    assert!(used("lib.rs").is_empty() && used("a/mod.rs").is_empty());
    assert_eq!(circles(&uses), [["a/one.rs", "a/two.rs", "b.rs"]]);
}
