//! What writing a tree has written.

use std::io::Write;

use crate::file::Finished;

/// The numbers of nodes and bytes that were written when a tree was made.
///
/// All numbers are zero for a tree that was opened. To be read by people: `{:?}` prints them. In
/// pathmap they describe its own nodes, and are zero without its feature `act_counters`.
#[derive(Clone, Debug, Default)]
pub struct Counters {
    /// The bytes of the file.
    #[allow(dead_code, reason = "for people, who print it")]
    bytes: u64,
    #[allow(dead_code, reason = "for people, who print it")]
    values: u64,
    /// The nodes written, and those that were not, because an equal one had been.
    #[allow(dead_code, reason = "for people, who print it")]
    nodes: u64,
    #[allow(dead_code, reason = "for people, who print it")]
    merged: u64,
}

impl Counters {
    pub(super) fn of<W: Write>(finished: &Finished<W>) -> Self {
        let &Finished { bytes, values, nodes, merged, .. } = finished;
        Self { bytes, values, nodes, merged }
    }
}
