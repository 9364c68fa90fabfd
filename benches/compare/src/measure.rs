//! The harness: runs every operation on every peer. The peers take turns in each round.

use std::hint::black_box;
use std::time::Instant;

use clap::ValueEnum;

use crate::args::Args;
use crate::floor;
use crate::keys::{KeySet, Lists};
use crate::memory;
use crate::peer::{Peer, Value};
use crate::peers::{maps, tries};

/// An operation to measure. All are measured in nanoseconds per key, except the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Op {
    /// Insert every key into an empty map.
    Insert,
    /// Look up every key.
    Get,
    /// Look up an equal number of keys that are absent.
    Missing,
    /// Visit every value in order with a zipper (or an iterator, if the peer has no zippers), and
    /// read its path.
    Iterate,
    /// Visit every location depth first, with `child_mask`, `descend_to_byte` and `ascend_byte`.
    Walk,
    /// Count the values.
    ValCount,
    /// Remove every key, pruning.
    Remove,
    /// Clone the map and remove one key in a hundred from the clone, per key removed.
    CloneRemove,
    /// Drop the map.
    Drop,
    /// The bytes that are allocated, per key.
    Bytes,
}

impl Op {
    /// Returns the heading of its row or column.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Op::Insert => "insert",
            Op::Get => "get",
            Op::Missing => "missing get",
            Op::Iterate => "iterate",
            Op::Walk => "stepwise walk",
            Op::ValCount => "val_count",
            Op::Remove => "remove",
            Op::CloneRemove => "clone, then remove 1 %",
            Op::Drop => "drop",
            Op::Bytes => "bytes per key",
        }
    }
}

/// The samples of one peer on one key set: a list for each operation.
pub(crate) struct Samples {
    /// The peer's name.
    pub(crate) peer: &'static str,
    by_op: Vec<(Op, Vec<f64>)>,
}

impl Samples {
    /// Starts the samples of a peer.
    pub(crate) fn new(peer: &'static str) -> Self {
        Self { peer, by_op: Op::value_variants().iter().map(|&op| (op, Vec::new())).collect() }
    }

    /// Returns the samples of `op`, which are empty if the peer has no such operation.
    pub(crate) fn of(&self, op: Op) -> &[f64] {
        &self.by_op[op as usize].1
    }

    /// Adds a sample of `op`.
    pub(crate) fn add(&mut self, op: Op, sample: f64) {
        self.by_op[op as usize].1.push(sample);
    }
}

/// Runs `work`, and returns its time in nanoseconds divided by `n`, and its result.
pub(crate) fn time<T>(n: usize, work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let out = black_box(work());
    (start.elapsed().as_secs_f64() * 1e9 / n as f64, out)
}

/// Measures every selected peer on `set` with values `V`.
pub(crate) fn measure<V: Value>(set: &KeySet, args: &Args) -> Vec<Samples> {
    type Run = fn(&KeySet, &Args, Option<&mut Samples>) -> Option<Samples>;
    let peers: [Run; 8] = [
        run::<V, tries::Bytetrie<V>>,
        run::<V, tries::Pathmap<V>>,
        run::<V, maps::Blart<V>>,
        run::<V, maps::BlartArray<V>>,
        run::<V, maps::Qp<V>>,
        run::<V, maps::Std<V>>,
        run::<V, maps::Hash<V>>,
        floor::run,
    ];
    // The first round also determines the peers that take part.
    let mut taking_part: Vec<(Run, Samples)> =
        peers.into_iter().filter_map(|run| Some((run, run(set, args, None)?))).collect();
    for round in 1..args.rounds {
        // Each round begins with a different peer, so that no peer always has the first turn.
        let len = taking_part.len().max(1);
        for turn in 0..taking_part.len() {
            let (run, samples) = &mut taking_part[(turn + round as usize) % len];
            run(set, args, Some(samples));
        }
    }
    taking_part.into_iter().map(|(_, samples)| samples).collect()
}

/// Runs one turn of `P`, and adds it to `samples`. Without samples, starts them if `P` is selected
/// and can hold the set.
fn run<V: Value, P: Peer<V>>(set: &KeySet, args: &Args, samples: Option<&mut Samples>) -> Option<Samples> {
    let form = P::form(&set.shape).filter(|_| args.wants_peer(P::NAME))?;
    if let Some(samples) = samples {
        round::<V, P>(set.lists(form), args, samples);
        return None;
    }
    let mut samples = Samples::new(P::NAME);
    round::<V, P>(set.lists(form), args, &mut samples);
    Some(samples)
}

/// Runs one round of one peer. All results are checked, so that no peer gains from a wrong result.
fn round<V: Value, P: Peer<V>>(lists: &Lists, args: &Args, samples: &mut Samples) {
    let n = lists.insert.len();
    let mut map = P::new();
    let before = memory::live();
    let (ns, new) = time(n, || fill(&mut map, lists));
    assert_eq!(new, n, "{}: every key is new", P::NAME);
    let bytes = memory::live() - before;
    for (op, sample) in [(Op::Insert, ns), (Op::Bytes, bytes as f64 / n as f64)] {
        if args.wants_op(op) {
            samples.add(op, sample);
        }
    }
    if args.wants_op(Op::Get) {
        let (ns, hits) = time(n, || lists.get.iter().filter(|key| found(&map, key)).count());
        assert_eq!(hits, n, "{}: every key is found", P::NAME);
        samples.add(Op::Get, ns);
    }
    if args.wants_op(Op::Missing) {
        let (ns, hits) =
            time(lists.missing.len(), || lists.missing.iter().filter(|key| found(&map, key)).count());
        assert_eq!(hits, 0, "{}: no absent key is found", P::NAME);
        samples.add(Op::Missing, ns);
    }
    if args.wants_op(Op::Iterate) {
        let (ns, visited) = time(n, || black_box(&map).iterate());
        assert_eq!(visited, n, "{}: every key is visited", P::NAME);
        samples.add(Op::Iterate, ns);
    }
    if args.wants_op(Op::Walk)
        && let (ns, Some(locations)) = time(n, || black_box(&map).walk())
    {
        assert!(locations > n, "{}: there are more locations than values", P::NAME);
        samples.add(Op::Walk, ns);
    }
    if args.wants_op(Op::ValCount)
        && let (ns, Some(count)) = time(n, || black_box(&map).val_count())
    {
        assert_eq!(count, n, "{}: every value is counted", P::NAME);
        samples.add(Op::ValCount, ns);
    }
    if args.wants_op(Op::CloneRemove) {
        let (ns, clone) = time(lists.one_percent.len(), || {
            let mut clone = black_box(&map).fork();
            let removed = lists.one_percent.iter().filter(|key| clone.remove(black_box(key))).count();
            assert_eq!(removed, lists.one_percent.len(), "{}: the clone holds every key", P::NAME);
            clone
        });
        samples.add(Op::CloneRemove, ns);
        drop(clone);
    }
    if args.wants_op(Op::Drop) {
        samples.add(Op::Drop, time(n, || drop(black_box(map))).0);
    }
    if args.wants_op(Op::Remove) {
        let mut map = P::new();
        fill(&mut map, lists);
        let (ns, removed) = time(n, || lists.remove.iter().filter(|key| map.remove(black_box(key))).count());
        assert_eq!(removed, n, "{}: every key is removed", P::NAME);
        samples.add(Op::Remove, ns);
    }
}

fn fill<V: Value, P: Peer<V>>(map: &mut P, lists: &Lists) -> usize {
    let new = |(i, key)| map.insert(black_box(key), black_box(V::nth(i)));
    lists.insert.iter().enumerate().map(new).filter(|&new| new).count()
}

fn found<V: Value, P: Peer<V>>(map: &P, key: &[u8]) -> bool {
    black_box(map.get(black_box(key))).is_some()
}
