//! All operations that write, from one table: with shared nodes, with values that panic at each of
//! their clones and drops, and with zero-sized values.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicIsize, Ordering::SeqCst};

use bytetrie::PathMap;
use bytetrie::testing::values::{Blown, Event, Fragile, Fuse};
use bytetrie::zipper::*;

use crate::census::{counted_map, no_leak, number};
use crate::keys::keys;
use crate::limits::under_both_limits;

/// The operands of an operation.
struct Stage<'a, V> {
    map: &'a mut PathMap<V>,
    /// A clone that shares all nodes with the map.
    source: &'a PathMap<V>,
    make: &'a mut dyn FnMut(u8) -> V,
}

struct Verb<V> {
    name: &'static str,
    run: fn(&mut Stage<'_, V>),
    /// True if the operation is atomic under panics. Other operations are atomic at each single
    /// path.
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
        atomic("split_off_prefix", |s| drop(s.map.split_off_prefix("common/pre"))),
        atomic("split_off", |s| drop(s.map.split_off("common/prefix/0/deeper"))),
        atomic("split_off within a wide node", |s| drop(s.map.split_off([b'w', 12, 1]))),
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

/// The operations that rebuild a subtrie while it is detached from the trie.
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

// Counted values.

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

/// A zero-sized value whose creations and drops are counted.
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

// Values that panic.

fn content(map: &PathMap<Fragile>) -> BTreeMap<Vec<u8>, u8> {
    map.iter().map(|(path, value)| (path, value.number())).collect()
}

/// Runs an operation repeatedly, with a panic at each clone or drop in turn. Returns `Err` with a
/// description of a wrong state.
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
        // The map can be used after the panic, and is dropped completely.
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

/// A clone that panics while an operation on branches has detached the subtrie must not lose it.
#[test]
fn verbs_on_branches_survive_every_clone_that_panics() {
    survive(verbs_on_branches(), Event::Clone, true);
}

/// A panicking drop of removed values, while the rest is still detached, must not lose the rest.
#[test]
fn verbs_on_branches_survive_every_drop_that_panics() {
    survive(verbs_on_branches(), Event::Drop, true);
}

/// A panic must not lose the subtrie if the map is the only owner of its values.
#[test]
fn verbs_on_branches_of_one_owner_survive_every_drop_that_panics() {
    survive(verbs_on_branches(), Event::Drop, false);
}

/// Maps from the caller's iterator: if the iterator panics, the map keeps its branches.
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
