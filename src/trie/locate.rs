//! Finding a location, without changing anything.

use crate::node::{Place, Shared};

/// The place at `path`, if it exists below `root`.
pub(crate) fn find<'a, V>(root: &'a Option<Shared<V>>, path: &[u8]) -> Option<Place<'a, V>> {
    root.as_ref()?.place().find(path)
}
