//! Heads under stress: many threads, conflicts, panics, forgotten zippers, broken promises; the content is compared with
//! what each thread says it wrote.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
#[cfg(not(tsan))]
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;
use std::time::{Duration, Instant};

use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::values::Census;
use bytetrie::zipper::*;
use bytetrie::{Conflict, PathMap, ZipperKind};

type Model = BTreeMap<Vec<u8>, u64>;

fn content(map: &PathMap<u64>) -> Model {
    map.iter().map(|(path, &value)| (path, value)).collect()
}

fn below(i: u64) -> impl Iterator<Item = (Vec<u8>, u64)> {
    (0..i).map(move |n| (format!("{}/{n}", n * 7 % 23).into_bytes(), i * 100 + n))
}

/// A map with paths beside, above and below where the tests write.
fn furnished() -> PathMap<u64> {
    let mut map: PathMap<u64> = below(40).collect();
    for i in 0..40 {
        map.insert(format!("w/{i:02}"), i);
        map.insert(format!("w/{i:02}/leaf"), 100 + i);
        map.insert(format!("common/prefix/{i}"), 200 + i);
    }
    map
}

fn random(rng: &mut Rng, below: u64) -> u64 {
    u64::from_be_bytes(rng.bytes(8).try_into().expect("eight bytes")) % below
}

/// Unwinds without the panic hook's message.
fn unwind<R>(work: impl FnOnce() -> R) {
    struct Planned;
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _kept = work();
        resume_unwind(Box::new(Planned));
    }));
    outcome.map_or_else(|panic| assert!(panic.is::<Planned>()), |()| unreachable!("it unwinds"));
}

// ------------------------------------------------------------------------------------------------ many threads

const THREADS: u64 = 4;

/// One thread's work: writers at its own paths, in all the ways in which they end; its own account of what it wrote.
fn work(head: &ZipperHeadOwned<u64>, thread: u64, rounds: usize, conflicts: &AtomicUsize) -> Model {
    let mut rng = Rng::new(thread + 1);
    let mut model = Model::new();
    for round in 0..rounds {
        // Threads share the first bytes, so that their writers' roots lie in the same nodes.
        let root = format!("w/{:02}{}", random(&mut rng, 12), (b'a' + thread as u8) as char).into_bytes();
        // Only readers of the whole place stand in the way of a thread's own path.
        let long = Duration::from_secs(60);
        let mut writer = head.write_zipper_at_exclusive_path_timeout(&root, long).expect("it gets free");
        let leaf = random(&mut rng, 6) as u8;
        let path = [&root[..], b"/", &[leaf]].concat();
        writer.descend_to([b'/', leaf]);
        assert_eq!(writer.val(), model.get(&path));
        match random(&mut rng, 10) {
            0..4 => {
                assert_eq!(writer.set_val(round as u64), model.insert(path, round as u64));
            }
            4 => {
                assert_eq!(writer.remove_val(true), model.remove(&path));
                head.cleanup_write_zipper(writer);
                continue;
            }
            5 => {
                writer.reset();
                writer.remove_branches(true);
                model.retain(|path, _| !path.starts_with(&root));
                head.cleanup_write_zipper(writer);
                continue;
            }
            6 => {
                writer.set_val(round as u64);
                model.insert(path, round as u64);
                let reader = writer.into_read_zipper();
                assert_eq!(reader.val(), Some(&(round as u64)));
                assert_eq!(
                    head.write_zipper_at_exclusive_path(&root).unwrap_err().kind(),
                    ZipperKind::Reader
                );
                let other = reader.clone();
                drop(reader);
                assert_eq!(other.val(), Some(&(round as u64)));
                continue;
            }
            7 => {
                writer.set_val(round as u64);
                model.insert(path, round as u64);
                unwind(|| writer);
                continue;
            }
            8 => {
                writer.reset();
                let nested = writer.zipper_head();
                let mut left = nested.write_zipper_at_exclusive_path([b'/', leaf]).unwrap();
                let right = nested.read_zipper_at_path([b'/', leaf + 1]).unwrap();
                left.set_val(round as u64);
                assert_eq!(right.val(), model.get(&[&root[..], b"/", &[leaf + 1]].concat()));
                model.insert(path, round as u64);
            }
            _ => {
                let taken = writer.take_map(false);
                assert_eq!(
                    taken.as_ref().map_or(0, PathMap::val_count),
                    model.range(path.clone()..).take_while(|(p, _)| p.starts_with(&path)).count()
                );
                if let Some(map) = taken {
                    writer.graft_map(map);
                } else {
                    writer.prune_path();
                }
            }
        }
        // What others hold, and what lies between.
        match head.read_zipper_at_path("w") {
            Ok(_) => unreachable!("this thread's own writer is below"),
            Err(conflict) => {
                assert!(conflict.path().starts_with(b"w/") && conflict.kind() == ZipperKind::Writer);
                conflicts.fetch_add(1, SeqCst);
            }
        }
        let elsewhere = head.read_zipper_at_path("common/prefix").expect("nobody writes there");
        assert_eq!(elsewhere.val_count(), 40);
        drop(writer);
        if round % 16 == 0 {
            // The whole place, when it is free: waiting for the others.
            if let Ok(whole) = head.read_zipper_at_path_timeout("w", Duration::from_millis(5)) {
                assert_eq!(whole.val_at(format!("/{:02}", round % 12)), Some(&(round as u64 % 12)));
            }
        }
    }
    model
}

fn stress(limits: Limits, rounds: usize) {
    let head = Arc::new(with_limits(limits, furnished).into_zipper_head([]));
    let conflicts = Arc::new(AtomicUsize::new(0));
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (head, conflicts) = (Arc::clone(&head), Arc::clone(&conflicts));
            thread::spawn(move || with_limits(limits, || work(&head, thread, rounds, &conflicts)))
        })
        .collect();
    let mut model = content(&furnished());
    for thread in threads {
        model.extend(thread.join().expect("no thread panics"));
    }
    assert!(conflicts.load(SeqCst) > 0);
    let map = Arc::into_inner(head).expect("all threads are joined").into_map();
    map.check().unwrap();
    assert_eq!(content(&map), model);
}

#[test]
fn threads_write_beside_each_other() {
    stress(Limits::DEFAULT, 1_500);
    stress(Limits::TINY, 1_500);
}

#[test]
fn threads_contend_for_the_same_paths() {
    let mut map: PathMap<u64> = furnished();
    map.insert("counter/a", 0);
    map.insert("counter/b", 0);
    let head = Arc::new(map.into_zipper_head([]));
    let rounds = 60;
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let head = Arc::clone(&head);
            thread::spawn(move || {
                for round in 0..rounds {
                    let path = ["counter", "counter/a", "counter/b"][(thread + round) as usize % 3];
                    let long = Duration::from_secs(60);
                    if round % 4 == 3 {
                        let reader = head.read_zipper_at_path_timeout("counter", long).unwrap();
                        assert_eq!(reader.val_count(), 2);
                        continue;
                    }
                    let mut writer = head.write_zipper_at_exclusive_path_timeout(path, long).unwrap();
                    if path == "counter" {
                        writer.descend_to("/a");
                    }
                    // A lost exclusion would lose an increment.
                    let seen = *writer.val().unwrap();
                    thread::yield_now();
                    *writer.get_val_mut().unwrap() = seen + 1;
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    let map = Arc::into_inner(head).expect("all threads are joined").into_map();
    map.check().unwrap();
    assert_eq!(map["counter/a"] + map["counter/b"], THREADS * rounds * 3 / 4);
    assert_eq!(map.len(), furnished().len() + 2);
}

#[test]
fn zippers_move_between_threads() {
    let head = Arc::new(furnished().into_zipper_head([]));
    let (to_worker, from_main) = std::sync::mpsc::channel();
    let (to_main, from_worker) = std::sync::mpsc::channel();
    let worker = thread::spawn(move || {
        for (reader, mut writer) in from_main {
            let reader: ReadZipperTracked<'static, 'static, u64> = reader;
            let writer_ref: &mut WriteZipperTracked<'static, 'static, u64> = &mut writer;
            writer_ref.graft(&reader);
            to_main.send((reader, writer)).expect("main listens");
        }
    });
    for i in 0..40 {
        let reader = head.take_owned_read_zipper_at_path(format!("w/{i:02}")).unwrap();
        let writer = head.take_owned_write_zipper_at_exclusive_path(format!("out/{i:02}")).unwrap();
        to_worker.send((reader, writer)).expect("the worker listens");
    }
    drop(to_worker);
    // Dropped here, out of order, while the worker goes on.
    let mut pairs: Vec<_> = from_worker.iter().collect();
    pairs.sort_by_key(|(reader, _)| reader.val().map(|value| value * 7 % 40));
    drop(pairs);
    worker.join().expect("it ends");
    let map = Arc::into_inner(head).expect("all zippers are gone").into_map();
    map.check().unwrap();
    for i in 0..40 {
        assert_eq!(
            (map.get(format!("out/{i:02}")), map.get(format!("out/{i:02}/leaf"))),
            (Some(&i), Some(&(100 + i)))
        );
    }
    assert_eq!(map.len(), furnished().len() + 80);
}

/// Readers walk what they were given while writers beside them come and go; nothing they see changes.
#[test]
fn readers_see_what_was_there() {
    for limits in [Limits::DEFAULT, Limits::TINY] {
        let mut map = with_limits(limits, furnished);
        let head = map.zipper_head();
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            let readers: Vec<_> = (0..2)
                .map(|_| {
                    let mut reader = head.read_zipper_at_path("common/prefix").unwrap();
                    let (stop, head) = (&stop, &head);
                    scope.spawn(move || {
                        let witness = reader.witness();
                        let mut walks = 0;
                        while !stop.load(SeqCst) || walks == 0 {
                            let (mut count, mut sum) = (0, 0);
                            while let Some(value) = reader.to_next_get_val_with_witness(&witness) {
                                (count, sum) = (count + 1, sum + value);
                            }
                            assert_eq!((count, sum), (40, 40 * 200 + 780));
                            let mut other = head.read_zipper_at_path("common/prefix/3").unwrap();
                            assert_eq!(other.val_count(), 11);
                            assert!(other.to_next_val());
                            walks += 1;
                        }
                    })
                })
                .collect();
            with_limits(limits, || {
                for round in 0..200u64 {
                    let mut writer =
                        head.write_zipper_at_exclusive_path(format!("common/p{}", round % 9)).unwrap();
                    writer.descend_to("below");
                    writer.set_val(round);
                    let other = head.write_zipper_at_exclusive_path("common/prefiy").unwrap();
                    drop(writer);
                    drop(other);
                }
            });
            stop.store(true, SeqCst);
            readers.into_iter().for_each(|reader| reader.join().expect("no reader panics"));
        });
        drop(head);
        map.check().unwrap();
        assert_eq!(map.len(), furnished().len() + 9);
    }
}

// ------------------------------------------------------------------------------------------------ waiting

#[test]
fn a_waiter_gets_the_path_when_it_is_free() {
    let head = Arc::new(furnished().into_zipper_head([]));
    let mut writer = head.take_owned_write_zipper_at_exclusive_path("w").unwrap();
    let waiters: Vec<_> = (0..3)
        .map(|i| {
            let head = Arc::clone(&head);
            thread::spawn(move || {
                let path = format!("w/{i:02}");
                let reader = head.read_zipper_at_path_timeout(&path, Duration::from_secs(60)).unwrap();
                *reader.val_at("/new").expect("it waited for the value")
            })
        })
        .collect();
    for i in 0..3 {
        writer.descend_to(format!("/{i:02}/new"));
        writer.set_val(i);
        writer.reset();
    }
    drop(writer);
    for (i, waiter) in waiters.into_iter().enumerate() {
        assert_eq!(waiter.join().expect("it ends"), i as u64);
    }
    assert!(Arc::into_inner(head).is_some());
}

#[test]
fn a_waiter_gives_up_in_time_and_names_what_is_in_the_way() {
    let mut map = furnished();
    let head = map.zipper_head();
    let reader = head.read_zipper_at_path("w/07").unwrap();
    let start = Instant::now();
    let short = Duration::from_millis(20);
    let conflict = head.write_zipper_at_exclusive_path_timeout("w", short).unwrap_err();
    assert!(start.elapsed() >= short);
    assert_eq!((conflict.path(), conflict.kind()), (&b"w/07"[..], ZipperKind::Reader));
    assert!(head.read_zipper_at_path_timeout("w", Duration::ZERO).is_ok());
    drop(reader);
    assert!(head.write_zipper_at_exclusive_path_timeout("w", Duration::MAX).is_ok());
    let owned = Arc::new(furnished().into_zipper_head([]));
    let _writer = owned.take_owned_write_zipper_at_exclusive_path_timeout("w", short).unwrap();
    assert!(owned.take_owned_write_zipper_at_exclusive_path_timeout("w/0", short).is_err());
    assert!(owned.take_owned_read_zipper_at_path_timeout("", short).is_err());
    assert!(owned.take_owned_read_zipper_at_path("w/0").is_err());
}

#[test]
fn a_writer_that_panics_in_its_thread_lets_the_waiter_in() {
    let head = Arc::new(furnished().into_zipper_head([]));
    let (started, is_started) = std::sync::mpsc::channel();
    let owner = {
        let head = Arc::clone(&head);
        thread::spawn(move || {
            let mut writer = head.take_owned_write_zipper_at_exclusive_path("w").unwrap();
            started.send(()).expect("main listens");
            writer.descend_to("/00");
            writer.set_val(77);
            resume_unwind(Box::new("planned"));
        })
    };
    is_started.recv().expect("it starts");
    let reader = head.read_zipper_at_path_timeout("w/00", Duration::from_secs(60)).unwrap();
    assert_eq!(reader.val(), Some(&77), "what was written before the panic is put back");
    assert_eq!(owner.join().unwrap_err().downcast_ref(), Some(&"planned"));
    drop(reader);
    let map = Arc::into_inner(head).expect("the thread has ended").into_map();
    assert_eq!(map.len(), furnished().len());
}

// ------------------------------------------------------------------------------------------------ conflicts

#[test]
fn conflicts_name_path_and_kind() {
    let mut map = furnished();
    let head = map.zipper_head();
    let writer = head.write_zipper_at_exclusive_path(b"w/0\xff\"").unwrap();
    let reader = head.read_zipper_at_path("common").unwrap();
    for path in [&b""[..], b"w", b"w/0\xff\"", b"w/0\xff\"/below"] {
        for conflict in [
            head.read_zipper_at_path(path).unwrap_err(),
            head.write_zipper_at_exclusive_path(path).unwrap_err(),
        ] {
            assert_eq!((conflict.path(), conflict.kind()), (&b"w/0\xff\""[..], ZipperKind::Writer));
            assert_eq!(conflict.to_string(), r#"a living writer at "w/0\xff\"" excludes a zipper here"#);
        }
    }
    assert!(
        head.read_zipper_at_path("common/x").is_ok() && head.read_zipper_at_borrowed_path(b"comm").is_ok()
    );
    let conflict: Box<dyn std::error::Error + Send + Sync> =
        Box::new(head.write_zipper_at_exclusive_path("common/x").unwrap_err());
    let conflict = conflict.downcast::<Conflict>().unwrap();
    assert_eq!((conflict.path(), conflict.kind()), (&b"common"[..], ZipperKind::Reader));
    assert_eq!(conflict.to_string(), r#"a living reader at "common" excludes a zipper here"#);
    assert!(conflict == conflict.clone() && format!("{head:?}").contains("common"));
    drop((writer, reader));
    assert!(head.write_zipper_at_exclusive_path("").is_ok());
}

// ------------------------------------------------------------------------------------------------ no trace

/// The locations of a map, dangling ones included.
fn locations(map: &PathMap<u64>) -> Vec<(Vec<u8>, Option<u64>)> {
    let mut reader = map.read_zipper();
    let mut all = vec![(Vec::new(), reader.val().copied())];
    while reader.to_next_step() {
        all.push((reader.path().to_vec(), reader.val().copied()));
    }
    all
}

#[test]
fn a_writer_that_wrote_nothing_leaves_no_trace() {
    for limits in [Limits::DEFAULT, Limits::TINY] {
        with_limits(limits, || {
            let mut map = furnished();
            map.create_path("w/05/dangles/here");
            map.create_path("dangles");
            let before = locations(&map);
            let paths = [
                "",
                "w",
                "w/05",
                "w/05/dangles",
                "w/05/dangles/here",
                "w/05/none",
                "none",
                "common/pre",
                "dangles",
                "dangles/on",
                "w/05/leaf/on",
            ];
            for first in paths {
                let head = map.zipper_head();
                let mut one = head.write_zipper_at_exclusive_path(first).unwrap();
                // What only looks is no writing.
                one.descend_to("some/where");
                assert!(one.val().is_none() && one.get_val_mut().is_none());
                one.reset();
                one.to_next_val();
                // Beside it, made while it lives, and dropped before and after it.
                let others: Vec<_> =
                    paths.iter().filter_map(|path| head.write_zipper_at_exclusive_path(path).ok()).collect();
                let readers: Vec<_> =
                    paths.iter().filter_map(|path| head.read_zipper_at_path(path).ok()).collect();
                drop(one);
                drop(readers);
                drop(others);
                drop(head);
                map.check().unwrap();
                assert_eq!(locations(&map), before, "{first}");
            }
            // The same by a head that unwinds.
            unwind(|| {
                let head = map.zipper_head();
                drop(head.write_zipper_at_exclusive_path("w/05/none"));
                head
            });
            assert_eq!(locations(&map), before);
        });
    }
}

#[test]
fn a_cleanup_prunes_no_further_than_a_living_writer() {
    let mut map: PathMap<u64> = [("a/b/c", 1), ("x", 2)].into_iter().collect();
    let head = map.zipper_head();
    let beside = head.write_zipper_at_exclusive_path("a/b/d").unwrap();
    let mut writer = head.write_zipper_at_exclusive_path("a/b/c").unwrap();
    writer.remove_val(true);
    head.cleanup_write_zipper(writer);
    let mut beside = beside;
    beside.set_val(3);
    drop(beside);
    let mut writer = head.write_zipper_at_exclusive_path("a/b/d").unwrap();
    writer.remove_val(false);
    head.cleanup_write_zipper(writer);
    drop(head);
    map.check().unwrap();
    assert_eq!(locations(&map), [(vec![], None), (b"x".to_vec(), Some(2))]);
}

// ------------------------------------------------------------------------------------------------ forgotten zippers

#[test]
fn a_forgotten_writer_keeps_its_path_and_nothing_else() {
    let mut map = furnished();
    let head = map.zipper_head();
    std::mem::forget(head.write_zipper_at_exclusive_path("w/07").unwrap());
    assert!(
        head.write_zipper_at_exclusive_path("w/07/leaf").is_err() && head.read_zipper_at_path("").is_err()
    );
    let mut writer = head.write_zipper_at_exclusive_path("w/08").unwrap();
    writer.set_val(1000);
    drop(writer);
    assert_eq!(head.read_zipper_at_path("w/08").unwrap().val(), Some(&1000));
    std::mem::forget(head.read_zipper_at_path("common").unwrap());
    assert!(
        head.write_zipper_at_exclusive_path("common/x").is_err()
            && head.read_zipper_at_path("common/x").is_ok()
    );
    drop(head);
    map.check().unwrap();
    assert_eq!((map.get("w/07"), map.get("w/07/leaf"), map.get("w/08")), (None, None, Some(&1000)));
    assert_eq!(map.len(), furnished().len() - 2);
    // The map is whole: what was forgotten is forgotten by the next head.
    let head = map.zipper_head();
    let mut writer = head.write_zipper_at_exclusive_path("").unwrap();
    writer.descend_to("w/07");
    writer.set_val(7);
    drop(writer);
    std::mem::forget(head);
    assert!(map.is_empty(), "a head that is forgotten leaves the map empty");
}

#[test]
fn a_forgotten_nested_head_leaves_the_outer_writer_empty() {
    let mut map = furnished();
    let mut writer = map.write_zipper();
    writer.descend_to("w");
    let nested = writer.zipper_head();
    std::mem::forget(nested.write_zipper_at_exclusive_path("/07").unwrap());
    std::mem::forget(nested);
    assert_eq!(writer.val_count(), 0);
    writer.set_val(1);
    drop(writer);
    map.check().unwrap();
    assert_eq!(content(&map), Model::from([(b"w".to_vec(), 1)]));
}

// ------------------------------------------------------------------------------------------------ unchecked zippers

#[test]
fn unchecked_zippers_whose_promise_is_kept() {
    let mut map = furnished();
    let head = map.zipper_head();
    // SAFETY: the four paths are no prefixes of each other, and no other zipper lives.
    let (reader, borrowed, mut one, mut two) = unsafe {
        (
            head.read_zipper_at_path_unchecked("common"),
            head.read_zipper_at_borrowed_path_unchecked(b"w/00"),
            head.write_zipper_at_exclusive_path_unchecked("w/01"),
            head.write_zipper_at_exclusive_path_unchecked("w/02"),
        )
    };
    // They count: checked calls see them.
    assert_eq!(head.read_zipper_at_path("w").unwrap_err().kind(), ZipperKind::Writer);
    assert_eq!(head.write_zipper_at_exclusive_path("common").unwrap_err().kind(), ZipperKind::Reader);
    one.set_val(1001);
    two.remove_branches(true);
    assert_eq!((reader.val_count(), borrowed.val()), (40, Some(&0)));
    drop((reader, borrowed, one, two));
    assert!(head.write_zipper_at_exclusive_path("").is_ok());
    drop(head);
    map.check().unwrap();
    assert_eq!((map.get("w/01"), map.get("w/02"), map.get("w/02/leaf")), (Some(&1001), Some(&2), None));
}

/// Wrong content is all that may come of it: no crash, no malformed node, no value dropped twice.
#[test]
fn unchecked_zippers_whose_promise_is_broken() {
    for limits in [Limits::DEFAULT, Limits::TINY] {
        for seed in 0..60 {
            let census = Census::new();
            with_limits(limits, || {
                let mut map: PathMap<_> = furnished()
                    .into_iter()
                    .map(|(path, value)| (path, census.counted(value as u8)))
                    .collect();
                let snapshot = map.clone();
                let mut rng = Rng::new(seed);
                let head = map.zipper_head();
                let paths = [
                    "",
                    "w",
                    "w/",
                    "w/0",
                    "w/01",
                    "w/01/leaf",
                    "w/01/leaf/on",
                    "w/02",
                    "none",
                    "none/at/all",
                ];
                let (mut readers, mut writers) = (Vec::new(), Vec::new());
                for step in 0..40 {
                    let path = paths[random(&mut rng, paths.len() as u64) as usize];
                    // SAFETY: the promise is broken on purpose: the documentation says that no undefined behaviour
                    // comes of it.
                    let (reader, mut writer) = unsafe {
                        (
                            head.read_zipper_at_path_unchecked(path),
                            head.write_zipper_at_exclusive_path_unchecked(path),
                        )
                    };
                    writer.descend_to(["", "x", "/leaf", "/01"][step % 4]);
                    match random(&mut rng, 5) {
                        0 => drop(writer.set_val(census.counted(1))),
                        1 => drop(writer.take_map(true)),
                        2 => writer.graft(&reader),
                        3 => drop(writer.remove_branches(true)),
                        _ => {}
                    }
                    match random(&mut rng, 4) {
                        0 => head.cleanup_write_zipper(writer),
                        1 => readers.push(writer.into_read_zipper()),
                        _ => writers.push(writer),
                    }
                    readers.push(reader);
                    let len = writers.len() as u64;
                    if len > 3 {
                        drop(writers.swap_remove(random(&mut rng, len) as usize));
                    }
                }
                for reader in &mut readers {
                    while reader.to_next_val() {
                        assert!(reader.val().is_some());
                    }
                }
                drop(writers);
                drop(readers);
                assert!(head.write_zipper_at_exclusive_path("").is_ok(), "all are struck out");
                drop(head);
                map.check().unwrap();
                snapshot.check().unwrap();
                assert_eq!(snapshot.len(), furnished().len());
            });
            assert_eq!(census.live(), 0);
        }
    }
}

#[test]
fn unchecked_writers_of_one_path_on_many_threads() {
    let head = Arc::new(furnished().into_zipper_head([]));
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let head = Arc::clone(&head);
            thread::spawn(move || {
                for round in 0..100 {
                    // SAFETY: as above.
                    let mut writer =
                        unsafe { head.write_zipper_at_exclusive_path_unchecked(["w", "w/0", ""][round % 3]) };
                    writer.descend_to("here");
                    writer.set_val(thread);
                    // SAFETY: as above.
                    let mut reader = unsafe { head.read_zipper_at_path_unchecked("w") };
                    while reader.to_next_val() {}
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    let map = Arc::into_inner(head).expect("all threads are joined").into_map();
    map.check().unwrap();
    assert!(map.val_count() >= map.iter().count());
}

// ------------------------------------------------------------------------------------------------ re-entrancy

/// A value whose end asks a head for zippers.
#[derive(Clone)]
struct Asking(Arc<Asked>);

#[derive(Default)]
struct Asked {
    head: OnceLock<Weak<ZipperHeadOwned<Asking>>>,
    ends: AtomicUsize,
    last: Mutex<Vec<u8>>,
}

impl Drop for Asking {
    fn drop(&mut self) {
        if let Some(head) = self.0.head.get().and_then(Weak::upgrade) {
            self.0.ends.fetch_add(1, SeqCst);
            // It need not succeed; it must come back.
            let taken = head.write_zipper_at_exclusive_path("asked");
            let answer = taken.as_ref().map_or_else(|conflict| conflict.path().to_vec(), |_| Vec::new());
            *self.0.last.lock().unwrap() = answer;
        }
    }
}

#[test]
fn a_value_whose_drop_uses_the_head() {
    // On a thread of its own: a lock taken twice would hang, and the test says so instead.
    let (done, is_done) = std::sync::mpsc::channel();
    let worker = thread::spawn(move || {
        let asked = Arc::new(Asked::default());
        let map: PathMap<Asking> = (0..40u8).map(|i| ([b'v', i], Asking(Arc::clone(&asked)))).collect();
        let snapshot = map.clone();
        let head = Arc::new(map.into_zipper_head([]));
        asked.head.set(Arc::downgrade(&head)).expect("it is set once");
        let value = || Asking(Arc::clone(&asked));

        let mut writer = head.write_zipper_at_exclusive_path([b'v', 1]).unwrap();
        writer.set_val(value());
        drop(writer);
        // The displaced subtrie of a broken promise is dropped outside of the lock too.
        // SAFETY: the promise is broken on purpose, which is no undefined behaviour.
        let (mut one, mut two) = unsafe {
            (
                head.write_zipper_at_exclusive_path_unchecked([b'v', 2]),
                head.write_zipper_at_exclusive_path_unchecked([b'v', 2]),
            )
        };
        one.set_val(value());
        two.set_val(value());
        drop((one, two));
        let mut writer = head.write_zipper_at_exclusive_path("v").unwrap();
        writer.remove_branches(true);
        head.cleanup_write_zipper(writer);
        // The last owner of what a reader held.
        let reader = head.read_zipper_at_path("v").unwrap();
        drop(snapshot);
        drop(reader);
        assert!(asked.ends.load(SeqCst) > 40);
        done.send(()).expect("main listens");
    });
    is_done.recv_timeout(Duration::from_secs(60)).expect("a drop under the lock asks for the lock");
    worker.join().expect("it ends");
}

/// A value whose clone drops the other owner of its node, as another thread may at that moment: then what was to be copied
/// is freed by who copied it.
struct Letting(Arc<Let>);

#[derive(Default)]
struct Let {
    other: Mutex<Option<PathMap<Letting>>>,
    head: OnceLock<Weak<ZipperHeadOwned<Letting>>>,
}

impl Clone for Letting {
    fn clone(&self) -> Self {
        let other = self.0.other.lock().unwrap().take();
        drop(other);
        Self(Arc::clone(&self.0))
    }
}

impl Drop for Letting {
    fn drop(&mut self) {
        if let Some(head) = self.0.head.get().and_then(Weak::upgrade) {
            assert!(head.read_zipper_at_path("elsewhere").is_ok());
        }
    }
}

#[test]
fn a_value_freed_by_the_copy_of_its_node_is_dropped_outside_of_the_lock() {
    let (done, is_done) = std::sync::mpsc::channel();
    let worker = thread::spawn(move || {
        let state = Arc::new(Let::default());
        let map: PathMap<Letting> = (0..4u8).map(|i| ([b'v', i], Letting(Arc::clone(&state)))).collect();
        *state.other.lock().unwrap() = Some(map.clone());
        let head = Arc::new(map.into_zipper_head([]));
        assert!(state.head.set(Arc::downgrade(&head)).is_ok(), "it is set once");
        drop(head.write_zipper_at_exclusive_path([b'v', 1]).unwrap());
        done.send(()).expect("main listens");
    });
    is_done.recv_timeout(Duration::from_secs(5)).expect("a drop under the lock asks for the lock");
    worker.join().expect("it ends");
}

// ------------------------------------------------------------------------------------------------ owned heads

/// The threads' last act is the end of an `Arc`, whose order of things the sanitizer cannot see in std.
#[cfg(not(tsan))]
#[test]
fn the_last_zipper_of_an_owned_head_frees_it() {
    let census = Census::new();
    let map: PathMap<_> = (0..50u8).map(|i| ([i, i], census.counted(i))).collect();
    let head = Arc::new(map.into_zipper_head([]));
    let start = Arc::new(Barrier::new(3));
    let threads: Vec<_> = (0..3u8)
        .map(|i| {
            let mut writer = head.take_owned_write_zipper_at_exclusive_path([i]).unwrap();
            let reader = head.take_owned_read_zipper_at_path([10 + i]).unwrap();
            let (census, start) = (census.clone(), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                writer.set_val(census.counted(i));
                drop(writer);
                assert_eq!(reader.val_count(), 1);
            })
        })
        .collect();
    drop(head);
    threads.into_iter().for_each(|thread| thread.join().expect("it ends"));
    assert_eq!(census.live(), 0);
}

#[test]
fn an_owned_head_at_a_path() {
    let head = furnished().into_zipper_head("w/");
    let mut writer = head.write_zipper_at_exclusive_path("07").unwrap();
    assert_eq!(writer.set_val(70), Some(7));
    assert_eq!((writer.origin_path(), writer.root_prefix_path()), (&b"07"[..], &b"07"[..]));
    drop(writer);
    assert_eq!(head.read_zipper_at_path("").unwrap().val_count(), 80);
    let map = head.into_map();
    map.check().unwrap();
    assert_eq!((map.get("w/07"), map.len()), (Some(&70), furnished().len()));
}
