//! What is at and below a place, counted by nodes rather than by paths.

use std::collections::{HashMap, HashSet};

use super::end::End;
use super::place::{LentNode, Place};
use super::view::NodeRef;

/// The sum of `own` over the nodes at and below the root, saturating. A node that is shared is
/// visited once, and added as often as paths lead to it.
fn sum<'a, V>(root: NodeRef<'a, V>, own: impl Fn(NodeRef<'a, V>) -> usize) -> usize {
    struct MeasureFrame<'a, V> {
        node: NodeRef<'a, V>,
        next: usize,
        values: usize,
    }
    let mut known: HashMap<usize, usize> = HashMap::new();
    let mut stack = vec![MeasureFrame { node: root, next: 0, values: own(root) }];
    loop {
        let top = stack.last_mut().expect("the root returns");
        if top.next < top.node.child_count() {
            let child = top.node.child(top.next).view();
            top.next += 1;
            if child.child_count() == 0 {
                // A leaf is counted as fast as it could be looked up.
                top.values = top.values.saturating_add(own(child));
            } else if let Some(&values) = child.is_shared().then(|| known.get(&child.id())).flatten() {
                top.values = top.values.saturating_add(values);
            } else {
                stack.push(MeasureFrame { node: child, next: 0, values: own(child) });
            }
            continue;
        }
        let done = stack.pop().expect("it was there");
        if done.node.is_shared() {
            known.insert(done.node.id(), done.values);
        }
        match stack.last_mut() {
            Some(parent) => parent.values = parent.values.saturating_add(done.values),
            None => return done.values,
        }
    }
}

/// The number of entries of a node, from `lo` to `hi`, that end in a tip of this node itself:
/// those that are no child, and that the next entry does not extend.
fn tips_among<V>(node: NodeRef<'_, V>, lo: usize, hi: usize) -> usize {
    let mut tips = 0;
    let mut next = node.next_entry(lo).filter(|&i| i < hi);
    while let Some(i) = next {
        next = node.next_entry(i + 1).filter(|&i| i < hi);
        let entry = node.entry(i);
        let goes_on = next.is_some_and(|next| {
            let next = node.entry(next);
            next.suffix.starts_with(entry.suffix)
        });
        tips += !(entry.end.is_child() || goes_on) as usize;
    }
    tips
}

/// The number of tips at and below a node's root.
fn tips<V>(root: NodeRef<'_, V>) -> usize {
    // A node without entries is a tip itself.
    sum(root, |node| match node.next_entry(0) {
        Some(_) => tips_among(node, 0, usize::MAX),
        None => 1,
    })
}

/// The number of values at and below a place. A node that is shared is counted once.
pub(crate) fn count_values<V>(place: Place<'_, V>) -> usize {
    if place.is_node() {
        return sum(place.node, NodeRef::value_count);
    }
    let mut values = place.own().is_some() as usize;
    for entry in place.below() {
        let below = match entry.end {
            End::Value(_) => 1,
            End::Bare => 0,
            End::Child(child) => sum(child.view(), NodeRef::value_count),
        };
        values = values.saturating_add(below);
    }
    values
}

/// The number of tips at and below a place: locations with nothing below them.
pub(crate) fn count_tips<V>(place: Place<'_, V>) -> usize {
    if place.is_node() {
        return tips(place.node);
    }
    let mut count = tips_among(place.node, place.spot.lo as usize, place.spot.hi as usize);
    for entry in place.below() {
        if let End::Child(child) = entry.end {
            count = count.saturating_add(tips(child.view()));
        }
    }
    count
}

/// About how many entries are at and below a place, by a look at some dozens of nodes.
///
/// Evenly spaced nodes of each level are looked at, so that a heavy one among hundreds of
/// light ones may be missed.
#[cfg(feature = "rayon")]
pub(crate) fn weigh<V>(place: Place<'_, V>) -> usize {
    /// How many nodes are looked at on a level, and on how many levels.
    const NODES: usize = 8;
    const LEVELS: usize = 8;

    let (mut entries, mut scale) = (0.0, 1.0);
    let mut level: Vec<NodeRef<'_, V>> = match place.is_node() {
        true => vec![place.node],
        false => {
            entries = place.entry_count() as f64;
            place.below().filter_map(|entry| Some(entry.end.child()?.view())).collect()
        }
    };
    for _ in 0..LEVELS {
        let count: usize = level.iter().map(|node| node.entry_count()).sum();
        entries += count as f64 * scale;
        let children: usize = level.iter().map(|node| node.child_count()).sum();
        let picked = children.min(NODES);
        let (mut next, mut before) = (Vec::with_capacity(picked), 0);
        let mut ranks = (0..picked).map(|i| i * children / picked).peekable();
        for node in level {
            while let Some(rank) = ranks.next_if(|&rank| rank < before + node.child_count()) {
                next.push(node.child(rank - before).view());
            }
            before += node.child_count();
        }
        if next.is_empty() {
            break;
        }
        // Each picked node stands for `children / picked` nodes of its level.
        scale *= children as f64 / picked as f64;
        level = next;
    }
    // The cast saturates, where sharing makes the number of paths exponential.
    entries as usize
}

/// The bytes of a node's allocation, and of the boxes of values that do not lie in it.
pub(crate) fn allocated_bytes<V>(node: LentNode<'_, V>) -> usize {
    node.view().size() + node.view().boxed_bytes()
}

/// Visits all nodes at and below the roots, each once.
pub(crate) fn for_each_node<'a, V: 'a>(
    roots: impl IntoIterator<Item = LentNode<'a, V>>,
    mut visit: impl FnMut(LentNode<'a, V>),
) {
    let mut seen = HashSet::new();
    let mut todo = Vec::new();
    for root in roots {
        todo.push(root.view());
        while let Some(node) = todo.pop() {
            if node.is_shared() && !seen.insert(node.id()) {
                continue;
            }
            visit(node.lent());
            todo.extend((0..node.child_count()).map(|rank| node.child(rank).view()));
        }
    }
}
