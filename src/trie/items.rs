//! What makes up a map: its values and its dangling tips, in path order.

use super::walk::Walk;
use crate::node::LentNode;

/// The items that make up a map, dangling tips included: what comparison and hashing see.
pub(crate) fn items<V>(root: Option<LentNode<'_, V>>) -> impl Iterator<Item = (Vec<u8>, Option<&V>)> {
    let mut walk: Walk<'_, V> = Walk::new(root);
    std::iter::from_fn(move || walk.next_item().map(|(path, value)| (path.to_vec(), value)))
}
