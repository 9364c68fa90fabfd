//! What went wrong with an entry, and how that is told in one line.

use std::fmt::{self, Display, Formatter, Write};
use std::path::Path;

use ignore::Error;

use crate::meta::bytes_of;

/// What went wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Trouble {
    pub(crate) path: Vec<u8>,
    pub(crate) reason: String,
    pub(crate) kind: Kind,
}

/// What it means for the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// The entry, or what is below it, is not in the map: the scan is incomplete.
    Unreadable,
    /// A link to a directory above it, which was not followed. What it leads to is scanned anyhow, so nothing is amiss.
    Loop,
    /// A rule of a .gitignore that is none. The other rules hold.
    Rule,
}

impl Trouble {
    /// Every trouble that an error of the walker tells of. `of_rules`: it came with an entry that was read well.
    pub(crate) fn all(error: &Error, of_rules: bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut todo = vec![(None, None, error)];
        while let Some((path, line, error)) = todo.pop() {
            match error {
                Error::Partial(errors) => todo.extend(errors.iter().rev().map(|error| (path, line, error))),
                Error::WithPath { path, err } => todo.push((Some(path.as_path()), line, err)),
                Error::WithDepth { err, .. } => todo.push((path, line, err)),
                Error::WithLineNumber { line, err } => todo.push((path, Some(*line), err)),
                Error::Loop { ancestor, child } => {
                    let reason = format!("a loop: this link leads back to {}", Shown(bytes_of(ancestor)));
                    found.push(Self { path: bytes_of(child).to_vec(), reason, kind: Kind::Loop });
                }
                Error::Io(_) if !of_rules => found.push(Self::new(path, error.to_string(), Kind::Unreadable)),
                _ => {
                    let reason = line.map_or(error.to_string(), |line| format!("line {line}: {error}"));
                    found.push(Self::new(path, reason, Kind::Rule));
                }
            }
        }
        found
    }

    fn new(path: Option<&Path>, reason: String, kind: Kind) -> Self {
        let path = path.map_or(&b"(somewhere)"[..], bytes_of).to_vec();
        Self { path, reason, kind }
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // The reason may quote a name.
        write!(f, "{}: {}", Shown(&self.path), self.reason.replace(char::is_control, "\u{FFFD}"))
    }
}

/// A path as people read it, in one line whatever is in it, and so that two paths never look the same: control
/// characters, bytes that are not UTF-8, and backslashes are escaped.
pub(crate) struct Shown<'a>(pub(crate) &'a [u8]);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            for c in chunk.valid().chars() {
                if c.is_control() || c == '\\' {
                    write!(f, "{}", c.escape_default())?;
                } else {
                    f.write_char(c)?;
                }
            }
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02X}")?;
            }
        }
        Ok(())
    }
}
