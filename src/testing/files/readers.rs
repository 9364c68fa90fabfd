//! A function for each reader of files. Each takes any bytes, returns whether the reader accepts
//! them, and panics if the reader breaks a promise.
//!
//! Whoever calls these functions notices calls that do not end, and memory beyond a bound.

use super::repair::file_part;
use super::samples::{self, BaseAndTail, bytes_of};
use super::values::Known;
use crate::file::{FileError, Limits, Packed, PackedIter, Store, open_in_memory};
use crate::search::Levenshtein;
use crate::testing::keys::Rng;
use crate::trie::PathMap;
use crate::zipper::{Zipper, ZipperAbsolutePath, ZipperIteration, ZipperMoving, ZipperValues};

/// The number of steps of each walk. Damaged bytes may describe very many paths.
const STEPS: usize = 100;

/// The readers for one type of values, and files for them.
pub struct Readers {
    name: &'static str,
    load: fn(&[u8]) -> bool,
    packed: fn(&[u8]) -> bool,
    store: fn(&[u8]) -> bool,
    tail: fn(&[u8], &[u8]) -> bool,
    file: fn(&mut Rng) -> Result<Vec<u8>, FileError>,
    base_and_tail: fn(&mut Rng) -> BaseAndTail,
}

static ALL: [Readers; 8] = [
    Readers::of::<u64>(),
    Readers::of::<()>(),
    Readers::of::<bool>(),
    Readers::of::<char>(),
    Readers::of::<[u8; 3]>(),
    Readers::of::<u128>(),
    Readers::of::<Vec<u8>>(),
    Readers::of::<String>(),
];

impl Readers {
    const fn of<V: Known>() -> Self {
        Self {
            name: V::NAME,
            load: load::<V>,
            packed: packed::<V>,
            store: store::<V>,
            tail: tail::<V>,
            file: samples::file_of::<V>,
            base_and_tail: samples::tail_of::<V>,
        }
    }

    /// The readers for one of the types.
    pub fn any(rng: &mut Rng) -> &'static Self {
        &ALL[rng.below(ALL.len())]
    }

    /// The readers for the type that the header of a file names, or for any if it names none that
    /// is known.
    #[must_use]
    pub fn for_file(bytes: &[u8]) -> &'static Self {
        let named =
            |readers: &&Self| bytes.get(40..).is_some_and(|rest| rest.starts_with(readers.name.as_bytes()));
        ALL.iter().filter(named).max_by_key(|readers| readers.name.len()).unwrap_or(&ALL[0])
    }

    /// A whole file.
    ///
    /// # Panics
    /// Panics if it cannot be written.
    pub fn file(&self, rng: &mut Rng) -> Vec<u8> {
        (self.file)(rng).expect("a file in memory")
    }

    /// The file of a store, and a tail that continues it.
    ///
    /// # Panics
    /// Panics if they cannot be written.
    pub fn base_and_tail(&self, rng: &mut Rng) -> (Vec<u8>, Vec<u8>) {
        (self.base_and_tail)(rng).expect("a file in memory")
    }

    /// Loads a map.
    #[must_use]
    pub fn load(&self, bytes: &[u8]) -> bool {
        (self.load)(bytes)
    }

    /// Opens a map in place, walks in it, searches it and verifies it.
    #[must_use]
    pub fn packed(&self, bytes: &[u8]) -> bool {
        (self.packed)(bytes)
    }

    /// Opens a store with recovery, loads its maps, commits, compacts, and opens it again.
    #[must_use]
    pub fn store(&self, bytes: &[u8]) -> bool {
        (self.store)(bytes)
    }

    /// Applies a tail to the store whose file is `base`.
    #[must_use]
    pub fn tail(&self, base: &[u8], tail: &[u8]) -> bool {
        (self.tail)(base, tail)
    }
}

/// Loads a map within limits. A map that is loaded is well-formed, and is saved and loaded again.
fn load<V: Known>(bytes: &[u8]) -> bool {
    let limits = Limits::new().bytes(1 << 20).nodes(1 << 14).values(1 << 12).path_len(1 << 16);
    let map = match PathMap::<V>::load_within(bytes, limits) {
        Ok(map) => map,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return false;
        }
    };
    map.check().unwrap();
    let saved = |map: &PathMap<V>| {
        let mut saved = Vec::new();
        map.save(&mut saved).unwrap();
        saved
    };
    let first = saved(&map);
    let again = PathMap::<V>::load(&first[..]).unwrap();
    assert!(again.val_count() == map.val_count() && saved(&again) == first);
    true
}

/// Paths of a map, and paths beside them.
fn some_paths<V: Known>(packed: &Packed<'_, V>, rng: &mut Rng) -> Vec<Vec<u8>> {
    let mut paths = vec![Vec::new(), b"ab".to_vec(), vec![0xff; 3]];
    let mut iter = packed.iter();
    while paths.len() < 12
        && let Some((path, _)) = iter.lend_next()
    {
        let mut path = path.to_vec();
        paths.push(path.clone());
        if rng.one_in(2) {
            path.truncate(rng.below(path.len() + 1));
            path.push(rng.next_u64() as u8);
            paths.push(path);
        }
    }
    paths
}

/// Counts entries up to a number of steps.
fn count<V: Known>(mut iter: PackedIter<'_, V>, longest: usize) -> usize {
    let mut count = 0;
    while count < STEPS
        && let Some((path, value)) = iter.lend_next()
    {
        assert!(path.len() < longest, "each byte of a path is in the file");
        let _ = V::copied(value);
        count += 1;
    }
    count
}

/// Reads a file in place.
fn packed<V: Known>(bytes: &[u8]) -> bool {
    let Ok(packed) = Packed::<V>::new(bytes) else { return false };
    let len = packed.len();
    assert_eq!(packed.is_empty(), len == 0);
    assert!(packed.byte_len() <= bytes.len() && !format!("{packed:?}").is_empty());
    let mut rng = Rng::new(xxhash_rust::xxh3::xxh3_64(bytes));
    let paths = some_paths(&packed, &mut rng);
    for path in &paths {
        let found = packed.try_get(path).map(|found| found.map(V::copied));
        assert_eq!(found.clone().unwrap_or(None), packed.get(path).map(V::copied));
        assert_eq!(packed.contains(path), matches!(found, Ok(Some(_))));
        let _ = packed.longest_prefix_of(path);
        count(packed.prefix(path), bytes.len());
    }
    for path in paths.iter().rev().take(3) {
        count(packed.range(path.as_slice()..), bytes.len());
        let _ = packed.range(..path.as_slice()).rev().take(STEPS).count();
        let mut found = packed.search(Levenshtein::bytes(path, 1).unwrap());
        let _ = (0..STEPS).take_while(|_| found.next().is_some()).count();
    }
    let is_whole = packed.verify(|_, _| ()).is_ok();
    wander(&packed, &paths, is_whole, &mut rng);
    if is_whole {
        same_as_loaded(&packed, &bytes[..packed.byte_len()]);
    }
    true
}

/// A verified file has the entries of the map that is loaded from it.
fn same_as_loaded<V: Known>(packed: &Packed<'_, V>, bytes: &[u8]) {
    let map = PathMap::<V>::load(bytes).unwrap();
    map.check().unwrap();
    assert_eq!(packed.len(), map.val_count());
    let mut iter = packed.iter();
    for (path, value) in map.iter().take(STEPS) {
        let (found, lent) = iter.lend_next().expect("as many entries");
        assert_eq!(found, path);
        assert_eq!(V::copied(lent), *value);
        assert_eq!(packed.get(&path).map(V::copied).as_ref(), Some(value));
    }
    let mut last: Vec<_> = packed.iter().rev().take(STEPS).map(|(path, _)| path).collect();
    last.reverse();
    assert!(last.is_sorted_by(|one, next| one < next));
}

/// Makes random moves with a zipper. What several calls tell of a damaged node may differ.
fn wander<V: Known>(packed: &Packed<'_, V>, paths: &[Vec<u8>], is_whole: bool, rng: &mut Rng) {
    let mut zipper = packed.read_zipper_at_path(&paths[rng.below(paths.len())][..]);
    for _ in 0..STEPS {
        let _ = step(&mut zipper, &paths[rng.below(paths.len())], rng);
        let (is_val, has_val) = (zipper.is_val(), zipper.val().is_some());
        let (count, mask) = (zipper.child_count(), zipper.child_mask());
        assert!(!is_whole || is_val == has_val && count == mask.iter().count());
        assert!(zipper.origin_path().ends_with(zipper.path()));
    }
    let _ = (zipper.val_count(), zipper.tip_count());
}

/// Makes one random move.
fn step<Z: ZipperMoving + ZipperIteration>(zipper: &mut Z, path: &[u8], rng: &mut Rng) -> bool {
    match rng.below(20) {
        0 => zipper.descend_to_check(path),
        1 => zipper.descend_to_existing(path) > 0,
        2 => zipper.descend_to_val(path) > 0,
        3 => zipper.ascend(1 + rng.below(4)),
        4 => zipper.ascend_until(),
        5 => zipper.ascend_until_branch(),
        6 => zipper.move_to_path(path) > 0,
        7 => zipper.descend_first_byte(),
        8 => zipper.descend_last_byte(),
        9 => zipper.descend_indexed_byte(rng.below(4)),
        10 => zipper.descend_until(),
        11 => zipper.to_next_sibling_byte(),
        12 => zipper.to_prev_sibling_byte(),
        13 => zipper.to_next_step(),
        14 => zipper.to_prev_step(),
        15 => zipper.to_prev_val(),
        16 => zipper.descend_first_k_path(1 + rng.below(3)),
        17 => zipper.to_next_k_path(1 + rng.below(3)),
        18 => zipper.descend_last_path(),
        _ => zipper.to_next_val(),
    }
}

/// Uses the store whose file has these bytes.
fn store<V: Known>(bytes: &[u8]) -> bool {
    match open_in_memory::<V>(bytes.to_vec()) {
        Ok(store) => {
            use_store(store);
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            false
        }
    }
}

/// Loads, commits, compacts, and opens again.
fn use_store<V: Known>(mut store: Store<V>) {
    let mut ids = Vec::new();
    for commit in store.commits().take(STEPS) {
        let Ok(commit) = commit else { break };
        let _ = (commit.time(), commit.label().len(), commit.bytes_written());
        ids.push(commit.id());
    }
    for &id in &ids {
        if let Ok(map) = store.at(id) {
            map.check().unwrap();
        }
        bytes_of(store.tail_since(Some(id)).unwrap()).unwrap();
    }
    let Ok(mut map) = store.load() else { return };
    map.check().unwrap();
    if map.val_count() < 1 << 12 {
        map.insert("fuzz", V::random(&mut Rng::new(1)));
    }
    store.commit(&map).unwrap();
    assert!(store.load().unwrap() == map);
    if store.compact(|_| true).is_err() {
        return; // an older commit is damaged
    }
    assert!(store.load().unwrap().val_count() == map.val_count());
    let file = file_part(&bytes_of(store.tail_since(None).unwrap()).unwrap());
    let mut again = open_in_memory::<V>(file).unwrap();
    assert_eq!(again.load().unwrap().val_count(), map.val_count());
}

/// Applies a tail.
fn tail<V: Known>(base: &[u8], tail: &[u8]) -> bool {
    let Ok(mut store) = open_in_memory::<V>(base.to_vec()) else { return false };
    let before = store.last_commit().cloned();
    match store.apply(tail) {
        Ok(count) => {
            assert!(count > 0 || store.last_commit() == before.as_ref());
            use_store(store);
            true
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert_eq!(store.last_commit(), before.as_ref(), "a tail that is refused changes nothing");
            false
        }
    }
}
