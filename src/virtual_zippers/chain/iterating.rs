//! Iteration over locations, values, and the locations of one length.

use super::{Chain, CountedFactors, FactorSource};
use crate::zipper::traits::*;

impl<P: ZipperIteration, L: CountedFactors<P>> ZipperIteration for Chain<P, L>
where
    L::Zipper: ZipperIteration,
{
    #[inline]
    fn to_next_val(&mut self) -> bool {
        self.rest.moves();
        loop {
            let entered = self.seams.len();
            let may_follow = self.rest.may_follow(entered);
            let moved = in_last!(self, zipper => match may_follow {
                // The search must also stop at tips, to enter the next factor.
                true => zipper.to_next_val_or_tip(),
                false => zipper.to_next_val(),
            });
            if entered > 0 {
                self.copy_from(self.last_seam());
            }
            if moved {
                self.enter();
                if !may_follow || self.is_val() {
                    return true;
                }
            } else if entered > 0 {
                self.leave(entered);
            } else {
                self.enter();
                return false;
            }
        }
    }

    fn descend_first_k_path(&mut self, k: usize) -> bool {
        let last = self.seams.len();
        if !self.rest.may_follow(last) {
            return descend!(self, zipper => zipper.descend_first_k_path(k));
        }
        self.rest.moves();
        let above = self.whole_path().len();
        k > 0 && self.next_of_len(above, above.saturating_add(k), true)
    }

    fn to_next_k_path(&mut self, k: usize) -> bool {
        if k == 0 {
            return false;
        }
        if L::SHARES_PATH && !self.rest.may_follow(self.seams.len()) {
            // The last factor has all locations to come, unless its root is too near.
            let step = in_last!(self, zipper => (zipper.path().len() >= k).then(|| zipper.to_next_k_path(k)));
            if let Some(moved) = step {
                return moved;
            }
        }
        let len = self.whole_path().len();
        if L::SHARES_PATH
            && self.seams.last() == Some(&len)
            && let Some(is_tip) = self.rest.step_above(&mut self.primary, self.seams.len(), k)
        {
            if !is_tip {
                self.leave(self.seams.len());
            }
            return true;
        }
        let Some(above) = len.checked_sub(k) else {
            self.reset();
            return false;
        };
        self.rest.moves();
        let entered = self.seams.len();
        if self.rest.may_follow(entered) || self.last_seam() > above {
            return self.next_of_len(above, len, false);
        }
        // The location is in the factor of the focus, and no other begins there.
        let moved = in_last!(self, zipper => zipper.to_next_k_path(k));
        if entered > 0 && !L::SHARES_PATH {
            match moved {
                true => self.primary.replace_beyond(last_bytes(self.rest.get(entered - 1).path(), k)),
                false => _ = self.primary.ascend(k),
            }
        }
        moved
    }

    fn descend_last_path(&mut self) -> bool {
        self.rest.moves();
        let start = self.path().len();
        loop {
            let entered = self.seams.len();
            if !descend!(self, zipper => zipper.descend_last_path()) || self.seams.len() == entered {
                return self.path().len() > start;
            }
        }
    }
}

impl<P: ZipperMoving, L: FactorSource<P>> Chain<P, L> {
    /// Moves to the first location whose path has `len` bytes, at or below the focus if `below`,
    /// otherwise after what is below it. The location is below the path's first `above` bytes. If
    /// there is none, moves to the location at these bytes.
    fn next_of_len(&mut self, above: usize, len: usize, mut below: bool) -> bool
    where
        P: ZipperIteration,
        L::Zipper: ZipperIteration,
    {
        loop {
            let (entered, seam, depth) = (self.seams.len(), self.last_seam(), self.whole_path().len());
            // The search in the last factor stays below its root.
            let kept = if below { depth } else { above.max(seam) };
            let may_follow = self.rest.may_follow(entered);
            let moved = in_last!(self, zipper => match (may_follow, below) {
                (false, true) => zipper.descend_first_k_path(len - depth),
                // Only the end of a factor that another follows is a focus of another length.
                (false, false) => zipper.to_next_k_path(len - kept),
                (true, true) => zipper.descend_first_k_path_or_tip(len - depth),
                (true, false) => zipper.to_next_k_path_or_tip(kept - seam, len - seam),
            });
            self.copy_from(kept);
            if moved {
                below = self.enter();
                if self.whole_path().len() == len {
                    return true;
                }
            } else if seam > above {
                self.leave(entered);
                below = false;
            } else {
                return false;
            }
        }
    }
}

/// The last `n` bytes of a path that has as many.
fn last_bytes(path: &[u8], n: usize) -> &[u8] {
    &path[path.len() - n..]
}
