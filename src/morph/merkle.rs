//! Making equal subtries one node.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::hash::Hash;
use std::mem;
use std::vec;

use super::digest::{Digest, content_hash, digest};
use super::fold::{Fold, Whole, fold};
use super::kinds::tail;
use crate::algebra::{Place, place_of, same_given};
use crate::bytes::ByteMask;
use crate::node::{Bundle, Load, LoadMut, NodeRef, Payload, Shared};
use crate::trie::PathMap;

/// What [`PathMap::merkleize`] has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MerkleizeResult {
    /// The [hash](crate::morphisms::Catamorphism::hash) of the map.
    pub hash: u128,
    /// The number of nodes that were found to hold the same as another.
    pub reused: usize,
    /// The number of nodes that were copied, because other maps share them, to be changed here.
    pub cloned: usize,
    /// The number of links that now lead to another node than before.
    pub replaced: usize,
    /// What [`PathMap::heap_size`] was before.
    pub bytes_before: usize,
    /// What it is now.
    pub bytes_after: usize,
}

impl<V> PathMap<V> {
    /// Makes equal subtries one node, so that the map takes less memory, and cached folds and comparisons less time.
    ///
    /// The content stays what it is. Subtries are equal if they hold equal values at the same paths, and the same dangling
    /// paths, however their nodes are laid out. They are found by their hashes and then compared, so that values of equal
    /// hashes are told apart; of equal values one is kept. Only whole nodes are shared: of two equal subtries of which
    /// one begins inside of a node, the parts that are nodes are.
    ///
    /// Other maps that share nodes with this one are left as they are: what they share and changes here is copied, and
    /// its values cloned.
    ///
    /// # Complexity
    /// O(bytes in the nodes), and a second time where equal subtries are laid out differently. It does not recurse.
    ///
    /// # Panics
    /// If a value's `hash`, `eq` or `clone` does. The map then holds what it held.
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
            return MerkleizeResult {
                hash: Digest::of(&ByteMask::EMPTY, &[], None).sealed(&[]),
                ..Default::default()
            };
        };
        let mut census = Census::new(root.view());
        let hash = fold(place_of(Some(root)), &[], &mut census).unwrap_or_else(|never| match never {});
        let (reused, bytes_before) = (census.reused, census.bytes);
        let mut result =
            MerkleizeResult { hash, reused, bytes_before, bytes_after: bytes_before, ..Default::default() };
        if census.dirt.contains(&true) {
            let done = census.settled();
            let mut plan = census.plan;
            let root = self.root.as_mut().expect("it was there");
            // What is replaced is dropped when all is in place: a value's drop may panic.
            let mut bin = Vec::new();
            result.cloned = unshare(root, &mut plan, &done, &mut bin);
            result.replaced = replace(root, &plan, done, &mut bin);
            drop(bin);
            result.bytes_after = self.heap_size();
        }
        result
    }
}

/// What is known of a node.
#[derive(Clone, Copy)]
struct Seen {
    /// Nodes of one class hold the same.
    class: usize,
    /// Whether there is a node below it that another of its class has come before.
    dirty: bool,
}

/// What all nodes below the root are.
struct Plan {
    nodes: HashMap<usize, Seen>,
    /// The number of nodes of each class.
    members: Vec<usize>,
}

impl Plan {
    /// What is known of a node, if there is anything to be done about it.
    fn concern(&self, node: &Shared<impl Sized>) -> Option<Seen> {
        let seen = self.nodes[&node.view().id()];
        (seen.dirty || self.members[seen.class] > 1).then_some(seen)
    }
}

/// The fold that sorts nodes into classes, from the leaves up.
struct Census<'a, V> {
    plan: Plan,
    /// The class of each hash, and its first node.
    classes: HashMap<u128, (usize, NodeRef<'a, V>)>,
    /// By shared node: the way from its root to the first location that is called for, and what that is.
    known: HashMap<usize, (Box<[u8]>, Digest)>,
    /// Whether the nodes on the path are dirty, as far as is known.
    dirt: Vec<bool>,
    reused: usize,
    bytes: usize,
}

impl<'a, V> Census<'a, V> {
    fn new(root: NodeRef<'a, V>) -> Self {
        Self {
            plan: Plan { nodes: HashMap::new(), members: Vec::new() },
            classes: HashMap::new(),
            known: HashMap::new(),
            dirt: vec![false],
            reused: 0,
            bytes: root.size() + root.boxed_bytes(),
        }
    }

    /// The first nodes of classes of more than one, where they stay as they are.
    fn settled(&self) -> HashMap<usize, Shared<V>> {
        let firsts = self
            .classes
            .values()
            .filter(|(class, first)| self.plan.members[*class] > 1 && !self.plan.nodes[&first.id()].dirty);
        firsts.map(|&(class, first)| (class, first.share())).collect()
    }

    /// Tells the node above that one below it is dirty.
    fn soil(&mut self, dirty: bool) {
        *self.dirt.last_mut().expect("the root stays") |= dirty;
    }

    /// True iff another node of its class came before.
    fn is_late(&self, node: NodeRef<'_, V>, hash: u128, class: usize) -> bool {
        self.classes.get(&hash).is_some_and(|&(known, first)| known == class && first.id() != node.id())
    }

    /// The class of a node of this hash.
    fn classify(&mut self, node: NodeRef<'a, V>, hash: u128) -> usize
    where
        V: PartialEq,
    {
        let nodes = &self.plan.nodes;
        let known = |x, y| Some(nodes.get(&x)?.class == nodes.get(&y)?.class);
        match self.classes.get(&hash) {
            Some(&(class, first)) if same_given(Place::root(first), Place::root(node), known) => {
                self.plan.members[class] += 1;
                self.reused += 1;
                class
            }
            collision => {
                let (class, is_first) = (self.plan.members.len(), collision.is_none());
                self.plan.members.push(1);
                if is_first {
                    self.classes.insert(hash, (class, node));
                }
                class
            }
        }
    }
}

impl<'a, V: Hash + PartialEq + 'a> Fold<'a, V> for &mut Census<'a, V> {
    type Out = u128;
    type Kept = Digest;
    type Error = Infallible;

    const STEPPING: bool = false;

    #[inline]
    fn call(
        &mut self,
        mask: &ByteMask,
        below: &mut [u128],
        value: Option<&'a V>,
        path: &[u8],
        jump: usize,
    ) -> Result<u128, Infallible> {
        Ok(Digest::of(mask, below, value.map(content_hash)).sealed(tail(path, jump)))
    }

    fn resume(&mut self, kept: Digest, path: &[u8], jump: usize) -> Result<u128, Infallible> {
        Ok(kept.sealed(tail(path, jump)))
    }

    fn recall(&mut self, place: Place<'a, V>, path: &mut Vec<u8>, _: bool) -> Option<Digest> {
        if !place.is_shared() {
            return None;
        }
        let id = place.node().id();
        let (way, digest) = self.known.get(&id)?;
        path.extend_from_slice(way);
        let digest = *digest;
        let Seen { class, dirty } = self.plan.nodes[&id];
        let late = self.is_late(place.node(), digest.sealed(way), class);
        self.soil(dirty || late);
        Some(digest)
    }

    fn enter(&mut self, place: Place<'a, V>, _: bool) -> bool {
        self.dirt.push(false);
        self.bytes += place.node().size() + place.node().boxed_bytes();
        true
    }

    fn keep(
        &mut self,
        place: Place<'a, V>,
        path: &[u8],
        start: usize,
        whole: Whole<'_, 'a, V, u128, Digest>,
    ) -> Digest {
        let (node, digest) = (place.node(), digest(whole, content_hash));
        let hash = digest.sealed(&path[start..]);
        let class = self.classify(node, hash);
        let dirty = self.dirt.pop().expect("the node was entered");
        self.plan.nodes.insert(node.id(), Seen { class, dirty });
        let late = self.is_late(node, hash, class);
        self.soil(dirty || late);
        if node.is_shared() {
            self.known.insert(node.id(), (path[start..].into(), digest));
        }
        digest
    }
}

/// Makes each node this map's alone in which a link is to be changed, from the root down, but for those that another of
/// their class stands for. Returns how many were copied. The content stays as it is at any time.
fn unshare<V: Clone>(
    root: &mut Shared<V>,
    plan: &mut Plan,
    done: &HashMap<usize, Shared<V>>,
    bin: &mut Vec<Shared<V>>,
) -> usize {
    let mut copies = 0;
    let mut met: HashSet<usize> = done.keys().copied().collect();
    let mut todo: Vec<(&mut Shared<V>, Option<Seen>)> = vec![(root, None)];
    while let Some((slot, seen)) = todo.pop() {
        if seen.is_some_and(|seen| !met.insert(seen.class) || !seen.dirty) {
            continue;
        }
        if let Some(was) = slot.part() {
            plan.nodes.extend(seen.map(|seen| (slot.view().id(), seen)));
            bin.push(was);
            copies += 1;
        }
        let from = todo.len();
        slot.unique().for_each_mut(|_, load| {
            if let LoadMut::Child(child) = load
                && let Some(seen) = plan.concern(child)
            {
                todo.push((child, Some(seen)));
            }
        });
        // The nodes are to be met in the order in which they are replaced.
        todo[from..].reverse();
    }
    copies
}

/// A node that is this map's alone and has been taken out, to be given back when all below it is done.
struct Open<V> {
    node: Shared<V>,
    class: Option<usize>,
    /// The entries that lead to children to be seen to.
    todo: vec::IntoIter<usize>,
    /// The entry whose child is out.
    at: usize,
}

impl<V> Open<V> {
    fn new(node: Shared<V>, class: Option<usize>, plan: &Plan) -> Self {
        let mut todo = Vec::new();
        let mut entries = node.view().entries(0, 256);
        loop {
            let at = entries.at();
            match entries.next().map(|entry| entry.load) {
                None => break,
                Some(Load::Child(child)) if plan.concern(child).is_some() => todo.push(at),
                Some(_) => {}
            }
        }
        Self { node, class, todo: todo.into_iter(), at: 0 }
    }

    /// The link at an entry.
    fn link(&mut self, entry: usize) -> &mut Shared<V> {
        self.node.try_unique().expect("the node has been made this map's alone").child_mut(entry)
    }
}

/// Makes all links to nodes of one class lead to the first of them. Returns how many have changed. What they led to goes
/// to the bin.
///
/// Nothing of the values' own runs here, so that nothing can panic while nodes are out.
fn replace<V>(
    root: &mut Shared<V>,
    plan: &Plan,
    mut done: HashMap<usize, Shared<V>>,
    bin: &mut Vec<Shared<V>>,
) -> usize {
    let mut replaced = 0;
    // Stands where a node has been taken out.
    let hole = Bundle::node(&[0], Payload::Bare);
    let mut open = vec![Open::new(mem::replace(root, hole.clone()), None, plan)];
    while let Some(top) = open.last_mut() {
        let Some(entry) = top.todo.next() else {
            let Open { node, class, .. } = open.pop().expect("it was there");
            done.extend(class.map(|class| (class, node.clone())));
            let link = match open.last_mut() {
                Some(above) => above.link(above.at),
                None => &mut *root,
            };
            *link = node;
            continue;
        };
        let link = top.link(entry);
        let seen = plan.nodes[&link.view().id()];
        if let Some(first) = done.get(&seen.class) {
            if first.view().id() != link.view().id() {
                bin.push(mem::replace(link, first.clone()));
                replaced += 1;
            }
        } else if seen.dirty {
            let node = mem::replace(link, hole.clone());
            top.at = entry;
            open.push(Open::new(node, Some(seen.class), plan));
        } else {
            done.insert(seen.class, link.clone());
        }
    }
    replaced
}
