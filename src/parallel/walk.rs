//! [`WalkParallel`]: what a walk visits, and its settings.

use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::{Duration, Instant};

use super::pool::{Rules, TASK_SIZE};
use super::roots::{WalkRoot, topmost};
use super::task::{Scope, WalkTask};
use crate::bytes::Text;
use crate::error::Conflict;
use crate::trie::{PathMap, Subtrie};
use crate::zipper::{
    ReadZipperTracked, ZipperAbsolutePath, ZipperCreation, ZipperHead, ZipperHeadOwned,
    ZipperInfallibleSubtries,
};

/// A walk through a snapshot by several threads.
///
/// Created by [`PathMap::walk_parallel`], by [`from_zipper`](Self::from_zipper), or from a head by
/// [`ZipperHead::walk_parallel`]. The methods of a walk set what is walked and how. A walk can be
/// run more than once.
///
/// A walk owns its snapshot, which is made in O(1) and shares the nodes of the map. Writers go on
/// meanwhile, and the walk does not see what they write.
///
/// # Cost
/// The calling thread is one of the threads. It starts the others when it has worked for a tenth
/// of a millisecond, so a small walk needs only one thread. On one thread a walk costs little more
/// than a reader. A thread gives away a part of its work only if another thread has none, and
/// threads without work sleep.
///
/// # Panics
/// Each method that walks panics if a closure or visitor that was passed to it panics. The first
/// panic of any thread stops the other threads, and resumes in the calling thread when all have
/// ended.
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
    /// The roots in path order. None is at or below another.
    roots: Vec<WalkRoot<V>>,
    /// Readers that keep writers from the roots of a head.
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

impl<V> WalkParallel<'static, V> {
    fn of(root: WalkRoot<V>) -> Self {
        Self::new(vec![root], Vec::new())
    }

    /// Makes a walk through a snapshot of what is at and below the focus of a zipper.
    ///
    /// Paths are the zipper's [origin paths](ZipperAbsolutePath::origin_path). If the focus does
    /// not exist, nothing is visited. The snapshot shares the nodes, except that a part of one
    /// node is copied if the focus is inside of it.
    pub fn from_zipper<Z>(zipper: &Z) -> Self
    where
        Z: ZipperInfallibleSubtries<V> + ZipperAbsolutePath,
    {
        Self::of(root_of(zipper))
    }
}

fn root_of<V, Z>(zipper: &Z) -> WalkRoot<V>
where
    Z: ZipperInfallibleSubtries<V> + ZipperAbsolutePath,
{
    WalkRoot::new(Subtrie::of(zipper), zipper.origin_path().to_vec())
}

impl<'head, V> WalkParallel<'head, V> {
    fn new(roots: Vec<WalkRoot<V>>, leases: Vec<ReadZipperTracked<'head, 'static, V>>) -> Self {
        Self {
            roots,
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

    /// Makes a walk through what is at and below `roots` of a head. Writers are kept from there
    /// while the walk lives.
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
        Ok(Self::new(leases.iter().map(root_of).collect(), leases))
    }

    /// Sets the greatest number of threads that walk, including the calling thread.
    ///
    /// The default, also set by 0, is the number of cores. More than four times the number of
    /// cores counts as four times that number.
    ///
    /// A thread is started only when there is a part of the walk that it can take over, so a small
    /// walk stays on the calling thread. If the system refuses to start a thread, the others do its
    /// work. A visitor or a state is made for each thread that may be started, also for one that
    /// is not.
    pub fn threads(&mut self, threads: usize) -> &mut Self {
        self.threads = NonZero::new(threads);
        self
    }

    /// Restricts the walk to what is at or below one of these paths, which are whole paths as in
    /// [`Location::path`].
    ///
    /// Each path becomes a root of the walk. A path that is at or below another one adds nothing.
    /// Nothing is visited below a path that does not exist or is not part of the walk.
    ///
    /// [`Location::path`]: super::Location::path
    pub fn roots<K: AsRef<[u8]>>(&mut self, roots: impl IntoIterator<Item = K>) -> &mut Self {
        let paths = topmost(roots);
        let mut restricted = Vec::new();
        for root in &self.roots {
            if paths.iter().any(|path| root.path().starts_with(path)) {
                restricted.push(root.at(root.path().to_vec()));
                continue;
            }
            let below = paths.iter().filter(|path| path.starts_with(root.path()));
            restricted.extend(below.map(|path| root.at(path.clone())));
        }
        self.roots = restricted;
        self
    }

    /// Sets how many bytes below its roots the walk visits at most.
    ///
    /// With 0, only the roots are visited. The default is `None`, which is no limit.
    pub fn max_depth(&mut self, depth: Option<usize>) -> &mut Self {
        self.max_depth = depth.unwrap_or(usize::MAX);
        self
    }

    /// Sets whether locations without a value are visited too. By default, only those with a value
    /// are.
    pub fn all_locations(&mut self, yes: bool) -> &mut Self {
        self.all = yes;
        self
    }

    /// Ends the walk at the time `deadline`, or never if `deadline` is `None`.
    ///
    /// Threads look at the clock after each visit, or after some ten microseconds, whichever takes
    /// longer.
    pub fn deadline(&mut self, deadline: Option<Instant>) -> &mut Self {
        self.deadline = deadline;
        self
    }

    /// Ends each walk when the time `timeout` has passed since the walk began, or never if
    /// `timeout` is `None`.
    ///
    /// If a [`deadline`](Self::deadline) is set as well, the walk ends at the earlier of the two.
    pub fn timeout(&mut self, timeout: Option<Duration>) -> &mut Self {
        self.timeout = timeout;
        self
    }

    /// Ends the walk when this flag is set.
    ///
    /// Threads check the flag as often as they look at the clock for a
    /// [`deadline`](Self::deadline).
    pub fn cancel(&mut self, flag: Arc<AtomicBool>) -> &mut Self {
        self.cancel = Some(flag);
        self
    }

    /// Sets after how many visits a thread looks whether another one has nothing to do. It is for
    /// tests and measurements: with a number below 64, the thread also divides its work each time.
    #[doc(hidden)]
    pub fn task_size(&mut self, visits: u32) -> &mut Self {
        self.task_size = visits.max(1);
        self.eager = visits < 64;
        self
    }

    /// How many threads may walk.
    pub(super) fn thread_count(&self) -> usize {
        /// The greatest number of threads for each core. More only take time from each other, and
        /// memory.
        const MOST: usize = 4;

        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        match self.threads.map(NonZero::get) {
            None => cores(),
            // Asking for the number of cores takes some microseconds.
            Some(few @ ..=MOST) => few,
            Some(many) => many.min(MOST * cores()),
        }
    }

    pub(super) fn walk_roots(&self) -> &[WalkRoot<V>] {
        &self.roots
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

    pub(super) fn tasks(&self) -> Vec<WalkTask> {
        (0..self.roots.len()).map(|root| WalkTask::whole(root, &self.roots)).collect()
    }
}

impl<V> PathMap<V> {
    /// Makes a walk through a snapshot of the map by several threads. O(1).
    ///
    /// See [`parallel`](crate::parallel) for when to use it.
    pub fn walk_parallel(&self) -> WalkParallel<'static, V> {
        WalkParallel::of(WalkRoot::new(self.clone().into(), Vec::new()))
    }
}

/// Adds `walk_parallel` to a head.
macro_rules! walk_of_head {
    ([$($generics:tt)*] $head:ty) => {
        impl<$($generics)* V: Clone> $head {
            /// Makes a walk by several threads through a snapshot of what is at and below `roots`.
            ///
            /// A reader holds each root while the walk lives, so nobody writes there. Walks and
            /// other readers may be at the same paths. A root that is at or below another one adds
            /// nothing. Paths start at the head's root.
            ///
            /// # Errors
            /// Returns [`Conflict`] if a writer lives at a root, at a prefix of it, or below it.
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
        let roots: Vec<_> = self.roots.iter().map(|root| Text(root.path())).collect();
        f.debug_struct("WalkParallel")
            .field("roots", &roots)
            .field("leases", &self.leases.len())
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}
