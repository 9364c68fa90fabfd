//! Long look-ups, moves up and moves back, by readers, and by writers that follow their trails.
//!
//! A reader that has looked up a path moves up by many frames at once. A writer keeps the bytes of
//! its old path, and beyond them its buffer may hold bytes of still older paths. Both show in paths
//! that part, and come back, in the middle of suffixes.

use bytetrie::PathMap;
use bytetrie::testing::naive::{NaiveMap, NaiveZipper};
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

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let along = || (any::<usize>(), prop_oneof![1..6usize, 1..40usize]);
    let up = prop_oneof![1..4usize, 1..40usize];
    let call = prop_oneof![
        3 => Just(Call::Reset),
        6 => along().prop_map(|(key, n)| Call::Along(key, n)),
        6 => along().prop_map(|(key, n)| Call::Check(key, n)),
        2 => along().prop_map(|(key, n)| Call::Existing(key, n)),
        2 => any::<usize>().prop_map(Call::Byte),
        2 => along().prop_map(|(key, n)| Call::To(key, n)),
        8 => up.prop_map(Call::Ascend),
        1 => Just(Call::Until),
        1 => Just(Call::First),
        1 => Just(Call::Sibling),
        1 => Just(Call::Next),
        3 => any::<u64>().prop_map(Call::Set),
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
    fn readers(keys in keys(), calls in calls(), dangling in 0..5usize, asks in any::<u64>()) {
        let (map, mut naive) = maps(&keys, dangling);
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
    fn checks_that_stop_at_tips(keys in keys(), calls in calls(), dangling in 0..5usize) {
        let (map, mut naive) = maps(&keys, dangling);
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
    fn writers(keys in keys(), calls in calls(), root in 0..4usize, dangling in 0..5usize, asks in any::<u64>()) {
        let (mut map, mut naive) = maps(&keys, dangling);
        let root = &keys[0][..root.min(keys[0].len())];
        // The keys are seen from the root.
        let keys: Vec<Vec<u8>> = keys.iter().map(|key| key[root.len().min(key.len() - 1)..].to_vec()).collect();
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
        prop_assert!(map.iter().map(|(k, v)| (k.to_vec(), *v)).eq(naive.iter().map(|(k, v)| (k.to_vec(), *v))));
    }
}

/// True iff the path is a location with nothing below it.
fn naive_is_tip(map: &NaiveMap<u64>, path: &[u8]) -> bool {
    map.path_exists_at(path) && !map.has_branches(path)
}

/// The bytes beyond a path that was cut are those of an older path. They must not be taken for the
/// trail, however the path comes to be as long again.
#[test]
fn bytes_of_older_paths_are_not_the_trail() {
    let mut map = PathMap::from([("romane/one/long/way", 1), ("romanus/two", 2), ("rubens", 3)]);
    let mut writer = map.write_zipper();
    // The buffer has the longest path, then a shorter one before its end.
    writer.descend_to("romane/one/long/way");
    writer.set_val(4);
    writer.reset();
    writer.descend_to("romanus");
    writer.ascend(4);
    assert_eq!(writer.path(), b"rom");
    writer.descend_to("b");
    writer.ascend_byte();
    // From here on the trail is `rom`, and beyond it the buffer holds older bytes.
    writer.reset();
    writer.descend_to("ro");
    writer.descend_to_byte(b'm');
    writer.descend_to("ane/one");
    assert_eq!((writer.path(), writer.val()), (&b"romane/one"[..], None));
    writer.set_val(5);
    writer.reset();
    writer.descend_to("roman");
    writer.reset();
    writer.descend_to("romane/one/long/way");
    assert_eq!(writer.set_val(6), Some(4));
    drop(writer);
    let keys: Vec<_> = map.iter().map(|(key, value)| (key.to_vec(), *value)).collect();
    let expected: [(&[u8], _); 4] =
        [(b"romane/one", 5), (b"romane/one/long/way", 6), (b"romanus/two", 2), (b"rubens", 3)];
    assert_eq!(keys, expected.map(|(key, value)| (key.to_vec(), value)));
}
