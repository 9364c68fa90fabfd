//! Writes a set of paths as a sequence, instead of as a map from paths to units.
//!
//! For fields with the attribute `#[serde(with = "bytetrie::formats::as_set")]`.
//!
//! # Examples
//! ```
//! use bytetrie::PathMap;
//! use bytetrie::formats::as_set;
//!
//! let set = PathMap::from_iter(["romane", "rubens"]);
//! let json = as_set::serialize(&set, serde_json::value::Serializer).unwrap();
//! assert_eq!(json, serde_json::json!(["romane", "rubens"]));
//! assert_eq!(as_set::deserialize(json).unwrap(), set);
//! ```

use std::fmt;

use serde_core::de::{Deserializer, SeqAccess, Visitor};
use serde_core::ser::{SerializeSeq, Serializer};

use super::key::{Key, ReadKey};
use crate::trie::{PathMap, Sorted};

/// Writes the paths of a set as a sequence, in path order. Dangling paths are not written.
///
/// # Errors
/// Returns the errors of the format.
///
/// # Complexity
/// O(bytes of all paths), and O(nodes) to count the paths first.
pub fn serialize<S: Serializer>(set: &PathMap<()>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut paths = serializer.serialize_seq(Some(set.val_count()))?;
    let mut entries = set.iter();
    while let Some((path, ())) = entries.lend_next() {
        paths.serialize_element(&Key(path))?;
    }
    paths.end()
}

/// Reads a set of paths from a sequence, in any order. A path may occur several times.
///
/// # Errors
/// Returns an error of the format if the input is not a sequence, or an element is not a path.
///
/// # Complexity
/// O(bytes). Sequences in path order are read fastest.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathMap<()>, D::Error> {
    deserializer.deserialize_seq(SetVisitor)
}

struct SetVisitor;

impl<'de> Visitor<'de> for SetVisitor {
    type Value = PathMap<()>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of paths")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut paths: A) -> Result<PathMap<()>, A::Error> {
        let (mut sorted, mut path) = (Sorted::new(), Vec::new());
        while paths.next_element_seed(ReadKey(&mut path))?.is_some() {
            sorted.push(&path, ());
        }
        Ok(sorted.finish())
    }
}
