//! The walk over the paths that an automaton matches.

use std::fmt;
use std::iter::FusedIterator;

use super::automaton::Automaton;

use crate::bytes::Text;
use crate::node::{Below, End, Entry, Place, place_of};
use crate::trie::PathMap;
use crate::zipper::TrieRefBorrowed;

/// The paths that an automaton matches and their values, in path order; see [`PathMap::search`].
///
/// Each path is lent until the next call, so this is not an [`Iterator`]. Use a `while let` loop,
/// or [`into_iter`](IntoIterator::into_iter), whose iterator copies each path.
///
/// # Panics
/// Panics if the automaton panics. A search that is continued after that may miss matches.
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
#[must_use = "matches are lazy and do nothing unless consumed"]
pub struct Matches<'a, A: Automaton, V> {
    automaton: A,
    frames: Vec<MatchFrame<'a, V>>,
    path: Vec<u8>,
    /// The state after each prefix of the path, as far as states are known. Beyond the last
    /// state, either everything matches or nothing does.
    states: Vec<A::State>,
    /// True if no match is possible from the path's last byte on. There is no state for that
    /// byte.
    dead: bool,
    /// The value at the root of the lowest frame, if it matches and has not been returned.
    own: Option<&'a V>,
}

/// The remaining part of a subtrie.
struct MatchFrame<'a, V> {
    /// The length of the path to the subtrie.
    len: usize,
    below: Below<'a, V>,
    /// Whether everything in the subtrie matches.
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

    /// Returns the next path that matches, and its value.
    #[expect(clippy::should_implement_trait, reason = "an Iterator cannot lend its path")]
    pub fn next(&mut self) -> Option<(&[u8], &'a V)> {
        let value = self.advance()?;
        Some((&self.path, value))
    }

    /// Advances to the next path that matches, and returns its value.
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

    /// Returns true iff the path matches.
    #[inline]
    fn matches_here(&self) -> bool {
        debug_assert_eq!(self.states.len(), self.path.len() + 1);
        self.states.last().is_some_and(|state| self.automaton.is_match(state))
    }

    /// Enters a place, to which the path leads.
    fn enter(&mut self, place: Place<'a, V>, all: bool) {
        self.own = place.own().filter(|_| all || self.matches_here());
        self.frames.push(MatchFrame { len: self.path.len(), below: place.below(), all });
    }

    /// Runs the automaton along an entry's suffix, which begins after the first `len` bytes of
    /// the path. Returns `None` if no match is possible there, and otherwise whether everything
    /// below the entry matches.
    #[inline]
    fn run(&mut self, len: usize, entry: &Entry<'_, V>) -> Option<bool> {
        // The automaton has already run along the prefix that the suffix shares with the one
        // before.
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

    /// Runs the automaton along one byte. Returns `None` if no match is possible there, and
    /// otherwise whether any later byte can change the answer.
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

/// An iterator over the paths that an automaton matches and their values, in path order, with a
/// copy of each path.
///
/// Created by [`Matches::into_iter`](IntoIterator::into_iter).
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
    /// Searches for the paths that an automaton matches; returns them and their values in path
    /// order.
    ///
    /// The search descends only where a match is still possible. O(bytes along which a match is
    /// possible); at each branch on the way, it tries each byte that continues there. Pass
    /// `&automaton` to use the automaton again.
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
    /// Searches below this place for the paths that an automaton matches; see
    /// [`PathMap::search`].
    ///
    /// Both the automaton and the returned paths start at this place.
    pub fn search<A: Automaton>(&self, automaton: A) -> Matches<'a, A, V> {
        Matches::new(automaton, self.place())
    }
}
