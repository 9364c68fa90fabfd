//! Named cases of hostile values, which once failed: values that panic, values that drop other
//! owners of the nodes in use, and very large values. `panics.rs` searches for more cases.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::values::{Blown, Event, Fuse};
use bytetrie::zipper::*;
use bytetrie::{PathMap, SharedMap};

/// An insert into a list removed the dangling tip that the key extends, and then found the list
/// full: the writer continued with the node that the removal had freed.
#[test]
fn a_full_list_is_not_touched_by_an_insert_over_a_tip() {
    for tip_len in [1, 300, 900, 1_999, 2_000, 2_001, 4_100] {
        let tip = vec![b't'; tip_len];
        let long = [&tip[..], &[b'u'; 200]].concat();
        let mut map: PathMap<u64> = PathMap::new();
        let mut w = map.write_zipper();
        for k in [b"a", b"b", b"c", b"d", b"e"] {
            w.descend_to(k);
            w.set_val(1);
            w.reset();
        }
        w.descend_to(&tip);
        w.create_path();
        w.reset();
        w.descend_to("f");
        w.set_val(2);
        w.reset();
        w.descend_to(&long);
        w.set_val(3);
        w.reset();
        assert_eq!(w.val_count(), 7, "a tip of {tip_len} bytes");
        drop(w);
        map.check().unwrap();
        assert_eq!((map.get(&long), map.val_count()), (Some(&3), 7));
        assert!(!map.contains(&tip) && map.path_exists_at(&tip));
    }
}

/// All fillings of a list, with long and short suffixes, under limits near them, by a writer and
/// by the map.
#[test]
fn inserts_over_tips_at_every_filling() {
    for (entries, bytes) in [(6, 40), (7, 96), (8, 200), (12, 150), (32, 1_024)] {
        with_limits(Limits { entries, bytes }, || {
            for filled in 1..=entries {
                for (tip, key) in [("t", "tu"), ("tttttttttttt", "ttttttttttttuuuuuuuuuuuuuuuuuuuuuuuuuuuu")]
                {
                    let mut map = PathMap::new();
                    map.create_path(tip);
                    for i in 0..filled as u8 {
                        map.insert([b'A' + i, b'.'], u64::from(i));
                    }
                    let mut beside = map.clone();
                    let mut w = map.write_zipper();
                    w.descend_to("A.");
                    w.set_val(0);
                    w.reset();
                    w.descend_to(key);
                    w.set_val(99);
                    drop(w);
                    beside.insert(key, 99);
                    map.check().unwrap();
                    beside.check().unwrap();
                    assert!(map == beside && map.get(key) == Some(&99) && map.val_count() == filled + 1);
                }
            }
        });
    }
}

struct Evil(Box<u64>);

thread_local! {
    static OTHER: RefCell<Option<PathMap<Evil>>> = const { RefCell::new(None) };
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

impl Clone for Evil {
    fn clone(&self) -> Self {
        drop(OTHER.with_borrow_mut(Option::take));
        Evil(Box::new(*self.0))
    }
}

impl Drop for Evil {
    fn drop(&mut self) {
        if *self.0 == 2 && ARMED.replace(false) {
            panic!("drop");
        }
    }
}

/// A clone drops the other owner of the node being copied, and a drop panics while the old node is
/// freed.
#[test]
fn a_writer_whose_old_node_panics_when_it_is_freed() {
    let mut map: PathMap<Evil> = PathMap::new();
    for (k, v) in [("a", 1), ("b", 2), ("c", 3)] {
        map.insert(k, Evil(Box::new(v)));
    }
    OTHER.set(Some(map.clone()));
    ARMED.set(true);
    let mut w = map.write_zipper();
    w.descend_to("a");
    assert!(catch_unwind(AssertUnwindSafe(|| w.set_val(Evil(Box::new(9))))).is_err());
    for (k, value) in [("a", 9), ("b", 2), ("c", 3)] {
        w.reset();
        w.descend_to(k);
        assert_eq!(w.val().map(|v| *v.0), Some(value), "{k}");
    }
    drop(w);
    map.check().unwrap();
}

/// A writer whose stack was truncated before a clone panicked wrote to a wrong path.
#[test]
fn a_writer_stays_where_it_is_when_a_clone_panics() {
    let fuse = Fuse::new();
    let mut map = PathMap::new();
    map.insert("ab", fuse.fragile(1));
    for i in 0..40u8 {
        map.insert([b'c', b'd', b'/', i], fuse.fragile(100 + i));
    }
    let other = map.clone();
    let mut z = map.write_zipper();
    assert_eq!(z.descend_to_existing("ab"), 2);
    assert!(z.val().is_some() && z.child_mask().is_empty_mask());
    fuse.arm(&[Event::Clone], 0);
    assert_eq!(fuse.catch(|| z.get_val_mut().is_some()), Err(Blown(Event::Clone)));
    assert_eq!(z.descend_to_existing("/"), 0);
    assert_eq!((z.path(), z.path_exists(), z.val_count()), (&b"ab"[..], true, 1));
    z.descend_to("k");
    z.set_val(fuse.fragile(7));
    drop(z);
    assert_eq!(map.get("ab/k").or(map.get("abk")).map(|v| v.number()), Some(7));
    assert!(!map.path_exists_at("cd/k") && other.val_count() == 41);
}

/// Large values are cloned when they are replaced: a clone that panicked in an edit next to the
/// last one left the stack of a writer between two nodes.
#[test]
fn a_writer_stays_where_it_is_when_a_clone_panics_beside_its_last_edit() {
    #[derive(Debug, PartialEq)]
    struct Wide(u64, [u64; 8]);
    impl Clone for Wide {
        fn clone(&self) -> Self {
            assert!(!ARMED.replace(false), "clone");
            Self(self.0, self.1)
        }
    }
    let value = |number| Wide(number, [0; 8]);
    let mut map = PathMap::new();
    for (a, b) in (0..3u8).flat_map(|a| (0..40u8).map(move |b| (a, b))) {
        map.insert([a, b, 1], value(100 * u64::from(a) + u64::from(b)));
    }
    let keep = map.clone();
    let mut z = map.write_zipper();
    z.descend_to([2, 5, 1]);
    z.set_val(value(1));
    z.reset();
    z.descend_to([2, 6, 1]);
    ARMED.set(true);
    assert!(catch_unwind(AssertUnwindSafe(|| z.set_val(value(2)))).is_err());
    assert_eq!(z.val(), Some(&value(206)));
    assert!(!z.descend_first_byte() && z.ascend(1));
    assert_eq!(z.child_mask().iter().collect::<Vec<_>>(), [1]);
    z.descend_to([1]);
    z.set_val(value(3));
    drop(z);
    map.check().unwrap();
    assert_eq!((map.get([2, 6, 1]), keep.get([2, 6, 1])), (Some(&value(3)), Some(&value(206))));
}

/// If the drop of one value panics, the other values are still dropped, as in std's maps.
#[test]
fn a_panicking_drop_leaves_no_value_behind() {
    for panicking in [0u8, 5, 77, 199] {
        type Destroy<'a> = (&'a str, Box<dyn Fn(PathMap<bytetrie::testing::values::Fragile>)>);
        let ways: [Destroy<'_>; 5] = [
            ("drop", Box::new(drop)),
            ("clear", Box::new(|mut map| map.clear())),
            ("into_iter", Box::new(|map| drop(map.into_iter()))),
            (
                "half of into_iter",
                Box::new(|map| {
                    let mut iter = map.into_iter();
                    let kept: Vec<_> = iter.by_ref().take(50).collect();
                    drop(iter);
                    drop(kept);
                }),
            ),
            ("remove_branches", Box::new(|mut map| _ = map.remove_branches_at([], true))),
        ];
        for (name, destroy) in ways {
            let fuse = Fuse::new();
            // Lists, wide nodes of values and of children, and values at inner nodes.
            let mut map = PathMap::new();
            for i in 0..200u8 {
                map.insert([i % 7, i], fuse.fragile(i));
                map.insert([i, 1, 2, 3, 4, 5, 6, 7, 8, 9, i], fuse.fragile(i));
                map.insert([200, i], fuse.fragile(i));
                map.insert([i % 9], fuse.fragile(i));
            }
            fuse.arm(&[Event::Drop], usize::from(panicking));
            assert_eq!(fuse.catch(|| destroy(map)), Err(Blown(Event::Drop)), "{name}");
            assert_eq!(fuse.census().live(), 0, "{name}, from drop {panicking} on");
        }
    }
}

/// If a value's drop panics while an update drops the old map, the result of the update is dropped
/// too.
#[test]
fn an_update_leaks_no_result_when_a_drop_panics() {
    let fuse = Fuse::new();
    let shared = SharedMap::from(PathMap::from([("a", fuse.fragile(1)), ("b", fuse.fragile(2))]));
    fuse.arm(&[Event::Drop], 0);
    let updated = fuse.catch(|| {
        shared.update(|map| {
            *map = PathMap::single("c", fuse.fragile(3));
            fuse.fragile(4)
        })
    });
    assert_eq!(updated, Err(Blown(Event::Drop)));
    assert_eq!(shared.load().iter().map(|(path, _)| path).collect::<Vec<_>>(), [b"c"]);
    drop(shared);
    assert_eq!(fuse.census().live(), 0);
}

/// A map and its clone are compared without comparing values.
#[test]
fn a_clone_is_compared_without_its_values() {
    #[derive(Clone, PartialEq, Eq)]
    struct Silent;
    impl PartialOrd for Silent {
        fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
            Some(self.cmp(other))
        }
    }
    impl Ord for Silent {
        fn cmp(&self, _: &Self) -> std::cmp::Ordering {
            panic!("it is compared")
        }
    }
    let map: PathMap<Silent> = (0..100u8).map(|i| ([i], Silent)).collect();
    assert!(map.cmp(&map.clone()).is_eq() && PathMap::<Silent>::new().cmp(&PathMap::new()).is_eq());
    let other: PathMap<Silent> = (0..100u8).map(|i| ([i], Silent)).collect();
    assert!(catch_unwind(AssertUnwindSafe(|| map.cmp(&other))).is_err(), "maps made apart are compared");
}

/// Large values are moved to their boxes at once: a stack of eight values is enough to insert and
/// split. A function that keeps many values on the stack in an unoptimized build needs a stack of
/// sixteen.
#[test]
fn large_values_do_not_cross_the_stack() {
    const SIZE: usize = 1_000_000;
    let work = || {
        let mut map: PathMap<[u8; SIZE]> = PathMap::new();
        for i in 0..60u8 {
            map.insert([i], [i; SIZE]);
            map.insert([b'x', i, i], [i; SIZE]);
        }
        assert_eq!(map.len(), 120);
        let mut w = map.write_zipper();
        for i in 0..60u8 {
            w.descend_to([b'y', i]);
            w.set_val([i; SIZE]);
            w.reset();
        }
        drop(w);
        let moved = map.split_off_prefix([b'x']);
        assert!(moved.iter().all(|(path, value)| value[SIZE - 1] == path[1]));
        for i in 0..60u8 {
            assert_eq!(map.remove([i]).map(|value| value[7]), Some(i));
        }
        map.check().unwrap();
    };
    let insert = || {
        let mut map: PathMap<[u8; SIZE]> = PathMap::new();
        for i in 0..40u8 {
            map.insert([i], [i; SIZE]);
        }
        assert_eq!(map.len(), 40);
    };
    thread::Builder::new().stack_size(8 << 20).spawn(insert).unwrap().join().unwrap();
    thread::Builder::new().stack_size(16 << 20).spawn(work).unwrap().join().unwrap();
}

/// A value that counts its clones, large enough to be boxed.
struct Large([u64; 100], Rc<AtomicUsize>);

impl Clone for Large {
    fn clone(&self) -> Self {
        self.1.fetch_add(1, Relaxed);
        Self(self.0, Rc::clone(&self.1))
    }
}

/// A write next to large values that another map shares clones none of them.
#[test]
fn large_values_are_cloned_only_when_they_are_changed() {
    let clones = Rc::new(AtomicUsize::new(0));
    let large = |number| Large([number; 100], Rc::clone(&clones));
    let taken = || clones.swap(0, Relaxed);
    let mut map: PathMap<Large> = (0..20u64).map(|i| ([i as u8], large(i))).collect();
    let snapshot = map.clone();
    map.insert([100], large(100));
    map.create_path([101]);
    map.remove_branches_at([101], true);
    assert_eq!(taken(), 0, "what is inserted beside them clones none");
    assert_eq!(map.remove([3]).unwrap().0[0], 3);
    assert_eq!(taken(), 1, "what is handed out while others own it is cloned");
    map.get_mut([4]).unwrap().0[0] = 44;
    assert_eq!(taken(), 1, "what is changed while others own it is cloned");
    map.get_mut([4]).unwrap().0[0] = 45;
    assert_eq!(taken(), 0);
    assert_eq!((snapshot.get([4]).unwrap().0[0], map.get([4]).unwrap().0[0]), (4, 45));
    let whole = map.split_off_prefix([7]);
    assert_eq!((whole.len(), taken()), (1, 0));
    drop(snapshot);
    assert_eq!(map.remove([9]).unwrap().0[0], 9);
    assert_eq!(taken(), 0, "what nobody else owns is moved out");
    map.check().unwrap();
}

/// Boxes are shared between threads, like nodes.
#[test]
fn large_values_are_shared_between_threads() {
    let map: PathMap<[u64; 64]> = (0..50u64).map(|i| (i.to_be_bytes(), [i; 64])).collect();
    let workers: Vec<_> = (0..4)
        .map(|worker| {
            let mut map = map.clone();
            thread::spawn(move || {
                for i in 0..50u64 {
                    map.get_mut(i.to_be_bytes()).unwrap()[worker] = 1_000;
                }
                map
            })
        })
        .collect();
    for (worker, thread) in workers.into_iter().enumerate() {
        let changed: BTreeMap<_, _> = thread.join().unwrap().into_iter().collect();
        assert!(changed.values().all(|value| value[worker] == 1_000 && value[worker + 1] != 1_000));
    }
    assert!(map.iter().all(|(path, value)| path == value[0].to_be_bytes()));
}
