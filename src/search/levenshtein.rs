//! The Levenshtein automaton: paths that differ from a query by a few edits.

use super::automaton::Automaton;
use super::edits::{EditQuery, MAX_DISTANCE, Rows};
use super::letters::{Partial, Taken};
use crate::error::LevenshteinError;

/// An automaton that matches the paths within a Levenshtein distance of a query.
///
/// The distance is the least number of insertions, deletions and substitutions of one letter that
/// turn the query into the path. [`OptimalAlignment`](super::OptimalAlignment) also counts a swap
/// of two neighbours as one edit.
///
/// A letter is a Unicode scalar value ([`new`](Self::new)) or a byte ([`bytes`](Self::bytes)).
/// With scalar values, a path that is not UTF-8 does not match.
///
/// # How it works
/// This is the nondeterministic automaton of Wu and Manber, with its states as bits. Row `e` has
/// a bit for each prefix of the query that is at most `e` edits away from the path read so far.
/// The length of such a prefix differs from that of the path by at most the distance (Ukkonen),
/// so a row needs only a window around the diagonal. Therefore a state has 32 bytes for any
/// query, nothing is precomputed, and a byte takes a few operations on words for each row.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::Levenshtein;
///
/// let map = PathMap::from([("bar", 1), ("bär", 2), ("bears", 3), ("beer", 4)]);
/// let near = Levenshtein::new("bar", 1)?;
/// let found: Vec<_> = map.search(&near).into_iter().map(|(path, _)| (near.distance(&path), path)).collect();
/// assert_eq!(found, [(Some(0), b"bar".to_vec()), (Some(1), "bär".as_bytes().to_vec())]);
///
/// // In bytes, "ä" is two letters.
/// assert_eq!(map.search(Levenshtein::bytes("bar", 1)?).into_iter().count(), 1);
/// assert_eq!(map.search(Levenshtein::bytes("bar", 2)?).into_iter().count(), 4);
/// # Ok::<(), bytetrie::search::LevenshteinError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct Levenshtein(EditQuery);

/// The state of a [`Levenshtein`] automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevenshteinState {
    /// Bit `w` of row `e`: the path read so far is at most `e` edits away from the query's first
    /// `read + w - distance` letters.
    rows: Rows,
    /// The number of letters read.
    read: usize,
    /// The bytes read of an incomplete character.
    partial: Partial,
}

impl LevenshteinState {
    const DEAD: Self = Self { rows: [0; _], read: 0, partial: Partial::NONE };
}

impl Levenshtein {
    /// The largest supported distance. Two words that differ by more edits have little in common.
    pub const MAX_DISTANCE: u32 = MAX_DISTANCE;

    /// Creates an automaton that matches the paths at most `distance` edits of characters away
    /// from `query`.
    ///
    /// # Errors
    /// Returns an error if `distance` exceeds [`MAX_DISTANCE`](Self::MAX_DISTANCE).
    pub fn new(query: &str, distance: u32) -> Result<Self, LevenshteinError> {
        EditQuery::chars(query, distance).map(Self)
    }

    /// Creates an automaton that matches the paths at most `distance` edits of bytes away from
    /// `query`.
    ///
    /// # Errors
    /// Returns an error if `distance` exceeds [`MAX_DISTANCE`](Self::MAX_DISTANCE).
    pub fn bytes<K: AsRef<[u8]>>(query: K, distance: u32) -> Result<Self, LevenshteinError> {
        EditQuery::bytes(query.as_ref(), distance).map(Self)
    }

    /// Returns the distance of `path` from the query, or `None` if `path` does not match. O(path).
    #[must_use]
    pub fn distance<K: AsRef<[u8]>>(&self, path: K) -> Option<u32> {
        let mut state = self.start();
        for &byte in path.as_ref() {
            state = self.accept(&state, byte);
        }
        self.0.edits(&state.rows, state.read, state.partial)
    }

    /// Returns the state after a letter.
    #[inline]
    fn read(&self, state: &LevenshteinState, letter: u32) -> LevenshteinState {
        let read = state.read + 1;
        let Some(prefixes) = self.0.prefixes(read) else { return LevenshteinState::DEAD };
        let agree = self.0.agreement(read, letter, 0) as u16;
        let mut rows = [0; _];
        // The row of one edit less, before and after this letter. The window has moved by one
        // letter. So the bit of a prefix of unchanged length moves down by one place, and the bit
        // of a prefix that is longer by one letter keeps its place.
        let (mut before, mut after) = (0, 0);
        for (new, &old) in rows.iter_mut().zip(&state.rows).take(self.0.distance() + 1) {
            let (inserted, substituted, deleted) = (before >> 1, before, after << 1);
            after = (old & agree | inserted | substituted | deleted) & prefixes;
            before = old;
            *new = after;
        }
        LevenshteinState { rows, read, partial: Partial::NONE }
    }

    /// Returns the state after a byte that is not a letter by itself.
    fn gather(&self, state: &LevenshteinState, byte: u8) -> LevenshteinState {
        match state.partial.take(byte) {
            Taken::More(partial) => LevenshteinState { partial, ..*state },
            Taken::Letter(letter) => self.read(state, letter),
            Taken::Invalid => LevenshteinState::DEAD,
        }
    }
}

impl Automaton for Levenshtein {
    type State = LevenshteinState;

    fn start(&self) -> LevenshteinState {
        LevenshteinState { rows: self.0.start(), read: 0, partial: Partial::NONE }
    }

    #[inline]
    fn is_match(&self, state: &LevenshteinState) -> bool {
        self.0.is_match(&state.rows, state.read, state.partial)
    }

    #[inline]
    fn can_match(&self, state: &LevenshteinState) -> bool {
        self.0.can_match(&state.rows)
    }

    #[inline]
    fn accept(&self, state: &LevenshteinState, byte: u8) -> LevenshteinState {
        if !self.can_match(state) {
            LevenshteinState::DEAD
        } else if self.0.is_letter(state.partial, byte) {
            self.read(state, byte.into())
        } else {
            self.gather(state, byte)
        }
    }
}
