//! Stores in real files: the lock, other types and versions, and readers beside a writer.

use std::fs;
use std::path::PathBuf;

use bytetrie::PathMap;
use bytetrie::file::{FileError, Store, StoreReader};

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
