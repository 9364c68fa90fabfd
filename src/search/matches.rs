//! The walk along the paths that an automaton matches.

use std::fmt;
use std::iter::FusedIterator;

use super::automaton::Automaton;

use crate::bytes::Text;
use crate::node::{Below, End, Entry, Place, place_of};
use crate::trie::PathMap;
use crate::zipper::TrieRefBorrowed;

/// The paths that an automaton matches and their values, in path order; see [`PathMap::search`].
///
/// It lends each path until the next call, and so is no [`Iterator`]: drive it by `while let`. Or
/// turn it into an iterator by [`into_iter`](IntoIterator::into_iter), which makes a copy of each
/// path.
///
/// # Panics
/// If the automaton panics. A search that is gone on with after that may have lost matches.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::{Automaton, Str};
///
/// let map = PathMap::from([("rom", 1), ("romane", 2), ("rubens", 3)]);
/// let found: Vec<(Vec<u8>, &u32)> = map.search(Str::new("rom").starts_with()).into_iter().collect();
/// assert_eq!(found, [(b"rom".to_vec(), &1), (b"romane".to_vec(), &2)]);
/// ```
#[must_use = "matches are found as they are asked for"]
pub struct Matches<'a, A: Automaton, V> {
    automaton: A,
    frames: Vec<MatchFrame<'a, V>>,
    path: Vec<u8>,
    /// The state after each length of the path from 0 on, as far as states are known. What is
    /// beyond them all matches, or leads to no match.
    states: Vec<A::State>,
    /// The path leads to no match from its last byte on, and to that byte there is no state.
    dead: bool,
    /// The value at the place itself where a frame begins, if it matches.
    own: Option<&'a V>,
}

/// What is left of a subtrie.
struct MatchFrame<'a, V> {
    /// The length of the path that leads there.
    len: usize,
    below: Below<'a, V>,
    /// All that is there matches.
    all: bool,
}

impl<'a, A: Automaton, V> Matches<'a, A, V> {
    pub(crate) fn new(automaton: A, place: Option<Place<'a, V>>) -> Self {
        let (frames, path, states) = (Vec::new(), Vec::new(), vec![automaton.start()]);
        let mut matches = Self { automaton, frames, path, states, dead: false, own: None };
        let start = &matches.states[0];
        if matches.automaton.can_match(start)
            && let Some(place) = place
        {
            let all = matches.automaton.will_always_match(start);
            matches.enter(place, all);
        }
        matches
    }

    /// The next path that matches, and its value.
    #[expect(clippy::should_implement_trait, reason = "an Iterator cannot lend its path")]
    pub fn next(&mut self) -> Option<(&[u8], &'a V)> {
        let value = self.advance()?;
        Some((&self.path, value))
    }

    /// Goes to the next path that matches.
    fn advance(&mut self) -> Option<&'a V> {
        loop {
            if let Some(value) = self.own.take() {
                return Some(value);
            }
            let frame = self.frames.last_mut()?;
            let (len, all) = (frame.len, frame.all);
            let Some(entry) = frame.below.next() else {
                self.frames.pop();
                continue;
            };
            let all = if all {
                self.path.truncate(len);
                entry.suffix.append_to(&mut self.path);
                true
            } else {
                let Some(all) = self.run(len, &entry) else { continue };
                all
            };
            match entry.end {
                End::Value(value) if all || self.matches_here() => return Some(value),
                End::Value(_) | End::Bare => {}
                End::Child(child) => self.enter(child.place(), all),
            }
        }
    }

    /// True iff the state at the end of the path is one of a match.
    #[inline]
    fn matches_here(&self) -> bool {
        debug_assert_eq!(self.states.len(), self.path.len() + 1);
        self.states.last().is_some_and(|state| self.automaton.is_match(state))
    }

    /// Begins with what is at and below a place, to which the path leads.
    fn enter(&mut self, place: Place<'a, V>, all: bool) {
        self.own = place.own().filter(|_| all || self.matches_here());
        self.frames.push(MatchFrame { len: self.path.len(), below: place.below(), all });
    }

    /// Runs along an entry's suffix from the first `len` bytes of the path on. Returns none if it
    /// leads to no match, else whether all from there on matches.
    #[inline]
    fn run(&mut self, len: usize, entry: &Entry<'_, V>) -> Option<bool> {
        // What the suffix has in common with the one before has been run along already.
        let known = self.states.len() - 1;
        let kept = len + entry.suffix.common_prefix(&self.path[len..]);
        if kept > known && self.dead {
            return None;
        }
        self.dead = false;
        let kept = kept.min(known);
        self.path.truncate(kept);
        self.states.truncate(kept + 1);
        let mut rest = entry.suffix.rest;
        if kept > len {
            rest = &rest[kept - len - 1..];
        } else if !self.step(entry.suffix.head)? {
            self.path.extend_from_slice(rest);
            return Some(true);
        }
        for (i, &byte) in rest.iter().enumerate() {
            if !self.step(byte)? {
                self.path.extend_from_slice(&rest[i + 1..]);
                return Some(true);
            }
        }
        Some(self.states.last().is_some_and(|state| self.automaton.will_always_match(state)))
    }

    /// Goes along one byte. Returns none if it leads to no match, else whether anything can still
    /// be decided beyond it.
    #[inline(always)]
    fn step(&mut self, byte: u8) -> Option<bool> {
        let state = self.automaton.accept(self.states.last()?, byte);
        self.path.push(byte);
        if !self.automaton.can_match(&state) {
            self.dead = true;
            return None;
        }
        let open = !self.automaton.will_always_match(&state);
        self.states.push(state);
        Some(open)
    }
}

impl<A: Automaton, V> fmt::Debug for Matches<'_, A, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Matches").field("at", &Text(&self.path)).finish_non_exhaustive()
    }
}

/// An iterator over the paths that an automaton matches and their values in path order, with a
/// copy of each path.
///
/// Made from [`Matches`] by `into_iter`.
#[derive(Debug)]
#[must_use = "iterators are lazy and do nothing unless consumed"]
pub struct MatchesIter<'a, A: Automaton, V>(Matches<'a, A, V>);

impl<'a, A: Automaton, V> Iterator for MatchesIter<'a, A, V> {
    type Item = (Vec<u8>, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(path, value)| (path.to_vec(), value))
    }

    fn count(mut self) -> usize {
        std::iter::from_fn(|| self.0.advance()).count()
    }
}

impl<A: Automaton, V> FusedIterator for MatchesIter<'_, A, V> {}

impl<'a, A: Automaton, V> IntoIterator for Matches<'a, A, V> {
    type Item = (Vec<u8>, &'a V);
    type IntoIter = MatchesIter<'a, A, V>;

    fn into_iter(self) -> MatchesIter<'a, A, V> {
        MatchesIter(self)
    }
}

impl<V> PathMap<V> {
    /// The paths that an automaton matches, and their values, in path order.
    ///
    /// Goes down only where a match can still come. O(bytes along which it can), and, at each
    /// branch on the way, a look at each byte that goes on. An automaton that is lent
    /// (`&automaton`) can be used again.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::search::Subsequence;
    ///
    /// let map = PathMap::from([("src/lib.rs", 1), ("src/main.rs", 2), ("tests/lib.rs", 3)]);
    /// let mut found = map.search(Subsequence::new("slib"));
    /// let mut sum = 0;
    /// while let Some((path, value)) = found.next() {
    ///     assert!(path.ends_with(b"lib.rs"));
    ///     sum += value;
    /// }
    /// assert_eq!(sum, 4);
    /// ```
    pub fn search<A: Automaton>(&self, automaton: A) -> Matches<'_, A, V> {
        Matches::new(automaton, place_of(self.root.as_ref()))
    }
}

impl<'a, V> TrieRefBorrowed<'a, V> {
    /// The paths below this place that an automaton matches, and their values, in path order; see
    /// [`PathMap::search`].
    ///
    /// Both the automaton and the paths start from this place.
    pub fn search<A: Automaton>(&self, automaton: A) -> Matches<'a, A, V> {
        Matches::new(automaton, self.place())
    }
}
