//! The example `parallel_copy` as a user meets it: a process with arguments, output and an exit status.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The built example, which `cargo test` builds next to the tests: `<target>/<profile>/examples`.
fn example() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows its own path");
    let profile = test.parent().and_then(Path::parent).expect("tests lie in <profile>/deps");
    let path = profile.join("examples").join(format!("parallel_copy{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "no {}: run `cargo build --example parallel_copy` first", path.display());
    path
}

fn run<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Output {
    Command::new(example()).args(args).output().expect("the example can be started")
}

/// Runs it, expects success, and returns what it printed.
#[track_caller]
fn prints<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> String {
    let output = run(args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {errors}", output.status);
    assert_eq!(errors, "", "nothing goes to stderr where it is no terminal");
    String::from_utf8(output.stdout).expect("the report is text")
}

/// Runs it, expects exit status 2 and one line on stderr, and returns that line.
#[track_caller]
fn refuses<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> String {
    let output = run(args);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "nothing is reported");
    let errors = String::from_utf8(output.stderr).expect("the message is text");
    assert_eq!(errors.lines().count(), 1, "one line: {errors:?}");
    assert!(errors.starts_with("parallel_copy: ") && errors.ends_with('\n'), "{errors:?}");
    errors
}

#[track_caller]
fn has(report: &str, part: &str) {
    assert!(report.contains(part), "{part:?} is not in\n{report}");
}

/// A directory that is removed with its content when the test ends, however it ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("bytetrie-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary directory can be written");
        Self(path)
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it lies below the directory")).expect("it can be written");
        fs::write(&path, content).expect("it can be written");
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn paths(path: &Path, more: &[&str]) -> Vec<PathBuf> {
    [Path::new("--paths"), path]
        .into_iter()
        .chain(more.iter().map(Path::new))
        .map(Path::to_path_buf)
        .collect()
}

#[test]
fn without_arguments_it_does_the_printed_work() {
    let report = prints::<&str>([]);
    has(&report, "65,535 elements over 4 workers: 65,532 values");
    has(&report, "copied   65,532 pairs in ");
    has(&report, " with 4 threads");
    has(&report, "million/s");
    has(&report, "the copy equals its source: 65,532 pairs");
}

#[test]
fn elements_and_threads_are_chosen() {
    let report = prints(["--elements", "1000", "--threads", "3"]);
    has(&report, "1,000 elements over 3 workers: 999 values");
    has(&report, "copied   999 pairs in ");
    has(&prints(["--elements", "1", "--threads", "1"]), "equals its source: 1 pair\n");
    has(&prints(["--elements", "0"]), "equals its source: 0 pairs");
    has(&prints(["--elements", "256", "--threads", "256"]), "equals its source: 256 pairs");
}

#[test]
fn compare_tells_the_speed_up() {
    let report = prints(["--compare", "--threads", "2"]);
    has(&report, "ms with 1 thread, ");
    has(&report, "ms with 2 threads: ");
    has(&report, " times as fast");
}

#[test]
fn a_directory_is_copied_path_by_path() {
    let dir = Scratch::new("directory");
    dir.file("a", b"1");
    dir.file("b/c", b"22");
    dir.file("b/d/e", b"");
    // a, b, b/c, b/d, b/d/e
    let report = prints(paths(&dir.0, &["--threads", "2"]));
    has(&report, "5 paths over 2 workers: 5 different keys");
    has(&report, "the copy equals its source: 5 pairs");
}

#[test]
fn an_empty_directory_is_no_error() {
    let dir = Scratch::new("empty");
    let report = prints(paths(&dir.0, &["--compare"]));
    has(&report, "0 paths over 4 workers: 0 different keys");
    has(&report, "the copy equals its source: 0 pairs");
}

#[test]
fn a_file_is_copied_line_by_line() {
    let dir = Scratch::new("lines");
    // Bytes that are no text, an empty line, a line twice, a line that begins another, no line break at the end.
    let file = dir.file("lines", b"one\n\xFF\xFE\x80\n\none\n\0\ntwo\none more");
    let report = prints(paths(&file, &["--threads", "3"]));
    has(&report, "7 lines over 3 workers: 6 different keys");
    has(&report, "the copy equals its source: 6 pairs");
}

#[test]
fn line_breaks_end_lines() {
    let dir = Scratch::new("breaks");
    for (content, lines) in [("", 0), ("\n", 1), ("a", 1), ("a\n", 1), ("a\n\n", 2), ("\na", 2)] {
        let file = dir.file("breaks", content.as_bytes());
        let report = prints(paths(&file, &[]));
        has(&report, &format!("input    {lines} lines over"));
        has(&report, &format!("{lines} different keys"));
    }
}

#[test]
fn more_workers_than_lines() {
    let dir = Scratch::new("few");
    let file = dir.file("few", b"a\nb\n");
    has(&prints(paths(&file, &["--threads", "7"])), "the copy equals its source: 2 pairs");
}

#[cfg(target_os = "linux")]
#[test]
fn file_names_that_are_no_text_are_copied() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Scratch::new("names");
    fs::write(dir.0.join(OsStr::from_bytes(b"\xFF\xFE")), b"x").expect("any bytes are a name");
    has(&prints(paths(&dir.0, &[])), "the copy equals its source: 1 pair\n");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_counted_or_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = Scratch::new("closed");
    dir.file("open/a", b"1");
    dir.file("closed/b", b"1");
    let closed = dir.0.join("closed");
    let set_mode = |mode| fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).expect("it is ours");
    set_mode(0);
    if fs::read_dir(&closed).is_ok() {
        println!("skipped: this user may read everything");
        set_mode(0o700);
        return;
    }
    let below = run(paths(&dir.0, &[]));
    let itself = run(paths(&closed, &[]));
    set_mode(0o700);

    assert_eq!(below.status.code(), Some(0), "an entry that cannot be read is not fatal");
    let report = String::from_utf8_lossy(&below.stdout);
    has(&report, "skipped  1 entry that cannot be read");
    // open, open/a, closed
    has(&report, "the copy equals its source: 3 pairs");
    assert_eq!(itself.status.code(), Some(2), "a directory that cannot be read itself is bad input");
    has(&String::from_utf8_lossy(&itself.stderr), "cannot read \"");
}

#[test]
fn bad_input_is_refused_in_one_line() {
    let dir = Scratch::new("refused");
    let absent = dir.0.join("absent");
    let line = refuses(paths(&absent, &[]));
    has(&line, "cannot read \"");
    has(&line, "absent");

    has(&refuses(["--threads", "0"]), "'0'");
    has(&refuses(["--threads", "257"]), "1..=256");
    has(&refuses(["--threads", "many"]), "'many'");
    has(&refuses(["--threads"]), "--threads");
    has(&refuses(["--elements", "1.5"]), "'1.5'");
    has(&refuses(["--elements", "-1"]), "-1");
    has(&refuses(["--no-such-thing"]), "--no-such-thing");
    has(&refuses(["stray"]), "stray");
    has(&refuses(["--paths", ".", "--elements", "5"]), "cannot be used with");
}

#[test]
fn help_is_no_error() {
    let help = prints(["--help"]);
    for option in ["--paths", "--threads", "--elements", "--compare"] {
        has(&help, option);
    }
}
