//! Where results wait for those beside them.
//!
//! A stop that one thread has all branches of needs nothing of this: it is a frame of that thread's stack. Where a task is
//! divided at a stop, the stop becomes the end of a *join*: it waits for several contributions, in any order, and who
//! brings the last of them asks the algebra and goes on above. The stops above it, up to the next join, wait for it
//! alone, and lie in the same join.
//!
//! Nodes of which the trie has one in several places have a *memo*: who comes first folds it, who comes while that goes on
//! leaves word at which join the result is missing too, who comes later takes a copy. Nobody waits in the sense that a
//! thread does.
//!
//! Locks are taken in this order: memo, joins. No code of the user's runs while one is held: the algebra is not asked, and no
//! result is cloned or dropped. So who copies a result takes it out of the memo and puts it back, and who comes meanwhile
//! leaves word, as while it was folded.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::up::Branches;
use crate::bytes::ByteMask;
use crate::node::{NodeRef, Spot};
use crate::sync::Monitor;

/// The number of a join.
pub(in crate::parallel) type JoinId = usize;

/// Results, and the bytes that lead to each.
#[derive(Debug)]
pub(in crate::parallel) struct Results<T> {
    values: Vec<T>,
    ends: Vec<usize>,
    suffixes: Vec<u8>,
}

impl<T> Results<T> {
    pub(in crate::parallel) const fn new() -> Self {
        Self { values: Vec::new(), ends: Vec::new(), suffixes: Vec::new() }
    }

    #[inline]
    pub(in crate::parallel) fn push(&mut self, suffix: &[u8], value: T) {
        self.suffixes.extend_from_slice(suffix);
        self.ends.push(self.suffixes.len());
        self.values.push(value);
    }

    /// What there is, in order; it is left empty when the branches are dropped, but for the bytes.
    pub(in crate::parallel) fn branches(&mut self) -> Branches<'_, T> {
        Branches::new(&mut self.values, &self.ends, &self.suffixes)
    }

    /// Nothing again, with the memory that it had.
    pub(in crate::parallel) fn cleared(mut self) -> Self {
        self.values.clear();
        self.ends.clear();
        self.suffixes.clear();
        self
    }

    /// Takes all of another in, whose bytes come before or after these.
    fn append(&mut self, other: &mut Self) {
        for (suffix, value) in other.branches() {
            self.push(suffix, value);
        }
    }

    /// Puts them in order. They begin with bytes that differ.
    fn sort(&mut self) {
        let mut pairs: Vec<(Vec<u8>, T)> =
            self.branches().map(|(suffix, value)| (suffix.to_vec(), value)).collect();
        pairs.sort_unstable_by_key(|(suffix, _)| suffix.first().copied());
        *self = Self::new();
        for (suffix, value) in pairs {
            self.push(&suffix, value);
        }
    }

    /// The only value.
    fn into_only(mut self) -> Option<T> {
        self.values.pop()
    }
}

/// What a frame is there for.
pub(in crate::parallel) enum Close {
    /// A stop: the algebra is asked for it. If it is the first of a node that has a memo, that gets the result.
    Ask(Option<usize>),
    /// Some branches of a stop that waits in a join, which their results go to.
    Contribute(JoinId),
}

/// A stop of which the branches are being folded.
pub(in crate::parallel) struct Frame<'w, V, T> {
    /// None where there is no node.
    pub(in crate::parallel) place: Option<(NodeRef<'w, V>, Spot)>,
    /// The length of its path.
    pub(in crate::parallel) len: usize,
    /// The branches that have not been begun.
    pub(in crate::parallel) rest: ByteMask,
    pub(in crate::parallel) close: Close,
    pub(in crate::parallel) results: Results<T>,
}

impl<V, T> Frame<'_, V, T> {
    /// The join that its results go to, if they do.
    pub(in crate::parallel) fn join(&self) -> Option<JoinId> {
        match self.close {
            Close::Ask(_) => None,
            Close::Contribute(join) => Some(join),
        }
    }

    /// Another frame for the same stop, with branches of its own, whose results go to a join.
    pub(in crate::parallel) fn part(&self, rest: ByteMask, join: JoinId) -> Self {
        Self {
            place: self.place,
            len: self.len,
            rest,
            close: Close::Contribute(join),
            results: Results::new(),
        }
    }
}

/// Stops that wait.
pub(in crate::parallel) struct Join<'w, V, T> {
    /// From the uppermost to the one that contributions are for. Of a root's join: none.
    pub(in crate::parallel) stops: Vec<Frame<'w, V, T>>,
    /// Where the result of the uppermost goes.
    pub(in crate::parallel) parent: Parent,
    /// The length of the parent's path, and the bytes from there to the last of the stops.
    pub(in crate::parallel) base: usize,
    pub(in crate::parallel) trail: Vec<u8>,
    missing: usize,
    results: Results<T>,
}

#[derive(Clone, Copy)]
pub(in crate::parallel) enum Parent {
    Join(JoinId),
    /// It is the result for a root of the walk.
    Root(usize),
}

impl<V, T> Join<'_, V, T> {
    /// What a root's join has got.
    pub(in crate::parallel) fn into_only(self) -> Option<T> {
        self.results.into_only()
    }
}

/// Word that a result is missing at a join, and the bytes that lead to it there.
pub(in crate::parallel) type Waiter = (JoinId, Vec<u8>);

enum Memo<T> {
    /// Somebody folds it, or copies what it came to.
    Begun(Vec<Waiter>),
    Known(T),
}

/// What there is of a node that may be met again.
pub(in crate::parallel) enum Met<T> {
    /// Nobody was here before: it is the caller's to fold.
    New,
    /// It is being folded or copied; word has been left.
    Begun,
    /// What it came to, to be copied, and to be [told](Board::tell) again.
    Known(T),
}

/// All joins and memos of a fold.
pub(in crate::parallel) struct Board<'w, V, T> {
    joins: Monitor<Joins<'w, V, T>>,
    memos: Vec<Monitor<HashMap<usize, Memo<T>>>>,
}

struct Joins<'w, V, T> {
    slots: Vec<Option<Join<'w, V, T>>>,
    free: Vec<JoinId>,
}

/// The memos are in so many parts that threads seldom meet.
const SHARDS: usize = 64;

impl<'w, V, T> Board<'w, V, T> {
    pub(in crate::parallel) fn new(memos: bool) -> Self {
        let memos = (0..if memos { SHARDS } else { 0 }).map(|_| Monitor::new(HashMap::new())).collect();
        Self { joins: Monitor::new(Joins { slots: Vec::new(), free: Vec::new() }), memos }
    }

    /// A new join that waits for so many contributions. It is one of its parent's.
    pub(in crate::parallel) fn open(
        &self,
        stops: Vec<Frame<'w, V, T>>,
        parent: Parent,
        base: usize,
        trail: Vec<u8>,
        missing: usize,
    ) -> JoinId {
        let mut joins = self.joins.lock();
        if let Parent::Join(parent) = parent {
            joins.at(parent).missing += 1;
        }
        let join = Join { stops, parent, base, trail, missing, results: Results::new() };
        match joins.free.pop() {
            Some(id) => {
                joins.slots[id] = Some(join);
                id
            }
            None => {
                joins.slots.push(Some(join));
                joins.slots.len() - 1
            }
        }
    }

    /// Makes a join wait for so many contributions more. The caller still owes it one.
    pub(in crate::parallel) fn expect(&self, join: JoinId, more: usize) {
        self.joins.lock().at(join).missing += more;
    }

    /// Brings a contribution. If it was the last, the join is the caller's: what came is with the last of its stops, in
    /// order.
    pub(in crate::parallel) fn contribute(
        &self,
        id: JoinId,
        mut results: Results<T>,
    ) -> Option<Join<'w, V, T>> {
        let mut joins = self.joins.lock();
        let join = joins.at(id);
        join.results.append(&mut results);
        join.missing -= 1;
        if join.missing > 0 {
            return None;
        }
        joins.free.push(id);
        let mut join = joins.slots[id].take()?;
        drop(joins);
        if let Some(stop) = join.stops.last_mut() {
            stop.results.append(&mut join.results);
            stop.results.sort();
        }
        Some(join)
    }

    /// Asks for what a node came to. If that is not known yet and somebody is at it, `word` is called for where to bring
    /// it.
    pub(in crate::parallel) fn meet(&self, node: usize, word: impl FnOnce() -> Waiter) -> Met<T> {
        match self.shard(node).lock().entry(node) {
            Entry::Vacant(vacant) => {
                vacant.insert(Memo::Begun(Vec::new()));
                Met::New
            }
            Entry::Occupied(mut occupied) => match occupied.get_mut() {
                Memo::Begun(waiters) => {
                    waiters.push(word());
                    Met::Begun
                }
                known => match std::mem::replace(known, Memo::Begun(Vec::new())) {
                    Memo::Known(result) => Met::Known(result),
                    Memo::Begun(_) => unreachable!("it was known"),
                },
            },
        }
    }

    /// Tells what a node came to; returns who waits for that.
    pub(in crate::parallel) fn tell(&self, node: usize, result: T) -> Vec<Waiter> {
        let before = self.shard(node).lock().insert(node, Memo::Known(result));
        match before {
            Some(Memo::Begun(waiters)) => waiters,
            _ => unreachable!("who tells has begun"),
        }
    }

    fn shard(&self, node: usize) -> &Monitor<HashMap<usize, Memo<T>>> {
        // Nodes are at least sixteen bytes apart.
        &self.memos[node / 16 % SHARDS]
    }
}

impl<'w, V, T> Joins<'w, V, T> {
    fn at(&mut self, id: JoinId) -> &mut Join<'w, V, T> {
        self.slots[id].as_mut().expect("who knows a join owes it something")
    }
}
