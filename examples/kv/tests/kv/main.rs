//! Tests of the example `kv`: its language, and tests that run it as a process.

mod commands;
mod kills;
mod refusals;
mod shell;
mod words;

use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use bytetrie_examples::process::Example;

/// The example.
const KV: Example = Example::of_package("kv", env!("CARGO_BIN_EXE_kv"));

/// Runs a command on a file, expects success, and returns what it prints.
#[track_caller]
fn prints(file: &Path, args: &[&str]) -> String {
    KV.prints([&[file.as_os_str()], &args.iter().map(OsStr::new).collect::<Vec<_>>()[..]].concat())
}

/// Runs a command on a file, expects exit status 2, and returns the line on standard error.
#[track_caller]
fn refuses(file: &Path, args: &[&str]) -> String {
    KV.refuses([&[file.as_os_str()], &args.iter().map(OsStr::new).collect::<Vec<_>>()[..]].concat())
}

/// Runs a command with this input.
fn piped(command: &mut Command, input: &[u8]) -> Output {
    let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().expect("the example can be started");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    // It may end before it has read everything.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("it does not panic");
    output
}

/// Runs the shell on a file with this input. Returns the exit status, and what is printed on
/// standard output and standard error.
fn shell(file: &Path, args: &[&str], input: &str) -> (i32, String, String) {
    let output = piped(Command::new(KV.path()).arg(file).args(args), input.as_bytes());
    let [out, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("text"));
    (output.status.code().expect("an exit status"), out, errors)
}

/// Returns the lines of a text, without the times.
fn untimed(text: &str) -> Vec<String> {
    let is_time = |word: &&str| word.len() == 20 && word.ends_with('Z') && word.as_bytes()[10] == b'T';
    let line = |line: &str| {
        let words: Vec<_> = line.split("  ").collect();
        assert!(words.iter().any(is_time), "{line}");
        words.into_iter().filter(|word| !is_time(word)).collect::<Vec<_>>().join("  ")
    };
    text.lines().map(line).collect()
}
