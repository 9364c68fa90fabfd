//! The example `parallel_copy`, run as a process with arguments.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use bytetrie_examples::process::{Example, Scratch, has};

const EXAMPLE: Example = Example::of_library("parallel_copy");

fn paths(path: &Path, more: &[&str]) -> Vec<PathBuf> {
    [Path::new("--paths"), path]
        .into_iter()
        .chain(more.iter().map(Path::new))
        .map(Path::to_path_buf)
        .collect()
}

#[test]
fn without_arguments_it_does_the_printed_work() {
    let report = EXAMPLE.prints::<&str>([]);
    has(&report, "65,535 elements over 4 workers: 65,532 values");
    has(&report, "copied   65,532 pairs in ");
    has(&report, " with 4 threads");
    has(&report, "million/s");
    has(&report, "the copy equals its source: 65,532 pairs");
}

#[test]
fn elements_and_threads_are_chosen() {
    let report = EXAMPLE.prints(["--elements", "1000", "--threads", "3"]);
    has(&report, "1,000 elements over 3 workers: 999 values");
    has(&report, "copied   999 pairs in ");
    has(&EXAMPLE.prints(["--elements", "1", "--threads", "1"]), "equals its source: 1 pair\n");
    has(&EXAMPLE.prints(["--elements", "0"]), "equals its source: 0 pairs");
    has(&EXAMPLE.prints(["--elements", "256", "--threads", "256"]), "equals its source: 256 pairs");
}

#[test]
fn compare_tells_the_speed_up() {
    let report = EXAMPLE.prints(["--compare", "--threads", "2"]);
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
    let report = EXAMPLE.prints(paths(&dir.0, &["--threads", "2"]));
    has(&report, "5 paths over 2 workers: 5 different keys");
    has(&report, "the copy equals its source: 5 pairs");
}

#[test]
fn an_empty_directory_is_no_error() {
    let dir = Scratch::new("empty");
    let report = EXAMPLE.prints(paths(&dir.0, &["--compare"]));
    has(&report, "0 paths over 4 workers: 0 different keys");
    has(&report, "the copy equals its source: 0 pairs");
}

#[test]
fn a_file_is_copied_line_by_line() {
    let dir = Scratch::new("lines");
    // Bytes that are not UTF-8, an empty line, a duplicate line, a line that is a prefix of
    // another, no line feed at the end.
    let file = dir.file("lines", b"one\n\xFF\xFE\x80\n\none\n\0\ntwo\none more");
    let report = EXAMPLE.prints(paths(&file, &["--threads", "3"]));
    has(&report, "7 lines over 3 workers: 6 different keys");
    has(&report, "the copy equals its source: 6 pairs");
}

#[test]
fn line_breaks_end_lines() {
    let dir = Scratch::new("breaks");
    for (content, lines) in [("", 0), ("\n", 1), ("a", 1), ("a\n", 1), ("a\n\n", 2), ("\na", 2)] {
        let file = dir.file("breaks", content.as_bytes());
        let report = EXAMPLE.prints(paths(&file, &[]));
        has(&report, &format!("input    {lines} lines over"));
        has(&report, &format!("{lines} different keys"));
    }
}

#[test]
fn more_workers_than_lines() {
    let dir = Scratch::new("few");
    let file = dir.file("few", b"a\nb\n");
    has(&EXAMPLE.prints(paths(&file, &["--threads", "7"])), "the copy equals its source: 2 pairs");
}

#[cfg(target_os = "linux")]
#[test]
fn file_names_that_are_no_text_are_copied() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Scratch::new("names");
    fs::write(dir.0.join(OsStr::from_bytes(b"\xFF\xFE")), b"x").expect("any bytes are a name");
    has(&EXAMPLE.prints(paths(&dir.0, &[])), "the copy equals its source: 1 pair\n");
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
    let below = EXAMPLE.run(paths(&dir.0, &[]));
    let itself = EXAMPLE.run(paths(&closed, &[]));
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
    let line = EXAMPLE.refuses(paths(&absent, &[]));
    has(&line, "cannot read \"");
    has(&line, "absent");

    has(&EXAMPLE.refuses(["--threads", "0"]), "'0'");
    has(&EXAMPLE.refuses(["--threads", "257"]), "1..=256");
    has(&EXAMPLE.refuses(["--threads", "many"]), "'many'");
    has(&EXAMPLE.refuses(["--threads"]), "--threads");
    has(&EXAMPLE.refuses(["--elements", "1.5"]), "'1.5'");
    has(&EXAMPLE.refuses(["--elements", "-1"]), "-1");
    has(&EXAMPLE.refuses(["--no-such-thing"]), "--no-such-thing");
    has(&EXAMPLE.refuses(["stray"]), "stray");
    has(&EXAMPLE.refuses(["--paths", ".", "--elements", "5"]), "cannot be used with");
}

#[test]
fn help_is_no_error() {
    let help = EXAMPLE.prints(["--help"]);
    for option in ["--paths", "--threads", "--elements", "--compare"] {
        has(&help, option);
    }
}
