//! The words of the shell's lines: how they are read, and how keys and values are shown.
//!
//! A word that is shown is read back as the same bytes.

use std::ffi::OsString;
use std::fmt::{self, Write};

/// The words of a line, or what is wrong with it.
pub fn split(line: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_ascii();
    if rest.starts_with(b"#") {
        return Ok(words);
    }
    while !rest.is_empty() {
        let mut word = Vec::new();
        rest = match rest.strip_prefix(b"\"") {
            Some(quoted) => read_quoted(quoted, &mut word)?,
            None => read_bare(rest, &mut word)?,
        };
        words.push(word);
        rest = rest.trim_ascii_start();
    }
    Ok(words)
}

/// Reads a word up to its closing quote. Returns what follows.
fn read_quoted<'a>(mut rest: &'a [u8], word: &mut Vec<u8>) -> Result<&'a [u8], String> {
    loop {
        rest = match rest {
            [] => return Err("a quote is not closed".to_string()),
            [b'\\', escape @ ..] => read_escape(escape, word)?,
            [b'"', after @ ..] if after.first().is_none_or(u8::is_ascii_whitespace) => return Ok(after),
            [b'"', ..] => return Err("a blank must follow a closing quote".to_string()),
            [byte, after @ ..] => {
                word.push(*byte);
                after
            }
        };
    }
}

/// Reads a word up to a blank. Returns what follows.
fn read_bare<'a>(mut rest: &'a [u8], word: &mut Vec<u8>) -> Result<&'a [u8], String> {
    loop {
        rest = match rest {
            [b'\\', escape @ ..] => read_escape(escape, word)?,
            [b'"', ..] => return Err("a quote within a word must be written as \\\"".to_string()),
            [byte, after @ ..] if !byte.is_ascii_whitespace() => {
                word.push(*byte);
                after
            }
            _ => return Ok(rest),
        };
    }
}

/// Decodes the escape after a backslash. Returns the text after the escape.
fn read_escape<'a>(rest: &'a [u8], word: &mut Vec<u8>) -> Result<&'a [u8], String> {
    let (byte, after) = match rest {
        [b'x', high, low, after @ ..] => {
            let digit = |byte: &u8| char::from(*byte).to_digit(16);
            let byte = digit(high).zip(digit(low)).map(|(high, low)| (16 * high + low) as u8);
            (byte.ok_or("two hexadecimal digits must follow \\x")?, after)
        }
        [b'n', after @ ..] => (b'\n', after),
        [b't', after @ ..] => (b'\t', after),
        [b'r', after @ ..] => (b'\r', after),
        [byte @ (b'"' | b'\\' | b' '), after @ ..] => (*byte, after),
        _ => return Err(r#"unknown escape: only \n \t \r \" \\ "\ " and \xFF are known"#.to_string()),
    };
    word.push(byte);
    Ok(after)
}

/// A key, a value or a path as one word, in quotes if it needs them.
pub struct Shown<'a>(pub &'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = self;
        let is_bare = |c: char| !c.is_whitespace() && !c.is_control() && c != '"' && c != '\\';
        match str::from_utf8(bytes) {
            Ok(text) if !text.is_empty() && !text.starts_with(['#', '-']) && text.chars().all(is_bare) => {
                f.write_str(text)
            }
            _ => self.quoted(f),
        }
    }
}

impl Shown<'_> {
    fn quoted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                match c {
                    '\n' => f.write_str("\\n")?,
                    '\t' => f.write_str("\\t")?,
                    '\r' => f.write_str("\\r")?,
                    '"' | '\\' => write!(f, "\\{c}")?,
                    // A character that moves the cursor, byte by byte.
                    c if c.is_control() => escape(c.encode_utf8(&mut [0; 4]).as_bytes(), f)?,
                    c => f.write_char(c)?,
                }
            }
            escape(chunk.invalid(), f)?;
        }
        f.write_char('"')
    }
}

fn escape(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "\\x{byte:02x}"))
}

/// A word as the parser of arguments takes it.
#[cfg(unix)]
pub fn argument(word: Vec<u8>) -> Result<OsString, String> {
    Ok(std::os::unix::ffi::OsStringExt::from_vec(word))
}

/// A word as the parser of arguments takes it, which is Unicode on this system.
#[cfg(not(unix))]
pub fn argument(word: Vec<u8>) -> Result<OsString, String> {
    String::from_utf8(word).map(OsString::from).map_err(|_| "a word is not UTF-8".to_string())
}
