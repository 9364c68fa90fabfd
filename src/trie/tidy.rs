//! Making nodes good after an edit below them.

use crate::node::{End, NodeMut};

/// Makes the child of entry `i` good after an edit: a child that holds nothing or only its own
/// value is replaced by that, a wide one of few entries becomes a list, and a small one is
/// absorbed. The child is this node's alone.
pub(crate) fn tidy<V>(node: &mut NodeMut<'_, V>, i: usize) {
    let mut child = node.reborrow().child_mut(i).try_unique().expect("the child has been edited");
    if !child.has_entries() {
        let payload = child.take_own().map_or(End::Bare, End::Value);
        // The child is an empty node, which nobody looks at any more.
        drop(node.replace(i, payload));
        return;
    }
    child.settle();
    node.absorb(i);
}
