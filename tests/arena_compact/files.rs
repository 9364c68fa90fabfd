//! Trees in files: written, opened, merged.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytetrie::PathMap;
use bytetrie::arena_compact::{ACTMmap, ACTOutputStream, ArenaCompactTree};
use bytetrie::file::{Data, FileError, Packed, Store};
use bytetrie::zipper::{ZipperInfallibleSubtries, ZipperMoving};
use proptest::prelude::*;

use crate::tries::{config, recipes};
use crate::{golden, golden_file};

/// A path in the directory of temporary files, where the files are removed at the end.
pub(crate) struct Temporary(pub(crate) PathBuf);

impl Temporary {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("bytetrie-act-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
        let _ = fs::remove_file(self.0.with_extension("lock"));
    }
}

fn merge(file: &Temporary, map: &PathMap<u64>) -> std::io::Result<ACTMmap> {
    ArenaCompactTree::merge_zipper_into_file(&file.0, map.read_zipper(), |&value| value)
}

#[test]
fn files_are_written_and_opened() {
    let file = Temporary::new();
    let map = PathMap::from([("romane", "a"), ("romanus", "bb")]);
    let dumped =
        ArenaCompactTree::dump_from_zipper(map.read_zipper(), |text| text.len() as u64, &file.0).unwrap();
    let opened = ArenaCompactTree::open_mmap(&file.0).unwrap();
    let made = ArenaCompactTree::from_zipper(map.read_zipper(), |text| text.len() as u64);
    assert_eq!((dumped.get_data(), opened.get_data()), (made.get_data(), made.get_data()));
    assert_eq!(Packed::<u64>::open(&file.0).unwrap().get("romanus"), Some(&2));
    // SAFETY: nobody else knows the file.
    let mapped = ArenaCompactTree::from_data(unsafe { Data::map(&file.0).unwrap() }).unwrap();
    assert_eq!(mapped.get_val_at("romanus"), Some(2));
    fs::write(&file.0, golden_file("words")).unwrap();
    assert_eq!(ACTMmap::open_mmap(&file.0).unwrap().get_val_at("rom"), Some(1 << 7));
}

#[test]
fn errors_tell_what_is_wrong() {
    let file = Temporary::new();
    assert_eq!(ACTMmap::open_mmap(&file.0).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(merge(&file, &PathMap::new()).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!file.0.exists());

    PathMap::from([("a", 1u32)]).save_to(&file.0).unwrap();
    let error = ACTMmap::open_mmap(&file.0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    let source = error.get_ref().and_then(|source| source.downcast_ref::<FileError>());
    assert!(matches!(source, Some(FileError::WrongType { .. })));
    assert!(merge(&file, &PathMap::new()).is_err());

    fs::write(&file.0, "ACTree02\0\0\0\0\0\0\0\0").unwrap();
    assert!(ACTMmap::open_mmap(&file.0).unwrap_err().to_string().contains("not a trie"));

    let mut stream = ACTOutputStream::new(&file.0).unwrap();
    stream.push("b").unwrap();
    for path in ["b", "a", ""] {
        assert_eq!(stream.push(path).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    stream.push_val("ba", 2).unwrap();
    assert!(stream.finish().unwrap().iter().eq([(b"b".to_vec(), 0), (b"ba".to_vec(), 2)]));

    let store = Store::<u64>::open(&file.0).unwrap();
    assert_eq!(merge(&file, &PathMap::new()).unwrap_err().kind(), ErrorKind::WouldBlock);
    drop(store);
}

/// What was merged into a file of `pathmap` is in a new file of this crate.
#[test]
fn files_of_pathmap_are_replaced() {
    let file = Temporary::new();
    let old = golden_file("shared");
    fs::write(&file.0, &old).unwrap();
    let nothing = merge(&file, &PathMap::new()).unwrap();
    assert_eq!((nothing.get_data(), fs::read(&file.0).unwrap()), (&old[..], old.clone()));

    let mut expected: PathMap<u64> = ACTMmap::from_data(old).unwrap().iter().collect();
    let update = PathMap::from([("ale", 70u64), ("new", 71)]);
    let tree = merge(&file, &update).unwrap();
    expected.extend(update.iter().map(|(path, &value)| (path, value)));
    assert_eq!(PathMap::<u64>::load_from(&file.0).unwrap(), expected);
    assert_eq!(tree.root_history().len(), 1);
    assert_eq!(golden::part().len() * golden::PLACES.len() + 1, tree.iter().count());
}

#[test]
fn a_zipper_below_its_root_is_merged_from_its_focus() {
    let file = Temporary::new();
    PathMap::from([("le", 1u64)]).save_to(&file.0).unwrap();
    let map = PathMap::from([("in/", 7u64), ("in/le", 2), ("in/on", 3), ("io", 4)]);
    let mut zipper = map.read_zipper_at_path("i");
    zipper.descend_to("n/");
    let tree = ArenaCompactTree::merge_zipper_into_file(&file.0, zipper, |&value| value).unwrap();
    assert!(tree.iter().eq([(b"".to_vec(), 7), (b"le".to_vec(), 2), (b"on".to_vec(), 3)]));
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn merges_append_commits(recipes in prop::collection::vec(recipes(), 2..5)) {
        let file = Temporary::new();
        let maps: Vec<PathMap<u64>> = recipes.iter().map(|recipe| recipe.build()).collect();
        let mut expected = maps[0].clone();
        expected.save_to(&file.0).unwrap();
        let mut roots = ACTMmap::open_mmap(&file.0).unwrap().root_history().len();
        for map in &maps[1..] {
            let old = fs::read(&file.0).unwrap();
            let before = expected.clone();
            // The values of the map count.
            expected = map.join(&before);
            let tree = merge(&file, map).unwrap();
            prop_assert_eq!(&tree.read_zipper_u64().make_map(), &expected);
            prop_assert!(tree.get_data().starts_with(&old));
            prop_assert_eq!(expected == before, tree.get_data().len() == old.len());
            roots += usize::from(expected != before);
            prop_assert_eq!(tree.root_history().len(), roots);
        }
        prop_assert_eq!(Store::<u64>::open(&file.0).unwrap().load().unwrap(), expected);
    }
}
