//! Random programs whose content is compared only at their end. A query in between would clear the
//! cached state of a writer, and so disable its fast paths. The programs are made to reach these:
//! one writer that stays open, neighboring keys, dangling tips that later keys extend, suffixes
//! that fill a list by their bytes, and suffixes too long for an entry. Others combine
//! maps with one value and maps with many.

use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::ops::{Checks, Program, SLOTS};
use bytetrie::testing::reached::Mark;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

fn cases(default: u32) -> ProptestConfig {
    let cases =
        std::env::var("BYTETRIE_PROGRAMS").ok().map(|n| n.parse().expect("BYTETRIE_PROGRAMS is a number"));
    ProptestConfig { cases: cases.unwrap_or(default), failure_persistence: None, ..ProptestConfig::default() }
}

/// Generates limits between the smallest number of entries at which bytes matter and the default.
fn limits() -> impl Strategy<Value = Limits> {
    prop_oneof![
        4 => (6..=32usize, 40..=200usize).prop_map(|(entries, bytes)| Limits { entries, bytes }),
        1 => Just(Limits::TINY),
        1 => Just(Limits::DEFAULT),
    ]
}

/// Generates paths, many of which extend others: by a few bytes, by many, and sometimes by more
/// than an entry holds.
fn keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let byte = || prop_oneof![3 => prop::sample::select(vec![b'a', b'b']), 1 => any::<u8>()];
    let more = (
        byte(),
        prop_oneof![100 => 0..12usize, 40 => 12..60usize, 1 => Just(2_000usize), 1 => 1_995..2_005usize],
    );
    let part = more.prop_map(|(byte, len)| vec![byte; len]);
    vec((vec(part, 0..=3), vec(byte(), 0..=2), 0..4usize), 3..=14).prop_map(|parts| {
        let mut keys: Vec<Vec<u8>> = Vec::new();
        for (parts, last, from) in parts {
            // Three of four paths extend an earlier one.
            let before = if from > 0 { keys.get(keys.len() / (from + 1)).cloned() } else { None };
            let mut key = before.unwrap_or_default();
            parts.iter().for_each(|part| key.extend_from_slice(part));
            key.extend_from_slice(&last);
            key.truncate(2_100);
            keys.push(key);
        }
        keys
    })
}

/// Generates short paths whose first bytes spread over all 256, with tails and with tips that
/// others extend, so that wide nodes are created and removed.
fn wide_keys() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let tail = vec(prop::sample::select(vec![b'a', b'b']), 0..=3);
    vec((any::<u8>(), tail), 8..=30).prop_map(|keys| {
        let key = |(byte, tail): (u8, Vec<u8>)| [&[byte][..], &tail].concat();
        keys.into_iter()
            .flat_map(|(byte, tail)| {
                let longer = [&tail[..], b"b"].concat();
                [key((byte, tail)), key((byte, longer))]
            })
            .take(32)
            .collect()
    })
}

/// Generates a call of a writer that stays open: mostly insertions and removals, sometimes any
/// call.
fn op() -> impl Strategy<Value = [u8; 4]> {
    let write = |kind: u8| any::<[u8; 2]>().prop_map(move |[x, y]| [8, kind, x, y]);
    prop_oneof![
        6 => any::<u8>().prop_map(|x| [2, 0, x, 0]),                // reset
        8 => any::<u8>().prop_map(|x| [2, 2, x & 31, 0]),           // descend_to
        8 => write(0),                                              // set_val
        4 => write(5),                                              // create_path
        3 => write(4),                                              // remove_val
        1 => write(6),                                              // prune_path
        3 => any::<[u8; 4]>().prop_map(|[tag, kind, x, y]| [2 + tag % 14, kind, x, y]),
        1 => any::<[u8; 4]>(),
    ]
}

fn program() -> impl Strategy<Value = Program> {
    let entries = vec(vec((0..64u8, any::<u8>()), 0..=12), SLOTS);
    let keys = prop_oneof![3 => keys(), 1 => wide_keys()];
    (keys, entries, vec(op(), 0..=90), 0..9u8).prop_map(|(keys, entries, mut ops, door)| {
        ops.insert(0, [1, door, 0, 0]);
        Program { keys, entries, ops, checks: Checks::AtTheEnd }
    })
}

/// Generates algebra of maps, which start with a single value or with many.
fn algebra_of_lone_values() -> impl Strategy<Value = Program> {
    let entry = || (0..64u8, any::<u8>());
    let entries = vec(prop_oneof![vec(entry(), 1), vec(entry(), 20..=60)], SLOTS);
    let op = (24..40u8, any::<[u8; 2]>()).prop_map(|(kind, [x, y])| [0, kind, x, y]);
    (wide_keys(), entries, vec(op, 1..=12)).prop_map(|(keys, entries, ops)| Program {
        keys,
        entries,
        ops,
        checks: Checks::AtTheEnd,
    })
}

proptest! {
    #![proptest_config(cases(1_500))]

    #[test]
    fn writers_that_nobody_looks_at(limits in limits(), program in program(), strings in any::<bool>()) {
        with_limits(limits, || if strings { program.run::<String>() } else { program.run::<u64>() });
    }

    #[test]
    fn maps_of_one_value(limits in limits(), program in algebra_of_lone_values(), strings in any::<bool>()) {
        with_limits(limits, || if strings { program.run::<String>() } else { program.run::<u64>() });
    }
}

/// The programs reach every marked code path, except those that require a panic or a re-entrant
/// value, which `tests/values/panics.rs` reaches, those that require a wide node of values at
/// neighbouring bytes, which `tests/zippers/wide_runs.rs` reaches, the checks of readers that
/// pass edges or end at runs, which `tests/zippers/trails.rs` reaches, and products, which
/// `tests/virtual_zippers` walks.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "marks are counted in builds with debug assertions")]
fn the_programs_reach_every_marked_path() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut run = |count: u32, programs: BoxedStrategy<Program>| {
        for _ in 0..count {
            let (limits, program) = (limits(), &programs).new_tree(&mut runner).unwrap().current();
            with_limits(limits, || program.run::<u64>());
        }
    };
    run(2_000, program().boxed());
    run(200, algebra_of_lone_values().boxed());
    let elsewhere = [
        Mark::NodeBinned,
        Mark::DroppedAfterPanic,
        Mark::IteratedToByte,
        Mark::SteppedToByte,
        Mark::WentWithin,
        Mark::PassedEdge,
        Mark::SteppedAboveSeam,
    ];
    let missed: Vec<_> =
        Mark::ALL.into_iter().filter(|mark| mark.count() < 3 && !elsewhere.contains(mark)).collect();
    let counts: Vec<_> = Mark::ALL.into_iter().map(|mark| (mark, mark.count())).collect();
    assert!(missed.is_empty(), "not reached: {missed:?}, of {counts:?}");
}
