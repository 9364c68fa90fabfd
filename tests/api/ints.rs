//! Integers as paths, compared with inserting them one by one.

use std::collections::HashSet;

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::utils::ints::*;
use bytetrie::zipper::*;
use proptest::prelude::*;

/// The definition: inserts each number by itself.
fn one_by_one<const N: usize, R: PathInteger<N>>(
    start: R,
    stop: R,
    next: impl Fn(R) -> Option<R>,
    bytes: impl Fn(R) -> [u8; N],
) -> PathMap<u8> {
    std::iter::successors(Some(start), |&at| next(at))
        .take_while(|&at| at < stop)
        .map(|at| (bytes(at), 7))
        .collect()
}

#[track_caller]
fn agrees(start: u32, stop: u32, step: u32) {
    let map = gen_int_range::<u8, 4, u32>(start, stop, step, 7);
    map.check().unwrap();
    assert!(
        map == one_by_one(start, stop, |at| at.checked_add(step), u32::to_be_bytes),
        "{start}..{stop} by {step}"
    );
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn ranges_of_any_step(start in any::<u32>(), width in 0..20_000u32, step in 1..2_000u32, tiny in any::<bool>()) {
        let limits = if tiny { Limits::TINY } else { Limits::DEFAULT };
        with_limits(limits, || agrees(start, start.saturating_add(width), step));
    }

    #[test]
    fn wide_ranges_of_large_steps(start in any::<u32>(), stop in any::<u32>(), step in 20_000_000..u32::MAX) {
        agrees(start, stop, step);
    }

    #[test]
    fn ranges_of_small_integers(start: u8, stop: u8, step in 1..=u8::MAX) {
        let map = gen_int_range::<u8, 1, u8>(start, stop, step, 7);
        prop_assert!(map == one_by_one(start, stop, |at| at.checked_add(step), u8::to_be_bytes));
    }

    #[test]
    fn ranges_near_the_end_of_the_largest(back in 0..5_000u128, width in 0..5_000u128, step in 1..700u128) {
        let start = u128::MAX - back;
        let stop = start.saturating_add(width);
        let map = gen_int_range::<u8, 16, u128>(start, stop, step, 7);
        prop_assert!(map == one_by_one(start, stop, |at| at.checked_add(step), u128::to_be_bytes));
    }

    #[test]
    fn bits_come_back(xs in prop::collection::vec(any::<u64>(), 0..=8), shift in 0..64) {
        let xs: Vec<u64> = xs.into_iter().map(|x| x >> shift).collect();
        let (mut bob, mut back) = (vec![99], vec![1; xs.len()]);
        let steps = indices_to_bob(&xs, &mut bob);
        prop_assert_eq!(bob.len(), 1 + steps);
        prop_assert_eq!(steps, xs.iter().map(|x| 64 - x.leading_zeros() as usize).max().unwrap_or(0));
        bob_to_indices(&bob[1..], &mut back);
        prop_assert_eq!(back, xs);
    }

    #[test]
    fn weaves_come_back(xs in prop::collection::vec(any::<u32>(), 0..=9)) {
        let (mut weave, mut back) = (Vec::new(), vec![1u32; xs.len()]);
        let numbers: Vec<usize> = xs.iter().map(|&x| x as usize).collect();
        indices_to_weave::<4, u32>(&numbers, &mut weave);
        prop_assert_eq!(weave.len(), 4 * xs.len());
        for (i, byte) in weave.iter().enumerate() {
            prop_assert_eq!(*byte, xs[i % xs.len()].to_be_bytes()[i / xs.len()]);
        }
        weave_to_indices(&weave, &mut back);
        prop_assert_eq!(back, xs);
    }
}

/// Returns the distinct nodes of a map.
fn nodes(map: &PathMap<u8>) -> usize {
    let (mut seen, mut todo) = (HashSet::new(), vec![map.read_zipper()]);
    while let Some(mut zipper) = todo.pop() {
        let known = zipper.shared_node_id().is_some_and(|id| !seen.insert(id));
        if !known && zipper.descend_first_byte() {
            loop {
                todo.push(zipper.clone());
                if !zipper.to_next_sibling_byte() {
                    break;
                }
            }
        }
    }
    seen.len()
}

#[test]
fn equal_ranges_share_their_nodes() {
    let all = gen_int_range::<u8, 8, u64>(0, u64::MAX, 1, 7);
    all.check().unwrap();
    assert_eq!(all.val_count(), usize::MAX, "all but one of 2^64");
    assert!(nodes(&all) <= 3 * 8, "{} nodes", nodes(&all));
    assert!(all.contains([255, 255, 255, 255, 255, 255, 255, 254]) && !all.contains([255; 8]));
    let thirds = gen_int_range::<u8, 8, u64>(5, 1 << 60, 3, 7);
    assert_eq!(thirds.val_count() as u64, ((1u64 << 60) - 5).div_ceil(3));
    assert!(nodes(&thirds) <= 5 * 8, "{} nodes", nodes(&thirds));
    for at in (5..20).chain((1 << 59)..(1 << 59) + 9) {
        assert_eq!(thirds.contains(u64::to_be_bytes(at)), (at - 5) % 3 == 0, "{at}");
    }
}

#[test]
fn ranges_at_the_edges() {
    for (start, stop, step) in [
        (0, 0, 1),
        (7, 3, 1),
        (0, 1, u32::MAX),
        (0, 256, 1),
        (255, 257, 1),
        (u32::MAX - 1, u32::MAX, 1),
        (0, u32::MAX, u32::MAX),
        (0, 65_536 + 300, 255),
        (1_234_567, u32::MAX, 227_022_703),
    ] {
        agrees(start, stop, step);
    }
}

#[test]
fn known_weaves() {
    let mut bob = Vec::new();
    indices_to_bob(&[10usize, 30, 100], &mut bob);
    assert_eq!(bob, [0b100, 0b100, 0b010, 0b011, 0b110, 0b011, 0b000]);
    let mut weave = Vec::new();
    indices_to_weave::<2, u16>(&[3333, 30, 1000], &mut weave);
    assert_eq!(weave, [13, 0, 3, 5, 30, 232]);
    // A weave may be shorter than its numbers.
    let mut back = [0u32; 3];
    weave_to_indices(&weave, &mut back);
    assert_eq!(back, [3333, 30, 1000]);
    weave_to_indices(&[], &mut [0u8; 0]);
}

#[test]
#[should_panic(expected = "a range of step 0 does not end")]
fn no_step() {
    let _ = gen_int_range::<u8, 4, u32>(0, 1, 0, 7);
}

#[test]
#[should_panic(expected = "not of 9")]
fn nine_numbers_in_eight_bits() {
    indices_to_bob(&[0u8; 9], &mut Vec::new());
}

#[test]
#[should_panic(expected = "9 bits do not fit 1 bytes")]
fn more_bits_than_a_number_has() {
    bob_to_indices(&[0; 9], &mut [0u8]);
}

#[test]
#[should_panic(expected = "do not make 2 numbers")]
fn an_uneven_weave() {
    weave_to_indices(&[0; 3], &mut [0u8; 2]);
}

#[test]
#[should_panic(expected = "too many for 1 numbers of 1")]
fn a_weave_too_long() {
    weave_to_indices(&[0; 2], &mut [0u8; 1]);
}
