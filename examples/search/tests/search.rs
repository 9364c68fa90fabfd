//! The example `search`: unit tests of its queries and its index, and tests that run it as a
//! process.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;

use bytetrie_examples::process::{Example, Scratch, has};
use bytetrie_search::index::Index;
use bytetrie_search::query::{Operator, Query, Step};
use proptest::prelude::*;

/// Formats the steps of a query.
fn steps(query: &str) -> String {
    let Query(steps) = Query::parse(query).unwrap_or_else(|misread| panic!("{query}: {misread}"));
    let words = steps.iter().map(|step| match step {
        Step::Word(pattern) => pattern.clone(),
        Step::In(path) => format!("in:{path}"),
        Step::Combine(Operator::And) => "&".to_string(),
        Step::Combine(Operator::Or) => "|".to_string(),
        Step::Combine(Operator::Without) => "-".to_string(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the documents that a query finds, with their counts.
fn found(index: &Index, query: &str) -> Vec<(String, u64)> {
    let answer = Query::parse(query).unwrap_or_else(|misread| panic!("{query}: {misread}")).answer(index);
    answer.iter().map(|(path, count)| (String::from_utf8(path).unwrap(), count.0)).collect()
}

#[test]
fn operators_bind_as_documented() {
    assert_eq!(steps("a"), "a");
    assert_eq!(steps("a & b | c"), "a b & c |");
    assert_eq!(steps("a | b & c"), "a b c & |");
    assert_eq!(steps("a | b - c"), "a b c - |");
    assert_eq!(steps("a - b - c"), "a b - c -");
    assert_eq!(steps("a - b & c"), "a b - c &");
    assert_eq!(steps("a & b - c"), "a b & c -");
    assert_eq!(steps("a | b | c"), "a b | c |");
    assert_eq!(steps("a - (b - c)"), "a b c - -");
    assert_eq!(steps("trie & (join | meet) - hash"), "trie join meet | & hash -");
    assert_eq!(steps("((a)) & ((b | (c)))"), "a b c | &");
}

#[test]
fn operands_are_read_as_documented() {
    assert_eq!(steps("Gra*&_x?9|ÄÖ"), "gra* _x?9 & äö |");
    assert_eq!(steps("  in:Docs/a-b & x "), "in:Docs/a-b x &");
    assert_eq!(steps("(in:a)|in:b|c-d"), "in:a in:b | c d - |");
    assert_eq!(steps("* - ?"), "* ? -");
    assert_eq!(steps("in - inn"), "in inn -");
}

#[test]
fn errors_say_where() {
    for (query, column, problem) in [
        ("", 1, "the query ends"),
        ("   ", 4, "the query ends"),
        ("a &", 4, "the query ends"),
        ("a & & b", 5, "a word is expected, not '&'"),
        ("& a", 1, "a word is expected, not '&'"),
        ("()", 2, "a word is expected, not ')'"),
        ("a b", 3, "is expected, not 'b'"),
        ("a (b)", 3, "is expected, not '('"),
        ("a*b", 3, "is expected, not 'b'"),
        ("äö ! b", 4, "is expected, not '!'"),
        ("a | (b & c", 5, "not closed"),
        ("a | b) & c", 6, "no parenthesis is open"),
        ("a & in: b", 8, "a path is expected"),
    ] {
        let misread = Query::parse(query).expect_err(query);
        assert_eq!(misread.column, column, "{query:?}: {misread}");
        assert!(misread.problem.contains(problem), "{query:?}: {misread}");
    }
}

#[test]
fn parentheses_may_be_deep() {
    let mut index = Index::default();
    index.add(b"doc", "word");
    let deep = format!("{}word{}", "word - (".repeat(100_001), ")".repeat(100_001));
    // Every other step removes the word again.
    assert_eq!(found(&index, &deep), []);
    assert_eq!(found(&index, &format!("word - ({deep})")), [("doc".to_string(), 1)]);
    assert_eq!(Query::parse(&"(".repeat(100_000)).unwrap_err().column, 100_001);
}

#[test]
fn words_patterns_and_directories() {
    let mut index = Index::default();
    index.add(b"docs/a", "Graft, grafts; GRAFT. gra");
    index.add(b"docs/b", "grafts on a gray_graft");
    index.add(b"src/c", "grab!");
    index.add(b"src/empty", "");
    assert_eq!((index.documents(), index.terms(), index.postings()), (4, 7, 8));
    assert!(index.heap_size() > 0);

    let is = |query: &str, expected: &[(&str, u64)]| {
        let expected: Vec<_> = expected.iter().map(|&(path, count)| (path.to_string(), count)).collect();
        assert_eq!(found(&index, query), expected, "{query}");
    };
    is("graft", &[("docs/a", 2)]);
    is("GRAFTS", &[("docs/a", 1), ("docs/b", 1)]);
    is("none", &[]);
    is("gra*", &[("docs/a", 4), ("docs/b", 2), ("src/c", 1)]);
    is("gra?", &[("src/c", 1)]);
    is("gra??", &[("docs/a", 2)]);
    is("??", &[("docs/b", 1)]);
    is("?ra?t", &[("docs/a", 2)]);
    is("gr?f*", &[("docs/a", 3), ("docs/b", 1)]);
    is("*", &[("docs/a", 4), ("docs/b", 4), ("src/c", 1)]);
    is("in:src/", &[("src/c", 1), ("src/empty", 0)]);
    is("in:d", &[("docs/a", 4), ("docs/b", 4)]);
    is("in:docs/a", &[("docs/a", 4)]);
    is("gra* & in:docs/", &[("docs/a", 4), ("docs/b", 2)]);
    is("gra* - in:docs/", &[("src/c", 1)]);
    // Counts are added by `|`; `&` keeps the smaller count; `-` removes a document regardless of
    // counts.
    is("graft | grafts", &[("docs/a", 3), ("docs/b", 1)]);
    is("graft & grafts", &[("docs/a", 1)]);
    is("graft - grafts", &[]);
}

/// A query as a tree, from which its text is generated.
#[derive(Clone, Debug)]
enum Tree {
    Word(String),
    In(String),
    Combined(Box<Tree>, char, Box<Tree>),
}

/// Returns the words of a text that are separated by spaces only.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(' ').filter(|word| !word.is_empty())
}

impl Tree {
    /// Formats the query with a minimum of parentheses.
    fn text(&self) -> String {
        let within = |tree: &Tree, parentheses: bool| {
            let text = tree.text();
            if parentheses { format!("({text})") } else { text }
        };
        match self {
            Tree::Word(pattern) => pattern.clone(),
            Tree::In(path) => format!("in:{path}"),
            Tree::Combined(left, operator, right) => {
                let is_or = |tree: &Tree| matches!(tree, Tree::Combined(_, '|', _));
                let left = within(left, *operator != '|' && is_or(left));
                let looser =
                    if *operator == '|' { is_or(right) } else { matches!(**right, Tree::Combined(..)) };
                format!("{left} {operator} {}", within(right, looser))
            }
        }
    }

    /// Returns the answer computed from every word of every document.
    fn scan(&self, documents: &BTreeMap<String, String>) -> BTreeMap<String, u64> {
        match self {
            Tree::Word(pattern) => {
                let count = |text: &str| words(text).filter(|word| matches(pattern, word)).count() as u64;
                let counts = documents.iter().map(|(path, text)| (path.clone(), count(text)));
                counts.filter(|(_, count)| *count > 0).collect()
            }
            Tree::In(beginning) => {
                let within = documents.iter().filter(|(path, _)| path.starts_with(beginning));
                within.map(|(path, text)| (path.clone(), words(text).count() as u64)).collect()
            }
            Tree::Combined(left, operator, right) => {
                let (mut left, right) = (left.scan(documents), right.scan(documents));
                match operator {
                    '&' => {
                        left.retain(|path, _| right.contains_key(path));
                        left.iter_mut().for_each(|(path, count)| *count = right[path].min(*count));
                    }
                    '-' => left.retain(|path, _| !right.contains_key(path)),
                    _ => right.into_iter().for_each(|(path, count)| *left.entry(path).or_default() += count),
                }
                left
            }
        }
    }
}

fn matches(pattern: &str, word: &str) -> bool {
    let beginning = pattern.strip_suffix('*');
    let letters = beginning.unwrap_or(pattern);
    let fits = letters.len() == word.len() || beginning.is_some() && letters.len() < word.len();
    fits && letters.chars().zip(word.chars()).all(|(letter, c)| letter == '?' || letter == c)
}

fn trees() -> impl Strategy<Value = Tree> {
    let word = "[ab?]{1,3}\\*?|[ab]{0,2}\\*".prop_map(Tree::Word);
    let path = "[ab]/?[ab]?".prop_map(Tree::In);
    let leaf = prop_oneof![5 => word, 1 => path];
    leaf.prop_recursive(5, 20, 2, |tree| {
        let operator = prop_oneof![Just('&'), Just('|'), Just('-')];
        (tree.clone(), operator, tree)
            .prop_map(|(left, operator, right)| Tree::Combined(left.into(), operator, right.into()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Few letters, short words and short paths, so that many are prefixes of others.
    #[test]
    fn an_answer_is_that_of_a_scan(
        documents in prop::collection::btree_map("[ab]/[ab]{1,2}", "([ab]{1,4} ){0,8}", 0..8),
        trees in prop::collection::vec(trees(), 8),
    ) {
        let mut index = Index::default();
        for (path, text) in &documents {
            index.add(path.as_bytes(), text);
        }
        for tree in trees {
            let expected: Vec<_> = tree.scan(&documents).into_iter().collect();
            prop_assert_eq!(found(&index, &tree.text()), expected, "{}", tree.text());
        }
    }
}

const EXAMPLE: Example = Example::of_package("search", env!("CARGO_BIN_EXE_search"));

/// Creates a directory of these files.
fn scratch(name: &str, files: &[(&str, &[u8])]) -> Scratch {
    let scratch = Scratch::new(name);
    for (name, content) in files {
        scratch.file(name, content);
    }
    scratch
}

/// Returns the arguments to search a directory.
fn args<'a>(dir: &'a Scratch, args: &[&'a str]) -> Vec<&'a OsStr> {
    let first = [OsStr::new("--paths"), dir.0.as_os_str()];
    first.into_iter().chain(args.iter().map(|arg| OsStr::new(*arg))).collect()
}

#[test]
fn a_directory_is_searched() {
    let dir = scratch(
        "searched",
        &[
            ("a.md", b"a trie, and a join of tries"),
            ("b/c.txt", b"trie trie join\nhash"),
            ("b/d.rs", b"not \xFF\xFE text: trie\0meet"),
            ("b/other.bin", b"trie join"),
            ("no_ending", b"trie join"),
            ("target/e.md", b"trie join"),
            ("b/.git/e.md", b"trie join"),
        ],
    );
    let report = EXAMPLE.prints(args(&dir, &["trie & (join | meet) - hash"]));
    has(&report, "read     3 documents, 68 bytes\n");
    has(&report, "indexed  10 terms, 13 postings in ");
    has(&report, "found    2 documents in ");
    assert!(report.ends_with("\n      1  a.md\n      1  b/d.rs\n"), "{report}");

    let report = EXAMPLE.prints(args(&dir, &["--limit", "1", "tri*", "-", "none"]));
    has(&report, "query    tri* - none\nfound    3 documents in ");
    assert!(report.ends_with("\n      2  a.md\n         and 2 more\n"), "{report}");
    assert!(EXAMPLE.prints(args(&dir, &["in:b/", "--limit", "0"])).ends_with("\n         and 2 more\n"));
}

#[test]
fn without_a_query_some_are_run_for_show() {
    let report = EXAMPLE.prints::<&str>([]);
    assert!(report.matches("\nquery    ").count() >= 3, "{report}");
    assert!(!report.contains("found    0 documents"), "each finds something in this crate: {report}");

    let dir = scratch("none", &[]);
    has(&EXAMPLE.prints(args(&dir, &[])), "read     0 documents, 0 bytes\nindexed  0 terms, 0 postings in ");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_counted_or_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = scratch("unreadable", &[("open.md", b"word"), ("closed/b.md", b"word"), ("file.md", b"word")]);
    let (closed, file) = (dir.0.join("closed"), dir.0.join("file.md"));
    let set_modes = |directory, mode| {
        for (path, mode) in [(&closed, directory), (&file, mode)] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        }
    };
    set_modes(0, 0);
    if fs::read_dir(&closed).is_ok() {
        println!("skipped: this user may read everything");
        set_modes(0o700, 0o600);
        return;
    }
    let report = EXAMPLE.prints(args(&dir, &["word"]));
    let itself = EXAMPLE.run([OsStr::new("--paths"), closed.as_os_str(), OsStr::new("word")]);
    set_modes(0o700, 0o600);

    has(&report, "read     1 document, 4 bytes\nskipped  2 entries that cannot be read, the first: ");
    has(&report, "found    1 document in ");
    assert_eq!(itself.status.code(), Some(2), "a directory that cannot be read itself is bad input");
    has(&String::from_utf8_lossy(&itself.stderr), "cannot read \"");
}

#[test]
fn bad_input_is_refused_in_one_line() {
    let dir = scratch("refused", &[("a.md", b"word")]);
    has(
        &EXAMPLE.refuses(args(&dir, &["a & (b"])),
        "the query cannot be read at column 5: this parenthesis is not closed",
    );
    has(&EXAMPLE.refuses(args(&dir, &[""])), "column 1: ");
    has(&EXAMPLE.refuses(["--paths", "no/such/place", "word"]), "cannot read \"no/such/place\": ");
    has(&EXAMPLE.refuses([OsStr::new("--paths"), dir.0.join("a.md").as_os_str()]), "cannot read \"");
    has(&EXAMPLE.refuses(["--paths"]), "--paths");
    has(&EXAMPLE.refuses(["--limit", "-1"]), "-1");
    has(&EXAMPLE.refuses(["--limit", "many"]), "'many'");
    has(&EXAMPLE.refuses(["--no-such-thing"]), "--no-such-thing");
}

#[test]
fn help_is_no_error() {
    let help = EXAMPLE.prints(["--help"]);
    for part in ["--paths", "--limit", "QUERY", "in:PATH"] {
        has(&help, part);
    }
}
