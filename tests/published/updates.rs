//! `SharedMap` used by one thread: atomic updates, commits compared with the definition of a
//! three-way merge, and snapshots.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Weak};

use bytetrie::testing::limits::with_limits;
use bytetrie::testing::ops::ProgramValue;
use bytetrie::testing::values::{Census, Event, Fragile, Fuse};
use bytetrie::zipper::*;
use bytetrie::{Change, CommitConflict, PathMap, SharedMap, Snapshot};
use proptest::prelude::*;

use crate::limits::under_both_limits;
use crate::operands::{any_operands, check, config, limits};

fn map_of(n: u32) -> PathMap<u32> {
    (0..n).map(|i| (format!("{}/{}", i % 7, i), i)).collect()
}

/// Returns true iff the two are one publication.
fn is_one<V>(a: &Snapshot<V>, b: &Snapshot<V>) -> bool {
    std::ptr::eq::<PathMap<V>>(&**a, &**b)
}

// Updates.

#[test]
fn an_update_is_seen_at_once_and_by_later_snapshots_alone() {
    let shared = SharedMap::from(map_of(100));
    let before = shared.load();
    let removed = shared.update(|map| {
        map.insert("new", 1);
        assert_eq!(shared.load().get("new"), None, "not before the update ends");
        map.remove("0/0")
    });
    assert_eq!(removed, Some(0));
    let after = shared.load();
    assert_eq!((before.get("new"), before.get("0/0"), before.len()), (None, Some(&0), 100));
    assert_eq!((after.get("new"), after.get("0/0"), after.len()), (Some(&1), None, 100));
    assert_eq!(*before, map_of(100));
    assert_eq!(shared.into_map(), *after);
}

#[test]
fn an_update_that_errs_or_panics_publishes_nothing() {
    let shared = SharedMap::from(map_of(100));
    let before = shared.load();
    let err = shared.try_update(|map| {
        map.clear();
        Err::<(), _>("no")
    });
    assert_eq!(err, Err("no"));
    assert!(is_one(&before, &shared.load()));
    for _ in 0..2 {
        let fuse = Fuse::new();
        fuse.arm(&[Event::Call], 0);
        let panic = fuse.catch(|| {
            shared.update(|map| {
                map.insert("new", 1);
                fuse.call();
            })
        });
        assert!(panic.is_err());
        assert!(is_one(&before, &shared.load()));
    }
    // A lock that was poisoned by a panic is still used.
    assert_eq!(shared.try_update(|map| Ok::<_, ()>(map.insert("new", 1))), Ok(None));
    assert_eq!(shared.load().len(), 101);
}

#[test]
fn an_update_that_writes_nothing_publishes_nothing() {
    let shared = SharedMap::from(map_of(10));
    let before = shared.load();
    assert_eq!(shared.update(|map| map.len()), 10);
    assert!(is_one(&before, &shared.load()));
    assert!(shared.try_commit(&before, before.to_map()).is_ok());
    assert!(is_one(&before, &shared.load()));
    let empty = SharedMap::<u32>::default();
    let before = empty.load();
    empty.update(PathMap::clear);
    assert!(is_one(&before, &empty.load()));
}

/// An update within an update of one map is separate, and is published first.
#[test]
fn an_update_inside_an_update_comes_first() {
    let (shared, other) = (SharedMap::from(map_of(10)), SharedMap::from(map_of(3)));
    let mut seen = Vec::new();
    let removed = shared.update(|map| {
        // Another map may be written within an update. It is written again at each call of the
        // closure.
        other.update(|map| map.insert([b'o', seen.len() as u8], 1));
        if !shared.load().contains("inner") {
            shared.update(|map| map.insert("inner", 1));
            assert!(shared.load().contains("inner"), "it is published at once");
            let base = shared.load_map();
            let mut job = base.clone();
            job.insert("committed", 1);
            assert_eq!(shared.try_commit(&base, job).unwrap().len(), 12);
        }
        seen.push((map.contains("inner"), map.contains("committed")));
        map.insert("outer", 1);
        map.remove("0/0")
    });
    assert_eq!((removed, seen), (Some(0), vec![(false, false), (true, true)]));
    assert_eq!((shared.load().len(), other.load().len()), (12, 5));
}

/// The result of an overtaken outer update is dropped, and a failed update changes nothing.
#[test]
fn an_update_that_fails_after_an_inner_one_leaves_the_inner_one() {
    let shared = SharedMap::from(map_of(10));
    let failed = shared.try_update(|map| {
        map.clear();
        shared.update(|map| map.insert("inner", 1));
        Err::<(), _>("no")
    });
    assert_eq!((failed, shared.load().len()), (Err("no"), 11));
    let unchanged = shared.update(|map| {
        shared.update(|map| map.remove("inner"));
        map.len()
    });
    assert_eq!((unchanged, shared.load().len()), (11, 10));
}

/// An update that its own inner updates always overtake panics, because it would never end.
#[test]
fn an_update_that_updates_its_own_map_whenever_it_is_called_panics_and_says_so() {
    let shared = SharedMap::from(map_of(10));
    type Call<'a> = Box<dyn Fn(u32) + 'a>;
    let calls: [Call<'_>; 2] = [
        Box::new(|i| {
            shared.update(|map| map.insert(i.to_be_bytes(), 0));
        }),
        Box::new(|i| {
            let base = shared.load_map();
            let mut job = base.clone();
            job.insert(i.to_be_bytes(), 1);
            shared.try_commit(&base, job).unwrap();
        }),
    ];
    for call in calls {
        let mut called = 0;
        let panic = catch_unwind(AssertUnwindSafe(|| {
            shared.update(|map| {
                map.insert("outer", 1);
                called += 1;
                call(called);
            })
        }));
        let panic = panic.unwrap_err();
        let message =
            panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        assert!(message.is_some_and(|message| message.contains("inside an update")), "{message:?}");
        assert!((1_000..2_000).contains(&called), "{called} calls");
        assert!(!shared.load().contains("outer"));
        assert_eq!(shared.load().len(), 10 + called as usize);
        shared.update(|map| *map = map_of(10));
    }
    assert_eq!(shared.update(|map| map.insert("x", 1)), None);
}

/// A closure may wait for a thread that updates the map, because no lock is held.
#[test]
fn a_closure_may_wait_for_another_writer() {
    let shared = SharedMap::from(map_of(10));
    let mut called = 0;
    shared.update(|map| {
        called += 1;
        if called < 4 {
            std::thread::scope(|scope| {
                let other = scope.spawn(|| shared.update(|map| map.insert([b'x', called], 1)));
                other.join().unwrap();
            });
        }
        map.insert("outer", map.len() as u32);
    });
    assert_eq!((called, shared.load()["outer"]), (4, 13));
}

/// A value that writes to its map when it is dropped.
struct Bell {
    shared: Weak<SharedMap<Bell>>,
    rung: Arc<AtomicUsize>,
}

impl Clone for Bell {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), rung: self.rung.clone() }
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.update(|_| ());
            self.rung.fetch_add(1, SeqCst);
        }
    }
}

/// If it were dropped during a turn, it would wait for itself, or panic.
#[test]
fn what_is_replaced_or_given_up_is_dropped_when_the_turn_is_over() {
    let shared = Arc::new(SharedMap::new());
    let rung = Arc::new(AtomicUsize::new(0));
    let bell = || Bell { shared: Arc::downgrade(&shared), rung: rung.clone() };
    let rings = |times: usize| assert_eq!(rung.swap(0, SeqCst), times);
    shared.update(|map| map.insert("x", bell()));
    rings(0);
    let old = shared.update(|map| map.remove("x"));
    rings(1);
    drop(old);
    rings(1);
    let _ = shared.try_update(|map| {
        map.insert("y", bell());
        Err::<(), ()>(())
    });
    rings(1);
    let fuse = Fuse::new();
    fuse.arm(&[Event::Call], 0);
    let panic = fuse.catch(|| {
        shared.update(|map| {
            map.insert("y", bell());
            fuse.call();
        })
    });
    assert!(panic.is_err());
    rings(1);
}

// Commits.

/// The items of a map: its values, and its dangling tips.
fn items<V: Clone>(map: &PathMap<V>) -> BTreeMap<Vec<u8>, Option<V>> {
    let mut reader = map.read_zipper();
    let mut items = BTreeMap::new();
    loop {
        if reader.is_val() || reader.child_count() == 0 && !reader.at_root() {
            items.insert(reader.path().to_vec(), reader.val().cloned());
        }
        if !reader.to_next_step() {
            return items;
        }
    }
}

/// The definition of the merge, path by path.
fn naive_merge<V: Clone + PartialEq>(
    base: &PathMap<V>,
    ours: &PathMap<V>,
    theirs: &PathMap<V>,
) -> Result<PathMap<V>, Vec<Vec<u8>>> {
    let (base, ours, theirs) = (items(base), items(ours), items(theirs));
    let paths: BTreeSet<&Vec<u8>> = base.keys().chain(ours.keys()).chain(theirs.keys()).collect();
    let (mut merged, mut conflicts) = (PathMap::new(), Vec::new());
    for path in paths {
        let [was, our, their] = [&base, &ours, &theirs].map(|items| items.get(path).cloned());
        let is_tip = |item: &Option<Option<V>>| matches!(item, Some(None));
        let [was_tip, our_tip, their_tip] = [&was, &our, &their].map(is_tip);
        if if our_tip == was_tip { their_tip } else { our_tip } {
            merged.create_path(path);
        }
        let [was, our, their] = [was, our, their].map(Option::flatten);
        let value = if our == their || their == was {
            our
        } else if our == was {
            their
        } else {
            conflicts.push(path.clone());
            None
        };
        if let Some(value) = value {
            merged.insert(path, value);
        }
    }
    if conflicts.is_empty() { Ok(merged) } else { Err(conflicts) }
}

fn commits_as_the_definition_says<V: ProgramValue>([base, ours, theirs]: [PathMap<V>; 3]) {
    let shared = SharedMap::from(base.clone());
    shared.update(|map| *map = theirs.clone());
    let result = shared.try_commit(&base, ours.clone());
    match (result, naive_merge(&base, &ours, &theirs)) {
        (Ok(merged), Ok(expected)) => {
            check(&merged);
            assert_eq!(merged, expected);
            assert_eq!(*shared.load(), expected);
        }
        (Err(conflict), Err(paths)) => {
            assert_eq!(conflict.paths(), paths);
            assert_eq!((conflict.changed(), conflict.current()), (&ours, &theirs));
            assert_eq!(*shared.load(), theirs);
            assert_eq!(conflict.into_changed(), ours);
        }
        (Ok(merged), Err(paths)) => panic!("{merged:?} in spite of conflicts at {paths:?}"),
        (Err(conflict), Ok(expected)) => panic!("{conflict:?} instead of {expected:?}"),
    }
}

#[test]
fn commits_merge_as_the_definition_says() {
    proptest!(config(), |(limits in limits(), recipe in any_operands())| {
        with_limits(limits, || {
            let [a, b, c] = recipe.build::<u64>();
            commits_as_the_definition_says([a.clone(), b.clone(), c.clone()]);
            commits_as_the_definition_says([b, c, a]);
            commits_as_the_definition_says(recipe.build::<()>());
            commits_as_the_definition_says(recipe.build::<String>());
        });
    });
}

/// Changes of both sides at different paths are all kept.
#[test]
fn changes_in_different_places_never_conflict() {
    under_both_limits(|| {
        let base = map_of(200);
        let shared = SharedMap::from(base.clone());
        shared.update(|map| {
            map.split_off_prefix("0/");
            map.write_zipper_at_path(b"copy/").graft(&base.read_zipper_at_path("1/"));
            map.insert("6/new", 1);
        });
        let mut ours = base.clone();
        ours.split_off_prefix("2/");
        ours.write_zipper_at_path(b"moved/").graft(&base.read_zipper_at_path("3/"));
        ours.insert("5/new", 2);
        ours.remove_val_at("4/4", false);
        let merged = shared.try_commit(&base, ours.clone()).unwrap();
        check(&merged);
        assert_eq!(merged, naive_merge(&base, &ours, &shared.load()).unwrap());
        assert!(!merged.path_exists_at("0") && !merged.path_exists_at("2"));
        assert!(merged.path_exists_at("4/4") && !merged.contains("4/4"));
        assert_eq!((merged.get("copy/1"), merged.get("moved/3")), (Some(&1), Some(&3)));
        assert_eq!((merged.get("5/new"), merged.get("6/new")), (Some(&2), Some(&1)));
    });
}

/// The cost of a commit below a path that nobody else has changed is independent of its size,
/// because the subtrie is moved as a whole.
#[test]
fn a_subtrie_that_nobody_else_has_touched_is_taken_whole() {
    let census = Census::new();
    let below = |prefix: &str, n: u32| -> Vec<_> {
        (0..n).map(|i| (format!("{prefix}/{i:05}"), census.counted(i as u8))).collect()
    };
    let base: PathMap<_> = below("a", 2_000).into_iter().chain(below("b", 2_000)).collect();
    let shared = SharedMap::from(base.clone());
    shared.update(|map| map.insert("z", census.counted(1)));
    let mut ours = base.clone();
    ours.extend(below("new", 5_000));
    ours.extend(below("b", 2_500));
    ours.split_off_prefix("a/000");
    let clones = census.clones();
    let merged = shared.try_commit(&base, ours).unwrap();
    assert!(census.clones() - clones < 200, "{} values were cloned", census.clones() - clones);
    assert_eq!(merged.len(), 1 + 1_900 + 2_500 + 5_000);
    check(&merged);
}

#[test]
fn a_conflict_names_all_paths_and_keeps_both_sides() {
    let base = PathMap::from([("a", 1), ("b", 1), ("c", 1), ("d", 1)]);
    let shared = SharedMap::from(base.clone());
    shared.update(|map| {
        map.insert("a", 2);
        map.remove("b");
        map.insert("c", 2);
        map.insert("e", 2);
    });
    let mut ours = base.clone();
    ours.insert("a", 3);
    ours.insert("b", 3);
    ours.insert("c", 2);
    ours.insert("d", 3);
    ours.insert("e", 3);
    let conflict: CommitConflict<_> = shared.try_commit(&base, ours).unwrap_err();
    assert_eq!(conflict.paths(), [b"a", b"b", b"e"]);
    assert_eq!(
        conflict.to_string(),
        "others have changed \"a\" since the base of this commit, and 2 paths more"
    );
    assert_eq!(format!("{conflict:?}"), r#"CommitConflict { paths: ["a", "b", "e"], .. }"#);
    let error: &dyn Error = &conflict;
    assert!(error.source().is_none());

    // As documented: accept their values at the conflicts, and commit again with the old base.
    let mut agreed = conflict.changed().clone();
    for path in conflict.paths() {
        match conflict.current().get(path) {
            Some(&theirs) => drop(agreed.insert(path, theirs)),
            None => drop(agreed.remove(path)),
        }
    }
    let merged = shared.try_commit(&base, agreed).unwrap();
    assert_eq!(merged, PathMap::from([("a", 2), ("c", 2), ("d", 3), ("e", 2)]));

    // Or merge our changes into their map, and commit with that as the base.
    let mut decided = merged.clone();
    for path in conflict.paths() {
        decided.insert(path, conflict.changed()[path]);
    }
    let merged = shared.try_commit(&merged, decided).unwrap();
    assert_eq!(merged, PathMap::from([("a", 3), ("b", 3), ("c", 2), ("d", 3), ("e", 3)]));
}

/// A value that does not equal itself is unchanged if its node is shared.
#[test]
fn what_nobody_touches_does_not_conflict_even_if_it_does_not_equal_itself() {
    let base: PathMap<f64> = (0..500u32).map(|i| (i.to_be_bytes(), f64::NAN)).collect();
    let shared = SharedMap::from(base.clone());
    shared.update(|map| map.insert("x", 1.0));
    let mut ours = base.clone();
    ours.insert("y", 1.0);
    assert_eq!(shared.try_commit(&base, ours).unwrap().len(), 502);
}

#[test]
fn a_panic_in_a_clone_during_a_merge_publishes_nothing() {
    let fuse = Fuse::new();
    let base: PathMap<_> = (0..200u8).map(|i| ([i % 3, i], fuse.fragile(i))).collect();
    let mut theirs = base.clone();
    theirs.insert([0, 0, 1], fuse.fragile(1));
    let mut ours = base.clone();
    ours.insert([0, 3, 1], fuse.fragile(2));
    ours.insert([1, 1, 1], fuse.fragile(3));
    let mut blown = 0;
    for spare in 0.. {
        let shared = SharedMap::from(theirs.clone());
        fuse.arm(&[Event::Clone], spare);
        let result = fuse.catch(|| shared.try_commit(&base, ours.clone()).map(drop).unwrap());
        if result.is_ok() {
            assert_eq!(shared.load().len(), 203);
            break;
        }
        assert_eq!(*shared.load(), theirs);
        blown += 1;
    }
    assert!(blown > 2, "a merge clones values");
    drop((base, theirs, ours));
    assert_eq!(fuse.census().live(), 0);
}

/// A value whose comparison may panic too.
#[derive(Clone, Debug)]
struct Touchy(Fragile);

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        self.0.call();
        self.0 == other.0
    }
}

/// Each clone, drop, comparison and call of a closure panics in turn: in updates, in commits, and
/// when a map is dropped.
#[test]
fn a_panic_at_any_moment_leaves_the_map_as_before_or_as_after() {
    let fuse = Fuse::new();
    let touchy = |i: u8| Touchy(fuse.fragile(i));
    let base: PathMap<Touchy> = (0..60u8).map(|i| ([i % 3, i / 7, i], touchy(i))).collect();
    type Work<'a> = Box<dyn Fn(&SharedMap<Touchy>) + 'a>;
    let works: [Work<'_>; 5] = [
        Box::new(|shared| {
            shared.update(|map| {
                fuse.call();
                map.insert([0, 0, 0], touchy(100));
                map.remove([1, 0, 1]);
                fuse.call();
                map.split_off([2]);
            });
        }),
        Box::new(|shared| {
            let refused = shared.try_update(|map| {
                map.insert([0, 0, 0], touchy(100));
                map.clear();
                Err::<(), _>(touchy(1))
            });
            assert!(refused.is_err());
        }),
        Box::new(|shared| {
            // An attempt that is overtaken: its map and its result are dropped.
            let mut first = true;
            shared.update(|map| {
                if std::mem::take(&mut first) {
                    shared.update(|map| map.insert([9, 9, 9], touchy(9)));
                }
                map.insert([0, 0, 0], touchy(100));
                touchy(1)
            });
        }),
        Box::new(|shared| {
            let mut job = base.clone();
            job.insert([0, 0, 0], touchy(101));
            job.insert([0, 0, 1], touchy(102));
            job.remove([2, 0, 2]);
            shared.update(|map| {
                map.insert([0, 0, 3], touchy(103));
                map.insert([2, 0, 3], touchy(104));
            });
            assert!(shared.try_commit(&base, job).is_ok());
        }),
        Box::new(|shared| {
            let mut job = base.clone();
            job.insert([0, 0, 0], touchy(101));
            shared.update(|map| map.insert([0, 0, 0], touchy(102)));
            assert!(shared.try_commit(&base, job).is_err());
        }),
    ];
    for (which, work) in works.iter().enumerate() {
        // The possible states of the map, in order.
        let shared = SharedMap::from(base.clone());
        work(&shared);
        let after = shared.into_map();
        let with = |entries: &[([u8; 3], u8)]| {
            let mut map = base.clone();
            map.extend(entries.iter().map(|&(path, number)| (path, touchy(number))));
            map
        };
        let between = match which {
            2 => Some(with(&[([9, 9, 9], 9)])),
            3 => Some(with(&[([0, 0, 3], 103), ([2, 0, 3], 104)])),
            4 => Some(with(&[([0, 0, 0], 102)])),
            _ => None,
        };
        for event in [Event::Clone, Event::Call, Event::Drop] {
            for spare in 0.. {
                let live = fuse.census().live();
                let shared = SharedMap::from(base.clone());
                let seen = shared.load();
                fuse.arm(&[event], spare);
                let outcome = fuse.catch(|| work(&shared));
                let now = shared.load_map();
                check(&now);
                assert!(seen.to_map() == base, "a snapshot never changes");
                let right = [&base, &after].into_iter().chain(&between).any(|state| *state == now);
                assert!(right, "{which}: {event:?} {spare}: {now:?}");
                // The map can still be used, by this thread and by another one.
                shared.update(|map| map.insert([200], touchy(1)));
                std::thread::scope(|scope| {
                    scope.spawn(|| shared.update(|map| map.insert([201], touchy(2)))).join().unwrap();
                });
                assert_eq!(shared.load().len(), now.len() + 2);
                drop((shared, now, seen));
                if event != Event::Drop {
                    assert_eq!(fuse.census().live(), live, "{which}: {event:?} {spare}");
                }
                if outcome.is_ok() {
                    break;
                }
                assert!(spare < 1_000);
            }
        }
    }
}

// Snapshots.

#[test]
fn snapshots_are_maps_that_can_be_kept_in_any_number() {
    fn is_static<T: Send + Sync + 'static>() {}
    is_static::<SharedMap<String>>();
    is_static::<Snapshot<String>>();
    is_static::<CommitConflict<String>>();

    let shared = SharedMap::<u32>::new();
    let mut kept = Vec::new();
    for i in 0..50u32 {
        let snapshot = shared.load();
        assert_eq!(snapshot.len(), i as usize);
        kept.push(if i % 3 == 0 { snapshot.clone() } else { snapshot });
        shared.update(|map| map.insert(i.to_be_bytes(), i));
        assert_eq!(shared.load().len(), i as usize + 1);
    }
    // More loads at once than a thread has slots for, all of the current map.
    let same: Vec<_> = (0..20).map(|_| shared.load()).collect();
    assert!(same.iter().all(|snapshot| snapshot.len() == 50));
    std::thread::spawn(move || {
        for (i, snapshot) in kept.into_iter().enumerate() {
            assert_eq!(snapshot.len(), i);
            assert_eq!(snapshot.as_ref().len(), i);
            assert_eq!(snapshot.into_map().len(), i);
        }
    })
    .join()
    .unwrap();
    assert_eq!(format!("{:?}", SharedMap::from_iter([("a", 1)])), "SharedMap({\"a\": 1})");
    assert_eq!(format!("{:?}", SharedMap::from_iter([("a", 1)]).load()), "{\"a\": 1}");
}

#[test]
fn the_changes_since_a_snapshot_are_the_diff() {
    let shared = SharedMap::from(map_of(300));
    let before = shared.load();
    assert!(shared.load().changes_since(&before).next().is_none());
    shared.update(|map| {
        map.insert("0/0", 7);
        map.remove("1/1");
        map.insert("9", 9);
    });
    let now = shared.load();
    let mut changes = now.changes_since(&before);
    assert_eq!(changes.next(), Some((&b"0/0"[..], Change::Changed(&0, &7))));
    assert_eq!(changes.next(), Some((&b"1/1"[..], Change::Removed(&1))));
    assert_eq!(changes.next(), Some((&b"9"[..], Change::Added(&9))));
    assert_eq!(changes.next(), None);
    let mut copy = before.to_map();
    copy.apply(now.changes_since(&before));
    assert_eq!(copy, *now);
}

#[test]
fn memory_returns_to_one_maps_size_when_old_snapshots_go() {
    let census = Census::new();
    let shared = SharedMap::new();
    shared.update(|map| map.extend((0..2_000u32).map(|i| (i.to_be_bytes(), census.counted(i as u8)))));
    let size = shared.load().heap_size();
    assert_eq!(census.live(), 2_000);
    let mut kept = Vec::new();
    for i in 0..100u32 {
        kept.push(if i % 2 == 0 { shared.load() } else { shared.load().clone() });
        shared.update(|map| map.insert((i * 19).to_be_bytes(), census.counted(7)));
    }
    let most = census.live();
    assert!(most > 2_100, "{most}: the snapshots keep what is theirs");
    assert!(most < 100 * 300, "{most}: but what they share is there once");
    drop(kept);
    assert_eq!(census.live(), 2_000);
    assert!(shared.load().heap_size() <= size + size / 4);
    drop(shared);
    assert_eq!(census.live(), 0);
}
