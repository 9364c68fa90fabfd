//! Maps written to real formats and read back, and compared with std's maps in these formats.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bytetrie::formats::{as_set, escape};
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::{ByteMask, PathMap};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::path;

fn cbor<T: Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

fn from_cbor<T: DeserializeOwned>(bytes: &[u8]) -> T {
    ciborium::from_reader(bytes).unwrap()
}

/// Checks that a value is restored from each format.
fn check_all_formats<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "{json}");
    let tree = serde_json::to_value(value).unwrap();
    assert_eq!(&serde_json::from_value::<T>(tree).unwrap(), value);
    check_binary_formats(value);
}

fn check_binary_formats<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    assert_eq!(&postcard::from_bytes::<T>(&postcard::to_allocvec(value).unwrap()).unwrap(), value);
    assert_eq!(&from_cbor::<T>(&cbor(value)), value);
}

fn entries() -> impl Strategy<Value = Vec<(Vec<u8>, u32)>> {
    prop::collection::vec((path(), any::<u32>()), 0..60)
}

proptest! {
    #[test]
    fn maps_are_restored(entries in entries(), dangling in prop::collection::vec(path(), 0..8)) {
        let model: BTreeMap<_, _> = entries.iter().cloned().collect();
        with_limits(Limits::TINY, || {
            let mut map: PathMap<u32> = entries.iter().map(|(path, value)| (path, *value)).collect();
            check_all_formats(&map);
            // Std's maps have the same form.
            let strings: BTreeMap<_, _> = model.iter().map(|(path, value)| (escape(path), value)).collect();
            let json = serde_json::to_value(&map).unwrap();
            assert_eq!(json, serde_json::to_value(&strings).unwrap());
            let bytes = postcard::to_allocvec(&map).unwrap();
            assert_eq!(bytes, postcard::to_allocvec(&model).unwrap());
            // Dangling paths are not written.
            for path in &dangling {
                map.create_path(path);
            }
            assert_eq!(serde_json::to_value(&map).unwrap(), json);
            assert_eq!(postcard::to_allocvec(&map).unwrap(), bytes);
        });
    }

    #[test]
    fn entries_are_read_in_any_order_and_the_last_of_a_path_wins(entries in entries(), sorted in 0..60usize) {
        let mut entries = entries;
        let sorted = sorted.min(entries.len());
        entries[..sorted].sort();
        let model: PathMap<u32> = entries.iter().map(|(path, value)| (path, *value)).collect();
        // The form of a map in postcard is that of a sequence of pairs.
        let bytes = postcard::to_allocvec(&entries).unwrap();
        let map: PathMap<u32> = with_limits(Limits::TINY, || postcard::from_bytes(&bytes).unwrap());
        prop_assert_eq!(&map, &model);
        prop_assert!(map.check().is_ok());
    }

    #[test]
    fn sets_and_masks_are_restored(
        paths in prop::collection::vec(path(), 0..40), bytes in any::<Vec<u8>>()
    ) {
        let record = Record { tags: paths.iter().collect(), next: bytes.into_iter().collect() };
        check_all_formats(&record);
        let maps: PathMap<PathMap<ByteMask>> =
            paths.iter().map(|path| (path, PathMap::single(path, record.next))).collect();
        check_all_formats(&maps);
    }

    /// Serde buffers such content, and presents it as human-readable even in CBOR.
    #[test]
    fn maps_are_restored_where_serde_buffers_content(entries in entries(), bytes in any::<Vec<u8>>()) {
        let map: PathMap<u32> = entries.iter().map(|(path, value)| (path, *value)).collect();
        let flat = Flat { map: entries.iter().map(|(path, _)| ([b"/", &path[..]].concat(), 1)).collect() };
        for value in [Buffered::Map(map), Buffered::Mask { next: bytes.into_iter().collect() }] {
            assert_eq!(serde_json::from_value::<Buffered>(serde_json::to_value(&value).unwrap()).unwrap(), value);
            assert_eq!(from_cbor::<Buffered>(&cbor(&value)), value);
        }
        assert_eq!(serde_json::from_value::<Flat>(serde_json::to_value(&flat).unwrap()).unwrap(), flat);
        assert_eq!(from_cbor::<Flat>(&cbor(&flat)), flat);
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    #[serde(with = "as_set")]
    tags: PathMap<()>,
    next: ByteMask,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Buffered {
    Mask { next: ByteMask },
    Map(PathMap<u32>),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    #[serde(flatten)]
    map: PathMap<u32>,
}

/// The library exports no name that would hide the crate `serde`.
#[test]
fn all_names_can_be_imported_beside_serde() {
    use bytetrie::*;
    use serde::Serialize as _;

    let json = PathMap::from([("a", 1)]).serialize(serde_json::value::Serializer).unwrap();
    assert_eq!(json, serde_json::json!({ "a": 1 }));
}

#[test]
fn a_map_of_dangling_paths_is_written_as_empty() {
    let mut map = PathMap::<u8>::new();
    map.create_path("dangling");
    assert_eq!(serde_json::to_string(&map).unwrap(), "{}");
    let read: PathMap<u8> = serde_json::from_str("{}").unwrap();
    assert!(!read.path_exists_at("dangling") && read != map);
}
