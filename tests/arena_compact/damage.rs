//! Damaged files of `pathmap`: absent or an error, never a panic, never without an end.

use bytetrie::PathMap;
use bytetrie::arena_compact::ACTMmap;
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::encode::{Style, encode};
use crate::golden_file;
use crate::tries::recipes;

/// Makes many calls, each of which must return. Damaged bytes may share nodes, so the steps are
/// limited.
fn use_all(bytes: &[u8], paths: &[Vec<u8>]) {
    const STEPS: usize = 300;
    let Ok(tree) = ACTMmap::from_data(bytes.to_vec()) else { return };
    assert!(tree.root_history().len() <= bytes.len());
    for path in paths {
        let value = tree.get_val_at(path);
        let mut zipper = tree.read_zipper_at_path_u64(path);
        assert_eq!(zipper.val().copied(), value);
        let _ = (zipper.val_count(), zipper.child_mask(), zipper.is_val(), zipper.shared_node_id());
        let _ = zipper.ascend_until();
        let mut zipper = tree.read_zipper_u64();
        assert_eq!(zipper.val_at(path).copied(), value);
        zipper.descend_to(path);
        zipper.ascend_until_branch();
        zipper.to_prev_sibling_byte();
        zipper.to_next_sibling_byte();
        zipper.descend_until();
        zipper.to_next_k_path(2);
        assert_eq!(zipper.val().copied(), tree.get_val_at(zipper.origin_path()));
    }
    let found = tree.iter().take(STEPS);
    for (path, value) in found {
        assert_eq!(tree.get_val_at(path), Some(value));
    }
    let mut zipper = tree.read_zipper_u64();
    for _ in 0..STEPS {
        assert_eq!(zipper.is_val(), zipper.get_val().is_some());
        if !zipper.to_next_step() {
            break;
        }
    }
    for _ in 0..STEPS {
        if !zipper.to_prev_step() {
            break;
        }
        zipper.descend_last_path();
    }
}

fn check_damage(bytes: &[u8]) {
    let tree = ACTMmap::from_data(bytes.to_vec()).unwrap();
    let mut paths: Vec<_> = tree.iter().map(|(path, _)| path).take(40).collect();
    paths.push(b"zz".to_vec());
    for len in 0..bytes.len() {
        use_all(&bytes[..len], &paths);
    }
    for bit in 0..bytes.len() * 8 {
        let mut bytes = bytes.to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        use_all(&bytes, &paths);
    }
}

#[test]
fn each_cut_and_each_flip() {
    for name in ["empty", "root", "one", "words", "children31", "children32", "shared", "merged"] {
        check_damage(&golden_file(name));
    }
    let mut map = PathMap::from([("ab", 300u64), ("romane", 1), ("romanus", 2)]);
    map.create_path("abc");
    map.create_path("b");
    check_damage(&encode(&map, Style::Split));
}

#[test]
fn what_is_no_file_is_refused() {
    let bytes = golden_file("words");
    for len in 0..17 {
        let error = ACTMmap::from_data(bytes[..len].to_vec()).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
    }
    for root in [0, 8, 15, bytes.len() as u64, u64::MAX] {
        let mut bytes = bytes.clone();
        bytes[8..16].copy_from_slice(&root.to_le_bytes());
        assert!(ACTMmap::from_data(bytes).is_err(), "{root}");
    }
}

/// Nodes that refer to themselves, to nodes behind them, or to very many paths.
#[test]
fn no_circles_and_no_end() {
    // Each line leads to the line before it, and all lines have the same bytes.
    let mut bytes = b"ACTree03\0\0\0\0\0\0\0\0".to_vec();
    bytes.push(251); // the length of the line in four bytes
    let len = 1u32 << 20;
    bytes.extend_from_slice(&len.to_le_bytes());
    bytes.resize(bytes.len() + len as usize, b'x');
    let mut before = None;
    for _ in 0..10_000u32 {
        let at = bytes.len();
        bytes.push(0x80 | u8::from(before.is_some()));
        for to in [before, Some(16)].into_iter().flatten() {
            bytes.push(255);
            bytes.extend_from_slice(&((at - to) as u64).to_le_bytes());
        }
        before = Some(at);
    }
    bytes[8..16].copy_from_slice(&(before.unwrap() as u64).to_le_bytes());
    let tree = ACTMmap::from_data(bytes).unwrap();
    let mut zipper = tree.read_zipper();
    assert!(!zipper.to_next_val() && zipper.val_count() == 0);
    assert!(zipper.descend_until() && zipper.path().len() < 1 << 26);

    // A branch whose children are itself, and what follows it.
    for distance in [0, 1, 2, 3] {
        let bytes = [b"ACTree03\x11\0\0\0\0\0\0\0", &[0, 2, distance, b'a', b'b'][..], &[0; 8]].concat();
        let tree = ACTMmap::from_data(bytes);
        if let Ok(tree) = tree {
            let mut zipper = tree.read_zipper();
            let steps = std::iter::from_fn(|| zipper.to_next_step().then_some(())).count();
            assert!(steps <= 2, "{distance}: {steps}");
        }
    }

    // A trie with 2⁶⁰ paths.
    let mut bytes = b"ACTree03\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend_from_slice(&[0x40, 7, 0x40, 7]);
    for _ in 1..60 {
        bytes.extend_from_slice(if bytes.len() == 20 {
            &[2, 4, b'a', b'b', 2, 8, b'a', b'b']
        } else {
            &[2, 8, b'a', b'b', 2, 12, b'a', b'b']
        });
    }
    bytes.extend_from_slice(&[2, 8, b'a', b'b']);
    let root = bytes.len() as u64 - 4;
    bytes[8..16].copy_from_slice(&root.to_le_bytes());
    let tree = ACTMmap::from_data(bytes).unwrap();
    assert_eq!(tree.read_zipper().val_count(), 1 << 60);
    assert_eq!(tree.iter().take(1000).count(), 1000);
    assert_eq!(tree.get_val_at(b"abab".repeat(15)), Some(7));
    let map = tree.read_zipper_at_path_u64(b"ab").make_map();
    assert_eq!(map.val_count(), 1 << 58);
}

proptest! {
    #[test]
    fn mutated_bytes(
        recipe in recipes(),
        is_split in any::<bool>(),
        edits in vec((any::<usize>(), any::<u8>(), any::<bool>()), 1..6),
    ) {
        let map = recipe.build();
        let mut bytes = encode(&map, if is_split { Style::Split } else { Style::Whole });
        for (at, byte, is_whole) in edits {
            let at = 8 + at % (bytes.len() - 8);
            bytes[at] = if is_whole { byte } else { bytes[at] ^ 1 << (byte % 8) };
        }
        let paths: Vec<_> = map.iter().map(|(path, _)| path).take(40).collect();
        use_all(&bytes, &paths);
    }

    #[test]
    fn arbitrary_bytes(tail in vec(any::<u8>(), 0..200), root in 0..200u64) {
        let bytes = [b"ACTree03", &root.to_le_bytes()[..], &tail].concat();
        use_all(&bytes, &[b"a".to_vec(), tail]);
    }
}
