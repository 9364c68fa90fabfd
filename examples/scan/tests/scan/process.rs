//! Helpers that run the example `scan` as a process, and parse its output.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use bytetrie_examples::process::{Example, Scratch};

/// The example.
pub(crate) const SCAN: Example = Example::of_package("scan", env!("CARGO_BIN_EXE_scan"));

/// Returns a command for the example with these arguments, in this directory, isolated from the
/// user's configuration of git.
pub(crate) fn command<A: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(SCAN.path());
    let nowhere = dir.join("no/such/home");
    command.current_dir(dir).args(args).env("HOME", &nowhere).env("XDG_CONFIG_HOME", nowhere);
    command
}

/// Runs the example, and returns its standard output and standard error.
pub(crate) fn run<A: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = A>) -> Output {
    command(dir, args).output().expect("the example can be started")
}

/// Returns the standard error of the example.
pub(crate) fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("what is told is text")
}

/// Returns the lines of the output, sorted.
pub(crate) fn sorted_lines(output: &[u8]) -> Vec<Vec<u8>> {
    assert!(output.is_empty() || output.ends_with(b"\n"), "all lines are whole");
    let mut lines: Vec<_> =
        output.split_inclusive(|&byte| byte == b'\n').map(|line| line[..line.len() - 1].to_vec()).collect();
    lines.sort();
    lines
}

/// Parses a line of JSON, and returns its path and the whole object.
#[track_caller]
pub(crate) fn object(line: &[u8]) -> (Vec<u8>, Value) {
    let object: Value = serde_json::from_slice(line).expect("a line is JSON");
    let path = match (object.get("path"), object.get("path_bytes")) {
        (Some(path), None) => path.as_str().expect("a string").as_bytes().to_vec(),
        (None, Some(bytes)) => {
            let bytes = bytes.as_array().expect("an array").iter();
            bytes.map(|byte| byte.as_u64().expect("a number") as u8).collect()
        }
        _ => panic!("one of the two: {object}"),
    };
    (path, object)
}

/// Creates a directory of these files. The content of each file is its name.
pub(crate) fn scratch(name: &str, files: &[&str]) -> Scratch {
    let scratch = Scratch::new(&format!("scan-{name}"));
    for name in files {
        scratch.file(name, name.as_bytes());
    }
    scratch
}

#[cfg(unix)]
pub(crate) fn link(dir: &Scratch, target: &str, name: &str) {
    std::os::unix::fs::symlink(target, dir.0.join(name)).expect("a link can be made");
}

#[cfg(unix)]
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
pub(crate) fn bytes(path: &Path) -> Vec<u8> {
    path.to_str().expect("names are text here").as_bytes().to_vec()
}
