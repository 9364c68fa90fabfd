//! Equality, order, hashing and `Debug` output of maps.
//!
//! All four depend on the values and the dangling tips, in path order, and not on the nodes.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Index;

use crate::algebra::{self};
use crate::bytes::Text;
use crate::node::{Shared, place_of};
use crate::trie::PathMap;
use crate::trie::items::items;

impl<V> PathMap<V> {
    fn items(&self) -> impl Iterator<Item = (Vec<u8>, Option<&V>)> {
        items(self.root.as_ref().map(Shared::lent))
    }
}

impl<V: PartialEq> PartialEq for PathMap<V> {
    /// Returns true iff both maps hold equal values at equal paths, and have the same dangling
    /// paths.
    ///
    /// Nodes that both maps share at one place are taken as equal without comparing their values,
    /// even if a value (such as a NaN) does not equal itself.
    fn eq(&self, other: &Self) -> bool {
        algebra::same(place_of(self.root.as_ref()), place_of(other.root.as_ref()))
    }
}

impl<V: Eq> Eq for PathMap<V> {}

impl<V: PartialOrd> PartialOrd for PathMap<V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.items().partial_cmp(other.items())
    }
}

impl<V: Ord> Ord for PathMap<V> {
    /// Compares the sequences of paths and values; a dangling path comes before a valued one.
    ///
    /// O(1) if one map is a clone of the other and neither has been written since. Otherwise the
    /// maps are compared path by path, also within nodes that they share.
    fn cmp(&self, other: &Self) -> Ordering {
        let id = |map: &Self| map.root.as_ref().map(Shared::id);
        if id(self) == id(other) {
            return Ordering::Equal;
        }
        self.items().cmp(other.items())
    }
}

impl<V: Hash> Hash for PathMap<V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for item in self.items() {
            (true, item).hash(state);
        }
        false.hash(state);
    }
}

impl<V: fmt::Debug> fmt::Debug for PathMap<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (path, value) in self.items() {
            map.key(&Text(&path));
            match value {
                Some(value) => map.value(value),
                None => map.value(&format_args!("-")),
            };
        }
        map.finish()
    }
}

impl<V, K: AsRef<[u8]>> Index<K> for PathMap<V> {
    type Output = V;

    /// Returns a reference to the value at `path`.
    ///
    /// # Panics
    /// Panics if there is no value at the path.
    fn index(&self, path: K) -> &V {
        let path = path.as_ref();
        self.get(path).unwrap_or_else(|| panic!("there is no value at {}", Text(path)))
    }
}
