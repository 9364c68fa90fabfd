//! Memos, which keep the results of shared nodes.
//!
//! The thread that comes to a shared node first folds it. A thread that comes while the node is
//! being folded does not wait: it registers a [`Waiter`] and does other work, and the first thread
//! contributes a copy of the result for it. A thread that comes later takes the result.
//!
//! No result is cloned or dropped while a lock is held, since that is the user's code. A thread
//! that copies a result therefore takes the result out of the memo and puts it back. Threads that
//! come meanwhile register waiters, as if the node were still being folded.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::stops::{JoinId, NodeId};
use crate::sync::Monitor;

/// A stop in a join that waits for the result of a shared node.
pub(super) struct Waiter {
    pub(super) join: JoinId,
    /// The bytes that lead from the stop to the node.
    pub(super) suffix: Vec<u8>,
}

enum MemoState<T> {
    /// A thread folds the node, or copies its result.
    Busy(Vec<Waiter>),
    Known(T),
}

/// What [`Memos::look_up`] found.
pub(super) enum Lookup<T> {
    /// The caller is the first and has to fold the node.
    First,
    /// The node is being folded, or its result copied. A waiter has been registered.
    Busy,
    /// The result. The caller has to copy it and [put it back](Memos::put).
    Known(T),
}

/// The memos of all shared nodes.
pub(super) struct Memos<T>(Vec<Monitor<HashMap<NodeId, MemoState<T>>>>);

/// The number of locks, so many that threads seldom want the same one.
const SHARDS: usize = 64;

impl<T> Memos<T> {
    /// The memos of a fold that copies the results of shared nodes, or not.
    pub(super) fn new(shared: bool) -> Self {
        Self((0..if shared { SHARDS } else { 0 }).map(|_| Monitor::new(HashMap::new())).collect())
    }

    /// Looks a node up. If a thread is busy with it, registers the waiter that `waiter` makes.
    ///
    /// `waiter` may take the lock of the joins, which is always taken after that of a memo.
    pub(super) fn look_up(&self, node: NodeId, waiter: impl FnOnce() -> Waiter) -> Lookup<T> {
        match self.shard(node).lock().entry(node) {
            Entry::Vacant(vacant) => {
                vacant.insert(MemoState::Busy(Vec::new()));
                Lookup::First
            }
            Entry::Occupied(mut occupied) => match occupied.get_mut() {
                MemoState::Busy(waiters) => {
                    waiters.push(waiter());
                    Lookup::Busy
                }
                known => match std::mem::replace(known, MemoState::Busy(Vec::new())) {
                    MemoState::Known(result) => Lookup::Known(result),
                    MemoState::Busy(_) => unreachable!("the memo was known"),
                },
            },
        }
    }

    /// Puts the result of a node that the caller was busy with into its memo. Returns those who
    /// wait for it.
    pub(super) fn put(&self, node: NodeId, result: T) -> Vec<Waiter> {
        let before = self.shard(node).lock().insert(node, MemoState::Known(result));
        match before {
            Some(MemoState::Busy(waiters)) => waiters,
            _ => unreachable!("the caller was busy with the node"),
        }
    }

    fn shard(&self, node: NodeId) -> &Monitor<HashMap<NodeId, MemoState<T>>> {
        // Nodes are at least sixteen bytes apart.
        &self.0[node / 16 % SHARDS]
    }
}
