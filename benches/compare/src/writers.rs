//! Maps in which any thread may write any key: the alternatives and their costs.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::{Barrier, Mutex, RwLock};
use std::thread;
use std::time::Instant;

use bytetrie::testing::keys::{self, Rng};
use bytetrie::{PathMap, SharedMap};
use dashmap::DashMap;

use crate::args::Args;

/// The numbers of threads that work at once.
pub(crate) const THREADS: [usize; 3] = [1, 2, 4];

/// The mixes of operations: one of this number of operations is a write.
pub(crate) const MIXES: [usize; 3] = [1, 10, 100];

/// The number of updates in a batch.
const BATCH: usize = 100;

type Words = [Vec<u8>];

/// The times of one way to share a map.
pub(crate) struct Way {
    /// The name.
    pub(crate) name: &'static str,
    /// Nanoseconds of wall time per operation of all threads: by mix, then by number of threads.
    pub(crate) times: [[Vec<f64>; THREADS.len()]; MIXES.len()],
    /// Microseconds for copying all entries as of one moment, in order if the map is ordered.
    pub(crate) copies: Vec<f64>,
}

/// A map that is shared by threads.
trait Shares: Sync {
    fn new(words: &Words) -> Self;

    /// Runs the whole work of a thread: an operation on each of these words, a write if the flag
    /// is true.
    fn work(&self, words: &Words, operations: &[(usize, bool)]);

    /// Finishes the work of all threads.
    fn finish(&mut self) {}

    /// Copies all entries as of one moment.
    fn copy(&self) -> usize;
}

/// Runs the work of a thread whose operations are single reads and writes.
fn one_by_one(
    words: &Words,
    operations: &[(usize, bool)],
    read: impl Fn(&[u8]) -> Option<u64>,
    write: impl Fn(&[u8], u64),
) {
    for &(word, writes) in operations {
        if writes {
            write(&words[word], word as u64 + 1);
        } else {
            black_box(read(black_box(&words[word])));
        }
    }
}

fn entries(words: &Words) -> impl Iterator<Item = (&Vec<u8>, u64)> {
    words.iter().enumerate().map(|(i, word)| (word, i as u64))
}

impl Shares for Mutex<BTreeMap<Vec<u8>, u64>> {
    fn new(words: &Words) -> Self {
        Mutex::new(entries(words).map(|(word, value)| (word.clone(), value)).collect())
    }

    fn work(&self, words: &Words, operations: &[(usize, bool)]) {
        let lock = || self.lock().expect("no holder of the lock panics");
        one_by_one(
            words,
            operations,
            |word| lock().get(word).copied(),
            |word, value| {
                lock().insert(word.to_vec(), value);
            },
        );
    }

    fn copy(&self) -> usize {
        let copy = self.lock().expect("no holder of the lock panics").clone();
        copy.len()
    }
}

impl Shares for Mutex<PathMap<u64>> {
    fn new(words: &Words) -> Self {
        Mutex::new(entries(words).collect())
    }

    fn work(&self, words: &Words, operations: &[(usize, bool)]) {
        let lock = || self.lock().expect("no holder of the lock panics");
        one_by_one(
            words,
            operations,
            |word| lock().get(word).copied(),
            |word, value| {
                lock().insert(word, value);
            },
        );
    }

    fn copy(&self) -> usize {
        let copy = self.lock().expect("no holder of the lock panics").clone();
        usize::from(!copy.is_empty())
    }
}

impl Shares for RwLock<PathMap<u64>> {
    fn new(words: &Words) -> Self {
        RwLock::new(entries(words).collect())
    }

    fn work(&self, words: &Words, operations: &[(usize, bool)]) {
        one_by_one(
            words,
            operations,
            |word| self.read().expect("no holder of the lock panics").get(word).copied(),
            |word, value| {
                self.write().expect("no holder of the lock panics").insert(word, value);
            },
        );
    }

    fn copy(&self) -> usize {
        let copy = self.read().expect("no holder of the lock panics").clone();
        usize::from(!copy.is_empty())
    }
}

impl Shares for DashMap<Vec<u8>, u64> {
    fn new(words: &Words) -> Self {
        entries(words).map(|(word, value)| (word.clone(), value)).collect()
    }

    fn work(&self, words: &Words, operations: &[(usize, bool)]) {
        one_by_one(
            words,
            operations,
            |word| self.get(word).map(|value| *value),
            |word, value| {
                self.insert(word.to_vec(), value);
            },
        );
    }

    /// The copy is not of one moment, because one part is locked after another.
    fn copy(&self) -> usize {
        let mut entries: Vec<_> = self.iter().map(|entry| (entry.key().clone(), *entry.value())).collect();
        entries.sort_unstable();
        entries.len()
    }
}

impl Shares for SharedMap<u64> {
    fn new(words: &Words) -> Self {
        SharedMap::from_iter(entries(words))
    }

    fn work(&self, words: &Words, operations: &[(usize, bool)]) {
        one_by_one(
            words,
            operations,
            |word| self.load().get(word).copied(),
            |word, value| {
                self.update(|map| map.insert(word, value));
            },
        );
    }

    fn copy(&self) -> usize {
        usize::from(!self.load().is_empty())
    }
}

/// A [`SharedMap`] whose writers collect their writes in batches.
struct InBatches(SharedMap<u64>);

impl Shares for InBatches {
    fn new(words: &Words) -> Self {
        Self(Shares::new(words))
    }

    fn work(&self, words: &Words, operations: &[(usize, bool)]) {
        let mut batch = Vec::with_capacity(BATCH);
        let publish = |batch: &mut Vec<(usize, u64)>| {
            self.0.update(|map| {
                for (word, value) in batch.iter() {
                    map.insert(&words[*word], *value);
                }
            });
            batch.clear();
        };
        for &(word, writes) in operations {
            if writes {
                batch.push((word, word as u64 + 1));
            } else {
                black_box(self.0.load().get(black_box(&words[word])).copied());
            }
            if batch.len() == BATCH {
                publish(&mut batch);
            }
        }
        publish(&mut batch);
    }

    fn copy(&self) -> usize {
        Shares::copy(&self.0)
    }
}

/// A map for each thread. All maps are joined at the end. A thread reads the first map and its
/// own.
struct Joined {
    map: PathMap<u64>,
    parts: Mutex<Vec<PathMap<u64>>>,
}

impl Shares for Joined {
    fn new(words: &Words) -> Self {
        Self { map: entries(words).collect(), parts: Mutex::default() }
    }

    fn work(&self, words: &Words, operations: &[(usize, bool)]) {
        let mut own = PathMap::<u64>::new();
        for &(word, writes) in operations {
            let word = &words[word];
            if writes {
                own.insert(word, 1);
            } else {
                black_box(own.get(black_box(word)).or_else(|| self.map.get(word)).copied());
            }
        }
        self.parts.lock().expect("no holder of the lock panics").push(own);
    }

    fn finish(&mut self) {
        let parts = std::mem::take(self.parts.get_mut().expect("no holder of the lock panics"));
        self.map = PathMap::join_all(parts.iter().chain([&self.map]));
    }

    fn copy(&self) -> usize {
        let copy = self.map.clone();
        usize::from(!copy.is_empty())
    }
}

/// Returns the wall time in nanoseconds per operation.
fn run<S: Shares>(words: &Words, threads: usize, one_in: usize, each: usize) -> f64 {
    let mut shared = S::new(words);
    let plans: Vec<Vec<(usize, bool)>> = (0..threads)
        .map(|thread| {
            let mut rng = Rng::new(thread as u64 + 1);
            (0..each).map(|_| (rng.below(words.len()), rng.one_in(one_in))).collect()
        })
        .collect();
    let barrier = Barrier::new(threads + 1);
    let begun = thread::scope(|scope| {
        for plan in &plans {
            let (shared, barrier) = (&shared, &barrier);
            scope.spawn(move || {
                barrier.wait();
                shared.work(words, plan);
            });
        }
        barrier.wait();
        Instant::now()
    });
    shared.finish();
    begun.elapsed().as_secs_f64() * 1e9 / (threads * each) as f64
}

fn round<S: Shares>(words: &Words, args: &Args, way: &mut Way) {
    for (mix, times) in MIXES.into_iter().zip(&mut way.times) {
        for (threads, times) in THREADS.into_iter().zip(times) {
            times.push(run::<S>(words, threads, mix, args.scaled(400_000) / threads));
        }
    }
    let shared = S::new(words);
    let begun = Instant::now();
    black_box(shared.copy());
    way.copies.push(begun.elapsed().as_secs_f64() * 1e6);
}

/// Measures all ways to share a map, which take turns.
pub(crate) fn measure(args: &Args) -> Vec<Way> {
    type Round = fn(&Words, &Args, &mut Way);
    let ways: [(&'static str, Round); 7] = [
        ("`Mutex<BTreeMap>`", round::<Mutex<BTreeMap<Vec<u8>, u64>>>),
        ("`DashMap`", round::<DashMap<Vec<u8>, u64>>),
        ("`Mutex<PathMap>`", round::<Mutex<PathMap<u64>>>),
        ("`RwLock<PathMap>`", round::<RwLock<PathMap<u64>>>),
        ("`SharedMap`, one update per write", round::<SharedMap<u64>>),
        ("`SharedMap`, batches of 100", round::<InBatches>),
        ("one `PathMap` per thread, joined", round::<Joined>),
    ];
    let new = |name| Way { name, times: Default::default(), copies: Vec::new() };
    let mut ways: Vec<(Round, Way)> = ways.into_iter().map(|(name, round)| (round, new(name))).collect();
    let words = keys::words(args.scaled(100_000), 11);
    for _ in 0..args.rounds {
        for (round, way) in &mut ways {
            round(&words, args, way);
        }
    }
    ways.into_iter().map(|(_, way)| way).collect()
}
