//! Counting by a walk, where nobody knows better.

use crate::zipper::traits::ZipperMoving;

/// Visits each location at the focus and below. The zipper is left wherever that ends.
pub(super) fn for_each_location<Z: ZipperMoving>(mut zipper: Z, mut visit: impl FnMut(&Z)) {
    if !zipper.path_exists() {
        return;
    }
    visit(&zipper);
    let start = zipper.path().len();
    // A step that leaves what is below the focus is one to a sibling of the focus or of an
    // ancestor.
    while zipper.to_next_step() && zipper.path().len() > start {
        visit(&zipper);
    }
}

/// The number of values at the focus and below. O(locations there).
pub(super) fn count_values<Z: ZipperMoving>(zipper: Z) -> usize {
    let mut values = 0;
    for_each_location(zipper, |zipper| values += zipper.is_val() as usize);
    values
}

/// The number of tips at the focus and below: as the zipper tells, or else by a walk, which is
/// O(locations there).
pub(super) fn count_tips<Z: ZipperMoving + Clone>(zipper: &Z) -> usize {
    zipper.tip_count().unwrap_or_else(|| {
        let mut tips = 0;
        for_each_location(zipper.clone(), |zipper| tips += (zipper.child_count() == 0) as usize);
        tips
    })
}
