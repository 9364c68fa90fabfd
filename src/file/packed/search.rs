//! Searches of a packed trie by automata.

use std::fmt;

use super::trie::{Lent, Packed};
use super::zipper::PackedZipper;
use crate::file::stored::Stored;
use crate::search::{Automaton, AutomatonZipper};
use crate::zipper::{Zipper, ZipperAbsolutePath, ZipperIteration};

/// The paths that an automaton matches and their values, in path order; see [`Packed::search`].
///
/// Each path is lent until the next call, so this is not an [`Iterator`].
#[must_use = "matches are lazy and do nothing unless consumed"]
pub struct PackedMatches<'p, A: Automaton, V> {
    zipper: AutomatonZipper<PackedZipper<'p, V>, A>,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Within,
    Done,
}

impl<'p, A: Automaton<State: Clone>, V: Stored> PackedMatches<'p, A, V> {
    /// Returns the next match, or `None` if there are no more.
    #[allow(clippy::should_implement_trait, reason = "the path is lent until the next call")]
    pub fn next(&mut self) -> Option<(&[u8], Lent<'p, V>)> {
        let found = match self.state {
            State::Start => self.zipper.is_val() || self.zipper.to_next_val(),
            State::Within => self.zipper.to_next_val(),
            State::Done => false,
        };
        self.state = if found { State::Within } else { State::Done };
        let value = if found { self.zipper.inner().stored_val() } else { None };
        value.map(|value| (self.zipper.origin_path(), value))
    }
}

impl<V: Stored> Packed<'_, V> {
    /// Searches for the paths that an automaton matches; returns them and their values in path
    /// order.
    ///
    /// The search descends only where a match is still possible.
    ///
    /// # Examples
    /// ```
    /// use bytetrie::PathMap;
    /// use bytetrie::file::Packed;
    /// use bytetrie::search::Levenshtein;
    ///
    /// let mut bytes = Vec::new();
    /// PathMap::from([("tea", 1u8), ("ten", 2), ("tree", 3)]).save(&mut bytes)?;
    /// let packed = Packed::<u8>::new(bytes)?;
    /// let mut found = packed.search(Levenshtein::new("tee", 1).unwrap());
    /// assert_eq!(found.next(), Some((&b"tea"[..], &1)));
    /// assert_eq!(found.next(), Some((&b"ten"[..], &2)));
    /// assert_eq!(found.next(), Some((&b"tree"[..], &3)));
    /// assert_eq!(found.next(), None);
    /// # Ok::<(), bytetrie::file::FileError>(())
    /// ```
    pub fn search<A: Automaton<State: Clone>>(&self, automaton: A) -> PackedMatches<'_, A, V> {
        PackedMatches { zipper: AutomatonZipper::new(self.read_zipper(), automaton), state: State::Start }
    }
}

impl<A: Automaton, V: Stored> fmt::Debug for PackedMatches<'_, A, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PackedMatches").field("zipper", &self.zipper).finish_non_exhaustive()
    }
}
