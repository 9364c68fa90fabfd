//! `PathZipper`: its moves and answers are those of the zipper in it, whatever the values are.

use bytetrie::PathMap;
use bytetrie::testing::limits::{Limits, with_limits};
use bytetrie::testing::naive::{NaiveMap, NaiveZipper};
use bytetrie::testing::ops::{Keys, Move};
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Compares all answers at the focus.
fn agree<V>(zipper: &PathZipper<'_>, reader: &ReadZipperUntracked<'_, '_, V>) {
    assert_eq!(zipper.path(), reader.path());
    assert_eq!(zipper.origin_path(), reader.origin_path());
    assert_eq!(zipper.root_prefix_path(), reader.root_prefix_path());
    assert_eq!(zipper.at_root(), reader.at_root());
    assert_eq!(zipper.path_exists(), reader.path_exists());
    assert_eq!(zipper.is_val(), reader.is_val());
    assert_eq!(zipper.child_mask(), reader.child_mask());
    assert_eq!(zipper.child_count(), reader.child_count());
    assert_eq!(zipper.val_count(), reader.val_count());
    assert_eq!(zipper.tip_count(), reader.tip_count());
}

/// Makes the moves on a path zipper, on the reader that it was made from, and on the model.
fn walk<V: Send + Sync>(map: &PathMap<V>, keys: &Keys, root: &[u8], moves: &[[u8; 2]]) {
    let mut content = NaiveMap::from_iter(map.iter().map(|(path, _)| (path, ())));
    let mut model = NaiveZipper::new(&mut content, root);
    let mut reader = map.read_zipper_at_path(root);
    let mut zipper = PathZipper::new(map.read_zipper_at_path(root));
    let before = zipper.clone();
    for &[kind, operand] in moves {
        let step = Move::decode(kind, operand, keys, zipper.path());
        let answer = step.on(&mut zipper);
        assert_eq!(answer, step.on(&mut reader), "{step:?}");
        assert_eq!(answer, step.on_model(&mut model), "{step:?}");
        agree(&zipper, &reader);
    }
    agree(&zipper.clone(), &reader);
    agree(&before, &map.read_zipper_at_path(root));
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![Just(b'a'), Just(b'b'), any::<u8>()], 0..6)
}

proptest! {
    #[test]
    fn path_zippers_move_as_the_zipper_in_them(
        paths in vec(key(), 0..40),
        root in vec(Just(b'a'), 0..2),
        moves in vec(any::<[u8; 2]>(), 0..60),
        tiny in any::<bool>(),
    ) {
        let limits = if tiny { Limits::TINY } else { Limits::DEFAULT };
        let keys = Keys::new(paths.clone());
        with_limits(limits, || {
            walk(&paths.iter().map(|path| (path, ())).collect(), &keys, &root, &moves);
            walk(&paths.iter().map(|path| (path, path.clone())).collect(), &keys, &root, &moves);
            walk(&paths.iter().map(|path| (path, [7u64; 40])).collect(), &keys, &root, &moves);
        });
    }
}

/// Cursors of a map, of an owned map and of a prefixed map, with three types of values, are of one
/// type.
#[test]
fn path_zippers_of_any_values_are_of_one_type() {
    let counts: PathMap<u64> = [("ab", 1), ("ac", 2)].into();
    let names: PathMap<String> = [("ab", "x".to_string())].into();
    let units: PathMap<()> = [("a", ()), ("b", ())].into();
    let mut cursors: [PathZipper<'_>; 3] = [
        PathZipper::new(counts.read_zipper()),
        PathZipper::new(names.into_read_zipper("")),
        PathZipper::new(PrefixZipper::new(&b"x"[..], units.read_zipper())),
    ];
    let steps: Vec<Vec<Vec<u8>>> = cursors
        .iter_mut()
        .map(|cursor| {
            let mut paths = Vec::new();
            while cursor.to_next_val() {
                paths.push(cursor.path().to_vec());
            }
            paths
        })
        .collect();
    assert_eq!(steps[0], [b"ab", b"ac"]);
    assert_eq!(steps[1], [b"ab"]);
    assert_eq!(steps[2], [b"xa", b"xb"]);
    cursors[0].descend_to("a");
    assert_eq!(format!("{:?}", cursors[0]), r#"PathZipper { root_prefix_path: "", path: "a", .. }"#);
}
