use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::gate::{Gate, Ledger};
use super::test_calls::{blocked, downgrade, named, nothing, release, release_with};
use crate::error::ZipperKind::{self, Reader, Writer};

/// Long enough to notice a call that waits although it should return at once.
const AGES: Duration = Duration::from_secs(60);
/// The timeout of a call that should give up.
const MOMENT: Duration = Duration::from_millis(20);
/// The timeout of a call that should give up after another thread has acted.
const A_WHILE: Duration = Duration::from_millis(500);

/// Returns once `n` requests are in the queue.
fn until_waiting<T>(gate: &Gate<T>, n: usize) {
    let begin = Instant::now();
    while gate.with(|_, ledger| ledger.waiters().count()) != n {
        assert!(begin.elapsed() < AGES, "nobody waits");
        thread::yield_now();
    }
}

fn panics(f: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(f)).is_err()
}

#[test]
fn a_path_is_taken_and_given_back() {
    let gate = Gate::new(1);
    let got = gate.acquire(b"ab", Writer, |n, ledger| {
        assert!(ledger.is_written_at(b"ab"), "the ledger knows the new zipper");
        *n += 1;
        *n
    });
    assert_eq!(got, Ok(2));
    assert_eq!(named(gate.acquire(b"a", Reader, |n, _| *n = 99)), blocked("ab", Writer));
    let left = release_with(&gate, b"ab", Writer, |n, ledger| {
        assert!(ledger.is_written_at(b"ab"), "the ledger knows the zipper still");
        *n += 1;
        *n
    });
    assert_eq!(left, 3);
    assert_eq!(gate.acquire(b"a", Reader, nothing), Ok(()));
    assert_eq!(gate.with(|n, ledger| (*n, ledger.readers().count())), (3, 1));
    let mut gate = gate;
    *gate.get_mut() += 1;
    assert_eq!(gate.into_inner(), 4);
}

#[test]
fn an_unchecked_zipper_is_known_to_the_checked_ones() {
    let gate = Gate::new(());
    gate.acquire_unchecked(b"ab", Writer, nothing);
    gate.acquire_unchecked(b"a", Writer, nothing);
    gate.acquire_unchecked(b"ab", Writer, nothing);
    release(&gate, b"ab", Writer);
    release(&gate, b"a", Writer);
    assert_eq!(named(gate.acquire(b"abc", Reader, nothing)), blocked("ab", Writer));
    release(&gate, b"ab", Writer);
    assert_eq!(gate.acquire(b"abc", Reader, nothing), Ok(()));
}

#[test]
fn a_downgraded_writer_is_one_reader_and_can_be_duplicated() {
    let gate = Gate::new(0);
    gate.acquire(b"a", Writer, nothing).unwrap();
    downgrade(&gate, b"a", |n, ledger| {
        assert!(ledger.is_written_at(b"a"));
        *n = 5;
    });
    gate.duplicate(b"a");
    assert_eq!(gate.acquire(b"ab", Reader, nothing), Ok(()));
    assert_eq!(named(gate.acquire(b"", Writer, nothing)), blocked("a", Reader));
    release(&gate, b"ab", Reader);
    release(&gate, b"a", Reader);
    assert_eq!(named(gate.acquire(b"", Writer, nothing)), blocked("a", Reader));
    release(&gate, b"a", Reader);
    assert_eq!(gate.acquire(b"", Writer, |n, _| *n), Ok(5));
}

#[test]
fn a_call_that_need_not_wait_passes_whatever_the_timeout() {
    let gate = Gate::new(());
    for (path, timeout) in [(b"a", Duration::ZERO), (b"b", MOMENT), (b"c", Duration::MAX)] {
        assert_eq!(gate.acquire_timeout(path, Writer, timeout, nothing), Ok(()));
    }
    assert!(gate.with(|_, ledger| !ledger.has_waiters()));
}

#[test]
fn a_timeout_names_what_stood_in_the_way_and_leaves_the_queue() {
    let gate = Gate::new(());
    gate.acquire(b"ab", Reader, nothing).unwrap();
    let unreached = |_: &mut (), _: &Ledger| -> () { unreachable!("the path is not free") };
    assert_eq!(named(gate.acquire_timeout(b"a", Writer, Duration::ZERO, unreached)), blocked("ab", Reader));
    let begin = Instant::now();
    assert_eq!(named(gate.acquire_timeout(b"a", Writer, MOMENT, unreached)), blocked("ab", Reader));
    assert!(begin.elapsed() >= MOMENT && begin.elapsed() < AGES);
    assert!(gate.with(|_, ledger| !ledger.has_waiters()));
}

#[test]
fn the_last_conflict_is_named_not_the_first() {
    let gate = Gate::new(());
    gate.acquire(b"ab", Writer, nothing).unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| gate.acquire_timeout(b"a", Writer, A_WHILE, nothing));
        until_waiting(&gate, 1);
        // The second is made before the first is dropped, so that the waiter cannot pass between
        // them.
        gate.acquire_unchecked(b"ac", Writer, nothing);
        release(&gate, b"ab", Writer);
        assert_eq!(named(waiter.join().unwrap()), blocked("ac", Writer));
    });
}

#[test]
fn a_release_wakes_whoever_waits() {
    for (held, kind) in [(Writer, Reader), (Writer, Writer), (Reader, Writer)] {
        let gate = Gate::new(());
        gate.acquire(b"ab", held, nothing).unwrap();
        thread::scope(|scope| {
            let above = scope.spawn(|| gate.acquire_timeout(b"a", kind, AGES, nothing));
            until_waiting(&gate, 1);
            release(&gate, b"ab", held);
            assert_eq!(above.join().unwrap(), Ok(()));
        });
    }
}

#[test]
fn a_downgrade_wakes_readers() {
    let gate = Gate::new(());
    gate.acquire(b"ab", Writer, nothing).unwrap();
    thread::scope(|scope| {
        let reader = scope.spawn(|| gate.acquire_timeout(b"a", Reader, AGES, nothing));
        until_waiting(&gate, 1);
        downgrade(&gate, b"ab", nothing);
        assert_eq!(reader.join().unwrap(), Ok(()));
    });
}

#[test]
fn a_downgrade_lets_no_writer_in() {
    let gate = Gate::new(());
    gate.acquire(b"ab", Writer, nothing).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| gate.acquire_timeout(b"abc", Writer, A_WHILE, nothing));
        until_waiting(&gate, 1);
        downgrade(&gate, b"ab", nothing);
        assert_eq!(named(writer.join().unwrap()), blocked("ab", Reader));
    });
}

#[test]
fn waiters_are_served_in_the_order_in_which_they_came() {
    const WAITERS: usize = 8;
    let gate = Gate::new(Vec::new());
    gate.acquire(b"a", Writer, nothing).unwrap();
    thread::scope(|scope| {
        for n in 0..WAITERS {
            let gate = &gate;
            scope.spawn(move || {
                gate.acquire_timeout(b"a", Writer, AGES, |log, _| log.push(n)).unwrap();
                release(gate, b"a", Writer);
            });
            until_waiting(gate, n + 1);
        }
        release(&gate, b"a", Writer);
    });
    assert_eq!(gate.into_inner(), (0..WAITERS).collect::<Vec<_>>());
}

#[test]
fn a_waiter_that_excludes_nobody_ahead_overtakes() {
    let gate = Gate::new(());
    gate.acquire(b"a", Reader, nothing).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| gate.acquire_timeout(b"a", Writer, AGES, nothing));
        until_waiting(&gate, 1);
        assert_eq!(gate.acquire_timeout(b"b", Writer, Duration::ZERO, nothing), Ok(()));
        assert_eq!(named(gate.acquire_timeout(b"a", Reader, Duration::ZERO, nothing)), blocked("a", Writer));
        // The immediate call looks at the living only.
        assert_eq!(gate.acquire(b"a", Reader, nothing), Ok(()));
        release(&gate, b"a", Reader);
        release(&gate, b"a", Reader);
        assert_eq!(writer.join().unwrap(), Ok(()));
    });
}

#[test]
fn a_waiter_that_gives_up_frees_those_behind_it() {
    let gate = Gate::new(());
    gate.acquire(b"ab", Reader, nothing).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| gate.acquire_timeout(b"a", Writer, A_WHILE, nothing));
        until_waiting(&gate, 1);
        assert_eq!(gate.acquire_timeout(b"ac", Reader, AGES, nothing), Ok(()));
        assert_eq!(named(writer.join().unwrap()), blocked("ab", Reader));
    });
}

#[test]
fn a_panic_while_taking_a_path_leaves_it_free() {
    let gate = Gate::new(());
    assert!(panics(|| gate.acquire(b"a", Writer, |_, _| panic!("planned")).unwrap()));
    assert!(panics(|| gate.acquire_unchecked(b"a", Writer, |_, _| panic!("planned"))));
    assert!(panics(|| gate.acquire_timeout(b"a", Writer, AGES, |_, _| panic!("planned")).unwrap()));
    assert!(panics(|| gate.with(|_, _| panic!("planned"))));
    assert!(gate.with(|_, ledger| ledger.is_idle() && !ledger.has_waiters()));
    assert_eq!(gate.acquire(b"", Writer, nothing), Ok(()));
}

#[test]
fn a_path_is_taken_still_if_its_release_is_refused_or_panics() {
    let gate = Gate::new(());
    gate.acquire(b"a", Writer, nothing).unwrap();
    thread::scope(|scope| {
        let waiter = scope.spawn(|| gate.acquire_timeout(b"a", Writer, AGES, nothing));
        until_waiting(&gate, 1);
        assert!(panics(|| release_with(&gate, b"a", Writer, |_, _| panic!("planned"))));
        assert_eq!(gate.release(b"a", Writer, |_, _| Err::<(), _>("not yet")), Err("not yet"));
        assert_eq!(gate.downgrade(b"a", |_, _| Err::<(), _>("not yet")), Err("not yet"));
        assert_eq!(named(gate.acquire(b"a", Reader, nothing)), blocked("a", Writer));
        assert!(gate.with(|_, ledger| ledger.has_waiters()));
        release(&gate, b"a", Writer);
        assert_eq!(waiter.join().unwrap(), Ok(()));
    });
}

#[test]
fn a_panic_while_downgrading_leaves_a_writer() {
    let gate = Gate::new(());
    gate.acquire(b"a", Writer, nothing).unwrap();
    assert!(panics(|| downgrade(&gate, b"a", |_, _| panic!("planned"))));
    assert_eq!(named(gate.acquire(b"a", Reader, nothing)), blocked("a", Writer));
    release(&gate, b"a", Writer);
    assert!(gate.with(|_, ledger| ledger.is_idle()));
}

/// Many rounds, because the panic has to wake a waiter that has seen the request ahead of it once
/// more after the release.
#[test]
fn a_waiter_that_panics_frees_those_behind_it() {
    for _ in 0..100 {
        let gate = Gate::new(());
        gate.acquire(b"a", Writer, nothing).unwrap();
        thread::scope(|scope| {
            let first = scope.spawn(|| {
                panics(|| {
                    gate.acquire_timeout(b"a", Writer, AGES, |_, _| resume_unwind(Box::new(()))).unwrap()
                })
            });
            until_waiting(&gate, 1);
            let behind = [b"aa", b"ab", b"ac", b"ad"].map(|path| {
                let gate = &gate;
                scope.spawn(move || gate.acquire_timeout(path, Writer, AGES, nothing))
            });
            until_waiting(&gate, 5);
            release(&gate, b"a", Writer);
            assert!(first.join().unwrap());
            behind.into_iter().for_each(|waiter| assert_eq!(waiter.join().unwrap(), Ok(())));
        });
    }
}

#[test]
fn a_gate_outlives_the_poison_of_its_lock() {
    let mut gate = Gate::new(7);
    assert!(panics(|| gate.with(|_, _| panic!("planned"))));
    assert_eq!(*gate.get_mut(), 7);
    assert_eq!(gate.into_inner(), 7);
}

#[test]
fn what_a_closure_returns_is_dropped_after_the_lock() {
    struct UsesTheGate<'a>(&'a Gate<()>, mpsc::Sender<bool>);
    impl Drop for UsesTheGate<'_> {
        fn drop(&mut self) {
            self.1.send(self.0.with(|_, ledger| ledger.is_idle())).unwrap();
        }
    }
    let gate = Gate::new(());
    let (sender, receiver) = mpsc::channel();
    let displaced = || UsesTheGate(&gate, sender.clone());
    drop(gate.acquire(b"a", Writer, |_, _| displaced()));
    assert_eq!(receiver.try_recv(), Ok(false));
    drop(release_with(&gate, b"a", Writer, |_, _| displaced()));
    assert_eq!(receiver.try_recv(), Ok(true));
}

/// Threads take, wait for and give back overlapping paths. No other zipper is at or below a path
/// that is taken for writing.
#[test]
fn writers_are_alone_under_stress() {
    const PATHS: [&[u8]; 6] = [b"", b"a", b"ab", b"abc", b"b", b"bc"];
    let gate = Gate::new(Vec::<(usize, ZipperKind)>::new());
    let enter = |index: usize, kind| {
        move |inside: &mut Vec<(usize, ZipperKind)>, _: &Ledger| {
            for &(other, other_kind) in &*inside {
                let related =
                    PATHS[other].starts_with(PATHS[index]) || PATHS[index].starts_with(PATHS[other]);
                assert!(!related || kind == Reader && other_kind == Reader);
            }
            inside.push((index, kind));
        }
    };
    let leave = |index: usize, kind| {
        move |inside: &mut Vec<(usize, ZipperKind)>, _: &Ledger| {
            let at = inside.iter().position(|entry| *entry == (index, kind)).unwrap();
            inside.swap_remove(at);
        }
    };
    thread::scope(|scope| {
        for seed in 1..=4 {
            let gate = &gate;
            scope.spawn(move || {
                let mut random = 0x9e37_79b9_u32.wrapping_mul(seed);
                for _ in 0..2_000 {
                    random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let index = (random >> 16) as usize % PATHS.len();
                    let mut kind = if random >> 28 & 1 == 0 { Reader } else { Writer };
                    let taken = match random >> 29 {
                        0 => gate.acquire(PATHS[index], kind, enter(index, kind)),
                        1 => gate.acquire_timeout(
                            PATHS[index],
                            kind,
                            Duration::from_micros(50),
                            enter(index, kind),
                        ),
                        _ => gate.acquire_timeout(PATHS[index], kind, AGES, enter(index, kind)),
                    };
                    if taken.is_ok() {
                        thread::yield_now();
                        if kind == Writer && random >> 27 & 1 == 0 {
                            downgrade(gate, PATHS[index], |inside, ledger| {
                                leave(index, Writer)(inside, ledger);
                                enter(index, Reader)(inside, ledger);
                            });
                            kind = Reader;
                        }
                        release_with(gate, PATHS[index], kind, leave(index, kind));
                    }
                }
            });
        }
    });
    assert!(gate.with(|inside, ledger| inside.is_empty() && ledger.is_idle() && !ledger.has_waiters()));
}
