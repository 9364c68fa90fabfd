//! Named cases of virtual zippers: the tries that they represent in unobvious cases, their calls
//! of closures and values, and the lifetimes of borrowed values.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use bytetrie::algebra::{AlgebraicResult, Lattice, SELF_IDENT, Sum};
use bytetrie::morphisms::Catamorphism;
use bytetrie::zipper::*;
use bytetrie::{ByteMask, PathMap};

fn map(paths: &[&str]) -> PathMap<u64> {
    paths.iter().zip(1..).map(|(path, value)| (*path, value)).collect()
}

fn bytes(mask: ByteMask) -> Vec<u8> {
    mask.iter().collect()
}

/// Returns every path with a value.
fn values<Z: ZipperIteration>(mut zipper: Z) -> Vec<String> {
    let mut found = Vec::new();
    zipper.reset();
    while zipper.to_next_val() {
        found.push(String::from_utf8(zipper.path().to_vec()).unwrap());
    }
    found
}

/// Checks that a zipper is not folded by the nodes of a real trie, which would ignore its virtual
/// parts.
#[test]
fn no_virtual_zipper_passes_for_one_of_its_parts() {
    /// Folds by whole paths, which must be the paths of a walk.
    #[track_caller]
    fn told<Z>(mut zipper: Z)
    where
        Z: ZipperIteration + ZipperValues<u64> + ZipperAbsolutePath + ZipperConcrete + Catamorphism<u64>,
    {
        assert!(zipper.native_place().is_none());
        zipper.descend_first_byte();
        assert!(zipper.native_place().is_none());
        let mut walked = Vec::new();
        zipper.reset();
        while zipper.to_next_step() {
            walked.push(zipper.origin_path().to_vec());
        }
        let mut folded = Vec::new();
        zipper.into_cata_side_effect(|_, _: &mut [()], _, path| folded.push(path.to_vec()));
        folded.pop();
        folded.sort();
        assert_eq!(folded, walked);
    }
    let (a, b) = (map(&["ab", "ac"]), map(&["ac", "x"]));
    let reader = || a.read_zipper();
    let next = |(), _: &[u8], factors| ((), (factors < 1).then(|| b.read_zipper()));
    told(ProductZipper::new(reader(), [b.read_zipper()]));
    told(ProductZipper::new_with_primary(reader()));
    told(ProductZipperG::new(reader(), [b.read_zipper()]));
    told(DependentProductZipperG::new_enroll(reader(), (), next));
    told(OneFactor::new(ProductZipper::new(reader(), [b.read_zipper()])));
    told(PrefixZipper::new(b"prefix", reader()));
    told(OverlayZipper::new(reader(), b.read_zipper()));
    told(JoinZipper::new(reader(), b.read_zipper()));
    told(MeetZipper::new(reader(), b.read_zipper()));
    told(SubtractZipper::new(reader(), b.read_zipper()));
    told(RestrictZipper::new(reader(), b.read_zipper()));
    told(EmptyZipper::new());
    let mut overlay = OverlayZipper::new(reader(), b.read_zipper());
    overlay.descend_to("a");
    told(overlay.fork_read_zipper());
    let mut overlay = OverlayZipper::new(reader(), b.read_zipper());
    told(&mut overlay);
    told(Box::new(overlay));
    told(EitherZipper::<_, EmptyZipper>::Left(PrefixZipper::new(b"prefix", reader())));
}

// Products.

#[test]
fn a_factor_hangs_at_tips_only_and_not_at_values_within() {
    let (a, b) = (map(&["car", "cart"]), map(&["x"]));
    let product = ProductZipper::new(a.read_zipper(), [b.read_zipper()]);
    assert_eq!(values(product.clone()), ["car", "cart", "cartx"]);
    assert_eq!(product.val_at("carx"), None);
}

#[test]
fn a_factor_hangs_at_a_tip_that_dangles_too() {
    let (mut a, b) = (map(&["val"]), map(&["x"]));
    a.create_path("tip");
    let product = ProductZipperG::new(a.read_zipper(), [b.read_zipper()]);
    assert_eq!(values(product.clone()), ["tipx", "val", "valx"]);
    assert!(product.val_at("tip").is_none());
}

#[test]
fn the_value_at_a_seam_is_that_of_the_factor_before() {
    let (a, mut b) = (map(&["a"]), map(&["x"]));
    b.insert("", 99);
    let mut c = PathMap::new();
    c.create_path("tip");
    let mut product = ProductZipper::new(a.read_zipper(), [b.read_zipper()]);
    product.descend_to("a");
    assert_eq!((product.val(), product.val_at("")), (Some(&1), Some(&1)));
    assert_eq!(product.val_count(), 2);
    let mut bare = ProductZipper::new(c.read_zipper(), [b.read_zipper()]);
    bare.descend_to("tip");
    assert_eq!((bare.val(), bare.is_val(), bare.val_count()), (None, false, 1));
    // The root of the primary factor is not a seam.
    let alone = ProductZipper::new(b.read_zipper(), [a.read_zipper()]);
    assert_eq!(alone.val(), Some(&99));
}

#[test]
fn a_factor_with_nothing_below_its_root_adds_nothing() {
    let (a, unit, b) = (map(&["a"]), PathMap::single("", 7), map(&["x", "y"]));
    let zippers = || [unit.read_zipper(), unit.read_zipper(), b.read_zipper(), unit.read_zipper()];
    let mut product = ProductZipper::new(a.read_zipper(), zippers());
    assert_eq!(values(product.clone()), ["a", "ax", "ay"]);
    product.descend_to("a");
    assert_eq!((bytes(product.child_mask()), product.focus_factor()), (b"xy".to_vec(), 0));
    product.descend_to("x");
    assert_eq!((product.focus_factor(), product.path_indices()), (3, &[1, 1, 1][..]));
    assert!(product.to_next_sibling_byte());
    assert_eq!(product.path(), b"ay");
    let product = ProductZipper::new(unit.read_zipper(), zippers());
    assert_eq!((values(product.clone()), product.val()), (vec!["x".into(), "y".into()], Some(&7)));
}

#[test]
fn behind_a_factor_that_does_not_exist_nothing_hangs() {
    let (a, b) = (map(&["a"]), map(&["x"]));
    let absent = || a.read_zipper_at_path("nowhere");
    let product = ProductZipper::new(a.read_zipper(), [absent(), b.read_zipper()]);
    assert_eq!(
        (values(product.clone()), product.val_count(), product.tip_count()),
        (vec!["a".into()], 1, Some(1))
    );
    let mut nothing = ProductZipper::new(absent(), [b.read_zipper()]);
    assert!(!nothing.path_exists() && !nothing.descend_to_check("x"));
    assert_eq!(nothing.val_count(), 0);
}

#[test]
fn factors_and_seams_are_told() {
    let (a, b, c) = (map(&["ab", "abcd"]), map(&["x", "yy"]), map(&["1"]));
    let mut product = ProductZipper::new(a.read_zipper_at_path("a"), [b.read_zipper(), c.read_zipper()]);
    assert_eq!((product.factor_count(), product.focus_factor(), product.path_indices()), (3, 0, &[][..]));
    product.descend_to("bcd");
    assert_eq!((product.focus_factor(), product.path_indices()), (0, &[][..]), "a seam is in what ends");
    product.descend_to("yy1");
    assert_eq!((product.focus_factor(), product.path_indices()), (2, &[3, 5][..]));
    assert_eq!((product.origin_path(), product.root_prefix_path()), (&b"abcdyy1"[..], &b"a"[..]));
    product.ascend(1);
    assert_eq!((product.focus_factor(), product.path_indices()), (1, &[3][..]));
    product.descend_to("absent");
    assert_eq!((product.focus_factor(), product.path_indices()), (2, &[3, 5][..]));
    assert!(!product.path_exists());
}

#[test]
fn factors_are_added_where_it_stands() {
    let (a, b) = (map(&["a", "b"]), map(&["x"]));
    let mut product = ProductZipper::new_with_primary(a.read_zipper());
    product.descend_to("bx");
    assert!(!product.path_exists());
    product.new_factors([b.clone().into_read_zipper(b"")]);
    assert!(product.path_exists());
    product.new_factors([b.trie_ref_at_path(b"")]);
    assert_eq!((product.factor_count(), bytes(product.child_mask())), (3, b"x".to_vec()));
}

#[test]
fn factors_may_stand_within_nodes() {
    let a = map(&["xylophone", "xylem", "zone"]);
    let mut other = a.read_zipper();
    other.descend_to("xy");
    let product = ProductZipper::new(a.read_zipper_at_path("xyloph"), [other.clone(), other]);
    assert_eq!(product.val_count(), 1 + 2 + 4);
    assert_eq!(product.val_at("onelemlophone"), Some(&1));
    let place = a.trie_ref_at_path("xyl");
    let mut fork = place.fork_read_zipper();
    fork.descend_to("o");
    let product = ProductZipper::new(fork.fork_read_zipper(), [a.trie_ref_at_path("zo")]);
    assert_eq!(product.root_prefix_path(), b"o");
    assert_eq!(values(product), ["phone", "phonene"]);
}

#[test]
fn a_product_keeps_what_a_head_excludes_excluded() {
    let mut map = map(&["in/a", "in/b", "out/c"]);
    let head = map.zipper_head();
    let product = ProductZipper::new(
        head.read_zipper_at_path("in/").unwrap(),
        [head.read_zipper_at_path("out/").unwrap()],
    );
    let clone = product.clone();
    assert!(head.write_zipper_at_exclusive_path("in/a").is_err());
    drop(product);
    assert!(head.write_zipper_at_exclusive_path("out/").is_err());
    assert_eq!(clone.val_count(), 4);
    drop(clone);
    assert!(head.write_zipper_at_exclusive_path("in/a").is_ok());
}

#[test]
#[should_panic(expected = "ProductZipperG takes any zipper")]
fn a_product_of_real_tries_refuses_a_virtual_one() {
    let a = map(&["a"]);
    let none: [ReadZipperOwned<u64>; 0] = [];
    let virtual_one = DependentProductZipperG::new_enroll(a.read_zipper(), (), |(), _: &[u8], _| {
        ((), None::<ReadZipperOwned<u64>>)
    });
    assert!(!virtual_one.native_subtries() && virtual_one.try_make_map().is_none());
    ProductZipper::new(a.read_zipper(), [virtual_one]).new_factors(none);
}

#[test]
fn val_count_of_a_product_visits_shared_nodes_once() {
    // 2^64 paths of 64 bytes, by 64 nodes.
    let mut map = PathMap::single("", 1u64);
    for _ in 0..64 {
        let mut doubled = PathMap::new();
        for byte in [0, 1] {
            doubled.write_zipper_at_path([byte]).graft_map(map.clone());
        }
        map = doubled;
    }
    let product = ProductZipper::new(map.read_zipper(), [map.read_zipper()]);
    assert_eq!((product.val_count(), product.tip_count()), (usize::MAX, Some(usize::MAX)));
    let generic = ProductZipperG::new(map.read_zipper(), [map.read_zipper()]);
    assert_eq!(generic.val_count(), usize::MAX);
    let mut below = product;
    below.descend_to([0; 64 + 60]);
    assert_eq!(below.val_count(), 16);
    below.ascend(64);
    // Sixteen tips with a value each, and 2^64 paths behind each.
    assert_eq!(below.val_count(), usize::MAX);
    // A factor that does not know its tips is walked.
    let few = ["a", "b"].into_iter().map(|path| (path, 1u64)).collect::<PathMap<_>>();
    let joined = JoinZipper::new(few.read_zipper(), few.read_zipper());
    assert_eq!(ProductZipperG::new(joined, [few.read_zipper()]).val_count(), 2 + 4);
}

#[test]
fn nodes_are_told_only_where_all_of_a_product_is_in_them() {
    let a: PathMap<u64> = (0..100u64).map(|i| (i.to_be_bytes(), i)).collect();
    let shared = a.clone();
    let mut twice = ProductZipper::new(a.read_zipper(), [shared.read_zipper()]);
    let mut once = a.read_zipper();
    let mut told = 0;
    while once.to_next_step() {
        twice.reset();
        twice.descend_to(once.path());
        assert_eq!(twice.shared_node_id(), None, "behind it the second hangs");
        twice.reset();
        twice.descend_to([&[0; 8], once.path()].concat());
        assert_eq!((twice.shared_node_id(), twice.is_shared()), (once.shared_node_id(), once.is_shared()));
        told += once.shared_node_id().is_some() as usize;
    }
    assert!(told > 0);
}

#[test]
fn values_of_a_product_outlive_it() {
    let (a, b) = (map(&["a"]), map(&["x"]));
    let (value, at) = {
        let mut product = ProductZipperG::new(a.read_zipper(), [b.read_zipper()]);
        let at = product.get_val_at("ax");
        product.descend_to("a");
        (product.get_val(), at)
    };
    assert_eq!((value, at), (Some(&1), Some(&1)));
    let mut product = ProductZipper::new(a.clone().into_read_zipper(b""), [b.clone().into_read_zipper(b"")]);
    let witness = product.witness();
    let mut seen = Vec::new();
    while let Some(value) = product.to_next_get_val_with_witness(&witness) {
        seen.push(value);
    }
    drop(product);
    assert_eq!(seen, [&1, &1]);
    let product = ProductZipperG::new(a.clone().into_read_zipper(b""), [b.into_read_zipper(b"")]);
    let witness = product.witness();
    assert_eq!(product.get_val_with_witness(&witness), None);
}

// Dependent products.

#[test]
fn a_dependent_product_may_be_without_end() {
    let digits = map(&["0", "1"]);
    let mut numbers = DependentProductZipperG::new_enroll(digits.read_zipper(), (), |(), _: &[u8], _| {
        ((), Some(digits.read_zipper()))
    });
    let long: Vec<u8> = (0..1_000).map(|i| b"01"[i % 2]).collect();
    assert!(numbers.descend_to_check(&long));
    assert_eq!((numbers.focus_factor(), numbers.path_indices().len()), (999, 999));
    assert!(numbers.to_next_step());
    assert_eq!(numbers.path(), [&long[..], b"0"].concat());
    assert_eq!(numbers.val_at("0101"), Some(&2));
    assert!(numbers.ascend(1_001));
    let mut five = 1;
    assert!(numbers.descend_first_k_path(5));
    while numbers.to_next_k_path(5) {
        five += 1;
    }
    assert_eq!(five, 32);
}

#[test]
fn the_closure_gets_the_payload_the_path_and_the_number_of_factors() {
    let (a, b) = (map(&["a", "bb"]), map(&["x"]));
    let mut zipper = DependentProductZipperG::new_enroll(
        a.read_zipper(),
        Vec::new(),
        |mut seen: Vec<(Vec<u8>, usize)>, path: &[u8], factors| {
            seen.push((path.to_vec(), factors));
            let next = (factors < 2).then(|| b.read_zipper());
            if seen.len() == 3 {
                assert_eq!(seen, [(b"a".to_vec(), 0), (b"ax".to_vec(), 1), (b"axx".to_vec(), 2)]);
            }
            (seen, next)
        },
    );
    zipper.descend_to("axx");
    assert_eq!((zipper.focus_factor(), zipper.path_indices()), (2, &[1, 2][..]));
    assert!(!zipper.descend_first_byte());
}

#[test]
fn a_dependent_product_asks_once_at_one_path_and_ends_at_a_bare_factor() {
    let (a, unit) = (map(&["a"]), PathMap::<u64>::new());
    let calls = Cell::new(0);
    let mut zipper = DependentProductZipperG::new_enroll(a.read_zipper(), (), |(), _: &[u8], _| {
        calls.set(calls.get() + 1);
        ((), Some(unit.read_zipper()))
    });
    zipper.descend_to("a");
    assert_eq!((zipper.child_count(), calls.get()), (0, 1));
    assert!(!zipper.descend_first_byte() && !zipper.descend_until() && zipper.descend_to_existing("b") == 0);
    assert_eq!((zipper.val_at("b"), calls.get()), (None, 1));
    assert_eq!(values(zipper.clone()), ["a"]);
}

#[test]
fn a_closure_that_panics_leaves_a_product_that_ends() {
    let (a, b) = (map(&["a", "b"]), map(&["x"]));
    let mut zipper = DependentProductZipperG::new_enroll(a.read_zipper(), (), |(), path: &[u8], factors| {
        assert_ne!(path, b"b", "chosen to panic");
        ((), (factors == 0).then(|| b.read_zipper()))
    });
    assert_eq!(zipper.val_at("ax"), Some(&1));
    let panicked = catch_unwind(AssertUnwindSafe(|| while zipper.to_next_step() {}));
    assert!(panicked.is_err());
    zipper.reset();
    assert_eq!(values(zipper.clone()), ["a", "b"], "no more factors are to be had");
    assert_eq!(zipper.val_at("ax"), None);
}

#[test]
fn a_dependent_product_lends_values_beyond_the_focus() {
    let (a, b) = (map(&["a"]), map(&["x", "y"]));
    let zipper = DependentProductZipperG::new_enroll(a.read_zipper(), (), |(), _: &[u8], factors| {
        ((), (factors < 3).then(|| b.clone().into_read_zipper(b"")))
    });
    let lent = [zipper.val_at("ax"), zipper.val_at("axy"), zipper.val_at("ayxy"), zipper.val_at("axyxy")];
    assert_eq!(lent, [Some(&1), Some(&2), Some(&2), None]);
    assert!(std::ptr::eq(zipper.val_at("axy").unwrap(), lent[1].unwrap()), "it is not made again");
}

// Prefixes and overlays.

#[test]
fn a_prefix_exists_as_its_source_does() {
    let a = map(&["x"]);
    let mut zipper = PrefixZipper::new(b"ab", a.read_zipper());
    assert!(zipper.path_exists());
    assert_eq!((bytes(zipper.child_mask()), zipper.val_count()), (b"a".to_vec(), 1));
    zipper.descend_to("aZ");
    assert_eq!(
        (zipper.path_exists(), zipper.val_count(), zipper.prefix_path_below_focus()),
        (false, 0, None)
    );
    let absent = PrefixZipper::new(b"ab", a.read_zipper_at_path("nowhere"));
    assert!(!absent.path_exists());
    assert_eq!((absent.child_count(), absent.val_count()), (0, 0));
    let bare = PathMap::<u64>::new();
    let mut bare = PrefixZipper::new(b"ab", bare.read_zipper());
    assert!(bare.descend_to_check("ab"));
}

#[test]
fn the_root_of_a_prefix_may_be_anywhere_in_it() {
    let a = map(&["x"]);
    let mut zipper = PrefixZipper::new(b"site/docs/", a.read_zipper());
    assert_eq!(zipper.set_root_prefix_path(b"side").unwrap_err().path(), b"side");
    assert_eq!(zipper.root_prefix_path(), b"");
    for root in [&b""[..], b"site/", b"site/docs/"] {
        zipper.set_root_prefix_path(root).unwrap();
        assert_eq!(
            (zipper.root_prefix_path(), zipper.prefix_path_below_focus()),
            (root, Some(&b"site/docs/"[root.len()..]))
        );
        assert!(zipper.to_next_val());
        assert_eq!(zipper.origin_path(), b"site/docs/x");
        assert!(zipper.ascend_until() && zipper.at_root());
    }
    let error = PrefixZipper::new(b"ab", a.read_zipper()).with_origin(b"b").unwrap_err();
    assert_eq!(error.to_string(), "the zipper's prefix \"ab\" does not begin with \"b\"");
}

#[test]
fn a_prefix_over_a_real_trie_can_be_grafted() {
    let a = map(&["car", "cart"]);
    let mut source = PrefixZipper::new(b"in/", a.read_zipper_at_path("ca"));
    let mut all = PathMap::new();
    for (at, focus) in [("root/", ""), ("mid/", "in"), ("source/", "in/"), ("below/", "in/r"), ("off/", "x")]
    {
        source.reset();
        source.descend_to(focus);
        all.write_zipper_at_path(at.as_bytes()).graft(&source);
        assert_eq!(source.trie_ref().unwrap().make_map(), source.make_map());
        let expected: PathMap<u64> = source.fork_read_zipper().into_map_by_walking();
        assert!(source.make_map() == expected, "at {focus}");
    }
    let paths: Vec<_> = all.keys().map(|path| String::from_utf8(path.to_vec()).unwrap()).collect();
    let expected =
        ["below/", "below/t", "mid//r", "mid//rt", "root/in/r", "root/in/rt", "source/r", "source/rt"];
    assert_eq!(paths, expected);
    source.reset();
    assert_eq!(source.trie_ref_at_path("in/r").val(), Some(&1));
    assert_eq!(source.trie_ref_at_path("in").val_at("/rt"), Some(&2));
    assert!(!source.trie_ref_at_path("x").path_exists());
}

/// Returns the content at and below a zipper's root.
trait Materialize {
    fn into_map_by_walking(self) -> PathMap<u64>;
}

impl<Z: ZipperMoving + ZipperValues<u64>> Materialize for Z {
    fn into_map_by_walking(mut self) -> PathMap<u64> {
        let mut map = PathMap::new();
        if !self.path_exists() {
            return map;
        }
        loop {
            map.create_path(self.path());
            if let Some(&value) = self.val() {
                map.insert(self.path(), value);
            }
            if !self.to_next_step() {
                return map;
            }
        }
    }
}

#[test]
fn an_overlays_mapping_may_take_values_away() {
    let (a, b) = (map(&["x", "y"]), map(&["y", "z"]));
    /// Methods that only one of the zippers has.
    fn either<'a>(a: Option<&'a u64>, b: Option<&'a u64>) -> Option<&'a u64> {
        match (a, b) {
            (Some(_), Some(_)) => None,
            (a, b) => a.or(b),
        }
    }
    let mut zipper = OverlayZipper::with_mapping(a.read_zipper(), b.read_zipper(), either);
    assert_eq!((values(zipper.clone()), zipper.val_count()), (vec!["x".into(), "z".into()], 2));
    zipper.descend_to("y");
    assert!(zipper.path_exists() && !zipper.is_val());
    assert_eq!(zipper.to_next_get_val(), Some(&2));
}

// Views of algebra.

#[test]
fn a_view_shows_what_the_maps_make() {
    let mut a = map(&["", "ab", "abc", "b/x", "same", "deep/er/est"]);
    let mut b = map(&["ab", "b", "q", "same"]);
    a.insert("same", 5);
    b.insert("same", 5);
    for tip in ["tip", "mine", "q/tip"] {
        a.create_path(tip);
    }
    for tip in ["tip", "deep/er", "q/tip"] {
        b.create_path(tip);
    }
    let (za, zb) = (a.read_zipper(), b.read_zipper());
    assert!(JoinZipper::new(za.clone(), zb.clone()).into_map_by_walking() == a.join(&b));
    assert!(MeetZipper::new(za.clone(), zb.clone()).into_map_by_walking() == a.meet(&b));
    assert!(SubtractZipper::new(za.clone(), zb.clone()).into_map_by_walking() == a.subtract(&b));
    assert!(RestrictZipper::new(za, zb).into_map_by_walking() == a.restrict(&b));
}

#[test]
fn values_that_are_made_are_lent_until_the_zipper_moves() {
    type Set = BTreeSet<u8>;
    let a: PathMap<Set> = [("x", Set::from([1, 2])), ("y", Set::from([3]))].into_iter().collect();
    let b: PathMap<Set> = [("x", Set::from([2, 3])), ("y", Set::from([3, 4]))].into_iter().collect();
    let (za, zb) = (a.read_zipper(), b.read_zipper());
    let join = JoinZipper::new(za.clone(), zb.clone());
    let lent = [join.val_at("x"), join.val_at("y"), join.val_at("x"), join.val_at("z")];
    assert_eq!(lent, [Some(&Set::from([1, 2, 3])), Some(&Set::from([3, 4])), lent[0], None]);
    assert!(std::ptr::eq(lent[0].unwrap(), lent[2].unwrap()), "it is made once");
    assert!(std::ptr::eq(lent[1].unwrap(), b.get("y").unwrap()), "what is the operand's is lent by it");
    let mut meet = MeetZipper::new(za.clone(), zb.clone());
    meet.descend_to("x");
    assert_eq!(meet.val(), Some(&Set::from([2])));
    meet.reset();
    meet.descend_to("y");
    assert_eq!(meet.val(), Some(&Set::from([3])));
    let less = SubtractZipper::new(za, zb);
    assert_eq!((less.val_at("x"), less.val_at("y")), (Some(&Set::from([1])), None));
    assert_eq!(values(less), ["x"]);
}

#[test]
fn readers_of_one_view_may_ask_at_once() {
    let a: PathMap<Sum<u64>> = (0..64u64).map(|i| ([i as u8, 1, 2], Sum(i))).collect();
    let b: PathMap<Sum<u64>> = (0..64u64).step_by(2).map(|i| ([i as u8, 1, 2], Sum(100))).collect();
    let join = JoinZipper::new(a.read_zipper(), b.read_zipper());
    let meet = MeetZipper::new(a.read_zipper(), b.read_zipper());
    let ask = || {
        (0..64u8).for_each(|i| {
            let sum = u64::from(i) + if i % 2 == 0 { 100 } else { 0 };
            assert_eq!(join.val_at([i, 1, 2]), Some(&Sum(sum)));
        });
        assert_eq!(meet.child_mask(), (0..64u8).step_by(2).collect::<ByteMask>());
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        readers.into_iter().for_each(|reader| reader.join().unwrap());
    });
}

/// A value whose operations panic on demand.
#[derive(Clone, Debug, PartialEq)]
struct Fuse(u64);

static LIT: AtomicUsize = AtomicUsize::new(0);

impl Lattice for Fuse {
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(SELF_IDENT)
    }
    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        assert_eq!(LIT.load(Ordering::Relaxed), 0, "chosen to panic");
        AlgebraicResult::Identity(SELF_IDENT)
    }
}

#[test]
fn a_view_survives_a_value_that_panics() {
    let a: PathMap<Fuse> = ["aa", "ab", "b"].into_iter().map(|path| (path, Fuse(1))).collect();
    let mut meet = MeetZipper::new(a.read_zipper(), a.read_zipper());
    LIT.store(1, Ordering::Relaxed);
    let asked = catch_unwind(AssertUnwindSafe(|| meet.child_mask()));
    let moved = catch_unwind(AssertUnwindSafe(|| meet.descend_first_byte()));
    LIT.store(0, Ordering::Relaxed);
    assert!(asked.is_err() && moved.is_err());
    assert_eq!(
        (bytes(meet.child_mask()), values(meet.clone())),
        (b"ab".to_vec(), vec!["aa".into(), "ab".into(), "b".into()])
    );
    assert!(meet.to_next_step());
    assert_eq!(meet.path(), b"a");
}

/// A value that counts calls of its lattice.
#[derive(Clone, Debug, PartialEq)]
struct Asked;

static ASKED: AtomicUsize = AtomicUsize::new(0);

impl Lattice for Asked {
    fn pjoin(&self, _: &Self) -> AlgebraicResult<Self> {
        AlgebraicResult::Identity(SELF_IDENT)
    }
    fn pmeet(&self, _: &Self) -> AlgebraicResult<Self> {
        ASKED.fetch_add(1, Ordering::Relaxed);
        AlgebraicResult::None
    }
}

#[test]
fn a_walk_looks_at_what_is_dead_once() {
    // A comb: at each tooth, a thousand pairs of values that annihilate each other, and one path
    // that dangles in both maps.
    let mut map = PathMap::new();
    for tooth in 0..100u8 {
        for i in 0..100u8 {
            map.insert([tooth, 1, i], Asked);
        }
        map.create_path([tooth, 2]);
    }
    ASKED.store(0, Ordering::Relaxed);
    let mut meet = MeetZipper::new(map.read_zipper(), map.read_zipper());
    let mut steps = 0;
    while meet.to_next_step() {
        steps += 1;
    }
    assert_eq!(steps, 200);
    let asked = ASKED.load(Ordering::Relaxed);
    assert!((10_000..20_000).contains(&asked), "10,000 pairs, asked {asked} times");
}

/// Below each byte of the first factor hangs a node that holds the value at its root and no more.
#[test]
fn factors_follow_nodes_that_hold_only_a_value() {
    let value = PathMap::single("", 1u64);
    let mut first = PathMap::new();
    for byte in [b"a", b"b", b"c"] {
        first.write_zipper_at_path(byte).graft_map(value.clone());
    }
    let second = PathMap::from([("xy", 2u64), ("z", 3)]);
    let mut product = ProductZipper::new(first.read_zipper(), [second.read_zipper()]);
    let mut found = Vec::new();
    let mut more = product.descend_first_k_path(2);
    while more {
        found.push(String::from_utf8(product.path().to_vec()).unwrap());
        more = product.to_next_k_path(2);
    }
    assert_eq!(found, ["ax", "az", "bx", "bz", "cx", "cz"]);
    assert!(product.at_root());
    let mut values = Vec::new();
    while product.to_next_val() {
        values.push((String::from_utf8(product.path().to_vec()).unwrap(), *product.val().unwrap()));
    }
    let below =
        |byte: &str| [("", 1), ("xy", 2), ("z", 3)].map(|(rest, value)| ([byte, rest].concat(), value));
    assert_eq!(values, ["a", "b", "c"].map(below).concat());
}
