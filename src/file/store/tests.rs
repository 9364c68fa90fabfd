#![cfg(test)]
//! Stores on a simulated disk that fails, and that loses what a power cut may lose.

use std::collections::BTreeMap;

use super::simulated::SimMachine;
use super::{Durability, DurableMap, NewCommit, Store};
use crate::file::content_hash;
use crate::file::error::FileError;
use crate::testing::keys::Rng;
use crate::trie::PathMap;
use crate::zipper::ZipperMoving;

type Model = BTreeMap<Vec<u8>, u64>;

fn content(map: &PathMap<u64>) -> Model {
    map.iter().map(|(path, &value)| (path, value)).collect()
}

/// The number of locations, which are the prefixes of all tips.
fn locations(map: &PathMap<u64>) -> u64 {
    let mut zipper = map.read_zipper();
    let mut found = std::collections::BTreeSet::from([Vec::new()]);
    while zipper.to_next_step() {
        found.insert(zipper.path().to_vec());
    }
    found.len() as u64
}

pub(super) fn open(machine: &SimMachine) -> Result<Store<u64>, FileError> {
    Store::open_storage(machine.disk(), None)
}

/// A store in a new file.
pub(super) fn new() -> Store<u64> {
    open(&SimMachine::new(Vec::new())).unwrap()
}

pub(super) fn change(map: &mut PathMap<u64>, rng: &mut Rng) {
    for _ in 0..rng.below(6) {
        let key = [b'a' + rng.below(3) as u8, rng.below(40) as u8, rng.below(3) as u8];
        let key = &key[..1 + rng.below(3)];
        if rng.below(9) == 0 {
            map.create_path(key);
        } else if rng.below(3) == 0 {
            map.remove(key);
        } else {
            map.insert(key, rng.below(1000) as u64);
        }
    }
}

/// What a history of commits has tried.
#[derive(Default)]
struct History {
    /// The content of each commit that was tried, after that of the file without commits.
    tried: Vec<Model>,
    /// The number of the last one that is known to be durable.
    durable: usize,
}

impl History {
    /// Commits, compacts and opens again until an operation fails.
    fn run(&mut self, machine: &SimMachine, rng: &mut Rng) -> Result<(), FileError> {
        self.tried.push(Model::new());
        let mut store = open(machine)?;
        let mut map = store.load()?;
        for _ in 0..8 {
            change(&mut map, rng);
            let is_durable = rng.below(2) == 0;
            store.set_durability(if is_durable { Durability::Sync } else { Durability::Flush });
            self.tried.push(content(&map));
            store.commit(&map)?;
            if is_durable {
                self.durable = self.tried.len() - 1;
            }
            match rng.below(12) {
                0 | 1 => {
                    store.compact(|commit| commit.len() % 2 == 0)?;
                    self.durable = self.tried.len() - 1;
                }
                2 => {
                    store.sync()?;
                    self.durable = self.tried.len() - 1;
                }
                // The process ends, and another one goes on.
                3 | 4 => {
                    drop(store);
                    store = open(machine)?;
                    self.durable = self.tried.len() - 1;
                    map = store.load()?;
                    assert_eq!(content(&map), self.tried[self.durable]);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check(&self, bytes: Vec<u8>, what: &str) {
        let mut store = open(&SimMachine::new(bytes)).unwrap_or_else(|error| panic!("{what}: {error}"));
        let map = store.load().unwrap_or_else(|error| panic!("{what}: {error}"));
        map.check().unwrap();
        let content = content(&map);
        assert!(self.tried[self.durable..].contains(&content), "{what}");
        check_all(&mut store, what);
    }
}

/// The store can be used on, and all its commits can be read.
pub(super) fn check_all(store: &mut Store<u64>, what: &str) {
    store.commit(&PathMap::single("z", 1)).unwrap();
    for commit in store.commits() {
        let commit = commit.unwrap_or_else(|error| panic!("{what}: {error}"));
        let map = store.at(commit.id()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(commit.content_hash(), Some(content_hash(&map)), "{what}");
    }
}

#[test]
fn after_a_crash_at_any_operation_there_is_the_last_durable_commit_or_a_later_one() {
    for seed in 0..150 {
        for fails_at in 0.. {
            let machine = SimMachine::new(Vec::new());
            machine.fail(fails_at..usize::MAX);
            let mut history = History::default();
            let result = history.run(&machine, &mut Rng::new(seed));
            let mut rng = Rng::new(seed + 1000 * fails_at as u64);
            for _ in 0..4 {
                let bytes = machine.after_power_cut(&mut rng);
                history.check(bytes, &format!("seed {seed}, operation {fails_at}, power cut"));
            }
            history.check(machine.now(), &format!("seed {seed}, operation {fails_at}, killed"));
            if result.is_ok() {
                break;
            }
        }
    }
}

/// A disk that is full for some operations, beginning with any: what was acknowledged is there, and
/// the store can be used on once there is space, or says that it must be opened again.
#[test]
fn after_an_error_the_store_is_used_on_or_poisoned() {
    let (mut used_on, mut poisoned, mut compacted) = (0, 0, 0);
    for (fails_at, len) in (0..120).flat_map(|at| [(at, 1), (at, 2), (at, 5)]) {
        let machine = SimMachine::new(Vec::new());
        machine.fail(fails_at..fails_at + len);
        let Ok(mut store) = open(&machine) else {
            // Nothing is left behind that another try would trip over.
            machine.fail(0..0);
            assert!(open(&machine).unwrap().load().unwrap().is_empty());
            continue;
        };
        let mut rng = Rng::new(fails_at as u64);
        let mut map = PathMap::new();
        let mut committed = map.clone();
        for _ in 0..20 {
            change(&mut map, &mut rng);
            let is_compaction = rng.below(4) == 0;
            let (done, tried) = match is_compaction {
                true => (store.compact(|commit| commit.len() % 2 == 1).map(drop), committed.clone()),
                false => (store.commit(&map).map(drop), map.clone()),
            };
            match done {
                Ok(()) => committed = tried,
                Err(FileError::Io(_)) => {
                    compacted += is_compaction as usize;
                    assert!(store.load().unwrap() == committed);
                    machine.fail(0..0);
                    match store.commit(&map) {
                        Ok(_) => {
                            used_on += 1;
                            committed = map.clone();
                            check_all(&mut store, "used on");
                            store.commit(&map).unwrap();
                        }
                        Err(FileError::Poisoned) => poisoned += 1,
                        Err(error) => panic!("{error}"),
                    }
                    break;
                }
                Err(error) => panic!("{error}"),
            }
        }
        let mut again = open(&SimMachine::new(machine.now())).unwrap();
        let found = again.load().unwrap();
        assert!(found == map || found == committed);
        check_all(&mut again, "opened again");
    }
    assert!(used_on > 50 && poisoned > 20 && compacted > 20, "{used_on} {poisoned} {compacted}");
}

/// Each node of the committed map is in the table, and no other.
fn check_table(store: &mut Store<u64>) {
    let map = store.load().unwrap();
    let mut other = new();
    let nodes = other.commit(&map).unwrap().nodes_written();
    assert_eq!(store.table.len() as u64, nodes);
}

#[test]
fn all_versions_are_read_whatever_comes_between() {
    for seed in 0..100 {
        let mut rng = Rng::new(seed);
        let machine = SimMachine::new(Vec::new());
        let mut store = open(&machine).unwrap();
        let mut copy = new();
        let mut versions: Vec<(String, Model)> = Vec::new();
        let mut map = store.load().unwrap();
        for i in 0..30 {
            change(&mut map, &mut rng);
            let label = format!("version {i}");
            let commit = store.commit_with(&map, NewCommit::new().label(&label)).unwrap();
            assert_eq!((commit.label(), commit.len()), (label.as_str(), map.len() as u64));
            assert_eq!(commit.location_count(), locations(&map));
            assert_eq!(commit.content_hash(), Some(content_hash(&map)));
            versions.push((label, content(&map)));
            check_table(&mut store);
            match rng.below(8) {
                0 => {
                    store = open(&machine).unwrap();
                    assert_eq!(store.recovery().bytes_cut, 0);
                    map = store.load().unwrap();
                    check_table(&mut store);
                }
                1 => {
                    let keep = |label: &str| label.len().is_multiple_of(2) || label.ends_with('7');
                    store.compact(|commit| keep(commit.label())).unwrap();
                    let last = versions.len() - 1;
                    let mut number = 0..;
                    versions.retain(|(label, _)| number.next() == Some(last) || keep(label));
                    check_table(&mut store);
                    copy = new();
                }
                2 => {
                    let last = copy.last_commit().map(|commit| commit.id());
                    copy.apply(store.tail_since(last).unwrap()).unwrap();
                    assert!(copy.load().unwrap() == map);
                    assert_eq!(copy.last_commit(), store.last_commit());
                }
                _ => {}
            }
            for commit in store.commits() {
                let commit = commit.unwrap();
                let map = store.at(commit.id()).unwrap();
                assert_eq!(commit.content_hash(), Some(content_hash(&map)));
                assert_eq!(commit.location_count(), locations(&map));
            }
            let found: Vec<(String, Model)> = (store.commits().map(Result::unwrap))
                .map(|commit| (commit.label().to_owned(), content(&store.at(commit.id()).unwrap())))
                .collect();
            assert!(found.iter().rev().eq(&versions));
        }
    }
}

#[test]
fn a_commit_costs_what_has_changed() {
    let mut store = new();
    let mut map: PathMap<u64> = (0..20_000u64).map(|i| ((i * 0x9e37_79b9).to_be_bytes(), i)).collect();
    let first = store.commit(&map).unwrap();
    for i in 0..10u64 {
        map.insert((i * 1999 * 0x9e37_79b9).to_be_bytes(), 1);
    }
    let second = store.commit(&map).unwrap();
    assert!(second.bytes_written() * 10 < first.bytes_written(), "{second:?} {first:?}");
    let nothing = store.commit(&map).unwrap();
    assert_eq!(nothing.nodes_written(), 0);
    store.compact(|_| true).unwrap();
    assert_eq!(store.commit(&map).unwrap().nodes_written(), 0);
}

#[test]
fn a_durable_map_publishes_what_is_committed() {
    let machine = SimMachine::new(Vec::new());
    let map = DurableMap::new(open(&machine).unwrap()).unwrap();
    map.update(|map| map.insert("a", 1)).unwrap();
    let next = machine.operations();
    machine.fail(next..next + 1);
    map.update(|map| map.insert("b", 1)).unwrap_err();
    assert_eq!(map.load().len(), 1);
    map.update(|map| map.insert("c", 1)).unwrap();
    assert_eq!(content(&map.load()), Model::from([(b"a".to_vec(), 1), (b"c".to_vec(), 1)]));
    std::thread::scope(|scope| {
        for i in 0..4u64 {
            let map = &map;
            scope.spawn(move || {
                for j in 0..25 {
                    map.update(|map| map.insert([i as u8, j], i)).unwrap();
                }
            });
        }
    });
    assert_eq!(map.load().len(), 102);
    assert_eq!(map.with_store(|store| store.commits().count()).unwrap(), 102);
}
