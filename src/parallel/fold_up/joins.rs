//! Joins, where the results of a stop are collected that several threads fold branches of.
//!
//! A join holds the stop that was divided, and the stops above it that have no other branch left:
//! these wait for the divided stop alone. Contributions come in any order. The thread that brings
//! the last one calls the algebra for all stops of the join, and contributes the result to the
//! join above.

use super::results::Results;
use super::stops::{JoinId, OpenStop};
use crate::sync::Monitor;

/// Where the result of a join goes.
#[derive(Clone, Copy)]
pub(super) enum Destination {
    /// It is a contribution to another join.
    Join(JoinId),
    /// It is the result of this root of the walk.
    Root(usize),
}

/// Stops that wait for contributions.
pub(super) struct PendingJoin<'w, V, T> {
    /// From the uppermost stop to the divided one, whose branches the contributions are. The join
    /// of a root has none.
    pub(super) stops: Vec<OpenStop<'w, V, T>>,
    /// Where the result of the uppermost stop goes.
    pub(super) destination: Destination,
    /// The length of the path to the destination's divided stop, and the bytes from there to the
    /// divided stop of this.
    pub(super) base: usize,
    pub(super) suffix: Vec<u8>,
    /// How many contributions are missing.
    missing: usize,
    results: Results<T>,
}

impl<'w, V, T> PendingJoin<'w, V, T> {
    /// The join that waits for the result of a whole root.
    pub(super) fn of_root(root: usize, path_len: usize) -> Self {
        Self::new(Vec::new(), Destination::Root(root), path_len, Vec::new())
    }

    /// A join that waits for one contribution.
    pub(super) fn new(
        stops: Vec<OpenStop<'w, V, T>>,
        destination: Destination,
        base: usize,
        suffix: Vec<u8>,
    ) -> Self {
        Self { stops, destination, base, suffix, missing: 1, results: Results::new() }
    }

    /// Returns the contribution to the join of a root.
    pub(super) fn into_only(self) -> Option<T> {
        self.results.into_only()
    }
}

/// All joins of a fold.
///
/// No code of the user's runs while their lock is held.
pub(super) struct Joins<'w, V, T>(Monitor<JoinTable<'w, V, T>>);

struct JoinTable<'w, V, T> {
    slots: Vec<Option<PendingJoin<'w, V, T>>>,
    free: Vec<JoinId>,
}

impl<'w, V, T> Joins<'w, V, T> {
    pub(super) fn new() -> Self {
        Self(Monitor::new(JoinTable { slots: Vec::new(), free: Vec::new() }))
    }

    /// Adds a join. Its destination, if that is a join, waits for one contribution more.
    pub(super) fn add(&self, join: PendingJoin<'w, V, T>) -> JoinId {
        let mut table = self.0.lock();
        if let Destination::Join(above) = join.destination {
            table.at(above).missing += 1;
        }
        match table.free.pop() {
            Some(id) => {
                table.slots[id] = Some(join);
                id
            }
            None => {
                table.slots.push(Some(join));
                table.slots.len() - 1
            }
        }
    }

    /// Makes a join wait for `more` contributions more. The caller still owes it one.
    pub(super) fn expect(&self, id: JoinId, more: usize) {
        self.0.lock().at(id).missing += more;
    }

    /// Adds a contribution. If it was the last one, returns the join: its divided stop then has
    /// all results, in order.
    pub(super) fn contribute(&self, id: JoinId, mut results: Results<T>) -> Option<PendingJoin<'w, V, T>> {
        let mut table = self.0.lock();
        let join = table.at(id);
        join.results.append(&mut results);
        join.missing -= 1;
        if join.missing > 0 {
            return None;
        }
        table.free.push(id);
        let mut join = table.slots[id].take()?;
        drop(table);
        if let Some(stop) = join.stops.last_mut() {
            stop.results.append(&mut join.results);
            stop.results.sort();
        }
        Some(join)
    }
}

impl<'w, V, T> JoinTable<'w, V, T> {
    fn at(&mut self, id: JoinId) -> &mut PendingJoin<'w, V, T> {
        self.slots[id].as_mut().expect("a join stays while somebody owes it a contribution")
    }
}
