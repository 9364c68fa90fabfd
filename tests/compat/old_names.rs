//! The deprecated names of pathmap 0.3.5: each call must equal the call that its note names.
//!
//! The traits are imported one by one, as programs import them that call the methods.

#![allow(deprecated, reason = "the subject of the tests")]

use bytetrie as pathmap;
use bytetrie::zipper::ReadZipperUntracked;
use pathmap::PathMap;
use pathmap::ring::Max;
use pathmap::zipper::{
    ProductZipper, WriteZipperUntracked, Zipper, ZipperMoving, ZipperReadOnlyIteration, ZipperReadOnlyValues,
    ZipperValues, ZipperWriting,
};
use proptest::prelude::*;

use crate::tries::{config, paths, recipes};

type Writer<'m> = WriteZipperUntracked<'m, 'static, Max<u64>>;

/// Calls both names at `path`, and compares the results, the content and the focus.
#[track_caller]
fn same<R: PartialEq + std::fmt::Debug>(
    map: &PathMap<Max<u64>>,
    path: &[u8],
    old: impl Fn(&mut Writer<'_>) -> R,
    new: impl Fn(&mut Writer<'_>) -> R,
) {
    let run = |call: &dyn Fn(&mut Writer<'_>) -> R| {
        let mut map = map.clone();
        let mut writer = map.write_zipper();
        writer.descend_to(path);
        let result = call(&mut writer);
        let focus = writer.path().to_vec();
        drop(writer);
        let exists = map.path_exists_at(path);
        (result, focus, exists, map)
    };
    assert_eq!(run(&old), run(&new));
}

/// The results of a call on a reader at `path`, and where it leaves the reader.
fn read<'m, R>(
    map: &'m PathMap<Max<u64>>,
    path: &[u8],
    call: impl Fn(&mut ReadZipperUntracked<'m, 'static, Max<u64>>) -> R,
) -> (R, Vec<u8>) {
    let mut reader = map.read_zipper();
    reader.descend_to(path);
    let result = call(&mut reader);
    let focus = reader.path().to_vec();
    (result, focus)
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn reading(recipe in recipes(), path in paths(), below in paths(), idx in 0..4usize) {
        let map: PathMap<_> = recipe.build().into_iter().map(|(path, value)| (path, Max(value))).collect();
        prop_assert_eq!(read(&map, &path, |z| z.is_value()), read(&map, &path, |z| z.is_val()));
        prop_assert_eq!(
            read(&map, &path, |z| z.value().copied()),
            read(&map, &path, |z| z.val().copied())
        );
        prop_assert_eq!(read(&map, &path, |z| z.get_value()), read(&map, &path, |z| z.get_val()));
        prop_assert_eq!(
            read(&map, &path, |z| z.descend_to_value(&below)),
            read(&map, &path, |z| z.descend_to_val(&below))
        );
        prop_assert_eq!(
            read(&map, &path, |z| z.descend_indexed_branch(idx)),
            read(&map, &path, |z| z.descend_indexed_byte(idx))
        );
        prop_assert_eq!(
            read(&map, &path, |z| z.to_next_get_value()),
            read(&map, &path, |z| z.to_next_get_val())
        );
        prop_assert_eq!(map.contains_path(&path), map.path_exists_at(&path));
        prop_assert_eq!(map.goat_val_count(), map.val_count());
    }

    #[test]
    fn writing(recipe in recipes(), other in recipes(), path in paths(), k in 0..4usize) {
        // With its dangling paths, which pruning removes.
        let with_max = |recipe: &crate::tries::Recipe| {
            let map = recipe.build();
            let mut with_max = PathMap::new();
            let mut reader = map.read_zipper();
            loop {
                let Some(&value) = reader.val() else {
                    with_max.create_path(reader.path());
                    if reader.to_next_step() { continue } else { break }
                };
                with_max.insert(reader.path(), Max(value));
                if !reader.to_next_step() { break }
            }
            with_max
        };
        let (map, other) = (with_max(&recipe), with_max(&other));
        let source = other.read_zipper();
        same(&map, &path, |z| z.get_value_mut().copied(), |z| z.get_val_mut().copied());
        same(&map, &path, |z| *z.get_value_or_insert(Max(7)), |z| *z.get_val_or_set_mut(Max(7)));
        same(
            &map,
            &path,
            |z| *z.get_value_or_insert_with(|| Max(7)),
            |z| *z.get_val_or_set_mut_with(|| Max(7)),
        );
        same(&map, &path, |z| z.set_value(Max(7)), |z| z.set_val(Max(7)));
        same(&map, &path, |z| z.remove_value(), |z| z.remove_val(true));
        same(&map, &path, |z| z.join(&source), |z| z.join_into(&source));
        same(&map, &path, |z| z.join_map(other.clone()), |z| z.join_map_into(other.clone()));
        same(&map, &path, |z| z.drop_head(k), |z| z.join_k_path_into(k, true));
        same(&map, &path, |z| z.meet(&source), |z| z.meet_into(&source, true));
    }

    #[test]
    fn subtracting(recipe in recipes(), other in recipes(), path in paths()) {
        let (map, other) = (recipe.build(), other.build());
        let unit = |map: PathMap<u64>| map.into_iter().map(|(path, _)| (path, ())).collect::<PathMap<()>>();
        let (map, other) = (unit(map), unit(other));
        let (mut old, mut new) = (map.clone(), map);
        let mut writer = old.write_zipper_at_path(&path);
        let status = writer.subtract(&other.read_zipper());
        drop(writer);
        prop_assert_eq!(status, new.write_zipper_at_path(&path).subtract_into(&other.read_zipper(), true));
        prop_assert_eq!(old, new);
    }
}

#[test]
fn a_product_reserves_its_path() {
    let map = PathMap::from([("a", ()), ("b", ())]);
    let mut product = ProductZipper::new(map.read_zipper(), [map.read_zipper()]);
    product.reserve_path_buffer(1000);
    assert!(product.descend_to_check("ab"));
}

/// A generic function knows the names by the bounds alone.
#[test]
fn bounds_bring_the_names() {
    fn first<'m, Z: ZipperReadOnlyIteration<'m, u8>>(mut z: Z) -> (Option<&'m u8>, bool) {
        (z.to_next_get_value(), z.is_value() && z.value() == z.get_value())
    }
    let map = PathMap::from([("a", 1u8)]);
    assert_eq!(first(map.read_zipper()), (Some(&1), true));
    assert_eq!(first(&mut map.read_zipper()), (Some(&1), true));
    assert_eq!(first(Box::new(map.read_zipper())), (Some(&1), true));
}
