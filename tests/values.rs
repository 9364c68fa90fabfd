//! What the library does with values: it clones none where nothing is shared, drops each once, survives those that
//! panic, and keeps them where their alignment wants them.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::atomic::{AtomicIsize, Ordering::SeqCst};

use bytetrie::testing::keys::Rng;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::values::*;
use bytetrie::zipper::*;
use bytetrie::{ByteMask, Entry, PathMap};

/// Keys that fill lists and a wide node, share long prefixes, nest, and include the empty path.
fn keys() -> Vec<Vec<u8>> {
    let mut keys =
        vec![Vec::new(), b"a".to_vec(), b"ab".to_vec(), b"abc".to_vec(), b"abcdefghijklmnop".to_vec()];
    keys.extend((0..40u8).map(|i| vec![b'w', i * 6]));
    keys.extend((0..10u8).map(|i| vec![b'w', 12, i, i, i]));
    keys.extend((0..6u8).map(|i| [&b"common/prefix/"[..], &[b'0' + i]].concat()));
    keys.extend((0..6u8).map(|i| [&b"common/prefix/0/deeper/"[..], &[b'0' + i], b"/end"].concat()));
    keys
}

fn number(i: usize) -> u8 {
    (i % 251) as u8
}

fn counted_map(census: &Census) -> PathMap<Counted> {
    keys().into_iter().enumerate().map(|(i, key)| (key, census.counted(number(i)))).collect()
}

fn under_both_limits(work: impl Fn()) {
    work();
    with_limits(Limits::TINY, work);
}

/// Runs work under both limits with a census, and sees that no value is left, and that none was cloned.
#[track_caller]
fn no_clone(work: impl Fn(&Census)) {
    under_both_limits(|| {
        let census = Census::new();
        work(&census);
        assert_eq!((census.live(), census.clones()), (0, 0));
    });
}

/// The same, where clones are due.
#[track_caller]
fn no_leak(work: impl Fn(&Census)) {
    under_both_limits(|| {
        let census = Census::new();
        work(&census);
        assert_eq!(census.live(), 0);
    });
}

// ------------------------------------------------------------------------------------------------ nothing is cloned

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
        let split = map.split_off("w");
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
            assert_eq!(front.len(), count - taken);
            drop(front);
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
        // Beside each other in the same nodes, and given back in another order.
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
            // Made while the place beside it is vacant: each would share the node that the subtrie goes back into.
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

// ------------------------------------------------------------------------------------------------ clones where due

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

#[test]
fn no_verb_beside_sharing_leaks() {
    no_leak(|census| {
        let map = counted_map(census);
        for verb in verbs() {
            let mut copy = map.clone();
            let source = map.clone();
            let mut make = |number| census.counted(number);
            (verb.run)(&mut Stage { map: &mut copy, source: &source, make: &mut make });
            copy.check().unwrap();
            source.check().unwrap();
        }
    });
}

// ------------------------------------------------------------------------------------------------ values that panic

/// What a verb works on.
struct Stage<'a, V> {
    map: &'a mut PathMap<V>,
    /// Shares all nodes with the map.
    source: &'a PathMap<V>,
    make: &'a mut dyn FnMut(u8) -> V,
}

struct Verb<V> {
    name: &'static str,
    run: fn(&mut Stage<'_, V>),
    /// Whether all of it happens or nothing, whatever panics. Of the others that holds at each path by itself.
    atomic: bool,
}

fn atomic<V>(name: &'static str, run: fn(&mut Stage<'_, V>)) -> Verb<V> {
    Verb { name, run, atomic: true }
}

fn stepwise<V>(name: &'static str, run: fn(&mut Stage<'_, V>)) -> Verb<V> {
    Verb { name, run, atomic: false }
}

fn verbs<V: Clone>() -> Vec<Verb<V>> {
    vec![
        atomic("insert over a value", |s| drop(s.map.insert("abc", (s.make)(250)))),
        atomic("insert in a wide node", |s| drop(s.map.insert([b'w', 12, 77], (s.make)(250)))),
        atomic("insert a new branch", |s| drop(s.map.insert("common/prefix/0/deep", (s.make)(250)))),
        atomic("insert at the root", |s| drop(s.map.insert("", (s.make)(250)))),
        atomic("remove", |s| drop(s.map.remove("abcdefghijklmnop"))),
        atomic("remove without pruning", |s| drop(s.map.remove_val_at([b'w', 12], false))),
        atomic("remove in a wide node", |s| drop(s.map.remove([b'w', 18]))),
        atomic("remove in a chain", |s| drop(s.map.remove("common/prefix/0/deeper/1/end"))),
        atomic("get_mut", |s| assert!(s.map.get_mut([b'w', 12, 1, 1, 1]).is_some())),
        atomic("get_val_or_set_mut_at", |s| {
            s.map.get_val_or_set_mut_at("abq", (s.make)(250));
        }),
        atomic("create_path", |s| assert!(s.map.create_path("common/prefix/0/deeper/1/x"))),
        atomic("split_off", |s| drop(s.map.split_off("common/pre"))),
        atomic("pop_first", |s| drop(s.map.pop_first())),
        atomic("pop_last", |s| drop(s.map.pop_last())),
        atomic("iter_mut", |s| {
            assert_eq!(s.map.iter_mut().last().map(|(path, _)| path), Some(vec![b'w', 234]))
        }),
        atomic("values_mut walked", |s| s.map.values_mut().for_each(|_| ())),
        atomic("into_iter of a copy", |s| s.source.clone().into_iter().for_each(drop)),
        atomic("into_iter of a copy, half", |s| s.source.clone().into_iter().take(20).for_each(drop)),
        stepwise("into_iter", |s| std::mem::take(s.map).into_iter().for_each(drop)),
        stepwise("retain", |s| s.map.retain(|path, _| path.len() % 2 == 0)),
        stepwise("append", |s| {
            let mut moved: PathMap<V> = [("abx", (s.make)(250)), ("w", (s.make)(251))].into_iter().collect();
            s.map.append(&mut moved);
        }),
        atomic("make_map", |s| drop(s.map.read_zipper_at_path("w").make_map())),
        atomic("make_map inside a node", |s| drop(s.map.read_zipper_at_path("common/p").make_map())),
        atomic("trie_ref make_map", |s| drop(s.map.trie_ref_at_path("ab").make_map())),
        atomic("set_val", |s| {
            let mut writer = s.map.write_zipper_at_path(b"common");
            writer.descend_to("/prefix/3");
            writer.set_val((s.make)(250));
        }),
        atomic("get_val_mut", |s| {
            s.map.write_zipper_at_path(b"abcdefghijklmnop").get_val_mut();
        }),
        atomic("remove_val", |s| drop(s.map.write_zipper_at_path(b"common/prefix/5").remove_val(true))),
        atomic("take_map", |s| drop(s.map.write_zipper_at_path(b"w").take_map(true))),
        atomic("take_map inside a node", |s| drop(s.map.write_zipper_at_path(b"common/pre").take_map(false))),
        atomic("graft", |s| {
            s.map.write_zipper_at_path(b"abc").graft(&s.source.read_zipper_at_path("common/p"));
        }),
        atomic("graft over much", |s| {
            s.map.write_zipper_at_path(b"w").graft(&s.source.read_zipper_at_path("a"))
        }),
        atomic("graft nothing", |s| {
            s.map.write_zipper_at_path(b"w").graft(&s.source.read_zipper_at_path("none"))
        }),
        atomic("graft_src_at", |s| {
            s.map
                .write_zipper_at_path(b"ab")
                .graft_src_at(&s.source.read_zipper_at_path("c"), "ommon/prefix/0/d");
        }),
        atomic("graft_map", |s| s.map.write_zipper_at_path(b"w").graft_map(s.source.clone())),
        atomic("writer clone", |s| {
            let mut writer = s.source.clone().into_write_zipper("w");
            let mut other = writer.clone();
            other.set_val((s.make)(250));
            writer.descend_to([12]);
            drop(writer.set_val((s.make)(251)));
        }),
        atomic("head writer", |s| {
            let head = s.map.zipper_head();
            let mut writer = head.write_zipper_at_exclusive_path("common/prefix/0/deeper/2").unwrap();
            writer.set_val((s.make)(250));
        }),
        atomic("head reader beside a writer", |s| {
            let head = s.map.zipper_head();
            let writer = head.write_zipper_at_exclusive_path("common/prefix/0/deeper/2").unwrap();
            let reader = head.read_zipper_at_path("common/prefix/0/deeper/3").unwrap();
            drop(writer);
            drop(reader.make_map());
        }),
        atomic("head cleanup", |s| {
            let head = s.map.zipper_head();
            let mut writer = head.write_zipper_at_exclusive_path("abcdefghijklmnop").unwrap();
            writer.remove_val(false);
            head.cleanup_write_zipper(writer);
        }),
        atomic("nested head", |s| {
            let mut outer = s.map.write_zipper_at_path(b"common");
            let head = outer.zipper_head();
            let mut writer = head.write_zipper_at_exclusive_path("/prefix/0/deeper/2/e").unwrap();
            writer.take_map(false);
            drop(writer.into_read_zipper().make_map());
        }),
    ]
}

/// The verbs that put together a subtrie anew while it is out of the trie.
fn verbs_on_branches<V: Clone>() -> Vec<Verb<V>> {
    vec![
        atomic("remove_branches_at", |s| assert!(s.map.remove_branches_at("a", true))),
        atomic("remove_branches_at of a wide node", |s| assert!(s.map.remove_branches_at(b"w\x0c", true))),
        atomic("remove_branches", |s| assert!(s.map.write_zipper_at_path(b"ab").remove_branches(true))),
        atomic("remove_branches of a wide node", |s| {
            s.map.write_zipper_at_path(b"w\x0c").remove_branches(false);
        }),
        stepwise("remove_unmasked_branches", |s| {
            s.map.write_zipper_at_path(b"w").remove_unmasked_branches((0..30u8).collect(), true);
        }),
        atomic("insert_prefix", |s| assert!(s.map.write_zipper_at_path(b"w\x0c").insert_prefix("pre"))),
        atomic("insert_prefix at the root", |s| assert!(s.map.write_zipper().insert_prefix("pre"))),
        atomic("remove_prefix", |s| {
            let mut writer = s.map.write_zipper_at_path(b"com");
            writer.descend_to("mon/prefix/0");
            writer.remove_prefix(4);
        }),
        stepwise("graft_masked_branches", |s| {
            let source = s.source.read_zipper();
            s.map.write_zipper_at_path(b"ab").graft_masked_branches(
                &source,
                b"acw".iter().copied().collect(),
                true,
            );
        }),
        stepwise("graft_child_maps", |s| {
            let maps = [s.source.clone(), PathMap::single("x", (s.make)(250))];
            s.map.write_zipper_at_path(b"ab").graft_child_maps(b"cw".iter().copied().collect(), maps, true);
        }),
    ]
}

fn content(map: &PathMap<Fragile>) -> BTreeMap<Vec<u8>, u8> {
    map.iter().map(|(path, value)| (path, value.number())).collect()
}

/// Runs a verb again and again, and breaks it at each clone or drop in turn. `Err` tells what it left behind.
fn break_everywhere(verb: &Verb<Fragile>, event: Event, shared: bool) -> Result<(), String> {
    let build = |fuse: &Fuse| -> PathMap<Fragile> {
        keys().into_iter().enumerate().map(|(i, key)| (key, fuse.fragile(number(i)))).collect()
    };
    let run = |map: &mut PathMap<Fragile>, source: &PathMap<Fragile>, fuse: &Fuse| {
        (verb.run)(&mut Stage { map, source, make: &mut |number| fuse.fragile(number) });
    };
    let name = verb.name;
    let mut done = BTreeMap::new();
    for spare in -1i32..10_000 {
        let ensure = |right: bool, what: &str| match right {
            true => Ok(()),
            false => Err(format!("{name}, at {event:?} {spare}: {what}")),
        };
        let fuse = Fuse::new();
        let mut map = build(&fuse);
        let source = if shared { map.clone() } else { build(&fuse) };
        let old = content(&map);
        if spare >= 0 {
            fuse.arm(&[event], spare as usize);
        }
        let outcome = fuse.catch(|| run(&mut map, &source, &fuse));
        ensure(map.check().is_ok(), "the map is malformed")?;
        ensure(source.check().is_ok(), "the source is malformed")?;
        let new = content(&map);
        if spare < 0 {
            ensure(outcome.is_ok(), "it breaks by itself")?;
            done = new.clone();
        }
        let mut paths = old.keys().chain(new.keys());
        let wrong = |path: &&Vec<u8>| new.get(*path) != old.get(*path) && new.get(*path) != done.get(*path);
        if let Some(path) = paths.find(wrong) {
            ensure(false, &format!("\"{}\" is neither done nor undone", path.escape_ascii()))?;
        }
        ensure(!verb.atomic || new == old || new == done, "it is half done")?;
        ensure(content(&source) == old, "the source has changed")?;
        // What is left can be used, and goes away whole.
        map.insert("abcd", fuse.fragile(1));
        map.remove([b'w', 24]);
        ensure(map.check().is_ok(), "the map is malformed later")?;
        drop((map, source));
        let live = fuse.census().live();
        let leaks = event == Event::Drop && outcome.is_err();
        ensure(live == 0 || leaks && live > 0, &format!("{live} values live"))?;
        if spare >= 0 && outcome.is_ok() {
            return Ok(());
        }
    }
    Err(format!("{name}: no end of events"))
}

#[track_caller]
fn survive(verbs: Vec<Verb<Fragile>>, event: Event, shared: bool) {
    under_both_limits(|| {
        let failures: Vec<_> =
            verbs.iter().filter_map(|verb| break_everywhere(verb, event, shared).err()).collect();
        assert!(failures.is_empty(), "{failures:#?}");
    });
}

#[test]
fn verbs_survive_every_clone_that_panics() {
    survive(verbs(), Event::Clone, true);
}

#[test]
fn verbs_survive_every_drop_that_panics() {
    survive(verbs(), Event::Drop, true);
    survive(verbs(), Event::Drop, false);
}

/// A clone that panics while a verb on branches has its subtrie out must not lose the subtrie.
#[test]
fn verbs_on_branches_survive_every_clone_that_panics() {
    survive(verbs_on_branches(), Event::Clone, true);
}

/// Nor must a drop of what was removed, while the rest is still out.
#[test]
fn verbs_on_branches_survive_every_drop_that_panics() {
    survive(verbs_on_branches(), Event::Drop, true);
}

/// The same where the map is the values' only owner.
#[test]
fn verbs_on_branches_of_one_owner_survive_every_drop_that_panics() {
    survive(verbs_on_branches(), Event::Drop, false);
}

/// Maps that the caller's iterator makes: a panic in it is the caller's, the branches are the map's.
#[test]
fn graft_child_maps_survives_an_iterator_that_panics() {
    let fuse = Fuse::new();
    let mut map: PathMap<u8> = [("ab", 1), ("abc", 2), ("abd", 3)].into_iter().collect();
    let maps = std::iter::repeat_with(|| {
        fuse.call();
        PathMap::single("x", 9)
    });
    fuse.arm(&[Event::Call], 1);
    let outcome = fuse.catch(|| {
        map.write_zipper_at_path(b"ab").graft_child_maps(b"cd".iter().copied().collect(), maps, false)
    });
    assert!(outcome.is_err());
    map.check().unwrap();
    assert_eq!((map.get("ab"), map.get("abd")), (Some(&1), Some(&3)));
}

#[test]
fn a_tracked_writer_that_unwinds_puts_back_what_it_has() {
    under_both_limits(|| {
        let fuse = Fuse::new();
        let mut map: PathMap<Fragile> =
            keys().into_iter().enumerate().map(|(i, key)| (key, fuse.fragile(number(i)))).collect();
        let copy = map.clone();
        let head = map.zipper_head();
        fuse.arm(&[Event::Clone], 1_000);
        let outcome = fuse.catch(|| {
            let mut writer = head.write_zipper_at_exclusive_path("common").unwrap();
            writer.descend_to("/prefix/1");
            writer.set_val(fuse.fragile(100));
            fuse.arm(&[Event::Call], 0);
            fuse.call();
        });
        assert_eq!(outcome, Err(Blown(Event::Call)));
        assert!(head.write_zipper_at_exclusive_path("").is_ok(), "the path is free again");
        drop(head);
        map.check().unwrap();
        assert_eq!(map.get("common/prefix/1").unwrap().number(), 100);
        assert_eq!(map.len(), keys().len());
        drop((map, copy));
        assert_eq!(fuse.census().live(), 0);
    });
}

// ------------------------------------------------------------------------------------------------ snapshots

/// A writer remembers which nodes it found to be its own. What is taken from it through a shared borrow, at any moment and
/// from any place, makes new owners: none of them may see a later write.
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

/// A writer that was reset keeps the way it went before. What is taken from a place on that way meanwhile has made a new
/// owner there, which the next write along the same way must notice.
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

// ------------------------------------------------------------------------------------------------ shapes of values

/// Content and addresses through splits, conversions to and from wide nodes, copies and removals.
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

/// Three bytes.
#[derive(Clone, Debug, PartialEq)]
struct Odd([u8; 3]);

impl From<u8> for Odd {
    fn from(number: u8) -> Self {
        Self([number, !number, number ^ 0x55])
    }
}

/// Around the size above which values are boxed.
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

/// A value without size whose making and end count all the same.
#[derive(Debug, PartialEq)]
struct Token;

static TOKENS: AtomicIsize = AtomicIsize::new(0);

impl Token {
    fn new() -> Self {
        TOKENS.fetch_add(1, SeqCst);
        Self
    }
}

impl Clone for Token {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        TOKENS.fetch_sub(1, SeqCst);
    }
}

#[test]
fn values_without_size_are_dropped_each() {
    under_both_limits(|| {
        let mut map: PathMap<Token> = keys().into_iter().map(|key| (key, Token::new())).collect();
        assert_eq!(TOKENS.load(SeqCst), keys().len() as isize);
        let copy = map.clone();
        for key in keys().iter().step_by(3) {
            assert!(map.remove(key).is_some());
        }
        for verb in verbs().iter().chain(&verbs_on_branches()) {
            let mut edited = copy.clone();
            (verb.run)(&mut Stage { map: &mut edited, source: &map, make: &mut |_| Token::new() });
        }
        drop(map);
        assert!(copy.into_iter().take(9).count() == 9);
        assert_eq!(TOKENS.load(SeqCst), 0);
    });
}
