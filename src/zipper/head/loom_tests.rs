//! The gate, explored: `RUSTFLAGS="--cfg loom" cargo test --lib loom_`.
//!
//! Loom runs each model under every order of steps (the largest, three waiters of which one writes, has about
//! 114,000 runs), so an assertion here holds in all of them, and a waiter that is never woken is reported as a
//! deadlock. A deadline is an event: a thread of the model moves the clock (see `sync`), at any moment.
//! [`FOREVER`] is never reached.

use std::convert::Infallible;
use std::time::Duration;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use loom::thread;

use super::gate::{Gate, Ledger};
use crate::error::Conflict;
use crate::error::ZipperKind::{self, Reader, Writer};
use crate::sync::model::outcomes;

const FOREVER: Duration = Duration::MAX;
const SOON: Duration = Duration::from_secs(1);

fn nothing<T>(_: &mut T, _: &Ledger) {}

/// A path and a kind that stand in the way.
type Named = (Vec<u8>, ZipperKind);

fn blocked<R>(path: &str, kind: ZipperKind) -> Result<R, Named> {
    Err((path.into(), kind))
}

fn named<R>(verdict: Result<R, Conflict>) -> Result<R, Named> {
    verdict.map_err(|conflict| (conflict.path().to_vec(), conflict.kind()))
}

fn release<T>(gate: &Gate<T>, path: &[u8], kind: ZipperKind) {
    release_with(gate, path, kind, nothing);
}

fn release_with<T, R>(
    gate: &Gate<T>,
    path: &[u8],
    kind: ZipperKind,
    f: impl FnOnce(&mut T, &Ledger) -> R,
) -> R {
    let Ok(result) = gate.release(path, kind, |protected, ledger| Ok::<_, Infallible>(f(protected, ledger)));
    result
}

fn downgrade<T, R>(gate: &Gate<T>, path: &[u8], f: impl FnOnce(&mut T, &Ledger) -> R) -> R {
    let Ok(result) = gate.downgrade(path, |protected, ledger| Ok::<_, Infallible>(f(protected, ledger)));
    result
}

/// What zippers at `a` and below share. Its number is read and written in two unordered steps: exact only if
/// writers are alone and each sees all that the one before did.
struct Subtrie {
    number: AtomicUsize,
    writers: AtomicUsize,
    readers: AtomicUsize,
}

impl Subtrie {
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
        let shared = Arc::new((Gate::new(()), Subtrie::new()));
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
        let shared = Arc::new((Gate::new(()), Subtrie::new()));
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
        let shared = Arc::new((Gate::new(()), Subtrie::new()));
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
        let shared = Arc::new((Gate::new(()), Subtrie::new()));
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
