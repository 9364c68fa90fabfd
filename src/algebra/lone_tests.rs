//! Places with one value: the fast path gives the results that maps of values have.

use std::collections::BTreeMap;

use crate::PathMap;
use crate::algebra::{AlgebraicStatus, Max};
use crate::testing::keys::{consecutive_u64, random_u64};

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
