//! Masks are compared with a `BTreeSet<u8>`, and prefixes with a loop over bytes.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::{Bound, RangeInclusive};

use super::{BitMask, ByteMask, ByteMaskIter, ByteMaskRangeIter, IntoByteMaskIter, common_prefix};
use crate::testing::keys::Rng;

const BYTES: RangeInclusive<u8> = 0..=255;

/// Returns masks of every density, with the bits at the edges of words set and clear.
fn masks() -> Vec<ByteMask> {
    let mut rng = Rng::new(1);
    let edges = [0, 1, 62, 63, 64, 65, 127, 128, 191, 192, 254, 255];
    let mut masks = vec![ByteMask::EMPTY, ByteMask::FULL, edges.into_iter().collect()];
    masks.extend(edges.map(ByteMask::from));
    masks.extend(edges.map(|byte| ByteMask::from(byte).not()));
    masks.extend((0..4).map(|i| {
        let mut words = [0; 4];
        words[i] = !0;
        ByteMask(words)
    }));
    for _ in 0..8 {
        let dense = ByteMask([(); 4].map(|()| rng.next_u64()));
        let sparse = ByteMask([(); 4].map(|()| rng.next_u64() & rng.next_u64() & rng.next_u64()));
        masks.extend([dense, sparse, sparse.not()]);
    }
    masks
}

fn set(mask: &ByteMask) -> BTreeSet<u8> {
    BYTES.filter(|&byte| mask.0[usize::from(byte) / 64] >> (byte % 64) & 1 == 1).collect()
}

fn runs(mask: &ByteMask) -> Vec<RangeInclusive<u8>> {
    let mut runs: Vec<RangeInclusive<u8>> = Vec::new();
    for byte in set(mask) {
        match runs.last_mut() {
            Some(run) if u16::from(*run.end()) + 1 == u16::from(byte) => *run = *run.start()..=byte,
            _ => runs.push(byte..=byte),
        }
    }
    runs
}

/// Takes from a random end at each step, and checks the promised length before each step, and the
/// end twice.
fn both_ends<I>(mut iter: I, seed: u64) -> Vec<I::Item>
where
    I: DoubleEndedIterator + ExactSizeIterator,
{
    let mut rng = Rng::new(seed);
    let (mut front, mut back) = (Vec::new(), Vec::new());
    let len = iter.len();
    for left in (0..len).rev() {
        if rng.below(2) == 0 {
            front.extend(iter.next())
        } else {
            back.extend(iter.next_back())
        }
        assert_eq!(iter.len(), left);
    }
    assert!(iter.next().is_none() && iter.next_back().is_none());
    assert!(iter.next().is_none() && iter.next_back().is_none());
    front.extend(back.into_iter().rev());
    assert_eq!(front.len(), len);
    front
}

#[test]
fn a_mask_answers_as_a_set_does() {
    for mask in masks() {
        let set = set(&mask);
        assert_eq!(mask.count_bits(), set.len());
        assert_eq!(mask.is_empty_mask(), set.is_empty());
        assert_eq!(mask.first_bit(), set.first().copied());
        assert_eq!(mask.last_bit(), set.last().copied());
        for byte in BYTES {
            assert_eq!(mask.test_bit(byte), set.contains(&byte));
            assert_eq!(usize::from(mask.index_of(byte)), set.range(..byte).count());
            assert_eq!(mask.next_bit(byte), set.iter().copied().find(|&other| other > byte));
            assert_eq!(mask.prev_bit(byte), set.range(..byte).next_back().copied());
        }
        for idx in (0..=260).chain([usize::MAX]) {
            assert_eq!(mask.indexed_bit::<true>(idx), set.iter().nth(idx).copied());
            assert_eq!(mask.indexed_bit::<false>(idx), set.iter().rev().nth(idx).copied());
        }
    }
}

#[test]
fn bytes_come_in_order_from_both_ends() {
    for (seed, mask) in masks().into_iter().enumerate() {
        let bytes = Vec::from_iter(set(&mask));
        assert_eq!(Vec::from_iter(mask), bytes);
        assert_eq!(Vec::from_iter(&mask), bytes);
        assert!(mask.iter().rev().eq(bytes.iter().rev().copied()));
        assert_eq!(both_ends(mask.iter(), seed as u64), bytes);
        assert_eq!(mask.iter().count(), bytes.len());
        assert_eq!(mask.iter().last(), bytes.last().copied());

        let mut folded = Vec::new();
        mask.iter().for_each(|byte| folded.push(byte));
        assert_eq!(folded, bytes);
        // The shortcuts must also be correct for the rest of an iteration.
        let mut begun = mask.iter();
        let inner = bytes.get(1..bytes.len().saturating_sub(1)).unwrap_or_default();
        begun.next();
        begun.next_back();
        assert_eq!(begun.clone().count(), inner.len());
        assert_eq!(begun.clone().last(), inner.last().copied());
        assert_eq!(
            begun.fold(0, |sum, byte| sum + u32::from(byte)),
            inner.iter().map(|&b| u32::from(b)).sum::<u32>()
        );
    }
}

#[test]
fn runs_come_in_order_from_both_ends() {
    for (seed, mask) in masks().into_iter().enumerate() {
        let runs = runs(&mask);
        assert_eq!(Vec::from_iter(mask.range_iter()), runs);
        assert!(mask.range_iter().rev().eq(runs.iter().rev().cloned()));
        assert_eq!(both_ends(mask.range_iter(), seed as u64), runs);
    }
}

#[test]
fn a_range_holds_what_it_contains() {
    for first in BYTES {
        for last in BYTES {
            let naive = |range: &dyn Fn(&u8) -> bool| ByteMask::from_iter(BYTES.filter(range));
            assert_eq!(ByteMask::from_range(first..=last), naive(&|b| (first..=last).contains(b)));
            assert_eq!(ByteMask::from_range(first..last), naive(&|b| (first..last).contains(b)));
        }
        assert_eq!(ByteMask::from(first..), ByteMask::from_range(first..=255));
        assert_eq!(ByteMask::from(..=first), ByteMask::from_range(0..=first));
        assert_eq!(ByteMask::from(..first), ByteMask::from_range(0..first));
        let after = (Bound::Excluded(first), Bound::Unbounded);
        assert_eq!(ByteMask::from_range(after), ByteMask::from_range(first..) & !ByteMask::from(first));
        assert_eq!(ByteMask::from(first), ByteMask::from(first..=first));
    }
    assert_eq!(ByteMask::from(..), ByteMask::FULL);
    assert_eq!(ByteMask::from(3..9), ByteMask::from_iter([3, 4, 5, 6, 7, 8]));
}

#[test]
fn a_row_of_the_triangle_holds_the_subsets() {
    for b in BYTES {
        assert_eq!(ByteMask::subset(b), ByteMask::from_iter(BYTES.filter(|byte| byte & !b == 0)));
    }
}

#[test]
fn two_masks_combine_as_two_sets_do() {
    let masks = masks();
    for a in &masks {
        let set_a = set(a);
        assert_eq!(set(&a.not()), &BTreeSet::from_iter(BYTES) - &set_a);
        assert_eq!((!*a, !a, BitMask::not(a), BitMask::not(&a.0)), (a.not(), a.not(), a.not(), a.not().0));
        for b in &masks {
            let set_b = set(b);
            let (or, and, xor, andn) = (a.or(b), a.and(b), a.xor(b), a.andn(b));
            assert_eq!(set(&or), &set_a | &set_b);
            assert_eq!(set(&and), &set_a & &set_b);
            assert_eq!(set(&xor), &set_a ^ &set_b);
            assert_eq!(set(&andn), &set_a - &set_b);
            assert_eq!((*a | *b, *a & *b, *a ^ *b), (or, and, xor));
            assert_eq!((a | b, a & b, a ^ b), (or, and, xor));
            let mut assigned = [*a; 3];
            assigned[0] |= *b;
            assigned[1] &= *b;
            assigned[2] ^= *b;
            assert_eq!(assigned, [or, and, xor]);
            assert_eq!([BitMask::or(a, b), BitMask::and(a, b)], [or, and]);
            assert_eq!([BitMask::xor(a, b), BitMask::andn(a, b)], [xor, andn]);
            let (a, b) = (&a.0, &b.0);
            assert_eq!([BitMask::or(a, b), BitMask::and(a, b)], [or, and]);
            assert_eq!([BitMask::xor(a, b), BitMask::andn(a, b)], [xor, andn]);
        }
    }
}

/// Makes equal random changes to a mask, to a set, and through the trait.
fn changes<M: BitMask + PartialEq<[u64; 4]> + std::fmt::Debug>(mut through_trait: M) {
    assert!(through_trait.is_empty_mask());
    let mut rng = Rng::new(2);
    let (mut mask, mut set) = (ByteMask::new(), BTreeSet::new());
    for _ in 0..5000 {
        let byte = rng.next_u64() as u8;
        match rng.below(8) {
            0..=3 => {
                mask.set_bit(byte);
                through_trait.set_bit(byte);
                set.insert(byte);
            }
            4 | 5 => {
                mask.clear_bit(byte);
                through_trait.clear_bit(byte);
                set.remove(&byte);
            }
            _ => {
                mask.toggle_bit(byte);
                through_trait.toggle_bit(byte);
                if !set.remove(&byte) {
                    set.insert(byte);
                }
            }
        }
        assert!(mask.iter().eq(set.iter().copied()));
        assert_eq!(through_trait, mask.0);
        assert_eq!(through_trait.count_bits(), set.len());
        assert_eq!(through_trait.is_empty_mask(), set.is_empty());
        assert_eq!(through_trait.test_bit(byte), set.contains(&byte));
    }
    assert!(!set.is_empty());
    mask.make_empty();
    through_trait.make_empty();
    assert_eq!(mask, ByteMask::EMPTY);
    assert_eq!(through_trait, [0; 4]);
}

#[test]
fn bits_change_one_at_a_time() {
    changes(ByteMask::EMPTY);
    changes([0u64; 4]);
}

#[test]
fn a_mask_can_be_computed_in_a_const() {
    const VOWELS: ByteMask = {
        let mut mask = ByteMask::new();
        let mut i = 0;
        while i < 5 {
            mask.set_bit(b"aeiou"[i]);
            i += 1;
        }
        mask.clear_bit(b'u');
        mask
    };
    const THIRD: Option<u8> = VOWELS.indexed_bit::<true>(2);
    const NEIGHBOURS: (Option<u8>, Option<u8>) = (VOWELS.prev_bit(b'i'), VOWELS.next_bit(b'i'));
    assert_eq!(VOWELS, ByteMask::from_iter(*b"aeio"));
    assert_eq!(THIRD, Some(b'i'));
    assert_eq!(NEIGHBOURS, (Some(b'e'), Some(b'o')));
}

#[test]
fn masks_and_words_turn_into_each_other() {
    let words = [1, 0, 2, 1 << 63];
    let bytes = [0, 129, 255];
    let mask = ByteMask::from(words);
    assert_eq!(mask, words);
    assert_eq!(words, mask);
    assert_ne!(mask, [0; 4]);
    assert_eq!((<[u64; 4]>::from(mask), mask.into_inner()), (words, words));
    assert_eq!((AsRef::<[u64; 4]>::as_ref(&mask), Borrow::<[u64; 4]>::borrow(&mask)), (&words, &words));
    for iter in [
        mask.byte_mask_iter(),
        (&mask).byte_mask_iter(),
        words.byte_mask_iter(),
        (&words).byte_mask_iter(),
        ByteMaskIter::from(mask),
        ByteMaskIter::from(words),
    ] {
        assert!(iter.eq(bytes));
    }
    for iter in [ByteMaskRangeIter::from(mask), ByteMaskRangeIter::from(words)] {
        assert!(iter.eq(bytes.map(|byte| byte..=byte)));
    }
    let mut extended = ByteMask::default();
    extended.extend([129, 255]);
    extended.extend([0, 129]);
    assert_eq!(extended, mask);
}

#[test]
fn a_mask_shows_its_bytes() {
    let mask = ByteMask::from_iter([1, 8, 255]);
    assert_eq!(format!("{mask:?} {:?}", ByteMask::EMPTY), "{1, 8, 255} {}");
    assert_eq!(format!("{:?}", mask.iter()), "ByteMaskIter({1, 8, 255})");
    assert_eq!(format!("{:?}", mask.range_iter()), "ByteMaskRangeIter({1, 8, 255})");
    let (digits, groups) = (format!("{:?}", mask.fmt_binary()), mask.fmt_binary().to_string());
    assert_eq!(digits.len(), 256);
    assert_eq!(digits.rfind('1'), Some(254));
    assert_eq!(groups.replace(' ', ""), digits);
    assert!(groups.starts_with("10000000 0") && groups.ends_with("0 00000001 00000010"));
}

#[test]
fn a_prefix_ends_at_the_first_difference() {
    let mut rng = Rng::new(3);
    let mut text = || Vec::from_iter((0..64).map(|_| rng.next_u64() as u8));
    let (whole, other) = (text(), text());
    for a_len in 0..=41 {
        for b_len in 0..=41 {
            // Both alignments of one text against the other, and texts that differ only in
            // length.
            for shift in 0..2 {
                let mut moved = vec![0; shift];
                moved.extend(&whole[..b_len]);
                let (a, b) = (&whole[..a_len], &moved[shift..]);
                assert_eq!(common_prefix(a, b), a_len.min(b_len));
                assert_eq!(common_prefix(b, a), a_len.min(b_len));
            }
            for at in 0..a_len.min(b_len) {
                // The first difference is one bit, so that a comparison of the whole byte or of a
                // part of it must see it. After it the texts are equal, or differ everywhere.
                let mut b = whole[..b_len].to_vec();
                b[at] ^= 1 << (at % 8);
                assert_eq!(common_prefix(&whole[..a_len], &b), at);
                b[at + 1..].copy_from_slice(&other[at + 1..b_len]);
                assert_eq!(common_prefix(&whole[..a_len], &b), at);
                assert_eq!(common_prefix(&b, &whole[..a_len]), at);
            }
        }
    }
}
