//! The example `scan` in a changing environment: files change between two scans, and readers close
//! the output. Also scans of system directories, compared with `find`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use bytetrie_examples::process::{Scratch, has};

use crate::process::{SCAN, bytes, command, errors, object, run, sorted_lines};

/// A running process with `--diff`, which scans again at each line of input.
struct Watcher {
    child: Child,
    told: BufReader<ChildStderr>,
}

impl Watcher {
    fn new(dir: &Scratch, args: &[&str]) -> Self {
        let mut command = command(&dir.0, [&["--diff"], args].concat());
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("the example can be started");
        let told = BufReader::new(child.stderr.take().expect("it is piped"));
        Self { child, told }
    }

    /// Waits until the process has printed this text on stderr.
    #[track_caller]
    fn tells(&mut self, part: &str) {
        let mut line = String::new();
        while !line.contains(part) {
            line.clear();
            assert!(self.told.read_line(&mut line).unwrap() > 0, "it ended without telling {part:?}");
        }
    }

    fn again(&mut self) {
        let stdin = self.child.stdin.as_mut().expect("it is open");
        stdin.write_all(b"\n").expect("it waits for a line");
    }

    /// Ends the input, so that the process scans for the last time. Returns its output and exit
    /// status.
    fn end(self) -> (Vec<u8>, Option<i32>) {
        let output = self.child.wait_with_output().expect("it ends");
        (output.stdout, output.status.code())
    }
}

#[test]
fn a_second_scan_prints_what_has_changed() {
    let dir = Scratch::new("scan-diff");
    for name in ["a", "a.b", "a-b/x", "c/d", "c/e", "gone"] {
        dir.file(name, name.as_bytes());
    }
    let mut watcher = Watcher::new(&dir, &["."]);
    watcher.tells("scan: 6 entries, ");
    watcher.again();
    watcher.tells("scan: 0 changes found in ");

    dir.file("c/e", b"longer than before");
    dir.file("a!", b"new");
    dir.file("b/new", b"new");
    fs::remove_file(dir.0.join("gone")).unwrap();
    fs::remove_dir_all(dir.0.join("a-b")).unwrap();
    fs::create_dir(dir.0.join("a-b")).unwrap();
    watcher.again();
    watcher.tells("scan: 5 changes found in ");

    fs::remove_file(dir.0.join("b/new")).unwrap();
    let (printed, status) = watcher.end();
    // Changes are in the order of components: "a-b/x" comes after "a!", which comes after the
    // content of "a".
    let changes = ["+ ./a!", "- ./a-b/x", "+ ./b/new", "~ ./c/e", "- ./gone", "- ./b/new"];
    assert_eq!(str::from_utf8(&printed).unwrap().lines().collect::<Vec<_>>(), changes);
    assert_eq!(status, Some(0));
}

#[cfg(unix)]
#[test]
fn changes_are_told_in_json() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Scratch::new("scan-diff-json");
    dir.file("kept", b"");
    dir.file("changed", b"1");
    dir.file("gone", b"123");
    // The clock of file times may be too coarse to have advanced since.
    fs::File::open(&dir.0).unwrap().set_modified(std::time::UNIX_EPOCH).expect("it is ours");
    let mut watcher = Watcher::new(&dir, &["--format=jsonl", "--dirs", "--max-depth=1"]);
    watcher.tells("scan: 4 entries, 4 bytes");
    dir.file("changed", b"12");
    fs::remove_file(dir.0.join("gone")).unwrap();
    fs::create_dir(dir.0.join(std::ffi::OsStr::from_bytes(b"new\xFF"))).unwrap();
    // The end of the input causes a scan like a line does.
    let (printed, status) = watcher.end();
    assert_eq!(status, Some(0));
    let changes: BTreeMap<_, _> = sorted_lines(&printed).iter().map(|line| object(line)).collect();
    let told = |path: &[u8]| {
        let change = &changes[path];
        ["change", "kind", "size"].map(|field| change[field].to_string())
    };
    assert_eq!(told(b"./changed"), ["\"changed\"", "\"file\"", "2"]);
    assert_eq!(told(b"./gone"), ["\"removed\"", "\"file\"", "3"]);
    assert_eq!(told(b"./new\xFF")[..2], ["\"added\"", "\"directory\""]);
    assert_eq!(told(b".")[..2], ["\"changed\"", "\"directory\""]);
    assert_eq!(changes[&b"./changed"[..]]["before"]["size"], 1);
    assert_eq!(changes[&b"./gone"[..]].get("before"), None);
    assert_eq!(changes.len(), 4);
}

#[test]
fn no_change_is_told_of_a_scan_that_was_stopped() {
    let dir = Scratch::new("scan-diff-stopped");
    dir.file("a", b"");
    let output = run(&dir.0, ["--diff", "--deadline=0"]);
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(1), &b""[..]));
    has(&errors(&output), "scan: the changes are unknown, because a scan was stopped\n");
    has(&errors(&output), "scan: incomplete: stopped after 0 s\n");
}

/// Creates a directory whose paths are far more than the capacity of a pipe.
fn many_files(name: &str) -> Scratch {
    let dir = Scratch::new(name);
    for i in 0..4_000 {
        dir.file(&format!("{}/{i}-{}", i % 10, "long".repeat(50)), b"");
    }
    dir
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let dir = many_files("scan-pipe");
    for args in [&["--format=lines"][..], &["--format=jsonl"], &["--format=tree"]] {
        let piped = command(&dir.0, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = piped.expect("the example can be started");
        let mut out = child.stdout.take().expect("it is piped");
        out.read_exact(&mut [0; 100]).expect("there are lines");
        drop(out);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), errors(&output)), (Some(0), String::new()), "{args:?}");
    }
}

#[test]
fn lines_of_several_threads_stay_whole() {
    let dir = many_files("scan-whole");
    let output = run(&dir.0, ["--threads=8", "--format=jsonl"]);
    let lines = sorted_lines(&output.stdout);
    let paths: BTreeMap<_, _> = lines.iter().map(|line| object(line)).collect();
    assert_eq!((lines.len(), paths.len()), (4_000, 4_000));
    has(&errors(&output), "scan: 4,000 entries, 0 bytes in ");
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_a_failure() {
    let dir = Scratch::new("scan-full");
    dir.file("a", b"");
    for format in ["--format=lines", "--format=tree"] {
        let full = fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let output = command(&dir.0, [format]).stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        has(&errors(&output), "scan: cannot write the report: ");
    }
}

/// Returns the output of `find`, or `None` if the directory or `find` is missing.
fn found(dir: &Path, tests: &[&str]) -> Option<Vec<Vec<u8>>> {
    let output =
        dir.exists().then(|| Command::new("find").arg(dir).args(tests).arg("-print0").output())?.ok()?;
    let mut paths: Vec<_> = output.stdout.split(|&byte| byte == 0).map(<[u8]>::to_vec).collect();
    paths.sort();
    // The empty piece after the last zero byte.
    assert_eq!(paths.remove(0), b"");
    output.status.success().then_some(paths)
}

/// Compares with `find`, and returns false if there is nothing to compare with. The comparison is
/// repeated if it fails, because the directory may change in the meantime.
#[track_caller]
fn as_find_has_it(dir: &str, options: &[&str], tests: &[&str]) -> bool {
    let dir = Path::new(dir);
    for turn in 0.. {
        let Some(expected) = found(dir, tests) else { return false };
        let output =
            run(Path::new("/"), [&["--no-gitignore", "--hidden", dir.to_str().unwrap()], options].concat());
        let mut paths = output.stdout.clone();
        let mut printed: Vec<u8> = expected.iter().flat_map(|path| [path, &b"\n"[..]].concat()).collect();
        assert!(output.status.success(), "{}", errors(&output));
        if output.stdout.len() == printed.len() && sorted_lines(&paths) == sorted_lines(&printed) {
            println!("{} entries below {}", expected.len(), dir.display());
            return true;
        }
        paths.sort();
        printed.sort();
        assert!(turn < 3, "{} bytes, and {} by find", paths.len(), printed.len());
    }
    unreachable!("it was tried often enough")
}

#[cfg(unix)]
#[test]
fn directories_of_the_system_are_as_find_has_them() {
    let files = &["-type", "f"];
    let mut compared = 0;
    // Some of these directories may be missing. The first two that exist are compared.
    for dir in [
        "/usr/include",
        "/usr/share/doc",
        "/usr/share/man",
        "/usr/lib/python3",
        "/etc/ssl",
        "/bin/.",
        "/lib/.",
    ] {
        if compared < 2 && as_find_has_it(dir, &[], files) {
            assert!(as_find_has_it(dir, &["--dirs"], &[]));
            assert!(as_find_has_it(dir, &["--dirs", "--max-depth=2", "--threads=7"], &["-maxdepth", "2"]));
            compared += 1;
        }
    }
    // This crate's sources always exist.
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    if !as_find_has_it(own.to_str().unwrap(), &[], files) {
        let walk = walkdir::WalkDir::new(&own).into_iter().map(Result::unwrap);
        let mut expected: Vec<_> =
            walk.filter(|entry| entry.file_type().is_file()).map(|entry| bytes(entry.path())).collect();
        expected.sort();
        assert_eq!(sorted_lines(&run(&own, [&own]).stdout), expected);
        println!("skipped: there is no find");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn other_file_systems_are_entered_or_not() {
    // On nearly all systems, other file systems are mounted below /dev.
    let mounted = found(Path::new("/dev"), &[]) != found(Path::new("/dev"), &["-xdev"]);
    if !mounted || !as_find_has_it("/dev", &["--dirs", "--one-file-system"], &["-xdev"]) {
        println!("skipped: nothing can be told apart below /dev");
    }
}

#[test]
fn one_scan_more_for_each_line() {
    let dir = Scratch::new("scan-lines");
    dir.file("a", b"");
    let mut watcher = Watcher::new(&dir, &[]);
    for _ in 0..3 {
        watcher.again();
        watcher.tells("scan: 1 entry, ");
        watcher.tells("scan: 0 changes found in ");
    }
    assert_eq!(watcher.end(), (Vec::new(), Some(0)));
    has(&SCAN.refuses(["--diff", "no/such/place"]), "no/such/place");
    has(&SCAN.prints(["--version"]), "scan ");
}
