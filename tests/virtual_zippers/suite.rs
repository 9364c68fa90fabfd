//! The movement suite on each kind of virtual zipper, alone and nested, and compared with the
//! tries that they represent.

use bytetrie::PathMap;
use bytetrie::algebra::Expression;
use bytetrie::zipper::*;

use crate::movement_suite;
use crate::movement_suite::{BothWays, KPaths, OneCase, Reserved, Scene, Walk};

/// Creates a map with the root value only, if any.
fn root_of(map: &PathMap<u64>, root: &[u8]) -> PathMap<u64> {
    map.get(root).map(|&value| PathMap::single("", value)).unwrap_or_default()
}

/// Returns a reader of the location at `root` without its children, if the location exists.
pub(crate) fn seam(map: &PathMap<u64>, root: &[u8]) -> ReadZipperOwned<u64> {
    match map.path_exists_at(root) {
        true => root_of(map, root).into_read_zipper(b""),
        false => PathMap::new().into_read_zipper(b"absent"),
    }
}

/// Returns the content of `map` at and below `root`, down to `depth` bytes.
fn cut(map: &PathMap<u64>, root: &[u8], depth: usize) -> ReadZipperOwned<u64> {
    if depth == usize::MAX {
        return map.clone().into_read_zipper(root);
    }
    let mut cut = PathMap::new();
    let mut zipper = map.read_zipper_at_path(root);
    if !zipper.path_exists() {
        return cut.into_read_zipper(b"absent");
    }
    loop {
        cut.create_path(zipper.path());
        if let Some(&value) = zipper.val() {
            cut.set_val_at(zipper.path(), value);
        }
        if zipper.path().len() < depth && zipper.descend_first_byte() {
            continue;
        }
        while !zipper.to_next_sibling_byte() {
            if !zipper.ascend_byte() {
                return cut.into_read_zipper(b"");
            }
        }
    }
}

/// The path length from which on the piece is the last one, because a seam at each byte of a long
/// edge is slow.
const PIECES: usize = 12;

/// The map as a product of pieces of `depth` bytes. At the end of each piece, the next one is
/// chosen by the path.
fn pieces(map: PathMap<u64>, root: &[u8], depth: usize) -> impl movement_suite::Cursor + use<> {
    let (primary, root) = (cut(&map, root, depth), root.to_vec());
    DependentProductZipperG::new_enroll(primary, (), move |(), path: &[u8], _| {
        let depth = if path.len() < PIECES { depth } else { usize::MAX };
        ((), Some(cut(&map, &[&root, path].concat(), depth)))
    })
}

/// Splits a map in two: the values alternate, and dangling paths are in the first.
fn halves(map: &PathMap<u64>) -> [PathMap<u64>; 2] {
    let mut halves = [map.clone(), PathMap::new()];
    for (i, (path, &value)) in map.iter().enumerate() {
        if i % 2 == 1 {
            halves[0].remove(&path);
            halves[1].insert(&path, value);
        }
    }
    halves
}

fn only_first<'a>(first: Option<&'a u64>, _: Option<&'a ()>) -> Option<&'a u64> {
    first
}

movement_suite!(product_of_one, |map, root, walk| {
    walk.walk(ProductZipper::new_with_primary(map.read_zipper_at_path(root)))
});
movement_suite!(product_of_one_tracked, |map, root, walk| {
    let head = map.zipper_head();
    walk.walk(ProductZipper::new_with_primary(head.read_zipper_at_path(root).unwrap()))
});
movement_suite!(product_of_one_place, |map, root, walk| {
    let place = map.trie_ref_at_path(root);
    walk.walk(ProductZipper::new_with_primary(place.fork_read_zipper()))
});
movement_suite!(product_behind_its_root, |map, root, walk| {
    let unit = PathMap::new();
    let mut product = ProductZipper::new(seam(&map, root), [unit.read_zipper()]);
    product.new_factors([map.read_zipper_at_path(root)]);
    product.new_factors([unit.trie_ref_at_path(b"")]);
    walk.walk(product)
});
movement_suite!(product_g_of_one, |map, root, walk| {
    let none: [ReadZipperOwned<u64>; 0] = [];
    walk.walk(ProductZipperG::new(map.read_zipper_at_path(root), none))
});
movement_suite!(product_g_behind_its_root, |map, root, walk| {
    let unit = || PathMap::new().into_read_zipper(b"");
    let others = [unit(), map.clone().into_read_zipper(root), unit(), unit()];
    walk.walk(ProductZipperG::new(seam(&map, root), others))
});
movement_suite!(dependent_of_bytes, |map, root, walk| walk.walk(pieces(map, root, 1)));
movement_suite!(dependent_of_pieces, |map, root, walk| walk.walk(pieces(map, root, 3)));
movement_suite!(one_factor, |map, root, walk| walk.walk(OneFactor::new(map.read_zipper_at_path(root))));
movement_suite!(borrowed, |map, root, walk| walk.walk(map.read_zipper_at_path(root)));
movement_suite!(prefix_before_its_root, |map, root, walk| {
    let zipper = PrefixZipper::new([b"site/", root].concat(), map.read_zipper_at_path(root));
    walk.walk(zipper.with_origin([b"site/", root].concat()).unwrap())
});
movement_suite!(prefix_of_a_fork, |map, root, walk| {
    let mut zipper = PrefixZipper::new(b"site/", map.read_zipper());
    zipper.descend_to([b"site/", root].concat());
    walk.walk(zipper.fork_read_zipper())
});
movement_suite!(overlay, |map, root, walk| {
    let [a, b] = halves(&map);
    walk.walk(OverlayZipper::new(a.read_zipper_at_path(root), b.read_zipper_at_path(root)))
});
movement_suite!(overlay_with_mapping, |map, root, walk| {
    // The second zipper has a value everywhere, which is ignored.
    let others: PathMap<()> = map.iter().map(|(path, _)| (path, ())).collect();
    let (a, b) = (map.read_zipper_at_path(root), others.read_zipper_at_path(root));
    walk.walk(OverlayZipper::with_mapping(a, b, only_first))
});
movement_suite!(join, |map, root, walk| {
    let [a, b] = halves(&map);
    walk.walk(JoinZipper::new(a.read_zipper_at_path(root), b.read_zipper_at_path(root)))
});
movement_suite!(meet, |map, root, walk| {
    walk.walk(MeetZipper::new(map.read_zipper_at_path(root), map.read_zipper_at_path(root)))
});
movement_suite!(subtract, |map, root, walk| {
    let [a, b] = halves(&map);
    let less = JoinZipper::new(b.read_zipper_at_path(root), a.read_zipper_at_path(root));
    let other = PathMap::from_iter([("x", 0)]);
    walk.walk(SubtractZipper::new(less, other.read_zipper()))
});
movement_suite!(restrict, |map, root, walk| {
    let all: PathMap<()> = match map.get(root) {
        Some(_) => PathMap::single("", ()),
        None => map.read_zipper_at_path(root).child_mask().iter().map(|byte| ([byte], ())).collect(),
    };
    walk.walk(RestrictZipper::new(map.read_zipper_at_path(root), all.read_zipper()))
});
movement_suite!(expression, |map, root, walk| {
    // What two of three maps have: a path of the map, or none.
    let [a, b] = halves(&map);
    let maps = [&a, &b, &map];
    let two = Expression::at_least(2, Expression::operands::<3>());
    walk.walk(ExpressionZipper::over(&two, maps.map(|map| map.read_zipper_at_path(root))))
});
movement_suite!(expression_of_all, |map, root, walk| {
    let [a, b] = halves(&map);
    let [x, y, z] = Expression::operands();
    let maps = [a, b, PathMap::from_iter([("x", 0)])];
    walk.walk(ExpressionZipper::over(
        &((x | y) - z),
        maps.each_ref().map(|map| map.read_zipper_at_path(root)),
    ))
});
movement_suite!(fork_of_expression, |map, root, walk| {
    let [a, b] = halves(&map);
    let [x, y] = Expression::operands();
    let mut zipper = ExpressionZipper::over(&(x | y), [&a, &b].map(PathMap::read_zipper));
    zipper.descend_to(root);
    walk.walk(zipper.fork_read_zipper())
});
movement_suite!(fork_of_product, |map, root, walk| {
    let mut zipper = DependentProductZipperG::new_enroll(cut(&map, b"", 2), (), |(), path: &[u8], _| {
        ((), Some(cut(&map, path, if path.len() < PIECES { 2 } else { usize::MAX })))
    });
    zipper.descend_to(root);
    walk.walk(zipper.fork_read_zipper())
});
movement_suite!(fork_of_join, |map, root, walk| {
    let [a, b] = halves(&map);
    let mut zipper = JoinZipper::new(a.read_zipper(), b.read_zipper());
    zipper.descend_to(root);
    let fork = zipper.fork_read_zipper();
    walk.walk(fork.fork_read_zipper())
});
movement_suite!(either_of_two, |map, root, walk| {
    type Either<'a> = EitherZipper<ReadZipperUntracked<'a, 'a, u64>, EmptyZipper>;
    match map.path_exists_at(root) {
        true => walk.walk(Either::Left(map.read_zipper_at_path(root))),
        false => walk.walk(Either::Right(EmptyZipper::new())),
    }
});
