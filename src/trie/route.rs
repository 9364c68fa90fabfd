//! The way to a value that may be removed, found by one descent.
//!
//! Removing a value may leave its node with nothing, and the nodes above, up to one that has
//! another entry or a value: the *keeper*. So a descent that may end in a removal holds on to the
//! link that leads to the keeper:
//!
//! ```text
//! root ─ … ─▶ parent ──link──▶ keeper ──via──▶ node ─▶ … ─▶ last node ─▶ value
//!                                ├─ …           (below the keeper each node has one entry, and no value)
//! ```
//!
//! In nearly all tries the keeper is the last node itself. What is below it needs no search: the
//! way leads on by the only entry of each node. After a removal the keeper, which has lost an
//! entry, is tidied from its parent. The parent keeps all its entries, so nothing above it
//! changes.

use super::descend::{Descent, Looking, Passing, Unsharing, descend, found_value};
use super::get_mut::first_value;
use super::take::{remove_entry, take_own};
use super::tidy::tidy;
use crate::node::{Bin, ChildSlot, Found, NodeMut, Place, Shared, Step, Stored};
use crate::reached::{Mark, reached};

/// The variable that holds a node: the root of a trie, or the slot of a child whose parent has one
/// owner.
enum Link<'a, V> {
    Root(&'a mut Option<Shared<V>>),
    Child(ChildSlot<'a, V>),
}

impl<'a, V> Link<'a, V> {
    fn node(&self) -> Option<&Shared<V>> {
        match self {
            Self::Root(root) => root.as_ref(),
            Self::Child(child) => Some(child.child()),
        }
    }

    /// The slot of the node, which is there.
    fn slot_mut(&mut self) -> &mut Shared<V> {
        match self {
            Self::Root(root) => root.as_mut().expect("the trie is not empty"),
            Self::Child(child) => child.child_mut(),
        }
    }

    /// Like [`slot_mut`](Self::slot_mut), for as long as the trie is borrowed.
    fn into_slot(self) -> &'a mut Shared<V> {
        match self {
            Self::Root(root) => root.as_mut().expect("the trie is not empty"),
            Self::Child(child) => child.into_child(),
        }
    }
}

/// What is known of the way below the keeper.
enum Ahead {
    /// The trie is empty.
    Nothing,
    /// The key is empty: it ends at the root.
    Root,
    /// The way to the last node.
    Known {
        /// The keeper's entry towards the last node, if that is another.
        via: usize,
        /// How many nodes below the keeper the last node is.
        nodes: usize,
        /// How much of the key leads to the last node.
        start: usize,
        /// Where the rest of the key leads from there.
        found: Found,
    },
    /// Nothing yet: a node on the way has other owners, and the search has stopped there.
    Unknown,
}

/// The way along a key. It does not hold the key, which is given to each call again.
pub(super) struct Route<'a, V> {
    /// Leads to the keeper; to the root if there is no keeper.
    link: Link<'a, V>,
    /// How much of the key leads to the keeper.
    start: usize,
    ahead: Ahead,
}

/// The slot of the node that is `nodes` nodes below that of `slot`, by way of entry `via` and then
/// by only entries.
fn only_way<'a, V>(
    mut slot: &'a mut Shared<V>,
    mut via: usize,
    nodes: usize,
    passing: &mut impl Passing<V>,
) -> &'a mut Shared<V> {
    for _ in 0..nodes {
        slot = passing.pass(slot).child_mut(via);
        via = slot.only_entry();
    }
    slot
}

impl<'a, V> Route<'a, V> {
    /// Looks for the way along `key`. Copies nothing.
    pub(super) fn find(root: &'a mut Option<Shared<V>>, key: &[u8]) -> Self {
        Self::find_from(Link::Root(root), 0, key, Looking)
    }

    /// Looks for the way along `key`, of which `start` bytes lead to the node of the link.
    fn find_from(mut link: Link<'a, V>, mut start: usize, key: &[u8], mut passing: impl Passing<V>) -> Self {
        loop {
            let mut ended = false;
            if let Link::Child(child) = link {
                (link, start, ended) = Self::follow(child, start, key, &mut passing);
            }
            let Some(mut node) = link.node() else { return Self { link, start, ahead: Ahead::Nothing } };
            if start == key.len() {
                return Self { link, start, ahead: Ahead::Root };
            }
            let (mut at, mut via, mut nodes) = (start, 0, 0);
            let ahead = loop {
                let way = match std::mem::take(&mut ended) {
                    true => None,
                    false => node.way_to_child(&key[at..]).filter(|&(_, used, _)| at + used < key.len()),
                };
                let Some((i, used, child)) = way else {
                    let found = node.find(&key[at..]);
                    break Some(Ahead::Known { via, nodes, start: at, found });
                };
                reached(Mark::NodeSearched);
                if !passing.may_pass(node) {
                    break Some(Ahead::Unknown);
                }
                if nodes == 0 {
                    via = i;
                }
                nodes += 1;
                at += used;
                node = child;
                if node.outlasts_an_entry() {
                    break None;
                }
            };
            if let Some(ahead) = ahead {
                return Self { link, start, ahead };
            }
            // The node is the keeper from here on.
            let parent = only_way(link.into_slot(), via, nodes - 1, &mut passing);
            passing.pass(parent);
            if nodes > 1 {
                via = parent.only_entry();
            }
            (link, start) = (Link::Child(ChildSlot::new(parent, via)), at);
        }
    }

    /// Follows the key from keeper to keeper, as far as each is a child of the one before. Returns
    /// true if no child of the last one leads on.
    #[inline]
    fn follow(
        mut child: ChildSlot<'a, V>,
        mut start: usize,
        key: &[u8],
        passing: &mut impl Passing<V>,
    ) -> (Link<'a, V>, usize, bool) {
        loop {
            if passing.may_pass(child.child()) {
                passing.pass(child.child_mut());
            }
            match child.step(&key[start..]) {
                Step::On(next, used) => {
                    reached(Mark::NodeSearched);
                    (child, start) = (next, start + used);
                }
                Step::End(child) => return (Link::Child(child), start, true),
                Step::Stop(child) => return (Link::Child(child), start, false),
            }
        }
    }

    /// The value at the key, if there is one.
    pub(super) fn value(&self, key: &[u8]) -> Option<&V> {
        let keeper = self.link.node()?;
        match &self.ahead {
            Ahead::Nothing => None,
            Ahead::Root => keeper.place().own(),
            Ahead::Unknown => keeper.lent().value_at(&key[self.start..]),
            Ahead::Known { via, nodes, start, found } => {
                let (mut last, mut via) = (keeper, *via);
                for _ in 0..*nodes {
                    last = last.child(via);
                    via = last.only_entry();
                }
                found.value_in(last, &key[*start..])
            }
        }
    }

    /// True iff there is a value at the key.
    pub(super) fn has_value(&self, key: &[u8]) -> bool {
        match self.ahead {
            Ahead::Known { found: Found::Value(_), .. } => true,
            Ahead::Known { found: Found::Bare(_) | Found::Vacant(_), .. } => false,
            _ => self.value(key).is_some(),
        }
    }

    /// True iff the key leads to a dangling tip.
    pub(super) fn is_tip(&self, key: &[u8]) -> bool {
        match (&self.ahead, self.link.node()) {
            (Ahead::Known { found, .. }, _) => matches!(found, Found::Bare(_)),
            (Ahead::Unknown, Some(keeper)) => {
                keeper.place().find(&key[self.start..]).is_some_and(Place::is_empty)
            }
            _ => false,
        }
    }

    /// The length of the longest proper prefix of the key that has a value or a branch; None if
    /// there is none. The key leads to a dangling tip or to a value that nothing extends. Searches
    /// the keeper once more.
    fn fork(&self, key: &[u8]) -> Option<usize> {
        let keeper = self.link.node()?;
        keeper.fork_above(&key[self.start..]).map(|depth| self.start + depth)
    }
}

impl<'a, V: Clone> Route<'a, V> {
    /// Finds the rest of the way where nodes had other owners; copies these nodes.
    pub(super) fn unshared(self, key: &[u8], bin: &mut Bin<V>) -> Self {
        match self.ahead {
            Ahead::Unknown => Self::find_from(self.link, self.start, key, Unsharing(bin)),
            _ => self,
        }
    }

    /// The value at the key, which is there, to be changed.
    pub(super) fn value_mut(&mut self, key: &[u8], bin: &mut Bin<V>) -> &mut V {
        Self::value_at(self.link.slot_mut(), self.start, &self.ahead, key, bin)
    }

    /// The value at the key, which is there, for as long as the trie is borrowed.
    pub(super) fn into_value(self, key: &[u8], bin: &mut Bin<V>) -> &'a mut V {
        Self::value_at(self.link.into_slot(), self.start, &self.ahead, key, bin)
    }

    fn value_at<'l>(
        slot: &'l mut Shared<V>,
        start: usize,
        ahead: &Ahead,
        key: &[u8],
        bin: &mut Bin<V>,
    ) -> &'l mut V {
        match ahead {
            Ahead::Nothing => unreachable!("there is a value"),
            Ahead::Root => slot.unique(bin).own_mut(bin).expect("there is a value"),
            Ahead::Unknown => descend(slot, &key[start..], Unsharing(bin)).into_value(bin),
            Ahead::Known { via, nodes, found, .. } => {
                found_value(only_way(slot, *via, *nodes, &mut Unsharing(bin)), found, bin)
            }
        }
    }

    /// Puts a value at the key, where none is; returns it.
    pub(super) fn insert(self, key: &[u8], value: V, bin: &mut Bin<V>) -> &'a mut V {
        match (self.ahead, self.link) {
            (Ahead::Nothing, Link::Root(root)) => first_value(root, key, value, bin),
            (ahead, link) => Self::insert_at(link.into_slot(), self.start, ahead, key, value, bin),
        }
    }

    /// Puts a value at the key, where none is, into a trie that is not empty; returns it.
    fn insert_at<'l>(
        slot: &'l mut Shared<V>,
        start: usize,
        ahead: Ahead,
        key: &[u8],
        value: V,
        bin: &mut Bin<V>,
    ) -> &'l mut V {
        let end = match ahead {
            Ahead::Nothing => unreachable!("a trie with a node is not empty"),
            Ahead::Root => {
                let mut node = slot.unique(bin);
                node.set_own(Stored::new(value), bin);
                return node.own_mut(bin).expect("the value has been put");
            }
            Ahead::Unknown => descend(slot, &key[start..], Unsharing(bin)),
            Ahead::Known { via, nodes, start, found } => {
                let slot = only_way(slot, via, nodes, &mut Unsharing(bin));
                Descent { slot, key: &key[start..], found }
            }
        };
        end.insert(Stored::new(value), bin)
    }

    /// Puts a value at the key, where none is; returns the way to it. Searches the keeper once
    /// more, and the nodes that the insertion has built.
    pub(super) fn insert_on(mut self, key: &[u8], value: V, bin: &mut Bin<V>) -> Self {
        let ahead = std::mem::replace(&mut self.ahead, Ahead::Unknown);
        match (ahead, &mut self.link) {
            (Ahead::Nothing, Link::Root(root)) => first_value(root, key, value, bin),
            (ahead, link) => Self::insert_at(link.slot_mut(), self.start, ahead, key, value, bin),
        };
        Self::find_from(self.link, self.start, key, Looking)
    }

    /// Takes the value at the key, and prunes the path. A dangling tip is pruned too. If nothing
    /// is at the key, nothing is copied.
    pub(super) fn remove(self, key: &[u8], bin: &mut Bin<V>) -> Option<Stored<V>> {
        if !self.has_value(key) && !self.is_tip(key) {
            return None;
        }
        let Self { link, ahead, .. } = self.unshared(key, bin);
        match ahead {
            Ahead::Nothing | Ahead::Unknown => unreachable!("the way has been found"),
            Ahead::Root => remove_own(link, bin),
            Ahead::Known { via, nodes, found, .. } => {
                let take = |keeper: &mut NodeMut<'_, V>, bin: &mut Bin<V>| {
                    take_below(keeper, via, nodes, &found, bin)
                };
                take_from(link, take, bin)
            }
        }
    }

    /// Prunes the key, a dangling tip: deletes up to the nearest strict ancestor that has a value
    /// or branches. Returns the length of the path to that; None if the trie is empty now.
    pub(super) fn prune(self, key: &[u8], bin: &mut Bin<V>) -> Option<usize> {
        let route = self.unshared(key, bin);
        let fork = route.fork(key);
        route.remove(key, bin);
        fork
    }
}

/// Takes the value at the root of a trie.
fn remove_own<V: Clone>(link: Link<'_, V>, bin: &mut Bin<V>) -> Option<Stored<V>> {
    let Link::Root(root) = link else { unreachable!("only the root is found by an empty key") };
    let mut node = root.as_mut()?.unique(bin);
    let value = take_own(&mut node, bin);
    if !node.has_entries() {
        *root = None;
    }
    Some(value)
}

/// Takes what is at the end of a way by `take`, which is given the keeper and returns true if it
/// has removed an entry of it. Then the keeper is tidied.
fn take_from<V: Clone>(
    link: Link<'_, V>,
    take: impl FnOnce(&mut NodeMut<'_, V>, &mut Bin<V>) -> (Option<Stored<V>>, bool),
    bin: &mut Bin<V>,
) -> Option<Stored<V>> {
    match link {
        Link::Root(root) => {
            let slot = root.as_mut()?;
            let stays = slot.outlasts_an_entry();
            let mut node = slot.unique(bin);
            let (value, removed) = take(&mut node, bin);
            match (removed, stays) {
                (true, true) => node.settle(),
                // The nodes held nothing but the way to the key.
                (true, false) => *root = None,
                (false, _) => {}
            }
            value
        }
        Link::Child(mut child) => {
            let mut keeper = child.child_mut().unique(bin);
            let (value, removed) = take(&mut keeper, bin);
            if removed {
                let (parent, i) = child.into_parent();
                tidy(&mut parent.unique(bin), i);
            }
            value
        }
    }
}

/// Takes the value that is found from the last node, and the entry that leads to it from the
/// keeper, unless other entries extend the key. Returns whether the entry was removed.
fn take_below<V: Clone>(
    keeper: &mut NodeMut<'_, V>,
    via: usize,
    nodes: usize,
    found: &Found,
    bin: &mut Bin<V>,
) -> (Option<Stored<V>>, bool) {
    let (mut last, mut next) = (keeper.reborrow(), via);
    for _ in 0..nodes {
        last = last.child_mut(next).unique(bin);
        next = last.only_entry();
    }
    let value = match *found {
        Found::Value(i) => Some(remove_entry(&mut last, i, bin)),
        Found::Bare(i) => {
            last.remove(i);
            None
        }
        Found::Child(i, _) => {
            let mut child = last.reborrow().child_mut(i).unique(bin);
            let value = take_own(&mut child, bin);
            if child.has_entries() {
                return (Some(value), false);
            }
            // The child holds nothing any more.
            drop(last.remove(i));
            Some(value)
        }
        Found::Vacant(_) => unreachable!("something is at the key"),
    };
    if nodes > 0 {
        // What is below the keeper holds nothing any more.
        drop(keeper.remove(via));
    }
    (value, true)
}
