//! Iteration over the locations at one depth, by moves of any zipper.

use super::ZipperMoving;

/// Descends from a focus `at` bytes below an ancestor to the first location at or below the focus
/// that is `k` bytes below the ancestor.
pub(super) fn first_at_depth<Z: ZipperMoving + ?Sized>(z: &mut Z, k: usize, at: usize) -> bool {
    let mut depth = at;
    while depth < k {
        if z.descend_first_byte() {
            depth += 1;
        } else if depth == at {
            return false;
        } else {
            // A tip that is too short: the search continues with its siblings, below the start.
            while !z.to_next_sibling_byte() {
                z.ascend_byte();
                depth -= 1;
                if depth == at {
                    return false;
                }
            }
        }
    }
    true
}

/// Moves from a focus `at` bytes below an ancestor to the next location that is `k` bytes below
/// the ancestor.
pub(super) fn next_at_depth<Z: ZipperMoving + ?Sized>(z: &mut Z, k: usize, at: usize) -> bool {
    let mut depth = at;
    while depth > 0 {
        if z.to_next_sibling_byte() {
            if first_at_depth(z, k, depth) {
                return true;
            }
        } else {
            z.ascend_byte();
            depth -= 1;
        }
    }
    false
}
