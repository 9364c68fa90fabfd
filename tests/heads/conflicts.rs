//! The contract of heads: conflicts name the zipper in the way, and a writer that writes nothing
//! leaves no trace. Also forgotten zippers, broken safety contracts, and values that use the head.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::thread;
use std::time::Duration;

use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::values::Census;
use bytetrie::zipper::*;
use bytetrie::{Conflict, PathMap, ZipperKind};

use crate::common::{Model, content, furnished, random, unwind};

// Conflicts.

#[test]
fn conflicts_name_path_and_kind() {
    let mut map = furnished();
    let head = map.zipper_head();
    let writer = head.write_zipper_at_exclusive_path(b"w/0\xff\"").unwrap();
    let reader = head.read_zipper_at_path("common").unwrap();
    for path in [&b""[..], b"w", b"w/0\xff\"", b"w/0\xff\"/below"] {
        for (conflict, kind) in [
            (head.read_zipper_at_path(path).unwrap_err(), ZipperKind::Reader),
            (head.write_zipper_at_exclusive_path(path).unwrap_err(), ZipperKind::Writer),
        ] {
            assert_eq!((conflict.path(), conflict.kind()), (&b"w/0\xff\""[..], ZipperKind::Writer));
            assert_eq!((conflict.wanted_path(), conflict.wanted_kind()), (path, kind));
            let kind = if kind == ZipperKind::Reader { "reader" } else { "writer" };
            let wanted = path.escape_ascii();
            let text = format!(r#"a living writer at "w/0\xff\"" excludes a {kind} at "{wanted}""#);
            assert_eq!(conflict.to_string(), text);
            assert_eq!(format!("{conflict:?}"), format!("Conflict({text})"), "what a failed unwrap prints");
        }
    }
    assert!(
        head.read_zipper_at_path("common/x").is_ok() && head.read_zipper_at_borrowed_path(b"comm").is_ok()
    );
    let conflict: Box<dyn std::error::Error + Send + Sync> =
        Box::new(head.write_zipper_at_exclusive_path("common/x").unwrap_err());
    let conflict = conflict.downcast::<Conflict>().unwrap();
    assert_eq!((conflict.path(), conflict.kind()), (&b"common"[..], ZipperKind::Reader));
    assert_eq!(conflict.to_string(), r#"a living reader at "common" excludes a writer at "common/x""#);
    assert!(conflict == conflict.clone() && format!("{head:?}").contains("common"));
    drop((writer, reader));
    assert!(head.write_zipper_at_exclusive_path("").is_ok());
}

// No trace.

/// Returns the locations of a map, including dangling ones.
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
                // Queries do not count as writing.
                one.descend_to("some/where");
                assert!(one.val().is_none() && one.get_val_mut().is_none());
                one.reset();
                one.to_next_val();
                // Zippers next to the writer, created while it is alive, and dropped before and
                // after it.
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
            // The head is dropped by a panic.
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

// Cleanups.

/// Creates a map with a value at each path, which `work` removes.
fn cleaned(work: impl FnOnce(&ZipperHead<'_, '_, u64>)) -> Vec<(Vec<u8>, Option<u64>)> {
    let mut map: PathMap<u64> = [("a/b/c", 1), ("x", 2)].into_iter().collect();
    let head = map.zipper_head();
    work(&head);
    drop(head);
    map.check().unwrap();
    locations(&map)
}

#[test]
fn a_borrowed_writer_that_is_cleaned_up_prunes_when_it_is_given_back() {
    let pruned = [(vec![], None), (b"x".to_vec(), Some(2))];
    let by_borrow = cleaned(|head| {
        let mut writer = head.write_zipper_at_exclusive_path("a/b/c").unwrap();
        writer.remove_val(true);
        head.cleanup_write_zipper(&mut writer);
        // The writer is still alive.
        assert!(head.read_zipper_at_path("a").is_err());
        assert_eq!(writer.set_val(5), None);
        writer.remove_val(true);
        head.cleanup_write_zipper(&mut &mut writer);
        drop(writer);
        assert!(!head.read_zipper_at_path("a").unwrap().path_exists());
    });
    assert_eq!(by_borrow, pruned);
    let as_reader = cleaned(|head| {
        let mut writer = head.write_zipper_at_exclusive_path("a/b/c").unwrap();
        writer.remove_val(true);
        head.cleanup_write_zipper(&mut writer);
        let reader = writer.into_read_zipper();
        assert!(!reader.path_exists() && reader.val().is_none());
        assert_eq!(reader.root_prefix_path(), b"a/b/c");
    });
    assert_eq!(as_reader, pruned);
    let unwinding = cleaned(|head| {
        unwind(|| {
            let mut writer = head.write_zipper_at_exclusive_path("a/b/c").unwrap();
            writer.remove_val(true);
            head.cleanup_write_zipper(&mut writer);
            writer
        });
    });
    assert_eq!(unwinding, pruned);
    let boxed = cleaned(|head| {
        let mut writer = head.write_zipper_at_exclusive_path("a/b/c").unwrap();
        writer.remove_val(false);
        let mut nested = writer.zipper_head();
        let inner = &mut nested;
        let mut below = inner.write_zipper_at_exclusive_path("/d").unwrap();
        below.create_path();
        inner.cleanup_write_zipper(&mut below);
        drop(below);
        drop(nested);
        head.cleanup_write_zipper(writer);
    });
    assert_eq!(boxed, pruned);
}

#[test]
fn a_cleanup_is_of_one_writer_and_prunes_nothing_that_is_there() {
    let kept = cleaned(|head| {
        let mut writer = head.write_zipper_at_exclusive_path("a/b/c").unwrap();
        writer.remove_val(true);
        head.cleanup_write_zipper(&mut writer);
        // Values that are written after the cleanup are kept.
        writer.set_val(3);
        drop(writer);
        // The next writer at the path has not been cleaned up.
        let mut writer = head.write_zipper_at_exclusive_path("a/b/c").unwrap();
        writer.remove_val(false);
    });
    assert_eq!(kept.last(), Some(&(b"x".to_vec(), Some(2))));
    assert!(kept.contains(&(b"a/b/c".to_vec(), None)), "{kept:?}");
    // A writer of another map is only dropped.
    let others = cleaned(|head| {
        let mut other = PathMap::<u64>::new();
        head.cleanup_write_zipper(other.write_zipper_at_path(b"x"));
        head.cleanup_write_zipper(PathMap::<u64>::new().into_write_zipper("x"));
    });
    assert!(others.contains(&(b"a/b/c".to_vec(), Some(1))) && others.contains(&(b"x".to_vec(), Some(2))));
}

// Forgotten zippers.

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
    // The map is valid, and the next head ignores zippers that were forgotten.
    let head = map.zipper_head();
    let mut writer = head.write_zipper_at_exclusive_path("").unwrap();
    writer.descend_to("w/07");
    writer.set_val(7);
    drop(writer);
    std::mem::forget(head);
    assert!(map.is_empty(), "a head that is forgotten leaves the map empty");
}

/// The root of a nested head exists after it has held something, regardless of the focus of the
/// outer writer.
#[test]
fn a_cleanup_leaves_the_root_of_a_nested_head() {
    for (root, focus) in [("", "ab"), ("a", "b"), ("ab", "")] {
        for writes in [false, true] {
            let mut map = PathMap::<u64>::new();
            let head = map.zipper_head();
            let mut outer = head.write_zipper_at_exclusive_path(root).unwrap();
            outer.descend_to(focus);
            let nested = outer.zipper_head();
            let mut inner = nested.write_zipper_at_exclusive_path("c").unwrap();
            if writes {
                inner.create_path();
            }
            nested.cleanup_write_zipper(inner);
            drop(nested);
            assert_eq!(outer.path_exists(), writes, "{root}/{focus}");
            drop(outer);
            drop(head);
            assert_eq!((map.path_exists_at("ab"), map.path_exists_at("abc")), (writes, false));
        }
    }
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

// Unchecked zippers.

#[test]
fn unchecked_zippers_whose_promise_is_kept() {
    let mut map = furnished();
    let head = map.zipper_head();
    // SAFETY: none of the four paths is a prefix of another, and no other zipper is alive.
    let (reader, borrowed, mut one, mut two) = unsafe {
        (
            head.read_zipper_at_path_unchecked("common"),
            head.read_zipper_at_borrowed_path_unchecked(b"w/00"),
            head.write_zipper_at_exclusive_path_unchecked("w/01"),
            head.write_zipper_at_exclusive_path_unchecked("w/02"),
        )
    };
    // Unchecked zippers are registered: checked calls see them.
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

/// A broken promise may only result in wrong content: no crash, no malformed node, no double drop.
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
                    // SAFETY: the promise is broken on purpose: by the documentation, this is no
                    // undefined behaviour.
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

// Re-entrancy.

/// A value whose drop requests zippers of a head.
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
            // The call need not succeed, but must return.
            let taken = head.write_zipper_at_exclusive_path("asked");
            let answer = taken.as_ref().map_or_else(|conflict| conflict.path().to_vec(), |_| Vec::new());
            *self.0.last.lock().unwrap() = answer;
        }
    }
}

#[test]
fn a_value_whose_drop_uses_the_head() {
    // Runs on a separate thread, so that a deadlock is reported instead of blocking the test.
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
        // The subtrie displaced by a broken promise is also dropped outside of the lock. SAFETY:
        // the promise is broken on purpose, which is no undefined behaviour.
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
        // The last owner of the nodes that a reader held.
        let reader = head.read_zipper_at_path("v").unwrap();
        drop(snapshot);
        drop(reader);
        assert!(asked.ends.load(SeqCst) > 40);
        done.send(()).expect("main listens");
    });
    is_done.recv_timeout(Duration::from_secs(60)).expect("a drop under the lock asks for the lock");
    worker.join().expect("it ends");
}

/// A value whose clone drops the other owner of its node, as another thread could at that moment.
/// The node is then freed by the thread that copied it.
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

// Owned heads.

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
