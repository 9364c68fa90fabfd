//! Clones, drops and alignment of values: the library clones no value unless nodes are shared,
//! drops each value once, and stores values aligned.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bytetrie::testing::keys::Rng;
use bytetrie::testing::values::*;
use bytetrie::zipper::*;
use bytetrie::{ByteMask, Entry, PathMap};

use crate::census::{counted_map, no_leak, number};
use crate::keys::keys;
use crate::limits::under_both_limits;

/// Runs work under both limits with a census, and checks that no value leaks and none is cloned.
#[track_caller]
fn no_clone(work: impl Fn(&Census)) {
    under_both_limits(|| {
        let census = Census::new();
        work(&census);
        assert_eq!((census.live(), census.clones()), (0, 0));
    });
}

// Nothing is cloned.

#[test]
fn points_clone_nothing() {
    no_clone(|census| {
        let mut map = counted_map(census);
        for (i, key) in keys().iter().enumerate() {
            assert_eq!(map.insert(key, census.counted(9)).map(|old| old.number()), Some(number(i)));
            *map.get_mut(key).unwrap() = census.counted(7);
            map.get_val_or_set_mut_at(key, census.counted(8));
            assert_eq!(map.get(key).unwrap().number(), 7);
            map.entry(key).and_modify(|value| *value = census.counted(6)).or_insert(census.counted(5));
        }
        map.check().unwrap();
        for key in keys().iter().step_by(2) {
            assert_eq!(map.remove(key).unwrap().number(), 6);
            map.check().unwrap();
        }
        for key in keys().iter().skip(1).step_by(4) {
            map.remove_val_at(key, false).unwrap();
        }
        for key in keys() {
            match map.entry(&key) {
                Entry::Occupied(mut entry) => {
                    entry.insert(census.counted(1));
                    entry.remove_entry();
                }
                Entry::Vacant(entry) => {
                    entry.insert(census.counted(2));
                }
            }
        }
        map.check().unwrap();
        map.shrink_to_fit();
    });
}

#[test]
fn whole_map_verbs_clone_nothing() {
    no_clone(|census| {
        let mut map = counted_map(census);
        map.iter_mut().for_each(|(_, value)| *value = census.counted(3));
        map.values_mut().rev().take(7).for_each(|value| *value = census.counted(4));
        map.retain(|path, value| path.len() != 2 || value.number() == 4);
        map.check().unwrap();
        let mut other = counted_map(census);
        map.append(&mut other);
        assert_eq!((map.len(), other.len()), (keys().len(), 0));
        let split = map.split_off_prefix("w");
        assert_eq!(map.len() + split.len(), keys().len());
        split.check().unwrap();
        map.check().unwrap();
        map.pop_first();
        map.pop_last();
        assert!(map == map && split.first_key_value() < split.last_key_value());
        map.clear();
        let rebuilt = PathMap::from_sorted_iter(split);
        rebuilt.check().unwrap();
    });
}

#[test]
fn consuming_iterators_clone_nothing_wherever_they_stop() {
    no_clone(|census| {
        let count = keys().len();
        for taken in 0..=count {
            let mut front = counted_map(census).into_iter();
            assert_eq!(front.by_ref().take(taken).count(), taken);
            match taken % 2 {
                0 => assert_eq!(front.count(), count - taken),
                _ => drop(front),
            }
            let mut back = counted_map(census).into_iter();
            assert_eq!(back.by_ref().rev().take(taken).count(), taken);
            back.next();
        }
    });
}

#[test]
fn writers_clone_nothing() {
    no_clone(|census| {
        let mut map = counted_map(census);
        let mut writer = map.write_zipper_at_path(b"w");
        writer.set_val(census.counted(1));
        for byte in [12, 13, 18] {
            writer.descend_to_byte(byte);
            writer.get_val_or_set_mut(census.counted(2));
            writer.get_val_mut().unwrap();
            writer.descend_to(b"new/branch");
            writer.set_val(census.counted(3));
            writer.reset();
        }
        writer.descend_to_byte(12);
        let taken = writer.take_map(false).unwrap();
        taken.check().unwrap();
        writer.graft_map(taken);
        assert!(writer.insert_prefix(b"long prefix that fills more than a tail"));
        writer.descend_to(b"long prefix that fills more than a tail");
        assert!(writer.remove_prefix(3));
        assert!(writer.remove_val(true).is_none());
        writer.reset();
        let mut evens: ByteMask = (0..=255u8).filter(|byte| byte % 12 == 0).collect();
        writer.remove_unmasked_branches(evens, true);
        evens.clear_bit(12);
        writer.graft_child_maps(evens, [counted_map(census), PathMap::new()], false);
        drop(writer);
        map.check().unwrap();
        let mut writer = map.write_zipper();
        writer.descend_to(b"common/prefix/0");
        assert!(writer.remove_branches(true));
        writer.remove_val(true);
        assert_eq!(writer.prune_path(), 0);
        drop(writer);
        map.check().unwrap();
        let mut writer = map.into_write_zipper("a");
        writer.descend_to("bc");
        writer.graft_map(counted_map(census));
        let map = writer.into_map();
        map.check().unwrap();
        drop(map.into_read_zipper("ab"));
    });
}

#[test]
fn heads_clone_nothing() {
    no_clone(|census| {
        let mut map = counted_map(census);
        let head = map.zipper_head();
        for key in keys() {
            let mut writer = head.write_zipper_at_exclusive_path(&key).unwrap();
            writer.set_val(census.counted(1));
            writer.descend_to("xyz");
            writer.set_val(census.counted(2));
        }
        // Next to each other in one node, and dropped in another order.
        let writers: Vec<_> =
            (0..40u8).map(|i| head.write_zipper_at_exclusive_path([b'w', i * 6 + 1]).unwrap()).collect();
        let mut more: Vec<_> =
            (0..40u8).map(|i| head.write_zipper_at_exclusive_path([b'w', i * 6]).unwrap()).collect();
        more.iter_mut().for_each(|writer| drop(writer.set_val(census.counted(3))));
        drop(writers);
        more.into_iter().rev().for_each(drop);
        let mut outer = head.write_zipper_at_exclusive_path("common").unwrap();
        outer.descend_to("/prefix/");
        let nested = outer.zipper_head();
        let mut left = nested.write_zipper_at_exclusive_path("0").unwrap();
        let right = nested.write_zipper_at_exclusive_path("1").unwrap();
        left.remove_branches(true);
        drop((left, right));
        drop(nested);
        head.cleanup_write_zipper(outer);
        drop(head);
        map.check().unwrap();
        drop(map.into_zipper_head("w"));
    });
}

#[test]
fn putting_back_clones_nothing_beside_a_reader() {
    no_leak(|census| {
        let mut map = counted_map(census);
        let head = map.zipper_head();
        for i in (0..40u8).step_by(3) {
            let mut writer = head.write_zipper_at_exclusive_path([b'w', i * 6]).unwrap();
            writer.set_val(census.counted(1));
            // Zippers created while the place next to them is vacant would share the node that the
            // subtrie returns to.
            let readers: Vec<_> = (0..40u8)
                .filter(|&other| other != i)
                .map(|other| head.read_zipper_at_path([b'w', other * 6]).unwrap())
                .collect();
            let beyond = head.read_zipper_at_path("common/prefix").unwrap();
            let before = census.clones();
            drop(writer);
            assert_eq!(census.clones(), before, "a value was cloned to put a subtrie back");
            assert!(readers.iter().all(|reader| reader.is_val()) && beyond.val_count() == 12);
        }
        drop(head);
        map.check().unwrap();
    });
}

// Necessary clones.

#[test]
fn a_write_beside_sharing_clones_the_nodes_on_the_way_only() {
    no_leak(|census| {
        let mut map = counted_map(census);
        let copy = map.clone();
        assert_eq!(census.clones(), 0);
        map.insert("a", census.counted(200));
        let once = census.clones();
        assert!(once > 0 && once < keys().len() + 1);
        map.insert("a", census.counted(201));
        assert_eq!(census.clones(), once, "the second write found the nodes unshared");
        drop(copy);
        assert_eq!(census.live(), keys().len() as isize);
    });
}

// Snapshots.

/// A writer remembers the nodes that it owns exclusively. Maps cloned from it through a shared
/// borrow, at any time and place, are new owners of its nodes. None of them may see a later write.
#[test]
fn snapshots_taken_from_a_writer_never_change() {
    under_both_limits(|| {
        for seed in 0..60 {
            let mut rng = Rng::new(seed);
            let mut pick = |below: usize| rng.bytes(1)[0] as usize % below;
            let census = Census::new();
            let mut writer =
                counted_map(&census).into_write_zipper(["", "w", "common/pre"][seed as usize % 3]);
            let read = |map: &PathMap<Counted>| -> Vec<_> {
                map.iter().map(|(path, value)| (path, value.number())).collect()
            };
            let mut taken: Vec<(PathMap<Counted>, Vec<_>)> = Vec::new();
            let mut keep = |map: PathMap<Counted>| {
                let content = read(&map);
                taken.push((map, content));
            };
            for step in 0..60u8 {
                match pick(12) {
                    0 => writer.reset(),
                    1 => writer.descend_to(["\u{c}", "fix/", "0/deeper/", "ab", "\u{6}"][pick(5)]),
                    2 => {
                        writer.to_next_val();
                    }
                    3 => {
                        writer.ascend(1 + pick(3));
                    }
                    4 => {
                        writer.descend_until();
                    }
                    5 => drop(writer.set_val(census.counted(step))),
                    6 => writer.get_val_mut().into_iter().for_each(|value| *value = census.counted(step)),
                    7 => drop(writer.remove_val(pick(2) == 0)),
                    8 => keep(writer.clone().into_map()),
                    9 => keep(writer.make_map()),
                    10 => {
                        let mut fork = writer.fork_read_zipper();
                        fork.to_next_val();
                        keep(fork.make_map());
                        keep(writer.get_trie_ref().make_map());
                    }
                    _ => {
                        let head = writer.zipper_head();
                        let mut inner =
                            head.write_zipper_at_exclusive_path(["", "0", "1/x"][pick(3)]).unwrap();
                        inner.set_val(census.counted(step));
                        let copied = inner.make_map();
                        inner.descend_to("below");
                        inner.set_val(census.counted(step));
                        let reader = inner.into_read_zipper();
                        drop(reader);
                        drop(head);
                        keep(copied);
                    }
                }
            }
            let map = writer.into_map();
            map.check().unwrap();
            for (taken, content) in &taken {
                taken.check().unwrap();
                assert_eq!(read(taken), *content);
            }
            drop((map, taken));
            assert_eq!(census.live(), 0);
        }
    });
}

/// A writer that was reset keeps its old path. A map cloned from a place on this path is a new
/// owner of the nodes there, which the next write along the path must notice.
#[test]
fn a_snapshot_taken_after_a_reset_does_not_see_the_next_write_along_the_old_way() {
    let prefixes = (1..=12).map(|len| b"abcdefghijkl"[..len].to_vec());
    let keys: Vec<_> = prefixes.flat_map(|path| b"0123".map(|end| [&path[..], &[end]].concat())).collect();
    let deep = b"abcdefghijkl2";
    under_both_limits(|| {
        for len in 0..deep.len() {
            let map: PathMap<u32> = keys.iter().map(|key| (key, 0)).collect();
            let mut writer = map.into_write_zipper("");
            writer.descend_to(deep);
            writer.set_val(1);
            writer.reset();
            writer.descend_to(&deep[..len]);
            let snapshot = writer.make_map();
            let fork = writer.fork_read_zipper().make_map();
            writer.reset();
            writer.descend_to(deep);
            assert_eq!(writer.set_val(2), Some(1));
            assert_eq!((snapshot.get(&deep[len..]), fork.get(&deep[len..])), (Some(&1), Some(&1)), "{len}");
        }
    });
}

// Shapes of values.

/// Content and alignment during splits, conversions to and from wide nodes, copies and removals.
fn exercise<V: Clone + Debug + PartialEq + From<u8>>() {
    let check = |map: &PathMap<V>, model: &BTreeMap<Vec<u8>, u8>| {
        map.check().unwrap();
        assert_eq!(map.len(), model.len());
        for ((path, value), (key, &number)) in map.iter().zip(model) {
            assert!(path == *key && *value == V::from(number) && is_aligned(value), "{path:?}");
        }
    };
    under_both_limits(|| {
        let mut model = BTreeMap::new();
        let mut map = PathMap::new();
        let mut old = None;
        for (i, key) in keys().into_iter().enumerate() {
            map.insert(&key, V::from(number(i)));
            model.insert(key, number(i));
            check(&map, &model);
            if i % 20 == 10 {
                old = Some((map.clone(), model.clone()));
            }
        }
        for (path, value) in map.iter_mut() {
            assert!(is_aligned(value));
            *value = V::from(path.len() as u8);
        }
        model.iter_mut().for_each(|(path, number)| *number = path.len() as u8);
        check(&map, &model);
        let mut writer = map.write_zipper_at_path(b"w");
        let taken = writer.take_map(false).unwrap();
        writer.graft_map(taken.clone());
        *writer.get_val_or_set_mut(V::from(3)) = V::from(4);
        writer.remove_val(false);
        drop((writer, taken));
        check(&map, &model);
        for key in keys().iter().rev() {
            assert_eq!(map.remove(key), model.remove(key).map(V::from));
            check(&map, &model);
        }
        assert_eq!(map.heap_size(), 0);
        if let Some((map, model)) = old {
            check(&map, &model);
            assert!(
                map.into_iter()
                    .zip(&model)
                    .all(|((_, value), (_, &number))| { is_aligned(&value) && value == V::from(number) })
            );
        }
    });
}

#[test]
fn values_of_every_size_and_alignment() {
    exercise::<u8>();
    exercise::<u16>();
    exercise::<u64>();
    exercise::<u128>();
    exercise::<Aligned16>();
    exercise::<Aligned32>();
    exercise::<Big>();
    exercise::<Zst>();
    exercise::<AlignedZst>();
    exercise::<Odd>();
    exercise::<Words<3>>();
    exercise::<Words<4>>();
    exercise::<Words<5>>();
    exercise::<Text>();
}

/// A value of three bytes.
#[derive(Clone, Debug, PartialEq)]
struct Odd([u8; 3]);

impl From<u8> for Odd {
    fn from(number: u8) -> Self {
        Self([number, !number, number ^ 0x55])
    }
}

/// A value near the size above which values are boxed.
#[derive(Clone, Debug, PartialEq)]
struct Words<const N: usize>([u64; N]);

impl<const N: usize> From<u8> for Words<N> {
    fn from(number: u8) -> Self {
        Self(std::array::from_fn(|i| u64::from(number) << 32 | i as u64))
    }
}

/// A value that owns memory.
#[derive(Clone, Debug, PartialEq)]
struct Text(String);

impl From<u8> for Text {
    fn from(number: u8) -> Self {
        Self(format!("the number {number}"))
    }
}
