//! Paths that differ from a query by a few edits.

use super::automaton::Automaton;
use super::letters::{Partial, Taken};
use crate::error::LevenshteinError;

/// Matches the paths within a Levenshtein distance of a query: so many insertions, deletions and
/// substitutions of one letter turn one into the other.
///
/// A letter is a Unicode scalar value ([`new`](Self::new)) or a byte ([`bytes`](Self::bytes)). In
/// the first kind a path that is no UTF-8 does not match. To count two neighbours that change
/// places as one edit, not two, use [`OptimalAlignment`](super::OptimalAlignment).
///
/// # How it works
/// It is the nondeterministic automaton of Wu and Manber, whose states are kept as bits, in a
/// window around the diagonal: row `e` has a bit for each length of the query's prefixes that the
/// path read so far is at most `e` edits away from, and only lengths within the distance of the
/// path's own can be among them (Ukkonen). So a state is seven-odd small words whatever the query,
/// nothing is built beforehand, and a byte takes some operations on words for each row.
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
#[must_use = "an automaton does nothing until it is searched with"]
pub struct Levenshtein {
    distance: usize,
    /// The number of letters.
    len: usize,
    /// The letters, with `distance` times [`NONE`] before them and as much behind as a window may
    /// reach.
    letters: Vec<u32>,
    unicode: bool,
}

/// No letter.
const NONE: u32 = u32::MAX;

/// One row for each number of edits.
type Rows = [u16; Levenshtein::MAX_DISTANCE as usize + 1];

/// Where a [`Levenshtein`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevenshteinState {
    /// Bit `w` of row `e`: what has been read is at most `e` edits away from the first `read + w -
    /// distance` letters.
    rows: Rows,
    /// The number of letters read.
    read: usize,
    /// The bytes read of a character that is not yet whole.
    partial: Partial,
}

impl LevenshteinState {
    const DEAD: Self = Self { rows: [0; _], read: 0, partial: Partial::NONE };
}

impl Levenshtein {
    /// The largest distance. A window of twice as many letters fits a small word; and beyond it,
    /// words have little in common.
    pub const MAX_DISTANCE: u32 = 7;

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
        let mut letters = vec![NONE; distance];
        letters.extend(query);
        let len = letters.len() - distance;
        // The last letter that is read without all being lost is number `len + distance`.
        letters.extend([NONE; 3 * Self::MAX_DISTANCE as usize + 1]);
        Ok(Self { distance, len, letters, unicode })
    }

    /// The distance of `path` from the query; none if it does not match. O(path).
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
    fn end_bit(&self, state: &LevenshteinState) -> Option<u16> {
        let place = (self.len + self.distance).checked_sub(state.read)?;
        (place <= 2 * self.distance && state.partial.is_none()).then(|| 1 << place)
    }

    /// The state after a letter.
    #[inline]
    fn read(&self, state: &LevenshteinState, letter: u32) -> LevenshteinState {
        let (distance, read) = (self.distance, state.read + 1);
        // Prefixes longer than the query are none.
        let Some(last) = (self.len + distance).checked_sub(read) else { return LevenshteinState::DEAD };
        let exist = (2u16 << last.min(2 * distance)) - 1;
        let window = &self.letters[state.read..state.read + 2 * distance + 1];
        let mut agree = 0;
        for (place, &at) in window.iter().enumerate() {
            agree |= ((at == letter) as u16) << place;
        }
        let mut rows = [0; _];
        // The row of one edit less, before and after this letter. The window has moved by one
        // letter: a prefix that stays the same is one place further down, and one that grows by a
        // letter is at the same place.
        let (mut before, mut after) = (0, 0);
        for (new, &old) in rows.iter_mut().zip(&state.rows).take(distance + 1) {
            let (inserted, substituted, deleted) = (before >> 1, before, after << 1);
            after = (old & agree | inserted | substituted | deleted) & exist;
            before = old;
            *new = after;
        }
        LevenshteinState { rows, read, partial: Partial::NONE }
    }

    /// The state after a byte that is not a character by itself.
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
        let mut rows = [0; _];
        for (edits, row) in rows.iter_mut().enumerate().take(self.distance + 1) {
            // So many edits delete as many letters, if there are that many.
            let most = edits.min(self.len);
            *row = ((2 << most) - 1) << self.distance;
        }
        LevenshteinState { rows, read: 0, partial: Partial::NONE }
    }

    #[inline]
    fn is_match(&self, state: &LevenshteinState) -> bool {
        // What is a few edits away is in the rows of more edits too.
        self.end_bit(state).is_some_and(|bit| state.rows[self.distance] & bit != 0)
    }

    #[inline]
    fn can_match(&self, state: &LevenshteinState) -> bool {
        state.rows[self.distance] != 0
    }

    #[inline]
    fn accept(&self, state: &LevenshteinState, byte: u8) -> LevenshteinState {
        if !self.can_match(state) {
            LevenshteinState::DEAD
        } else if !self.unicode || (byte < 0x80 && state.partial.is_none()) {
            self.read(state, byte.into())
        } else {
            self.gather(state, byte)
        }
    }
}
