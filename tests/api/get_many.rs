//! Many look-ups at a time, compared with single ones.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytetrie::PathMap;
use bytetrie::testing::keys;
use bytetrie::zipper::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::tries::{config, paths, recipes};

/// Compares the look-ups from a zipper, without and with the lifetime of its trie.
fn same_below<'a, Z: ZipperReadOnlyValues<'a, u64>>(zipper: &Z, paths: &[Vec<u8>], name: &str) {
    let single: Vec<_> = paths.iter().map(|path| zipper.get_val_at(path)).collect();
    assert_eq!(zipper.vals_at(paths), single, "vals_at of {name}");
    assert_eq!(zipper.get_vals_at(paths), single, "get_vals_at of {name}");
}

/// Compares the look-ups from a map, and from all kinds of zippers at `focus`, with single ones.
fn same(map: &PathMap<u64>, focus: &[u8], paths: &[Vec<u8>]) {
    let single: Vec<_> = paths.iter().map(|path| map.get(path)).collect();
    assert_eq!(map.get_many(paths), single);
    assert_eq!(map.get_many(paths.iter().cloned()), single, "of an iterator");
    let there: Vec<_> = single.iter().map(Option::is_some).collect();
    assert_eq!(map.contains_many(paths), there);

    let rooted = map.read_zipper_at_path(focus);
    let mut moved = map.read_zipper();
    moved.descend_to(focus);
    let place = map.trie_ref_at_path(focus);
    same_below(&rooted, paths, "a zipper rooted there");
    same_below(&moved, paths, "a zipper moved there");
    same_below(&PrefixZipper::new(b"ab", map.read_zipper()), paths, "a prefix zipper");
    same_below(&place, paths, "a place");
    let single: Vec<_> = paths.iter().map(|path| moved.get_val_at(path)).collect();
    assert_eq!(TrieRef::from(place).into_owned().vals_at(paths), single, "of an owned place");
    let mut stepped = map.read_zipper();
    focus.iter().for_each(|&byte| stepped.descend_to_byte(byte));
    assert_eq!(stepped.get_vals_at(paths), single, "of a zipper that came by steps");
    let mut writer = map.clone().into_write_zipper(b"");
    writer.descend_to(focus);
    assert_eq!(writer.vals_at(paths), single, "of a writer");
    let mut reader = map.clone().into_read_zipper(b"");
    reader.descend_to(focus);
    assert_eq!(EitherZipper::<_, EmptyZipper>::Left(reader).vals_at(paths), single, "of an enum");
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn many_are_looked_up_as_one_by_one(
        recipe in recipes(),
        focus in paths(),
        probes in vec(paths(), 0..60),
        repeated in vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let map = recipe.build();
        let mut probes = probes;
        probes.extend(map.keys().step_by(2));
        // The rests of the keys below the focus lead to values there.
        let below: Vec<_> = map.keys().filter_map(|key| key.strip_prefix(&*focus).map(Vec::from)).collect();
        probes.extend(below);
        probes.push(Vec::new());
        let again: Vec<_> = repeated.iter().map(|index| index.get(&probes).clone()).collect();
        probes.extend(again);
        same(&map, &focus, &probes);
    }
}

#[test]
fn many_are_looked_up_in_large_nodes() {
    let present = keys::random_u64(30_000, 1);
    let map: PathMap<u64> = present.iter().zip(0..).collect();
    let absent = keys::random_u64(1_000, 2).into_iter();
    let cut = present.iter().take(1_000).map(|key| key[..key.len() - 1].to_vec());
    let probes: Vec<_> = present.iter().cloned().chain(absent).chain(cut).collect();
    for focus in [&[][..], &present[0][..1], &present[0][..2]] {
        same(&map, focus, &probes);
    }
    let large: PathMap<[u64; 9]> = present.iter().map(|key| (key, [7; 9])).collect();
    assert!(large.get_many(&present).iter().all(|value| *value == Some(&[7; 9])));
}

#[test]
fn no_path_and_no_trie_have_no_values() {
    let none: [&str; 0] = [];
    let empty = PathMap::<u64>::new();
    assert_eq!(empty.get_many(["", "a"]), [None, None]);
    assert_eq!(empty.contains_many(["", "a"]), [false, false]);
    assert_eq!(empty.read_zipper().vals_at(["", "a"]), [None, None]);
    assert!(PathMap::single("a", 1).get_many(none).is_empty());
    assert!(PathMap::single("a", 1).contains_many(none).is_empty());
    assert_eq!(PathMap::single("", 1).get_many([""; 40]), [Some(&1); 40]);
}

/// A path that panics when it is looked at.
struct Hostile(bool);

impl AsRef<[u8]> for Hostile {
    fn as_ref(&self) -> &[u8] {
        assert!(!self.0, "a hostile path");
        b"ab"
    }
}

#[test]
fn a_path_or_an_iterator_may_panic() {
    let map: PathMap<u64> = [("ab", 1), ("abc", 2)].into_iter().collect();
    for at in 0..40 {
        let paths = || (0..40).map(move |i| Hostile(i == at));
        assert!(catch_unwind(AssertUnwindSafe(|| map.get_many(paths()).len())).is_err());
        let panicking = (0..40).map(|i| if i == at { panic!("a hostile iterator") } else { "ab" });
        assert!(catch_unwind(AssertUnwindSafe(|| map.get_many(panicking).len())).is_err());
    }
    assert_eq!(map.get_many(["abc"; 3]), [Some(&2); 3]);
}
