//! Random programs, run on the library and on the naive model side by side.
//!
//! Small programs find most bugs: a few short paths over four letters, maps that share nodes by
//! clones and grafts, and node limits so tiny that every kind of split happens. Every result and
//! all content are compared after each step. Programs over many keys, whose first bytes spread
//! over all 256, reach dense lists and wide nodes with tails. `BYTETRIE_PROGRAMS` sets the number
//! of programs of each property.

use std::collections::BTreeSet;
use std::ops::Bound;

use bytetrie::algebra::{Max, Sum};
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::{NaiveMap, NaiveZipper};
use bytetrie::testing::ops::{
    Algebra, Checks, Keys, Move, Program, SLOTS, Twin, Write, hash_of, same_content, same_focus,
};
use bytetrie::zipper::{
    ReadZipperTracked, WriteZipperTracked, ZipperCreation, ZipperForking, ZipperMoving, ZipperWriting,
};
use bytetrie::{Entry, OccupiedEntry, PathMap, ZipperKind};
use proptest::collection::vec;
use proptest::prelude::*;

fn programs(default: u32) -> ProptestConfig {
    let cases =
        std::env::var("BYTETRIE_PROGRAMS").ok().map(|n| n.parse().expect("BYTETRIE_PROGRAMS is a number"));
    ProptestConfig {
        cases: cases.unwrap_or(default),
        max_shrink_iters: 4_000,
        // Failures are kept as named tests, not as seeds.
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The configuration of programs that take about `times` times as long as others.
fn long_programs(times: u32) -> ProptestConfig {
    let config = programs(2_400);
    ProptestConfig { cases: config.cases.div_ceil(times), ..config }
}

fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![
        6 => Just(Limits::TINY),
        2 => (2..=8usize, 16..=256usize).prop_map(|(entries, bytes)| Limits { entries, bytes }),
        2 => Just(Limits::DEFAULT),
    ]
}

/// Generates a few short paths, mostly over four letters, sometimes over all bytes.
fn short_keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let letter = prop::sample::select(vec![b'a', b'b', 0, 255]);
    prop_oneof![
        7 => vec(vec(letter, 0..=5), 1..=8),
        1 => vec(vec(any::<u8>(), 0..=3), 1..=16),
    ]
}

/// Generates long paths that differ only at their ends, or only near their start.
fn long_keys(len: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<u8>>> {
    let tail = vec(prop::sample::select(vec![b'a', b'b']), 0..=3);
    (len, vec((tail, 0..=8usize), 1..=3)).prop_map(|(len, tails)| {
        let cut = |(tail, cut): (Vec<u8>, usize)| {
            let mut path = vec![b'l'; len - len * cut / 8];
            path.extend(tail);
            path
        };
        tails.into_iter().map(cut).collect()
    })
}

fn keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let both = |(mut short, long): (Vec<_>, Vec<_>)| {
        short.extend(long);
        short
    };
    prop_oneof![
        7 => short_keys(),
        1 => (short_keys(), long_keys(30..130)).prop_map(both),
    ]
}

/// Generates twenty to sixty short paths whose first or second bytes spread over all 256. They
/// create dense lists, wide nodes with tails, and wide nodes of children, also under the default
/// limits.
fn wide_keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let letter = || prop::sample::select(vec![b'a', b'b', 0]);
    let tail = prop_oneof![7 => vec(letter(), 0..=2), 1 => vec(letter(), 3..=9)];
    let key = (vec(Just(b'x'), 0..=1), any::<u8>(), tail);
    let bare = any::<u8>().prop_map(|byte| vec![byte]);
    let with_tail = key.prop_map(|(mut path, byte, tail)| {
        path.push(byte);
        path.extend(tail);
        path
    });
    let some = prop_oneof![1 => bare, 3 => with_tail];
    vec(some, 20..=60)
}

/// Limits for large nodes: mostly the default ones.
fn wide_limits() -> impl Strategy<Value = Limits> {
    prop_oneof![3 => Just(Limits::DEFAULT), 1 => Just(Limits { entries: 8, bytes: 200 })]
}

/// Generates a program whose maps start with most of its many keys, or with one.
fn wide_program(ops: impl Strategy<Value = Vec<[u8; 4]>>) -> impl Strategy<Value = Program> {
    let entry = || (any::<u8>(), any::<u8>());
    let entries = vec(prop_oneof![4 => vec(entry(), 0..=70), 1 => vec(entry(), 1)], SLOTS);
    (wide_keys(), entries, ops, checks()).prop_map(|(keys, entries, ops, checks)| Program {
        keys,
        entries,
        ops,
        checks,
    })
}

/// Generates calls of the map only: an even tag never opens a zipper.
fn map_ops() -> impl Strategy<Value = Vec<[u8; 4]>> {
    vec(any::<[u8; 3]>().prop_map(|[kind, x, y]| [0, kind, x, y]), 0..=56)
}

/// Generates mostly algebra, of maps and through zippers, and sometimes edits of the operands.
fn algebra_ops() -> impl Strategy<Value = Vec<[u8; 4]>> {
    let of_maps = (24..40u8, any::<[u8; 2]>()).prop_map(|(kind, [x, y])| [0, kind, x, y]);
    let open = any::<[u8; 3]>().prop_map(|[kind, x, y]| [1, kind, x, y]);
    let through = any::<[u8; 3]>().prop_map(|[kind, x, y]| [12, kind, x, y]);
    vec(prop_oneof![3 => of_maps, 1 => open, 3 => through, 3 => any::<[u8; 4]>()], 0..=40)
}

/// Runs a program with one of several value types.
fn run_with_values(program: &Program, kind: u8) {
    match kind {
        0 => program.run::<()>(),
        1 => program.run::<String>(),
        2 => program.run::<Max<u64>>(),
        3 => program.run::<Sum<u64>>(),
        4 => program.run::<BTreeSet<u8>>(),
        _ => program.run::<u64>(),
    }
}

fn checks() -> impl Strategy<Value = Checks> {
    prop::sample::select(vec![Checks::AtTheEnd, Checks::EachStep, Checks::Thorough])
}

fn program(
    keys: impl Strategy<Value = Vec<Vec<u8>>>,
    ops: impl Strategy<Value = Vec<[u8; 4]>>,
) -> impl Strategy<Value = Program> {
    let entries = vec(vec((0..64u8, any::<u8>()), 0..=8), SLOTS);
    (keys, entries, ops, checks()).prop_map(|(keys, entries, ops, checks)| Program {
        keys,
        entries,
        ops,
        checks,
    })
}

proptest! {
    #![proptest_config(programs(5_000))]

    /// All kinds of zippers and the calls of the map, mixed.
    #[test]
    fn zippers(limits in limits(), program in program(keys(), vec(any::<[u8; 4]>(), 0..=56)), kind in 0..8u8) {
        with_limits(limits, || run_with_values(&program, kind));
    }

    /// Algebra, of maps and through zippers.
    #[test]
    fn algebra(limits in limits(), program in program(keys(), algebra_ops()), kind in 0..8u8) {
        with_limits(limits, || run_with_values(&program, kind));
    }
}

proptest! {
    #![proptest_config(programs(2_000))]

    /// The calls of the map only.
    #[test]
    fn maps(limits in limits(), program in program(keys(), map_ops()), strings in any::<bool>()) {
        with_limits(limits, || if strings { program.run::<String>() } else { program.run::<u64>() });
    }
}

proptest! {
    #![proptest_config(long_programs(8))]

    /// All kinds of zippers and the calls of the map, mixed, over many keys.
    #[test]
    fn zippers_of_wide_nodes(
        limits in wide_limits(),
        program in wide_program(vec(any::<[u8; 4]>(), 0..=56)),
        kind in 0..8u8,
    ) {
        with_limits(limits, || run_with_values(&program, kind));
    }

    /// The calls of the map only, over many keys.
    #[test]
    fn maps_of_wide_nodes(limits in wide_limits(), program in wide_program(map_ops())) {
        with_limits(limits, || program.run::<u64>());
    }

    /// Algebra over many keys.
    #[test]
    fn algebra_of_wide_nodes(
        limits in wide_limits(),
        program in wide_program(algebra_ops()),
        kind in 0..8u8,
    ) {
        with_limits(limits, || run_with_values(&program, kind));
    }
}

proptest! {
    #![proptest_config(long_programs(100))]

    /// Paths longer than an entry of a node may be.
    #[test]
    fn long_paths(limits in limits(), program in program(long_keys(2_001..2_300), vec(any::<[u8; 4]>(), 0..=12))) {
        with_limits(limits, || program.run::<u64>());
    }
}

/// A zipper of a head.
enum Zipper<'h> {
    Reader(ReadZipperTracked<'h, 'static, u64>),
    Writer(WriteZipperTracked<'h, 'static, u64>),
}

/// The model of a zipper.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    root: Vec<u8>,
    path: Vec<u8>,
    kind: ZipperKind,
}

impl Place {
    fn zipper<'a>(&self, model: &'a mut NaiveMap<u64>) -> NaiveZipper<'a, u64> {
        NaiveZipper::standing_at(model, &self.root, &self.path)
    }
}

/// The documented rule: if one path is a prefix of another, there is one writer, or any number of
/// readers.
fn excludes(live: &Place, path: &[u8], kind: ZipperKind) -> bool {
    let related = live.root.starts_with(path) || path.starts_with(&live.root);
    related && (live.kind == ZipperKind::Writer || kind == ZipperKind::Writer)
}

/// Runs operations on the zippers of one head until an operation ends it. Returns the remaining
/// operations.
fn one_head<'o>(twins: &mut [Twin<u64>; SLOTS], keys: &Keys, ops: &'o [[u8; 4]]) -> &'o [[u8; 4]] {
    let Twin { mut real, mut model } = twins[0].clone();
    let head = real.zipper_head();
    let mut live: Vec<(Zipper<'_>, Place)> = Vec::new();
    let mut rest = ops;
    while let Some((&[tag, kind, x, y], after)) = rest.split_first() {
        rest = after;
        let chosen = usize::from(tag / 16) % live.len().max(1);
        match tag % 16 {
            0 => break,
            1..=4 => {
                let mut root = keys.pick(x);
                root.truncate(usize::from(y) % 6);
                let kind = if kind % 3 == 0 { ZipperKind::Reader } else { ZipperKind::Writer };
                let made = match kind {
                    ZipperKind::Reader => head.read_zipper_at_path(&root).map(Zipper::Reader),
                    ZipperKind::Writer => head.write_zipper_at_exclusive_path(&root).map(Zipper::Writer),
                };
                let blocking: Vec<_> =
                    live.iter().filter(|(_, place)| excludes(place, &root, kind)).collect();
                match made {
                    Ok(zipper) => {
                        assert!(
                            blocking.is_empty(),
                            "{root:?} {kind:?} is given out beside {:?}",
                            blocking[0].1
                        );
                        live.push((zipper, Place { root, path: Vec::new(), kind }));
                    }
                    Err(conflict) => assert!(
                        blocking
                            .iter()
                            .any(|(_, at)| at.root == conflict.path() && at.kind == conflict.kind()),
                        "{root:?} {kind:?}: no living zipper explains {conflict:?}"
                    ),
                }
            }
            _ if live.is_empty() => {}
            5 => drop(live.swap_remove(chosen)),
            6 => {
                let (zipper, place) = live.swap_remove(chosen);
                match zipper {
                    Zipper::Reader(zipper) => live.push((Zipper::Reader(zipper), place)),
                    Zipper::Writer(zipper) if kind % 2 == 0 => {
                        head.cleanup_write_zipper(zipper);
                        let writers = live.iter().filter(|(_, other)| other.kind == ZipperKind::Writer);
                        let held: Vec<_> = writers.map(|(_, other)| other.root.as_slice()).collect();
                        model.prune_path_beside(&place.root, &held);
                    }
                    Zipper::Writer(zipper) => {
                        let place = Place { kind: ZipperKind::Reader, ..place };
                        live.push((Zipper::Reader(zipper.into_read_zipper()), place));
                    }
                }
            }
            7 => {
                if let (Zipper::Writer(zipper), place) = &mut live[chosen] {
                    nested_head(zipper, &place.root, &place.path, &mut model, keys, [x, y]);
                }
            }
            8..=10 => {
                let (zipper, place) = &mut live[chosen];
                let mut m = place.zipper(&mut model);
                let op = Move::decode(kind, x, keys, m.path());
                let expected = op.on_model(&mut m);
                let answer = match zipper {
                    Zipper::Reader(zipper) => op.on(zipper),
                    Zipper::Writer(zipper) => op.on(zipper),
                };
                assert_eq!(answer, expected, "{op:?}");
                place.path = m.path().to_vec();
            }
            14 | 15 => {
                if let (Zipper::Writer(zipper), place) = &mut live[chosen] {
                    let op = Algebra::decode(kind, [x, y], keys);
                    let locations = twins.iter().map(|twin| twin.model.locations().count()).sum::<usize>();
                    if !op.grows() || locations + model.locations().count() <= 200 {
                        op.run(zipper, &mut place.zipper(&mut model), &mut twins[..]);
                    }
                }
            }
            _ => {
                if let (Zipper::Writer(zipper), place) = &mut live[chosen] {
                    let mut m = place.zipper(&mut model);
                    let mut op = Write::decode(kind, [x, y], keys, m.path());
                    let locations = twins.iter().map(|twin| twin.model.locations().count()).sum::<usize>();
                    if op.grows() && locations + m.map().locations().count() > 200 {
                        op = Write::RemoveBranches { prune: true };
                    }
                    op.run(zipper, &mut m, &mut twins[..]);
                    place.path = m.path().to_vec();
                }
            }
        }
        // All zippers are compared, also those that this operation did not use.
        for (zipper, place) in &live {
            let m = place.zipper(&mut model);
            match zipper {
                Zipper::Reader(zipper) => {
                    same_focus(zipper, &m, &keys.pick(x));
                    same_content(&mut zipper.fork_read_zipper(), m.map(), &m.origin_path());
                }
                Zipper::Writer(zipper) => {
                    same_focus(zipper, &m, &keys.pick(x));
                    same_content(&mut zipper.fork_read_zipper(), m.map(), &m.origin_path());
                }
            }
        }
    }
    drop(live);
    drop(head);
    twins[0].check();
    twins[0] = Twin { real, model };
    twins.iter().for_each(Twin::check);
    rest
}

/// Two zippers of a nested head. If they do not exclude each other, both write.
fn nested_head(
    zipper: &mut WriteZipperTracked<'_, 'static, u64>,
    root: &[u8],
    path: &[u8],
    model: &mut NaiveMap<u64>,
    keys: &Keys,
    [x, y]: [u8; 2],
) {
    let (first, second) = (keys.pick(x), keys.pick(y));
    let head = zipper.zipper_head();
    let mut one = head.write_zipper_at_exclusive_path(&first).unwrap();
    let at = |below: &[u8]| [root, path, below].concat();
    assert_eq!(one.set_val(7), model.set(&at(&first), 7));
    match head.write_zipper_at_exclusive_path(&second) {
        Ok(mut two) => {
            assert!(!first.starts_with(&second) && !second.starts_with(&first), "{first:?} and {second:?}");
            assert_eq!(two.path(), b"");
            assert_eq!(two.set_val(8), model.set(&at(&second), 8));
        }
        Err(conflict) => {
            assert!(first.starts_with(&second) || second.starts_with(&first), "{first:?} and {second:?}");
            assert_eq!((conflict.path(), conflict.kind()), (first.as_slice(), ZipperKind::Writer));
        }
    }
    let below = model.subtrie_at(&at(&first)).unwrap();
    same_content(&mut one.fork_read_zipper(), &below, &[]);
}

proptest! {
    #![proptest_config(programs(1_500))]

    /// Heads with several zippers at a time, and conflicts.
    #[test]
    fn heads(limits in limits(), program in program(short_keys(), vec(any::<[u8; 4]>(), 0..=56))) {
        with_limits(limits, || {
            let keys = Keys::new(program.keys.clone());
            let mut twins: [Twin<u64>; SLOTS] = std::array::from_fn(|slot| twin(&keys, &program.entries[slot]));
            let mut ops = program.ops.as_slice();
            while !ops.is_empty() {
                ops = one_head(&mut twins, &keys, ops);
            }
            twins.iter().for_each(Twin::check_rebuilt);
        });
    }
}

fn twin(keys: &Keys, entries: &[(u8, u8)]) -> Twin<u64> {
    let mut twin = Twin::default();
    for &(key, value) in entries {
        let (path, value) = (keys.pick(key), u64::from(value % 3));
        assert_eq!(twin.real.insert(&path, value), twin.model.set(&path, value));
    }
    twin
}

proptest! {
    #![proptest_config(programs(1_500))]

    /// The methods of a map that users of std expect.
    #[test]
    fn std_manners(limits in limits(), program in program(keys(), vec(any::<[u8; 4]>(), 0..=40))) {
        with_limits(limits, || {
            let keys = Keys::new(program.keys.clone());
            let mut twins: [Twin<u64>; SLOTS] = std::array::from_fn(|slot| twin(&keys, &program.entries[slot]));
            for &[tag, kind, x, y] in &program.ops {
                let slot = usize::from(tag) % SLOTS;
                let other = (slot + 1 + usize::from(tag / 8) % (SLOTS - 1)) % SLOTS;
                std_op(&mut twins, [slot, other], kind, keys.pick(x), [keys.pick(y), vec![y]], u64::from(y % 3));
                twins.iter().for_each(Twin::check);
            }
            twins.iter().for_each(Twin::check_rebuilt);
        });
    }
}

fn owned<'a>(entries: impl Iterator<Item = (&'a [u8], &'a u64)>) -> Vec<(Vec<u8>, u64)> {
    entries.map(|(path, value)| (path.to_vec(), *value)).collect()
}

fn std_op(
    twins: &mut [Twin<u64>; SLOTS],
    [slot, other]: [usize; 2],
    kind: u8,
    path: Vec<u8>,
    [second, short]: [Vec<u8>; 2],
    value: u64,
) {
    let source = twins[other].clone();
    let Twin { real, model } = &mut twins[slot];
    match kind % 24 {
        0 => {
            let stored = real.entry(&path).or_insert(value);
            assert_eq!(*stored, *model.get_or_set_with(&path, || value));
        }
        1 => {
            let had = model.get(&path).is_some();
            let stored = *real.entry(&path).and_modify(|old| *old += 1).or_insert_with(|| value);
            let expected = model.get_or_set_with(&path, || value);
            *expected += u64::from(had);
            assert_eq!(stored, *expected);
        }
        2 => match real.entry(&path) {
            Entry::Occupied(entry) => assert_eq!(Some(entry.remove()), model.remove(&path, true)),
            Entry::Vacant(_) => assert_eq!(model.get(&path), None),
        },
        3 => {
            let (from, to) = if path <= second { (path, second) } else { (second, path) };
            for (from, to) in [
                (Bound::Included(from.clone()), Bound::Included(to.clone())),
                (Bound::Included(from.clone()), Bound::Excluded(to.clone())),
                (Bound::Excluded(from.clone()), Bound::Included([to.as_slice(), &short].concat())),
                (Bound::Unbounded, Bound::Excluded(to)),
                (Bound::Excluded(from), Bound::Unbounded),
            ] {
                let bounds = (from, to);
                let expected: Vec<_> = owned(model.iter().filter(|(path, _)| contains(&bounds, path)));
                let found: Vec<_> = real.range(bounds.clone()).map(|(path, value)| (path, *value)).collect();
                assert_eq!(found, expected, "range {bounds:?}");
                let mut back: Vec<_> =
                    real.range(bounds.clone()).rev().map(|(path, value)| (path, *value)).collect();
                back.reverse();
                assert_eq!(back, expected, "range {bounds:?} from the back");
                if value == 0 {
                    // Nodes that are shared are copied.
                    real.range_mut(bounds.clone()).for_each(|(path, stored)| *stored += path.len() as u64);
                    let within = expected.iter().map(|(path, _)| path);
                    within.for_each(|path| *model.get_mut(path).unwrap() += path.len() as u64);
                }
            }
        }
        4 => {
            let mut expected = owned(model.iter()).into_iter();
            let mut entries = real.iter();
            for turn in 0.. {
                assert_eq!(entries.clone().count(), expected.len(), "what is left");
                let (found, wanted) = match (usize::from(short[0]) >> (turn % 8)) & 1 {
                    0 => (entries.next(), expected.next()),
                    _ => (entries.next_back(), expected.next_back()),
                };
                assert_eq!(found.map(|(path, value)| (path, *value)), wanted, "iter from both ends");
                if expected.len() == 0 {
                    break;
                }
            }
            assert!(entries.next().is_none() && entries.next_back().is_none());
        }
        5 => {
            let keep = |path: &[u8], stored: &mut u64| {
                *stored += 1;
                *stored % 3 != value && path != second
            };
            match second.len() % 3 {
                0 => real.retain_mut(keep),
                1 => drop(real.extract_if::<[u8], _, _>(.., |path, stored| !keep(path, stored)).count()),
                // Compared through a shared borrow, and changed by another walk.
                _ => {
                    real.retain(|path, stored| keep(path, &mut stored.clone()));
                    let mut entries = real.iter_mut();
                    while let Some((_, stored)) = entries.lend_next_back() {
                        *stored += 1;
                    }
                }
            }
            model.retain(keep);
        }
        6 if value == 1 => {
            let after = real.split_off(&path);
            let [mut before, mut expected] = [NaiveMap::new(), NaiveMap::new()];
            for tip in model.dangling_tips() {
                if tip < &path[..] {
                    before.create_path(tip)
                } else {
                    expected.create_path(tip)
                };
            }
            for (at, stored) in model.iter() {
                if at < &path[..] {
                    before.set(at, *stored)
                } else {
                    expected.set(at, *stored)
                };
            }
            *model = before;
            let after = Twin { real: after, model: expected };
            after.check();
            twins[other] = after;
        }
        6 => {
            // As in std, the paths are kept whole. The path to the prefix is pruned here.
            let taken = real.split_off_prefix(&path);
            let mut expected = NaiveMap::new();
            if let Some(subtrie) = model.subtrie_at(&path) {
                expected.replace_at(&path, subtrie);
            }
            model.remove(&path, false);
            model.remove_branches_at(&path, true);
            let taken = Twin { real: taken, model: expected };
            taken.check();
            twins[other] = taken;
        }
        7 => {
            let Twin { real: mut from, .. } = source.clone();
            real.append(&mut from);
            Twin { real: from, model: NaiveMap::new() }.check();
            for (path, value) in source.model.locations() {
                model.create_path(path);
                if let Some(value) = value {
                    model.set(path, *value);
                }
            }
        }
        8 => {
            let first = owned(model.iter().take(1)).pop();
            if let Some((path, _)) = &first {
                model.remove(path, true);
            }
            assert_eq!(real.pop_first(), first);
        }
        9 => {
            let entry = |(path, value): (Vec<u8>, &u64)| (path, *value);
            assert_eq!(real.first_key_value().map(entry), owned(model.iter().take(1)).pop());
            assert_eq!(real.last_key_value().map(entry), owned(model.iter().rev().take(1)).pop());
        }
        10 => {
            real.extend(owned(source.model.iter()));
            for (path, value) in source.model.iter() {
                model.set(path, *value);
            }
        }
        11 => {
            let entries = owned(model.iter());
            let sorted = PathMap::from_sorted_iter(entries.iter().map(|(path, value)| (path, *value)));
            let collected: PathMap<u64> = entries.iter().rev().map(|(path, value)| (path, *value)).collect();
            assert!(sorted == collected);
            *real = sorted;
            *model = entries.into_iter().collect();
        }
        12 => {
            real.clear();
            *model = NaiveMap::new();
        }
        13 => {
            let (paths, values): (Vec<_>, Vec<_>) = owned(model.iter()).into_iter().unzip();
            assert_eq!(real.len(), paths.len());
            assert!(real.keys().eq(paths), "keys");
            assert!(real.values().copied().eq(values), "values");
            assert_eq!(
                (&*real).into_iter().map(|(path, value)| (path, *value)).collect::<Vec<_>>(),
                owned(model.iter())
            );
            assert_eq!(real.clone().into_iter().collect::<Vec<_>>(), owned(model.iter()));
        }
        14 => {
            for (path, stored) in real.iter_mut() {
                *stored = value + path.len() as u64;
            }
            model.retain(|path, stored| {
                *stored = value + path.len() as u64;
                true
            });
        }
        15 => {
            if let Some(stored) = model.get(&path) {
                assert_eq!(&real[&path], stored);
            }
            assert_eq!(real.get_mut(&path), model.get_mut(&path));
        }
        16 => {
            let (left, right) = (&*real, &source.real);
            let equal = *model == source.model;
            assert_eq!(left == right, equal, "equal iff the models are");
            assert_eq!(Ord::cmp(left, right).is_eq(), equal);
            assert_eq!(Ord::cmp(left, right), Ord::cmp(right, left).reverse());
            assert!(!equal || hash_of(left) == hash_of(right), "equal maps have equal hashes");
            let all: BTreeSet<PathMap<u64>> = twins.iter().map(|twin| twin.real.clone()).collect();
            assert!(twins.iter().all(|twin| all.contains(&twin.real)), "the order is total");
        }
        17 => assert_eq!(real.create_path(&path), model.create_path(&path)),
        18 => (*real, *model) = (source.real, source.model),
        19 => {
            let taken = Twin { real: real.split_off(&path), model: model.split_off(&path) };
            taken.check();
            twins[other] = taken;
        }
        20 => {
            let (first, last) = (owned(model.iter()).first().cloned(), owned(model.iter()).last().cloned());
            assert_eq!(real.first_entry().map(|entry| (entry.key().to_vec(), *entry.get())), first);
            assert_eq!(real.last_entry().map(|entry| (entry.key().to_vec(), *entry.get())), last);
            let removed = match short[0] % 2 {
                0 => real.first_entry().map(OccupiedEntry::remove_entry),
                _ => real.last_entry().map(OccupiedEntry::remove_entry),
            };
            if let Some((path, value)) = removed {
                assert_eq!(model.remove(&path, true), Some(value));
            }
        }
        21 => {
            let expected = model.get(&path).map(|value| (path.clone(), *value));
            assert_eq!(real.get_key_value(&path).map(|(path, value)| (path, *value)), expected);
            assert_eq!(real.remove_entry(&path), expected);
            model.remove(&path, true);
        }
        22 => {
            let entry = real.entry(&path).insert_entry(value);
            assert_eq!((entry.key(), entry.get()), (&path[..], &value));
            model.set(&path, value);
            if let Entry::Vacant(entry) = real.entry(&second) {
                *entry.insert_entry(value).get_mut() += 1;
                model.set(&second, value + 1);
            }
        }
        _ => assert_eq!(real.insert(&path, value), model.set(&path, value)),
    }
}

fn contains((from, to): &(Bound<Vec<u8>>, Bound<Vec<u8>>), path: &[u8]) -> bool {
    let after = match from {
        Bound::Included(from) => path >= from.as_slice(),
        Bound::Excluded(from) => path > from.as_slice(),
        Bound::Unbounded => true,
    };
    let before = match to {
        Bound::Included(to) => path <= to.as_slice(),
        Bound::Excluded(to) => path < to.as_slice(),
        Bound::Unbounded => true,
    };
    after && before
}
