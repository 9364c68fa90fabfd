//! The parts of the example `scan` by themselves: keys, lines, sums, troubles, and the scan within a process.

#[allow(dead_code, reason = "the command line is the process's")]
#[path = "../examples/scan/args.rs"]
mod args;
#[allow(dead_code, reason = "nothing is counted here")]
#[path = "../examples/common/figures.rs"]
mod figures;
#[path = "../examples/scan/meta.rs"]
mod meta;
#[path = "../examples/scan/print.rs"]
mod print;
#[path = "../examples/scan/scan.rs"]
mod scan;
#[path = "../examples/scan/stream.rs"]
mod stream;
#[path = "../examples/scan/tree.rs"]
mod tree;
#[path = "../examples/scan/trouble.rs"]
mod trouble;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, UNIX_EPOCH};

use args::{Args, Format};
use bytetrie::algebra::{AlgebraicResult, Lattice};
use bytetrie::{Change, PathMap};
use clap::Parser;
use meta::{Kind, Meta};
use proptest::prelude::*;
use scan::Plan;
use serde_json::{Value, json};
use stream::Stream;
use trouble::{Shown, Trouble};

fn key(path: &[u8]) -> Vec<u8> {
    let mut key = Vec::new();
    meta::add_key(path, &mut key);
    key
}

fn file(size: u64) -> Meta {
    Meta { size, seconds: 0, nanoseconds: 0, kind: Kind::File }
}

/// Components: few names, of which some come before a slash and some begin others; and some of any bytes.
fn components() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let few = prop::sample::select(vec![&b"a"[..], b"a.b", b"a-b", b"a b", b"b", b"\xFF", b"\x01"])
        .prop_map(<[u8]>::to_vec);
    let any = prop::collection::vec((1u8..).prop_filter("no slash", |&byte| byte != b'/'), 1..4);
    prop::collection::vec(prop_oneof![4 => few, 1 => any], 1..5)
}

/// Paths of files: none is a directory of another.
fn files() -> impl Strategy<Value = BTreeMap<Vec<Vec<u8>>, u64>> {
    prop::collection::btree_map(components(), 0..1000u64, 0..12).prop_map(|files| {
        let within = |path: &Vec<Vec<u8>>| (1..path.len()).any(|n| files.contains_key(&path[..n]));
        files.iter().filter(|(path, _)| !within(path)).map(|(path, size)| (path.clone(), *size)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_keys_is_that_of_components(a in components(), b in components()) {
        let paths = [&a, &b].map(|components| components.join(&b'/'));
        let keys = paths.each_ref().map(|path| key(path));
        prop_assert_eq!(keys[0].cmp(&keys[1]), a.cmp(&b));
        for (path, key) in paths.iter().zip(&keys) {
            let mut back = Vec::new();
            meta::add_path(key, &mut back);
            prop_assert_eq!(path, &back);
        }
    }

    #[test]
    fn sums_are_those_of_a_list(files in files()) {
        let map: PathMap<Meta> = files.iter().map(|(path, &size)| (path.join(&0), file(size))).collect();
        let mut expected = BTreeMap::new();
        for (path, &size) in &files {
            for n in 1..path.len() {
                let directory = path[..n].iter().flat_map(|name| [name, &b"\0"[..]].concat()).collect();
                *expected.entry(directory).or_insert(0) += size;
            }
        }
        let expected: Vec<(Vec<u8>, u64)> = expected.into_iter().collect();
        prop_assert_eq!(tree::sums(&map, 2).into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_line_of_json_is_read_back(path in components(), size: u64, seconds: i64, nanoseconds in 0..1_000_000_000u32) {
        let path = path.join(&b'/');
        let meta = Meta { size, seconds, nanoseconds, kind: Kind::Other };
        let mut line = Vec::new();
        print::entry(Format::Jsonl, &path, &meta, &mut line);
        let end = line.len();
        print::change(Format::Jsonl, &path, Change::Changed(&meta, &file(7)), &mut line);
        prop_assert!(line.iter().enumerate().all(|(at, &byte)| (byte == b'\n') == (at == end - 1 || at == line.len() - 1)));

        let modified = json!({ "seconds": seconds, "nanoseconds": nanoseconds });
        let mut expected = json!({ "kind": "other", "size": size, "modified": modified });
        match str::from_utf8(&path) {
            Ok(path) => expected["path"] = path.into(),
            Err(_) => expected["path_bytes"] = path.into(),
        }
        prop_assert_eq!(serde_json::from_slice::<Value>(&line[..end]).unwrap(), expected.clone());

        let change: Value = serde_json::from_slice(&line[end..]).unwrap();
        let before = change["before"].as_object().unwrap();
        prop_assert_eq!(before.iter().filter(|&(name, field)| &expected[name] == field).count(), 3);
        prop_assert_eq!((&change["change"], &change["size"]), (&"changed".into(), &7.into()));
    }

    #[test]
    fn what_is_shown_is_one_line_and_tells_paths_apart(a in components(), b in components()) {
        let [a, b] = [a, b].map(|components| components.join(&b'/'));
        let shown = [&a, &b].map(|path| Shown(path).to_string());
        prop_assert!(!shown[0].contains(char::is_control));
        prop_assert_eq!(shown[0] == shown[1], a == b);
    }
}

#[test]
fn sums_do_not_hang_on_the_number_of_threads() {
    let path = |i: u64| key(format!("/r/{}/{}/{}x/{i}", i % 7, i % 3, i % 501).as_bytes());
    let map: PathMap<Meta> = (0..30_000).map(|i| (path(i), file(i))).collect();
    let sums = [1, 2, 3, 8].map(|threads| tree::sums(&map, threads));
    assert_eq!(sums[0].get(key(b"/")), Some(&(29_999 * 15_000)));
    assert_eq!(sums[0].get(key(b"/r/5/")), Some(&(0..30_000).filter(|i| i % 7 == 5).sum()));
    // The root, /r, and below it 7, 21, and 7 * 501.
    assert_eq!(sums[0].len(), 2 + 7 + 21 + 3507);
    assert!(sums.iter().all(|others| *others == sums[0]));
}

#[test]
fn what_is_in_a_directory_follows_it() {
    let mut keys = [&b"a"[..], b"a-b", b"a.b", b"a/b", b"a/c", b"a0"].map(key);
    keys.sort();
    let paths = keys.map(|key| {
        let mut path = Vec::new();
        meta::add_path(&key, &mut path);
        String::from_utf8(path).unwrap()
    });
    assert_eq!(paths, ["a", "a/b", "a/c", "a-b", "a.b", "a0"]);
}

#[test]
fn what_is_known_of_an_entry_stays_small() {
    assert_eq!(size_of::<Meta>(), 24);
    let (old, new) = (file(1), file(2));
    assert_eq!(old.pjoin(&new), AlgebraicResult::Identity(1), "the left one");
    assert_eq!(old.pmeet(&old), AlgebraicResult::Identity(3), "both");
    assert_eq!(Meta { kind: Kind::Directory, ..new }.counted(), 0);
}

#[test]
fn times_before_1970_are_rounded_down() {
    let path = std::env::temp_dir().join(format!("bytetrie-scan-times-{}", std::process::id()));
    let file = fs::File::create(&path).expect("the temporary directory can be written");
    let times = [(0, (0, 0)), (1_500, (1, 500_000_000)), (-1_500, (-2, 500_000_000)), (-2_000, (-2, 0))];
    for (milliseconds, expected) in times {
        let distance = Duration::from_millis(i64::unsigned_abs(milliseconds));
        let time = if milliseconds < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance };
        file.set_modified(time).expect("it is ours");
        let meta = Meta::of(&file.metadata().expect("it is there"));
        assert_eq!((meta.seconds, meta.nanoseconds), expected);
    }
    fs::remove_file(path).expect("it is ours");
}

#[test]
fn every_error_of_the_walker_is_told() {
    use ignore::Error;
    let with_path = |path: &str, err| Error::WithPath { path: PathBuf::from(path), err: Box::new(err) };
    let io = || Error::Io(io::Error::from(io::ErrorKind::PermissionDenied));
    let rule = |line| Error::WithLineNumber {
        line,
        err: Box::new(Error::Glob { glob: Some("x{".to_string()), err: "unclosed\nbrace".to_string() }),
    };
    let told = |error: &Error, of_rules| {
        let troubles = Trouble::all(error, of_rules);
        troubles.iter().map(|trouble| (trouble.kind, trouble.to_string())).collect::<Vec<_>>()
    };
    use trouble::Kind::*;

    // As a directory that cannot be read is told, whoever runs this.
    let closed = with_path("a\n/closed", Error::WithDepth { depth: 3, err: Box::new(io()) });
    assert_eq!(told(&closed, false), [(Unreadable, "a\\n/closed: permission denied".to_string())]);
    assert_eq!(told(&closed, true)[0].0, Rule, "a file of rules that cannot be read misses no entry");
    let looped = Error::Loop { ancestor: "a".into(), child: "a/b\\c".into() };
    let looped = Error::WithDepth { depth: 1, err: Box::new(looped) };
    assert_eq!(told(&looped, false), [(Loop, "a/b\\\\c: a loop: this link leads back to a".to_string())]);
    let rules = with_path("r", Error::Partial(vec![rule(2), rule(9), io()]));
    let rule = |line| (Rule, format!("r: line {line}: error parsing glob 'x{{': unclosed\u{FFFD}brace"));
    assert_eq!(told(&rules, true), [rule(2), rule(9), (Rule, "r: permission denied".to_string())]);
    assert_eq!(told(&io(), false), [(Unreadable, "(somewhere): permission denied".to_string())]);
}

/// A directory of three directories of 100 files each, removed at the end.
struct Files(PathBuf);

impl Files {
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("bytetrie-scan-{name}-{}", std::process::id()));
        for directory in ["x", "y", "y/z"] {
            fs::create_dir_all(root.join(directory)).expect("the temporary directory can be written");
            for i in 0..100 {
                fs::write(root.join(directory).join(format!("{i:0>200}")), b"123")
                    .expect("it can be written");
            }
        }
        Self(root)
    }

    fn args(&self, args: &[&str]) -> Args {
        let root = self.0.to_str().expect("it is text");
        Args::parse_from(["scan", "--no-gitignore", "--hidden", root].iter().chain(args))
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_map_has_all_that_is_printed() {
    let files = Files::new("map");
    for threads in ["1", "2", "5"] {
        let args = files.args(&["--threads", threads, "--dirs"]);
        let mut printed = Vec::new();
        let stream = Stream::new(&mut printed);
        let found = Plan::new(&args).unwrap().scan(&stream, |_| {});
        stream.finish().unwrap();
        assert_eq!((found.entries, found.bytes, found.stopped), (304, 900, false));
        assert_eq!((found.unreadable(), found.troubles.len()), (0, 0));
        assert!((1..=5).contains(&found.maps) && found.joining <= found.time);
        found.map.check().expect("the map is well-formed");
        let printed: BTreeSet<_> =
            printed.split_inclusive(|&byte| byte == b'\n').map(|line| key(&line[..line.len() - 1])).collect();
        assert!(found.map.keys().eq(printed), "in the same order");
        let sum = tree::sums(&found.map, 2);
        assert_eq!(sum.get(key(files.0.join("y/").as_os_str().as_encoded_bytes())), Some(&600));
        let again = Plan::new(&args).unwrap().scan(&Stream::new(&mut io::sink()), |_| {});
        assert_eq!(again.map, found.map);
    }
}

/// Takes so many bytes and then no more.
struct Narrow(usize);

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_come_before_the_end_and_nobody_reading_is_the_end() {
    let files = Files::new("narrow");
    // Each path is longer than 200 bytes, so that all of them are not one piece.
    let args = files.args(&["--threads=1", "--format=jsonl", "--dirs"]);
    let mut narrow = Narrow(1_000);
    let stream = Stream::new(&mut narrow);
    let found = Plan::new(&args).unwrap().scan(&stream, |_| {});
    assert!(stream.failed());
    assert_eq!(stream.finish().unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    assert!(found.stopped && found.entries < 304, "{} of 304 were found", found.entries);
}

/// Takes all, but slowly, and tells of each piece.
struct Slow(mpsc::Sender<Vec<u8>>);

impl Write for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        std::thread::sleep(Duration::from_millis(150));
        self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn pieces_are_whole_lines_and_the_deadline_holds() {
    let files = Files::new("slow");
    let args = files.args(&["--threads=1", "--deadline=0.1"]);
    let (sender, pieces) = mpsc::channel();
    let mut slow = Slow(sender);
    let stream = Stream::new(&mut slow);
    let mut told = Vec::new();
    let found = Plan::new(&args).unwrap().scan(&stream, |entries| told.push(entries));
    stream.finish().unwrap();
    drop(slow);
    let pieces: Vec<_> = pieces.iter().collect();
    assert!(pieces.iter().all(|piece| piece.ends_with(b"\n") && piece.starts_with(b"/")), "{pieces:?}");
    let lines = pieces.iter().flatten().filter(|&&byte| byte == b'\n').count();
    assert_eq!(lines as u64, found.entries);
    assert!(told.is_sorted() && told.last().is_none_or(|&last| last <= found.entries));
    assert_eq!(found.map.len() as u64, found.entries);
    // The first piece is written when there are 64 KiB of lines, and takes longer than the deadline leaves time.
    assert!(found.stopped && found.entries < 300, "{} of 300 were found", found.entries);
}

#[test]
fn an_outline_may_be_of_directories_alone() {
    let files = Files::new("outline");
    let args = files.args(&["--format=tree", "--max-depth=1", "--dirs"]);
    let found = Plan::new(&args).unwrap().scan(&Stream::new(&mut io::sink()), |_| {});
    let mut out = Vec::new();
    tree::write(&mut out, &found.map, &tree::sums(&found.map, 2), Path::new(&files.0)).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<_> = text.lines().map(str::trim_start).collect();
    assert_eq!(lines, [format!("0  {}/", files.0.display()).as_str(), "0    x/", "0    y/"]);
    let failed = tree::write(&mut Narrow(5), &found.map, &tree::sums(&found.map, 2), Path::new(&files.0));
    assert_eq!(failed.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
