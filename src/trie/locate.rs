//! Finds a location without changing the trie.

use crate::node::{Place, Shared};

/// Returns the place at `path` below `root`, if the path exists.
pub(crate) fn find<'a, V>(root: &'a Option<Shared<V>>, path: &[u8]) -> Option<Place<'a, V>> {
    root.as_ref()?.place().find(path)
}
