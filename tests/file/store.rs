//! Stores in real files: the lock, other types and versions, and readers beside a writer.

use std::fs;
use std::path::PathBuf;

use bytetrie::PathMap;
use bytetrie::file::{FileError, Store, StoreReader};
use bytetrie::testing::keys::{Rng, words};
use bytetrie::testing::limits::{Limits, with_limits};

/// A directory that is removed when the test ends.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("bytetrie-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn store(&self) -> PathBuf {
        self.0.join("store")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn one_store_at_a_time_has_the_lock() {
    let directory = Directory::new("lock");
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    assert!(store.recovery().is_new);
    assert!(matches!(Store::<u64>::open(directory.store()), Err(FileError::Locked)));
    store.commit(&PathMap::single("a", 1)).unwrap();
    store.compact(|_| true).unwrap();
    assert!(matches!(Store::<u64>::open(directory.store()), Err(FileError::Locked)));
    drop(store);
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    assert!(!store.recovery().is_new);
    assert_eq!(store.load().unwrap(), PathMap::single("a", 1));
}

#[test]
fn readers_read_beside_a_writer_and_beside_compaction() {
    let directory = Directory::new("readers");
    assert!(matches!(StoreReader::<u64>::open(directory.store()), Err(FileError::Io(_))));
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    let mut map = PathMap::new();
    let mut reader: StoreReader<u64> = StoreReader::open(directory.store()).unwrap();
    for i in 0..20 {
        map.insert([i as u8], i);
        let id = store.commit(&map).unwrap().id();
        reader.refresh().unwrap();
        assert_eq!(reader.load().unwrap(), map);
        assert_eq!(reader.last_commit().unwrap().id(), id);
    }
    let old = reader.load().unwrap();
    store.compact(|_| false).unwrap();
    map.insert("new", 1);
    store.commit(&map).unwrap();
    assert_eq!(reader.commits().count(), 20);
    reader.refresh().unwrap();
    assert_eq!(reader.load().unwrap(), old);
    let new: StoreReader<u64> = StoreReader::open(directory.store()).unwrap();
    assert_eq!((new.load().unwrap(), new.commits().count()), (map, 2));
}

#[test]
fn other_types_versions_and_files_are_refused_and_left_as_they_are() {
    let directory = Directory::new("types");
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    store.commit(&PathMap::single("a", 1)).unwrap();
    drop(store);
    let bytes = fs::read(directory.store()).unwrap();
    assert!(matches!(Store::<String>::open(directory.store()), Err(FileError::WrongType { .. })));
    assert_eq!(fs::read(directory.store()).unwrap(), bytes);
    let mut newer = bytes.clone();
    newer[8] = 9;
    fs::write(directory.store(), &newer).unwrap();
    assert!(matches!(Store::<u64>::open(directory.store()), Err(FileError::NewerVersion { found: 9, .. })));
    fs::write(directory.store(), "a text").unwrap();
    assert!(matches!(Store::<u64>::open(directory.store()), Err(FileError::NotATrie { .. })));
    assert_eq!(fs::read(directory.store()).unwrap(), b"a text");
}

#[test]
fn what_a_crash_has_left_is_cut_off_and_told() {
    let directory = Directory::new("cut");
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    let first = PathMap::single("a", 1);
    store.commit(&first).unwrap();
    let len = fs::metadata(directory.store()).unwrap().len();
    store.commit(&PathMap::from([("a", 1), ("b", 2)])).unwrap();
    drop(store);
    let bytes = fs::read(directory.store()).unwrap();
    for end in len as usize..bytes.len() {
        fs::write(directory.store(), &bytes[..end]).unwrap();
        let mut store: Store<u64> = Store::open(directory.store()).unwrap();
        assert_eq!(store.recovery().bytes_cut, end as u64 - len);
        assert_eq!(store.load().unwrap(), first);
        assert_eq!(fs::metadata(directory.store()).unwrap().len(), len);
    }
}

/// Nodes that were loaded under other limits than they were written under are not those of the
/// file. Whatever is committed then, the file has it.
#[test]
fn maps_whose_nodes_are_built_differently_are_committed_whole() {
    let directory = Directory::new("limits");
    let mut rng = Rng::new(11);
    let mut map: PathMap<u64> = words(800, 3).into_iter().zip(0..).collect();
    Store::open(directory.store()).unwrap().commit(&map).unwrap();
    with_limits(Limits::TINY, || {
        let mut store: Store<u64> = Store::open(directory.store()).unwrap();
        let mut loaded = store.load().unwrap();
        let keys = words(1200, 3);
        for i in 0..300 {
            let key = &keys[rng.below(keys.len())];
            if rng.one_in(3) {
                loaded.remove(key);
                map.remove(key);
            } else {
                loaded.insert(key, i);
                map.insert(key, i);
            }
            store.commit(&loaded).unwrap();
        }
    });
    assert_eq!(Store::<u64>::open(directory.store()).unwrap().load().unwrap(), map);
}

#[test]
fn a_flipped_bit_in_an_old_commit_is_found_by_whoever_reads_it() {
    let directory = Directory::new("flip");
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    let mut map = PathMap::single("a", 0x0123_4567_89ab_cdef);
    let first = store.commit(&map).unwrap().id();
    map.insert("b", 2);
    store.commit(&map).unwrap();
    drop(store);
    let mut bytes = fs::read(directory.store()).unwrap();
    let at = bytes.windows(8).position(|word| word == 0x0123_4567_89ab_cdef_u64.to_le_bytes()).unwrap();
    bytes[at] ^= 1;
    fs::write(directory.store(), &bytes).unwrap();
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    assert!(matches!(store.at(first), Err(FileError::Damaged(_))));
    assert!(matches!(store.load(), Err(FileError::Damaged(_))));
    assert!(matches!(store.compact(|_| true), Err(FileError::Damaged(_))));
    let reader: StoreReader<u64> = StoreReader::open(directory.store()).unwrap();
    assert!(matches!(reader.load(), Err(FileError::Damaged(_))));
    assert_eq!(fs::read(directory.store()).unwrap(), bytes);
}

#[test]
fn files_with_similar_names_are_left_alone() {
    let directory = Directory::new("names");
    for name in ["store.new", "store.tmp", "store.bak"] {
        fs::write(directory.0.join(name), name).unwrap();
    }
    let mut store: Store<u64> = Store::open(directory.store()).unwrap();
    store.commit(&PathMap::single("a", 1)).unwrap();
    store.compact(|_| true).unwrap();
    for name in ["store.new", "store.tmp", "store.bak"] {
        assert_eq!(fs::read(directory.0.join(name)).unwrap(), name.as_bytes());
    }
}
