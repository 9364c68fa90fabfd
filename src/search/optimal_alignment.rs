//! Paths that differ from a query by a few edits, of which one is that two neighbours change
//! places.

use super::automaton::Automaton;
use super::letters::{Partial, Taken};
use crate::error::LevenshteinError;

/// Matches the paths within an optimal string alignment distance of a query.
///
/// The distance is the least number of edits that turn one into the other, where an edit is an
/// insertion, a deletion or a substitution of one letter, or a transposition of two letters that
/// are neighbours, and no letter is edited twice. Typing errors are mostly of these four kinds:
/// "teh" is one edit away from "the", while its [`Levenshtein`] distance is two.
///
/// This is the *restricted* Damerau–Levenshtein distance. In the unrestricted one, letters may be
/// inserted between two that have changed places: "ca" is two edits away from "abc" there, and
/// three here. The restricted distance does not satisfy the triangle inequality.
///
/// A letter is a Unicode scalar value ([`new`](Self::new)) or a byte ([`bytes`](Self::bytes)). In
/// the first kind a path that is no UTF-8 does not match.
///
/// [`Levenshtein`]: super::Levenshtein
///
/// # How it works
/// It is the automaton of [`Levenshtein`], with one more set of bits for each number of edits: the
/// prefixes of the query after which the last letter read is the second of two that may have
/// changed places. The next letter decides. (H. Hyyrö, *A bit-vector algorithm for computing
/// Levenshtein and Damerau edit distances*, Nordic Journal of Computing 10, 2003, adds the
/// transposition to a bit-parallel matrix; here it is added to the rows of Wu and Manber.) A state
/// has 48 bytes for any query, and nothing is built beforehand.
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
pub struct OptimalAlignment {
    distance: usize,
    /// The number of letters.
    len: usize,
    /// The letters, with [`NONE`] before them, once more than `distance` times, and as much behind
    /// as a window may reach.
    letters: Vec<u32>,
    unicode: bool,
}

/// No letter.
const NONE: u32 = u32::MAX;

/// One row for each number of edits.
type Rows = [u16; OptimalAlignment::MAX_DISTANCE as usize + 1];

/// Where an [`OptimalAlignment`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptimalAlignmentState {
    /// Bit `w` of row `e`: what has been read is at most `e` edits away from the first `read + w -
    /// distance` letters.
    rows: Rows,
    /// Bit `w` of row `e`: what was read before the last letter is at most `e - 1` edits away from
    /// the first `read - 1 + w - distance` letters, and the last letter is the second of those
    /// that follow there.
    begun: Rows,
    /// The number of letters read.
    read: usize,
    /// The bytes read of a character that is not yet whole.
    partial: Partial,
}

impl OptimalAlignmentState {
    const DEAD: Self = Self { rows: [0; _], begun: [0; _], read: 0, partial: Partial::NONE };
}

impl OptimalAlignment {
    /// The largest distance, which is that of [`Levenshtein`](super::Levenshtein::MAX_DISTANCE).
    pub const MAX_DISTANCE: u32 = super::Levenshtein::MAX_DISTANCE;

    /// Matches what is at most `distance` edits of characters away from `query`.
    ///
    /// # Errors
    /// If `distance` exceeds [`MAX_DISTANCE`](Self::MAX_DISTANCE).
    pub fn new(query: &str, distance: u32) -> Result<Self, LevenshteinError> {
        Self::of(query.chars().map(u32::from), distance, true)
    }

    /// Matches what is at most `distance` edits of bytes away from `query`.
    ///
    /// # Errors
    /// If `distance` exceeds [`MAX_DISTANCE`](Self::MAX_DISTANCE).
    pub fn bytes<K: AsRef<[u8]>>(query: K, distance: u32) -> Result<Self, LevenshteinError> {
        Self::of(query.as_ref().iter().map(|&byte| byte.into()), distance, false)
    }

    fn of(query: impl Iterator<Item = u32>, distance: u32, unicode: bool) -> Result<Self, LevenshteinError> {
        if distance > Self::MAX_DISTANCE {
            return Err(LevenshteinError::new(distance, Self::MAX_DISTANCE));
        }
        let distance = distance as usize;
        let mut letters = vec![NONE; distance + 1];
        letters.extend(query);
        let len = letters.len() - distance - 1;
        // The last letter that is read without all being lost is number `len + distance`.
        letters.extend([NONE; 3 * Self::MAX_DISTANCE as usize + 1]);
        Ok(Self { distance, len, letters, unicode })
    }

    /// The distance of `path` from the query; none if it does not match.
    ///
    /// # Complexity
    /// O(path).
    #[must_use]
    pub fn distance<K: AsRef<[u8]>>(&self, path: K) -> Option<u32> {
        let mut state = self.start();
        for &byte in path.as_ref() {
            state = self.accept(&state, byte);
        }
        let bit = self.end_bit(&state)?;
        state.rows.iter().position(|row| row & bit != 0).map(|edits| edits as u32)
    }

    /// The bit of the whole query, if it is in the window and the last character is whole.
    #[inline]
    fn end_bit(&self, state: &OptimalAlignmentState) -> Option<u16> {
        let place = (self.len + self.distance).checked_sub(state.read)?;
        (place <= 2 * self.distance && state.partial.is_none()).then(|| 1 << place)
    }

    /// The state after a letter.
    #[inline]
    fn read(&self, state: &OptimalAlignmentState, letter: u32) -> OptimalAlignmentState {
        let (distance, read) = (self.distance, state.read + 1);
        // Prefixes longer than the query are none.
        let Some(last) = (self.len + distance).checked_sub(read) else { return OptimalAlignmentState::DEAD };
        let exist = (2u16 << last.min(2 * distance)) - 1;
        // From the letter before the window to the one behind it.
        let window = &self.letters[state.read..state.read + 2 * distance + 3];
        let mut agree = 0u32;
        for (place, &at) in window.iter().enumerate() {
            agree |= u32::from(at == letter) << place;
        }
        // Bit `w`: the letter is the one before prefix `w`'s next, that next one, and the one
        // after it.
        let (previous, next, second) = (agree as u16, (agree >> 1) as u16, (agree >> 2) as u16);
        let (mut rows, mut begun) = ([0; _], [0; _]);
        // The row of one edit less, before and after this letter. The window has moved by one
        // letter: a prefix that stays the same is one place further down, and one that grows by a
        // letter is at the same place. So is one that has grown by two letters in the last two
        // steps.
        let (mut before, mut after) = (0, 0);
        for edits in 0..=distance {
            let old = state.rows[edits];
            let (inserted, substituted, deleted) = (before >> 1, before, after << 1);
            let transposed = state.begun[edits] & previous;
            after = (old & next | inserted | substituted | deleted | transposed) & exist;
            rows[edits] = after;
            begun[edits] = before & second;
            before = old;
        }
        OptimalAlignmentState { rows, begun, read, partial: Partial::NONE }
    }
}

impl Automaton for OptimalAlignment {
    type State = OptimalAlignmentState;

    fn start(&self) -> OptimalAlignmentState {
        let mut rows = [0; _];
        for (edits, row) in rows.iter_mut().enumerate().take(self.distance + 1) {
            // Each edit deletes a letter, if there is one left.
            let most = edits.min(self.len);
            *row = ((2 << most) - 1) << self.distance;
        }
        OptimalAlignmentState { rows, begun: [0; _], read: 0, partial: Partial::NONE }
    }

    #[inline]
    fn is_match(&self, state: &OptimalAlignmentState) -> bool {
        // What is a few edits away is in the rows of more edits too.
        self.end_bit(state).is_some_and(|bit| state.rows[self.distance] & bit != 0)
    }

    #[inline]
    fn can_match(&self, state: &OptimalAlignmentState) -> bool {
        // Where a transposition has begun, a substitution leads on as well.
        state.rows[self.distance] != 0
    }

    #[inline]
    fn accept(&self, state: &OptimalAlignmentState, byte: u8) -> OptimalAlignmentState {
        if !self.can_match(state) {
            return OptimalAlignmentState::DEAD;
        }
        if !self.unicode || (byte < 0x80 && state.partial.is_none()) {
            return self.read(state, byte.into());
        }
        match state.partial.take(byte) {
            Taken::More(partial) => OptimalAlignmentState { partial, ..*state },
            Taken::Letter(letter) => self.read(state, letter),
            Taken::Invalid => OptimalAlignmentState::DEAD,
        }
    }
}
