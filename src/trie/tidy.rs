//! Making nodes good after an edit below them.

use crate::node::{End, NodeMut, Spot};

/// Removes the one entry of the node that leads towards `key`.
pub(crate) fn remove_towards<V>(node: &mut NodeMut<'_, V>, key: &[u8]) {
    let (_, spot) = node.view().follow(node.view().known(Spot::ROOT), key);
    node.remove(spot.lo as usize);
}

/// Makes the child of entry `i` good after an edit: a child that holds nothing or only its own
/// value is replaced by that, a wide one of few entries becomes a list, and a small one is
/// absorbed. The child is this node's alone.
pub(crate) fn tidy<V>(node: &mut NodeMut<'_, V>, i: usize) {
    let mut child = node.reborrow().child_mut(i).try_unique().expect("the child has been edited");
    if child.view().next_entry(0).is_none() {
        let payload = child.take_own().map_or(End::Bare, End::Value);
        // The child is an empty node, which nobody looks at any more.
        drop(node.replace(i, payload));
        return;
    }
    child.settle();
    node.absorb(i);
}
