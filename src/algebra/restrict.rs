//! The walk that computes restrict: it keeps the part of the left side at and below the paths of
//! the right side's values.
//!
//! A value of the right side *covers* all paths that begin with its path. A covered subtrie is
//! kept without being read. If the right side has few paths and the left node is large, the walk
//! looks up each of these paths instead of comparing all entries.

use super::build::{Above, Built, Notes, Outcome};
use super::lockstep::{Lockstep, Upcoming};
use super::pairs::{Fork, PairStack};
use super::result::{COUNTER_IDENT, SELF_IDENT};
use crate::node::{End, Entry, Place, Shared, follow, only_path, outnumbers, prefetch_towards};

/// Keeps the part of the left side at and below the paths of the right side's values. `None` is
/// an empty subtrie.
///
/// O(entries that both have above the right side's first values). The operands are not written.
/// If a value's clone panics, nothing has changed.
pub(crate) fn restrict<V: Clone>(
    left: Option<Place<'_, V>>,
    right: Option<Place<'_, V>>,
) -> Outcome<Shared<V>> {
    let (Some(left), Some(right)) = (left, right) else { return Outcome::Nothing };
    let (mut frames, mut notes) = (Vec::new(), Notes::new());
    let walk = RestrictWalk { pairs: PairStack::new(&mut frames, &mut notes, Above::Nothing) };
    walk.run(left, right).map(Built::into_node)
}

struct RestrictWalk<'a, 'o, V> {
    pairs: PairStack<'a, 'o, V>,
}

impl<'a, V: Clone> RestrictWalk<'a, '_, V> {
    fn run(mut self, left: Place<'a, V>, right: Place<'a, V>) -> Outcome<Built<V>> {
        if let Some(outcome) = self.enter(left, right, self.pairs.above) {
            return outcome;
        }
        loop {
            let frame = self.pairs.last().expect("the last frame returns");
            match frame.steps.upcoming() {
                Some(Upcoming::Left(_)) => {
                    frame.same &= COUNTER_IDENT;
                    frame.steps.pass_left();
                }
                Some(Upcoming::Right(passes)) => self.right(passes),
                Some(Upcoming::Both) => self.both(),
                // The child on the left is kept without being read.
                Some(Upcoming::Fork(len)) if frame.steps.right.is_value_at(len) => self.cover(),
                // Even if both sides share the child, the part above the first value of each path
                // is not kept.
                Some(Upcoming::Twins(len) | Upcoming::Fork(len)) => {
                    let (fork, above) = frame.fork(len);
                    match self.follow_one(&fork).or_else(|| self.enter(fork.left, fork.right, above)) {
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

    /// Returns the result for two places, or opens a frame to compute it.
    fn enter(
        &mut self,
        left: Place<'a, V>,
        right: Place<'a, V>,
        above: Above<'a>,
    ) -> Option<Outcome<Built<V>>> {
        if right.own().is_some() {
            return Some(Outcome::Same(SELF_IDENT));
        }
        let again = PairStack::again(left, right);
        if let Some(outcome) = self.pairs.recall(again) {
            return Some(outcome);
        }
        if outnumbers(left, right) {
            let outcome = self.follow_few(left, right, above);
            self.pairs.remember(again, &outcome);
            return Some(outcome);
        }
        let same = if left.own().is_some() { 0 } else { SELF_IDENT };
        self.pairs.open(left, right, again, None, same);
        None
    }

    /// Restricts by the only path that the right side has below a fork. Returns `None` if it has
    /// more than one.
    fn follow_one(&mut self, fork: &Fork<'a, V>) -> Option<Outcome<Built<V>>> {
        let last = only_path(fork.right)?;
        Some(match follow(fork.left, last) {
            None => Outcome::Nothing,
            Some((_, false)) => Outcome::Same(SELF_IDENT),
            Some((place, true)) => {
                // A part in the node where the fork's suffix begins is noted without a copy of
                // the bytes.
                let notes = &mut self.pairs.notes;
                match fork.left.whole().is_none() && place.node().id() == fork.left.node().id() {
                    true => notes.keep_run(place, fork.suffix.len() + last.len()),
                    false => notes.keep_behind(fork.suffix, Some(last), place),
                }
                Outcome::New(Built::Noted)
            }
        })
    }

    /// Restricts by the paths of the right side's values. They do not cover all of the left side.
    fn follow_few(&mut self, left: Place<'a, V>, right: Place<'a, V>, above: Above<'a>) -> Outcome<Built<V>> {
        let notes = &mut self.pairs.notes;
        let since = notes.mark();
        prefetch_towards(left, right);
        let mut below = right.below();
        while let Some(&Entry { suffix, end }) = below.now() {
            below.advance();
            if end.is_value() {
                if let Some((place, _)) = follow(left, suffix) {
                    match place.whole() {
                        Some(_) => notes.keep_all(suffix, place),
                        None => notes.keep_behind(suffix, None, place),
                    }
                }
                let covered = |entry: &Entry<'a, V>| entry.suffix.starts_with(suffix);
                while below.now().is_some_and(covered) {
                    below.advance();
                }
            }
        }
        notes.close(since, None, above)
    }

    /// Handles the right side's next entry, which the left side does not have.
    fn right(&mut self, passes: bool) {
        let Some(frame) = self.pairs.last() else { return };
        let Some(entry) = frame.steps.right.now() else { return };
        if passes && entry.end.is_value() {
            return self.cover();
        }
        frame.steps.pass_right();
    }

    /// Restricts the left side's next entry by the right side's next entry, which has an equal
    /// suffix.
    fn both(&mut self) {
        let Some(frame) = self.pairs.last() else { return };
        let Some(right) = frame.steps.right.now() else { return };
        let covers = match right.end {
            End::Value(_) => true,
            End::Child(child) => child.place().own().is_some(),
            End::Bare => false,
        };
        if covers {
            return self.cover();
        }
        frame.same = 0;
        frame.steps.advance_both();
    }

    /// Keeps all entries of the left side that begin with the suffix of the right side's next
    /// entry.
    fn cover(&mut self) {
        let Some((frame, notes)) = self.pairs.last_and_notes() else { return };
        let Lockstep { left, right } = &mut frame.steps;
        let Some(&Entry { suffix, .. }) = right.now() else { return };
        let covers = |entry: &&Entry<'a, V>| entry.suffix.starts_with(suffix);
        while let Some(entry) = left.now().filter(covers) {
            notes.keep(entry);
            left.advance();
        }
        while right.now().filter(covers).is_some() {
            right.advance();
        }
    }
}
