//! Heads used by many threads, which wait for each other. The content is compared with each
//! thread's record of its writes.

use std::panic::resume_unwind;
use std::sync::Arc;
#[cfg(not(tsan))]
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{Model, content, furnished, random, unwind};
use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
#[cfg(not(tsan))]
use bytetrie::testing::values::Census;
use bytetrie::zipper::*;
use bytetrie::{PathMap, ZipperKind};

// Many threads.

const THREADS: u64 = 4;

/// The work of one thread: writers at its own paths, ended in all possible ways, and a record of
/// its writes.
fn work(head: &ZipperHeadOwned<u64>, thread: u64, rounds: usize, conflicts: &AtomicUsize) -> Model {
    let mut rng = Rng::new(thread + 1);
    let mut model = Model::new();
    for round in 0..rounds {
        // Threads share the first bytes, so that their writers' roots lie in the same nodes.
        let root = format!("w/{:02}{}", random(&mut rng, 12), (b'a' + thread as u8) as char).into_bytes();
        // Only readers of all paths conflict with a thread's own path.
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
        // Paths that other threads hold, and paths between them.
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
            // A writer over all paths, which waits for the others.
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
                    // A failure of exclusion would lose an increment.
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
    // Dropped here, out of order, while the worker continues.
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

/// Readers walk while writers next to them are created and dropped. Their content never changes.
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

#[test]
fn unchecked_writers_of_one_path_on_many_threads() {
    let head = Arc::new(furnished().into_zipper_head([]));
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let head = Arc::clone(&head);
            thread::spawn(move || {
                for round in 0..100 {
                    // SAFETY: the promise is broken on purpose, which is no undefined behaviour.
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

/// The last action of the threads is to drop an `Arc`, whose ordering in std the sanitizer cannot
/// see.
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

// Waiting.

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
