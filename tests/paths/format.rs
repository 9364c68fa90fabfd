//! What is written, and what is read of it.

use bytetrie::PathMap;
use bytetrie::paths_serialization::*;
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::stored::{content, stored};
use crate::tries::{config, paths, recipes};
use crate::{Slow, golden, golden_stream, read, write};

/// Returns the paths that a zipper visits, and their values.
fn visited(mut z: impl ZipperIteration + ZipperValues<u64>) -> Vec<(Vec<u8>, u64)> {
    let mut visited = Vec::new();
    while z.to_next_val() {
        visited.push((z.path().to_vec(), *z.val().unwrap()));
    }
    visited
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn zippers_write_what_they_visit(recipe in recipes(), root in paths(), focus in paths()) {
        let map = recipe.build();
        let zipper = || {
            let mut z = map.read_zipper_at_path(&root);
            z.descend_to(&focus);
            z
        };
        let expected = visited(zipper());
        let (mut stream, mut values) = (Vec::new(), Vec::new());
        let stats = serialize_paths_with_auxdata(zipper(), &mut stream, |index, path, &value| {
            assert_eq!(index, values.len());
            values.push((path.to_vec(), value));
        })
        .unwrap();
        prop_assert_eq!(&values, &expected);
        prop_assert_eq!(stats.path_count, expected.len());
        prop_assert_eq!(read(&stream[..]).unwrap(), expected.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>());

        let mut alike = Vec::new();
        prop_assert_eq!(serialize_paths(zipper(), &mut alike).unwrap(), stats);
        prop_assert_eq!(&alike, &stream);
        let mut next = (0, &expected);
        alike.clear();
        serialize_paths_from_funcs(
            &mut alike,
            &mut next,
            |next| {
                next.0 += 1;
                Ok(next.0 <= 2 * next.1.len())
            },
            |next| (next.0 % 2 == 0).then(|| &next.1[next.0 / 2 - 1].0[..]),
        )
        .unwrap();
        prop_assert_eq!(&alike, &stream);
    }

    #[test]
    fn reading_replaces_a_subtrie(target in recipes(), at in paths(), added in vec(paths(), 0..20)) {
        let stream = write(&added);
        let subtrie: PathMap<u64> = added.iter().cloned().zip(100..).collect();
        let before = target.build();

        let mut map = before.clone();
        let mut writer = map.write_zipper();
        writer.descend_to(&at);
        let stats = deserialize_paths_with_auxdata(&mut writer, &stream[..], |index, path| {
            assert_eq!(path, added[index]);
            100 + index as u64
        })
        .unwrap();
        prop_assert_eq!(stats.path_count, added.len());
        prop_assert_eq!(writer.path(), &at[..]);
        drop(writer);
        let mut expected = before.clone();
        expected.write_zipper_at_path(&at).graft_map(subtrie.clone());
        map.check().unwrap();
        prop_assert_eq!(&map, &expected);

        let mut constant = PathMap::new();
        deserialize_paths(constant.write_zipper(), &stream[..], 7).unwrap();
        prop_assert_eq!(constant, subtrie.keys().map(|path| (path, 7)).collect::<PathMap<_>>());
    }

    #[test]
    fn blocks_and_reads_of_any_size_are_read(
        paths in vec(vec(any::<u8>(), 0..300), 0..40),
        block in 1..3_000usize,
        at_once in 1..2_000usize,
    ) {
        let stream = stored(&content(&paths), block);
        prop_assert_eq!(read(Slow(&stream, at_once)).unwrap(), paths.clone());
        prop_assert_eq!(read(Slow(&write(&paths), at_once)).unwrap(), paths);
    }
}

/// The bytes that are documented.
#[test]
fn the_format() {
    assert_eq!(write::<&str>(&[]), b"\x78\x9c\x03\x00\x00\x00\x00\x01");
    assert_eq!(content(&["rom", ""]), b"\x03\0\0\0rom\0\0\0\0");
    assert_eq!(read(&stored(b"\x03\0\0\0rom\0\0\0\0", 100)[..]).unwrap(), [&b"rom"[..], b""]);
}

#[test]
fn values_at_the_root_and_dangling_paths_are_not_written() {
    let mut map = PathMap::from([("", 1), ("in", 2), ("in/a", 3)]);
    map.create_path("in/dangling");
    let mut stream = Vec::new();
    serialize_paths(map.read_zipper(), &mut stream).unwrap();
    assert_eq!(read(&stream[..]).unwrap(), [&b"in"[..], b"in/a"]);
    stream.clear();
    serialize_paths(map.read_zipper_at_path("in"), &mut stream).unwrap();
    assert_eq!(read(&stream[..]).unwrap(), [b"/a"]);
}

#[test]
fn a_stream_without_paths_leaves_a_dangling_focus() {
    let mut map = PathMap::from([("in/a", 1), ("in/", 2), ("out", 3)]);
    deserialize_paths(map.write_zipper_at_path(b"in/"), &write::<&str>(&[])[..], 0).unwrap();
    assert_eq!(map, {
        let mut expected = PathMap::from([("out", 3)]);
        expected.create_path("in/");
        expected
    });
    assert!(map.path_exists_at("in/"));
}

#[test]
fn writers_and_virtual_zippers_are_written() {
    let (a, mut b) = (PathMap::from([("a", 1), ("b", 2)]), PathMap::from([("b", 3), ("c", 4)]));
    let mut stream = Vec::new();
    serialize_paths(ProductZipper::new(a.read_zipper(), [b.read_zipper()]), &mut stream).unwrap();
    assert_eq!(read(&stream[..]).unwrap(), [&b"a"[..], b"ab", b"ac", b"b", b"bb", b"bc"]);
    stream.clear();
    let join = JoinZipper::new(a.read_zipper(), b.read_zipper());
    serialize_paths_with_auxdata(join, &mut stream, |_, _, _: &i32| {}).unwrap();
    assert_eq!(read(&stream[..]).unwrap(), [b"a", b"b", b"c"]);
    stream.clear();
    serialize_paths_with_auxdata(b.write_zipper(), &mut stream, |_, _, _: &i32| {}).unwrap();
    assert_eq!(read(&stream[..]).unwrap(), [b"b", b"c"]);
}

/// Paths around the sizes of the buffers, and far above.
#[test]
fn long_paths() {
    let lens = [0, 1, 2_043, 4_096, 32_763, 32_764, 32_765, 32_768, 100_000, 3, 65_536, 1_000_000];
    for byte in [|_: usize| b'x', |i: usize| (i as u32).wrapping_mul(0x9E37_79B9).to_be_bytes()[0]] {
        let paths = lens.map(|len| (0..len).map(byte).collect::<Vec<u8>>());
        assert_eq!(read(&write(&paths)[..]).unwrap(), paths);
        let mut map = PathMap::new();
        deserialize_paths(map.write_zipper(), &write(&paths)[..], ()).unwrap();
        assert_eq!(map, paths.iter().map(|path| (path, ())).collect::<PathMap<_>>());
    }
}

#[test]
fn what_follows_a_stream_is_ignored() {
    let stream = write(&["a", "b"]);
    let mut followed = stream.clone();
    followed.extend_from_slice(&stream);
    let stats = for_each_deserialized_path(&followed[..], |_, _| Ok(())).unwrap();
    assert_eq!((stats.path_count, stats.bytes_in), (2, stream.len()));
}

#[test]
fn writers_and_readers_may_be_sent() {
    fn sent<T: Send + Sync + Unpin>(_: T) {}
    sent(PathsWriter::new(Vec::new()));
    sent(PathsReader::new(&b""[..]));
}

#[test]
fn streams_of_pathmap_are_read() {
    for (name, paths) in golden::sets() {
        assert_eq!(read(&golden_stream(name)[..]).unwrap(), paths, "{name}");
    }
}
