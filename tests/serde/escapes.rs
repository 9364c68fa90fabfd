//! Paths as text.

use std::borrow::Cow;

use bytetrie::formats::{escape, unescape};
use proptest::prelude::*;

use crate::path;

/// The definition of the unescaped form, byte by byte. Returns the position of a backslash that
/// begins no escape as an error.
fn naive_unescape(text: &str) -> Result<Vec<u8>, usize> {
    let bytes = text.as_bytes();
    let mut path = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let (byte, len) = match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'\\') => (b'\\', 2),
            b'\\' => {
                let digits = bytes.get(at + 2..at + 4).ok_or(at)?;
                if bytes[at + 1] != b'x' || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(at);
                }
                (u8::from_str_radix(str::from_utf8(digits).unwrap(), 16).unwrap(), 4)
            }
            byte => (byte, 1),
        };
        path.push(byte);
        at += len;
    }
    Ok(path)
}

proptest! {
    #[test]
    fn each_path_is_restored_from_its_text(path in prop_oneof![path(), any::<Vec<u8>>()]) {
        let text = escape(&path);
        prop_assert_eq!(&*unescape(&text).unwrap(), &path[..]);
        prop_assert_eq!(naive_unescape(&text), Ok(path.clone()));
        let plain = str::from_utf8(&path).is_ok_and(|text| !text.contains('\\'));
        prop_assert_eq!(matches!(text, Cow::Borrowed(_)), plain);
        if plain {
            prop_assert_eq!(text.as_bytes(), &path[..]);
        }
    }

    #[test]
    fn texts_are_read_as_defined(text in r"[ab\\xX0-9cfgü]{0,12}") {
        match (unescape(&text), naive_unescape(&text)) {
            (Ok(path), Ok(naive)) => prop_assert_eq!(path, naive),
            (Err(error), Err(position)) => {
                prop_assert_eq!((error.position(), error.text()), (position, &*text));
            }
            (found, naive) => prop_assert!(false, "{:?}, {:?}", found, naive),
        }
    }
}

#[test]
fn exact_texts() {
    let rows: [(&[u8], &str); 8] = [
        (b"", ""),
        (b"\\", r"\\"),
        (b"\\x41", r"\\x41"),
        (b"\xff\x80", r"\xff\x80"),
        // The first two of the three bytes of a character.
        (b"a\xe2\x82/b", r"a\xe2\x82/b"),
        // A surrogate, and an overlong form: neither is UTF-8.
        (b"\xed\xa0\x80", r"\xed\xa0\x80"),
        (b"\xc0\xaf", r"\xc0\xaf"),
        ("\0\n\"é\u{10ffff}".as_bytes(), "\0\n\"é\u{10ffff}"),
    ];
    for (path, text) in rows {
        assert_eq!(escape(path), text);
        assert_eq!(*unescape(text).unwrap(), *path);
    }
    assert_eq!(*unescape(r"\x41\xFf").unwrap(), *b"A\xff");
    for (text, position) in [("\\", 0), (r"a\x", 1), (r"a\xf", 1), (r"\\\n", 2), (r"\x+1", 0), ("\\xü", 0)] {
        let error = unescape(text).unwrap_err();
        assert_eq!(error.position(), position);
        assert!(error.to_string().contains(&format!("at byte {position} of the path {text:?}")), "{error}");
    }
}
