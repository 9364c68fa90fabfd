//! The movement suite on nested zippers: each kind within each other kind.

use bytetrie::PathMap;
use bytetrie::zipper::*;

use super::any::Any;
use super::movement_suite::{self, BothWays, KPaths, OneCase, Reserved, Row, Scene, Walk};

type Shown = Any<'static, u64>;

/// A way to wrap a zipper in another one of equal content.
type Guise = fn(Shown) -> Shown;

fn empty() -> Shown {
    Any::Empty(EmptyZipper::new())
}

/// Returns the root of `zipper` without children, as a product has it at its first seam.
fn root_of(zipper: &Shown) -> Shown {
    let mut map = PathMap::new();
    match (zipper.path_exists(), zipper.val()) {
        (false, _) => return empty(),
        (true, Some(&value)) => drop(map.insert("", value)),
        (true, None) => {}
    }
    Any::Map(map.into_read_zipper(b""))
}

/// A map with only a bare root.
fn unit() -> Shown {
    Any::Map(PathMap::new().into_read_zipper(b""))
}

/// Paths that are in no scene.
fn beside(byte: u8) -> Shown {
    let mut beside = PathMap::new();
    beside.insert([b'J', byte], 77);
    beside.insert([b'J', byte, 0], 78);
    beside.create_path([1, byte]);
    Any::Map(beside.into_read_zipper(b""))
}

/// Returns `zipper` with additional paths.
fn more(zipper: Shown, byte: u8) -> Shown {
    if zipper.path_exists() { Any::overlay(zipper, beside(byte)) } else { zipper }
}

const GUISES: [(&str, Guise); 15] = [
    ("one factor", Any::one),
    ("a prefix of nothing", |z| Any::prefix(b"", z)),
    ("a fork below a prefix", |z| Any::fork(Any::prefix(b"below", z), b"below")),
    ("a product of it and units", |z| Any::product(z, vec![unit(), unit()])),
    ("a product of its root and it", |z| Any::product(root_of(&z), vec![unit(), z, unit()])),
    ("a product of it and nothing", |z| Any::product(z, vec![empty(), unit()])),
    ("a dependent product of it", |z| Any::dependent(z, vec![unit(), empty()])),
    ("it laid over itself", |z| Any::overlay(z.clone(), z)),
    ("it laid under nothing", |z| Any::overlay(empty(), z)),
    ("the join with itself", |z| Any::join(z.clone(), z)),
    ("the join with nothing", |z| Any::join(z, empty())),
    ("the meet with itself", |z| Any::meet(z.clone(), z)),
    ("the meet of more and other more", |z| Any::meet(more(z.clone(), 0), more(z, 255))),
    ("what is more less the more", |z| Any::subtract(more(z, 3), beside(3))),
    ("the restriction to all", |z| {
        let mut all = PathMap::new();
        match z.is_val() {
            true => drop(all.insert("", 0)),
            false => all.extend(z.child_mask().iter().map(|byte| ([byte], 0))),
        }
        Any::restrict(z, Any::Map(all.into_read_zipper(b"")))
    }),
];

fn rows() -> Vec<Row> {
    use movement_suite::*;
    vec![
        reset(),
        descend_to(),
        descend_to_check(),
        descend_to_existing(),
        descend_to_val(),
        descend_to_byte(),
        descend_to_existing_byte(),
        descend_indexed_byte(),
        descend_first_byte(),
        descend_last_byte(),
        descend_until(),
        descend_until_max_bytes(),
        ascend(),
        ascend_byte(),
        ascend_until(),
        ascend_until_branch(),
        to_next_sibling_byte(),
        to_prev_sibling_byte(),
        move_to_path(),
        to_next_step(),
        to_next_val(),
        to_prev_step(),
        to_prev_val(),
        descend_last_path(),
        descend_first_k_path(),
        to_next_k_path(),
    ]
}

fn base(scene: &Scene) -> Shown {
    Any::Map(scene.map.clone().into_read_zipper(&scene.root))
}

/// Rows of the table for one kind within each kind, including itself. The cases are divided among
/// the inner kinds.
fn in_each(outer: Guise) {
    let rows = rows();
    for (dealt, (_, inner)) in GUISES.into_iter().enumerate() {
        // Long edges are skipped, because moving byte by byte is slow. The suite tests them for
        // each kind alone.
        for (scene, cases) in rows.iter().flatten().filter(|(scene, _)| scene.map.val_count() != 3) {
            for case in cases.iter().skip(dealt % 8).step_by(8) {
                let one = OneCase { model: scene.model.clone(), root: &scene.root, case };
                one.walk(outer(inner(base(scene))));
            }
        }
        for root in [&b""[..], b"ab"] {
            let scene = movement_suite::standard(root);
            let zipper = outer(inner(base(&scene)));
            BothWays { model: scene.model.clone(), root: root.to_vec() }.walk(zipper.clone());
            for k in [1, 3] {
                KPaths { model: scene.model.clone(), root: root.to_vec(), k }.walk(zipper.clone());
            }
            Reserved.walk(zipper);
        }
    }
}

macro_rules! nested {
    ($($name:ident: $i:literal,)*) => {
        $(
            #[test]
            fn $name() {
                in_each(GUISES[$i].1);
            }
        )*

        #[test]
        fn all_are_nested() {
            assert_eq!([$($i,)*], std::array::from_fn(|i| i));
            assert_eq!([$($i,)*].len(), GUISES.len());
            let mut names: Vec<_> = GUISES.iter().map(|(name, _)| name).collect();
            names.dedup();
            assert_eq!(names.len(), GUISES.len());
        }
    };
}

nested! {
    one_factor: 0,
    prefix_of_nothing: 1,
    fork_below_a_prefix: 2,
    product_with_units: 3,
    product_of_root_and_it: 4,
    product_with_nothing: 5,
    dependent: 6,
    overlay_of_itself: 7,
    overlay_under_nothing: 8,
    join_with_itself: 9,
    join_with_nothing: 10,
    meet_with_itself: 11,
    meet_of_more: 12,
    subtract_of_more: 13,
    restriction_to_all: 14,
}
