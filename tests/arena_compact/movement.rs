//! The movement suite on the zippers of trees of both formats.

use bytetrie::PathMap;
use bytetrie::zipper::*;

use crate::encode::Style;
use crate::movement_suite;
use crate::movement_suite::{BothWays, KPaths, OneCase, Reserved, Scene, Walk};
use crate::{arena, tree};

movement_suite!(packed, |map, root, walk| walk.walk(tree(&map).read_zipper_at_path_u64(root)));
movement_suite!(fork_of_packed, |map, root, walk| {
    let tree = tree(&map);
    let mut zipper = tree.read_zipper_u64();
    zipper.descend_to(root);
    walk.walk(zipper.fork_read_zipper());
});
movement_suite!(whole, |map, root, walk| {
    walk.walk(arena(&map, Style::Whole).read_zipper_at_path_u64(root));
});
movement_suite!(split, |map, root, walk| {
    walk.walk(arena(&map, Style::Split).read_zipper_at_path_u64(root));
});
movement_suite!(fork_of_whole, |map, root, walk| {
    let tree = arena(&map, Style::Whole);
    let mut zipper = tree.read_zipper_u64();
    zipper.descend_to(root);
    walk.walk(zipper.fork_read_zipper());
});
movement_suite!(clone_of_split, |map, root, walk| {
    let (above, below) = root.split_at(root.len() / 2);
    let tree = arena(&map, Style::Split);
    let mut zipper = tree.read_zipper_at_path_u64(above);
    zipper.descend_to(below);
    walk.walk(zipper.fork_read_zipper().clone());
});
