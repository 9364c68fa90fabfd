//! Products of zippers, written once: a chain of factors.
//!
//! Factor 0 is the *primary* zipper. When the focus reaches a tip of the last factor, the next
//! factor is *entered*: its root is put at the tip. The length of the path there is a *seam*. The
//! children at a seam are those of the factor that begins there. The value at a seam is that of
//! the factor that ends there, so the value at the root of a factor other than the primary one is
//! never shown.
//!
//! ```text
//! path:      a b │ c d │ e ▲    seams 2 and 4
//! factor 0:  a b   c d   e      its path is the whole path (C1); `ab` is a tip (C3)
//! factor 1:        c d          `cd` is a tip (C3)
//! factor 2:              e      the last factor entered
//! ```
//!
//! # Invariants
//! - **C1** The path of the primary zipper is the whole path. Beyond its tip its focus does not
//!   exist; the zipper only stores the bytes. Readers of this crate share one buffer instead
//!   ([`SHARES_PATH`](FactorSource::SHARES_PATH)): the last factor entered holds the whole path,
//!   and the others, which have lent it, only answer what they are asked about their foci.
//! - **C2** `seams` are the lengths of the path at which factors were entered, in order. Factor
//!   `i > 0` is entered at `seams[i - 1]`, and its own path is the part of the path from there to
//!   the next seam, or to the end.
//! - **C3** The focus of each factor entered, except the last, is a tip. If that of the last one
//!   is a tip too, no factor may follow, or the next one was not available.

use crate::bytes::ByteMask;
use crate::zipper::traits::*;
pub(super) use factors::{CountedFactors, FactorSource, FixedFactors, FixedList, Holder, NativeFactors};

/// A primary zipper, the factors after it, and the seams of the path.
#[derive(Clone)]
pub(super) struct Chain<P, L> {
    pub(super) primary: P,
    pub(super) rest: L,
    seams: Vec<usize>,
}

/// Evaluates an expression on the factor of a number, whichever its type.
macro_rules! with_factor {
    ($chain:expr, $number:expr, $zipper:ident => $call:expr) => {
        match $number {
            0 => {
                let $zipper = &$chain.primary;
                $call
            }
            n => {
                let $zipper = $chain.entered(n - 1);
                $call
            }
        }
    };
}

/// Evaluates an expression on the last factor entered.
macro_rules! at_end {
    ($chain:expr, $zipper:ident => $call:expr) => {
        $crate::virtual_zippers::chain::with_factor!($chain, $chain.seams().len(), $zipper => $call)
    };
}

/// Evaluates an expression on the factor that the last byte of the path belongs to.
macro_rules! at_focus {
    ($chain:expr, $zipper:ident => $call:expr) => {
        $crate::virtual_zippers::chain::with_factor!($chain, $chain.focus_factor(), $zipper => $call)
    };
}

/// Evaluates an expression that moves the last factor entered.
macro_rules! in_last {
    ($chain:expr, $zipper:ident => $call:expr) => {
        match $chain.seams().len() {
            0 => {
                let $zipper = &mut $chain.primary;
                $call
            }
            n => {
                let $zipper = $chain.rest.get_mut(n - 1);
                $call
            }
        }
    };
}

/// Moves the last factor, extends the path by what lies behind the first bytes of its own path, and
/// enters the factors that follow. Evaluates to whether the factor moved.
macro_rules! descend {
    ($chain:expr, $zipper:ident => $call:expr) => {{
        let moved = match $chain.seams.len() {
            0 => {
                let $zipper = &mut $chain.primary;
                $call
            }
            n => {
                let $zipper = $chain.rest.get_mut(n - 1);
                let before = $zipper.path().len();
                let moved = $call;
                if moved && !L::SHARES_PATH {
                    $chain.primary.descend_beyond(&$zipper.path()[before..]);
                }
                moved
            }
        };
        moved && {
            $chain.enter();
            true
        }
    }};
}

/// Moves to a sibling by a move of the factor of the focus.
macro_rules! to_sibling {
    ($chain:expr, $to_sibling:ident) => {{
        $chain.rest.moves();
        let factor = $chain.focus_factor();
        if L::SHARES_PATH {
            // Only the last factor can move.
            $chain.leave(factor + 1);
        }
        let moved = match factor {
            0 => $chain.primary.$to_sibling(),
            n => {
                let zipper = $chain.rest.get_mut(n - 1);
                let moved = zipper.$to_sibling();
                if moved
                    && !L::SHARES_PATH
                    && let Some(&byte) = zipper.path().last()
                {
                    $chain.primary.ascend_byte();
                    $chain.primary.descend_beyond(&[byte]);
                }
                moved
            }
        };
        if moved {
            $chain.leave(factor + 1);
        }
        if moved || L::SHARES_PATH {
            $chain.enter();
        }
        moved
    }};
}

pub(super) use {at_focus, with_factor};

// After the macros, which they use.
mod counting;
mod factors;
mod iterating;
mod moving;

impl<P: ZipperMoving, L: FactorSource<P>> Chain<P, L> {
    /// A chain whose zippers are at their roots.
    pub(super) fn new(primary: P, rest: L) -> Self {
        let mut chain = Self { primary, rest, seams: Vec::new() };
        chain.enter();
        chain
    }

    /// The number of the factor that the last byte of the path belongs to.
    #[inline]
    pub(super) fn focus_factor(&self) -> usize {
        let len = self.whole_path().len();
        let mut factor = self.seams.len();
        while factor > 0 && self.seams[factor - 1] == len {
            factor -= 1;
        }
        factor
    }

    /// The entered factor number `i`, counted from 0 without the primary one.
    #[inline]
    pub(super) fn entered(&self, i: usize) -> &L::Zipper {
        self.rest.get(i)
    }

    /// The whole path (C1).
    #[inline]
    pub(super) fn whole_path(&self) -> &[u8] {
        self.rest.path(&self.primary, self.seams.len())
    }

    /// The seams of the path (C2).
    pub(super) fn seams(&self) -> &[usize] {
        &self.seams
    }

    /// Whether the focus is in the last factor of the product, and not at its seam.
    pub(super) fn is_in_last(&self) -> bool {
        let factor = self.focus_factor();
        factor == self.seams.len() && !self.rest.may_follow(factor)
    }

    /// Enters the next factors while the focus is a tip (C3); returns whether it entered any.
    #[inline]
    pub(super) fn enter(&mut self) -> bool {
        let mut entered = false;
        while self.rest.may_follow(self.seams.len())
            && at_end!(self, zipper => zipper.at_tip())
            && self.enter_next()
        {
            entered = true;
        }
        entered
    }

    /// Enters the next factor at the focus, which is a tip, if there is one.
    fn enter_next(&mut self) -> bool {
        let seam = self.whole_path().len();
        if !L::CHAINS && self.seams.last() == Some(&seam) {
            return false;
        }
        let ready = self.rest.enter(&mut self.primary, self.seams.len());
        if ready {
            self.seams.push(seam);
        }
        ready
    }

    /// The length of the path at which the last factor was entered; 0 for the primary one.
    #[inline]
    fn last_seam(&self) -> usize {
        self.seams.last().map_or(0, |&seam| seam)
    }

    /// Extends the path by bytes that the last factor has moved down.
    #[inline]
    fn extend(&mut self, bytes: &[u8]) {
        if !L::SHARES_PATH && !self.seams.is_empty() {
            self.primary.descend_beyond(bytes);
        }
    }

    /// Cuts `steps` bytes off the path, by which the last factor, not the primary one, has moved
    /// up.
    #[inline]
    fn shorten(&mut self, steps: usize) {
        if !L::SHARES_PATH {
            self.primary.ascend(steps);
        }
    }

    /// Cuts the path to `len`, and extends it by what the path of the last factor has beyond that.
    /// The last factor has moved, and its path is the same up to there.
    #[inline]
    fn copy_from(&mut self, len: usize) {
        let Some(&seam) = self.seams.last().filter(|_| !L::SHARES_PATH) else { return };
        self.primary.ascend(self.primary.path().len() - len);
        let path = self.rest.get(self.seams.len() - 1).path();
        if path.len() > len - seam {
            self.primary.descend_beyond(&path[len - seam..]);
        }
    }

    /// Leaves the factors from number `from` on. The primary one has number 0 and is never left.
    fn leave(&mut self, from: usize) {
        if from <= self.seams.len() {
            self.rest.leave(&mut self.primary, from - 1, self.seams.len());
            self.seams.truncate(from - 1);
        }
    }
}

impl<P: ZipperMoving, L: FactorSource<P>> Zipper for Chain<P, L> {
    #[inline]
    fn path_exists(&self) -> bool {
        at_focus!(self, zipper => zipper.path_exists())
    }

    #[inline]
    fn is_val(&self) -> bool {
        at_focus!(self, zipper => zipper.is_val())
    }

    #[inline]
    fn child_count(&self) -> usize {
        at_end!(self, zipper => zipper.child_count())
    }

    #[inline]
    fn child_mask(&self) -> ByteMask {
        at_end!(self, zipper => zipper.child_mask())
    }
}

impl<P: ZipperMoving + Clone, L: FixedList<P>> Chain<P, L>
where
    L::Zipper: Clone,
{
    /// The number of the factor that has the location at `path` below the focus, and the path to
    /// that location from the factor's own focus.
    pub(super) fn find<'k>(&self, path: &'k [u8]) -> Option<(usize, &'k [u8])> {
        if path.is_empty() {
            return Some((self.focus_factor(), path));
        }
        let mut path = path;
        let mut factor = self.seams.len();
        while factor < self.rest.all().len() {
            let tip = match factor {
                0 => path_to_tip(&self.primary, path),
                n => path_to_tip(self.rest.get(n - 1), path),
            };
            match tip {
                Ok(()) => break,
                Err(None) => return None,
                Err(Some(used)) => path = &path[used..],
            }
            factor += 1;
        }
        Some((factor, path))
    }
}

/// Succeeds if `path` below the focus exists; otherwise returns the length of its prefix that
/// leads to a tip, if there is one.
pub(super) fn path_to_tip<Z: ZipperMoving + Clone>(zipper: &Z, path: &[u8]) -> Result<(), Option<usize>> {
    let mut probe = zipper.clone();
    let used = probe.descend_to_existing(path);
    if used == path.len() {
        return Ok(());
    }
    let at_tip = probe.child_count() == 0 && probe.path_exists();
    Err(at_tip.then_some(used))
}
