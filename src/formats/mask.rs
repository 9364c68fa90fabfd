//! Sets of bytes as sequences of numbers, or as 32 bytes.

use std::fmt;

use serde_core::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde_core::ser::{Serialize, Serializer};

use crate::bytes::ByteMask;

impl Serialize for ByteMask {
    /// Writes the bytes of the set in order, as a sequence of numbers; in binary formats, the
    /// words of the mask as 32 bytes, each word with its lowest byte first.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.collect_seq(self.iter());
        }
        let mut bytes = [0; 32];
        for (to, word) in bytes.chunks_exact_mut(8).zip(self.0) {
            to.copy_from_slice(&word.to_le_bytes());
        }
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for ByteMask {
    /// Reads a set of bytes. The numbers of a sequence may be in any order, and occur several
    /// times. A human-readable format must be self-describing, as JSON, TOML and YAML are.
    ///
    /// # Errors
    /// Returns an error of the format if an element is not a number below 256, or if the
    /// binary form does not have 32 bytes.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.is_human_readable() {
            // Serde buffers the content of untagged enums and of flattened fields, and then
            // presents each format as human-readable. So either form may follow.
            true => deserializer.deserialize_any(MaskVisitor { is_text: true }),
            false => deserializer.deserialize_bytes(MaskVisitor { is_text: false }),
        }
    }
}

struct MaskVisitor {
    /// Whether a sequence lists the bytes of the set.
    is_text: bool,
}

impl<'de> Visitor<'de> for MaskVisitor {
    type Value = ByteMask;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_text { "a sequence of bytes" } else { "a set of bytes as 32 bytes" })
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<ByteMask, E> {
        let (words, rest) = bytes.as_chunks();
        match <[[u8; 8]; 4]>::try_from(words) {
            Ok(words) if rest.is_empty() => Ok(ByteMask(words.map(u64::from_le_bytes))),
            _ => Err(E::invalid_length(bytes.len(), &"32 bytes")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<ByteMask, A::Error> {
        if self.is_text {
            let mut mask = ByteMask::EMPTY;
            while let Some(byte) = numbers.next_element::<u8>()? {
                mask.set_bit(byte);
            }
            return Ok(mask);
        }
        let mut bytes = [0; 32];
        let mut len = 0;
        while let Some(byte) = numbers.next_element()? {
            *bytes.get_mut(len).ok_or_else(|| A::Error::invalid_length(len + 1, &"32 bytes"))? = byte;
            len += 1;
        }
        self.visit_bytes(&bytes[..len])
    }
}
