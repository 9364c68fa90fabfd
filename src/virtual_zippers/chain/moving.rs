//! Movement: each move is one of the factor of the focus, or of several in turn.

use super::{Chain, CountedFactors};
use crate::zipper::traits::*;

/// The result of [`Chain::step_in_last`].
enum FactorStep {
    /// The focus is the next location.
    There,
    /// The factor has no next location. It was left, and the focus is its seam.
    Left,
    /// The product has no next location. The focus is the root.
    Done,
}

impl<P: ZipperMoving, L: CountedFactors<P>> ZipperMoving for Chain<P, L> {
    #[inline]
    fn path(&self) -> &[u8] {
        self.whole_path()
    }

    fn val_count(&self) -> usize {
        L::val_count(self)
    }

    fn tip_count(&self) -> Option<usize> {
        L::tip_count(self)
    }

    fn reset(&mut self) {
        self.rest.moves();
        self.leave(1);
        self.primary.reset();
        self.enter();
    }

    fn descend_to<K: AsRef<[u8]>>(&mut self, k: K) {
        self.descend_to_check(k);
    }

    fn descend_to_check<K: AsRef<[u8]>>(&mut self, k: K) -> bool {
        let mut key = k.as_ref();
        if key.is_empty() {
            return self.path_exists();
        }
        self.rest.moves();
        while self.rest.may_follow(self.seams.len()) {
            match in_last!(self, zipper => zipper.descend_to_check_or_tip(key)) {
                Ok(exists) => {
                    self.extend(key);
                    return exists;
                }
                Err(moved) => {
                    self.extend(&key[..moved]);
                    key = &key[moved..];
                    let entered = self.enter();
                    if key.is_empty() {
                        return true;
                    }
                    if !entered {
                        break;
                    }
                }
            }
        }
        self.extend(key);
        in_last!(self, zipper => zipper.descend_to_check(key))
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        let key = k.as_ref();
        self.rest.moves();
        let mut moved = 0;
        loop {
            let left = &key[moved..];
            let more = in_last!(self, zipper => zipper.descend_to_existing(left));
            self.extend(&left[..more]);
            moved += more;
            if !self.enter() || moved == key.len() {
                return moved;
            }
        }
    }

    #[inline]
    fn descend_to_byte(&mut self, k: u8) {
        self.rest.moves();
        in_last!(self, zipper => zipper.descend_to_byte(k));
        self.extend(&[k]);
        self.enter();
    }

    #[inline]
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        self.rest.moves();
        let moved = in_last!(self, zipper => zipper.descend_to_existing_byte(k));
        if moved {
            self.extend(&[k]);
            self.enter();
        }
        moved
    }

    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        self.rest.moves();
        descend!(self, zipper => zipper.descend_indexed_byte(idx))
    }

    #[inline]
    fn descend_first_byte(&mut self) -> bool {
        self.rest.moves();
        descend!(self, zipper => zipper.descend_first_byte())
    }

    fn descend_last_byte(&mut self) -> bool {
        self.rest.moves();
        descend!(self, zipper => zipper.descend_last_byte())
    }

    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        self.rest.moves();
        let start = self.path().len();
        loop {
            let left = max_bytes - (self.path().len() - start);
            let entered = self.seams.len();
            let moved = left > 0 && descend!(self, zipper => zipper.descend_until_max_bytes(left));
            // At a seam without a value, the move continues in the next factor.
            if !moved || self.seams.len() == entered || self.is_val() {
                return self.path().len() > start;
            }
        }
    }

    #[inline]
    fn ascend(&mut self, steps: usize) -> bool {
        self.rest.moves();
        if L::SHARES_PATH && in_last!(self, zipper => ascend_within(zipper, steps)) {
            return true;
        }
        let depth = self.whole_path().len();
        match self.seams.last() {
            Some(&seam) if steps <= depth - seam => {
                self.rest.get_mut(self.seams.len() - 1).ascend(steps);
                self.primary.ascend(steps)
            }
            None => self.primary.ascend(steps),
            // The move leaves the last factor.
            Some(_) => {
                self.ascend_far(depth - steps.min(depth));
                steps <= depth
            }
        }
    }

    #[inline]
    fn ascend_byte(&mut self) -> bool {
        self.rest.moves();
        match self.seams.last() {
            _ if L::SHARES_PATH => {
                in_last!(self, zipper => zipper.ascend_byte()) || !self.seams.is_empty() && self.ascend(1)
            }
            Some(&seam) if seam < self.whole_path().len() => {
                self.rest.get_mut(self.seams.len() - 1).ascend_byte();
                self.primary.ascend_byte()
            }
            None => self.primary.ascend_byte(),
            // The move leaves the last factor.
            Some(_) => self.ascend(1),
        }
    }

    fn ascend_until(&mut self) -> bool {
        self.ascend_until_fork(true)
    }

    fn ascend_until_branch(&mut self) -> bool {
        self.ascend_until_fork(false)
    }

    fn to_next_sibling_byte(&mut self) -> bool {
        to_sibling!(self, to_next_sibling_byte)
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        to_sibling!(self, to_prev_sibling_byte)
    }

    #[inline]
    fn to_next_step(&mut self) -> bool {
        self.rest.moves();
        loop {
            match self.step_in_last() {
                FactorStep::There => return true,
                FactorStep::Left => {}
                FactorStep::Done => return false,
            }
        }
    }
}

/// Moves up, unless the root is nearer than `steps`; returns whether it has moved.
#[inline]
fn ascend_within<Z: ZipperMoving>(zipper: &mut Z, steps: usize) -> bool {
    zipper.path().len() >= steps && zipper.ascend(steps)
}

impl<P: ZipperMoving, L: CountedFactors<P>> Chain<P, L> {
    /// Ascends to the nearest strict ancestor that branches or, with `values`, has a value.
    fn ascend_until_fork(&mut self, values: bool) -> bool {
        self.rest.moves();
        if self.path().is_empty() {
            return false;
        }
        loop {
            let factor = self.focus_factor();
            self.leave(factor + 1);
            if factor == 0 {
                return if values { self.primary.ascend_until() } else { self.primary.ascend_until_branch() };
            }
            let zipper = self.rest.get_mut(factor - 1);
            let before = zipper.path().len();
            if values {
                zipper.ascend_until();
            } else {
                zipper.ascend_until_branch();
            }
            let after = zipper.path().len();
            self.shorten(before - after);
            // The factor's root is an ancestor like any other, except that its value is that of
            // the factor before.
            let stops = after > 0 || self.path().is_empty() || self.child_count() > 1;
            if stops || values && self.is_val() {
                return true;
            }
        }
    }

    /// Moves up to `target`, above the root of the last factor.
    fn ascend_far(&mut self, target: usize) {
        let depth = self.whole_path().len();
        let mut end = depth;
        let mut factor = self.seams.len();
        while factor > 0 && self.seams[factor - 1] > target {
            factor -= 1;
            end = self.seams[factor];
        }
        self.leave(factor + 1);
        if factor > 0 {
            self.rest.get_mut(factor - 1).ascend(end - target);
            self.shorten(depth - target);
        } else {
            let left = if L::SHARES_PATH { end } else { depth };
            self.primary.ascend(left - target);
        }
    }

    /// Moves to the next location in the last factor entered; if there is none, leaves the factor.
    #[inline]
    fn step_in_last(&mut self) -> FactorStep {
        let Some(last) = self.seams.len().checked_sub(1) else {
            let moved = self.primary.to_next_step();
            self.enter();
            return if moved { FactorStep::There } else { FactorStep::Done };
        };
        let zipper = self.rest.get_mut(last);
        let before = zipper.path().len();
        if zipper.to_next_step() {
            // The new focus is a child of the old one, or a sibling of it or of an ancestor.
            let kept = zipper.path().len() - 1;
            self.copy_from(self.seams[last] + kept);
            self.enter();
            return FactorStep::There;
        }
        self.shorten(before);
        self.leave(last + 1);
        FactorStep::Left
    }
}
