//! Counts of the values and locations of a map, which a commit tells.

use crate::bytes::common_prefix;
use crate::node::Columns;

/// The numbers of values and of locations below a node's root. They saturate, since a few shared
/// nodes can have more than 2⁶⁴ paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// The values at and below the root.
    pub(crate) values: u64,
    /// The locations below the root. Of a whole map, the root is counted too.
    pub(crate) locations: u64,
}

impl Counts {
    /// The counts of a map, given those of its root; `None` if the map is empty.
    pub(crate) fn of_map(root: Option<Self>) -> Self {
        let Self { values, locations } = root.unwrap_or_default();
        Self { values, locations: locations.saturating_add(1) }
    }

    /// Adds what a node itself has, without its children.
    ///
    /// The suffix of an entry leads through one location for each byte, and entries with the same
    /// first byte have some of them in common.
    #[inline]
    pub(crate) fn add_node(&mut self, columns: &Columns<'_>, has_own: bool) {
        let heads = columns.heads;
        self.values = self.values.saturating_add((columns.value_count() + has_own as usize) as u64);
        let mut locations = heads.len() + columns.heap.len();
        if !columns.ends.is_empty() {
            for i in 1..heads.len() {
                if heads[i - 1] == heads[i] {
                    locations -= 1 + common_prefix(columns.rest(i - 1), columns.rest(i));
                }
            }
        }
        self.locations = self.locations.saturating_add(locations as u64);
    }

    /// Adds what is at and below a child.
    #[inline]
    pub(crate) fn add(&mut self, child: Self) {
        self.values = self.values.saturating_add(child.values);
        self.locations = self.locations.saturating_add(child.locations);
    }
}
