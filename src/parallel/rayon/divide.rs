//! Dividing work on tries into parts for several threads.

use std::collections::{BinaryHeap, HashSet};
use std::hash::Hash;

/// Work that can be divided into parts.
pub(super) trait Work {
    type Part;

    /// What tells a part from all others.
    type Key: Hash + Eq;

    fn key(&self, part: &Self::Part) -> Self::Key;

    /// How many steps it takes to enter a part.
    fn steps(&self, part: &Self::Part) -> usize;

    /// About how many steps the part takes, with all that is below it.
    fn weigh(&self, part: &Self::Part) -> usize;

    /// The parts that are found when a part is entered.
    fn parts(&self, part: &Self::Part) -> Vec<Self::Part>;
}

/// When work is divided, and how finely.
struct Grain {
    /// Work of fewer steps is not divided, since one thread does it in less time than several need
    /// to share it.
    small: usize,
    /// How many parts there should be for each thread, so that none waits long for the last part.
    parts: usize,
    /// How many parts may be divided further.
    taken_apart: usize,
}

impl Grain {
    const DEFAULT: Self = Self { small: 8_192, parts: 16, taken_apart: 256 };

    fn current() -> Self {
        if finely() { Self { small: 0, parts: 3, taken_apart: 256 } } else { Self::DEFAULT }
    }
}

/// Whether all work is divided, however small.
pub(super) fn finely() -> bool {
    #[cfg(feature = "testing")]
    return testing::FINE.load(std::sync::atomic::Ordering::Relaxed);
    #[cfg(not(feature = "testing"))]
    false
}

#[cfg(feature = "testing")]
pub(crate) mod testing {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub(super) static FINE: AtomicBool = AtomicBool::new(false);

    /// Makes parallel operations divide all work, however small, from now on and in the whole
    /// process.
    pub fn divide_finely() {
        FINE.store(true, Ordering::Relaxed);
    }
}

/// The cost of entering a part, in steps.
const ENTER: usize = 16;

/// True iff the work takes at least `steps` steps. It looks at no more than that.
fn takes<W: Work>(work: &W, all: &W::Part, steps: usize) -> bool
where
    W::Part: Clone,
{
    let (mut todo, mut taken) = (vec![all.clone()], 0);
    while let Some(part) = todo.pop() {
        taken += ENTER + work.steps(&part);
        if taken >= steps {
            return true;
        }
        todo.extend(work.parts(&part));
    }
    false
}

/// A part that may be divided further. The heaviest one comes first.
struct Weighed<P> {
    weight: usize,
    part: P,
}

impl<P> PartialEq for Weighed<P> {
    fn eq(&self, other: &Self) -> bool {
        self.weight == other.weight
    }
}
impl<P> Eq for Weighed<P> {}

impl<P> PartialOrd for Weighed<P> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<P> Ord for Weighed<P> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.weight.cmp(&other.weight)
    }
}

/// Divides work for `threads` threads into parts of which none contains another. Returns no parts
/// if that is not worth while. A part that is found in several places is returned once.
///
/// The heaviest part is divided first, as long as it is heavier than a fair share. The cost of
/// that is bounded, whatever the size of the work.
pub(super) fn divide<W: Work>(work: &W, all: W::Part, threads: usize) -> Vec<W::Part>
where
    W::Part: Clone,
{
    let grain = Grain::current();
    if threads < 2 && grain.small > 0 || !takes(work, &all, grain.small) {
        return Vec::new();
    }
    let (mut seen, mut heap, mut total) = (HashSet::new(), BinaryHeap::new(), 0usize);
    // The sum of the weights of parts is more reliable than the weight of the whole.
    let mut met = work.parts(&all);
    for taken_apart in 0.. {
        for part in met.drain(..) {
            if seen.insert(work.key(&part)) {
                let weight = work.weigh(&part);
                total = total.saturating_add(weight);
                heap.push(Weighed { weight, part });
            }
        }
        let fair = total / (threads * grain.parts);
        if taken_apart == grain.taken_apart || heap.peek().is_none_or(|heaviest| heaviest.weight <= fair) {
            break;
        }
        let Some(Weighed { weight, part }) = heap.pop() else { break };
        // A part in which no parts are found takes hardly any time.
        met = work.parts(&part);
        total = total.saturating_sub(weight);
    }
    if heap.len() < 2 && grain.small > 0 {
        return Vec::new();
    }
    heap.into_iter().map(|weighed| weighed.part).collect()
}
