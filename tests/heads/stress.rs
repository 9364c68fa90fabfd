//! A stress test of heads that combines everything: values whose clones and drops use the head and
//! panic, threads that wait with and without a deadline, futures that are given up, nested heads,
//! and temporary owners of the nodes. It must never hang, and lose no value.
//!
//! `BYTETRIE_STRESS_SECONDS=60 cargo test --profile checked --test heads -- stress::` runs it for a
//! minute.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicIsize, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use bytetrie::PathMap;
use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::zipper::*;

use crate::common::block_on;

const THREADS: usize = 4;

/// The time without progress of any thread after which the test reports a hang.
const HANG: Duration = Duration::from_secs(30);

struct World {
    head: OnceLock<Weak<ZipperHeadOwned<Busy>>>,
    live: AtomicIsize,
    calls: AtomicUsize,
    panics: AtomicUsize,
    /// The number of rounds of each thread.
    rounds: [AtomicU64; THREADS],
    stop: AtomicBool,
}

thread_local! {
    /// True while this thread's values use the head, so that values that they clone and drop do
    /// not use it again.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// One of this number of clones panics. 0 is none.
    static FRAGILE: Cell<u32> = const { Cell::new(0) };
    static DICE: Cell<u32> = const { Cell::new(1) };
}

fn dice(sides: u32) -> u32 {
    DICE.set(DICE.get().wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    (DICE.get() >> 16) % sides
}

struct Planned;

/// A value that uses the head of its map.
struct Busy(u64, Arc<World>);

impl Busy {
    fn new(number: u64, world: &Arc<World>) -> Self {
        world.live.fetch_add(1, SeqCst);
        Self(number, Arc::clone(world))
    }

    fn use_head(&self) {
        if INSIDE.replace(true) {
            return;
        }
        // A drop that panics would lose other values.
        let fragile = FRAGILE.replace(0);
        if let Some(head) = self.1.head.get().and_then(Weak::upgrade) {
            self.1.calls.fetch_add(1, SeqCst);
            let path = format!("w/{}", dice(40));
            match dice(6) {
                0 => drop(head.read_zipper_at_path(&path)),
                1 => drop(head.write_zipper_at_exclusive_path(&path)),
                2 => drop(head.write_zipper_at_exclusive_path_timeout(&path, Duration::from_millis(1))),
                3 => drop(head.read_zipper_at_path_timeout("busy", Duration::from_millis(1))),
                4 => drop(head.write_zipper_at_exclusive_path("own")),
                _ => drop(format!("{head:?}")),
            }
        }
        FRAGILE.set(fragile);
        INSIDE.set(false);
    }
}

impl Clone for Busy {
    fn clone(&self) -> Self {
        if dice(4) == 0 {
            self.use_head();
        }
        if FRAGILE.get() > 0 && dice(FRAGILE.get()) == 0 && !thread::panicking() {
            self.1.panics.fetch_add(1, SeqCst);
            resume_unwind(Box::new(Planned));
        }
        Self::new(self.0, &self.1)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.1.live.fetch_sub(1, SeqCst);
        if dice(8) == 0 {
            self.use_head();
        }
    }
}

type Head = Arc<ZipperHeadOwned<Busy>>;
type Account = BTreeMap<Vec<u8>, u64>;

/// Creates a writer at `path` by one of several methods. Returns `None` if a clone panicked or the
/// time was over.
fn writer<'h>(head: &'h Head, path: &[u8], rng: &mut Rng) -> Option<WriteZipperTracked<'h, 'static, Busy>> {
    FRAGILE.set([0, 0, 12][usize::from(rng.bytes(1)[0] % 3)]);
    let made = catch_unwind(AssertUnwindSafe(|| match rng.bytes(1)[0] % 4 {
        0 => head.write_zipper_at_exclusive_path(path).ok(),
        1 => head.write_zipper_at_exclusive_path_timeout(path, Duration::from_millis(2)).ok(),
        2 => {
            let mut given_up = pin!(head.write_zipper_at_exclusive_path_async(path));
            let _ = given_up.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            None
        }
        _ => Some(block_on(head.write_zipper_at_exclusive_path_async(path))),
    }));
    FRAGILE.set(0);
    made.unwrap_or_else(|panic| {
        assert!(panic.is::<Planned>());
        None
    })
}

fn work(head: &Head, world: &Arc<World>, thread: usize) -> Account {
    let mut rng = Rng::new(thread as u64 + 1);
    DICE.set(thread as u32 * 7919 + 1);
    let mut account = Account::new();
    let mut snapshots = Vec::new();
    while !world.stop.load(SeqCst) {
        let round = world.rounds[thread].fetch_add(1, SeqCst);
        let bytes = rng.bytes(4);
        let number = u64::from(bytes[0] % 40);
        let path = format!("w/{number}/{thread}").into_bytes();
        match bytes[2] % 8 {
            // Sets or removes a value at this thread's own path. There is no node below, so the
            // writer copies none.
            0..4 => {
                let Some(mut writer) = writer(head, &path, &mut rng) else { continue };
                if bytes[3].is_multiple_of(3) {
                    let old = writer.remove_val(true).map(|value| value.0);
                    assert_eq!(old, account.remove(&path));
                    head.cleanup_write_zipper(writer);
                } else {
                    let old = writer.set_val(Busy::new(round, world)).map(|value| value.0);
                    assert_eq!(old, account.insert(path, round));
                    if bytes[3] % 3 == 1 {
                        drop(writer.into_read_zipper());
                    }
                }
            }
            // A writer above the paths of all threads, and a nested head in it.
            4 => {
                let Some(mut writer) = writer(head, format!("w/{number}").as_bytes(), &mut rng) else {
                    continue;
                };
                let nested = writer.zipper_head();
                let own = nested.write_zipper_at_exclusive_path(format!("/{thread}"));
                let value = own.unwrap().val().map(|value| value.0);
                assert_eq!(value, account.get(&path).copied());
            }
            // One more owner of all nodes, temporarily.
            5 => {
                let whole = head.read_zipper_at_path_timeout("w", Duration::from_millis(2));
                if let Ok(whole) = whole {
                    snapshots.push(whole.make_map());
                }
                if snapshots.len() > 3 {
                    snapshots.swap_remove(usize::from(bytes[3]) % 4);
                }
            }
            _ => {
                let read = catch_unwind(AssertUnwindSafe(|| {
                    block_on(head.read_zipper_at_path_async(&path)).val().map(|value| value.0)
                }));
                assert_eq!(read.expect("readers clone nothing"), account.get(&path).copied());
            }
        }
    }
    account
}

fn stress(limits: Limits, time: Duration) {
    let world = Arc::new(World {
        head: OnceLock::new(),
        live: AtomicIsize::new(0),
        calls: AtomicUsize::new(0),
        panics: AtomicUsize::new(0),
        rounds: Default::default(),
        stop: AtomicBool::new(false),
    });
    let map: PathMap<Busy> = (0..40).map(|i| (format!("w/{i}"), Busy::new(1_000_000 + i, &world))).collect();
    let head = Arc::new(map.into_zipper_head([]));
    assert!(world.head.set(Arc::downgrade(&head)).is_ok());
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (head, world) = (Arc::clone(&head), Arc::clone(&world));
            thread::spawn(move || with_limits(limits, || work(&head, &world, thread)))
        })
        .collect();
    let (start, mut seen) = (Instant::now(), [(0, Instant::now()); THREADS]);
    while start.elapsed() < time || !threads.iter().all(thread::JoinHandle::is_finished) {
        world
            .stop
            .store(start.elapsed() >= time || threads.iter().any(|thread| thread.is_finished()), SeqCst);
        thread::sleep(Duration::from_millis(20));
        for (thread, (rounds, since)) in seen.iter_mut().enumerate() {
            let now = world.rounds[thread].load(SeqCst);
            if now != *rounds || threads[thread].is_finished() {
                (*rounds, *since) = (now, Instant::now());
            }
            // The head is not shown: the thread may hang with its lock held.
            assert!(since.elapsed() < HANG, "thread {thread} hangs after {now} rounds");
        }
    }
    let mut expected: Account = (0..40).map(|i| (format!("w/{i}").into_bytes(), 1_000_000 + i)).collect();
    for thread in threads {
        expected.extend(thread.join().expect("no thread panics"));
    }
    assert!(world.calls.load(SeqCst) > 50 && world.panics.load(SeqCst) > 5, "values did nothing");
    let map = Arc::into_inner(head).expect("all threads have ended").into_map();
    map.check().unwrap();
    let found: Account = map.iter().map(|(path, value)| (path, value.0)).collect();
    assert_eq!(found, expected);
    drop(map);
    assert_eq!(world.live.load(SeqCst), 0);
}

#[test]
fn heads_never_hang() {
    let seconds = std::env::var("BYTETRIE_STRESS_SECONDS").map_or(Ok(2.0), |text| text.parse::<f64>());
    let time = Duration::from_secs_f64(seconds.expect("a number of seconds") / 2.0);
    stress(Limits::DEFAULT, time);
    stress(Limits::TINY, time);
}
