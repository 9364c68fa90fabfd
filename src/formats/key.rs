//! Paths as keys of maps and as elements of sets.

use std::fmt;

use serde_core::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};

use super::escape::{escape, unescape_into};

/// A path to write.
pub(super) struct Key<'a>(pub(super) &'a [u8]);

impl Serialize for Key<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.serialize_str(&escape(self.0)),
            false => serializer.serialize_bytes(self.0),
        }
    }
}

/// Reads a path into a buffer, which is reused from path to path.
pub(super) struct ReadKey<'a>(pub(super) &'a mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for ReadKey<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let is_text = deserializer.is_human_readable();
        let visitor = KeyVisitor { path: self.0, is_text };
        match is_text {
            true => deserializer.deserialize_str(visitor),
            false => deserializer.deserialize_bytes(visitor),
        }
    }
}

struct KeyVisitor<'a> {
    path: &'a mut Vec<u8>,
    /// Whether strings are escaped.
    is_text: bool,
}

impl<'de> Visitor<'de> for KeyVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_text { "a path as a string" } else { "a path as bytes" })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self.is_text {
            true => unescape_into(text, self.path).map_err(E::custom),
            false => self.visit_bytes(text.as_bytes()),
        }
    }

    // Serde buffers the content of untagged enums and of flattened fields, and then presents each
    // format as human-readable. So bytes must be accepted in both cases. They are never escaped.
    fn visit_bytes<E: Error>(self, path: &[u8]) -> Result<(), E> {
        self.path.clear();
        self.path.extend_from_slice(path);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bytes: A) -> Result<(), A::Error> {
        self.path.clear();
        while let Some(byte) = bytes.next_element()? {
            self.path.push(byte);
        }
        Ok(())
    }
}
