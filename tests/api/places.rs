//! Places (`TrieRef`): their queries, the places below them, and their use as sources, compared
//! with zippers at the path.

use bytetrie::PathMap;
use bytetrie::zipper::*;

fn map() -> PathMap<u64> {
    let mut map: PathMap<u64> =
        [("ab", 1), ("abcde", 2), ("abcxy", 3), ("b", 4), ("", 5)].into_iter().collect();
    map.create_path("dtip");
    map
}

const PLACES: [&str; 9] = ["", "a", "ab", "abc", "abcde", "dti", "dtip", "zz", "abcdef"];

#[test]
fn a_place_tells_what_a_zipper_there_does() {
    let map = map();
    for path in PLACES {
        let zipper = map.read_zipper_at_path(path);
        let borrowed = map.trie_ref_at_path(path);
        let copy = borrowed;
        let owned = TrieRef::from(borrowed).into_owned();
        fn tells<Z: ZipperValues<u64> + Zipper + ZipperConcrete>(
            place: &Z,
        ) -> (bool, Option<u64>, bytetrie::ByteMask, [Option<u64>; 3], Option<u64>) {
            assert_eq!(place.is_val(), place.val().is_some());
            assert_eq!(place.child_count(), place.child_mask().count_bits());
            let below = ["", "cde", "zz"].map(|path| place.val_at(path).copied());
            (place.path_exists(), place.val().copied(), place.child_mask(), below, place.shared_node_id())
        }
        let expected = tells(&zipper);
        assert_eq!(tells(&borrowed), expected, "borrowed, at {path}");
        assert_eq!(tells(&copy), expected, "copied, at {path}");
        assert_eq!(tells(&owned), expected, "owned, at {path}");
        assert_eq!(tells(&TrieRef::from(owned.clone())), expected, "either, at {path}");
        assert_eq!(borrowed.get_val(), zipper.get_val());
        for below in PLACES {
            let there = tells(&map.read_zipper_at_path([path, below].concat()));
            assert_eq!(tells(&borrowed.trie_ref_at_path(below)), there, "{path} then {below}");
            assert_eq!(tells(&owned.trie_ref_at_path(below)), there, "{path} then {below}");
            let either = TrieRef::from(owned.clone());
            assert_eq!(tells(&either.trie_ref_at_path(below)), there, "{path} then {below}");
        }
    }
    assert!(!TrieRefBorrowed::<u64>::default().path_exists());
}

#[test]
fn values_live_as_long_as_a_witness_of_the_place() {
    let map = map();
    let owned = TrieRef::from(map.trie_ref_at_path("abc")).into_owned().trie_ref_at_path("de");
    let witness = owned.witness();
    let value = owned.get_val_with_witness(&witness);
    drop((map, owned));
    assert_eq!(value, Some(&2));
    let map: PathMap<u64> = PathMap::single("a", 1);
    for place in [TrieRef::from(map.trie_ref_at_path("a")), map.clone().into()] {
        let witness = place.witness();
        assert_eq!(place.get_val_with_witness(&witness), place.val());
    }
}

#[test]
#[should_panic(expected = "another place's trie")]
fn a_witness_of_another_trie_is_refused() {
    let places = [1, 2].map(|value| TrieRefOwned::from(PathMap::single("a", value)));
    let _ = places[0].get_val_with_witness(&places[1].witness());
}

#[test]
fn a_place_that_is_owned_stays_as_it_was() {
    let mut map = map();
    let place = TrieRef::from(map.trie_ref_at_path("ab")).into_owned();
    map.write_zipper().remove_branches(true);
    map.insert("abcde", 77);
    assert_eq!((place.val_at("cde"), place.make_map().val_count()), (Some(&2), 3));
}

/// Makes every call that takes a source, and returns all results.
fn used<Z: ZipperInfallibleSubtries<u64>>(source: &Z, other: &Z) -> Vec<String> {
    let base =
        || -> PathMap<u64> { [("t/ab", 10), ("t/x", 11), ("t/cde", 2), ("keep", 12)].into_iter().collect() };
    let mut outcomes = Vec::new();
    let mut call = |work: &dyn Fn(&mut WriteZipperUntracked<'_, 'static, u64>) -> String| {
        let mut map = base();
        let mut zipper = map.write_zipper();
        zipper.descend_to("t/");
        let answer = work(&mut zipper);
        drop(zipper);
        map.check().unwrap();
        outcomes.push(format!("{answer} {map:?}"));
    };
    call(&|z| format!("{:?}", z.graft(source)));
    call(&|z| format!("{:?}", z.graft_src_at(source, "c")));
    call(&|z| format!("{:?}", z.graft_masked_branches(source, bytetrie::ByteMask::from(b'c'), true)));
    call(&|z| format!("{:?}", z.join_into(source)));
    call(&|z| format!("{:?}", z.meet_into(source, true)));
    call(&|z| format!("{:?}", z.meet_2(source, other)));
    call(&|z| format!("{:?}", z.subtract_into(source, false)));
    call(&|z| format!("{:?}", z.restrict(source)));
    call(&|z| format!("{:?}", z.restricting(source)));
    call(&|z| format!("{:?}", z.graft_map(source.make_map())));
    call(&|z| format!("{:?}", z.join_map_into(source.get_trie_ref().make_map())));
    call(&|z| format!("{:?} {:?}", source.native_subtries(), z.join_into(&source.trie_ref().unwrap())));
    outcomes
}

#[test]
fn every_call_takes_a_place_as_its_source() {
    let map = map();
    for path in PLACES {
        for other in PLACES {
            let zippers = [path, other].map(|path| map.read_zipper_at_path(path));
            let expected = used(&zippers[0], &zippers[1]);
            let borrowed = [path, other].map(|path| map.trie_ref_at_path(path));
            assert_eq!(used(&borrowed[0], &borrowed[1]), expected, "borrowed, {path} and {other}");
            let owned = borrowed.map(|place| TrieRef::from(place).into_owned());
            assert_eq!(used(&owned[0], &owned[1]), expected, "owned, {path} and {other}");
            let either = [TrieRef::from(borrowed[0]), TrieRef::from(owned[1].clone())];
            assert_eq!(used(&either[0], &either[1]), expected, "either, {path} and {other}");
        }
    }
}

#[test]
fn tips_are_counted_by_nodes() {
    let map = map();
    for (path, tips) in PLACES.into_iter().zip([4, 2, 2, 2, 1, 1, 1, 0, 0]) {
        assert_eq!(map.read_zipper_at_path(path).tip_count(), Some(tips), "at {path}");
    }
    assert_eq!(PathMap::<u64>::new().read_zipper().tip_count(), Some(1));
    // Nodes of every size, with values, dangling tips and children at all positions.
    for n in [1, 2, 20, 40, 200, 3_000] {
        let mut map: PathMap<u64> = (0..n).map(|i| (i.to_string(), i)).collect();
        for i in (0..n).step_by(3) {
            map.create_path(format!("{i}/tip"));
        }
        let mut zipper = map.read_zipper();
        let mut walked = 0;
        while zipper.to_next_step() {
            let below = zipper.fork_read_zipper();
            let (mut steps, mut tips) = (below.clone(), (below.child_count() == 0) as usize);
            while steps.to_next_step() {
                tips += (steps.child_count() == 0) as usize;
            }
            assert_eq!(below.tip_count(), Some(tips), "at {:?} of {n}", zipper.path());
            walked += (zipper.child_count() == 0) as usize;
        }
        assert_eq!(zipper.tip_count(), Some(walked));
    }
}
