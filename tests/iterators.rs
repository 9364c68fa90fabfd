//! The iterators of a map, taken from both ends in any order, against std's.

mod common {
    pub(crate) mod limits;
}

use std::collections::BTreeMap;

use bytetrie::PathMap;
use bytetrie::testing::keys::{Rng, nested, random_bytes, words};
use common::limits::under_both_limits;

/// Keys that share little, that share much, and that are prefixes of each other.
fn sets() -> [Vec<Vec<u8>>; 3] {
    let mut forked: Vec<_> = nested(60).iter().map(<[u8]>::to_vec).collect();
    forked.extend(nested(60).iter().step_by(2).map(|path| [path, &[255]].concat()));
    forked.extend(nested(60).iter().step_by(3).map(|path| [path, &[0, 0]].concat()));
    [words(300, 1), random_bytes(300, 0..=6, 2), forked]
}

/// Takes everything from two iterators, now from one end and now from the other, in runs of up to `longest`.
fn alternate<T: PartialEq>(
    mut found: impl DoubleEndedIterator<Item = T> + ExactSizeIterator,
    mut expected: impl DoubleEndedIterator<Item = T> + ExactSizeIterator,
    longest: usize,
    rng: &mut Rng,
) {
    while expected.len() > 0 {
        assert_eq!(found.len(), expected.len());
        let back = rng.one_in(2);
        for _ in 0..=rng.below(longest) {
            let same = match back {
                false => found.next() == expected.next(),
                true => found.next_back() == expected.next_back(),
            };
            assert!(same, "with {} to go", expected.len());
        }
    }
    assert!(found.next().is_none() && found.next_back().is_none());
}

#[test]
fn both_ends_meet_wherever_they_are_taken_from() {
    under_both_limits(|| {
        for keys in sets() {
            let mut model: BTreeMap<_, _> = keys.into_iter().zip(0u32..).collect();
            let mut map: PathMap<u32> = model.iter().map(|(path, &value)| (path, value)).collect();
            for seed in 0..40 {
                let mut rng = Rng::new(seed);
                let longest = [1, 5, 100][seed as usize % 3];
                let entry = |(path, value): (&Vec<u8>, &u32)| (path.clone(), *value);
                alternate(
                    map.iter().map(|(path, value)| (path, *value)),
                    model.iter().map(entry),
                    longest,
                    &mut rng,
                );
                alternate(map.keys(), model.keys().cloned(), longest, &mut rng);
                alternate(map.values(), model.values(), longest, &mut rng);
                alternate(
                    map.iter_mut(),
                    model.iter_mut().map(|(path, value)| (path.clone(), value)),
                    longest,
                    &mut rng,
                );
                alternate(map.values_mut(), model.values_mut(), longest, &mut rng);
                alternate(map.clone().into_iter(), model.clone().into_iter(), longest, &mut rng);
            }
        }
    });
}

#[test]
fn a_copy_of_an_iterator_goes_on_from_where_it_was_made() {
    under_both_limits(|| {
        for keys in sets() {
            let map: PathMap<u32> = keys.iter().zip(0u32..).collect();
            let mut entries = map.iter();
            while entries.next().is_some() {
                let rest: Vec<_> = entries.clone().collect();
                let mut back: Vec<_> = entries.clone().rev().collect();
                back.reverse();
                assert!(rest == back && rest.len() == entries.len());
                entries.next_back();
            }
        }
    });
}

#[test]
fn a_range_between_any_two_paths() {
    under_both_limits(|| {
        for keys in sets() {
            let model: BTreeMap<_, _> = keys.iter().cloned().zip(0u32..).collect();
            let map: PathMap<u32> = keys.iter().zip(0u32..).collect();
            let mut rng = Rng::new(7);
            for _ in 0..300 {
                let mut bounds = [(); 2].map(|()| {
                    let key = &keys[rng.below(keys.len())];
                    let cut = rng.below(key.len() + 1);
                    [&key[..cut], &rng.bytes(1)[..rng.below(2)]].concat()
                });
                bounds.sort();
                let [from, to] = bounds;
                let entry = |(path, value): (&Vec<u8>, &u32)| (path.clone(), *value);
                let expected: Vec<_> = model.range(from.clone()..=to.clone()).map(entry).collect();
                let found = map.range(from.clone()..=to.clone()).map(|(path, value)| (path, *value));
                alternate(found, expected.into_iter(), 4, &mut rng);
                if from < to {
                    assert_eq!(map.range(to..from).count(), 0, "the bounds exclude everything");
                }
            }
        }
    });
}
