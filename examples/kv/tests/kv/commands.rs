//! Each command, on its own.

use bytetrie_examples::process::{Scratch, has};

use crate::{KV, prints, refuses, untimed};

#[test]
fn what_is_put_can_be_read_and_deleted() {
    let dir = Scratch::new("kv-put");
    let file = dir.0.join("a.kv");
    assert_eq!(prints(&file, &["put", "apple", "green"]), "ok 1\n");
    assert_eq!(prints(&file, &["put", "pear", "light yellow"]), "ok 2\n");
    assert_eq!(prints(&file, &["put", "", "the empty key"]), "ok 3\n");
    assert_eq!(prints(&file, &["put", "-5", "-h\\n"]), "ok 4\n");
    assert_eq!(prints(&file, &["get", "pear"]), "light yellow\n");
    assert_eq!(prints(&file, &["get", ""]), "the empty key\n");
    assert_eq!(prints(&file, &["get", "-5"]), "-h\\n\n");
    assert_eq!(
        prints(&file, &["scan"]),
        "\"\" \"the empty key\"\n\"-5\" \"-h\\\\n\"\napple green\npear \"light yellow\"\n"
    );
    assert_eq!(prints(&file, &["del", "apple"]), "ok 5\n");
    let output = KV.run([file.to_str().unwrap(), "get", "apple"]);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), errors.as_str()), (Some(1), "kv: no such key: apple\n"));
    let output = KV.run([file.to_str().unwrap(), "del", "apple", "--json"]);
    assert_eq!(
        (output.status.code(), &output.stdout[..]),
        (Some(1), &b"{\"key\":\"apple\",\"value\":null}\n"[..])
    );
}

#[test]
fn scans_have_a_prefix_bounds_and_a_limit() {
    let dir = Scratch::new("kv-scan");
    let file = dir.0.join("a.kv");
    for key in ["a", "ab", "abc", "abd", "b"] {
        prints(&file, &["put", key, "1"]);
    }
    let is = |args: &[&str], expected: &[&str]| {
        let printed = prints(&file, &[&["scan"], args].concat());
        let keys: Vec<_> = printed.lines().map(|line| line.strip_suffix(" 1").unwrap()).collect();
        assert_eq!(keys, expected, "{args:?}");
    };
    is(&[], &["a", "ab", "abc", "abd", "b"]);
    is(&["ab"], &["ab", "abc", "abd"]);
    is(&["c"], &[]);
    is(&["--from", "abc"], &["abc", "abd", "b"]);
    is(&["--from", "abc", "--to", "b"], &["abc", "abd"]);
    is(&["--from", "b", "--to", "a"], &[]);
    is(&["ab", "--from", "a", "--to", "abd"], &["ab", "abc"]);
    is(&["ab", "--from", "abca"], &["abd"]);
    is(&["ab", "--from", "b"], &[]);
    is(&["--limit", "2"], &["a", "ab"]);
    is(&["--limit", "0"], &[]);
    assert_eq!(prints(&file, &["scan", "abc", "--json"]), "{\"key\":\"abc\",\"value\":\"1\"}\n");
}

#[test]
fn versions_are_listed_read_and_compared() {
    let dir = Scratch::new("kv-versions");
    let file = dir.0.join("a.kv");
    for command in ["put apple green", "put pear yellow", "put apple red", "del pear"] {
        prints(&file, &command.split(' ').collect::<Vec<_>>());
    }
    let history = untimed(&prints(&file, &["history"]));
    let changes: Vec<_> = history.iter().map(|line| line.rsplit("  ").next().unwrap()).collect();
    assert_eq!(changes, ["del pear", "put apple", "put pear", "put apple"]);
    assert!(history[0].starts_with("4  1 key, ") && history[2].starts_with("2  2 keys, "), "{history:?}");
    assert_eq!(untimed(&prints(&file, &["history", "--limit", "1"])), history[..1]);
    assert_eq!(untimed(&prints(&file, &["history", "apple"])), ["3  put red", "1  put green"]);
    assert_eq!(untimed(&prints(&file, &["history", "pear"])), ["4  del", "2  put yellow"]);
    assert_eq!(untimed(&prints(&file, &["history", "pear", "--limit", "1"])), ["4  del"]);
    assert_eq!(prints(&file, &["history", "plum"]), "");
    has(&prints(&file, &["history", "pear", "--json", "--limit", "1"]), "\"value\":null}");
    let json = prints(&file, &["history", "--json", "--limit", "1"]);
    has(&json, "{\"version\":4,\"time\":\"20");
    has(&json, "\"keys\":1,\"bytes\":");
    has(&json, ",\"change\":\"del pear\"}");

    assert_eq!(prints(&file, &["at", "2", "scan"]), "apple green\npear yellow\n");
    assert_eq!(prints(&file, &["at", "2", "get", "pear"]), "yellow\n");
    assert_eq!(prints(&file, &["at", "1", "scan", "p"]), "");
    assert_eq!(prints(&file, &["diff", "2", "3"]), "~ apple green red\n");
    assert_eq!(prints(&file, &["diff", "2"]), "~ apple green red\n- pear yellow\n");
    assert_eq!(prints(&file, &["diff", "4", "2"]), "~ apple red green\n+ pear yellow\n");
    assert_eq!(prints(&file, &["diff", "4"]), "");
    assert_eq!(
        prints(&file, &["diff", "1", "2", "--json"]),
        "{\"change\":\"added\",\"key\":\"pear\",\"value\":\"yellow\"}\n"
    );
    has(
        &prints(&file, &["--json", "diff", "1", "3"]),
        "\"key\":\"apple\",\"value\":\"red\",\"before\":\"green\"}\n",
    );

    has(&refuses(&file, &["at", "5", "scan"]), "no version 5: there are versions 1 to 4");
    has(&refuses(&file, &["diff", "0"]), "no version 0: there are versions 1 to 4");
}

#[test]
fn compaction_forgets_old_versions_and_keeps_numbers() {
    let dir = Scratch::new("kv-compact");
    let file = dir.0.join("a.kv");
    for number in 1..=20 {
        prints(&file, &["put", "a", &number.to_string().repeat(100)]);
    }
    let before = file.metadata().unwrap().len();
    let report = prints(&file, &["compact", "--keep", "3"]);
    let freed = before - file.metadata().unwrap().len();
    assert_eq!(
        report,
        format!("ok, 3 versions kept, {} bytes freed\n", bytetrie_examples::figures::grouped(freed))
    );
    assert!(freed > before / 2);
    let numbers: Vec<_> = prints(&file, &["history"]).lines().map(|line| line[..2].to_string()).collect();
    assert_eq!(numbers, ["20", "19", "18"]);
    assert_eq!(prints(&file, &["at", "18", "get", "a"]), format!("{}\n", "18".repeat(100)));
    has(&refuses(&file, &["at", "17", "scan"]), "there are versions 18 to 20");
    assert_eq!(prints(&file, &["put", "b", "1"]), "ok 21\n");
    assert_eq!(
        prints(&file, &["compact", "--keep", "9", "--json"]),
        "{\"versions_kept\":4,\"bytes_freed\":0}\n"
    );
    prints(&file, &["compact", "--keep", "1"]);
    has(&refuses(&file, &["at", "20", "scan"]), "there is only version 21");
    assert_eq!(prints(&file, &["get", "b"]), "1\n");
}

#[cfg(unix)]
#[test]
fn keys_and_values_are_any_bytes() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let dir = Scratch::new("kv-bytes");
    let file = dir.0.join("a.kv");
    let key = OsStr::from_bytes(b"\xFF\n");
    let value = OsStr::from_bytes(b"a\x01\xFE");
    assert_eq!(KV.prints([file.as_os_str(), OsStr::new("put"), key, value]), "ok 1\n");
    assert_eq!(KV.run([file.as_os_str(), OsStr::new("get"), key]).stdout, b"a\x01\xFE\n");
    assert_eq!(prints(&file, &["scan"]), "\"\\xff\\n\" \"a\\x01\\xfe\"\n");
    assert_eq!(prints(&file, &["scan", "--json"]), "{\"key_bytes\":[255,10],\"value_bytes\":[97,1,254]}\n");
    has(&prints(&file, &["history"]), "put \"\\xff\\n\"\n");
}

#[test]
fn long_keys_are_cut_in_the_history() {
    let dir = Scratch::new("kv-long");
    let file = dir.0.join("a.kv");
    let key = "ä".repeat(10_000);
    prints(&file, &["put", &key, &key]);
    has(&prints(&file, &["history"]), &format!("  put {}…\n", "ä".repeat(60)));
    assert_eq!(prints(&file, &["get", &key]), format!("{key}\n"));
}
