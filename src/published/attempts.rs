//! The attempts of an update: which ones a thread is in the middle of, and what happens when one
//! is overtaken.

use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::thread;
use std::time::{Duration, Instant};

thread_local! {
    /// The attempts that this thread is in the middle of, the innermost last.
    ///
    /// There may be several: a closure may update another map. Or it waits for rayon, which lets
    /// the thread steal a task that updates some map.
    static ATTEMPTS: RefCell<Vec<OpenAttempt>> = const { RefCell::new(Vec::new()) };
}

struct OpenAttempt {
    /// The address of the map that is updated.
    map: usize,
    /// Whether this thread has published the map since the attempt began.
    overtaken: bool,
}

/// An attempt that its thread is in the middle of, until it is dropped.
pub(super) struct Attempt {
    map: usize,
    /// How many attempts the thread was in the middle of before. `None` if the thread is ending
    /// and remembers nothing.
    depth: Option<usize>,
}

impl Attempt {
    /// Begins an attempt to update the map at an address.
    pub(super) fn begin(map: usize) -> Self {
        let depth = ATTEMPTS.try_with(|attempts| {
            let mut attempts = attempts.borrow_mut();
            attempts.push(OpenAttempt { map, overtaken: false });
            attempts.len() - 1
        });
        Self { map, depth: depth.ok() }
    }

    /// True iff the thread is not in the middle of another update of any map.
    pub(super) fn is_outermost(&self) -> bool {
        self.depth == Some(0)
    }

    /// Ends a successful attempt. The attempts on the same map that contain it are overtaken.
    pub(super) fn publish(self) {
        let _ = ATTEMPTS.try_with(|attempts| {
            let within = self.depth.unwrap_or(0);
            let mut attempts = attempts.borrow_mut();
            attempts[..within]
                .iter_mut()
                .filter(|open| open.map == self.map)
                .for_each(|open| open.overtaken = true);
        });
    }

    /// True iff this thread has published the map since the attempt began.
    pub(super) fn is_overtaken_from_within(&self) -> bool {
        let overtaken = |depth: usize| ATTEMPTS.try_with(|attempts| attempts.borrow()[depth].overtaken);
        self.depth.is_some_and(|depth| overtaken(depth).unwrap_or(false))
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if let Some(depth) = self.depth {
            let _ = ATTEMPTS.try_with(|attempts| attempts.borrow_mut().truncate(depth));
        }
    }
}

/// How long other writers wait for the first attempt of an update.
const PATIENCE: Duration = Duration::from_millis(5);

/// The longest pause of an update after its second attempt. It doubles with each further one.
const PAUSE: Duration = Duration::from_micros(100);

/// After this many attempts in a row that were overtaken from within, the closure is taken to
/// update the map itself whenever it is called.
const HOPELESS: u32 = 1_000;

/// The attempts of one update.
pub(super) struct Attempts {
    /// How many attempts were overtaken.
    failed: u32,
    /// How many of the last ones in a row were overtaken from within.
    from_within: u32,
    /// How long the first attempt took.
    first: Duration,
    begun: Option<Instant>,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self { failed: 0, from_within: 0, first: Duration::ZERO, begun: None }
    }

    /// How long other writers have to wait for the next attempt.
    ///
    /// An attempt that takes longer may be overtaken. So the time grows fourfold with each
    /// failure, up to twice the time that the first attempt took. It grows no further, because the
    /// others wait in vain if the attempt itself waits for one of them, as it may if threads
    /// steal.
    pub(super) fn patience(&self) -> Duration {
        const ENOUGH: Duration = Duration::from_millis(40);
        (PATIENCE * (1 << (2 * self.failed.min(8)))).min(ENOUGH.max(self.first * 2))
    }

    /// Begins the next attempt. The caller has its turn.
    pub(super) fn begin(&mut self) {
        self.begun = Some(Instant::now());
    }

    /// Counts an attempt that was overtaken, and pauses for a random time before the third attempt
    /// and later ones.
    ///
    /// The pause separates two updates that overtake each other again and again because each
    /// updates the other's map in its closure.
    ///
    /// # Panics
    /// Panics if [`HOPELESS`] attempts in a row were overtaken from within.
    pub(super) fn fail(&mut self, from_within: bool) {
        let took = self.begun.map_or(Duration::ZERO, |begun| begun.elapsed());
        if self.failed == 0 {
            self.first = took;
        }
        self.failed = self.failed.saturating_add(1);
        self.from_within = if from_within { self.from_within + 1 } else { 0 };
        assert!(
            self.from_within < HOPELESS,
            "a SharedMap was updated from inside an update of it, each of the {HOPELESS} times that the closure was \
             called; use the map that the closure is called with"
        );
        if self.failed > 1 {
            let random = RandomState::new().hash_one(self.failed) as u32;
            let longest =
                if from_within { PAUSE } else { (PAUSE * (1 << self.failed.min(10))).min(took * 4) };
            thread::sleep(longest.mul_f64(f64::from(random) / f64::from(u32::MAX)));
        }
    }
}
