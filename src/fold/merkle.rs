//! [`PathMap::merkleize`]: makes equal subtries one node.

use std::collections::HashSet;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::hash::Hash;
use std::mem;
use std::vec;

use super::by_nodes::fold;
use super::digest::{Digest, Digester, content_hash};
use super::memo::{Memo, Tops};
use super::traits::{Arguments, NodeFold, Recall, Whole, tail};
use crate::algebra::same_given;
use crate::node::{
    Bin, Bundle, End, EndRef, LentNode, Place, Shared, SpanMut, allocated_bytes, for_each_node, place_of,
};
use crate::trie::PathMap;

/// A report of what [`PathMap::merkleize`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MerkleizeResult {
    /// The [hash](crate::fold::Catamorphism::hash) of the map.
    pub hash: u128,
    /// The number of nodes that were found to have the content of another node.
    pub reused: usize,
    /// The number of nodes that were copied before they were changed, because other maps share
    /// them.
    pub cloned: usize,
    /// The number of links that lead to another node than before.
    pub replaced: usize,
    /// The [`PathMap::heap_size`] before the call.
    pub bytes_before: usize,
    /// The [`PathMap::heap_size`] after the call.
    pub bytes_after: usize,
}

impl<V> PathMap<V> {
    /// Makes equal subtries one node.
    ///
    /// The map then takes less memory, and cached folds and comparisons take less time.
    ///
    /// The content does not change. Subtries are equal if they have equal values at the same
    /// paths, and the same dangling paths, however their nodes are laid out. Equal subtries are
    /// found by their hashes and then compared, so different values with equal hashes do no harm.
    /// Of equal values, one is kept. Only whole nodes are shared: if one of two equal subtries
    /// begins inside a node, only the nodes below that node are shared.
    ///
    /// Other maps that share nodes with this one do not change. A shared node is copied before it
    /// is changed here, and its values are cloned.
    ///
    /// # Complexity
    /// O(bytes in the nodes), and the same again where equal subtries are laid out differently.
    /// The method does not recurse.
    ///
    /// # Panics
    /// Panics if a value's `hash`, `eq` or `clone` panics. The content of the map has not changed
    /// then.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    ///
    /// let mut map: PathMap<u32> = PathMap::new();
    /// for year in 2020..2030 {
    ///     for day in 0..365 {
    ///         map.insert(format!("{year}/{day:03}/open"), 9);
    ///     }
    /// }
    /// let copy = map.clone();
    /// let report = map.merkleize();
    /// assert!(map == copy);
    /// assert!(report.bytes_after < report.bytes_before / 5);
    /// ```
    pub fn merkleize(&mut self) -> MerkleizeResult
    where
        V: Clone + Hash + PartialEq,
    {
        let Some(root) = &self.root else {
            return MerkleizeResult { hash: Digest::NOTHING.sealed(&[]), ..Default::default() };
        };
        let (nodes, bytes_before) = size_below(root.lent());
        let mut census = Census::new(nodes, content_hash::<V>);
        let hash = fold(place_of(Some(root)), &[], &mut census).unwrap_or_else(|never| match never {});
        let mut result = MerkleizeResult {
            hash,
            reused: census.reused,
            bytes_before,
            bytes_after: bytes_before,
            ..Default::default()
        };
        if census.changed_below.contains(&true) {
            let done = census.unchanged_firsts();
            let mut plan = census.plan;
            let root = self.root.as_mut().expect("it was there");
            // What is replaced is dropped when the map is whole, since a value's drop may panic.
            let mut bin = Vec::new();
            result.cloned = unshare(root, &mut plan, &done, &mut bin);
            result.replaced = replace(root, &plan, done, &mut bin);
            drop(bin);
            result.bytes_after = self.root.as_ref().map_or(0, |root| size_below(root.lent()).1);
        }
        result
    }
}

/// The number of a class of equal nodes.
type Class = u32;

/// What is known of a node.
#[derive(Clone, Copy)]
struct Seen {
    /// Nodes of one class have equal content.
    class: Class,
    /// Whether another node of its class came before.
    replaced: bool,
    /// Whether there is a replaced node below it.
    changes_below: bool,
}

/// What is known of all nodes below the root.
struct MergePlan {
    nodes: Memo<usize, Seen>,
    /// The number of nodes of each class.
    members: Vec<u32>,
}

impl MergePlan {
    /// Returns what is known of a node, if the node or a link to it has to be changed.
    fn to_change(&self, node: &Shared<impl Sized>) -> Option<Seen> {
        let seen = self.nodes[&node.id()];
        (seen.changes_below || self.members[seen.class as usize] > 1).then_some(seen)
    }
}

/// The digest and the hash of a subtrie.
struct SealedNode {
    digest: Digest,
    /// How long the way from its root is.
    way: usize,
    hash: u128,
}

/// The fold that sorts nodes into classes, from the leaves up.
struct Census<'a, V, F> {
    digester: Digester<F>,
    plan: MergePlan,
    /// The class of each hash, and its first node.
    classes: Memo<u128, (Class, LentNode<'a, V>)>,
    tops: Tops<Digest>,
    /// Whether the nodes on the path are known to have a change below.
    changed_below: Vec<bool>,
    last: SealedNode,
    reused: usize,
}

impl<'a, V, F> Census<'a, V, F> {
    /// A census with room for `nodes` nodes.
    fn new(nodes: usize, val_hash: F) -> Self {
        let mut census = Self {
            digester: Digester::new(val_hash),
            plan: MergePlan { nodes: Memo::default(), members: Vec::with_capacity(nodes) },
            classes: Memo::default(),
            tops: Tops::new(),
            changed_below: vec![false],
            last: SealedNode { digest: Digest::NOTHING, way: 0, hash: 0 },
            reused: 0,
        };
        census.plan.nodes.reserve(nodes);
        census.classes.reserve(nodes);
        census
    }

    /// Returns the first nodes of classes of more than one node, except those that have to be
    /// changed.
    fn unchanged_firsts(&self) -> Memo<Class, Shared<V>> {
        let firsts = self.classes.values().filter(|(class, first)| {
            self.plan.members[*class as usize] > 1 && !self.plan.nodes[&first.id()].changes_below
        });
        firsts.map(|&(class, first)| (class, first.share())).collect()
    }

    /// Marks the last node of the path as changed below, if it is.
    fn mark_changed_below(&mut self, changes_below: bool) {
        *self.changed_below.last_mut().expect("the root stays") |= changes_below;
    }

    /// Finds or makes the class of a node. Returns it, and whether another node of the class came
    /// before.
    fn classify(&mut self, node: LentNode<'a, V>, hash: u128) -> (Class, bool)
    where
        V: PartialEq,
    {
        let nodes = &self.plan.nodes;
        let known = |x, y| Some(nodes.get(&x)?.class == nodes.get(&y)?.class);
        let new = Class::try_from(self.plan.members.len()).expect("nodes are fewer than fit memory");
        match self.classes.entry(hash) {
            Entry::Occupied(entry) => {
                let &(class, first) = entry.get();
                if holds_the_same(first, node, known) {
                    self.plan.members[class as usize] += 1;
                    self.reused += 1;
                    return (class, true);
                }
            }
            Entry::Vacant(entry) => {
                entry.insert((new, node));
            }
        }
        self.plan.members.push(1);
        (new, false)
    }
}

/// Returns the number of nodes and their bytes. A shared node is counted once.
fn size_below<V>(root: LentNode<'_, V>) -> (usize, usize) {
    let (mut nodes, mut bytes) = (0, 0);
    for_each_node([root], |node| {
        nodes += 1;
        bytes += allocated_bytes(node);
    });
    (nodes, bytes)
}

/// True iff two nodes have equal content, given the classes of the nodes below by their ids.
fn holds_the_same<V: PartialEq>(
    first: LentNode<'_, V>,
    node: LentNode<'_, V>,
    known: impl Fn(usize, usize) -> Option<bool>,
) -> bool {
    // Mostly they are laid out alike, and are compared entry by entry, without a walk.
    let alike = |x: EndRef<'_, V>, y: EndRef<'_, V>| match (x, y) {
        (End::Value(x), End::Value(y)) => x == y,
        (End::Bare, End::Bare) => true,
        (End::Child(x), End::Child(y)) => known(x.id(), y.id()) == Some(true),
        _ => false,
    };
    let (first, node) = (first.place(), node.place());
    first.entry_count() == node.entry_count()
        && first.own() == node.own()
        && first.below().zip(node.below()).all(|(x, y)| x.suffix == y.suffix && alike(x.end, y.end))
        || same_given(first, node, known)
}

impl<'a, V: PartialEq + 'a, F: Fn(&V) -> u128> NodeFold<'a, V> for &mut Census<'a, V, F> {
    type Out = u128;
    /// Nothing: the result of the last node is in [`Census::last`], and is used before there is
    /// another. (As a return value, it would be read as soon as it is written, which has to wait
    /// for memory.)
    type Kept = ();
    type Error = Infallible;

    const STEPPING: bool = false;

    #[inline]
    fn call(&mut self, at: Arguments<'_, 'a, V, u128>) -> Result<u128, Infallible> {
        Ok(self.digester.hash(at))
    }

    #[inline]
    fn resume(&mut self, (): (), path: &[u8], jump: usize) -> Result<u128, Infallible> {
        // Mostly a node begins one byte below a branch, and this way is the one from its root.
        let last = &self.last;
        Ok(if jump == last.way { last.hash } else { last.digest.sealed(tail(path, jump)) })
    }

    #[inline]
    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, _: bool) -> Recall<()> {
        let start = path.len();
        let Recall::Known(digest) = self.tops.recall(place, path) else {
            self.changed_below.push(false);
            return Recall::New;
        };
        let way = &path[start..];
        self.last = SealedNode { digest, way: way.len(), hash: digest.sealed(way) };
        let Seen { replaced, changes_below, .. } = self.plan.nodes[&place.node().id()];
        self.mark_changed_below(changes_below || replaced);
        Recall::Known(())
    }

    fn keep(&mut self, place: Place<'a, V>, path: &[u8], start: usize, whole: Whole<'_, 'a, V, u128, ()>) {
        let (node, way) = (place.node(), &path[start..]);
        let digest = self.digester.digest(whole, |()| self.last.digest);
        let hash = digest.sealed(way);
        let (class, replaced) = self.classify(node, hash);
        let changes_below = self.changed_below.pop().expect("the node was entered");
        self.plan.nodes.insert(node.id(), Seen { class, replaced, changes_below });
        self.mark_changed_below(changes_below || replaced);
        if place.is_shared() {
            self.tops.keep(node.id() as u64, way, digest);
        }
        self.last = SealedNode { digest, way: way.len(), hash };
    }
}

/// Makes this map the only owner of each node in which a link has to be changed, from the root
/// down. Returns how many nodes were copied.
///
/// Nodes that another of their class replaces are left out. The content does not change at any
/// time.
fn unshare<V: Clone>(
    root: &mut Shared<V>,
    plan: &mut MergePlan,
    done: &Memo<Class, Shared<V>>,
    bin: &mut Vec<Shared<V>>,
) -> usize {
    let waste = &mut Bin::new();
    let mut copies = 0;
    let mut met: HashSet<Class> = done.keys().copied().collect();
    let mut todo: Vec<(&mut Shared<V>, Option<Seen>)> = vec![(root, None)];
    while let Some((slot, seen)) = todo.pop() {
        if seen.is_some_and(|seen| !met.insert(seen.class) || !seen.changes_below) {
            continue;
        }
        if !slot.is_unique() {
            // The old node is kept, so that no copy gets its address.
            bin.push(slot.clone());
            slot.part(waste);
            plan.nodes.extend(seen.map(|seen| (slot.id(), seen)));
            copies += 1;
        }
        let from = todo.len();
        let mut span = SpanMut::new(slot.unique(waste));
        while let Some(child) = span.next_child() {
            if let Some(seen) = plan.to_change(child) {
                todo.push((child, Some(seen)));
            }
        }
        // The order must be that in which `replace` comes to the nodes.
        todo[from..].reverse();
    }
    copies
}

/// A node that only this map owns. It was taken out of the trie until all below it is done.
struct OpenNode<V> {
    node: Shared<V>,
    class: Option<Class>,
    /// The entries whose child, or the link to it, [has to be changed](MergePlan::to_change).
    todo: vec::IntoIter<usize>,
    /// The entry whose child was taken out.
    at: usize,
}

impl<V> OpenNode<V> {
    fn new(node: Shared<V>, class: Option<Class>, plan: &MergePlan) -> Self {
        let mut todo = Vec::new();
        let mut below = node.place().below();
        while let Some((at, entry)) = below.at().zip(below.next()) {
            if entry.end.child().is_some_and(|child| plan.to_change(child).is_some()) {
                todo.push(at.into());
            }
        }
        Self { node, class, todo: todo.into_iter(), at: 0 }
    }

    /// The link to the child of an entry.
    fn link(&mut self, entry: usize) -> &mut Shared<V> {
        self.node.try_unique().expect("the node has been made this map's alone").child_mut(entry)
    }
}

/// Makes all links to nodes of one class lead to the first of them. Returns how many have changed.
/// The replaced nodes are added to the bin.
///
/// No code of the values runs here, so nothing can panic while nodes are taken out.
fn replace<V>(
    root: &mut Shared<V>,
    plan: &MergePlan,
    mut done: Memo<Class, Shared<V>>,
    bin: &mut Vec<Shared<V>>,
) -> usize {
    let mut replaced = 0;
    // It takes the place of nodes that were taken out.
    let hole = Bundle::node(&[0], End::Bare);
    let mut open = vec![OpenNode::new(mem::replace(root, hole.clone()), None, plan)];
    while let Some(top) = open.last_mut() {
        let Some(entry) = top.todo.next() else {
            let OpenNode { node, class, .. } = open.pop().expect("it was there");
            done.extend(class.map(|class| (class, node.clone())));
            let link = match open.last_mut() {
                Some(above) => above.link(above.at),
                None => &mut *root,
            };
            *link = node;
            continue;
        };
        let link = top.link(entry);
        let seen = plan.nodes[&link.id()];
        if let Some(first) = done.get(&seen.class) {
            if first.id() != link.id() {
                bin.push(mem::replace(link, first.clone()));
                replaced += 1;
            }
        } else if seen.changes_below {
            let node = mem::replace(link, hole.clone());
            top.at = entry;
            open.push(OpenNode::new(node, Some(seen.class), plan));
        } else {
            done.insert(seen.class, link.clone());
        }
    }
    replaced
}
