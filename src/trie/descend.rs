//! The way down along a key, to the node in which the key is decided.
//!
//! ```text
//! slot ─"ro"─▶ node ─"man"─▶ node        The key "romane" is decided in the third node, where "e" of it is left.
//! ```
//!
//! A descent never enters the child in which the key ends: what the child is replaced by, or
//! absorbed into, is up to the node above it. A descent to edit unshares the nodes on the way
//! ([`Unsharing`]). A descent of which nobody knows yet whether it will edit anything goes only as
//! far as nodes have one owner ([`Looking`]), and the rest of the way is looked at without a
//! mutable borrow.

use crate::node::{Bin, End, Found, NodeMut, Shared, Stored};
use crate::reached::{Mark, reached};

/// How a descent passes the nodes on its way.
pub(super) trait Passing<V> {
    /// True iff the descent may pass the node.
    fn may_pass(&self, node: &Shared<V>) -> bool;

    /// The node of a slot, to be edited. Called only for nodes that may be passed.
    fn pass<'a>(&mut self, slot: &'a mut Shared<V>) -> NodeMut<'a, V>;
}

/// Changes nothing, and stops at the first node that has other owners.
pub(super) struct Looking;

impl<V> Passing<V> for Looking {
    #[inline]
    fn may_pass(&self, node: &Shared<V>) -> bool {
        node.is_unique()
    }

    #[inline]
    fn pass<'a>(&mut self, slot: &'a mut Shared<V>) -> NodeMut<'a, V> {
        slot.try_unique().expect("the node has one owner")
    }
}

/// Copies the nodes that have other owners, and the last one too, which is to be edited. Passes
/// every node.
pub(super) struct Unsharing<'b, V>(pub(super) &'b mut Bin<V>);

impl<V: Clone> Passing<V> for Unsharing<'_, V> {
    #[inline(always)]
    fn may_pass(&self, _node: &Shared<V>) -> bool {
        true
    }

    #[inline(always)]
    fn pass<'a>(&mut self, slot: &'a mut Shared<V>) -> NodeMut<'a, V> {
        slot.unique(self.0)
    }
}

/// Where a descent has ended. Unless the descent copies shared nodes, the node of the slot may have
/// other owners.
pub(super) struct Descent<'a, 'k, V> {
    pub(super) slot: &'a mut Shared<V>,
    /// The rest of the key; it is not empty.
    pub(super) key: &'k [u8],
    /// Where the rest of the key leads from the root of the slot's node. A child that only begins
    /// the rest is one that the descent was not to go to.
    pub(super) found: Found,
}

/// Goes down along `key`, which is not empty, from the root of the slot's node.
#[inline(always)]
pub(super) fn descend<'a, 'k, V>(
    mut slot: &'a mut Shared<V>,
    mut key: &'k [u8],
    mut passing: impl Passing<V>,
) -> Descent<'a, 'k, V> {
    // Most nodes only lead on: what an edit needs to know is asked of the last one alone.
    while passing.may_pass(slot) {
        match passing.pass(slot).into_child_before(key) {
            Ok((child, used)) => {
                reached(Mark::NodeSearched);
                key = &key[used..];
                slot = child;
            }
            Err(last) => {
                slot = last;
                break;
            }
        }
    }
    let found = slot.find(key);
    Descent { slot, key, found }
}

/// Makes every node on the way to `key` this owner's alone, so that a later edit there copies
/// nothing. The owners that were replaced by copies go to `bin`. Returns the last of the nodes,
/// and the rest of the key from there: no edit at the key needs to start further up.
pub(crate) fn unshare<'a, 'k, V: Clone>(
    slot: &'a mut Shared<V>,
    key: &'k [u8],
    bin: &mut Bin<V>,
) -> (&'a mut Shared<V>, &'k [u8]) {
    let (slot, key) = match key {
        [] => (slot, key),
        _ => {
            let end = descend(slot, key, Unsharing(bin));
            (end.slot, end.key)
        }
    };
    slot.part(bin);
    (slot, key)
}

/// The value that is found from the root of the slot's node, to be changed.
#[inline]
pub(super) fn found_value<'a, V: Clone>(
    slot: &'a mut Shared<V>,
    found: &Found,
    bin: &mut Bin<V>,
) -> &'a mut V {
    let node = slot.unique(bin);
    match *found {
        Found::Value(i) => node.value_mut(i, bin),
        Found::Child(i, _) => node.child_mut(i).unique(bin).own_mut(bin).expect("there is a value"),
        Found::Bare(_) | Found::Vacant(_) => unreachable!("there is a value"),
    }
}

impl<'a, 'k, V> Descent<'a, 'k, V> {
    /// The value at the key, if there is one.
    pub(super) fn value(&self) -> Option<&V> {
        // Below a node that was not to be passed the key goes on.
        self.found.value_in(self.slot, self.key)
    }

    /// Goes on to the end of the key; copies the nodes that have other owners.
    pub(super) fn go_on(self, bin: &mut Bin<V>) -> Self
    where
        V: Clone,
    {
        match self.found {
            Found::Child(_, used) if used < self.key.len() => descend(self.slot, self.key, Unsharing(bin)),
            _ => self,
        }
    }

    /// The value at the key, which is there.
    pub(super) fn into_value(self, bin: &mut Bin<V>) -> &'a mut V
    where
        V: Clone,
    {
        let end = self.go_on(bin);
        found_value(end.slot, &end.found, bin)
    }

    /// Puts a value at the key, where none is; returns it. Only nodes that the insertion itself
    /// builds are searched again.
    pub(super) fn insert(self, mut value: Stored<V>, bin: &mut Bin<V>) -> &'a mut V
    where
        V: Clone,
    {
        let mut end = self.go_on(bin);
        while let Found::Vacant(place) = end.found {
            let mut node = end.slot.unique(bin);
            match node.insert_value(place, end.key, value) {
                Ok(found) => return Descent { found, ..end }.into_value(bin),
                Err(back) => {
                    value = back;
                    node.split();
                    end = descend(end.slot, end.key, Unsharing(bin));
                }
            }
        }
        let mut node = end.slot.unique(bin);
        match end.found {
            Found::Bare(i) => {
                node.replace(i, End::Value(value));
                node.value_mut(i, bin)
            }
            Found::Child(i, _) => {
                let mut child = node.child_mut(i).unique(bin);
                child.set_own(value, bin);
                child.own_mut(bin).expect("the value has been put")
            }
            Found::Value(_) | Found::Vacant(_) => unreachable!("there is no value, and no vacancy is left"),
        }
    }
}
