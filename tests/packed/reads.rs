//! Look-ups, iterators and searches, equal to those of the map in memory.

use std::ops::Bound;

use bytetrie::PathMap;
use bytetrie::file::Packed;
use bytetrie::search::{Automaton, Str, Subsequence};
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::packed;
use crate::tries::{config, paths, recipes};

fn bound(kind: u8, path: &[u8]) -> Bound<&[u8]> {
    match kind {
        0 => Bound::Unbounded,
        1 => Bound::Included(path),
        _ => Bound::Excluded(path),
    }
}

/// Takes from both ends, as the bits tell.
fn both_ends<T>(mut iter: impl DoubleEndedIterator<Item = T>, mut bits: u64) -> Vec<T> {
    let mut taken = Vec::new();
    loop {
        let next = if bits & 1 == 0 { iter.next() } else { iter.next_back() };
        bits = bits.rotate_right(1);
        match next {
            Some(item) => taken.push(item),
            None => return taken,
        }
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn all_reads_are_those_of_the_map(
        recipe in recipes(), probes in vec(paths(), 1..12), kinds in (0..3u8, 0..3u8), bits in any::<u64>(),
    ) {
        let map = recipe.build();
        let packed = packed(&map);
        prop_assert_eq!(packed.len(), map.len());
        prop_assert_eq!(packed.is_empty(), map.is_empty());
        packed.verify(|_, _| ()).unwrap();
        let all: Vec<_> = map.iter().collect();
        prop_assert_eq!(&packed.iter().collect::<Vec<_>>(), &all);
        prop_assert_eq!(both_ends(packed.iter(), bits), both_ends(map.iter(), bits));
        for path in probes.iter().chain(all.iter().map(|(path, _)| path)) {
            prop_assert_eq!(packed.try_get(path).unwrap(), map.get(path));
            prop_assert_eq!(packed.contains(path), map.contains(path));
            prop_assert!(packed.prefix(path).eq(map.prefix(path)));
            prop_assert!(packed.prefix(path).rev().eq(map.prefix(path).rev()));
            prop_assert!(packed.prefixes_of(path).eq(map.prefixes_of(path)));
            prop_assert_eq!(packed.longest_prefix_of(path), map.longest_prefix_of(path));
        }
        for pair in probes.windows(2) {
            let range = (bound(kinds.0, &pair[0]), bound(kinds.1, &pair[1]));
            prop_assert!(packed.range::<[u8], _>(range).eq(map.range::<[u8], _>(range)));
            prop_assert!(packed.range::<[u8], _>(range).rev().eq(map.range::<[u8], _>(range).rev()));
            let (some, expected) = (packed.range::<[u8], _>(range), map.range::<[u8], _>(range));
            prop_assert_eq!(both_ends(some, bits), both_ends(expected, bits));
        }
        let automaton = || Str::new(&probes[0]).starts_with().union(Subsequence::new("ab"));
        let (mut found, mut expected) = (packed.search(automaton()), map.search(automaton()));
        loop {
            let next = found.next();
            prop_assert_eq!(next, expected.next());
            if next.is_none() {
                break;
            }
        }
    }

    #[test]
    fn subtries_are_sources(recipe in recipes(), other in recipes(), probes in vec(paths(), 1..6)) {
        let (map, other) = (recipe.build(), other.build());
        let packed = packed(&map);
        for path in &probes {
            let (from_file, from_map) = (packed.read_zipper_at_path(path), map.read_zipper_at_path(path));
            prop_assert!(from_file.make_map() == from_map.make_map());
            prop_assert_eq!(from_file.get_trie_ref().path_exists(), from_map.path_exists());
            let place = from_file.trie_ref_at_path("a");
            prop_assert_eq!(place.path_exists(), from_map.trie_ref_at_path("a").path_exists());
            prop_assert_eq!(from_file.val_count(), from_map.val_count());
            prop_assert_eq!(from_file.tip_count(), from_map.tip_count());

            let mut results = [other.clone(), other.clone()];
            let [a, b] = &mut results;
            a.write_zipper().join_into(&from_file);
            b.write_zipper().join_into(&from_map);
            prop_assert!(a == b);
            a.write_zipper().meet_into(&from_file, true);
            b.write_zipper().meet_into(&from_map, true);
            prop_assert!(a == b);
            let (mut a, mut b) = (other.clone(), other.clone());
            a.write_zipper().subtract_into(&from_file, true);
            b.write_zipper().subtract_into(&from_map, true);
            prop_assert!(a == b);
            a.write_zipper_at_path("x").graft(&from_file);
            b.write_zipper_at_path("x").graft(&from_map);
            prop_assert!(a == b);
            let mut copied = packed.read_zipper_at_path(path);
            prop_assert!(copy_subtrie(&mut copied) == copy_subtrie(&mut map.read_zipper_at_path(path)));
        }
    }

    #[test]
    fn views_and_products_of_packed_tries(recipe in recipes(), other in recipes()) {
        fn content<Z: ZipperIteration + ZipperValues<u64>>(mut zipper: Z) -> Vec<(Vec<u8>, u64)> {
            let mut found = Vec::new();
            while zipper.to_next_val() && found.len() < 500 {
                found.push((zipper.path().to_vec(), *zipper.val().unwrap()));
            }
            found
        }
        let (a, b) = (recipe.build(), other.build());
        let (x, y) = (packed(&a), packed(&b));
        prop_assert_eq!(
            content(JoinZipper::new(x.read_zipper(), y.read_zipper())),
            content(JoinZipper::new(a.read_zipper(), b.read_zipper()))
        );
        prop_assert_eq!(
            content(MeetZipper::new(x.read_zipper(), b.read_zipper())),
            content(MeetZipper::new(a.read_zipper(), b.read_zipper()))
        );
        prop_assert_eq!(
            content(SubtractZipper::new(a.read_zipper(), y.read_zipper())),
            content(SubtractZipper::new(a.read_zipper(), b.read_zipper()))
        );
        prop_assert_eq!(
            content(RestrictZipper::new(x.read_zipper(), y.read_zipper())),
            content(RestrictZipper::new(a.read_zipper(), b.read_zipper()))
        );
        prop_assert_eq!(
            content(ProductZipperG::new(x.read_zipper(), [y.read_zipper()])),
            content(ProductZipperG::new(a.read_zipper(), [b.read_zipper()]))
        );
        prop_assert_eq!(
            content(PrefixZipper::new(&b"p/"[..], x.clone().into_read_zipper(""))),
            content(PrefixZipper::new(&b"p/"[..], a.read_zipper()))
        );
    }
}

#[test]
fn values_are_lent_in_place() {
    let names = ["romane", "romanus", "romulus", "rubens", "ruber"];
    let text: PathMap<String> = names.iter().map(|name| (name, name.repeat(name.len() * 60))).collect();
    let packed_text = packed(&text);
    for name in names {
        assert_eq!(packed_text.get(name), text.get(name).map(String::as_str));
    }
    let mut zipper = packed_text.read_zipper();
    let mut found = Vec::new();
    while let Some(value) = zipper.to_next_get_val() {
        found.push((zipper.path().to_vec(), value));
    }
    assert!(found.iter().map(|(path, value)| (path.clone(), *value)).eq(packed_text.iter()));
    assert_eq!(found.len(), 5);

    let bytes: PathMap<Vec<u8>> = names.iter().map(|name| (name, name.as_bytes().to_vec())).collect();
    assert_eq!(packed(&bytes).get("rubens"), Some(&b"rubens"[..]));
    let unit: PathMap<()> = names.iter().map(|name| (name, ())).collect();
    assert_eq!(packed(&unit).iter().count(), 5);
    let wide: PathMap<[u64; 3]> = names.iter().zip(0..).map(|(name, i)| (name, [i; 3])).collect();
    assert!(packed(&wide).iter().eq(wide.iter()));
}

#[test]
fn bytes_may_lie_anywhere() {
    let map: PathMap<u64> = (0..100u64).map(|i| (i.to_be_bytes(), i)).collect();
    let mut bytes = vec![0];
    map.save(&mut bytes).unwrap();
    for shift in [0, 1] {
        let mut moved = vec![0; shift];
        moved.extend(&bytes[1..]);
        let packed = Packed::<u64>::new(&moved[shift..]).unwrap();
        assert!(packed.iter().eq(map.iter()));
        assert!(packed.clone().iter().eq(map.iter()));
    }
    let shared: std::sync::Arc<[u8]> = bytes[1..].into();
    assert!(Packed::<u64>::new(shared).unwrap().iter().eq(map.iter()));
    let boxed: Box<[u8]> = bytes[1..].into();
    let packed = Packed::<u64>::new(boxed).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| assert!(packed.iter().eq(map.iter())));
        }
    });
    let walk = bytetrie::parallel::WalkParallel::from_zipper(&packed.read_zipper());
    let folded = walk.fold(|location| *location.value().unwrap(), |a, b| a + b);
    assert_eq!(folded.value, Some(4950));
    // What a crash leaves behind the last commit is ignored.
    let mut dirty = bytes[1..].to_vec();
    dirty.extend([0x82; 77]);
    assert_eq!(Packed::<u64>::new(dirty).unwrap().get(7u64.to_be_bytes()), Some(&7));
}
