//! The one path of a product of real tries: what it holds, and where, while factors are entered and
//! left.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytetrie::PathMap;
use bytetrie::testing::keys::Rng;
use bytetrie::zipper::*;

fn map(paths: &[&str]) -> PathMap<u64> {
    paths.iter().zip(1..).map(|(path, value)| (*path, value)).collect()
}

/// Checks that two zippers show the same at their foci.
#[track_caller]
fn same<A, B>(product: &A, generic: &B)
where
    A: ZipperMoving + ZipperValues<u64> + ZipperProduct,
    B: ZipperMoving + ZipperValues<u64> + ZipperProduct,
{
    assert_eq!(product.path(), generic.path());
    assert_eq!(product.origin_path(), generic.origin_path());
    assert_eq!(product.root_prefix_path(), generic.root_prefix_path());
    assert_eq!(product.path_indices(), generic.path_indices());
    assert_eq!((product.path_exists(), product.val()), (generic.path_exists(), generic.val()));
    assert_eq!((product.child_mask(), product.val_count()), (generic.child_mask(), generic.val_count()));
    for key in ["", "a", "ab", "b1", "1", "12x"] {
        assert_eq!(product.val_at(key), generic.val_at(key), "{key}");
    }
}

/// Makes the same random moves with both zippers.
fn wander<A, B>(product: &mut A, generic: &mut B, rng: &mut Rng)
where
    A: ZipperMoving + ZipperValues<u64> + ZipperProduct,
    B: ZipperMoving + ZipperValues<u64> + ZipperProduct,
{
    const KEYS: [&str; 6] = ["a", "ab", "b", "1", "12", "x1a"];
    let key = KEYS[rng.below(KEYS.len())];
    let k = 1 + rng.below(3);
    macro_rules! both {
        ($zipper:ident => $call:expr) => {{
            let ours = {
                let $zipper = &mut *product;
                $call
            };
            let $zipper = &mut *generic;
            assert_eq!(ours, $call);
        }};
    }
    match rng.below(14) {
        0 => both!(zipper => zipper.descend_to_check(key)),
        1 => both!(zipper => zipper.descend_to_existing(key)),
        2 => both!(zipper => zipper.descend_first_byte()),
        3 => both!(zipper => zipper.descend_to_existing_byte(key.as_bytes()[0])),
        4 => both!(zipper => zipper.ascend(k)),
        5 => both!(zipper => zipper.ascend_byte()),
        6 => both!(zipper => zipper.to_next_sibling_byte()),
        7 => both!(zipper => zipper.to_prev_sibling_byte()),
        8 => both!(zipper => zipper.to_next_step()),
        9 => both!(zipper => zipper.to_next_val()),
        10 => both!(zipper => zipper.descend_first_k_path(k)),
        11 => both!(zipper => zipper.to_next_k_path(k)),
        12 => both!(zipper => zipper.ascend_until()),
        _ => both!(zipper => zipper.descend_until()),
    }
}

/// Compares with the product that repeats each move in the path of the primary factor. Factors
/// start at roots of nodes, inside nodes, and at a tip.
#[test]
fn a_shared_path_shows_what_a_mirrored_one_does() {
    let (mut rng, mut deepest) = (Rng::new(7), 0);
    let primary = map(&["pre/a", "pre/ab", "pre/b1", "pre/b2", "pre/x"]);
    let second = map(&["in1", "in12", "inab", "ina", "inb", "out"]);
    let third = map(&["a", "b", "x1"]);
    for (prefix, inner) in [("pre/", "in"), ("pre", "i"), ("", ""), ("pre/b", "in1"), ("pre/", "inb")] {
        let first = || primary.read_zipper_at_path(prefix);
        let others = || [second.read_zipper_at_path(inner), third.read_zipper(), second.read_zipper()];
        let mut product = ProductZipper::new(first(), others());
        let mut generic = ProductZipperG::new(first(), others());
        for _ in 0..if cfg!(miri) { 40 } else { 4_000 } {
            wander(&mut product, &mut generic, &mut rng);
            same(&product, &generic);
            deepest = deepest.max(product.focus_factor());
            if rng.below(50) == 0 {
                same(&product.clone(), &generic);
                product.reset();
                generic.reset();
            }
        }
    }
    assert!(cfg!(miri) || deepest == 3, "no walk has reached the last factor");
}

/// The buffer of the path is the one that was reserved, whichever factor holds it.
#[test]
fn the_path_stays_where_it_is() {
    let (first, last) = (map(&["ab", "cd"]), map(&["1", "2"]));
    let mut product = ProductZipper::new(first.read_zipper(), [last.read_zipper(), last.read_zipper()]);
    product.reserve_buffers(64, 8);
    let at = product.path().as_ptr();
    while product.to_next_step() {
        assert_eq!(product.path().as_ptr(), at);
    }
    assert_eq!(product.path().as_ptr(), at);
}

/// The iterator of the new factors may panic.
#[test]
fn a_panic_while_factors_are_appended_leaves_the_product_as_it_was() {
    let (first, last) = (map(&["a", "b"]), map(&["1", "2"]));
    let mut product = ProductZipper::new_with_primary(first.read_zipper());
    product.descend_to("a");
    let factors = (0..3).map(|i| if i < 2 { last.read_zipper() } else { panic!("no third factor") });
    catch_unwind(AssertUnwindSafe(|| product.new_factors(factors))).unwrap_err();
    assert_eq!((product.factor_count(), product.focus_factor(), product.path()), (1, 0, &b"a"[..]));
    assert_eq!((product.child_count(), product.val()), (0, Some(&1)));
    product.new_factors([last.read_zipper()]);
    assert_eq!((product.factor_count(), product.child_count()), (2, 2));
}
