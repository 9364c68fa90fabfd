//! Bytes with right checksums that no map was saved to: limits, and rules of nodes.

use bytetrie::PathMap;
use bytetrie::file::{FileError, Limits};
use bytetrie::testing::files::repair;
use bytetrie::zipper::*;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::saved;

/// The length of the header of a file with `u64` values.
const HEADER: usize = 64;

/// Makes a file of these records, with a commit whose root is the record at `root`, and that tells
/// these numbers of nodes, and of values and locations.
fn file(records: &[u8], root: usize, nodes: u64, counts: [u64; 2]) -> Vec<u8> {
    let mut bytes = saved(&PathMap::<u64>::new())[..HEADER].to_vec();
    bytes.extend(records);
    while !bytes.len().is_multiple_of(8) {
        bytes.push(0x80);
    }
    let start = bytes.len();
    let checksum = xxh3_64(&bytes[HEADER..]);
    bytes.extend(b"\x82Commit\n");
    let distance = (start - HEADER - root) as u64;
    for number in [start as u64, 0, distance, counts[0], counts[1], nodes, 0, 0, 0, checksum, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(112u32.to_le_bytes());
    bytes.extend([0xed, b'C', b'\n', 0x1a]);
    let checksum = xxh3_64_with_seed(&bytes[start..], 0);
    bytes.extend(checksum.to_le_bytes());
    bytes
}

fn load(records: &[u8], root: usize, nodes: u64, counts: [u64; 2]) -> Result<PathMap<u64>, FileError> {
    let map = PathMap::load(&file(records, root, nodes, counts)[..])?;
    map.check().unwrap();
    Ok(map)
}

/// What is expected at the place of the damage.
fn refused(records: &[u8], nodes: u64, counts: [u64; 2]) -> &'static str {
    match load(records, 0, nodes, counts) {
        Err(FileError::Damaged(damage)) => damage.expected(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_made_by_hand_can_be_read() {
    // Two dangling paths, "a" and "b".
    let map = load(&[0b0100_0000, 2, b'a', b'b', 0b11], 0, 1, [0, 3]).unwrap();
    assert!(map.path_exists_at("a") && map.path_exists_at("b") && !map.path_exists_at("c"));
    // A value at "a"; zeros align it.
    let map = load(&[0, 1, b'a', 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0], 0, 1, [1, 2]).unwrap();
    assert_eq!(map.get("a"), Some(&5));
}

#[test]
fn rules_of_nodes_are_checked() {
    let bare = |heads: &[u8]| [&[0b0100_0000, heads.len() as u8][..], heads, &[0b11]].concat();
    assert_eq!(refused(&bare(b"ba"), 1, [0, 3]), "a node whose entries are in order");
    assert_eq!(refused(&bare(b"aa"), 1, [0, 3]), "another head in each run");
    assert_eq!(refused(&[0b0100_0000, 1, b'a', 0b11], 1, [0, 3]), "entries, and one end for each of them");
    assert_eq!(refused(&[0, 0], 1, [0, 3]), "entries, and one end for each of them");
    assert_eq!(refused(&[0b0001_0000, 1, 1, b'a', 1], 1, [0, 3]), "distances to nodes");
    assert_eq!(refused(&[0b0001_0000, 1, 1, b'a', 0], 1, [0, 3]), "a distance to a record before");
    assert_eq!(refused(&[0b0001_0000, 1, 9, b'a', 0], 1, [0, 3]), "a width from 1 to 8");
    assert_eq!(refused(&[0b0011_0000, 1, 1, b'a', 0], 1, [0, 3]), "no, all or some children");
    assert_eq!(refused(&[0x83], 1, [0, 3]), "a node");
    assert_eq!(refused(&bare(b"ab"), 2, [0, 3]), "the number of nodes");
    assert_eq!(refused(&bare(b"ab"), 1, [1, 3]), "the number of values");
    assert_eq!(refused(&bare(b"ab"), 1, [0, 2]), "the number of locations");
}

/// The suffixes of a list have one form: each shares as many bytes with the one before as it can.
#[test]
fn rules_of_front_coding_are_checked() {
    // The steps of dangling paths, which of them share bytes, and the lengths and bytes of rests.
    let list = |steps: &[u8], shares: &[u8], lengths: &[u8], heap: &[u8]| {
        let n = steps.len() as u8 | if shares.is_empty() { 0 } else { 0x80 };
        let bare = (1u8 << steps.len()) - 1;
        [&[0b0100_0001, n], steps, shares, &[bare], lengths, heap].concat()
    };
    let ending = |paths: &[&str]| {
        let map: PathMap<u64> =
            load(&list(b"a\x02\x01", &[0b110], &[0x22, 0x01], b"bxyyz"), 0, 1, [0, 7]).unwrap();
        paths.iter().all(|path| map.path_exists_at(path))
    };
    // "abx", "abyy" and "az".
    assert!(ending(&["abx", "abyy", "az"]));
    let refused = |bytes: Vec<u8>| refused(&bytes, 1, [0, 7]);
    let in_order = "a node whose entries are in order";
    let exact = "the number of bytes that an entry shares";
    assert_eq!(refused(list(b"a\x04", &[0b10], &[0x12], b"bxy")), exact);
    assert_eq!(refused(list(b"a\x00", &[0b10], &[0x12], b"bxy")), exact);
    assert_eq!(refused(list(b"a\x01", &[0b10], &[0x22], b"bxby")), exact);
    assert_eq!(refused(list(b"a\x01", &[0b10], &[0x02], b"bx")), in_order);
    assert_eq!(refused(list(b"a\x01", &[0b10], &[0x12], b"bxa")), in_order);
    assert_eq!(refused(list(b"aa", &[], &[0x12], b"bxy")), "another head in each run");
    assert_eq!(refused(list(b"a\x01a", &[0b10], &[0x11, 1], b"bcd")), "another head in each run");
    for shares in [0, 0b1, 0b11, 0b110] {
        let bytes = list(b"a\x01", &[shares], &[0x11], b"bc");
        assert_eq!(refused(bytes), "the entries that share bytes");
    }
    // Steps have two bytes only if some need them.
    let wide = [0b0100_0001, 0xc2, b'a', 1, 0, 0, 0b10, 0b11, 0x11, b'b', b'c'];
    assert_eq!(refused(wide.to_vec()), "a step that needs two bytes");
    let wide = [0b0100_0001, 0x42, b'a', b'b', 0, 0, 0b11, 0x11, b'b', b'c'];
    assert_eq!(refused(wide.to_vec()), "steps of one byte");
}

/// A map whose number of paths doubles with each node.
fn doubled(times: usize) -> PathMap<u64> {
    let mut map = PathMap::single("x", 1u64);
    for _ in 0..times {
        let below = map.clone();
        map = PathMap::new();
        for byte in [b"a", b"b"] {
            map.write_zipper_at_path(byte).graft_map(below.clone());
        }
    }
    map
}

fn exceeded(map: &PathMap<u64>, limits: Limits) -> &'static str {
    match PathMap::<u64>::load_within(&saved(map)[..], limits) {
        Err(FileError::LimitExceeded { limit, .. }) => limit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn limits_are_kept() {
    let map = doubled(20);
    let (len, nodes) = (saved(&map).len() as u64, map.stats().list.nodes as u64);
    let all = Limits::new().bytes(len).nodes(nodes).values(1 << 20).path_len(21);
    assert!(PathMap::load_within(&saved(&map)[..], all).unwrap() == map);
    assert_eq!(exceeded(&map, all.bytes(len - 1)), "bytes");
    assert_eq!(exceeded(&map, all.nodes(nodes - 1)), "nodes");
    assert_eq!(exceeded(&map, all.values((1 << 20) - 1)), "values");
    assert_eq!(exceeded(&map, all.path_len(20)), "path_len");
    let error = PathMap::<u64>::load_within(&saved(&map)[..], all.nodes(3)).unwrap_err();
    assert_eq!(error.to_string(), "more than the limit `nodes` of 3 allows");
    let longest: PathMap<u64> = [("abc".repeat(50_000), 1), ("b".into(), 2)].into_iter().collect();
    PathMap::<u64>::load_within(&saved(&longest)[..], Limits::new().path_len(150_000)).unwrap();
    assert_eq!(exceeded(&longest, Limits::new().path_len(149_999)), "path_len");
}

/// Lengths that are claimed, but whose bytes do not come, need no memory.
#[test]
fn claimed_lengths_allocate_nothing() {
    let mut bytes = saved(&PathMap::<String>::new());
    bytes.truncate(48);
    bytes.push(0x81);
    bytes.extend((1u64 << 62).to_le_bytes());
    bytes.extend([b'x'; 100]);
    assert!(matches!(PathMap::<String>::load(&bytes[..]), Err(FileError::Damaged(_))));
}

/// Two values that refer to the same long value. A small file would need the memory of a large one.
#[test]
fn a_long_value_is_copied_once() {
    let mut bytes = saved(&PathMap::from([("a", vec![1u8; 2000]), ("b", vec![2; 1100])]));
    // The node's record follows the two long values, and ends with their distances.
    let (first, second) = ((2009 + 1109u64).to_le_bytes(), 1109u64.to_le_bytes());
    let distances = [first, second].concat();
    let at = bytes.windows(16).position(|window| window == distances).unwrap();
    bytes[at + 8..at + 16].copy_from_slice(&first);
    repair(&mut bytes);
    let expected = |error| match error {
        FileError::Damaged(damage) => damage.expected(),
        other => panic!("{other:?}"),
    };
    let load = |bytes: &[u8], limits| PathMap::<Vec<u8>>::load_within(bytes, limits);
    assert_eq!(expected(load(&bytes, Limits::new()).unwrap_err()), "a long value of one value");

    // In a store, nodes of several commits may have the same long value. The limit counts it.
    bytes[24] = 1;
    repair(&mut bytes);
    assert_eq!(load(&bytes, Limits::new()).unwrap().get("b"), Some(&vec![1; 2000]));
    load(&bytes, Limits::new().bytes(4000)).unwrap();
    let error = load(&bytes, Limits::new().bytes(3999)).unwrap_err();
    assert!(matches!(error, FileError::LimitExceeded { limit: "bytes", .. }));
}
