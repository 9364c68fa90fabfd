//! Streams of paths: `pathmap` 0.3.5 and this crate read each other's, and write the same content.
//!
//! With `BYTETRIE_WRITE_GOLDEN=1`, the streams in `tests/paths/golden` are written anew.

#[path = "../../../tests/paths/golden.rs"]
mod golden;

use std::fs;

use bytetrie::testing::keys;
use proptest::collection::vec;
use proptest::prelude::*;

macro_rules! streams_of {
    ($module:ident, $krate:ident) => {
        mod $module {
            use $krate::PathMap;
            use $krate::paths_serialization::*;
            use $krate::zipper::*;

            /// Writes the paths in the given order.
            pub(crate) fn write(paths: &[Vec<u8>]) -> Vec<u8> {
                let mut stream = Vec::new();
                let mut next = (0, paths);
                let stats = serialize_paths_from_funcs(
                    &mut stream,
                    &mut next,
                    |next| {
                        next.0 += 1;
                        Ok(next.0 <= next.1.len())
                    },
                    |next| Some(&next.1[next.0 - 1]),
                )
                .unwrap();
                let content = paths.iter().map(|path| 4 + path.len()).sum();
                assert_eq!(
                    (stats.bytes_in, stats.bytes_out, stats.path_count),
                    (content, stream.len(), paths.len())
                );
                stream
            }

            /// Writes a map of the paths, from `root` with the zipper at `focus`. Returns the
            /// stream, and what the closure was called with.
            #[allow(clippy::type_complexity)]
            pub(crate) fn write_map(
                paths: &[Vec<u8>],
                dangling: &[Vec<u8>],
                root: &[u8],
                focus: &[u8],
            ) -> (Vec<u8>, Vec<(usize, Vec<u8>, u64)>) {
                let mut map = PathMap::<u64>::new();
                for (path, value) in paths.iter().zip(0..) {
                    map.set_val_at(path, value);
                }
                for path in dangling {
                    map.create_path(path);
                }
                let mut zipper = map.read_zipper_at_path(root);
                zipper.descend_to(focus);
                let (mut stream, mut calls) = (Vec::new(), Vec::new());
                serialize_paths_with_auxdata(zipper, &mut stream, |index, path, &value| {
                    calls.push((index, path.to_vec(), value));
                })
                .unwrap();
                let mut zipper = map.read_zipper_at_path(root);
                zipper.descend_to(focus);
                let mut alike = Vec::new();
                serialize_paths(zipper, &mut alike).unwrap();
                assert_eq!(alike, stream);
                (stream, calls)
            }

            /// Reads the paths in the order of the stream, with the statistics.
            pub(crate) fn read(stream: &[u8]) -> (Vec<Vec<u8>>, [usize; 3]) {
                let mut paths = Vec::new();
                let stats = for_each_deserialized_path(stream, |index, path| {
                    assert_eq!(index, paths.len());
                    paths.push(path.to_vec());
                    Ok(())
                })
                .unwrap();
                (paths, [stats.bytes_in, stats.bytes_out, stats.path_count])
            }

            /// Reads a stream to `at` in a map that has other content there, and returns its
            /// entries, and whether `at` exists.
            pub(crate) fn read_map(stream: &[u8], at: &[u8]) -> (Vec<(Vec<u8>, u64)>, bool) {
                let mut map = PathMap::<u64>::new();
                for path in [at, &[at, &b"below"[..]].concat(), b"elsewhere"] {
                    map.set_val_at(path, 1_000_000);
                }
                let mut writer = map.write_zipper();
                writer.descend_to(at);
                deserialize_paths_with_auxdata(&mut writer, stream, |index, _| index as u64).unwrap();
                drop(writer);
                (map.iter().map(|(path, &value)| (path, value)).collect(), map.path_exists_at(at))
            }
        }
    };
}

streams_of!(ours, bytetrie);
streams_of!(theirs, pathmap);

fn inflate(stream: &[u8]) -> Vec<u8> {
    miniz_oxide::inflate::decompress_to_vec_zlib(stream).unwrap()
}

/// Checks that both crates write the same content for `paths`, and read it from both streams.
fn check(paths: &[Vec<u8>]) {
    let (our, their) = (ours::write(paths), theirs::write(paths));
    assert_eq!(inflate(&our), inflate(&their));
    for stream in [&our, &their] {
        let content = paths.iter().map(|path| 4 + path.len()).sum();
        let expected = (paths.to_vec(), [stream.len(), content, paths.len()]);
        assert_eq!(ours::read(stream), expected);
        assert_eq!(theirs::read(stream), expected);
    }
}

#[test]
fn golden_streams_are_those_of_pathmap() {
    for (name, paths) in golden::sets() {
        let stream = theirs::write(&paths);
        let file = format!("{}/../../tests/paths/golden/{name}.paths", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("BYTETRIE_WRITE_GOLDEN").is_some() {
            fs::write(&file, &stream).unwrap();
        }
        assert_eq!(fs::read(&file).unwrap(), stream, "{name}");
        check(&paths);
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
        keys::long(100_000, 5),
    ] {
        check(&keys);
        keys.sort();
        check(&keys);
    }
}

fn path() -> impl Strategy<Value = Vec<u8>> {
    let few = vec(0..3u8, 0..6);
    prop_oneof![8 => few, 2 => vec(any::<u8>(), 0..300), 1 => vec(0..2u8, 2_000..10_000)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_paths(paths in vec(path(), 0..40)) {
        check(&paths);
    }

    #[test]
    fn maps(
        paths in vec(path(), 0..40),
        dangling in vec(path(), 0..6),
        root in vec(0..3u8, 0..3),
        focus in vec(0..3u8, 0..3),
    ) {
        let (our, calls) = ours::write_map(&paths, &dangling, &root, &focus);
        let (their, expected) = theirs::write_map(&paths, &dangling, &root, &focus);
        prop_assert_eq!(inflate(&our), inflate(&their));
        prop_assert_eq!(calls, expected);
        let found = ours::read_map(&our, &root);
        for stream in [&our, &their] {
            prop_assert_eq!(&ours::read_map(stream, &root), &found);
            prop_assert_eq!(&theirs::read_map(stream, &root), &found);
        }
    }

    #[test]
    fn maps_of_any_paths(paths in vec(path(), 0..40), at in vec(0..3u8, 0..3)) {
        let stream = ours::write(&paths);
        prop_assert_eq!(ours::read_map(&stream, &at), theirs::read_map(&stream, &at));
    }
}
