//! The example `scan` run as a process. Its output is compared with that of other walks: `walkdir`
//! with the filters written again here, and `find`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use bytetrie_examples::process::{Scratch, has};
use serde_json::Value;
use walkdir::WalkDir;

use crate::process::{SCAN, bytes, errors, link, object, run, scratch, sorted_lines};

/// Runs the example, expects a complete scan, and returns the lines of its output, sorted.
#[track_caller]
fn lines<A: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = A>) -> Vec<Vec<u8>> {
    let output = run(dir, args);
    assert!(output.status.success(), "{}: {}", output.status, errors(&output));
    sorted_lines(&output.stdout)
}

/// Like [`lines`], for paths that are UTF-8.
#[track_caller]
fn paths<A: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = A>) -> Vec<String> {
    lines(dir, args).into_iter().map(|line| String::from_utf8(line).expect("text")).collect()
}

/// Runs the example with JSON output, and returns the object of each path.
#[track_caller]
fn objects<A: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = A>) -> BTreeMap<Vec<u8>, Value> {
    let args: Vec<OsString> = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
    let lines = lines(dir, [OsString::from("--format=jsonl")].into_iter().chain(args));
    let objects: BTreeMap<_, _> = lines.iter().map(|line| object(line)).collect();
    assert_eq!(objects.len(), lines.len(), "each path once");
    objects
}

/// Returns the entries expected below a root, by the rules that need no git.
fn expected(root: &Path, dirs: bool, hidden: bool, follow: bool, depth: usize) -> Vec<Vec<u8>> {
    let shown = |entry: &walkdir::DirEntry| {
        hidden || entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
    };
    let walk = WalkDir::new(root).follow_links(follow).max_depth(depth).into_iter().filter_entry(shown);
    // `walkdir` reports a loop as an error.
    let found = walk.filter_map(Result::ok).filter(|entry| dirs || entry.file_type().is_file());
    let mut found: Vec<_> = found.map(|entry| bytes(entry.path())).collect();
    found.sort();
    found
}

#[test]
fn entries_are_those_of_another_walk() {
    let dir = scratch(
        "walk",
        &["a", "a.b", "a-b", "b/c", "b/d/e", "b/d/f/g/h/i", "b/.hidden", ".config/x", ".config/y/z", "j k/l"],
    );
    fs::create_dir_all(dir.0.join("empty/within")).unwrap();
    #[cfg(unix)]
    {
        link(&dir, "b/c", "to_file");
        link(&dir, "../b/d", "j k/to_dir");
        link(&dir, "../../b", "empty/within/to_above");
    }
    let above = dir.0.parent().unwrap();
    let root = Path::new(dir.0.file_name().unwrap());
    for case in 0..16 {
        let [dirs, hidden, follow, shallow] = [1, 2, 4, 8].map(|bit| case & bit > 0);
        let mut args = vec![root.as_os_str().to_owned()];
        let mut option = |on: bool, text: &str| args.extend(on.then(|| text.into()));
        option(dirs, "--dirs");
        option(hidden, "--hidden");
        option(follow, "--follow");
        option(shallow, "--max-depth=2");
        option(true, &format!("--threads={}", [1, 2, 9][case % 3]));
        let mut expected = expected(&dir.0, dirs, hidden, follow, if shallow { 2 } else { usize::MAX });
        expected.iter_mut().for_each(|path| drop(path.drain(..bytes(above).len() + 1)));
        assert_eq!(lines(above, &args), expected, "{args:?}");
        assert!(expected.len() > 4, "{expected:?}");
    }
}

#[test]
fn a_root_stands_in_front_as_given() {
    let dir = scratch("roots", &["sub/a", "sub/b/c", "-/d", "other"]);
    let is = |args: &[&str], expected: &[&str]| assert_eq!(paths(&dir.0, args), expected, "{args:?}");
    is(&["sub"], &["sub/a", "sub/b/c"]);
    is(&["sub/"], &["sub/a", "sub/b/c"]);
    is(&["sub//"], &["sub//a", "sub//b/c"]);
    is(&["./sub"], &["./sub/a", "./sub/b/c"]);
    is(&["sub/../sub/b"], &["sub/../sub/b/c"]);
    is(&[], &["./-/d", "./other", "./sub/a", "./sub/b/c"]);
    is(&["."], &["./-/d", "./other", "./sub/a", "./sub/b/c"]);
    is(&["--", "-"], &["-/d"]);
    is(&["./-"], &["./-/d"]);
    is(&["other"], &["other"]);
    is(&["sub/a", "sub/b", "other"], &["other", "sub/a", "sub/b/c"]);
    is(&["sub", "sub/b"], &["sub/a", "sub/b/c", "sub/b/c"]);
    is(&["sub/b/", "--dirs"], &["sub/b/", "sub/b/c"]);
    is(&["sub", "--dirs", "--max-depth=0"], &["sub"]);
    is(&["sub", "--max-depth=1"], &["sub/a"]);
    let absolute = dir.0.join("sub/b");
    assert_eq!(lines(&dir.0, [&absolute]), [bytes(&absolute.join("c"))]);
}

#[test]
fn rules_of_git_hold_where_they_stand() {
    let dir = scratch(
        "rules",
        &[
            "keep.log",
            "a.log",
            "a.txt",
            "build/out",
            "src/build/out",
            "src/x.tmp",
            "src/y.rs",
            "x.tmp",
            "deep/er/a.o",
            "deep/er/b.c",
            "deep/a.o",
            "private/.env",
            "private/p",
            "z.bak",
        ],
    );
    dir.file(".gitignore", b"# nothing\n*.log\n!keep.log\n/build/\n");
    dir.file("src/.gitignore", b"*.tmp\n");
    dir.file("deep/.gitignore", b"*.o\n");
    dir.file("deep/er/.gitignore", b"!a.o\n");
    dir.file(".ignore", b"*.bak\n");
    let found = ["./a.txt", "./deep/er/a.o", "./deep/er/b.c", "./keep.log", "./private/p"];
    let found: Vec<_> = found.iter().chain(&["./src/build/out", "./src/y.rs", "./x.tmp"]).copied().collect();
    assert_eq!(paths(&dir.0, [""; 0]), found);
    // The rules above a root apply to its content, and not to the root itself.
    assert_eq!(paths(&dir.0, ["src/", "build"]), ["build/out", "src/build/out", "src/y.rs"]);
    assert_eq!(paths(&dir.0, ["deep"]), ["deep/er/a.o", "deep/er/b.c"]);

    let all = paths(&dir.0, ["--no-gitignore"]);
    assert_eq!(all.len(), 13, "all but the hidden ones: {all:?}");
    assert_eq!(paths(&dir.0, ["--no-gitignore", "--hidden"]).len(), 19);
    assert_eq!(paths(&dir.0, ["--hidden"]).len(), found.len() + 6);
}

#[test]
fn nested_rules_are_those_of_a_filter_written_down_again() {
    // The extensions that each directory excludes, in itself and below: some bits of a
    // pseudorandom number.
    let mut bits = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |n: u64| {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (bits >> 33) % n
    };
    let dir = Scratch::new("scan-nested-rules");
    let mut found = Vec::new();
    let mut todo = vec![(".".to_string(), BTreeSet::new(), 0)];
    while let Some((path, mut left_out, depth)) = todo.pop() {
        if random(3) == 0 {
            let extension = ["x", "y", "z"][random(3) as usize];
            dir.file(&format!("{path}/.gitignore"), format!("*.{extension}\n").as_bytes());
            left_out.insert(extension);
        }
        for i in 0..4 {
            let extension = ["x", "y", "z"][random(3) as usize];
            let file = format!("{path}/{i}.{extension}");
            dir.file(&file, b"");
            found.extend((!left_out.contains(extension)).then_some(file));
            if depth < 4 && random(2) == 0 {
                todo.push((format!("{path}/d{i}"), left_out.clone(), depth + 1));
            }
        }
    }
    found.sort();
    let all = paths(&dir.0, ["--no-gitignore"]).len();
    assert!(found.len() > 20 && all > found.len() + 20, "{} of {all}", found.len());
    for threads in ["1", "4"] {
        assert_eq!(paths(&dir.0, ["--threads", threads]), found);
    }
}

#[test]
fn globs_choose_files() {
    let dir = scratch("globs", &["a.rs", "b.txt", "src/c.rs", "src/d.txt", "src/gen/e.rs", ".h.rs", "-x"]);
    dir.file(".gitignore", b"a.rs\n");
    let is = |args: &[&str], expected: &[&str]| assert_eq!(paths(&dir.0, args), expected, "{args:?}");
    is(&["--glob", "*.txt"], &["./b.txt", "./src/d.txt"]);
    // A glob that chooses entries overrides the other rules. A glob that leaves out entries is an
    // additional rule.
    is(&["--glob", "*.rs"], &["./.h.rs", "./a.rs", "./src/c.rs", "./src/gen/e.rs"]);
    is(&["--glob", "!*.rs"], &["./-x", "./b.txt", "./src/d.txt"]);
    is(&["--glob", "*.rs", "--glob", "!gen"], &["./.h.rs", "./a.rs", "./src/c.rs"]);
    is(&["--glob", "src/*.rs"], &["./src/c.rs"]);
    is(&["--glob", "-x"], &["./-x"]);
    // A glob with a slash is relative to each DIR.
    is(&["--glob", "gen/*.rs", "src"], &["src/gen/e.rs"]);
    is(&["--glob", "/*.txt", ".", "src"], &["./b.txt", "src/d.txt"]);
    is(&["--glob", "none"], &[]);
}

#[cfg(unix)]
#[test]
fn links_are_listed_or_followed_and_loops_are_told() {
    let dir = scratch("links", &["a/file", "b/other"]);
    link(&dir, "../a", "b/to_a");
    link(&dir, "a/file", "to_file");
    link(&dir, "..", "a/loop");
    link(&dir, ".", "a/self");
    assert_eq!(paths(&dir.0, [""; 0]), ["./a/file", "./b/other"]);

    let listed = objects(&dir.0, ["--dirs"]);
    let kind = |path: &str| listed[path.as_bytes()]["kind"].as_str().unwrap().to_string();
    assert_eq!(listed.len(), 9, "{listed:?}");
    assert_eq!(["./b/to_a", "./to_file", "./a/loop", "./a/self"].map(kind), ["link"; 4]);
    assert_eq!([".", "./a", "./a/file"].map(kind), ["directory", "directory", "file"]);
    assert_eq!(listed[&b"./b/to_a"[..]]["size"], "../a".len());

    let output = run(&dir.0, ["--follow"]);
    let told = errors(&output);
    assert_eq!(
        output.status.code(),
        Some(0),
        "what a loop leads to is scanned, so nothing is missed: {told}"
    );
    let found = [&b"./a/file"[..], b"./b/other", b"./b/to_a/file", b"./to_file"];
    assert_eq!(sorted_lines(&output.stdout), found);
    let loops =
        [("./a/loop", "."), ("./a/self", "./a"), ("./b/to_a/loop", "."), ("./b/to_a/self", "./b/to_a")];
    for (link, target) in loops {
        has(&told, &format!("scan: {link}: a loop: this link leads back to {target}\n"));
    }
    assert_eq!(told.lines().count(), loops.len() + 1, "{told}");

    // A root that is a link is entered.
    assert_eq!(paths(&dir.0, ["b/to_a"]), ["b/to_a/file"]);
    assert_eq!(objects(&dir.0, ["--dirs", "to_file"])[&b"to_file"[..]]["kind"], "file");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_and_makes_it_incomplete() {
    use std::os::unix::fs::PermissionsExt;
    let dir = scratch("unreadable", &["a", "closed/b", "open/c"]);
    link(&dir, "nowhere", "open/dangling");
    link(&dir, "round", "open/round\n");
    link(&dir, "round\n", "open/round");
    let output = run(&dir.0, ["--follow"]);
    let told = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(sorted_lines(&output.stdout), [&b"./a"[..], b"./closed/b", b"./open/c"]);
    has(&told, "scan: ./open/round\\n: ");
    has(&told, "scan: incomplete: 2 entries could not be read\n");
    assert_eq!(told.lines().count(), 2 + 2, "{told}");
    assert_eq!(paths(&dir.0, [""; 0]), ["./a", "./closed/b", "./open/c"], "nobody follows them");

    let closed = dir.0.join("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let is_closed = fs::read_dir(&closed).is_err();
    let output = run(&dir.0, [""; 0]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    if is_closed {
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(sorted_lines(&output.stdout), [&b"./a"[..], b"./open/c"]);
        has(&errors(&output), "scan: ./closed: Permission denied");
        has(&errors(&output), "scan: incomplete: 1 entry could not be read\n");
    } else {
        println!("skipped: this user may read everything");
    }
}

#[test]
fn a_line_that_is_no_rule_is_told_and_misses_nothing() {
    let dir = scratch("bad-rule", &["sub/a", "sub/b"]);
    dir.file("sub/.gitignore", b"a\nx[\n");
    let output = run(&dir.0, [""; 0]);
    let told = errors(&output);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(0), &b"./sub/b\n"[..]), "{told}");
    has(&told, "scan: ./sub/.gitignore: line 2: ");
}

/// Names that are hard to print.
#[cfg(unix)]
fn odd_names() -> Vec<OsString> {
    use std::os::unix::ffi::OsStringExt;
    let long = vec![b'l'; 255];
    let odd: [&[u8]; 9] = [
        b"new\nline",
        b"\xFF\xFE",
        b"half \xC3",
        b"-dash",
        b"tab\tquote\"\\",
        "ä€𝄞".as_bytes(),
        b" ",
        b"\x1B[2J",
        &long,
    ];
    odd.iter().map(|name| OsString::from_vec(name.to_vec())).collect()
}

#[cfg(unix)]
#[test]
fn odd_names_survive() {
    let dir = scratch("odd", &[]);
    let mut expected = BTreeSet::new();
    for name in odd_names() {
        for path in [Path::new(".").join(&name), Path::new("./deep\n").join(&name).join(&name)] {
            fs::create_dir_all(dir.0.join(&path)).unwrap();
            let path = path.join("f\u{301}\n");
            fs::write(dir.0.join(&path), b"12345").unwrap();
            expected.insert(bytes(&path));
        }
    }
    let output = run(&dir.0, [""; 0]);
    assert!(output.status.success(), "{}", errors(&output));
    let mut printed: Vec<_> = expected.iter().flat_map(|path| [path, &b"\n"[..]].concat()).collect();
    let mut found = output.stdout;
    printed.sort();
    found.sort();
    assert_eq!(found, printed, "the bytes are those of all paths");

    let objects = objects(&dir.0, [""; 0]);
    assert_eq!(objects.keys().cloned().collect::<BTreeSet<_>>(), expected);
    for (path, object) in &objects {
        assert_eq!((&object["kind"], &object["size"]), (&"file".into(), &5.into()));
        assert_eq!(
            object.get("path").is_some(),
            str::from_utf8(path).is_ok(),
            "a string where it can be one"
        );
    }
    // Such names are also accepted and printed as roots.
    for name in odd_names() {
        let found = self::objects(&dir.0, [OsStr::new("--"), &name]);
        assert_eq!(found.len(), 1, "{name:?}");
        assert!(found.keys().all(|path| path.starts_with(name.as_encoded_bytes())));
    }
    let output = run(&dir.0, ["--format=tree"]);
    let tree = String::from_utf8(output.stdout).expect("the outline is text");
    for part in
        ["  new\\nline/\n", "  \\xFF\\xFE/\n", "  half \\xC3/\n", "  \\u{1b}[2J/\n", "  tab\\tquote\"\\\\/\n"]
    {
        assert_eq!(tree.matches(part).count(), 3, "{part:?} in\n{tree}");
    }
}

#[test]
fn json_tells_what_the_system_knows() {
    let dir = scratch("json", &["a", "b/c", "b/empty"]);
    fs::write(dir.0.join("b/empty"), b"").unwrap();
    let long_ago = std::time::UNIX_EPOCH - std::time::Duration::from_millis(1_500);
    fs::File::options().write(true).open(dir.0.join("a")).unwrap().set_modified(long_ago).unwrap();
    let objects = objects(&dir.0, ["--dirs"]);
    assert_eq!(objects.len(), 5);
    for (path, object) in objects {
        let metadata = fs::metadata(dir.0.join(str::from_utf8(&path).unwrap())).unwrap();
        assert_eq!(object["size"], metadata.len());
        assert_eq!(object["kind"], if metadata.is_dir() { "directory" } else { "file" });
        let modified =
            [&object["modified"]["seconds"], &object["modified"]["nanoseconds"]].map(|n| n.as_i64().unwrap());
        if path == b"./a" {
            assert_eq!(modified, [-2, 500_000_000]);
        } else {
            let since = metadata.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
            assert_eq!(modified, [since.as_secs() as i64, since.subsec_nanos().into()]);
        }
        assert_eq!(object.as_object().unwrap().len(), 4);
    }
}

#[test]
fn the_outline_sums_sizes_up() {
    let dir = scratch("tree", &[]);
    for (path, size) in
        [("a", 1), ("a-b/x", 20), ("a.b", 300), ("b/c/d/e", 4_000), ("b/c/f", 50_000), ("b/g", 600_000)]
    {
        dir.file(path, &vec![b'.'; size]);
    }
    fs::create_dir_all(dir.0.join("empty/too")).unwrap();
    let lines = |args: &[&str]| -> Vec<String> {
        let output = run(&dir.0, [&["--format=tree"], args].concat());
        assert!(output.status.success(), "{}", errors(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| line.trim_start().to_string()).collect()
    };
    let all = [
        "654,321  ./",
        "1    a",
        "20    a-b/",
        "20      x",
        "300    a.b",
        "654,000    b/",
        "54,000      c/",
        "4,000        d/",
        "4,000          e",
        "50,000        f",
        "600,000      g",
    ];
    assert_eq!(lines(&[]), all);
    let with_dirs: Vec<_> = all.iter().chain(&["0    empty/", "0      too/"]).copied().collect();
    assert_eq!(lines(&["--dirs", "."]), with_dirs);
    assert_eq!(lines(&["b/c/", "a"]), ["54,000  b/c/", "4,000    d/", "4,000      e", "50,000    f", "1  a"]);
    assert_eq!(lines(&["b/c", "--dirs", "--max-depth=1"]), ["50,000  b/c/", "0    d/", "50,000    f"]);
    assert_eq!(lines(&["empty"]), ["0  empty/"]);
    let absolute = dir.0.join("b").to_str().unwrap().to_string();
    assert_eq!(lines(&[&absolute])[0], format!("654,000  {absolute}/"));
}

#[test]
fn a_summary_is_told() {
    let dir = scratch("summary", &["a", "b/cd"]);
    let output = run(&dir.0, ["--threads=1"]);
    let told = errors(&output);
    assert!(told.starts_with("scan: 2 entries in "), "nobody asked for sizes: {told}");
    has(&told, " a second\n");
    assert_eq!(told.lines().count(), 1);
    let output = run(&dir.0, ["--threads=1", "--format=tree"]);
    has(&errors(&output), "scan: 2 entries, 5 bytes in ");
    has(&errors(&output), " a second; 1 map joined in ");
    let output = run(&dir.0, ["a", "--format=jsonl"]);
    has(&errors(&output), "scan: 1 entry, 1 byte in ");
}

#[test]
fn after_the_deadline_it_is_incomplete() {
    let dir = scratch("deadline", &["a", "b"]);
    for args in [["--deadline=0", "."], ["--deadline=0", "--format=tree"]] {
        let output = run(&dir.0, args);
        assert_eq!(output.status.code(), Some(1));
        assert!(!output.stdout.starts_with(b"./"), "{args:?}");
        has(&errors(&output), "scan: incomplete: stopped after 0 s\n");
    }
    assert_eq!(paths(&dir.0, ["--deadline=1000.5"]).len(), 2);
    assert_eq!(paths(&dir.0, ["--deadline=1e19"]).len(), 2, "longer than any clock runs");
}

#[test]
fn wrong_arguments_are_refused_in_one_line_with_a_hint() {
    has(&SCAN.refuses(["no/such/place"]), "cannot read \"no/such/place\": ");
    has(&SCAN.refuses([""]), "'[DIR]...'");
    has(&SCAN.refuses([".", "no/such/place"]), "cannot read \"no/such/place\": ");
    has(&SCAN.refuses(["--glob", "[a"]), "'[a'");
    has(&SCAN.refuses(["--glob", "[a\nb"]), "unclosed character class");
    has(&SCAN.refuses(["--threads", "0"]), "0 is not in 1..=256");
    has(&SCAN.refuses(["--threads", "many"]), "'many'");
    has(&SCAN.refuses(["--max-depth", "-1"]), "-1");
    has(&SCAN.refuses(["--deadline", "soon"]), "a number of seconds is expected");
    has(&SCAN.refuses(["--deadline=-1"]), "negative");
    has(&SCAN.refuses(["--deadline", "NaN"]), "'NaN'");
    has(&SCAN.refuses(["--format", "xml"]), "'xml'");
    has(&SCAN.refuses(["--diff", "--format", "tree"]), "--diff prints lines or jsonl");
    has(&SCAN.refuses(["--print0", "--format", "jsonl"]), "--print0 requires the format lines");
    has(&SCAN.refuses(["--type", "x"]), "'x'");
    has(&SCAN.refuses(["--type", "f", "--dirs"]), "--dirs");
    has(&SCAN.refuses(["--no-such-thing"]), "--no-such-thing");
    for wrong in ["--no-such-thing", "--glob=[a", "no/such/place", "--threads=0"] {
        assert!(SCAN.refuses([wrong]).ends_with(" (see scan --help)\n"));
    }
}

#[test]
fn help_is_no_error() {
    let help = SCAN.prints(["--help"]);
    for part in [
        "--print0",
        "-0",
        "--sort",
        "--type <TYPE>",
        "--threads <N>",
        "--dirs",
        "--hidden",
        "--no-gitignore",
        "--glob <G>",
        "--follow",
    ] {
        has(&help, part);
    }
    for part in [
        "--one-file-system",
        "--max-depth <N>",
        "--deadline <SECS>",
        "lines",
        "jsonl",
        "tree",
        "--diff",
        "[DIR]",
    ] {
        has(&help, part);
    }
}
