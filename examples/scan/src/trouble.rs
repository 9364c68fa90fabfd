//! Troubles with entries, and their one-line messages.

use std::fmt::{self, Display, Formatter, Write};
use std::io;

/// A trouble with an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trouble {
    pub path: Vec<u8>,
    pub reason: String,
    pub kind: Kind,
}

/// The kind of a trouble, and its effect on the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The entry, or its content, could not be read: the scan is incomplete.
    Unreadable,
    /// The system did not answer before the deadline. The scan was stopped, which is reported
    /// separately.
    Silent,
    /// A link to a directory above it was not followed. The scan is complete, because that
    /// directory is scanned anyway.
    Loop,
    /// A rule was invalid, or a file of rules was skipped. The other rules are applied.
    Rule,
}

impl Trouble {
    /// An entry that cannot be read.
    pub fn unreadable(path: &[u8], error: &io::Error) -> Self {
        Self { path: path.to_vec(), reason: error.to_string(), kind: Kind::Unreadable }
    }

    /// An entry about which the system has not answered in time.
    pub fn silent(path: &[u8]) -> Self {
        let reason = "there was no answer before the deadline".to_string();
        Self { path: path.to_vec(), reason, kind: Kind::Silent }
    }

    /// A root that lies too deep for its full path to be known.
    pub fn no_rules_above(path: &[u8]) -> Self {
        let reason = "the rules above it are skipped: its full path is not known".to_string();
        Self { path: path.to_vec(), reason, kind: Kind::Rule }
    }

    /// A link to a directory above it.
    pub fn looped(path: &[u8], ancestor: &[u8]) -> Self {
        let reason = format!("a loop: this link leads back to {}", Shown(ancestor));
        Self { path: path.to_vec(), reason, kind: Kind::Loop }
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // The reason may quote a name, with control characters.
        write!(f, "{}: {}", Shown(&self.path), self.reason.replace(char::is_control, "\u{FFFD}"))
    }
}

/// Displays a path in one line. Control characters, bytes that are not UTF-8, and backslashes are
/// escaped, so two paths never look alike.
pub struct Shown<'a>(pub &'a [u8]);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.iter().all(|byte| matches!(byte, b' '..=b'~') && *byte != b'\\') {
            // Fast path: nearly all paths are printable ASCII.
            return f.write_str(str::from_utf8(self.0).unwrap_or_default());
        }
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
