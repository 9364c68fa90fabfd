//! The words of the shell: what is shown is read back.

use bytetrie_kv::words::{Shown, split};
use proptest::prelude::*;

/// Words with bytes that need quotes or escapes.
fn word() -> impl Strategy<Value = Vec<u8>> {
    let special = prop::sample::select(&b" \t\n\r\"\\x#-'\0\x7F\xC2\x85\xFFa0"[..]);
    prop::collection::vec(prop_oneof![3 => special, 1 => any::<u8>()], 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_that_are_shown_are_read_back(words in prop::collection::vec(word(), 0..4)) {
        let line = words.iter().map(|word| Shown(word).to_string()).collect::<Vec<_>>().join(" \t ");
        prop_assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "{line:?}");
        prop_assert_eq!(split(line.as_bytes()).unwrap(), words);
    }

    #[test]
    fn any_line_is_words_or_an_error_of_one_line(line in word()) {
        if let Err(error) = split(&line) {
            prop_assert_eq!(error.lines().count(), 1);
        }
    }
}

#[test]
fn words_are_read_as_documented() {
    let is = |line: &str, expected: &[&str]| {
        let expected: Vec<_> = expected.iter().map(|word| word.as_bytes().to_vec()).collect();
        assert_eq!(split(line.as_bytes()).unwrap(), expected, "{line}");
    };
    is("", &[]);
    is(" \t\r\n", &[]);
    is("# put a b", &[]);
    is("  # put a b", &[]);
    is("put a #b\n", &["put", "a", "#b"]);
    is("put a 'b c'\r\n", &["put", "a", "'b", "c'"]);
    is(r#"put "a b"  c\ d"#, &["put", "a b", "c d"]);
    is(r#"put "" "\"""#, &["put", "", "\""]);
    is(r"put \x41\n \\", &["put", "A\n", "\\"]);
    assert_eq!(split(br"\xff").unwrap(), [b"\xFF"]);
}

#[test]
fn errors_say_what_is_wrong() {
    for (line, problem) in [
        (r#"put "a"#, "a quote is not closed"),
        (r#"put "a\""#, "a quote is not closed"),
        (r#"put "a"b"#, "a blank must follow"),
        (r#"put a"b""#, "a quote within a word"),
        (r"put \xg1", "two hexadecimal digits"),
        (r"put \x1", "unknown escape"),
        (r"put a\q", "unknown escape"),
        (r"put a\", "unknown escape"),
    ] {
        let error = split(line.as_bytes()).expect_err(line);
        assert!(error.contains(problem), "{line}: {error}");
    }
}
