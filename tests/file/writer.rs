//! Files that are written from entries in path order.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::{self, Write};

use bytetrie::PathMap;
use bytetrie::file::{FileError, Finished, Stored, Writer, WriterOptions};
use bytetrie::testing::keys;
use bytetrie::zipper::*;
use proptest::prelude::*;

use crate::limits::under_both_limits;
use crate::saved;
use crate::tries::{config, paths, recipes};

/// Some entries, in path order. An entry without a value is a dangling path.
type Entries<V> = BTreeMap<Vec<u8>, Option<V>>;

/// Writes entries, and returns what was written. No nodes are merged if `registry` is 0.
fn written<V: Stored + Clone>(entries: &Entries<V>, registry: usize) -> Finished<Vec<u8>> {
    let mut writer = WriterOptions::new().registry(registry).write_to(Vec::new()).unwrap();
    for (path, value) in entries {
        match value {
            Some(value) => writer.push(path, value.clone()).unwrap(),
            None => writer.push_dangling(path).unwrap(),
        }
    }
    let finished = writer.finish().unwrap();
    assert_eq!(finished.bytes, finished.write.len() as u64);
    assert_eq!(finished.values, entries.values().flatten().count() as u64);
    finished
}

/// The map of some entries, as inserts build it.
fn map_of<V: Clone>(entries: &Entries<V>) -> PathMap<V> {
    let mut map = PathMap::new();
    for (path, value) in entries {
        match value {
            Some(value) => map.insert(path, value.clone()).is_none(),
            None => map.create_path(path),
        };
    }
    map
}

fn load<V: Stored>(bytes: &[u8]) -> PathMap<V> {
    let map = PathMap::load(bytes).unwrap();
    map.check().unwrap();
    map
}

/// The number of nodes, of which shared ones count once.
fn node_count<V>(map: &PathMap<V>) -> u64 {
    let stats = map.stats();
    (stats.list.nodes + stats.wide.nodes) as u64
}

/// Writes entries with and without a registry, and compares what is loaded with their map.
fn round_trip<V: Stored + Clone + PartialEq + Debug>(entries: &Entries<V>) {
    let map = map_of(entries);
    let plain = written(entries, 0);
    assert_eq!(plain.merged, 0);
    let copy = load::<V>(&plain.write);
    assert!(copy == map);
    assert_eq!(node_count(&copy), plain.nodes);
    for registry in [1, 500] {
        let merged = written(entries, registry);
        let copy = load::<V>(&merged.write);
        assert!(copy == map);
        assert!(merged.nodes <= plain.nodes && merged.nodes + merged.merged <= plain.nodes);
        assert_eq!(node_count(&copy), merged.nodes);
    }
}

fn valued<V>(keys: Vec<Vec<u8>>, value: impl Fn(usize) -> V) -> Entries<V> {
    keys.into_iter().enumerate().map(|(i, key)| (key, Some(value(i)))).collect()
}

fn entries() -> impl Strategy<Value = Entries<u64>> {
    prop_oneof![
        4 => prop::collection::btree_map(paths(), prop::option::weighted(0.8, 0..5u64), 0..40),
        1 => prop::collection::btree_map(paths(), prop::option::weighted(0.9, any::<u64>()), 40..200),
        // Deep and regular, so that subtries are equal.
        2 => prop::collection::btree_map(prop::collection::vec(0..3u8, 0..7), prop::option::weighted(0.9, 0..2u64), 0..300),
    ]
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn random_entries(entries in entries()) {
        under_both_limits(|| {
            round_trip(&entries);
            let texts = entries.iter().map(|(path, value)| {
                let text = |len: u64| "é".repeat(if len == 4 { 1000 } else { len as usize % 10 });
                (path.clone(), value.map(text))
            });
            round_trip(&texts.collect::<Entries<String>>());
            round_trip(&entries.keys().map(|path| (path.clone(), Some(()))).collect::<Entries<()>>());
        });
    }

    /// The nodes are those that `from_sorted_iter` builds, in another order.
    #[test]
    fn random_nodes(entries in entries()) {
        under_both_limits(|| {
            let values = || entries.iter().filter_map(|(path, value)| Some((path, (*value)?)));
            let map = PathMap::from_sorted_iter(values());
            let only_values: Entries<u64> = values().map(|(path, value)| (path.clone(), Some(value))).collect();
            let finished = written(&only_values, 0);
            assert_eq!(finished.nodes, node_count(&map));
            assert_eq!(saved(&load::<u64>(&finished.write)), saved(&load::<u64>(&saved(&map))));
        });
    }

    #[test]
    fn paths_in_any_order(paths in prop::collection::vec(paths(), 1..20)) {
        let mut writer = Writer::new(Vec::new()).unwrap();
        let mut map = PathMap::new();
        let mut last: Option<Vec<u8>> = None;
        for (i, path) in (0u32..).zip(paths) {
            let pushed = if i % 4 == 3 { writer.push_dangling(&path) } else { writer.push(&path, i) };
            if last.as_ref().is_none_or(|last| *last < path) {
                pushed.unwrap();
                if i % 4 == 3 { map.create_path(&path) } else { map.insert(&path, i).is_none() };
                last = Some(path);
            } else {
                let Err(FileError::OutOfOrder { path: refused, last: named }) = pushed else { panic!("{pushed:?}") };
                prop_assert_eq!((Some(named), refused), (last.clone(), path));
            }
        }
        prop_assert!(load::<u32>(&writer.finish().unwrap().write) == map);
    }

    #[test]
    fn subtries_of_zippers(recipe in recipes(), other in recipes(), focus in paths(), to in paths()) {
        let (a, b) = (recipe.build(), other.build());
        let mut reader = a.read_zipper();
        reader.descend_to(&focus);
        let mut writer = Writer::new(Vec::new()).unwrap();
        writer.push_zipper(&to, &mut reader).unwrap();
        prop_assert_eq!(reader.path(), &focus[..]);
        let mut expected = PathMap::new();
        expected.write_zipper_at_path(&to).graft_map(reader.make_map());
        let copy = load::<u64>(&writer.finish().unwrap().write);
        if !reader.is_val() && reader.child_count() == 0 {
            prop_assert!(copy == PathMap::new());
        } else {
            prop_assert!(copy == expected);
        }
        let stream = |mut zipper: MeetZipper<u64, _, _>| Writer::from_zipper(Vec::new(), &mut zipper)?.finish();
        let meet = stream(MeetZipper::new(a.read_zipper(), b.read_zipper())).unwrap();
        prop_assert!(load::<u64>(&meet.write) == a.meet(&b));
        let mut join = JoinZipper::new(a.read_zipper(), b.read_zipper());
        let join = Writer::from_zipper(Vec::new(), &mut join).unwrap().finish().unwrap();
        prop_assert!(load::<u64>(&join.write) == a.join(&b));
        let mut difference = SubtractZipper::new(a.read_zipper(), b.read_zipper());
        let difference = Writer::from_zipper(Vec::new(), &mut difference).unwrap().finish().unwrap();
        prop_assert!(load::<u64>(&difference.write) == a.subtract(&b));
    }
}

#[test]
fn all_kinds_of_values_and_shapes() {
    fn all<V: Stored + Clone + PartialEq + Debug>(value: impl Fn(usize) -> V) {
        for keys in [
            keys::words(2000, 1),
            keys::random_u64(2000, 2),
            keys::consecutive_u64(2000),
            keys::file_paths(700, 3),
            keys::random_bytes(2000, 0..=20, 4),
            keys::random_bytes(2000, 1..=3, 5),
        ] {
            let entries = valued(keys, &value);
            round_trip(&entries);
            let built = PathMap::from_sorted_iter(
                entries.clone().into_iter().map(|(path, value)| (path, value.unwrap())),
            );
            let copy = load::<V>(&written(&entries, 0).write);
            assert_eq!(saved(&copy), saved(&built));
        }
    }
    all(|_| ());
    all(|i| i as u8 % 3);
    all(|i| i as u64);
    all(|i| [i as u64; 5]);
    all(|i| "x".repeat(i % 20));
    all(|i| vec![i as u8; if i % 50 == 7 { 5000 } else { i % 9 }]);
}

#[test]
fn files_without_entries() {
    assert!(load::<u64>(&written(&Entries::<u64>::new(), 0).write) == PathMap::new());
    let nothing = Entries::<u64>::from([(Vec::new(), None)]);
    let finished = written(&nothing, 100);
    assert_eq!((finished.nodes, finished.values), (0, 0));
    assert!(load::<u64>(&finished.write) == PathMap::new());
    round_trip(&Entries::from([(Vec::new(), Some(5u64))]));
    round_trip(&Entries::from([(Vec::new(), None), (b"a".to_vec(), None), (b"ab".to_vec(), Some(5u64))]));
}

#[test]
fn long_paths() {
    let long = |len: usize| vec![b'x'; len];
    for len in [1999, 2000, 2001, 2002, 4000, 4001, 1_000_000] {
        for dangles in [false, true] {
            round_trip(&Entries::from([(long(len), (!dangles).then_some(1u64))]));
        }
        let mut ends = long(len);
        *ends.last_mut().unwrap() = b'y';
        round_trip(&Entries::from([(long(len / 2), Some(1u64)), (long(len), Some(2)), (ends, Some(3))]));
    }
    let longest = Entries::from([(long(10_000_000), Some(1u64))]);
    assert!(load::<u64>(&written(&longest, 0).write) == map_of(&longest));
    let nested = (0..1500).map(|len| (long(len), Some(len as u64)));
    round_trip(&nested.collect::<Entries<u64>>());
}

#[test]
fn equal_subtries_are_written_once() {
    let below = keys::words(500, 1);
    let all = |copies: u16, registry| {
        let mut entries = Entries::new();
        for copy in 0..copies {
            for (value, key) in (0u64..).zip(&below) {
                entries.insert([&copy.to_be_bytes(), &key[..]].concat(), Some(value));
            }
        }
        (written(&entries, registry), entries)
    };
    let (once, _) = all(1, 10_000);
    let (merged, entries) = all(1000, 10_000);
    let (plain, _) = all(1000, 0);
    assert!(merged.bytes < once.bytes + 20_000, "{} and {} bytes", merged.bytes, once.bytes);
    assert!(plain.bytes > 900 * once.bytes);
    let copy = load::<u64>(&merged.write);
    assert_eq!(copy.val_count(), 1000 * below.len());
    assert!(copy == map_of(&entries));
    // As deduplication in memory does.
    let mut in_memory = load::<u64>(&plain.write);
    in_memory.merkleize();
    assert_eq!(node_count(&copy), node_count(&in_memory));
    // A registry that is too small finds fewer.
    let (small, _) = all(1000, 4);
    assert!(merged.bytes < small.bytes && small.bytes <= plain.bytes);
}

/// Fails after some bytes.
struct Full(Vec<u8>, usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let len = bytes.len().min(self.1 - self.0.len());
        self.0.extend_from_slice(&bytes[..len]);
        if len == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(len) }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn writers_that_fail_at_each_byte() {
    let write = |entries: &Entries<u64>, len| -> Result<(), FileError> {
        let mut full = Full(Vec::new(), len);
        let mut writer = WriterOptions::new().registry(0).write_to(&mut full)?;
        for (path, value) in entries {
            if let Err(error) = writer.push(path, value.unwrap()) {
                assert!(matches!(writer.push([255; 9], 0), Err(FileError::Poisoned)));
                assert!(matches!(writer.push_dangling([255; 9]), Err(FileError::Poisoned)));
                assert!(matches!(writer.finish(), Err(FileError::Poisoned)));
                PathMap::<u64>::load(&full.0[..]).unwrap_err();
                return Err(error);
            }
        }
        if let Err(error) = writer.finish() {
            PathMap::<u64>::load(&full.0[..]).unwrap_err();
            return Err(error);
        }
        Ok(())
    };
    for (n, step) in [(0, 1), (60, 1), (30_000, 1009)] {
        let entries = valued(keys::random_u64(n, 2), |i| i as u64);
        let whole = written(&entries, 0).bytes as usize;
        for len in (0..whole).step_by(step) {
            let error = write(&entries, len).unwrap_err();
            assert!(matches!(error, FileError::Io(error) if error.kind() == io::ErrorKind::StorageFull));
        }
        write(&entries, whole).unwrap();
    }
}

#[test]
fn a_panic_poisons() {
    struct Panicking(usize);
    impl Write for Panicking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).expect("the writer panics");
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let entries = valued(keys::random_u64(30_000, 2), |i| i as u64);
    for writes in 0..3 {
        let mut writer = Writer::new(Panicking(writes)).unwrap();
        let mut push_all =
            || entries.iter().for_each(|(path, value)| writer.push(path, value.unwrap()).unwrap());
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(&mut push_all)).unwrap_err();
        assert!(matches!(writer.push([255; 9], 0), Err(FileError::Poisoned)));
        assert!(matches!(writer.finish(), Err(FileError::Poisoned)));
    }
}

#[test]
fn a_writer_that_is_dropped_leaves_what_readers_refuse() {
    let entries = valued(keys::random_u64(30_000, 2), |i| i as u64);
    for n in [0, 10, 30_000] {
        let mut bytes = Vec::new();
        let mut writer = Writer::new(&mut bytes).unwrap();
        entries.iter().take(n).for_each(|(path, value)| writer.push(path, value.unwrap()).unwrap());
        drop(writer);
        PathMap::<u64>::load(&bytes[..]).unwrap_err();
    }
}

#[test]
fn files_at_a_path() {
    let directory = std::env::temp_dir().join(format!("bytetrie-writer-test-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let path = directory.join("map");
    let files = || std::fs::read_dir(&directory).unwrap().count();
    let mut writer = Writer::create(&path).unwrap();
    writer.push("a", 1u32).unwrap();
    assert!(!path.exists() && files() == 1);
    drop(writer);
    assert_eq!(files(), 0);
    for value in [1u32, 2] {
        let mut writer = Writer::create(&path).unwrap();
        writer.push("a", value).unwrap();
        if value == 2 {
            assert!(PathMap::load_from(&path).unwrap() == PathMap::single("a", 1u32));
        }
        writer.finish().unwrap();
        assert!(PathMap::load_from(&path).unwrap() == PathMap::single("a", value));
        assert_eq!(files(), 1);
    }
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(matches!(Writer::<_, u32>::create(&path), Err(FileError::Io(_))));
}

#[test]
fn labels() {
    let mut writer = WriterOptions::new().label("words of 2026").write_to(Vec::new()).unwrap();
    writer.push("a", 1u8).unwrap();
    let bytes = writer.finish().unwrap().write;
    assert!(bytes.windows(13).any(|part| part == b"words of 2026"));
    assert!(load::<u8>(&bytes) == PathMap::single("a", 1));
    std::panic::catch_unwind(|| WriterOptions::new().label("x".repeat(65_536))).unwrap_err();
    let mut writer = WriterOptions::new().label("x".repeat(65_535)).write_to(Vec::new()).unwrap();
    writer.push("a", 1u8).unwrap();
    assert!(load::<u8>(&writer.finish().unwrap().write) == PathMap::single("a", 1));
}

#[test]
fn errors_name_both_paths() {
    let mut writer = Writer::new(Vec::new()).unwrap();
    writer.push("b", 1u8).unwrap();
    let message = |error: FileError| error.to_string();
    assert_eq!(message(writer.push("b", 2).unwrap_err()), "the path `b` was pushed twice");
    assert_eq!(message(writer.push_dangling("a\n").unwrap_err()), "the path `a\\n` was pushed after `b`");
    let long = message(writer.push("a".repeat(1000), 2).unwrap_err());
    assert!(long.contains("a…` (1000 bytes)") && long.len() < 200, "{long}");
    assert!(load::<u8>(&writer.finish().unwrap().write) == PathMap::single("b", 1));
}
