//! Nodes of random maps as records: each question is answered as the node itself does, and no
//! bytes make a view panic.

use std::collections::BTreeMap;

use super::*;

use crate::bytes::common_prefix;
use crate::file::counts::Counts;
use crate::file::stored::{Stored, ValueType};
use crate::node::{Columns, ColumnsBuffer, LentNode, Shared};
use crate::testing::keys::Rng;
use crate::trie::PathMap;

fn layout<V: Stored>() -> Layout {
    Layout::from(&ValueType::of::<V>())
}

/// Maps whose nodes are of all forms.
fn maps<V>(value: impl Fn(usize) -> V) -> Vec<PathMap<V>>
where
    V: Clone,
{
    let mut rng = Rng::new(7);
    let mut maps = Vec::new();
    let mut shapes: Vec<(usize, Vec<u8>, usize)> =
        vec![(300, (0..=255).collect(), 2), (600, vec![0, 1, 2, 255], 12)];
    shapes.push((40, b"ab".to_vec(), 300));
    shapes.push((20, (0..=255).collect(), 4));
    shapes.push((10, b"x".to_vec(), 40));
    for (keys, alphabet, longest) in shapes {
        let mut map = PathMap::new();
        for i in 0..keys {
            let len = rng.below(longest + 1);
            let path: Vec<u8> = (0..len).map(|_| alphabet[rng.below(alphabet.len())]).collect();
            if i % 7 == 3 {
                map.create_path(&path);
            } else {
                map.insert(&path, value(i));
            }
        }
        maps.push(map);
    }
    maps.push((0..=255u8).map(|byte| ([byte], value(byte as usize))).collect());
    maps.push(PathMap::single("", value(1)));
    maps
}

/// Calls a function with each node below a root.
fn for_each_node<V>(node: LentNode<'_, V>, act: &mut impl FnMut(LentNode<'_, V>)) {
    act(node);
    node.children().for_each(|child| for_each_node(child, act));
}

/// Encodes a node at some offset, with made-up children; returns the bytes behind that offset, the
/// offset of the record, and those of the children.
fn encoded<V: Stored>(node: LentNode<'_, V>, base: u64) -> (Vec<u8>, u64, Vec<u64>) {
    let mut buffer = ColumnsBuffer::new();
    let columns = node.columns(&mut buffer);
    let mut rng = Rng::new(base);
    let children: Vec<u64> = node.children().map(|_| rng.below(base as usize) as u64).collect();
    let mut out = Vec::new();
    let at = Encoder::new(layout::<V>())
        .node(&mut out, base, &columns, &children, node.own(), node.values())
        .unwrap();
    (out, at, children)
}

/// The suffixes of the entries.
fn suffixes(columns: &Columns<'_>) -> Vec<Vec<u8>> {
    let ends: Vec<usize> = columns.ends.iter().map(|&end| u16::from_le_bytes(end).into()).collect();
    let end = |i: usize| ends.get(i).copied().unwrap_or(0);
    let rest = |i: usize| &columns.heap[if i == 0 { 0 } else { end(i - 1) }..end(i)];
    (0..columns.heads.len()).map(|i| [&[columns.heads[i]], rest(i)].concat()).collect()
}

fn value_of<'a>(file: &'a [u8], base: u64, record: &Record<'a>, number: usize) -> &'a [u8] {
    match record.value(number).unwrap() {
        Value::Here(bytes) => bytes,
        Value::At(offset) => long_value(&file[(offset - base) as usize..], offset).unwrap().0,
    }
}

/// Compares a record with its node.
fn check_node<V: Stored>(node: LentNode<'_, V>, base: u64) {
    let (bytes, at, children) = encoded(node, base);
    let start = (at - base) as usize;
    let record = Record::read(&bytes[start..], at, layout::<V>()).unwrap();
    assert_eq!(record.byte_len(), bytes.len() - start);
    for len in 0..record.byte_len() {
        let short = Record::read(&bytes[start..start + len], at, layout::<V>()).unwrap_err();
        assert!(matches!(short, Unread::Short(more) if more > len), "{short:?}");
    }
    let (mut buffer, mut other) = (ColumnsBuffer::new(), RecordColumns::new());
    let columns = node.columns(&mut buffer);
    assert_eq!(record.columns(&mut other), Ok(columns));
    let suffixes = suffixes(&columns);
    let bit = |bits: &[u64; 4], i: usize| bits[i / 64] >> (i % 64) & 1 != 0;
    let (mut child, mut value) = (0, node.own().is_some() as usize);
    assert_eq!(record.has_own(), value == 1);
    for (i, suffix) in suffixes.iter().enumerate() {
        let shared = match i.checked_sub(1) {
            Some(before) if suffixes.len() <= 32 => common_prefix(&suffixes[before], suffix),
            _ => 0,
        };
        assert_eq!((record.shared(i), record.head(i)), (shared, Some(suffix[0])));
        assert_eq!(record.rest(i), &suffix[shared.max(1)..]);
        assert_eq!((record.rest_from(i), record.suffix_len(i)), (shared.max(1), suffix.len()));
        assert_eq!((record.children_before(i), record.values_before(i)), (child, value));
        let end = if bit(&columns.children, i) {
            child += 1;
            End::Child(child - 1)
        } else if bit(&columns.bare, i) {
            End::Bare
        } else {
            value += 1;
            End::Value(value - 1)
        };
        assert_eq!(record.end(i), Some(end));
    }
    assert_eq!((record.head(suffixes.len()), record.end(suffixes.len())), (None, None));
    assert_eq!((record.child_count(), record.value_count()), (child, value));
    assert_eq!((0..child).map(|i| record.child(i).unwrap()).collect::<Vec<_>>(), children);
    for (i, value) in node.own().into_iter().chain(node.values()).enumerate() {
        let mut expected = Vec::new();
        value.put(&mut expected).unwrap();
        assert_eq!(value_of(&bytes, base, &record, i), expected);
    }
    check_search(&record, &suffixes);
}

/// Compares the answers to searches with their definition.
fn check_search(record: &Record<'_>, suffixes: &[Vec<u8>]) {
    for head in 0..=255 {
        let run: Vec<usize> = (0..suffixes.len()).filter(|&i| suffixes[i][0] == head).collect();
        let found = record.entries_from(head);
        assert!(found.clone().eq(run), "{head}: {found:?}");
        let after = suffixes[found.clone()].iter().filter_map(|suffix| suffix.get(1).copied());
        let after: crate::bytes::ByteMask = after.collect();
        assert_eq!(record.bytes_after(found.clone(), 1), after);
    }
    for (i, suffix) in suffixes.iter().enumerate() {
        for depth in 1..=suffix.len().min(40) {
            check_run(record, suffixes, i, depth);
        }
    }
    assert_eq!(record.bytes_after(0..suffixes.len(), 0), record.head_mask());
}

/// Compares what is told of the entries that begin like one with its definition.
fn check_run(record: &Record<'_>, suffixes: &[Vec<u8>], entry: usize, depth: usize) {
    let prefix = &suffixes[entry][..depth];
    let run: Vec<usize> = (0..suffixes.len()).filter(|&i| suffixes[i].starts_with(prefix)).collect();
    let found = record.run_at(entry, depth);
    assert!(found.clone().eq(run.iter().copied()), "{found:?}");
    let shared = (0..).take_while(|&at| {
        let byte = suffixes[entry].get(at);
        byte.is_some() && run.iter().all(|&i| suffixes[i].get(at) == byte)
    });
    assert_eq!(record.shared_by_all(found.clone()), shared.count());
    let after: crate::bytes::ByteMask = run.iter().filter_map(|&i| suffixes[i].get(depth).copied()).collect();
    assert_eq!(record.bytes_after(found.clone(), depth), after);
    for byte in 0..=255 {
        let longer = [prefix, &[byte]].concat();
        let with = run.iter().copied().filter(|&i| suffixes[i].starts_with(&longer));
        assert!(record.entries_with(found.clone(), depth, byte).eq(with));
    }
    // Paths that go on like some suffix, and then like none.
    for &other in &run {
        for end in [depth, depth + 1, suffixes[other].len()] {
            let mut path = suffixes[other][..end.min(suffixes[other].len())].to_vec();
            for more in [None, Some(0), Some(b'a'), Some(255)] {
                path.extend(more);
                let common = |i: &usize| common_prefix(&suffixes[*i], &path);
                let most = run.iter().map(common).max().unwrap();
                let best = run.iter().copied().filter(|i| common(i) == most);
                let (found, moved) = record.follow(found.clone(), depth, &path[depth..]);
                assert_eq!(moved, most - depth);
                assert!(found.eq(best));
            }
        }
    }
}

fn check_maps<V: Stored + Clone>(value: impl Fn(usize) -> V) {
    let mut forms = BTreeMap::new();
    for map in maps(value) {
        let mut base = 1000;
        for_each_node(map.root.as_ref().unwrap().lent(), &mut |node| {
            check_node(node, base);
            let first = encoded(node, base).0;
            *forms.entry(first[0]).or_insert(0) += 1;
            base += 1 + base % 7;
        });
    }
    assert!(forms.len() > 12, "{forms:?}");
}

#[test]
fn records_answer_like_nodes() {
    check_maps(|_| ());
    check_maps(|i| i as u8);
    check_maps(|i| i as u64);
    check_maps(|i| [i as u32; 3]);
    check_maps(|i| i as u128);
    check_maps(|i| "x".repeat(i % 9));
    check_maps(|i| vec![i as u8; if i % 5 == 0 { 1000 + i } else { i }]);
}

/// Asks a record everything.
fn interrogate(record: &Record<'_>) {
    let mut columns = RecordColumns::new();
    let columns = record.columns(&mut columns);
    let count = record.entry_count();
    for i in 0..count {
        let run = record.run_at(i, 1);
        let _ = (record.shared(i), record.suffix_len(i), record.shared_by_all(run.clone()));
        let _ = (record.follow(run.clone(), 1, b"abc"), record.entries_with(run, 1, b'a'));
    }
    for i in (0..=256).filter(|&i| i <= record.entry_count() + 1) {
        let _ = (record.head(i), record.rest(i), record.end(i), record.child(i), record.value(i));
        let path = [&[i as u8], record.rest(i)].concat();
        let run = record.entries_from(path.first().copied().unwrap_or(0));
        let _ = record.bytes_after(run, path.len());
    }
    let _ = (record.value_column(), record.head_mask(), record.value(record.value_count()));
    let Ok(columns) = columns else { return };
    let children = (0..columns.child_count())
        .map(|_| Shared::<u8>::from_columns(Some(1), &one(), std::iter::empty(), [1].into_iter()).unwrap());
    let values = (0..columns.value_count()).map(|_| 2);
    let children: Vec<_> = children.collect();
    let _ =
        Shared::from_columns(None, &columns, children.into_iter(), values.collect::<Vec<_>>().into_iter());
}

/// The columns of one entry.
fn one() -> Columns<'static> {
    Columns { heads: b"a", ends: &[], heap: &[], children: [0; 4], bare: [0; 4] }
}

fn check_flips<V: Stored + Clone>(value: impl Fn(usize) -> V) {
    let mut rng = Rng::new(3);
    for map in maps(value) {
        let mut nodes = 0;
        for_each_node(map.root.as_ref().unwrap().lent(), &mut |node| {
            nodes += 1;
            if nodes > 12 {
                return;
            }
            let (bytes, at, _) = encoded(node, 1000);
            let start = (at - 1000) as usize;
            for bit in 0..(bytes.len() - start).min(300) * 8 {
                let mut bytes = bytes[start..].to_vec();
                bytes[bit / 8] ^= 1 << (bit % 8);
                if bit % 3 == 0 {
                    let other = rng.below(bytes.len());
                    bytes[other] = rng.below(256) as u8;
                }
                if let Ok(record) = Record::read(&bytes, at, layout::<V>()) {
                    interrogate(&record);
                }
            }
        });
    }
}

#[test]
fn no_bytes_make_a_view_panic() {
    check_flips(|i| i as u64);
    check_flips(|_| ());
    check_flips(|i| vec![i as u8; if i % 5 == 0 { 1000 + i } else { i }]);
    let mut rng = Rng::new(5);
    for _ in 0..20_000 {
        let len = rng.below(400);
        let mut bytes: Vec<u8> = (0..len).map(|_| rng.below(256) as u8).collect();
        if let Some(first) = bytes.first_mut() {
            *first &= 0x7f;
        }
        for layout in [layout::<u64>(), layout::<()>(), layout::<String>()] {
            if let Ok(record) = Record::read(&bytes, 123, layout) {
                interrogate(&record);
            }
        }
        let _ = long_value(&bytes, 123);
        let _ = Commit::decode(&bytes, 128, 5);
    }
}

fn commit() -> Commit {
    Commit {
        offset: 64,
        len: 0,
        previous: Some(16),
        root: Some(40),
        counts: Counts { values: 5, locations: 9 },
        nodes: 2,
        hash: Some(99),
        time: 77,
        checksum: 55,
        is_anchored: true,
        label: "first".into(),
    }
}

#[test]
fn commits_read_as_written() {
    for label in ["", "a label", "exactly 8", "x".repeat(65_535).as_str()] {
        for (hash, previous, root) in [(None, None, None), (Some(7), Some(8), Some(1))] {
            let mut file = vec![1; 64];
            let mut commit = Commit { label: label.into(), hash, previous, root, ..commit() };
            commit.encode(3, &mut file);
            assert_eq!(file.len(), 64 + commit.len);
            assert_eq!(Commit::decode(&file[64..], 64, 3), Ok(commit.clone()));
            assert_eq!(Commit::at_end(&file, 3), Some(commit.clone()));
            assert_eq!(Commit::last(&file, 4), None);
            let end = file.len();
            file.extend_from_slice(&[0xed; 50]);
            assert_eq!((Commit::at_end(&file, 3), Commit::last(&file, 3)), (None, Some(commit)));
            assert_eq!(Commit::last(&file[..end - 1], 3), None);
        }
    }
}

#[test]
fn each_cut_and_each_flip_of_a_commit_is_an_error() {
    let mut bytes = Vec::new();
    commit().encode(3, &mut bytes);
    for len in 0..bytes.len() {
        assert!(matches!(Commit::decode(&bytes[..len], 64, 3), Err(Unread::Short(more)) if more > len));
    }
    for bit in 0..bytes.len() * 8 {
        let mut bytes = bytes.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        Commit::decode(&bytes, 64, 3).unwrap_err();
        assert_eq!(Commit::last(&[&[0; 64], &bytes[..]].concat(), 3), None);
    }
    Commit::decode(&bytes, 72, 3).unwrap_err();
    Commit::decode(&bytes, 64, 4).unwrap_err();
}
