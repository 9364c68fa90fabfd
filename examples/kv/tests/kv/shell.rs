//! The shell on a pipe.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use bytetrie_examples::process::{Scratch, has};
use bytetrie_kv::print::Printer;
use bytetrie_kv::shell::Manner;

use crate::{KV, prints, refuses, shell, untimed};

#[test]
fn lines_are_commands() {
    let dir = Scratch::new("kv-lines");
    let file = dir.0.join("a.kv");
    let input = "# fruit\nput apple green\n\n  put pear \"light yellow\"\r\nget pear\nscan\ndel apple\nat 2 get apple\n\
                 diff 1\nget apple\ndel apple\nput \\xff\\n 1\nscan --from q\ncompact --keep 1\nget pear";
    let (status, out, errors) = shell(&file, &[], input);
    assert_eq!(status, 0);
    let expected = "ok 1\nok 2\nlight yellow\napple green\npear \"light yellow\"\nok 3\ngreen\n\
                    - apple green\n+ pear \"light yellow\"\nok 4\n\"\\xff\\n\" 1\nok, 1 version kept, ";
    assert!(out.starts_with(expected) && out.ends_with(" bytes freed\nlight yellow\n"), "{out}");
    assert_eq!(errors, "kv: no such key: apple\nkv: no such key: apple\n");
    assert_eq!(untimed(&prints(&file, &["history"])).len(), 1);
}

#[test]
fn every_answer_in_json_is_a_line() {
    let dir = Scratch::new("kv-json");
    let (status, out, _) =
        shell(&dir.0.join("a.kv"), &["--json"], "put a 1\nget a\nget b\ndel b\ndel a\nscan\nput a 2");
    let expected = "{\"version\":1}\n{\"key\":\"a\",\"value\":\"1\"}\n{\"key\":\"b\",\"value\":null}\n\
                    {\"key\":\"b\",\"value\":null}\n{\"version\":2}\n{\"version\":3}\n";
    assert_eq!((status, out.as_str()), (0, expected));
}

#[test]
fn the_shell_ends_at_the_end_of_its_input_or_if_it_is_told() {
    let dir = Scratch::new("kv-end");
    let file = dir.0.join("a.kv");
    assert_eq!(shell(&file, &[], ""), (0, String::new(), String::new()));
    for quit in ["quit", "exit"] {
        let (status, out, errors) = shell(&file, &["--batch=9"], &format!("put a 1\n{quit}\nput a 2\n"));
        assert_eq!((status, out.lines().count(), errors.as_str()), (0, 1, ""));
    }
    assert_eq!(prints(&file, &["get", "a"]), "1\n");
    let (status, out, help) = shell(&file, &[], "help\nput --help\nget a\n");
    assert_eq!((status, out.as_str()), (0, "1\n"));
    has(&help, "Words are separated by blanks");
    has(&help, "Set the value of a key");
}

#[test]
fn a_wrong_line_ends_a_piped_shell_and_what_came_before_is_kept() {
    let dir = Scratch::new("kv-wrong");
    let file = dir.0.join("a.kv");
    for (line, problem) in [
        ("bad", "unrecognized subcommand 'bad'"),
        ("put c", "the following required arguments were not provided: <VALUE>"),
        ("put \"c", "a quote is not closed"),
        ("get \\q", "unknown escape"),
        ("at 99 scan", "no version 99"),
        ("at x scan", "invalid value 'x'"),
        ("compact --keep 0", "0 is not in 1.."),
    ] {
        for batch in ["--batch=1", "--batch=100"] {
            let (status, out, errors) =
                shell(&file, &[batch], &format!("put a 1\nput b 2\n{line}\nput a 3\n"));
            assert_eq!((status, out.lines().count()), (2, 2), "{line}: {errors}");
            assert!(errors.starts_with("kv: line 3: ") && errors.lines().count() == 1, "{line}: {errors}");
            has(&errors, problem);
            assert_eq!(prints(&file, &["scan"]), "a 1\nb 2\n");
        }
    }
}

#[test]
fn a_person_is_prompted_and_goes_on_after_a_wrong_line() {
    let dir = Scratch::new("kv-person");
    let mut printer = Printer::new(Vec::new(), false);
    let manner = Manner { batch: 1, is_interactive: true };
    let input = &b"put a 1\nbad\nat 7 scan\nget \"\nget b\nget a\n"[..];
    let result = bytetrie_kv::shell::run(&dir.0.join("a.kv"), input, &mut printer, manner);
    result.map_err(|failure| failure.message).unwrap();
    let expected = "kv> ok 1\nkv> kv> kv> kv> kv> 1\nkv> \n";
    assert_eq!(String::from_utf8(printer.out).unwrap(), expected);
}

#[test]
fn a_batch_is_one_version() {
    let dir = Scratch::new("kv-batch");
    let file = dir.0.join("a.kv");
    let mut input: String = (0..25).map(|i| format!("put k{i:02} {i}\n")).collect();
    input.push_str("del k03\nget k04\nput a 1\nput b 2\n");
    let (status, out, errors) = shell(&file, &["--batch=10"], &input);
    let acknowledged: Vec<_> = out.lines().collect();
    let version = |n, number| vec![format!("ok {number}"); n];
    let expected =
        [version(10, 1), version(10, 2), version(6, 3), vec!["4".to_string()], version(2, 4)].concat();
    assert_eq!(
        (status, acknowledged, errors.as_str()),
        (0, expected.iter().map(String::as_str).collect(), "")
    );
    let history = untimed(&prints(&file, &["history"]));
    let changes: Vec<_> = history.iter().map(|line| line.rsplit("  ").next().unwrap()).collect();
    assert_eq!(changes, ["2 changes", "6 changes", "10 changes", "10 changes"]);
    assert_eq!(prints(&file, &["at", "2", "scan", "--from", "k19"]), "k19 19\n");
}

#[test]
fn a_batch_does_not_wait_for_more() {
    let dir = Scratch::new("kv-wait");
    let mut command = Command::new(KV.path());
    let command = command.arg(dir.0.join("a.kv")).arg("--batch=1000");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(input, "put a {number}").unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert_eq!(line, format!("ok {number}\n"));
    }
    drop(input);
    let mut rest = String::new();
    answers.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success() && rest.is_empty());
}

#[test]
fn what_is_scanned_can_be_put_elsewhere() {
    let dir = Scratch::new("kv-copy");
    let (from, to) = (dir.0.join("a.kv"), dir.0.join("b.kv"));
    let input = "put a 1\nput \"\" \"\"\nput \"b \\n\\\"\" \\xff\\xfe\nput -c --json\nput # #\nput ä ö\n";
    assert_eq!(shell(&from, &[], input).0, 0);
    let scanned = prints(&from, &["scan"]);
    let lines: String = scanned.lines().map(|line| format!("put -- {line}\n")).collect();
    assert_eq!(shell(&to, &["--batch=100"], &lines).0, 0);
    assert_eq!(prints(&to, &["scan"]), scanned);
    assert_eq!(scanned.lines().count(), 6);
}

#[test]
fn one_process_writes_and_others_read() {
    let dir = Scratch::new("kv-second");
    let file = dir.0.join("a.kv");
    let mut command = Command::new(KV.path());
    let mut child = command.arg(&file).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    let mut tell = |line: &str| {
        writeln!(input, "{line}").unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        answer
    };
    assert_eq!(tell("put a 1"), "ok 1\n");
    assert_eq!(prints(&file, &["get", "a"]), "1\n");
    for args in [&["put", "b", "2"][..], &["del", "a"], &["compact", "--keep", "1"], &[]] {
        has(&refuses(&file, args), "a.kv: another process has it open for writing\n");
    }
    assert_eq!(tell("put b 2"), "ok 2\n");
    assert_eq!(prints(&file, &["scan"]), "a 1\nb 2\n");
    has(&tell("compact --keep 1"), "ok, 1 version kept");
    has(&refuses(&file, &["put", "b", "2"]), "another process");
    assert_eq!(prints(&file, &["scan"]), "a 1\nb 2\n");
    drop(input);
    assert!(child.wait().unwrap().success());
    assert_eq!(prints(&file, &["put", "c", "3"]), "ok 3\n");
}
