//! The automata that are a comparison: one path, letters in order, a range, everything.

use std::ops::{Bound, RangeBounds};

use super::automaton::Automaton;

/// Matches every path.
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "an automaton does nothing until it is searched with"]
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

/// Matches one path. With [`starts_with`](Automaton::starts_with), what begins with it.
#[derive(Clone, Copy, Debug)]
#[must_use = "an automaton does nothing until it is searched with"]
pub struct Str<K>(K);

impl<K: AsRef<[u8]>> Str<K> {
    /// Matches `path`.
    pub fn new(path: K) -> Self {
        Self(path)
    }
}

impl<K: AsRef<[u8]>> Automaton for Str<K> {
    /// How many bytes have agreed; none if one has not.
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

/// Matches the paths that contain some bytes in order, whatever stands between them.
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
#[must_use = "an automaton does nothing until it is searched with"]
pub struct Subsequence<K>(K);

impl<K: AsRef<[u8]>> Subsequence<K> {
    /// Matches what contains the bytes of `letters` in this order.
    pub fn new(letters: K) -> Self {
        Self(letters)
    }
}

impl<K: AsRef<[u8]>> Automaton for Subsequence<K> {
    /// How many of the bytes have come.
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

/// Matches the paths within bounds, in path order.
///
/// By itself [`PathMap::range`](crate::PathMap::range) does the same and comes from both ends;
/// this is to be combined with other automata, or to narrow a zipper.
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
#[must_use = "an automaton does nothing until it is searched with"]
pub struct Within {
    low: Bound<Vec<u8>>,
    high: Bound<Vec<u8>>,
}

impl Within {
    /// Matches what lies in `range`. Bounds that exclude everything match nothing.
    pub fn new<K: AsRef<[u8]> + ?Sized, R: RangeBounds<K>>(range: R) -> Self {
        let own = |bound: Bound<&K>| bound.map(|path| path.as_ref().to_vec());
        Self { low: own(range.start_bound()), high: own(range.end_bound()) }
    }
}

/// Where a [`Within`] is: how much of each bound the path agrees with; none of a bound that it has
/// left to the inside.
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
        // As long as the path is a prefix of the low bound it is before it, and of the high one
        // too.
        let from_low = |agreed| matches!(&self.low, Bound::Included(low) if low.len() == agreed);
        let to_high = |agreed| agreed < bytes(&self.high).len() || matches!(self.high, Bound::Included(_));
        !state.outside && state.low.is_none_or(from_low) && state.high.is_none_or(to_high)
    }

    fn can_match(&self, state: &WithinState) -> bool {
        // Nothing that extends the high bound is within.
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
