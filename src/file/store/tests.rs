#![cfg(test)]
//! Stores on a simulated disk that fails, and that loses what a power cut may lose.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use super::storage::Storage;
use super::{Durability, DurableMap, NewCommit, Store};
use crate::file::content_hash;
use crate::file::error::FileError;
use crate::testing::keys::Rng;
use crate::trie::PathMap;
use crate::zipper::ZipperMoving;

/// A change that is not durable yet.
#[derive(Clone)]
enum Pending {
    Write(usize, Vec<u8>),
    Cut(usize),
}

impl Pending {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Cut(len) => bytes.resize(*len, 0),
            Self::Write(at, new) => {
                let len = bytes.len().max(at + new.len());
                bytes.resize(len, 0);
                bytes[*at..at + new.len()].copy_from_slice(new);
            }
        }
    }
}

#[derive(Clone, Default)]
struct SimFile {
    /// What readers see.
    now: Vec<u8>,
    durable: Vec<u8>,
    pending: Vec<Pending>,
}

impl SimFile {
    fn change(&mut self, change: Pending) {
        change.apply(&mut self.now);
        self.pending.push(change);
    }
}

#[derive(Default)]
struct Machine {
    files: Vec<SimFile>,
    /// The file that the name leads to.
    named: usize,
    /// The number of operations so far, and those that fail.
    operations: usize,
    fails_at: Option<usize>,
    /// Whether all operations after the first one that fails do so too.
    is_crash: bool,
}

/// A simulated disk with one name, and the file that a store has open.
struct SimDisk {
    machine: Arc<Mutex<Machine>>,
    file: usize,
}

impl SimDisk {
    fn new(bytes: Vec<u8>) -> (Self, Arc<Mutex<Machine>>) {
        let file = SimFile { now: bytes.clone(), durable: bytes, pending: Vec::new() };
        let machine = Arc::new(Mutex::new(Machine { files: vec![file], ..Machine::default() }));
        (Self { machine: machine.clone(), file: 0 }, machine)
    }

    fn machine(&self) -> MutexGuard<'_, Machine> {
        self.machine.lock().unwrap()
    }

    /// Counts an operation. Returns an error with the machine if it fails.
    fn operate(&self) -> (MutexGuard<'_, Machine>, io::Result<()>) {
        let mut machine = self.machine();
        let number = machine.operations;
        machine.operations += 1;
        let fails = machine.fails_at.is_some_and(|at| number == at || number > at && machine.is_crash);
        let result = if fails { Err(io::Error::other("simulated")) } else { Ok(()) };
        (machine, result)
    }
}

impl Storage for SimDisk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.machine().files[self.file].now.len() as u64)
    }

    fn read_at(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        let machine = self.machine();
        let from = machine.files[self.file].now.get(at as usize..at as usize + bytes.len());
        bytes.copy_from_slice(from.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn write_at(&mut self, at: u64, bytes: &[u8]) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        let is_last = machine.fails_at.is_none_or(|fails| machine.operations <= fails + 1);
        // A write that fails has written a part, except after a crash.
        let len = if result.is_ok() {
            bytes.len()
        } else if is_last {
            bytes.len() / 2
        } else {
            0
        };
        machine.files[self.file].change(Pending::Write(at as usize, bytes[..len].to_vec()));
        result
    }

    fn set_len(&mut self, len: u64) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        result?;
        machine.files[self.file].change(Pending::Cut(len as usize));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        result?;
        let file = &mut machine.files[self.file];
        file.durable.clone_from(&file.now);
        file.pending.clear();
        Ok(())
    }

    fn successor(&self) -> io::Result<Box<dyn Storage>> {
        let (mut machine, result) = self.operate();
        result?;
        machine.files.push(SimFile::default());
        let file = machine.files.len() - 1;
        Ok(Box::new(Self { machine: self.machine.clone(), file }))
    }

    fn install(&mut self) -> io::Result<()> {
        let (mut machine, result) = self.operate();
        result?;
        machine.named = self.file;
        Ok(())
    }
}

/// What the name leads to after a power cut: of the changes that are not durable, any may be lost,
/// torn, or made before others.
fn after_power_cut(machine: &Machine, rng: &mut Rng) -> Vec<u8> {
    let file = &machine.files[machine.named];
    let mut bytes = file.durable.clone();
    let mut pending = file.pending.clone();
    for i in (1..pending.len()).rev() {
        if rng.below(4) == 0 {
            pending.swap(i, rng.below(i + 1));
        }
    }
    for change in pending {
        match (rng.below(4), change) {
            (0, _) => {}
            (1, Pending::Write(at, new)) => {
                // Some blocks of the write.
                for (i, block) in new.chunks(64).enumerate() {
                    if rng.below(2) == 0 {
                        Pending::Write(at + 64 * i, block.to_vec()).apply(&mut bytes);
                    }
                }
            }
            (_, change) => change.apply(&mut bytes),
        }
    }
    bytes
}

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

fn open(disk: SimDisk) -> Result<Store<u64>, FileError> {
    Store::open_storage(Box::new(disk), None)
}

fn change(map: &mut PathMap<u64>, rng: &mut Rng) {
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
    /// Commits and compacts until an operation fails.
    fn run(&mut self, disk: SimDisk, rng: &mut Rng) -> Result<(), FileError> {
        self.tried.push(Model::new());
        let mut store = open(disk)?;
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
            if rng.below(6) == 0 {
                store.compact(|commit| commit.len() % 2 == 0)?;
                self.durable = self.tried.len() - 1;
            }
        }
        Ok(())
    }

    fn check(&self, bytes: Vec<u8>, what: &str) {
        let mut store = open(SimDisk::new(bytes).0).unwrap_or_else(|error| panic!("{what}: {error}"));
        let map = store.load().unwrap_or_else(|error| panic!("{what}: {error}"));
        map.check().unwrap();
        let content = content(&map);
        assert!(self.tried[self.durable..].contains(&content), "{what}");
        // The store can be used on, and all its commits can be read.
        store.commit(&PathMap::single("z", 1)).unwrap();
        for commit in store.commits() {
            let commit = commit.unwrap();
            assert_eq!(store.at(commit.id()).unwrap().len() as u64, commit.len(), "{what}");
        }
    }
}

#[test]
fn after_a_crash_at_any_operation_there_is_the_last_durable_commit_or_a_later_one() {
    for seed in 0..150 {
        for fails_at in 0.. {
            let (disk, machine) = SimDisk::new(Vec::new());
            machine.lock().unwrap().fails_at = Some(fails_at);
            machine.lock().unwrap().is_crash = true;
            let mut history = History::default();
            let result = history.run(disk, &mut Rng::new(seed));
            let mut rng = Rng::new(seed + 1000 * fails_at as u64);
            let machine = machine.lock().unwrap();
            for _ in 0..4 {
                let bytes = after_power_cut(&machine, &mut rng);
                history.check(bytes, &format!("seed {seed}, operation {fails_at}, power cut"));
            }
            let now = machine.files[machine.named].now.clone();
            history.check(now, &format!("seed {seed}, operation {fails_at}, killed"));
            if result.is_ok() {
                break;
            }
        }
    }
}

#[test]
fn after_an_error_the_store_is_used_on_or_poisoned() {
    let (mut used_on, mut poisoned) = (0, 0);
    for fails_at in 0..60 {
        let (disk, machine) = SimDisk::new(Vec::new());
        let Ok(mut store) = ({
            machine.lock().unwrap().fails_at = Some(fails_at);
            open(disk)
        }) else {
            continue;
        };
        let mut rng = Rng::new(fails_at as u64);
        let mut map = PathMap::new();
        let mut committed = map.clone();
        for _ in 0..20 {
            change(&mut map, &mut rng);
            match store.commit(&map) {
                Ok(_) => committed = map.clone(),
                Err(FileError::Io(_)) => {
                    assert!(store.load().unwrap() == committed);
                    match store.commit(&map) {
                        Ok(_) => used_on += 1,
                        Err(FileError::Poisoned) => poisoned += 1,
                        Err(error) => panic!("{error}"),
                    }
                    break;
                }
                Err(error) => panic!("{error}"),
            }
        }
        let bytes = {
            let machine = machine.lock().unwrap();
            machine.files[machine.named].now.clone()
        };
        let mut again = open(SimDisk::new(bytes).0).unwrap();
        let found = again.load().unwrap();
        assert!(found == map || found == committed);
    }
    assert!(used_on > 0 && poisoned > 0);
}

/// Each node of the committed map is in the table, and no other.
fn check_table(store: &mut Store<u64>) {
    let map = store.load().unwrap();
    let mut other = open(SimDisk::new(Vec::new()).0).unwrap();
    let nodes = other.commit(&map).unwrap().nodes_written();
    assert_eq!(store.table.len() as u64, nodes);
}

#[test]
fn all_versions_are_read_whatever_comes_between() {
    for seed in 0..100 {
        let mut rng = Rng::new(seed);
        let (disk, machine) = SimDisk::new(Vec::new());
        let mut store = open(disk).unwrap();
        let mut copy = open(SimDisk::new(Vec::new()).0).unwrap();
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
                    let bytes = {
                        let machine = machine.lock().unwrap();
                        machine.files[machine.named].now.clone()
                    };
                    store = open(SimDisk::new(bytes).0).unwrap();
                    assert_eq!(store.recovery().bytes_cut, 0);
                    map = store.load().unwrap();
                    check_table(&mut store);
                    // The machine above knows no later commits, so the copy is not reopened.
                    break;
                }
                1 => {
                    let keep = |label: &str| label.len().is_multiple_of(2) || label.ends_with('7');
                    store.compact(|commit| keep(commit.label())).unwrap();
                    let last = versions.len() - 1;
                    let mut number = 0..;
                    versions.retain(|(label, _)| number.next() == Some(last) || keep(label));
                    check_table(&mut store);
                    copy = open(SimDisk::new(Vec::new()).0).unwrap();
                }
                2 => {
                    let last = copy.last_commit().map(|commit| commit.id());
                    copy.apply(&store.tail_since(last).unwrap()).unwrap();
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
    let mut store = open(SimDisk::new(Vec::new()).0).unwrap();
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
fn tails_of_other_histories_and_damaged_tails_are_refused() {
    let mut origin = open(SimDisk::new(Vec::new()).0).unwrap();
    let mut copy = open(SimDisk::new(Vec::new()).0).unwrap();
    let mut map = PathMap::single("a", 1);
    let first = origin.commit(&map).unwrap().id();
    let whole = origin.tail_since(None).unwrap();
    assert_eq!(copy.apply(&whole).unwrap(), 1);
    assert!(matches!(copy.apply(&whole), Err(FileError::OtherHistory)));
    for i in 0..3 {
        map.insert("b", i);
        origin.commit(&map).unwrap();
    }
    let tail = origin.tail_since(Some(first)).unwrap();
    for at in 0..tail.len() {
        let mut damaged = tail.clone();
        damaged[at] ^= 1;
        assert!(copy.apply(&damaged).is_err(), "{at}");
        // A tail that is cut after a commit is a tail too.
        let mut other = open(SimDisk::new(Vec::new()).0).unwrap();
        other.apply(&whole).unwrap();
        let commits = other.apply(&tail[..at]).unwrap_or(0);
        let last = other.last_commit().cloned();
        let expected = origin.commits().map(Result::unwrap).nth(3 - commits as usize);
        assert_eq!(last, expected, "{at}");
    }
    assert_eq!(copy.last_commit().unwrap().id(), first);
    assert_eq!(copy.apply(&tail).unwrap(), 3);
    assert!(copy.load().unwrap() == map);
    assert_eq!(copy.apply(&origin.tail_since(copy.last_commit().map(|last| last.id())).unwrap()).unwrap(), 0);
    copy.commit(&map).unwrap();
    origin.commit(&PathMap::new()).unwrap();
    let tail = origin.tail_since(Some(first)).unwrap();
    assert!(matches!(copy.apply(&tail), Err(FileError::OtherHistory)));
    let other = copy.last_commit().unwrap().id();
    assert!(matches!(origin.tail_since(Some(other)), Err(FileError::NoSuchCommit)));
}

#[test]
fn a_durable_map_publishes_what_is_committed() {
    let (disk, machine) = SimDisk::new(Vec::new());
    let map = DurableMap::new(open(disk).unwrap()).unwrap();
    map.update(|map| map.insert("a", 1)).unwrap();
    let next = machine.lock().unwrap().operations;
    machine.lock().unwrap().fails_at = Some(next);
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
