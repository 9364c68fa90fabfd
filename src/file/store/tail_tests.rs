#![cfg(test)]
//! Tails: whole ones, damaged ones, those of other files, and crashes while one is applied.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::simulated::SimMachine;
use super::tests::{change, check_all, new, open};
use super::{Durability, Store};
use crate::file::error::FileError;
use crate::file::info::CommitId;
use crate::file::limits::Limits;
use crate::testing::keys::Rng;
use crate::trie::PathMap;

fn tail(store: &Store<u64>, since: Option<CommitId>) -> Vec<u8> {
    let mut tail = store.tail_since(since).unwrap();
    let (len, mut bytes) = (tail.len(), Vec::new());
    tail.read_to_end(&mut bytes).unwrap();
    assert_eq!((bytes.len() as u64, tail.len()), (len, 0));
    bytes
}

fn last(store: &Store<u64>) -> Option<CommitId> {
    store.last_commit().map(|last| last.id())
}

/// A source that gives one byte at a time, is interrupted before each, and panics at its end.
struct Slow<'b> {
    bytes: &'b [u8],
    is_ready: bool,
}

impl Read for Slow<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.is_ready = !self.is_ready;
        if self.is_ready {
            return Err(io::ErrorKind::Interrupted.into());
        }
        assert!(!self.bytes.is_empty(), "the source panics");
        let len = to.len().min(1);
        self.bytes.read(&mut to[..len])
    }
}

/// A store with one commit, one with three more, and their machines.
fn origin_and_copy() -> (Store<u64>, Store<u64>, SimMachine, PathMap<u64>) {
    let machine = SimMachine::new(Vec::new());
    let (mut origin, mut copy) = (new(), open(&machine).unwrap());
    let mut map = PathMap::single("a", 1);
    origin.commit(&map).unwrap();
    assert_eq!(copy.apply(origin.tail_since(None).unwrap()).unwrap(), 1);
    for i in 0..3 {
        map.insert("b", i);
        origin.commit(&map).unwrap();
    }
    (origin, copy, machine, map)
}

#[test]
fn damaged_and_cut_tails_leave_the_copy_as_it_was() {
    let (origin, mut copy, machine, map) = origin_and_copy();
    let before = machine.now();
    let (whole, since) = (tail(&origin, None), tail(&origin, last(&copy)));
    let refused = |store: &mut Store<u64>, tail: &[u8]| match store.apply(tail) {
        Err(FileError::Io(error)) => panic!("{error}"),
        Err(_) => {}
        Ok(commits) => panic!("{commits} commits"),
    };
    for at in 0..since.len() {
        let mut damaged = since.clone();
        damaged[at] ^= 1 << (at % 8);
        refused(&mut copy, &damaged);
        refused(&mut copy, &since[..at]);
        assert_eq!(machine.now(), before, "{at}");
    }
    let mut empty = new();
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1 << (at % 8);
        refused(&mut empty, &damaged);
        refused(&mut empty, &whole[..at]);
        assert_eq!(last(&empty), None);
    }
    assert!(copy.load().unwrap() == PathMap::single("a", 1));
    assert_eq!(copy.apply(&since[..]).unwrap(), 3);
    assert_eq!(empty.apply(&whole[..]).unwrap(), 4);
    for store in [&mut copy, &mut empty] {
        assert!(store.load().unwrap() == map);
        assert_eq!(store.last_commit(), origin.last_commit());
        assert_eq!(store.commits().count(), 4);
        assert_eq!(store.apply(&tail(&origin, last(&origin))[..]).unwrap(), 0);
        store.commit(&map).unwrap();
    }
}

#[test]
fn tails_of_other_histories_are_refused() {
    let (mut origin, mut copy, machine, map) = origin_and_copy();
    let first = last(&copy);
    let before = machine.now();
    // A whole file is only for a store without commits.
    assert!(matches!(copy.apply(origin.tail_since(None).unwrap()), Err(FileError::OtherHistory)));
    // Another base.
    let second = origin.commits().nth(2).unwrap().unwrap().id();
    assert!(matches!(copy.apply(origin.tail_since(Some(second)).unwrap()), Err(FileError::OtherHistory)));
    // Another file.
    let mut other = new();
    let base = other.commit(&map).unwrap().id();
    other.commit(&map).unwrap();
    assert!(matches!(copy.apply(other.tail_since(Some(base)).unwrap()), Err(FileError::OtherHistory)));
    assert!(matches!(origin.tail_since(Some(base)), Err(FileError::NoSuchCommit)));
    // A whole file with other values, and something else.
    let mut texts: Store<String> = Store::open_storage(SimMachine::new(Vec::new()).disk(), None).unwrap();
    texts.commit(&PathMap::single("a", String::new())).unwrap();
    let texts = texts.tail_since(None).unwrap();
    assert!(matches!(new().apply(texts), Err(FileError::WrongType { .. })));
    assert!(matches!(new().apply(&[7; 500][..]), Err(FileError::Damaged(_))));
    assert_eq!(machine.now(), before);
    // A copy that has gone its own way.
    copy.commit(&map).unwrap();
    assert!(matches!(copy.apply(origin.tail_since(first).unwrap()), Err(FileError::OtherHistory)));
    assert!(matches!(origin.tail_since(last(&copy)), Err(FileError::NoSuchCommit)));
    origin.compact(|_| true).unwrap();
    assert!(matches!(origin.tail_since(first), Err(FileError::NoSuchCommit)));
}

#[test]
fn sources_may_be_slow_panic_or_be_too_long() {
    let (origin, mut copy, machine, map) = origin_and_copy();
    let before = machine.now();
    let since = tail(&origin, last(&copy));
    let limits = Limits::new().bytes(since.len() as u64);
    let limited = copy.apply_within(&since[..], limits.bytes(200));
    assert!(matches!(limited, Err(FileError::LimitExceeded { limit: "bytes", value: 200 })));
    assert_eq!(machine.now(), before);
    let slow = |bytes| Slow { bytes, is_ready: false };
    catch_unwind(AssertUnwindSafe(|| copy.apply(slow(&since[..since.len() - 20])))).unwrap_err();
    assert!(copy.load().unwrap() == PathMap::single("a", 1));
    // Nothing behind a tail is read.
    assert_eq!(copy.apply_within(slow(&since), limits).unwrap(), 3);
    assert!(copy.load().unwrap() == map);
    let mut other = new();
    assert!(other.apply(io::empty()).is_err());
    assert_eq!(other.apply(origin.tail_since(None).unwrap()).unwrap(), 4);
}

#[test]
fn a_crash_while_a_tail_is_applied_leaves_a_part_of_the_history() {
    for seed in 0..40 {
        let rng = &mut Rng::new(seed);
        let mut origin = new();
        let mut map = PathMap::new();
        let mut ids = Vec::new();
        let mut commit = |origin: &mut Store<u64>, rng: &mut Rng| {
            change(&mut map, rng);
            origin.set_durability(if rng.below(3) > 0 { Durability::Sync } else { Durability::Flush });
            ids.push(origin.commit(&map).unwrap().id());
        };
        commit(&mut origin, rng);
        let whole = tail(&origin, None);
        (0..6).for_each(|_| commit(&mut origin, rng));
        let since = tail(&origin, Some(ids[0]));
        for fails_at in 0.. {
            let machine = SimMachine::new(Vec::new());
            let mut copy = open(&machine).unwrap();
            let begin = machine.operations();
            machine.fail(begin + fails_at..usize::MAX);
            let taken = copy.apply(&whole[..]);
            let result = if taken.is_ok() { copy.apply(&since[..]) } else { taken.map(|_| 0) };
            let mut is_as_before = false;
            for _ in 0..6 {
                let mut again = open(&SimMachine::new(machine.after_power_cut(rng))).unwrap();
                let found = last(&again);
                assert!(found.is_none_or(|found| ids.contains(&found)));
                assert!(result.is_err() || found == ids.last().copied(), "seed {seed}");
                is_as_before |= found == Some(ids[0]);
                check_all(&mut again, &format!("seed {seed}, operation {fails_at}"));
            }
            if let Ok(commits) = result {
                assert!(commits == 6 && !is_as_before);
                break;
            }
        }
    }
}
