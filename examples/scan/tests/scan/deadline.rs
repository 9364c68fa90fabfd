//! The deadline of the example `scan`: it is kept if a file system does not respond, and if nobody
//! reads the output.

use std::io::Read;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use bytetrie_examples::process::{Scratch, has};

use crate::process::{SCAN, command, errors, sorted_lines};

/// Runs the example in a directory in which `hung` is a file system that never responds. Returns
/// `None` if such a file system cannot be mounted.
fn beside_a_hung_file_system(dir: &Scratch, args: &str) -> Option<Output> {
    std::fs::create_dir_all(dir.0.join("hung")).unwrap();
    // A file system in user space without a server. Only these processes see it, and it disappears
    // with them.
    let script = format!(
        "exec 3<>/dev/fuse || exit 77
        mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 hung hung || exit 77
        '{}' {args}",
        SCAN.path().display()
    );
    let mut unshare = Command::new("unshare");
    unshare.args(["--mount", "sh", "-c", &script]).current_dir(&dir.0);
    let nowhere = dir.0.join("no/such/home");
    unshare.env("HOME", &nowhere).env("XDG_CONFIG_HOME", nowhere).stdin(Stdio::null());
    let start = Instant::now();
    let output = unshare.output().ok()?;
    let hung = output.status.code() != Some(77) && !errors(&output).contains("unshare");
    assert!(start.elapsed() < Duration::from_secs(20), "the deadline has passed long ago");
    hung.then_some(output)
}

#[test]
fn a_file_system_that_does_not_answer_is_left_at_the_deadline() {
    let dir = Scratch::new("scan-hung");
    for name in ["a/x", "b/c/y", "z"] {
        dir.file(name, b"12345");
    }
    for (args, count) in [
        ("--deadline=1 . --threads=1 --no-gitignore --format=tree", 1..=7),
        ("--deadline=1 .", 3..=3),
        ("--deadline=1 --threads=4 --format=jsonl", 3..=3),
        ("--deadline=1 --sort --threads=2", 3..=3),
        ("--deadline=1 . --format=tree --threads=2", 7..=7),
        // The hung file system is a root, and is above a root.
        ("--deadline=1 hung", 0..=0),
        ("--deadline=1 a hung/sub --format=tree", 2..=2),
    ] {
        let Some(output) = beside_a_hung_file_system(&dir, args) else {
            println!("skipped: this user may not mount anything");
            return;
        };
        let told = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{args}: {told}");
        let lines = sorted_lines(&output.stdout).len();
        assert!(count.contains(&lines), "{args}: {lines} lines\n{told}");
        has(&told, "hung");
        has(&told, ": there was no answer before the deadline\n");
        has(&told, "scan: incomplete: stopped after 1 s\n");
    }
    // A hung file system outside the scan does not matter.
    let output = beside_a_hung_file_system(&dir, "--deadline=20 --glob='!hung'").unwrap();
    assert_eq!(
        (output.status.code(), sorted_lines(&output.stdout).len()),
        (Some(0), 3),
        "{}",
        errors(&output)
    );
}

#[test]
fn a_reader_that_does_not_read_is_left_at_the_deadline() {
    let dir = Scratch::new("scan-unread");
    for i in 0..3_000 {
        dir.file(&format!("{}/{i}-{}", i % 10, "long".repeat(50)), b"");
    }
    for args in [&["--format=lines"][..], &["--format=jsonl"], &["--format=tree"], &["--sort"]] {
        let mut command = command(&dir.0, args);
        command.arg("--deadline=1").stdout(Stdio::piped()).stderr(Stdio::piped());
        let start = Instant::now();
        let mut child = command.spawn().expect("the example can be started");
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "the deadline has passed long ago");
            std::thread::sleep(Duration::from_millis(10));
        };
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!(status.code(), Some(1), "{args:?}: {told}");
        has(&told, "scan: incomplete: the deadline has passed, and nobody reads the output\n");
    }
}

#[test]
fn troubles_that_nobody_reads_are_left_at_the_deadline() {
    let dir = Scratch::new("scan-untold");
    // Each line has a number. The output is larger than the capacity of a pipe.
    dir.file(".gitignore", &b"[\n".repeat(5_000));
    let mut command = command(&dir.0, ["--deadline=1"]);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(start.elapsed() < Duration::from_secs(20), "the deadline has passed long ago");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
