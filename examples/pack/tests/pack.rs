//! Runs the example `pack` as a process, and compares its answers with naive ones.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bytetrie::PathMap;
use bytetrie_examples::process::{Example, Scratch, has};
use proptest::prelude::*;

const PACK: Example = Example::of_package("pack", env!("CARGO_BIN_EXE_pack"));

const WORDS: [&str; 12] = [
    "romane",
    "romanus",
    "romulus",
    "rubens",
    "ruber",
    "rubicon",
    "rubicundus",
    "bär",
    "bar",
    "bears",
    "beer",
    "romane",
];

/// The words and how often they occur.
fn model() -> BTreeMap<&'static str, u64> {
    let mut model = BTreeMap::new();
    WORDS.iter().for_each(|word| *model.entry(*word).or_default() += 1);
    model
}

/// A packed file of the words, and its directory.
fn packed() -> (Scratch, PathBuf) {
    let scratch = Scratch::new("pack");
    let list = scratch.file("words", (WORDS.join("\n") + "\n").as_bytes());
    let file = scratch.0.join("words.trie");
    assert!(PACK.prints([Path::new("build"), &file, &list]).starts_with("packed 11 keys into "));
    (scratch, file)
}

/// What is printed for the words that fit.
fn lines(fits: impl Fn(&str) -> bool) -> String {
    model()
        .iter()
        .filter(|(word, _)| fits(word))
        .map(|(word, number)| format!("{word}\t{number}\n"))
        .collect()
}

/// The Levenshtein distance, by its definition.
fn distance(one: &[char], other: &[char]) -> usize {
    match (one, other) {
        ([], rest) | (rest, []) => rest.len(),
        ([a, one_rest @ ..], [b, other_rest @ ..]) if a == b => distance(one_rest, other_rest),
        ([_, one_rest @ ..], [_, other_rest @ ..]) => {
            let inserted = distance(one, other_rest).min(distance(one_rest, other));
            1 + inserted.min(distance(one_rest, other_rest))
        }
    }
}

#[test]
fn queries_answer_as_naive_ones_do() {
    let (_scratch, file) = packed();
    let file = file.to_str().unwrap();
    for read in [&["--read"][..], &[]] {
        let prints = |args: &[&str]| PACK.prints([args, read].concat());
        assert_eq!(prints(&["get", file, "rubens", "romane"]), "romane\t2\nrubens\t1\n");
        for prefix in ["", "r", "rub", "rubic", "b", "x", "romanes"] {
            assert_eq!(prints(&["prefix", file, prefix]), lines(|word| word.starts_with(prefix)));
        }
        assert_eq!(
            prints(&["pattern", file, "rom.*us"]),
            lines(|word| word.starts_with("rom") && word.ends_with("us"))
        );
        assert_eq!(prints(&["pattern", file, "b.r"]), "bar\t1\nbär\t1\n");
        assert_eq!(prints(&["pattern", file, "--contains", "ub"]), lines(|word| word.contains("ub")));
        assert_eq!(prints(&["pattern", file, "x+"]), "");
        for (word, most) in [("bar", 0), ("bar", 1), ("bar", 2), ("ruben", 2), ("romanes", 3)] {
            let chars = |word: &str| word.chars().collect::<Vec<_>>();
            let near = lines(|other| distance(&chars(word), &chars(other)) <= most);
            assert_eq!(prints(&["near", file, word, "--distance", &most.to_string()]), near);
        }
        has(&prints(&["stats", file]), "keys           11\n");
        has(&prints(&["verify", file]), ": whole, 11 keys, ");
    }
    assert_eq!(PACK.run(["get", file, "bar", "none"]).status.code(), Some(1));
    assert_eq!(PACK.run(["get", file, "bar", "none"]).stdout, b"bar\t1\n");
}

#[test]
fn bad_input_is_refused_in_one_line() {
    let (scratch, file) = packed();
    let file = file.to_str().unwrap();
    let path = |name: &str, content: &[u8]| scratch.file(name, content).to_str().unwrap().to_owned();
    let missing = scratch.0.join("missing").to_str().unwrap().to_owned();
    has(&PACK.refuses(["stats", &missing]), "No such file");
    has(&PACK.refuses(["stats", scratch.0.to_str().unwrap(), "--read"]), "directory");
    has(&PACK.refuses(["stats", &path("empty", b"")]), "the file is empty");
    has(&PACK.refuses(["prefix", &path("text", b"a text"), "a"]), "not a trie");
    let bytes = fs::read(file).unwrap();
    has(&PACK.refuses(["stats", &path("cut", &bytes[..bytes.len() - 1])]), "damaged at byte");
    let mut damaged = bytes.clone();
    damaged[70] ^= 1;
    has(&PACK.refuses(["verify", &path("flipped", &damaged)]), "damaged at byte");
    let mut texts = Vec::new();
    PathMap::from([("a", "text".to_string())]).save(&mut texts).unwrap();
    has(&PACK.refuses(["get", &path("texts", &texts), "a"]), "the values are `text`, not `u64");
    has(&PACK.refuses(["pattern", file, "(a"]), "unclosed group");
    has(&PACK.refuses(["pattern", file, "(a{1000}){1000}"]), "the pattern");
    has(&PACK.refuses(["near", file, "word", "--distance", "1000"]), "1000");
    has(&PACK.refuses(["near", file, "word", "--distance", "x"]), "invalid value");
    has(&PACK.refuses(["get", file]), "required");

    let out = scratch.0.join("out").to_str().unwrap().to_owned();
    has(&PACK.refuses(["build", &out, &missing]), "No such file");
    has(&PACK.refuses(["build", &out, &path("number", b"a\t1\nb\tx\n")]), "line 2: `x` is no number");
    has(&PACK.refuses(["build", &out, "--sorted", &path("order", b"b\na\n")]), "`a` was pushed after `b`");
    has(&PACK.refuses(["build", &(missing + "/out"), file]), "No such file");
    assert!(!Path::new(&out).exists());
    let left: Vec<_> = fs::read_dir(&scratch.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().contains("out")), "{left:?}");
}

/// Runs `pack build` with lines on its standard input; returns the content of the file.
fn build(file: &Path, options: &[&str], input: &[u8]) -> BTreeMap<Vec<u8>, u64> {
    let mut command = Command::new(PACK.path());
    command.arg("build").arg(file).args(options).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    assert!(child.wait().unwrap().success());
    PathMap::load_from(file).unwrap().into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lines_are_packed_as_a_map_would_be(
        entries in prop::collection::vec(("[ab\t]{1,4}", prop::option::of(0..9u64)), 0..40),
        null in any::<bool>(),
    ) {
        let scratch = Scratch::new("pack-lines");
        let file = scratch.0.join("trie");
        let mut model: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
        let end = if null { '\0' } else { '\n' };
        let mut text = String::new();
        for (key, number) in &entries {
            let line = number.map_or(key.replace('\t', ""), |number| format!("{key}\t{number}"));
            let key = if number.is_none() { line.clone() } else { key.clone() };
            if !line.is_empty() {
                *model.entry(key.into_bytes()).or_default() += number.unwrap_or(1);
            }
            text.push_str(&line);
            text.push(end);
        }
        let null: &[&str] = if null { &["-0"] } else { &[] };
        prop_assert_eq!(&build(&file, null, text.as_bytes()), &model);
        let sorted: String = model.iter().map(|(key, number)| {
            format!("{}\t{number}{end}", str::from_utf8(key).unwrap())
        }).collect();
        prop_assert_eq!(&build(&file, &[null, &["--sorted"]].concat(), sorted.as_bytes()), &model);
    }
}

#[test]
fn more_lines_than_memory_are_sorted_in_parts() {
    let scratch = Scratch::new("pack-parts");
    let file = scratch.0.join("trie");
    let mut model: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    let mut text = String::new();
    for number in 0..60_000u64 {
        let key = format!("{:x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40 & 0x7fff);
        text.push_str(&key);
        text.push('\n');
        *model.entry(key.into_bytes()).or_default() += 1;
    }
    assert!(build(&file, &["--memory", "1"], text.as_bytes()) == model);
    assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1, "no parts are left");
}

#[test]
fn whole_lines_may_have_tabs() {
    let scratch = Scratch::new("pack-whole");
    let file = scratch.0.join("trie");
    let model = BTreeMap::from([(b"a\tb".to_vec(), 2), (b"c\t7".to_vec(), 1)]);
    assert_eq!(build(&file, &["--whole-lines"], b"c\t7\na\tb\n\na\tb"), model);
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let scratch = Scratch::new("pack-pipe");
    let file = scratch.0.join("trie");
    let text: String = (0..100_000).map(|number| format!("key {number}\n")).collect();
    build(&file, &[], text.as_bytes());
    let mut command = Command::new(PACK.path());
    command.arg("prefix").arg(&file).arg("").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0; 10]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
}
