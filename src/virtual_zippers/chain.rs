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
//!   exist; the zipper only stores the bytes.
//! - **C2** `seams` are the lengths of the path at which factors were entered, in order. Factor
//!   `i > 0` is entered at `seams[i - 1]`, and its own path is the part of the path from there to
//!   the next seam, or to the end.
//! - **C3** The focus of each factor entered, except the last, is a tip. If that of the last one
//!   is a tip too, no factor may follow, or the next one was not available.

use crate::bytes::ByteMask;
use crate::zipper::traits::*;

/// The factors after the primary one.
pub(super) trait FactorSource {
    type Zipper: ZipperMoving;

    /// The entered factor number `i`, counted from 0 without the primary one.
    fn get(&self, i: usize) -> &Self::Zipper;
    /// A mutable reference to the entered factor number `i`.
    fn get_mut(&mut self, i: usize) -> &mut Self::Zipper;

    /// Whether there may be a factor after the first `entered` ones.
    fn may_follow(&self, entered: usize) -> bool;

    /// Makes the next factor ready, at its root; false if there is none at `path`.
    fn enter(&mut self, entered: usize, path: &[u8]) -> bool;

    /// Whether a second factor may be entered at one path if the first has nothing below its root.
    const CHAINS: bool;

    /// Leaves the factors from number `from` to the last of the `entered` ones.
    fn leave(&mut self, from: usize, entered: usize);

    /// Called before each move of the product.
    fn moves(&mut self) {}
}

/// Factors that can count the values and tips of their product.
pub(super) trait CountedFactors<P>: FactorSource + Sized {
    /// The number of values at the focus and below.
    fn val_count(chain: &Chain<P, Self>) -> usize;

    /// The number of tips at the focus and below; `None` if only a walk can count them.
    fn tip_count(chain: &Chain<P, Self>) -> Option<usize>;
}

/// A fixed list of factors.
#[derive(Clone)]
pub(super) struct FixedFactors<S>(pub(super) Vec<S>);

impl<S: ZipperMoving> FactorSource for FixedFactors<S> {
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

/// A primary zipper, the factors after it, and the seams of the path.
#[derive(Clone)]
pub(super) struct Chain<P, L> {
    pub(super) primary: P,
    pub(super) rest: L,
    seams: Vec<usize>,
}

/// The last `n` bytes of a path that has as many.
fn last_bytes(path: &[u8], n: usize) -> &[u8] {
    &path[path.len() - n..]
}

/// The result of [`Chain::step_in_last`].
enum FactorStep {
    /// The focus is the next location.
    There,
    /// The factor has no next location. It was left, and the focus is its seam.
    Left,
    /// The product has no next location. The focus is the root.
    Done,
}

/// Evaluates an expression on the last factor entered, whichever its type.
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

/// Evaluates an expression on the factor that the last byte of the path belongs to.
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

/// Evaluates an expression that moves the last factor entered.
macro_rules! in_last {
    ($chain:expr, $zipper:ident => $call:expr) => {
        match $chain.seams.len() {
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
                if moved {
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
        let moved = match factor {
            0 => $chain.primary.$to_sibling(),
            n => {
                let zipper = $chain.rest.get_mut(n - 1);
                let moved = zipper.$to_sibling();
                if moved && let Some(&byte) = zipper.path().last() {
                    $chain.primary.ascend_byte();
                    $chain.primary.descend_beyond(&[byte]);
                }
                moved
            }
        };
        moved && {
            $chain.leave(factor + 1);
            $chain.enter();
            true
        }
    }};
}

pub(super) use at_focus;

impl<P: ZipperMoving, L: FactorSource> Chain<P, L> {
    /// A chain whose zippers are at their roots.
    pub(super) fn new(primary: P, rest: L) -> Self {
        let mut chain = Self { primary, rest, seams: Vec::new() };
        chain.enter();
        chain
    }

    /// The number of the factor that the last byte of the path belongs to.
    #[inline]
    pub(super) fn focus_factor(&self) -> usize {
        let len = self.primary.path().len();
        let mut factor = self.seams.len();
        while factor > 0 && self.seams[factor - 1] == len {
            factor -= 1;
        }
        factor
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
        let path = self.primary.path();
        if !L::CHAINS && self.seams.last() == Some(&path.len()) {
            return false;
        }
        let (seam, ready) = (path.len(), self.rest.enter(self.seams.len(), path));
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
        if !self.seams.is_empty() {
            self.primary.descend_beyond(bytes);
        }
    }

    /// Cuts the path to `len`, and extends it by what the path of the last factor has beyond that.
    /// The last factor has moved, and its path is the same up to there.
    #[inline]
    fn copy_from(&mut self, len: usize) {
        let Some(&seam) = self.seams.last() else { return };
        self.primary.ascend(self.primary.path().len() - len);
        let path = self.rest.get(self.seams.len() - 1).path();
        if path.len() > len - seam {
            self.primary.descend_beyond(&path[len - seam..]);
        }
    }

    /// Leaves the factors from number `from` on. The primary one has number 0 and is never left.
    fn leave(&mut self, from: usize) {
        if from <= self.seams.len() {
            self.rest.leave(from - 1, self.seams.len());
            self.seams.truncate(from - 1);
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
        self.primary.ascend(before);
        self.leave(last + 1);
        FactorStep::Left
    }

    /// Moves to the first location whose path has `len` bytes, at or below the focus if `below`,
    /// otherwise after what is below it. The location is below the path's first `above` bytes. If
    /// there is none, moves to the location at these bytes.
    fn next_of_len(&mut self, above: usize, len: usize, mut below: bool) -> bool
    where
        P: ZipperIteration,
        L::Zipper: ZipperIteration,
    {
        loop {
            let (entered, seam, depth) = (self.seams.len(), self.last_seam(), self.primary.path().len());
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
                if self.primary.path().len() == len {
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

impl<P: ZipperMoving, L: FactorSource> Zipper for Chain<P, L> {
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

impl<P: ZipperMoving, L: CountedFactors<P>> ZipperMoving for Chain<P, L> {
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
        let depth = self.primary.path().len();
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
            Some(&seam) if seam < self.primary.path().len() => {
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
            self.primary.ascend(before - after);
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
        let depth = self.primary.path().len();
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
    }
}

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
        let above = self.primary.path().len();
        k > 0 && self.next_of_len(above, above.saturating_add(k), true)
    }

    fn to_next_k_path(&mut self, k: usize) -> bool {
        if k == 0 {
            return false;
        }
        let len = self.primary.path().len();
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
        if entered > 0 {
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

impl<P: ZipperMoving, S: ZipperMoving> CountedFactors<P> for FixedFactors<S> {
    fn val_count(chain: &Chain<P, Self>) -> usize {
        let factor = chain.focus_factor();
        let own = at_focus!(chain, zipper => zipper.val_count());
        match chain.hanging(factor) {
            0 => own,
            values => at_focus!(chain, zipper => tips_of(zipper)).saturating_mul(values).saturating_add(own),
        }
    }

    fn tip_count(chain: &Chain<P, Self>) -> Option<usize> {
        let factor = chain.focus_factor();
        let mut tips = at_focus!(chain, zipper => zipper.tip_count())?;
        for factor in &chain.rest.0[factor..] {
            if !factor.path_exists() {
                break;
            }
            tips = tips.saturating_mul(factor.tip_count()?);
        }
        Some(tips)
    }
}

/// The number of tips of a factor, which must be able to count them without a walk.
fn tips_of<Z: ZipperMoving>(zipper: &Z) -> usize {
    zipper.tip_count().expect("a factor of the product cannot count its tips: implement `tip_count` for it")
}

impl<P: ZipperMoving, S: ZipperMoving> Chain<P, FixedFactors<S>> {
    /// The number of values below each tip of the factor before number `from`.
    fn hanging(&self, from: usize) -> usize {
        let mut values = 0_usize;
        for factor in self.rest.0[from..].iter().rev() {
            // The factors from `from` on are at their roots.
            let beyond = if values == 0 { 0 } else { tips_of(factor).saturating_mul(values) };
            values = match factor.path_exists() {
                true => (factor.val_count() - factor.is_val() as usize).saturating_add(beyond),
                false => 0,
            };
        }
        values
    }
}

impl<P: ZipperMoving + Clone, S: ZipperMoving + Clone> Chain<P, FixedFactors<S>> {
    /// The number of the factor that has the location at `path` below the focus, and the path to
    /// that location from the factor's own focus.
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
