//! Long look-ups, moves up and moves back, by readers, and by writers that follow their trails.
//!
//! A reader that has looked up a path moves up by many frames at once. A writer keeps the bytes of
//! its old path, and beyond them its buffer may hold bytes of still older paths. Both show in paths
//! that part, and come back, in the middle of suffixes.

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::{NaiveMap, NaiveZipper};
use bytetrie::testing::reached::Mark;
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// A move or a write.
#[derive(Clone, Copy, Debug)]
enum Call {
    Reset,
    /// Moves down by the bytes of a key that follow the present depth, at most by a number of them.
    Along(usize, usize),
    /// Like `Along`, and tells whether the path exists.
    Check(usize, usize),
    /// Like `Along`, as far as the path exists.
    Existing(usize, usize),
    /// Moves down by a byte that follows in a key.
    Byte(usize),
    /// Moves to the first bytes of a key.
    To(usize, usize),
    Ascend(usize),
    Until,
    First,
    Sibling,
    Next,
    Set(u64),
    Remove(bool),
}

/// Moves and writes; `trails` is how many of them are as a writer's that often returns to its root.
fn calls(trails: u32) -> impl Strategy<Value = Vec<Call>> {
    let along = || (any::<usize>(), prop_oneof![1..6usize, 1..40usize]);
    let up = prop_oneof![1..4usize, 1..40usize];
    let call = prop_oneof![
        3 + 3 * trails => Just(Call::Reset),
        6 + 4 * trails => along().prop_map(|(key, n)| Call::Along(key, n)),
        6 => along().prop_map(|(key, n)| Call::Check(key, n)),
        2 => along().prop_map(|(key, n)| Call::Existing(key, n)),
        2 + trails => any::<usize>().prop_map(Call::Byte),
        2 => along().prop_map(|(key, n)| Call::To(key, n)),
        8 => up.prop_map(Call::Ascend),
        1 => Just(Call::Until),
        1 => Just(Call::First),
        1 => Just(Call::Sibling),
        1 => Just(Call::Next),
        3 + trails => any::<u64>().prop_map(Call::Set),
        1 => any::<bool>().prop_map(Call::Remove),
    ];
    vec(call, 0..60)
}

/// Keys that part in few bytes, at places that they share, and some that are cut short.
fn keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let part = prop_oneof![
        3 => "[ab]{1,2}".prop_map(String::into_bytes),
        2 => prop_oneof![Just("common"), Just("commonly/used"), Just("\0\0\0")]
            .prop_map(|part| part.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ];
    let key = (vec(part, 1..6), 0..3usize).prop_map(|(parts, cut)| {
        let mut key = parts.concat();
        key.truncate(key.len() - cut.min(key.len() - 1));
        key
    });
    vec(key, 1..60)
}

/// `n` bytes: those of a key that follow its first `depth`, and behind its end those of an absent
/// path.
fn following(keys: &[Vec<u8>], key: usize, depth: usize, n: usize) -> Vec<u8> {
    let key = &keys[key % keys.len()];
    let left = key.get(depth..).unwrap_or_default().iter().copied();
    // Mostly nothing is below the end of the key, so the path leaves the trie there.
    left.chain(*b"zz").take(n).collect()
}

/// Moves a zipper and its model, and compares the results. Calls that write do nothing.
macro_rules! go {
    ($zipper:ident, $model:ident, $keys:expr, $call:expr) => {{
        let depth = $model.path().len();
        match $call {
            Call::Reset => ($zipper.reset(), $model.reset()),
            Call::Along(key, n) => {
                let bytes = following($keys, key, depth, n);
                ($zipper.descend_to(&bytes), $model.descend_to(&bytes))
            }
            Call::Check(key, n) => {
                let bytes = following($keys, key, depth, n);
                prop_assert_eq!($zipper.descend_to_check(&bytes), $model.descend_to_check(&bytes));
                ((), ())
            }
            Call::Existing(key, n) => {
                let bytes = following($keys, key, depth, n);
                prop_assert_eq!($zipper.descend_to_existing(&bytes), $model.descend_to_existing(&bytes));
                ((), ())
            }
            Call::Byte(key) => {
                let byte = following($keys, key, depth, 1)[0];
                ($zipper.descend_to_byte(byte), $model.descend_to_byte(byte))
            }
            Call::To(key, n) => {
                let path = following($keys, key, 0, n);
                prop_assert_eq!($zipper.move_to_path(&path), $model.move_to_path(&path));
                ((), ())
            }
            Call::Ascend(n) => {
                prop_assert_eq!($zipper.ascend(n), $model.ascend(n));
                ((), ())
            }
            Call::Until => {
                prop_assert_eq!($zipper.ascend_until(), $model.ascend_until());
                ((), ())
            }
            Call::First => {
                prop_assert_eq!($zipper.descend_first_byte(), $model.descend_first_byte());
                ((), ())
            }
            Call::Sibling => {
                prop_assert_eq!($zipper.to_next_sibling_byte(), $model.to_next_sibling_byte());
                ((), ())
            }
            Call::Next => {
                prop_assert_eq!($zipper.to_next_val(), $model.to_next_val());
                ((), ())
            }
            Call::Set(_) | Call::Remove(_) => ((), ()),
        };
        prop_assert_eq!($zipper.path(), $model.path());
    }};
}

/// Compares all that a zipper says about its focus with the model.
macro_rules! agree {
    ($zipper:ident, $model:ident) => {{
        prop_assert_eq!($zipper.path_exists(), $model.path_exists());
        prop_assert_eq!($zipper.val(), $model.val());
        prop_assert_eq!($zipper.child_mask(), $model.child_mask());
    }};
}

/// Small nodes, so that there are many on the way to a key, or nodes as they are.
fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![Just(Limits::TINY), Just(Limits::DEFAULT)]
}

fn maps(keys: &[Vec<u8>], dangling: usize) -> (PathMap<u64>, NaiveMap<u64>) {
    let (mut map, mut naive) = (PathMap::new(), NaiveMap::new());
    for (i, key) in keys.iter().enumerate() {
        // Some tips have no value.
        if dangling > 0 && i % dangling == 0 {
            map.create_path(key);
            naive.create_path(key);
        } else {
            map.insert(key, i as u64);
            naive.set(key, i as u64);
        }
    }
    (map, naive)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn readers(
        keys in keys(),
        calls in calls(0),
        limits in limits(),
        dangling in 0..5usize,
        asks in any::<u64>(),
    ) {
        let (map, mut naive) = with_limits(limits, || maps(&keys, dangling));
        let mut model = NaiveZipper::new(&mut naive, b"");
        let mut reader = map.read_zipper();
        for (i, &call) in calls.iter().enumerate() {
            go!(reader, model, &keys, call);
            if asks >> i & 1 != 0 {
                agree!(reader, model);
            }
        }
        agree!(reader, model);
    }

    /// What a check says of the focus, and where it stops, is where the model has tips.
    #[test]
    fn checks_that_stop_at_tips(keys in keys(), calls in calls(0), limits in limits(), dangling in 0..5usize) {
        let (map, mut naive) = with_limits(limits, || maps(&keys, dangling));
        let mut model = NaiveZipper::new(&mut naive, b"");
        let mut reader = map.read_zipper();
        for &call in &calls {
            let Call::Check(key, n) = call else {
                go!(reader, model, &keys, call);
                continue;
            };
            let bytes = following(&keys, key, model.path().len(), n);
            let start = model.path().to_vec();
            let is_tip = |len: &usize| {
                let path = [&start[..], &bytes[..*len]].concat();
                naive_is_tip(model.map(), &path)
            };
            let expected = match (0..=bytes.len()).find(is_tip) {
                Some(moved) => Err(moved),
                None => Ok(model.map().path_exists_at(&[&start[..], &bytes[..]].concat())),
            };
            prop_assert_eq!(reader.descend_to_check_or_tip(&bytes), expected);
            model.descend_to(&bytes[..expected.err().unwrap_or(bytes.len())]);
            prop_assert_eq!(reader.path(), model.path());
            agree!(reader, model);
        }
    }

    #[test]
    fn writers(
        keys in keys(),
        calls in calls(4),
        root in 0..4usize,
        limits in limits(),
        dangling in 0..5usize,
        shared in any::<bool>(),
        asks in prop_oneof![Just(0), any::<u64>()],
    ) {
        with_limits(limits, || {
            let (mut map, mut naive) = maps(&keys, dangling);
            let entries = |map: &PathMap<u64>| map.iter().map(|(key, v)| (key.to_vec(), *v)).collect::<Vec<_>>();
            // Another owner of all nodes.
            let (clone, before) = (shared.then(|| map.clone()), entries(&map));
            let root = &keys[0][..root.min(keys[0].len())];
            // The keys are seen from the root.
            let cut = |key: &Vec<u8>| key[root.len().min(key.len())..].to_vec();
            let keys: Vec<Vec<u8>> = keys.iter().map(cut).collect();
            let mut model = NaiveZipper::new(&mut naive, root);
            let mut writer = map.write_zipper_at_path(root);
            for (i, &call) in calls.iter().enumerate() {
                match call {
                    Call::Set(value) => prop_assert_eq!(writer.set_val(value), model.set_val(value)),
                    Call::Remove(prune) => prop_assert_eq!(writer.remove_val(prune), model.remove_val(prune)),
                    _ => go!(writer, model, &keys, call),
                }
                if asks >> i & 1 != 0 {
                    agree!(writer, model);
                }
            }
            agree!(writer, model);
            drop(writer);
            prop_assert_eq!(entries(&map), naive.iter().map(|(key, v)| (key.to_vec(), *v)).collect::<Vec<_>>());
            prop_assert!(clone.is_none_or(|clone| entries(&clone) == before));
            Ok(())
        })?;
    }
}

/// True iff the path is a location with nothing below it.
fn naive_is_tip(map: &NaiveMap<u64>, path: &[u8]) -> bool {
    map.path_exists_at(path) && !map.has_branches(path)
}

/// All words over two letters, of up to `longest` of them.
fn words(longest: usize) -> Vec<Vec<u8>> {
    let mut words = vec![Vec::new()];
    for at in 0.. {
        if words[at].len() == longest {
            return words;
        }
        for byte in *b"ab" {
            words.push([&words[at][..], &[byte]].concat());
        }
    }
    words
}

/// The bytes beyond a path that was cut are those of an older path. They must not be taken for the
/// trail: not after a path that has parted from the trail, nor after a second reset.
#[test]
fn bytes_of_older_paths_are_not_the_trail() {
    const LONG: usize = 6;
    // Small nodes, so that the trail has a frame nearly every byte.
    let base: PathMap<usize> = with_limits(Limits::TINY, || {
        words(LONG).into_iter().filter(|word| word.len() % 2 == 0).zip(0..).collect()
    });
    let words = words(LONG);
    for old in [&b"ababab"[..], b"bbabba", b"aaaa"] {
        for (first, resets) in words.iter().flat_map(|word| [(word, 0), (word, 1), (word, 2)]) {
            for second in words.iter().filter(|word| resets > 0 || first.len() + word.len() <= LONG) {
                for stepwise in [false, true] {
                    let mut map = base.clone();
                    let mut writer = map.write_zipper();
                    writer.descend_to(old);
                    writer.set_val(1000);
                    writer.reset();
                    writer.descend_to(first);
                    (0..resets).for_each(|_| writer.reset());
                    let path = if resets > 0 { second.clone() } else { [&first[..], second].concat() };
                    if stepwise {
                        second.iter().for_each(|&byte| writer.descend_to_byte(byte));
                    } else {
                        writer.descend_to(second);
                    }
                    let value = if path == old { Some(1000) } else { base.get(&path).copied() };
                    assert_eq!((writer.path(), writer.val()), (&path[..], value.as_ref()));
                    assert_eq!(writer.child_count(), if path.len() < LONG { 2 } else { 0 });
                    assert_eq!(writer.set_val(2000), value, "{old:?} {first:?} {resets} {second:?}");
                    drop(writer);
                    assert_eq!(map.get(&path), Some(&2000));
                }
            }
        }
    }
}

/// A node with only its own value is a tip, at the root and, if it is shared, below another node.
#[test]
fn checks_that_stop_at_a_node_without_entries() {
    let only = PathMap::from([("", 1)]);
    let mut reader = only.read_zipper();
    assert_eq!(reader.descend_to_check_or_tip(b"a"), Err(0));
    assert!(!reader.descend_to_check("a"));
    assert_eq!(reader.path(), b"a");

    let mut map = PathMap::from([("b", 3), ("c", 4)]);
    let head = map.zipper_head();
    let mut writer = head.write_zipper_at_exclusive_path("abc").unwrap();
    writer.set_val(1);
    // The writer's node is shared when it is put back, so it remains a node.
    let shared = writer.make_map();
    drop(writer);
    drop(head);
    for key in ["abc", "abcd"] {
        let mut reader = map.read_zipper();
        assert_eq!(reader.descend_to_check_or_tip(key.as_bytes()), Err(3));
        assert_eq!((reader.path(), reader.val()), (&b"abc"[..], Some(&1)));
    }
    assert_eq!(shared.get(""), Some(&1));
}

/// The end of a check is found without a search byte by byte, and moves from there are right.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "marks are counted in builds with debug assertions")]
fn checks_that_end_at_a_run_go_there_at_once() {
    let map = PathMap::from([("romane", 1), ("romanus", 2), ("romulus", 3), ("rubens", 4)]);
    // The key, and the number of branches there.
    for (key, branches) in [("r", 2), ("ro", 1), ("rom", 2), ("roma", 1), ("roman", 2)] {
        let mut reader = map.read_zipper();
        let before = Mark::WentWithin.count();
        assert!(reader.descend_to_check(key));
        assert_eq!(Mark::WentWithin.count() - before, 1);
        assert_eq!((reader.path(), reader.child_count(), reader.val()), (key.as_bytes(), branches, None));
        for len in (0..key.len()).rev() {
            assert!(reader.ascend_byte());
            assert_eq!(reader.child_count(), if len == 1 || len == 3 { 2 } else { 1 });
        }
    }
}

/// A check from the middle of a suffix enters the child behind it at once, and moves from there are
/// right.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "marks are counted in builds with debug assertions")]
fn checks_pass_the_rest_of_an_edge_at_once() {
    let pairs = (b'a'..=b'z').flat_map(|first| (b'a'..=b'z').map(move |second| [first, second]));
    let map: PathMap<()> = pairs.map(|pair| ([&b"edge"[..], &pair].concat(), ())).collect();
    for (from, key, passes) in [
        (1, "dge", Ok(true)),
        (2, "gec", Ok(true)),
        (3, "ecc", Err(3)),
        (1, "dgeccx", Err(5)),
        (3, "e!", Ok(false)),
        (1, "dg", Ok(true)),
        (1, "dx", Ok(false)),
    ] {
        let mut reader = map.read_zipper();
        for &byte in &b"edge"[..from] {
            assert!(reader.descend_to_existing_byte(byte));
        }
        let before = Mark::PassedEdge.count();
        assert_eq!(reader.descend_to_check_or_tip(key.as_bytes()), passes, "{from} {key}");
        let whole = key.starts_with(&"edge"[from..]);
        assert_eq!(Mark::PassedEdge.count() - before, u64::from(whole), "{from} {key}");
        let path = reader.path().to_vec();
        for len in (0..path.len()).rev() {
            assert!(reader.ascend_byte());
            let fresh = map.read_zipper_at_path(&path[..len]);
            assert_eq!((reader.path(), reader.child_mask()), (&path[..len], fresh.child_mask()));
            assert_eq!(reader.path_exists(), fresh.path_exists());
        }
    }
}
