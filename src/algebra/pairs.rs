//! The stack of a walk over two subtries: a frame for each pair of places on the way down.
//!
//! A walk *enters* a pair of places, which opens a frame, and steps over the entries below both.
//! Where both sides continue below a path, it is at a *fork*: it enters the pair there, and the
//! frame above waits. The result of each part is first written to the notes. When nothing is left
//! below a pair, its frame is *closed*. If the result equals an operand, it is that operand.
//! Otherwise the frame's notes become a node or entries of the node above.

use std::collections::HashMap;

use super::build::{Above, Built, HeldValue, Notes, NotesMark, Outcome};
use super::lockstep::Lockstep;
use super::result::SELF_IDENT;
use crate::node::{Key, Place, Shared, Suffix};

/// A path at or below which both operands have something.
pub(super) struct Fork<'a, V> {
    pub(super) suffix: Suffix<'a>,
    pub(super) left: Place<'a, V>,
    pub(super) right: Place<'a, V>,
}

/// A pair of places on the way down.
pub(super) struct PairFrame<'a, V> {
    pub(super) steps: Lockstep<'a, V>,
    /// The result's value at the place itself.
    own: Option<HeldValue<'a, V>>,
    /// A mask of the operands that the result equals so far.
    pub(super) same: u64,
    /// Whether the node of either operand is large.
    large: bool,
    /// The position of the frame's first note.
    notes: NotesMark,
    /// The keys of the pair, if the walk may reach it again.
    again: Option<[Key; 2]>,
    /// The fork whose result this frame waits for.
    fork: Option<Fork<'a, V>>,
}

/// The frames of a walk, and the results of pairs that it may reach again.
pub(super) struct PairStack<'a, 'o, V> {
    frames: &'o mut Vec<PairFrame<'a, V>>,
    /// The notes of all frames, those of the lowest frame last.
    pub(super) notes: &'o mut Notes<'a, V>,
    /// Where the result of the walk is put.
    pub(super) above: Above<'a>,
    /// The results of pairs in nodes that have more than one owner. Without them, tries that
    /// share their own nodes many times would be walked path by path.
    met: HashMap<[Key; 2], Outcome<Shared<V>>>,
}

impl<'a, V> PairFrame<'a, V> {
    /// Returns the fork `len` bytes along the next entries, and where its result is put.
    #[inline(always)]
    pub(super) fn fork(&mut self, len: usize) -> (Fork<'a, V>, Above<'a>) {
        let suffix = self.steps.left.now().expect("both sides have an entry at a fork").suffix.first(len);
        let (left, right) = self.steps.fork(len);
        (Fork { suffix, left, right }, Above::Suffix { suffix, wide: self.large })
    }
}

impl<'a, 'o, V: Clone> PairStack<'a, 'o, V> {
    /// Starts without frames. The walk's notes are appended to those in `notes`.
    pub(super) fn new(
        frames: &'o mut Vec<PairFrame<'a, V>>,
        notes: &'o mut Notes<'a, V>,
        above: Above<'a>,
    ) -> Self {
        Self { frames, notes, above, met: HashMap::new() }
    }

    /// Returns the lowest frame.
    #[inline]
    pub(super) fn last(&mut self) -> Option<&mut PairFrame<'a, V>> {
        self.frames.last_mut()
    }

    /// Returns the lowest frame, and the notes.
    #[inline]
    pub(super) fn last_and_notes(&mut self) -> Option<(&mut PairFrame<'a, V>, &mut Notes<'a, V>)> {
        Some((self.frames.last_mut()?, self.notes))
    }

    /// Returns the keys of the pair, if the walk may reach it again.
    #[inline]
    pub(super) fn again(left: Place<'a, V>, right: Place<'a, V>) -> Option<[Key; 2]> {
        // If two ways lead to one pair, at least one of the two nodes has two owners.
        (left.is_shared() || right.is_shared()).then(|| [left.key(), right.key()])
    }

    /// Returns the result of a pair that the walk has reached before.
    #[inline(always)]
    pub(super) fn recall(&self, again: Option<[Key; 2]>) -> Option<Outcome<Built<V>>> {
        self.met.get(&again?).map(|met| met.clone().map(Built::Node))
    }

    /// Remembers the result of a pair that the walk may reach again.
    #[inline]
    pub(super) fn remember(&mut self, again: Option<[Key; 2]>, outcome: &Outcome<Built<V>>) {
        if let Some(again) = again {
            self.met.extend(outcome.to_remember().map(|met| (again, met)));
        }
    }

    /// Opens a frame for a pair, with the result's own value and a mask of the operands that the
    /// result equals so far.
    #[inline(always)]
    pub(super) fn open(
        &mut self,
        left: Place<'a, V>,
        right: Place<'a, V>,
        again: Option<[Key; 2]>,
        own: Option<HeldValue<'a, V>>,
        same: u64,
    ) {
        let steps = Lockstep::new(left, right);
        let large = steps.left.is_in_large_node() || steps.right.is_in_large_node();
        let notes = self.notes.mark();
        self.frames.push(PairFrame { steps, own, same, large, notes, again, fork: None });
    }

    /// Makes the frame above the lowest one wait for the result of a fork.
    #[inline(always)]
    pub(super) fn wait(&mut self, fork: Fork<'a, V>) {
        let above = self.frames.len() - 2;
        self.frames[above].fork = Some(fork);
    }

    /// Adds the result of a fork to the notes.
    #[inline(always)]
    pub(super) fn put(&mut self, fork: Fork<'a, V>, outcome: Outcome<Built<V>>) {
        let Fork { suffix, left, right } = fork;
        let frame = self.frames.last_mut().expect("the fork is in a frame");
        match outcome {
            Outcome::Nothing => frame.same = 0,
            Outcome::Same(mask) => {
                frame.same &= mask;
                let place = if mask & SELF_IDENT != 0 { left } else { right };
                self.notes.keep_all(suffix, place);
            }
            Outcome::New(built) => {
                frame.same = 0;
                self.notes.put(suffix, built);
            }
        }
    }

    /// Closes the lowest frame: builds the result from its notes, unless the result equals an
    /// operand. Returns the result of the walk if this was the only frame.
    #[inline]
    pub(super) fn close(&mut self) -> Option<Outcome<Built<V>>> {
        let done = self.frames.last_mut().expect("a frame is closed once");
        let (own, same, notes, again) = (done.own.take(), done.same, done.notes, done.again);
        self.frames.truncate(self.frames.len() - 1);
        let outcome = if same != 0 {
            self.notes.forget(notes);
            Outcome::Same(same)
        } else {
            let above = match self.frames.last() {
                Some(PairFrame { fork: Some(fork), large, .. }) => {
                    Above::Suffix { suffix: fork.suffix, wide: *large }
                }
                _ => self.above,
            };
            self.notes.close(notes, own, above)
        };
        self.remember(again, &outcome);
        let Some(frame) = self.frames.last_mut() else { return Some(outcome) };
        let fork = frame.fork.take().expect("a frame was opened at a fork");
        self.put(fork, outcome);
        None
    }
}
