//! Maps as maps of serde.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_core::ser::{Serialize, SerializeMap, Serializer};

use super::key::{Key, ReadKey};
use crate::trie::{PathMap, Sorted};

impl<V: Serialize> Serialize for PathMap<V> {
    /// Writes the paths that have values, and the values, in path order. Dangling paths are not
    /// written.
    ///
    /// The form is described in the documentation of [`bytetrie::formats`](crate::formats).
    ///
    /// # Complexity
    /// O(bytes of all paths), and O(nodes) to count the values first. Nodes that the map uses
    /// several times are counted once, but written each time.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.val_count()))?;
        let mut entries = self.iter();
        while let Some((path, value)) = entries.lend_next() {
            map.serialize_entry(&Key(path), value)?;
        }
        map.end()
    }
}

impl<'de, V: Deserialize<'de> + Clone> Deserialize<'de> for PathMap<V> {
    /// Reads a map. If several entries have one path, the last of them wins.
    ///
    /// # Errors
    /// Returns an error of the format if the input is not a map, if a key is not a path, or if a
    /// value cannot be read.
    ///
    /// # Complexity
    /// O(bytes). While the entries are in path order, each node is built once, as by
    /// [`from_sorted_iter`](PathMap::from_sorted_iter). The first entry that is out of order and
    /// all entries after it are inserted one by one.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

struct MapVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de> + Clone> Visitor<'de> for MapVisitor<V> {
    type Value = PathMap<V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map from paths to values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<PathMap<V>, A::Error> {
        let (mut sorted, mut path) = (Sorted::new(), Vec::new());
        while entries.next_key_seed(ReadKey(&mut path))?.is_some() {
            sorted.push(&path, entries.next_value()?);
        }
        Ok(sorted.finish())
    }
}
