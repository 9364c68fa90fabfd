//! The items of a map: its values and its dangling tips, in path order.

use super::walk::WalkRef;
use crate::node::LentNode;

/// Iterates over the values and the dangling tips of a map, for comparison and hashing.
pub(crate) fn items<V>(root: Option<LentNode<'_, V>>) -> impl Iterator<Item = (Vec<u8>, Option<&V>)> {
    let mut walk: WalkRef<'_, V> = WalkRef::new(root);
    std::iter::from_fn(move || walk.next_item().map(|(path, value)| (path.to_vec(), value)))
}
