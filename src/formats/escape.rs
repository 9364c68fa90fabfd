//! Paths as text that can be read back.

use std::borrow::Cow;
use std::fmt::Write;

use crate::error::EscapeError;

/// Returns a path as text, from which [`unescape`] restores it.
///
/// The text of a path that is UTF-8 and has no backslash is the path itself. A backslash is
/// written as `\\`, and each byte that is not part of UTF-8 as `\x` and two lower-case hexadecimal
/// digits. Each path has one text, and different paths have different texts.
///
/// O(path). Allocates only if something is escaped.
///
/// # Examples
/// ```
/// use bytetrie::formats::escape;
///
/// assert_eq!(escape("größe/π".as_bytes()), "größe/π");
/// assert_eq!(escape(b"C:\\temp"), r"C:\\temp");
/// assert_eq!(escape(b"id/\x00\xff"), "id/\0\\xff");
/// ```
#[must_use]
pub fn escape(path: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(path) {
        Ok(text) if !path.contains(&b'\\') => Cow::Borrowed(text),
        _ => Cow::Owned(escaped(path)),
    }
}

fn escaped(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len() + 16);
    for chunk in path.utf8_chunks() {
        for (i, plain) in chunk.valid().split('\\').enumerate() {
            text.push_str(if i == 0 { "" } else { r"\\" });
            text.push_str(plain);
        }
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").expect("a String accepts all text");
        }
    }
    text
}

/// Returns the path of which `text` is the escaped form.
///
/// Also accepts forms that [`escape`] does not write: `\x` with upper-case digits, and `\x` for
/// bytes that need no escape. So several texts may stand for one path.
///
/// O(text). Allocates only if `text` has a backslash.
///
/// # Errors
/// Returns an error if a backslash begins neither `\\` nor `\x` with two hexadecimal digits.
///
/// # Examples
/// ```
/// use bytetrie::formats::unescape;
///
/// assert_eq!(*unescape("größe/π").unwrap(), *"größe/π".as_bytes());
/// assert_eq!(*unescape(r"a\\b\xff").unwrap(), *b"a\\b\xff");
/// assert_eq!(unescape(r"dir\name").unwrap_err().position(), 3);
/// ```
pub fn unescape(text: &str) -> Result<Cow<'_, [u8]>, EscapeError> {
    if !text.as_bytes().contains(&b'\\') {
        return Ok(Cow::Borrowed(text.as_bytes()));
    }
    let mut path = Vec::new();
    unescape_into(text, &mut path)?;
    Ok(Cow::Owned(path))
}

/// Replaces the content of `path` by the path of which `text` is the escaped form.
pub(super) fn unescape_into(text: &str, path: &mut Vec<u8>) -> Result<(), EscapeError> {
    path.clear();
    path.reserve(text.len());
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        path.extend_from_slice(plain.as_bytes());
        let malformed = || EscapeError::new(text, text.len() - escape.len() - 1);
        let (byte, len) = match *escape.as_bytes() {
            [b'\\', ..] => (b'\\', 1),
            [b'x', high, low, ..] => (hexadecimal(high, low).ok_or_else(malformed)?, 3),
            _ => return Err(malformed()),
        };
        path.push(byte);
        rest = &escape[len..];
    }
    path.extend_from_slice(rest.as_bytes());
    Ok(())
}

/// Returns the byte with these two hexadecimal digits.
fn hexadecimal(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
