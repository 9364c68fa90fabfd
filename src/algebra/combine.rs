//! The one walk that carries join, meet, subtract, restrict and symmetric difference.
//!
//! It goes down both operands at once, with a stack of its own, and builds what is new from the bottom up. What becomes
//! of a subtrie is first only noted; a subtrie that comes out equal to one of the operands' is that operand's, and
//! nothing is built for it.

use std::collections::HashMap;

use super::build::{Above, Built, Held, HeldValue, Mark, Notes, Outcome};
use super::dense::combine_plain;
use super::follow::{follow, is_sparse, only_path};
use super::lockstep::{Lockstep, Turn};
use super::operation::Operation;
use super::result::{AlgebraicResult, COUNTER_IDENT, SELF_IDENT};
use crate::node::{End, Entry, Key, Place, Shared, Stored, Suffix};

/// A path below which both operands have something.
struct Fork<'a, V> {
    /// The path's first byte, and those behind it.
    suffix: Suffix<'a>,
    left: Place<'a, V>,
    right: Place<'a, V>,
}

/// A fork that is being worked on.
pub(super) struct Frame<'a, V> {
    steps: Lockstep<'a, V>,
    /// The result's value at the place itself.
    own: Option<HeldValue<'a, V>>,
    /// The operands that the result equals so far.
    same: u64,
    /// Whether either operand has a wide node here.
    wide: bool,
    /// Where its notes begin.
    notes: Mark,
    /// The two places, if they may be met again.
    again: Option<Met>,
    /// The fork that is being worked on below.
    fork: Option<Fork<'a, V>>,
}

/// Two places.
type Met = (Key, Key);

struct Combine<'a, 'o, V, O> {
    operation: &'o mut O,
    frames: &'o mut Vec<Frame<'a, V>>,
    /// The results of all frames, the lowest frame's last.
    notes: &'o mut Notes<'a, V>,
    /// What the result is for.
    above: Above<'a>,
    /// What has become of places in nodes that have more than one owner: without this, tries that share their own nodes many
    /// times over would be walked path by path.
    met: HashMap<Met, Outcome<Shared<V>>>,
}

/// Combines two subtries; one that is absent holds nothing.
///
/// O(what is not shared, or is not skipped by the operation, of both). Nothing of the operands is written, and if a
/// value's operation or clone panics, nothing has changed.
pub(crate) fn combine<V: Clone, O: Operation<V>>(
    left: Option<Place<'_, V>>,
    right: Option<Place<'_, V>>,
    operation: &mut O,
) -> Outcome<Shared<V>> {
    let (left, right) = match (left, right) {
        (Some(left), Some(right)) => (left, right),
        (Some(_), None) if O::LEFT => return Outcome::Same(SELF_IDENT),
        (None, Some(_)) if O::RIGHT => return Outcome::Same(COUNTER_IDENT),
        _ => return Outcome::Nothing,
    };
    match combine_places([left, right], operation, Above::Nothing, &mut Vec::new(), &mut Notes::new()) {
        Outcome::Nothing => Outcome::Nothing,
        Outcome::Same(mask) => Outcome::Same(mask),
        Outcome::New(built) => Outcome::New(built.into_node()),
    }
}

/// The same for two places that are there. A small result is noted behind what has been noted above. There are no frames
/// before and after.
pub(super) fn combine_places<'a, V: Clone, O: Operation<V>>(
    [left, right]: [Place<'a, V>; 2],
    operation: &mut O,
    above: Above<'a>,
    frames: &mut Vec<Frame<'a, V>>,
    notes: &mut Notes<'a, V>,
) -> Outcome<Built<V>> {
    Combine { operation, frames, notes, above, met: HashMap::new() }.run(left, right)
}

impl<'a, V: Clone, O: Operation<V>> Combine<'a, '_, V, O> {
    fn run(mut self, left: Place<'a, V>, right: Place<'a, V>) -> Outcome<Built<V>> {
        if let Some(outcome) = self.enter(left, right, self.above) {
            return outcome;
        }
        loop {
            let frame = self.frames.last_mut().expect("the last frame returns");
            match frame.steps.turn() {
                Some(Turn::Left(passes)) => self.left(passes),
                Some(Turn::Right(passes)) => self.right(passes),
                Some(Turn::Both) => self.both(),
                Some(Turn::Twins(_)) if O::TWINS.is_some() => self.twins(),
                // The child on the left need not be looked at.
                Some(Turn::Fork(len)) if O::COVERS && frame.steps.right.is_value_at(len) => self.cover(),
                Some(Turn::Twins(len) | Turn::Fork(len)) => {
                    let entry = frame.steps.left.now().expect("both sides go on");
                    let suffix = entry.suffix.first(len);
                    let (left, right) = frame.steps.fork(len);
                    let fork = Fork { suffix, left, right };
                    let above = Above::Suffix { suffix, wide: frame.wide };
                    match self.follow_one(&fork).or_else(|| self.enter(left, right, above)) {
                        Some(outcome) => self.put(fork, outcome),
                        // The frame below is the last by now.
                        None => {
                            let above = self.frames.len() - 2;
                            self.frames[above].fork = Some(fork);
                        }
                    }
                }
                None => {
                    let outcome = self.finish();
                    let Some(frame) = self.frames.last_mut() else { return outcome };
                    let fork = frame.fork.take().expect("a frame was opened at a fork");
                    self.put(fork, outcome);
                }
            }
        }
    }

    /// Restricts by the one path that the right side has below a fork, if it has but one.
    fn follow_one(&mut self, fork: &Fork<'a, V>) -> Option<Outcome<Built<V>>> {
        if !O::COVERS {
            return None;
        }
        let last = only_path(fork.right)?;
        Some(match follow(fork.left, last) {
            None => Outcome::Nothing,
            Some((_, false)) => Outcome::Same(SELF_IDENT),
            Some((place, true)) => {
                // What lies in the node where the fork's suffix begins is noted without a copy of the bytes.
                match !fork.left.is_node() && place.node.id() == fork.left.node.id() {
                    true => self.notes.keep_run(place, fork.suffix.len() + last.len()),
                    false => self.notes.keep_behind(fork.suffix, Some(last), place),
                }
                Outcome::New(Built::Noted)
            }
        })
    }

    /// Restricts by the paths to the right side's values, which do not cover all of the left side.
    fn follow_few(&mut self, left: Place<'a, V>, right: Place<'a, V>, above: Above<'a>) -> Outcome<Built<V>> {
        let since = self.notes.mark();
        right.below().for_each(|entry| left.node.prefetch_branch(entry.suffix.head));
        let mut below = right.below();
        while let Some(&Entry { suffix, end }) = below.now() {
            below.advance();
            if end.is_value() {
                if let Some((place, _)) = follow(left, suffix) {
                    match place.is_node() {
                        true => self.notes.keep_all(suffix, place),
                        false => self.notes.keep_behind(suffix, None, place),
                    }
                }
                let covered = |entry: &Entry<'a, V>| entry.suffix.starts_with(suffix);
                while below.now().is_some_and(covered) {
                    below.advance();
                }
            }
        }
        self.notes.close(since, None, above)
    }

    /// Says what two places become, or opens a frame to find out.
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
        if O::COVERS && right.own().is_some() {
            return Some(Outcome::Same(SELF_IDENT));
        }
        // Where two ways lead to the same pair, at least one of the two nodes has two owners.
        let again = (O::PURE && (left.is_shared() || right.is_shared())).then(|| (left.key(), right.key()));
        if let Some(met) = again.and_then(|again| self.met.get(&again)) {
            return Some(match met {
                Outcome::Nothing => Outcome::Nothing,
                Outcome::Same(mask) => Outcome::Same(*mask),
                Outcome::New(node) => Outcome::New(Built::Node(node.clone())),
            });
        }
        if O::COVERS && is_sparse(left, right) {
            let outcome = self.follow_few(left, right, above);
            self.remember(again, &outcome);
            return Some(outcome);
        }
        #[cfg(feature = "rayon")]
        if let Some(outcome) = self.operation.known([left, right]) {
            return Some(outcome.map(Built::of_node));
        }
        let mut same =
            if O::LEFT == O::RIGHT && !O::COVERS { SELF_IDENT | COUNTER_IDENT } else { SELF_IDENT };
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
        if let Some(outcome) = combine_plain(left, right, &mut own, same, self.operation) {
            return Some(outcome);
        }
        let steps = Lockstep::new(left, right);
        let wide = left.node.is_wide() || right.node.is_wide();
        self.frames.push(Frame { steps, own, same, wide, notes: self.notes.mark(), again, fork: None });
        None
    }

    fn frame(&mut self) -> &mut Frame<'a, V> {
        self.frames.last_mut().expect("events come from a frame")
    }

    /// The result equals at most these operands.
    fn narrow(&mut self, mask: u64) {
        self.frame().same &= mask;
    }

    fn left(&mut self, passes: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        let Some(entry) = frame.steps.left.now() else { return };
        // A tip that the other side goes on from dangles no more.
        if O::LEFT && !(passes && entry.end.is_bare()) {
            frame.same &= SELF_IDENT;
            self.notes.keep(entry);
            return frame.steps.left.advance();
        }
        frame.same &= COUNTER_IDENT;
        match frame.steps.right.now() {
            Some(other) if other.suffix.head > entry.suffix.head => {
                frame.steps.left.skip_to(other.suffix.head)
            }
            _ => frame.steps.left.advance(),
        }
    }

    fn right(&mut self, passes: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        let Some(entry) = frame.steps.right.now() else { return };
        if O::COVERS && passes && entry.end.is_value() {
            return self.cover();
        }
        if O::RIGHT && !(passes && entry.end.is_bare()) {
            frame.same &= COUNTER_IDENT;
            self.notes.keep(entry);
            return frame.steps.right.advance();
        }
        frame.same &= SELF_IDENT;
        match frame.steps.left.now() {
            Some(other) if other.suffix.head > entry.suffix.head => {
                frame.steps.right.skip_to(other.suffix.head)
            }
            _ => frame.steps.right.advance(),
        }
    }

    fn both(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let (Some(left), Some(right)) = (frame.steps.left.now(), frame.steps.right.now()) else { return };
        if O::COVERS {
            let covered = match right.end {
                End::Value(_) => true,
                End::Child(child) => child.view().own().is_some(),
                End::Bare => false,
            };
            if covered {
                return self.cover();
            }
            frame.same = 0;
        } else {
            match (left.end, right.end) {
                (End::Value(x), End::Value(y)) => {
                    let (value, mask) = values(self.operation, x, y);
                    frame.same &= mask;
                    if let Some(value) = value {
                        self.notes.push(left.suffix, End::Value(value));
                    }
                }
                (End::Bare, End::Bare) if O::TIPS => self.notes.keep(left),
                (End::Bare, End::Bare) => frame.same = 0,
                (_, End::Bare) if O::LEFT => {
                    frame.same &= SELF_IDENT;
                    self.notes.keep(left);
                }
                (End::Bare, _) if O::RIGHT => {
                    frame.same &= COUNTER_IDENT;
                    self.notes.keep(right);
                }
                _ => frame.same = 0,
            }
        }
        frame.steps.left.advance();
        frame.steps.right.advance();
    }

    /// One and the same child on both sides.
    fn twins(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let mask = O::TWINS.unwrap_or_default();
        frame.same &= mask;
        if mask != 0
            && let Some(entry) = frame.steps.left.now()
        {
            self.notes.keep(entry);
        }
        frame.steps.left.advance();
        frame.steps.right.advance();
    }

    /// Keeps all of the left side's that goes on from the right side's present entry.
    fn cover(&mut self) {
        let Some(Lockstep { left, right }) = self.frames.last_mut().map(|frame| &mut frame.steps) else {
            return;
        };
        let Some(&Entry { suffix, .. }) = right.now() else { return };
        let covers = |entry: &&Entry<'a, V>| entry.suffix.starts_with(suffix);
        while let Some(entry) = left.now().filter(covers) {
            self.notes.keep(entry);
            left.advance();
        }
        while right.now().filter(covers).is_some() {
            right.advance();
        }
    }

    /// Notes what a fork has become.
    fn put(&mut self, fork: Fork<'a, V>, outcome: Outcome<Built<V>>) {
        let Fork { suffix, left, right } = fork;
        match outcome {
            Outcome::Nothing => self.narrow(0),
            Outcome::Same(mask) => {
                self.narrow(mask);
                let place = if mask & SELF_IDENT != 0 { left } else { right };
                self.notes.keep_all(suffix, place);
            }
            Outcome::New(built) => {
                self.narrow(0);
                self.notes.put(suffix, built);
            }
        }
    }

    /// Closes the last frame: builds what is noted in it, if that is anything new.
    fn finish(&mut self) -> Outcome<Built<V>> {
        let frame = self.frames.pop().expect("a frame is finished once");
        let outcome = if frame.same != 0 {
            self.notes.forget(frame.notes);
            Outcome::Same(frame.same)
        } else {
            let above = match self.frames.last() {
                Some(Frame { fork: Some(Fork { suffix, .. }), wide, .. }) => {
                    Above::Suffix { suffix: *suffix, wide: *wide }
                }
                _ => self.above,
            };
            self.notes.close(frame.notes, frame.own, above)
        };
        self.remember(frame.again, &outcome);
        outcome
    }

    /// Remembers what has become of two places that may be met again.
    fn remember(&mut self, again: Option<Met>, outcome: &Outcome<Built<V>>) {
        if let Some(again) = again {
            // What is small is made again: it is no node that could be shared.
            let met = match outcome {
                Outcome::Nothing => Some(Outcome::Nothing),
                Outcome::Same(mask) => Some(Outcome::Same(*mask)),
                Outcome::New(Built::Node(node)) => Some(Outcome::New(node.clone())),
                Outcome::New(_) => None,
            };
            self.met.extend(met.map(|met| (again, met)));
        }
    }
}

/// What two values become, and the operands that this equals.
pub(super) fn values<'a, V, O: Operation<V>>(
    operation: &mut O,
    left: &'a V,
    right: &'a V,
) -> (Option<HeldValue<'a, V>>, u64) {
    match operation.values(left, right) {
        AlgebraicResult::None => (None, 0),
        AlgebraicResult::Identity(mask) if mask & (SELF_IDENT | COUNTER_IDENT) == 0 => {
            panic!("the identity mask {mask:#b} names neither operand")
        }
        AlgebraicResult::Identity(mask) if mask & SELF_IDENT != 0 => (Some(Held::Lent(left)), mask),
        AlgebraicResult::Identity(mask) => (Some(Held::Lent(right)), mask),
        AlgebraicResult::Element(value) => (Some(Held::New(Stored::new(value))), 0),
    }
}
