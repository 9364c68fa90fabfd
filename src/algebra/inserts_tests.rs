//! Which joins are made by inserts, and the inserts.

use super::inserts::{Insert, inserts};
use crate::PathMap;
use crate::algebra::{AlgebraicStatus, Max};
use crate::node::place_of;
use crate::testing::keys::random_u64;

/// Returns the inserts as text; a subtrie is shown by the number of its values.
fn inserts_of(left: &PathMap<Max<u64>>, right: &PathMap<Max<u64>>) -> Option<Vec<(Vec<u8>, String)>> {
    let inserts = inserts(place_of(left.root.as_ref())?, place_of(right.root.as_ref())?)?;
    let tell = |insert: Insert<Max<u64>>| match insert {
        Insert::Value(value) => format!("value {}", value.0),
        Insert::Bare => "tip".to_string(),
        Insert::Node(node) => format!("{} values", PathMap::from_root(Some(node)).val_count()),
    };
    Some(inserts.into_iter().map(|(path, insert)| (path, tell(insert))).collect())
}

fn large() -> PathMap<Max<u64>> {
    random_u64(4_000, 1).into_iter().map(|key| (key, Max(5))).collect()
}

#[test]
fn a_few_paths_are_inserted_in_path_order() {
    let mut left = large();
    left.insert("a", Max(5));
    left.create_path("tip");
    let mut right = PathMap::from([("", Max(1)), ("a", Max(9)), ("ab", Max(2)), ("tip", Max(3))]);
    right.insert(&random_u64(4_000, 1)[7], Max(4));
    right.create_path("other/tip");
    let wanted =
        [("", "value 1"), ("a", "value 9"), ("ab", "value 2"), ("other/tip", "tip"), ("tip", "value 3")];
    let wanted = wanted.map(|(path, what)| (path.as_bytes().to_vec(), what.to_string()));
    assert_eq!(inserts_of(&left, &right), Some(wanted.to_vec()));

    let joined = left.join(&right);
    let mut in_place = left;
    assert_eq!(in_place.join_into(right.clone()), AlgebraicStatus::Element);
    in_place.check().unwrap();
    assert!(in_place == joined);
    assert_eq!(in_place.join_into(right), AlgebraicStatus::Identity);
}

#[test]
fn a_subtrie_is_inserted_whole() {
    let left = large();
    let right = large().iter().map(|(path, value)| ([b"below/", &path[..]].concat(), *value)).collect();
    // The four thousand paths are one insert, or one insert for each branch of the node above
    // them.
    let inserts = inserts_of(&left, &right).expect("few nodes are inserted");
    assert!(inserts.len() <= 32 && inserts.iter().all(|(path, _)| path.starts_with(b"below/")));
}

#[test]
fn what_is_small_or_shared_or_brings_much_is_built_anew() {
    let left = large();
    let few = PathMap::from([("a", Max(1))]);
    assert!(inserts_of(&left, &few).is_some());
    assert!(inserts_of(&few, &left).is_none(), "small");
    assert!(
        inserts_of(&left, &random_u64(4_000, 2).into_iter().map(|key| (key, Max(1))).collect()).is_none(),
        "much"
    );
    let snapshot = left.clone();
    assert!(inserts_of(&left, &few).is_none(), "shared");
    drop(snapshot);
    assert!(inserts_of(&left, &few).is_some());
}
