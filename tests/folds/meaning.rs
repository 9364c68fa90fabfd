//! Folds compared with their definition, by all zippers and on random tries; and the number of
//! calls on shared subtries.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

use bytetrie::morphisms::Catamorphism;
use bytetrie::testing::keys;
use bytetrie::testing::limits::with_limits;
use bytetrie::testing::naive::NaiveMap;
use bytetrie::zipper::*;
use bytetrie::{ByteMask, PathMap};
use proptest::prelude::*;

use crate::folds::{Call, KINDS, Kind, model, run};
use crate::limits::under_both_limits;
use crate::opaque::Opaque;
use crate::shared_maps::{limits, made, makes, naive, path};
use crate::stack::on_stack;

fn cases(n: u32) -> ProptestConfig {
    ProptestConfig {
        cases: n,
        max_shrink_iters: 4_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

// By definition.

/// Folds in every way, and compares with the model of the map below a root.
#[track_caller]
fn agrees<Z: Catamorphism<u8> + Clone>(source: &Z, map: &NaiveMap<u8>, root: &[u8]) {
    for kind in KINDS {
        let (expected, result) = model(map, root, kind);
        let (calls, made) = run(source.clone(), kind, None);
        assert_eq!(made, Ok(result), "{kind:?}");
        let jump = |call: &Call| if kind.jumps() { call.1 } else { 0 };
        match kind {
            Kind::SideEffect | Kind::JumpingSideEffect => {
                let expected: Vec<Call> =
                    expected.into_iter().map(|call| (call.0.clone(), jump(&call), call.2)).collect();
                assert_eq!(calls, expected, "{kind:?}");
            }
            // The fold makes only the calls that it needs, with the right arguments.
            _ => {
                assert!(calls.len() <= expected.len(), "{kind:?}");
                assert!(calls.iter().all(|call| expected.iter().any(|known| known.2 == call.2)));
            }
        }
        // A call that fails is the last one, and its arguments are as without a failure.
        for fail_at in [0, 1, calls.len() / 2, calls.len() - 1] {
            let (before, failed) = run(source.clone(), kind, Some(fail_at));
            if fail_at < calls.len() {
                assert_eq!(failed, Err(fail_at), "{kind:?}");
                assert_eq!(before, calls[..fail_at], "{kind:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn folds_are_what_they_are_defined_as(
        makes in makes(), limits in limits(), root in path(), focus in path(),
    ) {
        with_limits(limits, || {
            let (map, _copies) = made(&makes);
            let model = naive(&map);
            agrees(&map, &model, &[]);
            let mut reader = map.read_zipper_at_path(&root);
            reader.descend_to(&focus);
            agrees(&reader, &model, &root);
            agrees(&Opaque(reader.clone()), &model, &root);
            let owned = map.clone().into_read_zipper(&root);
            agrees(&owned, &model, &root);
            agrees(&Opaque(owned), &model, &root);
            // A fork is at its own root, and knows its origin.
            let below = [&root[..], &focus].concat();
            let fork = reader.fork_read_zipper();
            agrees(&fork, &model, &below);
            agrees(&Opaque(fork.clone()), &model, &below);
            // A `TrieRef` has no path.
            let moved = model.subtrie_at(&below).unwrap_or_default();
            agrees(&map.trie_ref_at_path(&below), &moved, &[]);
            agrees(&reader.get_trie_ref(), &moved, &[]);
            let place = map.trie_ref_at_path(&below);
            agrees(&place.fork_read_zipper(), &moved, &[]);
            agrees(&Opaque(place.fork_read_zipper()), &moved, &[]);
            agrees(&owned_place(&map, &below), &moved, &[]);
            agrees(&map.read_zipper_at_path(&below).make_map(), &moved, &[]);
        });
    }

    #[test]
    fn writers_and_tracked_zippers_are_folded_too(makes in makes(), limits in limits(), root in path()) {
        with_limits(limits, || {
            let (mut map, _copies) = made(&makes);
            let model = naive(&map);
            let head = map.zipper_head();
            if let Ok(tracked) = head.read_zipper_at_path(&root) {
                agrees(&tracked, &model, &root);
                agrees(&Opaque(tracked), &model, &root);
            }
            drop(head);
            for kind in KINDS {
                let expected = crate::folds::model(&model, &root, kind);
                let mut writer = map.write_zipper_at_path(&root);
                writer.descend_to("ab");
                let (_, made) = run(writer, kind, None);
                assert_eq!(made, Ok(expected.1), "{kind:?}");
                let (_, made) = run(Opaque(map.write_zipper_at_path(&root)), kind, None);
                assert_eq!(made, Ok(expected.1), "{kind:?}");
            }
            assert_eq!(naive(&map), model);
            map.check().unwrap();
        });
    }
}

fn owned_place(map: &PathMap<u8>, path: &[u8]) -> TrieRefOwned<u8> {
    let reader = map.clone().into_read_zipper([]);
    ZipperReadOnlySubtries::<'static, u8>::trie_ref_at_path(&reader, path)
}

#[test]
fn keys_of_every_shape() {
    under_both_limits(|| {
        for keys in [
            keys::words(120, 1),
            keys::file_paths(50, 2),
            keys::random_u64(100, 3),
            keys::consecutive_u64(300),
            keys::random_bytes(100, 0..=20, 4),
            keys::nested(40).iter().map(<[u8]>::to_vec).collect(),
            vec![vec![]],
            vec![],
        ] {
            let mut map: PathMap<u8> = keys.iter().zip((0..=255).cycle()).collect();
            let model = naive(&map);
            agrees(&map, &model, &[]);
            agrees(&Opaque(map.read_zipper()), &model, &[]);
            // The map below a long prefix, twice.
            let copy = map.clone();
            map.clear();
            for way in ["one/", "another way/"] {
                map.write_zipper_at_path(way.as_bytes()).graft_map(copy.clone());
            }
            let model = naive(&map);
            agrees(&map, &model, &[]);
            agrees(&Opaque(map.read_zipper_at_path("one")), &model, b"one");
        }
    });
}

#[test]
fn unit_values_and_bare_maps() {
    let empty = PathMap::<()>::new();
    let count = |_: &ByteMask, below: &mut [usize], value: Option<&()>| {
        below.iter().sum::<usize>() + value.is_some() as usize
    };
    assert_eq!(empty.clone().into_cata_cached(count), 0);
    let mut calls = 0;
    let jumped =
        empty.clone().into_cata_jumping_side_effect(|mask, below: &mut [usize], jumped, value, path| {
            calls += 1;
            assert!(below.is_empty() && mask.is_empty_mask() && value.is_none() && path.is_empty());
            jumped
        });
    assert_eq!((calls, jumped), (1, 0));
    // A root that does not exist is an empty trie at the end of its path.
    let paths = empty.read_zipper_at_path("nowhere").into_cata_side_effect(
        |_, below: &mut [Vec<Vec<u8>>], _, path| [below.concat(), vec![path.to_vec()]].concat(),
    );
    assert_eq!(paths, [b"nowhere".to_vec()]);
    let mut units: PathMap<()> = ["", "a", "ab", "b"].map(|path| (path, ())).into();
    units.create_path("c/d");
    assert_eq!(units.clone().into_cata_cached(count), 4);
    assert_eq!(Opaque(units.read_zipper()).into_cata_cached(count), 4);
}

/// Returns the calls of a jumping fold: path, number of bytes jumped over, child mask, value.
fn jumps(map: &PathMap<u32>, root: &str) -> Vec<(String, usize, String, Option<u32>)> {
    let mut calls = Vec::new();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    map.read_zipper_at_path(root).into_cata_jumping_side_effect(|mask, _: &mut [()], jumped, value, path| {
        calls.push((text(path.to_vec()), jumped, text(mask.iter().collect()), value.copied()));
    });
    calls
}

#[test]
fn what_a_jump_tells() {
    let call = |path: &str, jumped, mask: &str, value| (path.to_owned(), jumped, mask.to_owned(), value);
    // A root with one child and no value is jumped over too.
    let map = PathMap::from([("combo", 1), ("comet", 2), ("comfort", 3)]);
    let branches =
        [call("combo", 1, "", Some(1)), call("comet", 1, "", Some(2)), call("comfort", 3, "", Some(3))];
    let expected = [&branches[..], &[call("com", 3, "bef", None)]].concat();
    assert_eq!(jumps(&map, ""), expected);
    // From a lower root, fewer bytes are jumped over.
    let expected = [&branches[..], &[call("com", 1, "bef", None)]].concat();
    assert_eq!(jumps(&map, "co"), expected);
    let expected = [&branches[..], &[call("com", 0, "bef", None)]].concat();
    assert_eq!(jumps(&map, "com"), expected);
    assert_eq!(jumps(&map, "comb"), [call("combo", 1, "", Some(1))]);
    assert_eq!(jumps(&map, "combo"), [call("combo", 0, "", Some(1))]);
    assert_eq!(jumps(&map, "comb!"), [call("comb!", 0, "", None)]);
    // The closure is called for a root with a value.
    let map = PathMap::from([("", 0), ("ab", 1), ("abc", 2)]);
    let expected = [call("abc", 0, "", Some(2)), call("ab", 1, "c", Some(1)), call("", 0, "a", Some(0))];
    assert_eq!(jumps(&map, ""), expected);
    // A dangling path is a tip.
    let mut map = PathMap::from([("ab", 1)]);
    map.create_path("abcd");
    map.create_path("x");
    let expected = [
        call("abcd", 1, "", None),
        call("ab", 1, "c", Some(1)),
        call("x", 0, "", None),
        call("", 0, "ax", None),
    ];
    assert_eq!(jumps(&map, ""), expected);
}

// Shared subtries.

/// Creates a trie with shared levels: on each level, every edge leads to the whole next level.
fn woven(levels: usize, ways: &[&[u8]], leaf: PathMap<u64>) -> PathMap<u64> {
    (0..levels).fold(leaf, |below, _| {
        let mut map = PathMap::new();
        for way in ways {
            map.write_zipper_at_path(way).graft_map(below.clone());
        }
        map
    })
}

/// Returns the result of a fold of some kind that must not visit each path, and the number of its
/// calls.
fn sum<Z: Catamorphism<u64>>(source: Z, kind: Kind) -> (u64, usize) {
    let calls = Cell::new(0);
    let add = |below: &mut [u64], value: Option<&u64>| {
        calls.set(calls.get() + 1);
        below.iter().fold(value.copied().unwrap_or(0), |sum, &n| sum.wrapping_add(n))
    };
    let sum = match kind {
        Kind::Cached => source.into_cata_cached(|_, below: &mut [u64], value| add(below, value)),
        Kind::JumpingCached => {
            source.into_cata_jumping_cached(|_, below: &mut [u64], value, _| add(below, value))
        }
        Kind::TailCached(len) => {
            source.into_cata_tail_cached(len, |_, below: &mut [u64], value, _| add(below, value))
        }
        Kind::SideEffect | Kind::JumpingSideEffect => unreachable!("these go along each path"),
    };
    (sum, calls.get())
}

const REMEMBERING: [Kind; 4] = [Kind::Cached, Kind::JumpingCached, Kind::TailCached(0), Kind::TailCached(1)];

#[test]
fn a_sum_over_4_to_the_16_paths() {
    let map = woven(16, &[b"a", b"b", b"c", b"d"], PathMap::single("", 3));
    for kind in REMEMBERING {
        let (total, calls) = sum(map.read_zipper(), kind);
        assert_eq!(total, 3 << 32);
        // With a tail of one byte, each subtrie is folded once for each of four bytes.
        let most = if kind == Kind::TailCached(1) { 4 * 17 } else { 17 };
        assert!(calls <= most, "{kind:?}: {calls} calls");
        let (total, calls) = sum(Opaque(map.read_zipper()), kind);
        assert_eq!(total, 3 << 32);
        assert!(calls <= most, "{kind:?}: {calls} calls");
        // The minimum of many runs is not affected by other load of the machine.
        let time = (0..20).map(|_| {
            let start = Instant::now();
            sum(map.read_zipper(), kind);
            start.elapsed()
        });
        assert!(time.min() < Some(Duration::from_millis(1)), "{kind:?}");
    }
}

/// Shared subtries within nodes, at edges of different lengths, with a value at the root, and with
/// a run of bytes at the start.
#[test]
fn nothing_is_exponential_wherever_shared_nodes_hang() {
    under_both_limits(|| {
        let few = PathMap::from([("qa", 1), ("qb", 2), ("qb/", 3)]);
        let valued = PathMap::from([("", 5), ("x", 1), ("y/z", 2)]);
        let many: PathMap<u64> = keys::words(40, 5).into_iter().zip(0..).collect();
        let nested: PathMap<u64> = keys::nested(20).iter().zip(0..).collect();
        for leaf in [few, valued, many, nested] {
            let once = leaf.iter().map(|(_, value)| value).fold(0u64, |sum, n| sum.wrapping_add(*n));
            for ways in [
                &[&b"a"[..], b"b"][..],
                &[b"abc", b"abd", b"x", b"yyyyyyyyyyyyyyy"],
                &[b"p/q", b"p/r", b"p/s/t", b"p/s/u"],
                &[b"0", b"1", b"2", b"3", b"4", b"55", b"66", b"777", b"8888", b"99999"],
                &[b"one way", b""],
            ] {
                let levels = if ways.contains(&&b""[..]) { 1 } else { 40 };
                let map = woven(levels, ways, leaf.clone());
                let paths = if levels == 1 { 1 } else { (ways.len() as u64).wrapping_pow(40) };
                let locations = 40 * ways.concat().len() + 40 * 10 + 4_000;
                for root in [&b""[..], &ways[0][..1], &ways.concat()[..2]] {
                    let expected = sum(map.read_zipper_at_path(root), Kind::Cached).0;
                    if root.is_empty() {
                        assert_eq!(expected, once.wrapping_mul(paths));
                    }
                    for kind in REMEMBERING {
                        let (total, calls) = sum(map.read_zipper_at_path(root), kind);
                        assert_eq!(total, expected, "{kind:?}");
                        assert!(calls <= 10 * locations, "{kind:?}: {calls} calls");
                        let (total, calls) = sum(Opaque(map.read_zipper_at_path(root)), kind);
                        assert_eq!(total, expected, "{kind:?}");
                        assert!(calls <= 10 * locations, "{kind:?}: {calls} calls by moves");
                    }
                }
            }
        }
    });
}

/// With a tail, a large shared node is folded once, except for the part near its root.
#[test]
fn a_tail_costs_what_is_near_the_root_of_what_is_shared() {
    let words: PathMap<u64> = keys::words(2_000, 9).into_iter().zip(0..).collect();
    let ways: Vec<Vec<u8>> = (b'a'..=b'z').map(|byte| vec![byte, b'/']).collect();
    let mut map = PathMap::new();
    for way in &ways {
        map.write_zipper_at_path(way).graft_map(words.clone());
    }
    let locations = sum(words.read_zipper(), Kind::Cached).1;
    let depth = |len: usize| {
        let mut zipper = words.read_zipper();
        let mut near = 1;
        while zipper.to_next_step() {
            near += (zipper.path().len() < len) as usize;
        }
        near
    };
    for len in 0..4 {
        let (_, calls) = sum(map.read_zipper(), Kind::TailCached(len));
        // The last byte of each edge is equal, so a fold that sees only this byte is called once.
        let sides = if len < 2 { 1 } else { ways.len() };
        assert!(
            calls <= locations + sides * depth(len) + 60,
            "{len}: {calls} calls for {locations} locations"
        );
    }
}

// Extremes.

#[test]
fn paths_of_a_megabyte_and_a_million_nested_ones_on_a_small_stack() {
    on_stack(128, || {
        let long = vec![b'x'; 1 << 20];
        let mut map = PathMap::new();
        map.insert(&long, 1);
        map.insert(&long[..1 << 19], 2);
        for kind in REMEMBERING {
            assert_eq!(sum(map.read_zipper(), kind).0, 3);
            assert_eq!(sum(Opaque(map.read_zipper()), kind).0, 3);
        }
        let deepest = map.read_zipper().into_cata_side_effect(|_, below: &mut [usize], _, path| {
            below.first().copied().unwrap_or(path.len())
        });
        assert_eq!(deepest, 1 << 20);
        let nested = PathMap::from_root_of_nested(1_000_000);
        for kind in REMEMBERING {
            // A jumping fold makes no call for a root with one child and no value.
            let calls = 1_000_001 - kind.jumps() as usize;
            assert_eq!(sum(nested.read_zipper(), kind), (500_000_500_000, calls), "{kind:?}");
        }
        assert_eq!(sum(Opaque(nested.read_zipper()), Kind::JumpingCached).0, 500_000_500_000);
    });
}

/// Creates a map of all prefixes of a path of `n` bytes except the empty one, numbered.
trait Nested {
    fn from_root_of_nested(n: u64) -> Self;
}

impl Nested for PathMap<u64> {
    fn from_root_of_nested(n: u64) -> Self {
        PathMap::new_from_ana(0, |depth: u64, value, children, _| {
            *value = (depth > 0).then_some(depth);
            if depth < n {
                children.push_byte(b'x', depth + 1);
            }
        })
    }
}

#[test]
fn a_closure_that_panics_changes_nothing() {
    let mut map: PathMap<u64> = woven(3, &[b"a", b"bc"], [("x", 1), ("y", 2)].into());
    let before = map.clone();
    for at in 0..12 {
        for opaque in [false, true] {
            let calls = Cell::new(0);
            let add = |_: &ByteMask, below: &mut [u64], value: Option<&u64>| {
                if calls.replace(calls.get() + 1) == at {
                    resume_unwind(Box::new(()));
                }
                below.iter().sum::<u64>() + value.copied().unwrap_or(0)
            };
            let writer = map.write_zipper();
            let outcome = catch_unwind(AssertUnwindSafe(|| match opaque {
                false => writer.into_cata_cached(add),
                true => Opaque(writer).into_cata_cached(add),
            }));
            assert!(outcome.is_err() || calls.get() <= at);
            map.check().unwrap();
            assert!(map == before);
        }
    }
}

/// Programs as written for pathmap 0.3.5.
mod moved_by_one_line {
    use bytetrie as pathmap;
    use pathmap::PathMap;
    use pathmap::morphisms::{Catamorphism, TrieBuilder};
    use pathmap::utils::{BitMask, ByteMask};

    #[derive(Debug, Default, PartialEq)]
    struct Trie {
        prefix: String,
        value: Option<usize>,
        children: Vec<(char, Trie)>,
    }

    #[test]
    fn a_tree_by_jumping() {
        let mut map = PathMap::new();
        for (i, name) in ["arr", "arrow", "bow"].iter().enumerate() {
            map.set_val_at(name.as_bytes(), i);
        }
        let tree =
            map.read_zipper().into_cata_jumping_side_effect(|mask, children, jumped, value, path| Trie {
                prefix: String::from_utf8(path[path.len() - jumped..].to_vec()).unwrap(),
                value: value.cloned(),
                children: mask.iter().zip(children).map(|(b, t)| (b as char, std::mem::take(t))).collect(),
            });
        let arrow = Trie { prefix: "w".into(), value: Some(1), children: vec![] };
        let arr = Trie { prefix: "rr".into(), value: Some(0), children: vec![('o', arrow)] };
        let bow = Trie { prefix: "ow".into(), value: Some(2), children: vec![] };
        assert_eq!(tree, Trie { prefix: String::new(), value: None, children: vec![('a', arr), ('b', bow)] });
    }

    fn generic<V, Z: Catamorphism<V> + Clone>(zipper: Z) -> (usize, Result<usize, Vec<u8>>) {
        let count = |_: &ByteMask, children: &mut [usize], value: Option<&V>| {
            children.iter().sum::<usize>() + usize::from(value.is_some())
        };
        let mut left = 2;
        let third = zipper.clone().into_cata_side_effect_fallible(|_, _: &mut [usize], _, path| {
            if left == 0 {
                return Err(path.to_vec());
            }
            left -= 1;
            Ok(0)
        });
        (zipper.into_cata_cached(count), third)
    }

    #[test]
    fn generic_code() {
        let map: PathMap<()> = ["ab", "ac", "b"].into_iter().map(|path| (path, ())).collect();
        assert_eq!(generic(map.read_zipper()), (3, Err(b"a".to_vec())));
        assert_eq!(generic(map), (3, Err(b"a".to_vec())));
    }

    fn spell(word: &[u8], value: &mut Option<u8>, children: &mut TrieBuilder<u8, usize>, path: &[u8]) {
        match word.get(path.len()) {
            Some(&byte) => children.push_byte(byte, path.len()),
            None => *value = Some(path.len() as u8),
        }
    }

    #[test]
    fn a_builder_by_name() {
        let map = PathMap::new_from_ana(0, |_, value, children, path| {
            spell(b"word", value, children, path);
            assert_eq!(
                children.len(),
                children.child_mask().iter().map(|word| word.count_ones()).sum::<u32>() as usize
            );
            let mut mask = [0u64; 4];
            mask.set_bit(b'w');
            assert!(path.is_empty() == (children.child_mask() == mask));
        });
        assert_eq!(map.get_val_at(b"word"), Some(&4));
    }
}
