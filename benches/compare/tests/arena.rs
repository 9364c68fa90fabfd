//! Files of pathmap 0.3.5 (`ACTree03`): what it wrote is read with equal content.
//!
//! With `BYTETRIE_WRITE_GOLDEN=1`, the files in `tests/arena_compact/golden` are written anew.

#[path = "../../../tests/arena_compact/golden.rs"]
mod golden;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytetrie::arena_compact::ACTMmap;
use bytetrie::testing::keys;
use bytetrie::zipper::{ZipperIteration, ZipperMoving, ZipperReadOnlyIteration, ZipperReadOnlyValues};
use golden::Entries;
use pathmap::PathMap;
use pathmap::arena_compact::{ACTOutputStream, ArenaCompactTree};
use pathmap::zipper::ZipperWriting;
use proptest::collection::vec;
use proptest::prelude::*;

/// A path in the directory of temporary files, where the file is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("bytetrie-arena-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn map_of(entries: &Entries) -> PathMap<u64> {
    let mut map = PathMap::new();
    for (path, value) in entries {
        map.set_val_at(path, *value);
    }
    map
}

fn written(map: &PathMap<u64>) -> Vec<u8> {
    ArenaCompactTree::from_zipper(map.read_zipper(), |&value| value).get_data().to_vec()
}

fn written_cached(map: &PathMap<u64>) -> Vec<u8> {
    ArenaCompactTree::from_zipper_cached(map.read_zipper(), |&value| value).get_data().to_vec()
}

fn streamed(entries: &Entries) -> Vec<u8> {
    let file = Temporary::new();
    let mut stream = ACTOutputStream::new(&file.0).unwrap();
    for (path, value) in entries {
        stream.push_val(path, *value).unwrap();
    }
    stream.finish().unwrap().get_data().to_vec()
}

/// Writes the first entries, and merges the others.
fn merged(parts: &[Entries]) -> Vec<u8> {
    let file = Temporary::new();
    fs::write(&file.0, written(&map_of(&parts[0]))).unwrap();
    for part in &parts[1..] {
        let map = map_of(part);
        ArenaCompactTree::merge_zipper_into_file(&file.0, map.read_zipper(), |&value| value).unwrap();
    }
    fs::read(&file.0).unwrap()
}

/// Checks that this crate reads the entries from a file that pathmap wrote, in every way.
fn check(file: &[u8], entries: &Entries) {
    let tree = ACTMmap::from_data(file.to_vec()).unwrap();
    assert_eq!(tree.get_data(), file);
    assert!(tree.iter().eq(entries.iter().cloned()));
    let mut zipper = tree.read_zipper_u64();
    assert_eq!(zipper.val_count(), entries.len());
    let root = zipper.get_val().map(|value| (Vec::new(), value));
    let walked = std::iter::from_fn(|| zipper.to_next_get_val().map(|value| (zipper.path().to_vec(), value)));
    let expected = entries.iter().map(|(path, value)| (path.clone(), value));
    assert!(root.into_iter().chain(walked).eq(expected));
    for (path, value) in entries {
        assert_eq!(tree.get_val_at(path), Some(*value));
        let absent = [path, &b"\xffabsent"[..]].concat();
        assert_eq!(tree.get_val_at(absent), None);
    }
    let mut zipper = tree.read_zipper();
    for (path, _) in entries.iter().rev().filter(|(path, _)| !path.is_empty()) {
        assert!(zipper.to_prev_val() && zipper.path() == path);
    }
}

fn golden_file(name: &str, entries: &Entries) -> Vec<u8> {
    match name {
        "shared" => {
            let (part, mut map) = (map_of(&golden::part()), PathMap::new());
            for place in golden::PLACES {
                map.write_zipper_at_path(place).graft_map(part.clone());
            }
            written_cached(&map)
        }
        "merged" => merged(&golden::merged()),
        "long" => streamed(entries),
        _ => written(&map_of(entries)),
    }
}

#[test]
fn golden_files_are_those_of_pathmap() {
    for (name, entries) in golden::sets() {
        let written = golden_file(name, &entries);
        let file = format!("{}/../../tests/arena_compact/golden/{name}.act", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("BYTETRIE_WRITE_GOLDEN").is_some() {
            fs::write(&file, &written).unwrap();
        }
        assert_eq!(fs::read(&file).unwrap(), written, "{name}");
        check(&written, &entries);
    }
}

#[test]
fn many_keys() {
    for mut keys in [
        keys::words(50_000, 1),
        keys::random_u64(50_000, 2),
        keys::consecutive_u64(50_000),
        keys::random_bytes(20_000, 0..=40, 3),
        keys::file_paths(10_000, 4),
    ] {
        keys.sort();
        keys.dedup();
        let value = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (i % 64);
        let entries: Entries = keys.into_iter().zip((0..).map(value)).collect();
        check(&written(&map_of(&entries)), &entries);
        check(&streamed(&entries), &entries);
    }
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    let few = vec(0..3u8, 0..6);
    prop_oneof![8 => few, 2 => vec(any::<u8>(), 0..300), 1 => vec(0..2u8, 200..1_000)]
}

fn entries() -> impl Strategy<Value = BTreeMap<Vec<u8>, u64>> {
    let value = prop_oneof![0..300u64, any::<u64>()];
    vec((path(), value), 0..40).prop_map(|entries| entries.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_maps(entries in entries()) {
        let entries: Entries = entries.into_iter().collect();
        check(&written(&map_of(&entries)), &entries);
        check(&written_cached(&map_of(&entries)), &entries);
        check(&streamed(&entries), &entries);
    }

    #[test]
    fn maps_with_grafts(entries in entries(), part in entries(), places in vec(vec(0..3u8, 0..4), 0..6)) {
        let (mut map, mut model) = (map_of(&entries.clone().into_iter().collect()), entries);
        let part_map = map_of(&part.clone().into_iter().collect());
        for place in places {
            map.write_zipper_at_path(&place).graft_map(part_map.clone());
            model.retain(|path, _| !path.starts_with(&place));
            model.extend(part.iter().map(|(path, value)| ([&place, &path[..]].concat(), *value)));
        }
        let entries: Entries = map.iter().map(|(path, value)| (path, *value)).collect();
        prop_assert_eq!(&entries, &model.into_iter().collect::<Entries>());
        check(&written(&map), &entries);
        check(&written_cached(&map), &entries);
    }

    #[test]
    fn maps_that_were_merged(parts in vec(entries(), 2..5)) {
        let all: BTreeMap<_, _> = parts.iter().flatten().map(|(path, value)| (path.clone(), *value)).collect();
        let parts: Vec<Entries> = parts.into_iter().map(|part| part.into_iter().collect()).collect();
        let file = merged(&parts);
        check(&file, &all.into_iter().collect());
        let theirs = Temporary::new();
        fs::write(&theirs.0, &file).unwrap();
        let theirs = ArenaCompactTree::open_mmap(&theirs.0).unwrap();
        let ours = ACTMmap::from_data(file).unwrap();
        prop_assert_eq!(ours.root_history().len(), theirs.root_history().len());
        for (our, their) in ours.root_history().iter().zip(theirs.root_history()) {
            prop_assert_eq!(format!("{our:?}"), format!("{their:?}"));
        }
    }
}
