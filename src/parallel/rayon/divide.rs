//! Dividing work on tries into parts that several threads do.

use std::collections::{BinaryHeap, HashSet};
use std::hash::Hash;

/// Work that may be divided, and parts of it.
pub(super) trait Work {
    type Part;

    /// What tells a part from all others.
    type Key: Hash + Eq;

    fn key(&self, part: &Self::Part) -> Self::Key;

    /// How many steps it takes to enter a part.
    fn steps(&self, part: &Self::Part) -> usize;

    /// About how many steps the part takes with all that is below.
    fn weigh(&self, part: &Self::Part) -> usize;

    /// The parts that are met when a part is entered.
    fn parts(&self, part: &Self::Part) -> Vec<Self::Part>;
}

/// When work is divided, and how finely.
struct Grain {
    /// Work of fewer steps is not divided: threads would take longer to agree on it than one takes to do it.
    small: usize,
    /// How many parts each thread is to have, so that none waits long for the last.
    parts: usize,
    /// How many parts may be taken apart.
    taken_apart: usize,
}

impl Grain {
    const DEFAULT: Self = Self { small: 8_192, parts: 16, taken_apart: 256 };

    fn current() -> Self {
        if finely() { Self { small: 0, parts: 3, taken_apart: 256 } } else { Self::DEFAULT }
    }
}

/// Whether all is to be divided, however small.
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

    /// From now on parallel operations divide all work, however small, in all of the process: they may begin on any thread.
    pub fn divide_finely() {
        FINE.store(true, Ordering::Relaxed);
    }
}

/// What it costs to enter a part, besides its steps.
const ENTER: usize = 16;

/// True iff the work takes at least so many steps. It looks at no more than that.
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

/// A part that may be taken apart, the heaviest first.
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

/// Divides work for so many threads into parts of which none holds another; none if it is not worth it. A part that is met
/// in several places is there once.
///
/// The heaviest part is taken apart first, as long as it is heavier than a fair share. What that costs is bounded, whatever
/// the size of the work.
pub(super) fn divide<W: Work>(work: &W, all: W::Part, threads: usize) -> Vec<W::Part>
where
    W::Part: Clone,
{
    let grain = Grain::current();
    if threads < 2 && grain.small > 0 || !takes(work, &all, grain.small) {
        return Vec::new();
    }
    let (mut seen, mut heap, mut total) = (HashSet::new(), BinaryHeap::new(), 0usize);
    // What is met when all of the work is entered: the sum of its weights is surer than a weight of the whole.
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
        // If nothing is met in it, it is as good as done.
        met = work.parts(&part);
        total = total.saturating_sub(weight);
    }
    if heap.len() < 2 && grain.small > 0 {
        return Vec::new();
    }
    heap.into_iter().map(|weighed| weighed.part).collect()
}
