//! Counting values and tips, and measuring memory, by nodes rather than by paths.

use std::collections::{HashMap, HashSet};

use crate::node::{End, NodeRef, Shared, Spot, for_each_below};
use crate::trie::PathMap;

/// The number of values at and below the node's root. A node that is shared is counted once.
pub(crate) fn count<V>(root: NodeRef<'_, V>) -> usize {
    sum(root, NodeRef::value_count)
}

/// The sum of `own` over the nodes at and below the root, saturating. A node that is shared is visited once, and added as
/// often as paths lead to it.
fn sum<'a, V>(root: NodeRef<'a, V>, own: impl Fn(NodeRef<'a, V>) -> usize) -> usize {
    struct Frame<'a, V> {
        node: NodeRef<'a, V>,
        next: usize,
        values: usize,
    }
    let mut known: HashMap<usize, usize> = HashMap::new();
    let mut stack = vec![Frame { node: root, next: 0, values: own(root) }];
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
                stack.push(Frame { node: child, next: 0, values: own(child) });
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

/// The number of values at and below a spot.
pub(crate) fn count_below<V>(node: NodeRef<'_, V>, spot: Spot) -> usize {
    if spot.depth() == 0 {
        return count(node);
    }
    let mut values = node.value_at(spot).is_some() as usize;
    for_each_below(node, spot, |_, end| {
        let below = match end {
            End::Value(_) => 1,
            End::Bare => 0,
            End::Child(child) => count(child.view()),
        };
        values = values.saturating_add(below);
    });
    values
}

/// The number of entries of a node, from `lo` to `hi`, that end in a tip of this node itself: those that are no child, and
/// that the next entry does not extend.
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

/// The number of tips at and below a spot: locations with nothing below them.
pub(crate) fn tips_below<V>(node: NodeRef<'_, V>, spot: Spot) -> usize {
    let tips = |node: NodeRef<'_, V>| {
        // A node without entries is a tip itself.
        sum(node, |node| match node.next_entry(0) {
            Some(_) => tips_among(node, 0, usize::MAX),
            None => 1,
        })
    };
    if spot.depth() == 0 {
        return tips(node);
    }
    let spot = node.known(spot);
    let mut count = tips_among(node, spot.lo as usize, spot.hi as usize);
    for_each_below(node, spot, |_, end| {
        if let End::Child(child) = end {
            count = count.saturating_add(tips(child.view()));
        }
    });
    count
}

/// The bytes of all nodes, each counted once.
pub(crate) fn heap_size<'a, V: 'a>(roots: impl IntoIterator<Item = NodeRef<'a, V>>) -> usize {
    let mut bytes = 0usize;
    for_each_node(roots, |node| bytes += node.size() + node.boxed_bytes());
    bytes
}

/// Visits all nodes at and below the roots, each once.
pub(crate) fn for_each_node<'a, V: 'a>(
    roots: impl IntoIterator<Item = NodeRef<'a, V>>,
    mut visit: impl FnMut(NodeRef<'a, V>),
) {
    let mut seen = HashSet::new();
    let mut todo = Vec::new();
    for root in roots {
        todo.push(root);
        while let Some(node) = todo.pop() {
            if node.is_shared() && !seen.insert(node.id()) {
                continue;
            }
            visit(node);
            todo.extend((0..node.child_count()).map(|rank| node.child(rank).view()));
        }
    }
}

impl<V> PathMap<V> {
    /// Returns the bytes that the map's nodes take, with the boxes of values too large to lie in them.
    ///
    /// What the values own elsewhere is not known. A node shared with other maps counts in full: to add up several maps
    /// use [`heap_size_of_all`](Self::heap_size_of_all). O(nodes).
    #[must_use]
    pub fn heap_size(&self) -> usize {
        heap_size(self.root.as_ref().map(Shared::view))
    }

    /// Returns the bytes that the nodes of several maps take together, each node counted once.
    ///
    /// Maps that were cloned from each other share most of their nodes, and the sum of their
    /// [`heap_size`](Self::heap_size) may be many times what they take. O(nodes), each counted once.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let old: PathMap<u32> = (0..10_000u32).map(|i| (i.to_be_bytes(), i)).collect();
    /// let mut new = old.clone();
    /// new.insert("more", 1);
    /// let together = PathMap::heap_size_of_all([&old, &new]);
    /// assert!(together < old.heap_size() * 11 / 10);
    /// ```
    pub fn heap_size_of_all<'a, I: IntoIterator<Item = &'a Self>>(maps: I) -> usize
    where
        V: 'a,
    {
        heap_size(maps.into_iter().filter_map(|map| map.root.as_ref().map(Shared::view)))
    }
}
