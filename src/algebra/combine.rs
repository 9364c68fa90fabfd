//! The walk that computes join, meet, subtract and symmetric difference.
//!
//! It walks down both operands side by side, with a stack of its own ([`PairStack`]), and builds
//! new nodes from the bottom up. If the result of a subtrie equals an operand's subtrie, it is
//! that subtrie, and nothing is built.

use super::build::{Above, Built, Held, Notes, Outcome};
use super::dense::combine_dense;
use super::known::{KnownResults, Nothing};
use super::leaf::combine_leaves;
use super::lockstep::Upcoming;
use super::lone::{join_lone, subtract_lone};
use super::operation::{Operation, combine_entries, keep_left, keep_right, values};
use super::pairs::{PairFrame, PairStack};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::node::{Place, Shared};

struct Combine<'a, 'o, V, O, K> {
    operation: &'o mut O,
    known: &'o K,
    pairs: PairStack<'a, 'o, V>,
}

/// Combines two subtries; `None` is an empty subtrie.
///
/// O(entries of both that are neither shared nor skipped by the operation). The operands are not
/// written. If the combination of two values or a clone panics, nothing has changed.
pub(crate) fn combine<V: Clone, O: Operation<V>>(
    left: Option<Place<'_, V>>,
    right: Option<Place<'_, V>>,
    operation: &mut O,
) -> Outcome<Shared<V>> {
    match (left, right) {
        (Some(left), Some(right)) => combine_knowing([left, right], operation, &Nothing),
        (Some(_), None) if O::LEFT => Outcome::Same(SELF_IDENT),
        (None, Some(_)) if O::RIGHT => Outcome::Same(COUNTER_IDENT),
        _ => Outcome::Nothing,
    }
}

/// Combines two places. The results of some pairs of places below them are known.
pub(crate) fn combine_knowing<'a, V: Clone, O: Operation<V>>(
    places: [Place<'a, V>; 2],
    operation: &mut O,
    known: &impl KnownResults<V>,
) -> Outcome<Shared<V>> {
    let (mut frames, mut notes) = (Vec::new(), Notes::new());
    let pairs = PairStack::new(&mut frames, &mut notes, Above::Nothing);
    Combine { operation, known, pairs }.run(places).map(Built::into_node)
}

/// Combines two places as a part of a larger result. A small result is appended to the notes of
/// the frame above. `frames` is empty before the call and after it.
pub(super) fn combine_places<'a, V: Clone, O: Operation<V>>(
    places: [Place<'a, V>; 2],
    operation: &mut O,
    known: &impl KnownResults<V>,
    above: Above<'a>,
    frames: &mut Vec<PairFrame<'a, V>>,
    notes: &mut Notes<'a, V>,
) -> Outcome<Built<V>> {
    Combine { operation, known, pairs: PairStack::new(frames, notes, above) }.run(places)
}

impl<'a, V: Clone, O: Operation<V>, K: KnownResults<V>> Combine<'a, '_, V, O, K> {
    fn run(mut self, [left, right]: [Place<'a, V>; 2]) -> Outcome<Built<V>> {
        if let Some(outcome) = self.enter(left, right, self.pairs.above) {
            return outcome;
        }
        loop {
            let frame = self.pairs.last().expect("the last frame returns");
            match frame.steps.upcoming() {
                Some(Upcoming::Left(passes)) => self.left(passes),
                Some(Upcoming::Right(passes)) => self.right(passes),
                Some(Upcoming::Both) => self.both(),
                Some(Upcoming::Twins(_)) if O::TWINS.is_some() => self.twins(),
                Some(Upcoming::Twins(len) | Upcoming::Fork(len)) => {
                    let (fork, above) = frame.fork(len);
                    match self.enter(fork.left, fork.right, above) {
                        Some(outcome) => self.pairs.put(fork, outcome),
                        None => self.pairs.wait(fork),
                    }
                }
                None => {
                    if let Some(outcome) = self.pairs.close() {
                        return outcome;
                    }
                }
            }
        }
    }

    /// Returns the result for two places, or opens a frame to compute it. `above` is where a new
    /// result is put.
    fn enter(
        &mut self,
        left: Place<'a, V>,
        right: Place<'a, V>,
        above: Above<'a>,
    ) -> Option<Outcome<Built<V>>> {
        if let Some(mask) = O::TWINS
            && left.is(right)
        {
            return Some(if mask == 0 { Outcome::Nothing } else { Outcome::Same(mask) });
        }
        let again = if O::PURE { PairStack::again(left, right) } else { None };
        if let Some(outcome) = self.pairs.recall(again) {
            return Some(outcome);
        }
        if let Some(outcome) = self.known.pair([left, right]) {
            return Some(outcome.map(Built::of_root));
        }
        if let Some(outcome) = join_lone(left, right, self.operation) {
            self.pairs.remember(again, &outcome);
            return Some(outcome);
        }
        let mut same = if O::LEFT == O::RIGHT { SELF_IDENT | COUNTER_IDENT } else { SELF_IDENT };
        let mut own = match (left.own(), right.own()) {
            (None, None) => None,
            (Some(left), None) if O::LEFT => {
                same &= SELF_IDENT;
                Some(Held::Lent(left))
            }
            (None, Some(right)) if O::RIGHT => {
                same &= COUNTER_IDENT;
                Some(Held::Lent(right))
            }
            (Some(_), None) => {
                same &= COUNTER_IDENT;
                None
            }
            (None, Some(_)) => {
                same &= SELF_IDENT;
                None
            }
            (Some(left), Some(right)) => {
                let (own, mask) = values(self.operation, left, right);
                same &= mask;
                own
            }
        };
        let notes = &mut *self.pairs.notes;
        let leaves = combine_leaves([left, right], &mut own, same, self.operation, above, notes);
        if let Some(outcome) = leaves.or_else(|| subtract_lone(left, right, self.operation, above, notes)) {
            self.pairs.remember(again, &outcome);
            return Some(outcome);
        }
        if let Some(outcome) = combine_dense(left, right, &mut own, same, self.operation) {
            return Some(outcome);
        }
        self.pairs.open(left, right, again, own, same);
        None
    }

    /// Handles the left side's next entry, which the right side does not have.
    fn left(&mut self, passes: bool) {
        let Some((frame, notes)) = self.pairs.last_and_notes() else { return };
        let Some(entry) = frame.steps.left.now() else { return };
        if keep_left::<V, O>(&mut frame.same, notes, passes, || *entry) {
            return frame.steps.left.advance();
        }
        frame.steps.pass_left();
    }

    /// Handles the right side's next entry, which the left side does not have.
    fn right(&mut self, passes: bool) {
        let Some((frame, notes)) = self.pairs.last_and_notes() else { return };
        let Some(entry) = frame.steps.right.now() else { return };
        if keep_right::<V, O>(&mut frame.same, notes, passes, || *entry) {
            return frame.steps.right.advance();
        }
        frame.steps.pass_right();
    }

    /// Combines the next entries of both sides, whose suffixes are equal.
    fn both(&mut self) {
        let Some((frame, notes)) = self.pairs.last_and_notes() else { return };
        let (Some(left), Some(right)) = (frame.steps.left.now(), frame.steps.right.now()) else { return };
        combine_entries(self.operation, left, right, &mut frame.same, notes);
        frame.steps.advance_both();
    }

    /// Handles a child that both sides share.
    fn twins(&mut self) {
        let Some((frame, notes)) = self.pairs.last_and_notes() else { return };
        let mask = O::TWINS.unwrap_or_default();
        frame.same &= mask;
        if mask != 0
            && let Some(entry) = frame.steps.left.now()
        {
            notes.keep(entry);
        }
        frame.steps.advance_both();
    }
}
