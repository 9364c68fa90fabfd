//! The gate, explored: `RUSTFLAGS="--cfg loom" cargo test --lib loom_`.
//!
//! Loom runs each model under every order of its steps. (The largest, a writer and two readers
//! that wait, has about 114,000 runs.) So an assertion here holds in all orders, and a waiter that
//! is never woken is reported as a deadlock. A deadline is an event: a thread of the model moves
//! the clock (see `sync`), at any moment. [`FOREVER`] is never reached.

use std::task::{Wake, Waker};
use std::time::Duration;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::thread;

use super::ZipperHeadOwned;
use super::create::ZipperCreation;
use super::gate::Gate;
use super::test_calls::{blocked, downgrade, named, nothing, release, release_with};
use crate::error::ZipperKind::{self, Reader, Writer};
use crate::sync::model::outcomes;
use crate::trie::PathMap;
use crate::zipper::{ZipperMoving, ZipperValues, ZipperWriting};

const FOREVER: Duration = Duration::MAX;
const SOON: Duration = Duration::from_secs(1);

/// A number that zippers at `a` and below share. It is read and written in two unordered steps, so
/// it is exact only if writers are alone and each sees the work of the writer before it.
struct Contended {
    number: AtomicUsize,
    writers: AtomicUsize,
    readers: AtomicUsize,
}

impl Contended {
    fn new() -> Self {
        Self { number: AtomicUsize::new(0), writers: AtomicUsize::new(0), readers: AtomicUsize::new(0) }
    }

    fn write(&self) {
        assert_eq!(self.writers.fetch_add(1, Relaxed), 0, "two writers");
        assert_eq!(self.readers.load(Relaxed), 0, "a writer beside a reader");
        self.number.store(self.number.load(Relaxed) + 1, Relaxed);
        self.writers.fetch_sub(1, Relaxed);
    }

    fn read(&self) -> usize {
        self.readers.fetch_add(1, Relaxed);
        assert_eq!(self.writers.load(Relaxed), 0, "a reader beside a writer");
        let number = self.number.load(Relaxed);
        self.readers.fetch_sub(1, Relaxed);
        number
    }
}

#[test]
fn loom_immediate_writers_are_alone() {
    let seen = outcomes(|| {
        let shared = Arc::new((Gate::new(()), Contended::new()));
        let write_at = |path: &'static [u8]| {
            let shared = shared.clone();
            move || {
                let (gate, subtrie) = &*shared;
                let taken = gate.acquire(path, Writer, nothing).is_ok();
                if taken {
                    subtrie.write();
                    release(&gate, path, Writer);
                }
                usize::from(taken)
            }
        };
        let below = thread::spawn(write_at(b"ab"));
        let here = write_at(b"a")();
        let taken = here + below.join().unwrap();
        assert_eq!(shared.1.number.load(Relaxed), taken);
        taken
    });
    assert_eq!(seen, [1, 2].into());
}

#[test]
fn loom_every_writer_that_waits_gets_in() {
    let seen = outcomes(|| {
        let shared = Arc::new((Gate::new(()), Contended::new()));
        let write_at = |path: &'static [u8]| {
            let shared = shared.clone();
            move || {
                let (gate, subtrie) = &*shared;
                gate.acquire_timeout(path, Writer, FOREVER, nothing).unwrap();
                subtrie.write();
                release(&gate, path, Writer);
            }
        };
        let others = [thread::spawn(write_at(b"ab")), thread::spawn(write_at(b"a"))];
        write_at(b"abc")();
        others.into_iter().for_each(|other| other.join().unwrap());
        assert!(shared.0.with(|_, ledger| ledger.is_idle() && !ledger.has_waiters()));
        shared.1.number.load(Relaxed)
    });
    assert_eq!(seen, [3].into());
}

#[test]
fn loom_readers_and_a_writer_wait_for_each_other() {
    let seen = outcomes(|| {
        let shared = Arc::new((Gate::new(()), Contended::new()));
        let read_at = |path: &'static [u8]| {
            let shared = shared.clone();
            move || {
                let (gate, subtrie) = &*shared;
                gate.acquire_timeout(path, Reader, FOREVER, nothing).unwrap();
                let number = subtrie.read();
                release(&gate, path, Reader);
                number
            }
        };
        let readers = [thread::spawn(read_at(b"")), thread::spawn(read_at(b"abc"))];
        let (gate, subtrie) = &*shared;
        gate.acquire_timeout(b"ab", Writer, FOREVER, nothing).unwrap();
        subtrie.write();
        release(&gate, b"ab", Writer);
        readers.map(|reader| reader.join().unwrap())
    });
    assert_eq!(seen, [[0, 0], [0, 1], [1, 0], [1, 1]].into());
}

#[test]
fn loom_a_waiter_passes_or_its_deadline_falls() {
    let seen = outcomes(|| {
        let gate = Arc::new(Gate::new(()));
        gate.acquire(b"ab", Writer, nothing).unwrap();
        let waiter = thread::spawn({
            let gate = gate.clone();
            move || gate.acquire_timeout(b"a", Writer, SOON, nothing)
        });
        let time = thread::spawn({
            let gate = gate.clone();
            move || gate.advance(SOON)
        });
        release(&gate, b"ab", Writer);
        let passed = waiter.join().unwrap();
        time.join().unwrap();
        gate.with(|_, ledger| {
            assert!(!ledger.has_waiters());
            assert_eq!(ledger.is_idle(), passed.is_err());
        });
        if passed.is_err() {
            assert_eq!(named(passed.clone()), blocked("ab", Writer));
        }
        passed.is_ok()
    });
    assert_eq!(seen, [false, true].into());
}

#[test]
fn loom_a_deadline_ends_a_wait_that_nobody_else_ends() {
    let seen = outcomes(|| {
        let gate = Arc::new(Gate::new(()));
        gate.acquire(b"a", Reader, nothing).unwrap();
        let time = thread::spawn({
            let gate = gate.clone();
            // The first move is too short: it wakes the waiter for nothing.
            move || [SOON / 2, SOON / 2].map(|by| gate.advance(by))
        });
        assert_eq!(named(gate.acquire_timeout(b"", Writer, SOON, nothing)), blocked("a", Reader));
        time.join().unwrap();
        gate.with(|_, ledger| ledger.has_waiters())
    });
    assert_eq!(seen, [false].into());
}

#[test]
fn loom_a_waiter_that_gives_up_frees_those_behind_it() {
    let seen = outcomes(|| {
        let gate = Arc::new(Gate::new(()));
        gate.acquire(b"ab", Reader, nothing).unwrap();
        let writer = thread::spawn({
            let gate = gate.clone();
            move || gate.acquire_timeout(b"a", Writer, SOON, nothing)
        });
        let time = thread::spawn({
            let gate = gate.clone();
            move || gate.advance(SOON)
        });
        // Nothing but the writer's leaving wakes this one for good.
        let was_behind = gate.with(|_, ledger| ledger.has_waiters());
        gate.acquire_timeout(b"ac", Reader, FOREVER, nothing).unwrap();
        let given_up = writer.join().unwrap();
        time.join().unwrap();
        // It may have come when both readers lived.
        assert!(named(given_up) == blocked("ab", Reader));
        was_behind
    });
    assert_eq!(seen, [false, true].into());
}

#[test]
fn loom_a_downgrade_leaves_no_gap() {
    let seen = outcomes(|| {
        let gate = Arc::new(Gate::new(0));
        gate.acquire(b"a", Writer, nothing).unwrap();
        let intruder = thread::spawn({
            let gate = gate.clone();
            move || gate.acquire(b"ab", Writer, nothing).unwrap_err().kind()
        });
        let reader = thread::spawn({
            let gate = gate.clone();
            // Only the downgrade lets it in.
            move || gate.acquire_timeout(b"ab", Reader, FOREVER, |number, _| *number).unwrap()
        });
        downgrade(&gate, b"a", |number, _| *number = 1);
        assert_eq!(reader.join().unwrap(), 1);
        intruder.join().unwrap() == Writer
    });
    assert_eq!(seen, [false, true].into());
}

#[test]
fn loom_a_writer_waits_for_the_last_of_duplicated_readers() {
    let seen = outcomes(|| {
        let shared = Arc::new((Gate::new(()), Contended::new()));
        shared.0.acquire(b"a", Reader, nothing).unwrap();
        shared.0.duplicate(b"a");
        let read = || {
            let shared = shared.clone();
            move || {
                let number = shared.1.read();
                release(&shared.0, b"a", Reader);
                number
            }
        };
        let reader = thread::spawn(read());
        let writer = thread::spawn({
            let shared = shared.clone();
            move || {
                shared.0.acquire_timeout(b"ab", Writer, FOREVER, nothing).unwrap();
                shared.1.write();
            }
        });
        let numbers = [read()(), reader.join().unwrap()];
        writer.join().unwrap();
        numbers
    });
    assert_eq!(seen, [[0, 0]].into());
}

#[test]
fn loom_waiters_are_served_in_the_order_in_which_they_came() {
    let seen = outcomes(|| {
        let gate = Arc::new(Gate::new(Vec::new()));
        gate.acquire(b"ab", Reader, nothing).unwrap();
        let wait_for = |path: &'static [u8]| {
            let gate = gate.clone();
            thread::spawn(move || {
                gate.acquire_timeout(path, Writer, FOREVER, |passed, _| passed.push(path)).unwrap();
                release(&gate, path, Writer);
            })
        };
        let waiters = [wait_for(b"a"), wait_for(b"ab")];
        let queue = release_with(&gate, b"ab", Reader, |_, ledger| {
            ledger.waiters().map(|(path, _)| path.to_vec()).collect::<Vec<_>>()
        });
        waiters.into_iter().for_each(|waiter| waiter.join().unwrap());
        let passed = gate.with(|passed, _| passed.clone());
        assert_eq!(passed.len(), 2);
        assert!(
            passed.iter().zip(&queue).all(|(passed, waited)| passed == waited),
            "{passed:?} from {queue:?}"
        );
        queue
    });
    let [a, ab] = [b"a".to_vec(), b"ab".to_vec()];
    assert_eq!(
        seen,
        [vec![], vec![a.clone()], vec![ab.clone()], vec![a.clone(), ab.clone()], vec![ab, a]].into()
    );
}

// Tasks.

/// A waker that a thread of the model waits for.
#[derive(Default)]
struct Woken(loom::sync::Mutex<bool>, loom::sync::Condvar);

impl Wake for Woken {
    fn wake(self: std::sync::Arc<Self>) {
        *self.0.lock().unwrap() = true;
        self.1.notify_one();
    }
}

/// Takes `path` as a task does, on a thread that sleeps between polls.
fn await_at<T>(gate: &Gate<T>, path: &[u8], kind: ZipperKind) {
    let woken = std::sync::Arc::new(Woken::default());
    let waker = Waker::from(woken.clone());
    let mut seat = None;
    while gate.poll_acquire(&mut seat, path, kind, &waker, nothing).is_pending() {
        let mut is_woken = woken.0.lock().unwrap();
        while !*is_woken {
            is_woken = woken.1.wait(is_woken).unwrap();
        }
        *is_woken = false;
    }
}

#[test]
fn loom_a_task_and_a_thread_take_turns() {
    let seen = outcomes(|| {
        let shared = Arc::new((Gate::new(()), Contended::new()));
        let write = |task: bool| {
            let shared = shared.clone();
            move || {
                let (gate, subtrie) = &*shared;
                if task {
                    await_at(gate, b"a", Writer);
                } else {
                    gate.acquire_timeout(b"ab", Writer, FOREVER, nothing).unwrap();
                }
                subtrie.write();
                release(gate, if task { b"a" } else { b"ab" }, Writer);
            }
        };
        let others = [thread::spawn(write(true)), thread::spawn(write(false))];
        write(true)();
        others.into_iter().for_each(|other| other.join().unwrap());
        shared.0.with(|_, ledger| assert!(ledger.is_idle() && !ledger.has_waiters()));
        shared.1.number.load(Relaxed)
    });
    assert_eq!(seen, [3].into());
}

/// A task that gives up its request, before it is granted or after, lets the next request pass.
#[test]
fn loom_a_task_that_is_dropped_leaves_no_place() {
    let seen = outcomes(|| {
        let gate = Arc::new(Gate::new(()));
        gate.acquire(b"a", Writer, nothing).unwrap();
        let mut seat = None;
        let waker = Waker::noop();
        assert!(gate.poll_acquire(&mut seat, b"a", Writer, waker, nothing).is_pending());
        let behind = thread::spawn({
            let gate = gate.clone();
            move || gate.acquire_timeout(b"ab", Reader, FOREVER, nothing).unwrap()
        });
        let given_up = thread::spawn({
            let gate = gate.clone();
            move || {
                let ticket = seat.expect("it waits");
                let granted = gate.with(|_, ledger| !ledger.is_waiting(ticket));
                gate.cancel(ticket, b"a", Writer);
                granted
            }
        });
        release(&gate, b"a", Writer);
        behind.join().unwrap();
        let granted = given_up.join().unwrap();
        gate.with(|_, ledger| {
            assert!(!ledger.has_waiters());
            assert_eq!(ledger.readers().count() + ledger.writers().count(), 1);
        });
        granted
    });
    assert_eq!(seen, [false, true].into());
}

// Copies.

/// A value whose clone lets other threads go first.
#[derive(Debug, PartialEq)]
struct Slow(u32);

impl Clone for Slow {
    fn clone(&self) -> Self {
        thread::yield_now();
        Self(self.0)
    }
}

/// Two writers in one shared node: both copy it, and the writes of both are there at the end.
#[test]
fn loom_writers_that_copy_one_node_lose_nothing() {
    let seen = outcomes(|| {
        let map = PathMap::from([("a", Slow(1)), ("b", Slow(2))]);
        let other = map.clone();
        let head = Arc::new(map.into_zipper_head([]));
        let write_at = |path: &'static str, value: u32| {
            let head = head.clone();
            move || {
                let mut writer = head.write_zipper_at_exclusive_path(path).unwrap();
                let old = writer.set_val(Slow(value)).map(|old| old.0);
                drop(writer);
                old
            }
        };
        let beside = thread::spawn(write_at("a", 10));
        assert_eq!(write_at("b", 20)(), Some(2));
        assert_eq!(beside.join().unwrap(), Some(1));
        assert_eq!((other.get("a"), other.get("b")), (Some(&Slow(1)), Some(&Slow(2))));
        let map = Arc::try_unwrap(head).expect("all are joined").into_map();
        (map.get("a").map(|value| value.0), map.get("b").map(|value| value.0), map.len())
    });
    assert_eq!(seen, [(Some(10), Some(20), 2)].into());
}

/// A reader that is made while a writer copies its node keeps its subtrie, and the writer's copy is
/// still correct.
#[test]
fn loom_a_reader_beside_a_writer_that_copies() {
    let seen = outcomes(|| {
        let map = PathMap::from([("a", Slow(1)), ("b", Slow(2)), ("c", Slow(3))]);
        let other = map.clone();
        let head = Arc::new(map.into_zipper_head([]));
        let reader = thread::spawn({
            let head: Arc<ZipperHeadOwned<Slow>> = head.clone();
            move || {
                let reader = head.read_zipper_at_path("b").unwrap();
                let writer = head.write_zipper_at_exclusive_path("c").unwrap();
                assert_eq!(reader.val(), Some(&Slow(2)));
                drop(writer);
                let count = reader.val_count();
                drop(reader);
                count
            }
        });
        let mut writer = head.write_zipper_at_exclusive_path("a").unwrap();
        writer.set_val(Slow(10));
        drop(writer);
        assert_eq!(reader.join().unwrap(), 1);
        drop(other);
        let map = Arc::try_unwrap(head).expect("all are joined").into_map();
        map.iter().map(|(_, value)| value.0).collect::<Vec<_>>()
    });
    assert_eq!(seen, [vec![10, 2, 3]].into());
}

/// While a thread's own call copies, its calls that would have to wait are refused, and no other
/// thread's.
#[test]
fn loom_only_the_copying_thread_is_refused() {
    let seen = outcomes(|| {
        let gate = Arc::new(Gate::new(()));
        gate.acquire(b"a", Writer, nothing).unwrap();
        let other = thread::spawn({
            let gate = gate.clone();
            move || gate.acquire_timeout(b"a", Reader, FOREVER, nothing).is_ok()
        });
        let own = || gate.acquire_timeout(b"a", Reader, FOREVER, nothing);
        let refused = gate.apart(own, |(), own| named(own));
        assert_eq!(refused, blocked("a", Writer));
        release(&gate, b"a", Writer);
        other.join().unwrap()
    });
    assert_eq!(seen, [true].into());
}
