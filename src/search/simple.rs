//! The automata that are a comparison: one path, letters in order, a range, all paths.

use std::ops::{Bound, RangeBounds};

use super::automaton::Automaton;

/// An automaton that matches every path.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "automata do nothing unless used in a search"]
pub struct AlwaysMatch;

impl Automaton for AlwaysMatch {
    type State = ();

    fn start(&self) {}

    fn is_match(&self, (): &()) -> bool {
        true
    }

    fn will_always_match(&self, (): &()) -> bool {
        true
    }

    fn accept(&self, (): &(), _byte: u8) {}
}

/// An automaton that matches one path. With [`starts_with`](Automaton::starts_with), it matches
/// the paths that begin with this path.
#[derive(Clone, Copy, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct Str<K>(K);

impl<K: AsRef<[u8]>> Str<K> {
    /// Creates an automaton that matches `path`.
    pub fn new(path: K) -> Self {
        Self(path)
    }
}

impl<K: AsRef<[u8]>> Automaton for Str<K> {
    /// The number of bytes that agree; `None` after a byte that differs.
    type State = Option<usize>;

    fn start(&self) -> Option<usize> {
        Some(0)
    }

    #[inline]
    fn is_match(&self, agreed: &Option<usize>) -> bool {
        *agreed == Some(self.0.as_ref().len())
    }

    #[inline]
    fn can_match(&self, agreed: &Option<usize>) -> bool {
        agreed.is_some()
    }

    #[inline]
    fn accept(&self, agreed: &Option<usize>, byte: u8) -> Option<usize> {
        let agreed = (*agreed)?;
        (self.0.as_ref().get(agreed) == Some(&byte)).then_some(agreed + 1)
    }
}

/// An automaton that matches the paths that contain some bytes in order, with any bytes between
/// them.
///
/// # Examples
/// ```
/// use bytetrie::search::{Automaton, Subsequence};
///
/// assert!(Subsequence::new("tri").matches("bytetrie"));
/// assert!(Subsequence::new("bti").matches("bytetrie"));
/// assert!(!Subsequence::new("tib").matches("bytetrie"));
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct Subsequence<K>(K);

impl<K: AsRef<[u8]>> Subsequence<K> {
    /// Creates an automaton that matches the paths that contain the bytes of `letters` in this
    /// order.
    pub fn new(letters: K) -> Self {
        Self(letters)
    }
}

impl<K: AsRef<[u8]>> Automaton for Subsequence<K> {
    /// The number of letters found so far.
    type State = usize;

    fn start(&self) -> usize {
        0
    }

    #[inline]
    fn is_match(&self, come: &usize) -> bool {
        *come == self.0.as_ref().len()
    }

    #[inline]
    fn will_always_match(&self, come: &usize) -> bool {
        self.is_match(come)
    }

    #[inline]
    fn accept(&self, come: &usize, byte: u8) -> usize {
        come + (self.0.as_ref().get(*come) == Some(&byte)) as usize
    }
}

/// An automaton that matches the paths in a range.
///
/// [`PathMap::range`](crate::PathMap::range) finds the same paths, and iterates from both ends.
/// Use this automaton to combine a range with other automata, or to restrict a zipper.
///
/// # Examples
/// ```
/// use bytetrie::PathMap;
/// use bytetrie::search::{Automaton, Subsequence, Within};
///
/// let map = PathMap::from([("banana", 1), ("cabana", 2), ("canal", 3), ("dance", 4)]);
/// let mut found = map.search(Within::new("c".."d").intersection(Subsequence::new("nl")));
/// assert_eq!(found.next(), Some((&b"canal"[..], &3)));
/// assert_eq!(found.next(), None);
/// ```
#[derive(Clone, Debug)]
#[must_use = "automata do nothing unless used in a search"]
pub struct Within {
    low: Bound<Vec<u8>>,
    high: Bound<Vec<u8>>,
}

impl Within {
    /// Creates an automaton that matches the paths in `range`. A range that excludes everything
    /// matches nothing.
    pub fn new<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(range: R) -> Self {
        let own = |bound: Bound<&K>| bound.map(|path| path.as_ref().to_vec());
        Self { low: own(range.start_bound()), high: own(range.end_bound()) }
    }
}

/// The state of a [`Within`]: the number of bytes in which the path agrees with each bound, or
/// `None` for a bound that no longer restricts the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WithinState {
    low: Option<usize>,
    high: Option<usize>,
    outside: bool,
}

fn bytes(bound: &Bound<Vec<u8>>) -> &[u8] {
    match bound {
        Bound::Included(path) | Bound::Excluded(path) => path,
        Bound::Unbounded => &[],
    }
}

impl Automaton for Within {
    type State = WithinState;

    fn start(&self) -> WithinState {
        let begin = |bound: &Bound<Vec<u8>>| (*bound != Bound::Unbounded).then_some(0);
        WithinState { low: begin(&self.low), high: begin(&self.high), outside: false }
    }

    fn is_match(&self, state: &WithinState) -> bool {
        // While the path is a proper prefix of the low bound, it is before that bound. While it
        // is a proper prefix of the high bound, it is before that bound, too.
        let from_low = |agreed| matches!(&self.low, Bound::Included(low) if low.len() == agreed);
        let to_high = |agreed| agreed < bytes(&self.high).len() || matches!(self.high, Bound::Included(_));
        !state.outside && state.low.is_none_or(from_low) && state.high.is_none_or(to_high)
    }

    fn can_match(&self, state: &WithinState) -> bool {
        // No path that extends the high bound is within the range.
        let at_high = state.high == Some(bytes(&self.high).len());
        !state.outside && (!at_high || self.is_match(state))
    }

    fn will_always_match(&self, state: &WithinState) -> bool {
        !state.outside && state.low.is_none() && state.high.is_none()
    }

    fn accept(&self, state: &WithinState, byte: u8) -> WithinState {
        let mut after = *state;
        if let Some(agreed) = state.low {
            match bytes(&self.low).get(agreed) {
                Some(&at) if byte < at => after.outside = true,
                Some(&at) if byte == at => after.low = Some(agreed + 1),
                _ => after.low = None,
            }
        }
        if let Some(agreed) = state.high {
            match bytes(&self.high).get(agreed) {
                Some(&at) if byte < at => after.high = None,
                Some(&at) if byte == at => after.high = Some(agreed + 1),
                _ => after.outside = true,
            }
        }
        after
    }
}
