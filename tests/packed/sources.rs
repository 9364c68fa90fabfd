//! Packed tries as sources: of operations, of views and products, of parallel walks, and of files.

use std::sync::Mutex;

use bytetrie::PathMap;
use bytetrie::file::{Packed, Stored, Writer};
use bytetrie::parallel::{WalkParallel, WalkState};
use bytetrie::zipper::*;
use proptest::prelude::*;

use crate::packed;
use crate::tries::{config, paths, recipes};

/// All paths below the root of a zipper that have values or end there, and the values.
fn content<V: ToOwned<Owned: Clone> + ?Sized>(
    mut zipper: impl ZipperIteration + ZipperValues<V>,
) -> Vec<(Vec<u8>, Option<V::Owned>)> {
    zipper.reset();
    let mut found = vec![(vec![], zipper.val().map(V::to_owned))];
    while zipper.to_next_val_or_tip() {
        found.push((zipper.path().to_vec(), zipper.val().map(V::to_owned)));
    }
    found
}

/// The map of a file that a writer makes of a zipper.
fn written<V: Stored, U: ToOwned<Owned = V> + ?Sized>(
    mut zipper: impl ZipperIteration + ZipperValues<U>,
) -> PathMap<V> {
    let writer = Writer::from_zipper(Vec::new(), &mut zipper).unwrap();
    PathMap::load(&writer.finish().unwrap().write[..]).unwrap()
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn of_every_operation(a in recipes(), b in recipes(), at in paths(), from in paths()) {
        let (a, b) = (a.build(), b.build());
        let (left, right) = (packed(&a), packed(&b));
        let (in_map, in_file) = (b.read_zipper_at_path(&from), right.read_zipper_at_path(&from));
        macro_rules! same {
            ($(|$zipper:ident, $source:ident| $edit:expr;)*) => {$({
                let (mut by_map, mut by_file) = (a.clone(), a.clone());
                {
                    let (mut $zipper, $source) = (by_map.write_zipper_at_path(&at), &in_map);
                    let _ = $edit;
                }
                {
                    let (mut $zipper, $source) = (by_file.write_zipper_at_path(&at), &in_file);
                    let _ = $edit;
                }
                by_file.check().unwrap();
                prop_assert!(by_map == by_file, "{}", stringify!($edit));
            })*};
        }
        same! {
            |zipper, source| zipper.join_into(source);
            |zipper, source| zipper.graft(source);
            |zipper, source| zipper.meet_into(source, true);
            |zipper, source| zipper.subtract_into(source, true);
            |zipper, source| zipper.restrict(source);
            |zipper, source| zipper.restricting(source);
            |zipper, source| zipper.meet_2(source, &left.read_zipper());
        }
        prop_assert!(in_file.make_map() == in_map.make_map());
        prop_assert!(left.clone().into_read_zipper(&from).make_map() == a.read_zipper_at_path(&from).make_map());
    }

    #[test]
    fn of_views_and_products(a in recipes(), b in recipes()) {
        let (a, b) = (a.build(), b.build());
        let (left, right) = (packed(&a), packed(&b));
        macro_rules! same {
            ($(|$x:ident, $y:ident| $view:expr;)*) => {$({
                let by_map = { let ($x, $y) = (a.read_zipper(), b.read_zipper()); content($view) };
                let by_file = { let ($x, $y) = (left.read_zipper(), right.read_zipper()); content($view) };
                let mixed = { let ($x, $y) = (left.read_zipper(), b.read_zipper()); content($view) };
                prop_assert_eq!(&by_map, &by_file);
                prop_assert_eq!(&by_map, &mixed);
                let ($x, $y) = (left.read_zipper(), right.read_zipper());
                let map = written($view);
                prop_assert!(content(map.read_zipper()) == by_map);
            })*};
        }
        same! {
            |x, y| JoinZipper::new(x, y);
            |x, y| MeetZipper::new(x, y);
            |x, y| SubtractZipper::new(x, y);
            |x, y| RestrictZipper::new(x, y);
            |x, y| OverlayZipper::new(x, y);
            |x, _y| PrefixZipper::new(b"pre", x);
        }
        // A product has the locations of each factor once for each value of those before.
        if a.len() * b.len() < 2_000 {
            same! { |x, y| ProductZipperG::new(x, [y]); }
        }
    }

    #[test]
    fn of_parallel_walks(recipe in recipes(), from in paths(), threads in 1..4usize) {
        let map = recipe.build();
        let packed = packed(&map);
        let walked = |walk: &mut WalkParallel<'_, u64>| {
            let found = Mutex::new(Vec::new());
            walk.threads(threads).run(|| |location| {
                found.lock().unwrap().push((location.path().to_vec(), *location.value().unwrap()));
                WalkState::Continue
            });
            let mut found = found.into_inner().unwrap();
            found.sort();
            found
        };
        let by_map = walked(&mut WalkParallel::from_zipper(&map.read_zipper_at_path(&from)));
        let by_file = walked(&mut WalkParallel::from_zipper(&packed.read_zipper_at_path(&from)));
        prop_assert_eq!(by_map, by_file);
    }

    #[test]
    fn texts_are_shown_and_written(recipe in recipes()) {
        let texts = |map: PathMap<u64>| -> PathMap<String> {
            map.iter().map(|(path, value)| (path, format!("{value}"))).collect()
        };
        let a = texts(recipe.build());
        let left: Packed<'_, String> = packed(&a);
        prop_assert_eq!(content(a.read_zipper()), content::<str>(left.read_zipper()));
        prop_assert!(written::<String, str>(left.read_zipper()) == a);
        prop_assert!(left.read_zipper().load() == a);
        let prefixed = content::<str>(PrefixZipper::new(b"pre", left.read_zipper()));
        prop_assert_eq!(prefixed, content(PrefixZipper::new(b"pre", a.read_zipper())));
    }
}
