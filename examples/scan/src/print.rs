//! Formats entries and changes, one per line.
//!
//! The format `lines` is the raw bytes of the path, and a line feed or a zero byte. The format
//! `jsonl` is one JSON object per line:
//!
//! ```json
//! {"path":"src/lib.rs","kind":"file","size":6512,"modified":{"seconds":1700000000,"nanoseconds":123456789}}
//! {"path_bytes":[115,114,99,47,255],"kind":"file","size":0,"modified":{"seconds":0,"nanoseconds":0}}
//! ```
//!
//! A JSON string is Unicode, and a path need not be. A path that is not UTF-8 is printed as an
//! array of bytes in the field `path_bytes`, so the field `path` is always exact.

use std::io::Write;

use bytetrie::Change;

use crate::args::{Format, Style};
use crate::meta::Meta;

/// Appends the line of an entry.
pub fn entry(style: Style, path: &[u8], meta: &Meta, line: &mut Vec<u8>) {
    if style.format == Format::Jsonl {
        line.push(b'{');
        json_path(path, line);
        line.push(b',');
        json_meta(meta, line);
        line.extend_from_slice(b"}\n");
    } else {
        line.extend_from_slice(path);
        line.push(style.end);
    }
}

/// Appends the line of a change. The sign is `+` for an entry that was added, `-` for one that was
/// removed, `~` for one that has changed. In JSON, the kind of change is in the field `change`,
/// and the old metadata of a changed entry is in the field `before`.
pub fn change(style: Style, path: &[u8], change: Change<'_, Meta>, line: &mut Vec<u8>) {
    let (sign, name, meta, before) = match change {
        Change::Added(new) => (b"+ ", "added", new, None),
        Change::Removed(old) => (b"- ", "removed", old, None),
        Change::Changed(old, new) => (b"~ ", "changed", new, Some(old)),
    };
    if style.format != Format::Jsonl {
        line.extend_from_slice(sign);
        return entry(style, path, meta, line);
    }
    put(line, format_args!("{{\"change\":\"{name}\","));
    json_path(path, line);
    line.push(b',');
    json_meta(meta, line);
    if let Some(before) = before {
        line.extend_from_slice(b",\"before\":{");
        json_meta(before, line);
        line.push(b'}');
    }
    line.extend_from_slice(b"}\n");
}

fn json_path(path: &[u8], line: &mut Vec<u8>) {
    match str::from_utf8(path) {
        Ok(path) => {
            line.extend_from_slice(b"\"path\":");
            serde_json::to_writer(line, path).expect("a string is valid JSON");
        }
        Err(_) => {
            line.extend_from_slice(b"\"path_bytes\":");
            serde_json::to_writer(line, path).expect("an array of numbers is valid JSON");
        }
    }
}

fn json_meta(meta: &Meta, line: &mut Vec<u8>) {
    let Meta { size, seconds, nanoseconds, kind, .. } = meta;
    let kind = kind.name();
    let modified = format_args!("{{\"seconds\":{seconds},\"nanoseconds\":{nanoseconds}}}");
    put(line, format_args!("\"kind\":\"{kind}\",\"size\":{size},\"modified\":{modified}"));
}

fn put(line: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    line.write_fmt(text).expect("writing to a vector does not fail");
}
