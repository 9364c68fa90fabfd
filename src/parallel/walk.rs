//! [`WalkParallel`]: what is to be walked, and how.

use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

use super::location::Location;
use super::padded::CachePadded;
use super::pool::{self, Hand, Rules, TASK_SIZE};
use super::run::{Run, Scope, Task};
use super::visitor::{ParallelVisitor, ParallelVisitorBuilder, WalkState};
use super::walked::{Stop, Walked};
use crate::bytes::Text;
use crate::error::Conflict;
use crate::node::Shared;
use crate::trie::{PathMap, Subtrie};
use crate::zipper::{
    ReadZipperTracked, ReadZipperUntracked, ZipperAbsolutePath, ZipperCreation, ZipperHead, ZipperHeadOwned,
    ZipperInfallibleSubtries,
};

/// A walk through a snapshot by several threads: what is to be walked, and how.
///
/// It is made by [`PathMap::walk_parallel`], by [`from_zipper`](Self::from_zipper), or by a head, as
/// [`ZipperHead::walk_parallel`]. It owns its snapshot, which is made in O(1) and shares the nodes of the map, so that
/// writers go on meanwhile and the walk does not see what they write. It may be walked more than once.
///
/// # What it costs
/// The calling thread is one of the threads. The others are started when it has worked for a tenth of a millisecond,
/// so a small walk is over before. On one thread a walk costs what a reader's does, and little more. A thread gives a
/// part of its work away only when another has none, so nothing is divided without need; one that has nothing to do
/// sleeps.
///
/// # Panics
/// Each method that walks panics as what was given to it does: the first panic of any thread stops the others, and
/// goes on in the calling thread when all have ended.
///
/// # Examples
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
/// use bytetrie::PathMap;
/// use bytetrie::parallel::WalkState;
///
/// let map: PathMap<u64> = (0..1000u64).map(|i| (i.to_be_bytes(), i)).collect();
/// let total = AtomicU64::new(0);
/// let walked = map.walk_parallel().threads(2).run(|| {
///     |location| {
///         total.fetch_add(*location.value().unwrap(), Relaxed);
///         WalkState::Continue
///     }
/// });
/// assert!(walked.complete);
/// assert_eq!((walked.visited, total.into_inner()), (1000, 499_500));
/// ```
#[must_use = "a walk does nothing until it is run"]
pub struct WalkParallel<'head, V> {
    /// In path order, none at or below another.
    trunks: Vec<Trunk<V>>,
    /// What keeps the paths of a head's roots from writers.
    leases: Vec<ReadZipperTracked<'head, 'static, V>>,
    threads: Option<NonZero<usize>>,
    all: bool,
    max_depth: usize,
    deadline: Option<Instant>,
    timeout: Option<Duration>,
    cancel: Option<Arc<AtomicBool>>,
    task_size: u32,
    eager: bool,
}

/// A snapshot, and where in it the walk has a root.
pub(super) struct Trunk<V> {
    trie: Subtrie<Shared<V>>,
    /// The path to the root, the first `base` bytes of which lead to where the trie begins.
    path: Vec<u8>,
    base: usize,
}

impl<V> Trunk<V> {
    fn new(trie: Subtrie<Shared<V>>, path: Vec<u8>) -> Self {
        Self { trie, base: path.len(), path }
    }

    fn at(&self, path: Vec<u8>) -> Self {
        Self { trie: self.trie.clone(), path, base: self.base }
    }

    /// The path to the root.
    pub(super) fn path(&self) -> &[u8] {
        &self.path
    }

    /// A reader whose root is at `path`, which is at or below the root.
    pub(super) fn reader(&self, path: &[u8]) -> ReadZipperUntracked<'_, 'static, V> {
        ReadZipperUntracked::over(self.trie.lent(), path, self.base)
    }
}

impl<V> WalkParallel<'static, V> {
    fn of(trunk: Trunk<V>) -> Self {
        Self::new(vec![trunk], Vec::new())
    }

    /// A walk through what is at and below the focus of a zipper, as it is now.
    ///
    /// Paths are the zipper's [origin paths](ZipperAbsolutePath::origin_path). A focus that does not exist has
    /// nothing to be visited. The snapshot shares the nodes; where the focus is inside of a node, that one node's part
    /// is copied.
    pub fn from_zipper<Z>(zipper: &Z) -> Self
    where
        Z: ZipperInfallibleSubtries<V> + ZipperAbsolutePath,
    {
        Self::of(trunk_of(zipper))
    }
}

fn trunk_of<V, Z>(zipper: &Z) -> Trunk<V>
where
    Z: ZipperInfallibleSubtries<V> + ZipperAbsolutePath,
{
    Trunk::new(Subtrie::of(zipper), zipper.origin_path().to_vec())
}

impl<'head, V> WalkParallel<'head, V> {
    fn new(trunks: Vec<Trunk<V>>, leases: Vec<ReadZipperTracked<'head, 'static, V>>) -> Self {
        Self {
            trunks,
            leases,
            threads: None,
            all: false,
            max_depth: usize::MAX,
            deadline: None,
            timeout: None,
            cancel: None,
            task_size: TASK_SIZE,
            eager: false,
        }
    }

    /// A walk through what is at and below `roots` of a head, which is kept from writers while the walk lives.
    fn of_head<'trie: 'head, H, K>(
        head: &'head H,
        roots: impl IntoIterator<Item = K>,
    ) -> Result<Self, Conflict>
    where
        H: ZipperCreation<'trie, V>,
        K: AsRef<[u8]>,
        V: Clone,
    {
        let roots = topmost(roots);
        let leases =
            roots.iter().map(|root| head.read_zipper_at_path(root)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(leases.iter().map(trunk_of).collect(), leases))
    }

    /// Sets how many threads walk at most, the calling one included. As many as the machine has cores if this is 0 or
    /// never called.
    ///
    /// No more than four times as many as the machine has cores are started, and no more than there are parts of the walk to
    /// give away; a visitor or a state is made for each thread that may be started. If the system refuses to start a thread,
    /// those that run do its work.
    pub fn threads(&mut self, threads: usize) -> &mut Self {
        self.threads = NonZero::new(threads);
        self
    }

    /// Walks only what is at or below one of these paths, which are whole paths as [`Location::path`] tells them.
    ///
    /// Each becomes a root of the walk. One that is at or below another adds nothing; one that does not exist, or is not
    /// part of the walk, has nothing to be visited.
    pub fn roots<K: AsRef<[u8]>>(&mut self, roots: impl IntoIterator<Item = K>) -> &mut Self {
        let roots = topmost(roots);
        let mut trunks = Vec::new();
        for trunk in &self.trunks {
            if roots.iter().any(|root| trunk.path.starts_with(root)) {
                trunks.push(trunk.at(trunk.path.clone()));
                continue;
            }
            let below = roots.iter().filter(|root| root.starts_with(&trunk.path));
            trunks.extend(below.map(|root| trunk.at(root.clone())));
        }
        self.trunks = trunks;
        self
    }

    /// Visits nothing that is more than so many bytes below its root; 0 leaves the roots alone. Without a limit if it
    /// is `None` or never set.
    pub fn max_depth(&mut self, depth: Option<usize>) -> &mut Self {
        self.max_depth = depth.unwrap_or(usize::MAX);
        self
    }

    /// Visits every location, also those that have no value. Otherwise those with a value alone are visited.
    pub fn all_locations(&mut self, yes: bool) -> &mut Self {
        self.all = yes;
        self
    }

    /// Ends the walk at a moment, `None` for never. It is seen after one visit, or after some ten microseconds, whichever
    /// comes later.
    pub fn deadline(&mut self, deadline: Option<Instant>) -> &mut Self {
        self.deadline = deadline;
        self
    }

    /// Ends each walk so long after it has begun, `None` for never. If there is a [`deadline`](Self::deadline)
    /// as well, what comes first counts.
    pub fn timeout(&mut self, timeout: Option<Duration>) -> &mut Self {
        self.timeout = timeout;
        self
    }

    /// Ends the walk when somebody sets this flag. It is seen as late as a [`deadline`](Self::deadline) is.
    pub fn cancel(&mut self, flag: Arc<AtomicBool>) -> &mut Self {
        self.cancel = Some(flag);
        self
    }

    /// After how many visits a thread looks whether another has nothing to do. For tests and measurements: small numbers
    /// also make it divide its work each time.
    #[doc(hidden)]
    pub fn task_size(&mut self, visits: u32) -> &mut Self {
        self.task_size = visits.max(1);
        self.eager = visits < 64;
        self
    }

    /// How many threads may walk.
    pub(super) fn thread_count(&self) -> usize {
        /// So many threads for each core: beyond that they take time from each other, and memory.
        const MOST: usize = 4;

        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        match self.threads.map(NonZero::get) {
            None => cores(),
            // To ask for the number of cores takes some microseconds.
            Some(few @ ..=MOST) => few,
            Some(many) => many.min(MOST * cores()),
        }
    }

    pub(super) fn trunks(&self) -> &[Trunk<V>] {
        &self.trunks
    }

    pub(super) fn scope(&self) -> Scope {
        Scope { all: self.all, max_depth: self.max_depth }
    }

    pub(super) fn rules(&self) -> Rules<'_> {
        let end = self.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        Rules {
            deadline: self.deadline.into_iter().chain(end).min(),
            cancel: self.cancel.as_deref(),
            task_size: self.task_size,
            eager: self.eager,
        }
    }

    pub(super) fn tasks(&self) -> Vec<Task> {
        (0..self.trunks.len()).map(|trunk| Task::whole(trunk, &self.trunks)).collect()
    }
}

/// The paths that are below no other, each once, in path order.
fn topmost<K: AsRef<[u8]>>(paths: impl IntoIterator<Item = K>) -> Vec<Vec<u8>> {
    let mut paths: Vec<Vec<u8>> = paths.into_iter().map(|path| path.as_ref().to_vec()).collect();
    paths.sort_unstable();
    paths.dedup_by(|path, above| path.starts_with(above));
    paths
}

impl<V: Send + Sync> WalkParallel<'_, V> {
    /// Walks with a visitor for each thread, which the builder builds before the first visit.
    ///
    /// Each location is visited by one thread, once, and before what is below it. In what order else they are visited is not
    /// said.
    ///
    /// # Panics
    /// As the builder does, a visitor, or a visitor's drop.
    ///
    /// # Examples
    /// Each thread has a counter of its own, and adds it up at its end:
    /// ```
    /// use std::sync::Mutex;
    /// use bytetrie::PathMap;
    /// use bytetrie::parallel::{Location, ParallelVisitor, ParallelVisitorBuilder, WalkState};
    ///
    /// struct Counter<'s> {
    ///     bytes: usize,
    ///     total: &'s Mutex<usize>,
    /// }
    ///
    /// impl ParallelVisitor<()> for Counter<'_> {
    ///     fn visit(&mut self, location: &Location<'_, ()>) -> WalkState {
    ///         self.bytes += location.path().len();
    ///         WalkState::Continue
    ///     }
    /// }
    ///
    /// impl Drop for Counter<'_> {
    ///     fn drop(&mut self) {
    ///         *self.total.lock().unwrap() += self.bytes;
    ///     }
    /// }
    ///
    /// struct Counters<'s>(&'s Mutex<usize>);
    ///
    /// impl<'s> ParallelVisitorBuilder<'s, ()> for Counters<'s> {
    ///     fn build(&mut self) -> Box<dyn ParallelVisitor<()> + 's> {
    ///         Box::new(Counter { bytes: 0, total: self.0 })
    ///     }
    /// }
    ///
    /// let map: PathMap<()> = [("a", ()), ("bc", ()), ("def", ())].into_iter().collect();
    /// let total = Mutex::new(0);
    /// map.walk_parallel().visit(&mut Counters(&total));
    /// assert_eq!(total.into_inner().unwrap(), 6);
    /// ```
    pub fn visit<'s, B>(&self, builder: &mut B) -> Walked
    where
        B: ParallelVisitorBuilder<'s, V> + ?Sized,
    {
        self.visit_by((0..self.thread_count()).map(|_| builder.build()).collect())
    }

    /// Walks with these visitors, one a thread.
    fn visit_by(&self, visitors: Vec<Box<dyn ParallelVisitor<V> + '_>>) -> Walked {
        let tasks = self.tasks().into_iter().map(|task| (task, ())).collect();
        pool::run(self.rules(), tasks, visitors, |hand, visitor, task| {
            self.perform(hand, &task.0, |run| visitor.visit_run(run), |tasks| vec![(); tasks]);
        })
    }

    /// Walks with a closure for each thread, which `make` makes before the first visit: [`visit`](Self::visit) for
    /// closures, whose arguments need no types here.
    ///
    /// # Panics
    /// As `make` does, or a closure that it made.
    pub fn run<F, P>(&self, mut make: F) -> Walked
    where
        F: FnMut() -> P,
        P: FnMut(&Location<'_, V>) -> WalkState + Send,
    {
        self.visit(&mut make)
    }

    /// Walks with a state for each thread, which `make` makes before the first visit, and returns the states.
    ///
    /// # Panics
    /// As `make` or `visit` does.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::parallel::WalkState;
    ///
    /// let map: PathMap<u8> = [("a", 1), ("ab", 2), ("b", 3)].into_iter().collect();
    /// let (found, walked) = map.walk_parallel().run_with(Vec::new, |found, location| {
    ///     found.push(location.path().to_vec());
    ///     if location.path() == b"a" { WalkState::Skip } else { WalkState::Continue }
    /// });
    /// let mut found = found.concat();
    /// found.sort();
    /// assert_eq!(found, [b"a", b"b"]);
    /// assert!(walked.complete);
    /// ```
    pub fn run_with<S, I, F>(&self, mut make: I, visit: F) -> (Vec<S>, Walked)
    where
        I: FnMut() -> S,
        F: Fn(&mut S, &Location<'_, V>) -> WalkState + Sync,
        S: Send,
    {
        // Side by side in one line, what one thread writes at each visit would be taken from the others each time.
        let mut states: Vec<_> = (0..self.thread_count()).map(|_| CachePadded::new(make())).collect();
        let visit = &visit;
        let visitor = |state| -> Box<dyn ParallelVisitor<V> + '_> {
            let state: &mut CachePadded<S> = state;
            Box::new(move |location: &Location<'_, V>| visit(state, location))
        };
        let walked = self.visit_by(states.iter_mut().map(visitor).collect());
        (states.into_iter().map(CachePadded::into_inner).collect(), walked)
    }

    /// Does one task: `go` visits until the run pauses, and `tags` makes what goes along with so many tasks that are given
    /// away, in path order.
    pub(super) fn perform<G>(
        &self,
        hand: &mut Hand<'_, (Task, G)>,
        task: &Task,
        mut go: impl FnMut(&mut Run<'_, V>),
        tags: impl Fn(usize) -> Vec<G>,
    ) {
        let mut run = Run::new(&self.trunks, task, self.scope(), hand.stopped());
        loop {
            let granted = hand.visits_left();
            run.grant(granted);
            go(&mut run);
            hand.visits_made(granted - run.visits_left());
            if run.has_quit() {
                hand.stop(Stop::Quit);
            }
            if run.is_done() || hand.is_stopped() {
                return;
            }
            let wanted = hand.look();
            if wanted > 0 {
                let tasks = run.divide(wanted);
                let tags = tags(tasks.len());
                // In path order they come back, if nobody takes them.
                hand.give(tasks.into_iter().zip(tags).rev());
            }
        }
    }
}

impl<V> PathMap<V> {
    /// A walk through the map as it is now, by several threads. O(1).
    ///
    /// See [`parallel`](crate::parallel) for when that is worth while.
    pub fn walk_parallel(&self) -> WalkParallel<'static, V> {
        WalkParallel::of(Trunk::new(self.clone().into(), Vec::new()))
    }
}

/// Implements walks through what a head holds.
macro_rules! walk_of_head {
    ([$($generics:tt)*] $head:ty) => {
        impl<$($generics)* V: Clone> $head {
            /// A walk, by several threads, through what is at and below `roots` as it is now.
            ///
            /// A reader holds each root while the walk lives, so nobody writes there; walks and other readers may be at the
            /// same paths. A root that is at or below another adds nothing. Paths are from the head's own root.
            ///
            /// # Errors
            /// [`Conflict`] if a writer lives at a prefix of a root, at it or below it.
            pub fn walk_parallel<K: AsRef<[u8]>>(
                &self,
                roots: impl IntoIterator<Item = K>,
            ) -> Result<WalkParallel<'_, V>, Conflict> {
                WalkParallel::of_head(self, roots)
            }
        }
    };
}

walk_of_head!(['trie,] ZipperHead<'_, 'trie, V>);
walk_of_head!([] ZipperHeadOwned<V>);

impl<V> fmt::Debug for WalkParallel<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roots: Vec<_> = self.trunks.iter().map(|trunk| Text(&trunk.path)).collect();
        f.debug_struct("WalkParallel")
            .field("roots", &roots)
            .field("leases", &self.leases.len())
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}
