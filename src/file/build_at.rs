//! Building the map of one commit from the bytes of a whole file.

use std::collections::HashSet;

use super::build::Builder;
use super::error::{Damage, FileError};
use super::limits::Limits;
use super::record::{Layout, Record, long_value};
use super::stored::{Stored, ValueType};
use crate::node::Shared;

/// The bytes of a file from an offset on.
fn from(file: &[u8], offset: u64) -> &[u8] {
    usize::try_from(offset).ok().and_then(|offset| file.get(offset..)).unwrap_or_default()
}

/// Builds the node whose record is at `root`, and all nodes below it; nothing else of the file is
/// read. Nodes that have the same record are one node.
///
/// # Errors
/// Fails if the records violate the format, or exceed the limits. Checksums are not verified.
///
/// # Complexity
/// O(n · log n) for n nodes, regardless of the size of the file.
pub(crate) fn build_at<V: Stored>(file: &[u8], root: u64, limits: Limits) -> Result<Shared<V>, FileError> {
    let builder = build_all_at(file, &[root], limits)?;
    let (root, _) = builder.get(root).ok_or(Damage::new(root, "a node"))?;
    Ok(root)
}

/// Builds the nodes whose records are at `roots`, and all nodes below them, as [`build_at`] does.
/// Nodes that several roots have in common are built once.
pub(crate) fn build_all_at<V: Stored>(
    file: &[u8],
    roots: &[u64],
    limits: Limits,
) -> Result<Builder<V>, FileError> {
    let layout = Layout::from(&ValueType::of::<V>());
    let read =
        |offset| Record::read(from(file, offset), offset, layout).map_err(|unread| unread.at_the_end(offset));
    let mut known: HashSet<u64> = roots.iter().copied().collect();
    let mut todo = roots.to_vec();
    while let Some(offset) = todo.pop() {
        let record = read(offset)?;
        for number in 0..record.child_count() {
            let child = record.child(number)?;
            if known.insert(child) {
                limits.check_nodes(known.len() as u64)?;
                todo.push(child);
            }
        }
    }
    // A builder takes records in the order of the file, in which children come first.
    let mut offsets: Vec<u64> = known.into_iter().collect();
    offsets.sort_unstable();
    let mut builder = Builder::new(limits);
    for offset in offsets {
        builder.node(&read(offset)?, |offset| match long_value(from(file, offset), offset) {
            Ok((value, _)) => Ok(value),
            Err(unread) => Err(unread.at_the_end(offset)),
        })?;
    }
    roots.iter().try_for_each(|&root| builder.check_limits(root))?;
    Ok(builder)
}
