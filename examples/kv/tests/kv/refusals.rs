//! Files that cannot be used: each is refused in one clear line, and left as it is.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use bytetrie::PathMap;
use bytetrie::file::Store;
use bytetrie_examples::process::{Scratch, has};

use crate::{KV, piped, prints, refuses, shell};

/// Commands that read, and commands that write.
const READS: [&[&str]; 4] = [&["get", "a"], &["scan"], &["history"], &["diff", "1"]];
const WRITES: [&[&str]; 4] = [&["put", "a", "1"], &["del", "a"], &["compact", "--keep", "1"], &[]];

#[test]
fn wrong_arguments_are_refused() {
    let dir = Scratch::new("kv-arguments");
    let file = dir.0.join("a.kv");
    for (args, problem) in [
        (&["put", "a"][..], "not provided: <VALUE> (see kv --help)"),
        (&["put"], "not provided: <KEY> <VALUE> (see kv --help)"),
        (&["put", "a", "b", "c"], "unexpected argument 'c'"),
        (&["foo"], "'foo'"),
        (&["compact"], "not provided: --keep <N> (see kv --help)"),
        (&["compact", "--keep", "0"], "0 is not in 1.."),
        (&["at", "1"], "'kv at' requires a subcommand"),
        (&["at", "one", "scan"], "invalid value 'one'"),
        (&["at", "1", "put", "a", "b"], "'put'"),
        (&["--batch", "0"], "0 is not in 1.."),
        (&["--batch", "2", "scan"], "--batch is an option of the shell"),
    ] {
        has(&refuses(&file, args), problem);
    }
    has(&KV.refuses([""; 0]), "not provided: <FILE>");
    assert_eq!(fs::read_dir(&dir.0).unwrap().count(), 0, "nothing is created");
}

#[test]
fn a_file_that_does_not_exist_is_created_by_put_and_the_shell_only() {
    let dir = Scratch::new("kv-missing");
    let file = dir.0.join("a.kv");
    for args in READS.iter().chain(&WRITES[1..3]) {
        has(&refuses(&file, args), "a.kv: No such file or directory");
    }
    assert_eq!(fs::read_dir(&dir.0).unwrap().count(), 0);
    has(&refuses(&dir.0.join("no/a.kv"), &["put", "a", "1"]), "no/a.kv: No such file or directory");
    assert_eq!(shell(&file, &[], "").0, 0);
    assert_eq!(prints(&file, &["scan"]), "");
    assert_eq!(prints(&file, &["history"]), "");
    has(&refuses(&file, &["at", "1", "scan"]), "no version 1: there are none yet");
}

/// Each command refuses this content, and leaves it as it is.
#[track_caller]
fn refused(name: &str, content: &[u8], problem: &str) {
    let dir = Scratch::new(&format!("kv-{name}"));
    let file = dir.file("a.kv", content);
    for args in READS.iter().chain(&WRITES) {
        let line = refuses(&file, args);
        has(&line, "a.kv: ");
        has(&line, problem);
        assert!(!line.contains("--help"), "the options are not the problem: {line}");
    }
    assert_eq!(fs::read(&file).unwrap(), content);
}

/// Returns the content of a file with two versions.
fn two_versions() -> Vec<u8> {
    let dir = Scratch::new("kv-two");
    let file = dir.0.join("a.kv");
    assert_eq!(shell(&file, &[], "put a 1\nput b 2\n").0, 0);
    fs::read(file).unwrap()
}

#[test]
fn other_files_are_refused() {
    refused(
        "text",
        b"a text of some length, which is longer than a header is\n".repeat(9).as_slice(),
        "not a trie: it begins with a text o",
    );
    refused("short", b"\x89BTrie", "");
    let mut newer = two_versions();
    newer[8] = 9;
    refused("newer", &newer, "version 9 of the format, but only versions up to 1 are known");
    let mut numbers = Vec::new();
    PathMap::from([("a", 1u64)]).save(&mut numbers).unwrap();
    refused("numbers", &numbers, "the values are `u64 (8 bytes)`, not `bytes`");
}

#[test]
fn a_store_of_another_program_is_refused() {
    let dir = Scratch::new("kv-foreign");
    let file = dir.0.join("a.kv");
    let mut store: Store<Arc<[u8]>> = Store::open(dir.0.join("other")).unwrap();
    store.commit(&PathMap::from([("a", Arc::from(&b"1"[..]))])).unwrap();
    drop(store);
    // The lock of the new name was never held, so no process that another test starts has it.
    fs::rename(dir.0.join("other"), &file).unwrap();
    let content = fs::read(&file).unwrap();
    for args in READS.iter().chain(&[WRITES[0], WRITES[1], WRITES[3]]) {
        has(&refuses(&file, args), "a.kv: its versions were made by another program");
    }
    assert_eq!(fs::read(&file).unwrap(), content);
}

#[test]
fn an_empty_file_cannot_be_read_and_becomes_a_store() {
    let dir = Scratch::new("kv-empty");
    let file = dir.file("a.kv", b"");
    for args in READS {
        has(&refuses(&file, args), "a.kv: the file is empty\n");
    }
    // A process that is killed while it creates the file leaves an empty one.
    assert_eq!(prints(&file, &["put", "a", "1"]), "ok 1\n");
    assert_eq!(prints(&file, &["scan"]), "a 1\n");
}

#[test]
fn a_directory_is_refused() {
    let dir = Scratch::new("kv-directory");
    let inner = dir.0.join("a.kv");
    fs::create_dir(&inner).unwrap();
    for args in READS.iter().chain(&WRITES) {
        has(&refuses(&inner, args), "s a directory");
    }
}

#[test]
fn damage_is_found_and_what_was_cut_off_is_told() {
    let whole = two_versions();
    let dir = Scratch::new("kv-damage");
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        // The last version is read, or that before, or nothing is.
        if at % 8 == 0 {
            let file = dir.file("a.kv", &damaged);
            let output = KV.run([file.to_str().unwrap(), "scan"]);
            let errors = String::from_utf8(output.stderr).unwrap();
            match output.status.code() {
                Some(0) => assert!([&b"a 1\n"[..], b"a 1\nb 2\n", b""].contains(&&output.stdout[..]), "{at}"),
                status => assert_eq!((status, errors.lines().count()), (Some(2), 1), "{at}: {errors}"),
            }
        }
    }
    let file = dir.file("a.kv", &whole[..whole.len() - 1]);
    assert_eq!(prints(&file, &["scan"]), "a 1\n", "a reader cuts nothing off");
    let (status, out, errors) = shell(&file, &[], "put c 3\nscan\n");
    assert_eq!((status, out.as_str()), (0, "ok 2\na 1\nc 3\n"));
    has(&errors, " of an unfinished version were cut off\n");
    assert_eq!(errors.lines().count(), 1);
}

/// Returns a command of the example that may write files of this many blocks only, as on a full
/// disk: a write that would make one longer fails.
#[cfg(unix)]
fn limited(file: &Path, blocks: usize, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    command.args(["-c", &script]).arg(KV.path()).arg(file).args(args);
    command
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_what_was_acknowledged_is_kept() {
    for batch in ["--batch=1", "--batch=7"] {
        let dir = Scratch::new("kv-full");
        let file = dir.0.join("a.kv");
        let input: String = (0..1000).map(|i| format!("put k{i:04} {}\n", "v".repeat(300))).collect();
        let output = piped(&mut limited(&file, 64, &[batch]), input.as_bytes());
        let acknowledged = output.stdout.iter().filter(|&&byte| byte == b'\n').count();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), errors.lines().count()), (Some(2), 1), "{errors}");
        assert!(errors.starts_with("kv: line ") && errors.contains(": File too large"), "{errors}");
        assert!((10..500).contains(&acknowledged), "{acknowledged}");
        // Nothing else is there, neither before nor after the end of the file is cut.
        let keys = |text: &str| text.lines().map(|line| line[..5].to_string()).collect::<Vec<_>>();
        let expected: Vec<_> = (0..acknowledged).map(|i| format!("k{i:04}")).collect();
        assert_eq!(keys(&prints(&file, &["scan"])), expected);
        let (status, out, _) = shell(&file, &[], "put l 1\nscan k\n");
        assert_eq!((status, keys(out.split_once('\n').unwrap().1)), (0, expected));
    }
}

#[cfg(unix)]
#[test]
fn compaction_on_a_full_disk_leaves_the_file() {
    let dir = Scratch::new("kv-full-compaction");
    let file = dir.0.join("a.kv");
    let input: String = (0..200).map(|i| format!("put k{i:04} {}\n", "v".repeat(800))).collect();
    assert_eq!(shell(&file, &["--batch=50"], &input).0, 0);
    let content = fs::read(&file).unwrap();
    for args in [&["compact", "--keep", "1"][..], &["put", "a", "1"]] {
        let output = piped(&mut limited(&file, 64, args), b"");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{errors}");
        assert!(errors.ends_with("a.kv: File too large (os error 27)\n"), "{errors}");
        assert_eq!(fs::read(&file).unwrap()[..content.len()], content);
        assert!(!dir.0.join(".a.kv.new").exists());
    }
    assert_eq!(prints(&file, &["scan"]).lines().count(), 200);
    prints(&file, &["compact", "--keep", "1"]);
}

#[cfg(unix)]
#[test]
fn in_a_read_only_directory_files_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    let dir = Scratch::new("kv-read-only");
    let file = dir.file("a.kv", &two_versions());
    fs::set_permissions(&dir.0, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write everywhere, so the example runs as another user then.
    let is_superuser = fs::write(dir.0.join("written"), "").is_ok();
    let run = |file: &Path, args: &[&str]| {
        let mut command = Command::new(KV.path());
        if is_superuser {
            command.uid(65_534);
        }
        let output = command.arg(file).args(args).stdin(Stdio::null()).output().expect("it can be started");
        let [out, errors] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (output.status.code().unwrap(), out, errors)
    };
    assert_eq!(run(&file, &["scan"]), (0, "a 1\nb 2\n".to_string(), String::new()));
    for args in WRITES {
        let (status, out, errors) = run(&file, args);
        assert_eq!((status, out.as_str(), errors.lines().count()), (2, "", 1), "{errors}");
        has(&errors, "a.kv: Permission denied");
    }
    has(&run(&dir.0.join("b.kv"), &["put", "a", "1"]).2, "b.kv: Permission denied");
    fs::set_permissions(&dir.0, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let dir = Scratch::new("kv-closed");
    let file = dir.0.join("a.kv");
    let mut command = Command::new(KV.path());
    let streams = command.arg(&file).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = streams.spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // The answer to the first line cannot be written, so the second is not read.
    let _ = std::io::Write::write_all(&mut input, b"put a 1\nput a 2\n");
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    assert_eq!(prints(&file, &["scan"]), "a 1\n");
}
