//! Places with one value: the fast path gives the results that maps of values have.

use std::collections::BTreeMap;

use super::leaf_tests::{Content, combined, map_of as map_of_content};
use super::operation::{Join, Operation, Subtract, SubtractWith, With};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::PathMap;
use crate::algebra::{AlgebraicStatus, Max};
use crate::node::place_of;
use crate::reached::Mark;
use crate::testing::keys::{consecutive_u64, random_u64};
use crate::testing::limits::{Limits, with_limits};

type Values = BTreeMap<Vec<u8>, Max<u64>>;

/// Returns larger contents: random and consecutive keys, one of which has a value at a prefix.
fn larger() -> Vec<Values> {
    let sets = [random_u64(40, 1), random_u64(900, 2), consecutive_u64(900)];
    let keys = sets.into_iter().map(|keys| keys.into_iter().map(|key| (key.to_vec(), Max(5))));
    keys.map(|keys| keys.chain([(vec![0, 0, 0], Max(5)), (b"tip/below".to_vec(), Max(5))]).collect())
        .collect()
}

fn map_of(values: &Values) -> PathMap<Max<u64>> {
    values.iter().map(|(path, &value)| (path, value)).collect()
}

#[test]
fn one_value_is_joined_as_in_a_sorted_map() {
    for values in larger() {
        let map = map_of(&values);
        let present: Vec<_> = values.keys().step_by(97).cloned().collect();
        let extended = present.iter().map(|path| [path, &b"/more"[..]].concat());
        let cut = present.iter().filter(|path| path.len() > 1).map(|path| path[..path.len() - 1].to_vec());
        let others = [b"absent".to_vec(), vec![7; 63], vec![7; 64], vec![7; 65], vec![0, 0, 0]];
        for path in present.iter().cloned().chain(extended).chain(cut).chain(others) {
            for value in [Max(1), Max(5), Max(9)] {
                let one = PathMap::from([(&path, value)]);
                let mut expected = values.clone();
                let old = expected.get(&path).copied();
                expected.insert(path.clone(), old.map_or(value, |old| old.max(value)));
                let expected_map = map_of(&expected);
                for (mut target, source) in [(map.clone(), &one), (one.clone(), &map)] {
                    let status = target.join_into(source.clone());
                    target.check().unwrap();
                    assert_eq!(target, expected_map, "{path:?}");
                    let same = source.val_count() == 1 && expected == values
                        || source.val_count() > 1 && expected.len() == 1;
                    assert_eq!(status == AlgebraicStatus::Identity, same, "{path:?}");
                }
                assert_eq!(map, map_of(&values), "the operands are unchanged");
            }
        }
    }
}

#[test]
fn a_map_is_subtracted_from_one_path() {
    for values in larger() {
        let map: PathMap<()> = values.keys().map(|path| (path, ())).collect();
        let more = values.keys().step_by(5).map(|path| [path, &b"/more"[..]].concat());
        let prefixes = values.keys().step_by(5).map(|path| path[..path.len() - 1].to_vec());
        for path in values.keys().cloned().chain(more).chain(prefixes) {
            let one = PathMap::from([(&path, ())]);
            let mut target = one.clone();
            let status = target.subtract_into(&map);
            let absent = !values.contains_key(&path);
            assert_eq!(status == AlgebraicStatus::Identity, absent, "{path:?}");
            assert_eq!(target, if absent { one } else { PathMap::new() }, "{path:?}");
        }
    }
}

/// Returns paths to a lone value and to one that is no lone value: at the place itself.
fn lone_paths() -> Vec<Vec<u8>> {
    let mut paths: Vec<Vec<u8>> =
        ["", "a", "ab", "abc", "abcd", "abcdefghijkl", "tip", "tip/below", "tip/", "zz", "m", "mm", "mmmm"]
            .map(|path| path.as_bytes().to_vec())
            .into();
    paths.extend([62, 63, 64, 65, 130].map(|len| vec![b'x'; len]));
    paths
}

/// Returns larger contents: a list, a wide node, and nodes with children, all with values at
/// prefixes of others, with dangling tips, and with long paths.
fn larger_contents() -> Vec<Content> {
    let numbered = |count: u32, more: fn(u32) -> Vec<u8>| {
        let others = ["a", "abc", "abcd", "mm"].iter().zip(100..);
        let others = others.map(|(path, value)| (path.as_bytes().to_vec(), Some(value)));
        let tips = [b"tip".to_vec(), b"zzz".to_vec(), vec![b'x'; 64]].map(|path| (path, None));
        (0..count).map(|i| (more(i), Some(i))).chain(others).chain(tips).collect::<Content>()
    };
    vec![
        numbered(12, |i| vec![b'b' + i as u8]),
        numbered(40, |i| vec![b'A' + i as u8 % 20, b'0' + i as u8 / 20]),
        numbered(150, |i| vec![b'A' + (i % 32) as u8, (i / 32) as u8, 7]),
        numbered(400, |i| vec![b'm', b'm', (i % 256) as u8, (i / 256) as u8]),
    ]
}

/// Compares the fast path with the general walk. The general walk is made necessary by a child on
/// both sides, or only on the left side, that lies behind all other paths.
fn compare_with_the_walk<O: Operation<u32>>(make: impl Fn() -> O, both: bool, compared: u64) {
    let child = (0..=255).map(|byte| vec![b'~', b'~', byte]);
    for many in larger_contents() {
        for path in lone_paths() {
            let old = many.iter().find(|(other, _)| *other == path).and_then(|&(_, value)| value);
            for value in [old, Some(0), Some(1_000)].into_iter().flatten() {
                let one: Content = vec![(path.clone(), Some(value))];
                for (x, y) in [(&one, &many), (&many, &one)] {
                    let walked = [
                        map_of_content(x, b"", child.clone()),
                        map_of_content(y, b"", child.clone().filter(|_| both)),
                    ];
                    let direct = [map_of_content(x, b"", []), map_of_content(y, b"", [])];
                    let [walked_x, walked_y] =
                        walked.each_ref().map(|map| place_of(map.root.as_ref()).unwrap());
                    let [direct_x, direct_y] =
                        direct.each_ref().map(|map| place_of(map.root.as_ref()).unwrap());
                    let (mut expected, expected_mask) = combined(walked_x, walked_y, make());
                    expected.retain(|(path, _)| !path.starts_with(b"~~"));
                    let (content, mask) = combined(direct_x, direct_y, make());
                    assert_eq!(content, expected, "{x:?} and {y:?}");
                    assert_eq!(mask & compared, expected_mask & compared, "{x:?} and {y:?}");
                    direct.iter().for_each(|map| map.check().unwrap());
                }
            }
        }
    }
}

#[test]
fn a_lone_value_combines_as_the_general_walk_does() {
    for limits in [Limits::DEFAULT, Limits::TINY] {
        with_limits(limits, || {
            compare_with_the_walk(|| Join, true, SELF_IDENT | COUNTER_IDENT);
            compare_with_the_walk(|| Subtract, false, SELF_IDENT);
            // New values, which tell the operands apart, and values that are nothing.
            let combine = |x: &u32, y: &u32| (x != y).then_some(3 * x + y);
            compare_with_the_walk::<SubtractWith<_>>(|| With(combine), false, 0);
        });
    }
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "marks are counted in builds with debug assertions")]
fn a_lone_value_is_followed_along_64_bytes_at_most() {
    let many: PathMap<()> = random_u64(900, 2).into_iter().map(|key| (key, ())).collect();
    for (len, followed) in [(1, 1), (63, 1), (64, 1), (65, 0)] {
        let one = PathMap::from([(vec![7; len], ())]);
        let before = [Mark::LoneJoined.count(), Mark::LoneSubtracted.count()];
        assert_eq!((many.join(&one).val_count(), one.subtract(&many).val_count()), (901, 1));
        let after = [Mark::LoneJoined.count(), Mark::LoneSubtracted.count()];
        assert_eq!(after, before.map(|count| count + followed), "{len}");
    }
}
