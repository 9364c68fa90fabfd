//! A program for std's maps, compiled for a `BTreeMap` and for a `PathMap` with only the type
//! changed. Both must give equal results.
//!
//! # Deliberate differences from `BTreeMap`, as of Rust 1.95
//! | std | here | why |
//! |---|---|---|
//! | `iter` yields `(&K, &V)` | `(Vec<u8>, &V)` | a trie keeps no key as a whole; readers lend paths without a copy |
//! | `K: Ord` of any type | bytes, by `AsRef<[u8]>` | the order of paths is that of their bytes |
//! | `insert` etc. of any `V` | `V: Clone` | a node that other maps share is copied before it is written |
//! | `len` in O(1) | O(nodes) | subtries are shared and moved whole, without a look into them |
//! | `range` panics if the start is after the end | yields nothing | bounds are often input |
//! | iterators are `ExactSizeIterator` | only if the length is O(1) | as `len` |
//! | `try_insert`, `lower_bound` and other cursors, `new_in` | – | not stable in std; zippers are the cursors |
//!
//! # Methods of `BTreeSet`, and their counterparts in a `PathMap<()>`
//! | std | here |
//! |---|---|
//! | `insert`, `remove`, `replace` tell `bool` | `Option<()>`: `is_none()`, `is_some()` |
//! | `contains`, `clear`, `len`, `is_empty`, `pop_first`, `pop_last`, `retain`, `append`, `split_off`, `range` | by name |
//! | `iter`, `into_iter` | `keys`, `into_keys` |
//! | `first`, `last`, `get`, `take` | `first_key_value`, `last_key_value`, `get_key_value`, `remove_entry` |
//! | `union`, `intersection`, `difference`, `symmetric_difference` | `join`, `meet`, `subtract`, `symmetric_difference`: sets, not iterators |
//! | `&a \| &b`, `&a & &b`, `&a - &b`, `&a ^ &b` | these operators, and their assigning forms |
//! | `is_subset`, `is_superset`, `is_disjoint` | by name |

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound::{self, Excluded, Included, Unbounded};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytetrie::{Entry, PathMap};
use proptest::collection::vec;
use proptest::prelude::*;

/// A program as a user of std's maps writes it. It records all results.
macro_rules! program {
    () => {
        pub(super) fn run() -> Vec<String> {
            let mut seen = Vec::new();
            macro_rules! see {
                ($value:expr) => {
                    seen.push(format!("{}: {:?}", stringify!($value), $value))
                };
            }
            let key = |text: &str| text.as_bytes().to_vec();
            let owned = |(key, value): (_, &u32)| (Vec::<u8>::clone(&key), *value);

            // Making
            let mut map = Map::new();
            see!((map.is_empty(), map.len()));
            for (i, word) in ["to", "be", "or", "not", "to", "be"].into_iter().enumerate() {
                see!(map.insert(key(word), i as u32));
            }
            let other: Map = Map::from([(key("that"), 10), (key("is"), 11), (key("the"), 12)]);
            let collected: Map = (0..5u32).map(|i| (vec![b'k', i as u8], i)).collect();
            see!((map.len(), other.len(), collected.len(), Map::default().len()));

            // Points
            see!(map.get(b"to".as_slice()));
            see!(map.get(&key("nothing")));
            see!(map.get_key_value(b"or".as_slice()).map(|(key, value)| owned((key.clone(), value))));
            see!(map.contains_key(b"not".as_slice()));
            see!(map[b"be".as_slice()]);
            if let Some(value) = map.get_mut(b"be".as_slice()) {
                *value += 100;
            }
            see!(map.remove(b"absent".as_slice()));
            see!(map.remove(&key("or")));
            see!(map.remove_entry(b"not".as_slice()));
            see!(map.remove_entry(b"not".as_slice()));

            // Entries
            *map.entry(key("count")).or_insert(0) += 1;
            *map.entry(key("count")).or_insert(7) += 1;
            *map.entry(key("default")).or_default() += 3;
            map.entry(key("lazy")).or_insert_with(|| 4);
            map.entry(key("by key")).or_insert_with_key(|key| key.len() as u32);
            map.entry(key("count")).and_modify(|value| *value *= 10).or_insert(99);
            see!(map.entry(key("lazy")).key().to_vec());
            *map.entry(key("entry")).or_insert(1) += 4;
            match map.entry(key("entry")) {
                Entry::Occupied(mut entry) => {
                    see!((entry.key().to_vec(), *entry.get()));
                    *entry.get_mut() += 1;
                    see!(entry.insert(60));
                    see!(entry.remove_entry());
                }
                Entry::Vacant(_) => unreachable!(),
            }
            match map.entry(key("entry")) {
                Entry::Occupied(_) => unreachable!(),
                Entry::Vacant(entry) => {
                    see!(entry.key().to_vec());
                    *entry.insert(70) += 1;
                }
            }
            if let Entry::Vacant(entry) = map.entry(key("vacant")) {
                see!(entry.into_key());
            }
            if let Entry::Occupied(entry) = map.entry(key("entry")) {
                *entry.into_mut() += 1;
            }

            // Ends
            see!(map.first_key_value().map(|(key, value)| owned((key.clone(), value))));
            see!(map.last_key_value().map(|(key, value)| owned((key.clone(), value))));
            if let Some(mut entry) = map.first_entry() {
                *entry.get_mut() += 1;
                see!((entry.key().to_vec(), *entry.get()));
            }
            if let Some(entry) = map.last_entry() {
                see!(entry.remove_entry());
            }
            see!(map.pop_first());
            see!(map.pop_last());

            // Walks
            for (key, value) in &map {
                see!((key, value));
            }
            for (_, value) in &mut map {
                *value += 1;
            }
            map.iter_mut().for_each(|(key, value)| *value += key.len() as u32);
            map.values_mut().for_each(|value| *value *= 2);
            see!(map.iter().rev().map(|(key, value)| (key.clone(), *value)).collect::<Vec<_>>());
            see!(map.keys().map(|key| key.len()).collect::<Vec<_>>());
            see!(map.values().sum::<u32>());
            map.extend(other.clone());
            see!(map.range(key("c")..key("j")).map(|(_, value)| *value).collect::<Vec<_>>());
            see!(map.range(key("is")..=key("is")).count());
            see!(map.range(key("t")..).map(|(key, _)| key.clone()).next_back());
            see!(map.range::<[u8], _>(..).count());
            let from_d = (Included(b"d".as_slice()), Unbounded);
            see!(map.range::<[u8], _>(from_d).map(|(key, _)| key.clone()).collect::<Vec<_>>());
            let between = (Excluded(b"default".as_slice()), Excluded(b"the".as_slice()));
            see!(map.range::<[u8], _>(between).map(|(_, value)| *value).collect::<Vec<_>>());

            // Whole maps
            let mut copy = map.clone();
            see!((copy == map, copy < map, copy.cmp(&other), copy.partial_cmp(&map)));
            copy.retain(|key, value| key.len() > 2 && *value != 12);
            see!((copy == map, copy.len()));
            let tail = copy.split_off(b"g".as_slice());
            see!((copy.keys().map(|key| key.clone()).collect::<Vec<_>>(), tail.len()));
            let mut more = collected.clone();
            copy.append(&mut more);
            see!((copy.len(), more.is_empty()));
            see!(std::mem::take(&mut copy).into_iter().rev().collect::<Vec<_>>());
            let (small, large): (Map, Map) = map.into_iter().partition(|(_, value)| *value < 20);
            see!((small.len(), large.into_iter().map(|(_, value)| value).collect::<Vec<_>>()));
            copy.clear();
            see!(copy.is_empty());
            let set_of_maps = HashSet::from([small.clone(), small.clone(), collected]);
            see!(set_of_maps.len());
            seen
        }
    };
}

mod on_std {
    use std::collections::btree_map::Entry;

    use super::*;

    type Map = BTreeMap<Vec<u8>, u32>;

    program!();
}

mod on_bytetrie {
    use bytetrie::Entry;

    use super::*;

    type Map = PathMap<u32>;

    program!();
}

#[test]
fn a_program_for_std_does_the_same_with_only_the_type_changed() {
    let (wanted, found) = (on_std::run(), on_bytetrie::run());
    for (wanted, found) in wanted.iter().zip(&found) {
        assert_eq!(wanted, found);
    }
    assert_eq!(wanted.len(), found.len());
    assert!(wanted.len() > 40);
}

// Text as keys.

#[test]
fn debug_is_that_of_a_map_of_strings() {
    let entries = [("", 0), ("caf\u{e9}", 1), ("quote \" and \\ and \n", 2), ("\u{0}\u{7f}", 3)];
    let wanted = BTreeMap::from(entries.map(|(key, value)| (key.to_owned(), value)));
    let found = PathMap::from(entries);
    assert_eq!(format!("{found:?}"), format!("{wanted:?}"));
    assert_eq!(format!("{found:#?}"), format!("{wanted:#?}"));
    assert_eq!(format!("{:?}", PathMap::from([(b"a\xff\"", 1)])), r#"{b"a\xff\"": 1}"#);
}

#[test]
fn whatever_shows_a_path_shows_it_as_text() {
    use bytetrie::search::AlwaysMatch;
    use bytetrie::zipper::*;

    let mut map = PathMap::from([("caf\u{e9}", 1), ("tea", 2)]);
    assert_eq!(format!("{:?}", map.entry("x")), r#"Entry(VacantEntry("x"))"#);
    let occupied = r#"OccupiedEntry { key: "café", value: 1 }"#;
    assert_eq!(format!("{:?}", map.first_entry().unwrap()), occupied);
    assert_eq!(format!("{:?}", map.entry("caf\u{e9}")), format!("Entry({occupied})"));

    let mut reader = map.read_zipper_at_path("caf");
    reader.descend_to("\u{e9}");
    let shown = format!("{reader:?}");
    assert!(shown.contains(r#"root_prefix_path: "caf""#) && shown.contains(r#"path: "é""#), "{shown}");
    reader.descend_to(b"\xff");
    assert!(format!("{reader:?}").contains(r#"path: b"\xc3\xa9\xff""#));
    assert!(format!("{:?}", map.write_zipper_at_path("é")).contains(r#"root_prefix_path: "é""#));
    let mut prefixed = PrefixZipper::new(b"\xc3\xa9/", map.read_zipper());
    assert!(format!("{prefixed:?}").contains(r#"prefix: "é/""#));
    assert!(prefixed.set_root_prefix_path("no").unwrap_err().to_string().contains(r#""no""#));
    let overlay = JoinZipper::new(map.read_zipper_at_path("t"), map.read_zipper());
    assert!(format!("{overlay:?}").contains(r#"path: """#));

    let mut matches = map.search(AlwaysMatch);
    matches.next();
    assert!(format!("{matches:?}").contains(r#"at: "café""#));
    let empty = PathMap::new();
    let mut changes = empty.diff(&map);
    changes.next();
    assert!(format!("{changes:?}").contains(r#"at: "café""#));

    let message = catch_unwind(|| PathMap::<u32>::new()["caf\u{e9}"]).unwrap_err();
    assert!(message.downcast_ref::<String>().unwrap().contains(r#""café""#));
}

// Types of keys, sets.

#[test]
fn keys_of_every_type_are_collected() {
    use std::borrow::Cow;
    let wanted = PathMap::from([("a", 1), ("b", 2)]);
    let same = [
        [("a", 1), ("b", 2)].into_iter().collect::<PathMap<_>>(),
        [("a".to_owned(), 1), ("b".to_owned(), 2)].into_iter().collect(),
        [(&"a".to_owned(), 1), (&"b".to_owned(), 2)].into_iter().collect(),
        [([b'a'], 1), ([b'b'], 2)].into_iter().collect(),
        [(b"a", 1), (b"b", 2)].into_iter().collect(),
        [(b"a".as_slice(), 1), (b"b".as_slice(), 2)].into_iter().collect(),
        [(b"a".to_vec(), 1), (b"b".to_vec(), 2)].into_iter().collect(),
        [(Cow::Borrowed(b"a".as_slice()), 1), (Cow::Owned(b"b".to_vec()), 2)].into_iter().collect(),
        [("a", 1), ("b", 2)].iter().collect(),
        PathMap::from([(b"a", 1), (b"b", 2)]),
        PathMap::from(BTreeMap::from([("a", 1), ("b", 2)])),
        PathMap::from(HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)])),
    ];
    assert!(same.iter().all(|map| *map == wanted));
    // Like std's maps, extends a map with the items of another map's iterator.
    let std_map = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    let mut extended = PathMap::new();
    extended.extend(&std_map);
    assert_eq!(extended, wanted);
    assert_eq!(BTreeMap::from(wanted.clone()), BTreeMap::from([(b"a".to_vec(), 1), (b"b".to_vec(), 2)]));
    assert_eq!(HashMap::from(wanted), HashMap::from([(b"a".to_vec(), 1), (b"b".to_vec(), 2)]));
}

#[test]
fn sets_of_every_type_of_path_are_collected() {
    use std::borrow::Cow;
    use std::rc::Rc;
    use std::sync::Arc;
    let wanted = PathMap::from([("a", ()), ("b", ())]);
    let (a, b) = ("a".to_owned(), "b".to_owned());
    let same = [
        ["a", "b"].into_iter().collect::<PathMap<()>>(),
        ["a", "b"].iter().collect(),
        [&a, &b].into_iter().collect(),
        [a.clone(), b.clone()].into_iter().collect(),
        [b"a", b"b"].into_iter().collect(),
        [[b'a'], [b'b']].into_iter().collect(),
        [b"a".as_slice(), b"b"].into_iter().collect(),
        [b"a".as_slice(), b"b"].iter().collect(),
        [b"a".to_vec(), b"b".to_vec()].into_iter().collect(),
        [b"a".to_vec(), b"b".to_vec()].iter().collect(),
        [Cow::Borrowed("a"), Cow::Owned(b.clone())].into_iter().collect(),
        [Cow::Borrowed(b"a".as_slice()), Cow::Owned(b"b".to_vec())].into_iter().collect(),
        [Box::<str>::from("a"), Box::from("b")].into_iter().collect(),
        [Rc::<str>::from("a"), Rc::from("b")].into_iter().collect(),
        [Arc::<[u8]>::from(*b"a"), Arc::from(*b"b")].into_iter().collect(),
        PathMap::from(["a", "b"]),
        PathMap::from([b"a", b"b"]),
        PathMap::from([a.clone(), b.clone()]),
        PathMap::from(BTreeSet::from(["a", "b"])),
        PathMap::from(HashSet::from([a, b])),
    ];
    assert!(same.iter().all(|set| *set == wanted));
    assert_eq!(BTreeSet::from(wanted.clone()), BTreeSet::from([b"a".to_vec(), b"b".to_vec()]));
    assert_eq!(HashSet::<Vec<u8>>::from(wanted), HashSet::from([b"a".to_vec(), b"b".to_vec()]));
}

#[test]
fn operators_are_those_of_sets_and_assign() {
    let std_sets = (BTreeSet::from(["a", "b", "c"]), BTreeSet::from(["b", "d"]));
    let (a, b) = (PathMap::from(["a", "b", "c"]), PathMap::from(["b", "d"]));
    macro_rules! check {
        ($operator:tt, $assign:tt) => {
            let wanted = PathMap::from(&std_sets.0 $operator &std_sets.1);
            assert_eq!(&a $operator &b, wanted);
            assert_eq!(a.clone() $operator &b, wanted);
            assert_eq!(&a $operator b.clone(), wanted);
            assert_eq!(a.clone() $operator b.clone(), wanted);
            let mut assigned = a.clone();
            assigned $assign &b;
            assert_eq!(assigned, wanted);
            let mut assigned = a.clone();
            assigned $assign b.clone();
            assert_eq!(assigned, wanted);
        };
    }
    check!(|, |=);
    check!(&, &=);
    check!(-, -=);
    check!(^, ^=);
}

#[test]
fn entries_that_are_filled_are_given_on() {
    // As in std since Rust 1.92.
    let mut map = PathMap::from([("full", 1)]);
    assert_eq!(map.entry("full").insert_entry(2).get(), &2);
    assert_eq!(map.entry("new").insert_entry(3).remove_entry(), (b"new".to_vec(), 3));
    let Entry::Vacant(vacant) = map.entry("new") else { panic!("it was removed") };
    *vacant.insert_entry(4).get_mut() += 1;
    assert_eq!(map, PathMap::from([("full", 2), ("new", 5)]));
}

#[test]
fn a_map_is_what_std_maps_are_to_threads_and_unwinding() {
    fn is<T: Send + Sync + Unpin + std::panic::UnwindSafe + std::panic::RefUnwindSafe>() {}
    is::<BTreeMap<Vec<u8>, u32>>();
    is::<PathMap<u32>>();
}

// Random operations.

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![4 => 0..3u8, 1 => any::<u8>()], 0..6)
}

fn bound() -> impl Strategy<Value = Bound<Vec<u8>>> {
    prop_oneof![key().prop_map(Included), key().prop_map(Excluded), Just(Unbounded)]
}

fn borrow(bound: &Bound<Vec<u8>>) -> Bound<&[u8]> {
    bound.as_ref().map(Vec::as_slice)
}

proptest! {
    #[test]
    fn split_off_and_bounds_are_those_of_std(
        entries in vec((key(), any::<u8>()), 0..60),
        at in key(),
        bounds in (bound(), bound()),
        shared in any::<bool>(),
    ) {
        let mut wanted: BTreeMap<Vec<u8>, u8> = entries.iter().cloned().collect();
        let mut found: PathMap<u8> = entries.iter().cloned().collect();
        let snapshot = shared.then(|| found.clone());

        let bytes = (borrow(&bounds.0), borrow(&bounds.1));
        let inside = |key: &[u8]| {
            (match bytes.0 { Included(low) => key >= low, Excluded(low) => key > low, Unbounded => true })
                && (match bytes.1 { Included(high) => key <= high, Excluded(high) => key < high, Unbounded => true })
        };
        let within: Vec<_> = wanted.iter().filter(|(key, _)| inside(key)).map(|(key, v)| (key.clone(), *v)).collect();
        prop_assert_eq!(found.range::<[u8], _>(bytes).map(|(key, v)| (key, *v)).collect::<Vec<_>>(), within);

        let (wanted_tail, found_tail) = (wanted.split_off(&at), found.split_off(&at));
        found.check().unwrap();
        found_tail.check().unwrap();
        prop_assert_eq!(BTreeMap::from(found.clone()), wanted.clone());
        prop_assert_eq!(BTreeMap::from(found_tail.clone()), wanted_tail.clone());
        // The remaining map and the removed entries equal maps built from scratch, without
        // dangling paths.
        prop_assert_eq!(&found, &PathMap::from(wanted));
        prop_assert_eq!(&found_tail, &PathMap::from(wanted_tail));
        if let Some(snapshot) = snapshot {
            prop_assert_eq!(snapshot, entries.into_iter().collect::<PathMap<u8>>());
        }
    }
}

// Hostile callers.

/// A key whose `as_ref` counts its calls, returns different bytes each time, and can panic.
struct Fickle {
    asked: Cell<usize>,
    panics: bool,
}

const ANSWERS: [&str; 4] = ["be", "absent", "to", ""];

impl AsRef<[u8]> for &Fickle {
    fn as_ref(&self) -> &[u8] {
        assert!(!self.panics, "a key panics");
        self.asked.set(self.asked.get() + 1);
        ANSWERS[(self.asked.get() - 1) % ANSWERS.len()].as_bytes()
    }
}

#[test]
fn a_key_is_asked_once_for_its_bytes_and_before_anything_changes() {
    use bytetrie::zipper::ZipperMoving;

    type Call = (&'static str, fn(&mut PathMap<u32>, &Fickle));
    let calls: [Call; 27] = [
        ("insert", |map, key| assert_eq!(map.insert(key, 9), Some(2))),
        ("set_val_at", |map, key| assert_eq!(map.set_val_at(key, 9), Some(2))),
        ("get", |map, key| assert_eq!(map.get(key), Some(&2))),
        ("get_key_value", |map, key| assert_eq!(map.get_key_value(key), Some((b"be".to_vec(), &2)))),
        ("contains", |map, key| assert!(map.contains(key))),
        ("path_exists_at", |map, key| assert!(map.path_exists_at(key))),
        ("index", |map, key| assert_eq!(map[key], 2)),
        ("get_mut", |map, key| assert!(map.get_mut(key).is_some())),
        ("get_val_or_set_mut_at", |map, key| assert_eq!(*map.get_val_or_set_mut_at(key, 9), 2)),
        ("remove", |map, key| assert_eq!(map.remove(key), Some(2))),
        ("remove_entry", |map, key| assert_eq!(map.remove_entry(key), Some((b"be".to_vec(), 2)))),
        ("remove_val_at", |map, key| assert_eq!(map.remove_val_at(key, false), Some(2))),
        ("create_path", |map, key| assert!(!map.create_path(key))),
        ("prune_path", |map, key| assert_eq!(map.prune_path(key), 0)),
        ("remove_branches_at", |map, key| assert!(map.remove_branches_at(key, true))),
        ("entry", |map, key| assert_eq!(map.entry(key).insert_entry(9).remove_entry(), (b"be".to_vec(), 9))),
        ("split_off", |map, key| assert_eq!(map.split_off(key).len(), 3)),
        ("split_off_prefix", |map, key| assert_eq!(map.split_off_prefix(key).len(), 2)),
        ("range from", |map, key| assert_eq!(map.range::<&Fickle, _>(key..).count(), 3)),
        ("range to", |map, key| assert_eq!(map.range::<&Fickle, _>(..=key).count(), 2)),
        ("single", |map, key| *map = PathMap::single(key, 9)),
        ("from a pair", |map, key| *map = PathMap::from((key, 9))),
        ("extend", |map, key| map.extend([(key, 9)])),
        ("from_sorted_iter", |map, key| *map = PathMap::from_sorted_iter([(key, 9)])),
        ("read_zipper_at_path", |map, key| drop(map.read_zipper_at_path(key))),
        ("write_zipper_at_path", |map, key| drop(map.write_zipper_at_path(key))),
        ("descend_to", |map, key| map.write_zipper().descend_to(key)),
    ];
    let whole = PathMap::from([("a", 1), ("be", 2), ("bet", 3), ("to", 4)]);
    for (name, call) in calls {
        let mut map = whole.clone();
        let key = Fickle { asked: Cell::new(0), panics: false };
        call(&mut map, &key);
        assert_eq!(key.asked.get(), 1, "{name}");
        map.check().unwrap();

        let mut map = whole.clone();
        let key = Fickle { asked: Cell::new(0), panics: true };
        catch_unwind(AssertUnwindSafe(|| call(&mut map, &key))).expect_err(name);
        assert_eq!(map, whole, "{name}");
        map.check().unwrap();
    }
}

#[test]
fn closures_of_entries_that_panic_change_nothing_but_what_they_wrote() {
    let whole = PathMap::from([("a", 1), ("be", 2)]);
    let calls: [fn(&mut PathMap<u32>); 5] = [
        |map| *map.entry("b").or_insert_with(|| panic!("a default panics")) += 1,
        |map| *map.entry("b").or_insert_with_key(|_| panic!("a default panics")) += 1,
        |map| drop(map.entry("be").and_modify(|_| panic!("a change panics"))),
        |map| *map.get_val_or_set_mut_with_at("b", || panic!("a default panics")) += 1,
        |map| {
            map.join_into_with(&PathMap::from([("be", 1)]), |_, _| -> u32 { panic!("a join panics") });
        },
    ];
    for call in calls {
        let mut map = whole.clone();
        catch_unwind(AssertUnwindSafe(|| call(&mut map))).unwrap_err();
        assert_eq!(map, whole);
        map.check().unwrap();
    }
    let mut map = whole.clone();
    let change = |value: &mut u32| {
        *value = 7;
        panic!("a change panics when it is done");
    };
    catch_unwind(AssertUnwindSafe(|| drop(map.entry("be").and_modify(change)))).unwrap_err();
    assert_eq!((map["be"], whole["be"]), (7, 2));
}

#[test]
fn an_iterator_that_panics_leaves_what_it_gave_before() {
    let entries = || (0..9u32).map(|i| if i < 5 { (i.to_be_bytes(), i) } else { panic!("the sixth panics") });
    let mut map = PathMap::new();
    catch_unwind(AssertUnwindSafe(|| map.extend(entries()))).unwrap_err();
    assert_eq!(map, (0..5u32).map(|i| (i.to_be_bytes(), i)).collect());
    map.check().unwrap();
    let mut set = PathMap::from(["a"]);
    let paths = ["b", "c"].into_iter().inspect(|path| assert_eq!(*path, "b"));
    catch_unwind(AssertUnwindSafe(|| set.extend(paths))).unwrap_err();
    assert_eq!(set, PathMap::from(["a", "b"]));
}

#[test]
fn paths_are_given_as_text_bytes_arrays_and_vectors() {
    use bytetrie::morphisms::TrieBuilder;
    use bytetrie::zipper::*;

    let (text, bytes, vector) = ("in".to_owned(), b"in".as_slice(), b"in".to_vec());
    let mut map = PathMap::from([("in/a", 1)]);
    macro_rules! each {
        (|$map:ident, $path:ident| $body:expr) => {
            each!(@ $map, $path, $body, "in", b"in", *b"in", bytes, &text, &vector, &bytes)
        };
        (@ $map:ident, $path:ident, $body:expr, $($given:expr),+) => {$({
            let ($map, $path) = (&mut map, $given);
            assert!($body);
        })+};
    }
    each!(|map, path| map.write_zipper_at_path(path).root_prefix_path() == b"in");
    each!(|map, path| map.read_zipper_at_path(path).root_prefix_path() == b"in");
    each!(|map, path| map.zipper_head().write_zipper_at_exclusive_path(path).is_ok());
    each!(|map, path| map.zipper_head().read_zipper_at_path(path).is_ok());
    each!(|map, path| map.clone().into_write_zipper(path).root_prefix_path() == b"in");
    each!(|map, path| map.clone().into_read_zipper(path).root_prefix_path() == b"in");
    each!(|map, path| map.clone().into_zipper_head(path).read_zipper_at_path("/a").unwrap().val() == Some(&1));
    each!(|map, path| map.trie_ref_at_path(path).path_exists());
    each!(|map, path| PrefixZipper::new(b"in/a", map.read_zipper()).with_origin(path).is_ok());
    // Methods that borrow a path accept unsized types.
    assert!(map.read_zipper_at_borrowed_path("in").path_exists());
    assert!(map.read_zipper_at_borrowed_path(b"in").path_exists());
    assert!(map.read_zipper_at_borrowed_path(&text).path_exists());
    assert!(map.read_zipper_at_borrowed_path(bytes).path_exists());
    assert!(map.zipper_head().read_zipper_at_borrowed_path("in").is_ok());
    let build = |depth: u8, _: &mut Option<u8>, children: &mut TrieBuilder<u8, u8>, _: &[u8]| {
        if depth == 0 {
            children.push("a", 1);
            children.push(b"bc", 1);
        }
    };
    assert_eq!(PathMap::<u8>::new_from_ana(0, build).val_count(), 0);
}

// Closures for the values.

#[test]
fn closures_return_values_options_or_results() {
    use bytetrie::zipper::*;
    use bytetrie::{AlgebraicResult, AlgebraicStatus, SELF_IDENT};

    let a = PathMap::from([("a", 1u32), ("b", 2), ("c", 3)]);
    let b = PathMap::from([("b", 5), ("c", 3), ("d", 4)]);
    let sum = PathMap::from([("a", 1), ("b", 7), ("c", 6), ("d", 4)]);
    assert_eq!(a.join_with(&b, |x, y| x + y), sum);
    assert_eq!(a.join_with(&b, |x, y| Some(x + y)), sum);
    assert_eq!(a.join_with(&b, |x, y| AlgebraicResult::Element(x + y)), sum);
    assert_eq!(a.join_with(&b, |_, _| 0)["b"], 0);
    // A closure whose type is ambiguous is inferred from the map's type.
    assert_eq!(a.join_with(&b, |_, _| AlgebraicResult::None), PathMap::from([("a", 1), ("d", 4)]));
    assert_eq!(a.join_with(&b, |_, _| None), PathMap::from([("a", 1), ("d", 4)]));
    assert_eq!(
        a.meet_with(&b, |_, _| AlgebraicResult::Identity(SELF_IDENT)),
        PathMap::from([("b", 2), ("c", 3)])
    );
    assert_eq!(a.meet_with(&b, |x, y| x * y), PathMap::from([("b", 10), ("c", 9)]));
    let left = PathMap::from([("a", 1), ("b", 3)]);
    let less = |x: &u32, y: &u32| Some(x.abs_diff(*y)).filter(|left| *left > 0);
    assert_eq!(a.subtract_with(&b, less), left);

    let mut map = a.clone();
    assert_eq!(map.join_into_with(&b, |x, y| x + y), AlgebraicStatus::Element);
    assert_eq!(map, sum);
    let mut map = a.clone();
    assert_eq!(map.meet_into_with(&b, |_, _| None), AlgebraicStatus::None);
    assert!(map.is_empty());
    let mut map = a.clone();
    assert_eq!(map.subtract_into_with(&b, less), AlgebraicStatus::Element);
    assert_eq!(map, left);
    let mut map = a.clone();
    let keep = |_: &u32, _: &u32| AlgebraicResult::Identity(SELF_IDENT);
    assert_eq!(map.join_into_with(&a, keep), AlgebraicStatus::Identity);

    // Through writers, at and below the focus.
    let mut map = PathMap::from([("x/a", 1u32), ("x/b", 2), ("x/c", 3), ("y", 9)]);
    let mut writer = map.write_zipper_at_path("x/");
    assert_eq!(writer.join_into_with(&b.read_zipper(), |x, y| x + y), AlgebraicStatus::Element);
    assert_eq!(writer.make_map(), sum);
    assert_eq!(writer.meet_into_with(&a.read_zipper(), false, |x, y| x - y), AlgebraicStatus::Element);
    assert_eq!(writer.make_map(), PathMap::from([("a", 0), ("b", 5), ("c", 3)]));
    let by_reference = &mut &mut writer;
    assert_eq!(by_reference.subtract_into_with(&b.read_zipper(), true, less), AlgebraicStatus::Element);
    assert_eq!(writer.make_map(), PathMap::from([("a", 0)]));
    assert_eq!(writer.subtract_into_with(&a.read_zipper(), true, |_, _| None), AlgebraicStatus::None);
    drop(writer);
    // Pruning never rises above the writer's root.
    assert_eq!(map.prune_path("x/"), 2);
    assert_eq!(map, PathMap::from([("y", 9)]));
}

#[test]
fn matches_and_changes_are_iterated_with_paths_of_their_own() {
    use bytetrie::Change;
    use bytetrie::search::{Automaton, Str};

    let old = PathMap::from([("rom", 1), ("romane", 2), ("rubens", 3)]);
    let mut new = old.clone();
    new.remove("rom");
    new.insert("romulus", 4);
    new.insert("rubens", 5);
    let found: BTreeMap<Vec<u8>, &i32> = old.search(Str::new("rom").starts_with()).into_iter().collect();
    assert_eq!(found, BTreeMap::from([(b"rom".to_vec(), &1), (b"romane".to_vec(), &2)]));
    let mut told = Vec::new();
    for (path, change) in old.diff(&new) {
        told.push((String::from_utf8(path).unwrap(), change));
    }
    let wanted = [
        ("rom".to_owned(), Change::Removed(&1)),
        ("romulus".to_owned(), Change::Added(&4)),
        ("rubens".to_owned(), Change::Changed(&3, &5)),
    ];
    assert_eq!(told, wanted);
    let mut changes = old.diff(&new);
    changes.next();
    let mut rest = changes.into_iter();
    assert_eq!(rest.by_ref().count(), 2);
    assert_eq!(rest.next(), None);
}
