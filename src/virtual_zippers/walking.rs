//! Counting by a walk, for zippers without a faster way.

use crate::zipper::traits::ZipperMoving;

/// Visits each location at the focus and below.
pub(super) fn for_each_location<Z: ZipperMoving>(mut zipper: Z, mut visit: impl FnMut(&Z)) {
    if !zipper.path_exists() {
        return;
    }
    visit(&zipper);
    let start = zipper.path().len();
    // A step that leaves the subtrie moves to a sibling of the start or of an ancestor.
    while zipper.to_next_step() && zipper.path().len() > start {
        visit(&zipper);
    }
}

/// The number of values at the focus and below. Takes O(locations there).
pub(super) fn count_values<Z: ZipperMoving>(zipper: Z) -> usize {
    let mut values = 0;
    for_each_location(zipper, |zipper| values += zipper.is_val() as usize);
    values
}

/// The number of tips at the focus and below. Takes O(locations there).
pub(super) fn count_tips<Z: ZipperMoving>(zipper: Z) -> usize {
    let mut tips = 0;
    for_each_location(zipper, |zipper| tips += (zipper.child_count() == 0) as usize);
    tips
}
