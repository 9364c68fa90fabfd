//! The automaton of optimal string alignment: paths that differ from a query by a few edits,
//! where a swap of two neighbours is one edit.

use super::automaton::Automaton;
use super::edits::{EditQuery, MAX_DISTANCE, Rows};
use super::letters::{Partial, Taken};
use crate::error::LevenshteinError;

/// An automaton that matches the paths within an optimal string alignment distance of a query.
///
/// The distance is the least number of edits that turn the query into the path. An edit is an
/// insertion, a deletion or a substitution of one letter, or a transposition of two neighbouring
/// letters. No letter is edited twice. Most typing errors are of these four kinds: "teh" is one
/// edit away from "the", while its [`Levenshtein`] distance is two.
///
/// This is the *restricted* Damerau–Levenshtein distance. The unrestricted distance allows
/// insertions between two letters that were swapped: "ca" is two unrestricted edits away from
/// "abc", but three edits here. The restricted distance does not satisfy the triangle inequality.
///
/// A letter is a Unicode scalar value ([`new`](Self::new)) or a byte ([`bytes`](Self::bytes)).
/// With scalar values, a path that is not UTF-8 does not match.
///
/// [`Levenshtein`]: super::Levenshtein
///
/// # How it works
/// This is the automaton of [`Levenshtein`] with a second row for each number of edits. The
/// second row has a bit for each prefix of the query after which a transposition may have begun:
/// the last letter read is the second of the two letters that follow the prefix. The next letter
/// decides. A state has 48 bytes for any query, and nothing is precomputed. (H. Hyyrö, *A
/// bit-vector algorithm for computing Levenshtein and Damerau edit distances*, Nordic Journal of
/// Computing 10, 2003, adds the transposition to a bit-parallel matrix. Here it is added to the
/// rows of Wu and Manber.)
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::{Levenshtein, OptimalAlignment};
///
/// let map = PathMap::from([("form", 1), ("forum", 2), ("from", 3), ("fro", 4), ("roam", 5)]);
/// let near = OptimalAlignment::new("from", 1)?;
/// let found: Vec<_> = map.search(&near).into_iter().map(|(path, _)| (near.distance(&path), path)).collect();
/// assert_eq!(found, [(Some(1), b"form".to_vec()), (Some(1), b"fro".to_vec()), (Some(0), b"from".to_vec())]);
/// assert_eq!(Levenshtein::new("from", 1)?.distance("form"), None);
/// # Ok::<(), bytetrie::search::LevenshteinError>(())
/// ```
#[doc(alias = "damerau")]
#[doc(alias = "transposition")]
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct OptimalAlignment(EditQuery);

/// The state of an [`OptimalAlignment`] automaton.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptimalAlignmentState {
    /// Bit `w` of row `e`: the path read so far is at most `e` edits away from the query's first
    /// `read + w - distance` letters.
    rows: Rows,
    /// Bit `w` of row `e`: the path before the last letter is at most `e - 1` edits away from the
    /// query's first `read - 1 + w - distance` letters, and the last letter is the second of
    /// those that follow there.
    begun: Rows,
    /// The number of letters read.
    read: usize,
    /// The bytes read of an incomplete character.
    partial: Partial,
}

impl OptimalAlignmentState {
    const DEAD: Self = Self { rows: [0; _], begun: [0; _], read: 0, partial: Partial::NONE };
}

impl OptimalAlignment {
    /// The largest supported distance, equal to
    /// [`Levenshtein::MAX_DISTANCE`](super::Levenshtein::MAX_DISTANCE).
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
    fn read(&self, state: &OptimalAlignmentState, letter: u32) -> OptimalAlignmentState {
        let read = state.read + 1;
        let Some(prefixes) = self.0.prefixes(read) else { return OptimalAlignmentState::DEAD };
        let agree = self.0.agreement(read, letter, 1);
        // Bit `w` of each mask tells whether the letter equals a letter of the query: the last
        // one of prefix `w`, the first one behind it, and the second one behind it.
        let (previous, next, second) = (agree as u16, (agree >> 1) as u16, (agree >> 2) as u16);
        let (mut rows, mut begun) = ([0; _], [0; _]);
        // The row of one edit less, before and after this letter. The window has moved by one
        // letter. So the bit of a prefix of unchanged length moves down by one place, and the bit
        // of a prefix that is longer by one letter keeps its place. A prefix that has grown by
        // two letters in the last two steps keeps its place, too.
        let (mut before, mut after) = (0, 0);
        for edits in 0..=self.0.distance() {
            let old = state.rows[edits];
            let (inserted, substituted, deleted) = (before >> 1, before, after << 1);
            let transposed = state.begun[edits] & previous;
            after = (old & next | inserted | substituted | deleted | transposed) & prefixes;
            rows[edits] = after;
            begun[edits] = before & second;
            before = old;
        }
        OptimalAlignmentState { rows, begun, read, partial: Partial::NONE }
    }

    /// Returns the state after a byte that is not a letter by itself.
    fn gather(&self, state: &OptimalAlignmentState, byte: u8) -> OptimalAlignmentState {
        match state.partial.take(byte) {
            Taken::More(partial) => OptimalAlignmentState { partial, ..*state },
            Taken::Letter(letter) => self.read(state, letter),
            Taken::Invalid => OptimalAlignmentState::DEAD,
        }
    }
}

impl Automaton for OptimalAlignment {
    type State = OptimalAlignmentState;

    fn start(&self) -> OptimalAlignmentState {
        OptimalAlignmentState { rows: self.0.start(), begun: [0; _], read: 0, partial: Partial::NONE }
    }

    #[inline]
    fn is_match(&self, state: &OptimalAlignmentState) -> bool {
        self.0.is_match(&state.rows, state.read, state.partial)
    }

    #[inline]
    fn can_match(&self, state: &OptimalAlignmentState) -> bool {
        // A substitution is possible wherever a transposition has begun.
        self.0.can_match(&state.rows)
    }

    #[inline]
    fn accept(&self, state: &OptimalAlignmentState, byte: u8) -> OptimalAlignmentState {
        if !self.can_match(state) {
            OptimalAlignmentState::DEAD
        } else if self.0.is_letter(state.partial, byte) {
            self.read(state, byte.into())
        } else {
            self.gather(state, byte)
        }
    }
}
