//! The movement suite on the zippers of packed tries.

use bytetrie::PathMap;
use bytetrie::zipper::*;

use crate::movement_suite;
use crate::movement_suite::{BothWays, KPaths, OneCase, Reserved, Scene, Walk};
use crate::packed;

movement_suite!(borrowed, |map, root, walk| walk.walk(packed(&map).read_zipper_at_path(root)));
movement_suite!(shared, |map, root, walk| walk.walk(packed(&map).into_read_zipper(root)));
movement_suite!(fork_of_borrowed, |map, root, walk| {
    let packed = packed(&map);
    let mut zipper = packed.read_zipper();
    zipper.descend_to(root);
    walk.walk(zipper.fork_read_zipper());
});
movement_suite!(fork_of_shared, |map, root, walk| {
    let (above, below) = root.split_at(root.len() / 2);
    let mut zipper = packed(&map).into_read_zipper(above);
    zipper.descend_to(below);
    walk.walk(zipper.fork_read_zipper());
});
movement_suite!(clone_of_borrowed, |map, root, walk| {
    walk.walk(packed(&map).read_zipper_at_path(root).clone())
});
