//! The common part of the automata of edit distances: the query, and rows of bits, one for each
//! number of edits.
//!
//! [`Levenshtein`](super::Levenshtein) explains the rows. Each bit of a row stands for a length
//! of the query's prefixes, in a *window* that moves with the letters read: bit `w` stands for
//! `read + w - distance` letters.

use super::letters::Partial;
use crate::error::LevenshteinError;

/// The largest distance. A window of twice this number of letters fits a small word. Two words
/// that differ by more edits have little in common.
pub(super) const MAX_DISTANCE: u32 = 7;

/// One row for each number of edits.
pub(super) type Rows = [u16; MAX_DISTANCE as usize + 1];

/// A value that is no letter.
const NONE: u32 = u32::MAX;

/// A query, and the number of edits within which a path matches.
#[derive(Clone, Debug)]
pub(super) struct EditQuery {
    distance: usize,
    /// The number of letters.
    len: usize,
    /// The letters. [`NONE`] stands before them `distance + 1` times, and behind them as far as a
    /// window may reach.
    letters: Vec<u32>,
    /// Whether letters are characters. Otherwise they are bytes.
    unicode: bool,
}

impl EditQuery {
    /// Creates a query whose letters are characters.
    pub(super) fn chars(query: &str, distance: u32) -> Result<Self, LevenshteinError> {
        Self::new(query.chars().map(u32::from), distance, true)
    }

    /// Creates a query whose letters are bytes.
    pub(super) fn bytes(query: &[u8], distance: u32) -> Result<Self, LevenshteinError> {
        Self::new(query.iter().map(|&byte| byte.into()), distance, false)
    }

    fn new(query: impl Iterator<Item = u32>, distance: u32, unicode: bool) -> Result<Self, LevenshteinError> {
        if distance > MAX_DISTANCE {
            return Err(LevenshteinError::new(distance, MAX_DISTANCE));
        }
        let distance = distance as usize;
        let mut letters = vec![NONE; distance + 1];
        letters.extend(query);
        let len = letters.len() - distance - 1;
        // The last letter that is read before the state is dead is number `len + distance`.
        letters.extend([NONE; 3 * MAX_DISTANCE as usize + 1]);
        Ok(Self { distance, len, letters, unicode })
    }

    /// Returns the greatest number of edits.
    #[inline]
    pub(super) fn distance(&self) -> usize {
        self.distance
    }

    /// Returns the rows before the first letter.
    pub(super) fn start(&self) -> Rows {
        let mut rows = [0; _];
        for (edits, row) in rows.iter_mut().enumerate().take(self.distance + 1) {
            // Each edit deletes a letter, if one is left.
            let most = edits.min(self.len);
            *row = ((2 << most) - 1) << self.distance;
        }
        rows
    }

    /// Returns true iff the next byte of a path is a letter by itself.
    #[inline]
    pub(super) fn is_letter(&self, partial: Partial, byte: u8) -> bool {
        !self.unicode || (byte < 0x80 && partial.is_none())
    }

    /// Returns the bits of the prefixes that exist after `read` letters, or `None` if all would
    /// be longer than the query.
    #[inline]
    pub(super) fn prefixes(&self, read: usize) -> Option<u16> {
        let last = (self.len + self.distance).checked_sub(read)?;
        Some((2u16 << last.min(2 * self.distance)) - 1)
    }

    /// Returns a bit for each letter of the window that equals `letter`, the last of the `read`
    /// letters. With a `margin` of 1, the letters right before and behind the window are
    /// included.
    #[inline(always)]
    pub(super) fn agreement(&self, read: usize, letter: u32, margin: usize) -> u32 {
        let window = &self.letters[read - margin..=read + 2 * self.distance + margin];
        let mut agree = 0u32;
        for (place, &at) in window.iter().enumerate() {
            agree |= u32::from(at == letter) << place;
        }
        agree
    }

    /// Returns true iff the path that led to these rows, or a path that extends it, may match.
    #[inline]
    pub(super) fn can_match(&self, rows: &Rows) -> bool {
        // A path that is some edits away is also in the rows of more edits.
        rows[self.distance] != 0
    }

    /// Returns true iff the path that led to these rows by `read` letters matches.
    #[inline]
    pub(super) fn is_match(&self, rows: &Rows, read: usize, partial: Partial) -> bool {
        self.end_bit(read, partial).is_some_and(|bit| rows[self.distance] & bit != 0)
    }

    /// Returns the distance of the path that led to these rows by `read` letters, or `None` if it
    /// does not match.
    pub(super) fn edits(&self, rows: &Rows, read: usize, partial: Partial) -> Option<u32> {
        let bit = self.end_bit(read, partial)?;
        rows.iter().position(|row| row & bit != 0).map(|edits| edits as u32)
    }

    /// Returns the bit of the whole query, if it is in the window and the last character is
    /// complete.
    #[inline]
    fn end_bit(&self, read: usize, partial: Partial) -> Option<u16> {
        let place = (self.len + self.distance).checked_sub(read)?;
        (place <= 2 * self.distance && partial.is_none()).then(|| 1 << place)
    }
}
