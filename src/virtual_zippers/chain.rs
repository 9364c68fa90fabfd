//! Products, written once: zippers one behind another.
//!
//! The *primary* zipper comes first. Where the focus comes to a tip of it, the next factor is
//! *entered*: its root is put there. The place is a *seam*. What the last factor entered has below
//! its root is what the product has there, and so on at its tips. At a seam the value is that of
//! the factor before; the root's own value of a factor is never seen.
//!
//! # Invariants
//! - **C1** The path of the primary zipper is the whole path. Beyond its tip it stands where
//!   nothing is, and that is its way to keep the bytes.
//! - **C2** `seams` are where factors were entered, in order, as lengths of the path. Factor `i`
//!   (the primary is 0) is entered at `seams[i - 1]`, and its path is what of the path is behind
//!   it and before the next seam.
//! - **C3** Each factor entered but the last stands at a tip. If the last stands at one too,
//!   either no factor may follow or none was to be had.

use super::walking::count_tips;
use crate::bytes::{ByteMask, common_prefix};
use crate::zipper::traits::*;

/// Where the factors behind the primary come from.
pub(super) trait Factors {
    type Zipper: ZipperMoving;

    /// The factor numbered `i`, from 0: one of those that were entered.
    fn get(&self, i: usize) -> &Self::Zipper;
    fn get_mut(&mut self, i: usize) -> &mut Self::Zipper;

    /// Whether another may come behind the first `entered`.
    fn may_follow(&self, entered: usize) -> bool;

    /// Makes the next factor ready, at its root; false if there is none at this path.
    fn enter(&mut self, entered: usize, path: &[u8]) -> bool;

    /// Whether more than one may be entered at one path, if one has nothing below its root.
    const CHAINS: bool;

    /// Leaves those that were entered from number `from` on.
    fn leave(&mut self, from: usize, entered: usize);

    /// The zipper is about to move.
    fn moves(&mut self) {}
}

/// Factors that can count the values and tips of their product.
pub(super) trait Counted<P>: Factors + Sized {
    /// The number of values at the focus and below.
    fn val_count(chain: &Chain<P, Self>) -> usize;

    /// The number of tips at the focus and below, if that is known without a walk.
    fn tip_count(chain: &Chain<P, Self>) -> Option<usize>;
}

/// Factors that are there from the start.
#[derive(Clone)]
pub(super) struct Fixed<S>(pub(super) Vec<S>);

impl<S: ZipperMoving> Factors for Fixed<S> {
    type Zipper = S;

    #[inline]
    fn get(&self, i: usize) -> &S {
        &self.0[i]
    }
    #[inline]
    fn get_mut(&mut self, i: usize) -> &mut S {
        &mut self.0[i]
    }
    #[inline]
    fn may_follow(&self, entered: usize) -> bool {
        entered < self.0.len()
    }
    fn enter(&mut self, entered: usize, _path: &[u8]) -> bool {
        debug_assert!(self.0[entered].at_root());
        true
    }
    const CHAINS: bool = true;

    fn leave(&mut self, from: usize, entered: usize) {
        for factor in &mut self.0[from..entered] {
            factor.reset();
        }
    }
}

/// The zippers, and which of them the focus is in.
#[derive(Clone)]
pub(super) struct Chain<P, L> {
    pub(super) primary: P,
    pub(super) rest: L,
    seams: Vec<usize>,
}

/// What [`Chain::step_in_last`] did.
enum Stepped {
    /// It went to the next location.
    There,
    /// It left the factor, and stands at the seam.
    Left,
    /// There is no next location; it stands at the root.
    Done,
}

/// The last zipper entered, in an expression that does not care for its type.
macro_rules! at_end {
    ($chain:expr, $zipper:ident => $call:expr) => {
        match $chain.seams.len() {
            0 => {
                let $zipper = &$chain.primary;
                $call
            }
            n => {
                let $zipper = $chain.rest.get(n - 1);
                $call
            }
        }
    };
}

/// The zipper that the last byte of the path is of, in the same way.
macro_rules! at_focus {
    ($chain:expr, $zipper:ident => $call:expr) => {
        match $chain.focus_factor() {
            0 => {
                let $zipper = &$chain.primary;
                $call
            }
            n => {
                let $zipper = $chain.rest.get(n - 1);
                $call
            }
        }
    };
}

/// Makes a move of the last zipper that can only go down, and shows it in the path.
macro_rules! descend {
    ($self:ident, $zipper:ident => $call:expr) => {
        match $self.seams.len() {
            0 => {
                let $zipper = &mut $self.primary;
                $call
            }
            n => {
                let $zipper = $self.rest.get_mut(n - 1);
                let before = $zipper.path().len();
                let answer = $call;
                $self.primary.descend_to(&$zipper.path()[before..]);
                answer
            }
        }
    };
}

/// The same for a move by one byte, if there is one, that answers whether it moved; then enters
/// what follows. A byte is shown in fewer steps than a path.
macro_rules! descend_byte {
    ($self:ident, $zipper:ident => $call:expr) => {{
        $self.rest.moves();
        let moved = match $self.seams.len() {
            0 => {
                let $zipper = &mut $self.primary;
                $call
            }
            n => {
                let $zipper = $self.rest.get_mut(n - 1);
                let moved = $call;
                if moved && let Some(&byte) = $zipper.path().last() {
                    $self.primary.descend_to_byte(byte);
                }
                moved
            }
        };
        moved && {
            $self.enter();
            true
        }
    }};
}

pub(super) use at_focus;

impl<P: ZipperMoving, L: Factors> Chain<P, L> {
    /// The zippers must be at their roots.
    pub(super) fn new(primary: P, rest: L) -> Self {
        let mut chain = Self { primary, rest, seams: Vec::new() };
        chain.enter();
        chain
    }

    /// The factor that the last byte of the path is of.
    #[inline]
    pub(super) fn focus_factor(&self) -> usize {
        let len = self.primary.path().len();
        let mut factor = self.seams.len();
        while factor > 0 && self.seams[factor - 1] == len {
            factor -= 1;
        }
        factor
    }

    pub(super) fn seams(&self) -> &[usize] {
        &self.seams
    }

    /// Whether all factors that there may be were entered before the focus.
    pub(super) fn is_in_last(&self) -> bool {
        let factor = self.focus_factor();
        factor == self.seams.len() && !self.rest.may_follow(factor)
    }

    /// Enters the next factor, if the focus is at a tip (C3).
    #[inline]
    pub(super) fn enter(&mut self) -> bool {
        let mut entered = false;
        while self.rest.may_follow(self.seams.len()) && self.enter_one() {
            entered = true;
        }
        entered
    }

    fn enter_one(&mut self) -> bool {
        let len = self.primary.path().len();
        if !L::CHAINS && self.seams.last() == Some(&len) {
            return false;
        }
        if !at_end!(self, zipper => zipper.child_count() == 0 && zipper.path_exists()) {
            return false;
        }
        let ready = self.rest.enter(self.seams.len(), self.primary.path());
        if ready {
            self.seams.push(len);
        }
        ready
    }

    /// Leaves the factors from number `from` on, the primary being 0 (it is never left).
    fn leave(&mut self, from: usize) {
        if from <= self.seams.len() {
            self.rest.leave(from - 1, self.seams.len());
            self.seams.truncate(from - 1);
        }
    }

    /// Goes to the next location in the last factor entered; when there is none, leaves it.
    #[inline]
    fn step_in_last(&mut self) -> Stepped {
        let Some(last) = self.seams.len().checked_sub(1) else {
            let moved = self.primary.to_next_step();
            self.enter();
            return if moved { Stepped::There } else { Stepped::Done };
        };
        let zipper = self.rest.get_mut(last);
        let before = zipper.path().len();
        if zipper.to_next_step() {
            // It has gone to a child, or to a sibling of where it stood or of an ancestor.
            let path = zipper.path();
            let (kept, byte) = (path.len() - 1, path[path.len() - 1]);
            if kept < before {
                self.primary.ascend(before - kept);
            }
            self.primary.descend_to_byte(byte);
            self.enter();
            return Stepped::There;
        }
        self.primary.ascend(before);
        self.leave(last + 1);
        Stepped::Left
    }
}

impl<P: ZipperMoving, L: Factors> Zipper for Chain<P, L> {
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

impl<P: ZipperMoving, L: Counted<P>> ZipperMoving for Chain<P, L> {
    #[inline]
    fn path(&self) -> &[u8] {
        self.primary.path()
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
        let mut key = k.as_ref();
        self.rest.moves();
        while self.rest.may_follow(self.seams.len()) {
            let moved = descend!(self, zipper => zipper.descend_to_existing(key));
            key = &key[moved..];
            if !self.enter() {
                break;
            }
        }
        if !key.is_empty() {
            descend!(self, zipper => zipper.descend_to(key));
            self.enter();
        }
    }

    fn descend_to_existing<K: AsRef<[u8]>>(&mut self, k: K) -> usize {
        let key = k.as_ref();
        self.rest.moves();
        let mut moved = 0;
        loop {
            moved += descend!(self, zipper => zipper.descend_to_existing(&key[moved..]));
            if !self.enter() {
                return moved;
            }
        }
    }

    #[inline]
    fn descend_to_byte(&mut self, k: u8) {
        self.rest.moves();
        if let Some(last) = self.seams.len().checked_sub(1) {
            self.rest.get_mut(last).descend_to_byte(k);
        }
        self.primary.descend_to_byte(k);
        self.enter();
    }

    #[inline]
    fn descend_to_existing_byte(&mut self, k: u8) -> bool {
        descend_byte!(self, zipper => zipper.descend_to_existing_byte(k))
    }

    fn descend_indexed_byte(&mut self, idx: usize) -> bool {
        descend_byte!(self, zipper => zipper.descend_indexed_byte(idx))
    }

    #[inline]
    fn descend_first_byte(&mut self) -> bool {
        descend_byte!(self, zipper => zipper.descend_first_byte())
    }

    fn descend_last_byte(&mut self) -> bool {
        descend_byte!(self, zipper => zipper.descend_last_byte())
    }

    fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool {
        self.rest.moves();
        let start = self.path().len();
        loop {
            let left = max_bytes - (self.path().len() - start);
            let moved = left > 0 && descend!(self, zipper => zipper.descend_until_max_bytes(left));
            // At a seam without a value it goes on in the next factor.
            if !moved || !self.enter() || self.is_val() {
                return self.path().len() > start;
            }
        }
    }

    #[inline]
    fn ascend(&mut self, steps: usize) -> bool {
        self.rest.moves();
        let depth = self.path().len();
        let target = depth - steps.min(depth);
        let mut end = depth;
        let mut factor = self.seams.len();
        while factor > 0 && self.seams[factor - 1] > target {
            factor -= 1;
            end = self.seams[factor];
        }
        self.leave(factor + 1);
        if factor > 0 {
            self.rest.get_mut(factor - 1).ascend(end - target);
        }
        self.primary.ascend(depth - target);
        steps <= depth
    }

    #[inline]
    fn ascend_byte(&mut self) -> bool {
        self.rest.moves();
        match self.seams.last() {
            Some(&seam) if seam < self.path().len() => {
                self.rest.get_mut(self.seams.len() - 1).ascend_byte();
                self.primary.ascend_byte()
            }
            None => self.primary.ascend_byte(),
            // It leaves the last zipper.
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
        self.to_sibling(P::to_next_sibling_byte, L::Zipper::to_next_sibling_byte)
    }

    fn to_prev_sibling_byte(&mut self) -> bool {
        self.to_sibling(P::to_prev_sibling_byte, L::Zipper::to_prev_sibling_byte)
    }

    #[inline]
    fn to_next_step(&mut self) -> bool {
        self.rest.moves();
        loop {
            match self.step_in_last() {
                Stepped::There => return true,
                Stepped::Left => {}
                Stepped::Done => return false,
            }
        }
    }
}

impl<P: ZipperMoving, L: Counted<P>> Chain<P, L> {
    /// Goes up to the nearest strict ancestor that branches, or that has a value if `values`.
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
            self.primary.ascend(before - after);
            // The root of the factor is a place like any other, and its value is that of the
            // factor before.
            let stops = after > 0 || self.path().is_empty() || self.child_count() > 1;
            if stops || values && self.is_val() {
                return true;
            }
        }
    }

    fn to_sibling(
        &mut self,
        of_primary: impl Fn(&mut P) -> bool,
        of_factor: impl Fn(&mut L::Zipper) -> bool,
    ) -> bool {
        self.rest.moves();
        let factor = self.focus_factor();
        if factor == 0 {
            if !of_primary(&mut self.primary) {
                return false;
            }
        } else {
            let zipper = self.rest.get_mut(factor - 1);
            if !of_factor(zipper) {
                return false;
            }
            let byte = *zipper.path().last().expect("a sibling has a last byte");
            self.primary.ascend_byte();
            self.primary.descend_to_byte(byte);
        }
        self.leave(factor + 1);
        self.enter();
        true
    }
}

impl<P: ZipperIteration, L: Counted<P>> ZipperIteration for Chain<P, L>
where
    L::Zipper: ZipperIteration,
{
    #[inline]
    fn to_next_val(&mut self) -> bool {
        self.rest.moves();
        loop {
            let entered = self.seams.len();
            if self.rest.may_follow(entered) {
                // Not only a value is to be found, but also a tip.
                match self.step_in_last() {
                    Stepped::There if self.is_val() => return true,
                    Stepped::There | Stepped::Left => continue,
                    Stepped::Done => return false,
                }
            }
            let Some(last) = entered.checked_sub(1) else { return self.primary.to_next_val() };
            let zipper = self.rest.get_mut(last);
            let before = zipper.path().len();
            if zipper.to_next_val() {
                let old = &self.primary.path()[self.seams[last]..];
                let shared = common_prefix(old, zipper.path());
                self.primary.ascend(before - shared);
                self.primary.descend_to(&zipper.path()[shared..]);
                return true;
            }
            self.primary.ascend(before);
            self.leave(last + 1);
        }
    }

    fn descend_last_path(&mut self) -> bool {
        self.rest.moves();
        let start = self.path().len();
        loop {
            descend!(self, zipper => zipper.descend_last_path());
            if !self.enter() {
                return self.path().len() > start;
            }
        }
    }
}

impl<P: ZipperMoving + Clone, S: ZipperMoving + Clone> Counted<P> for Fixed<S> {
    fn val_count(chain: &Chain<P, Self>) -> usize {
        let factor = chain.focus_factor();
        let own = at_focus!(chain, zipper => zipper.val_count());
        match chain.hanging(factor).0 {
            0 => own,
            values => {
                at_focus!(chain, zipper => count_tips(zipper)).saturating_mul(values).saturating_add(own)
            }
        }
    }

    fn tip_count(chain: &Chain<P, Self>) -> Option<usize> {
        let factor = chain.focus_factor();
        Some(at_focus!(chain, zipper => count_tips(zipper)).saturating_mul(chain.hanging(factor).1))
    }
}

impl<P: ZipperMoving + Clone, S: ZipperMoving + Clone> Chain<P, Fixed<S>> {
    /// What hangs at a tip of the zipper before factor `from`: the values, and the tips, the place
    /// itself being one if nothing hangs there.
    fn hanging(&self, from: usize) -> (usize, usize) {
        let (mut values, mut tips) = (0, 1);
        for factor in self.rest.0[from..].iter().rev() {
            // They stand at their roots.
            if !factor.path_exists() {
                (values, tips) = (0, 1);
                continue;
            }
            let own = count_tips(factor);
            let below = factor.val_count() - factor.is_val() as usize;
            (values, tips) = (below.saturating_add(own.saturating_mul(values)), own.saturating_mul(tips));
        }
        (values, tips)
    }

    /// Which factor holds the location at `path` below the focus, and by what path below where
    /// that factor stands; the primary is 0.
    pub(super) fn find<'k>(&self, path: &'k [u8]) -> Option<(usize, &'k [u8])> {
        if path.is_empty() {
            return Some((self.focus_factor(), path));
        }
        let mut path = path;
        let mut factor = self.seams.len();
        while factor < self.rest.0.len() {
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

/// Whether `path` below the focus exists; or else, how much of it leads to a tip.
pub(super) fn path_to_tip<Z: ZipperMoving + Clone>(zipper: &Z, path: &[u8]) -> Result<(), Option<usize>> {
    let mut probe = zipper.clone();
    let used = probe.descend_to_existing(path);
    if used == path.len() {
        return Ok(());
    }
    let at_tip = probe.child_count() == 0 && probe.path_exists();
    Err(at_tip.then_some(used))
}
