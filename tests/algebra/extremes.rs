//! Algebra on extreme inputs: tries of a million bytes depth on a small stack, tries with
//! exponentially many paths, and values whose operations panic.

use std::collections::{BTreeMap, BTreeSet};

use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::values::{Event, Fragile, Fuse};
use bytetrie::zipper::*;
use bytetrie::{
    AlgebraicResult, AlgebraicStatus, COUNTER_IDENT, DistributiveLattice, Lattice, PathMap, SELF_IDENT, diff,
};

use crate::keys::keys;
use crate::stack::on_stack;

// Exponentially many paths.

/// Creates a trie of `4^levels` paths over `letters`. Each level is one node, which four edges
/// lead to.
fn tower(letters: &[u8; 4], levels: usize, value: u64) -> PathMap<u64> {
    let mut map = PathMap::single([], value);
    for _ in 0..levels {
        let mut above = PathMap::new();
        for &byte in letters {
            above.write_zipper_at_path([byte, b'-']).graft_map(map.clone());
        }
        map = above;
    }
    map
}

/// Two maps of 4^30 paths each that share no nodes: an operation visits pairs of nodes, not paths.
#[test]
fn strangers_that_share_their_own_nodes_beyond_number() {
    let (a, b) = (tower(b"abcd", 30, 1), tower(b"bcde", 30, 2));
    let (four, three) = (4usize.pow(30), 3usize.pow(30));
    let same = tower(b"abcd", 30, 1);
    assert!(a == same && a != b && a.is_subset(&same) && !a.is_disjoint(&same) && !a.is_disjoint(&b));
    let joined = a.join(&b);
    assert_eq!(joined.val_count(), 2 * four - three);
    assert_eq!(a.meet(&b).val_count(), three);
    assert_eq!(a.subtract(&b).val_count(), four, "no two values are equal");
    assert!(a.subtract(&same).is_empty());
    assert_eq!(a.symmetric_difference(&b).val_count(), 2 * (four - three));
    assert_eq!(a.restrict(&tower(b"bcde", 20, 0)).val_count(), 3usize.pow(20) * 4usize.pow(10));
    assert!(a.join(&same) == a && a.meet(&same) == a);
    assert_eq!(PathMap::join_all([&a, &b, &same]).val_count(), 2 * four - three);
    let mut collapsed = a.clone();
    assert!(collapsed.write_zipper().join_k_path_into(40, false));
    assert!(collapsed == tower(b"abcd", 10, 1));
    for map in [&joined, &collapsed] {
        map.check().unwrap();
    }
}

/// Two tries of equal 2^60 paths, whose nodes divide the paths at different bytes, so that one
/// side is always within a node.
#[test]
fn strangers_whose_nodes_are_not_aligned_beyond_number() {
    let levels = |mut map: PathMap<u64>, count: usize, len: usize| {
        for _ in 0..count {
            let mut above = PathMap::new();
            for bits in 0..1u8 << len {
                let path: Vec<u8> = (0..len).map(|at| bits >> at & 1).collect();
                above.write_zipper_at_path(&path).graft_map(map.clone());
            }
            map = above;
        }
        map
    };
    let leaf = || PathMap::single([], 1);
    let a = levels(levels(leaf(), 29, 2), 2, 1);
    let b = levels(levels(levels(leaf(), 1, 1), 29, 2), 1, 1);
    assert!(a == b && a.is_subset(&b) && !a.is_disjoint(&b));
    assert_eq!(a.join(&b).val_count(), 1 << 60);
    assert!(a.meet(&b) == a && a.subtract(&b).is_empty() && a.symmetric_difference(&b).is_empty());
    assert!(a.restrict(&b) == a);
    assert_eq!(a.diff(&b).next(), None);
    let third = levels(levels(levels(leaf(), 1, 1), 28, 2), 3, 1);
    assert!(PathMap::join_all([&a, &b, &third]) == a);
}

/// A common prefix is one step, regardless of its length and of the number of maps.
#[test]
fn many_maps_below_one_long_prefix() {
    let prefix = vec![b'p'; 200_000];
    let maps: Vec<PathMap<u64>> =
        (0..80u8).map(|i| PathMap::from([([&prefix[..], &[i % 40]].concat(), u64::from(i))])).collect();
    let joined = PathMap::join_all(&maps);
    joined.check().unwrap();
    assert!(joined == maps.iter().fold(PathMap::new(), |joined, map| joined.join(map)));
    assert_eq!(joined.val_count(), 40);
}

/// Nodes of plain values. Each byte has a value in some of the maps.
#[test]
fn many_dense_maps() {
    for (maps, step) in [(3u64, 1), (5, 2), (70, 3), (200, 7)] {
        let dense = |i: u64| -> PathMap<u64> {
            let mut map: PathMap<u64> = (0..=255u8)
                .filter(|byte| (u64::from(*byte) + i).is_multiple_of(step))
                .map(|byte| ([byte], i))
                .collect();
            if i % 3 == 1 {
                map.insert([], i);
            }
            map
        };
        let all: Vec<_> = (0..maps).map(dense).collect();
        let fold = all.iter().fold(PathMap::new(), |joined, map| joined.join(map));
        let joined = PathMap::join_all(&all);
        joined.check().unwrap();
        assert!(joined == fold, "{maps} maps");
        assert_eq!(joined.val_count(), 257);
        // The maps again, each below one byte, collapsed by `join_k_path_into`.
        let mut map = PathMap::new();
        for (i, part) in all.iter().enumerate() {
            map.write_zipper_at_path([i as u8]).graft(&part.read_zipper());
        }
        assert!(map.write_zipper().join_k_path_into(1, false));
        assert!(map == fold, "{maps} branches");
    }
}

/// Each level has a value of one side only. An insertion in place would start from the top for
/// each value.
#[test]
fn a_comb_joined_into_a_comb() {
    let comb = |tooth: u8, depth: usize| -> PathMap<u64> {
        let mut path = Vec::new();
        let teeth: Vec<_> = (0..depth)
            .map(|_| {
                path.push(b'm');
                ([&path[..], &[tooth]].concat(), 1)
            })
            .collect();
        teeth.into_iter().collect()
    };
    let depth = 4_000;
    let (mut a, b) = (comb(b'a', depth), comb(b'z', depth));
    let joined = a.join(&b);
    assert_eq!(a.join_into(b), AlgebraicStatus::Element);
    assert!(a == joined && a.val_count() == 2 * depth);
}

/// A type whose equal values annihilate each other. It is not a lattice, but a user may have such
/// a type.
#[derive(Clone, Debug, PartialEq)]
struct Xor(u8);

impl Lattice for Xor {
    const IDEMPOTENT: bool = false;

    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        match self.0 ^ other.0 {
            0 => AlgebraicResult::None,
            bits => AlgebraicResult::Element(Xor(bits)),
        }
    }

    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::None
    }
}

#[test]
fn values_that_annihilate_each_other_do_so_by_every_route() {
    let map = |entries: &[(&str, u8)]| -> PathMap<Xor> {
        entries.iter().map(|&(path, value)| (path, Xor(value))).collect()
    };
    let (a, c, own) = (map(&[("a", 1)]), map(&[("a", 3)]), map(&[("", 1)]));
    for maps in [
        vec![&a, &a],
        vec![&a, &a, &c],
        vec![&a, &a, &a, &c],
        vec![&own, &own, &a],
        vec![&own, &own, &own, &own],
    ] {
        let fold = maps.iter().fold(PathMap::new(), |joined, map| joined.join(map));
        assert_eq!(PathMap::join_all(maps), fold);
    }
    let mut map = map(&[("aq", 1), ("bq", 1), ("cr", 1), ("dr", 1), ("er", 3)]);
    assert!(map.write_zipper().join_k_path_into(1, false));
    assert_eq!(map, PathMap::from([("r", Xor(3))]));
}

// Deep tries.

/// The length of a path whose prefixes all have a value. Without optimization, a level takes tens
/// of microseconds.
const DEEP: usize = if cfg!(debug_assertions) { 60_000 } else { 1_000_000 };

/// Runs on half the stack of other deep tests, with the smallest nodes.
fn on_small_stack(work: impl FnOnce() + Send) {
    on_stack(64, || with_limits(Limits::TINY, work));
}

fn deep_path() -> Vec<u8> {
    (0..DEEP).map(|depth| (depth % 7) as u8).collect()
}

/// Creates a map with a value at each prefix: its length plus `add`.
fn deep_map(add: u64) -> PathMap<u64> {
    let mut map = PathMap::new();
    let mut writer = map.write_zipper();
    for (byte, depth) in deep_path().into_iter().zip(1u64..) {
        writer.descend_to_byte(byte);
        writer.set_val(depth + add);
    }
    drop(writer);
    map
}

fn same_deep(map: &PathMap<u64>, add: u64) {
    let mut reader = map.read_zipper();
    for depth in 1..=DEEP as u64 {
        assert_eq!(reader.to_next_get_val(), Some(&(depth + add)));
    }
    assert!(!reader.to_next_val());
}

#[test]
fn strangers_a_million_bytes_deep() {
    on_small_stack(|| {
        let (a, b) = (deep_map(0), deep_map(1));
        for left in [a.join(&b), a.meet(&b), a.subtract(&b), a.restrict(&b)] {
            same_deep(&left, 0);
        }
        assert_eq!(a.symmetric_difference(&b), PathMap::new());
        assert!(a.is_subset(&b) && !a.is_disjoint(&b) && a != b);
        let mut changes = diff(&a, &b);
        let mut count = 0;
        while changes.next().is_some() {
            count += 1;
        }
        assert_eq!(count, DEEP);
        drop(changes);
        let equal = deep_map(0);
        assert!(a == equal && a.clone() == equal && diff(&a, &equal).next().is_none());
        assert_eq!(a.subtract(&equal), PathMap::new());
        assert_eq!(a.pjoin(&equal), AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT));
        let mut target = equal.clone();
        assert_eq!(target.join_into(b.clone()), AlgebraicStatus::Identity);
        assert_eq!(target.write_zipper().subtract_into(&a.read_zipper(), true), AlgebraicStatus::None);
        assert_eq!(target.heap_size(), 0);
        same_deep(&PathMap::join_all([&a, &b, &equal]), 0);
    });
}

#[test]
fn edited_clones_a_million_bytes_deep() {
    on_small_stack(|| {
        let path = deep_path();
        let a = deep_map(0);
        let mut b = a.clone();
        b.insert([&path[..], b"!"].concat(), 7);
        b.remove(&path[..DEEP / 2]);
        assert_eq!(a.join(&b).val_count(), DEEP + 1);
        assert_eq!(a.meet(&b).val_count(), DEEP - 1);
        assert_eq!(a.subtract(&b).val_count(), 1);
        assert_eq!(b.subtract(&a).val_count(), 1);
        assert_eq!(a.symmetric_difference(&b).val_count(), 2);
        assert_eq!(b.restrict(&PathMap::single(&path[..DEEP / 2 + 1], 1)).val_count(), DEEP / 2 + 1);
        let mut changes = diff(&a, &b);
        assert!(changes.next().is_some() && changes.next().is_some() && changes.next().is_none());
        drop(changes);
        let mut target = a.clone();
        let mut writer = target.write_zipper();
        writer.descend_to(&path[..DEEP / 3]);
        let other = b.read_zipper_at_path(&path[..DEEP / 3]);
        assert_eq!(writer.join_into(&other), AlgebraicStatus::Element);
        assert_eq!(writer.meet_into(&other, true), AlgebraicStatus::Element);
        assert_eq!(writer.restrict(&other), AlgebraicStatus::Identity);
        assert_eq!(writer.subtract_into(&other, true), AlgebraicStatus::None);
        assert_eq!(
            writer.join_into_take(&mut b.write_zipper_at_path(&path[..DEEP / 3]), true),
            AlgebraicStatus::Element
        );
        drop(writer);
        assert_eq!((target.val_count(), b.val_count()), (DEEP, DEEP / 3 - 1));
    });
}

/// The joined subtries are as deep as the trie.
#[test]
fn k_path_collapses_a_million_bytes_deep() {
    on_small_stack(|| {
        let mut map = deep_map(0);
        map.write_zipper_at_path(b"other").graft_map(deep_map(1));
        let mut joined = map.clone();
        assert!(joined.write_zipper().join_k_path_into(5, false));
        assert!(joined.val_count() > DEEP);
        let mut met = map.clone();
        met.write_zipper().meet_k_path_into(1, false);
        assert!(met.is_empty());
        // Only the value at the end of the longer path remains at this depth.
        assert!(!map.write_zipper().join_k_path_into(DEEP + 5, false));
        assert_eq!(map, PathMap::single("", DEEP as u64 + 1));
    });
}

// Values that panic.

/// A value whose operations panic when its fuse burns down, and otherwise give every kind of
/// result.
#[derive(Clone, Debug, PartialEq)]
struct Brittle(Fragile);

impl Brittle {
    fn choose(&self, other: &Self) -> AlgebraicResult<Self> {
        self.0.call();
        match (self.0.number(), other.0.number()) {
            (a, b) if a == b => AlgebraicResult::Identity(SELF_IDENT | COUNTER_IDENT),
            (a, _) if a % 3 == 0 => AlgebraicResult::Identity(SELF_IDENT),
            (a, _) if a % 3 == 1 => AlgebraicResult::Identity(COUNTER_IDENT),
            _ => AlgebraicResult::Element(other.clone()),
        }
    }
}

impl Lattice for Brittle {
    fn pjoin(&self, other: &Self) -> AlgebraicResult<Self> {
        self.choose(other)
    }

    fn pmeet(&self, other: &Self) -> AlgebraicResult<Self> {
        match self.choose(other) {
            AlgebraicResult::Element(_) => AlgebraicResult::None,
            result => result,
        }
    }
}

impl DistributiveLattice for Brittle {
    fn psubtract(&self, other: &Self) -> AlgebraicResult<Self> {
        match self.choose(other) {
            AlgebraicResult::Identity(COUNTER_IDENT) => AlgebraicResult::Element(other.clone()),
            AlgebraicResult::Identity(SELF_IDENT) => AlgebraicResult::Identity(SELF_IDENT),
            AlgebraicResult::Identity(_) => AlgebraicResult::None,
            result => result,
        }
    }
}

type Verb = (&'static str, fn(&mut PathMap<Brittle>, &mut PathMap<Brittle>));

/// The operations on a target and another map. None may leave either map in a partial state.
const VERBS: [Verb; 24] = [
    ("join", |a, b| drop(a.join(b))),
    ("meet", |a, b| drop(a.meet(b))),
    ("subtract", |a, b| drop(a.subtract(b))),
    ("restrict", |a, b| drop(a.restrict(b))),
    ("symmetric_difference", |a, b| drop(a.symmetric_difference(b))),
    ("join_all", |a, b| drop(PathMap::join_all([&*a, b, a, b]))),
    ("join_with", |a, b| drop(a.join_with(b, Brittle::pjoin))),
    ("subtract_with", |a, b| drop(a.subtract_with(b, Brittle::psubtract))),
    ("join_into", |a, b| _ = a.join_into(b.clone())),
    ("meet_into", |a, b| _ = a.meet_into(b)),
    ("subtract_into", |a, b| _ = a.subtract_into(b)),
    ("restrict_into", |a, b| _ = a.restrict_into(b)),
    ("join_into by zipper", |a, b| _ = a.write_zipper_at_path(b"w").join_into(&b.read_zipper_at_path("w"))),
    ("join_into at another place", |a, b| {
        let source = b.read_zipper_at_path("common/prefix/0/deep");
        a.write_zipper_at_path(b"common/pre").join_into(&source);
    }),
    ("join_map_into", |a, b| _ = a.write_zipper_at_path(b"ab").join_map_into(b.clone())),
    ("join_into_take", |a, b| {
        a.write_zipper_at_path(b"w").join_into_take(&mut b.write_zipper_at_path(b"w"), true);
    }),
    ("meet_into by zipper", |a, b| _ = a.write_zipper().meet_into(&b.read_zipper(), true)),
    ("meet_into inside", |a, b| {
        a.write_zipper_at_path(b"common/p").meet_into(&b.read_zipper_at_path("common/p"), true);
    }),
    ("meet_2", |a, b| {
        let copy = a.clone();
        a.write_zipper_at_path(b"ab").meet_2(&b.read_zipper(), &copy.read_zipper());
    }),
    ("subtract_into by zipper", |a, b| {
        a.write_zipper_at_path(b"w").subtract_into(&b.read_zipper_at_path("w"), true);
    }),
    ("restrict by zipper", |a, b| _ = a.write_zipper().restrict(&b.read_zipper())),
    ("restricting", |a, b| _ = a.write_zipper().restricting(&b.read_zipper())),
    ("join_k_path_into", |a, _| _ = a.write_zipper().join_k_path_into(1, true)),
    ("meet_k_path_into", |a, _| _ = a.write_zipper_at_path(b"w").meet_k_path_into(1, true)),
];

fn numbers(map: &PathMap<Brittle>) -> BTreeMap<Vec<u8>, u8> {
    map.iter().map(|(path, value)| (path, value.0.number())).collect()
}

/// Runs an operation repeatedly, with a panic at each event in turn. Returns `Err` with a
/// description of a wrong state.
fn break_everywhere((name, run): Verb, event: Event, shared: bool) -> Result<(), String> {
    let build = |fuse: &Fuse, shift: u8| -> PathMap<Brittle> {
        let numbered = keys().into_iter().zip(0u8..).filter(|(_, i)| shift == 0 || i % 11 != 5);
        numbered.map(|(key, i)| (key, Brittle(fuse.fragile((i + shift * (i % 3)) % 9)))).collect()
    };
    let mut done = None;
    for spare in -1i32..10_000 {
        let ensure = |right: bool, what: &str| match right {
            true => Ok(()),
            false => Err(format!("{name}, at {event:?} {spare}: {what}")),
        };
        let fuse = Fuse::new();
        let mut map = build(&fuse, 0);
        let mut other = if shared { map.clone() } else { build(&fuse, 1) };
        if shared {
            other.insert("common/prefix/0/deeper/1/end", Brittle(fuse.fragile(4)));
            other.insert([b'w', 12], Brittle(fuse.fragile(5)));
            other.remove("abc");
        }
        let old = [numbers(&map), numbers(&other)];
        if spare >= 0 {
            fuse.arm(&[event], spare as usize);
        }
        let outcome = fuse.catch(|| run(&mut map, &mut other));
        ensure(map.check().is_ok(), "the target is malformed")?;
        ensure(other.check().is_ok(), "the other is malformed")?;
        let new = [numbers(&map), numbers(&other)];
        if spare < 0 {
            ensure(outcome.is_ok(), "it breaks by itself")?;
        }
        let done = done.get_or_insert_with(|| new.clone());
        for (side, place) in ["target", "other"].into_iter().enumerate() {
            let whole = new[side] == old[side] || new[side] == done[side];
            ensure(whole, &format!("the {place} is neither as it was nor done: {:?}", new[side]))?;
        }
        // A value that is moved from one map to the other is never lost.
        ensure(new[1] == old[1] || new[0] == done[0], "the other lost what the target has not got")?;
        // The maps can be used after the panic, and are dropped completely.
        map.insert("abcd", Brittle(fuse.fragile(1)));
        map.remove([b'w', 24]);
        ensure(map.check().is_ok(), "the target is malformed later")?;
        drop((map, other));
        let live = fuse.census().live();
        let leaks = event == Event::Drop && outcome.is_err();
        ensure(live == 0 || leaks && live > 0, &format!("{live} values live"))?;
        if spare >= 0 && outcome.is_ok() {
            return Ok(());
        }
    }
    Err(format!("{name}: no end of events"))
}

#[track_caller]
fn survive(event: Event) {
    let mut failures = BTreeSet::new();
    for (limits, shared) in
        [Limits::DEFAULT, Limits::TINY].into_iter().flat_map(|limits| [(limits, false), (limits, true)])
    {
        let broken =
            || VERBS.iter().filter_map(|&verb| break_everywhere(verb, event, shared).err()).collect();
        failures.extend::<Vec<_>>(with_limits(limits, broken));
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_verb_survives_every_operation_that_panics() {
    survive(Event::Call);
}

#[test]
fn every_verb_survives_every_clone_that_panics() {
    survive(Event::Clone);
}

#[test]
fn every_verb_survives_every_drop_that_panics() {
    survive(Event::Drop);
}

/// Copying a node clones its values. A result that equals an operand shares its nodes, so nothing
/// is cloned.
#[test]
fn a_result_that_equals_an_operand_clones_nothing() {
    for limits in [Limits::DEFAULT, Limits::TINY] {
        with_limits(limits, || {
            let fuse = Fuse::new();
            let build = || -> PathMap<Brittle> {
                let numbered = keys().into_iter().zip((0u8..9).cycle());
                numbered.map(|(key, number)| (key, Brittle(fuse.fragile(number)))).collect()
            };
            let (a, stranger, none) = (build(), build(), PathMap::new());
            let mut grown = a.clone();
            grown.insert("common/prefix/0/deeper/9", Brittle(fuse.fragile(1)));
            let before = fuse.census().clones();
            for (left, right) in [(&a, &stranger), (&a, &none), (&a, &grown), (&grown, &a), (&a, &a)] {
                let mut results = vec![left.join(right), right.join(left)];
                results.extend([left.subtract(&none), PathMap::join_all([left, right])]);
                results.extend((!right.is_empty()).then(|| left.meet(&stranger)));
                let mut target = left.clone();
                target.write_zipper().join_into(&right.read_zipper());
                results.push(target);
            }
            assert_eq!(fuse.census().clones(), before);
        });
    }
}

/// The events above occur: a fuse that no operation burns would test nothing.
#[test]
fn an_operation_is_asked_once_for_each_pair_of_values() {
    let fuse = Fuse::new();
    let map = |numbers: [u8; 3]| -> PathMap<Brittle> {
        let values = numbers.map(|number| Brittle(fuse.fragile(number)));
        ["a", "b", "bc"].into_iter().zip(values).collect()
    };
    let (a, mut b) = (map([1, 2, 3]), map([2, 2, 4]));
    b.remove("bc");
    b.insert("d", Brittle(fuse.fragile(1)));
    type Make = fn(&PathMap<Brittle>, &PathMap<Brittle>) -> PathMap<Brittle>;
    for make in [PathMap::join as Make, PathMap::meet, PathMap::subtract] {
        for spare in 0..4 {
            fuse.arm(&[Event::Call], spare);
            assert_eq!(fuse.catch(|| drop(make(&a, &b))).is_err(), spare < 2);
        }
    }
}
