//! Maps that share nodes, used on several threads at once. The reference counts of nodes decide
//! without a lock which thread copies and which thread frees. The tests are small enough for
//! ThreadSanitizer, and every thread is joined by its handle.

use std::sync::{Arc, Barrier};
use std::thread;

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::values::Census;
use bytetrie::zipper::*;

const THREADS: usize = 4;

fn path(i: usize) -> Vec<u8> {
    format!("{}/{}/{i}", i % 5, i % 17).into_bytes()
}

fn map_of(n: usize) -> PathMap<String> {
    (0..n).map(|i| (path(i), i.to_string())).collect()
}

/// Runs work on several threads that start together, each with its own argument.
fn on_threads<T: Send + 'static>(make: impl Fn(usize) -> T, work: fn(usize, T)) {
    let start = Arc::new(Barrier::new(THREADS));
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (own, start) = (make(thread), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                work(thread, own);
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
}

#[test]
fn copies_are_written_at_once() {
    for limits in [Limits::DEFAULT, Limits::TINY] {
        let map = with_limits(limits, || map_of(120));
        for round in 0..10 {
            on_threads(
                |_| (map.clone(), limits),
                |thread, (mut map, limits)| {
                    with_limits(limits, || {
                        for i in (thread..120).step_by(3) {
                            assert_eq!(map.remove(path(i)), Some(i.to_string()));
                            map.insert(path(i + 1000), format!("{thread}"));
                        }
                        map.check().unwrap();
                        assert_eq!(map.len(), 120);
                    });
                },
            );
            assert_eq!(map, map_of(120), "round {round}");
        }
    }
}

/// The last owner of each node is a different thread each time. A writer that is the only owner
/// writes in place.
#[test]
fn owners_go_while_others_write() {
    let census = Census::new();
    for round in 0..20 {
        let map: PathMap<_> = (0..60).map(|i| (path(i), census.counted(i as u8))).collect();
        let copies = parking_lot::Mutex::new(vec![map; THREADS]);
        on_threads(
            |_| (copies.lock().pop().unwrap(), census.clone(), round),
            |thread, (mut map, census, round)| match (thread + round) % 4 {
                0 => drop(map),
                1 => {
                    let mut writer = map.write_zipper();
                    for i in 0..60 {
                        writer.move_to_path(path(i));
                        assert_eq!(writer.get_val_mut().unwrap().number(), i as u8);
                        *writer.get_val_mut().unwrap() = census.counted(200);
                    }
                    drop(writer);
                    assert!(map.values().all(|value| value.number() == 200));
                }
                2 => assert!(map.into_iter().all(|(_, value)| value.number() < 60)),
                _ => {
                    map.iter_mut().for_each(|(_, value)| *value = census.counted(100));
                    assert!(map.values().all(|value| value.number() == 100));
                }
            },
        );
        drop(copies);
        assert_eq!(census.live(), 0);
    }
}

#[test]
fn subtries_are_grafted_across_threads() {
    let map = map_of(150);
    on_threads(
        |_| (map.clone(), PathMap::new()),
        |thread, (source, mut target): (PathMap<String>, PathMap<String>)| {
            let reader = source.read_zipper_at_path(format!("{thread}/"));
            for round in 0..5 {
                let mut writer = target.write_zipper();
                writer.descend_to([round]);
                writer.graft(&reader);
                writer.descend_to(b"1/1");
                writer.set_val("x".into());
            }
            target.check().unwrap();
            assert_eq!(target.len() % 5, 0);
            drop(source);
            assert!(target.values().any(|value| value == "x"));
        },
    );
    assert_eq!(map, map_of(150));
}

#[test]
fn tracked_readers_are_cloned_and_forked_while_writers_work() {
    let head = Arc::new(map_of(150).into_zipper_head([]));
    let reader = head.take_owned_read_zipper_at_path("0").unwrap();
    on_threads(
        |thread| (reader.clone(), Arc::clone(&head), thread),
        |_, (mut reader, head, thread)| {
            for round in 0..10 {
                let mut writer = head.write_zipper_at_exclusive_path(format!("{}", thread + 1)).unwrap();
                writer.descend_to(format!("/{round}/new"));
                writer.set_val(String::from("new"));
                let mut clone = reader.clone();
                let mut fork = reader.fork_read_zipper();
                let (mut cloned, mut forked) = (0, 0);
                while clone.to_next_val() {
                    cloned += 1;
                }
                while fork.to_next_val() {
                    forked += 1;
                }
                assert_eq!((cloned, forked), (30, 30));
                // A map made from it is written by this thread only.
                let mut map = reader.make_map();
                map.insert("/0/0", String::from("mine"));
                drop(writer);
            }
            reader.descend_to("/0/0");
            let witness = reader.witness();
            let value = reader.get_val_with_witness(&witness).unwrap();
            drop(reader);
            assert_eq!(value, "0");
        },
    );
    drop(reader);
    let map = Arc::into_inner(head).expect("all threads are joined").into_map();
    map.check().unwrap();
    assert_eq!(map.len(), 150 + 10 * THREADS);
}

#[test]
fn one_map_is_read_by_all() {
    let map = map_of(150);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| {
                    let copies: Vec<_> = (0..20).map(|_| map.clone()).collect();
                    assert!(copies.iter().all(|copy| *copy == map));
                    assert_eq!((map.val_count(), map.iter().rev().count()), (150, 150));
                    let mut reader = map.read_zipper().clone();
                    assert!(reader.to_prev_val());
                    assert!(map.trie_ref_at_path("0").make_map().len() == 30);
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
    });
}

/// Maps cloned from a writer through a shared borrow, and then writes by the original.
#[test]
fn an_owned_writer_is_cloned_by_others() {
    let mut writer = map_of(100).into_write_zipper("");
    writer.descend_to(path(7));
    writer.set_val(String::from("first"));
    for round in 0..10 {
        let clones: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| writer.clone())).collect();
            threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
        });
        let expected = writer.val().unwrap().clone();
        assert_eq!(writer.set_val(format!("{round}")), Some(expected.clone()));
        let threads: Vec<_> = clones
            .into_iter()
            .map(|mut clone| {
                let expected = expected.clone();
                thread::spawn(move || {
                    assert_eq!(clone.set_val(String::from("other")), Some(expected));
                    clone.into_map().check().unwrap();
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
        assert_eq!(writer.val(), Some(&format!("{round}")));
    }
}
